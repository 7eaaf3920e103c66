"""Series of names in a sentence: “a, b and c”, “a, b, c and 5 more”."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def first_in_series(names: Sequence[str], in_words: Callable[[str], str], most: int = 4) -> str:
    """Return the first names, each in words, in a series that ends with how many more there are."""
    more = len(names) - most
    shown = [*map(in_words, names[:most]), *([f"{more:,} more"] if more > 0 else [])]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
