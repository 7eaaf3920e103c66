"""The sections of a page that show the notes, checks, stars and tags on its entry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec.structs import replace

from casefile.case.difference.budget import Budget
from casefile.notes.annotation import Revision, is_row_of, row_of
from casefile.notes.authors import author_in_words
from casefile.notes.checks import Check, check_in, is_current
from casefile.notes.history import Note, kind_in_words
from casefile.notes.notebook import Notebook
from casefile.text.plurals import pluralize
from casefile.views import phrases, timestamps
from casefile.views.entry_notes import about_in_words, authors_in_words, latest_on, subject_of
from casefile.views.labels import field_label
from casefile.views.open_case import OpenCase
from casefile.views.page import Item, Manner, Section
from casefile.views.verdicts import check_in_words

_OTHER_READER = "Reader"
"""The label of another reader's marks: a name in its place could be that of a field."""
_MOST_CHANGES = 12
_MOST_TEXTS = 12
"""The number of texts of one note that a page shows."""
_DEEPEST_INDENT = 4
_KEY_TO_JOIN = "Press e on one to join them."
_KEYS_FOR_MARKS = {
    "assessing": "Press v to give one verdict; it keeps all remarks.",
    "bookmarking": "Press H to keep one of them.",
    "tagging": "Press t to change the tags; those of all versions are kept.",
}
"""What makes one version of a check, star or tags that were edited in several places."""


