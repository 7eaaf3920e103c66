"""Reading a date of a row, which may be relative to the date of another entry."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import RelativeDate, is_relative, parse_relative
from casefile.case.dating.written_dates import DateFault, read_date
from casefile.case.normalise import RELATIVE_DATE_KEY


def read_row_date(
    key: str, written: Any, zone: tzinfo | None
) -> EdtfDate | RelativeDate | DateFault:
    """Return the date under a key of a row, or why its value is none."""
    if key != RELATIVE_DATE_KEY or not isinstance(written, str) or not is_relative(written):
        return read_own_date(written, zone)
    try:
        return parse_relative(written)
    except DateError as error:
        return DateFault(written, error)


def read_own_date(written: Any, zone: tzinfo | None) -> EdtfDate | DateFault:
    """Return a date where none can be relative, or why a value is none."""
    if isinstance(written, str) and is_relative(written):
        problem = f"only `{RELATIVE_DATE_KEY}` can be relative to another entry"
        return DateFault(written, DateError(problem, "write the date itself"))
    return read_date(written, zone)
