"""The case file and the notes as others change them: noticed, read again, opened in an editor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from casefile import places
from casefile.case.difference.entry_changes import EntryChanges, entry_changes
from casefile.case.file_stamp import Stamp, stamp_of
from casefile.tui.job import collector_paused, run_in_background, run_in_thread
from casefile.tui.own_editor import run_editor
from casefile.tui.stage import Stage
from casefile.views.open_case import OpenCase
from casefile.views.panes import ProblemRow
from casefile.views.session import Session
from casefile.views.visit_changes import counts_in_words

if TYPE_CHECKING:
    from casefile.case.load_result import LoadResult
    from casefile.tui.writing_desk import WritingDesk

WATCH_SECONDS = 1.0
"""How often others' changes are looked for; that takes some microseconds."""

_THOROUGH_EVERY = 10
"""One look in so many lists the folder of notes, whatever its time says."""

_READ = "reading the case file again"


class Watcher:
    """Looks after the files of one session, for the screen that shows it now."""

    def __init__(self, session: Session, stage: Stage) -> None:
        self._session = session
        self.stage = stage
        """The screen that is told of changes."""
        self.jobs = stage.jobs
        """What is under way here; it goes on when another screen is shown."""
        self._looks = 0
        self._is_looking = False
        self._is_gone = False
        self._stamp: Stamp | None = None
        self._said: Stamp | None = None
        self._seen: Stamp | None = None
        self.watch_file()

    @property
    def _path(self) -> Path:
        return self._session.open_case.case_file.path

    def start(self, screen: Screen[Any]) -> None:
        """Look for changes from now on, as long as a screen is there."""
        screen.set_interval(WATCH_SECONDS, self.look)

    def watch_file(self) -> None:
        """Regard the file as it is now as the one that was read."""
        self._stamp = self._said = self._seen = stamp_of(self._path)

    async def look(self) -> None:
        """Look for changes, in a thread: a slow network holds nothing up."""
        # While all notes are read for the first time, a look would read them once more.
        if self._is_looking or not self._session.open_case.notebook.is_complete:
            return
        self._is_looking = True
        try:
            for take_in in await run_in_thread(self._changes):
                await take_in()
        finally:
            self._is_looking = False

    def _changes(self) -> list[Callable[[], Awaitable[None]]]:
        changes: list[Callable[[], Awaitable[None]]] = []
        if self.file_has_changed():
            changes.append(self._say_of_file)
        self._looks += 1
        if self._is_thorough or self._session.open_case.notebook.may_have_changed():
            changes.append(self.take_in_notes)
        return changes

    # The case file

    def file_has_changed(self) -> bool:
        """Return whether the file is another one than was read, and this was not said yet."""
        was_there = self._seen is not None
        self._seen = stamp_of(self._path)
        # An editor may take a file away for a moment, to put another in its place.
        self._is_gone = self._seen is None and not was_there
        return self._is_news

    @property
    def _is_news(self) -> bool:
        if _READ in self.jobs:
            # What changes meanwhile is said afterwards, where nothing takes its place.
            return False
        if self._seen is None:
            return self._is_gone and self._said is not None
        return self._seen not in (self._stamp, self._said)

    async def _say_of_file(self) -> None:
        # It may have been read again since it was looked at.
        if not self._is_news:
            return
        self._said = self._seen
        if self._is_gone:
            self.stage.say("The case file is no longer there; the case stays as it was read.")
        else:
            self.stage.say("The case file has changed · R reads it again")

    def read_again(self) -> None:
        """Read the file again; if it can't be read, the case stays as it is."""
        if _READ not in self.jobs:
            stopped = "Not read again. The case stays as it was."
            self.jobs.start(_READ, self._read_again, when_stopped=stopped)

    async def _read_again(self) -> None:
        from casefile.case.reader import read_in_steps

        def report(done: float) -> None:
            self.stage.say(f"Reading again: {done:.0%} · Esc stops")

        stamp = self._said = stamp_of(self._path)
        with collector_paused():
            reading = await run_in_background(read_in_steps(self._path), self.stage.app, report)
            await self._take_reading(reading, stamp)

    async def _take_reading(self, reading: LoadResult, stamp: Stamp | None) -> None:
        before = self._session.open_case
        if reading.case_file is None:
            first = reading.problems[0]
            line = f", line {first.position.line}" if first.position else ""
            words = f"Not read again{line}: {first.what}. The case stays as it was."
            self.stage.say(words, warning=True)
        elif reading.case_file.case.id != before.case_file.case.id:
            other = reading.case_file.case.id
            words = f"Not read again: the file holds another case now, {other}."
            self.stage.say(words, warning=True)
        else:
            after, changes = await run_in_thread(lambda: _changed(before, reading))
            self._stamp = stamp
            self.stage.take_again(after)
            self.stage.say(f"Read again: {counts_in_words(changes)}.")

    def edit_file(self, writing: WritingDesk) -> None:
        """Open the file in the reader's editor at this entry, and read it again afterwards."""
        if self._path.is_relative_to(places.shipped("data")):
            words = f"This case belongs to the program; copy {self._path} and open the copy."
            self.stage.say(words)
            return
        if not writing.save_draft():
            return
        exit_code = run_editor(self.stage, self._path, self._line_of(self.stage.entry_id or ""))
        if exit_code is not None and stamp_of(self._path) != self._stamp:
            self.read_again()

    def _line_of(self, entry_id: str) -> int:
        """Return the line of an entry in the file as it is now, else that of its first problem."""
        from casefile.case.reader import read_case

        row = self._session.row
        problem = row.problem if isinstance(row, ProblemRow) else None
        reading = read_case(self._path)
        if problem is None and reading.case_file is None:
            problem = reading.problems[0]
        place = problem.position if problem else reading.position(entry_id)
        return place.line if place else 1

    # The notes: another terminal, or another person's copy, may add to them

    @property
    def _is_thorough(self) -> bool:
        # A network file system may be late to tell that a folder has changed.
        return self._looks % _THOROUGH_EVERY == 0

    def read_all_notes(self, then: Callable[[], Awaitable[None]]) -> None:
        """Read all notes of a case that was opened, and go on; keys work meanwhile."""

        async def read() -> None:
            await self.take_in_notes()
            await then()

        self.jobs.start("reading all notes", read)

    async def take_in_notes(self) -> None:
        """Read the notes that are new in the folder."""
        notebook = self._session.open_case.notebook
        was_complete = notebook.is_complete
        steps = notebook.refresh_in_steps(thorough=self._is_thorough)
        has_changed = await run_in_background(steps, self.stage.app)
        is_same_case = notebook is self._session.open_case.notebook
        if is_same_case and (has_changed or not was_complete):
            self._session.lay_out()
            self.stage.notes_taken_in()


def _changed(before: OpenCase, reading: LoadResult) -> tuple[OpenCase, EntryChanges]:
    """Return a case as it was read again, and what has changed in it."""
    after = before.with_reading(reading).prepare()
    return after, entry_changes(before.case_file.rows, after.case_file.rows)