def mark_sections(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Yield the checks, stars and tags on an entry by reader, for the top of its page."""
    marks = [note for note in open_case.notebook.on(entry_id) if not note.is_written]
    by_author: defaultdict[str, list[Note]] = defaultdict(list)
    for note in marks:
        by_author[note.author].append(note)
    checks, own = open_case.checks.of(entry_id), open_case.notebook.author
    for author, name in authors_in_words(by_author, own).items():
        items = (*_marks(open_case, entry_id, by_author[author], checks.get(author)),)
        yield Section(name, items) if author == own else _of_other_reader(name, items)
    if open_case.checks.is_disputed(entry_id):
        words = "Readers disagree on this entry."
        yield Section("", (Item(words, manner="warning"),))


def note_sections(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Yield the written notes on an entry, each followed by the replies to it."""
    notes = [note for note in open_case.notebook.on(entry_id) if note.is_written]
    if notes:
        own = {note.author for note in notes} == {open_case.notebook.author}
        words = f"{pluralize(len(notes), 'note')}{' of yours' if own else ''}"
        yield Section("", (Item(words, manner="heading"),))
    budget = Budget()
    for note, depth in _threaded(notes):
        if note.conflict:
            yield Section("", (_conflict(note, _KEY_TO_JOIN),))
        for head in note.heads[-_MOST_TEXTS:]:
            heading = _heading(open_case, entry_id, note, head, depth)
            yield Section("", (heading, *_revision(open_case, note, head, budget)))


def _conflict(note: Note, key: str) -> Item:
    """Return the warning that a note has several versions; `key` says how to make one of them."""
    count = len(note.heads)
    places, shown = ("two", "both versions") if count == 2 else (f"{count:,}", "all versions")
    if count > _MOST_TEXTS:
        shown = f"the last {_MOST_TEXTS} versions"
        key = "H shows all, and keeps the one that is chosen."
    words = " ".join(filter(None, (f"Edited in {places} places; {shown} are shown.", key)))
    return Item(words, manner="warning", note=note.id)


def remembered_row(notebook: Notebook, entry_id: str, notes: Iterable[Note]) -> Mapping[str, Any]:
    """Return the row of an entry that the first of `latest_on` recorded; empty if none did.

    A revision made after the entry had gone has no row, and a check that was moved to it has
    that of another.
    """
    rows = (row_of(one.target) for one in latest_on(notebook, entry_id, notes))
    return next((row for row in rows if row and is_row_of(row, entry_id)), {})


def remembered_sections(notebook: Notebook, entry_id: str) -> Iterator[Section]:
    """Yield the recorded fields of an entry, for its page."""
    row = remembered_row(notebook, entry_id, notebook.on(entry_id))
    by_key = {key: tuple(map(Item, _value_in_words(value))) for key, value in row.items()}
    fields = {key: items for key, items in by_key.items() if items and key != "id"}
    if fields:
        words = "As it was when the note was written"
        yield Section("", (Item(words, manner="heading"),))
    if text := fields.pop("text", ()):
        yield Section("", text)
    # As on any page, the date is first and the cites are last.
    for key in sorted(fields, key=lambda key: (key != "date", key == "cites")):
        yield Section(field_label("", key), fields[key])


def _value_in_words(value: Any) -> Iterator[str]:
    # Imported here: comparing rows takes some milliseconds to import.
    from casefile.views.differences import table_in_words

    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield table_in_words(one)
        else:
            yield from phrases.value_in_words(one, no="no")


def _of_other_reader(name: str, items: tuple[Item, ...]) -> Section:
    return Section(_OTHER_READER, (*_introduced(name, items),))


def _introduced(words: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield items, the first one after some words and a colon, if there are any."""
    for number, item in enumerate(items):
        is_first = number == 0 and words
        yield replace(item, text=f"{words}: {item.text}") if is_first else item


def _elsewhere(open_case: OpenCase, entry_id: str, head: Revision) -> str:
    """Return the title of the entry that a version is on if it is another, as after a move."""
    is_here = head.entry == entry_id
    return "" if is_here else subject_of(open_case, head.entry, head.target.label)


def _marks(
    open_case: OpenCase, entry_id: str, marks: Sequence[Note], check: Check | None
) -> Iterator[Item]:
    """Yield the checks of one author, the one that counts last, and then the stars and tags."""
    checks = [note for note in marks if note.is_check]
    counting = check.note if check else ""
    for note in sorted(checks, key=lambda note: note.id == counting):
        yield from _mark(open_case, entry_id, note)
    if len(checks) > 1:
        words = f"{len(checks):,} checks by one reader; the last one counts."
        yield Item(words, manner="warning", note=counting)
    for note in marks:
        if not note.is_check:
            yield from _mark(open_case, entry_id, note)


def _mark(open_case: OpenCase, entry_id: str, note: Note) -> Iterator[Item]:
    for head in note.heads[-_MOST_TEXTS:]:
        elsewhere = _elsewhere(open_case, entry_id, head)
        place = f"on {elsewhere}" if elsewhere else ""
        yield from _introduced(place, _version_of_mark(open_case, note, head))
    if note.conflict:
        is_own = note.author == open_case.notebook.author
        yield _conflict(note, _KEYS_FOR_MARKS[note.current.motivation] if is_own else "")


def _version_of_mark(open_case: OpenCase, note: Note, head: Revision) -> Iterator[Item]:
    if head.deleted:
        yield Item("deleted here", manner="faint", note=note.id)
        return
    if head.motivation == "assessing":
        check = check_in(note, head, open_case.current)
        manner: Manner = "warning" if check.is_stale else "mark"
        yield Item(check_in_words(open_case, check), manner=manner, note=note.id)
    elif head.motivation == "bookmarking":
        yield Item("★ starred", manner="mark", note=note.id)
    if head.body:
        yield Item(head.body, note=note.id)
    if head.tags or (note.conflict and head.motivation == "tagging"):
        tags = ", ".join(head.tags) or "none"
        yield Item(f"tags: {tags}", manner="mark", note=note.id)


def _threaded(notes: Sequence[Note]) -> Iterator[tuple[Note, int]]:
    """Yield the notes oldest first, each followed by its replies, with the depth of each."""
    ids = {note.id for note in notes}
    replies: dict[str | None, list[Note]] = {}
    for note in notes:
        to = note.current.reply_to
        replies.setdefault(to if to in ids and to != note.id else None, []).append(note)
    stack = [(note, 0) for note in reversed(replies.pop(None, []))]
    while stack:
        note, depth = stack.pop()
        yield note, depth
        stack += [(reply, depth + 1) for reply in reversed(replies.pop(note.id, []))]
    # Notes that reply to each other, which only a file made by hand can hold.
    yield from ((note, 0) for several in replies.values() for note in several)


def _heading(open_case: OpenCase, entry_id: str, note: Note, head: Revision, depth: int) -> Item:
    mark = open_case.notebook.note(note.current.reply_to or "")
    to = ""
    if mark and not mark.is_written:
        # It is elsewhere on the page, and no note.
        to = f", to the {kind_in_words(mark.current)} of {author_in_words(mark.author)}"
    arrows = "↳ " * min(depth + bool(to), _DEEPEST_INDENT)
    words = f"{arrows}{_head(open_case, entry_id, note, head)}{to}"
    return Item(words, manner="note-head", note=note.id)


def _revision(open_case: OpenCase, note: Note, head: Revision, budget: Budget) -> Iterator[Item]:
    if head.deleted:
        yield Item("deleted here", manner="faint", note=note.id)
        return
    if not is_current(head.target, head.entry, open_case.current):
        for line in _changes_in_lines(open_case, head, budget):
            yield Item(line, manner="faint", note=note.id)
    yield Item(head.body, manner="note", note=note.id)


def _changes_in_lines(open_case: OpenCase, head: Revision, budget: Budget) -> Iterator[str]:
    """Yield that the entry has changed since a note was written, and the first changes."""
    # Imported here: comparing rows takes some milliseconds to import, and few notes need it.
    from casefile.views.differences import changes_in_lines, changes_since

    changes: list[str] = []
    since = ""
    if not head.target.snapshot:
        since = "; how it was then is not in the note"
    elif budget.is_spent:
        since = "; what has changed since is not shown"
    else:
        found = changes_in_lines(changes_since(open_case, head, budget))
        changes = [*islice(found, _MOST_CHANGES)]
        since = "; since then:" if changes else ""
    yield f"written on an earlier version of the entry{since}"
    yield from changes


def _head(open_case: OpenCase, entry_id: str, note: Note, head: Revision) -> str:
    edited = "edited" if head.parents else ""
    by_other = f"by {author_in_words(head.author)}" if head.author != note.author else ""
    about = about_in_words(open_case, head.entry, head.target.field)
    place = ", ".join(filter(None, (about, _elsewhere(open_case, entry_id, head))))
    parts = (
        f"{author_in_words(note.author)}, {timestamps.minute(head.modified)}",
        " ".join(filter(None, (edited, by_other))),
        f"on {place}" if place else "",
        f"tags: {', '.join(head.tags)}" if head.tags else "",
        "private" if head.private else "",
    )
    return ", ".join(filter(None, parts))
