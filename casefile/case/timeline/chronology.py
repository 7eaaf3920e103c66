"""The order of a timeline: what comes before what, and on what each place in it rests.

`follows`, `precedes` and `part_of` each say that one start is no later than another. Such an order
wins wherever the dates permit; then come the earliest instant, the latest, the place in the file.
It moves nothing that keeps it already, and nothing farther than it must: what has an earliest
instant moves up to what it comes after; `[..X]` and `/X` stand at X, and move down to what they
come before. What has no date stands beside what bounds it, from below if anything does.
One key an entry says where it would stand, and one topological sort keeps the orders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from typing import NamedTuple

import msgspec

from casefile.case.dating.dates import Unit, When, bound_in_brief
from casefile.case.timeline.graph import Link, Links, components, cycles

ORDERS = ("follows", "precedes", "part_of")
"""The fields by which an event says where it stands among others."""


class Happening(msgspec.Struct, frozen=True):
    """What the order needs to know of an entry."""

    id: str
    when: When | None
    place: int
    """Its position in the file, the first and the last thing that decides between equals."""
    follows: tuple[str, ...] = ()
    precedes: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()


class Side(StrEnum):
    """On which side of another entry one stands."""

    AT = "at"
    """Where its own date puts it."""
    AFTER = "after"
    BEFORE = "before"


class Placement(msgspec.Struct, frozen=True):
    """An entry's place on the timeline, and what it rests on."""

    id: str
    side: Side = Side.AT
    beside: str | None = None
    """The entry that it stands after or before; None where its own date puts it."""
    after: Unit | None = None
    """The start that bounds its own from below by its orders, if its date does not say as much."""
    before: Unit | None = None
    """The start that bounds its own from above by its orders, if its date does not say as much."""
    words: str = ""
    """What stands in place of a date: `then`, `before Nov 2017`, `undated`; empty if it has one."""


class Contradiction(NamedTuple):
    """An order that the dates do not permit: the later one cannot start so late."""

    earlier: str
    later: str


class Timeline(msgspec.Struct, frozen=True):
    """Entries in order, those tied to no date apart, and what stood in the order's way."""

    placed: tuple[Placement, ...]
    unplaced: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    """Orders that were set aside because of the dates."""
    cycles: tuple[tuple[str, ...], ...]
    """Entries that stand before themselves, in file order; orders among them were set aside."""


def chronology(happenings: Iterable[Happening]) -> Timeline:
    """Give the timeline of entries; ids that name none of them are passed over."""
    entries = sorted(happenings, key=lambda entry: entry.place)
    ordering = _Ordering(entries)
    ordering.move_up()
    ordering.move_down()
    ordering.stand_after_what_bounds()
    ordering.stand_beside_what_ties()
    return ordering.timeline()


class _Key(NamedTuple):
    """Where an entry stands; an undated one has the key of a dated one, on one side of it."""

    instant: datetime
    known: int
    """0 where the start lies at the instant or before it, 1 where it lies there or later."""
    start_latest: datetime
    end_latest: datetime
    number: int
    side: int = 0
    own_number: int = 0

    def beside(self, side: Side, number: int) -> _Key:
        """Give the key of what stands beside this; by what is itself beside, on the same side."""
        return self._replace(
            side=self.side or (-1 if side is Side.BEFORE else 1), own_number=number
        )


_UNTIED = _Key(datetime.max, 2, datetime.max, datetime.max, 0)


