"""Notes in forms that other programs take: JSON, lines of JSON, CSV, Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator

from casefile.notes.annotation import Revision
from casefile.text.inert import lines_of
from casefile.views import timestamps
from casefile.views.note_list import ListedNote, note_as_data, states_in_words
from casefile.views.note_words import kind_of

_COLUMNS = (
    *("case", "entry", "title", "kind", "body", "tags", "author", "created", "modified"),
    *("private", "orphan", "earlier_version", "conflict", "field", "id", "rev", "hash"),
)
# What a spreadsheet would take for a formula (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_MARKUP_AT_START = re.compile(r"(?P<number>\d*)[-+=.)]")
_SPACE_AT_START = re.compile(r"[ \t]+")


def in_json(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Give one list, with one object for each text that stands."""
    several = [data for one in notes for data in note_as_data(one)]
    # In ASCII nothing is left that printing would make inert, and so change.
    yield from json.dumps(several, indent=2, default=str).splitlines()


def in_json_lines(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Give one object for each text that stands, each on a line."""
    for one in notes:
        yield from (json.dumps(data, default=str) for data in note_as_data(one))


def in_csv(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Give one row for each text that stands, in lines that are printed one by one.

    What would be a formula in a spreadsheet has an apostrophe before it.
    """
    yield ",".join(_COLUMNS)
    for one in notes:
        for head in one.note.texts:
            written = io.StringIO()
            csv.writer(written, lineterminator="").writerow(map(_cell, _row(one, head)))
            yield from written.getvalue().split("\n")


def in_markdown(notes: Iterable[ListedNote]) -> Iterator[str]:
    """Give each note under a heading, with its text as it was written and nothing as markup."""
    for one in notes:
        *_, text = one.note.texts
        yield f"### {_plain(f'{text.entry}: {one.title}')}"
        yield ""
        yield from (f"{line}  " for line in _about(one))
        for head in one.note.texts:
            yield ""
            yield f"{_plain(head.author)}, {timestamps.minute(head.modified)}:"
            yield ""
            yield from (f"> {_plain(line)}  " for line in lines_of(head.body))
        yield ""


def _row(one: ListedNote, head: Revision) -> tuple[object, ...]:
    return (
        *(one.case, head.entry, one.title, kind_of(head), head.body, "; ".join(head.tags)),
        *(head.author, head.created.isoformat(), head.modified.isoformat(), head.private),
        *(one.is_orphan, one.is_earlier, one.note.conflict, head.target.field),
        *(head.id, head.rev, head.hash),
    )


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if not isinstance(value, str | int):
        value = json.dumps(value, default=str)
    # A carriage return by itself would be a line of its own to some.
    text = re.sub(r"\r\n?", "\n", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


def _about(one: ListedNote) -> Iterator[str]:
    *_, text = one.note.texts
    yield _plain(f"{kind_of(text)}, {one.note.id}")
    if text.tags:
        yield _plain(f"tags: {', '.join(text.tags)}")
    yield from states_in_words(one)


def _plain(line: str) -> str:
    """Give a line of text so that Markdown shows it as it stands (CommonMark 0.31, 2.4)."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(lines_of(line)))
    if start := _MARKUP_AT_START.match(escaped):
        return f"{start['number']}\\{escaped[len(start['number']) :]}"
    if blank := _SPACE_AT_START.match(escaped):
        return "&nbsp;" * blank.end() + escaped[blank.end() :]
    return escaped
