"""What readers added to an entry, as sections of its page: their checks, their notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from casefile.notes.annotation import Revision
from casefile.notes.checks import is_current
from casefile.notes.history import Note, kind_in_words
from casefile.text.plurals import counted
from casefile.views import phrases, timestamps
from casefile.views.free_kinds import label_of
from casefile.views.labels import LABELS
from casefile.views.note_words import authors_in_words
from casefile.views.open_case import OpenCase
from casefile.views.page import Item, Section
from casefile.views.verdicts import check_in_words

_MOST_CHANGES_TOLD = 12
_DEEPEST = 4


def standing(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Give what each reader has checked, starred and tagged; it stands at the top of the page."""
    marks = [note for note in open_case.notebook.on(entry_id) if not note.is_written]
    authors = authors_in_words((note.author for note in marks), open_case.notebook.author)
    for author, called in authors.items():
        items = [*_check(open_case, entry_id, author), *_other_marks(marks, author)]
        yield Section(called, tuple(items))
    if open_case.checks.is_disputed(entry_id):
        words = "Readers disagree on this entry."
        yield Section("", (Item(words, manner="warning"),))


def written(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Give the notes on an entry, each followed by the replies to it."""
    notes = [note for note in open_case.notebook.on(entry_id) if note.is_written]
    if notes:
        own = {note.author for note in notes} == {open_case.notebook.author}
        heading = f"{counted(len(notes), 'note')}{' of yours' if own else ''}"
        yield Section("", (Item(heading, manner="heading"),))
    for note, depth in _threaded(notes):
        if note.conflict:
            words = "Edited in two places; both texts stand here. e on one of them joins them."
            yield Section("", (Item(words, manner="warning", note=note.id),))
        for head in note.heads:
            yield Section("", tuple(_revision(open_case, note, head, depth)))


def about_in_words(open_case: OpenCase, about: object) -> str:
    """Give what of an entry a note speaks of: a field, a place in a source, or words."""
    if not isinstance(about, str):
        return ""
    source, _, at = about.partition(", ")
    if open_case.entry(source) is not None and source not in LABELS:
        return ", ".join(filter(None, (open_case.title(source), at)))
    is_key = about.isidentifier()
    return LABELS.get(about, label_of(about) if is_key else phrases.quoted(about))


def _check(open_case: OpenCase, entry_id: str, author: str) -> Iterator[Item]:
    check = open_case.checks.of(entry_id).get(author)
    if check is None:
        return
    said = check_in_words(open_case, check)
    yield Item(said, manner="warning" if check.is_stale else "mark", note=check.note)
    if check.remark:
        yield Item(check.remark, note=check.note)
    note = open_case.notebook.note(check.note)
    if note is not None and note.conflict:
        words = "Another verdict was given beside this one; v settles it."
        yield Item(words, manner="warning", note=check.note)


def _other_marks(marks: Sequence[Note], author: str) -> Iterator[Item]:
    for note in marks:
        if note.author != author:
            continue
        if note.current.motivation == "bookmarking":
            yield Item("★ starred", manner="mark", note=note.id)
        elif note.current.tags:
            tags = ", ".join(note.current.tags)
            yield Item(f"tags: {tags}", manner="mark", note=note.id)


def _threaded(notes: Sequence[Note]) -> Iterator[tuple[Note, int]]:
    """Give notes oldest first, each followed by its replies, with how deep these go."""
    there = {note.id for note in notes}
    replies: dict[str | None, list[Note]] = {}
    for note in notes:
        to = note.current.reply_to
        replies.setdefault(to if to in there and to != note.id else None, []).append(note)
    waiting = [(note, 0) for note in reversed(replies.pop(None, []))]
    while waiting:
        note, depth = waiting.pop()
        yield note, depth
        waiting += [(reply, depth + 1) for reply in reversed(replies.pop(note.id, []))]
    # Two that reply to each other, as only a hand-made file can, are not lost.
    yield from ((note, 0) for several in replies.values() for note in several)


def _revision(open_case: OpenCase, note: Note, head: Revision, depth: int) -> Iterator[Item]:
    to = _of_mark_replied_to(open_case, note)
    words = f"{'↳ ' * min(depth + bool(to), _DEEPEST)}{_head(open_case, note, head)}{to}"
    yield Item(words, manner="note-head", note=note.id)
    if head.deleted:
        yield Item("deleted here", manner="faint", note=note.id)
        return
    if not is_current(head.target, head.entry, open_case):
        yield from _written_earlier(open_case, note, head)
    yield Item(head.body, manner="note", note=note.id)


def _of_mark_replied_to(open_case: OpenCase, note: Note) -> str:
    """Say to whose check, star or tags a note replies, which stand elsewhere on the page."""
    to = open_case.notebook.note(note.current.reply_to or "")
    if to is None or to.is_written:
        return ""
    return f", to the {kind_in_words(to.current)} of {to.author}"


def _head(open_case: OpenCase, note: Note, head: Revision) -> str:
    by_other = f" by {head.author}" if head.author != note.author else ""
    about = about_in_words(open_case, head.target.field)
    parts = (
        f"{note.author}, {timestamps.minute(head.modified)}",
        f"edited{by_other}" if head.rev > 1 else "",
        f"on {about}" if about else "",
        f"tags: {', '.join(head.tags)}" if head.tags else "",
        "private" if head.private else "",
    )
    return ", ".join(filter(None, parts))


def _written_earlier(open_case: OpenCase, note: Note, head: Revision) -> Iterator[Item]:
    """Say that an entry has changed since a note on it was written, and what in it has."""
    # What compares two rows takes some milliseconds to import, which few notes need.
    from casefile.views.differences import changes_in_lines, changes_since

    told = [*islice(changes_in_lines(changes_since(open_case, head)), _MOST_CHANGES_TOLD)]
    since = "; since then:" if told else ""
    words = f"written on an earlier version of this entry{since}"
    for line in (words, *told):
        yield Item(line, manner="faint", note=note.id)
