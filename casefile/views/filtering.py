"""Filtering: the rows of a pane, or the notes of a case, that match a query.

The names that a query may use are here too, with the values of entries, notes and drafts for each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import get_args

import msgspec
from msgspec.structs import replace

from casefile.case.model import Status
from casefile.notes.authors import YOU
from casefile.notes.checks import TO_CHECK, VERDICTS, Check, is_current
from casefile.notes.draft import Draft
from casefile.notes.history import KINDS, Note
from casefile.query import Names, Query, Values, value
from casefile.views.finding import Finder
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, HeadingRow, NoteRow, Pane, SelectableRow

DRAFT, ORPHAN, CHANGED, PRIVATE, CONFLICT = "draft", "orphan", "changed", "private", "conflict"
STALE, DISPUTED, UNCHECKED = "stale", "disputed", "none"

_LONGEST_QUERY = 40
"""Of a longer query the line under the panes shows the beginning."""

# `KINDS` has a plural for tags, and a query names one.
_KINDS = KINDS | {"tagging": "tag"}


def query_names(open_case: OpenCase, notes: Iterable[Note] | None = None) -> Names:
    """Return the names that a query on a case may use, with the possible values of each.

    A message on a wrong value may name others, so that only those of `notes`, by default all notes,
    are among them.
    """
    notes = open_case.notebook.notes if notes is None else tuple(notes)
    authors = {note.author for note in notes} | {open_case.notebook.author, YOU}
    tags = {tag for note in notes for tag in note.tags}
    return {
        "tag": {value(tag) for tag in tags},
        "author": {value(author) for author in authors},
        "check": (*VERDICTS, STALE, DISPUTED, UNCHECKED),
        "is": (*_KINDS.values(), DRAFT, ORPHAN, STALE, CHANGED, PRIVATE, CONFLICT),
        "on": open_case.case_file.entries.keys()
        | {entry for note in notes for entry in note.entries},
        "kind": {value(kind.name) for kind in open_case.kinds},
        "status": get_args(Status),
    }


def joined_names(several: Iterable[Names]) -> Names:
    """Return the names of several cases, each with the values that it has in any of them."""
    joined: dict[str, set[str]] = {}
    for names in several:
        for name, known in names.items():
            joined.setdefault(name, set()).update(known or ())
    return joined


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
    def query_in_words(self) -> str:
        """The query; of a longer one the beginning."""
        query = str(self.query)
        return query if len(query) <= _LONGEST_QUERY else f"{query[:_LONGEST_QUERY]}…"

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
        self._open_case = open_case
        self._finder = finder
        self._cache: dict[str, tuple[Note, dict[str, frozenset[str]]]] = {}
        """The values of notes by name, by the id of the note."""
        self._notes: tuple[Note, ...] = ()
        self._disputed: set[str] = set()

    def filter_pane(self, pane: Pane, query: Query, drafts: Iterable[Draft] = ()) -> FilteredPane:
        """Return the matching rows with their headings; `drafts` are all drafts on the case."""
        self._refresh()
        drafted = frozenset(draft.entry for draft in drafts)
        places = tuple(self._places(pane, query, drafted))
        rows = tuple(pane.rows[place] for place in places)
        empty = f"Backspace clears the filter {query}"
        return FilteredPane(query, pane, replace(pane, rows=rows, summary="", empty=empty), places)

    def notes(self, notes: Iterable[Note], query: Query) -> Iterator[Note]:
        """Yield the notes that match a query."""
        self._refresh()
        return (note for note in notes if self._match_note(query, note))

    def _places(self, pane: Pane, query: Query, drafted: Collection[str]) -> Iterator[int]:
        heading: int | None = None
        for place, row in enumerate(pane.rows):
            if isinstance(row, HeadingRow):
                heading = place
            elif self._match_row(query, row, drafted):
                if heading is not None:
                    yield heading
                    heading = None
                yield place

    def _refresh(self) -> None:
        """Find the disputed entries again, if any note has changed."""
        notebook = self._open_case.notebook
        if notebook.notes is not self._notes:
            self._notes = notebook.notes
            checks = (note for note in self._notes if note.is_check)
            counts = Counter(entry for check in checks for entry in check.entries)
            twice = (entry for entry, count in counts.items() if count > 1)
            self._disputed = {one for one in twice if self._open_case.checks.is_disputed(one)}

    def _match_row(self, query: Query, row: SelectableRow, drafted: Collection[str]) -> bool:
        """Whether a row matches; `drafted` are the ids of the entries that have a draft."""
        values: Values
        match row:
            case DraftRow():
                values = partial(self._values_of_draft, row.draft)
            case NoteRow() if note := self._open_case.notebook.note(row.note):
                return self._match_note(query, note)
            case _:
                values = partial(self._values_of_entry, row.entry, is_drafted=row.entry in drafted)
        return query.holds(values, partial(self._finder.text_of, row))

    def _match_note(self, query: Query, note: Note) -> bool:
        values = partial(self._values_of_note, note)
        return query.holds(values, partial(self._finder.text_of_note, note))

    def _values_of_note(self, note: Note, name: str) -> frozenset[str]:
        cached = self._cache.get(note.id)
        if cached is None or cached[0] is not note:
            cached = self._cache[note.id] = (note, {})
        values = cached[1].get(name)
        if values is None:
            values = cached[1][name] = frozenset(self._find_values_of_note(note, name))
        # Not cached: another reader's verdict changes this while the note stays the same.
        is_check = name == "check" and UNCHECKED not in values
        if is_check and not note.entries.isdisjoint(self._disputed):
            return values | {DISPUTED}
        return values

    def _find_values_of_note(self, note: Note, name: str) -> Iterator[str]:
        match name:
            case "tag":
                yield from map(value, note.tags)
            case "author":
                yield from self._author(note.author)
            case "check":
                checks = self._open_case.checks.in_note(note).values()
                verdicts = {verdict for check in checks for verdict in _verdicts(check)}
                yield from verdicts or (UNCHECKED,)
            case "is":
                yield from self._states(note)
            case "on":
                yield from note.entries
            case "kind":
                yield from (kind for entry in note.entries for kind in self._kind(entry))
            case "status":
                yield from (status for entry in note.entries for status in self._status(entry))

    def _states(self, note: Note) -> Iterator[str]:
        open_case = self._open_case
        yield _KINDS.get(note.current.motivation, "")
        for text in note.texts:
            if open_case.entry(text.entry) is None:
                yield ORPHAN
            elif not is_current(text.target, text.entry, open_case.current):
                yield CHANGED
        if any(check.is_stale for check in open_case.checks.in_note(note).values()):
            yield STALE
        if note.private:
            yield PRIVATE
        if note.conflict:
            yield CONFLICT

    def _values_of_draft(self, draft: Draft, name: str) -> Collection[str]:
        is_orphan = self._open_case.entry(draft.entry) is None
        states = {DRAFT: True, PRIVATE: draft.private, ORPHAN: is_orphan}
        values: dict[str, Collection[str]] = {
            "tag": {value(tag) for tag in draft.tags},
            "author": self._author(self._open_case.notebook.author),
            "check": (UNCHECKED,),
            "is": [state for state, is_true in states.items() if is_true],
            "on": (draft.entry,),
            "kind": self._kind(draft.entry),
            "status": self._status(draft.entry),
        }
        return values.get(name, ())

    def _values_of_entry(self, entry: str, name: str, *, is_drafted: bool) -> Collection[str]:
        """Return the values of an entry, which are mostly those of the notes on it."""
        match name:
            case "check":
                checks = self._open_case.checks.of(entry).values()
                verdicts = {verdict for check in checks for verdict in _verdicts(check)}
                disputed = {DISPUTED} if entry in self._disputed else set()
                return verdicts | disputed or (UNCHECKED,)
            case "on":
                return (entry,)
            case "kind":
                return self._kind(entry)
            case "status":
                return self._status(entry)
        notes = self._open_case.notebook.on(entry)
        draft = (DRAFT,) if is_drafted and name == "is" else ()
        return frozenset(draft).union(*(self._values_of_note(note, name) for note in notes))

    def _kind(self, entry_id: str) -> Collection[str]:
        entry = self._open_case.entry(entry_id)
        return (value(entry.table_name),) if entry else ()

    def _status(self, entry_id: str) -> Collection[str]:
        """Return the status of an entry in the record; also “disputed” if anything disputes it."""
        entry = self._open_case.entry(entry_id)
        own = {entry.status} if entry and entry.status else set[str]()
        return own | ({"disputed"} if entry_id in self._open_case.disputed else set())

    def _author(self, name: str) -> Collection[str]:
        # Somebody else may be called “You”.
        names = {value(name)} - {YOU}
        return names | {YOU} if name == self._open_case.notebook.author else names


def _verdicts(check: Check) -> Iterator[str]:
    """Yield the verdict of a check; for a stale check, “to-check” and “stale”."""
    yield check.applying_verdict or TO_CHECK
    if check.is_stale:
        yield STALE
