"""A day, month or year in words, with or without a time of day."""

from __future__ import annotations

import re
from calendar import day_name
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from casefile.case.dating.calendar_words import month_named, weekday_named
from casefile.case.dating.clock_words import Unclear, split_clock
from casefile.case.dating.dates import MONTHS

_FIRST_YEAR, _LAST_YEAR = 1500, 2199
ORDINARY = "write it like 2017-11-03, 2017-11 or 2017"


class Order(StrEnum):
    """Which of day and month comes first in a date all in numbers."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Ambiguous(Unclear):
    """Words say two dates, and which one hangs on the order of day and month."""


class Part(NamedTuple):
    """What a text names of a date: all of it, or what else stands at the other end of a range."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    clock: str = ""
    """The time of day as EDTF writes it: `T14:05`."""
    some_day: str = ""
    """What stands for an unknown day or month: `-XX`."""
    exact: bool = True
    """Whether this is all that the words say."""

    @property
    def is_whole(self) -> bool:
        """Whether it is a date by itself."""
        return self.year is not None and not (self.month is None and self.day is not None)

    @property
    def edtf(self) -> str:
        """The date as EDTF writes it."""
        if self.clock and self.day is None:
            raise Unclear("it is a time without a day; write 2017-11-03T14:05")
        units = [f"{self.year:04}"] + [f"{one:02}" for one in (self.month, self.day) if one]
        return f"{'-'.join(units)}{self.some_day}{self.clock}"

    @property
    def words(self) -> str:
        """Its day and month in words."""
        return f"{self.day} {MONTHS[(self.month or 1) - 1]}"

    def completed_by(self, other: Part) -> Part:
        """Give it with the larger units that it leaves to the other end of a range."""
        if self == Part(clock=self.clock, exact=self.exact):
            return other._replace(clock=self.clock)
        month = other.month if self.month is None and self.day is not None else self.month
        return self._replace(year=other.year if self.year is None else self.year, month=month)


def whole(text: str, order: Order | None) -> Part | None:
    """Give the date that a plain text is, or None; raises Unclear."""
    part = partial(text, order, _WHOLE)
    return part if part and part.is_whole else None


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))


_YEAR = r"(?P<year>\d{4})"
_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_NAME = r"(?P<name>[^\W\d_]+)\.?"
_NTH = rf"(?:the |le |el |on |am )?{_DAY}(?:st|nd|rd|th|er|o|\.)?"
_OF = r"(?:of |de |del |d')?"
# In what order these stand is the writer's habit; only dots are always German.
_NUMBERS = rf"(?P<first>\d{{1,2}})(?P<apart>[-/]|\. ?)(?P<second>\d{{1,2}})(?P=apart){_YEAR}"
_WHOLE = _compiled(
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
_ANY = _WHOLE + _compiled(
    "",
    _NTH,
    _NAME,
    rf"{_NTH}[ .-]?{_OF}{_NAME}",
    rf"{_NAME} {_NTH}",
    rf"{_NTH},? {_YEAR}",
    rf"{_DAY}\. ?{_MONTH}\.",
    rf"(?:{_MONTH} ?[月월] ?)?{_DAY} ?[日号號일]",
    rf"{_MONTH} ?[月월]",
)


def partial(
    text: str, order: Order | None, patterns: tuple[re.Pattern[str], ...] = _ANY
) -> Part | None:
    """Give what a plain text names of a date, or None if that is nothing; raises Unclear."""
    text, clock = split_clock(text)
    text, weekday = _without_weekday(text)
    for pattern in patterns:
        part = _part(found, order, weekday) if (found := pattern.fullmatch(text)) else None
        if part and (part != Part() or clock.written or clock.is_partial):
            _refuse_other_weekday(part, weekday)
            exact = part.exact and not clock.is_partial and weekday is None
            return part._replace(clock=clock.written, exact=exact)
    return None


def _part(found: re.Match[str], order: Order | None, weekday: int | None) -> Part | None:
    """Give what a pattern found, or None if a word in it is no month."""
    named = found.groupdict()
    year = int(named["year"]) if named.get("year") else None
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Unclear(f"the year {year} may be of another calendar; write the Gregorian date")
    if named.get("first"):
        return _in_order(found, order, weekday)
    if named.get("unknown"):
        month = None if named["month"] == "??" else _month(int(named["month"]))
        return Part(year, month, some_day="-XX" if month else "-XX-XX")
    month = _month(int(named["month"])) if named.get("month") else None
    if named.get("name") and (month := month_named(named["name"])) is None:
        return None
    return Part(year, month, int(named["day"]) if named.get("day") else None)


def _month(number: int) -> int:
    if not 1 <= number <= 12:
        raise Unclear(f"there is no month {number}; {ORDINARY}")
    return number


def _in_order(found: re.Match[str], order: Order | None, weekday: int | None) -> Part:
    """Give a date all in numbers in the one order that can be meant."""
    days = _in_either_order(found)
    if not days:
        raise Unclear(f"there is no such day; {ORDINARY}")
    has_dots = found["apart"].startswith(".")
    if chosen := order or (Order.DAY_FIRST if has_dots else None):
        if chosen not in days:
            raise Unclear(f"read {chosen} it has no such month; {ORDINARY}")
        usual = has_dots and chosen is Order.DAY_FIRST
        return days[chosen]._replace(exact=usual or len(set(days.values())) == 1)
    # A weekday that fits one reading only settles which is meant.
    fitting = [part for part in days.values() if weekday in (None, _weekday(part))]
    meant = list(dict.fromkeys(fitting or days.values()))
    if len(meant) > 1:
        either = " or ".join(part.words for part in meant)
        raise Ambiguous(f"it may be {either}; --day-first or --month-first says which")
    return meant[0]


def _in_either_order(found: re.Match[str]) -> dict[Order, Part]:
    first, second, year = (int(found[name]) for name in ("first", "second", "year"))
    both = {
        Order.DAY_FIRST: Part(year, second, first),
        Order.MONTH_FIRST: Part(year, first, second),
    }
    return {order: part for order, part in both.items() if _weekday(part) is not None}


def only_order(text: str) -> Order | None:
    """Give the order in which alone a date all in numbers, somewhere in a text, can be read."""
    for found in re.finditer(rf"(?<!\d){_NUMBERS}(?!\d)", text):
        days = _in_either_order(found)
        if len(days) == 1 and not found["apart"].startswith("."):
            return next(iter(days))
    return None


def _without_weekday(text: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"([^\W\d_]+)\.?,? (.+)", text)
    weekday = weekday_named(found[1]) if found else None
    return (found[2], weekday) if found and weekday else (text, None)


def _weekday(part: Part) -> int | None:
    """Give which weekday, Monday being 1, a day was, or None for what is no day."""
    if part.year is None or part.month is None or part.day is None:
        return None
    try:
        return date(part.year, part.month, part.day).isoweekday()
    except ValueError:
        return None


def _refuse_other_weekday(part: Part, weekday: int | None) -> None:
    was = _weekday(part)
    if was is not None and weekday not in (None, was):
        raise Unclear(f"{part.words} {part.year} was a {day_name[was - 1]}; correct one of the two")
