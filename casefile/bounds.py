"""How deep and how large what a TOML file holds may be; what is beyond can't be shown or kept."""

from __future__ import annotations

from casefile.limits import DEPTH

LARGEST_BITS = 63
_SMALL = 1 << LARGEST_BITS


def beyond_bounds(value: object) -> str | None:
    """Say what in a parsed value is too deep or too large, or None if nothing is.

    Parsers take tables nested some hundred deep and whole numbers of a million digits; neither
    can be walked, printed or written back.
    """
    return _beyond(value, DEPTH.value)


def _beyond(value: object, depth: int) -> str | None:
    if isinstance(value, dict | list):
        if not depth:
            return f"its tables stand more than {DEPTH.value} deep in each other; {DEPTH.hint}"
        inner = value.values() if isinstance(value, dict) else value
        for one in inner:
            # Most of what a file holds is text, and small numbers: nothing is to be said of them.
            is_sound = one.__class__ is str or (one.__class__ is int and -_SMALL < one < _SMALL)
            if not is_sound and (what := _beyond(one, depth - 1)):
                return what
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        return f"it holds a whole number of more than {LARGEST_BITS + 1} bits"
    return None
