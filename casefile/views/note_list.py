"""Notes as a list without a screen: what there is to say of each, and as plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from casefile.notes.annotation import Revision
from casefile.notes.checks import is_current
from casefile.notes.history import Note
from casefile.text.inert import inert_lines
from casefile.views import timestamps
from casefile.views.note_words import SHORT_ID, kind_of
from casefile.views.open_case import OpenCase

_INDENT = "    "


class ListedNote(msgspec.Struct, frozen=True):
    """A note that is not deleted, with what the case says of the entry that it is on.

    Without the case's file nobody can say whether the entry has gone or changed: these are None.
    """

    note: Note
    case: str
    title: str
    """The title of its entry, as it is now or else as it was when the note was written."""
    is_orphan: bool | None
    is_earlier: bool | None
    """Whether it was written on an earlier version of its entry."""


def listed_notes(
    notes: Iterable[Note], case_id: str, open_case: OpenCase | None
) -> Iterator[ListedNote]:
    """Give those of some notes on a case that are not deleted, in their order."""
    return (_listed(note, case_id, open_case) for note in notes if not note.deleted)


def _listed(note: Note, case_id: str, open_case: OpenCase | None) -> ListedNote:
    *_, text = note.texts
    if open_case is None:
        return ListedNote(note, case_id, text.target.label, None, None)
    is_there = open_case.entry(text.entry) is not None
    return ListedNote(
        note,
        case_id,
        open_case.title(text.entry) if is_there else text.target.label,
        not is_there,
        not is_current(text.target, text.entry, open_case),
    )


def states_in_words(listed: ListedNote) -> Iterator[str]:
    """Give what there is to know of a note before its texts."""
    states = {
        "private": listed.note.private,
        "the entry has gone": listed.is_orphan,
        "written on an earlier version of the entry": listed.is_earlier,
        "edited in two places; each text follows": listed.note.conflict,
    }
    return (state for state, is_so in states.items() if is_so)


def note_in_lines(listed: ListedNote) -> Iterator[str]:
    """Give a note as a block of lines, each of which says something by itself."""
    *_, text = listed.note.texts
    note = listed.note
    made = f"{timestamps.minute(note.created)}, {note.author}"
    title = " ".join(inert_lines(listed.title))
    yield f"{made}, {kind_of(text)} on {text.entry}: {title}"
    yield f"{_INDENT}id {note.id[:SHORT_ID]}"
    if text.reply_to:
        yield f"{_INDENT}a reply to {text.reply_to[:SHORT_ID]}"
    yield from (f"{_INDENT}{state}" for state in states_in_words(listed))
    for head in note.heads:
        yield from _text_in_lines(note, head)


def _text_in_lines(note: Note, head: Revision) -> Iterator[str]:
    # Of a note that never changed, when and by whom stands at its top.
    if note.conflict or head.rev > 1:
        did = "deleted" if head.deleted else "edited"
        yield f"{_INDENT}{did} {timestamps.minute(head.modified)}, {head.author}"
    if head.deleted:
        return
    if head.body:
        yield from (f"{_INDENT}{line}" for line in inert_lines(head.body))
    if head.tags:
        yield f"{_INDENT}tags: {', '.join(head.tags)}"


def note_as_data(listed: ListedNote) -> Iterator[dict[str, Any]]:
    """Give each text of a note that stands, with all that is known of it."""
    for head in listed.note.texts:
        yield {
            "case": listed.case,
            "orphan": listed.is_orphan,
            "earlier_version": listed.is_earlier,
            "conflict": listed.note.conflict,
            **revision_as_data(head),
        }


def revision_as_data(revision: Revision) -> dict[str, Any]:
    """Give the fields of a revision; its entry is told by the label that it had then."""
    return {
        "id": revision.id,
        "rev": revision.rev,
        "hash": revision.hash,
        "parents": list(revision.parents),
        "entry": revision.entry,
        "target": {"label": revision.target.label, "field": revision.target.field},
        "motivation": revision.motivation,
        "value": revision.value,
        "reply_to": revision.reply_to,
        "body": revision.body,
        "tags": list(revision.tags),
        "private": revision.private,
        "author": revision.author,
        "created": revision.created.isoformat(),
        "modified": revision.modified.isoformat(),
    }
