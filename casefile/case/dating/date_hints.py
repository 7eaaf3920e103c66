"""Error messages for dates that are written in words where a case file needs EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.dating.date_words import UNREAD, parse_date_words
from casefile.case.dating.day_words import DayMonthOrder
from casefile.case.dating.edtf import NO_DATE, DateError, NotEdtfError

# Text with one of these is meant as EDTF, not as words.
_OF_EDTF_ALONE = re.compile(r"[]\[{}~%X]")


def with_hint(written: str, refusal: NotEdtfError) -> DateError:
    """Return `refusal` with the EDTF for a date in words, or with the reason why it is unclear."""
    if _OF_EDTF_ALONE.search(written):
        return refusal
    if readings := dict.fromkeys(
        edtf for order in DayMonthOrder for edtf in _as_edtf(written, order)
    ):
        return DateError(refusal.problem, f"write {' or '.join(readings)}")
    unclear = parse_date_words(written, DayMonthOrder.DAY_FIRST).unclear
    if unclear is None:
        return DateError("no date is stated", NO_DATE)
    why, _, hint = unclear.partition("; ")
    return refusal if why == UNREAD else DateError(f"{refusal.problem} ({why})", hint)


def _as_edtf(written: str, order: DayMonthOrder) -> Iterator[str]:
    """Yield the EDTF for a date in words, or for two of them with a slash in between."""
    if edtf := parse_date_words(written, order).edtf:
        yield edtf
        return
    ends = [parse_date_words(side, order).edtf for side in written.split("/")]
    if len(ends) == 2 and all(ends):
        yield "/".join(filter(None, ends))
