"""What a date says: between which instants it lies, where it stands among others, in what words.

Instants are naive datetimes in the case's timezone, to the second; a last instant is inclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

SortKey: TypeAlias = tuple[datetime, int, datetime, datetime]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}


class Shape(Enum):
    """How a date lies in time."""

    POINT = auto()
    """At one instant, or somewhere or all through one unit: `2017-08`."""
    LASTING = auto()
    """From a start to an end: `2017-11/2018-01`."""
    ONE_OF = auto()
    """Once, somewhere in a set: `[2018-01..]`."""


class Precision(StrEnum):
    """How much time a unit takes."""

    CENTURY = auto()
    DECADE = auto()
    YEAR = auto()
    SEASON = auto()
    MONTH = auto()
    DAY = auto()
    MINUTE = auto()
    SECOND = auto()


class Unit(msgspec.Struct, frozen=True):
    """A year, month, day, … as the file names it, with its first and its last instant."""

    earliest: datetime
    latest: datetime
    size: Precision
    some: Precision | None = None
    """What it is one unknown part of: a `DAY` for `2017-11-XX`, whose size is `MONTH`."""
    approximate: bool = False
    uncertain: bool = False

    @property
    def is_time(self) -> bool:
        """Whether it is a time of day."""
        return self.size in (Precision.MINUTE, Precision.SECOND)

    @property
    def name(self) -> tuple[str, ...]:
        """Its words, one by one, without what is said about its certainty: `3`, `Nov`, `2017`."""
        first, last = self.earliest, self.latest
        year, month = f"{first.year:04}", MONTHS[first.month - 1]
        day = (str(first.day), month, year)
        over = f"{year}/{last.year % 100:02}" if last.year > first.year else year
        return {
            Precision.CENTURY: (f"{year}–{last.year:04}",),
            Precision.DECADE: ("the", f"{last.year // 10:03}0s"),
            Precision.YEAR: (year,),
            Precision.SEASON: (_SEASONS.get(first.month, ""), over),
            Precision.MONTH: (month, year),
            Precision.DAY: day,
            Precision.MINUTE: (*day, f"{first:%H:%M}"),
            Precision.SECOND: (*day, f"{first:%H:%M:%S}"),
        }[self.size]


class _Boundless:
    """What a side that names no unit has in place of a unit's bounds and certainty."""

    earliest: None = None
    latest: None = None
    approximate: bool = False
    uncertain: bool = False


class Edge(_Boundless, Enum):
    """A side of a span that names no unit."""

    OPEN = ".."
    UNKNOWN = ""


Side: TypeAlias = Unit | Edge


