"""What the next revision of a note takes over from those that it follows.

Nothing here reads or writes files.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from casefile.notes.annotation import LIST_LIMIT, Revision, Target
from casefile.notes.history import Note, content_of, replaced_by, said_in

_MOST_JOINED = 256 * 1024
"""The number of characters above which no further text of a conflict is joined to the others."""


def joined_text(note: Note) -> tuple[str, tuple[str, ...]]:
    """Return the text of a note to edit, and the hashes of the heads that it was made from.

    In a conflict, that is all texts, one after the other; if there are hundreds, the last ones, as
    many as an editor is good for. The others stay in conflict.
    """
    joined = note.heads[-1:]
    bodies = dict.fromkeys(text.body for text in joined if not text.deleted)
    for head in reversed(note.heads[-LIST_LIMIT:-1]):
        if not head.deleted:
            if sum(map(len, bodies)) + len(head.body) > _MOST_JOINED:
                break
            bodies[head.body] = None
        joined = (head, *joined)
    return "\n\n".join(filter(None, reversed(bodies))), tuple(head.hash for head in joined)


def parents_up_to_date(note: Note, parents: Iterable[str], author: str) -> tuple[str, ...]:
    """Return the hashes `parents` of a note, each replaced by what an author made of it since.

    Only what left text, verdict and tags as they were counts, such as a move. So an edit that was
    begun before that is in no conflict with it.
    """
    known, left = note.by_hash, dict.fromkeys(parents)
    for kept in note.history:
        before = replaced_by(kept, known)
        is_after = bool(before) and left.keys() >= {one.hash for one in before}
        if is_after and kept.author == author and len({*map(said_in, (kept, *before))}) == 1:
            left = dict.fromkeys((*(name for name in left if name not in kept.parents), kept.hash))
    return tuple(left)


def followed_too(note: Note, parents: Iterable[str], text: Revision) -> tuple[str, ...]:
    """Return what a revision with a text after `parents` also follows, by hash.

    That is what says nothing in the note, and, if the text is public and was so before private
    revisions, where it was: who has only what is public then has the history of the text. What
    keeps the note private comes first.
    """
    known, seen = note.by_hash, set[str]()
    waiting = [] if text.private else [*parents]
    earlier: list[str] = []
    while waiting:
        kept = known.get(waiting.pop())
        if kept is not None and kept.hash not in seen:
            seen.add(kept.hash)
            if kept.private:
                waiting += kept.parents
            elif (content_of(kept), kept.body) == (content_of(text), text.body):
                earlier.append(kept.hash)
    private, public = (
        [tip.hash for tip in note.silent if tip.private is so] for so in (True, False)
    )
    return (*private, *earlier, *public)


def without_text(deletion: Revision) -> Revision:
    """Return a deletion without the text that it deletes, and the row of its entry."""
    target = replace(deletion.target, snapshot="", field=None, sources={}, extra={})
    return replace(deletion, body="", tags=(), extra={}, target=target)


def with_verdict_of(given: Revision, text: Revision) -> Revision:
    """Return the text of a check with a verdict that was given before: on its row, and then."""
    target = with_sources_of(replace(given.target, label=text.target.label), [text.target])
    return replace(text, value=given.value, given=given.given, target=target)


def with_sources_of(target: Target, earlier: Iterable[Target]) -> Target:
    """Return a target that also has the sources of earlier ones, if all of them are known."""
    targets = (target, *earlier)
    cited = {source for one in targets for source in one.cited or ()}
    are_known = all(one.cited is not None for one in targets) and len(cited) <= LIST_LIMIT
    return replace(
        target,
        cited=tuple(sorted(cited)) if are_known else None,
        confidential=any(one.confidential for one in targets),
    )
