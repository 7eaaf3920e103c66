"""Dates as EDTF writes them: read, bounded, ordered and put into words.

Level 1 is supported, and in addition the following feature of level 2: set representation ("one
of"); but no years outside 0001–9999. The standard is the Library of Congress's Extended
Date/Time Format of 4 February 2019, https://www.loc.gov/standards/datetime/, part of ISO 8601-2.
Beyond EDTF, because phone records and transcripts need it, a time may stop at the minute and stand
in an interval, in a set and before `~`, `?` and `%`.

Instants are naive datetimes in the case's timezone, to the second; a last instant is inclusive.
What is no date is refused with what would be right, never guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum, StrEnum, auto
from typing import NamedTuple, TypeAlias

LONGEST = 500
"""How many characters a date may have; what is longer is refused unread."""

SortKey: TypeAlias = tuple[datetime, int, datetime, datetime]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}
_NO_DATE = "leave date out and put the source's words in date_text"
_ORDINARY = "write 2018, 2018-03, 2018-03-24 or 2018-03-24T14:05, as EDTF does"


class DateError(ValueError):
    """What is no date: the problem, and a hint that says what would be right.

    Neither repeats the text, which may hold anything; a hint may repeat digits from it.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem}; {hint}")
        self.problem = problem
        self.hint = hint


class _UnreadError(Exception):
    """A part of a date string that is not written as EDTF writes it."""


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


@dataclass(frozen=True, slots=True)
class Unit:
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
        year, month = f"{first.year:04}", _MONTHS[first.month - 1]
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


@dataclass(frozen=True, slots=True)
class Span:
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


@dataclass(frozen=True, slots=True)
class When:
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

    def brief_bounds(self) -> tuple[str, str]:
        """Give the units that bound its start from below and above; "" where nothing does."""
        start = self.start
        first = [unit for unit in self.units if unit.earliest == start.earliest]
        last = [unit for unit in self.units if unit.latest == start.latest]
        below, above = (
            _unit_words(replace(units[0], some=None), brief=True) if units else ""
            for units in (first, last)
        )
        return below, above


def parse(written: str, zone: tzinfo | None = None) -> When:
    """Read a date; times with an offset are converted to the zone, or to local time.

    Raises DateError.
    """
    if len(written) > LONGEST:
        raise DateError(f"it is longer than {LONGEST} characters", _NO_DATE)
    try:
        return _read(written, zone)
    except _UnreadError as part:
        raise _explained(written, str(part)) from None


def of_native(value: date | datetime, zone: tzinfo | None = None) -> When:
    """Give what a native TOML date or datetime says; no part of a second is kept.

    Raises DateError.
    """
    if not isinstance(value, datetime):
        return parse(value.isoformat(), zone)
    return parse(value.isoformat(timespec="seconds" if value.second else "minutes"), zone)


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


# The pattern of a unit knows which parts go together; the calendar is checked after it.
_UNIT = re.compile(
    r"""(?: (?P<years> [0-9]{2} (?: [0-9]X | XX ))
          | (?P<year> [0-9]{4} )
            (?: - (?: (?P<unknown> XX (?: -XX )? )
                    | (?P<month> [0-9]{2} )
                      (?: - (?: (?P<some_day> XX )
                              | (?P<day> [0-9]{2} )
                                (?: T (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} )
                                    (?: : (?P<second> [0-9]{2} ))?
                                    (?P<offset> Z | [+-][0-9]{2} (?: : [0-9]{2} )? )?
                                )?
                      ))?
            ))?
        ) (?P<mark> [~?%]? )""",
    re.VERBOSE,
)
_Stretch: TypeAlias = tuple[datetime, datetime, Precision, Precision | None]


def _read(text: str, zone: tzinfo | None) -> When:
    if text.startswith("[") and text.endswith("]"):
        return When(text, Shape.ONE_OF, _set(text[1:-1], zone))
    if "/" in text:
        return When(text, Shape.LASTING, (_interval(text, zone),))
    unit = _unit(text, zone)
    return When(text, Shape.POINT, (Span(unit, unit),))


