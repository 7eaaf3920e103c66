"""What a query may ask of a case: its names, and what notes, drafts and entries answer to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator

from casefile.notes.checks import TO_CHECK, VERDICTS, Check, is_current
from casefile.notes.history import KINDS, Note
from casefile.query import Names, Queried, value
from casefile.views.finding import Finder
from casefile.views.note_words import YOU
from casefile.views.open_case import OpenCase
from casefile.views.panes import DraftRow, NoteRow, SelectableRow

DRAFT, ORPHAN, CHANGED, PRIVATE, CONFLICT = "draft", "orphan", "changed", "private", "conflict"
STALE, DISPUTED, UNCHECKED = "stale", "disputed", "none"

# Of these a query names one, not several.
_KINDS = KINDS | {"tagging": "tag"}
_NOTHING: frozenset[str] = frozenset()


def names_in(open_case: OpenCase) -> Names:
    """Give the names that a query on a case may use, with the values that there are."""
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


class Asked:
    """Rows and notes as a query asks them; what a note answers is worked out once for each note."""

    def __init__(self, open_case: OpenCase, finder: Finder) -> None:
        """Take a case whose record stays as it is, and what folds its texts; notes may change."""
        self.open_case = open_case
        self.finder = finder
        self._notes: dict[str, AskedNote] = {}
        self._seen: tuple[Note, ...] = ()
        self._by_entry: dict[str, list[AskedNote]] = {}
        self._disputed: set[str] = set()

    def look_again(self) -> None:
        """Take note of what notes say together, where any of them is another one now."""
        notes = self.open_case.notebook.notes
        if notes is self._seen:
            return
        self._seen = notes
        by_entry: defaultdict[str, list[AskedNote]] = defaultdict(list)
        checks: Counter[str] = Counter()
        for note in notes:
            for entry in note.entries:
                by_entry[entry].append(self.of_note(note))
                checks[entry] += note.is_check
        self._by_entry = dict(by_entry)
        several = (entry for entry, count in checks.items() if count > 1)
        self._disputed = {one for one in several if self.open_case.checks.is_disputed(one)}

    def of_row(self, row: SelectableRow, drafted: Collection[str] = ()) -> Queried:
        """Give a row to be asked; `drafted` are the ids of the entries on which a draft waits."""
        if isinstance(row, DraftRow):
            return AskedDraft(self, row)
        note = self.open_case.notebook.note(row.note) if isinstance(row, NoteRow) else None
        if note is not None:
            return self.of_note(note)
        return AskedEntry(self, row, is_drafted=row.entry in drafted)

    def of_note(self, note: Note) -> AskedNote:
        """Give a note to be asked."""
        known = self._notes.get(note.id)
        if known is None or known.note is not note:
            known = self._notes[note.id] = AskedNote(self, note)
        return known

    def on(self, entry_id: str) -> list[AskedNote]:
        """Give the notes on an entry, to be asked."""
        return self._by_entry.get(entry_id, [])

    def is_disputed(self, entry_id: str) -> bool:
        """Say whether readers' verdicts on an entry differ."""
        return entry_id in self._disputed

    def kind(self, entry_id: str) -> frozenset[str]:
        """Give the kind of an entry, if it is there."""
        entry = self.open_case.entry(entry_id)
        return frozenset((value(entry.table_name),)) if entry else _NOTHING

    def author(self, name: str) -> frozenset[str]:
        """Give what an author can be asked for by."""
        own = (YOU,) if name == self.open_case.notebook.author else ()
        return frozenset((value(name), *own))


