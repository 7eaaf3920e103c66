"""Single lines of the screen that only show something: the title, and where one is."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from casefile.text.inert import inert
from casefile.tui.drawing import fitted

_GAP, _ENDS = 2, 2
"""The cells between the words at both ends, and those of the two ends."""
_SPARE_PART = ", "
_PARTS = ("; ", " · ")
_IN_NUMBER = re.compile(r"\d[\d.,:]*\d|[.,:]\d")


class TwoEndedLine(Widget):
    """One line with words at its left end, and at its right end those that matter more."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._words = ("", "", "", "")

    def show(self, left: str, right: str = "", *, left_end: str = "", spare: str = "") -> None:
        """Show other words; the same ones again cost nothing.

        Where the left ones have to be cut, their end stays. The spare ones stand after the right
        ones, less the last of them as long as the left ones would have less than half of the line.
        """
        if (left, right, left_end, spare) != self._words:
            self._words = (left, right, left_end, spare)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        left, right, left_end, spare = map(inert, self._words)
        least = min(width // 2, cell_len(left + left_end))
        right = _with_spare(right, spare, width - least)
        room = _room(width, right)
        left = f"{_cut(left, room - cell_len(left_end))}{left_end}"
        words = f" {fitted(left, room)}{' ' * _GAP}{right} " if right else f" {left} "
        return Strip([Segment(fitted(words, width), self.rich_style)], width)


def _with_spare(right: str, spare: str, width: int) -> str:
    """Give the right words and as many of the spare ones, from the first on, as a width holds."""
    while spare:
        words = " · ".join(filter(None, (right, spare)))
        if cell_len(words) + _GAP + _ENDS <= width:
            return words
        spare = spare.rpartition(_SPARE_PART)[0]
    return right


def _room(width: int, right: str) -> int:
    """Give the cells that are left of a line, with one at each end."""
    return max(0, width - _ENDS - (cell_len(right) + _GAP if right else 0))


def _cut(words: str, width: int) -> str:
    """Give words cut to a width, but no number cut to another number."""
    if cell_len(words) <= width:
        return words
    kept = fitted(words, max(0, width))[:-1]
    if _IN_NUMBER.match(words, len(kept) - 1):
        at = max(kept.rfind(part) + len(part) if part in kept else 0 for part in _PARTS)
        kept = kept[:at] or kept
    return f"{kept}…" if width > 0 else ""
