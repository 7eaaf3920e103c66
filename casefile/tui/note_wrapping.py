"""Wrapping of the text in the note editor: a key costs as much in a line of a megabyte as in any.

Textual wraps the whole line again at each key, and divides it for each row that it draws.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload

from rich.cells import cell_len, get_character_cell_size
from textual.document._document import DocumentBase, Location
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset

from casefile.text.common_ends import common_end, common_start

_WORD_START = re.compile(r".*\s(?=\S)", re.DOTALL)
_ONE_CELL_EACH = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2400-\u2421\ufffd]*"
)
_TWO_CELLS_EACH = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*")
"""Most rows are of such characters alone, and need not be measured."""
_MOST_PER_CELL = 8
"""The most characters that a cell takes as drawn: a letter, its marks and joiners."""
_ROWS_BEFORE = 2
"""How many rows before an edit may change: its first word may fit into the row before."""


class Rows(Sequence[str]):
    """The rows of a line, each cut from it when it is asked for."""

    def __init__(self, line: str, offsets: list[int]) -> None:
        self._line = line
        self._offsets = offsets

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._offsets) + 1

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> list[str]: ...

    def __getitem__(self, number: int | slice) -> str | list[str]:
        """Return one or several rows."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        start, end = self.span(range(len(self))[number])
        return self._line[start:end]

    def span(self, number: int) -> tuple[int, int]:
        """Return where a row begins and ends in the line."""
        start = self._offsets[number - 1] if number else 0
        return start, self._offsets[number] if number < len(self._offsets) else len(self._line)


