"""Dates counted from the date of another entry, such as `3 days after #meeting`.

They are counted from the start of the other date, and say no more than the two of them do: days
and weeks are counted from any date in days, months and years by the calendar. A day that the month
does not have is its last one: a month after 31 January is 28 February.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cache

import msgspec

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import DateSpan, EdtfDate, Shape
from casefile.case.dating.edtf import parse
from casefile.case.dating.units import Edge, Precision, Side, Unit
from casefile.text import ids
from casefile.text.number_words import ONES

RELATIVE_DATE_KEY = "date"
"""The only key whose date may be relative to that of another entry."""


class Step(StrEnum):
    """What a relative date counts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class RelativeDate(msgspec.Struct, frozen=True):
    """A number of steps after the date of another entry, or before it if negative."""

    to: str
    """The id of the other entry."""
    phrase: str
    """What is written before the id, such as `about 3 days after`."""
    count: int
    step: Step
    approximate: bool = False

    def words(self, title: str) -> str:
        """Return the date in words, with the title of the other entry."""
        return f"{self.phrase} {title}"

    def with_reference(self, to: str) -> str:
        """Return the date as it is written in a file, with this id."""
        return f"{self.phrase} #{to}"


def is_relative(text: str) -> bool:
    """Return whether a text is meant as a relative date: it names an entry after a word."""
    return "#" in text and re.search(r"[^\W\d_] *#", text) is not None


def parse_relative(text: str) -> RelativeDate:
    """Parse a relative date; may raise DateError."""
    found = _pattern().fullmatch(text)
    if found is None:
        raise DateError(
            "not a date relative to that of another entry",
            "write it like “3 days after #ID” or “on the day of #ID”, with the entry's id",
        )
    number = (found["number"] or "a").lower()
    count = 0 if found["same"] else _NUMBERS.get(number) or int(number)
    is_before = (found["side"] or found["next_side"] or "").lower() == "before"
    return RelativeDate(
        found["to"],
        " ".join(found["phrase"].lower().split()),
        -count if is_before else count,
        Step((found["step"] or "day").lower()),
        found["about"] is not None,
    )


_NUMBERS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(ONES[:10], start=1)}


@cache
def _pattern() -> re.Pattern[str]:
    counted = rf"""(?P<about> (?:c\.|about|some)\ +)?
        (?P<number> [0-9]{{1,6}} | {"|".join(_NUMBERS)})\ +
        (?P<step> {"|".join(Step)})s?\ + (?P<side> after|before)"""
    day = r"""(?:on\ +)?the\ + (?: (?P<same> same\ +day\ +as | day\ +of )
        | (?:next\ +|following\ +)?day\ +(?P<next_side> after|before) )"""
    pattern = rf"\ *(?P<phrase>(?i: {counted} | {day} ))\ +\#(?P<to>{ids.PATTERN})\ *"
    return re.compile(pattern, re.VERBOSE)


def count_from(other: EdtfDate, relative: RelativeDate, zone: tzinfo | None) -> EdtfDate | None:
    """Return the date that is `relative` to another, or None if that has no place in time.

    Hours and minutes are counted as they pass in `zone`, or on the computer's clock. May raise
    DateError.
    """
    spans = _start(other)
    if not any(span.units for span in spans):
        return None
    try:
        members = [_counted(span, relative, zone) for span in spans]
    except (OverflowError, ValueError, OSError):
        raise DateError(
            "it is outside the years 0001–9999", "correct the number, or leave date out"
        ) from None
    is_point = len(members) == 1 and ".." not in members[0]
    return parse(members[0] if is_point else f"[{','.join(members)}]")


def _start(other: EdtfDate) -> tuple[DateSpan, ...]:
    """Return the dates at one of which `other` starts."""
    if other.shape is Shape.SET:
        return other.spans
    below, above = other.start_units
    return (DateSpan(below or Edge.OPEN, above or Edge.OPEN),)


def _counted(span: DateSpan, relative: RelativeDate, zone: tzinfo | None) -> str:
    """Return the date, or the range of dates, that is relative to a date of another entry."""
    first, _ = _shifted(span.start, relative, zone)
    _, last = _shifted(span.end, relative, zone)
    return first if first == last else f"{first}..{last}"


def _shifted(side: Side, relative: RelativeDate, zone: tzinfo | None) -> tuple[str, str]:
    """Return the first and last date that a unit leads to; empty for an open side."""
    if not isinstance(side, Unit):
        return "", ""
    length = _LENGTHS[_precision(relative.step, side)]
    approximate = side.approximate or relative.approximate
    mark = _MARKS[approximate, side.uncertain]
    # Of a time that occurred twice when the clocks went back, either may be meant.
    first, last = (
        _shift(moment, relative.count, relative.step, zone).isoformat(timespec="minutes")
        for moment in (side.earliest.replace(fold=0), side.latest.replace(fold=1))
    )
    return first[:length] + mark, last[:length] + mark


_MARKS = {(True, True): "%", (True, False): "~", (False, True): "?", (False, False): ""}
_LENGTHS = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.MINUTE: 16}


def _precision(step: Step, unit: Unit) -> Precision:
    """Return the precision of what is so many steps from a unit."""
    if step in (Step.MINUTE, Step.HOUR):
        return Precision.MINUTE if unit.is_time else Precision.DAY
    if step in (Step.DAY, Step.WEEK) or unit.is_time or unit.size is Precision.DAY:
        return Precision.DAY
    is_years = unit.size in (Precision.YEAR, Precision.DECADE, Precision.CENTURY)
    return Precision.YEAR if step is Step.YEAR and is_years else Precision.MONTH


def _shift(moment: datetime, count: int, step: Step, zone: tzinfo | None) -> datetime:
    match step:
        case Step.MINUTE | Step.HOUR:
            passed = timedelta(minutes=count * (60 if step is Step.HOUR else 1))
            before = moment.replace(tzinfo=zone).astimezone(UTC)
            return (before + passed).astimezone(zone).replace(tzinfo=None, fold=0)
        case Step.DAY | Step.WEEK:
            return moment + timedelta(days=count * (7 if step is Step.WEEK else 1))
    years, month = divmod(moment.month - 1 + count * (12 if step is Step.YEAR else 1), 12)
    year = moment.year + years
    if not 1 <= year <= 9999:
        raise OverflowError
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
