"""The revisions of a note in words: what each did, what it says, what it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from casefile.notes.annotation import Revision
from casefile.notes.history import Note, parents_of
from casefile.reading.page import Item, Page, Section

if TYPE_CHECKING:
    from casefile.notes.notebook import Notebook

_BEGUN = {"bookmarking": "starred", "tagging": "tagged", "replying": "replied"}
_NUMBERS = {2: "two", 3: "three"}


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
    years = {_local(one.modified).year for one in note.history}
    form = "%-d %b %Y %H:%M" if len(years) > 1 else "%-d %b %H:%M"
    return tuple(
        RevisionLine(
            revision,
            f"{_local(revision.modified):{form}}",
            done_in_words(revision, _parents(note, revision)),
            "" if revision.deleted else first_line(revision),
            stands(note, revision),
        )
        for revision in reversed(note.history)
    )


def done_in_words(revision: Revision, parents: Sequence[Revision]) -> str:
    """Give what a revision did to what the readable ones that it follows said: "edited"."""
    return ", ".join(_done(revision, parents)) or "kept again"


def first_line(revision: Revision) -> str:
    """Give the first line of a revision's text that says something."""
    lines = revision.body.splitlines()
    return next((line for line in lines if line.strip()), "")


def moment_in_words(revision: Revision) -> str:
    """Give when a revision was written, by the clock of this machine."""
    return f"{_local(revision.modified):%-d %b %Y %H:%M}"


def stands(note: Note, revision: Revision) -> bool:
    """Say whether no other revision follows one."""
    return any(head.hash == revision.hash for head in note.heads)


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
        parents=[head.hash for head in note.heads],
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
    parents = _parents(note, revision)
    done = done_in_words(revision, parents)
    subtitle = f"{done} · {_standing(note)}" if stands(note, revision) else done
    title = f"{revision.author}, {moment_in_words(revision)}"
    sections = (_text(revision), *_changed(revision, parents), *_about(revision))
    return Page(revision.entry, title, subtitle, sections)


def _done(revision: Revision, parents: Sequence[Revision]) -> Iterator[str]:
    if revision.undoes:
        yield "undone"
    elif revision.deleted:
        yield "deleted"
    elif not revision.parents:
        yield _verdict(revision) or _BEGUN.get(revision.motivation, "new")
    elif not parents:
        yield "edited"
    else:
        yield from _changes_in_words(revision, parents)


def _changes_in_words(revision: Revision, parents: Sequence[Revision]) -> Iterator[str]:
    texts = [parent for parent in parents if not parent.deleted]
    bodies = {parent.body for parent in texts or parents}
    several = len(revision.parents) - (len(parents) - len(texts))
    if not texts:
        yield "brought back"
    if several > 1:
        did = "kept one of" if revision.body in bodies else "joined"
        yield f"{did} {_NUMBERS.get(several, several)} texts"
    elif revision.body not in bodies:
        yield "edited"
    if all(revision.value != parent.value for parent in parents) and revision.value:
        yield _verdict(revision)
    if all(revision.tags != parent.tags for parent in parents):
        yield "tags changed"
    if all(revision.private != parent.private for parent in parents):
        yield "made private" if revision.private else "no longer private"
    if all(revision.entry != parent.entry for parent in parents):
        yield "moved to another entry"


def _verdict(revision: Revision) -> str:
    return (revision.value or "").replace("-", " ")


def _standing(note: Note) -> str:
    count = len(note.heads)
    return f"one of {_NUMBERS.get(count, count)} that stand now" if count > 1 else "stands now"


def _parents(note: Note, revision: Revision) -> tuple[Revision, ...]:
    return parents_of(revision, {one.hash: one for one in note.history})


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
    from casefile.reading.differences import changes_in_lines

    now = _content(revision) | {"entry": revision.entry}
    for parent in parents:
        before = _content(parent) | {"entry": parent.entry}
        lines = tuple(changes_in_lines(changes_by_key(before, now)))
        whose = f", against {parent.author}’s of {moment_in_words(parent)}"
        heading = Item(f"Changed{whose if len(parents) > 1 else ''}", manner="heading")
        if lines:
            yield Section("", (heading, *(Item(line, manner="faint") for line in lines)))


def _about(revision: Revision) -> Iterator[Section]:
    labelled = {
        "On": revision.target.label,
        "Verdict": _verdict(revision),
        "Tags": ", ".join(revision.tags),
        "Private": "yes" if revision.private else "",
    }
    return (Section(label, (Item(words),)) for label, words in labelled.items() if words)


def _content(revision: Revision) -> dict[str, object]:
    """Give what a revision says as plain values, without what it leaves unsaid."""
    said = {
        "text": revision.body,
        "verdict": _verdict(revision),
        "tags": list(revision.tags),
        "private": revision.private,
    }
    return {key: value for key, value in said.items() if value}


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone()
