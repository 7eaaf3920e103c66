"""Single lines of the screen that only show something: the title, and where one is."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from casefile.text import inert
from casefile.tui.drawing import fitted

_GAP = 2


class TwoEndedLine(Widget):
    """One line with words at its left end, and at its right end those that matter more."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._left = ""
        self._right = ""

    def show(self, left: str, right: str = "") -> None:
        """Show other words; the same ones again cost nothing."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        right = inert(self._right)
        room = width - cell_len(right) - _GAP - 2
        left = fitted(self._left, max(0, room))
        words = f" {left}{' ' * _GAP}{right} " if self._right else f" {self._left} "
        return Strip([Segment(fitted(words, width), self.rich_style)], width)
