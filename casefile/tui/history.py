"""Where the reader was, back and forward, like a browser."""

from __future__ import annotations

import msgspec

from casefile.query import Query
from casefile.tui.page_lines import TOP, Spot
from casefile.views.panes import SelectableRow


class Place(msgspec.Struct, frozen=True):
    """A place in the case: a row of a pane, and whether its page was being read, and where."""

    pane: str
    row: SelectableRow | None
    """The selected row; None in an empty pane."""
    in_page: bool = False
    spot: Spot = TOP
    rows_above: int = 0
    pin: int | None = None
    """The number of the cite whose source lay over the list, if one did."""
    source_line: int = 0
    in_pass: bool = False
    """Whether it was reached in the verification pass, which goes on there."""
    by_link: bool = False
    """Whether it was left by a link, so that a step back from the page leads here."""
    filter: Query | None = None
    """What the pane was filtered by."""


class History:
    """Places left behind, and those gone back from."""

    def __init__(self) -> None:
        self._back: list[Place] = []
        self._forward: list[Place] = []

    @property
    def last(self) -> Place | None:
        """The place that going back leads to."""
        return self._back[-1] if self._back else None

    def leave(self, place: Place) -> None:
        """Remember a place that is left for a new one; what was ahead is forgotten."""
        if self.last != place:
            self._back.append(place)
        self._forward.clear()

    def forget(self, pane: str, entry: str | None) -> None:
        """Forget the last place if it is the list beside the page that is being left."""
        last = self.last
        if last and last.row and (last.pane, last.row.entry) == (pane, entry):
            self._back.pop()

    def go_back(self, here: Place) -> Place | None:
        """Give the place before this one, keeping this one ahead."""
        return self._step(self._back, self._forward, here)

    def go_forward(self, here: Place) -> Place | None:
        """Give the place ahead of this one, keeping this one behind."""
        return self._step(self._forward, self._back, here)

    @staticmethod
    def _step(source: list[Place], other: list[Place], here: Place) -> Place | None:
        while source and source[-1] == here:
            source.pop()
        if not source:
            return None
        other.append(here)
        return source.pop()
