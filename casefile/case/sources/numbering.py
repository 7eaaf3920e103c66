"""Say that paragraphs bear numbers by which their source is not cited, or the reverse."""

from __future__ import annotations

from casefile.case.model import Division
from casefile.case.sources.source_text import SourceText

_FEWEST = 5
"""A shorter run of numbers may be a list."""


def numbering_hint(text: SourceText, paragraphs: Division | None) -> str | None:
    """Return that the numbers in a text are not those that cites mean, in words, or None.

    That is so if most paragraphs bear ascending numbers that differ from their count, unless the
    source is declared to be numbered, and if it is so declared and none bears a number.
    """
    if paragraphs == "numbered":
        if text.bears_numbers:
            return None
        hint = "cites are by count; remove `paragraphs`, or cite by page and line"
        return f"paragraphs: no paragraph of the text begins with a number; {hint}"
    found = text.numbers_of_blocks
    numbers = found.numbers
    if len(numbers) < _FEWEST or not found.is_ascending or found.are_days:
        return None
    differing = next(((at + 1, one) for at, one in numbers.items() if one != at + 1), None)
    if differing is None or len(numbers) < text.count_unnumbered():
        return None
    count, number = differing
    what = f"its paragraphs bear numbers that differ from their count: paragraph {count} says"
    return f'{what} {number}; to cite by these numbers, set `paragraphs = "numbered"`'
