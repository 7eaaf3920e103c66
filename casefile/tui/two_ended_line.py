"""A line with text at both ends, such as the title line of the screen."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from casefile.tui.drawing import fit_to_width, inert_start

_GAP = 2
"""The fewest cells between the left and the right text."""
_MARGINS = 2
"""The cells of both margins together."""
_SPARE_SEPARATOR = ", "
_SEPARATORS = ("; ", " · ")
_IN_NUMBER = re.compile(r"\d[\d.,:]*\d|[.,:]\d")


class TwoEndedLine(Widget):
    """One line with text at both ends; the left text is cut if there is no room for both."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._texts = ("", "", "", "")

    def show(self, left: str, right: str = "", *, left_end: str = "", spare: str = "") -> None:
        """Show other texts.

        `left_end` is the end of the left text, which is kept when that is cut. `spare` is a list
        separated by commas that follows the right text; its last items are left out as long as
        the left text has less than half of the line.
        """
        if (left, right, left_end, spare) != self._texts:
            self._texts = (left, right, left_end, spare)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        left, right, left_end, spare = (inert_start(text, width) for text in self._texts)
        least = min(width // 2, cell_len(left + left_end))
        right = _with_spare(right, spare, width - least)
        room = _room(width, right)
        left = f"{_cut(left, room - cell_len(left_end))}{left_end}"
        text = f" {fit_to_width(left, room)}{' ' * _GAP}{right} " if right else f" {left} "
        return Strip([Segment(fit_to_width(text, width), self.rich_style)], width)


def _with_spare(right: str, spare: str, width: int) -> str:
    """Return the right text with as many of the first spare items as fit into a width."""
    while spare:
        text = " · ".join(filter(None, (right, spare)))
        if cell_len(text) + _GAP + _MARGINS <= width:
            return text
        spare = spare.rpartition(_SPARE_SEPARATOR)[0]
    return right


def _room(width: int, right: str) -> int:
    """Return the cells that the right text leaves for the left one."""
    return max(0, width - _MARGINS - (cell_len(right) + _GAP if right else 0))


def _cut(text: str, width: int) -> str:
    """Return text cut to a width; a number is left out whole rather than cut to another one."""
    if cell_len(text) <= width:
        return text
    kept = fit_to_width(text, max(0, width))[:-1]
    if _IN_NUMBER.match(text, len(kept) - 1):
        at = max(kept.rfind(part) + len(part) if part in kept else 0 for part in _SEPARATORS)
        kept = kept[:at] or kept
    return f"{kept}…" if width > 0 else ""
