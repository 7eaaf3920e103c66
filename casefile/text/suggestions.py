"""Suggestions for misspelt names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_MAX_STEPS = 5_000_000
"""The limit of all comparisons, in steps of some 0.05 µs; a file may have many wrong names."""

_MAX_STEPS_AT_ONCE = 1_600_000
"""The limit of the comparisons for one name, which hold everything else up."""
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
        steps = 0
        for name in self._known:
            length = len(name) + len(wanted)
            steps += 1
            # As `real_quick_ratio`, which takes ten times as long.
            if 2 * min(len(name), len(wanted)) < best[0] * length:
                continue
            matcher.set_seq1(name)
            steps += length
            if matcher.quick_ratio() >= best[0]:
                steps += len(name) * len(wanted)
                best = max(best, (matcher.ratio(), name))
            if steps > min(self._steps_left, _MAX_STEPS_AT_ONCE):
                best = (1.0, "")
                break
        self._steps_left -= steps
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