def _interval(text: str, zone: tzinfo | None) -> Span:
    sides = text.split("/")
    if len(sides) != 2 or text == "/":
        raise _UnreadError(text)
    start, end = (Edge(side) if side in ("", "..") else _unit(side, zone) for side in sides)
    return _in_order(Span(start, end), f"{sides[1]}/{sides[0]}")


def _set(text: str, zone: tzinfo | None) -> tuple[Span, ...]:
    spans = tuple(_member(member, zone) for member in text.split(","))
    if any(span.start is Edge.OPEN for span in spans[1:]):
        raise DateError("only the first of a set can be open to the past", "put it first")
    if any(span.end is Edge.OPEN for span in spans[:-1]):
        raise DateError("only the last of a set can be open to the future", "put it last")
    return spans


def _member(text: str, zone: tzinfo | None) -> Span:
    first, dots, last = text.partition("..")
    if not dots:
        unit = _unit(text, zone)
        return Span(unit, unit)
    if not first and not last:
        raise _UnreadError(text)
    start = _unit(first, zone) if first else Edge.OPEN
    end = _unit(last, zone) if last else Edge.OPEN
    return _in_order(Span(start, end), f"[{last}..{first}]")


def _in_order(span: Span, other_way: str) -> Span:
    match span.start, span.end:
        case Unit() as start, Unit() as end if end.latest < start.earliest:
            hint = f"the earlier date stands first: {other_way}"
            raise DateError("it ends before it starts", hint)
    return span


def _unit(text: str, zone: tzinfo | None) -> Unit:
    parts = _UNIT.fullmatch(text)
    if parts is None:
        raise _UnreadError(text)
    if parts["years"]:
        stretch = _years(parts["years"])
    elif parts["year"] == "0000":
        raise DateError("there is no year 0000", f"years are 0001 to 9999; else {_NO_DATE}")
    elif parts["hour"]:
        stretch = _time(parts, zone)
    else:
        stretch = _days(parts)
    mark = parts["mark"]
    return Unit(*stretch, approximate=mark in ("~", "%"), uncertain=mark in ("?", "%"))


def _years(text: str) -> _Stretch:
    first, last = int(text.replace("X", "0")), int(text.replace("X", "9"))
    size = Precision.CENTURY if text.endswith("XX") else Precision.DECADE
    return *_whole(date(max(first, 1), 1, 1), date(last, 12, 31)), size, Precision.YEAR


def _days(parts: re.Match[str]) -> _Stretch:
    year, month = int(parts["year"]), parts["month"]
    if month is None:
        some = {None: None, "XX": Precision.MONTH, "XX-XX": Precision.DAY}[parts["unknown"]]
        return *_whole(date(year, 1, 1), date(year, 12, 31)), Precision.YEAR, some
    if parts["day"]:
        return *_whole(_day(parts), _day(parts)), Precision.DAY, None
    some = Precision.DAY if parts["some_day"] else None
    if month in ("21", "22", "23", "24") and not some:
        return *_season(year, (int(month) - 20) * 3), Precision.SEASON, None
    first = date(year, _month(month), 1)
    return *_whole(first, _month_end(first)), Precision.MONTH, some


def _season(year: int, month: int) -> tuple[datetime, datetime]:
    last_year, last_month = (year + 1, 2) if month == 12 else (year, month + 2)
    if last_year > 9999:
        raise DateError("it ends after the year 9999", f"years are 0001 to 9999; else {_NO_DATE}")
    return _whole(date(year, month, 1), _month_end(date(last_year, last_month, 1)))


