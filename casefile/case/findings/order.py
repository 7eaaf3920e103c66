"""Dates and orders that can't all be true, and dates that are told in words alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from casefile.case import normalise
from casefile.case.findings.inspection import Found, Inspection, all_quoted
from casefile.case.model import Entry, Issue, Source
from casefile.case.naming import Naming
from casefile.case.problem import quoted
from casefile.case.relations import date_of
from casefile.case.timeline.chronology import ORDERS
from casefile.case.timeline.graph import cycles_by_name


def undated_with_words(inspection: Inspection) -> Iterator[Found]:
    """Find entries that have the source's words for a date, and neither a date nor an order."""
    for entry in inspection.case_file.entries.values():
        if entry.date_text is None or date_of(inspection.case_file, entry) is not None:
            continue
        # A date that could not be read has been told of; a source's words may be on `published`.
        said_otherwise = {*normalise.date_keys(type(entry)), *ORDERS}
        if not said_otherwise.isdisjoint(inspection.case_file.rows[entry.id]):
            continue
        what = (
            f"`date_text` says {quoted(entry.date_text)} and there is no `date`; write what is "
            "known of it as `date`, or what it comes after as `follows`"
        )
        yield inspection.finding("undated", entry.id, ("date_text",), what)


class _Circle(NamedTuple):
    """Entries that lead back to themselves, by some of their fields."""

    members: Sequence[str]
    fields: Sequence[str]
    relation: str


def cycles(inspection: Inspection) -> Iterator[Found]:
    """Find entries that come before themselves, rest on themselves or stand above themselves."""
    circle_of = _circles(inspection)
    told: set[str] = set()
    for naming in inspection.namings:
        circle = circle_of.get(naming.entry.id)
        if circle is None or naming.field not in circle.fields or circle.members[0] in told:
            continue
        # What names itself is told of as that.
        if naming.to == naming.entry.id or circle_of.get(naming.to) is not circle:
            continue
        told.add(circle.members[0])
        members = all_quoted(circle.members)
        what = f"{naming.key}: {members} {circle.relation} in a circle; take one of them out of it"
        yield inspection.finding("cycle", naming.entry.id, (naming.key, naming.number), what)


def _circles(inspection: Inspection) -> dict[str, _Circle]:
    """Give the circle that each entry is in; there is one at most, since each is of one sort."""
    case_file = inspection.case_file
    based_on = {source.id: source.based_on for source in case_file.of(Source)}
    parents = {issue.id: (issue.parent,) for issue in case_file.of(Issue) if issue.parent}
    circles = [
        _Circle(members, fields, relation)
        for several, fields, relation in (
            (inspection.timeline.cycles, ORDERS, "come before one another"),
            (cycles_by_name(based_on), ("based_on",), "rest on one another"),
            (cycles_by_name(parents), ("parent",), "stand above one another"),
        )
        for members in several
    ]
    return {name: circle for circle in circles for name in circle.members}


def orders_against_dates(inspection: Inspection) -> Iterator[Found]:
    """Find orders that the dates do not permit, which the timeline therefore sets aside."""
    against = {*inspection.timeline.contradictions}
    if not against:
        return
    told: set[tuple[str, str]] = set()
    for naming in inspection.namings:
        if naming.field not in ORDERS:
            continue
        order = (naming.entry.id, naming.to)
        earlier, later = order if naming.field == "precedes" else order[::-1]
        if (earlier, later) in against and (earlier, later) not in told:
            told.add((earlier, later))
            yield _order_against_dates(inspection, naming, earlier, later)


def _order_against_dates(inspection: Inspection, naming: Naming, earlier: str, later: str) -> Found:
    dates = inspection.case_file.entries
    what = (
        f"{naming.key}: {quoted(later)} ({_date(dates, later)}) can't start after "
        f"{quoted(earlier)} ({_date(dates, earlier)}) does; correct a date, or take the order out"
    )
    return inspection.finding(
        "order-against-dates", naming.entry.id, (naming.key, naming.number), what
    )


def _date(entries: Mapping[str, Entry], entry_id: str) -> str:
    """Give an entry's date in words; one that has none takes its bound from what it comes after."""
    when = entries[entry_id].date
    return when.words() if when else "placed by what it comes after"


def parts_beyond_whole(inspection: Inspection) -> Iterator[Found]:
    """Find parts that start when what they are part of has ended."""
    entries = inspection.case_file.entries
    for naming in (one for one in inspection.namings if one.field == "part_of"):
        whole, part = entries.get(naming.to), naming.entry
        if not whole or not whole.date or not part.date:
            continue
        start, end = part.date.start, whole.date.end
        # What is said to be approximate contradicts nothing by a hair's breadth.
        is_sure = not any((start.approximate, start.uncertain, end.approximate, end.uncertain))
        if is_sure and start.earliest and end.latest and start.earliest > end.latest:
            what = (
                f"part_of: this starts ({part.date.words()}) when {quoted(naming.to)} has ended "
                f"({whole.date.words()}); correct a date, or write `follows`"
            )
            yield inspection.finding(
                "part-beyond-whole", part.id, (naming.key, naming.number), what
            )
