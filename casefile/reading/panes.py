"""The panes of a case: which there are, in what order, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from casefile.case.problem import Problem
from casefile.reading import noting, problems
from casefile.reading.kinds import CASE, EVENT, NOTES, PROBLEMS, Column, Kind
from casefile.reading.open_case import OpenCase

_ROWS_MEASURED = 300
_NOTE_COLUMNS = (
    Column("When", noting.when, 12),
    Column("Note", noting.first_line),
    Column("On", noting.subject, 24, from_width=56),
)


class Row(msgspec.Struct, frozen=True):
    """One line of a pane: an entry, a note on one, a problem, or a heading between them."""

    entry: str = ""
    note: str | None = None
    problem: Problem | None = None
    heading: str | None = None


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
        return self.rows.index(row) if row in self.rows else self.place_of(row.entry, row.note)

    def place_of(self, entry: str, note: str | None = None) -> int | None:
        """Give the place of an entry, or of a note on it, among the rows."""
        places = (
            place
            for place, row in enumerate(self.rows)
            if row.entry == entry and row.heading is None and note in (None, row.note)
        )
        return next(places, None)


def panes_of(open_case: OpenCase) -> tuple[Pane, ...]:
    """Give the panes that are there, in their order; the case itself is last, under 0."""
    several = [
        pane for kind in open_case.kinds if kind is not CASE for pane in _pane_of(open_case, kind)
    ]
    several += _notes_pane(open_case)
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
    return column.words(open_case, open_case.entry(row.entry))


def _pane_of(open_case: OpenCase, kind: Kind) -> Iterator[Pane]:
    rows = tuple(_timeline_rows(open_case) if kind is EVENT else _file_rows(open_case, kind))
    if rows or kind.always:
        summary = kind.summary(open_case) if kind.summary else ""
        empty = f"This case file has no {kind.plural}."
        yield Pane(
            kind.pane,
            tuple(_fitted(open_case, kind.columns, rows)),
            rows,
            summary=summary,
            empty=empty,
            has_headings=kind.has_headings,
        )


def _fitted(
    open_case: OpenCase, columns: Sequence[Column], rows: Sequence[Row]
) -> Iterator[Column]:
    """Give columns no wider than their words, as far as the first rows tell; none without words."""
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


def _notes_pane(open_case: OpenCase) -> Iterator[Pane]:
    rows = tuple(Row(note.current.entry, note.id) for note in noting.newest_first(open_case))
    if rows:
        yield Pane(NOTES, _NOTE_COLUMNS, rows)


def _problems_pane(open_case: OpenCase) -> Iterator[Pane]:
    if open_case.problems:
        rows = tuple(Row(problem.entry or "", problem=problem) for problem in open_case.problems)
        yield Pane(PROBLEMS, problems.COLUMNS, rows)
