"""Read a date as a case file has it: text in EDTF, or a date of TOML's own."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any

from casefile.case.dating.date_error import DateError, NotEdtfError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.edtf import from_native, parse


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
        return parse(written, zone)
    except DateError as error:
        return DateFault(written, error)
