"""The detail view: the page of the selected entry, its links to follow, its notes to choose."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from casefile.query import Query
from casefile.text.folding import folded
from casefile.tui.drawing import fitted, marked
from casefile.tui.line_view import LineView
from casefile.tui.page_lines import PageLine, laid_out
from casefile.views.page import TOP, Destination, Page, Spot

_CURSOR = "▌"
_MARGIN = 2


class DetailView(LineView):
    """One page, line by line; Enter on a line that leads on follows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "follow", id="detail.follow", tooltip="Follow the link"),
    ]

    @dataclass
    class LinkFollowed(Message):
        """The reader wants to go where a line leads."""

        destination: Destination

    class NothingFollowed(Message):
        """The line that the reader wants to follow leads nowhere."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.page: Page | None = None
        self._lines: tuple[PageLine, ...] = ()
        self._laid_out_for = 0
        self._unfolded: frozenset[str] = frozenset()
        self._awaited: Callable[[PageLine], bool] | None = None
        """Which line to go to once the page is in sight and has a width."""

    @property
    def line_count(self) -> int:
        """The number of lines of the page at this width."""
        return len(self._lines)

    @property
    def line(self) -> PageLine | None:
        """The line under the cursor."""
        return self._lines[self.cursor] if self.cursor < len(self._lines) else None

    @property
    def note(self) -> str | None:
        """The id of the note under the cursor."""
        return self.line.note if self.line else None

    @property
    def has_notes(self) -> bool:
        """Whether the page shows notes, beside marks."""
        return any(line.is_of_note for line in self._lines)

    @property
    def is_at_note(self) -> bool:
        """Whether the cursor stands on a note."""
        return self.line is not None and self.line.is_of_note

    @property
    def spot(self) -> Spot:
        """Where on the page the cursor is, whatever its width."""
        return self.line.spot if self.line else TOP

    @property
    def rows_above(self) -> int:
        """How many rows of the view are above the cursor."""
        return self.cursor - self.top

    def show(self, page: Page | None, spot: Spot = TOP, rows_above: int = 0) -> None:
        """Show a page; rows that stay as they were are not painted again."""
        before = [self.render_line(y) for y in range(self.size.height)]
        if self.page is None or page is None or page.entry != self.page.entry:
            self._unfolded = frozenset()
        self.page = page
        self._awaited = None
        self._lay_out()
        self.cursor = self._standing(self._line_of(spot), 1)
        self.top = self._bounded_top(self.cursor - rows_above)
        self._reveal()
        if not self._lines:
            self._awaited = lambda line: line.spot >= spot
        changed = [y for y, strip in enumerate(before) if self.render_line(y) != strip]
        self.refresh_lines(*(self.top + y for y in changed))
        self.cursor_moved()

    def go_to_paragraph(self, paragraph: int) -> None:
        """Put the cursor on the entries that cite a paragraph."""
        self._go_to(lambda line: line.paragraph == paragraph)

    def go_to_pin(self, pin: int) -> None:
        """Put the cursor on a cite of the entry, by its number."""
        self._go_to(lambda line: line.leads_to is not None and line.leads_to.pin == pin)

    def go_to_link(self) -> None:
        """Put the cursor on the first line that leads on."""
        self._go_to(lambda line: line.leads_to is not None)

    def go_to_spot(self, spot: Spot, rows_above: int = 0) -> None:
        """Put the cursor on a spot, so many rows below the top."""
        at = self._line_of(spot)
        self.lines_changed(at, at - rows_above)

    def places_of(self, query: Query) -> tuple[int, ...]:
        """Give the lines that hold a word of a query, of the items that hold all of them."""
        whole: dict[int, str] = {}
        for line in self._lines:
            whole[line.spot.item] = f"{whole.get(line.spot.item, '')} {line.text}"
        held = {item for item, text in whole.items() if query.matches(folded(text))}
        return tuple(
            number
            for number, line in enumerate(self._lines)
            if line.spot.item in held and query.spans(line.text)
        )

    def go_to_note(self, note: str | None = None) -> bool:
        """Put the cursor on a note or mark, or on the first note; say whether there is one."""
        if note is None:
            return self._go_to(lambda line: line.is_of_note)
        return self._go_to(lambda line: line.note == note)

    def can_stand(self, number: int) -> bool:
        """Keep the cursor off the lines between sections."""
        return bool(self._lines[number].text)

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a line of the page behind its label."""
        line = self._lines[number]
        here = self.has_focus and number == self.cursor
        style = self.style_of(line.manner)
        if here:
            style += self.style_of("cursor")
        lead = [Segment(_CURSOR if here else " ", style), Segment(" ", style)]
        if line.indent:
            lead.append(Segment(fitted(line.label, line.indent), self.style_of("label")))
        room = width - _MARGIN - line.indent
        words = fitted(line.text, room) if here else line.text
        return lead + marked(words, style, self.query_marked, self.style_of("found"))

    def cursor_moved(self) -> None:
        """Let the keys that are shown be those that work on this line."""
        if self.has_focus:
            self.screen.refresh_bindings()

    def words_for(self, binding: Binding) -> str:
        """Give what a key does on this line; nothing where it would lead nowhere."""
        if binding.id != "detail.follow" or (self.line and self.line.leads_to):
            return binding.description
        return "show all" if self.line and self.line.unfolds is not None else ""

    def action_follow(self) -> None:
        """Go where the line under the cursor leads, or show all of what it stands for."""
        if self.line and self.line.unfolds is not None:
            self._unfolded |= {self.line.unfolds}
            self._lay_out()
            self.lines_changed(self.cursor, self.top)
            self.cursor_moved()
        elif self.line and self.line.leads_to:
            self.post_message(self.LinkFollowed(self.line.leads_to))
        else:
            self.post_message(self.NothingFollowed())

    def on_click(self, event: events.Click) -> None:
        """Go to the line under the mouse, and on where it leads."""
        number = self.line_at(event)
        if number is not None and self.can_stand(number):
            self.move_cursor(number)
            if self._lines[number].is_active:
                self.action_follow()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh_lines(self.cursor)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh_lines(self.cursor)

    def fit(self) -> None:
        """Lay the page out anew for another width, at the same words; not while it is hidden."""
        if self.size.width not in (0, self._laid_out_for):
            spot, rows_above = self.spot, self.rows_above
            self._lay_out()
            at = self._line_of(spot)
            self.lines_changed(at, at - rows_above)
            if self._awaited is not None:
                self._go_to(self._awaited)
                self._awaited = None

    def _lay_out(self) -> None:
        # Before the first layout there is no width to lay the page out for.
        self._laid_out_for = self.size.width
        room = self.size.width - _MARGIN - 1
        self._lines = laid_out(self.page, room, self._unfolded) if self.page and room > 0 else ()

    def _line_of(self, spot: Spot) -> int:
        """Give the line that shows a spot."""
        return max(0, bisect_right(self._lines, spot, key=lambda line: line.spot) - 1)

    def _go_to(self, wanted: Callable[[PageLine], bool]) -> bool:
        if not self._lines:
            self._awaited = wanted
        number = next((n for n, line in enumerate(self._lines) if wanted(line)), None)
        if number is not None:
            self.move_cursor(number)
        return number is not None
