"""A place in a line of a file, shown: the line, and a caret under the column."""

from __future__ import annotations

from collections.abc import Iterable

from casefile.text.cells import cells_of, cells_of_character
from casefile.text.inert import printable

INDENT = "    "
_CUT = "…"
_FEWEST = 20
_MOST_CHARACTERS = 4
"""For each cell that there is room for, so many characters are looked at: some take no room."""


def pointed(line: str, column: int, *, width: int, encoding: str = "utf-8") -> tuple[str, str]:
    """Give a line of a file as it can be printed, and the line below it with a caret.

    The column counts characters from 1, `width` cells. A line that is too long is cut on both
    sides of the column. What it prints is inert, and a caret stands under what it is about.
    """
    room = max(width - len(INDENT), _FEWEST)
    start = max(0, column - 1 - room * _MOST_CHARACTERS)
    end = column - 1 + room * _MOST_CHARACTERS
    before = _shown(line[start : column - 1], encoding)
    after = _shown(line[start:end], encoding)[len(before) :]
    cut = _CUT if printable(_CUT, encoding) == _CUT else "..."
    left_room = max(room // 2, room - cells_of(after) - (len(cut) if end < len(line) else 0))
    left = _end_of(before, left_room, cut, is_cut=start > 0)
    right = _start_of(after, room - cells_of(left), cut, is_cut=end < len(line))
    return f"{INDENT}{left}{right}".rstrip(), f"{INDENT}{' ' * cells_of(left)}^"


def _shown(text: str, encoding: str) -> str:
    return printable(text.expandtabs(8), encoding)


def _start_of(text: str, room: int, cut: str, *, is_cut: bool) -> str:
    if not is_cut and cells_of(text) <= room:
        return text
    return f"{text[: _fitting(text, room - len(cut))]}{cut}"


def _end_of(text: str, room: int, cut: str, *, is_cut: bool) -> str:
    if not is_cut and cells_of(text) <= room:
        return text
    kept = _fitting(reversed(text), room - len(cut))
    start = len(text) - kept
    # A mark would sit on the sign of the cut.
    while start < len(text) and not cells_of_character(text[start]):
        start += 1
    return f"{cut}{text[start:]}"


def _fitting(characters: Iterable[str], room: int) -> int:
    """Give how many characters fit into so many cells."""
    count = 0
    for character in characters:
        room -= cells_of_character(character)
        if room < 0:
            break
        count += 1
    return count
