"""Units of time that dates name, and the sides of a date that are open or unknown."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum, auto
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}


class Precision(StrEnum):
    """The length of a unit of time."""

    CENTURY = auto()
    DECADE = auto()
    YEAR = auto()
    SEASON = auto()
    QUARTER = auto()
    MONTH = auto()
    DAY = auto()
    MINUTE = auto()
    SECOND = auto()


class Unit(msgspec.Struct, frozen=True):
    """A year, month, day or other unit that a date names, with its first and last instant."""

    earliest: datetime
    latest: datetime
    size: Precision
    some: Precision | None = None
    """The precision of an unspecified part: `DAY` for `2017-11-XX`, whose size is `MONTH`."""
    approximate: bool = False
    uncertain: bool = False

    @property
    def is_time(self) -> bool:
        """Whether this is a time of day."""
        return self.size in (Precision.MINUTE, Precision.SECOND)

    @property
    def is_certain(self) -> bool:
        """Whether it is neither approximate nor uncertain."""
        return not (self.approximate or self.uncertain)

    @property
    def whole(self) -> Unit:
        """The same unit without an unspecified part."""
        return replace(self, some=None) if self.some else self

    @property
    def name(self) -> tuple[str, ...]:
        """The words of its name, without qualifiers: `3`, `Nov`, `2017`."""
        first, last = self.earliest, self.latest
        year, month = f"{first.year:04}", MONTHS[first.month - 1]
        day = (str(first.day), month, year)
        years = f"{year}/{last.year % 100:02}" if last.year > first.year else year
        return {
            Precision.CENTURY: (f"{year}–{last.year:04}",),
            Precision.DECADE: ("the", f"{last.year // 10:03}0s"),
            Precision.YEAR: (year,),
            Precision.SEASON: (_SEASONS.get(first.month, ""), years),
            Precision.QUARTER: (f"Q{(first.month + 2) // 3}", year),
            Precision.MONTH: (month, year),
            Precision.DAY: day,
            Precision.MINUTE: (*day, f"{first:%H:%M}"),
            Precision.SECOND: (*day, f"{first:%H:%M:%S}"),
        }[self.size]


class _Boundless:
    """The bounds and qualifiers of a side that is not a unit."""

    earliest: None = None
    latest: None = None
    approximate: bool = False
    uncertain: bool = False


class Edge(_Boundless, Enum):
    """A side of a span that is open or unknown."""

    OPEN = ".."
    UNKNOWN = ""


Side: TypeAlias = Unit | Edge
