"""Moving a note to another entry: which entries are likely, and the move itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from casefile.case.difference.changes import canonical_json, canonical_row, jaccard_similarity
from casefile.case.difference.renaming import words_by_key
from casefile.case.difference.text_changes import words_in
from casefile.case.model import Entry, FreeEntry
from casefile.case.normalise import required_keys, undefined_keys
from casefile.notes.annotation import LABEL_LIMIT, Revision, digest_of
from casefile.notes.history import Note
from casefile.notes.next_revision import joined_text
from casefile.views.note_sections import remembered_row
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase

_MOST_COMPARED = 200
"""The number of entries, of those with the most words in common, that are compared by field."""
_OTHER_TABLE_WEIGHT = 0.5
"""The weight of the likeness to an entry of a table that the row can't have been in."""
_TO_SPACES = bytes(byte if byte > 127 or chr(byte).isalnum() else ord(" ") for byte in range(256))
"""Translates the ASCII characters between words to spaces."""


def likely_entries(open_case: OpenCase, note: Note) -> list[str]:
    """Return the ids of the entries that a note can be moved to, the likeliest first.

    First come entries with the same content, then those with the same title, then those with the
    most in common with the row that the note recorded, its id and title included. Ties are in the
    order of the file.
    """
    was_on = note.current.entry
    row = remembered_row(open_case.notebook, was_on, [note])
    entries = [entry for entry in open_case.case_file.entries.values() if entry.id != was_on]
    if len(entries) > _MOST_COMPARED:
        entries = _by_words(open_case, note.current.target.label, digest_of(row)[0], entries)
    likeness = _likeness(open_case, note, row)
    compared = sorted(entries[:_MOST_COMPARED], key=likeness, reverse=True)
    return [entry.id for entry in (*compared, *entries[_MOST_COMPARED:])]


def move_note(open_case: OpenCase, note: Note, entry_id: str) -> Revision:
    """Move a note to another entry; raises SaveError.

    The two texts of a conflict are joined. A verdict stays on its row, and so becomes stale.
    """
    target = note_target(open_case, entry_id, open_case.title(entry_id))
    text, joined = joined_text(note)
    return open_case.notebook.keep_edit(note.id, text, target, parents=joined, entry=entry_id)


def _by_words(open_case: OpenCase, title: str, row: str, entries: list[Entry]) -> list[Entry]:
    """Return entries by how many words of a title and a row theirs contain, which is fast."""
    wanted = {*f"{title} {row}".encode().translate(_TO_SPACES).split()}

    def likeness(entry: Entry) -> tuple[bool, int]:
        there = msgspec.json.encode(open_case.case_file.rows[entry.id])
        count = len(wanted.intersection(there.translate(_TO_SPACES).split()))
        return _is_titled(open_case, entry, title), count

    return sorted(entries, key=likeness, reverse=True)


def _is_titled(open_case: OpenCase, entry: Entry, title: str) -> bool:
    """Whether an entry has a title, as far as that is in a note."""
    return open_case.title(entry.id)[:LABEL_LIMIT] == title


def _likeness(
    open_case: OpenCase, note: Note, row: Mapping[str, Any]
) -> Callable[[Entry], tuple[bool, bool, float]]:
    """Return a sort key for entries: whether one has the same row, or title, and how much of it."""
    sources = open_case.case_file.source_names
    was_in = open_case.entry(note.current.entry)
    title = note.current.target.label
    names = _names(note.current.entry, title)

    @cache
    def as_in_table(_table: str, entry_type: type[Entry]) -> dict[str, Any]:
        return _without_id(canonical_row(row, entry_type, sources))

    @cache
    def words_in_table(table: str, entry_type: type[Entry]) -> set[str]:
        return words_by_key(table, as_in_table(table, entry_type)) | names

    def likeness(entry: Entry) -> tuple[bool, bool, float]:
        table, entry_type = entry.table_name, type(entry)
        meaning = _without_id(
            canonical_row(open_case.case_file.rows[entry.id], entry_type, sources)
        )
        words = words_by_key(table, meaning) | _names(entry.id, open_case.title(entry.id))
        share = jaccard_similarity(words_in_table(table, entry_type), words)
        is_likely = was_in.table_name == table if was_in else _may_hold(entry, row)
        is_same = bool(row) and canonical_json(meaning) == canonical_json(
            as_in_table(table, entry_type)
        )
        weight = 1 if is_likely else _OTHER_TABLE_WEIGHT
        return is_same, _is_titled(open_case, entry, title), share * weight

    return likeness


def _names(entry_id: str, title: str) -> set[str]:
    """Return the words of an id and a title, each marked as one or the other."""
    return {f"id {word}" for word in words_in(entry_id)} | {
        f"title {word}" for word in words_in(title)
    }


def _may_hold(entry: Entry, row: Mapping[str, Any]) -> bool:
    """Return whether a row may have been in the table of an entry, judged by its keys."""
    own = undefined_keys(row, type(entry)).keys()
    if isinstance(entry, FreeEntry):
        return own == entry.own.keys()
    return required_keys(type(entry)) <= row.keys() and not own


def _without_id(meaning: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in meaning.items() if key != "id"}
