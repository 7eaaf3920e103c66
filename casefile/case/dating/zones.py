"""Time zones: finding them by name, and local times that a change of clocks skipped."""

from __future__ import annotations

from datetime import datetime, tzinfo


def find_zone(name: str) -> tzinfo | None:
    """Return the time zone with this name in the IANA database, or None."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def skipped_with_offsets(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return a skipped local time with the offset before the change of clocks and after it.

    Return None if the clocks showed the time, once or twice. By PEP 495, `fold` selects the offset,
    and only for a skipped time is the second offset greater than the first.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    is_skipped = before is not None and after is not None and before < after
    return (first, second) if is_skipped else None
