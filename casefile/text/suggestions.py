"""Names that are known, asked for the one that is nearest to another, to put a slip right."""

from __future__ import annotations

from collections.abc import Collection, Iterable

_MOST_STEPS = 5_000_000
"""In comparing names; each takes some 0.1 µs, and a missing table leaves thousands without one."""

_STEPS_AT_A_GLANCE = 20
_LONGEST = 100
_LIKENESS = 0.7
"""Below it, what is nearest is not near: `title` and `cites` have 0.6."""


class KnownNames:
    """Names that are known, asked for the one that was meant."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, str | None] = {}
        self._steps_left = _MOST_STEPS

    def nearest(self, wanted: str) -> str | None:
        """Give the nearest name; None where none is near, or after too much was compared."""
        if wanted not in self._found and self._steps_left > 0:
            self._found[wanted] = self._compared(wanted[:_LONGEST])
        return self._found.get(wanted)

    def _compared(self, wanted: str) -> str | None:
        """Look at all names, but closely only at those that are nearer than any so far."""
        # Most starts need none of it.
        from difflib import SequenceMatcher

        matcher = SequenceMatcher(b=wanted)
        best = (_LIKENESS, "")
        for name in self._known:
            matcher.set_seq1(name)
            self._steps_left -= _STEPS_AT_A_GLANCE
            if matcher.real_quick_ratio() >= best[0] and matcher.quick_ratio() >= best[0]:
                self._steps_left -= len(name) * len(wanted)
                best = max(best, (matcher.ratio(), name))
            if self._steps_left <= 0:
                return None
        return best[1] or None

    def hint(self, wanted: str) -> str:
        """Say which name is nearest, to go on behind what is wrong; nothing where none is near."""
        near = self.nearest(wanted)
        return f"; the nearest is “{near}”" if near else ""


def nearest_or_all(wanted: str, known: Iterable[str]) -> str:
    """Say which of some names is nearest to one that is not among them, or what they all are."""
    names = sorted(known)
    near = KnownNames(names).nearest(wanted)
    return f"the nearest is “{near}”" if near else f"known: {', '.join(names) or 'none'}"
