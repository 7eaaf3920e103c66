"""Parsing a day, month or year in words, with or without a time of day."""

from __future__ import annotations

import re
from calendar import day_name
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from casefile.case.dating.calendar_words import month_number, weekday_number
from casefile.case.dating.clock_words import UnclearDate, split_clock
from casefile.case.dating.units import MONTHS

# EDTF numbers the quarters of a year 33 to 36, in the place of a month.
_BEFORE_QUARTERS = 32
_QUARTERS = {
    name: number
    for number, line in enumerate(
        (
            "1 1st first erstes 1er premier",
            "2 2nd second zweites 2e deuxième",
            "3 3rd third drittes 3e troisième",
            "4 4th fourth viertes 4e quatrième",
        ),
        start=1,
    )
    for name in line.split()
}
_FIRST_YEAR, _LAST_YEAR = 1500, 2199
ORDINARY = "write it like 2017-11-03, 2017-11 or 2017"


class DayMonthOrder(StrEnum):
    """The order of day and month in a date all in numbers."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class AmbiguousDate(UnclearDate):
    """The words name one of two dates, depending on the order of day and month."""


class DateParts(NamedTuple):
    """The parts of a date that a text names; the other end of a range may name the rest."""

    year: int | None = None
    month: int | None = None
    """The month, or the number that EDTF has for a quarter."""
    day: int | None = None
    clock: str = ""
    """The time of day in EDTF: `T14:05`."""
    unspecified: str = ""
    """The EDTF for an unknown day or month: `-XX`."""
    exact: bool = True
    """Whether the words say no more than this."""

    @property
    def is_whole(self) -> bool:
        """Whether this is a date by itself: a year, a month with year, or a day with both."""
        return self.year is not None and not (self.month is None and self.day is not None)

    @property
    def edtf(self) -> str:
        """The date in EDTF; raises UnclearDate for a time without a day."""
        if self.clock and self.day is None:
            raise UnclearDate("the day is missing; write 2017-11-03T14:05")
        units = [f"{self.year:04}"] + [f"{one:02}" for one in (self.month, self.day) if one]
        return f"{'-'.join(units)}{self.unspecified}{self.clock}"

    @property
    def day_and_month(self) -> str:
        """The day and month in words: `3 Nov`."""
        return f"{self.day} {MONTHS[(self.month or 1) - 1]}"

    def completed_by(self, other: DateParts) -> DateParts:
        """Return a copy with the larger units that only the other end of a range names."""
        if self == DateParts(clock=self.clock, exact=self.exact):
            return other._replace(clock=self.clock)
        month = other.month if self.month is None and self.day is not None else self.month
        return self._replace(year=other.year if self.year is None else self.year, month=month)


def parse_date(text: str, order: DayMonthOrder | None) -> DateParts | None:
    """Parse a date by itself; return None if it isn't one, raise UnclearDate if it is unclear."""
    parts = parse_parts(text, order, _DATE_PATTERNS)
    return parts if parts and parts.is_whole else None


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


_YEAR = r"(?P<year>\d{4})"
_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_NAME = r"(?P<name>[^\W\d_]+)\.?"
_NTH = rf"(?:the |le |el |on |am )?{_DAY}(?:st|nd|rd|th|er|o|\.)?"
_OF = r"(?:of |de |del |d')?"
# The order depends on the writer, but with dots it is the German one, day first.
_NUMBERS = rf"(?P<first>\d{{1,2}})(?P<apart>[-/]|\. ?)(?P<second>\d{{1,2}})(?P=apart){_YEAR}"
_QUARTER = r"(?:q ?(?P<quarter>[1-4])|(?P<nth>[^\W_]+)\.? (?:quarter|quartal|trimestre))"
_DATE_PATTERNS = _compiled(
    rf"(?:(?:in|im|au) )?(?:the |le )?{_QUARTER}(?:,? |/|-)?{_OF}{_YEAR}",
    rf"{_YEAR}(?:,? |/|-)?{_QUARTER}",
    _NUMBERS,
    _YEAR,
    rf"{_YEAR}(?P<apart>[-/.:]){_MONTH}(?:(?P=apart){_DAY})?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    rf"{_YEAR} ?[年년](?: ?{_MONTH} ?[月월](?: ?{_DAY} ?[日号號일])?)?",
    rf"{_MONTH}[-/.]{_YEAR}",
    rf"{_NTH}[ .-]?{_OF}{_NAME},?[ -]{_OF}{_YEAR}",
    rf"{_NAME}[ -]{_NTH},?[ -]{_YEAR}",
    rf"{_NAME},?[ -]{_OF}{_YEAR}",
    rf"{_YEAR},?[ -]{_NAME}(?:[ -]{_NTH})?",
    rf"(?P<month>\d{{1,2}}|\?\?)(?P<apart>[-/.])(?P<unknown>\?\?)(?P=apart){_YEAR}",
)
_PARTS_PATTERNS = _DATE_PATTERNS + _compiled(
    "",
    rf"(?:the |le )?{_QUARTER}",
    _NTH,
    _NAME,
    rf"{_NTH}[ .-]?{_OF}{_NAME}",
    rf"{_NAME} {_NTH}",
    rf"{_NTH},? {_YEAR}",
    rf"{_DAY}\. ?{_MONTH}\.",
    rf"(?:{_MONTH} ?[月월] ?)?{_DAY} ?[日号號일]",
    rf"{_MONTH} ?[月월]",
)


