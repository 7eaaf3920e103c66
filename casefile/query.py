"""The query language; so far plain words, all of which must stand in what is searched."""

from __future__ import annotations

import re
import unicodedata

import msgspec

_QUOTATION_MARKS = str.maketrans(
    {**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‚", "'"), **dict.fromkeys("‐‑–—", "-")}
)


def folded(text: str) -> str:
    """Give text without case, accents and the forms of quotation marks and dashes."""
    text = text.translate(_QUOTATION_MARKS)
    if text.isascii():
        return text.casefold()
    # Decomposing uncovers capitals, as in the number sign of "№ 5".
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


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
        plain, origin = _folded_with_origin(text)
        found = [
            (origin[match.start()], origin[match.end() - 1] + 1)
            for word in self.words
            for match in re.finditer(re.escape(word), plain)
        ]
        return sorted(found)


def parse(written: str) -> Query:
    """Read what a reader typed after `/`."""
    plain = folded(written)
    words = [phrase or word for phrase, word in re.findall(r'"([^"]+)"?|([^\s"]+)', plain)]
    return Query(tuple(dict.fromkeys(words)))


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """Fold a text one character at a time, keeping which one each folded character is from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    pieces = [folded(char) for char in text]
    origin = [at for at, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origin
