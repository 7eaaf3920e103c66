"""Notes as the result of their revisions: heads, conflicts, and what undo restores.

Revisions may come from anybody: their order is that of `parents`, which are hashes, and never that
of `rev` or of dates. Every walk over parents visits each revision once. Nothing here reads or
writes files.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter

import msgspec
from msgspec.structs import replace

from casefile.notes.annotation import LATEST, Revision, encode
from casefile.notes.clock import believed, is_ahead
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
    all revisions, each after its parents, and otherwise oldest first.
    """

    id: str
    author: str
    """The author of the first revision: the reader, if any that has no parents is the reader's."""
    heads: tuple[Revision, ...]
    history: tuple[Revision, ...]
    deleted: bool
    """Whether all heads are deleted."""

    @property
    def current(self) -> Revision:
        """The head last modified."""
        return self.heads[-1]

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
        """When the note was written, or what a later revision says of that."""
        return self.current.created

    def texts_by(self, author: str) -> tuple[Revision, ...]:
        """Return the texts that an author wrote, or all of them if there is none."""
        texts = self.texts or self.heads
        return tuple(text for text in texts if text.author == author) or texts

    def is_dated_ahead(self, author: str, now: dt.datetime) -> bool:
        """Whether such a text has a date that is yet to come: a clock is or was wrong."""
        dates = (max(text.created, text.modified) for text in self.texts_by(author))
        return not self.deleted and any(is_ahead(date, now) for date in dates)

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
        if change.created != restored.created and change.body == restored.body:
            return "newly dated"
        return "edited"


def kind_in_words(revision: Revision) -> str:
    """Return the word for an annotation; an unknown motivation stands for itself."""
    return KINDS.get(revision.motivation, revision.motivation)


def note_of(note_id: str, revisions: Iterable[Revision], reader: str | None = None) -> Note:
    """Return the note with these revisions, of which there is at least one, as `reader` has it."""
    known = {kept.hash: kept for kept in revisions}
    history = tuple(_each_after_its_parents(known))
    followed = {name for kept in history for name in kept.parents}
    # In a circle of parents, which no hashes can form, each follows another.
    heads = tuple(kept for kept in history if kept.hash not in followed) or history[-1:]
    # Anybody can write a first revision with the id of another's note.
    firsts = {kept.author for kept in history if not kept.parents}
    author = reader if reader in firsts else history[0].author
    return Note(note_id, author, heads, history, all(head.deleted for head in heads))


def _each_after_its_parents(known: Mapping[str, Revision]) -> Iterator[Revision]:
    """Yield revisions oldest first, but each after its parents, whatever their dates."""
    entered = set[str]()
    left = set[str]()
    for latest in sorted(known.values(), key=attrgetter("modified", "hash")):
        waiting = [latest] if latest.hash not in entered else []
        while waiting:
            kept = waiting[-1]
            before: list[Revision] = []
            if kept.hash not in entered:
                entered.add(kept.hash)
                before = [one for one in parents_of(kept, known) if one.hash not in entered]
                waiting += before
            if not before:
                waiting.pop()
                if kept.hash not in left:
                    left.add(kept.hash)
                    yield kept


def in_equal_groups(revisions: Iterable[Revision]) -> Iterable[Sequence[Revision]]:
    """Return groups of revisions that say the same, whoever wrote them, when and after which."""
    groups: dict[bytes, list[Revision]] = {}
    for one in revisions:
        neutral = replace(one, rev=1, parents=(), author="", created=LATEST, modified=LATEST)
        groups.setdefault(encode(replace(neutral, undoes=None)), []).append(one)
    return groups.values()


def generations(note: Note) -> dict[str, int]:
    """Return the numbers of revisions by hash: each 1 more than what it follows in a row.

    The number that one claims, which may be the largest that there is, does not count.
    """
    numbers: dict[str, int] = {}
    for kept in note.history:
        numbers[kept.hash] = generation(kept.parents, numbers)
    return numbers


def generation(parents: Iterable[str], numbers: Mapping[str, int]) -> int:
    """Return the number of a revision after these parents, whose numbers are known."""
    return 1 + max((numbers.get(name, 0) for name in parents), default=0)


def parents_of(revision: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Return the readable parents of a revision; `known` are its note's revisions by hash."""
    return tuple(known[name] for name in revision.parents if name in known)


def _undo_counts(revisions: Iterable[Revision], author: str) -> Counter[str]:
    """Return how often an author has undone each change; nobody undoes those of others."""
    return Counter(kept.undoes for kept in revisions if kept.undoes and kept.author == author)


def latest_change(
    notes: Iterable[Note], author: str, now: dt.datetime, passed_over: Container[str] = ()
) -> Revision | None:
    """Return an author's latest change in any note that is neither an undo nor undone.

    Dates count up to `now`, and a change is no earlier than the author's others before it in its
    note. `passed_over` are the hashes of changes that are not returned.
    """
    latest: tuple[dt.datetime, str] | None = None
    found: Revision | None = None
    for note in notes:
        place = _place_of_latest_change(note, author, passed_over)
        if place is not None:
            own = (kept for kept in note.history[: place + 1] if kept.author == author)
            since = max(believed(kept.modified, now) for kept in own)
            order = (since, note.history[place].hash)
            if latest is None or order > latest:
                latest, found = order, note.history[place]
    return found


def _place_of_latest_change(note: Note, author: str, passed_over: Container[str]) -> int | None:
    """Return where in its history a note has an author's last change that can be undone."""
    undone = _undo_counts(note.history, author)
    known = note.by_hash if undone else {}
    for place in reversed(range(len(note.history))):
        kept = note.history[place]
        if kept.author == author and kept.undoes is None and kept.hash not in passed_over:
            times = undone[kept.hash]
            # A change that joined several texts is undone in as many steps.
            if not times or times < len(parents_of(kept, known)):
                return place
    return None


def texts_before(change: Revision, note: Note) -> tuple[Revision, ...]:
    """Return the revisions that undoing a change restores; none if they are not readable.

    Undoing the first revision of a note deletes it.
    """
    if not change.parents:
        return (replace(change, deleted=True),)
    undone = _undo_counts(note.history, change.author)[change.hash]
    return parents_of(change, note.by_hash)[undone:]


def undo_of(change: Revision, text: Revision, note: Note) -> tuple[tuple[str, ...], Revision]:
    """Return the parents and the content of a revision that undoes a change by restoring `text`.

    If another head already continues `text`, its content is restored in place of that.
    """
    latest = _latest_with_text(change, note)
    after = _followers(text, note)
    rivals = [head for head in note.heads if head != latest and head.hash in after]
    if latest not in note.heads or not rivals:
        return (latest.hash,), text
    return (latest.hash, rivals[-1].hash), rivals[-1]


def _latest_with_text(change: Revision, note: Note) -> Revision:
    """Return the last revision with the change's text that results from undoing later changes."""
    known = note.by_hash
    # In the order of the history, an undo comes after what it restores.
    for undo in note.history:
        undone = known.get(undo.undoes or "")
        if undone is not None:
            before = undo.parents + undone.parents
            if change.hash in before and _same_text(undo, change):
                change = undo
    return change


def _followers(revision: Revision, note: Note) -> Set[str]:
    """Return the hashes of all revisions that follow one, directly or not."""
    after = {revision.hash}
    for kept in note.history:
        if not after.isdisjoint(kept.parents):
            after.add(kept.hash)
    return after - {revision.hash}


def _same_text(one: Revision, other: Revision) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("body", "value", "tags", "private", "deleted", "entry")
    )
