"""The library screen: lists the known cases, filters them as you type, opens one."""

from __future__ import annotations

import math
import time
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import msgspec
from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import get_current_worker

from casefile.case.load_result import LoadResult
from casefile.case.reader import read_in_steps
from casefile.library import duplicates
from casefile.places import without_home
from casefile.query import parse
from casefile.text.folding import folded
from casefile.text.plurals import pluralize
from casefile.tui.drawing import fit_to_width
from casefile.tui.inert_input import TOO_LONG, InertInput
from casefile.tui.job import Jobs, collector_paused, run_in_background, run_in_thread
from casefile.tui.key_line import KeyLine
from casefile.tui.line_view import LineView
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.views import timestamps
from casefile.views.case_opener import CaseOpener, NoCase
from casefile.views.library_listing import ListedCase
from casefile.views.open_case import OpenCase

_UPDATE_SECONDS = 0.1
"""How often the list is updated while the search for cases goes on."""


class _SearchableCase(msgspec.Struct, frozen=True):
    """A case of the library and the folded text that is searched for it."""

    listed: ListedCase
    searched: str


def _sort_key(case: _SearchableCase) -> tuple[bool, float]:
    """Sort by when a case was last opened, newest first; bundled cases last."""
    known = case.listed.known
    opened = known.opened
    return known.origin == "shipped", -opened.timestamp() if opened else math.inf


