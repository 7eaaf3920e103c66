"""The text of a source beside an entry: what is cited marked, a gutter with who cites each line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import Worker

from casefile.query import Query
from casefile.text.folding import folded
from casefile.text.inert import inert
from casefile.tui.drawing import marked, wrapped, wrapped_line
from casefile.tui.job import run_in_background
from casefile.tui.line_view import LineView
from casefile.views.source_lines import Shown, SourceLines

_COUNT_WIDTH = 5
_MOST_COUNTED = 99
_FROM_WIDTH = 40
"""The width from which there is room for how many cite a line."""
_TAB_WIDTH = 8
_MARGIN = 1
"""The cells at the right that stay empty, so that no word touches the line there."""
_AT_ONCE = 2000
"""So many drawn lines are laid out at once, the rest of a longer text step by step."""
_LINES_BEFORE = 200
"""Of a longer text so many lines are shown before the one that is wanted."""
_LINES_IN_STEP = 100
_MORE = "… the rest follows …"
_LEAD = re.compile(r"\s*(?:\d{1,3}\s+)?(?:[QA]\.\s+)?")
"""What stands before the words of a transcript's line: its number, and who asks or answers."""


class SourceLine(msgspec.Struct, frozen=True):
    """One drawn line of a text: of which line it is, and what part of what flows from where."""

    number: int
    begin: int
    """Where in the text that begins of which this line is a part."""
    raw: str
    at: int
    """From which of its drawn characters on."""
    text: str
    indent: int = 0
    """The cells before it, where it goes on with a line that is indented or numbered."""


