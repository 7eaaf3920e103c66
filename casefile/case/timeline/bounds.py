"""The bounds that dates and orders set to the starts and ends of entries.

Each order says that one instant is no later than another:

- `follows`: the other's start, then its own; `precedes`: its own start, then the other's.
- `follows_end_of`: the other's end, then its own start.
- `part_of`: the start of the whole, then that of the part; the end of the part, then that of the
  whole.

An instant has a lower bound from its own date and from every instant before it, and an upper bound
from its own date and from every instant after it; the narrowest counts. A bound is as well founded
as the worst founded of the orders and of the date that it comes from, and of equal bounds the best
founded counts. An order that the dates exclude, and one within a circle, sets none.

The start of what was under way when reported is no later than the report, but the report bounds
nothing before that start. Its end is no earlier than the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from casefile.case.dating.units import Unit
from casefile.case.timeline.entries import Basis, TimelineEntry
from casefile.case.timeline.graph import Link, Links, components, cycles


class Bound(NamedTuple):
    """A bound of a start or an end, inclusive, and what it rests on."""

    instant: datetime
    basis: Basis
    unit: Unit
    """The unit of time that it comes from, such as a month."""

    def resting_on(self, basis: Basis) -> Bound:
        """Return the bound as it is carried along an order with this basis."""
        return self._replace(basis=basis) if basis < self.basis else self


class Contradiction(NamedTuple):
    """An order that the dates do not permit, since `later` can't start so late."""

    earlier: str
    later: str
    is_after_end: bool = False
    """Whether it refers to the end of `earlier`, not to its start."""


class Overrun(NamedTuple):
    """A part that goes on, or starts, after the last possible instant of its whole."""

    part: str
    whole: str
    bound: Bound
    """The lower bound of the end of the part."""


class Ties:
    """The orders between entries, as links between their starts and ends.

    A start has the number of its entry; the numbers of ends are above those of all starts. Only
    entries that are wholes, parts, or named by `follows_end_of` have an end.
    """

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self.basis: dict[Link, Basis] = {}
        self.wholes: set[int] = set()
        self.end_of: dict[int, int] = {}
        """The number of an end by the number of its entry."""
        self._starts = len(entries)
        numbers = {entry.id: number for number, entry in reversed(list(enumerate(entries)))}

        def known(ids: Iterable[str]) -> Iterable[int]:
            return (numbers[one] for one in ids if one in numbers)

        for number, entry in enumerate(entries):
            for other in known(entry.follows):
                self._add((other, number), entry.order_basis)
            for other in known(entry.precedes):
                self._add((number, other), entry.order_basis)
            for other in known(entry.follows_end_of):
                self._add((self._end(other), number), entry.order_basis)
            for whole in known(entry.part_of):
                self.wholes.add(whole)
                self._add((whole, number), entry.order_basis)
                self._add((self._end(number), self._end(whole)), entry.order_basis)
        self._owners = tuple(self.end_of)

    def is_end(self, number: int) -> bool:
        """Return whether a number is that of an end."""
        return number >= self._starts

    def owner(self, number: int) -> int:
        """Return the number of the entry that starts or ends there."""
        return self._owners[number - self._starts] if self.is_end(number) else number

    def _end(self, number: int) -> int:
        end = self.end_of.get(number)
        if end is None:
            end = self.end_of[number] = self._starts + len(self.end_of)
            self._add((number, end), Basis.STATED)
        return end

    def _add(self, link: Link, basis: Basis) -> None:
        self.basis[link] = max(basis, self.basis.get(link, basis))


