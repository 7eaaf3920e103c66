"""Text for the screen: made inert, cut or wrapped to a width in cells, matches highlighted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from casefile.query import Query
from casefile.text.inert import inert, inert_lines

# Characters of one cell each. Most texts hold no others, so their width need not be measured.
_ONE_CELL_EACH = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2030-\u205e]*")

# Between these a line may end without a space: Han, kana and full-width punctuation.
# `re` compiles it when it is first searched for: most texts have no wide characters.
_IDEOGRAPHS = r"[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]"
_NEVER_FIRST = frozenset("，。、．：；？！…‥・ー々％）］｝」』】》〉〕”’,.:;?!)]}%")
_NEVER_LAST = frozenset("（［｛「『【《〈〔“‘([{")


def fit_to_width(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis or padded with spaces."""
    shown = inert(text)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(shown, width - 1) + "…" if width > 0 else ""


def shorten_to_width(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, cut with an ellipsis if it is longer."""
    return fit_to_width(text, min(width, cell_len(inert(text)))).rstrip(" ")


def wrap_text(text: str, width: int) -> list[str]:
    """Return `text` as lines of at most `width` cells, keeping its own line breaks."""
    return [
        line
        for own_line in inert_lines(text)
        for line in (wrap_line(own_line, max(1, width)) if own_line else [""])
    ]


def as_title(text: str) -> Content:
    """Return `text` as the title of a border, where Textual reads a plain string as markup."""
    return Content(inert(text))


def wrap_line(line: str, width: int) -> Iterator[str]:
    """Yield the parts of one inert line, each of at most `width` cells."""
    is_plain = _ONE_CELL_EACH.fullmatch(line) is not None
    at = 0
    while at < len(line):
        end = at + (width if is_plain else _count_fitting(line, at, width))
        if end < len(line):
            end = _last_break(line, at, end, is_plain=is_plain)
        yield line[at:end].rstrip(" ")
        at = end
        while line.startswith(" ", at):
            at += 1


def _count_fitting(line: str, at: int, width: int) -> int:
    """Return how many characters from index `at` fit into `width` cells; at least one."""
    # Few texts have more than three combining marks per letter; those get shorter lines.
    return max(1, len(chop_cells(line[at : at + 4 * width], width)[0]))


def _last_break(line: str, start: int, end: int, *, is_plain: bool) -> int:
    """Return where to break a line that begins at `start` and can end at `end` at the latest."""
    if line[end] == " ":
        return end
    space = line.rfind(" ", start, end) + 1
    if not is_plain:
        for at in range(end, max(space, start), -1):
            if _can_break(line[at - 1], line[at]):
                return at
    return space or end


def _can_break(before: str, after: str) -> bool:
    """Return whether a line may end between two characters, as in Chinese and Japanese."""
    if before in _NEVER_LAST or after in _NEVER_FIRST:
        return False
    return any(not one.isascii() and re.match(_IDEOGRAPHS, one) for one in (before, after))


def highlight_matches(text: str, style: Style, query: Query | None, found: Style) -> list[Segment]:
    """Return inert text as segments, with the matches of `query` in the style `found`."""
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
