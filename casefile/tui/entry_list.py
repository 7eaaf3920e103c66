"""The list of a pane: one line an entry, exchanged when the pane changes."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message

from casefile.query import Query
from casefile.text.inert import inert
from casefile.tui.drawing import fitted, marked
from casefile.tui.line_view import LineView
from casefile.views import noting
from casefile.views.kinds import Column
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    DraftRow,
    HeadingRow,
    NoteRow,
    Pane,
    ProblemRow,
    SelectableRow,
    cell,
)

_CURSOR = "▌"
_GAP = 1
_MARK_WIDTH = 5
_WIDE_LIST = 60


class EntryList(LineView):
    """The rows of one pane, of which only those in sight are made and drawn."""

    @dataclass
    class EntrySelected(Message):
        """The cursor stands on another row."""

        row: SelectableRow

    @dataclass
    class EntryOpened(Message):
        """A row was opened with the mouse."""

        row: SelectableRow

    def __init__(self, open_case: OpenCase, pane: Pane, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._open_case = open_case
        self.pane = pane
        self.query_marked: Query | None = None

    @property
    def line_count(self) -> int:
        """The number of rows, headings included; an empty pane has none."""
        return len(self.pane.rows)

    @property
    def empty_words(self) -> str:
        """What is said of a pane without rows."""
        return self.pane.empty

    @property
    def head(self) -> list[Segment] | None:
        """The names of the columns, where nobody could know what they hold."""
        if not self.pane.has_headings:
            return None
        shown = _shown(self.pane.columns, self.size.width)
        words = " ".join(_in_column(column.heading, column, cells) for column, cells in shown)
        return [Segment(f" {words}", self.style_of("label"))]

    @property
    def row(self) -> SelectableRow | None:
        """The row under the cursor; None in an empty pane."""
        rows = self.pane.rows
        row = rows[self.cursor] if self.cursor < len(rows) else None
        return None if isinstance(row, HeadingRow) else row

    def show(self, open_case: OpenCase, pane: Pane, cursor: int = 0, top: int = 0) -> None:
        """Exchange the rows for those of a pane."""
        self._open_case = open_case
        self.pane = pane
        self.lines_changed(cursor, top)

    def mark(self, query: Query | None) -> None:
        """Mark the words of a query in the rows, or no longer."""
        if query != self.query_marked:
            self.query_marked = query
            self.refresh()

    def can_stand(self, number: int) -> bool:
        """Keep the cursor off the headings."""
        return not isinstance(self.pane.rows[number], HeadingRow)

    def cursor_moved(self) -> None:
        """Tell which row is selected now."""
        if self.row:
            self.post_message(self.EntrySelected(self.row))

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a row: the cursor, its columns, and a mark where there are notes."""
        row = self.pane.rows[number]
        if isinstance(row, HeadingRow):
            heading = inert(row.heading)
            rule = "─" * max(0, width - cell_len(heading) - 4)
            return [Segment(f"  {heading} {rule}", self.style_of("heading"))]
        here = number == self.cursor
        style = self.style_of("cursor") if here else Style.null()
        segments = [Segment(_CURSOR if here else " ", style)]
        mark = self._mark(row)
        unused = _MARK_WIDTH - cell_len(mark)
        columns = _shown(self.pane.columns, width)
        if columns and columns[-1][0].width == 0:
            # Words that would be cut go on where there is nothing to mark.
            last, room = columns.pop()
            columns.append((last, room + unused))
        else:
            mark = " " * unused + mark
        for place, (column, room) in enumerate(columns):
            quiet = self.style_of("faint") if place and not here else Style.null()
            words = _in_column(cell(self._open_case, row, column), column, room)
            text_style = style if len(columns) == 1 or column.width == 0 else style + quiet
            found = self.style_of("found")
            segments += marked(words, text_style, self.query_marked, found)
            segments.append(Segment(" " * _GAP, style))
        segments.append(Segment(mark, style + self.style_of("mark") if mark.strip() else style))
        return segments

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse; a click on the selected row opens it."""
        number = self.line_at(event)
        if number is None or not self.can_stand(number):
            return
        already = number == self.cursor
        self.move_cursor(number)
        if already and self.row:
            self.post_message(self.EntryOpened(self.row))

    def _mark(self, row: SelectableRow) -> str:
        if isinstance(row, NoteRow | DraftRow):
            return ""
        entry_id, open_case = row.entry, self._open_case
        is_problem = isinstance(row, ProblemRow)
        wrong = "▲" if not is_problem and open_case.problems_of(entry_id) else ""
        changed = {"new": "+", "changed": "±"}.get(open_case.change_of(entry_id) or "", "")
        return f"{changed}{wrong}{noting.marks(open_case, entry_id)}"[-_MARK_WIDTH:]


def _in_column(words: str, column: Column, cells: int) -> str:
    return fitted(words.rjust(cells) if column.is_number else words, cells)


def _shown(columns: tuple[Column, ...], width: int) -> list[tuple[Column, int]]:
    """Give the columns that a width has room for, with their cells."""
    is_wide = width >= _WIDE_LIST
    several = [
        (column, (is_wide and column.wide) or column.width)
        for column in columns
        if width >= column.from_width
    ]
    rest = width - 1 - _MARK_WIDTH - _GAP * len(several) - sum(cells for _, cells in several)
    return [(column, cells or max(1, rest)) for column, cells in several]
