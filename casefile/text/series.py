"""Series in a sentence: “a, b and c”, “a, b, c and 5 more”."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def series(words: Sequence[str], conjunction: str = "and") -> str:
    """Return words as a series; empty without words."""
    return f" {conjunction} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def first_in_series(names: Sequence[str], in_words: Callable[[str], str], most: int = 4) -> str:
    """Return the first names, each in words, in a series that ends with how many more there are."""
    more = len(names) - most
    return series([*map(in_words, names[:most]), *([f"{more:,} more"] if more > 0 else [])])
