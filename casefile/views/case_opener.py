"""Where cases are opened: a reader's directories, settings and library, and what is remembered."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

from casefile.background import run_to_end
from casefile.case.problem import Problem
from casefile.case.reader import LoadResult, read_in_steps
from casefile.config import Config
from casefile.library import cases, open_library
from casefile.notes.notebook import Notebook
from casefile.places import Places
from casefile.views.library_listing import Listed, listed
from casefile.views.open_case import OpenCase


class NoCase(Exception):
    """A file holds no case that can be opened; the problems of the reading say why."""

    def __init__(self, reading: LoadResult) -> None:
        super().__init__(*map(str, reading.problems))
        self.reading = reading

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the file."""
        return self.reading.problems


class CaseOpener:
    """Opens the cases of one reader, lists them, and remembers which were read, and how."""

    def __init__(self, places: Places, config: Config) -> None:
        """Take where things are kept and what is settled; nothing is read yet."""
        self._places = places
        self._config = config

    def open(self, path: Path) -> OpenCase:
        """Give the case that a file holds, with all its notes; raises NoCase."""
        open_case = run_to_end(self.open_in_steps(path))
        open_case.notebook.refresh()
        return open_case

    def open_in_steps(self, path: Path) -> Generator[float, None, OpenCase]:
        """Open a case in steps of some milliseconds; give how much is done, up to 1.

        Of many notes, those that would take more than a step are still to be read.
        """
        reading = yield from read_in_steps(path)
        return self._laid_open(reading)

    def _laid_open(self, reading: LoadResult) -> OpenCase:
        case_file = reading.case_file
        if case_file is None:
            raise NoCase(reading)
        notebook = Notebook(self._places, case_file.case.id, self._config.author)
        next(notebook.refresh_in_steps(), None)
        changes = None
        if self._config.recent:
            from casefile.state.visits import since_last_visit

            changes = since_last_visit(self._places, case_file)
        return OpenCase(case_file, notebook, self._places, reading.problems, changes)

    def listing(self) -> Iterator[Listed]:
        """Give every case that is known, each as soon as it is read."""
        for known in cases(open_library(self._places, self._config)):
            yield listed(self._places, known)

    def remember_opening(self, open_case: OpenCase) -> None:
        """Remember that a case is being read."""
        if self._config.recent:
            from threading import Thread

            from casefile.state.recent import remember_case

            # Beside the start, which should not wait for a disk; nor should the end.
            arguments = (self._places, open_case.case_file)
            Thread(target=remember_case, args=arguments, daemon=True).start()

    def remember_visit(self, open_case: OpenCase) -> None:
        """Remember how a case is as it is left."""
        if self._config.recent:
            from casefile.state.visits import remember_visit

            remember_visit(self._places, open_case.case_file)
