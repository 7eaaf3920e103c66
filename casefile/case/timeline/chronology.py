"""Sort the entries of a timeline by their dates and by the orders between them.

An order, from `follows`, `precedes` or `part_of`, says that one entry starts no later than another.
Orders take precedence wherever the dates permit; then entries are sorted by their earliest instant,
their latest instant and their place in the file. An order that holds already moves nothing, and no
entry moves farther than necessary: an entry with an earliest instant moves forward to what it comes
after; `[..X]` and `/X` are placed at X and move back to what they come before. An undated entry is
placed beside an entry that bounds it, preferably after one that bounds its start from below.
Each entry gets one sort key for this, and one topological sort then applies the orders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from typing import NamedTuple

import msgspec

from casefile.case.dating.dates import EdtfDate, Unit, bound_in_brief
from casefile.case.model import CaseFile, Claim, Event, Quote, Seizure
from casefile.case.relations import event_of, order_of_relative_date
from casefile.case.timeline.graph import Link, Links, components, cycles

ORDER_FIELDS = ("follows", "precedes", "part_of")
"""The fields of an event that order it relative to others."""


class TimelineEntry(msgspec.Struct, frozen=True):
    """The data of an entry that determine its place on the timeline."""

    id: str
    when: EdtfDate | None
    place: int
    """The index of the entry in the file, which decides between equals."""
    follows: tuple[str, ...] = ()
    precedes: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()


class Side(StrEnum):
    """The side of another entry on which an entry is placed."""

    AT = "at"
    """At its own date."""
    AFTER = "after"
    BEFORE = "before"


class Placement(msgspec.Struct, frozen=True):
    """The place of an entry on the timeline, and the reason for it."""

    id: str
    side: Side = Side.AT
    beside: str | None = None
    """The id of the entry that it is placed after or before; None if placed at its date."""
    after: Unit | None = None
    """The lower bound of its start from its orders, if narrower than that of its date."""
    before: Unit | None = None
    """The upper bound of its start from its orders, if narrower than that of its date."""
    words: str = ""
    """The words to show for a missing date: `then`, `before Nov 2017` or `undated`."""


class Contradiction(NamedTuple):
    """An order that the dates do not permit, since `later` can't start so late."""

    earlier: str
    later: str


class Timeline(msgspec.Struct, frozen=True):
    """The entries in order, those tied to no date, and the orders that were ignored."""

    placed: tuple[Placement, ...]
    unplaced: tuple[str, ...]
    """The ids of the entries tied to no date."""
    contradictions: tuple[Contradiction, ...]
    """The orders that were ignored because of the dates."""
    cycles: tuple[tuple[str, ...], ...]
    """The ids of entries that come before themselves, whose orders among them were ignored."""


def build_timeline(happenings: Iterable[TimelineEntry]) -> Timeline:
    """Return the timeline of entries; orders that name none of them are ignored."""
    entries = sorted(happenings, key=lambda entry: entry.place)
    ordering = _Ordering(entries)
    ordering.move_forward()
    ordering.move_back()
    ordering.place_undated_after_bounds()
    ordering.place_rest_beside_tied()
    return ordering.timeline()


class _Key(NamedTuple):
    """The sort key of an entry; an undated one has that of a dated one with a `side`."""

    instant: datetime
    known: int
    """0 if the entry starts at `instant` or before, 1 if it starts at `instant` or later."""
    start_latest: datetime
    end_latest: datetime
    number: int
    side: int = 0
    own_number: int = 0

    def beside(self, side: Side, number: int) -> _Key:
        """Return the key of an entry beside this one, on the side that this one has, if any."""
        return self._replace(
            side=self.side or (-1 if side is Side.BEFORE else 1), own_number=number
        )


_UNTIED = _Key(datetime.max, 2, datetime.max, datetime.max, 0)


