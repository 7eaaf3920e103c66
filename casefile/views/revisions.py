"""The revisions of a note in words: what each did, what it says, what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from casefile.notes.annotation import Revision
from casefile.notes.history import Note, parents_of
from casefile.notes.notebook import Notebook
from casefile.text.inert import first_line
from casefile.views import timestamps
from casefile.views.note_words import done_in_words, number_in_words
from casefile.views.page import Item, Page, Section
from casefile.views.verdicts import verdict_in_words


class RevisionLine(msgspec.Struct, frozen=True):
    """A revision as it stands in the list of a note's revisions, in words."""

    revision: Revision
    when: str
    done: str
    text: str
    stands: bool
    """Whether it is what the note says now, alone or beside another."""


def lines_of(note: Note) -> tuple[RevisionLine, ...]:
    """Give the revisions of a note, newest first; the year only where there are several."""
    years = {one.modified.astimezone().year for one in note.history}
    known = note.by_hash
    return tuple(
        RevisionLine(
            revision,
            timestamps.minute(revision.modified, with_year=len(years) > 1),
            done_in_words(revision, known),
            "" if revision.deleted else first_line(revision.body),
            stands(note, revision),
        )
        for revision in reversed(note.history)
    )


def stands(note: Note, revision: Revision) -> bool:
    """Say whether no other revision follows one."""
    return revision.hash in note.head_hashes


def hindrance(note: Note, revision: Revision) -> str | None:
    """Give in words why the text of a revision can't be restored, or None if it can."""
    if revision.deleted:
        return "A deletion has no text; choose another one."
    is_other = note.conflict or note.deleted
    if not is_other and _content(revision) == _content(note.current):
        return "That text stands now; there is nothing to restore."
    return None


def restore(notebook: Notebook, note: Note, revision: Revision) -> Revision:
    """Keep the text of a revision again, after all that stand now; raises NotKept.

    The note stays on the entry that it is on. What was written on another one, or when this one
    was otherwise, is not told as if it were on this one as it is now.
    """
    current = note.current
    return notebook.keep_edit(
        note.id,
        revision.body,
        revision.target if revision.entry == current.entry else current.target,
        parents=note.head_hashes,
        value=revision.value,
        tags=revision.tags,
        private=revision.private,
    )


def notes_ever_on(notebook: Notebook, entry_id: str) -> tuple[Note, ...]:
    """Give the notes on an entry, the deleted ones too, oldest first."""
    return tuple(
        note for note in notebook.notes if any(head.entry == entry_id for head in note.heads)
    )


def page_of(note: Note, revision: Revision) -> Page:
    """Give all that a revision says, and what it changed, as a page."""
    known = note.by_hash
    done = done_in_words(revision, known)
    subtitle = f"{done} · {_standing(note)}" if stands(note, revision) else done
    title = f"{revision.author}, {timestamps.minute(revision.modified)}"
    sections = (
        _text(revision),
        *_changed(revision, parents_of(revision, known)),
        *_about(revision),
    )
    return Page(revision.entry, title, subtitle, sections)


def _standing(note: Note) -> str:
    count = len(note.heads)
    return f"one of {number_in_words(count)} that stand now" if count > 1 else "stands now"


def _text(revision: Revision) -> Section:
    if revision.deleted:
        return Section("", (Item("The note was deleted here.", manner="faint"),))
    if not revision.body.strip():
        return Section("", (Item("without words", manner="faint"),))
    return Section("", (Item(revision.body, manner="note"),))


def _changed(revision: Revision, parents: Sequence[Revision]) -> Iterator[Section]:
    if revision.parents and not parents:
        words = "What it followed can’t be read, so what it changed can’t be told."
        yield Section("", (Item(words, manner="faint"),))
        return
    # What compares texts takes some milliseconds to import.
    from casefile.case.difference.changes import changes_by_key
    from casefile.views.differences import changes_in_lines

    now = _content(revision) | {"entry": revision.entry}
    for parent in parents:
        before = _content(parent) | {"entry": parent.entry}
        lines = tuple(changes_in_lines(changes_by_key(before, now)))
        whose = f", against {parent.author}’s of {timestamps.minute(parent.modified)}"
        heading = Item(f"Changed{whose if len(parents) > 1 else ''}", manner="heading")
        if lines:
            yield Section("", (heading, *(Item(line, manner="faint") for line in lines)))


def _about(revision: Revision) -> Iterator[Section]:
    labelled = {
        "On": revision.target.label,
        "Verdict": verdict_in_words(revision.value or ""),
        "Tags": ", ".join(revision.tags),
        "Private": "yes" if revision.private else "",
    }
    return (Section(label, (Item(words),)) for label, words in labelled.items() if words)


def _content(revision: Revision) -> dict[str, object]:
    """Give what a revision says as plain values, without what it leaves unsaid."""
    said = {
        "text": revision.body,
        "verdict": verdict_in_words(revision.value or ""),
        "tags": list(revision.tags),
        "private": revision.private,
    }
    return {key: value for key, value in said.items() if value}
