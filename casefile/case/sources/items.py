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


def span_of_items(words: str, path: Sequence[str]) -> Span | None:
    """Return where an item is in the words of a section or paragraph, or None.

    It ends where the next item of its kind begins, or with what it is in.
    """
    start, end = 0, len(words)
    for item in path:
        found = next(_starts(words, item, start, end), None)
        if found is None:
            return None
        after = found + len(item) + 2
        later = (next(_starts(words, one, after, end), end) for one in _next_items(item))
        start, end = found, min(later, default=end)
    return start, start + len(words[start:end].rstrip())


def _starts(words: str, item: str, start: int, end: int) -> Iterator[int]:
    """Yield where an item begins: at the start of a line or, if nowhere, in a list."""
    several = list(_occurrences(words, f"({item})", start, end))
    at_lines = [at for at in several if _BEGINS_LINE.fullmatch(_before(words, at, start))]
    in_lists = (at for at in several if _IN_LIST.search(_before(words, at, start)))
    yield from at_lines or in_lists


def _before(words: str, at: int, start: int) -> str:
    """Return what is before a position on its line, or the end of that if it is long."""
    line = max(words.rfind("\n", start, at), words.rfind("\f", start, at), start - 1) + 1
    return words[max(line, at - _LONGEST_BEFORE) : at]


def _occurrences(words: str, sought: str, start: int, end: int) -> Iterator[int]:
    at = words.find(sought, start, end)
    while at >= 0:
        yield at
        at = words.find(sought, at + 1, end)


def _next_items(item: str) -> Iterator[str]:
    """Yield what may come after an item; (i) may be a letter or a Roman numeral."""
    if item.isdecimal():
        yield str(int(item) + 1)
    elif roman := number_from_words(item.upper()):
        after = roman_numeral(roman + 1)
        yield after.lower() if item.islower() else after
    if len(item) == 1 and item.isascii() and item.lower() in "abcdefghijklmnopqrstuvwxy":
        yield chr(ord(item) + 1)