class _Ordering:
    """The sorting in steps. Entries are identified by their index in file order.

    An entry is bounded by the date key of another; its lower bound may be its own date key.
    """

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self._entries = entries
        sort_keys = [entry.when.sort_key if entry.when else None for entry in entries]
        self._date_keys = [key and _Key(*key, number) for number, key in enumerate(sort_keys)]
        self._keys = list(self._date_keys)
        self._beside: dict[int, tuple[Side, int]] = {}
        self._lower = [key if key and key.known else None for key in self._date_keys]
        self._upper: dict[int, _Key] = {}
        ties = dict.fromkeys(_ties(entries))
        self._contrary = {tie for tie in ties if not self._permitted(*tie)}
        self._ties = Links(tie for tie in ties if tie not in self._contrary)
        component = components(self._ties)
        self._cycles = cycles(self._ties, component)
        self._orders = [
            tie
            for tie in ties
            if tie not in self._contrary and component[tie[0]] != component[tie[1]]
        ]
        self._links = Links(self._orders)
        self._sequence = _in_order(self._links.numbers, self._orders)

    def move_forward(self) -> None:
        """Compute the lower bounds, and move each entry that is sorted below its bound."""
        for number in self._sequence:
            earlier = self._links.earlier.get(number, ())
            contrary = {(other, number) for other in earlier if not self._permitted(other, number)}
            self._contrary |= contrary
            bounds = [
                (lower, other)
                for other in earlier
                if (lower := self._lower[other]) and (other, number) not in contrary
            ]
            if bounds:
                self._move_forward_to(number, *max(bounds))
        self._orders = [order for order in self._orders if order not in self._contrary]
        self._links = Links(self._orders)

    def _move_forward_to(self, number: int, bound: _Key, bounding: int) -> None:
        lower, date_key = self._lower[number], self._date_keys[number]
        if lower is None or lower.instant < bound.instant:
            self._lower[number] = bound
        if date_key and date_key[:2] < (bound.instant, 1):
            self._keys[number] = date_key._replace(instant=bound.instant, known=1)
            self._beside[number] = Side.AFTER, bounding

    def move_back(self) -> None:
        """Compute the upper bounds, and move back each entry without an earliest instant."""
        for number in reversed(self._sequence):
            later = self._links.later.get(number, ())
            bounds = [
                bound
                for other in later
                for bound in (self._date_keys[other], self._upper.get(other))
                if bound
            ]
            upper = min(bounds, key=lambda bound: bound.start_latest, default=_UNTIED)
            if upper.start_latest < datetime.max:
                self._upper[number] = upper
            current = self._keys[number]
            if current is None or not current.known:
                candidates = [
                    (key.beside(Side.BEFORE, number), other)
                    for other in later
                    if (key := self._keys[other])
                ]
                if candidates and (current is None or min(candidates)[0] < current):
                    self._keys[number], follower = min(candidates)
                    self._beside[number] = Side.BEFORE, follower

    def place_undated_after_bounds(self) -> None:
        """Place undated entries with a lower bound, or without a place, after what they follow."""
        for number in self._sequence:
            has_place = self._keys[number] is not None
            if self._date_keys[number] or (has_place and not self._lower[number]):
                continue
            earlier = self._links.earlier.get(number, ())
            candidates = [(key, other) for other in earlier if (key := self._keys[other])]
            if candidates:
                key, followed = max(candidates)
                self._keys[number] = key.beside(Side.AFTER, number)
                self._beside[number] = Side.AFTER, followed

    def place_rest_beside_tied(self) -> None:
        """Place the remaining entries that are tied to placed ones, in a cycle for example."""
        placed = [number for number in self._ties.numbers if self._keys[number]]
        queue = deque(sorted(placed, key=self._key))
        while queue:
            current = queue.popleft()
            for side, tied in (
                (Side.AFTER, self._ties.later.get(current, ())),
                (Side.BEFORE, self._ties.earlier.get(current, ())),
            ):
                for number in tied:
                    if self._keys[number] is None:
                        self._keys[number] = self._key(current).beside(side, number)
                        self._beside[number] = side, current
                        queue.append(number)

    def timeline(self) -> Timeline:
        """Sort the entries by their keys and orders, and return the timeline."""
        numbers = sorted(range(len(self._entries)), key=self._key)
        sequence = _in_order(numbers, self._orders)
        placed = [number for number in sequence if self._keys[number]]
        ids = [entry.id for entry in self._entries]
        return Timeline(
            tuple(map(self._placement, placed, [None, *placed])),
            tuple(ids[number] for number in sequence if not self._keys[number]),
            tuple(Contradiction(ids[one], ids[two]) for one, two in sorted(self._contrary)),
            tuple(tuple(ids[number] for number in cycle) for cycle in self._cycles),
        )

    def _placement(self, number: int, previous: int | None) -> Placement:
        after, before = self._bounds(number)
        side, beside = self._beside.get(number, (Side.AT, None))
        if self._date_keys[number]:
            words = ""
        elif side is Side.AFTER and beside == previous:
            words = "then"
        elif after:
            words = f"after {bound_in_brief(after)}"
        else:
            words = f"before {bound_in_brief(before)}" if before else "undated"
        beside_id = None if beside is None else self._entries[beside].id
        return Placement(self._entries[number].id, side, beside_id, after, before, words)

    def _bounds(self, number: int) -> tuple[Unit | None, Unit | None]:
        """Return the bounds of a start from orders that are narrower than those of the date."""
        own, lower, upper = self._date_keys[number], self._lower[number], self._upper.get(number)
        after = lower if lower and lower.number != number else None
        before = upper if upper and not (own and own.start_latest <= upper.start_latest) else None
        return self._start_units(after)[0], self._start_units(before)[1]

    def _start_units(self, key: _Key | None) -> tuple[Unit | None, Unit | None]:
        when = self._entries[key.number].when if key else None
        return when.start_units if when else (None, None)

    def _key(self, number: int) -> _Key:
        return self._keys[number] or _UNTIED._replace(number=number)

    def _permitted(self, earlier: int, later: int) -> bool:
        """Return whether `later` can start at or after the earliest start of `earlier`."""
        lower, own = self._lower[earlier], self._date_keys[later]
        return lower is None or own is None or lower.instant <= own.start_latest