def parse_parts(
    text: str, order: DayMonthOrder | None, patterns: tuple[re.Pattern[str], ...] = _PARTS_PATTERNS
) -> DateParts | None:
    """Parse a date or a part of one; return None if it is neither, or raise UnclearDate."""
    text, clock = split_clock(text)
    text, weekday = _without_weekday(text)
    for pattern in patterns:
        parts = _parts(found, order, weekday) if (found := pattern.fullmatch(text)) else None
        if parts and (parts != DateParts() or clock.edtf or clock.is_partial):
            _check_weekday(parts, weekday)
            exact = parts.exact and not clock.is_partial and weekday is None
            return parts._replace(clock=clock.edtf, exact=exact)
    return None


def _parts(
    found: re.Match[str], order: DayMonthOrder | None, weekday: int | None
) -> DateParts | None:
    """Return the parts of a match, or None if a word in it is not a month."""
    named = found.groupdict()
    year = int(named["year"]) if named.get("year") else None
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnclearDate(f"the year {year} may be in another calendar; write the Gregorian date")
    if named.get("first"):
        return _in_order(found, order, weekday)
    if named.get("unknown"):
        month = None if named["month"] == "??" else _month(int(named["month"]))
        return DateParts(year, month, unspecified="-XX" if month else "-XX-XX")
    if named.get("quarter") or named.get("nth"):
        number = _QUARTERS.get(named["quarter"] or named["nth"])
        return DateParts(year, _BEFORE_QUARTERS + number) if number else None
    month = _month(int(named["month"])) if named.get("month") else None
    if named.get("name") and (month := month_number(named["name"])) is None:
        return None
    return DateParts(year, month, int(named["day"]) if named.get("day") else None)


def _month(number: int) -> int:
    if not 1 <= number <= 12:
        raise UnclearDate(f"there is no month {number}; {ORDINARY}")
    return number


def _in_order(found: re.Match[str], order: DayMonthOrder | None, weekday: int | None) -> DateParts:
    """Return a date all in numbers, read in the only possible order."""
    days = _both_orders(found)
    if not days:
        raise UnclearDate(f"there is no such day; {ORDINARY}")
    has_dots = found["apart"].startswith(".")
    if chosen := order or (DayMonthOrder.DAY_FIRST if has_dots else None):
        if chosen not in days:
            raise UnclearDate(f"read {chosen}, there is no such month; {ORDINARY}")
        is_usual = has_dots and chosen is DayMonthOrder.DAY_FIRST
        return days[chosen]._replace(exact=is_usual or len(set(days.values())) == 1)
    # A weekday that fits only one reading decides.
    fitting = [parts for parts in days.values() if weekday in (None, _weekday(parts))]
    readings = list(dict.fromkeys(fitting or days.values()))
    if len(readings) > 1:
        either = " or ".join(parts.day_and_month for parts in readings)
        raise AmbiguousDate(f"this may be {either}; choose with --day-first or --month-first")
    return readings[0]


def _both_orders(found: re.Match[str]) -> dict[DayMonthOrder, DateParts]:
    first, second, year = (int(found[name]) for name in ("first", "second", "year"))
    both = {
        DayMonthOrder.DAY_FIRST: DateParts(year, second, first),
        DayMonthOrder.MONTH_FIRST: DateParts(year, first, second),
    }
    return {order: parts for order, parts in both.items() if _weekday(parts) is not None}


def inferred_order(text: str) -> DayMonthOrder | None:
    """Return the only possible order of the first date all in numbers that has just one.

    Dates with dots are ignored: they are always day first.
    """
    for found in re.finditer(rf"(?<!\d){_NUMBERS}(?!\d)", text):
        days = _both_orders(found)
        if len(days) == 1 and not found["apart"].startswith("."):
            return next(iter(days))
    return None


def _without_weekday(text: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"([^\W\d_]+)\.?,? (.+)", text)
    weekday = weekday_number(found[1]) if found else None
    return (found[2], weekday) if found and weekday else (text, None)


def _weekday(parts: DateParts) -> int | None:
    """Return the ISO weekday (Monday is 1), or None if `parts` is not an existing day."""
    if parts.year is None or parts.month is None or parts.day is None:
        return None
    try:
        return date(parts.year, parts.month, parts.day).isoweekday()
    except ValueError:
        return None


def _check_weekday(parts: DateParts, weekday: int | None) -> None:
    was = _weekday(parts)
    if was is not None and weekday not in (None, was):
        raise UnclearDate(
            f"{parts.day_and_month} {parts.year} was a {day_name[was - 1]}; correct date or weekday"
        )
