"""Filtering: the rows of a pane, or the notes of a case, that match a query."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

import msgspec
from msgspec.structs import replace

from casefile.notes.drafts import Draft
from casefile.notes.history import Note
from casefile.query import Query, parse_query
from casefile.views.finding import Finder
from casefile.views.open_case import OpenCase
from casefile.views.panes import HeadingRow, Pane
from casefile.views.query_fields import QueryFields, query_names


def parse_query_on(open_cases: Iterable[OpenCase], written: str) -> Query:
    """Parse a query on one or more cases; what one case has, such as a tag, all may be asked for.

    Raises:
        QueryError: The query is invalid or unfinished.
    """
    values: dict[str, set[str]] = {}
    for open_case in open_cases:
        for name, known in query_names(open_case).items():
            values.setdefault(name, set()).update(known or ())
    return parse_query(written, values)


def matching_notes(open_case: OpenCase, notes: Iterable[Note], query: Query) -> tuple[Note, ...]:
    """Return the notes that match a query, in their order."""
    return tuple(Filter(open_case, Finder(open_case)).notes(notes, query))


class FilteredPane(msgspec.Struct, frozen=True):
    """The rows of a pane that match a query."""

    query: Query
    whole: Pane
    pane: Pane
    places: tuple[int, ...]
    """The index in `whole` of each row of `pane`."""

    @property
    def in_words(self) -> str:
        """The number of rows in words, as in “3 of 20”."""
        return f"{self.pane.count} of {self.whole.count}"

    def nearest(self, place: int) -> int:
        """Return the index of the row nearest to a place in the whole pane; of two, the later."""
        rows = [at for at, row in enumerate(self.pane.rows) if not isinstance(row, HeadingRow)]
        after = bisect_left(rows, place, key=self.places.__getitem__)
        near = rows[max(0, after - 1) : after + 1]
        return min(reversed(near), key=lambda at: abs(self.places[at] - place), default=0)


class Filter:
    """Filters panes and notes, fast enough to filter again at each key that is typed."""

    def __init__(self, open_case: OpenCase, finder: Finder) -> None:
        self._fields = QueryFields(open_case, finder)

    def filter_pane(self, pane: Pane, query: Query, drafts: Iterable[Draft] = ()) -> FilteredPane:
        """Return the rows of a pane that match a query, with the headings above them.

        `drafts` are all drafts on the case.
        """
        self._fields.refresh()
        drafted = frozenset(draft.entry for draft in drafts)
        places = tuple(self._places(pane, query, drafted))
        rows = tuple(pane.rows[place] for place in places)
        empty = f"Backspace clears the filter {query}"
        return FilteredPane(query, pane, replace(pane, rows=rows, summary="", empty=empty), places)

    def notes(self, notes: Iterable[Note], query: Query) -> Iterator[Note]:
        """Yield the notes that match a query."""
        self._fields.refresh()
        return (note for note in notes if self._fields.match_note(query, note))

    def _places(self, pane: Pane, query: Query, drafted: Collection[str]) -> Iterator[int]:
        heading: int | None = None
        for place, row in enumerate(pane.rows):
            if isinstance(row, HeadingRow):
                heading = place
            elif self._fields.match_row(query, row, drafted):
                if heading is not None:
                    yield heading
                    heading = None
                yield place