class Bounds:
    """The bounds of starts and ends, and the orders that the dates permit."""

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self._entries = entries
        self.ties = Ties(entries)
        tied = {number for link in self.ties.basis for number in link}
        self.dated = {number: self._dated(number) for number in tied}
        """The lower and the upper bound of each start and end that its date states, if any."""
        self.lower = {number: lower for number, (lower, _) in self.dated.items() if lower}
        """The lower bound of each start and end that has one, from its date and its orders."""
        self.upper: dict[int, Bound] = {}
        """The upper bound of each start and end that has one, from its orders alone."""
        self.by_order: dict[int, int] = {}
        """What sets the lower bound of a start or end, if that is a start or end before it."""
        self._dated_upper = {number: upper for number, (_, upper) in self.dated.items() if upper}
        self._excluded = {link for link in self.ties.basis if not self._permits(link)}
        self.tied = Links(self.ties.basis).without(self._excluded)
        """The orders that the dates alone permit, also those within circles."""
        component = components(self.tied)
        self.cycles = [*self._cycles(component)]
        """The entries that come before themselves, of each circle."""
        in_circles = {
            (one, other)
            for one, other in self.tied.all
            # In a circle, too, nothing ends before it starts.
            if component[one] == component[other] and self.ties.end_of.get(one) != other
        }
        self.orders = self.tied.without(in_circles)
        """The orders that are followed."""
        self.sequence = self.orders.sequence
        self._set_lower()
        self.orders = self.orders.without(self._excluded)
        self._set_upper()

    def narrower_lower(self, number: int) -> Bound | None:
        """Return the lower bound of a start or end, if its orders set a narrower one."""
        return self.lower[number] if number in self.by_order else None

    def narrower_upper(self, number: int) -> Bound | None:
        """Return the upper bound of a start, if its orders set a narrower one.

        If there is a lower bound, that of a report is returned too, which no date states.
        """
        upper, dated = self.upper.get(number), self._dated_upper.get(number)
        if upper and (dated is None or upper.instant < dated.instant):
            return upper
        return dated if number in self.by_order and self._entries[number].reported else None

    @property
    def contradictions(self) -> Iterator[Contradiction]:
        """The orders of a start after a start or an end that were ignored because of the dates."""
        for earlier, later in sorted(self._excluded):
            if not self.ties.is_end(later):
                yield Contradiction(self._id(earlier), self._id(later), self.ties.is_end(earlier))

    @property
    def overruns(self) -> Iterator[Overrun]:
        """The parts that go on after the end of their whole."""
        for earlier, later in sorted(self._excluded):
            if self.ties.is_end(later):
                yield Overrun(self._id(earlier), self._id(later), self.lower[earlier])

    def _id(self, number: int) -> str:
        return self._entries[self.ties.owner(number)].id

    def _dated(self, number: int) -> tuple[Bound | None, Bound | None]:
        """Return the bounds of a start or end that its date, or the date of a report, states."""
        entry, is_end = self._entries[self.ties.owner(number)], self.ties.is_end(number)
        basis = entry.basis
        if entry.reported is not None:
            (below, _), (_, above) = entry.reported.start_units, entry.reported.end_units
            basis = Basis.STATED
            below, above = (below, None) if is_end else (None, above)
        elif entry.when is not None:
            below, above = entry.end_units if is_end else entry.when.start_units
        else:
            below = above = None
        return (
            Bound(below.earliest, basis, below) if below else None,
            Bound(above.latest, basis, above) if above else None,
        )

    def _permits(self, link: Link) -> bool:
        """Return whether the later of two instants can be as late as the lower bound before it."""
        lower, upper = self.lower.get(link[0]), self._dated_upper.get(link[1])
        return lower is None or upper is None or lower.instant <= upper.instant

    def _cycles(self, component: Mapping[int, int]) -> Iterator[list[int]]:
        for cycle in cycles(self.tied, component):
            # A circle of parts has a circle of starts and one of ends, which is the same.
            if not all(map(self.ties.is_end, cycle)):
                yield sorted({*map(self.ties.owner, cycle)})

    def _set_lower(self) -> None:
        for number in self.sequence:
            bounds: dict[int, Bound] = {}
            for other in self.orders.earlier.get(number, ()):
                link = other, number
                if not self._permits(link):
                    self._excluded.add(link)
                elif bound := self.lower.get(other):
                    bounds[other] = bound.resting_on(self.ties.basis[link])
            if not bounds:
                continue
            other = max(bounds, key=lambda one: _lower_key(bounds[one]))
            bound, dated = bounds[other], self.lower.get(number)
            if dated is None or _lower_key(bound) > _lower_key(dated):
                self.lower[number] = bound
            if dated is None or bound.instant > dated.instant:
                self.by_order[number] = other

    def _set_upper(self) -> None:
        for number in reversed(self.sequence):
            bounds = [
                bound.resting_on(self.ties.basis[number, other])
                for other in self.orders.later.get(number, ())
                for bound in (self._stated_upper(other), self.upper.get(other))
                if bound
            ]
            if bounds:
                self.upper[number] = min(bounds, key=_upper_key)

    def _stated_upper(self, number: int) -> Bound | None:
        """Return the upper bound that a date states; that of a report bounds no other entry."""
        is_reported = self._entries[self.ties.owner(number)].reported is not None
        return None if is_reported else self._dated_upper.get(number)


def _lower_key(bound: Bound) -> tuple[datetime, Basis]:
    return bound.instant, bound.basis


def _upper_key(bound: Bound) -> tuple[datetime, int]:
    return bound.instant, -bound.basis
