"""Checks: the readers' verdicts on entries, and whether they still apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from casefile.notes.annotation import Revision, Target, is_row_of, row_of
from casefile.notes.clock import believed
from casefile.notes.history import Note, given_at
from casefile.notes.next_revision import joined_text

CHECKED, NEEDS_ATTENTION, WRONG, TO_CHECK = "checked", "needs-attention", "wrong", "to-check"
VERDICTS = (CHECKED, NEEDS_ATTENTION, WRONG, TO_CHECK)
"""The known verdicts; others, from a later version, are kept and shown."""


def verdict_of(revision: Revision) -> str:
    """Return the verdict of a check, “to check” if the file has none; of any other note, ""."""
    return (revision.value or TO_CHECK) if revision.motivation == "assessing" else ""


class CurrentCase(Protocol):
    """The current state of a case that checks are compared with."""

    def digest(self, entry_id: str) -> str | None:
        """Return the digest of an entry's row, or None if there is no such entry."""

    def text_hash(self, source_id: str) -> str | None:
        """Return the hash of a source's text, or None if there is no text."""


class Check(msgspec.Struct, frozen=True):
    """One reader's verdict on an entry."""

    note: str
    """The id of the annotation."""
    entry: str
    author: str
    verdict: str
    made: dt.datetime
    remark: str = ""
    """The reader's comment, such as what would be right."""
    changed: tuple[str, ...] = ()
    """The ids of the entry and of cited sources, where they have changed since the check."""

    @property
    def is_stale(self) -> bool:
        """Whether the entry or a cited source has changed since the check."""
        return bool(self.changed)

    @property
    def applying_verdict(self) -> str | None:
        """The verdict, or None if the entry has still, or again, to be checked."""
        return None if self.is_stale or self.verdict == TO_CHECK else self.verdict


def is_current(target: Target, entry_id: str, record: CurrentCase) -> bool:
    """Whether an entry is as it was in the target; a removed entry counts as unchanged.

    No entry is as it was in a target that has the row of another.
    """
    now = record.digest(entry_id)
    return now == target.digest or (now is None and is_row_of(row_of(target) or {}, entry_id))


def changed_since(target: Target, entry_id: str, record: CurrentCase) -> tuple[str, ...]:
    """Return the ids of the entry and of the cited sources that have changed since the target.

    A removed entry counts as unchanged, as does a text that was missing then or is now.
    """
    sources = (
        source
        for source, before in target.sources.items()
        if (now := record.text_hash(source)) is not None and now != before
    )
    entry = () if is_current(target, entry_id, record) else (entry_id,)
    return (*entry, *sources)


def checks_in(note: Note, record: CurrentCase) -> Mapping[str, Check]:
    """Return the check in an annotation by entry; empty if it is of another kind or deleted.

    It is on several entries if it was moved in one place and edited in another. Of several
    versions on one entry, it is the one that its author gave last.
    """
    texts = note.texts if note.is_check else ()
    return {head.entry: check_in(note, head, record) for head in texts}


def check_in(note: Note, head: Revision, record: CurrentCase) -> Check:
    """Return the check in one of the heads of an annotation, which is not deleted."""
    return Check(
        note.id,
        head.entry,
        note.author,
        verdict_of(head),
        given_at(head),
        head.body,
        changed_since(head.target, head.entry, record),
    )


def remark_kept(note: Note, verdict: str) -> tuple[str, tuple[str, ...]]:
    """Return the remark that stays with a new verdict, and the hashes of the heads it replaces.

    The remark stays if the verdict is the same; in a conflict all remarks do, joined.
    """
    remark, replaced = joined_text(note)
    return (remark if note.conflict or verdict_of(note.current) == verdict else ""), replaced


def oldest_first(checks: Iterable[Check], now: dt.datetime) -> list[Check]:
    """Return checks in the order in which they count, as `counting_order` says."""
    return sorted(checks, key=lambda check: counting_order(check.note, check.made, now))


def counting_order(
    note_id: str, given: dt.datetime, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime, str]:
    """Return the sort key of a reader's checks, stars or tags on an entry: the last one counts.

    One that is dated after `now` gives way to others.
    """
    return believed(given, now), given, note_id


def by_author(checks: Iterable[Check], now: dt.datetime) -> Mapping[str, Check]:
    """Return an entry's checks by author; of several by one author, the latest."""
    return {check.author: check for check in oldest_first(checks, now)}


def are_disputed(checks: Iterable[Check]) -> bool:
    """Whether the verdicts that apply differ."""
    return len({check.applying_verdict for check in checks if check.applying_verdict}) > 1
