"""Finding plain words: the rows of a pane that hold them, and the other panes that do."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import msgspec

from casefile.notes.history import Note
from casefile.query import Query
from casefile.text.folding import folded
from casefile.views import noting
from casefile.views.entry_page import page_of
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, HeadingRow, NoteRow, Pane, ProblemRow, SelectableRow

_ROWS_IN_STEP = 100


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
        self._notes: dict[str, tuple[Note, str]] = {}
        self._seen: tuple[Note, ...] = ()
        self._with_notes: dict[str, str] = {}
        self._folded: dict[str, int] = {}
        """Of each pane that was folded, how many rows it had."""

    def has_folded(self, panes: Sequence[Pane]) -> bool:
        """Say whether finding in some panes takes no longer than a step."""
        return all(
            len(pane.rows) <= max(_ROWS_IN_STEP, self._folded.get(pane.title, 0)) for pane in panes
        )

    def fold_in_steps(self, panes: Sequence[Pane]) -> Generator[float, None, None]:
        """Fold what the rows of panes show, in steps of some milliseconds; give how much is done.

        What was folded is kept, also if no more steps are taken.
        """
        new = [pane for pane in panes if not self.has_folded([pane])]
        total = sum(len(pane.rows) for pane in new)
        done = 0
        for pane in new:
            for row in pane.rows:
                if not isinstance(row, HeadingRow):
                    self.text_of(row)
                done += 1
                if done % _ROWS_IN_STEP == 0:
                    yield done / total
            self._folded[pane.title] = len(pane.rows)

    def find(self, pane: Pane, query: Query) -> Found:
        """Give the rows of a pane that hold every word."""
        places = (
            place
            for place, row in enumerate(pane.rows)
            if not isinstance(row, HeadingRow) and query.matches(self.text_of(row))
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

    def text_of(self, row: SelectableRow) -> str:
        """Return the folded text of what a row shows."""
        match row:
            case ProblemRow():
                return folded(str(row.problem))
            case DraftRow():
                return folded("\n".join((row.draft.body, *row.draft.tags, row.draft.label)))
            case NoteRow() if note := self._open_case.notebook.note(row.note):
                return self.text_of_note(note)
            case _:
                return self.text_of_entry(row.entry)

    def text_of_note(self, note: Note) -> str:
        """Give the folded text of a note: its own, its tags, and what it is on."""
        known = self._notes.get(note.id)
        if known is None or known[0] is not note:
            subject = noting.subject(self._open_case, note)
            own = "\n".join(line for head in note.heads for line in (head.body, *head.tags))
            known = self._notes[note.id] = (note, folded(f"{own}\n{subject}"))
        return known[1]

    def text_of_entry(self, entry_id: str) -> str:
        """Give the folded text of an entry's page, with the notes on it."""
        if self._seen is not self._open_case.notebook.notes:
            self._seen = self._open_case.notebook.notes
            self._with_notes.clear()
        known = self._with_notes.get(entry_id)
        if known is None:
            if entry_id not in self._record:
                self._record[entry_id] = folded("\n".join(self._words(entry_id)))
            notes = self._open_case.notebook.on(entry_id)
            texts = [self._record[entry_id], *map(self.text_of_note, notes)]
            known = self._with_notes[entry_id] = "\n".join(texts) if notes else texts[0]
        return known

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
