"""Finding words and filtering: the lines that are typed in, and what they do to a session."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from casefile.query import Names, Query, QueryError, parse, parse_query
from casefile.tui.job import run_in_background
from casefile.tui.stage import Stage
from casefile.views.panes import Pane
from casefile.views.session import Searchable

if TYPE_CHECKING:
    from casefile.tui.find_line import FindLine

_FOLD = "folding texts"


class Search:
    """Finds words in the left half of a screen, and filters the list."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._session = stage.session
        self._begun_in: Hashable = None
        """What was searched or filtered when the line began."""
        self._find_from = (0, 0)
        self._filter_from: tuple[Query | None, int, int] = (None, 0, 0)
        self._names: Names = {}

    # Finding

    async def find(self) -> None:
        """Open the line in which words are typed to be found."""
        from casefile.tui.find_line import FindLine

        self._begin_to_find()
        line = FindLine("/", "", self._words_typed, self._find_line_left)
        await self._stage.lay_over_keys(line)

    def _begin_to_find(self) -> None:
        view = self._stage.area.left
        self._begun_in, self._find_from = self._searched_area, (view.cursor, view.top)

    def _words_typed(self, line: FindLine, words: str) -> None:
        """Go to the first line from where finding began that holds the words so far."""
        if not self._is_where_it_began:
            self._begin_to_find()
        self._once_folded(self._to_fold, partial(self._go_to_found, words, line), line)

    async def _find_line_left(self, line: FindLine, words: str, *, is_kept: bool) -> None:
        """Stay at what was found, or go back to where finding began."""
        was_focused = await self._stage.take_from_keys(line)
        was_looking = self._stage.jobs.cancel(_FOLD)
        if not is_kept:
            self._look_for(None)
            if self._is_where_it_began:
                self._stage.area.left.lines_changed(*self._find_from)
            self._stage.show_found()
        elif was_looking and self._is_where_it_began:
            self._once_folded(self._to_fold, partial(self._find_at_last, words))
        else:
            self._stay_at_found()
        if was_focused:
            self._stage.area.focus_left()

    def find_next(self, steps: int) -> None:
        """Go to the next line that holds the words, or with -1 to the one before, in a round."""
        found, view = self._session.found, self._stage.area.left
        here = view.cursor
        if found is None:
            self._stage.say("No words to find · press / to type some")
        elif not found.places:
            self._say_elsewhere(found.query)
        elif steps > 0:
            view.move_cursor(found.at_or_after(here + 1))
            self._stage.say("" if view.cursor > here else "Back at the first match")
        else:
            view.move_cursor(found.at_or_before(here - 1))
            self._stage.say("" if view.cursor < here else "Back at the last match")
        if self._searched is not None:
            self._stage.show_where()

    def step_back(self) -> bool:
        """Clear what was found, and return whether there was anything."""
        if self._session.found is None:
            return False
        self._look_for(None)
        self._stage.show_where()
        return True

    def look_again(self) -> None:
        """Look for the same words in what stands at the left now, and show where that is."""
        if self._session.found is not None:
            self._look_for(self._session.found.query)
            self.rows_changed()
        self._stage.show_where()

    def rows_changed(self) -> None:
        """Look for the same words in a pane that is too large to be searched at once."""
        if self._session.found and not self._session.finder.fold_small(self._to_fold):
            self._once_folded(self._to_fold, self.look_again)

    @property
    def _searched(self) -> Searchable | None:
        view = self._stage.area.left
        return view if isinstance(view, Searchable) else None

    @property
    def _searched_area(self) -> Hashable:
        """What is searched now: a pane, or the source or evidence of an entry."""
        view = self._searched
        return self._session.pane.title if view is None else (view, self._stage.entry_id)

    @property
    def _is_where_it_began(self) -> bool:
        return self._begun_in == self._searched_area

    @property
    def _to_fold(self) -> Sequence[Pane]:
        return [self._session.pane] if self._searched is None else []

    def _look_for(self, query: Query | None) -> None:
        self._session.look_for(query, self._searched)

    def _go_to_found(self, words: str, line: FindLine | None = None) -> None:
        query = parse(words) if words.strip() else None
        found = self._session.found
        if query != (found.query if found else None):
            self._look_for(query)
        cursor, top = self._find_from
        view, found = self._stage.area.left, self._session.found
        if found and found.places:
            view.move_cursor(found.at_or_after(cursor))
        else:
            view.lines_changed(cursor, top)
            view.cursor_moved()
        if line is not None:
            line.show_count(found.in_words(view.cursor) if found else "")

    def _find_at_last(self, words: str) -> None:
        self._go_to_found(words)
        self._stay_at_found()

    def _stay_at_found(self) -> None:
        found = self._session.found
        if found and not found.places:
            self._say_elsewhere(found.query)
        self._stage.show_found()

    def _say_elsewhere(self, query: Query) -> None:
        view = self._stage.area.source
        if self._searched is None:
            self._once_folded(self._session.panes, partial(self._say_panes, query))
        elif self._stage.area.is_source_open and view is not None:
            is_whole = view.is_complete
            words = f"{query.quoted} is not in this source."
            wait = "The text is still being laid out · n goes on then"
            self._stage.say(words if is_whole else wait, warning=is_whole)
        else:
            self._stage.say(f"{query.quoted} is not in this evidence.", warning=True)

    def _say_panes(self, query: Query) -> None:
        session = self._session
        words = session.finder.elsewhere_in_words(session.panes, session.pane, query)
        self._stage.say(words, warning=True)

    # Filtering

    async def filter(self) -> None:
        """Open the line in which a query is typed that the open pane is filtered by."""
        from casefile.tui.find_line import FindLine
        from casefile.views.filtering import query_names

        session = self._session
        self._stage.focus_stop(self._stage.area.front_stop)
        self._begin_to_filter()
        self._names = query_names(session.open_case)
        words = str(session.filter_query or "")
        line = FindLine("f", words, self._query_typed, self._filter_line_left)
        await self._stage.lay_over_keys(line)

    def _begin_to_filter(self) -> None:
        session, top = self._session, self._stage.area.left.top
        self._begun_in = self._searched_area
        self._filter_from = (session.filter_query, session.cursor_in_whole, top)

    def _query_typed(self, line: FindLine, words: str) -> None:
        """Show what the query so far leaves; where it is invalid, say so and leave the rows."""
        if not self._is_where_it_began:
            self._begin_to_filter()
        try:
            query = parse_query(words, self._names, is_typing=True)
        except QueryError as error:
            line.show_count(error.what)
            return
        whole = [self._session.whole_pane]
        self._once_folded(whole, partial(self._filter_typed, query, line), line)

    def _filter_typed(self, query: Query, line: FindLine) -> None:
        if (query or None) != self._session.filter_query:
            self._session.filter_pane(query or None, self._filter_from[1])
        filtered = self._session.filtered
        line.show_count(filtered.in_words if filtered else "")

    async def _filter_line_left(self, line: FindLine, words: str, *, is_kept: bool) -> None:
        """Keep the filter, or go back to the one before, in the pane for which it was typed."""
        was_focused = await self._stage.take_from_keys(line)
        before, place, top = self._filter_from
        self._stage.jobs.cancel(_FOLD)
        if is_kept and self._is_where_it_began:
            self._keep_filter(words, place, before)
        elif self._is_where_it_began:
            self._session.filter_pane(before, place, top)
        if was_focused:
            self._stage.area.focus_left()

    def _keep_filter(self, words: str, place: int, before: Query | None) -> None:
        query = before
        try:
            query = parse_query(words, self._names) or None
        except QueryError as error:
            self._stage.say(f"Invalid filter: {error}", warning=True)
        if query != self._session.filter_query:
            whole = [self._session.whole_pane]
            self._once_folded(whole, partial(self._session.filter_pane, query, place))

    def clear_filter(self) -> None:
        """Show all rows of the open pane."""
        if self._session.filtered is None:
            self._stage.say("This pane is not filtered · press f to filter it")
        else:
            self._session.clear_filter()

    # Folding: in a large pane it takes seconds, once

    def _once_folded(
        self, panes: Sequence[Pane], then: Callable[[], None], line: FindLine | None = None
    ) -> None:
        """Do something as soon as finding in some panes is quick: mostly at once.

        What was to be done before and still waits is dropped, and so is what the reader has left
        meanwhile for another pane or source.
        """
        self._stage.jobs.cancel(_FOLD)
        if self._session.finder.fold_small(panes):
            then()
        else:
            work = partial(self._fold, panes, then, line)
            self._stage.jobs.start(_FOLD, work, when_stopped="Search stopped")

    async def _fold(
        self, panes: Sequence[Pane], then: Callable[[], None], line: FindLine | None
    ) -> None:
        area, is_said = self._searched_area, False

        def report(done: float) -> None:
            nonlocal is_said
            if line is not None and line.is_attached:
                line.show_count(f"searching: {done:.0%}")
            else:
                self._stage.say(f"Searching: {done:.0%} · Esc stops")
                is_said = True

        await run_in_background(self._session.finder.fold_in_steps(panes), self._stage.app, report)
        if is_said:
            self._stage.say("")
        if self._searched_area == area:
            then()
