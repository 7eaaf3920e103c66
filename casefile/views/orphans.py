"""Entries that are no longer in the case file, as the notes on them recorded them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from casefile.notes.annotation import row_of
from casefile.notes.history import Note
from casefile.views import phrases
from casefile.views.free_kinds import label_of
from casefile.views.labels import LABELS
from casefile.views.page import Item, Section


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
    by_key = {key: tuple(map(Item, _in_words(value))) for key, value in row.items()}
    fields = {key: items for key, items in by_key.items() if items and key != "id"}
    if fields:
        words = "As it was when the note was written"
        yield Section("", (Item(words, manner="heading"),))
    if text := fields.pop("text", ()):
        yield Section("", text)
    # As on any page, the date is first and the cites are last.
    for key in sorted(fields, key=lambda key: (key != "date", key == "cites")):
        yield Section(LABELS.get(key) or label_of(key), fields[key])


def _in_words(value: Any) -> Iterator[str]:
    # Imported here: comparing rows takes some milliseconds to import.
    from casefile.views.differences import table_in_words

    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield table_in_words(one)
        else:
            yield from phrases.value_in_words(one, no="no")
