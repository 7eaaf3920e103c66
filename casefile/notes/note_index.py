"""The notes that some revisions make, by id and by entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping

from casefile.notes.annotation import Revision
from casefile.notes.history import Note, note_of

# Some 5 ms.
_AT_ONCE = 500
"""How many revisions are added, or made notes of, in one step."""


class NoteIndex:
    """The notes of a case as `reader` has them, each made again when a revision comes or goes."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._revisions: defaultdict[str, dict[str, Revision]] = defaultdict(dict)
        self._by_id: dict[str, Note] = {}
        self._by_entry: defaultdict[str, dict[str, Note]] = defaultdict(dict)
        self._in_order: tuple[Note, ...] | None = None
        self._on: dict[str, tuple[Note, ...]] = {}

    @property
    def by_id(self) -> Mapping[str, Note]:
        """All notes, deleted ones included."""
        return self._by_id

    @property
    def in_order(self) -> tuple[Note, ...]:
        """All notes, deleted ones included, oldest first."""
        if self._in_order is None:
            self._in_order = _oldest_first(self._by_id.values())
        return self._in_order

    def on(self, entry_id: str) -> tuple[Note, ...]:
        """Return the notes on an entry that are not deleted, oldest first."""
        if entry_id not in self._on:
            on_entry = (note for note in self.ever_on(entry_id) if entry_id in note.entries)
            self._on[entry_id] = _oldest_first(on_entry)
        return self._on[entry_id]

    def ever_on(self, entry_id: str) -> Iterable[Note]:
        """Return the notes that are or were on an entry, in no order."""
        return self._by_entry[entry_id].values() if entry_id in self._by_entry else ()

    def change(self, added: Iterable[Revision], lost: Iterable[Revision] = ()) -> None:
        """Add revisions and remove others."""
        for _ in self.change_in_steps(added, lost):
            pass

    def change_in_steps(
        self, added: Iterable[Revision], lost: Iterable[Revision]
    ) -> Generator[None, None, None]:
        """Add revisions and remove others in steps; if abandoned, do what is left in one."""
        steps = self._changing(added, lost)
        try:
            for _ in steps:
                yield
        finally:
            # Each file is read once, so that nothing else would make up for it.
            for _ in steps:
                pass

    def _changing(
        self, added: Iterable[Revision], lost: Iterable[Revision]
    ) -> Generator[None, None, None]:
        changed = set[str]()
        for revision in lost:
            changed.add(revision.id)
            self._revisions[revision.id].pop(revision.hash, None)
        for count, revision in enumerate(added, start=1):
            changed.add(revision.id)
            self._revisions[revision.id][revision.hash] = revision
            if count % _AT_ONCE == 0:
                yield
        built = 0
        for note_id in changed:
            built += self._build(note_id)
            if built >= _AT_ONCE:
                built = 0
                yield

    def _build(self, note_id: str) -> int:
        """Make a note again, or remove it; return of how many revisions it is made."""
        self._in_order = None
        self._on.clear()
        before, revisions = self._by_id.pop(note_id, None), self._revisions[note_id]
        for entry in _entries_of(before) if before else ():
            del self._by_entry[entry][note_id]
        if not revisions:
            del self._revisions[note_id]
            return 0
        note = self._by_id[note_id] = note_of(note_id, revisions.values(), self._reader)
        for entry in _entries_of(note):
            self._by_entry[entry][note_id] = note
        return len(revisions)


def _entries_of(note: Note) -> set[str]:
    return {kept.entry for kept in note.history}


def _oldest_first(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.created, note.id)))
