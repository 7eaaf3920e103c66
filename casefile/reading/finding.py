"""Finding plain words: the rows of a pane that hold them, and the other panes that do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from casefile.folding import folded
from casefile.query import Query
from casefile.reading.open_case import OpenCase
from casefile.reading.pages import page_of
from casefile.reading.panes import Pane, Row


class Found(msgspec.Struct, frozen=True):
    """The rows of a pane that hold the words of a query."""

    query: Query
    places: tuple[int, ...]

    def at_or_after(self, cursor: int) -> int:
        """Give the first found row from a cursor on, else the first of all."""
        return next((place for place in self.places if place >= cursor), self.places[0])

    def at_or_before(self, cursor: int) -> int:
        """Give the last found row up to a cursor, else the last of all."""
        return next((place for place in reversed(self.places) if place <= cursor), self.places[-1])

    def in_words(self, cursor: int) -> str:
        """Give how many rows were found, and which of them the cursor is on."""
        if not self.places:
            return f"{self.query.told} is not here"
        at = f"{self.places.index(cursor) + 1} of " if cursor in self.places else ""
        return f"{self.query.told} {at}{len(self.places)}"


class Finder:
    """Finds words in everything that is shown of an entry, its folded text kept once."""

    def __init__(self, open_case: OpenCase) -> None:
        """Take a case whose record stays as it is; its notes may change."""
        self._open_case = open_case
        self._record: dict[str, str] = {}

    def find(self, pane: Pane, query: Query) -> Found:
        """Give the rows of a pane that hold every word."""
        places = (
            place
            for place, row in enumerate(pane.rows)
            if row.heading is None and query.matches(self._text(row))
        )
        return Found(query, tuple(places))

    def elsewhere_in_words(self, panes: Sequence[Pane], but: Pane, query: Query) -> str:
        """Give, for words that are not in one pane, the others that hold them."""
        holding = [
            f"{pane.number} {pane.title}".strip()
            for pane in panes
            if pane is not but and self.find(pane, query).places
        ]
        if not holding:
            return f"{query.told} is nowhere in this case."
        return f"{query.told} is not here, but in {', '.join(holding)}."

    def _text(self, row: Row) -> str:
        if row.problem is not None:
            return folded(str(row.problem))
        note = self._open_case.notebook.note(row.note) if row.note else None
        if note is not None:
            return folded("\n".join(head.body for head in note.heads))
        if row.entry not in self._record:
            self._record[row.entry] = folded("\n".join(self._words(row.entry)))
        return "\n".join([self._record[row.entry], *self._note_texts(row.entry)])

    def _note_texts(self, entry_id: str) -> list[str]:
        notes = self._open_case.notebook.on(entry_id)
        return [folded(head.body) for note in notes for head in note.heads]

    def _words(self, entry_id: str) -> Iterator[str]:
        """Give what the list and the page show of an entry, and nothing that they don't."""
        entry = self._open_case.entry(entry_id)
        if entry is not None:
            for column in self._open_case.kind_of(entry).columns:
                yield column.words(self._open_case, entry)
        page = page_of(self._open_case, entry_id, notes=False)
        yield from (page.title, page.subtitle)
        for section in page.sections:
            for item in section.items:
                yield f"{section.label} {item.text}"
