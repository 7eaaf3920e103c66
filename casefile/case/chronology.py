"""The order of a timeline: what comes before what, and on what each place in it rests.

`follows`, `precedes` and `part_of` each say that one start is no later than another. Such an order
wins wherever the dates permit; then come the earliest instant, the latest, the place in the file.
One key an entry says where it would stand, and one topological sort keeps the orders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

import msgspec

from casefile.case.dates import When


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
    bound: str | None = None
    """The dated entry whose date bounds it through `beside`, which may be that entry itself."""
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
    ordering.stand_after_what_bounds()
    ordering.stand_before_what_bounds()
    ordering.stand_beside_what_ties()
    return ordering.timeline()


_Order: TypeAlias = tuple[int, int]
"""Two entries by number: the first starts no later than the second."""


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


class _Beside(NamedTuple):
    """By which entry another was placed, and the dated one whose bound it took."""

    side: Side
    number: int
    bound: int | None


class _Links:
    """What stands before and after each entry that stands in an order."""

    def __init__(self, orders: Iterable[_Order]) -> None:
        self.earlier: dict[int, list[int]] = {}
        self.later: dict[int, list[int]] = {}
        for earlier, later in orders:
            self.later.setdefault(earlier, []).append(later)
            self.earlier.setdefault(later, []).append(earlier)
        self.numbers = sorted(self.earlier.keys() | self.later.keys())


class _Ordering:
    """The work, in steps; an entry's number is its position among all in file order."""

    def __init__(self, entries: Sequence[Happening]) -> None:
        self._entries = entries
        self._own = [_own_key(number, entry) for number, entry in enumerate(entries)]
        self._keys = [key if key and key.known else None for key in self._own]
        self._beside: dict[int, _Beside] = {}
        ties = dict.fromkeys(_ties(entries))
        self._contrary = {tie for tie in ties if not self._permitted(*tie)}
        self._ties = _Links(tie for tie in ties if tie not in self._contrary)
        self._cycles, cycle = _cycles(self._ties)
        self._orders = {
            tie for tie in ties if tie not in self._contrary and cycle[tie[0]] != cycle[tie[1]]
        }
        self._links = _Links(sorted(self._orders))
        self._sequence = _in_order(self._links.numbers, self._orders)

    def stand_after_what_bounds(self) -> None:
        """Let each, going forward, take the earliest instant of what it comes after, if later."""
        for number in self._sequence:
            givers = [one for one in self._links.earlier.get(number, ()) if self._keys[one]]
            contrary = {(one, number) for one in givers if not self._permitted(one, number)}
            self._contrary |= contrary
            self._orders -= contrary
            keyed = [(self._key(one), one) for one in givers if (one, number) not in contrary]
            if keyed:
                self._stand_after(number, *max(keyed))

    def _stand_after(self, number: int, key: _Key, giver: int) -> None:
        own = self._own[number]
        if own is None:
            self._keys[number] = key.beside(Side.AFTER, number)
        elif not own.known or own.instant < key.instant:
            self._keys[number] = own._replace(instant=key.instant, known=1)
        else:
            return
        bound = self._beside[giver].bound if giver in self._beside else giver
        self._beside[number] = _Beside(Side.AFTER, giver, bound)

    def stand_before_what_bounds(self) -> None:
        """Let what has no earliest instant, going backward, stand before the first it precedes."""
        for number in reversed(self._sequence):
            if self._keys[number] is None:
                followers = self._links.later.get(number, ())
                keyed = [
                    (self._key(one).beside(Side.BEFORE, number), one)
                    for one in followers
                    if self._keys[one] and (number, one) in self._orders
                ]
                self._stand_before(number, keyed)
        for number, own in enumerate(self._own):
            self._keys[number] = self._keys[number] or own

    def _stand_before(self, number: int, keyed: list[tuple[_Key, int]]) -> None:
        own = self._own[number]
        if not keyed or (own and (own, number) < min(keyed)):
            self._keys[number] = own
            return
        self._keys[number], follower = min(keyed)
        self._beside[number] = _Beside(Side.BEFORE, follower, self._latest_bound(follower))

    def _latest_bound(self, number: int) -> int | None:
        """Give the dated entry before whose latest start this one starts."""
        own, beside = self._own[number], self._beside.get(number)
        if own:
            return number if own.start_latest < datetime.max else None
        return beside.bound if beside and beside.side is Side.BEFORE else None

    def stand_beside_what_ties(self) -> None:
        """Let what is tied to a placed entry, but bounded by none, stand beside it."""
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
                        self._beside[number] = _Beside(side, placer, None)
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
        name, placed = self._entries[number].id, self._beside.get(number)
        if placed is None:
            return Placement(name)
        bound = None if placed.bound is None else self._entries[placed.bound]
        if self._own[number]:
            words = ""
        elif placed.side is Side.AFTER and placed.number == previous:
            words = "then"
        elif bound and bound.when:
            below, above = bound.when.brief_bounds()
            words = f"after {below}" if placed.side is Side.AFTER else f"before {above}"
        else:
            words = "undated"
        beside = self._entries[placed.number].id
        return Placement(name, placed.side, beside, bound.id if bound else None, words)

    def _key(self, number: int) -> _Key:
        return self._keys[number] or _UNTIED._replace(number=number)

    def _permitted(self, earlier: int, later: int) -> bool:
        """Tell whether the later one can start at or after the earlier one's earliest start."""
        key, bound = self._keys[earlier], self._own[later]
        return key is None or bound is None or key.instant <= bound.start_latest


def _own_key(number: int, entry: Happening) -> _Key | None:
    own = entry.when.sort_key if entry.when else None
    return _Key(*own, number) if own else None


def _ties(entries: Sequence[Happening]) -> Iterator[_Order]:
    numbers = {entry.id: number for number, entry in reversed(list(enumerate(entries)))}
    for number, entry in enumerate(entries):
        for name in (*entry.follows, *entry.part_of):
            if name in numbers:
                yield numbers[name], number
        for name in entry.precedes:
            if name in numbers:
                yield number, numbers[name]


def _in_order(numbers: Sequence[int], orders: Iterable[_Order]) -> list[int]:
    """Sort topologically; among those that may stand next, the first of the numbers given does."""
    rank = {number: position for position, number in enumerate(numbers)}
    links = _Links(orders)
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


def _cycles(links: _Links) -> tuple[list[list[int]], dict[int, int]]:
    """Give the cycles, and for every entry the number of the component it is in.

    Kosaraju's algorithm: a component is what reaches the entry that a search finishes last.
    """
    component: dict[int, int] = {}
    members: list[list[int]] = []
    for root in reversed(_finished(links)):
        if root in component:
            continue
        component[root] = len(members)
        found = [root]
        for number in found:
            for earlier in links.earlier.get(number, ()):
                if earlier not in component:
                    component[earlier] = len(members)
                    found.append(earlier)
        members.append(sorted(found))
    cycles = [one for one in members if len(one) > 1 or one[0] in links.later.get(one[0], ())]
    return sorted(cycles), component


def _finished(links: _Links) -> list[int]:
    """Give the entries in the order in which a depth-first search leaves them."""
    seen: set[int] = set()
    finished: list[int] = []
    for root in links.numbers:
        path = [(root, iter(links.later.get(root, ())))] if root not in seen else []
        seen.add(root)
        while path:
            number, rest = path[-1]
            later = next((one for one in rest if one not in seen), None)
            if later is None:
                finished.append(number)
                path.pop()
            else:
                seen.add(later)
                path.append((later, iter(links.later.get(later, ()))))
    return finished
