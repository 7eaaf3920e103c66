"""Notes without a screen: as lines, JSON, CSV and Markdown, and the log of their revisions."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Any

import msgspec

from casefile.notes.annotation import Revision, as_json
from casefile.notes.authors import author_in_words
from casefile.notes.checks import is_current, verdict_of
from casefile.notes.exchange import exported_revisions
from casefile.notes.history import Note, kind_in_words
from casefile.text.inert import inert_lines, lines_of
from casefile.views import timestamps
from casefile.views.entry_notes import about_in_words
from casefile.views.open_case import OpenCase
from casefile.views.revisions import changes_in_words
from casefile.views.verdicts import verdict_in_words

SHORT_ID = 8
"""The number of characters of an id or hash that are shown."""

_INDENT = "    "
_CSV_COLUMNS = (
    *("case", "entry", "title", "kind", "body", "tags", "author", "created", "modified"),
    *("private", "orphan", "earlier_version", "conflict", "field", "id", "rev", "hash"),
)
# What a spreadsheet takes for a formula (OWASP, CSV Injection), also after spaces that it removes.
_FORMULA = re.compile(r"[\t\n]|\s*[=+\-@＝＋－＠]")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_MARKUP_AT_START = re.compile(r"(?P<number>\d*)[-+=.)]")
_SPACE_AT_START = re.compile(r"[ \t]+")


class ListedText(msgspec.Struct, frozen=True):
    """A text of a note, with the state of its entry.

    `is_orphan` and `is_earlier` are None if the case file is not available.
    """

    text: Revision
    title: str
    """The title of the entry; of one that has gone, its title when the note was written."""
    is_orphan: bool | None
    """Whether the entry is no longer in the case file."""
    is_earlier: bool | None
    """Whether the entry has changed since the note was written."""
    about: str
    """The part of the entry that the note is about, in words."""


class ListedNote(msgspec.Struct, frozen=True):
    """A note that is not deleted, with its texts, the last one whose entry is there last."""

    note: Note
    case: str
    texts: tuple[ListedText, ...]

    @property
    def last(self) -> ListedText:
        """The text that says what the note is, and where."""
        return self.texts[-1]


class LogLine(msgspec.Struct, frozen=True):
    """A revision and what it did, in words."""

    revision: Revision
    done: str


def listed_notes(
    notes: Iterable[Note], case_id: str, open_case: OpenCase | None
) -> Iterator[ListedNote]:
    """Yield the notes that are not deleted, in their order."""
    for note in notes:
        if not note.deleted:
            texts = (_listed_text(text, open_case) for text in note.texts)
            in_order = sorted(texts, key=lambda text: not text.is_orphan)
            yield ListedNote(note, case_id, tuple(in_order))


def _listed_text(text: Revision, open_case: OpenCase | None) -> ListedText:
    title, is_orphan, is_earlier = text.target.label, None, None
    if open_case is not None:
        is_orphan = open_case.entry(text.entry) is None
        is_earlier = not is_current(text.target, text.entry, open_case.current)
        title = title if is_orphan else open_case.title(text.entry)
    about = about_in_words(open_case, text.entry, text.target.field)
    return ListedText(text, title, is_orphan, is_earlier, about)


def note_in_lines(listed: ListedNote) -> Iterator[str]:
    """Yield the lines of a note, each of which can be read by itself."""
    note, text = listed.note, listed.last.text
    created = f"{timestamps.minute(note.created)}, {author_in_words(note.author)}"
    title = " ".join(inert_lines(listed.last.title))
    yield f"{created}, {kind_of(text)} on {text.entry}: {title}"
    yield f"{_INDENT}id {note.id[:SHORT_ID]}"
    if text.reply_to:
        yield f"{_INDENT}a reply to {text.reply_to[:SHORT_ID]}"
    yield from (f"{_INDENT}{state}" for state in _states(listed))
    for head in note.heads:
        yield from _text_in_lines(note, head)


def notes_as_json(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Yield the lines of a JSON array with an object for each current text."""
    objects = [data for listed in notes for data in _note_as_data(listed)]
    # In ASCII, so that printing finds no control characters to replace.
    yield from json.dumps(objects, indent=2, default=str).splitlines()


