"""The case file behind the screen: noticed when it changes, read again, opened in an editor."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import ClassVar, TypeAlias

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.worker import Worker

from casefile import places
from casefile.case.file_stamp import Stamp, stamp_of
from casefile.case.reader import LoadResult, read_case, read_in_steps
from casefile.tui.filtering_screen import FilteringScreen
from casefile.tui.terminal.crash_safe_app import CrashSafeApp
from casefile.views.open_case import OpenCase
from casefile.views.panes import ProblemRow

WATCH_SECONDS = 1.0
"""How often the file is looked at; a look at one costs some microseconds."""

Watched: TypeAlias = tuple[Callable[[], bool], Callable[[], Awaitable[None]]]
"""Something that others may change: what sees, in a thread, that it has, and what takes it in."""


class FileScreen(FilteringScreen):
    """Reading, finding and filtering, in a file that others may change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "read_again", "reload", id="file.reload", show=False,
                tooltip="Read the case file again, staying where you are"),
        Binding("ctrl+e", "edit_file", "edit the file", id="file.edit", show=False,
                tooltip="Open the case file in your editor, at this entry"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self._stamp = stamp_of(self.path)
        self._told = self._stamp
        self._seen = self._stamp
        self._is_looking = False
        self._is_gone = False
        self._reading: Worker[None] | None = None

    @property
    def path(self) -> Path:
        """The case file."""
        return self.open_case.case_file.path

    def on_mount(self) -> None:
        """Begin to watch the file; Textual calls the handlers of all classes itself."""
        self.set_interval(WATCH_SECONDS, self._look)

    def take_case(self, open_case: OpenCase) -> None:
        """Watch the file of another case from now on."""
        super().take_case(open_case)
        self._stamp = self._told = stamp_of(self.path)

    async def _look(self) -> None:
        """Look at what others may change; a look that hangs on a network holds nothing up."""
        if self._is_looking:
            return
        self._is_looking = True
        try:
            for take_in in await asyncio.to_thread(_stirring, self.watched()):
                await take_in()
        finally:
            self._is_looking = False

    def watched(self) -> Sequence[Watched]:
        """Give what others may change."""
        return [(self._file_stirs, self._tell_of_file)]

    def _file_stirs(self) -> bool:
        was_there = self._seen is not None
        self._seen = stamp_of(self.path)
        # An editor may take a file away for a moment, to put another in its place.
        self._is_gone = self._seen is None and not was_there
        return self._is_news

    @property
    def _is_news(self) -> bool:
        if self._seen is None:
            return self._is_gone and self._told is not None
        return self._seen not in (self._stamp, self._told)

    async def _tell_of_file(self) -> None:
        # It may have been read again since it was looked at.
        if not self._is_news:
            return
        self._told = self._seen
        if self._is_gone:
            self.say("The case file is no longer there; the case stays as it was read.")
        else:
            self.say("The case file has changed: R reads it again.")

    def action_read_again(self) -> None:
        """Read the file again; what can't be read leaves the case as it is."""
        if self._reading is None:
            self._reading = self.run_worker(self._read_again)

    async def _read_again(self) -> None:
        from casefile.tui.job import run_in_background

        stamp = self._told = stamp_of(self.path)
        steps = read_in_steps(self.path)
        reading = await run_in_background(steps, self.app, self._tell_read)
        self._reading = None
        self._take_reading(reading, stamp)

    def _tell_read(self, done: float) -> None:
        self.say(f"Reading again: {done:.0%}; Esc stops.")

    def action_step_back(self) -> None:
        """Read no further; else step back."""
        if self._reading is None:
            super().action_step_back()
            return
        self._reading.cancel()
        self._reading = None
        self.say("Not read again. The case stays as it was.")

    @property
    def is_settled(self) -> bool:
        """Whether the file is not being read again either."""
        return super().is_settled and self._reading is None

    def _take_reading(self, reading: LoadResult, stamp: Stamp | None) -> None:
        before = self.open_case.case_file
        if reading.case_file is None:
            first = reading.problems[0]
            line = f", line {first.position.line}" if first.position else ""
            self.say(f"Not read again{line}: {first.what}. The case stays as it was.", warning=True)
        elif reading.case_file.case.id != before.case.id:
            other = reading.case_file.case.id
            self.say(f"Not read again: the file holds another case now, {other}.", warning=True)
        else:
            self._stamp = stamp
            changed = _changed_in_words(before.rows, reading)
            self.case_read_again(reading)
            self.say(f"Read again: {changed}.")

    def case_read_again(self, reading: LoadResult) -> None:
        """Show the case as it is in the file now, at the entry where the reader is."""
        assert reading.case_file is not None  # noqa: S101 -- the caller has looked
        self.open_case = self.open_case.read_again(reading.case_file, reading.problems)
        self.finder_for(self.open_case)
        self.lay_out_anew()

    def before_leaving_screen(self) -> bool:
        """Put away what must not be lost while another program has the terminal; say if it is."""
        return True

    def action_edit_file(self) -> None:
        """Open the file in the reader's editor at this entry's line, and read it again after."""
        if self.path.is_relative_to(places.shipped("data")):
            self.say(f"This case belongs to the program; copy {self.path} and open the copy.")
            return
        if not self.before_leaving_screen():
            return
        if self.run_editor(self.path, self._line_of_entry()) is None:
            return
        if stamp_of(self.path) != self._stamp:
            self.action_read_again()

    def run_editor(self, path: Path, line: int = 1) -> int | None:
        """Leave the terminal to the reader's editor; give how it ended, None if it never began."""
        from casefile.tui.editor_command import NoEditor, editor_command

        try:
            command = editor_command(path, line)
            if not isinstance(self.app, CrashSafeApp):
                raise SuspendNotSupported
            return self.app.run_program(command)
        except (NoEditor, OSError, SuspendNotSupported) as error:
            reason = str(error) or "this terminal can't be left to another program"
            self.say(f"Not opened: {reason}", warning=True)
            return None

    def _line_of_entry(self) -> int:
        """Give where the entry stands in the file as it is now, else its first problem."""
        row = self.entry_list.row
        problem = row.problem if isinstance(row, ProblemRow) else None
        reading = read_case(self.path)
        if problem is None and reading.case_file is None:
            problem = reading.problems[0]
        place = problem.position if problem else reading.position(self.entry_id or "")
        return place.line if place else 1


def _stirring(watched: Sequence[Watched]) -> list[Callable[[], Awaitable[None]]]:
    return [take_in for may_have_changed, take_in in watched if may_have_changed()]


def _changed_in_words(before: dict[str, dict[str, object]], reading: LoadResult) -> str:
    """Give how many entries are new, changed and gone."""
    assert reading.case_file is not None  # noqa: S101 -- the caller has looked
    after = reading.case_file.rows
    counts = {
        "new": len(after.keys() - before.keys()),
        "changed": sum(before[key] != after[key] for key in after.keys() & before.keys()),
        "gone": len(before.keys() - after.keys()),
    }
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return said or "no entry has changed"