class Span(msgspec.Struct, frozen=True):
    """From one side to another; a single unit is its own start and end."""

    start: Side
    end: Side

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that it names."""
        return tuple(side for side in (self.start, self.end) if isinstance(side, Unit))


class Bounds(NamedTuple):
    """Between which instants something lies; None where nothing bounds it."""

    earliest: datetime | None
    latest: datetime | None
    approximate: bool
    uncertain: bool


class When(msgspec.Struct, frozen=True):
    """What a date says: one span if it is a point or lasting, one or several if it is a set."""

    written: str
    shape: Shape
    spans: tuple[Span, ...]

    @property
    def start(self) -> Bounds:
        """Where its start lies, which is no later than its end."""
        if self.shape is Shape.ONE_OF:
            return self._once()
        start, end = self.spans[0].start, self.spans[0].end
        latest = _known(min, start.latest, end.latest)
        return Bounds(start.earliest, latest, start.approximate, start.uncertain)

    @property
    def end(self) -> Bounds:
        """Where its end lies, which is no earlier than its start."""
        if self.shape is Shape.ONE_OF:
            return self._once()
        start, end = self.spans[0].start, self.spans[0].end
        earliest = _known(max, start.earliest, end.earliest)
        return Bounds(earliest, end.latest, end.approximate, end.uncertain)

    def _once(self) -> Bounds:
        open_start = any(span.start is Edge.OPEN for span in self.spans)
        open_end = any(span.end is Edge.OPEN for span in self.spans)
        return Bounds(
            None if open_start else min(unit.earliest for unit in self.units),
            None if open_end else max(unit.latest for unit in self.units),
            any(unit.approximate for unit in self.units),
            any(unit.uncertain for unit in self.units),
        )

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that it names, as written from left to right."""
        return tuple(unit for span in self.spans for unit in span.units)

    @property
    def is_bounded(self) -> bool:
        """Whether it says anything of when; `/..` does not."""
        return bool(self.units)

    @property
    def sort_key(self) -> SortKey | None:
        """Where it stands among others; None if it has no bound at all.

        By the earliest instant of its start, then the latest, then the latest of its end. What has
        no earliest, as `[..2018-01]`, stands at the date it names, before what starts there.
        """
        start = self.start
        latest = start.latest or datetime.max
        end_latest = (self.end.latest or datetime.max) if self.shape is Shape.LASTING else latest
        if start.earliest is not None:
            return start.earliest, 1, latest, end_latest
        named = min((unit.earliest for unit in self.units), default=None)
        return (named, 0, latest, end_latest) if named else None

    def words(self) -> str:
        """Give it in words, on one line: `between Nov 2017 and Jan 2018`."""
        return _in_words(self, brief=False)

    def brief(self) -> str:
        """Give it for a narrow column, about 18 wide where that can be: `Nov 2017..Jan 2018`."""
        return _in_words(self, brief=True)

    @property
    def start_units(self) -> tuple[Unit | None, Unit | None]:
        """The whole units that bound its start from below and above; None where nothing does."""
        start = self.start
        below = (unit for unit in self.units if unit.earliest == start.earliest)
        above = (unit for unit in self.units if unit.latest == start.latest)
        first, last = (next(units, None) for units in (below, above))
        return first and replace(first, some=None), last and replace(last, some=None)

    def closed(self, below: Unit | None, above: Unit | None) -> When:
        """Give it with units that bound its start in place of sides that leave the start open."""
        first, last = self.spans[0], self.spans[-1]
        if below and isinstance(first.start, Edge):
            first = replace(first, start=below)
        spans = (first, *self.spans[1:])
        if above and last.end is Edge.OPEN and self.shape is Shape.ONE_OF:
            spans = (*spans[:-1], replace(spans[-1], end=above))
        return replace(self, spans=spans)


def bounds_in_words(below: Unit | None, above: Unit | None) -> str:
    """Give between what something starts: `after Nov 2017`, `between 5 and 10 Mar 2019`.

    What starts within one unit is told by that unit alone.
    """
    if below is None or above is None:
        return " ".join(
            f"{side} {_unit_words(unit, brief=True)}"
            for side, unit in (("after", below), ("before", above))
            if unit
        )
    if below == above:
        return _unit_words(below, brief=True)
    return "between {} and {}".format(*_pair(below, above, brief=True))


def bound_in_brief(unit: Unit) -> str:
    """Give a unit that bounds something, for a narrow column: of a time of day no year.

    What is bounded by a time of day stands close to what has its year.
    """
    words = _unit_words(unit, brief=True)
    return words.replace(f" {unit.earliest.year:04} ", " ") if unit.is_time else words


def overview(whens: Iterable[When]) -> str:
    """Give the span of many in words: `Aug 2017 – Jan 2018 or later`; of none, nothing."""
    bounded = [when for when in whens if when.is_bounded]
    if not bounded:
        return ""
    units = [replace(unit, some=None) for when in bounded for unit in when.units]
    first = min(units, key=lambda unit: (unit.earliest, datetime.max - unit.latest))
    last = max(units, key=lambda unit: (unit.latest, datetime.max - unit.earliest))
    earlier = " or earlier" if any(when.start.earliest is None for when in bounded) else ""
    later = " or later" if any(when.end.latest is None for when in bounded) else ""
    begin, finish = _unit_words(first, brief=False), _unit_words(last, brief=False)
    if first == last and not (earlier and later):
        return begin + earlier + later
    both = f"{begin}{earlier} – {finish}" if earlier else _joined(first, last, brief=False)
    return both + later


