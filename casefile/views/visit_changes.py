"""What has changed in a case since the reader's last visit, in words."""

from __future__ import annotations

from casefile.case.difference.entry_changes import EntryChanges
from casefile.views import timestamps
from casefile.views.open_case import OpenCase


def change_of_entry_in_words(open_case: OpenCase, entry_id: str) -> str:
    """Return whether an entry is new or changed; empty if it is neither."""
    change = open_case.change_of(entry_id)
    return f"{change.title()} since your last visit on {_visit(open_case)}" if change else ""


def changes_in_words(open_case: OpenCase) -> str:
    """Return how many entries are new, changed and gone; empty if there are none."""
    changes = open_case.changes
    if not changes:
        return ""
    return f"Since your last visit on {_visit(open_case)}: {counts_in_words(changes, signs=True)}."


def counts_in_words(changes: EntryChanges, *, signs: bool = False) -> str:
    """Return how many entries have changed, as in “2 new, 1 changed, 3 gone”.

    With `signs`, new and changed entries are followed by the signs that mark them in the list.
    """
    labels = ("new +", "changed ±", "gone") if signs else ("new", "changed", "gone")
    counts = zip(map(len, (changes.new, changes.changed, changes.gone)), labels, strict=True)
    words = ", ".join(f"{count} {label}" for count, label in counts if count)
    return words or "no entry has changed"


def _visit(open_case: OpenCase) -> str:
    since = open_case.changes.since if open_case.changes else None
    return timestamps.day(since) if since else ""
