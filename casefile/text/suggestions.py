"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_MAX_STEPS = 5_000_000
"""The limit of all comparisons, in steps of some 0.1 µs; a file may have many wrong names."""

_STEPS_PER_NAME = 20
_LONGEST = 100
_MIN_RATIO = 0.7
"""The ratio above which names are similar; `title` and `cites` have 0.6."""


class KnownNames:
    """Known names, among which similar ones are found."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, str | None] = {}
        self._steps_left = _MAX_STEPS

    def nearest(self, wanted: str) -> str | None:
        """Return the most similar name; None if there is none, or after too many comparisons."""
        if wanted not in self._found and self._steps_left > 0:
            self._found[wanted] = self._compare(wanted[:_LONGEST])
        return self._found.get(wanted)

    def _compare(self, wanted: str) -> str | None:
        # Imported here: most runs never need it.
        from difflib import SequenceMatcher

        matcher = SequenceMatcher(b=wanted)
        best = (_MIN_RATIO, "")
        for name in self._known:
            matcher.set_seq1(name)
            self._steps_left -= _STEPS_PER_NAME
            if matcher.real_quick_ratio() >= best[0] and matcher.quick_ratio() >= best[0]:
                self._steps_left -= len(name) * len(wanted)
                best = max(best, (matcher.ratio(), name))
            if self._steps_left <= 0:
                return None
        return best[1] or None

    def hint(self, wanted: str) -> str:
        """Return a clause with the most similar name for the end of a message, or ""."""
        near = self.nearest(wanted)
        return f"; the nearest is “{near}”" if near else ""


def nearest_or_all(wanted: str, known: Iterable[str]) -> str:
    """Return a clause with the most similar name, or with all known names."""
    names = sorted(known)
    near = KnownNames(names).nearest(wanted)
    return f"the nearest is “{near}”" if near else f"known: {', '.join(names) or 'none'}"
