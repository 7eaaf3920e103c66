"""The nearest of some names to one that is not among them, so that a slip can be put right."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_MOST_COMPARISONS = 200_000
"""Each takes some 10 µs, and a table that is missing leaves thousands of names without one."""

_LONGEST = 100
_LIKENESS = 0.7
"""Below it, what is nearest is not near: `title` and `cites` have 0.6."""


class KnownNames:
    """Names that are known, asked for the one that was meant."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, str | None] = {}

    def nearest(self, wanted: str) -> str | None:
        """Give the nearest name; None where none is near, or after too many were looked for."""
        if wanted not in self._found and (len(self._found) * len(self._known) <= _MOST_COMPARISONS):
            near = get_close_matches(wanted[:_LONGEST], self._known, n=1, cutoff=_LIKENESS)
            self._found[wanted] = near[0] if near else None
        return self._found.get(wanted)
