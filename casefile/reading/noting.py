"""Notes in words: what pages, lists and counts say of what the reader added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from casefile.case.relations import cites_of
from casefile.counting import counted
from casefile.notes.annotation import Revision, Target, target_of
from casefile.notes.history import Note
from casefile.places import without_home
from casefile.reading.page import Item, Section

if TYPE_CHECKING:
    from casefile.reading.open_case import OpenCase

_MOST_CHANGES_TOLD = 12


def kept(open_case: OpenCase) -> tuple[Note, ...]:
    """Give the notes that are not deleted, oldest first."""
    return tuple(note for note in open_case.notebook.notes if not note.deleted)


def newest_first(open_case: OpenCase) -> tuple[Note, ...]:
    """Give the notes that are not deleted, the one changed last first."""
    return tuple(sorted(kept(open_case), key=lambda note: note.current.modified, reverse=True))


def count_in_words(open_case: OpenCase) -> str:
    """Give how many notes there are; without any, what to press instead of a zero."""
    count = len(kept(open_case))
    if open_case.notebook.refuses:
        return "notes can’t be kept"
    damaged = len(open_case.notebook.unreadable)
    if not count and not damaged:
        return "no notes yet: a annotates"
    said = f"you: {counted(count, 'note')}"
    return f"{said}, {damaged} unreadable" if damaged else said


def kept_in_words(open_case: OpenCase, *, is_first: bool) -> str:
    """Give what is said of a note that was kept; of the first one also where it is."""
    folder = open_case.notebook.folder
    if not is_first or folder is None:
        return "Kept."
    return f"Kept. Notes stay on this machine, in {without_home(folder.parent)}"


def unreadable_in_words(open_case: OpenCase) -> list[str]:
    """Give the files of notes that can't be read, each with the reason."""
    return [f"{path}: {reason}" for path, reason in open_case.notebook.unreadable]


def when(_open_case: OpenCase, note: Note) -> str:
    """Give when a note was last changed, for a column."""
    return f"{_local(note.current.modified):%-d %b %H:%M}"


def first_line(_open_case: OpenCase, note: Note) -> str:
    """Give the first line of a note that says something."""
    lines = note.current.body.splitlines()
    return next((line for line in lines if line.strip()), "")


def subject(open_case: OpenCase, note: Note) -> str:
    """Give the title of the entry that a note is on."""
    entry_id = note.current.entry
    there = open_case.entry(entry_id) is not None
    return open_case.title(entry_id) if there else f"gone: {note.current.target.label}"


def target(
    open_case: OpenCase,
    entry_id: str,
    label: str,
    about: str | Mapping[str, object] | None = None,
) -> Target:
    """Give an entry and the texts it cites as they are now, for a note to remember.

    `about` is the field, place or words that the note speaks of. An entry that has gone has no row.
    """
    entry = open_case.entry(entry_id)
    cites = cites_of(open_case.case_file, entry) if entry else ()
    named = dict.fromkeys(filter(None, map(open_case.case_file.source_of, cites)))
    hashes = {source: open_case.text_hash(source) for source in named}
    known = {source: found for source, found in hashes.items() if found}
    return target_of(label, open_case.case_file.rows.get(entry_id, {}), known, about)


def joined_text(note: Note) -> str:
    """Give the text of a note; of one edited in two places, both texts, one after the other."""
    return "\n\n".join(head.body for head in note.heads if not head.deleted)


def remembered_title(open_case: OpenCase, entry_id: str) -> str | None:
    """Give the title that an entry had when a note on it was last written."""
    notes = open_case.notebook.on(entry_id)
    return notes[-1].current.target.label if notes else None


def sections(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Give the notes on an entry, for its page."""
    notes = open_case.notebook.on(entry_id)
    if notes:
        yield Section("", (Item(f"{counted(len(notes), 'note')} of yours", manner="heading"),))
    for note in notes:
        if note.conflict:
            words = "Edited in two places; both texts stand here. e on one of them joins them."
            yield Section("", (Item(words, manner="warning", note=note.id),))
        for head in note.heads:
            yield Section("", tuple(_revision(open_case, note, head)))


def _revision(open_case: OpenCase, note: Note, head: Revision) -> Iterator[Item]:
    moment = f"{_local(head.modified):%-d %b %Y %H:%M}"
    edited = ", edited" if head.rev > 1 else ""
    yield Item(f"{head.author}, {moment}{edited}", manner="note-head", note=note.id)
    if head.deleted:
        yield Item("deleted here", manner="faint", note=note.id)
        return
    if not _is_current(open_case, head):
        yield from _written_earlier(open_case, note, head)
    yield Item(head.body, manner="note", note=note.id)


def _written_earlier(open_case: OpenCase, note: Note, head: Revision) -> Iterator[Item]:
    """Say that an entry has changed since a note on it was written, and what in it has."""
    # What compares two rows takes some milliseconds to import, which few notes need.
    from casefile.reading.differences import changes_in_lines, changes_since

    told = [*islice(changes_in_lines(changes_since(open_case, head)), _MOST_CHANGES_TOLD)]
    since = "; since then:" if told else ""
    words = f"written on an earlier version of this entry{since}"
    for line in (words, *told):
        yield Item(line, manner="faint", note=note.id)


def _is_current(open_case: OpenCase, head: Revision) -> bool:
    return open_case.digest(head.entry) in (None, head.target.digest)


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone()
