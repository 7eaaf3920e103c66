"""Error messages for dates that are written in words where a case file needs EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.dating.date_words import UNREAD, read_date_words
from casefile.case.dating.day_words import Order
from casefile.case.dating.edtf import NO_DATE, DateError, NoEdtf

# Text with one of these is meant as EDTF, not as words.
_OF_EDTF_ALONE = re.compile(r"[]\[{}~%X]")


def hinted(written: str, refusal: NoEdtf) -> DateError:
    """Return `refusal` with the EDTF for a date in words, or with the reason why it is unclear."""
    if _OF_EDTF_ALONE.search(written):
        return refusal
    if readings := dict.fromkeys(edtf for order in Order for edtf in _as_edtf(written, order)):
        return DateError(refusal.problem, f"write {' or '.join(readings)}")
    unclear = read_date_words(written, Order.DAY_FIRST).unclear
    if unclear is None:
        return DateError("no date is stated", NO_DATE)
    why, _, hint = unclear.partition("; ")
    return refusal if why == UNREAD else DateError(f"{refusal.problem} ({why})", hint)


def _as_edtf(written: str, order: Order) -> Iterator[str]:
    """Yield the EDTF for a date in words, or for two of them with a slash in between."""
    if edtf := read_date_words(written, order).edtf:
        yield edtf
        return
    ends = [read_date_words(side, order).edtf for side in written.split("/")]
    if len(ends) == 2 and all(ends):
        yield "/".join(filter(None, ends))
