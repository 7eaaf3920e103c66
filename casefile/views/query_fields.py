"""The names that a query may use, and the values of entries, notes and drafts for each name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

from casefile.notes.checks import TO_CHECK, VERDICTS, Check, is_current
from casefile.notes.history import KINDS, Note
from casefile.query import Names, Queried, value
from casefile.views.entry_notes import YOU
from casefile.views.finding import Finder
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, NoteRow, SelectableRow

DRAFT, ORPHAN, CHANGED, PRIVATE, CONFLICT = "draft", "orphan", "changed", "private", "conflict"
STALE, DISPUTED, UNCHECKED = "stale", "disputed", "none"

# `KINDS` has a plural for tags, and a query names one.
_KINDS = KINDS | {"tagging": "tag"}
_NOTHING: frozenset[str] = frozenset()
_T = TypeVar("_T")


def query_names(open_case: OpenCase) -> Names:
    """Return the names that a query on a case may use, with the possible values of each."""
    notes = open_case.notebook.notes
    authors = {note.author for note in notes} | {open_case.notebook.author, YOU}
    tags = {tag for note in notes if not note.deleted for head in note.heads for tag in head.tags}
    return {
        "tag": {value(tag) for tag in tags},
        "author": {value(author) for author in authors},
        "check": (*VERDICTS, STALE, DISPUTED, UNCHECKED),
        "is": (*_KINDS.values(), DRAFT, ORPHAN, STALE, CHANGED, PRIVATE, CONFLICT),
        "on": open_case.case_file.entries.keys() | open_case.notebook.counts().keys(),
        "kind": {value(kind.name) for kind in open_case.kinds},
    }


class _Fields(Generic[_T]):
    """The text and the values of one row or note, each looked up when a query asks for it."""

    __slots__ = ("_find_text", "_find_values", "_item")

    def __init__(
        self,
        item: _T,
        find_text: Callable[[_T], str],
        find_values: Callable[[_T, str], Collection[str]],
    ) -> None:
        self._item = item
        self._find_text = find_text
        self._find_values = find_values

    @property
    def text(self) -> str:
        """The folded text."""
        return self._find_text(self._item)

    def values(self, name: str) -> Collection[str]:
        """Return the values for a name."""
        return self._find_values(self._item, name)


class QueryFields:
    """Looks up what a query asks of the rows of a case; the values of notes are cached."""

    def __init__(self, open_case: OpenCase, finder: Finder) -> None:
        self._open_case = open_case
        self._finder = finder
        self._cache: dict[str, tuple[Note, dict[str, frozenset[str]]]] = {}
        self._notes: tuple[Note, ...] = ()
        self._by_entry: dict[str, list[Note]] = {}
        self._disputed: set[str] = set()

    def refresh(self) -> None:
        """Group the notes by entry again, if any of them has changed."""
        notes = self._open_case.notebook.notes
        if notes is self._notes:
            return
        self._notes = notes
        by_entry: defaultdict[str, list[Note]] = defaultdict(list)
        checks: Counter[str] = Counter()
        for note in notes:
            for entry in note.entries:
                by_entry[entry].append(note)
                checks[entry] += note.is_check
        self._by_entry = dict(by_entry)
        checked_twice = (entry for entry, count in checks.items() if count > 1)
        self._disputed = {one for one in checked_twice if self._open_case.checks.is_disputed(one)}

    def of_row(self, row: SelectableRow, drafted: Collection[str] = ()) -> Queried:
        """Return the fields of a row; `drafted` are the ids of the entries that have a draft."""
        find_text = self._finder.text_of
        match row:
            case DraftRow():
                return _Fields(row, find_text, self._values_of_draft)
            case NoteRow() if note := self._open_case.notebook.note(row.note):
                return self.of_note(note)
            case _ if row.entry in drafted:
                return _Fields(row, find_text, self._values_of_drafted_entry)
            case _:
                return _Fields(row, find_text, self._values_of_entry)

    def of_note(self, note: Note) -> Queried:
        """Return the fields of a note."""
        return _Fields(note, self._finder.text_of_note, self._values_of_note)

    def _values_of_note(self, note: Note, name: str) -> frozenset[str]:
        cached = self._cache.get(note.id)
        if cached is None or cached[0] is not note:
            cached = self._cache[note.id] = (note, {})
        values = cached[1].get(name)
        if values is None:
            values = cached[1][name] = frozenset(self._find_values_of_note(note, name))
        # Not cached: another reader's verdict changes this while the note stays the same.
        if name == "check" and UNCHECKED not in values and note.current.entry in self._disputed:
            return values | {DISPUTED}
        return values

    def _find_values_of_note(self, note: Note, name: str) -> Iterator[str]:
        match name:
            case "tag":
                yield from (value(tag) for head in note.heads for tag in head.tags)
            case "author":
                yield from self._author(note.author)
            case "check":
                check = self._open_case.checks.of_note(note)
                yield from _verdicts(check) if check else (UNCHECKED,)
            case "is":
                yield from self._states(note)
            case "on":
                yield from note.entries
            case "kind":
                yield from (kind for entry in note.entries for kind in self._kind(entry))

    def _states(self, note: Note) -> Iterator[str]:
        open_case, current = self._open_case, note.current
        yield _KINDS.get(current.motivation, "")
        if open_case.entry(current.entry) is None:
            yield ORPHAN
        elif not is_current(current.target, current.entry, open_case):
            yield CHANGED
        check = open_case.checks.of_note(note)
        if check and check.is_stale:
            yield STALE
        if note.private:
            yield PRIVATE
        if note.conflict:
            yield CONFLICT

    def _values_of_draft(self, row: DraftRow, name: str) -> Collection[str]:
        draft = row.draft
        is_orphan = self._open_case.entry(draft.entry) is None
        states = {DRAFT: True, PRIVATE: draft.private, ORPHAN: is_orphan}
        values: dict[str, Collection[str]] = {
            "tag": {value(tag) for tag in draft.tags},
            "author": self._author(self._open_case.notebook.author),
            "check": (UNCHECKED,),
            "is": [state for state, is_true in states.items() if is_true],
            "on": (draft.entry,),
            "kind": self._kind(draft.entry),
        }
        return values.get(name, ())

    def _values_of_entry(self, row: SelectableRow, name: str) -> Collection[str]:
        """Return the values of an entry, which are mostly those of the notes on it."""
        notes = self._by_entry.get(row.entry, ())
        match name:
            case "check":
                return self._verdicts_on(row.entry) if notes else (UNCHECKED,)
            case "on":
                return (row.entry,)
            case "kind":
                return self._kind(row.entry)
        return _NOTHING.union(*(self._values_of_note(note, name) for note in notes))

    def _values_of_drafted_entry(self, row: SelectableRow, name: str) -> Collection[str]:
        values = self._values_of_entry(row, name)
        return (*values, DRAFT) if name == "is" else values

    def _verdicts_on(self, entry_id: str) -> Collection[str]:
        checks = self._open_case.checks.of(entry_id).values()
        verdicts = {verdict for check in checks for verdict in _verdicts(check)}
        if entry_id in self._disputed:
            verdicts.add(DISPUTED)
        return verdicts or (UNCHECKED,)

    def _kind(self, entry_id: str) -> Collection[str]:
        entry = self._open_case.entry(entry_id)
        return (value(entry.table_name),) if entry else ()

    def _author(self, name: str) -> Collection[str]:
        own = (YOU,) if name == self._open_case.notebook.author else ()
        return (value(name), *own)


def _verdicts(check: Check) -> Iterator[str]:
    """Yield the verdict of a check; for a stale check, “to-check” and “stale”."""
    yield check.applying_verdict or TO_CHECK
    if check.is_stale:
        yield STALE
