"""The panes of a case: which there are, in what order, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import msgspec
from msgspec.structs import replace

from casefile.case.problem import Problem
from casefile.views import problems
from casefile.views.kinds import CASE, EVENT, PROBLEMS, Column, Kind
from casefile.views.open_case import OpenCase

if TYPE_CHECKING:
    from casefile.notes.drafts import Draft

_ROWS_MEASURED = 300

NotesOrder: TypeAlias = Literal["time", "entry", "tag", "author"]
NOTES_ORDERS: tuple[NotesOrder, ...] = get_args(NotesOrder)
"""The orders in which the notes can stand, one after the other."""


class Row(msgspec.Struct, frozen=True):
    """One line of a pane: an entry, a note or a draft on one, a problem, or a heading between."""

    entry: str = ""
    note: str | None = None
    draft: Draft | None = None
    problem: Problem | None = None
    heading: str | None = None
    under: str = ""
    """The heading that it stands under, where one note may stand under several."""


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
    def count(self) -> int:
        """The number of rows that are no headings."""
        return sum(row.heading is None for row in self.rows)

    def place_of_row(self, row: Row) -> int | None:
        """Give the place of a row, or of one on the same note or entry, among the rows."""
        if row in self.rows:
            return self.rows.index(row)
        draft = row.draft.id if row.draft else None
        return self.place_of(row.entry, row.note, draft)

    def place_of(self, entry: str, note: str | None = None, draft: str | None = None) -> int | None:
        """Give the place of an entry, or of a note or a draft on it, among the rows."""
        places = (
            place
            for place, row in enumerate(self.rows)
            if row.entry == entry
            and row.heading is None
            and note in (None, row.note)
            and (draft is None or (row.draft and row.draft.id == draft))
        )
        return next(places, None)


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
    return (*numbered, Pane(CASE.pane, CASE.columns, (Row(open_case.case_file.case.id),), "0"))


def cell(open_case: OpenCase, row: Row, column: Column) -> str:
    """Give what stands in a column of a row."""
    if row.problem is not None:
        return column.words(open_case, row.problem)
    if row.note is not None:
        return column.words(open_case, open_case.notebook.note(row.note))
    if row.draft is not None:
        return column.words(open_case, row.draft)
    return column.words(open_case, open_case.entry(row.entry))


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
    entries = [row for row in rows[:_ROWS_MEASURED] if row.heading is None]
    for column in columns:
        if not column.wide:
            yield column
        elif longest := max((len(cell(open_case, row, column)) for row in entries), default=0):
            yield replace(column, width=min(column.width, longest), wide=min(column.wide, longest))


def _file_rows(open_case: OpenCase, kind: Kind) -> Iterator[Row]:
    return (Row(entry.id) for entry in open_case.case_file.in_table(kind.name))


def _timeline_rows(open_case: OpenCase) -> Iterator[Row]:
    timeline = open_case.timeline
    yield from (Row(placement.id) for placement in timeline.placed)
    if timeline.unplaced:
        yield Row(heading="Tied to no date")
        yield from (Row(entry) for entry in timeline.unplaced)


def _notes_pane(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, drafts: Sequence[Draft]
) -> Iterator[Pane]:
    if open_case.notebook.notes or drafts:
        # Where there are none, the start need not pay for what puts them in order.
        from casefile.views.notes_pane import notes_pane

        yield from notes_pane(open_case, panes, order, drafts)


def _problems_pane(open_case: OpenCase) -> Iterator[Pane]:
    if open_case.problems:
        rows = tuple(Row(problem.entry or "", problem=problem) for problem in open_case.problems)
        yield Pane(PROBLEMS, problems.COLUMNS, rows)
