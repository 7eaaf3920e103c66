"""Moments in words, as the clock of this machine shows them: a date is the reader's own."""

from __future__ import annotations

import datetime as dt


def minute(moment: dt.datetime, *, with_year: bool = True) -> str:
    """Give a moment to the minute: "3 Nov 2026 14:02", or "3 Nov 14:02" without the year."""
    form = "%-d %b %Y %H:%M" if with_year else "%-d %b %H:%M"
    return f"{moment.astimezone():{form}}"


def day(moment: dt.datetime) -> str:
    """Give the day of a moment: "3 Nov 2026"."""
    return f"{moment.astimezone():%-d %b %Y}"


def recent_day(moment: dt.datetime) -> str:
    """Give the day of a moment, with the year only if that is another one than now."""
    this_year = dt.datetime.now(dt.UTC).astimezone().year
    local = moment.astimezone()
    return f"{local:%-d %b}" if local.year == this_year else day(moment)
