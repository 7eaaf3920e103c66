"""The text of a source: the cited words highlighted, a gutter with how many cite each line."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message

from casefile.background import run_to_end
from casefile.query import Query
from casefile.text.folding import Span, folded
from casefile.text.inert import inert
from casefile.tui.drawing import inert_start, wrap_line
from casefile.tui.job import Jobs, run_in_background
from casefile.tui.line_view import LineView
from casefile.views.folded_parts import FoldedParts
from casefile.views.source_lines import PinMatch, SourceLines

_COUNT_WIDTH = 5
_MAX_COUNT = 99
_COUNT_FROM_WIDTH = 40
"""The width from which the gutter shows how many entries cite a line."""
_TAB_WIDTH = 8
_MOST_JOINED = 500
"""How many lines of a text are joined to one paragraph at most."""
_LONGEST_PART = 10_000
"""How many characters of a line or paragraph are drawn as one; more are drawn in parts."""
_MARGIN = 1
"""The cells at the right that stay empty, so that no word touches the border there."""
_MAX_AT_ONCE = 500
"""A text of more drawn lines than this is laid out step by step in the background."""
_LINES_BEFORE = 100
"""How many lines before the wanted one are laid out at first, or characters in so many lines."""
_LINES_PER_STEP = 20
_FOLDED_PER_STEP = 20_000
"""How many characters of lines or paragraphs are folded in one step."""
_MOST_EXAMINED = 10_000
"""How many drawn lines are searched for the first match in a paragraph; then its start is shown."""
_LAY_OUT = "laying out the rest"
_MORE = "… the rest follows …"
_LINE_START = re.compile(r"\s*(?:\d{1,3}\s+)?(?:[QA]\.\s+)?")
"""What precedes the words of a transcript's line: its number, and Q. or A."""


class SourceLine(msgspec.Struct, frozen=True):
    """One drawn line of a text: a part of a wrapped line, or of a paragraph that was refilled."""

    number: int
    """The number of the line of the text where it begins."""
    begin: int
    """The offset in the text where the wrapped line or paragraph begins."""
    raw: str
    """The whole line or paragraph, as written; if it is very long, the part that this is in."""
    at: int
    """The offset of this part in the line or paragraph as drawn."""
    text: str
    indent: int = 0
    """The cells before the text, to align it with the first words of the line."""
    is_start: bool = False
    """Whether the line or paragraph begins here."""


