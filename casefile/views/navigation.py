"""Where the reader has been, back and forward, like the history of a browser."""

from __future__ import annotations

import msgspec

from casefile.query import Query
from casefile.views.page import TOP, Spot
from casefile.views.panes import SelectableRow


class Place(msgspec.Struct, frozen=True):
    """A place in the case: a row of a pane, and where on its page or in its source."""

    pane: str
    row: SelectableRow | None
    """The selected row; None in an empty pane."""
    in_page: bool = False
    """Whether the page was being read, and not the list."""
    spot: Spot = TOP
    rows_above: int = 0
    pin: int | None = None
    """The number of the cite whose source was open, if one was."""
    source_line: int = 0
    in_pass: bool = False
    """Whether the reader was in the verification pass, which resumes there."""
    by_link: bool = False
    """Whether it was left by a link, so that a step back from the page leads here."""
    filter: Query | None = None
    """The query that the pane was filtered by."""

    @property
    def entry(self) -> str:
        """The id of the entry of the row; empty in an empty pane."""
        return self.row.entry if self.row else ""


class History:
    """The places behind the reader, and those that going back has put ahead."""

    def __init__(self) -> None:
        self._back: list[Place] = []
        self._forward: list[Place] = []

    @property
    def last(self) -> Place | None:
        """The place that going back leads to."""
        return self._back[-1] if self._back else None

    def leave(self, place: Place) -> None:
        """Remember a place that is left for a new one; forget what was ahead."""
        if self.last != place:
            self._back.append(place)
        self._forward.clear()

    def forget(self, pane: str, entry: str | None) -> None:
        """Forget the last place if it is the list beside the page that is being left."""
        last = self.last
        if last and last.row and (last.pane, last.row.entry) == (pane, entry):
            self._back.pop()

    def go_back(self, here: Place) -> Place | None:
        """Return the place before this one, with this one put ahead; None at the beginning."""
        return self._step(self._back, self._forward, here)

    def go_forward(self, here: Place) -> Place | None:
        """Return the place ahead of this one, with this one put behind; None at the end."""
        return self._step(self._forward, self._back, here)

    @staticmethod
    def _step(source: list[Place], other: list[Place], here: Place) -> Place | None:
        while source and source[-1] == here:
            source.pop()
        if not source:
            return None
        other.append(here)
        return source.pop()
