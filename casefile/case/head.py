"""Read the id, the title and the entry counts of a case file without validating its fields."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import msgspec

from casefile.case.document import Document, DocumentError
from casefile.case.model import FORMAT, Case, FreeTable
from casefile.parsing import parse_toml
from casefile.text.ids import is_id

HEAD_BYTES = 64 * 1024
TOP_BYTES = 4 * 1024
# Fewer than the reader's limit on custom tables, so that it would read each of them.
_MOST_TABLES = 100

_FORMAT_KEY = re.compile(
    rb"""^(?:\xef\xbb\xbf)?[ \t]*["']?format["']?[ \t]*=[ \t]*["']casefile/""", re.MULTILINE
)
_FIRST_ROW = re.compile(rb"^[ \t]*\[\[", re.MULTILINE)


class Head(msgspec.Struct, frozen=True):
    """The id and the title of a case; None for what does not precede the first entry."""

    id: str | None = None
    title: str | None = None


class Contents(msgspec.Struct, frozen=True):
    """The id, the title and the number of entries of a case file."""

    id: str
    title: str
    counts: dict[str, int]
    """The number of entries by table, without the case itself."""


def declares_format(top: bytes) -> bool:
    """Return whether the first bytes of a file declare the format of case files."""
    return _FORMAT_KEY.search(top) is not None


def read_head(start: bytes) -> Head:
    """Parse what precedes the first entry in the first bytes of a file."""
    first_row = _FIRST_ROW.search(start)
    with suppress(ValueError):
        if first_row or len(start) < HEAD_BYTES:
            text = (start[: first_row.start()] if first_row else start).decode("utf-8-sig")
            return _head_in(parse_toml(text))
    return Head()


def read_contents(data: bytes) -> Contents | None:
    """Return the contents of a whole file, or None if only the reader can tell what they are."""
    document = Document(data)
    try:
        for _done in document.parse():
            pass
    except DocumentError:
        return None
    head = _head_in(document.top)
    if head.id is None or head.title is None or document.top.get("format") != FORMAT:
        return None
    tables = dict(document.rows)
    declared = tables.pop(FreeTable.table, [])
    if len(tables) + len(declared) > _MOST_TABLES:
        return None
    ids = [head.id, *(row.value.get("id") for rows in tables.values() for row in rows)]
    if not all(isinstance(value, str) and is_id(value) for value in ids):
        return None
    if len(set(ids)) < len(ids):
        return None
    return Contents(head.id, head.title, {name: len(rows) for name, rows in tables.items()})


def _head_in(document: dict[str, Any]) -> Head:
    case = document.get(Case.table)
    if not isinstance(case, dict):
        return Head()
    case_id, title = case.get("id"), case.get("title")
    return Head(
        case_id if isinstance(case_id, str) and is_id(case_id) else None,
        title if isinstance(title, str) else None,
    )
