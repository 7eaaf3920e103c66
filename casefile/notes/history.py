"""Notes as the result of their revisions: heads, conflicts, and what undo restores.

Nothing here reads or writes files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

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
"""The word for an annotation, by its motivation."""
MARKS = ("assessing", "bookmarking", "tagging")
"""The motivations of annotations that are no text: checks, stars and tags."""


class Note(msgspec.Struct, frozen=True):
    """An annotation with all its readable revisions.

    `heads` are the revisions that are no other one's parent, the last modified last; `history` is
    all revisions, oldest first.
    """

    id: str
    heads: tuple[Revision, ...]
    history: tuple[Revision, ...]
    deleted: bool
    """Whether all heads are deleted."""

    @property
    def current(self) -> Revision:
        """The head last modified."""
        return self.heads[-1]

    @property
    def author(self) -> str:
        """The author of the first revision."""
        return self.history[0].author

    @property
    def is_written(self) -> bool:
        """Whether it is a note or a reply, not a check, star or tag."""
        return self.current.motivation not in MARKS

    @property
    def is_check(self) -> bool:
        """Whether it is a verdict on an entry."""
        return self.current.motivation == "assessing"

    @property
    def conflict(self) -> bool:
        """Whether there are several heads, each written without the others."""
        return len(self.heads) > 1

    @property
    def texts(self) -> tuple[Revision, ...]:
        """The heads that are not deleted: one, or several in a conflict."""
        return tuple(head for head in self.heads if not head.deleted)

    @property
    def head_hashes(self) -> tuple[str, ...]:
        """The hashes of the heads, which are the parents of a revision that follows all of them."""
        return tuple(head.hash for head in self.heads)

    @property
    def by_hash(self) -> Mapping[str, Revision]:
        """All revisions by their hashes, oldest first."""
        return {kept.hash: kept for kept in self.history}

    @property
    def private(self) -> bool:
        """Whether any head is private; a private note is not exported."""
        return any(head.private for head in self.heads)

    @property
    def created(self) -> dt.datetime:
        """When the first revision was written."""
        return self.history[0].created

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the entries that the note is on; empty if it is deleted."""
        return frozenset(text.entry for text in self.texts)


class Undone(msgspec.Struct, frozen=True):
    """A change that was undone, and the revisions that undid it."""

    undid: Revision
    by: tuple[Revision, ...]

    @property
    def words(self) -> str:
        """What was undone, for example “deleted note on Arrests: “Check…””."""
        change = self.undid
        text = change.body or (change.value or "").replace("-", " ")
        line = first_line(text)
        said = line if line == text and len(line) <= _WORDS_LENGTH else f"{line[:_WORDS_LENGTH]}…"
        what = f"{self._did} {kind_in_words(change)} on {change.target.label}"
        return f"{what}: “{said}”" if text else what

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
    """Return the word for an annotation; an unknown motivation stands for itself."""
    return KINDS.get(revision.motivation, revision.motivation)


def note_of(note_id: str, revisions: Iterable[Revision]) -> Note:
    """Return the note with these revisions, of which there is at least one."""
    history = sorted(revisions, key=lambda kept: (kept.modified, kept.rev, kept.hash))
    followed = {name for kept in history for name in kept.parents}
    heads = tuple(kept for kept in history if kept.hash not in followed)
    return Note(note_id, heads, tuple(history), all(head.deleted for head in heads))


def parents_of(revision: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Return the readable parents of a revision; `known` are its note's revisions by hash."""
    return tuple(known[name] for name in revision.parents if name in known)


def _undo_counts(revisions: Iterable[Revision]) -> Counter[str]:
    return Counter(kept.undoes for kept in revisions if kept.undoes)


def latest_change(notes: Mapping[str, Mapping[str, Revision]], author: str) -> Revision | None:
    """Return an author's latest change in any note that is neither an undo nor undone."""
    changes = (
        kept
        for known in notes.values()
        for undone in (_undo_counts(known.values()),)
        for kept in known.values()
        if kept.author == author
        and kept.undoes is None
        # A change that joined several texts is undone in as many steps.
        and undone[kept.hash] < max(1, len(parents_of(kept, known)))
    )
    return max(changes, key=lambda kept: (kept.modified, kept.hash), default=None)


def texts_before(change: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Return the revisions that undoing a change restores; none if they are not readable.

    Undoing the first revision of a note deletes it. `known` are the note's revisions by hash.
    """
    if not change.parents:
        return (replace(change, deleted=True),)
    return parents_of(change, known)[_undo_counts(known.values())[change.hash] :]


def undo_of(change: Revision, text: Revision, note: Note) -> tuple[tuple[str, ...], Revision]:
    """Return the parents and the content of a revision that undoes a change by restoring `text`.

    If another head already continues `text`, its content is restored in place of that.
    """
    known = note.by_hash
    latest = _latest_with_text(change, known)
    rivals = [head for head in note.heads if head != latest and _follows(head, text, known)]
    if latest not in note.heads or not rivals:
        return (latest.hash,), text
    return (latest.hash, rivals[-1].hash), rivals[-1]


def _latest_with_text(change: Revision, known: Mapping[str, Revision]) -> Revision:
    """Return the last revision with the change's text that results from undoing later changes."""
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


def _follows(revision: Revision, earlier: Revision, known: Mapping[str, Revision]) -> bool:
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