def _ties(entries: Sequence[TimelineEntry]) -> Iterator[Link]:
    numbers = {entry.id: number for number, entry in reversed(list(enumerate(entries)))}
    for number, entry in enumerate(entries):
        for other in (*entry.follows, *entry.part_of):
            if other in numbers:
                yield numbers[other], number
        for other in entry.precedes:
            if other in numbers:
                yield number, numbers[other]


def _in_order(numbers: Sequence[int], orders: Iterable[Link]) -> list[int]:
    """Sort topologically; among the numbers that may come next, the first one given does."""
    rank = {number: position for position, number in enumerate(numbers)}
    links = Links(orders)
    remaining = {number: len(earlier) for number, earlier in links.earlier.items()}
    ready = [rank[number] for number in numbers if number not in remaining]
    sequence = []
    while ready:
        number = numbers[heappop(ready)]
        sequence.append(number)
        for later in links.later.get(number, ()):
            remaining[later] -= 1
            if not remaining[later]:
                heappush(ready, rank[later])
    return sequence


def select_timeline_entries(case_file: CaseFile) -> Iterator[TimelineEntry]:
    """Yield every event, and every dated entry without an event, in file order."""
    for place, entry in enumerate(case_file.entries.values()):
        follows, precedes = order_of_relative_date(case_file, entry)
        if isinstance(entry, Event):
            orders = (*entry.follows, *follows), (*entry.precedes, *precedes), entry.part_of
            yield TimelineEntry(entry.id, entry.date, place, *orders)
        elif (
            isinstance(entry, Seizure | Quote | Claim)
            and (entry.date is not None or follows or precedes)
            and event_of(case_file, entry) is None
        ):
            yield TimelineEntry(entry.id, entry.date, place, follows, precedes)
