"""Finding words: the rows of a pane that contain them, and the other panes that do."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import msgspec

from casefile.background import run_to_end
from casefile.notes.draft import Draft
from casefile.notes.history import Note
from casefile.query import Query
from casefile.text.folding import fold_in_steps, folded
from casefile.views import entry_notes
from casefile.views.entry_page import page_of_entry
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, HeadingRow, NoteRow, Pane, ProblemRow, SelectableRow

_ROWS_IN_STEP = 100
_LONGEST_STEP = 200_000
"""The characters after which a step ends, however few rows they were in."""


class Matches(msgspec.Struct, frozen=True):
    """The rows of a pane that contain the words of a query."""

    query: Query
    places: tuple[int, ...]
    """The indexes of the rows."""

    def at_or_after(self, cursor: int) -> int:
        """Return the first match at or after a row, else the first of all."""
        return next((place for place in self.places if place >= cursor), self.places[0])

    def at_or_before(self, cursor: int) -> int:
        """Return the last match at or before a row, else the last of all."""
        return next((place for place in reversed(self.places) if place <= cursor), self.places[-1])

    def in_words(self, cursor: int) -> str:
        """Return the number of matches, and which of them the cursor is on, as in “2 of 5”."""
        if not self.places:
            return f"{self.query.quoted} is not here"
        at = f"{self.places.index(cursor) + 1} of " if cursor in self.places else ""
        return f"{self.query.quoted} {at}{len(self.places)}"


class Finder:
    """Finds words in everything that is shown of an entry; the folded texts are cached."""

    def __init__(self, open_case: OpenCase) -> None:
        """Search `open_case`, whose notes may change, but not its case file."""
        self._open_case = open_case
        self._record: dict[str, str] = {}
        self._notes: dict[str, tuple[Note, str]] = {}
        self._drafts: dict[str, tuple[Draft, str]] = {}
        self._notes_seen: tuple[Note, ...] = ()
        self._with_notes: dict[str, str] = {}
        self._folded: dict[str, int] = {}
        """The number of rows of each pane when it was folded in steps, by title."""

    def fold_small(self, panes: Sequence[Pane]) -> bool:
        """Return whether some panes are folded, once those are that take no more than one step."""
        return all(self._fold_small(pane) for pane in panes)

    def _fold_small(self, pane: Pane) -> bool:
        if len(pane.rows) > _ROWS_IN_STEP:
            return len(pane.rows) <= self._folded.get(pane.title, 0)
        return next(self._fold_pane(pane), None) is None

    def fold_in_steps(self, panes: Sequence[Pane]) -> Generator[float, None, None]:
        """Fold the texts of panes in steps of some milliseconds; yield the fraction that is done.

        What was folded is kept if no more steps are taken.
        """
        new = [pane for pane in panes if len(pane.rows) > self._folded.get(pane.title, 0)]
        total = sum(len(pane.rows) for pane in new)
        before = 0
        for pane in new:
            for done in self._fold_pane(pane):
                yield (before + done) / total
            before += len(pane.rows)
            self._folded[pane.title] = len(pane.rows)

    def _fold_pane(self, pane: Pane) -> Generator[int, None, None]:
        """Fold the texts of a pane step by step; yield the number of rows that are done."""
        folded_length = 0
        for done, row in enumerate(pane.rows):
            if (done and done % _ROWS_IN_STEP == 0) or folded_length > _LONGEST_STEP:
                folded_length = 0
                yield done
            if isinstance(row, HeadingRow):
                continue
            for _ in self._fold_row(row):
                yield done
            folded_length += len(self.text_of(row))

    def find(self, pane: Pane, query: Query) -> Matches:
        """Return the rows of a pane that contain every word."""
        places = (
            place
            for place, row in enumerate(pane.rows)
            if not isinstance(row, HeadingRow) and query.matches(self.text_of(row))
        )
        return Matches(query, tuple(places))

    def elsewhere_in_words(self, panes: Sequence[Pane], but: Pane, query: Query) -> str:
        """Return which panes other than `but` contain words, as a message."""
        titles = [
            f"{pane.number} {pane.title}".strip()
            for pane in panes
            if pane is not but and self.find(pane, query).places
        ]
        if not titles:
            return f"{query.quoted} is nowhere in this case."
        return f"{query.quoted} is not here, but in {', '.join(titles)}."

    def text_of(self, row: SelectableRow) -> str:
        """Return the folded text of what a row shows."""
        if isinstance(row, NoteRow | DraftRow | ProblemRow):
            return run_to_end(self._fold_row(row))
        return self.text_of_entry(row.entry)

    def text_of_note(self, note: Note) -> str:
        """Return the folded text of a note: its text, its tags and the title of its entry."""
        return run_to_end(self._fold_note(note))

    def text_of_entry(self, entry_id: str) -> str:
        """Return the folded text of an entry's page, the notes on it included."""
        self._forget_notes_before()
        known = self._with_notes.get(entry_id)
        return run_to_end(self._fold_entry(entry_id)) if known is None else known

    def _fold_row(self, row: SelectableRow) -> Generator[int, None, str]:
        match row:
            case ProblemRow():
                return folded(str(row.problem))
            case DraftRow():
                return (yield from self._fold_draft(row.draft))
            case NoteRow() if note := self._open_case.notebook.note(row.note):
                return (yield from self._fold_note(note))
            case _:
                return (yield from self._fold_entry(row.entry))

    def _fold_draft(self, draft: Draft) -> Generator[int, None, str]:
        known = self._drafts.get(draft.id)
        if known is None or known[0] is not draft:
            words = yield from fold_in_steps("\n".join((draft.body, *draft.tags, draft.label)))
            known = self._drafts[draft.id] = (draft, words)
        return known[1]

    def _fold_note(self, note: Note) -> Generator[int, None, str]:
        known = self._notes.get(note.id)
        if known is None or known[0] is not note:
            subject = entry_notes.subject(self._open_case, note)
            own = "\n".join(line for head in note.heads for line in (head.body, *head.tags))
            words = yield from fold_in_steps(f"{own}\n{subject}")
            known = self._notes[note.id] = (note, words)
        return known[1]

    def _fold_entry(self, entry_id: str) -> Generator[int, None, str]:
        self._forget_notes_before()
        if entry_id in self._with_notes:
            return self._with_notes[entry_id]
        if entry_id not in self._record:
            words = yield from fold_in_steps("\n".join(self._texts_of_entry(entry_id)))
            self._record[entry_id] = words
        notes = self._open_case.notebook.on(entry_id)
        for note in notes:
            yield from self._fold_note(note)
        texts = (self._record[entry_id], *map(self.text_of_note, notes))
        known = self._with_notes[entry_id] = "\n".join(texts)
        return known

    def _forget_notes_before(self) -> None:
        if self._notes_seen is not self._open_case.notebook.notes:
            self._notes_seen = self._open_case.notebook.notes
            self._with_notes.clear()

    def _texts_of_entry(self, entry_id: str) -> Iterator[str]:
        """Yield exactly what the list and the page show of an entry, without its notes."""
        entry = self._open_case.entry(entry_id)
        if entry is not None:
            for column in self._open_case.kind_of(entry).columns:
                yield column.words(self._open_case, entry)
        page = page_of_entry(self._open_case, entry_id, notes=False)
        yield from (page.title, page.subtitle)
        for section in page.sections:
            for item in section.items:
                yield f"{section.label} {item.text}"
