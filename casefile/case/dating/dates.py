"""Dates of a case file: their bounds, their order and their text on screen.

Instants are naive datetimes in the case's timezone, to the second; a last instant is inclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from casefile.case.dating.units import Edge, Precision, Side, Unit
from casefile.text.series import series

SortKey: TypeAlias = tuple[datetime, int, datetime, datetime]


class Shape(Enum):
    """Whether a date is a single unit, an interval or a set."""

    POINT = auto()
    """An instant, or a unit of time that something takes or falls in: `2017-08`."""
    INTERVAL = auto()
    """An interval, from a start to an end: `2017-11/2018-01`."""
    SET = auto()
    """Once, at one date of a set: `[2018-01..]`."""
    EACH = auto()
    """At each date of a set: `{2018-03-02,2018-03-09}`."""


class DateSpan(msgspec.Struct, frozen=True):
    """A start and an end; a single unit is both."""

    start: Side
    end: Side

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units among start and end."""
        return tuple([side for side in (self.start, self.end) if isinstance(side, Unit)])


_UNDER_WAY = DateSpan(Edge.UNKNOWN, Edge.OPEN)


class DateBounds(NamedTuple):
    """The first and last possible instant; None where there is no bound."""

    earliest: datetime | None
    latest: datetime | None
    approximate: bool
    uncertain: bool

    @property
    def is_certain(self) -> bool:
        """Whether it is neither approximate nor uncertain."""
        return not (self.approximate or self.uncertain)


