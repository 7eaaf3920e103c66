"""Sharing notes: which revisions are exported, and what a merge would change.

Nothing here reads or writes files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from operator import attrgetter
from pathlib import PurePath

import msgspec

from casefile.notes.annotation import NoteUnreadable, Revision, check_file_name, decode
from casefile.notes.clock import is_ahead
from casefile.notes.damaged import id_in_name, ids_in, incomplete_notes
from casefile.notes.history import Note, note_of, parents_of
from casefile.notes.pack import IncomingFile


class Offer(msgspec.Struct, frozen=True):
    """The revisions that another reader's files offer for a merge."""

    revisions: Mapping[str, Revision]
    """By hash."""
    files: Mapping[str, bytes]
    """The content of each revision's file, by hash."""
    kept_back: Mapping[str, int]
    """The number of notes, by case, that are left out in part or whole as private.

    So are those with a revision that can't be read, which may have made them private.
    """
    unread: tuple[tuple[str, str], ...]
    """The names of the files that can't be read as a note, each with the reason."""

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of the cases with notes in the offer, including those left out."""
        return tuple(sorted({kept.case for kept in self.revisions.values()} | {*self.kept_back}))


class MergePlan(msgspec.Struct, frozen=True):
    """What a merge would change in the notes on one case."""

    revisions: tuple[Revision, ...]
    """The revisions to add: those of each note that are private, then the others.

    So a note that will be private is so when only the first of them are written.
    """
    new: tuple[Note, ...]
    """The notes to add."""
    revised: tuple[tuple[Note, Note], ...]
    """The notes to change, each as it is and as it will be; the reader's own first."""
    here: int
    """The number of offered revisions that are here already."""
    authors: tuple[str, ...]
    """The authors that the added revisions name; the reader first."""

    @property
    def conflicts(self) -> tuple[tuple[Note, Note], ...]:
        """The notes in conflict that will have other texts than they have, each as in `revised`.

        A new one, which is not here yet, is as it will be.
        """
        changed = (pair for pair in self.revised if pair[0].heads != pair[1].heads)
        new = ((note, note) for note in self.new)
        return tuple(pair for pair in (*changed, *new) if pair[1].conflict and pair[1].texts)

    @property
    def deletions(self) -> tuple[Note, ...]:
        """The notes that will be deleted, and are not yet, as they are."""
        return tuple(
            before for before, after in self.revised if after.deleted and not before.deleted
        )

    @property
    def brought_back(self) -> tuple[Note, ...]:
        """The notes that are deleted, and will no longer be, as they are."""
        return tuple(
            before for before, after in self.revised if before.deleted and not after.deleted
        )

    @property
    def made_public(self) -> tuple[Note, ...]:
        """The notes that are private, and will no longer be, as they are."""
        return tuple(
            before for before, after in self.revised if before.private and not after.private
        )

    def dated_ahead(self, now: dt.datetime) -> tuple[Revision, ...]:
        """Return the revisions with a date that is yet to come: a clock was wrong."""
        return tuple(kept for kept in self.revisions if is_ahead(kept.modified, now))


def exported_revisions(
    note: Note, is_withheld: Callable[[Revision], bool] = attrgetter("private")
) -> tuple[Revision, ...]:
    """Return the revisions of a note that are exported, oldest first.

    A note with a withheld tip is left out. In other notes, the withheld revisions are left out,
    with those that only withheld ones follow: an old text would become a head.
    """
    if any(map(is_withheld, note.tips)):
        return ()
    known = note.by_hash
    exported: set[str] = set()
    waiting = list(note.tips)
    while waiting:
        kept = waiting.pop()
        if kept.hash not in exported and not is_withheld(kept):
            exported.add(kept.hash)
            waiting += parents_of(kept, known)
    return tuple(kept for kept in note.history if kept.hash in exported)


def read_offer(sources: Iterable[Iterable[IncomingFile]], *, private: bool) -> Offer:
    """Return what the files from some sources offer; a damaged file affects no other."""
    accepted: dict[str, Revision] = {}
    files: dict[str, bytes] = {}
    kept_back: Counter[str] = Counter()
    unread: list[tuple[str, str]] = []
    for arrivals in sources:
        # Each source separately, so that the result doesn't depend on their order.
        found: dict[str, Revision] = {}
        damaged: list[tuple[str, Set[str]]] = []
        for arrival in arrivals:
            try:
                revision = _revision_in(arrival)
            except NoteUnreadable as error:
                unread.append((arrival.name, str(error)))
                name = PurePath(arrival.name).name
                damaged.append((name, id_in_name(name) or ids_in(arrival.data, b"id")))
            else:
                found[revision.hash] = revision
                files[revision.hash] = arrival.data
        incomplete = incomplete_notes(damaged, found.values())
        for (_case, note_id), by_hash in _by_note(found.values()).items():
            note = note_of(note_id, by_hash.values())
            public = () if note_id in incomplete else exported_revisions(note)
            revisions = note.history if private else public
            accepted |= {kept.hash: found[kept.hash] for kept in revisions}
            kept_back[note.current.case] += len(revisions) < len(note.history)
    return Offer(accepted, files, +kept_back, tuple(unread))


def plan_merge(
    offer: Offer, case_id: str, here: Iterable[Revision], reader: str | None = None
) -> MergePlan:
    """Return what merging an offer would change in the notes on a case, as a reader has them.

    `here` are the revisions of these notes as they are in files: what each counts for is decided by
    all of its note.
    """
    known = _by_note(here)
    new: list[Note] = []
    revised: list[tuple[Note, Note]] = []
    added: list[Revision] = []
    already = 0
    offered = _by_note(kept for kept in offer.revisions.values() if kept.case == case_id)
    for key, arriving in offered.items():
        present, note_id = known.get(key, {}), key[1]
        note = note_of(note_id, (present | arriving).values(), reader)
        in_order = sorted(note.history, key=lambda kept: not kept.private)
        fresh = [arriving[kept.hash] for kept in in_order if kept.hash not in present]
        already += len(arriving) - len(fresh)
        added += fresh
        if not present:
            new.append(note)
        elif fresh:
            revised.append((note_of(note_id, present.values(), reader), note))
    revised.sort(key=lambda pair: pair[0].author != reader)
    authors = sorted({kept.author for kept in added}, key=lambda one: (one != reader, one))
    return MergePlan(tuple(added), tuple(new), tuple(revised), already, tuple(authors))


def _revision_in(arrival: IncomingFile) -> Revision:
    if arrival.reason:
        raise NoteUnreadable(arrival.reason)
    revision = decode(arrival.data)
    check_file_name(PurePath(arrival.name).name, revision)
    return revision


def _by_note(revisions: Iterable[Revision]) -> dict[tuple[str, str], dict[str, Revision]]:
    """Return the revisions of each note by hash; the same id in two cases is two notes."""
    by_note: dict[tuple[str, str], dict[str, Revision]] = {}
    for kept in revisions:
        by_note.setdefault((kept.case, kept.id), {})[kept.hash] = kept
    return by_note
