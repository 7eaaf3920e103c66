"""Text fitted to cells: made inert, cut, wrapped, and marked where it was searched for."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from casefile.query import Query
from casefile.text import inert, inert_lines


def fitted(text: str, width: int) -> str:
    """Give text in exactly `width` cells, cut with an ellipsis or filled with spaces."""
    shown = inert(text)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(shown, width - 1) + "…" if width > 0 else ""


def wrapped(text: str, width: int) -> list[str]:
    """Give text in lines of at most `width` cells; its own line breaks stay."""
    return [
        line
        for own_line in inert_lines(text)
        for line in (_wrapped_line(own_line, max(1, width)) if own_line else [""])
    ]


def _wrapped_line(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line]
    return [piece.plain.rstrip(" ") for piece in Content(line).wrap(width)]


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