class SourceView(LineView[SourceLine]):
    """The text of a source, line by line; Enter goes to the entries that cite a line."""

    CURSOR_NEEDS_FOCUS = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.choose_citing", "who cites it", id="source.entries",
                tooltip="Go to an entry that cites this line"),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {"source--cited", "source--stretch", "source--gutter"}

    class LineSelected(Message):
        """The cursor moved to another line."""

    class LaidOut(Message):
        """The whole text has been laid out for another width, a long one in the background."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.source_lines: SourceLines | None = None
        self._shown = PinMatch()
        self._wanted = 1
        """The number of the line to be shown first."""
        self._laid_out_for: tuple[SourceLines | None, int] = (None, 0)
        self._folded: tuple[array[int], FoldedParts] | None = None
        """The folded lines or paragraphs, with the first drawn line of each."""
        self._jobs = Jobs(self)
        self.is_complete = True
        """Whether the whole text is laid out, not only the part around the wanted line."""

    @property
    def citing(self) -> tuple[str, ...]:
        """The ids of the entries that cite the line under the cursor."""
        if self.source_lines is None or not self._lines:
            return ()
        return self.source_lines.citing(self._lines[self.cursor].number)

    @property
    def line_number(self) -> int:
        """The number in the text of the line under the cursor, from 1; 0 without a text."""
        return self._lines[self.cursor].number if self._lines else 0

    def show(self, source: SourceLines, shown: PinMatch, at: int = 0) -> None:
        """Show a text at line `at`, or at the cited place if `at` is 0.

        The view scrolls only if that line is not well in sight, and repaints only what changes.
        """
        with self.repainting_changes():
            is_other = source is not self.source_lines
            self.source_lines, self._shown = source, shown
            self._wanted = at or shown.first_line
            is_other |= self._lay_out()
            line = self._line_of(self._wanted)
            height = self.size.height
            self.cursor = self._nearest_stop(line, 1)
            if is_other or not 0 < line - self.top < height * 2 // 3:
                self.top = self._bounded_top(line - height // 3)
        self.cursor_moved()

    def matching_lines(self, query: Query) -> tuple[int, ...]:
        """Return the drawn line of the first match in each line or paragraph with all words."""
        if self._folded is None:
            self._folded = run_to_end(_fold_in_steps(self._lines))
        places, parts = self._folded
        ends = (*places[1:], len(self._lines))
        return tuple(
            self._first_lines([(places[part], ends[part]) for part in parts.matching(query)], query)
        )

    def _first_lines(self, parts: Sequence[Span], query: Query) -> Iterator[int]:
        """Yield the drawn line of the first match in each part, or the first line of the part."""
        examined = 0
        for start, end in parts:
            if end - start == 1 or examined > _MOST_EXAMINED:
                yield start
                continue
            lines = range(start, end)
            found = next((at for at in lines if query.spans(self._lines[at].text)), None)
            examined += (end if found is None else found + 1) - start
            yield start if found is None else found

    def fit(self) -> None:
        """Lay the text out for another width, keeping the cursor on its line."""
        at = self.line_number or self._wanted
        if self._lay_out():
            line = self._line_of(at)
            self.lines_changed(line, max(0, line - self.size.height // 3))
            self.cursor_moved()
            if self.is_complete:
                self.post_message(self.LaidOut())

    def cursor_moved(self) -> None:
        """Post that another line is selected, and update the key line."""
        self.post_message(self.LineSelected())
        self.screen.refresh_bindings()

    def words_for(self, binding: Binding) -> str:
        """Return what a key does on this line, or "" where it does nothing."""
        if binding.id == "source.entries" and not self.citing:
            return ""
        return binding.description

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a line after its gutter, with the cited words highlighted."""
        line = self._lines[number]
        sign, style, _minor = self.row_start(number)
        # While there is a search, only its matches are highlighted.
        is_searched = self.highlighted_query is not None
        text = self.with_matches(line.text, style) if is_searched else self._cited(line, style)
        segments = [
            sign,
            *self._gutter(line, style, width),
            Segment(" " * line.indent, style),
            *text,
        ]
        is_current = self.shows_cursor(number)
        return Segment.adjust_line_length(segments, width, style) if is_current else segments

    def _gutter(self, line: SourceLine, style: Style, width: int) -> Iterator[Segment]:
        """Yield the label of a line, how many cite it, and a bar, bold beside the cited lines."""
        source = self.source_lines
        begins = source is not None and line.is_start and source.has_label(line.number)
        label = source.label(line.number) if source and begins else ""
        citing = len(source.citing(line.number)) if source and begins else 0
        faint = style + self.get_component_rich_style("source--gutter", partial=True)
        yield Segment(label.rjust(source.label_width if source else 0), faint)
        if width >= _COUNT_FROM_WIDTH:
            yield Segment(_count(citing).ljust(_COUNT_WIDTH), faint)
        else:
            yield Segment(" ", faint)
        if line.number in self._shown.lines:
            bar = self.get_component_rich_style("source--stretch", partial=True)
            yield Segment("┃ ", style + bar)
        else:
            yield Segment("│ ", faint)

    def _cited(self, line: SourceLine, style: Style) -> Iterator[Segment]:
        """Yield the text of a line, with the quoted words highlighted."""
        cited = style + self.get_component_rich_style("source--cited", partial=True)
        at = 0
        for span in self._shown.marks:
            start, end = (self._drawn_at(line, edge) for edge in span)
            start, end = max(at, start), min(end, len(line.text))
            if start < end:
                yield Segment(line.text[at:start], style)
                yield Segment(line.text[start:end], cited)
                at = end
        yield Segment(line.text[at:], style)

    def _drawn_at(self, line: SourceLine, edge: int) -> int:
        """Return the index in a drawn line of an offset in the text, which may lie outside it."""
        before = edge - line.begin
        return len(_drawn(line.raw[:before])) - line.at if before > 0 else -line.at

    def _gutter_width(self, width: int) -> int:
        """Return the cells before the text: cursor sign, label, count and bar."""
        label = self.source_lines.label_width if self.source_lines else 0
        return 1 + label + (_COUNT_WIDTH if width >= _COUNT_FROM_WIDTH else 1) + 2

    def _line_of(self, number: int) -> int:
        """Return the drawn line that shows line `number` of the text."""
        return bisect_left(self._lines, number, key=lambda line: line.number)

    def _lay_out(self) -> bool:
        """Wrap the text for the current width if it is not; return whether it was wrapped."""
        wanted = (self.source_lines, self.size.width)
        # A hidden view has no width; it keeps its lines until it is shown again.
        is_hidden = not self.size.width and self.source_lines is self._laid_out_for[0]
        if is_hidden or wanted == self._laid_out_for:
            return False
        self._laid_out_for = wanted
        room = self.size.width - self._gutter_width(self.size.width) - _MARGIN
        self._jobs.cancel(_LAY_OUT)
        self._lines, self._folded, self.is_complete = [], None, True
        if self.source_lines and room > 0:
            # Each drawn line has at most as many characters as cells, except for those of no width.
            if len(self.source_lines.text.text) <= _MAX_AT_ONCE * room:
                lines = _wrapped_lines(self.source_lines, room)
                self._lines = list(islice(lines, _MAX_AT_ONCE))
            self.is_complete = 0 < len(self._lines) < _MAX_AT_ONCE
            if not self.is_complete:
                self._lines = _lines_around(self.source_lines, room, self._wanted)
                rest = partial(self._lay_out_rest, self.source_lines, room)
                self._jobs.start(_LAY_OUT, rest)
        return True

    async def _lay_out_rest(self, source: SourceLines, room: int) -> None:
        lines: list[SourceLine] = []
        await run_in_background(_wrap_in_steps(source, room, lines), self.app)
        in_parts = await run_in_background(_fold_in_steps(lines), self.app)
        current, rows_above = self._lines[self.cursor], self.cursor - self.top
        self._lines, self._folded, self.is_complete = lines, in_parts, True
        place = (current.begin, current.at)
        at = bisect_left(lines, place, key=lambda line: (line.begin, line.at))
        self.lines_changed(at, at - rows_above)
        self.post_message(self.LaidOut())


