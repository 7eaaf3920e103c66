"""Reading the dates of a row: EDTF, TOML's own dates, and dates relative to another entry's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any, NamedTuple

from casefile.case.dating.date_error import DateError, NotEdtfError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.edtf import from_native, parse
from casefile.case.dating.relative_dates import RelativeDate, is_relative, parse_relative
from casefile.case.normalise import RELATIVE_DATE_KEY


class RowDates(NamedTuple):
    """The dates of a row by key, and the errors of those that can't be read."""

    dates: dict[str, EdtfDate]
    relative: RelativeDate | None
    """The date of the entry, if it is to be counted from that of another one."""
    errors: dict[str, DateError]


def read_dates(values: Mapping[str, Any], zone: tzinfo | None) -> RowDates:
    """Read the values of keys that hold dates."""
    dates, errors = {}, {}
    relative = None
    for key, value in values.items():
        try:
            if isinstance(value, str) and is_relative(value):
                relative = _read_relative(key, value)
            else:
                dates[key] = _read_date(value, zone)
        except DateError as error:
            # A copy without the traceback, whose frames refer to the error in turn.
            errors[key] = type(error)(error.problem, error.hint)
    return RowDates(dates, relative, errors)


def _read_date(value: Any, zone: tzinfo | None) -> EdtfDate:
    if isinstance(value, date):
        return from_native(value, zone)
    if not isinstance(value, str):
        raise DateError("it is not a date", "write text such as “2017-08”")
    return parse(value, zone)


def _read_relative(key: str, value: str) -> RelativeDate:
    if key != RELATIVE_DATE_KEY:
        hint = "write the date itself"
        raise DateError(f"only `{RELATIVE_DATE_KEY}` can be relative to another entry", hint)
    return parse_relative(value)


def date_message(key: str, value: Any, error: DateError) -> str:
    """Return the message for a date that can't be read, with what to write instead."""
    if isinstance(error, NotEdtfError):
        # Imported here: most files never need it.
        from casefile.case.dating.date_words import with_hint

        error = with_hint(value, error)
    return f"{key}: {error.problem}; {error.hint}"
