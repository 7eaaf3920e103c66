"""Ids made of words: short, readable, and each given out once."""

from __future__ import annotations

import re
import unicodedata

from casefile.text.ids import LONGEST

_READABLE = 32
# Letters that no decomposition brings to ASCII.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


def folded(words: str, longest: int = LONGEST) -> str:
    """Give the words as an id, cut where a word ends; nothing if no Latin letter or digit is in."""
    joined = _APOSTROPHE.sub("", words.casefold().translate(_LETTERS))
    letters = (one for one in unicodedata.normalize("NFKD", joined) if not _is_mark(one))
    whole = re.sub(r"[^a-z0-9]+", "-", "".join(letters).lower()).strip("-")
    if len(whole) <= longest:
        return whole
    return whole[: longest + 1].rpartition("-")[0] or whole[:longest]


class Ids:
    """The ids of one case file as they are given out: no two are the same."""

    def __init__(self) -> None:
        """Begin with none given out."""
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """Give an id that is free: the wanted one, or the first of `wanted-2`, `wanted-3`, …."""
        free = wanted
        while free in self._taken:
            self._last[wanted] = number = self._last.get(wanted, 1) + 1
            ending = f"-{number}"
            free = wanted[: LONGEST - len(ending)].rstrip("-") + ending
        self._taken.add(free)
        return free

    def made_of(self, words: str, otherwise: str) -> str:
        """Give a free id made of words, or the one given for words without a Latin letter."""
        made = folded(words, _READABLE)
        return self.take(made if re.search("[a-z]", made) else otherwise)


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0
