"""A line of a file with a caret under a column."""

from __future__ import annotations

from collections.abc import Iterable

from casefile.text.cells import character_width, text_width
from casefile.text.inert import printable

INDENT = "    "
_ELLIPSIS = "…"
_MIN_WIDTH = 20
_CHARACTERS_PER_CELL = 4
"""How many characters are examined for each cell of the width; some take no cell."""


def line_with_caret(
    line: str, column: int, *, width: int, encoding: str = "utf-8"
) -> tuple[str, str]:
    """Return a line of a file in printable form, and a second line with a caret.

    `column` counts characters from 1, `width` counts cells. A longer line is cut on both sides of
    the column.
    """
    room = max(width - len(INDENT), _MIN_WIDTH)
    start = max(0, column - 1 - room * _CHARACTERS_PER_CELL)
    end = column - 1 + room * _CHARACTERS_PER_CELL
    before = _printable(line[start : column - 1], encoding)
    after = _printable(line[start:end], encoding)[len(before) :]
    ellipsis = _ELLIPSIS if printable(_ELLIPSIS, encoding) == _ELLIPSIS else "..."
    left_room = max(room // 2, room - text_width(after) - (len(ellipsis) if end < len(line) else 0))
    left = _end_of(before, left_room, ellipsis, is_cut=start > 0)
    right = _start_of(after, room - text_width(left), ellipsis, is_cut=end < len(line))
    return f"{INDENT}{left}{right}".rstrip(), f"{INDENT}{' ' * text_width(left)}^"


def _printable(text: str, encoding: str) -> str:
    return printable(text.expandtabs(8), encoding)


def _start_of(text: str, room: int, ellipsis: str, *, is_cut: bool) -> str:
    if not is_cut and text_width(text) <= room:
        return text
    return f"{text[: _fitting(text, room - len(ellipsis))]}{ellipsis}"


def _end_of(text: str, room: int, ellipsis: str, *, is_cut: bool) -> str:
    if not is_cut and text_width(text) <= room:
        return text
    kept = _fitting(reversed(text), room - len(ellipsis))
    start = len(text) - kept
    # A combining mark would be drawn on the ellipsis.
    while start < len(text) and not character_width(text[start]):
        start += 1
    return f"{ellipsis}{text[start:]}"


def _fitting(characters: Iterable[str], room: int) -> int:
    """Return how many of the characters fit into `room` cells."""
    count = 0
    for character in characters:
        room -= character_width(character)
        if room < 0:
            break
        count += 1
    return count
