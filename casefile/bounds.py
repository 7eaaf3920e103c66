"""How deep and how large what a TOML file holds may be; what is beyond can't be shown or kept."""

from __future__ import annotations

from casefile.limits import DEPTH

LARGEST_BITS = 63
_SMALL = 1 << LARGEST_BITS


class Extent:
    """What one walk through a parsed value finds: how much there is, and what is out of bounds.

    Parsers take tables nested some hundred deep and whole numbers of a million digits; neither
    can be walked, printed or written back.
    """

    def __init__(self, value: object) -> None:
        """Walk through all of a value, or until something is out of bounds."""
        self.values = 0
        """How many values stand in its tables and lists."""
        self.beyond = self._beyond(value, DEPTH.value)
        """What in it is too deep or too large, or None if nothing is."""

    def _beyond(self, value: object, depth: int) -> str | None:
        if isinstance(value, dict | list):
            if not depth:
                return f"its tables stand more than {DEPTH.value} deep in each other; {DEPTH.hint}"
            self.values += len(value)
            inner = value.values() if isinstance(value, dict) else value
            for one in inner:
                # Most of what a file holds is text, and small numbers: nothing is to be said of it.
                is_sound = one.__class__ is str or (one.__class__ is int and -_SMALL < one < _SMALL)
                if not is_sound and (what := self._beyond(one, depth - 1)):
                    return what
        if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
            return f"it holds a whole number of more than {LARGEST_BITS + 1} bits"
        return None
