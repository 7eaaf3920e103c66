"""The log of the notes on a case: every revision that there is, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from casefile.notes.annotation import Revision
from casefile.notes.history import Note
from casefile.text.inert import inert_lines
from casefile.views import timestamps
from casefile.views.note_list import revision_as_data
from casefile.views.note_words import SHORT_ID, done_in_words


class Logged(msgspec.Struct, frozen=True):
    """A revision and what it did in words."""

    revision: Revision
    done: str


def logged(notes: Iterable[Note], *, private: bool) -> tuple[Logged, ...]:
    """Give every revision of some notes, oldest first; private ones only if they are asked for.

    What those say is not told by what followed them either.
    """
    found = [
        Logged(kept, done_in_words(kept, known))
        for note in notes
        for known in ({kept.hash: kept for kept in _shown(note, private=private)},)
        for kept in known.values()
    ]
    return tuple(sorted(found, key=_place))


def ever_on(notes: Iterable[Note], entry: str) -> tuple[Note, ...]:
    """Give the notes that are on an entry or once were."""
    return tuple(note for note in notes if any(kept.entry == entry for kept in note.history))


def logged_in_line(one: Logged) -> str:
    """Give who did what, when and on what, in one line."""
    kept = one.revision
    label = " ".join(inert_lines(kept.target.label))
    private = ", private" if kept.private else ""
    named = f"{kept.id[:SHORT_ID]}.{kept.rev} {kept.hash.removeprefix('sha256:')[:SHORT_ID]}"
    when = timestamps.minute(kept.modified)
    return f"{when}, {kept.author}: {one.done}, on {kept.entry}: {label}{private} ({named})"


def logged_as_data(one: Logged) -> dict[str, Any]:
    """Give the same with all fields of the revision."""
    kept = one.revision
    return {
        "case": kept.case,
        "done": one.done,
        "deleted": kept.deleted,
        "undoes": kept.undoes,
        **revision_as_data(kept),
    }


def _shown(note: Note, *, private: bool) -> Iterator[Revision]:
    for kept in note.history:
        if private or not (note.private or kept.private):
            yield kept


def _place(one: Logged) -> tuple[object, ...]:
    kept = one.revision
    return kept.modified, kept.id, kept.rev, kept.hash
