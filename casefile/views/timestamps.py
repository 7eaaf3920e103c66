"""Times and dates in words, in the local time zone."""

from __future__ import annotations

import datetime as dt

from casefile.notes.clock import local


def minute(moment: dt.datetime, *, with_year: bool = True) -> str:
    """Return the date and time, as in “3 Nov 2026 14:02”, or “3 Nov 14:02” without the year."""
    form = "%-d %b %Y %H:%M" if with_year else "%-d %b %H:%M"
    return f"{local(moment):{form}}"


def day(moment: dt.datetime) -> str:
    """Return the date, as in “3 Nov 2026”."""
    return f"{local(moment):%-d %b %Y}"


def recent_day(moment: dt.datetime) -> str:
    """Return the date, without the year if it is the current one."""
    here, now = local(moment), local(dt.datetime.now(dt.UTC))
    return f"{here:%-d %b}" if here.year == now.year else day(moment)