def _count(citing: int) -> str:
    more = "+" if citing > _MAX_COUNT else ""
    return f" ×{min(citing, _MAX_COUNT)}{more}" if citing else ""


def _lines_around(source: SourceLines, width: int, wanted: int) -> list[SourceLine]:
    """Return the drawn lines around a line of a long text, and a line that says so at each cut."""
    most = _LINES_BEFORE * width
    at, _ = source.text.line(wanted)
    first = max(wanted - _LINES_BEFORE, source.text.lines_in((max(0, at - most), at))[0], 1)
    begins = (number for number in range(first, wanted) if not source.continues_below(number))
    first = next(begins, wanted - 1) + 1 if first > 1 else 1
    lines = list(islice(_wrapped_lines(source, width, first), _MAX_AT_ONCE))
    before = [_cut_line(lines[0])] if first > 1 else []
    return [*before, *lines, _cut_line(lines[-1])]


def _cut_line(line: SourceLine) -> SourceLine:
    """Return the line that stands for the part beside `line` that is not laid out yet."""
    return SourceLine(line.number, line.begin, "", line.at or 1, _MORE)


def _wrap_in_steps(
    source: SourceLines, width: int, lines: list[SourceLine]
) -> Generator[float, None, None]:
    """Append the drawn lines of a text to `lines` step by step; yield the progress, 0 to 1."""
    for count, line in enumerate(_wrapped_lines(source, width), start=1):
        lines.append(line)
        if count % _LINES_PER_STEP == 0:
            yield line.number / source.text.line_count


def _fold_in_steps(
    lines: Sequence[SourceLine],
) -> Generator[float, None, tuple[array[int], FoldedParts]]:
    """Fold the lines or paragraphs that are drawn; return the first drawn line of each, and all."""
    places, parts, length = array("I"), [], 0
    for place, line in enumerate(lines):
        if place and line.begin == lines[place - 1].begin:
            continue
        if length > _FOLDED_PER_STEP:
            length = 0
            yield place / len(lines)
        places.append(place)
        parts.append(folded(line.raw))
        length += len(line.raw) + 1
    return places, FoldedParts(parts)


def _wrapped_lines(source: SourceLines, width: int, number: int = 1) -> Iterator[SourceLine]:
    """Yield the drawn lines of a text from line `number` on, none wider than `width` cells.

    A line of prose that does not fit is joined with the rest of its paragraph before wrapping,
    because its line break only comes from the width of the original page.
    """
    while number <= source.text.line_count:
        last = number
        while not _fits(source.line(last), width) and source.continues_below(last):
            last += 1
            if last - number == _MOST_JOINED:
                break
        yield from _wrapped_paragraph(source, number, last, width)
        number = last + 1


def _wrapped_paragraph(
    source: SourceLines, first: int, last: int, width: int
) -> Iterator[SourceLine]:
    begin, end = source.text.line(first)[0], source.text.line(last)[1]
    # Further lines are indented to the first word, not to the number before it.
    start = _LINE_START.match(_drawn(source.text.text[begin : min(end, begin + width)]))
    hang = min(start.end() if start else 0, width // 2)
    for part, raw in _parts(source.text.text, begin, end):
        drawn = _drawn(raw)
        at = 0
        for piece in _pieces(drawn, width, hang, is_start=part == begin):
            at = max(at, drawn.find(piece, at))
            is_start = (part, at) == (begin, 0)
            number = source.text.lines_in((part + at, part + at))[0] if last > first else first
            yield SourceLine(number, part, raw, at, piece, 0 if is_start else hang, is_start)
            at += len(piece)


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield a line or paragraph in parts that are drawn by themselves, with where each begins."""
    while True:
        longest = begin + _LONGEST_PART
        # A part ends after a space, if there is one.
        cut = text.rfind(" ", begin, longest) + 1 or longest if longest < end else end
        yield begin, text[begin:cut].replace("\n", " ")
        if cut == end:
            return
        begin = cut


def _pieces(drawn: str, width: int, hang: int, *, is_start: bool) -> Iterator[str]:
    """Yield a part in lines, the first line of a paragraph being wider by `hang`."""
    if is_start and _fits(drawn, width):
        yield drawn
        return
    if is_start:
        first = next(wrap_line(drawn[: 2 * width], width))
        yield first
        drawn = drawn[len(first) :].lstrip(" ")
    yield from wrap_line(drawn, width - hang)


def _fits(line: str, width: int) -> bool:
    return (
        len(line) <= _LONGEST_PART
        and cell_len(inert_start(line.expandtabs(_TAB_WIDTH), width)) <= width
    )


def _drawn(line: str) -> str:
    return inert(line.expandtabs(_TAB_WIDTH))
