"""What of some notes leaves, what comes in, and what becomes of the notes that are here.

All of it follows from the revisions alone; nothing here reads or writes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

import msgspec

from casefile.notes.annotation import NoteUnreadable, Revision, decode, refuse_changed
from casefile.notes.history import Note, note_of, parents_of
from casefile.notes.pack import Arrival

_TOO_LATE = dt.timedelta(days=1)
"""So far may clocks differ: what is dated later would make every later change of its note later."""


class Offer(msgspec.Struct, frozen=True):
    """What one source of notes brings.

    `files` are the bytes of its revisions by hash; `kept_back` says of how many private notes
    something stays out, by case; `unread` names what is no note, with the reason.
    """

    revisions: Mapping[str, Revision]
    files: Mapping[str, bytes]
    kept_back: Mapping[str, int]
    unread: tuple[tuple[str, str], ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of the cases that it has notes on, also where all of them stay out."""
        return tuple(sorted({kept.case for kept in self.revisions.values()} | {*self.kept_back}))


class MergePlan(msgspec.Struct, frozen=True):
    """What an offer brings to the notes on one case, and what becomes of them.

    `revisions` are those that are not here, oldest first; the notes are as they will stand.
    """

    revisions: tuple[Revision, ...]
    new: tuple[Note, ...]
    revised: tuple[Note, ...]
    here: int
    """How many revisions are here already."""

    @property
    def conflicts(self) -> tuple[Note, ...]:
        """The notes that will stand with texts side by side, one of them new here."""
        arrived = {kept.hash for kept in self.revisions}
        return tuple(
            note
            for note in (*self.new, *self.revised)
            if note.conflict and arrived.intersection(note.head_hashes)
        )

    @property
    def deletions(self) -> tuple[Note, ...]:
        """The notes here that will be deleted."""
        arrived = {kept.hash for kept in self.revisions}
        return tuple(
            note for note in self.revised if note.deleted and arrived.intersection(note.head_hashes)
        )

    @property
    def authors(self) -> tuple[str, ...]:
        """Who says to have written what is new."""
        return tuple(sorted({kept.author for kept in self.revisions}))


def leaving(note: Note, *, private: bool) -> tuple[Revision, ...]:
    """Give what of a note may leave, oldest first; of a private one nothing, unless asked for.

    Of others, what was private once stays, and what only such revisions follow: without them a
    text that was edited long ago would stand as one of today.
    """
    if private:
        return note.history
    if note.private:
        return ()
    known = note.by_hash
    leaves: set[str] = set()
    waiting = list(note.heads)
    while waiting:
        kept = waiting.pop()
        if not kept.private and kept.hash not in leaves:
            leaves.add(kept.hash)
            waiting += parents_of(kept, known)
    return tuple(kept for kept in note.history if kept.hash in leaves)


def offered(arrivals: Iterable[Arrival], *, private: bool, now: dt.datetime) -> Offer:
    """Give what some files bring: a damaged one hides no other, and the same counts once.

    Each source is judged by itself, so that in whatever order several come, the same comes in.
    """
    found: dict[str, Revision] = {}
    files: dict[str, bytes] = {}
    unread: list[tuple[str, str]] = []
    for arrival in arrivals:
        try:
            revision = _revision_in(arrival, now)
        except NoteUnreadable as error:
            unread.append((arrival.name, str(error)))
        else:
            found[revision.hash] = revision
            files[revision.hash] = arrival.data
    coming: dict[str, Revision] = {}
    kept_back: Counter[str] = Counter()
    for note in _notes_of(found.values()):
        leaves = leaving(note, private=private)
        coming |= {kept.hash: kept for kept in leaves}
        kept_back[note.current.case] += len(leaves) < len(note.history)
    return Offer(coming, files, +kept_back, tuple(unread))


def together(offers: Iterable[Offer]) -> Offer:
    """Give several offers as one."""
    revisions: dict[str, Revision] = {}
    files: dict[str, bytes] = {}
    kept_back: Counter[str] = Counter()
    unread: list[tuple[str, str]] = []
    for offer in offers:
        revisions |= offer.revisions
        files |= offer.files
        kept_back.update(offer.kept_back)
        unread += offer.unread
    return Offer(revisions, files, kept_back, tuple(unread))


def arriving(offer: Offer, case_id: str, notes: Iterable[Note]) -> MergePlan:
    """Give what an offer brings to a case, on which these are the notes that are here."""
    known = {note.id: note for note in notes}
    new: list[Note] = []
    revised: list[Note] = []
    coming: list[Revision] = []
    here = 0
    for note in _notes_of(kept for kept in offer.revisions.values() if kept.case == case_id):
        before = known[note.id].history if note.id in known else ()
        hashes = {kept.hash for kept in before}
        fresh = [kept for kept in note.history if kept.hash not in hashes]
        here += len(note.history) - len(fresh)
        coming += fresh
        if not before:
            new.append(note)
        elif fresh:
            revised.append(note_of(note.id, (*before, *fresh)))
    coming.sort(key=lambda kept: (kept.modified, kept.rev, kept.hash))
    return MergePlan(tuple(coming), tuple(new), tuple(revised), here)


def _revision_in(arrival: Arrival, now: dt.datetime) -> Revision:
    if arrival.reason:
        raise NoteUnreadable(arrival.reason)
    revision = decode(arrival.data)
    refuse_changed(PurePath(arrival.name).name, revision)
    if revision.modified > now + _TOO_LATE:
        raise NoteUnreadable(f"it is dated in the future, {revision.modified:%Y-%m-%d}")
    return revision


def _notes_of(revisions: Iterable[Revision]) -> Iterator[Note]:
    """Give the notes that these are revisions of; under one id each case has a note of its own."""
    by_note: dict[tuple[str, str], list[Revision]] = {}
    for kept in revisions:
        by_note.setdefault((kept.case, kept.id), []).append(kept)
    for (_case, note_id), several in by_note.items():
        yield note_of(note_id, several)
