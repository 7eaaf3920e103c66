"""What an author did last to any note, and how it is undone.

An undo is a revision that names what it undoes. Anybody can write one, also under the author's
name, so that only what it restores counts. Nothing here reads or writes files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence, Set

import msgspec
from msgspec.structs import replace

from casefile.notes.annotation import Revision
from casefile.notes.checks import verdict_of
from casefile.notes.clock import believed
from casefile.notes.history import Note, content_of, kind_in_words, parents_of, replaced_by
from casefile.text.inert import first_line

_WORDS_LENGTH = 40


class Undone(msgspec.Struct, frozen=True):
    """A change that was undone, the texts that it replaced, and the revisions that undid it."""

    undid: Revision
    before: tuple[Revision, ...]
    by: tuple[Revision, ...] = ()

    @property
    def words(self) -> str:
        """What was undone, for example “deleted note on Arrests: “Check…””."""
        change = self.undid
        text = change.body or verdict_of(change).replace("-", " ")
        line = first_line(text)
        said = line if line == text and len(line) <= _WORDS_LENGTH else f"{line[:_WORDS_LENGTH]}…"
        what = f"{self._did} {kind_in_words(change)} on {change.target.label}"
        return f"{what}: “{said}”" if text else what

    @property
    def _did(self) -> str:
        # What was restored may be a later text, which says nothing of what the change did.
        change, before = self.undid, self.before
        was_private = any(one.private for one in before)
        did = {
            "deleted": change.deleted,
            "new": not change.parents,
            "brought back": all(one.deleted for one in before),
            "moved": change.entry not in {one.entry for one in before},
            # Before what else it did: undoing it may make the note public.
            "newly private": change.private and not was_private,
            "no longer private": was_private and not change.private,
            "newly dated": _only_dates_anew(change, before),
        }
        return next((words for words, is_so in did.items() if is_so), "edited")


def latest_change(
    notes: Iterable[Note], author: str, now: dt.datetime, passed_over: Container[str] = ()
) -> Revision | None:
    """Return an author's latest change in any note that is no undo, which may be undone.

    Dates count up to `now`, and a change is no earlier than the author's others before it in its
    note. `passed_over` are the hashes of changes that are not returned.
    """
    latest: tuple[dt.datetime, str] | None = None
    found: Revision | None = None
    for note in notes:
        place = _place_of_latest_change(note, author, passed_over)
        if place is not None:
            change = note.history[place]
            dates = _dates_up_to(place, note)
            order = (max(believed(date, now) for date in dates), change.hash)
            if latest is None or order > latest:
                latest, found = order, change
    return found


def _dates_up_to(place: int, note: Note) -> Iterator[dt.datetime]:
    """Yield the dates of an author's change, and of those before it that were not dated anew."""
    known, author = note.by_hash, note.history[place].author
    for kept in reversed(note.history[: place + 1]):
        if kept.author == author:
            yield kept.modified
            if _only_dates_anew(kept, replaced_by(kept, known)):
                # What is before was not done when it was dated before.
                return


def _place_of_latest_change(note: Note, author: str, passed_over: Container[str]) -> int | None:
    """Return where in its history a note has an author's last change that can be undone."""
    for place in reversed(range(len(note.history))):
        kept = note.history[place]
        if kept.author == author and kept.undoes is None and kept.hash not in passed_over:
            return place
    return None


def is_undo(revision: Revision, known: Mapping[str, Revision]) -> bool:
    """Whether a revision restores a text before the change that it claims to undo.

    `known` are the revisions of its note by hash.
    """
    change = known.get(revision.undoes or "")
    before = _texts_before(change, known) if change else ()
    return content_of(revision) in map(content_of, before)


def _texts_before(change: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Return the readable texts before a change; before a first revision, its deletion."""
    return replaced_by(change, known) if change.parents else (replace(change, deleted=True),)


class UndoHistory:
    """What has been undone in a note by its readers, in the order of its history."""

    def __init__(self, note: Note) -> None:
        self._known = note.by_hash
        self._contents: dict[str, Set[Hashable]] = {}
        self._by_change: defaultdict[str, list[Revision]] = defaultdict(list)
        for kept in note.history:
            change = self._known.get(kept.undoes or "")
            if change is not None and kept.author == change.author:
                self._by_change[change.hash].append(kept)

    def texts_before(self, change: Revision) -> tuple[Revision, ...]:
        """Return the texts that a change replaced, as far as they are readable."""
        return _texts_before(change, self._known)

    @property
    def undone_hashes(self) -> frozenset[str]:
        """The hashes of the changes that are undone."""
        return frozenset(
            name for name in self._by_change if not self.not_restored(self._known[name])
        )

    def not_restored(self, change: Revision) -> Sequence[Revision]:
        """Return the texts before a change that its undos have not really restored."""
        before = self.texts_before(change)
        undos = self._by_change.get(change.hash, [])
        restored, wanted = {*map(content_of, undos)}, self._contents_before(change)
        left = [text for text in before if content_of(text) not in restored]
        # An undo may restore what continues a text, in place of it.
        others = (undo for undo in undos if content_of(undo) not in wanted)
        return left[sum(self._restores_parent(undo) for undo in others) :]

    def _contents_before(self, change: Revision) -> Set[Hashable]:
        if change.hash not in self._contents:
            self._contents[change.hash] = frozenset(map(content_of, self.texts_before(change)))
        return self._contents[change.hash]

    def _restores_parent(self, undo: Revision) -> bool:
        return any(content_of(one) == content_of(undo) for one in parents_of(undo, self._known)[1:])


def undos_of(
    change: Revision, texts: Sequence[Revision], note: Note
) -> Sequence[tuple[tuple[str, ...], Revision]]:
    """Return the parents and the content of the revisions that undo a change by restoring `texts`.

    Only the first text takes in what continues it. The private revisions come first, so that
    the note stays private if only some of them are written.
    """
    undos = [undo_of(change, text, note) for text in texts[:1]]
    undos += [(undos[0][0][:1], text) for text in texts[1:]]
    return sorted(undos, key=lambda undo: not undo[1].private)


def _only_dates_anew(change: Revision, before: Sequence[Revision]) -> bool:
    """Whether a change only dated a note anew, and gave no verdict again."""
    return not change.gives_verdict and restored_date(change, before) is not None


def restored_date(change: Revision, before: Sequence[Revision]) -> dt.datetime | None:
    """Return the date of the texts before a change that only dated them anew; None of any other."""
    is_redating = all(
        content_of(text) == content_of(change) and text.created != change.created for text in before
    )
    return before[0].created if before and is_redating else None


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
            if change.hash in before and content_of(undo) == content_of(change):
                change = undo
    return change


def _followers(revision: Revision, note: Note) -> Set[str]:
    """Return the hashes of all revisions that follow one, directly or not."""
    after = {revision.hash}
    for kept in note.history:
        if not after.isdisjoint(kept.parents):
            after.add(kept.hash)
    return after - {revision.hash}
