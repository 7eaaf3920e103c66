"""What has changed since the reader's last visit, in words."""

from __future__ import annotations

from casefile.views import timestamps
from casefile.views.open_case import OpenCase


def of_entry_in_words(open_case: OpenCase, entry_id: str) -> str:
    """Give what has become of an entry; nothing where it is as it was."""
    change = open_case.change_of(entry_id)
    return f"{change.title()} since your visit of {_visit(open_case)}" if change else ""


def in_all_in_words(open_case: OpenCase) -> str:
    """Give how many entries are new, changed and gone; nothing where none is."""
    changes = open_case.changes
    if not changes:
        return ""
    counts = {"new +": changes.new, "changed ±": changes.changed, "gone": changes.gone}
    said = ", ".join(f"{len(several)} {what}" for what, several in counts.items() if several)
    return f"Since your visit of {_visit(open_case)}: {said}."


def _visit(open_case: OpenCase) -> str:
    since = open_case.changes.since if open_case.changes else None
    return timestamps.day(since) if since else ""