class SourceView(LineView):
    """One text, line by line; Enter on a line leads to the entries that cite it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "entries", "who cites it", id="source.entries",
                tooltip="Go to an entry that cites this place"),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {"source--cited", "source--stretch", "source--gutter"}

    class PlaceSelected(Message):
        """The cursor stands on another line."""

    class LaidOut(Message):
        """All of a text is there that was shown in part."""

    @dataclass
    class EntriesWanted(Message):
        """The reader wants to go to an entry that cites the line under the cursor."""

        citing: tuple[str, ...]

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.sheet: SourceLines | None = None
        self._shown = Shown()
        self._wanted = 1
        self._lines: list[SourceLine] = []
        self._laid_out_for: tuple[SourceLines | None, int] = (None, 0)
        self._laying_out: Worker[None] | None = None
        self.is_whole = True
        """Whether all of the text is laid out, and not only what is about the wanted line."""

    @property
    def line_count(self) -> int:
        """The number of drawn lines at this width."""
        return len(self._lines)

    @property
    def drawn_lines(self) -> Sequence[SourceLine]:
        """The lines as they are wrapped for this width."""
        return self._lines

    @property
    def citing(self) -> tuple[str, ...]:
        """The entries that cite the line under the cursor."""
        if self.sheet is None or not self._lines:
            return ()
        return self.sheet.citing(self._lines[self.cursor].number)

    @property
    def shows_words(self) -> bool:
        """Whether words are marked as those that an entry rests on."""
        return bool(self._shown.marks)

    @property
    def text_line(self) -> int:
        """The number of the line of the text under the cursor; 0 without a text."""
        return self._lines[self.cursor].number if self._lines else 0

    def show(self, sheet: SourceLines, shown: Shown, at: int = 0) -> None:
        """Show a text at a line, else at what a pin names of it.

        A text that is shown already stays in place if that is well in sight, and only the rows that
        change are painted again.
        """
        before = [self.render_line(y) for y in range(self.size.height)]
        is_other = sheet is not self.sheet
        self.sheet, self._shown = sheet, shown
        self._wanted = at or shown.first_line
        is_other |= self._lay_out()
        line = self._line_of(self._wanted)
        height = self.size.height
        self.cursor = self._standing(line, 1)
        if is_other or not 0 < line - self.top < height * 2 // 3:
            self.top = self._bounded_top(line - height // 3)
        changed = [y for y, strip in enumerate(before) if self.render_line(y) != strip]
        self.refresh_lines(*(self.top + y for y in changed))
        self.cursor_moved()

    def places_of(self, query: Query) -> tuple[int, ...]:
        """Give the drawn lines from which on all words of a query stand in a line or paragraph."""
        places = []
        begun: int | None = None
        for place, line in enumerate(self._lines):
            if line.begin == begun:
                continue
            begun = line.begin
            if query.matches(folded(line.raw)):
                places.append(self._first_place(place, query))
        return tuple(places)

    def _first_place(self, place: int, query: Query) -> int:
        """Give the drawn line on which the first word stands, in what flows from a place on."""
        begin = self._lines[place].begin
        for at in range(place, len(self._lines)):
            if self._lines[at].begin != begin:
                break
            if query.spans(self._lines[at].text):
                return at
        return place

    def fit(self) -> None:
        """Lay the text out anew for another width, at the same line."""
        at = self.text_line or self._wanted
        if self._lay_out():
            self._begin_at(at)

    def cursor_moved(self) -> None:
        """Tell who cites this line."""
        self.post_message(self.PlaceSelected())
        self.screen.refresh_bindings()

    def words_for(self, binding: Binding) -> str:
        """Give what a key does on this line; nothing where no entry cites it."""
        if binding.id == "source.entries" and not self.citing:
            return ""
        return binding.description

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a line behind its gutter, the words that are cited marked."""
        line = self._lines[number]
        here = self.has_focus and number == self.cursor
        base = self.style_of("cursor") if here else Style.null()
        words = self._marked(line, base)
        if self.query_marked is not None:
            # What is looked for stands out over what is cited.
            words = iter(marked(line.text, base, self.query_marked, self.style_of("found")))
        segments = [
            Segment("▌" if here else " ", base),
            *self._gutter(line, base, width),
            Segment(" " * line.indent, base),
            *words,
        ]
        return Segment.adjust_line_length(segments, width, base) if here else segments

    def _gutter(self, line: SourceLine, base: Style, width: int) -> Iterator[Segment]:
        sheet = self.sheet
        begins = sheet is not None and line.at == 0 and sheet.begins(line.number)
        label = sheet.label(line.number) if sheet and begins else ""
        citing = len(sheet.citing(line.number)) if sheet and begins else 0
        quiet = base + self.get_component_rich_style("source--gutter", partial=True)
        yield Segment(label.rjust(sheet.label_width if sheet else 0), quiet)
        if width >= _FROM_WIDTH:
            yield Segment(_count(citing).ljust(_COUNT_WIDTH), quiet)
        else:
            yield Segment(" ", quiet)
        is_named = line.number in self._shown.lines
        style = (
            self.get_component_rich_style("source--stretch", partial=True) if is_named else quiet
        )
        yield Segment("┃ " if is_named else "│ ", base + style)

    def _marked(self, line: SourceLine, base: Style) -> Iterator[Segment]:
        cited = base + self.get_component_rich_style("source--cited", partial=True)
        at = 0
        for span in self._shown.marks:
            start, end = (self._drawn_at(line, edge) for edge in span)
            start, end = max(at, start), min(end, len(line.text))
            if start < end:
                yield Segment(line.text[at:start], base)
                yield Segment(line.text[start:end], cited)
                at = end
        yield Segment(line.text[at:], base)

    def _drawn_at(self, line: SourceLine, edge: int) -> int:
        """Give where in a drawn line a place of the text stands, however far out of it."""
        before = edge - line.begin
        return len(_drawn(line.raw[:before])) - line.at if before > 0 else -line.at

    def action_entries(self) -> None:
        """Ask for the entries that cite this line."""
        self.post_message(self.EntriesWanted(self.citing))

    def on_click(self, event: events.Click) -> None:
        """Go to the line under the mouse."""
        number = self.line_at(event)
        if number is not None:
            self.move_cursor(number)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh_lines(self.cursor)

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh_lines(self.cursor)

    def _gutter_width(self, width: int) -> int:
        """Give the cells before the text: cursor, label, count and bar."""
        label = self.sheet.label_width if self.sheet else 0
        return 1 + label + (_COUNT_WIDTH if width >= _FROM_WIDTH else 1) + 2

    def _line_of(self, number: int) -> int:
        """Give the drawn line that shows a line of the text."""
        return bisect_left(self._lines, number, key=lambda line: line.number)

    def _begin_at(self, number: int) -> None:
        at = self._line_of(number)
        self.lines_changed(at, max(0, at - self.size.height // 3))
        self.cursor_moved()

    def _lay_out(self) -> bool:
        """Wrap the text for this width, unless it is; say whether that was done."""
        wanted = (self.sheet, self.size.width)
        # Put away it has no width, and keeps its lines for when it is opened again.
        is_put_away = not self.size.width and self.sheet is self._laid_out_for[0]
        if is_put_away or wanted == self._laid_out_for:
            return False
        self._laid_out_for = wanted
        room = self.size.width - self._gutter_width(self.size.width) - _MARGIN
        if self._laying_out is not None:
            self._laying_out.cancel()
        self._lines, self.is_whole = [], True
        if self.sheet and room > 0:
            lines = _laid_out(self.sheet, room)
            self._lines = list(islice(lines, _AT_ONCE))
            self.is_whole = len(self._lines) < _AT_ONCE
            if not self.is_whole:
                self._lines = _laid_out_about(self.sheet, room, self._wanted)
                rest = partial(self._lay_out_rest, self.sheet, room)
                self._laying_out = self.run_worker(rest)
        return True

    async def _lay_out_rest(self, sheet: SourceLines, room: int) -> None:
        lines: list[SourceLine] = []
        await run_in_background(_laid_out_in_steps(sheet, room, lines), self.app)
        here, rows_above = self._lines[self.cursor], self.cursor - self.top
        self._lines, self.is_whole = lines, True
        place = (here.begin, here.at)
        at = bisect_left(lines, place, key=lambda line: (line.begin, line.at))
        self.lines_changed(at, at - rows_above)
        self.post_message(self.LaidOut())


def _count(citing: int) -> str:
    more = "+" if citing > _MOST_COUNTED else ""
    return f" ×{min(citing, _MOST_COUNTED)}{more}" if citing else ""


def _laid_out_about(sheet: SourceLines, width: int, wanted: int) -> list[SourceLine]:
    """Give the drawn lines about a line of a long text, with a word where it is cut."""
    first = max(1, wanted - _LINES_BEFORE)
    begins = (number for number in range(first, wanted) if not sheet.flows(number))
    first = next(begins, wanted - 1) + 1 if first > 1 else 1
    lines = list(islice(_laid_out(sheet, width, first), _AT_ONCE))
    before = [_cut(lines[0])] if first > 1 else []
    return [*before, *lines, _cut(lines[-1])]


def _cut(line: SourceLine) -> SourceLine:
    """Give the line that stands in place of what is still to be laid out beside one."""
    return SourceLine(line.number, line.begin, "", line.at or 1, _MORE)


def _laid_out_in_steps(
    sheet: SourceLines, width: int, lines: list[SourceLine]
) -> Generator[float, None, None]:
    """Add the drawn lines of a text to a list, some a step; give how much is done, up to 1."""
    for count, line in enumerate(_laid_out(sheet, width), start=1):
        lines.append(line)
        if count % _LINES_IN_STEP == 0:
            yield line.number / sheet.text.line_count


def _laid_out(sheet: SourceLines, width: int, number: int = 1) -> Iterator[SourceLine]:
    """Give the drawn lines of a text from a line on, none wider than `width` cells.

    A line of prose that does not fit flows into the next of its paragraph, as its own end was only
    where some other page ended.
    """
    while number <= sheet.text.line_count:
        last = number
        while not _fits(_drawn(sheet.line(last)), width) and sheet.flows(last):
            last += 1
        yield from _flowing(sheet, number, last, width)
        number = last + 1


def _flowing(sheet: SourceLines, first: int, last: int, width: int) -> Iterator[SourceLine]:
    begin, end = sheet.text.line(first)[0], sheet.text.line(last)[1]
    raw = sheet.text.text[begin:end].replace("\n", " ")
    drawn = _drawn(raw)
    # What does not fit goes on under the first word, not under the number before it.
    lead = _LEAD.match(drawn)
    hang = min(lead.end() if lead else 0, width // 2)
    at = 0
    for piece in [drawn] if _fits(drawn, width) else _pieces(drawn, width, hang):
        at = max(at, drawn.find(piece, at))
        number = sheet.text.lines_in((begin + at, begin + at))[0] if last > first else first
        yield SourceLine(number, begin, raw, at, piece, hang if at else 0)
        at += len(piece)


def _fits(drawn: str, width: int) -> bool:
    return len(drawn) <= width and cell_len(drawn) <= width


def _pieces(drawn: str, width: int, hang: int) -> Iterator[str]:
    first = wrapped(drawn[: 2 * width], width)[0]
    yield first
    yield from wrapped_line(drawn[len(first) :].lstrip(" "), width - hang)


def _drawn(line: str) -> str:
    return inert(line.expandtabs(_TAB_WIDTH))
