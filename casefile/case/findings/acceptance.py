"""What the writer of a case has accepted, for which reason, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from casefile.case.findings.codes import CODES
from casefile.case.findings.inspection import Found, Inspection
from casefile.case.problem import quoted
from casefile.text.suggestions import KnownNames

_Accepting: TypeAlias = tuple[str, str | None]
"""A code, and the one entry for which it is accepted, or None for all."""


class Acceptance:
    """The `accept` of a case: a code, or a code and an entry, to the reason."""

    def __init__(self, inspection: Inspection) -> None:
        """Take the case's own word."""
        self._inspection = inspection
        self._reasons = {_parsed(key): why for key, why in self._written.items() if why.strip()}
        self._used: set[_Accepting] = set()

    @property
    def _written(self) -> dict[str, str]:
        return self._inspection.case_file.case.accept

    def reason_for(self, found: Found) -> str | None:
        """Give why a finding is accepted; None if it is not."""
        for accepting in ((found.code, found.entry), (found.code, None)):
            if accepting in self._reasons and CODES[found.code].can_be_accepted:
                self._used.add(accepting)
                return self._reasons[accepting]
        return None

    def findings(self, not_looked_for: Collection[str]) -> Iterator[Found]:
        """Find what is wrong with it, once every finding has been asked about.

        What was not looked for can't tell that it is accepted in vain.
        """
        codes = KnownNames(CODES)
        ids = KnownNames(self._inspection.case_file.entries)
        for key, reason in self._written.items():
            code, entry = _parsed(key)
            if code not in CODES:
                what = f"there is no code {quoted(code)}{codes.hint(code)}"
                yield self._found("accept-unknown", key, what)
            elif not CODES[code].can_be_accepted:
                what = f"{quoted(code)} can't be accepted; correct what it tells of"
                yield self._found("accept-of-error", key, what)
            elif entry is not None and entry not in self._inspection.case_file.entries:
                what = f"there is no entry {quoted(entry)}{ids.hint(entry)}"
                yield self._found("accept-unknown", key, what)
            elif not reason.strip():
                what = f"{quoted(key)} has no reason, so it is not accepted; say why it may stand"
                yield self._found("accept-without-reason", key, what)
            elif (code, entry) not in self._used and code not in not_looked_for:
                what = f"{quoted(key)} silences nothing; take it out"
                yield self._found("accept-unused", key, what)

    def _found(self, code: str, key: str, what: str) -> Found:
        case_id = self._inspection.case_file.case.id
        return self._inspection.finding(code, case_id, ("accept", key), f"accept: {what}")


def _parsed(key: str) -> _Accepting:
    code, _, entry = key.strip().partition(" ")
    return code, entry.strip() or None
