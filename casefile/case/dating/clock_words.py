"""Parsing the time of day at the end of a date in words."""

from __future__ import annotations

import re
from typing import NamedTuple


class UnclearDate(Exception):
    """The words don't name exactly one date.

    The message gives the reason and, after a semicolon, what to write instead.
    """


class Clock(NamedTuple):
    """A time of day as EDTF writes it."""

    edtf: str = ""
    """Such as `T14:05`; empty if there is no time that an EDTF date can have."""
    is_partial: bool = False
    """Whether the words say more, or less, than `edtf`."""


_ZONE = r"z|[a-z]{2,5}|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?"
_CLOCK = re.compile(
    rf"""(?P<before>^|,?[ ](?:at[ ]|um[ ]|à[ ]|@[ ]?)?|(?<=\d)t|(?<=日))
         (?P<hour>\d{{1,2}})
         (?: [:h](?P<minute>\d\d) (?: :(?P<second>\d\d) (?P<fraction>[.,]\d+)? )?
             [ ]?(?P<half>[ap])?(?(half)\.?[ ]?m\.?)
           | [ ]?(?P<half_of_hour>[ap])\.?[ ]?m\.? )
         (?:[ ]?(?P<zone>{_ZONE}))?\Z""",
    re.VERBOSE,
)
_NO_ZONES = (None, "h", "uhr")
_UNIVERSAL = ("z", "utc", "gmt")


def split_clock(text: str) -> tuple[str, Clock]:
    """Split the time of day off a normalised text and return both; may raise UnclearDate."""
    found = _CLOCK.search(text)
    if found is None or _is_range(found):
        return text, Clock()
    hour = _hour(int(found["hour"]), found["half"] or found["half_of_hour"])
    if found["minute"] is None:
        return text[: found.start()], Clock(is_partial=True)
    clock = f"{hour:02}:{found['minute']}" + (f":{found['second']}" if found["second"] else "")
    # Programs write midnight for a day without a time; a person writes 12:00 am.
    if clock in ("00:00", "00:00:00") and (found["second"] or not found["half"]):
        return text[: found.start()], Clock(is_partial=True)
    is_partial = found["fraction"] is not None
    return text[: found.start()], Clock(f"T{clock}{_offset(found['zone'])}", is_partial)


def _is_range(found: re.Match[str]) -> bool:
    """Whether what looks like an offset is the end of a range, as in `9:00-10:00`."""
    zone, before = found["zone"] or "", found["before"]
    return zone.startswith("-") and before != "t" and found["second"] is None


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise UnclearDate(f"there is no {hour} {half}m; write the time as 14:05")
    return hour % 12 + (12 if half == "p" else 0)


def _offset(zone: str | None) -> str:
    if zone in _NO_ZONES:
        return ""
    if zone in _UNIVERSAL:
        return "Z"
    found = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?", zone or "")
    if found is None:
        raise UnclearDate(
            "the time zone can't be read; write its offset, as in 2017-11-03T14:05-05:00"
        )
    return f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