def _known(
    choose: Callable[[datetime, datetime], datetime], one: datetime | None, other: datetime | None
) -> datetime | None:
    """Choose between two instants, or take the one that is known."""
    if one is None or other is None:
        return one or other
    return choose(one, other)


# Each turn of phrase, at length and in brief; `{}` is where a date goes.
_TURNS = {
    "uncertain": ("{} (uncertain)", "{}?"),
    "some year": ("a year in {}", "in {}"),
    "between": ("between {} and {}", "{}..{}"),
    "end unknown": ("from {}, end unknown", "{}–?"),
    "start unknown": ("until {}, start unknown", "?–{}"),
}
_UNBOUNDED: dict[tuple[Side, Side], tuple[str, str]] = {
    (Edge.UNKNOWN, Edge.OPEN): ("under way when reported", "under way"),
    (Edge.OPEN, Edge.OPEN): ("under way throughout", "throughout"),
    (Edge.OPEN, Edge.UNKNOWN): ("start open, end unknown", "end unknown"),
}


def _in_words(when: When, *, brief: bool) -> str:
    if when.shape is Shape.LASTING:
        return _lasting_words(when.spans[0], brief=brief)
    words = [_once_words(span, brief=brief) for span in when.spans]
    match when.spans:
        case (Span(Unit() as one, end), Span(Unit() as other, last)) if (one, other) == (end, last):
            return " or ".join(_pair(one, other, brief=brief))
        case (_, _, *others) if others and brief:
            return f"{words[0]} or {len(words) - 1} others"
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _lasting_words(span: Span, *, brief: bool) -> str:
    words = [_unit_words(unit, brief=brief) for unit in span.units]
    match span.start, span.end:
        case Unit() as start, Unit() as end:
            return _joined(start, end, brief=brief)
        case Unit(), Edge.OPEN:
            return f"since {words[0]}"
        case Unit(), _:
            return _TURNS["end unknown"][brief].format(words[0])
        case Edge.OPEN, Unit():
            return f"until {words[0]}"
        case _, Unit():
            return _TURNS["start unknown"][brief].format(words[0])
    return _UNBOUNDED[span.start, span.end][brief]


def _once_words(span: Span, *, brief: bool) -> str:
    match span.start, span.end:
        case Unit() as start, Unit() as end if start != end:
            return _TURNS["between"][brief].format(*_pair(start, end, brief=brief))
    words = _unit_words(span.units[0], brief=brief)
    if span.start is Edge.OPEN:
        return f"{words} or earlier"
    return f"{words} or later" if span.end is Edge.OPEN else words


def _unit_words(unit: Unit, *, brief: bool) -> str:
    words = " ".join(("c.", *unit.name) if unit.approximate else unit.name)
    if unit.uncertain:
        words = _TURNS["uncertain"][brief].format(words)
    if unit.some is Precision.YEAR:
        return _TURNS["some year"][brief].format(words)
    return f"a {unit.some} in {words}" if unit.some else words


def _pair(one: Unit, other: Unit, *, brief: bool) -> tuple[str, str]:
    """Give two units in words, without repeating what they share: `3` and `5 Nov 2017`."""
    left, right = one.name, other.name
    certain = not any(unit.some or unit.approximate or unit.uncertain for unit in (one, other))
    if certain and one.is_time and other.is_time and left[:3] == right[:3] and left != right:
        return " ".join(left), right[-1]
    if certain and one.size == other.size and not one.is_time and left != right:
        from_behind = zip(reversed(left), reversed(right), strict=True)
        shared = next(count for count, (a, b) in enumerate(from_behind) if a != b)
        return " ".join(left[: len(left) - shared]), " ".join(right)
    return _unit_words(one, brief=brief), _unit_words(other, brief=brief)


def _joined(start: Unit, end: Unit, *, brief: bool) -> str:
    """Give two units with a dash, closed up between bare numbers and, in brief, between equals."""
    left, right = _pair(start, end, brief=brief)
    alike = start.size == end.size
    numbers = (alike and left.isdigit()) or (":" in right and " " not in right)
    return f"{left}–{right}" if numbers or (brief and alike) else f"{left} – {right}"
