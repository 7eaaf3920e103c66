"""The panes of a case: which there are, in what order, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import replace

from casefile.case.problem import Problem
from casefile.notes.drafts import Draft
from casefile.views import problems
from casefile.views.kinds import CASE, EVENT, PROBLEMS, Column, Kind
from casefile.views.open_case import OpenCase

_ROWS_MEASURED = 300

NotesOrder: TypeAlias = Literal["time", "entry", "tag", "author"]
NOTES_ORDERS: tuple[NotesOrder, ...] = get_args(NotesOrder)
"""The orders in which the notes can stand, one after the other."""


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
Row: TypeAlias = SelectableRow | HeadingRow


class Pane(msgspec.Struct, frozen=True):
    """Rows under one title; the words of a row are made only when it is drawn."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    number: str = ""
    """The key that opens it; empty beyond the ninth."""
    summary: str = ""
    """What its rows come to, in words."""
    empty: str = ""
    """What is said where there are no rows."""
    has_headings: bool = False
    """Whether the names of its columns stand above its rows."""

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

        def is_wanted(row: Row) -> bool:
            if isinstance(row, HeadingRow) or row.entry != entry:
                return False
            if note is not None:
                return isinstance(row, NoteRow) and row.note == note
            if draft is not None:
                return isinstance(row, DraftRow) and row.draft.id == draft
            return True

        return next((place for place, row in enumerate(self.rows) if is_wanted(row)), None)


def panes_of(
    open_case: OpenCase, notes_order: NotesOrder = "time", drafts: Sequence[Draft] = ()
) -> tuple[Pane, ...]:
    """Give the panes that are there, in their order; the case itself is last, under 0.

    The notes stand in an order of their own, and with them the drafts.
    """
    several = [
        pane for kind in open_case.kinds if kind is not CASE for pane in _pane_of(open_case, kind)
    ]
    several += _notes_pane(open_case, several, notes_order, drafts)
    several += _problems_pane(open_case)
    numbered = tuple(
        replace(pane, number=str(number) if number <= 9 else "")
        for number, pane in enumerate(several, start=1)
    )
    return (*numbered, Pane(CASE.pane, CASE.columns, (EntryRow(open_case.case_file.case.id),), "0"))


def cell(open_case: OpenCase, row: SelectableRow, column: Column) -> str:
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


def _pane_of(open_case: OpenCase, kind: Kind) -> Iterator[Pane]:
    rows = tuple(_timeline_rows(open_case) if kind is EVENT else _file_rows(open_case, kind))
    if rows or kind.always:
        summary = kind.summary(open_case) if kind.summary else ""
        empty = f"This case file has no {kind.plural}."
        yield Pane(
            kind.pane,
            fitted_columns(open_case, kind.columns, rows),
            rows,
            summary=summary,
            empty=empty,
            has_headings=kind.has_headings,
        )


def fitted_columns(
    open_case: OpenCase, columns: Sequence[Column], rows: Sequence[Row]
) -> tuple[Column, ...]:
    """Give columns no wider than their words, as far as the first rows tell; none without words."""
    return tuple(_fitted(open_case, columns, rows))


def _fitted(
    open_case: OpenCase, columns: Sequence[Column], rows: Sequence[Row]
) -> Iterator[Column]:
    measured = [row for row in rows[:_ROWS_MEASURED] if not isinstance(row, HeadingRow)]
    for column in columns:
        if not column.wide:
            yield column
        elif longest := max((len(cell(open_case, row, column)) for row in measured), default=0):
            yield replace(column, width=min(column.width, longest), wide=min(column.wide, longest))


def _file_rows(open_case: OpenCase, kind: Kind) -> Iterator[Row]:
    return (EntryRow(entry.id) for entry in open_case.case_file.in_table(kind.name))


def _timeline_rows(open_case: OpenCase) -> Iterator[Row]:
    timeline = open_case.timeline
    yield from (EntryRow(placement.id) for placement in timeline.placed)
    if timeline.unplaced:
        yield HeadingRow("Tied to no date")
        yield from (EntryRow(entry) for entry in timeline.unplaced)


def _notes_pane(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, drafts: Sequence[Draft]
) -> Iterator[Pane]:
    if open_case.notebook.notes or drafts:
        # Where there are none, the start need not pay for what puts them in order.
        from casefile.views.notes_pane import notes_pane

        yield from notes_pane(open_case, panes, order, drafts)


def _problems_pane(open_case: OpenCase) -> Iterator[Pane]:
    if open_case.problems:
        rows = tuple(ProblemRow(problem.entry or "", problem) for problem in open_case.problems)
        yield Pane(PROBLEMS, problems.COLUMNS, rows)
