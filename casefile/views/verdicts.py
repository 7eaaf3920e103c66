"""The checks on the entries of a case, how many there are, and words for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from casefile.case.model import Case, CaseFile, Entry, Issue, Source
from casefile.notes.annotation import digest_of
from casefile.notes.checks import (
    CHECKED,
    NEEDS_ATTENTION,
    TO_CHECK,
    WRONG,
    Check,
    CurrentCase,
    are_disputed,
    by_author,
    checks_in,
    oldest_first,
)
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.text.quoting import in_marks
from casefile.views.case_record import CaseRecord
from casefile.views.source_texts import SourceTexts
from casefile.views.timestamps import recent_day

_IN_WORDS = {
    CHECKED: "checked",
    NEEDS_ATTENTION: "needs attention",
    WRONG: "wrong",
    TO_CHECK: "to check again",
}
_MARKS = {CHECKED: "✓", NEEDS_ATTENTION: "!", WRONG: "✗", None: "○"}


class CheckCounts(msgspec.Struct, frozen=True):
    """How many entries can be checked, and how many the reader has checked."""

    entries: int
    verdicts: Mapping[str, int]
    """The number of entries by the reader's verdict; stale verdicts don't count."""
    stale: int
    """The number of stale checks."""

    @property
    def checked(self) -> int:
        """The number of entries whose verdict is “checked”."""
        return self.verdicts.get(CHECKED, 0)

    @property
    def assessed(self) -> int:
        """The number of entries with a verdict that is not stale."""
        return sum(self.verdicts.values())


class CurrentRecord:
    """The entries and texts of a case as they are now, to compare verdicts and notes with."""

    def __init__(self, case_file: CaseFile, texts: SourceTexts) -> None:
        self._rows = case_file.rows
        self._texts = texts
        self._digests: dict[str, str] = {}

    def digest(self, entry_id: str) -> str | None:
        """Return the digest of an entry's row, or None if the entry is not in the file."""
        if entry_id not in self._digests and entry_id in self._rows:
            self._digests[entry_id] = digest_of(self._rows[entry_id])[1]
        return self._digests.get(entry_id)

    def text_hash(self, source_id: str) -> str | None:
        """Return the hash of a source's text, or None if there is no text."""
        return self._texts.hash_of(source_id)


class Checks:
    """The checks on the entries of one case, made from its current notes."""

    def __init__(self, notebook: Notebook, checkable: frozenset[str], record: CurrentCase) -> None:
        """Read the checks from `notebook`, which may change; `record` must not change."""
        self._notebook = notebook
        self._checkable = checkable
        self._record = record
        self._known: dict[str, tuple[Note, Mapping[str, Check]]] = {}

    def of(self, entry_id: str) -> Mapping[str, Check]:
        """Return the checks on an entry by author."""
        notes = self._notebook.on(entry_id)
        checks = [check for note in notes if (check := self.in_note(note).get(entry_id))]
        return by_author(checks, self._notebook.clock.now) if checks else {}

    def own(self, entry_id: str) -> Check | None:
        """Return the reader's own check of an entry."""
        return self.of(entry_id).get(self._notebook.author)

    def is_disputed(self, entry_id: str) -> bool:
        """Return whether readers' verdicts on an entry differ."""
        return are_disputed(self.of(entry_id).values())

    @property
    def counts(self) -> CheckCounts:
        """The counts of the reader's own checks."""
        notebook = self._notebook
        # Through the notes once: entry by entry would be too slow for ten thousand notes.
        found = (self.in_note(note) for note in notebook.notes if note.author == notebook.author)
        checks = [
            check for one in found for check in one.values() if check.entry in self._checkable
        ]
        own = {check.entry: check for check in oldest_first(checks, notebook.clock.now)}
        verdicts = Counter(
            check.applying_verdict for check in own.values() if check.applying_verdict
        )
        stale = sum(check.is_stale for check in own.values())
        return CheckCounts(len(self._checkable), verdicts, stale)

    def in_note(self, note: Note) -> Mapping[str, Check]:
        """Return the checks that a note holds by entry."""
        known = self._known.get(note.id)
        if known is None or known[0] is not note:
            known = self._known[note.id] = (note, checks_in(note, self._record))
        return known[1]


def is_checkable(entry: Entry) -> bool:
    """Return whether an entry is one of those that can be checked."""
    return not isinstance(entry, Source | Issue | Case)


def verdict_in_words(verdict: str) -> str:
    """Return a verdict in words; an unknown one, as of a later version, in quotation marks."""
    return _IN_WORDS.get(verdict) or (in_marks(verdict) if verdict else "")


def mark_of(check: Check | None) -> str:
    """Return the sign of a check in a list; empty without a check."""
    return _MARKS.get(check.applying_verdict, "?") if check else ""


def check_in_words(case: CaseRecord, check: Check) -> str:
    """Return a verdict and its date, as in “checked 3 Nov”, and why it is stale if it is."""
    words = f"{verdict_in_words(check.verdict)} {recent_day(check.made)}"
    if not check.is_stale:
        return words
    return f"{verdict_in_words(TO_CHECK)} (was {words}): {_changed_in_words(case, check)}"


def counts_in_words(counts: CheckCounts) -> str:
    """Return the counts in words, as in “12/64 checked, 2 stale”."""
    words = f"{counts.checked:,}/{counts.entries:,} checked"
    return f"{words}, {counts.stale:,} stale" if counts.stale else words


def _changed_in_words(case: CaseRecord, check: Check) -> str:
    sources = [case.title(one) for one in check.changed if one != check.entry]
    what = ["the entry"] if check.entry in check.changed else []
    if sources:
        what.append(f"the text of {' and '.join(sources)}")
    return f"{' and '.join(what)} has changed"
