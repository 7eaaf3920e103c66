"""Ids made from titles and names: short, readable and unique."""

from __future__ import annotations

import re
import unicodedata

from casefile.text.ids import LONGEST
from casefile.text.normal_forms import normalized

_READABLE = 32
# Letters that NFKD does not decompose.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


def slugify(words: str, longest: int = LONGEST) -> str:
    """Return `words` as an id, cut at a word; "" if they hold no Latin letter and no digit."""
    joined = _APOSTROPHE.sub("", words.casefold().translate(_LETTERS))
    decomposed = normalized("NFKD", joined)
    letters = (one for one in decomposed if not unicodedata.combining(one))
    whole = re.sub(r"[^a-z0-9]+", "-", "".join(letters).lower()).strip("-")
    if len(whole) <= longest:
        return whole
    return whole[: longest + 1].rpartition("-")[0] or whole[:longest]


class IdPool:
    """The ids that are taken in a case file that is being written."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """Take and return `wanted`, or the first free of `wanted-2`, `wanted-3`, …."""
        free = wanted
        while free in self._taken:
            self._last[wanted] = number = self._last.get(wanted, 1) + 1
            ending = f"-{number}"
            free = wanted[: LONGEST - len(ending)].rstrip("-") + ending
        self._taken.add(free)
        return free

    def take_for(self, words: str, otherwise: str) -> str:
        """Take and return an id made from words, or `otherwise` if they have no Latin letter."""
        made = slugify(words, _READABLE)
        return self.take(made if re.search("[a-z]", made) else otherwise)