def notes_as_json_lines(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Yield a line of JSON for each current text."""
    for listed in notes:
        yield from (json.dumps(data, default=str) for data in _note_as_data(listed))


def notes_as_csv(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Yield the lines of a CSV table with a row for each current text.

    An apostrophe is put before what a spreadsheet would take for a formula.
    """
    yield from _csv_lines(_CSV_COLUMNS)
    for listed in notes:
        for text in listed.texts:
            yield from _csv_lines(map(_cell, _csv_row(listed, text)))


def notes_as_markdown(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Yield the lines of each note under a heading; markup in the texts is escaped."""
    for listed in notes:
        yield f"### {_escaped(f'{listed.last.text.entry}: {listed.last.title}')}"
        yield ""
        yield from (f"{line}  " for line in _markdown_facts(listed))
        for head in listed.note.texts:
            yield ""
            who, when = author_in_words(head.author), timestamps.minute(head.modified)
            yield f"{_escaped(who)}, {when}{_escaped(_said(listed.note, head))}:"
            yield ""
            yield from (f"> {_escaped(line)}  " for line in lines_of(head.body))
        yield ""


def log_lines(
    notes: Iterable[Note], is_withheld: Callable[[Revision], bool]
) -> tuple[LogLine, ...]:
    """Return the revisions of some notes that are exported, oldest first.

    Their lines don't tell what withheld revisions before them said either.
    """
    by_note = [
        [LogLine(shown[name], done) for name, done in changes_in_words(shown).items()]
        for note in notes
        for shown in ({one.hash: one for one in exported_revisions(note, is_withheld)},)
    ]

    # A revision stays after those of its note that it follows, whatever the dates say.
    return tuple(merge(*by_note, key=lambda line: (line.revision.modified, line.revision.id)))


def log_line_as_text(line: LogLine) -> str:
    """Return a revision in one line: when it was made, by whom, what it did and where."""
    revision = line.revision
    label = " ".join(inert_lines(revision.target.label))
    private = ", private" if revision.private else ""
    short_hash = revision.hash.removeprefix("sha256:")[:SHORT_ID]
    name = f"{revision.id[:SHORT_ID]}.{revision.rev} {short_hash}"
    when = timestamps.minute(revision.modified)
    who = author_in_words(revision.author)
    return f"{when}, {who}: {line.done}, on {revision.entry}: {label}{private} ({name})"


def log_line_as_data(line: LogLine) -> dict[str, Any]:
    """Return a revision and what it did as plain data."""
    revision = line.revision
    return {
        "case": revision.case,
        "done": line.done,
        "deleted": revision.deleted,
        "undoes": revision.undoes,
        **_revision_as_data(revision),
    }


def kind_of(revision: Revision) -> str:
    """Return the kind of a revision in words, as in “note” or “check: wrong”."""
    kind = kind_in_words(revision)
    verdict = verdict_in_words(verdict_of(revision))
    return f"{kind}: {verdict}" if verdict else kind


def _states(listed: ListedNote) -> Iterator[str]:
    states = {
        f"about {listed.last.about}": listed.last.about,
        "private": listed.note.private,
        "the entry has gone": listed.last.is_orphan,
        "written on an earlier version of the entry": listed.last.is_earlier,
        "edited in two places; each text follows": listed.note.conflict,
    }
    return (state for state, is_so in states.items() if is_so)


def _text_in_lines(note: Note, head: Revision) -> Iterator[str]:
    # The first line of the note names the author and time of its first revision.
    if note.conflict or head.parents:
        done = "deleted" if head.deleted else f"edited{_said(note, head)}"
        when, who = timestamps.minute(head.modified), author_in_words(head.author)
        yield f"{_INDENT}{done} {when}, {who}"
    if head.deleted:
        return
    if head.body:
        yield from (f"{_INDENT}{line}" for line in inert_lines(head.body))
    if head.tags:
        yield f"{_INDENT}tags: {', '.join(head.tags)}"


def _said(note: Note, head: Revision) -> str:
    """Return the verdict and entry of a text where there are several; else the note has them."""
    words = verdict_in_words(verdict_of(head))
    verdict = f", {words}" if note.conflict and words else ""
    entry = f" on {head.entry}" if len(note.entries) > 1 else ""
    return verdict + entry


def _note_as_data(listed: ListedNote) -> Iterator[dict[str, Any]]:
    for one in listed.texts:
        yield {
            "case": listed.case,
            "orphan": one.is_orphan,
            "earlier_version": one.is_earlier,
            "conflict": listed.note.conflict,
            **_revision_as_data(one.text),
        }


def _revision_as_data(revision: Revision) -> dict[str, Any]:
    keys = (
        *("id", "rev", "hash", "parents", "entry", "target", "motivation", "value", "reply_to"),
        *("body", "tags", "private", "author", "created", "modified"),
    )
    return {key: getattr(revision, key) for key in keys} | {
        # Without the snapshot of the row, which may be far longer than the note.
        "target": {"label": revision.target.label, "field": as_json(revision.target.field)},
        "created": revision.created.isoformat(),
        "modified": revision.modified.isoformat(),
    }


def _csv_row(listed: ListedNote, one: ListedText) -> tuple[object, ...]:
    head = one.text
    return (
        *(listed.case, head.entry, one.title, kind_of(head), head.body, "; ".join(head.tags)),
        *(head.author, head.created.isoformat(), head.modified.isoformat(), head.private),
        *(one.is_orphan, one.is_earlier, listed.note.conflict, head.target.field),
        *(head.id, head.rev, head.hash),
    )


def _csv_lines(cells: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a row of CSV: several if there are line breaks in its cells."""
    row = io.StringIO()
    # Only what ends a line is quoted when it is in a cell.
    csv.writer(row, lineterminator="\n").writerow(cells)
    yield from row.getvalue().removesuffix("\n").split("\n")


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if not isinstance(value, str | int):
        value = json.dumps(as_json(value))
    # Some programs end a row at a carriage return.
    text = re.sub(r"\r\n?", "\n", str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def _markdown_facts(listed: ListedNote) -> Iterator[str]:
    yield _escaped(f"{kind_of(listed.last.text)}, {listed.note.id}")
    if tags := listed.note.tags:
        yield _escaped(f"tags: {', '.join(tags)}")
    yield from map(_escaped, _states(listed))


def _escaped(line: str) -> str:
    """Return a line of text that Markdown shows as written (CommonMark 0.31, section 2.4)."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(lines_of(line)))
    if start := _MARKUP_AT_START.match(escaped):
        return f"{start['number']}\\{escaped[len(start['number']) :]}"
    if blank := _SPACE_AT_START.match(escaped):
        return "&nbsp;" * blank.end() + escaped[blank.end() :]
    return escaped
