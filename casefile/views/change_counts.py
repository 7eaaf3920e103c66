"""What has changed in a case since the reader's last visit, in words."""

from __future__ import annotations

from casefile.views import timestamps
from casefile.views.open_case import OpenCase


def change_of_entry_in_words(open_case: OpenCase, entry_id: str) -> str:
    """Return whether an entry is new or changed; empty if it is neither."""
    change = open_case.change_of(entry_id)
    return f"{change.title()} since your last visit on {_visit(open_case)}" if change else ""


def in_all_in_words(open_case: OpenCase) -> str:
    """Return how many entries are new, changed and gone; empty if there are none."""
    changes = open_case.changes
    if not changes:
        return ""
    counts = {"new +": changes.new, "changed ±": changes.changed, "gone": changes.gone}
    words = ", ".join(f"{len(entries)} {what}" for what, entries in counts.items() if entries)
    return f"Since your last visit on {_visit(open_case)}: {words}."


def _visit(open_case: OpenCase) -> str:
    since = open_case.changes.since if open_case.changes else None
    return timestamps.day(since) if since else ""
