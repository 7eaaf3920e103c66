"""Checking dates and orders against each other, and entries with a date only in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from casefile.case import normalise
from casefile.case.findings.inspection import Finding, Inspection, all_quoted
from casefile.case.model import Issue, Source
from casefile.case.problem import in_quotes
from casefile.case.relations import date_of
from casefile.case.timeline.chronology import ORDER_FIELDS
from casefile.case.timeline.graph import cycles_by_name


def undated_with_words(inspection: Inspection) -> Iterator[Finding]:
    """Yield entries that have the source's words for a date but neither a date nor an order."""
    for entry in inspection.case_file.entries.values():
        if entry.date_text is None or date_of(inspection.case_file, entry) is not None:
            continue
        # An invalid date is an error already; the words of a source may be about `published`.
        date_keys = {*normalise.date_keys(type(entry)), *ORDER_FIELDS}
        if not date_keys.isdisjoint(inspection.case_file.rows[entry.id]):
            continue
        what = (
            f"`date_text` says {in_quotes(entry.date_text)} and there is no `date`; add what is "
            "known as `date`, or what it comes after as `follows`"
        )
        yield inspection.finding("undated", entry.id, ("date_text",), what)


class _Circle(NamedTuple):
    """Entries that refer to one another in a circle, through some of their fields."""

    members: Sequence[str]
    fields: Sequence[str]
    relation: str


def cycles(inspection: Inspection) -> Iterator[Finding]:
    """Yield entries that precede, rest on or are parents of one another in a circle."""
    circle_of = _circles(inspection)
    reported: set[str] = set()
    for reference in inspection.references:
        circle = circle_of.get(reference.entry.id)
        if circle is None or reference.field not in circle.fields or circle.members[0] in reported:
            continue
        # An entry that refers to itself is a self-reference.
        if reference.to == reference.entry.id or circle_of.get(reference.to) is not circle:
            continue
        reported.add(circle.members[0])
        members = all_quoted(circle.members)
        what = f"{members} {circle.relation} in a circle; remove one of these references"
        yield inspection.reference_finding("cycle", reference, what)


def _circles(inspection: Inspection) -> dict[str, _Circle]:
    """Return the circle of each entry in one; there is at most one, since each has one kind."""
    case_file = inspection.case_file
    based_on = {source.id: source.based_on for source in case_file.of(Source)}
    parents = {issue.id: (issue.parent,) for issue in case_file.of(Issue) if issue.parent}
    circles = [
        _Circle(members, fields, relation)
        for several, fields, relation in (
            (inspection.timeline.cycles, ORDER_FIELDS, "come before one another"),
            (cycles_by_name(based_on), ("based_on",), "rest on one another"),
            (cycles_by_name(parents), ("parent",), "are parents of one another"),
        )
        for members in several
    ]
    return {name: circle for circle in circles for name in circle.members}


def orders_against_dates(inspection: Inspection) -> Iterator[Finding]:
    """Yield orders that contradict the dates and that the timeline ignores for that reason."""
    contradictions = {*inspection.timeline.contradictions}
    if not contradictions:
        return
    reported: set[tuple[str, str]] = set()
    for reference in inspection.references:
        if reference.field not in ORDER_FIELDS:
            continue
        order = (reference.entry.id, reference.to)
        earlier, later = order if reference.field == "precedes" else order[::-1]
        if (earlier, later) in contradictions and (earlier, later) not in reported:
            reported.add((earlier, later))
            first, second = (_with_date(inspection, one) for one in (earlier, later))
            what = f"{second} can't start after {first} does; correct a date, or remove the order"
            yield inspection.reference_finding("order-against-dates", reference, what)


def _with_date(inspection: Inspection, entry_id: str) -> str:
    when = inspection.case_file.entries[entry_id].date
    return f"{in_quotes(entry_id)} ({when.words() if when else 'placed by what it comes after'})"


def parts_beyond_whole(inspection: Inspection) -> Iterator[Finding]:
    """Yield events that start after the event that they are part of has ended."""
    entries = inspection.case_file.entries
    for reference in (one for one in inspection.references if one.field == "part_of"):
        whole, part = entries.get(reference.to), reference.entry
        if not whole or not whole.date or not part.date:
            continue
        start, end = part.date.start, whole.date.end
        # An approximate date doesn't contradict a date close to it.
        is_certain = not any((start.approximate, start.uncertain, end.approximate, end.uncertain))
        if is_certain and start.earliest and end.latest and start.earliest > end.latest:
            what = (
                f"this starts ({part.date.words()}) after {in_quotes(reference.to)} has ended "
                f"({whole.date.words()}); correct a date, or use `follows`"
            )
            yield inspection.reference_finding("part-beyond-whole", reference, what)
