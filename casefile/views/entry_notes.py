"""The notes on entries: phrases and marks for lists, and sections of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from casefile.notes.annotation import (
    LIST_LIMIT,
    Revision,
    row_of,
)
from casefile.notes.checks import TO_CHECK, WRONG, is_current
from casefile.notes.draft import Draft
from casefile.notes.history import Note, kind_in_words
from casefile.places import without_home
from casefile.text.folding import folded
from casefile.text.inert import first_line
from casefile.text.plurals import pluralize
from casefile.views import phrases, timestamps
from casefile.views.case_record import CaseRecord
from casefile.views.free_kinds import label_of
from casefile.views.labels import LABELS
from casefile.views.open_case import OpenCase
from casefile.views.page import Item, Section
from casefile.views.verdicts import check_in_words, counts_in_words, mark_of, verdict_in_words

YOU = "you"
"""The name of the reader in words and in queries."""

_MOST_CHANGES = 12
_MOST_TEXTS = 12
"""The number of texts of one note that a page shows."""
_MOST_JOINED = 256 * 1024
"""The number of characters above which no further text of a conflict is joined to the others."""
_DEEPEST_INDENT = 4


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
    return "\n\n".join(reversed(bodies)), tuple(head.hash for head in joined)


def remembered_title(open_case: OpenCase, entry_id: str) -> str | None:
    """Return the title that an entry had when the last note on it was written."""
    notes = open_case.notebook.on(entry_id)
    return notes[-1].current.target.label if notes else None


# Phrases


def note_counts_in_words(open_case: OpenCase) -> str:
    """Return how many notes and checks there are; if there are none, the key that adds one."""
    notebook = open_case.notebook
    if notebook.write_problem:
        return "notes can’t be kept"
    if not notebook.is_complete:
        return "reading your notes…"
    notes = [note for note in notebook.notes if not note.deleted]
    written = sum(note.is_written for note in notes)
    parts = [
        # The last part is the first to be cut off where there is no room.
        f"{len(notebook.unreadable)} unreadable" if notebook.unreadable else "",
        counts_in_words(open_case.checks.counts) if any(note.is_check for note in notes) else "",
        pluralize(written, "note") if written else "",
    ]
    counts = ", ".join(filter(None, parts))
    if not counts and not notes:
        return "No notes yet · a adds one"
    return f"you: {counts}" if counts else ""


def entry_marks(open_case: OpenCase, entry_id: str) -> str:
    """Return the signs of the notes on an entry in a list, as in “≠★✓✎2”.

    They are: readers disagree, the reader's own star and check, and the number of written notes.
    """
    notebook = open_case.notebook
    notes = notebook.on(entry_id)
    if not notes:
        return ""
    own = {note.current.motivation for note in notes if note.author == notebook.author}
    written = sum(note.is_written for note in notes)
    star = "★" if "bookmarking" in own else ""
    check = mark_of(open_case.checks.own(entry_id)) if "assessing" in own else ""
    disputed = "≠" if open_case.checks.is_disputed(entry_id) else ""
    return f"{disputed}{star}{check}{f'✎{written}' if written else ''}"


def kept_in_words(open_case: OpenCase, said: str = "Kept.", *, is_first: bool) -> str:
    """Return the message after a note was kept; after the first one, also where notes are kept."""
    notebook = open_case.notebook
    # Without how to undo it, so that what follows has room in 80 columns.
    done = said.partition(";")[0].rstrip(".")
    if notebook.clock_warning:
        return f"{done}. {notebook.clock_warning}"
    if not is_first or notebook.folder is None:
        return said
    return f"{done}. Notes stay on this machine, in {without_home(notebook.folder.parent)}"


def dated_ahead_in_words(open_case: OpenCase) -> str:
    """Return which notes a wrong clock has dated, and what to do; empty if there are none."""
    notebook = open_case.notebook
    ahead = notebook.dated_ahead
    if not ahead:
        return ""
    last = max(note.latest_date for note in ahead)
    dated = f"{pluralize(len(ahead), 'note')} dated after today ({timestamps.day(last)})"
    return f"{dated} · “casefile notes redate” mends it"


def kind_or_verdict(open_case: OpenCase, note: Note) -> str:
    """Return the kind or verdict of a note, as in “note”, “★” or “✓ checked”."""
    check = open_case.checks.of_note(note)
    if check is None:
        is_star = note.current.motivation == "bookmarking"
        return "★" if is_star else kind_in_words(note.current)
    verdict = TO_CHECK if check.is_stale else check.verdict
    return f"{mark_of(check)} {verdict_in_words(verdict)}"


def note_in_line(note: Note) -> str:
    """Return a note in one line, as in “checked”, “wrong: should be 22” or “Where from?”."""
    head = note.current
    line = first_line(head.body)
    match head.motivation:
        case "assessing":
            verdict = verdict_in_words(head.value or "")
            return f"{verdict}: {line}" if line else verdict
        case "bookmarking":
            return "★"
        case "tagging":
            return f"tags: {', '.join(head.tags)}"
    return line


def subject(open_case: OpenCase, note: Note) -> str:
    """Return the title of the entry that a note is on."""
    return subject_of(open_case, note.current.entry, note.current.target.label)


def subject_of(case: CaseRecord, entry_id: str, label: str) -> str:
    """Return the title of an entry; of one that has gone, its former title `label`."""
    there = case.entry(entry_id) is not None
    return case.title(entry_id) if there else f"gone: {label}"


def draft_heading(open_case: OpenCase, draft: Draft) -> str:
    """Return what a draft is, for the line above the editor."""
    notebook = open_case.notebook
    note = notebook.note(draft.note) if draft.note else None
    to = notebook.note(draft.reply_to) if draft.reply_to else None
    about = about_in_words(open_case, draft.about)
    on = f"{about}, {draft.label}" if about else draft.label
    if draft.motivation == "assessing":
        return f"{'What would be right' if draft.value == WRONG else 'Remark'}: {on}"
    if draft.motivation == "replying":
        who = f"{to.author} " if to else ""
        return f"{'Reply to' if note is None else 'Editing a reply to'} {who}on {on}"
    return f"{'Note on' if note is None else 'Editing a note on'} {on}"


def about_in_words(open_case: OpenCase, about: object) -> str:
    """Return what part of an entry a note is about: a field, a place in a source, or words."""
    if not isinstance(about, str):
        return ""
    source, _, at = about.partition(", ")
    if open_case.entry(source) is not None and source not in LABELS:
        return ", ".join(filter(None, (open_case.title(source), at)))
    is_key = about.isidentifier()
    return LABELS.get(about, label_of(about) if is_key else phrases.quoted(about))


def authors_in_words(authors: Iterable[str], own: str) -> dict[str, str]:
    """Return what each author is called: first the reader, whose name is `own`, as “You”."""
    in_order = sorted({*authors}, key=lambda one: (one != own, folded(one), one))
    return {one: YOU.capitalize() if one == own else one for one in in_order}


# Sections of a page


def mark_sections(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Yield the checks, stars and tags on an entry by reader, for the top of its page."""
    marks = [note for note in open_case.notebook.on(entry_id) if not note.is_written]
    authors = authors_in_words((note.author for note in marks), open_case.notebook.author)
    for author, name in authors.items():
        items = [*_check(open_case, entry_id, author), *_other_marks(marks, author)]
        yield Section(name, tuple(items))
    if open_case.checks.is_disputed(entry_id):
        words = "Readers disagree on this entry."
        yield Section("", (Item(words, manner="warning"),))