class NoteWrapping(WrappedDocument):
    """A wrapped document that wraps again only what an edit has changed.

    A tab is as wide as its column in the row makes it.
    """

    def __init__(self, document: DocumentBase, width: int = 0, tab_width: int = 4) -> None:
        self._wrapped_lines: list[str] = []
        """The lines as they were when they were wrapped."""
        self._rows_added = array("L")
        """How many rows the lines before each line have beyond one each."""
        self._one_row: list[int] = []
        self._more_than_row = ""
        """As many tabs as fill a row, and one more."""
        super().__init__(document, width, tab_width)

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self._rows_added) + self._rows_added[-1] + len(self._wrap_offsets[-1])

    def offset_to_line(self, row: int) -> tuple[int, int]:
        """Return the line that a row is of, and the number of the row in it."""
        lines = range(len(self._rows_added))
        line = bisect_right(lines, row, key=self._first_row) - 1
        return line, row - self._first_row(line)

    def _first_row(self, line: int) -> int:
        return line + self._rows_added[line]

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Wrap all lines at a width."""
        tab_width = tab_width or self._tab_width
        is_wrapped = (width, tab_width) == (self._width, self._tab_width)
        # Textual asks for it several times while a text is opened.
        if is_wrapped and self._wrapped_lines == self.document.lines:
            return
        self._width, self._tab_width = width, tab_width
        self._more_than_row = "\t" * (max(1, width // tab_width) + 1)
        self._wrapped_lines = list(self.document.lines)
        self._wrap_offsets = [*map(self._wrapped, self._wrapped_lines)]
        self._number_rows(0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Wrap the lines again that an edit has changed, from its start to its end."""
        last = len(self._wrapped_lines) - 1
        top = min(start[0], old_end[0], last)
        bottom = min(max(start[0], old_end[0]), last)
        lines = self.document.lines[top : max(start[0], new_end[0]) + 1]
        rows = [*map(len, self._wrap_offsets[top : bottom + 1])]
        if top == bottom and len(lines) == 1:
            offsets = [self._wrapped_again(top, lines[0])]
        else:
            offsets = [*map(self._wrapped, lines)]
        self._wrapped_lines[top : bottom + 1] = lines
        self._wrap_offsets[top : bottom + 1] = offsets
        if rows != [*map(len, offsets)]:
            self._number_rows(top)

    def _number_rows(self, top: int) -> None:
        """Set the numbers of the rows from line `top` on."""
        added = self._rows_added[top] if top < len(self._rows_added) else 0
        del self._rows_added[top:]
        counts = map(len, self._wrap_offsets[top:-1])
        self._rows_added.extend(accumulate(counts, initial=added))

    def offset_to_location(self, offset: Offset) -> Location:
        """Return the location at a cell, or the nearest one in the last row."""
        line, section = self.offset_to_line(min(max(0, offset.y), self.height - 1))
        return line, self.get_target_document_column(line, max(0, offset.x), section)

    def location_to_offset(self, location: Location) -> Offset:
        """Return the cell of a location; during an undo the cursor may be behind the end."""
        line = min(location[0], len(self._wrap_offsets) - 1)
        column = min(location[1], len(self.document[line]))
        section = bisect_right(self._wrap_offsets[line], column)
        start, _end = self.get_sections(line).span(section)
        if not self._width:
            # Nothing is drawn yet, and the row is the whole line.
            return Offset(column, line)
        before = expand_tabs_inline(self.document[line][start:column], self._tab_width)
        return Offset(cell_len(before), self._first_row(line) + section)

    def get_sections(self, line_index: int) -> Rows:  # type: ignore[override]
        """Return the rows of a line."""
        return Rows(self.document[line_index], self._wrap_offsets[line_index])

    def get_tab_widths(self, line_index: int) -> list[int]:  # noqa: ARG002 (Textual's own)
        """Return no widths of tabs: they are as wide as their column in the row makes them."""
        return []

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """Return the column of a line at a cell of one of its rows, also counted from the last."""
        rows = self.get_sections(line_index)
        number = y_offset % len(rows)
        start, end = rows.span(number)
        column = start + column_at(rows[number], x_offset, self._tab_width)
        # Only behind the last row there is room for the cursor.
        return min(column, end if number == len(rows) - 1 else end - 1)

    def _wrapped(self, line: str) -> list[int]:
        """Return where the rows of a line begin but the first."""
        # No character but a tab takes more than two cells.
        is_short = len(line) * max(2, self._tab_width) <= self._width
        return self._one_row if is_short or not self._width else [*self._starts(line)]

    def _starts(self, line: str, at: int = 0) -> Iterator[int]:
        """Yield where the rows begin that follow the row which begins at `at`."""
        width = self._width
        while width:
            end = self._row_end(line, at)
            if end >= len(line):
                return
            yield end
            at = end

    def _row_end(self, line: str, at: int) -> int:
        """Return where the row that begins at `at` ends."""
        if line.startswith(self._more_than_row, at):
            return at + len(self._more_than_row) - 1
        window = line[at : at + self._width + 1]
        if _ONE_CELL_EACH.fullmatch(window):
            limit = at + self._width
        elif _TWO_CELLS_EACH.fullmatch(window):
            limit = at + max(1, self._width // 2)
        else:
            window = line[at : at + _MOST_PER_CELL * (self._width + 1)]
            limit = at + max(1, column_at(window, self._width, self._tab_width))
        if limit >= len(line):
            return limit
        # Words and the spaces behind them stay together; a word that is wider is cut.
        word = _WORD_START.match(line, at, limit + 1)
        return word.end() if word else limit

    def _wrapped_again(self, index: int, line: str) -> list[int]:
        """Return where the rows of a line begin after an edit, wrapping only those it changed."""
        before, offsets = self._wrapped_lines[index], self._wrap_offsets[index]
        same = common_start(before, line)
        longer = len(line) - len(before)
        same_end = common_end(before[same:], line[same:])
        kept = max(0, bisect_right(offsets, same) - _ROWS_BEFORE)
        starts = offsets[:kept]
        for start in self._starts(line, starts[-1] if starts else 0):
            if start >= len(line) - same_end:
                at = bisect_left(offsets, start - longer)
                if at < len(offsets) and offsets[at] == start - longer:
                    return starts + [offset + longer for offset in offsets[at:]]
            starts.append(start)
        return starts


def column_at(text: str, cells: int, tab_width: int) -> int:
    """Return how many characters of a row fit into some cells, or stand before a cell."""
    taken = 0
    for column, character in enumerate(text):
        is_tab = character == "\t"
        taken += tab_width - taken % tab_width if is_tab else get_character_cell_size(character)
        if taken > cells:
            return column
    return len(text)
