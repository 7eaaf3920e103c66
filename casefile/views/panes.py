"""Panes as data: their rows, their columns, and the text of a row in a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import replace

from casefile.case.problem import Problem
from casefile.views.kinds import Column
from casefile.views.open_case import OpenCase

if TYPE_CHECKING:
    from casefile.notes.draft import Draft

_ROWS_MEASURED = 300

NotesOrder: TypeAlias = Literal["time", "entry", "tag", "author"]
NOTES_ORDERS: tuple[NotesOrder, ...] = get_args(NotesOrder)
"""The orders of the pane of notes, in the order in which a key goes through them."""


class EntryRow(msgspec.Struct, frozen=True):
    """A row that shows an entry of the case file."""

    entry: str


class NoteRow(msgspec.Struct, frozen=True):
    """A row that shows a note, with the id of its entry."""

    entry: str
    note: str
    under: str = ""
    """The heading above the row, where the note may be listed under several headings."""


class DraftRow(msgspec.Struct, frozen=True):
    """A row that shows an unfinished note, with the id of its entry."""

    entry: str
    draft: Draft
    under: str = ""
    """The heading above the row, where the draft may be listed under several headings."""


class ProblemRow(msgspec.Struct, frozen=True):
    """A row that shows a problem in the file."""

    entry: str
    """The id of the entry that the problem is in; empty if it is in none."""
    problem: Problem


class HeadingRow(msgspec.Struct, frozen=True):
    """A heading between rows."""

    heading: str


SelectableRow: TypeAlias = EntryRow | NoteRow | DraftRow | ProblemRow
"""A row that the cursor can be on."""
PaneRow: TypeAlias = SelectableRow | HeadingRow


class Pane(msgspec.Struct, frozen=True):
    """Rows under one title; the text of a row is made only when it is drawn."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[PaneRow, ...]
    number: str = ""
    """The key that opens the pane; empty from the tenth pane on."""
    summary: str = ""
    """A summary of all rows, in words."""
    empty: str = ""
    """The text in place of rows, if there are none."""
    has_headings: bool = False
    """Whether the list shows the headings of the columns."""

    @property
    def selectable_rows(self) -> Iterator[SelectableRow]:
        """The rows that are not headings."""
        return (row for row in self.rows if not isinstance(row, HeadingRow))

    @property
    def count(self) -> int:
        """The number of rows that are not headings."""
        return sum(1 for _ in self.selectable_rows)

    def place_of_row(self, row: SelectableRow) -> int | None:
        """Return the index of `row`, else of a row for the same note, draft or entry."""
        if row in self.rows:
            return self.rows.index(row)
        match row:
            case NoteRow():
                return self.place_of(row.entry, note=row.note)
            case DraftRow():
                return self.place_of(row.entry, draft=row.draft.id)
            case _:
                return self.place_of(row.entry)

    def place_of(self, entry: str, note: str | None = None, draft: str | None = None) -> int | None:
        """Return the index of the first row for an entry, or for a note or draft on it."""

        def is_wanted(row: PaneRow) -> bool:
            if isinstance(row, HeadingRow) or row.entry != entry:
                return False
            if note is not None:
                return isinstance(row, NoteRow) and row.note == note
            if draft is not None:
                return isinstance(row, DraftRow) and row.draft.id == draft
            return True

        return next((place for place, row in enumerate(self.rows) if is_wanted(row)), None)


def cell_text(open_case: OpenCase, row: SelectableRow, column: Column) -> str:
    """Return the text of a row in one column."""
    match row:
        case EntryRow():
            return column.words(open_case, open_case.entry(row.entry))
        case NoteRow():
            return column.words(open_case, open_case.notebook.note(row.note))
        case DraftRow():
            return column.words(open_case, row.draft)
        case ProblemRow():
            return column.words(open_case, row.problem)


def fitted_columns(
    open_case: OpenCase, columns: Sequence[Column], rows: Sequence[PaneRow]
) -> tuple[Column, ...]:
    """Return the columns no wider than the text of the first rows, without empty columns."""
    fitted: list[Column] = []
    measured = [row for row in rows[:_ROWS_MEASURED] if not isinstance(row, HeadingRow)]
    for column in columns:
        if not column.wide:
            fitted.append(column)
            continue
        fitted_to = replace(column, words=column.fitted_to or column.words)
        longest = max((len(cell_text(open_case, row, fitted_to)) for row in measured), default=0)
        if longest:
            width, wide = min(column.width, longest), min(column.wide, longest)
            fitted.append(replace(column, width=width, wide=wide))
    return tuple(fitted)
