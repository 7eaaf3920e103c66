"""Series of names in a sentence: “a, b and c”, “a, b, c and 5 more”."""

from __future__ import annotations

from collections.abc import Sequence


def in_series(names: Sequence[str], more: int = 0) -> str:
    """Return names in a series, which ends with the number of those that are not named."""
    shown = [*names, f"{more:,} more"] if more else [*names]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
