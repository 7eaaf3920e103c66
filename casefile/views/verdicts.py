"""The checks of a case: what was verified, by whom, what of it still counts, and in what words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from casefile.case.model import Case, Entry, Issue, Source
from casefile.notes.checks import (
    CHECKED,
    NEEDS_ATTENTION,
    TO_CHECK,
    WRONG,
    Check,
    Record,
    are_disputed,
    by_author,
    check_of,
)
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.views.case_record import CaseRecord
from casefile.views.timestamps import recent_day

_IN_WORDS = {
    CHECKED: "checked",
    NEEDS_ATTENTION: "needs attention",
    WRONG: "wrong",
    TO_CHECK: "to check again",
}
_MARKS = {CHECKED: "✓", NEEDS_ATTENTION: "!", WRONG: "✗", None: "○"}


class Tally(msgspec.Struct, frozen=True):
    """How many entries there are to be checked, and what the reader's own checks say of them."""

    entries: int
    verdicts: Mapping[str, int]
    """How many entries each verdict that counts stands on."""
    stale: int

    @property
    def checked(self) -> int:
        """How many entries are checked, and nothing was found."""
        return self.verdicts.get(CHECKED, 0)

    @property
    def assessed(self) -> int:
        """How many entries have a verdict that counts."""
        return sum(self.verdicts.values())


class Checks:
    """The checks on the entries of one case, worked out from its notes as they are now."""

    def __init__(self, notebook: Notebook, checkable: frozenset[str], record: Record) -> None:
        """Read the checks from `notebook`, whose notes may change; `record` must not."""
        self._notebook = notebook
        self._checkable = checkable
        self._record = record
        self._known: dict[str, tuple[Note, Check | None]] = {}

    def of(self, entry_id: str) -> Mapping[str, Check]:
        """Give the check of each reader on an entry, by author."""
        notes = self._notebook.on(entry_id)
        return by_author(check for note in notes if (check := self._check(note)))

    def own(self, entry_id: str) -> Check | None:
        """Give the reader's own check of an entry."""
        return self.of(entry_id).get(self._notebook.author)

    def is_disputed(self, entry_id: str) -> bool:
        """Say whether readers' verdicts on an entry differ."""
        return are_disputed(self.of(entry_id).values())

    @property
    def tally(self) -> Tally:
        """How far the reader has come with all entries that are to be checked."""
        own: dict[str, Check] = {}
        for check in self._own_of_all():
            last = own.get(check.entry)
            if last is None or last.made <= check.made:
                own[check.entry] = check
        verdicts = Counter(check.stands for check in own.values() if check.stands)
        stale = sum(check.is_stale for check in own.values())
        return Tally(len(self._checkable), verdicts, stale)

    def of_note(self, note: Note) -> Check | None:
        """Give the check that an annotation is, if it is one."""
        return self._check(note)

    def _own_of_all(self) -> Iterator[Check]:
        """Give the reader's checks of all entries, also those that a later one takes the place of.

        Note by note, as ten thousand of them can't be gone through entry by entry at each change.
        """
        for note in self._notebook.notes:
            check = self._check(note) if note.author == self._notebook.author else None
            if check is not None and check.entry in self._checkable:
                yield check

    def _check(self, note: Note) -> Check | None:
        known = self._known.get(note.id)
        if known is None or known[0] is not note:
            known = self._known[note.id] = (note, check_of(note, self._record))
        return known[1]


def is_checkable(entry: Entry) -> bool:
    """Say whether an entry counts among those to be checked."""
    return not isinstance(entry, Source | Issue | Case)


def verdict_in_words(verdict: str) -> str:
    """Give a verdict in words; one that this version doesn't know as it is."""
    return _IN_WORDS.get(verdict, verdict)


def mark_of(check: Check | None) -> str:
    """Give the sign for a check in a list; nothing without one."""
    return _MARKS.get(check.stands, "?") if check else ""


def check_in_words(case: CaseRecord, check: Check) -> str:
    """Give a check with when it was made, and if it no longer counts, why.

    "checked 3 Nov"; "to check again (was checked 3 Nov): the entry has changed".
    """
    said = f"{verdict_in_words(check.verdict)} {recent_day(check.made)}"
    if not check.is_stale:
        return said
    return f"{verdict_in_words(TO_CHECK)} (was {said}): {_changed_in_words(case, check)}"


def tally_in_words(tally: Tally) -> str:
    """Give how far the reader has come: "12/64 checked, 2 stale"."""
    said = f"{tally.checked:,}/{tally.entries:,} checked"
    return f"{said}, {tally.stale:,} stale" if tally.stale else said


def _changed_in_words(case: CaseRecord, check: Check) -> str:
    sources = [case.title(one) for one in check.changed if one != check.entry]
    what = ["the entry"] if check.entry in check.changed else []
    if sources:
        what.append(f"the text of {' and '.join(sources)}")
    return f"{' and '.join(what)} has changed"
