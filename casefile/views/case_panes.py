"""The panes of a case, in their order, and the rows of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from casefile.notes.draft import Draft
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
    open_case: OpenCase,
    notes_order: NotesOrder = "time",
    drafts: Sequence[Draft] = (),
    of_entries: Iterable[Pane] | None = None,
) -> tuple[Pane, ...]:
    """Return the panes in their order, drafts with the notes, and last the case, number 0.

    Those of the entries are not made again if they are given.
    """
    panes = [*(entry_panes(open_case) if of_entries is None else of_entries)]
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


def entry_panes(open_case: OpenCase) -> Iterator[Pane]:
    """Yield the panes of the entries in their order; notes don't change them."""
    for kind in open_case.kinds:
        if kind is not CASE:
            yield from _pane_of(open_case, kind)


def _pane_of(open_case: OpenCase, kind: EntryKind) -> Iterator[Pane]:
    entries = open_case.case_file.in_table(kind.name)
    of_entries = (EntryRow(entry.id) for entry in entries)
    rows = tuple(_timeline_rows(open_case) if kind is EVENT else of_entries)
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
