"""Text for the screen: made inert, cut or wrapped to a width in cells, matches highlighted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from casefile.query import Query
from casefile.text.inert import PIECE, inert, inert_lines_in_pieces

# Characters of one cell each. Most texts hold no others, so their width need not be measured.
_ONE_CELL_EACH = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2030-\u205e]*")

_WIDEST_TITLE = 1000
"""No terminal has so many columns."""
_MOST_PER_CELL = 8
"""The most characters that may be needed to fill a cell: a letter, its marks and joiners."""
_LOOKED_AT_PER_CELL = 4
"""How many characters are looked at to fill a cell of a wrapped line."""
_MORE_PIECES = 2
"""How many pieces of a long text are made for a row beyond those that most rows take."""
_NO_SPACE = re.compile("[^ ]")

# Between these a line may end without a space: Han, kana and full-width punctuation.
# `re` compiles it when it is first searched for: most texts have no wide characters.
_IDEOGRAPHS = r"[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]"
_NEVER_FIRST = frozenset("，。、．：；？！…‥・ー々％）］｝」』】》〉〕”’,.:;?!)]}%")
_NEVER_LAST = frozenset("（［｛「『【《〈〔“‘([{")


def fit_to_width(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis or padded with spaces."""
    shown = inert_start(text, width)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(shown, width - 1) + "…" if width > 0 else ""


def shorten_to_width(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, cut with an ellipsis if it is longer."""
    return fit_to_width(text, width).rstrip(" ")


def inert_start(text: str, width: int) -> str:
    """Return `text` made inert; if it is much longer than `width` cells, only what may be shown.

    Text that is left out counts as more than `width` cells.
    """
    most = _MOST_PER_CELL * (max(0, width) + 1)
    if len(text) <= most:
        return inert(text)
    shown = inert(text[:most])
    return shown if cell_len(shown) > width else set_cell_size(shown, width) + "…"


def wrap_text(text: str, width: int) -> Iterator[str]:
    """Yield `text` as lines of at most `width` cells, keeping its own line breaks.

    Each line is made when it is asked for, so that the beginning of a long text costs little.
    """
    for pieces in inert_lines_in_pieces(text):
        first = next(pieces, "")
        yield from _wrap_pieces(chain((first,), pieces), max(1, width)) if first else ("",)


def as_title(text: str) -> Content:
    """Return `text` as the title of a border, where Textual reads a plain string as markup."""
    return Content(inert_start(text, _WIDEST_TITLE))


def wrap_line(line: str, width: int) -> Iterator[str]:
    """Yield the parts of one inert line, each of at most `width` cells."""
    return _wrap_pieces(iter((line,)), width)


def _wrap_pieces(pieces: Iterator[str], width: int) -> Iterator[str]:
    """Yield the parts of an inert line that comes in pieces, each of at most `width` cells.

    Spaces and marks may go on for megabytes without filling a row, so a row that a few pieces don't
    fill ends there.
    """
    line, at, is_plain = "", 0, True
    ahead = _LOOKED_AT_PER_CELL * width + 1
    most = ahead // PIECE + _MORE_PIECES
    is_start, taken = True, 0
    while True:
        at = at if is_start else _after_spaces(line, at)
        if len(line) - at < ahead and taken < most and (piece := next(pieces, None)) is not None:
            line, at, taken = f"{line[at:]}{piece}", 0, taken + 1
            is_plain = _ONE_CELL_EACH.fullmatch(line) is not None
            continue
        end = min(at + width, len(line)) if is_plain else _end_of_row(line, at, width)
        if at >= len(line) and taken < most:
            return
        if end < len(line):
            end = _last_break(line, at, end, is_plain=is_plain)
        yield line[at:end].rstrip(" ")
        is_start, at, taken = False, end, 0


def _after_spaces(line: str, at: int) -> int:
    """Return where the spaces end that begin at index `at`; `at` if there are none."""
    following = _NO_SPACE.search(line, at)
    return following.start() if following else len(line)


def _end_of_row(line: str, at: int, width: int) -> int:
    """Return where a row of `width` cells that begins at `at` ends, after one character or more."""
    # Few texts have more than three combining marks per letter; those get shorter lines.
    fitting = chop_cells(line[at : at + _LOOKED_AT_PER_CELL * width], width)
    return min(at + max(1, len(fitting[0])), len(line)) if fitting else len(line)


def _last_break(line: str, start: int, end: int, *, is_plain: bool) -> int:
    """Return where to break a line that begins at `start` and can end at `end` at the latest."""
    if line[end] == " ":
        return end
    space = line.rfind(" ", start, end) + 1
    if not is_plain and re.search(_IDEOGRAPHS, line[start : end + 1]):
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
