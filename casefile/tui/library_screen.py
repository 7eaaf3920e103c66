"""The library: every case that is known, narrowed by what is typed, opened with Enter."""

from __future__ import annotations

import math
import time
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker, get_current_worker

from casefile.case.reader import LoadResult
from casefile.library import duplicates
from casefile.places import without_home
from casefile.query import parse
from casefile.text.folding import folded
from casefile.text.plurals import counted
from casefile.tui.drawing import fitted
from casefile.tui.job import run_in_background
from casefile.tui.key_line import KeyLine
from casefile.tui.line_view import LineView
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.tui.typed_line import TypedLine
from casefile.views import timestamps
from casefile.views.case_opener import CaseOpener, NoCase
from casefile.views.library_listing import Listed
from casefile.views.open_case import OpenCase

_CURSOR = "▌"
_SHOWN_EVERY_SECONDS = 0.1
"""How often what was found is shown while more is looked for."""


class _Shelved(msgspec.Struct, frozen=True):
    """A case of the library, with what is looked through to find it, folded once."""

    listed: Listed
    searched: str


def _rank(one: _Shelved) -> tuple[bool, float]:
    """Give where a case stands: the one opened last first, those that are shipped last."""
    known = one.listed.known
    opened = known.opened
    return known.origin == "shipped", -opened.timestamp() if opened else math.inf


class LibraryList(LineView, can_focus=False):
    """The cases that what was typed leaves."""

    class CaseSelected(Message):
        """The cursor stands on another case."""

    class CaseOpened(Message):
        """A case was opened with the mouse."""

    def __init__(self) -> None:
        super().__init__(id="library-list")
        self.shown: tuple[Listed, ...] = ()
        self._twice: frozenset[Path] = frozenset()

    @property
    def line_count(self) -> int:
        """The number of cases left."""
        return len(self.shown)

    @property
    def empty_words(self) -> str:
        """What is said where there are none."""
        return "No case by that name."

    @property
    def selected(self) -> Listed | None:
        """The case under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    def show(self, several: Sequence[Listed], twice: frozenset[Path]) -> None:
        """Show other cases, with the cursor on the same one if it is still there."""
        before = self.selected.known.path if self.selected and self.cursor else None
        self.shown, self._twice = tuple(several), twice
        paths = [one.known.path for one in self.shown]
        self.lines_changed(paths.index(before) if before in paths else 0, self.top)

    def cursor_moved(self) -> None:
        """Tell that another case is selected."""
        self.post_message(self.CaseSelected())

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a case: its title, what it holds, when it was opened; or what is wrong with it."""
        one = self.shown[number]
        here = number == self.cursor
        style = self.style_of("cursor") if here else Style.null()
        lead = Segment(_CURSOR if here else " ", style)
        problem = one.known.problem
        if problem is not None:
            words = f"{one.known.path.name}: {problem.what}"
            return [lead, Segment(fitted(words, width - 1), style + self.style_of("warning"))]
        quiet = style if here else self.style_of("faint")
        room = width - 1 - sum(cells for _, cells in columns_in(width))
        title = one.known.title or "(without a title)"
        mark = "! " if one.known.path in self._twice else "  "
        columns = columns_in(width)
        cells = "".join(_in_column(_cell(one, name), name, wide) for name, wide in columns)
        return [
            lead,
            Segment(fitted(title, room - 2), style),
            Segment(mark, style + self.style_of("warning")),
            Segment(cells, quiet),
        ]

    def on_click(self, event: events.Click) -> None:
        """Select the case under the mouse; a click on the selected one opens it."""
        number = self.line_at(event)
        if number is not None:
            already = number == self.cursor
            self.move_cursor(number)
            if already:
                self.post_message(self.CaseOpened())