class _Ordering:
    """The work, in steps; an entry's number is its position among all in file order.

    What bounds an entry is the own key of a dated one, which may be the entry itself from below.
    """

    def __init__(self, entries: Sequence[Happening]) -> None:
        self._entries = entries
        self._own = [_own_key(number, entry) for number, entry in enumerate(entries)]
        self._keys = list(self._own)
        self._beside: dict[int, tuple[Side, int]] = {}
        self._below = [own if own and own.known else None for own in self._own]
        self._above: dict[int, _Key] = {}
        ties = dict.fromkeys(_ties(entries))
        self._contrary = {tie for tie in ties if not self._permitted(*tie)}
        self._ties = Links(tie for tie in ties if tie not in self._contrary)
        component = components(self._ties)
        self._cycles = cycles(self._ties, component)
        self._orders = {
            tie
            for tie in ties
            if tie not in self._contrary and component[tie[0]] != component[tie[1]]
        }
        self._links = Links(sorted(self._orders))
        self._sequence = _in_order(self._links.numbers, self._orders)

    def move_up(self) -> None:
        """Bound each from below, going forward, and move it up to its bound if it stands lower."""
        for number in self._sequence:
            earlier = self._links.earlier.get(number, ())
            contrary = {(one, number) for one in earlier if not self._permitted(one, number)}
            self._contrary |= contrary
            self._orders -= contrary
            bounds = [
                (below, one)
                for one in earlier
                if (below := self._below[one]) and (one, number) not in contrary
            ]
            if bounds:
                self._move_up_to(number, *max(bounds))
        self._links = Links(sorted(self._orders))

    def _move_up_to(self, number: int, bound: _Key, giver: int) -> None:
        below, own = self._below[number], self._own[number]
        if below is None or below.instant < bound.instant:
            self._below[number] = bound
        if own and own[:2] < (bound.instant, 1):
            self._keys[number] = own._replace(instant=bound.instant, known=1)
            self._beside[number] = Side.AFTER, giver

    def move_down(self) -> None:
        """Bound each from above, going backward, and move down what has no earliest instant."""
        for number in reversed(self._sequence):
            later = self._links.later.get(number, ())
            bounds = [key for one in later for key in (self._own[one], self._above.get(one)) if key]
            above = min(bounds, key=lambda key: key.start_latest, default=_UNTIED)
            if above.start_latest < datetime.max:
                self._above[number] = above
            own_key = self._keys[number]
            if own_key is None or not own_key.known:
                keyed = [
                    (key.beside(Side.BEFORE, number), one)
                    for one in later
                    if (key := self._keys[one])
                ]
                if keyed and (own_key is None or min(keyed)[0] < own_key):
                    self._keys[number], follower = min(keyed)
                    self._beside[number] = Side.BEFORE, follower

    def stand_after_what_bounds(self) -> None:
        """Let what has no date stand after the last it follows, if that bounds it or all else."""
        for number in self._sequence:
            if self._own[number] or not (self._below[number] or self._keys[number] is None):
                continue
            earlier = self._links.earlier.get(number, ())
            keyed = [(key, one) for one in earlier if (key := self._keys[one])]
            if keyed:
                key, placer = max(keyed)
                self._keys[number] = key.beside(Side.AFTER, number)
                self._beside[number] = Side.AFTER, placer

    def stand_beside_what_ties(self) -> None:
        """Let what is left and tied to a placed entry, in a cycle for one, stand beside it."""
        placed = [(self._key(one), one) for one in self._ties.numbers if self._keys[one]]
        waiting = deque(number for _, number in sorted(placed))
        while waiting:
            placer = waiting.popleft()
            for side, tied in (
                (Side.AFTER, self._ties.later.get(placer, ())),
                (Side.BEFORE, self._ties.earlier.get(placer, ())),
            ):
                for number in tied:
                    if self._keys[number] is None:
                        self._keys[number] = self._key(placer).beside(side, number)
                        self._beside[number] = side, placer
                        waiting.append(number)

    def timeline(self) -> Timeline:
        """Sort what was placed, and then what was not."""
        numbers = sorted(range(len(self._entries)), key=self._key)
        sequence = _in_order(numbers, self._orders)
        placed = [number for number in sequence if self._keys[number]]
        names = [entry.id for entry in self._entries]
        return Timeline(
            tuple(map(self._placement, placed, [None, *placed])),
            tuple(names[number] for number in sequence if not self._keys[number]),
            tuple(Contradiction(names[one], names[two]) for one, two in sorted(self._contrary)),
            tuple(tuple(names[number] for number in cycle) for cycle in self._cycles),
        )

    def _placement(self, number: int, previous: int | None) -> Placement:
        name, own = self._entries[number].id, self._own[number]
        after, before = self._bounds(number)
        side, beside = self._beside.get(number, (Side.AT, None))
        if own:
            words = ""
        elif side is Side.AFTER and beside == previous:
            words = "then"
        else:
            words = _in_place_of_a_date(after, before)
        placer = None if beside is None else self._entries[beside].id
        return Placement(name, side, placer, after, before, words)

    def _bounds(self, number: int) -> tuple[Unit | None, Unit | None]:
        """Give what its orders say of an entry's start beyond what its own date says."""
        own, below, above = self._own[number], self._below[number], self._above.get(number)
        after = below if below and below.number != number else None
        before = above if above and not (own and own.start_latest <= above.start_latest) else None
        return self._start_units(after)[0], self._start_units(before)[1]

    def _start_units(self, key: _Key | None) -> tuple[Unit | None, Unit | None]:
        when = self._entries[key.number].when if key else None
        return when.start_units if when else (None, None)

    def _key(self, number: int) -> _Key:
        return self._keys[number] or _UNTIED._replace(number=number)

    def _permitted(self, earlier: int, later: int) -> bool:
        """Say whether the later one can start at or after the earlier one's earliest start."""
        below, own = self._below[earlier], self._own[later]
        return below is None or own is None or below.instant <= own.start_latest


def _own_key(number: int, entry: Happening) -> _Key | None:
    own = entry.when.sort_key if entry.when else None
    return _Key(*own, number) if own else None


def _ties(entries: Sequence[Happening]) -> Iterator[Link]:
    numbers = {entry.id: number for number, entry in reversed(list(enumerate(entries)))}
    for number, entry in enumerate(entries):
        for name in (*entry.follows, *entry.part_of):
            if name in numbers:
                yield numbers[name], number
        for name in entry.precedes:
            if name in numbers:
                yield number, numbers[name]


def _in_place_of_a_date(after: Unit | None, before: Unit | None) -> str:
    if after:
        return f"after {bound_in_brief(after)}"
    return f"before {bound_in_brief(before)}" if before else "undated"


def _in_order(numbers: Sequence[int], orders: Iterable[Link]) -> list[int]:
    """Sort topologically; among those that may stand next, the first of the numbers given does."""
    rank = {number: position for position, number in enumerate(numbers)}
    links = Links(orders)
    waits = {number: len(earlier) for number, earlier in links.earlier.items()}
    ready = [rank[number] for number in numbers if number not in waits]
    sequence = []
    while ready:
        number = numbers[heappop(ready)]
        sequence.append(number)
        for later in links.later.get(number, ()):
            waits[later] -= 1
            if not waits[later]:
                heappush(ready, rank[later])
    return sequence
