"""Parsing EDTF dates, with error messages that say what to write instead.

Level 1 is supported, and in addition the following features of level 2: set representation, both
"one of" and "all members", and the four quarters of a year; but no years outside 0001–9999. The
standard is the Library of Congress's Extended Date/Time Format of 4 February 2019,
https://www.loc.gov/standards/datetime/, part of ISO 8601-2; docs/format.md has each of its features
in a table. As an extension, for phone records and transcripts, a time may leave out the seconds,
and it may be used in an interval, in a set and before `~`, `?` and `%`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from casefile.case.dating.date_error import NO_DATE, DateError
from casefile.case.dating.dates import DateSpan, EdtfDate, Shape
from casefile.case.dating.local_times import local_time
from casefile.case.dating.units import MONTHS, Edge, Precision, Unit

LONGEST = 500
"""The most characters that a date may have; longer text is refused without parsing."""


class _EdtfSyntaxError(Exception):
    """A part of the text is not in EDTF syntax."""


def parse(written: str, zone: tzinfo | None = None) -> EdtfDate:
    """Parse an EDTF date; times with an offset are converted to `zone`, or to local time.

    A time without an offset is in `zone`. If a change of clocks skipped that time, it is refused;
    if the clocks showed it twice, it is accepted as it is, and either may be meant.

    Raises DateError.
    """
    if len(written) > LONGEST:
        raise DateError(f"the date is longer than {LONGEST} characters", NO_DATE)
    try:
        return _parse(written, zone)
    except _EdtfSyntaxError as part:
        # Imported here: most files never need it.
        from casefile.case.dating.corrections import explain

        raise explain(written, str(part), _is_valid) from None


def from_native(value: date | datetime, zone: tzinfo | None = None) -> EdtfDate:
    """Convert a native TOML date or time, without fractions of a second; may raise DateError."""
    if not isinstance(value, datetime):
        return parse(value.isoformat(), zone)
    return parse(value.isoformat(timespec="seconds" if value.second else "minutes"), zone)


# The pattern only checks which parts go together; the calendar is checked afterwards.
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


_BRACKETS = {Shape.SET: ("[", "]"), Shape.EACH: ("{", "}")}


def _parse(text: str, zone: tzinfo | None) -> EdtfDate:
    for shape, (opening, closing) in _BRACKETS.items():
        if text.startswith(opening) and text.endswith(closing):
            return EdtfDate(text, shape, _set(text[1:-1], shape, zone))
    if "/" in text:
        return EdtfDate(text, Shape.INTERVAL, (_interval(text, zone),))
    unit = _unit(text, zone)
    return EdtfDate(text, Shape.POINT, (DateSpan(unit, unit),))


def _interval(text: str, zone: tzinfo | None) -> DateSpan:
    sides = text.split("/")
    if len(sides) != 2 or text == "/":
        raise _EdtfSyntaxError(text)
    start, end = (Edge(side) if side in ("", "..") else _unit(side, zone) for side in sides)
    return _in_order(DateSpan(start, end), f"{sides[1]}/{sides[0]}")


def _set(text: str, shape: Shape, zone: tzinfo | None) -> tuple[DateSpan, ...]:
    spans = tuple(_member(member, shape, zone) for member in text.split(","))
    if any(span.start is Edge.OPEN for span in spans[1:]):
        raise DateError("only the first date of a set can be open to the past", "put it first")
    if any(span.end is Edge.OPEN for span in spans[:-1]):
        raise DateError("only the last date of a set can be open to the future", "put it last")
    return spans


def _member(text: str, shape: Shape, zone: tzinfo | None) -> DateSpan:
    first, dots, last = text.partition("..")
    if not dots:
        unit = _unit(text, zone)
        return DateSpan(unit, unit)
    if not first and not last:
        raise _EdtfSyntaxError(text)
    start = _unit(first, zone) if first else Edge.OPEN
    end = _unit(last, zone) if last else Edge.OPEN
    match shape, start, end:
        case Shape.EACH, Unit(), Unit() if start.size != end.size:
            hint = "write both as years, as months or as days"
            raise DateError("a range in braces needs two dates of one precision", hint)
    return _in_order(DateSpan(start, end), f"{last}..{first}".join(_BRACKETS[shape]))


def _in_order(span: DateSpan, swapped: str) -> DateSpan:
    match span.start, span.end:
        case Unit() as start, Unit() as end if end.latest < start.earliest:
            raise DateError("the end is before the start", f"write {swapped}")
    return span


def _unit(text: str, zone: tzinfo | None) -> Unit:
    parts = _UNIT.fullmatch(text)
    if parts is None:
        raise _EdtfSyntaxError(text)
    if parts["years"]:
        stretch = _years(parts["years"])
    elif parts["year"] == "0000":
        raise DateError("years are 0001 to 9999, and there is no year 0000", NO_DATE)
    elif parts["hour"]:
        stretch = _time(text, parts, zone)
    else:
        stretch = _days(text, parts)
    mark = parts["mark"]
    return Unit(*stretch, approximate=mark in ("~", "%"), uncertain=mark in ("?", "%"))


def _years(text: str) -> _Stretch:
    first, last = int(text.replace("X", "0")), int(text.replace("X", "9"))
    size = Precision.CENTURY if text.endswith("XX") else Precision.DECADE
    return *_whole(date(max(first, 1), 1, 1), date(last, 12, 31)), size, Precision.YEAR


def _days(text: str, parts: re.Match[str]) -> _Stretch:
    year, month = int(parts["year"]), parts["month"]
    if month is None:
        some = {None: None, "XX": Precision.MONTH, "XX-XX": Precision.DAY}[parts["unknown"]]
        return *_whole(date(year, 1, 1), date(year, 12, 31)), Precision.YEAR, some
    if parts["day"]:
        return *_whole(_day(parts), _day(parts)), Precision.DAY, None
    some = Precision.DAY if parts["some_day"] else None
    if month in ("21", "22", "23", "24") and not some:
        return *_season(year, (int(month) - 20) * 3), Precision.SEASON, None
    if month in ("33", "34", "35", "36") and not some:
        return *_quarter(year, int(month) - 32), Precision.QUARTER, None
    if "25" <= month <= "41" and not some:
        raise _EdtfSyntaxError(text)
    first = date(year, _month(month), 1)
    return *_whole(first, _month_end(first)), Precision.MONTH, some


def _season(year: int, month: int) -> tuple[datetime, datetime]:
    last_year, last_month = (year + 1, 2) if month == 12 else (year, month + 2)
    if last_year > 9999:
        hint = f"years are 0001 to 9999; otherwise {NO_DATE}"
        raise DateError("the season ends after the year 9999", hint)
    return _whole(date(year, month, 1), _month_end(date(last_year, last_month, 1)))


def _quarter(year: int, number: int) -> tuple[datetime, datetime]:
    last_month = number * 3
    return _whole(date(year, last_month - 2, 1), _month_end(date(year, last_month, 1)))


def _whole(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time.min), datetime.combine(last, time(23, 59, 59))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _month(text: str) -> int:
    if not 1 <= int(text) <= 12:
        hint = "months are 01 to 12; 21 to 24 are spring to winter, 33 to 36 quarters"
        raise DateError(f"there is no month {text}", hint)
    return int(text)


def _day(parts: re.Match[str]) -> date:
    year, month, day = int(parts["year"]), _month(parts["month"]), int(parts["day"])
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = f"{MONTHS[month - 1]} {year:04}"
        raise DateError(f"there is no day {day:02} in {name}", f"its days are 01 to {days}")
    return date(year, month, day)


def _time(text: str, parts: re.Match[str], zone: tzinfo | None) -> _Stretch:
    second = parts["second"]
    clock = f"{parts['hour']}:{parts['minute']}" + (f":{second}" if second else "")
    day = _day(parts)
    if clock in ("24:00", "24:00:00") and day < date.max:
        raise _EdtfSyntaxError(text)
    first = local_time(day, clock, parts["offset"], zone)
    if second:
        return first, first, Precision.SECOND, None
    return first, first + timedelta(seconds=59), Precision.MINUTE, None


def _is_valid(text: str) -> bool:
    try:
        _parse(text, UTC)
    except (DateError, _EdtfSyntaxError):
        return False
    return True
