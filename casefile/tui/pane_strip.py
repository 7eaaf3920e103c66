"""The tabs of the panes above the list, shortened until they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from casefile.tui.drawing import inert_start
from casefile.views.panes import Pane

_MIN_LETTERS = 3
_WIDEST = 80
"""The cells after which the title of a pane is cut in any strip."""
_EDGE = 1
"""The cells at each end for the signs that more tabs are hidden there."""
_MORE_LEFT, _MORE_RIGHT = "‹", "›"


class Tab(msgspec.Struct, frozen=True):
    """A tab of the strip."""

    text: str
    index: int
    """The index of its pane."""

    @property
    def width(self) -> int:
        """The cells of the tab and the space after it."""
        return cell_len(self.text) + 1


class PaneStrip(Widget):
    """The tabs of all panes, the active one reversed; a click chooses another."""

    COMPONENT_CLASSES = {"strip--active", "strip--more"}  # noqa: RUF012 (Textual's own form)

    @dataclass
    class PaneChosen(Message):
        """A tab was clicked."""

        title: str
        """The title of its pane."""

    def __init__(self, panes: Sequence[Pane], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._panes = tuple(panes)
        self._active = 0

    def show(self, panes: Sequence[Pane], active: int) -> None:
        """Show the tabs of `panes`, that with the index `active` as the active one."""
        if (tuple(panes), active) != (self._panes, self._active):
            self._panes, self._active = tuple(panes), active
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the strip."""
        width = self.size.width
        if y or width < 1:
            return Strip.blank(width, self.rich_style)
        more = self.get_component_rich_style("strip--more", partial=True)
        active = self.get_component_rich_style("strip--active", partial=True)
        tabs = _tabs_in(self._panes, self._active, width)
        ends = (tabs[0].index > 0, tabs[-1].index < len(self._panes) - 1)
        segments = [Segment(_MORE_LEFT if ends[0] else " ", more)]
        for tab in tabs:
            style = active if tab.index == self._active else None
            segments += [Segment(tab.text, style), Segment(" ")]
        strip = Strip(segments).apply_style(self.rich_style)
        strip = strip.adjust_cell_length(width - _EDGE, self.rich_style)
        last = Segment(_MORE_RIGHT if ends[1] else " ", self.rich_style + more)
        return Strip.join([strip, Strip([last])]).simplify()

    def on_click(self, event: events.Click) -> None:
        """Choose the pane whose tab was clicked."""
        at = _EDGE
        for tab in _tabs_in(self._panes, self._active, self.size.width):
            at += tab.width
            if event.x < at:
                self.post_message(self.PaneChosen(self._panes[tab.index].title))
                return


def _tabs_in(panes: Sequence[Pane], active: int, width: int) -> list[Tab]:
    """Return the tabs that fit into a width, the active one always among them.

    If there is too little room for all, the inactive tabs lose first their counts, then the space
    around them and the ends of their titles; after that the strip scrolls.
    """
    room = width - 2 * _EDGE
    longest = min(max(len(pane.title) for pane in panes), max(room, _MIN_LETTERS))
    tabs = _tabs(panes, active, with_counts=True, letters=longest, space=1)
    if _width(tabs) > room:
        tabs = _tabs(panes, active, with_counts=False, letters=longest, space=1)
    for letters in range(longest, _MIN_LETTERS - 1, -1):
        if _width(tabs) <= room:
            return tabs
        tabs = _tabs(panes, active, with_counts=False, letters=letters, space=0)
    return tabs if _width(tabs) <= room else _scrolled(tabs, active, room)


def _tabs(
    panes: Sequence[Pane], active: int, *, with_counts: bool, letters: int, space: int
) -> list[Tab]:
    """Return all tabs; the active one in full, with a space on both sides."""
    tabs = []
    for index, pane in enumerate(panes):
        if index == active:
            tabs.append(Tab(f" {_tab_text(pane, with_count=True)} ", index))
        else:
            text = _tab_text(pane, with_count=with_counts, letters=letters)
            tabs.append(Tab(f"{' ' * space}{text}", index))
    return tabs


def _scrolled(tabs: list[Tab], active: int, room: int) -> list[Tab]:
    """Return the active tab and as many of its neighbours as fit, those before it first."""
    first, after = active, active + 1
    while first > 0 and _width(tabs[first - 1 : after]) <= room:
        first -= 1
    while after < len(tabs) and _width(tabs[first : after + 1]) <= room:
        after += 1
    return tabs[first:after]


def _tab_text(pane: Pane, *, with_count: bool, letters: int | None = None) -> str:
    counted = with_count and pane.count and pane.number != "0"
    count = str(pane.count) if counted else ""
    return " ".join(filter(None, (pane.number, inert_start(pane.title, _WIDEST)[:letters], count)))


def _width(tabs: list[Tab]) -> int:
    return sum(tab.width for tab in tabs)
