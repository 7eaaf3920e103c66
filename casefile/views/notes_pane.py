"""The pane of notes: the reader's, other people's and unfinished drafts, in one of four orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from casefile.notes.annotation import Revision
from casefile.notes.authors import author_in_words
from casefile.notes.draft import Draft
from casefile.notes.history import KINDS, Note
from casefile.text.folding import folded
from casefile.text.inert import first_line
from casefile.text.plurals import pluralize
from casefile.views import entry_notes, timestamps
from casefile.views.case_record import CaseRecord
from casefile.views.kinds import NOTES, Column
from casefile.views.open_case import OpenCase
from casefile.views.panes import (
    DraftRow,
    HeadingRow,
    NoteRow,
    NotesOrder,
    Pane,
    PaneRow,
    fitted_columns,
)

NoteOrDraft: TypeAlias = Note | Draft

GONE = "Gone from the case file"
UNTAGGED = "Without tags"
DRAFT = "draft"


def notes_pane(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, drafts: Sequence[Draft]
) -> Iterator[Pane]:
    """Yield the pane of notes, if there are any; by "entry", in the order of `panes`."""
    notes = [note for note in open_case.notebook.notes if not note.deleted]
    items: list[NoteOrDraft] = [*notes, *drafts]
    items.sort(key=lambda item: _text(item).modified, reverse=True)
    if not items:
        return
    rows = tuple(_rows(open_case, panes, order, items))
    has_others = any(note.author != open_case.notebook.author for note in notes)
    columns = _columns(open_case, order, has_others=has_others)
    summary = _summary(open_case, notes, drafts)
    yield Pane(NOTES, fitted_columns(open_case, columns, rows), rows, summary=summary)


def _rows(
    open_case: OpenCase, panes: Sequence[Pane], order: NotesOrder, items: Sequence[NoteOrDraft]
) -> Iterator[PaneRow]:
    match order:
        case "time":
            yield from map(_row, items)
        case "entry":
            yield from _by_entry(open_case, panes, items)
        case "tag":
            yield from _by_tag(items)
        case "author":
            yield from _by_author(open_case, items)


def _by_entry(
    open_case: OpenCase, panes: Sequence[Pane], items: Sequence[NoteOrDraft]
) -> Iterator[PaneRow]:
    """Yield the rows by entry, oldest first, and then those whose entry has gone."""
    by_entry: defaultdict[str, list[NoteOrDraft]] = defaultdict(list)
    for item in reversed(items):
        by_entry[_text(item).entry].append(item)
    shown = (row.entry for pane in panes for row in pane.selectable_rows)
    for entry in dict.fromkeys((*shown, *open_case.case_file.entries)):
        yield from map(_row, by_entry.pop(entry, ()))
    if by_entry:
        yield HeadingRow(GONE)
        yield from (_row(item) for of_entry in by_entry.values() for item in of_entry)


def _by_tag(items: Iterable[NoteOrDraft]) -> Iterator[PaneRow]:
    """Yield the rows under each of their tags, and then those without tags."""
    headings: dict[str, str] = {}
    by_tag: defaultdict[str, list[PaneRow]] = defaultdict(list)
    untagged = []
    for item in items:
        for tag in item.tags:
            key = folded(tag)
            by_tag[key].append(_row(item, headings.setdefault(key, tag)))
        if not item.tags:
            untagged.append(_row(item))
    for key in sorted(by_tag):
        yield HeadingRow(headings[key])
        yield from dict.fromkeys(by_tag[key])
    if untagged and by_tag:
        yield HeadingRow(UNTAGGED)
    yield from untagged


def _by_author(open_case: OpenCase, items: Iterable[NoteOrDraft]) -> Iterator[PaneRow]:
    own_name = open_case.notebook.author
    by_author: defaultdict[str, list[PaneRow]] = defaultdict(list)
    for item in items:
        by_author[_author(item, own_name)].append(_row(item))
    for author, heading in entry_notes.authors_in_words(by_author, own_name).items():
        yield HeadingRow(heading)
        yield from by_author[author]


def _row(item: NoteOrDraft, under: str = "") -> NoteRow | DraftRow:
    if isinstance(item, Draft):
        return DraftRow(item.entry, item, under)
    return NoteRow(item.current.entry, item.id, under)


def _text(item: NoteOrDraft) -> Revision | Draft:
    """Return the current revision of a note, or a draft itself; both have a text and an entry."""
    return item if isinstance(item, Draft) else item.current


def _author(item: NoteOrDraft, own_name: str) -> str:
    return own_name if isinstance(item, Draft) else item.author


def _columns(open_case: OpenCase, order: NotesOrder, *, has_others: bool) -> tuple[Column, ...]:
    """Return the columns; a narrow list leaves out the one that the order makes plain."""

    def text(_case: CaseRecord, item: NoteOrDraft) -> str:
        return _kind_and_text(open_case, item)

    def author(_case: CaseRecord, item: NoteOrDraft) -> str:
        return author_in_words(_author(item, open_case.notebook.author))

    has_author = has_others and order != "author"
    authors = [Column("Author", author, 8, wide=10, from_width=64)] if has_author else []
    if order == "entry":
        by_entry = Column("On", _on, 18, wide=24)
        when = Column("When", _when, 12, from_width=72)
        return (by_entry, Column("Note", text), *authors, when)
    on = Column("On", _on, 18, wide=20, from_width=56)
    return (Column("When", _when, 12), Column("Note", text), on, *authors)


def _kind_and_text(open_case: OpenCase, item: NoteOrDraft) -> str:
    kind = DRAFT if isinstance(item, Draft) else entry_notes.kind_or_verdict(open_case, item)
    versions = entry_notes.versions_in_words(item) if isinstance(item, Note) else ""
    text = first_line(_text(item).body) or ", ".join(item.tags)
    return " · ".join(filter(None, (kind, versions, text)))


def _when(_case: CaseRecord, item: NoteOrDraft) -> str:
    return timestamps.minute(_text(item).modified, with_year=False)


def _on(case: CaseRecord, item: NoteOrDraft) -> str:
    label = item.label if isinstance(item, Draft) else item.current.target.label
    return entry_notes.subject_of(case, _text(item).entry, label)


def _summary(open_case: OpenCase, notes: Sequence[Note], drafts: Sequence[Draft]) -> str:
    """Return the count of each kind, as in “12 notes, 3 checks, 2 gone”; empty for notes alone."""
    counts = Counter(note.current.motivation for note in notes)
    parts = [
        f"{count:,} tagged" if motivation == "tagging" else pluralize(count, kind)
        for motivation, kind in KINDS.items()
        if (count := counts[motivation])
    ]
    if others := sum(count for motivation, count in counts.items() if motivation not in KINDS):
        parts.append(f"{others:,} other")
    if drafts:
        parts.append(pluralize(len(drafts), DRAFT))
    known = open_case.case_file.entries
    if gone := sum(note.current.entry not in known for note in notes):
        parts.append(f"{gone:,} gone")
    # The number of rows is shown beside the summary.
    are_all_notes = len(parts) == 1 and counts["commenting"] > 0
    return "" if are_all_notes else ", ".join(parts)