class LibraryWords(TypedLine):
    """What is typed to find a case; the keys that go up and down move in the list below."""

    # Here, not on the screen: an input has keys of its own for scrolling, which do nothing.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "screen.move(1)", "next", id="library.next", show=False,
                tooltip="Go to the next case"),
        Binding("up,ctrl+p", "screen.move(-1)", "previous", id="library.previous", show=False,
                tooltip="Go to the case before"),
        Binding("pagedown", "screen.page(1)", "page down", id="library.page-down", show=False,
                tooltip="Go down a page"),
        Binding("pageup", "screen.page(-1)", "page up", id="library.page-up", show=False,
                tooltip="Go up a page"),
    ]  # fmt: skip


def columns_in(width: int) -> list[tuple[str, int]]:
    """Give the columns after the title that a width has room for, with their cells."""
    wide = [("Id", 24)] if width >= 100 else []
    opened = [("Opened", 12)] if width >= 64 else []
    return [*wide, ("Entries", 9), ("Notes", 7), ("Checks", 8), *opened]


def _in_column(words: str, heading: str, cells: int) -> str:
    """Give words in their cells; numbers stand at the right, so that they can be compared."""
    is_number = heading in ("Entries", "Notes", "Checks")
    return fitted(words.rjust(cells - 2), cells) if is_number else fitted(words, cells)


def _cell(one: Listed, heading: str) -> str:
    known = one.known
    match heading:
        case "Id":
            return known.id or ""
        case "Entries":
            return "?" if known.entries is None else f"{known.entries:,}"
        case "Notes":
            return str(one.notes or "")
        case "Checks":
            return str(one.checks or "")
    return timestamps.day(known.opened) if known.opened else ""


