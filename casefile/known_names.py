"""Names that are known, asked for the one that is nearest to another, to put a slip right."""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
            # Most starts need none of it.
            from difflib import get_close_matches

            near = get_close_matches(wanted[:_LONGEST], self._known, n=1, cutoff=_LIKENESS)
            self._found[wanted] = near[0] if near else None
        return self._found.get(wanted)

    def hint(self, wanted: str) -> str:
        """Say which name is nearest, to go on behind what is wrong; nothing where none is near."""
        near = self.nearest(wanted)
        return f"; the nearest is “{near}”" if near else ""


def nearest_or_all(wanted: str, known: Iterable[str]) -> str:
    """Say which of some names is nearest to one that is not among them, or what they all are."""
    names = sorted(known)
    near = KnownNames(names).nearest(wanted)
    return f"the nearest is “{near}”" if near else f"known: {', '.join(names) or 'none'}"
