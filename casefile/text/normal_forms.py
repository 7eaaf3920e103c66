"""Unicode normalization in time proportional to the length of a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from casefile.text.cells import is_syllable_end

# Marks in a row are put in order by comparing each with those before it, in one call that nothing
# interrupts. No writing has thirty of them (UAX #15, section 13), so longer rows may be divided.
_MOST_MARKS = 30
_PIECE = 128


def normalized(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """Return the normal form of a text; longer rows of marks may be put in order in parts."""
    if len(text) <= _PIECE or text.isascii():
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _pieces(text))


@lru_cache(maxsize=4096)
def _attaches(character: str) -> bool:
    """Return whether a character may be reordered or composed with what is before it."""
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first)[0] == "M" or is_syllable_end(first)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        cut = min(len(text), start + _PIECE)
        latest = min(len(text), cut + _MOST_MARKS)
        while cut < latest and _attaches(text[cut]):
            cut += 1
        yield text[start:cut]
        start = cut
