"""The list of the open pane: one line per row, with columns and marks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message

from casefile.tui.drawing import fit_to_width, shorten_to_width
from casefile.tui.line_view import LineView
from casefile.views import entry_notes
from casefile.views.kinds import Column
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    DraftRow,
    HeadingRow,
    NoteRow,
    Pane,
    ProblemRow,
    SelectableRow,
    cell_text,
)
from casefile.views.session import Session

_GAP = 1
_MARK_WIDTH = 5
_WIDE_LIST = 60
"""The width from which columns get their `wide` number of cells."""


class EntryList(LineView[SelectableRow | HeadingRow]):
    """The rows of a pane."""

    class EntrySelected(Message):
        """The cursor moved to another row."""

    class EntryOpened(Message):
        """The selected row was clicked."""

    def __init__(self, session: Session, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id, viewport=session.viewport)
        self._session = session

    @property
    def pane(self) -> Pane:
        """The pane whose rows are listed."""
        return self._session.pane

    @property
    def _open_case(self) -> OpenCase:
        return self._session.open_case

    @property
    def lines(self) -> Sequence[SelectableRow | HeadingRow]:
        """The rows, including headings."""
        return self.pane.rows

    @property
    def empty_text(self) -> str:
        """The text shown in a pane without rows."""
        return self.pane.empty

    @property
    def header(self) -> list[Segment] | None:
        """The names of the columns, in panes that need them."""
        if not self.pane.has_headings:
            return None
        columns = _columns_in(self.pane.columns, self.size.width)
        words = " ".join(_in_column(column.heading, column, cells) for column, cells in columns)
        return [Segment(f" {words}", self.style_of("label"))]

    @property
    def row(self) -> SelectableRow | None:
        """The row under the cursor."""
        return self._session.row

    def rows_changed(self) -> None:
        """Draw the rows anew, after the session has exchanged them."""
        self.lines_changed(self.cursor, self.top)

    def is_selectable(self, number: int) -> bool:
        """Keep the cursor off the headings."""
        return not isinstance(self.pane.rows[number], HeadingRow)

    def cursor_moved(self) -> None:
        """Post the row that is selected now."""
        if self.row:
            self.post_message(self.EntrySelected())

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a row: the cursor sign, its columns and its mark; or a heading."""
        row = self.pane.rows[number]
        if isinstance(row, HeadingRow):
            heading = shorten_to_width(row.heading, width)
            rule = "─" * max(0, width - cell_len(heading) - 4)
            return [Segment(f"  {heading} {rule}", self.style_of("heading"))]
        sign, style, minor = self.row_start(number)
        segments = [sign]
        mark = self._mark(row)
        unused = _MARK_WIDTH - cell_len(mark)
        columns = _columns_in(self.pane.columns, width)
        if columns and columns[-1][0].width == 0:
            # The text of the last column extends into the unused cells of the mark.
            last, room = columns.pop()
            columns.append((last, room + unused))
        else:
            mark = " " * unused + mark
        for place, (column, room) in enumerate(columns):
            text = _in_column(cell_text(self._open_case, row, column), column, room)
            segments += self.with_matches(text, minor if place and column.width else style)
            segments.append(Segment(" " * _GAP, style))
        segments.append(Segment(mark, style + self.style_of("mark") if mark.strip() else style))
        return segments

    def line_clicked(self, *, was_selected: bool) -> None:
        """Open the row if it was selected before the click."""
        if was_selected and self.row:
            self.post_message(self.EntryOpened())

    def _mark(self, row: SelectableRow) -> str:
        if isinstance(row, NoteRow | DraftRow):
            return ""
        entry_id, open_case = row.entry, self._open_case
        is_problem = isinstance(row, ProblemRow)
        wrong = "▲" if not is_problem and open_case.problems_of(entry_id) else ""
        changed = {"new": "+", "changed": "±"}.get(open_case.change_of(entry_id) or "", "")
        return f"{changed}{wrong}{entry_notes.entry_marks(open_case, entry_id)}"[-_MARK_WIDTH:]


def _in_column(words: str, column: Column, cells: int) -> str:
    return fit_to_width(words.rjust(cells) if column.is_number else words, cells)


def _columns_in(columns: tuple[Column, ...], width: int) -> list[tuple[Column, int]]:
    """Return the columns that fit into a width, with their cells."""
    is_wide = width >= _WIDE_LIST
    sized = [
        (column, (is_wide and column.wide) or column.width)
        for column in columns
        if width >= column.from_width
    ]
    rest = width - 1 - _MARK_WIDTH - _GAP * len(sized) - sum(cells for _, cells in sized)
    return [(column, cells or max(1, rest)) for column, cells in sized]
