"""Entries that have gone from the file: what the notes on them remember."""

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
    """Give the row of an entry as it was when notes on it last saw it; empty where none did.

    A note that was edited after its entry had gone saw no row.
    """
    seen = [one for note in notes for one in note.history if one.entry == entry_id]
    newest_first = sorted(seen, key=lambda one: one.modified, reverse=True)
    return next((row for one in newest_first if (row := row_of(one.target))), {})


def sections(entry_id: str, notes: Iterable[Note]) -> Iterator[Section]:
    """Give what is remembered of an entry, field by field, for its page."""
    row = remembered_row(entry_id, notes)
    labelled = {key: tuple(map(Item, _in_words(value))) for key, value in row.items()}
    told = {key: items for key, items in labelled.items() if items and key != "id"}
    if told:
        words = "As it was when the note was written"
        yield Section("", (Item(words, manner="heading"),))
    if text := told.pop("text", ()):
        yield Section("", text)
    # As on any page the date comes first and what is cited last.
    for key in sorted(told, key=lambda key: (key != "date", key == "cites")):
        yield Section(LABELS.get(key) or label_of(key), told[key])


def _in_words(value: Any) -> Iterator[str]:
    # What reads tables comes with what compares rows, which takes some milliseconds to import.
    from casefile.views.differences import table_in_words

    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield table_in_words(one)
        else:
            yield from phrases.in_words(one, no="no")
