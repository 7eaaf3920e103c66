"""Reading the dates of a row: dates as written, and dates relative to another entry's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import RelativeDate, is_relative, parse_relative
from casefile.case.dating.written_dates import DateFault, read_date
from casefile.case.normalise import RELATIVE_DATE_KEY


class RowDates(NamedTuple):
    """The dates of a row by key, and why those that can't be read are none."""

    dates: dict[str, EdtfDate]
    relative: RelativeDate | None
    """The date of the entry, if it is to be counted from that of another one."""
    faults: dict[str, DateFault]


def read_dates(values: Mapping[str, Any], zone: tzinfo | None) -> RowDates:
    """Read the values of keys that hold dates."""
    dates, faults = {}, {}
    relative = None
    for key, value in values.items():
        is_counted = isinstance(value, str) and is_relative(value)
        read = _read_relative(key, value) if is_counted else read_date(value, zone)
        if isinstance(read, DateFault):
            faults[key] = read
        elif isinstance(read, RelativeDate):
            relative = read
        else:
            dates[key] = read
    return RowDates(dates, relative, faults)


def _read_relative(key: str, value: str) -> RelativeDate | DateFault:
    try:
        if key == RELATIVE_DATE_KEY:
            return parse_relative(value)
        what = f"only `{RELATIVE_DATE_KEY}` can be relative to another entry"
        raise DateError(what, "write the date itself")
    except DateError as error:
        return DateFault(value, error)