def note_sections(open_case: OpenCase, entry_id: str) -> Iterator[Section]:
    """Yield the written notes on an entry, each followed by the replies to it."""
    notes = [note for note in open_case.notebook.on(entry_id) if note.is_written]
    if notes:
        own = {note.author for note in notes} == {open_case.notebook.author}
        heading = f"{pluralize(len(notes), 'note')}{' of yours' if own else ''}"
        yield Section("", (Item(heading, manner="heading"),))
    for note, depth in _threaded(notes):
        if note.conflict:
            yield Section("", (Item(_conflict_in_words(note), manner="warning", note=note.id),))
        for head in note.heads[-_MOST_TEXTS:]:
            yield Section("", tuple(_revision(open_case, note, head, depth)))


def _conflict_in_words(note: Note) -> str:
    count = len(note.heads)
    if count == 2:
        return "Edited in two places; both texts are shown. Press e on one to join them."
    if count <= _MOST_TEXTS:
        return f"Edited in {count} places; all texts are shown. Press e on one to join them."
    shown = f"Edited in {count:,} places; the last {_MOST_TEXTS} texts are shown."
    return f"{shown} H shows all, and keeps the one that is chosen."


def remembered_row(entry_id: str, notes: Iterable[Note]) -> Mapping[str, Any]:
    """Return the latest row of an entry that a note on it recorded; empty if none did.

    A revision made after the entry had gone has no row.
    """
    revisions = [one for note in notes for one in note.history if one.entry == entry_id]
    newest_first = sorted(revisions, key=lambda one: one.modified, reverse=True)
    return next((row for one in newest_first if (row := row_of(one.target))), {})


