"""Text fitted to cells: made inert, cut, wrapped, and marked where it was searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from casefile.query import Query
from casefile.text.inert import inert, inert_lines

# Each of these takes one cell; most texts have no others, and need not be measured.
_ONE_CELL_EACH = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2030-\u205e]*")

# Between these a line may end without a space: Han, kana and their full-width signs.
_IDEOGRAPHS = re.compile(
    r"[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]"
)
_NEVER_FIRST = frozenset("，。、．：；？！…‥・ー々％）］｝」』】》〉〕”’,.:;?!)]}%")
_NEVER_LAST = frozenset("（［｛「『【《〈〔“‘([{")


def fitted(text: str, width: int) -> str:
    """Give text in exactly `width` cells, cut with an ellipsis or filled with spaces."""
    shown = inert(text)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(shown, width - 1) + "…" if width > 0 else ""


def shortened(text: str, width: int) -> str:
    """Give text in at most `width` cells, cut with an ellipsis where it has more."""
    return fitted(text, min(width, cell_len(inert(text)))).rstrip(" ")


def wrapped(text: str, width: int) -> list[str]:
    """Give text in lines of at most `width` cells; its own line breaks stay."""
    return [
        line
        for own_line in inert_lines(text)
        for line in (wrapped_line(own_line, max(1, width)) if own_line else [""])
    ]


def titled(text: str) -> Content:
    """Give the title of a box; a plain string would be read as markup there."""
    return Content(inert(text))


def wrapped_line(line: str, width: int) -> Iterator[str]:
    """Give the parts of one inert line, each of at most `width` cells, as they are asked for."""
    is_plain = _ONE_CELL_EACH.fullmatch(line) is not None
    at = 0
    while at < len(line):
        end = at + (width if is_plain else _fitting(line, at, width))
        if end < len(line):
            end = _last_break(line, at, end, is_plain=is_plain)
        yield line[at:end].rstrip(" ")
        at = end
        while line.startswith(" ", at):
            at += 1


def _fitting(line: str, at: int, width: int) -> int:
    """Give how many characters from a place on fit into some cells; at least one."""
    # Few texts have more than three marks to a letter; those that have get shorter lines.
    return max(1, len(chop_cells(line[at : at + 4 * width], width)[0]))


def _last_break(line: str, start: int, end: int, *, is_plain: bool) -> int:
    """Give where a line that begins at `start` ends, `end` being the last place where it can."""
    if line[end] == " ":
        return end
    space = line.rfind(" ", start, end) + 1
    if not is_plain:
        for at in range(end, max(space, start), -1):
            if _may_part(line[at - 1], line[at]):
                return at
    return space or end


def _may_part(before: str, after: str) -> bool:
    """Say whether a line may end between two characters, as in Chinese and Japanese."""
    if before in _NEVER_LAST or after in _NEVER_FIRST:
        return False
    return bool(_IDEOGRAPHS.match(before) or _IDEOGRAPHS.match(after))


def marked(text: str, style: Style, query: Query | None, found: Style) -> list[Segment]:
    """Give drawn text as segments, with the words of a query in their own style."""
    if query is None:
        return [Segment(text, style)]
    segments = []
    at = 0
    for start, end in query.spans(text):
        if start < at:
            continue
        segments += [Segment(text[at:start], style), Segment(text[start:end], style + found)]
        at = end
    return [segment for segment in (*segments, Segment(text[at:], style)) if segment.text]
