"""The state of reading a case, without a screen: panes, cursor, filter, words to find, history.

Methods change the state; what a screen has to draw again afterwards comes out as an event.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

import msgspec

from casefile.notes.draft import Draft
from casefile.query import Query
from casefile.views.case_panes import entry_panes, panes_of
from casefile.views.finding import Finder, Matches
from casefile.views.kinds import NOTES
from casefile.views.navigation import History, Place
from casefile.views.open_case import OpenCase
from casefile.views.panes import NOTES_ORDERS, HeadingRow, NotesOrder, Pane, SelectableRow

if TYPE_CHECKING:
    from casefile.views.filtering import Filter, FilteredPane
    from casefile.views.verification import Verification


class PaneOpened(msgspec.Struct, frozen=True):
    """Another pane is open, or the open one at another row."""


class PaneFiltered(msgspec.Struct, frozen=True):
    """The filter of the open pane leaves other rows of it."""


class PanesChanged(msgspec.Struct, frozen=True):
    """All panes were made anew, since notes or the file changed."""

    is_same_row: bool = True
    """Whether the cursor is on the same row; else that is gone, and it is near where it was."""


class FoundChanged(msgspec.Struct, frozen=True):
    """Other words are being looked for, or none."""


class CaseChanged(msgspec.Struct, frozen=True):
    """Another case was opened in place of the one before."""


Event: TypeAlias = PaneOpened | PaneFiltered | PanesChanged | FoundChanged | CaseChanged


@runtime_checkable
class Searchable(Protocol):
    """A view that finds words in its own lines: a source, or the evidence for an entry."""

    def matching_lines(self, query: Query) -> tuple[int, ...]:
        """Return the numbers of the lines that hold the words of a query."""


class Viewport:
    """The line under the cursor, and the line at the top of the view; both count from 0."""

    def __init__(self) -> None:
        self.cursor = 0
        self.top = 0


class Session:
    """One reader in one case."""

    def __init__(self, open_case: OpenCase) -> None:
        """Open the first pane at its first row."""
        self.listener: Callable[[Event], None] = _ignore
        """Called with each event, after the state has changed."""
        self.viewport = Viewport()
        """Where the cursor stands in the open pane."""
        self.notes_order: NotesOrder = "time"
        self._begin(open_case)

    def _begin(self, open_case: OpenCase) -> None:
        self._exchange_case(open_case)
        self.history = History()
        self.drafts: tuple[Draft, ...] = ()
        """The unfinished notes that were in the panes when these were made."""
        self.found: Matches | None = None
        """The words that are being looked for, and the lines that hold them."""
        self._searched: Searchable | None = None
        self._filtered: dict[str, FilteredPane] = {}
        self._cursor_in_whole: dict[str, int] = {}
        self._left_at: dict[str, tuple[SelectableRow | None, int]] = {}
        self._verification: Verification | None = None
        self._number = 0
        self.panes: tuple[Pane, ...] = self._made_panes()
        self._stand_at(0)

    # The case

    def take_case(self, open_case: OpenCase) -> None:
        """Read another case from now on, unfiltered and without a history."""
        self._begin(open_case)
        self.listener(CaseChanged())

    def take_again(self, open_case: OpenCase) -> None:
        """Take the case as it was read again; the cursor stays on its row."""
        self._exchange_case(open_case)
        is_same_row = self._remake_panes()
        if self._verification is not None:
            self._verification.reload(self.open_case, self._whole_panes)
        self.listener(PanesChanged(is_same_row))

    def _exchange_case(self, open_case: OpenCase) -> None:
        self.open_case = open_case
        self._entry_panes = tuple(entry_panes(open_case))
        self.finder = Finder(open_case)
        self._filter: Filter | None = None

    @property
    def verification(self) -> Verification:
        """The verification pass of this case, as it was left."""
        if self._verification is None:
            # Imported here: most runs never verify.
            from casefile.views.verification import Verification

            self._verification = Verification(self.open_case, self._whole_panes)
        return self._verification

    @property
    def has_verification(self) -> bool:
        """Whether the verification pass was begun or resumed in this session."""
        return self._verification is not None

    # Panes and rows

    @property
    def pane(self) -> Pane:
        """The open pane, less the rows that its filter leaves out."""
        return self.panes[self._number]

    @property
    def pane_number(self) -> int:
        """The place of the open pane among all panes, from 0."""
        return self._number

    @property
    def row(self) -> SelectableRow | None:
        """The row under the cursor; None in an empty pane."""
        rows, cursor = self.pane.rows, self.viewport.cursor
        row = rows[cursor] if cursor < len(rows) else None
        return None if isinstance(row, HeadingRow) else row

    @property
    def entry_id(self) -> str | None:
        """The id of the entry of the selected row."""
        return self.row.entry if self.row else None

    @property
    def is_at_notes(self) -> bool:
        """Whether the pane of notes is open."""
        return self.pane.title == NOTES

    def open_pane(self, number: int, row: int | None = None, top: int = 0) -> None:
        """Open a pane at a row, else where it was left."""
        self._left_at[self.pane.title] = (self.row, self.viewport.top)
        self._number = number
        if row is None:
            left, top = self._left_at.get(self.pane.title, (None, 0))
            row = self.pane.place_of_row(left) if left else None
        self._stand_at(row or 0, top)
        self._find_again()
        self.listener(PaneOpened())

    def number_of_pane(self, title: str) -> int | None:
        """Return the place of a pane among all panes, from 0; None if there is none of a title."""
        return next((n for n, pane in enumerate(self.panes) if pane.title == title), None)

    def numbered_pane(self, key: str) -> int | None:
        """Return the place of the pane that a number key opens; None if there is none."""
        return next((n for n, pane in enumerate(self.panes) if pane.number == key), None)

    def pane_of(self, entry_id: str) -> str:
        """Return the title of the pane that holds an entry; of a missing one, that of the notes."""
        entry = self.open_case.entry(entry_id)
        return self.open_case.kind_of(entry).pane if entry else NOTES

    def show_entry(self, entry_id: str) -> Query | None:
        """Open the pane of an entry at its row; return the filter that had to be cleared for it.

        Nothing happens if no pane has the entry.
        """
        title = self.pane_of(entry_id)
        hiding = self._filtered.get(title)
        is_hidden = hiding is not None and hiding.pane.place_of(entry_id) is None
        if is_hidden:
            self._filter_pane(title, None)
        for number, pane in enumerate(self.panes):
            row = pane.place_of(entry_id) if pane.title == title else None
            if row is not None:
                self.open_pane(number, row)
        return hiding.query if hiding is not None and is_hidden else None

    def lay_out(self) -> None:
        """Make all panes anew, since notes have changed; stay on the same row."""
        self.listener(PanesChanged(self._remake_panes()))

    def _remake_panes(self) -> bool:
        """Return whether the cursor could stay on its row."""
        title, row = self.pane.title, self.row
        self.panes = self._made_panes()
        self._number = self.number_of_pane(title) or 0
        place = self.pane.place_of_row(row) if row else None
        self._stand_at(self.viewport.cursor if place is None else place, self.viewport.top)
        self._find_again()
        return place is not None

    def turn_notes_order(self) -> None:
        """Put the notes in their next order."""
        at = NOTES_ORDERS.index(self.notes_order)
        self.notes_order = NOTES_ORDERS[(at + 1) % len(NOTES_ORDERS)]
        self.lay_out()

    def _stand_at(self, row: int, top: int = 0) -> None:
        rows = self.pane.rows
        at_or_below = range(max(0, row), len(rows))
        above = range(min(row, len(rows)) - 1, -1, -1)
        nearest = (at for at in chain(at_or_below, above) if not isinstance(rows[at], HeadingRow))
        self.viewport.cursor = next(nearest, 0)
        self.viewport.top = top

    def _made_panes(self) -> tuple[Pane, ...]:
        self.drafts = self.open_case.drafts.unfinished()
        queries = {title: filtered.query for title, filtered in self._filtered.items()}
        self._filtered.clear()
        whole = panes_of(self.open_case, self.notes_order, self.drafts, self._entry_panes)
        return tuple(self._left_of(pane, queries.get(pane.title)) for pane in whole)

    # Filtering

    @property
    def filtered(self) -> FilteredPane | None:
        """What the filter of the open pane leaves; None if it is not filtered."""
        return self._filtered.get(self.pane.title)

    @property
    def filter_query(self) -> Query | None:
        """The query that the open pane is filtered by."""
        return self.filtered.query if self.filtered else None

    @property
    def whole_pane(self) -> Pane:
        """The open pane as it is without its filter."""
        return self.filtered.whole if self.filtered else self.pane

    @property
    def _whole_panes(self) -> tuple[Pane, ...]:
        filtered = self._filtered
        return tuple(
            filtered[pane.title].whole if pane.title in filtered else pane for pane in self.panes
        )

    @property
    def cursor_in_whole(self) -> int:
        """The place of the selected row in the open pane as it is without its filter."""
        if self.filtered is None:
            return self.viewport.cursor
        if not self.filtered.places:
            # The case may have fewer rows than when the filter was set.
            place = self._cursor_in_whole.get(self.pane.title, 0)
            return min(place, len(self.filtered.whole.rows))
        return self.filtered.places[self.viewport.cursor]

    def filter_pane(self, query: Query | None, place: int, top: int = 0) -> None:
        """Filter the open pane, or show all of it; select the row nearest to a place in it."""
        self._cursor_in_whole[self.pane.title] = place
        self._filter_pane(self.pane.title, query)
        left = self.filtered
        self._stand_at(left.nearest(place) if left else place, top)
        self._find_again()
        self.listener(PaneFiltered())

    def clear_filter(self) -> None:
        """Show all rows of the open pane; the cursor stays on its row."""
        self.filter_pane(None, self.cursor_in_whole, self.viewport.top)

    def _filter_pane(self, title: str, query: Query | None) -> None:
        self.panes = tuple(
            self._left_of(whole, query) if pane.title == title else pane
            for pane, whole in zip(self.panes, self._whole_panes, strict=True)
        )

    def _left_of(self, whole: Pane, query: Query | None) -> Pane:
        if query is None:
            self._filtered.pop(whole.title, None)
            return whole
        if self._filter is None:
            # Imported here: most runs never filter.
            from casefile.views.filtering import Filter

            self._filter = Filter(self.open_case, self.finder)
        left = self._filtered[whole.title] = self._filter.filter_pane(whole, query, self.drafts)
        return left.pane

    # Finding

    def look_for(self, query: Query | None, searched: Searchable | None = None) -> None:
        """Find words in some lines, else in the rows of the open pane; None ends finding.

        A large pane in which that would take long has to be folded first (`fold_small`); until
        then nothing is found in it.
        """
        self._searched = searched
        self.found = self._find(query) if query else None
        self.listener(FoundChanged())

    def _find(self, query: Query) -> Matches:
        if self._searched is not None:
            return Matches(query, self._searched.matching_lines(query))
        is_quick = self.finder.fold_small([self.pane])
        return self.finder.find(self.pane, query) if is_quick else Matches(query, ())

    def _find_again(self) -> None:
        if self.found is not None and self._searched is None:
            self.found = self._find(self.found.query)

    # History

    @property
    def place(self) -> Place:
        """The selected row and the filter of its pane, to come back to."""
        return Place(self.pane.title, self.row, filter=self.filter_query)

    def return_to(self, place: Place) -> None:
        """Open the pane of a place at its row, filtered as it was, as far as it is still there."""
        filtered = self._filtered.get(place.pane)
        if place.filter != (filtered.query if filtered else None):
            self._filter_pane(place.pane, place.filter)
        number = self.number_of_pane(place.pane) or 0
        row = self.panes[number].place_of_row(place.row) if place.row else None
        self.open_pane(number, row or 0, self.viewport.top if number == self._number else 0)

    # Words

    @property
    def place_in_words(self) -> str:
        """The open pane, the selected row's number, and what the rows come to."""
        pane = self.pane
        before = pane.rows[: self.viewport.cursor]
        ahead = sum(not isinstance(row, HeadingRow) for row in before)
        count = f"{ahead + 1} of {pane.count}" if pane.count else "nothing here"
        summary = f" · {pane.summary}" if pane.summary else ""
        return f"{pane.title} · {count}{summary}"


def _ignore(_event: Event) -> None:
    """Do nothing with an event: no screen listens yet."""
