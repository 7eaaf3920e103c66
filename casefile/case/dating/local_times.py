"""Time zones and times of day: offsets from UTC, and times that a change of clocks skipped."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from casefile.case.dating.date_error import DateError

_MOST_HOURS = 14


def find_zone(name: str) -> tzinfo | None:
    """Return the time zone with this name in the IANA database, or None."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local_time(day: date, clock: str, offset: str | None, zone: tzinfo | None) -> datetime:
    """Return a time of day as a local time in `zone`; raise DateError if there is none.

    `clock` is `21:04` or `21:04:30`, `offset` `Z`, `+02` or `-03:30`. A time without an offset is
    in `zone`.
    """
    moment = datetime.combine(day, _clock(clock))
    if offset is None:
        return _existing(moment, zone)
    _check_offset(offset, f"{day}T{clock}")
    return _to_zone(datetime.fromisoformat(f"{moment.isoformat()}{offset}"), zone)


def _clock(text: str) -> time:
    # From Python 3.14 on, fromisoformat takes 24:00 for the next day's midnight.
    try:
        if text > "24":
            raise ValueError
        return time.fromisoformat(text)
    except ValueError:
        raise DateError("there is no such time of day", "times are 00:00 to 23:59:59") from None


def _check_offset(offset: str, local: str) -> None:
    """Raise DateError unless `offset` is one that a place may have."""
    if offset == "Z":
        return
    hours, minutes = int(offset[1:3]), int(offset[4:] or 0)
    if minutes > 59:
        raise DateError(
            f"there is no offset {offset}", "the minutes of an offset are 00 to 59, as in -05:30"
        )
    if offset.startswith("-") and hours == minutes == 0:
        hint = f"write {local}Z if it is in UTC; otherwise leave the offset out"
        raise DateError(f"the offset {offset} says that none is known", hint)
    if (hours, minutes) > (_MOST_HOURS, 0):
        raise DateError(f"there is no offset {offset}", "offsets are -14:00 to +14:00")


def _existing(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return a local time; raise DateError if a change of clocks skipped it.

    By PEP 495, `fold` selects the offset before or after the change, and only for a skipped time is
    the second offset greater than the first.
    """
    both = [moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    offsets = [one.utcoffset() for one in both]
    if zone and offsets[0] is not None and offsets[1] is not None and offsets[0] < offsets[1]:
        before, after = (one.isoformat(timespec="minutes")[16:22] for one in both)
        hint = f"add the offset: {before} (before the change) or {after} (after it)"
        raise DateError("there was no such local time: the clocks went forward", hint)
    return moment


def _to_zone(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError, OSError):
        raise DateError(
            "the offset takes it out of the years 0001–9999", "leave the offset out"
        ) from None
