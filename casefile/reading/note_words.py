"""Short phrases about notes and what was done to them, for lists and logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from casefile.notes.annotation import Revision
from casefile.notes.history import parents_of

VERDICTS = {
    "to-check": "to check",
    "checked": "checked",
    "needs-attention": "needs attention",
    "wrong": "wrong",
}
"""The verdicts on an entry, as they are kept and as they are told."""

SHORT_ID = 8

_KINDS = {
    "commenting": "note",
    "replying": "reply",
    "assessing": "check",
    "bookmarking": "star",
    "tagging": "tags",
}


def kind_of(revision: Revision) -> str:
    """Give what a revision is in a word or two: "note", "check: wrong"."""
    kind = _KINDS.get(revision.motivation, revision.motivation)
    return f"{kind}: {verdict_of(revision)}" if revision.value else kind


def verdict_of(revision: Revision) -> str:
    """Give a verdict in words; one that is not known stands as it is."""
    return VERDICTS.get(revision.value or "", revision.value or "")


def moment_in_words(moment: dt.datetime) -> str:
    """Give a moment as the reader's clock shows it."""
    return f"{moment.astimezone():%-d %b %Y %H:%M}"


def done_in_words(revision: Revision, known: Mapping[str, Revision]) -> str:
    """Give what a revision did to its note; `known` are those of the note, by hash."""
    before = parents_of(revision, known)
    kind = _KINDS.get(revision.motivation, revision.motivation)
    undone = known.get(revision.undoes or "")
    if revision.undoes:
        return f"undone: {done_in_words(undone, known)}" if undone else "a change undone"
    if revision.deleted:
        return "star removed" if revision.motivation == "bookmarking" else f"{kind} deleted"
    if len(before) > 1:
        return f"{kind}: {len(before)} texts joined"
    if not before:
        missing = ", after a text that is not here" if revision.parents else ""
        return _begun(revision, kind) + missing
    return ", ".join(_changes(before[0], revision, kind)) or f"{kind} kept again, unchanged"


def _begun(revision: Revision, kind: str) -> str:
    match revision.motivation:
        case "assessing":
            return verdict_of(revision)
        case "bookmarking":
            return "starred"
        case "tagging":
            return " ".join(["tags", *(f"+{tag}" for tag in revision.tags)])
    tags = "".join(f" +{tag}" for tag in revision.tags)
    return f"new {kind}{tags}"


def _changes(before: Revision, after: Revision, kind: str) -> Iterator[str]:
    if before.deleted:
        yield "starred" if after.motivation == "bookmarking" else f"{kind} brought back"
    if before.entry != after.entry:
        yield f"{kind} moved here from {before.entry}"
    if before.value != after.value or (after.value and before.target != after.target):
        yield verdict_of(after)
    if before.tags != after.tags:
        gained = [f"+{tag}" for tag in after.tags if tag not in before.tags]
        lost = [f"-{tag}" for tag in before.tags if tag not in after.tags]
        yield " ".join(["tags", *gained, *lost])
    if before.body != after.body:
        yield "text edited" if after.value or kind == "star" else f"{kind} edited"
    if before.private != after.private:
        yield "made private" if after.private else "made public"
