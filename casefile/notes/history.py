"""The history of notes: what stands now, what was done last, and what undoing it brings back.

All of it follows from the revisions alone; nothing here reads or writes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from casefile.notes.annotation import Revision
from casefile.text.inert import first_line

_WORDS_LENGTH = 40
KINDS = {
    "commenting": "note",
    "replying": "reply",
    "assessing": "check",
    "bookmarking": "star",
    "tagging": "tags",
}
"""What annotations are in words, by their motivation."""
MARKS = ("assessing", "bookmarking", "tagging")
"""What is no text of its own."""


class Note(msgspec.Struct, frozen=True):
    """An annotation with all its readable revisions.

    `heads` are those that no other names as a parent, the last modified last; `history` is all,
    oldest first.
    """

    id: str
    heads: tuple[Revision, ...]
    history: tuple[Revision, ...]
    deleted: bool
    """Whether nothing of the note is left to show."""

    @property
    def current(self) -> Revision:
        """The head last modified."""
        return self.heads[-1]

    @property
    def author(self) -> str:
        """Who wrote it first."""
        return self.history[0].author

    @property
    def is_written(self) -> bool:
        """Whether it is a text of its own: not a check, a star or tags alone."""
        return self.current.motivation not in MARKS

    @property
    def is_check(self) -> bool:
        """Whether it is a verdict on an entry."""
        return self.current.motivation == "assessing"

    @property
    def conflict(self) -> bool:
        """Whether two revisions stand beside each other, each written without the other."""
        return len(self.heads) > 1

    @property
    def texts(self) -> tuple[Revision, ...]:
        """The heads that are not deleted: one, or those written without one another."""
        return tuple(head for head in self.heads if not head.deleted)

    @property
    def head_hashes(self) -> tuple[str, ...]:
        """What names the heads, for a revision that is to follow all of them."""
        return tuple(head.hash for head in self.heads)

    @property
    def by_hash(self) -> Mapping[str, Revision]:
        """All revisions by what names them, oldest first."""
        return {kept.hash: kept for kept in self.history}

    @property
    def private(self) -> bool:
        """Whether any of the heads is to leave by no export."""
        return any(head.private for head in self.heads)

    @property
    def created(self) -> dt.datetime:
        """When the note was first written."""
        return self.history[0].created

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the entries that it is on; none if it is deleted."""
        return frozenset(text.entry for text in self.texts)


class Undone(msgspec.Struct, frozen=True):
    """What `undo` took back, in words, and the revisions by which it did."""

    undid: Revision
    by: tuple[Revision, ...]

    @property
    def words(self) -> str:
        """What was taken back: "deleted note on Arrests: “Check…”"."""
        change = self.undid
        said = _shortened(change.body or (change.value or "").replace("-", " "))
        where = f"{self._did} {kind_in_words(change)} on {change.target.label}"
        return f"{where}: “{said}”" if said else where

    @property
    def _did(self) -> str:
        change, restored = self.undid, self.by[0]
        if change.deleted:
            return "deleted"
        if not change.parents:
            return "new"
        if change.entry != restored.entry:
            return "moved"
        if change.private != restored.private and change.body == restored.body:
            return "newly private" if change.private else "no longer private"
        return "edited"


def kind_in_words(revision: Revision) -> str:
    """Give what an annotation is in a word, one that this version doesn't know in its own."""
    return KINDS.get(revision.motivation, revision.motivation)


def note_of(note_id: str, revisions: Iterable[Revision]) -> Note:
    """Give a note from its readable revisions, of which there is at least one."""
    history = sorted(revisions, key=lambda kept: (kept.modified, kept.rev, kept.hash))
    followed = {name for kept in history for name in kept.parents}
    heads = tuple(kept for kept in history if kept.hash not in followed)
    return Note(note_id, heads, tuple(history), all(head.deleted for head in heads))


def parents_of(revision: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Give the readable revisions that one follows; `known` are those of its note, by hash."""
    return tuple(known[name] for name in revision.parents if name in known)


def undone_times(revisions: Iterable[Revision]) -> Counter[str]:
    """Count, by hash, how often a revision was taken back."""
    return Counter(kept.undoes for kept in revisions if kept.undoes)


def latest_change(notes: Mapping[str, Mapping[str, Revision]], author: str) -> Revision | None:
    """Give an author's latest change, in any note, that is no undo and not undone."""
    changes = (
        kept
        for known in notes.values()
        for undone in (undone_times(known.values()),)
        for kept in known.values()
        if kept.author == author
        and kept.undoes is None
        # A text that joined two is undone once both stand there again.
        and undone[kept.hash] < max(1, len(parents_of(kept, known)))
    )
    return max(changes, key=lambda kept: (kept.modified, kept.hash), default=None)


def standing(change: Revision, known: Mapping[str, Revision]) -> Revision:
    """Give the last revision that holds the change's text only since a later one is undone."""
    undos = [kept for kept in known.values() if kept.undoes]
    found: Revision | None = change
    while found:
        change, found = found, None
        for undo in undos:
            undone = known.get(undo.undoes or "")
            before = undo.parents + (undone.parents if undone else ())
            if change.hash in before and _same_text(undo, change):
                found = undo
    return change


def follows(revision: Revision, earlier: Revision, known: Mapping[str, Revision]) -> bool:
    """Say whether a revision follows an earlier one, directly or through others."""
    before = [revision]
    while before:
        if earlier.hash in before[-1].parents:
            return True
        before.extend(parents_of(before.pop(), known))
    return False


def _same_text(one: Revision, other: Revision) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("body", "value", "tags", "private", "deleted", "entry")
    )


def _shortened(text: str) -> str:
    line = first_line(text)
    return line if line == text and len(line) <= _WORDS_LENGTH else line[:_WORDS_LENGTH] + "…"