class AskedNote:
    """A note as a query asks it."""

    def __init__(self, asked: Asked, note: Note) -> None:
        self._asked = asked
        self.note = note
        self._known: dict[str, frozenset[str]] = {}

    @property
    def text(self) -> str:
        """Give its folded text."""
        return self._asked.finder.text_of_note(self.note)

    def values(self, name: str) -> frozenset[str]:
        """Give what it answers to a name."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._values(name)
        # Another reader's verdict makes it so, while this note stays as it is.
        if name == "check" and UNCHECKED not in known:
            is_disputed = self._asked.is_disputed(self.note.current.entry)
            return known | {DISPUTED} if is_disputed else known
        return known

    def _values(self, name: str) -> frozenset[str]:
        found: Iterable[str] = ()
        match name:
            case "tag":
                found = (value(tag) for head in self.note.heads for tag in head.tags)
            case "author":
                found = self._asked.author(self.note.author)
            case "check":
                check = self._asked.open_case.checks.of_note(self.note)
                found = _said(check) if check else (UNCHECKED,)
            case "is":
                found = self._states()
            case "on":
                found = self.note.entries
            case "kind":
                found = (kind for entry in self.note.entries for kind in self._asked.kind(entry))
        return frozenset(found)

    def _states(self) -> Iterator[str]:
        open_case = self._asked.open_case
        current = self.note.current
        yield _KINDS.get(current.motivation, "")
        if open_case.entry(current.entry) is None:
            yield ORPHAN
        elif not is_current(current.target, current.entry, open_case):
            yield CHANGED
        check = open_case.checks.of_note(self.note)
        if check and check.is_stale:
            yield STALE
        if self.note.private:
            yield PRIVATE
        if self.note.conflict:
            yield CONFLICT


class AskedDraft:
    """A text that is not kept yet as a query asks it."""

    def __init__(self, asked: Asked, row: DraftRow) -> None:
        self._asked = asked
        self._row = row
        self._draft = row.draft

    @property
    def text(self) -> str:
        """Give its folded text."""
        return self._asked.finder.text_of(self._row)

    def values(self, name: str) -> Collection[str]:
        """Give what it answers to a name."""
        found: Collection[str] = ()
        match name:
            case "tag":
                found = {value(tag) for tag in self._draft.tags}
            case "author":
                found = self._asked.author(self._asked.open_case.notebook.author)
            case "check":
                found = (UNCHECKED,)
            case "is":
                is_gone = self._asked.open_case.entry(self._draft.entry) is None
                states = {DRAFT: True, PRIVATE: self._draft.private, ORPHAN: is_gone}
                found = [state for state, is_so in states.items() if is_so]
            case "on":
                found = (self._draft.entry,)
            case "kind":
                found = self._asked.kind(self._draft.entry)
        return found


class AskedEntry:
    """An entry as a query asks it: what the notes on it answer is its answer."""

    def __init__(self, asked: Asked, row: SelectableRow, *, is_drafted: bool) -> None:
        self._asked = asked
        self._row = row
        self._is_drafted = is_drafted

    @property
    def text(self) -> str:
        """Give its folded text."""
        return self._asked.finder.text_of(self._row)

    def values(self, name: str) -> Collection[str]:
        """Give what it answers to a name."""
        entry_id = self._row.entry
        notes = self._asked.on(entry_id)
        match name:
            case "check":
                return self._checks() if notes else (UNCHECKED,)
            case "on":
                return (entry_id,)
            case "kind":
                return self._asked.kind(entry_id)
            case "is" if self._is_drafted:
                return _NOTHING.union((DRAFT,), *(note.values(name) for note in notes))
            case _:
                return _NOTHING.union(*(note.values(name) for note in notes))

    def _checks(self) -> Collection[str]:
        checks = self._asked.open_case.checks.of(self._row.entry).values()
        said = {word for check in checks for word in _said(check)}
        if self._asked.is_disputed(self._row.entry):
            said.add(DISPUTED)
        return said or (UNCHECKED,)


def _said(check: Check) -> Iterator[str]:
    """Give what a check says; one that no longer counts leaves its entry to be checked again."""
    yield check.stands or TO_CHECK
    if check.is_stale:
        yield STALE
