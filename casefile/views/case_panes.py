"""The panes of a case, in their order, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from casefile.notes.drafts import Draft
from casefile.views import problems
from casefile.views.kinds import CASE, EVENT, PROBLEMS, EntryKind
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    EntryRow,
    HeadingRow,
    NotesOrder,
    Pane,
    PaneRow,
    ProblemRow,
    fitted_columns,
)


def panes_of(
    open_case: OpenCase, notes_order: NotesOrder = "time", drafts: Sequence[Draft] = ()
) -> tuple[Pane, ...]:
    """Return the panes in their order; the case itself is last, with the number 0.

    The pane of notes shows `drafts` too, in `notes_order`.
    """
    panes = [
        pane for kind in open_case.kinds if kind is not CASE for pane in _pane_of(open_case, kind)
    ]
    if open_case.notebook.notes or drafts:
        # Imported here: most cases have no notes.
        from casefile.views.notes_pane import notes_pane

        panes += notes_pane(open_case, panes, notes_order, drafts)
    if open_case.problems:
        rows = tuple(ProblemRow(problem.entry or "", problem) for problem in open_case.problems)
        panes.append(Pane(PROBLEMS, problems.COLUMNS, rows))
    numbered = tuple(
        replace(pane, number=str(number) if number <= 9 else "")
        for number, pane in enumerate(panes, start=1)
    )
    return (*numbered, Pane(CASE.pane, CASE.columns, (EntryRow(open_case.case_file.case.id),), "0"))


def _pane_of(open_case: OpenCase, kind: EntryKind) -> Iterator[Pane]:
    entries = open_case.case_file.in_table(kind.name)
    rows: tuple[PaneRow, ...] = tuple(EntryRow(entry.id) for entry in entries)
    if kind is EVENT:
        rows = tuple(_timeline_rows(open_case))
    if rows or kind.is_always_shown:
        summary = kind.summary(open_case) if kind.summary else ""
        yield Pane(
            kind.pane,
            fitted_columns(open_case, kind.columns, rows),
            rows,
            summary=summary,
            empty=f"This case file has no {kind.plural}.",
            has_headings=kind.has_headings,
        )


def _timeline_rows(open_case: OpenCase) -> Iterator[PaneRow]:
    timeline = open_case.timeline
    yield from (EntryRow(placement.id) for placement in timeline.placed)
    if timeline.unplaced:
        yield HeadingRow("Tied to no date")
        yield from (EntryRow(entry) for entry in timeline.unplaced)
