"""Filtering: the rows of a pane, or the notes of a case, that a query holds for."""

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
from casefile.views.query_fields import Asked, names_in


def query_of(open_cases: Iterable[OpenCase], written: str) -> Query:
    """Read a query on one case or several; raises NotUnderstood, also where it is unfinished.

    What only one of them has, such as a tag, may be asked of all.
    """
    values: dict[str, set[str]] = {}
    for open_case in open_cases:
        for name, known in names_in(open_case).items():
            values.setdefault(name, set()).update(known or ())
    return parse_query(written, values)


def notes_where(open_case: OpenCase, notes: Iterable[Note], query: Query) -> tuple[Note, ...]:
    """Give those of some notes that a query holds for, in their order."""
    return tuple(Filter(open_case, Finder(open_case)).notes(notes, query))


class Filtered(msgspec.Struct, frozen=True):
    """What a query leaves of a pane."""

    query: Query
    whole: Pane
    pane: Pane
    places: tuple[int, ...]
    """Where each row that is left stands in the whole pane."""

    @property
    def in_words(self) -> str:
        """Give how much is left: "3 of 20"."""
        return f"{self.pane.count} of {self.whole.count}"

    def nearest(self, place: int) -> int:
        """Give the row that is left nearest to a place in the whole pane; of two, the later."""
        rows = [at for at, row in enumerate(self.pane.rows) if not isinstance(row, HeadingRow)]
        after = bisect_left(rows, place, key=self.places.__getitem__)
        near = rows[max(0, after - 1) : after + 1]
        return min(reversed(near), key=lambda at: abs(self.places[at] - place), default=0)


class Filter:
    """Tells what a query leaves, quick enough to follow each key."""

    def __init__(self, open_case: OpenCase, finder: Finder) -> None:
        """Take a case whose record stays as it is, and what folds its texts; notes may change."""
        self._asked = Asked(open_case, finder)

    def filtered(self, pane: Pane, query: Query, drafts: Iterable[Draft] = ()) -> Filtered:
        """Give what a query leaves of a pane, less the headings under which nothing is left.

        `drafts` are those that wait on the entries of the case.
        """
        self._asked.look_again()
        drafted = frozenset(draft.entry for draft in drafts)
        places = tuple(self._places(pane, query, drafted))
        rows = tuple(pane.rows[place] for place in places)
        empty = f"Backspace clears the filter {query}"
        return Filtered(query, pane, replace(pane, rows=rows, summary="", empty=empty), places)

    def notes(self, notes: Iterable[Note], query: Query) -> Iterator[Note]:
        """Give those of some notes that a query holds for."""
        self._asked.look_again()
        return (note for note in notes if query.holds(self._asked.of_note(note)))

    def _places(self, pane: Pane, query: Query, drafted: Collection[str]) -> Iterator[int]:
        heading: int | None = None
        for place, row in enumerate(pane.rows):
            if isinstance(row, HeadingRow):
                heading = place
            elif query.holds(self._asked.of_row(row, drafted)):
                if heading is not None:
                    yield heading
                    heading = None
                yield place
