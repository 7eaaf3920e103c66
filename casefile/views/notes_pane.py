"""The pane of all that the reader, and others, added: in one of four orders, drafts among it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from casefile.notes.drafts import Draft
from casefile.notes.history import KINDS, Note
from casefile.text.folding import folded
from casefile.text.inert import first_line
from casefile.text.plurals import counted
from casefile.views import noting, timestamps
from casefile.views.kinds import NOTES, Column
from casefile.views.note_words import authors_in_words
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    DraftRow,
    HeadingRow,
    NoteRow,
    NotesOrder,
    Pane,
    Row,
    fitted_columns,
)

Written: TypeAlias = Note | Draft
"""What stands on a row: an annotation, or a text that is not kept yet."""

GONE = "Gone from the case file"
UNTAGGED = "Without tags"
DRAFT = "draft"


def notes_pane(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, drafts: Sequence[Draft]
) -> Iterator[Pane]:
    """Give the pane of all annotations and drafts, if there are any.

    `panes` are those of the entries, whose order is one that the notes can stand in.
    """
    notes = noting.newest_first(open_case)
    written: list[Written] = [*notes, *drafts]
    if drafts:
        written.sort(key=_modified, reverse=True)
    if not written:
        return
    rows = tuple(_rows(open_case, panes, order, written))
    has_others = any(note.author != open_case.notebook.author for note in notes)
    columns = _columns(order, has_others=has_others)
    summary = _in_words(open_case, notes, drafts)
    yield Pane(NOTES, fitted_columns(open_case, columns, rows), rows, summary=summary)


def _rows(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, written: Sequence[Written]
) -> Iterator[Row]:
    match order:
        case "time":
            yield from map(_row, written)
        case "entry":
            yield from _by_entry(open_case, panes, written)
        case "tag":
            yield from _by_tag(written)
        case "author":
            yield from _by_author(open_case, written)


def _by_entry(
    open_case: OpenCase, panes: Sequence[Pane], written: Sequence[Written]
) -> Iterator[Row]:
    """Give what is on each entry, oldest first, and what is on none at the end."""
    by_entry: defaultdict[str, list[Written]] = defaultdict(list)
    for one in reversed(written):
        by_entry[_entry(one)].append(one)
    shown = (row.entry for pane in panes for row in pane.selectable_rows)
    for entry in dict.fromkeys((*shown, *open_case.case_file.entries)):
        yield from map(_row, by_entry.pop(entry, ()))
    if by_entry:
        yield HeadingRow(GONE)
        yield from (_row(one) for several in by_entry.values() for one in several)


def _by_tag(written: Iterable[Written]) -> Iterator[Row]:
    """Give what bears each tag, and what bears none at the end."""
    headings: dict[str, str] = {}
    by_tag: defaultdict[str, list[Row]] = defaultdict(list)
    untagged = []
    for one in written:
        tags = _tags(one)
        for tag in tags:
            key = folded(tag)
            by_tag[key].append(_row(one, headings.setdefault(key, tag)))
        if not tags:
            untagged.append(_row(one))
    for key in sorted(by_tag):
        yield HeadingRow(headings[key])
        yield from dict.fromkeys(by_tag[key])
    if untagged and by_tag:
        yield HeadingRow(UNTAGGED)
    yield from untagged


def _by_author(open_case: OpenCase, written: Iterable[Written]) -> Iterator[Row]:
    """Give what each author wrote, the reader's own first."""
    by_author: defaultdict[str, list[Row]] = defaultdict(list)
    for one in written:
        by_author[_author(open_case, one)].append(_row(one))
    for author, called in authors_in_words(by_author, open_case.notebook.author).items():
        yield HeadingRow(called)
        yield from by_author[author]


def _row(one: Written, under: str = "") -> NoteRow | DraftRow:
    if isinstance(one, Draft):
        return DraftRow(one.entry, one, under)
    return NoteRow(one.current.entry, one.id, under)


def _entry(one: Written) -> str:
    return one.entry if isinstance(one, Draft) else one.current.entry


def _tags(one: Written) -> tuple[str, ...]:
    return one.tags if isinstance(one, Draft) else one.current.tags


def _modified(one: Written) -> dt.datetime:
    return one.modified if isinstance(one, Draft) else one.current.modified


def _columns(order: NotesOrder, *, has_others: bool) -> tuple[Column, ...]:
    """Give the columns; where the list is narrow, the one that the order makes plain goes first."""
    when = Column("When", _when, 12)
    said = Column("Note", _said)
    on = Column("On", _on, 18, wide=20, from_width=56)
    author = Column("Author", _author, 8, wide=10, from_width=64)
    authors = (author,) if has_others and order != "author" else ()
    if order == "entry":
        by_entry = Column("On", _on, 18, wide=24)
        return (by_entry, said, *authors, Column("When", _when, 12, from_width=72))
    return (when, said, on, *authors)


def _said(open_case: OpenCase, one: Written) -> str:
    """Give what it is, and the first line of its text, or its tags where it has none."""
    what = DRAFT if isinstance(one, Draft) else noting.what_it_is(open_case, one)
    text = one.body if isinstance(one, Draft) else one.current.body
    said = first_line(text) or ", ".join(_tags(one))
    return " · ".join(filter(None, (what, said)))


def _when(_open_case: OpenCase, one: Written) -> str:
    return timestamps.minute(_modified(one), with_year=False)


def _on(open_case: OpenCase, one: Written) -> str:
    label = one.label if isinstance(one, Draft) else one.current.target.label
    return noting.subject_of(open_case, _entry(one), label)


def _author(open_case: OpenCase, one: Written) -> str:
    return open_case.notebook.author if isinstance(one, Draft) else one.author


def _in_words(open_case: OpenCase, notes: Sequence[Note], drafts: Sequence[Draft]) -> str:
    """Give how many there are of each kind, unless all are notes: "12 notes, 3 checks, 2 gone"."""
    counts = Counter(note.current.motivation for note in notes)
    said = [
        f"{count:,} tagged" if one == "tagging" else counted(count, kind)
        for one, kind in KINDS.items()
        if (count := counts[one])
    ]
    if others := sum(count for one, count in counts.items() if one not in KINDS):
        said.append(f"{others:,} other")
    if drafts:
        said.append(counted(len(drafts), DRAFT))
    known = open_case.case_file.entries
    if gone := sum(note.current.entry not in known for note in notes):
        said.append(f"{gone:,} gone")
    are_all_notes = len(said) == 1 and counts["commenting"] > 0
    return "" if are_all_notes else ", ".join(said)
