"""Checking dates and orders against each other, and entries with a date only in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from casefile.case import normalise
from casefile.case.dating.dates import bounds_in_words
from casefile.case.dating.units import Unit
from casefile.case.findings.inspection import Finding, Inspection, all_quoted
from casefile.case.model import Issue, Source
from casefile.case.problem import in_quotes
from casefile.case.relations import date_of
from casefile.case.timeline.bounds import Contradiction
from casefile.case.timeline.entries import ORDER_FIELDS, first_reported
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
    circles = _circles(inspection)
    numbers_of: defaultdict[str, list[int]] = defaultdict(list)
    for number, circle in enumerate(circles):
        for name in circle.members:
            numbers_of[name].append(number)
    reported: set[int] = set()
    for reference in inspection.references:
        # An entry that refers to itself is a self-reference.
        if reference.to == reference.entry.id:
            continue
        shared = {*numbers_of.get(reference.to, ())}.intersection(
            numbers_of.get(reference.entry.id, ())
        )
        for number in sorted(shared - reported):
            circle = circles[number]
            if reference.field in circle.fields:
                reported.add(number)
                members = all_quoted(circle.members)
                what = f"{members} {circle.relation} in a circle; remove one of these references"
                yield inspection.reference_finding("cycle", reference, what)


def _circles(inspection: Inspection) -> list[_Circle]:
    case_file = inspection.case_file
    based_on = {source.id: source.based_on for source in case_file.of(Source)}
    parents = {issue.id: (issue.parent,) for issue in case_file.of(Issue) if issue.parent}
    return [
        _Circle(members, fields, relation)
        for several, fields, relation in (
            (inspection.timeline.cycles, ORDER_FIELDS, "come before one another"),
            (cycles_by_name(based_on), ("based_on",), "rest on one another"),
            (cycles_by_name(parents), ("parent",), "are parents of one another"),
        )
        for members in several
    ]


def orders_against_dates(inspection: Inspection) -> Iterator[Finding]:
    """Yield orders that contradict the dates and that the timeline ignores for that reason."""
    contradictions = {*inspection.timeline.contradictions}
    if not contradictions:
        return
    reported: set[Contradiction] = set()
    bounds = {one.id: one.after.unit for one in inspection.timeline.placed if one.after}
    for reference in inspection.references:
        if reference.field not in ORDER_FIELDS:
            continue
        order = (reference.entry.id, reference.to)
        earlier, later = order if reference.field == "precedes" else order[::-1]
        stated = Contradiction(earlier, later, reference.field == "follows_end_of")
        if stated in contradictions and stated not in reported:
            reported.add(stated)
            first, second = (
                _with_date(inspection, one, bounds.get(one)) for one in (earlier, later)
            )
            ended = " has ended" if stated.is_after_end else ""
            what = (
                f"by their dates, {second} starts before {first}{ended}; "
                "correct a date, or remove the order"
            )
            yield inspection.reference_finding("order-against-dates", reference, what)


def _with_date(inspection: Inspection, entry_id: str, bound: Unit | None) -> str:
    """Return the id of an entry with its date, or what is known by the entries before it."""
    entry = inspection.case_file.entries[entry_id]
    by_order = f"{bounds_in_words(bound, None)} by what it comes after".lstrip()
    words = entry.date.words() if entry.date else by_order
    reported = first_reported(inspection.case_file, entry)
    report = f", {reported.words()}" if reported else ""
    return f"{in_quotes(entry_id)} ({words}{report})"


def parts_beyond_whole(inspection: Inspection) -> Iterator[Finding]:
    """Yield events that go on, or start, after the event that they are part of has ended."""
    overruns = {(one.part, one.whole): one.bound.unit for one in inspection.timeline.overruns}
    if not overruns:
        return
    for reference in (one for one in inspection.references if one.field == "part_of"):
        bound = overruns.get((reference.entry.id, reference.to))
        whole = inspection.case_file.entries[reference.to].date if bound else None
        # An approximate date doesn't contradict a date close to it.
        if bound is None or whole is None or not bound.is_certain or not whole.end.is_certain:
            continue
        what = (
            f"this goes on until {bounds_in_words(bound, None)}, but {in_quotes(reference.to)} has "
            f"ended by then ({whole.words()}); correct a date, or use `follows`"
        )
        yield inspection.reference_finding("part-beyond-whole", reference, what)
