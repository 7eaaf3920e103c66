"""Checks: a reader's verdict on an entry, whether it still counts, and where readers disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from casefile.notes.annotation import Target
from casefile.notes.history import Note

CHECKED, NEEDS_ATTENTION, WRONG, TO_CHECK = "checked", "needs-attention", "wrong", "to-check"
VERDICTS = (CHECKED, NEEDS_ATTENTION, WRONG, TO_CHECK)
"""What a check can say; a word that is none of them, from a later version, is kept and shown."""


class Record(Protocol):
    """The case as it is now, as far as checks depend on it."""

    def digest(self, entry_id: str) -> str | None:
        """Give the digest of an entry's row; None where the entry has gone."""

    def text_hash(self, source_id: str) -> str | None:
        """Give the hash of a source's text; None where none is at hand."""


class Check(msgspec.Struct, frozen=True):
    """One reader's verdict on an entry."""

    note: str
    """The id of the annotation that says so."""
    entry: str
    author: str
    verdict: str
    made: dt.datetime
    remark: str = ""
    """What would be right, or what has to be seen to."""
    changed: tuple[str, ...] = ()
    """The ids of what has changed since: the entry itself, sources whose text is another one."""

    @property
    def is_stale(self) -> bool:
        """Whether it no longer counts, since what it was about has changed."""
        return bool(self.changed)

    @property
    def stands(self) -> str | None:
        """The verdict that counts; None where the entry is still, or again, to be checked."""
        return None if self.is_stale or self.verdict == TO_CHECK else self.verdict


def is_current(target: Target, entry_id: str, record: Record) -> bool:
    """Say whether an entry is what it was when this was written; one that has gone is no other."""
    return record.digest(entry_id) in (None, target.digest)


def changed_since(target: Target, entry_id: str, record: Record) -> tuple[str, ...]:
    """Give the ids of the entry and the cited sources that are not as they were.

    An entry that has gone, and a text that was unknown then or is now, have not changed.
    """
    sources = (
        source
        for source, was in target.sources.items()
        if (now := record.text_hash(source)) is not None and now != was
    )
    entry = () if is_current(target, entry_id, record) else (entry_id,)
    return (*entry, *sources)


def check_of(note: Note, record: Record) -> Check | None:
    """Give the check that an annotation is; None for one of another kind, and a deleted one."""
    head = note.current
    if not note.is_check or head.deleted:
        return None
    return Check(
        note.id,
        head.entry,
        note.author,
        head.value or TO_CHECK,
        head.modified,
        head.body,
        changed_since(head.target, head.entry, record),
    )


def by_author(checks: Iterable[Check]) -> Mapping[str, Check]:
    """Give each reader's check of an entry; where a merge brought two, the later one."""
    return {check.author: check for check in sorted(checks, key=lambda check: check.made)}


def are_disputed(checks: Iterable[Check]) -> bool:
    """Say whether verdicts that count differ."""
    return len({check.stands for check in checks if check.stands}) > 1
