"""The cases of the library, with the number of notes on each, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from casefile.library import KnownCase
from casefile.notes.notebook import open_notebook
from casefile.places import Places
from casefile.text.plurals import pluralize
from casefile.views import timestamps

_INDENT = "    "


class ListedCase(msgspec.Struct, frozen=True):
    """A case of the library with what the reader added to it."""

    known: KnownCase
    notes: int = 0
    """The number of notes and replies."""
    checks: int = 0
    """The number of checks, of all readers."""
    unreadable: tuple[tuple[Path, str], ...] = ()
    """The files of notes that can't be read, each with the reason."""

    @property
    def is_readable(self) -> bool:
        """Whether it is a case, and not a file or folder that can't be read as one."""
        return self.known.problem is None


def list_case(places: Places, known: KnownCase, author: str | None) -> ListedCase:
    """Return a case with the counts of its notes, whether or not it can be opened."""
    if known.id is None:
        return ListedCase(known)
    notebook = open_notebook(places, known.id, author)
    kept = [note for note in notebook.notes if not note.deleted]
    notes, checks = (sum(note.is_written for note in kept), sum(note.is_check for note in kept))
    return ListedCase(known, notes, checks, notebook.unreadable)


def case_as_lines(one: ListedCase) -> Iterator[str]:
    """Yield the lines of a case: its id and title, its counts, and its path."""
    known = one.known
    yield f"{known.id}  {known.title or '(without a title)'}"
    entries = "entries not counted" if known.entries is None else pluralize(known.entries, "entry")
    counts = f"{entries}, {pluralize(one.notes, 'note')}, {pluralize(one.checks, 'check')}"
    opened = f", opened {timestamps.day(known.opened)}" if known.opened else ""
    shipped = ", shipped with the program" if known.origin == "shipped" else ""
    yield f"{_INDENT}{counts}{opened}{shipped}"
    yield f"{_INDENT}{known.path}"


def case_as_json(one: ListedCase) -> dict[str, Any]:
    """Return everything known about a case, as data for JSON."""
    known = one.known
    return {
        "id": known.id,
        "title": known.title,
        "path": str(known.path),
        "from": known.origin,
        "entries": known.entries,
        "tables": known.counts,
        "notes": one.notes,
        "checks": one.checks,
        "opened": known.opened.isoformat() if known.opened else None,
        "problem": str(known.problem) if known.problem else None,
    }
