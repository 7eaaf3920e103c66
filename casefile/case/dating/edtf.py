"""Dates as EDTF writes them, read; what is no date is refused with what would be right.

Level 1 is supported, and in addition the following feature of level 2: set representation ("one
of"); but no years outside 0001–9999. The standard is the Library of Congress's Extended
Date/Time Format of 4 February 2019, https://www.loc.gov/standards/datetime/, part of ISO 8601-2.
Beyond EDTF, because phone records and transcripts need it, a time may stop at the minute and stand
in an interval, in a set and before `~`, `?` and `%`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from casefile.case.dating.dates import MONTHS, Edge, Precision, Shape, Span, Unit, When
from casefile.case.dating.zones import readings_of_skipped

LONGEST = 500
"""How many characters a date may have; what is longer is refused unread."""

NO_DATE = "leave date out and put the source's words in date_text"
"""What to do where no date is stated."""


class DateError(ValueError):
    """What is no date: the problem, and a hint that says what would be right.

    Neither repeats the text, which may hold anything; a hint may repeat digits from it.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(f"{problem}; {hint}")
        self.problem = problem
        self.hint = hint


class NoEdtf(DateError):
    """What is not written as EDTF writes dates, and may say one in words."""


class _UnreadError(Exception):
    """A part of a date string that is not written as EDTF writes it."""


def parse(written: str, zone: tzinfo | None = None) -> When:
    """Read a date; times with an offset are converted to the zone, or to local time.

    A time without one is the zone's own. If the zone's clocks skipped it, it is refused; if they
    showed it twice, it is taken as the hour that it is, and either may be meant.

    Raises DateError.
    """
    if len(written) > LONGEST:
        raise DateError(f"it is longer than {LONGEST} characters", NO_DATE)
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
        raise DateError("there is no year 0000", f"years are 0001 to 9999; else {NO_DATE}")
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
        raise DateError("it ends after the year 9999", f"years are 0001 to 9999; else {NO_DATE}")
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
        name = f"{MONTHS[month - 1]} {year:04}"
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
    first = _local(first, zone) if first.tzinfo else _shown(first, zone)
    if second:
        return first, first, Precision.SECOND, None
    return first, first + timedelta(seconds=59), Precision.MINUTE, None


def _shown(moment: datetime, zone: tzinfo | None) -> datetime:
    """Give a local time, if the clocks of its zone ever showed it."""
    readings = readings_of_skipped(moment, zone) if zone else None
    if readings:
        before, after = (one.isoformat(timespec="minutes")[16:22] for one in readings)
        hint = f"write it with its offset, {before} as before that or {after} as after it"
        raise DateError("there was no such local time, the clocks went forward over it", hint)
    return moment


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError, OSError):
        raise DateError("its offset takes it out of the years 0001–9999", "leave it out") from None


_NOTHING_STATED = re.compile(
    r"(?i:\s*|\.\.|/|\[\.\.\]|[xu]{4}(-[xu]{2}){0,2}|open|unknown|undated|n\.? ?d\.?)"
)
_OLD_DRAFTS = {"unknown": "", "open": "..", "?~": "%", "~?": "%", " ": "", "u": "X", "x": "X"}
# What is told only of what is written in EDTF's characters.
_OF_EDTF = re.compile(r"[0-9ESTXYZxy:~?%+{}\[\],./-]+")
_UNSUPPORTED = (
    (r"^[yY]-?[0-9]|^-[0-9]", "years outside 0001–9999 are not read", NO_DATE),
    (r"^\{", "sets of all their dates are not read", "make an entry for each"),
    (r"[~?%].", "marks on a part are not read", "put ~, ? or % at the end, as in 2018-03~"),
    (r"\.\.", "a bare range is not read", "once between is [2017..2018], lasting is 2017/2018"),
)
_RANGE = re.compile(r"\[? ?([^.\[\] ]+) ?\.{2,3} ?([^.\[\] ]+) ?\]?")


def _explained(text: str, part: str) -> DateError:
    """Give the error for a text, one part of which could not be read."""
    if _NOTHING_STATED.fullmatch(text):
        return DateError("it states no date", NO_DATE)
    for told in (text, part):
        if _is_read(meant := _of_now(told)):
            return DateError("it is no EDTF date", f"write {meant}")
    if (ends := _RANGE.fullmatch(text)) and all(map(_is_read, ends.groups())):
        start, end = ends.groups()
        hint = f"once between them is [{start}..{end}], lasting is {start}/{end}"
        return DateError("a range stands in brackets, with two dots", hint)
    for pattern, problem, hint in _UNSUPPORTED if _OF_EDTF.fullmatch(part) else ():
        if re.search(pattern, part):
            return DateError(problem, hint)
    return NoEdtf("it is no EDTF date", "write 2018, 2018-03, 2018-03-24 or 2018-03-24T14:05")


def _of_now(text: str) -> str:
    """Give what earlier drafts of EDTF wrote as it is written now, and without spaces."""
    for old, new in _OLD_DRAFTS.items():
        text = text.replace(old, new)
    return text


def _is_read(text: str) -> bool:
    try:
        _read(text, UTC)
    except (DateError, _UnreadError):
        return False
    return True
