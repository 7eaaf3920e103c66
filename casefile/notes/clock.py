"""Dates of notes and the clock: which are believed, and when a clock has to be wrong.

A date is what some clock said. It orders notes for reading, and never what a reader may do.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable

TOLERANCE = dt.timedelta(minutes=5)
"""How far apart clocks may be that are both right; Kerberos (RFC 4120) allows as much."""

# Milliseconds: not every TOML parser keeps more.
TICK = dt.timedelta(milliseconds=1)
_YEAR = dt.timedelta(days=366)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class Clock:
    """A reader's clock, by which revisions are dated in the order in which they are written."""

    def __init__(self, read: Callable[[], dt.datetime] | None = None) -> None:
        self._read = read or _read_system_clock
        self._changes: list[dt.datetime] = []
        self._has_warned = False

    @property
    def now(self) -> dt.datetime:
        """The time in UTC."""
        return self._read().astimezone(dt.UTC)

    def next_moment(self) -> dt.datetime:
        """Return the time, or a moment after the reader's last change if that is ahead of it.

        What is dated so far ahead that it can't be right is ignored, whoever wrote it.
        """
        now = self.now
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        # Fast, since they are mostly in order.
        self._changes.sort()
        before = bisect_right(self._changes, now + TOLERANCE)
        return max(now, self._changes[before - 1] + TICK) if before else now

    def take_account(self, changed: dt.datetime) -> None:
        """Take account of the date of a change of the reader's, which may be wrong."""
        self._changes.append(changed)

    def warning(self, written: dt.datetime, dates: Iterable[dt.datetime]) -> str | None:
        """Return a doubt about the clock by which a note was dated, if there is one; only once.

        `dates` are those of the reader's notes before it.
        """
        latest = max(dates, default=written)
        is_right = not is_ahead(latest, written) and written - latest < _YEAR
        if is_right or self._has_warned:
            return None
        self._has_warned = True
        is_same_day = local(written).date() == local(latest).date()
        form = "%-d %b %Y %H:%M" if is_same_day else "%-d %b %Y"
        says, last = (local(one).strftime(form) for one in (written, latest))
        return f"Is the clock right? It says {says}; your last note is of {last}"


def local(moment: dt.datetime) -> dt.datetime:
    """Return a moment in the local time zone; in UTC where that can't be expressed.

    It can't in the first hours of year 1, nor in a zone that `TZ` says is a day or more off.
    """
    try:
        return moment.astimezone()
    except (OverflowError, ValueError):
        return moment.astimezone(dt.UTC)


def is_ahead(moment: dt.datetime, now: dt.datetime) -> bool:
    """Whether a date can't be right because it is yet to come."""
    return moment - now > TOLERANCE


def believed(moment: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return a date that decides what is latest: one that is yet to come counts as the first."""
    return _NEVER if is_ahead(moment, now) else moment


def _read_system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
