"""Read a date as a case file has it: EDTF, a date of TOML's own, or relative to another entry's."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from casefile.case.dating.date_error import DateError, NotEdtfError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.edtf import from_native, parse
from casefile.case.dating.relative_dates import (
    RELATIVE_DATE_KEY,
    RelativeDate,
    is_relative,
    parse_relative,
)


class DateFault:
    """Why a value is no date."""

    def __init__(self, written: Any, error: DateError) -> None:
        self._written = written
        # A copy without the traceback, whose frames refer to the error in turn.
        self._error = type(error)(error.problem, error.hint)

    def message(self) -> str:
        """Return what is wrong and how to correct it."""
        error: DateError = self._error
        if isinstance(error, NotEdtfError):
            # Imported here: most files never need it.
            from casefile.case.dating.date_words import with_hint

            error = with_hint(self._written, error)
        return f"{error.problem}; {error.hint}"


def read_date(written: Any, zone: tzinfo | None) -> EdtfDate | DateFault:
    """Return the date that a value is, or why it is none; a time without an offset is in `zone`."""
    try:
        if isinstance(written, date):
            return from_native(written, zone)
        if not isinstance(written, str):
            raise DateError("it is not a date", "write text such as “2017-08”")
        if is_relative(written):
            problem = f"only `{RELATIVE_DATE_KEY}` can be relative to another entry"
            raise DateError(problem, "write the date itself")
        return parse(written, zone)
    except DateError as error:
        return DateFault(written, error)


def read_row_date(
    key: str, written: Any, zone: tzinfo | None
) -> EdtfDate | RelativeDate | DateFault:
    """Return the date under a key of a row, of which one may be relative, or why it is none."""
    if key != RELATIVE_DATE_KEY or not isinstance(written, str) or not is_relative(written):
        return read_date(written, zone)
    try:
        return parse_relative(written)
    except DateError as error:
        return DateFault(written, error)