def remembered_sections(entry_id: str, notes: Iterable[Note]) -> Iterator[Section]:
    """Yield the recorded fields of an entry, for its page."""
    row = remembered_row(entry_id, notes)
    by_key = {key: tuple(map(Item, _value_in_words(value))) for key, value in row.items()}
    fields = {key: items for key, items in by_key.items() if items and key != "id"}
    if fields:
        words = "As it was when the note was written"
        yield Section("", (Item(words, manner="heading"),))
    if text := fields.pop("text", ()):
        yield Section("", text)
    # As on any page, the date is first and the cites are last.
    for key in sorted(fields, key=lambda key: (key != "date", key == "cites")):
        yield Section(LABELS.get(key) or label_of(key), fields[key])


def _value_in_words(value: Any) -> Iterator[str]:
    # Imported here: comparing rows takes some milliseconds to import.
    from casefile.views.differences import table_in_words

    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield table_in_words(one)
        else:
            yield from phrases.value_in_words(one, no="no")


def _check(open_case: OpenCase, entry_id: str, author: str) -> Iterator[Item]:
    check = open_case.checks.of(entry_id).get(author)
    if check is None:
        return
    words = check_in_words(open_case, check)
    yield Item(words, manner="warning" if check.is_stale else "mark", note=check.note)
    if check.remark:
        yield Item(check.remark, note=check.note)
    note = open_case.notebook.note(check.note)
    if note is not None and note.conflict:
        words = "Edited in two places, with another verdict. Press v to give one verdict."
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


def _revision(open_case: OpenCase, note: Note, head: Revision, depth: int) -> Iterator[Item]:
    mark = open_case.notebook.note(note.current.reply_to or "")
    to = ""
    if mark and not mark.is_written:
        # It is elsewhere on the page, and no note.
        to = f", to the {kind_in_words(mark.current)} of {mark.author}"
    arrows = "↳ " * min(depth + bool(to), _DEEPEST_INDENT)
    yield Item(f"{arrows}{_head(open_case, note, head)}{to}", manner="note-head", note=note.id)
    if head.deleted:
        yield Item("deleted here", manner="faint", note=note.id)
        return
    if not is_current(head.target, head.entry, open_case.current):
        # Imported here: comparing rows takes some milliseconds to import, and few notes need it.
        from casefile.views.differences import changes_in_lines, changes_since

        changes = [*islice(changes_in_lines(changes_since(open_case, head)), _MOST_CHANGES)]
        since = "; since then:" if changes else ""
        if not head.target.snapshot:
            since = "; how it was then is not in the note"
        for line in (f"written on an earlier version of this entry{since}", *changes):
            yield Item(line, manner="faint", note=note.id)
    yield Item(head.body, manner="note", note=note.id)


def _head(open_case: OpenCase, note: Note, head: Revision) -> str:
    by_other = f" by {head.author}" if head.author != note.author else ""
    about = about_in_words(open_case, head.target.field)
    parts = (
        f"{note.author}, {timestamps.minute(head.modified)}",
        f"edited{by_other}" if head.parents else "",
        f"on {about}" if about else "",
        f"tags: {', '.join(head.tags)}" if head.tags else "",
        "private" if head.private else "",
    )
    return ", ".join(filter(None, parts))
