"""Filtering while reading: the rows that a query leaves of a pane, as it is typed and after."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from casefile.query import Names, NotUnderstood, Query, parse_query
from casefile.tui.finding_screen import FindingScreen
from casefile.tui.history import Place
from casefile.views.open_case import OpenCase
from casefile.views.panes import Pane

if TYPE_CHECKING:
    from casefile.tui.find_line import FilterLine, FindLine
    from casefile.views.filtering import Filter, Filtered

_LONGEST = 40
"""Of a longer query the line under the panes shows the beginning."""


class FilteringScreen(FindingScreen):
    """Reading and finding, in panes of which a query leaves some rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "filter", "filter", id="filter.rows",
                tooltip="Filter this pane by words, tag:, check:, author:, is:, on:, kind:"),
        Binding("backspace", "clear_filter", "all rows", id="filter.clear", show=False,
                tooltip="Clear the filter of this pane"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self._filter: Filter | None = None
        self._filtered: dict[str, Filtered] = {}
        self._names: Names = {}
        self._filter_from: tuple[Query | None, int, int] = (None, 0, 0)
        self._stood_at = 0

    def finder_for(self, open_case: OpenCase) -> None:
        """Filter another reading of the case from now on."""
        super().finder_for(open_case)
        self._filter = None

    def take_case(self, open_case: OpenCase) -> None:
        """Filter nothing yet in another case."""
        self._filtered.clear()
        super().take_case(open_case)

    @property
    def filtered(self) -> Filtered | None:
        """What is left of the open pane, if that is filtered."""
        return self._filtered.get(self.entry_list.pane.title)

    @property
    def filter_query(self) -> Query | None:
        """What the open pane is filtered by."""
        return self.filtered.query if self.filtered else None

    @property
    def place_in_whole(self) -> int:
        """Where the cursor stands in the open pane as it is without its filter."""
        cursor, filtered = self.entry_list.cursor, self.filtered
        if filtered is None:
            return cursor
        return filtered.places[cursor] if filtered.places else self._stood_at

    # Panes

    def lay_out_panes(self) -> tuple[Pane, ...]:
        """Give the panes, and of those that are filtered what is left of them now."""
        queries = {title: one.query for title, one in self._filtered.items()}
        self._filtered.clear()
        return tuple(self._left_of(pane, queries.get(pane.title)) for pane in self.whole_panes())

    def _left_of(self, whole: Pane, query: Query | None) -> Pane:
        if query is None:
            self._filtered.pop(whole.title, None)
            return whole
        if self._filter is None:
            # Most starts filter nothing.
            from casefile.views.filtering import Filter

            self._filter = Filter(self.open_case, self._finder)
        left = self._filtered[whole.title] = self._filter.filtered(whole, query, self.drafts)
        return left.pane

    def _filter_pane(self, title: str, query: Query | None) -> None:
        """Exchange a pane for what a query leaves of it."""
        wholes = {name: one.whole for name, one in self._filtered.items()}
        self.panes = tuple(
            self._left_of(wholes.get(title, pane), query) if pane.title == title else pane
            for pane in self.panes
        )

    def _filter_here(self, query: Query | None, place: int, top: int = 0) -> None:
        """Filter the open pane, with the cursor on the row nearest to a place in the whole."""
        number = self.panes.index(self.entry_list.pane)
        self._stood_at = place
        self._filter_pane(self.entry_list.pane.title, query)
        pane = self.panes[number]
        left = self._filtered.get(pane.title)
        self.entry_list.show(self.open_case, pane, left.nearest(place) if left else place, top)
        self.look_again()
        self.show_marks()
        self.show_where()
        self._page_follows()

    def open_pane(self, place: int, row: int | None = None, top: int = 0) -> None:
        """Mark the words that the pane is filtered by."""
        super().open_pane(place, row, top)
        self.show_marks()

    def show_marks(self) -> None:
        """Mark the words that are looked for, else those that the pane is filtered by."""
        super().show_marks()
        if self._found is None:
            self.entry_list.mark(self.filter_query)
            self.detail.mark(self.filter_query)

    def where_in_words(self) -> tuple[str, str, str]:
        """Give what the pane is filtered by, too, and how much that leaves."""
        left, left_end, right = super().where_in_words()
        if self.filtered is None:
            return left, left_end, right
        query = str(self.filtered.query)
        shown = query if len(query) <= _LONGEST else f"{query[:_LONGEST]}…"
        filtered = f"{shown} · {self.filtered.in_words}"
        return left, left_end, " · ".join(filter(None, (filtered, right)))

    def words_for(self, binding: Binding) -> str:
        """Show the key where the list is."""
        if binding.id == "filter.rows" and not self.entry_list.display:
            return ""
        return super().words_for(binding)

    # The line

    async def action_filter(self) -> None:
        """Type a query that leaves some rows of this pane."""
        from casefile.tui.find_line import FilterLine
        from casefile.views.query_fields import names_in

        self.focus_list()
        query = self.filter_query
        self._filter_from = (query, self.place_in_whole, self.entry_list.top)
        self._names = names_in(self.open_case)
        await self.open_line(FilterLine(str(query or ""), id="find"))

    def on_filter_line_words_typed(self, event: FilterLine.WordsTyped) -> None:
        """Show what the query so far leaves; where it has a slip, say that and leave the rows."""
        try:
            query = parse_query(event.words, self._names, is_typing=True)
        except NotUnderstood as error:
            event.line.show_count(error.what)
            return
        self.once_folded([self._whole_here], partial(self._filter_typed, query, event.line))

    @property
    def _whole_here(self) -> Pane:
        """The open pane as it is without its filter."""
        return self.filtered.whole if self.filtered else self.entry_list.pane

    def _filter_typed(self, query: Query, line: FindLine) -> None:
        if (query or None) != self.filter_query:
            _, place, _ = self._filter_from
            self._filter_here(query or None, place)
        line.show_count(self.filtered.in_words if self.filtered else "")

    async def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Keep the filter, or go back to what was before."""
        was_focused = await self.close_line(event.line)
        before, place, top = self._filter_from
        self.stop_folding()
        if not event.kept:
            self._filter_here(before, place, top)
        else:
            self._keep_filter(event.words, place, before)
        if was_focused:
            self.go_to_stop(self.stops()[0])

    def _keep_filter(self, words: str, place: int, before: Query | None) -> None:
        """Filter by a query; one that can't be understood leaves all as it was before it."""
        query = before
        try:
            query = parse_query(words, self._names) or None
        except NotUnderstood as error:
            self.say(f"Not filtered by this: {error}", warning=True)
        if query != self.filter_query:
            self.once_folded([self._whole_here], partial(self._filter_here, query, place))

    def action_clear_filter(self) -> None:
        """Show all rows of this pane again; the cursor stays on its row."""
        if self.filtered is None:
            self.say("Nothing is filtered here: f filters.")
        else:
            self._filter_here(None, self.place_in_whole, self.entry_list.top)

    def action_step_back(self) -> None:
        """Clear what was found, else on the list the filter; else step back."""
        if self._found is None and self.filtered is not None and not self.is_reading:
            self.action_clear_filter()
        else:
            super().action_step_back()

    # Going, and back

    def show_entry(self, entry_id: str) -> None:
        """Open an entry where it stands; a filter that hides it there is cleared, and that said."""
        title = self.pane_of(entry_id)
        hiding = self._filtered.get(title)
        if hiding and hiding.pane.place_of(entry_id) is None:
            self._filter_pane(title, None)
            self.say(f"The filter {hiding.query} hid this row, and is cleared.")
        super().show_entry(entry_id)

    def place(self) -> Place:
        """Give where the reader is, and what the pane is filtered by."""
        return replace(super().place(), filter=self.filter_query)

    def return_to(self, place: Place) -> None:
        """Go to a place where the reader was, its pane filtered as it was then."""
        filtered = self._filtered.get(place.pane)
        if place.filter != (filtered.query if filtered else None):
            self._filter_pane(place.pane, place.filter)
        super().return_to(place)