class LibraryList(LineView[ListedCase], can_focus=False):
    """The cases that match the typed text."""

    class CaseSelected(Message):
        """The cursor moved to another case."""

    class CaseOpened(Message):
        """The selected case was clicked."""

    def __init__(self) -> None:
        super().__init__(id="library-list")
        self._duplicates: frozenset[Path] = frozenset()
        """The files whose id another file has too."""

    @property
    def empty_text(self) -> str:
        """The text shown when no case matches."""
        return "No case matches."

    def show(self, cases: Sequence[ListedCase], duplicates: frozenset[Path]) -> None:
        """Show cases; the cursor stays on its case if that is among them."""
        before = self.line.known.path if self.line and self.cursor else None
        self._lines, self._duplicates = tuple(cases), duplicates
        paths = [case.known.path for case in self._lines]
        self.lines_changed(paths.index(before) if before in paths else 0, self.top)

    def cursor_moved(self) -> None:
        """Post that another case is selected."""
        self.post_message(self.CaseSelected())

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a case: its title, counts and when it was opened; or the problem with its file."""
        case = self._lines[number]
        sign, style, minor = self.row_start(number)
        problem = case.known.problem
        if problem is not None:
            text = f"{case.known.path.name}: {problem.what}"
            return [sign, Segment(fit_to_width(text, width - 1), style + self.style_of("warning"))]
        columns = _columns_in(width)
        room = width - 1 - sum(cells for _, cells in columns)
        title = case.known.title or "(without a title)"
        mark = "! " if case.known.path in self._duplicates else "  "
        details = "".join(_in_column(_cell(case, name), name, cells) for name, cells in columns)
        return [
            sign,
            Segment(fit_to_width(title, room - 2), style),
            Segment(mark, style + self.style_of("warning")),
            Segment(details, minor),
        ]

    def line_clicked(self, *, was_selected: bool) -> None:
        """Open the case if it was selected before the click."""
        if was_selected:
            self.post_message(self.CaseOpened())


class LibraryWords(InertInput):
    """The line to type a search in; up, down and the page keys move in the list below it."""

    LIST_MOVEMENTS = ("move", "page")
    # Bound here because the scroll keys of Input would come before those of the screen.
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


def _columns_in(width: int) -> list[tuple[str, int]]:
    """Return the columns after the title that fit into a width, with their cells."""
    ids = [("Id", 24)] if width >= 100 else []
    opened = [("Opened", 12)] if width >= 64 else []
    return [*ids, ("Entries", 9), ("Notes", 7), ("Checks", 8), *opened]


def _in_column(text: str, heading: str, cells: int) -> str:
    """Return the text of a cell in its column; numbers are aligned to the right."""
    is_number = heading in ("Entries", "Notes", "Checks")
    return fit_to_width(text.rjust(cells - 2), cells) if is_number else fit_to_width(text, cells)


def _cell(case: ListedCase, heading: str) -> str:
    known = case.known
    match heading:
        case "Id":
            return known.id or ""
        case "Entries":
            return "?" if known.entries is None else f"{known.entries:,}"
        case "Notes":
            return str(case.notes or "")
        case "Checks":
            return str(case.checks or "")
    return timestamps.day(known.opened) if known.opened else ""


class LibraryScreen(Screen[None]):
    """The known cases, to open one of them."""

    AUTO_FOCUS = "#library-words"
    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, because Input has an Enter of its own, which the key line does not show.
        Binding("enter", "open", "open", id="library.open", priority=True,
                tooltip="Open this case"),
        Binding("escape", "step_back", "back", id="library.back",
                tooltip="Clear the search, or go back to the case"),
        Binding("f1", "app.help", "help", id="app.help", tooltip="Show the keys that work here"),
    ]  # fmt: skip

    @dataclass
    class CaseOpened(Message):
        """A case was read and can be shown."""

        open_case: OpenCase

    @dataclass
    class CaseRefused(Message):
        """The file named at the start could not be opened."""

        reading: LoadResult

    def __init__(
        self, opener: CaseOpener, *, is_first: bool = False, to_open: Path | None = None
    ) -> None:
        """List the cases of a reader, after trying to open the file `to_open` if one is given.

        `is_first` says that no case is open to go back to.
        """
        super().__init__()
        self._opener = opener
        self._is_first = is_first
        self._to_open = to_open
        self._cases: list[_SearchableCase] = []
        self._duplicates: dict[str, tuple[Path, ...]] = {}
        """The ids that several files have, each with these files."""
        self._is_complete = False
        self._jobs = Jobs(self)

    def compose(self) -> ComposeResult:
        """Put the search line above the cases, and the path of the selected one below."""
        yield TwoEndedLine(id="title")
        yield LibraryWords(
            placeholder="Type part of a title, id or path", compact=True, id="library-words"
        )
        yield TwoEndedLine(id="library-headings")
        yield LibraryList()
        yield TwoEndedLine(id="where")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Open the file named at the start, or begin to search for cases."""
        self._show_counts(())
        if self._to_open is not None:
            self._start_opening(self._to_open)
        else:
            self.run_worker(run_in_thread(self._find_cases))

    def on_resize(self) -> None:
        """Show the headings of the columns that fit."""
        width = self.size.width
        columns = _columns_in(width)
        room = width - 1 - sum(cells for _, cells in columns)
        others = "".join(_in_column(heading, heading, cells) for heading, cells in columns)
        headings = f"{fit_to_width('Case', room)}{others}".rstrip()
        self.query_one("#library-headings", TwoEndedLine).show(headings)

    @property
    def cases(self) -> LibraryList:
        """The list of cases."""
        return self.query_one(LibraryList)

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in the key line until the next key."""
        self.query_one(KeyLine).say(message, warning=warning)

    def _find_cases(self) -> None:
        """Search for cases, in a thread: there may be hundreds, on a slow disk."""
        worker = get_current_worker()
        batch: list[_SearchableCase] = []
        updated_at = -math.inf
        for listed in self._opener.listing():
            if worker.is_cancelled:
                return
            batch.append(_SearchableCase(listed, _searched_text(listed)))
            # Not at each case, because an update walks over all of them.
            if time.monotonic() - updated_at > _UPDATE_SECONDS:
                self.app.call_from_thread(self._add_cases, tuple(batch))
                batch.clear()
                updated_at = time.monotonic()
        if not worker.is_cancelled:
            self.app.call_from_thread(self._add_cases, tuple(batch), is_last=True)

    def _add_cases(self, batch: Sequence[_SearchableCase], *, is_last: bool = False) -> None:
        for case in batch:
            insort(self._cases, case, key=_sort_key)
        self._duplicates = duplicates(case.listed.known for case in self._cases)
        self._is_complete = is_last
        self._show_matches()

    @on(InertInput.Refused)
    def _say_limit(self) -> None:
        self.say(f"A search has {TOO_LONG}.", warning=True)

    @on(Input.Changed)
    def _words_typed(self) -> None:
        """Search on; who still types expects no case, whose keys the next letters would be."""
        if self._to_open is None and (stopped := self._jobs.stop_last()):
            self.say(stopped)
        self._show_matches()

    def _show_matches(self) -> None:
        query = parse(self.query_one(Input).value)
        paths = frozenset(path for several in self._duplicates.values() for path in several)
        matching = [case.listed for case in self._cases if query.matches(case.searched)]
        self.cases.show(matching, paths)
        self._show_counts(matching)
        self._show_path()
        self.refresh_bindings()

    def _show_counts(self, shown: Sequence[ListedCase]) -> None:
        count = sum(case.listed.is_readable for case in self._cases)
        matching = sum(case.is_readable for case in shown)
        of = f"{matching} of " if matching != count else ""
        unreadable = f", {len(shown) - matching} unreadable" if len(shown) > matching else ""
        more = "" if self._is_complete else ", looking for more"
        counts = f"{of}{pluralize(count, 'case')}{unreadable}{more}"
        self.query_one("#title", TwoEndedLine).show("Library", counts)

    @on(LibraryList.CaseSelected)
    def _show_path(self) -> None:
        case = self.cases.line
        path = without_home(case.known.path) if case else ""
        others = len(self._duplicates.get((case and case.known.id) or "", ())) - 1
        warning = f"! {others} other {'file has' if others == 1 else 'files have'} this id"
        self.query_one("#where", TwoEndedLine).show(path, warning if others > 0 else "")

    @on(LibraryList.CaseOpened)
    def action_open(self) -> None:
        """Open the selected case, or show the problem with its file."""
        case = self.cases.line
        if case is None:
            self.say("There is no case to open.")
        elif case.known.problem is not None:
            self.say(str(case.known.problem), warning=True)
        elif not self._jobs.can_stop:
            self._start_opening(case.known.path)

    def _start_opening(self, path: Path) -> None:
        self._jobs.start("opening a case", partial(self._open, path), when_stopped="Not opened.")

    async def _open(self, path: Path) -> None:
        """Read a case step by step, so that keys, Esc among them, still work."""

        def report(done: float) -> None:
            self.say(f"Reading {path.name}: {done:.0%} · Esc stops")

        report(0)
        try:
            with collector_paused():
                reading = await run_in_background(read_in_steps(path), self.app, report)
                self.say(f"Putting {path.name} in order · Esc stops")
                opened = await run_in_thread(lambda: self._opener.open_reading(reading).prepare())
            self.post_message(self.CaseOpened(opened))
        except NoCase as refused:
            if path == self._to_open:
                self.post_message(self.CaseRefused(refused.reading))
            self.say(str(refused.problems[0]), warning=True)

    def action_step_back(self) -> None:
        """Stop opening a case, or clear the search, or go back to the case."""
        search = self.query_one(Input)
        if stopped := self._jobs.stop_last():
            self.say(stopped)
            if self._to_open is not None:
                self._to_open = None
                self.run_worker(run_in_thread(self._find_cases))
        elif search.value:
            search.value = ""
        elif self._is_first:
            self.say("Enter opens a case, ctrl+q quits.")
        else:
            self.app.pop_screen()

    def words_for(self, binding: Binding) -> str:
        """Return what a key does now, or "" where it does nothing."""
        if binding.id != "library.back":
            return binding.description
        if self._jobs.can_stop:
            return "stop"
        if self.query_one(Input).value:
            return "clear"
        return "" if self._is_first else "back"

    def action_move(self, lines: int) -> None:
        """Move the cursor in the list of cases."""
        self.cases.move_cursor(self.cases.cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor in the list by pages."""
        self.cases.action_page(pages)


def _searched_text(listed: ListedCase) -> str:
    known = listed.known
    return folded(" ".join(filter(None, (known.title, known.id, str(known.path)))))
