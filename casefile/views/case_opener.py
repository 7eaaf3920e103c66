"""Opening cases, listing the library, and remembering what was opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from casefile.case.load_result import LoadResult
from casefile.case.problem import Problem
from casefile.case.reader import read_case
from casefile.config import Config
from casefile.library import list_cases, open_library
from casefile.notes.notebook import Notebook
from casefile.places import Places
from casefile.views.library_listing import ListedCase, list_case
from casefile.views.open_case import OpenCase


class NoCase(Exception):
    """A file can't be opened as a case; `problems` say why."""

    def __init__(self, reading: LoadResult) -> None:
        super().__init__(*map(str, reading.problems))
        self.reading = reading

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems in the file."""
        return self.reading.problems


class CaseOpener:
    """Opens and lists the cases of one reader, and remembers which were opened."""

    def __init__(self, places: Places, config: Config) -> None:
        self._places = places
        self._config = config

    def open(self, path: Path) -> OpenCase:
        """Open the case in a file, with all its notes; raises NoCase."""
        open_case = self.open_reading(read_case(path))
        open_case.notebook.refresh()
        return open_case

    def open_reading(self, reading: LoadResult) -> OpenCase:
        """Open a case that was read; raises NoCase.

        If there are many notes, some are not read yet: call `notebook.refresh_in_steps()`.
        """
        case_file = reading.case_file
        if case_file is None:
            raise NoCase(reading)
        notebook = Notebook(self._places, case_file.case.id, self._config.author)
        next(notebook.refresh_in_steps(), None)
        is_remembered = self._config.recent
        return OpenCase(
            case_file, notebook, self._places, reading.problems, is_remembered=is_remembered
        )

    def listing(self) -> Iterator[ListedCase]:
        """Yield every known case, each as soon as it is read."""
        for known in list_cases(open_library(self._places, self._config)):
            yield list_case(self._places, known, self._config.author)

    def remember_opening(self, open_case: OpenCase) -> None:
        """Remember that a case was opened."""
        if self._config.recent:
            from casefile.signals import start_thread
            from casefile.state.recent import remember_case

            # In a thread, so that a slow disk delays neither start nor exit.
            start_thread(partial(remember_case, self._places, open_case.case_file))

    def remember_visit(self, open_case: OpenCase) -> None:
        """Remember the content of a case, to show later what has changed since."""
        if self._config.recent:
            from casefile.state.visits import remember_visit

            remember_visit(self._places, open_case.case_file)