class LibraryScreen(Screen[None]):
    """Every case that is known, to open one."""

    AUTO_FOCUS = "#library-words"
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the line that is typed in takes it, which would not show it among the keys.
        Binding("enter", "open", "open", id="library.open", priority=True,
                tooltip="Open this case"),
        Binding("escape", "step_back", "back", id="library.back",
                tooltip="Clear what was typed, else go back to the case"),
        Binding("f1", "help", "help", id="app.help", tooltip="Show the keys that work here"),
    ]  # fmt: skip

    @dataclass
    class CaseOpened(Message):
        """A case was read, and is to be shown."""

        open_case: OpenCase

    @dataclass
    class CaseRefused(Message):
        """The case that was to be opened from the start can't be."""

        reading: LoadResult

    def __init__(
        self, room: CaseOpener, *, is_first: bool = False, to_open: Path | None = None
    ) -> None:
        super().__init__()
        self._room = room
        self._is_first = is_first
        self._to_open = to_open
        self._shelf: list[_Shelved] = []
        self._twice: dict[str, tuple[Path, ...]] = {}
        """The ids that several files have, with these files."""
        self._is_complete = False
        self._opening: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Lay the line that narrows above the cases, and where the selected one is below."""
        yield TwoEndedLine(id="title")
        yield LibraryWords(
            placeholder="Type a part of a title, an id or a path", compact=True, id="library-words"
        )
        yield TwoEndedLine(id="library-headings")
        yield LibraryList()
        yield TwoEndedLine(id="where")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Open the case that is to be opened, or begin to look for cases."""
        self._show_counts()
        if self._to_open is not None:
            self._opening = self.run_worker(self._open(self._to_open))
        else:
            self.run_worker(self._find_cases, thread=True)

    def on_resize(self) -> None:
        """Name the columns that there is room for."""
        width = self.size.width
        columns = columns_in(width)
        room = width - 1 - sum(cells for _, cells in columns)
        words = "".join(_in_column(heading, heading, cells) for heading, cells in columns)
        headings = f"{fitted('Case', room)}{words}".rstrip()
        self.query_one("#library-headings", TwoEndedLine).show(headings)

    @property
    def cases(self) -> LibraryList:
        """The list of cases."""
        return self.query_one(LibraryList)

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in place of the keys, until the next key."""
        self.query_one(KeyLine).say(message, warning=warning)

    def _find_cases(self) -> None:
        """Look for cases, beside the screen: there may be hundreds, on a slow disk."""
        worker = get_current_worker()
        batch: list[_Shelved] = []
        shown_at = -math.inf
        for one in self._room.listing():
            if worker.is_cancelled:
                return
            batch.append(_Shelved(one, _searched(one)))
            # To show one more takes a walk over all that are there.
            if time.monotonic() - shown_at > _SHOWN_EVERY_SECONDS:
                self.app.call_from_thread(self._found, tuple(batch))
                batch.clear()
                shown_at = time.monotonic()
        self.app.call_from_thread(self._found, tuple(batch), is_all=True)

    def _found(self, batch: Sequence[_Shelved], *, is_all: bool = False) -> None:
        for one in batch:
            insort(self._shelf, one, key=_rank)
        self._twice = duplicates(one.listed.known for one in self._shelf)
        self._is_complete = is_all
        self._narrow()

    @on(Input.Changed)
    def _narrow(self) -> None:
        query = parse(self.query_one(Input).value)
        twice = frozenset(path for paths in self._twice.values() for path in paths)
        found = [one.listed for one in self._shelf if query.matches(one.searched)]
        self.cases.show(found, twice)
        self._show_counts()
        self._show_where()
        self.refresh_bindings()

    def _show_counts(self) -> None:
        count, left = len(self._shelf), len(self.cases.shown)
        of = f"{left} of " if left != count else ""
        words = f"{of}{counted(count, 'case')}"
        more = "" if self._is_complete else ", looking for more"
        self.query_one("#title", TwoEndedLine).show("Library", words + more)

    @on(LibraryList.CaseSelected)
    def _show_where(self) -> None:
        one = self.cases.selected
        words = without_home(one.known.path) if one else ""
        others = len(self._twice.get((one and one.known.id) or "", ())) - 1
        also = f"! {others} other {'file has' if others == 1 else 'files have'} this id"
        self.query_one("#where", TwoEndedLine).show(words, also if others > 0 else "")

    @on(LibraryList.CaseOpened)
    def action_open(self) -> None:
        """Open the selected case; what can't be opened is told, and the library stays."""
        one = self.cases.selected
        if one is None:
            self.say("There is no case to open.")
        elif one.known.problem is not None:
            self.say(str(one.known.problem), warning=True)
        elif self._opening is None:
            self._opening = self.run_worker(self._open(one.known.path))

    async def _open(self, path: Path) -> None:
        """Read a case step by step, so that the screen stays alive and Esc is heard."""

        def tell(done: float) -> None:
            self.say(f"Reading {path.name}: {done:.0%}; Esc stops.")

        tell(0)
        try:
            steps = self._room.open_in_steps(path)
            opened = await run_in_background(steps, self.app, tell)
            self.post_message(self.CaseOpened(opened))
        except NoCase as refused:
            if path == self._to_open:
                self.post_message(self.CaseRefused(refused.reading))
            self.say(str(refused.problems[0]), warning=True)
        finally:
            self._opening = None

    def action_step_back(self) -> None:
        """Stop opening; else clear what was typed; else go back to the case."""
        words = self.query_one(Input)
        if self._opening is not None:
            self._opening.cancel()
            self.say("Not opened.")
            if self._to_open is not None:
                self._to_open = None
                self.run_worker(self._find_cases, thread=True)
        elif words.value:
            words.value = ""
        elif self._is_first:
            self.say("Enter opens a case, ctrl+q quits.")
        else:
            self.app.pop_screen()

    def words_for(self, binding: Binding) -> str:
        """Give what Esc does now: nothing where there is neither words nor a case to go back to."""
        if binding.id != "library.back":
            return binding.description
        if self._opening is not None:
            return "stop"
        if self.query_one(Input).value:
            return "clear"
        return "" if self._is_first else "back"

    def action_help(self) -> None:
        """Show the keys that work here."""
        from casefile.tui.help_screen import HelpScreen, help_groups

        self.app.push_screen(HelpScreen(help_groups(self)))

    def action_move(self, lines: int) -> None:
        """Move the cursor among the cases."""
        self.cases.move_cursor(self.cases.cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by pages."""
        self.cases.action_page(pages)


def _searched(one: Listed) -> str:
    known = one.known
    return folded(" ".join(filter(None, (known.title, known.id, str(known.path)))))
