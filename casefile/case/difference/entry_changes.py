"""Which entries are new, changed or gone between two readings of a case."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class EntryChanges(msgspec.Struct, frozen=True):
    """The ids of the entries that differ between two readings of a case."""

    new: tuple[str, ...] = ()
    """In the order of the later reading, like `changed`."""
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    """In the order of the earlier reading."""

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def entry_changes(before: Mapping[str, object], after: Mapping[str, object]) -> EntryChanges:
    """Compare two readings, each a mapping from entry id to its row or to a digest of it."""
    return EntryChanges(
        new=tuple(entry_id for entry_id in after if entry_id not in before),
        changed=tuple(
            entry_id
            for entry_id, content in after.items()
            if entry_id in before and before[entry_id] != content
        ),
        gone=tuple(entry_id for entry_id in before if entry_id not in after),
    )
