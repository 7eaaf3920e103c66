"""What to tell of a date that is written in words where a case file wants EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.dating.date_words import UNREAD, read_date_words
from casefile.case.dating.day_words import Order
from casefile.case.dating.edtf import NO_DATE, DateError, NoEdtf

# Words with these among them are a slip in EDTF.
_OF_EDTF_ALONE = re.compile(r"[]\[{}~%X]")


def hinted(written: str, refusal: NoEdtf) -> DateError:
    """Give the refusal of a date with the EDTF for what its words say, or why that is not clear."""
    if _OF_EDTF_ALONE.search(written):
        return refusal
    if meant := dict.fromkeys(edtf for order in Order for edtf in _meant(written, order)):
        return DateError(refusal.problem, f"write {' or '.join(meant)}")
    unclear = read_date_words(written, Order.DAY_FIRST).unclear
    if unclear is None:
        return DateError("it states no date", NO_DATE)
    why, _, cure = unclear.partition("; ")
    return refusal if why == UNREAD else DateError(f"{refusal.problem} ({why})", cure)


def _meant(written: str, order: Order) -> Iterator[str]:
    """Give the EDTF for words, or for the words on either side of a slash as EDTF has it."""
    if edtf := read_date_words(written, order).edtf:
        yield edtf
        return
    ends = [read_date_words(side, order).edtf for side in written.split("/")]
    if len(ends) == 2 and all(ends):
        yield "/".join(filter(None, ends))