def _whole(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(text: str) -> int:
    if not 1 <= int(text) <= 12:
        hint = "months are 01 to 12; 21 to 24 are spring, summer, autumn and winter"
        raise DateError(f"there is no month {text}", hint)
    return int(text)


def _day(parts: re.Match[str]) -> date:
    year, month, day = int(parts["year"]), _month(parts["month"]), int(parts["day"])
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = f"{_MONTHS[month - 1]} {year:04}"
        raise DateError(f"there is no day {day:02} in {name}", f"its days are 01 to {days}")
    return date(year, month, day)


def _time(parts: re.Match[str], zone: tzinfo | None) -> _Stretch:
    second = parts["second"]
    clock = f"{parts['hour']}:{parts['minute']}:{second or '00'}{parts['offset'] or ''}"
    day = _day(parts)
    try:
        if parts["hour"] > "23":
            # From Python 3.14 on, fromisoformat takes 24:00 for the next day's midnight.
            raise ValueError
        first = datetime.combine(day, time.fromisoformat(clock))
    except ValueError:
        hint = "times are 00:00 to 23:59:59, offsets -23:59 to +23:59"
        raise DateError("there is no such time of day", hint) from None
    first = first if first.tzinfo is None else _local(first, zone)
    if second:
        return first, first, Precision.SECOND, None
    return first, first + timedelta(seconds=59), Precision.MINUTE, None


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError, OSError):
        raise DateError("its offset takes it out of the years 0001–9999", "leave it out") from None


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


_NOTHING_STATED = re.compile(
    r"(?i:\s*|\.\.|/|\[\.\.\]|[xu]{4}(-[xu]{2}){0,2}|open|unknown|undated|n\.? ?d\.?)"
)
_NAMED_DAY = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.? )?(?P<month>[A-Za-z]{3,9})\.?,?"
    r"(?: (?P<day_after>[0-9]{1,2})(?:st|nd|rd|th)?,?)? (?P<year>[0-9]{4})"
)
# What people write instead, with what they can have meant.
_REWRITTEN = (
    (re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})"), (r"\1-\2",)),
    (re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"), (r"\1-\2-\3",)),
    (re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"), (r"\1-\2-\3",)),
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})"), (r"\2-\1",)),
    (re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})"), (r"\3-\2-\1", r"\3-\1-\2")),
    (re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ Tt]([0-9]{1,2}:[0-9:]+)"), (r"\1T\2",)),
)
_OLD_DRAFTS = {"unknown": "", "open": "..", "?~": "%", "~?": "%", " ": "", "u": "X", "x": "X"}
_UNSUPPORTED = (
    (r"^[yY]|^-[0-9]", "years outside 0001–9999 are not read", _NO_DATE),
    (r"^\{", "sets of all their dates are not read", "make an entry for each"),
    (r"[~?%].", "marks on a part are not read", "put ~, ? or % at the end, as in 2018-03~"),
    (r"\.\.", "a bare range is not read", "once between is [2017..2018], lasting is 2017/2018"),
)


def _explained(text: str, part: str) -> DateError:
    """Give the error for a text, one part of which could not be read."""
    if _NOTHING_STATED.fullmatch(text):
        return DateError("it states no date", _NO_DATE)
    for told in (text, part):
        meant = [one for one in dict.fromkeys(_rewritings(told)) if _is_read(one)]
        if meant:
            return DateError("it is no EDTF date", f"write {' or '.join(meant)}")
    for pattern, problem, hint in _UNSUPPORTED:
        if re.search(pattern, part):
            return DateError(problem, hint)
    return DateError("it is no EDTF date", _ORDINARY)


def _rewritings(text: str) -> Iterator[str]:
    for pattern, templates in _REWRITTEN:
        if found := pattern.fullmatch(text):
            yield from (_two_digits(found.expand(template)) for template in templates)
    if (found := _NAMED_DAY.fullmatch(text)) and found["month"][:3].title() in _MONTHS:
        month = _MONTHS.index(found["month"][:3].title()) + 1
        day = found["day"] or found["day_after"]
        yield _two_digits(f"{found['year']}-{month}" + (f"-{day}" if day else ""))
    for old, new in _OLD_DRAFTS.items():
        text = text.replace(old, new)
    yield text


def _two_digits(text: str) -> str:
    return re.sub(r"(?<![0-9])[0-9](?![0-9])", r"0\g<0>", text)


def _is_read(text: str) -> bool:
    try:
        _read(text, UTC)
    except (DateError, _UnreadError):
        return False
    return True
