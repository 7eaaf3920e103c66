"""Short phrases about notes and what was done to them, for lists, logs and histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from casefile.notes.annotation import Revision
from casefile.notes.history import MARKS, kind_in_words, parents_of
from casefile.text.folding import folded
from casefile.views.verdicts import verdict_in_words

SHORT_ID = 8
YOU = "you"
"""What the reader is called, and can be asked for by."""

_NUMBERS = {2: "two", 3: "three"}


def kind_of(revision: Revision) -> str:
    """Give what a revision is in a word or two: "note", "check: wrong"."""
    kind = kind_in_words(revision)
    return f"{kind}: {verdict_in_words(revision.value)}" if revision.value else kind


def authors_in_words(authors: Iterable[str], own: str) -> dict[str, str]:
    """Give what each author is called, in order: the reader's own name first, as "You"."""
    in_order = sorted({*authors}, key=lambda one: (one != own, folded(one), one))
    return {one: YOU.capitalize() if one == own else one for one in in_order}


def number_in_words(count: int) -> str:
    """Give how many texts stand beside each other; beyond three in digits."""
    return _NUMBERS.get(count, str(count))


def done_in_words(revision: Revision, known: Mapping[str, Revision]) -> str:
    """Give what a revision did to its note; `known` are those of the note, by hash.

    "note edited, tags +release"; "undone: note deleted"; "joined two texts".
    """
    kind = kind_in_words(revision)
    before = parents_of(revision, known)
    if revision.undoes:
        undone = known.get(revision.undoes)
        # Others may have sent a chain of undoing that goes on for long.
        if undone is None or undone.undoes:
            return "a change undone"
        return f"undone: {done_in_words(undone, known)}"
    if revision.deleted:
        return "star removed" if revision.motivation == "bookmarking" else f"{kind} deleted"
    if not revision.parents:
        return _begun(revision, f"new {kind}")
    if not before:
        return f"{_begun(revision, f'{kind} edited')}, after a text that is not here"
    return ", ".join(_changes(before, revision, kind)) or f"{kind} kept again, unchanged"


def _begun(revision: Revision, text: str) -> str:
    """Give what a revision says by itself: the verdict, star or tags; or `text` and its tags."""
    match revision.motivation:
        case "assessing":
            text = verdict_in_words(revision.value or "")
        case "bookmarking":
            text = "starred"
        case "tagging":
            text = "tags"
    return " ".join([text, *(f"+{tag}" for tag in revision.tags)])


def _changes(before: Sequence[Revision], after: Revision, kind: str) -> Iterator[str]:
    """Give what a revision changed: what it says otherwise than each one that it follows."""
    texts = [parent for parent in before if not parent.deleted]
    if not texts:
        yield "starred" if after.motivation == "bookmarking" else f"{kind} brought back"
    if all(parent.entry != after.entry for parent in before):
        yield f"{kind} moved here from {before[0].entry}"
    is_same = any((one.value, one.target) == (after.value, after.target) for one in before)
    if after.value and not is_same:
        yield verdict_in_words(after.value)
    is_kept = any(one.body == after.body for one in texts or before)
    # One that can't be read here was a text as well.
    several = len(after.parents) - (len(before) - len(texts))
    if several > 1:
        yield f"{'kept one of' if is_kept else 'joined'} {number_in_words(several)} texts"
    elif not is_kept:
        yield "text edited" if after.motivation in MARKS else f"{kind} edited"
    if all(parent.tags != after.tags for parent in before):
        yield from _tag_changes(before, after)
    if all(parent.private != after.private for parent in before):
        yield "made private" if after.private else "made public"


def _tag_changes(before: Sequence[Revision], after: Revision) -> Iterator[str]:
    had = dict.fromkeys(tag for parent in before for tag in parent.tags)
    gained = [f"+{tag}" for tag in after.tags if tag not in had]
    lost = [f"-{tag}" for tag in had if tag not in after.tags]
    # Those of two texts together are neither more nor fewer.
    if gained or lost:
        yield " ".join(["tags", *gained, *lost])
