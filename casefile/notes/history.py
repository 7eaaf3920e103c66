"""Notes as the result of their revisions: heads, conflicts, and what each revision counts for.

Revisions may come from anybody: their order is that of `parents`, which are hashes, and never that
of `rev` or of dates. Every walk over parents visits each revision once. Nothing here reads or
writes files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from casefile.notes.annotation import Revision, Target
from casefile.text.quoting import in_marks

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
_SAID_BY_AUTHOR = (
    "created",
    "given",
    "entry",
    "value",
    "body",
    "tags",
    "deleted",
    "target",
    "extra",
)
"""What only the author of a check, star or tags can say in it; anybody can make a note private, and
only its author public."""
_DATE = attrgetter("modified", "hash")


class Note(msgspec.Struct, frozen=True):
    """An annotation with all its readable revisions.

    `heads` are the revisions that are no other one's parent, the last modified last, and of a check
    the one whose verdict was given last; of the reader's own check, star or tags, they are the
    reader's revisions that no other of the reader's follows. `history` is all revisions, each after
    its parents, and otherwise oldest first. What a revision may not change is in both as it was
    before, whatever its file claims (`_effective`).
    """

    id: str
    author: str
    """The author of the first revision: the reader, if any that has no parents is the reader's."""
    heads: tuple[Revision, ...]
    silent: tuple[Revision, ...]
    """The revisions of others that nothing follows in the reader's own check, star or tags: they
    say nothing there, but one of them may make it private."""
    history: tuple[Revision, ...]
    last_by_author: Revision
    """The last revision by the author of the note, which says when it was written."""
    deleted: bool
    """Whether all heads are deleted."""

    @property
    def current(self) -> Revision:
        """The last head that is not deleted; of a deleted note, the last one."""
        return next((head for head in reversed(self.heads) if not head.deleted), self.heads[-1])

    def text_on(self, entry: str, among: Container[str] = ()) -> Revision:
        """Return the last text on an entry; if there is none, the last text.

        If some texts have a hash that is `among` these, only they count.
        """
        texts = [text for text in self.texts if text.hash in among] or self.texts
        on_entry = [text for text in texts if text.entry == entry]
        return (on_entry or texts or self.heads)[-1]

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
    def tags(self) -> tuple[str, ...]:
        """The tags of all texts."""
        return tags_of(self.texts)

    @property
    def head_hashes(self) -> tuple[str, ...]:
        """The hashes of the heads, which are the parents of a revision that follows all of them."""
        return tuple(head.hash for head in self.heads)

    @property
    def tips(self) -> tuple[Revision, ...]:
        """The heads, and what else nothing follows."""
        return (*self.heads, *self.silent)

    @property
    def by_hash(self) -> Mapping[str, Revision]:
        """All revisions by their hashes, oldest first."""
        return {kept.hash: kept for kept in self.history}

    @property
    def private(self) -> bool:
        """Whether any tip is private; a private note is not exported."""
        return any(tip.private for tip in self.tips)

    @property
    def created(self) -> dt.datetime:
        """When the note was written, as its author said last."""
        return self.last_by_author.created

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of all revisions."""
        return tuple(kept.target for kept in self.history)

    def texts_by(self, author: str) -> tuple[Revision, ...]:
        """Return the texts that an author wrote."""
        return tuple(text for text in self.texts or self.heads if text.author == author)

    @property
    def latest_date(self) -> dt.datetime:
        """The latest date that its author gave to the note or a text of it."""
        own = (
            max(text.created, text.modified, given_at(text)) for text in self.texts_by(self.author)
        )
        return max((self.created, *own))

    @property
    def entries(self) -> frozenset[str]:
        """The ids of the entries that the note is on; empty if it is deleted."""
        return frozenset(text.entry for text in self.texts)


def about_of(target: Target) -> str | None:
    """Return what the note with a target is about, if that is text: a field, a place or words."""
    return target.field if isinstance(target.field, str) else None


def tags_of(revisions: Iterable[Revision]) -> tuple[str, ...]:
    """Return the tags of some revisions, of which a conflict may have more than a note can."""
    return tuple(dict.fromkeys(tag for one in revisions for tag in one.tags))


def kind_in_words(revision: Revision) -> str:
    """Return the word for an annotation; of an unknown kind, its motivation in quotation marks."""
    return KINDS.get(revision.motivation) or in_marks(revision.motivation)


def note_of(note_id: str, revisions: Iterable[Revision], reader: str | None = None) -> Note:
    """Return the note with these revisions, of which there is at least one, as `reader` has it."""
    known = {kept.hash: kept for kept in revisions}
    in_order = tuple(_each_after_its_parents(known))
    firsts = _firsts(known)
    own = [kept for kept in firsts if kept.author == reader] or firsts
    author = own[0].author
    # Of several first ones, any of which an enemy may have written, one that hides no text.
    first = next((kept for kept in own if kept.motivation not in MARKS), own[0])
    is_own = author == reader
    last = _last_by_author(in_order, first, author)
    said = {name: known[one.hash] for name, one in last.items()} if is_own else {}
    history = tuple(_effective(in_order, first, said))
    followed = {name for kept in history for name in kept.parents}
    # In a circle of parents, which no hashes can form, each follows another.
    tips = [kept for kept in history if kept.hash not in followed] or [history[-1]]
    heads = tips
    if first.motivation in MARKS:
        own_heads = _not_followed_by(author, history) if is_own else tips
        heads = sorted(own_heads, key=lambda head: (given_at(head), *_DATE(head)))
    names = {head.hash for head in heads}
    silent = tuple(tip for tip in tips if tip.hash not in names)
    latest = max(last.values()).hash
    last_by_author = next(kept for kept in history if kept.hash == latest)
    return Note(
        note_id,
        author,
        tuple(heads),
        silent,
        history,
        last_by_author,
        all(head.deleted for head in heads),
    )


def given_at(mark: Revision) -> dt.datetime:
    """Return when the verdict of a check was given; of a star or tags, when they were changed."""
    return mark.given or mark.modified


def _not_followed_by(author: str, history: Sequence[Revision]) -> Iterator[Revision]:
    """Yield the revisions of an author that no other of the author's follows."""
    before = set[str]()
    for kept in reversed(history):
        is_own = kept.author == author
        if is_own and kept.hash not in before:
            yield kept
        if is_own or kept.hash in before:
            before.update(kept.parents)


