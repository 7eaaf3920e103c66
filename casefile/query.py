"""The query language; so far plain words, all of which must stand in what is searched."""

from __future__ import annotations

import re

import msgspec

from casefile.folding import fold, folded


class Query(msgspec.Struct, frozen=True):
    """Plain words, folded; a phrase in double quotation marks is one of them."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"“{' '.join(self.words)}”"

    def matches(self, folded_text: str) -> bool:
        """Say whether every word stands in a text that is already folded."""
        return all(word in folded_text for word in self.words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give where the words stand in a text as drawn, in ascending order, for marking."""
        plain = fold(text)
        return sorted(
            plain.origin(*match.span())
            for word in self.words
            for match in re.finditer(re.escape(word), plain.text)
        )


def parse(written: str) -> Query:
    """Read what a reader typed after `/`."""
    plain = folded(written)
    words = [phrase or word for phrase, word in re.findall(r'"([^"]+)"?|([^\s"]+)', plain)]
    return Query(tuple(dict.fromkeys(words)))
