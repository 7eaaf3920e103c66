"""Put the entries of a timeline in order by their dates and by the orders between them.

An order, from `follows`, `follows_end_of`, `precedes` or `part_of`, says which of two entries
starts no later than the other starts (`bounds`). Orders take precedence wherever the dates permit;
then entries are sorted by their earliest instant, their latest instant and their place in the file.
An order that holds already moves nothing, and no entry moves farther than necessary: an entry with
an earliest instant moves forward to what it comes after; `[..X]` and `/X` are placed at X and move
back to what they come before.

An undated entry is placed beside an entry that it is tied to: with a lower bound, after the last
of those that it comes after, among others that come after that, in the order of the file; with an
upper bound alone, before the first of those that it comes before; without bounds, directly beside
the entry that it is tied to.

An entry with the date `/..` is placed at the date of the report by which it is known to have been
under way, whatever it is tied to. Its start is sorted as that of any undated entry, and has no row:
what precedes it comes before what follows it.

Each start, and each end that counts, gets one sort key, and one topological sort then applies the
orders. A start or an end without a row takes its place as early as its orders permit, so that it
delays nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.units import Unit
from casefile.case.timeline.bounds import Bound, Bounds, Contradiction, Overrun
from casefile.case.timeline.entries import TimelineEntry
from casefile.case.timeline.graph import in_order


class Side(StrEnum):
    """The side of another entry on which an entry is placed."""

    AT = "at"
    """At its own date."""
    AFTER = "after"
    BEFORE = "before"


class Placement(msgspec.Struct, frozen=True):
    """The place of an entry on the timeline, and what is known of its start and end."""

    id: str
    side: Side = Side.AT
    beside: str | None = None
    """The id of the entry that it is placed after or before; None if placed at its date."""
    is_next: bool = False
    """Whether it is undated and directly after the entry that it comes after, not a part of it."""
    lasts: bool = False
    """Whether it lasted, so that its start is not all of it."""
    after: Bound | None = None
    """The lower bound of its start from its orders, if narrower than that of its date."""
    before: Bound | None = None
    """The upper bound of its start from its orders, if narrower than that of its date."""
    until: Bound | None = None
    """The lower bound of its end from its parts, if its date states no end and none as late."""
    reported: EdtfDate | None = None
    """When it was first reported to be under way, if its date is `/..` and that is known."""

    @property
    def start_units(self) -> tuple[Unit | None, Unit | None]:
        """The units of the bounds of its start from its orders, the lower first."""
        return self.after and self.after.unit, self.before and self.before.unit


class Timeline(msgspec.Struct, frozen=True):
    """The entries in order, those tied to no date, and the orders that were ignored."""

    placed: tuple[Placement, ...]
    unplaced: tuple[str, ...]
    """The ids of the entries tied to no date."""
    contradictions: tuple[Contradiction, ...]
    """The orders that were ignored because of the dates."""
    overruns: tuple[Overrun, ...]
    """The parts that go on, or start, after the end of their whole."""
    cycles: tuple[tuple[str, ...], ...]
    """The ids of entries that come before themselves, whose orders among them were ignored."""


def build_timeline(happenings: Iterable[TimelineEntry]) -> Timeline:
    """Return the timeline of entries; orders that name none of them are ignored."""
    entries = sorted(happenings, key=lambda entry: entry.place)
    placing = _Placing(entries)
    placing.move_forward()
    placing.move_back()
    placing.place_undated_after_bounds()
    placing.place_rest_beside_tied()
    return placing.timeline()


class _Key(NamedTuple):
    """The sort key of a start or an end; an undated one has that of a dated one with a `side`."""

    instant: datetime
    known: int
    """0 if the entry starts at `instant` or before, 1 if it starts at `instant` or later."""
    start_latest: datetime
    end_latest: datetime
    number: int
    side: int = 0
    own_number: int = 0
    inner_side: int = 0
    inner_number: int = 0

    def among(self, side: Side, number: int) -> _Key:
        """Return the key of an entry among those beside this one, in the order of the file."""
        side_sign = self.side or _SIGNS[side]
        return self._replace(side=side_sign, own_number=number, inner_side=0, inner_number=0)

    def directly(self, side: Side, number: int) -> _Key:
        """Return the key of an entry directly beside this one, which may be beside a dated one."""
        if not self.side:
            return self.among(side, number)
        return self._replace(
            inner_side=self.inner_side or _SIGNS[side],
            inner_number=number,
        )


_SIGNS = {Side.BEFORE: -1, Side.AFTER: 1}
_UNTIED = _Key(datetime.max, 2, datetime.max, datetime.max, 0)


class _Placing:
    """The placing in steps. Starts and ends are identified by the numbers that `Ties` gives them.

    An entry that was under way when reported has its row at its `_anchors`, not at its start.
    """

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        self._entries = entries
        self._bounds = Bounds(entries)
        self._ties = self._bounds.ties
        sort_keys = [entry.when.sort_key if entry.when else None for entry in entries]
        self._date_keys = [key and _Key(*key, number) for number, key in enumerate(sort_keys)]
        self._keys = [*self._date_keys, *([None] * len(self._ties.end_of))]
        self._anchors = {
            number: _Key(*key, number)
            for number, entry in enumerate(entries)
            if entry.reported and (key := entry.reported.sort_key)
        }
        self._beside: dict[int, tuple[Side, int]] = {}

    def move_forward(self) -> None:
        """Move each dated entry that is sorted below the lower bound from its orders."""
        for number, followed in self._bounds.by_order.items():
            key, instant = self._keys[number], self._bounds.lower[number].instant
            if key and key[:2] < (instant, 1):
                self._keys[number] = key._replace(instant=instant, known=1)
                self._beside[number] = Side.AFTER, self._ties.owner(followed)

    def move_back(self) -> None:
        """Place what has no earliest instant before what it comes before, if that is earlier."""
        for number in reversed(self._bounds.sequence):
            current = self._keys[number]
            if current is None or not current.known:
                candidates = [
                    (key.among(Side.BEFORE, number), other)
                    for other in self._bounds.orders.later.get(number, ())
                    if (key := self._keys[other])
                ]
                if candidates and (current is None or min(candidates)[0] < current):
                    self._keys[number], later = min(candidates)
                    self._beside[number] = Side.BEFORE, self._row_before(later)

    def place_undated_after_bounds(self) -> None:
        """Place what is undated and has a lower bound, or no place, after what it comes after."""
        for number in self._bounds.sequence:
            is_bounded = number in self._bounds.lower
            if self._is_dated(number) or (self._keys[number] is not None and not is_bounded):
                continue
            earlier = self._bounds.orders.earlier.get(number, ())
            candidates = [(key, other) for other in earlier if (key := self._keys[other])]
            end_key = self._end_key(number) if self._ties.is_end(number) else None
            if candidates:
                key, followed = max(candidates)
                beside = key.among if is_bounded else key.directly
                self._keys[number] = beside(Side.AFTER, number)
                self._beside[number] = Side.AFTER, self._ties.owner(followed)
            if end_key and (not candidates or end_key > max(candidates)[0]):
                self._keys[number] = end_key

    def place_rest_beside_tied(self) -> None:
        """Place the remaining entries that are tied to placed ones, in a cycle for example.

        At last they are placed beside those that were under way when reported.
        """
        self._spread()
        for number, anchor in self._anchors.items():
            self._keys[number] = self._keys[number] or anchor
        self._spread()

    def _spread(self) -> None:
        """Place what is tied to placed starts and ends directly beside them."""
        links = self._bounds.tied
        unplaced = [number for number in links.numbers if self._keys[number] is None]
        sides = ((Side.AFTER, links.later), (Side.BEFORE, links.earlier))
        beside = {one for number in unplaced for _, tied in sides for one in tied.get(number, ())}
        queue = deque(sorted(filter(self._keys.__getitem__, sorted(beside)), key=self._key))
        while queue:
            current = queue.popleft()
            for side, tied in sides:
                for number in tied.get(current, ()):
                    if self._keys[number] is None:
                        self._keys[number] = self._key(current).directly(side, number)
                        self._beside[number] = side, self._row_at(side, current)
                        queue.append(number)

    def timeline(self) -> Timeline:
        """Sort the entries by their keys and orders, and return the timeline."""
        sequence = self._rows()
        placed = [one for one in sequence if one in self._anchors or self._keys[one]]
        ids = [entry.id for entry in self._entries]
        return Timeline(
            tuple(map(self._placement, placed, [None, *placed])),
            tuple(ids[one] for one in sequence if not (one in self._anchors or self._keys[one])),
            tuple(self._bounds.contradictions),
            tuple(self._bounds.overruns),
            tuple(tuple(ids[one] for one in cycle) for cycle in self._bounds.cycles),
        )

    def _rows(self) -> list[int]:
        """Return the numbers of the entries in the order of their rows."""
        first_report = len(self._keys)
        reports = {first_report + number: number for number in self._anchors}
        row_keys = {one: self._key(one) for one in range(len(self._entries))}
        for report, number in reports.items():
            del row_keys[number]
            row_keys[report] = self._anchors[number]
        # What has no row comes first, as soon as its orders permit, so that no row waits for it.
        without_row = [*self._ties.end_of.values(), *self._anchors]
        rows = sorted(row_keys, key=row_keys.__getitem__)
        sequence = in_order([*without_row, *rows], self._bounds.orders)
        return [reports.get(one, one) for one in sequence if one in row_keys]

    def _placement(self, number: int, previous: int | None) -> Placement:
        entry = self._entries[number]
        side, beside = self._beside.get(number, (Side.AT, None))
        if number in self._anchors:
            side, beside = Side.AT, None
        beside_id = None if beside is None else self._entries[beside].id
        is_next = beside is not None and beside == previous and beside not in self._anchors
        is_after = side is Side.AFTER and beside_id not in entry.part_of
        return Placement(
            entry.id,
            side,
            beside_id,
            is_next and is_after and entry.when is None,
            entry.has_extent or number in self._ties.wholes,
            self._bounds.narrower_lower(number),
            self._bounds.narrower_upper(number),
            self._until(number),
            entry.reported,
        )

    def _until(self, number: int) -> Bound | None:
        """Return the lower bound of the end of a whole, unless its date or its start implies it."""
        if number not in self._ties.wholes or self._entries[number].states_end:
            return None
        end = self._ties.end_of[number]
        bound, start = self._bounds.narrower_lower(end), self._bounds.lower.get(number)
        return bound if bound and (start is None or bound.instant > start.instant) else None

    def _end_key(self, number: int) -> _Key | None:
        """Return the key of the end that a date states, or of the report of what was under way."""
        owner = self._ties.owner(number)
        earliest, last = self._bounds.dated[number]
        if earliest is None or owner in self._anchors:
            return self._anchors.get(owner)
        latest = last.instant if last else datetime.max
        return _Key(earliest.instant, 1, latest, latest, owner)

    def _row_at(self, side: Side, number: int) -> int:
        """Return the row that an entry stands after or before if it does this start or end."""
        return self._row_before(number) if side is Side.BEFORE else self._ties.owner(number)

    def _row_before(self, number: int) -> int:
        """Return the row that an entry stands before if it comes before this start or end."""
        beside = self._beside.get(number) if self._ties.is_end(number) else None
        return beside[1] if beside else self._ties.owner(number)

    def _is_dated(self, number: int) -> bool:
        return number < len(self._date_keys) and self._date_keys[number] is not None

    def _key(self, number: int) -> _Key:
        return self._keys[number] or _UNTIED._replace(number=number)
