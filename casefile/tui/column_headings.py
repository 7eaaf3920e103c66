"""The names of a list's columns, above it, where nobody could know what they hold."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from casefile.reading.kinds import Column
from casefile.reading.panes import Pane
from casefile.tui.drawing import fitted

MARK_WIDTH = 4
"""The cells at the end of a row where its marks stand."""

_GAP = 1
_WIDE_LIST = 60


class ColumnHeadings(Widget):
    """One line of headings, each over its column; no line for panes that need none."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()

    def show(self, pane: Pane) -> None:
        """Show the headings of a pane, if they have to be shown."""
        self.display = pane.has_headings
        if pane.columns != self._columns:
            self._columns = pane.columns
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        words = " ".join(fitted(one.heading, room) for one, room in shown(self._columns, width))
        return Strip([Segment(fitted(f" {words}", width), self.rich_style)], width)


def shown(columns: tuple[Column, ...], width: int) -> list[tuple[Column, int]]:
    """Give the columns that a width has room for, with their cells."""
    is_wide = width >= _WIDE_LIST
    several = [
        (column, (is_wide and column.wide) or column.width)
        for column in columns
        if width >= column.from_width
    ]
    rest = width - 1 - MARK_WIDTH - _GAP * len(several) - sum(cells for _, cells in several)
    return [(column, cells or max(1, rest)) for column, cells in several]
