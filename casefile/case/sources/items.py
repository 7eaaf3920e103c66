"""Find the items of a section or paragraph, such as (b) or (b)(2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casefile.text.folding import Span
from casefile.text.number_words import number_from_words, roman_numeral

SEARCHED = 100_000
"""Items are looked for in so many characters of a section."""
_LONGEST_BEFORE = 60

_BEGINS_LINE = re.compile(
    r"\s*(?:¶|§|sections?|sec\.)?\s*[\[(]?[0-9.]*[A-Za-z]?[\]).:]?\s*(?:\(\w{1,5}\)\s*)*",
    re.IGNORECASE,
)
_IN_LIST = re.compile(r"[;:,.—–]\s*$|\b(?:and|or)\s+$", re.IGNORECASE)
_MARKERS = ("({})", "{}.", "{})")
"""How items may be marked; only those in two brackets may also be within a line."""


def span_of_items(words: str, path: Sequence[str], last: str = "") -> Span | None:
    """Return where an item is in the words of a section or paragraph, or None.

    It ends where the next item of its kind begins, or with what it is in. With `last`, the items
    from that of the path to the last are meant.
    """
    span, whole = (0, len(words)), (0, len(words))
    for item in path:
        whole = span
        if (found := _span_of_item(words, item, whole)) is None:
            return None
        span = found
    if last:
        until = _span_of_item(words, last, (span[0], whole[1]))
        if until is None:
            return None
        span = span[0], until[1]
    return span[0], span[0] + len(words[slice(*span)].rstrip())


def _span_of_item(words: str, item: str, within: Span) -> Span | None:
    for marker in _MARKERS:
        start = next(_starts(words, marker.format(item), within), None)
        if start is not None:
            rest = start + len(marker.format(item)) - 1, within[1]
            later = (_starts(words, marker.format(one), rest) for one in _next_items(item))
            return start, min((next(one, within[1]) for one in later), default=within[1])
    return None


def _starts(words: str, marker: str, within: Span) -> Iterator[int]:
    """Yield where an item begins: at the start of a line or, if nowhere, in a list."""
    several = [(at, _before(words, at, within[0])) for at in _occurrences(words, marker, within)]
    is_in_brackets = marker[0] == "("
    at_lines = [
        at
        for at, before in several
        if _BEGINS_LINE.fullmatch(before)
        and (is_in_brackets or words[at + len(marker) : at + len(marker) + 1].isspace())
    ]
    in_lists = (at for at, before in several if is_in_brackets and _IN_LIST.search(before))
    yield from at_lines or in_lists


def _before(words: str, at: int, start: int) -> str:
    """Return what is before a position on its line, or the end of that if it is long."""
    line = max(words.rfind("\n", start, at), words.rfind("\f", start, at), start - 1) + 1
    return words[max(line, at - _LONGEST_BEFORE) : at]


def _occurrences(words: str, sought: str, within: Span) -> Iterator[int]:
    at = words.find(sought, *within)
    while at >= 0:
        yield at
        at = words.find(sought, at + 1, within[1])


def _next_items(item: str) -> Iterator[str]:
    """Yield what may come after an item; (i) may be a letter or a Roman numeral."""
    if item.isdecimal():
        yield str(int(item) + 1)
    elif roman := number_from_words(item.upper()):
        after = roman_numeral(roman + 1)
        yield after.lower() if item.islower() else after
    if len(item) == 1 and item.isascii() and item.lower() in "abcdefghijklmnopqrstuvwxy":
        yield chr(ord(item) + 1)