class EdtfDate(msgspec.Struct, frozen=True):
    """A parsed date: one span, or several if it is a set."""

    written: str
    shape: Shape
    spans: tuple[DateSpan, ...]

    @property
    def start(self) -> DateBounds:
        """The bounds of its start, which is not later than its end."""
        if not self.has_extent:
            return self._bounds()
        first = _outermost([span.start for span in self.spans])
        latest = min([unit.latest for unit in self.units], default=None)
        return DateBounds(first.earliest, latest, first.approximate, first.uncertain)

    @property
    def end(self) -> DateBounds:
        """The bounds of its end, which is not earlier than its start."""
        if not self.has_extent:
            return self._bounds()
        last = _outermost([span.end for span in self.spans], at_end=True)
        earliest = max([unit.earliest for unit in self.units], default=None)
        return DateBounds(earliest, last.latest, last.approximate, last.uncertain)

    def _bounds(self) -> DateBounds:
        """Return the bounds of both its start and its end if it has no extent."""
        if unit := self._point:
            return DateBounds(unit.earliest, unit.latest, unit.approximate, unit.uncertain)
        open_start = any(span.start is Edge.OPEN for span in self.spans)
        open_end = any(span.end is Edge.OPEN for span in self.spans)
        return DateBounds(
            None if open_start else min(unit.earliest for unit in self.units),
            None if open_end else max(unit.latest for unit in self.units),
            any(unit.approximate for unit in self.units),
            any(unit.uncertain for unit in self.units),
        )

    @property
    def _point(self) -> Unit | None:
        """The unit of a point."""
        unit = self.spans[0].start
        return unit if self.shape is Shape.POINT and isinstance(unit, Unit) else None

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of all spans, in the order in which they are written."""
        return tuple([unit for span in self.spans for unit in span.units])

    @property
    def is_bounded(self) -> bool:
        """Whether it has any bound; `/..` has none."""
        return bool(self.units)

    @property
    def has_extent(self) -> bool:
        """Whether it has an end that is not also its start."""
        return self.shape in (Shape.INTERVAL, Shape.EACH)

    @property
    def is_under_way(self) -> bool:
        """Whether it is `/..`: a time in which something was under way when it was reported."""
        return self.shape is Shape.INTERVAL and self.spans == (_UNDER_WAY,)

    @property
    def states_end(self) -> bool:
        """Whether it says until when something lasted, or that it goes on."""
        goes_on = self.shape is Shape.INTERVAL and self.spans[0].end is Edge.OPEN
        return self.end.latest is not None or (goes_on and not self.is_under_way)

    @property
    def sort_key(self) -> SortKey | None:
        """The key to sort dates by, or None if it has no bound at all.

        Dates are sorted by the earliest instant of the start, then the latest, then the latest of
        the end. One without an earliest instant, such as `[..2018-01]`, comes right before those
        that start at the date it names.
        """
        start = self.start
        latest = start.latest or datetime.max
        end_latest = (self.end.latest or datetime.max) if self.has_extent else latest
        if start.earliest is not None:
            return start.earliest, 1, latest, end_latest
        named = min((unit.earliest for unit in self.units), default=None)
        return (named, 0, latest, end_latest) if named else None

    def words(self) -> str:
        """Return the date in words, on one line: `between Nov 2017 and Jan 2018`."""
        return _in_words(self, brief=False)

    def brief(self) -> str:
        """Return the date for a column, at most about 18 cells wide: `Nov 2017..Jan 2018`."""
        return _in_words(self, brief=True)

    def words_beside(self, other: EdtfDate | None) -> str:
        """Return the date in words beside another: only the time, if both are on one day."""
        if other is not None and self.shape is other.shape is Shape.POINT:
            return _pair(other.units[0], self.units[0], brief=False)[1]
        return self.words()

    @property
    def start_units(self) -> tuple[Unit | None, Unit | None]:
        """The units that bound its start from below and above; None where there is no bound."""
        return self._units_at(self.start)

    @property
    def end_units(self) -> tuple[Unit | None, Unit | None]:
        """The units that bound its end from below and above; None where there is no bound."""
        return self._units_at(self.end)

    def _units_at(self, bounds: DateBounds) -> tuple[Unit | None, Unit | None]:
        if unit := self._point:
            return unit.whole, unit.whole
        below = (unit for unit in self.units if unit.earliest == bounds.earliest)
        above = (unit for unit in self.units if unit.latest == bounds.latest)
        first, last = (next(units, None) for units in (below, above))
        return first and first.whole, last and last.whole

    def closed(self, below: Unit | None, above: Unit | None) -> EdtfDate:
        """Return a copy in which these units replace the sides that leave the start open."""
        first, last = self.spans[0], self.spans[-1]
        if below and isinstance(first.start, Edge):
            first = replace(first, start=below)
        spans = (first, *self.spans[1:])
        if above and last.end is Edge.OPEN and self.shape is Shape.SET:
            spans = (*spans[:-1], replace(spans[-1], end=above))
        return replace(self, spans=spans)


def _outermost(sides: Iterable[Side], *, at_end: bool = False) -> Side:
    """Return the first of the starts of spans, or the last of their ends: an open one if any is."""
    units = []
    for side in sides:
        if isinstance(side, Edge):
            return side
        units.append(side)
    if at_end:
        return max(units, key=lambda unit: unit.latest)
    return min(units, key=lambda unit: unit.earliest)


def bounds_in_words(below: Unit | None, above: Unit | None) -> str:
    """Return inclusive bounds in words, as of a set: `Nov 2017 or later`, `between 5 and 10 May`.

    There are no words if there is no bound.
    """
    return _span_words(DateSpan(below or Edge.OPEN, above or Edge.OPEN), brief=False)


def bounds_in_brief(below: Unit | None, above: Unit | None) -> str:
    """Return inclusive bounds for a column; times have no year, since a row nearby has it."""
    words = _span_words(DateSpan(below or Edge.OPEN, above or Edge.OPEN), brief=True)
    for unit in (below, above):
        if unit and unit.is_time:
            words = words.replace(f" {unit.earliest.year:04} ", " ")
    return words


def period_in_words(whens: Iterable[EdtfDate]) -> str:
    """Return the period that dates cover, or "": `Aug 2017 – Jan 2018 or later`."""
    bounded = [when for when in whens if when.is_bounded]
    if not bounded:
        return ""
    units = [unit.whole for when in bounded for unit in when.units]
    first = min(units, key=lambda unit: (unit.earliest, datetime.max - unit.latest))
    last = max(units, key=lambda unit: (unit.latest, datetime.max - unit.earliest))
    earlier = " or earlier" if any(when.start.earliest is None for when in bounded) else ""
    later = " or later" if any(when.end.latest is None for when in bounded) else ""
    begin, finish = _unit_words(first, brief=False), _unit_words(last, brief=False)
    if first == last and not (earlier and later):
        return begin + earlier + later
    both = f"{begin}{earlier} – {finish}" if earlier else _joined(first, last, brief=False)
    return both + later


# Each phrase at length and in brief.
_PHRASES = {
    "uncertain": ("{} (uncertain)", "{}?"),
    "some year": ("a year in {}", "in {}"),
    "between": ("between {} and {}", "{}..{}"),
    "each": ("each {} from {}", "each {} {}"),
    "end unknown": ("from {}, end unknown", "{}–?"),
    "start unknown": ("until {}, start unknown", "?–{}"),
}
_UNBOUNDED: dict[tuple[Side, Side], tuple[str, str]] = {
    (Edge.UNKNOWN, Edge.OPEN): ("under way when reported", "under way"),
    (Edge.OPEN, Edge.OPEN): ("under way throughout", "throughout"),
    (Edge.OPEN, Edge.UNKNOWN): ("start open, end unknown", "end unknown"),
}


def _in_words(when: EdtfDate, *, brief: bool) -> str:
    if when.shape is Shape.INTERVAL:
        return _interval_words(when.spans[0], brief=brief)
    if units := _single_units(when):
        words = _without_shared(units, brief=brief)
    else:
        in_words = _each_words if when.shape is Shape.EACH else _span_words
        words = [in_words(span, brief=brief) for span in when.spans]
    conjunction = "and" if when.shape is Shape.EACH else "or"
    if brief and len(words) > 2:
        first = _span_words(when.spans[0], brief=True) if units else words[0]
        # A range stands for several dates.
        number = f"{len(words) - 1} " if units else ""
        return f"{first} {conjunction} {number}others"
    return series(words, conjunction)


def _single_units(when: EdtfDate) -> tuple[Unit, ...]:
    """Return the dates of a set without ranges; empty if there is a range among them."""
    is_single = all(span.start == span.end for span in when.spans)
    return tuple(span.units[0] for span in when.spans) if is_single else ()


def _interval_words(span: DateSpan, *, brief: bool) -> str:
    words = [_unit_words(unit, brief=brief) for unit in span.units]
    match span.start, span.end:
        case Unit() as start, Unit() as end:
            return _joined(start, end, brief=brief)
        case Unit(), Edge.OPEN:
            return f"since {words[0]}"
        case Unit(), _:
            return _PHRASES["end unknown"][brief].format(words[0])
        case Edge.OPEN, Unit():
            return f"until {words[0]}"
        case _, Unit():
            return _PHRASES["start unknown"][brief].format(words[0])
    return _UNBOUNDED[span.start, span.end][brief]


def _each_words(span: DateSpan, *, brief: bool) -> str:
    """Return a span of a set of which every date is meant: `each month from Mar to May 2020`."""
    match span.start, span.end:
        case Unit() as start, Unit() as end if start != end:
            dash = "{}–{}" if brief else "{} to {}"
            both = dash.format(*_pair(start, end, brief=brief))
            return _PHRASES["each"][brief].format(start.size, both)
        case Unit() as start, Edge():
            return f"each {start.size} since {_unit_words(start, brief=brief)}"
        case Edge(), Unit() as end:
            return f"each {end.size} until {_unit_words(end, brief=brief)}"
    return _span_words(span, brief=brief)


def _span_words(span: DateSpan, *, brief: bool) -> str:
    match span.start, span.end:
        case Unit() as start, Unit() as end if start != end:
            return _PHRASES["between"][brief].format(*_pair(start, end, brief=brief))
        case Edge(), Edge():
            return ""
    words = _unit_words(span.units[0], brief=brief)
    if span.start is Edge.OPEN:
        return f"{words} or earlier"
    return f"{words} or later" if span.end is Edge.OPEN else words


def _unit_words(unit: Unit, *, brief: bool) -> str:
    words = " ".join(("c.", *unit.name) if unit.approximate else unit.name)
    if unit.uncertain:
        words = _PHRASES["uncertain"][brief].format(words)
    if unit.some is Precision.YEAR:
        return _PHRASES["some year"][brief].format(words)
    return f"a {unit.some} in {words}" if unit.some else words


def _pair(one: Unit, other: Unit, *, brief: bool) -> tuple[str, str]:
    """Return two units in words, without repeating what they share: `3` and `5 Nov 2017`."""
    left, right = _without_shared((one, other), brief=brief)
    return left, right


def _without_shared(units: Sequence[Unit], *, brief: bool) -> list[str]:
    """Return units in words, without repeating what all of them share: `3`, `5`, `7 Nov 2017`."""
    names = [unit.name for unit in units]
    certain = not any(unit.some or unit.approximate or unit.uncertain for unit in units)
    if certain and len(set(names)) == len(names) > 1:
        if all(unit.is_time for unit in units):
            if len({name[:3] for name in names}) == 1:
                return [" ".join(names[0]), *(name[-1] for name in names[1:])]
        elif len({unit.size for unit in units}) == 1:
            columns = zip(*map(reversed, names), strict=True)
            shared = next(count for count, parts in enumerate(columns) if len(set(parts)) > 1)
            cut = [" ".join(name[: len(name) - shared]) for name in names[:-1]]
            return [*cut, " ".join(names[-1])]
    return [_unit_words(unit, brief=brief) for unit in units]


def _joined(start: Unit, end: Unit, *, brief: bool) -> str:
    """Join two units with a dash.

    There are no spaces around it between bare numbers or, in brief, units of one size.
    """
    # “A day in Mar – May 2018” would be one of these days.
    if not brief and (start.some or end.some):
        return f"from {_unit_words(start, brief=False)} to {_unit_words(end, brief=False)}"
    left, right = _pair(start.whole, end.whole, brief=brief)
    same_size = start.size == end.size
    are_numbers = (same_size and left.isdigit()) or (":" in right and " " not in right)
    return f"{left}–{right}" if are_numbers or (brief and same_size) else f"{left} – {right}"