def _firsts(known: Mapping[str, Revision]) -> Sequence[Revision]:
    """Return the first revisions of a note, of which anybody can have written one, oldest first.

    So is one whose parents are not here, as of a note that was private for a time. They are not in
    the order of the history, which a revision that follows several may change.
    """
    firsts = [kept for kept in known.values() if not parents_of(kept, known)]
    return sorted(firsts or known.values(), key=_DATE)


class _Said(NamedTuple):
    """A revision of the author; of two, the greater one was said last.

    It is greater than any that it follows, whatever their dates.
    """

    since: dt.datetime
    number: int
    hash: str


def _last_by_author(
    in_order: Sequence[Revision], first: Revision, author: str
) -> Mapping[str, _Said]:
    """Return by hash which revision of the author each revision follows, or is, or else `first`.

    It is found among those that a revision follows, so that no later one changes what it counts
    for: an undo restores what was there before.
    """
    none = _Said(first.modified, 0, first.hash)
    last: dict[str, _Said] = {}
    for kept in in_order:
        before = max((last[name] for name in kept.parents if name in last), default=none)
        own = _Said(max(kept.modified, before.since), before.number + 1, kept.hash)
        last[kept.hash] = own if kept.author == author else before
    return last


def _effective(
    in_order: Iterable[Revision], first: Revision, said: Mapping[str, Revision]
) -> Iterator[Revision]:
    """Yield the revisions of a note, each with what it may not change as it was before.

    What a note is, such as a text or a check, is decided by its first revision, and when it was
    written by its author. What others say in a check, star or tags of the author is not said, and
    what was private before they can't make public. Of a note that is not the reader's nobody can
    tell whose it is; `said` is empty, and all is said.
    """
    kind: dict[str, object] = {"motivation": first.motivation, "reply_to": first.reply_to}
    is_mark = first.motivation in MARKS
    if not is_mark:
        kind["value"] = first.value
    by_author = _SAID_BY_AUTHOR if is_mark else ("created",)
    private: set[str] = set()
    for kept in in_order:
        by = said.get(kept.hash, kept)
        stays_private = by is not kept and not private.isdisjoint(kept.parents)
        if kept.private or stays_private:
            private.add(kept.hash)
        fields = {name: getattr(by, name) for name in by_author}
        yield _with(kept, kind | fields | {"private": kept.hash in private})


def _with(kept: Revision, fields: Mapping[str, object]) -> Revision:
    """Return a revision with these fields; the same one if it has them, as nearly all do."""
    is_same = all(getattr(kept, name) == value for name, value in fields.items())
    return kept if is_same else replace(kept, **fields)


def _each_after_its_parents(known: Mapping[str, Revision]) -> Iterator[Revision]:
    """Yield revisions oldest first, but each after its parents, whatever their dates."""
    entered = set[str]()
    left = set[str]()
    for latest in sorted(known.values(), key=_DATE):
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


def in_equal_groups(revisions: Sequence[Revision]) -> Sequence[Sequence[Revision]]:
    """Return the revisions in groups with the same content, in the order of their last ones."""
    groups: defaultdict[Hashable, list[Revision]] = defaultdict(list)
    for one in reversed(revisions):
        groups[content_of(one)].append(one)
    return [same[::-1] for same in reversed(groups.values())]


def said_in(revision: Revision) -> Hashable:
    """Return what a revision says, wherever it is and whoever may read it."""
    return (revision.deleted, revision.body, revision.value, revision.tags)


def content_of(revision: Revision) -> Hashable:
    """Return what a reader sees of a revision; of a deletion, what was deleted doesn't count."""
    place = (revision.deleted, revision.private, revision.entry)
    return place if revision.deleted else (*place, revision.body, revision.value, revision.tags)


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


def replaced_by(revision: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
    """Return the readable parents of a revision whose texts it replaces.

    Beside private ones, a revision that is public follows the public text that it has again. In a
    check, star or tags, another's revision beside the author's only makes it private.
    """
    before = parents_of(revision, known)
    is_mark = revision.motivation in MARKS
    own = [one for one in before if not is_mark or one.author == revision.author] or [*before]
    private = [one for one in own if one.private and not revision.private]
    is_private = any(one.private for one in before if one not in own)
    return tuple(_with(one, {"private": one.private or is_private}) for one in private or own)
