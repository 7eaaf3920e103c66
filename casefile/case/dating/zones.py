"""Time zones: by their names, and the local times that their clocks skipped."""

from __future__ import annotations

from datetime import datetime, tzinfo


def zone_named(name: str) -> tzinfo | None:
    """Give the zone of a name in the IANA database, or None if there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def readings_of_skipped(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Give a local time over which clocks went forward by the offset before that and after it.

    None where the time was shown, be it twice. By PEP 495, `fold` tells the two offsets apart, and
    only over a time that was skipped does the second one lie ahead of the first.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    is_skipped = before is not None and after is not None and before < after
    return (first, second) if is_skipped else None
