"""How deep and how large what a TOML file holds may be; what is beyond can't be shown or kept."""

from __future__ import annotations

DEEPEST = 32
LARGEST_BITS = 63


def beyond_bounds(value: object, depth: int = DEEPEST) -> str | None:
    """Say what in a parsed value is too deep or too large, or None if nothing is.

    Parsers take tables nested some hundred deep and whole numbers of a million digits; neither
    can be walked, printed or written back.
    """
    if isinstance(value, dict | list):
        if not depth:
            return f"its tables stand more than {DEEPEST} deep in each other"
        inner = value.values() if isinstance(value, dict) else value
        return next((what for one in inner if (what := beyond_bounds(one, depth - 1))), None)
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        return f"it holds a whole number of more than {LARGEST_BITS + 1} bits"
    return None
