"""The page of the selected entry, with links to follow and notes to select."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from time import thread_time
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message

from casefile.query import Query
from casefile.text.folding import folded
from casefile.tui.drawing import fit_to_width
from casefile.tui.job import Jobs, run_in_background
from casefile.tui.line_view import LineView
from casefile.tui.page_lines import PageLine, lay_out_page
from casefile.views.page import TOP, Destination, Page, Spot

_MARGIN = 2
"""The cells before the label: the cursor sign and a space."""
_LINES_AT_ONCE = 300
"""A page of more lines is laid out step by step in the background."""
_SECONDS_AT_ONCE = 0.03
"""How long lines out of sight are laid out at once; some scripts take a hundred times others."""
_LINES_PER_STEP = 20
_LINES_FREED = 10_000
"""How many lines that are no longer shown are freed at once: a million take a second."""
_LAY_OUT = "laying out the rest"
_MORE = "… the rest follows …"


class DetailView(LineView[PageLine]):
    """A page, line by line; Enter follows the link under the cursor."""

    CURSOR_NEEDS_FOCUS = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "follow", id="detail.follow", tooltip="Follow the link"),
    ]

    @dataclass
    class LinkFollowed(Message):
        """A link was followed with Enter or the mouse."""

        destination: Destination

    class NothingFollowed(Message):
        """Enter was pressed on a line without a link."""

    class LaidOut(Message):
        """The rest of a long page has been laid out in the background."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.page: Page | None = None
        self._laid_out_width = 0
        self._unfolded: frozenset[str] = frozenset()
        """The labels of the long sections that are shown in full."""
        self._lines: list[PageLine] = []
        self._pending_target: Callable[[PageLine], bool] | None = None
        """Which line to go to once it is laid out."""
        self._jobs = Jobs(self)

    @property
    def note(self) -> str | None:
        """The id of the note under the cursor."""
        return self.line.note if self.line else None

    @property
    def has_notes(self) -> bool:
        """Whether the page has written notes, not only checks, stars or tags."""
        sections = self.page.sections if self.page else ()
        return any(item.is_of_note for section in sections for item in section.items)

    @property
    def is_at_note(self) -> bool:
        """Whether the cursor is on a written note."""
        return self.line is not None and self.line.is_of_note

    @property
    def spot(self) -> Spot:
        """The position of the cursor on the page, independent of the width."""
        return self.line.spot if self.line else TOP

    @property
    def position(self) -> tuple[Spot, int]:
        """The position of the cursor on the page, and the rows of the view above it."""
        return self.spot, self.cursor - self.top

    def show(self, page: Page | None, spot: Spot = TOP, rows_above: int = 0) -> None:
        """Show a page with the cursor at `spot`, repainting only the rows that change."""
        with self.repainting_changes():
            if self.page is None or page is None or page.entry != self.page.entry:
                self._unfolded = frozenset()
            self.page = page
            self._pending_target = None
            self._lay_out(spot)
            self.cursor = self._nearest_stop(self._line_of(spot), 1)
            self.top = self._bounded_top(self.cursor - rows_above)
            self._reveal()
        self.cursor_moved()

    def matching_lines(self, query: Query) -> tuple[int, ...]:
        """Return the lines with a match, of the items that contain all words of the query."""
        texts: dict[int, list[str]] = {}
        for line in self._lines:
            texts.setdefault(line.spot.item, []).append(line.text)
        matching = {item for item, parts in texts.items() if query.matches(folded(" ".join(parts)))}
        return tuple(
            number
            for number, line in enumerate(self._lines)
            if line.spot.item in matching and query.spans(line.text)
        )

    def go_to_note(self, note: str | None = None) -> bool:
        """Put the cursor on the note with an id, else on the first written one.

        Return whether there is such a line.
        """
        if note is None:
            return self.go_to(lambda line: line.is_of_note)
        return self.go_to(lambda line: line.note == note)

    def is_selectable(self, number: int) -> bool:
        """Keep the cursor off the empty lines between sections."""
        return bool(self._lines[number].text)

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a line of the page after its label."""
        line = self._lines[number]
        sign, cursor_style, _minor = self.row_start(number)
        style = self.style_of(line.manner) + cursor_style
        start = [Segment(f"{sign.text} ", style)]
        if line.indent:
            start.append(Segment(fit_to_width(line.label, line.indent), self.style_of("label")))
        room = width - _MARGIN - line.indent
        text = fit_to_width(line.text, room) if self.shows_cursor(number) else line.text
        return start + self.with_matches(text, style)

    def cursor_moved(self) -> None:
        """Update the key line, since some keys work on some lines only."""
        if self.has_focus:
            self.screen.refresh_bindings()

    def words_for(self, binding: Binding) -> str:
        """Return what a key does on this line, or "" where it does nothing."""
        if binding.id != "detail.follow" or (self.line and self.line.leads_to):
            return binding.description
        return "show all" if self.line and self.line.unfolds is not None else ""

    def action_follow(self) -> None:
        """Follow the link under the cursor, or unfold the section."""
        if self.line and self.line.unfolds is not None:
            self._unfolded |= {self.line.unfolds}
            self._lay_out(self.spot)
            self.lines_changed(self.cursor, self.top)
            self.cursor_moved()
        elif self.line and self.line.leads_to:
            self.post_message(self.LinkFollowed(self.line.leads_to))
        else:
            self.post_message(self.NothingFollowed())

    def line_clicked(self, *, was_selected: bool) -> None:  # noqa: ARG002 (one click follows)
        """Follow the clicked link."""
        if self.line and self.line.is_active:
            self.action_follow()

    def fit(self) -> None:
        """Lay the page out for another width, keeping the cursor at the same text."""
        # The width is 0 while the view is hidden.
        if self.size.width not in (0, self._laid_out_width):
            spot, rows_above = self.position
            pending = self._pending_target
            self._lay_out(spot)
            at = self._line_of(spot)
            self.lines_changed(at, at - rows_above)
            if pending is not None:
                self.go_to(pending)

    def move_cursor(self, number: int) -> None:
        """Put the cursor on a line; a line that is still to be laid out is not gone to any more."""
        self._pending_target = None
        super().move_cursor(number)

    def _lay_out(self, spot: Spot) -> None:
        """Lay out the page to a screen or more beyond `spot`, and the rest in the background."""
        # The width is 0 until the view has been laid out itself.
        self._laid_out_width = self.size.width
        room = self.size.width - _MARGIN - 1
        self._jobs.cancel(_LAY_OUT)
        if len(self._lines) > _LINES_FREED:
            self.run_worker(run_in_background(_freeing(self._lines), self.app))
        self._lines = []
        self._pending_target = lambda line: line.spot >= spot
        if self.page is None or room <= 0:
            return
        rest = lay_out_page(self.page, room, self._unfolded)
        until = thread_time() + _SECONDS_AT_ONCE
        while more := list(islice(rest, _LINES_PER_STEP)):
            self._lines += more
            count = len(self._lines)
            is_enough = count >= _LINES_AT_ONCE and self._lines[-1].spot > spot
            if is_enough or (count >= self.size.height and thread_time() > until):
                break
        if self._lines[-1].spot >= spot:
            self._pending_target = None
        if following := next(rest, None):
            self._lines += [following, _cut_after(following)]
            self._jobs.start(_LAY_OUT, partial(self._lay_out_rest, rest))

    async def _lay_out_rest(self, rest: Iterator[PageLine]) -> None:
        await run_in_background(self._add_in_steps(rest), self.app)
        self._pending_target = None
        self._lines.pop()
        self.lines_changed(self.cursor, self.top)
        self.post_message(self.LaidOut())

    def _add_in_steps(self, rest: Iterator[PageLine]) -> Generator[float, None, None]:
        """Put the remaining lines of the page where it is cut, step by step."""
        while more := list(islice(rest, _LINES_PER_STEP)):
            first = len(self._lines) - 1
            self._lines[first:] = [*more, _cut_after(more[-1])]
            if first < self.top + self.size.height:
                self.refresh_lines(*range(first, len(self._lines)))
            wanted = self._pending_target
            numbers = range(first, first + len(more))
            if wanted and (found := [at for at in numbers if wanted(self._lines[at])]):
                self.move_cursor(found[0])
            yield 0

    def _line_of(self, spot: Spot) -> int:
        """Return the number of the line that shows `spot`."""
        return max(0, bisect_right(self._lines, spot, key=lambda line: line.spot) - 1)

    def go_to(self, wanted: Callable[[PageLine], bool]) -> bool:
        """Put the cursor on the first line that is wanted, and return whether there is one.

        If it is not laid out yet, the cursor goes there then.
        """
        number = next((n for n, line in enumerate(self._lines) if wanted(line)), None)
        if number is not None:
            self.move_cursor(number)
        elif not self._lines or _LAY_OUT in self._jobs:
            self._pending_target = wanted
        return number is not None


def _freeing(lines: list[PageLine]) -> Generator[float, None, None]:
    """Free lines that nothing else refers to, step by step."""
    while lines:
        del lines[-_LINES_FREED:]
        yield 0


def _cut_after(line: PageLine) -> PageLine:
    """Return the line that stands for the part after `line` that is not laid out yet."""
    return PageLine(_MORE, "faint", spot=line.spot)
