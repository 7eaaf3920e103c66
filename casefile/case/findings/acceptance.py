"""The findings that a case accepts (`accept`), and what is wrong with its acceptances."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from casefile.case.findings.codes import CODES
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.problem import in_quotes
from casefile.text.suggestions import KnownNames

_Acceptance: TypeAlias = tuple[str, str | None]
"""A code and the only entry for which it is accepted, or None for all entries."""


class Acceptance:
    """The `accept` of a case: reasons by code, or by code and entry."""

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self._accept = inspection.case_file.case.accept
        self._reasons = {_parsed(key): why for key, why in self._accept.items() if why.strip()}
        self._used: set[_Acceptance] = set()

    def reason_for(self, finding: Finding) -> str | None:
        """Return the reason why a finding is accepted, or None if it isn't."""
        for acceptance in ((finding.code, finding.entry), (finding.code, None)):
            if acceptance in self._reasons and CODES[finding.code].can_be_accepted:
                self._used.add(acceptance)
                return self._reasons[acceptance]
        return None

    def findings(self, unchecked: Collection[str]) -> Iterator[Finding]:
        """Yield what is wrong with the acceptances, after `reason_for` was called for all findings.

        Acceptances of `unchecked` codes, which were not looked for, are not reported as unused.
        """
        codes = KnownNames(CODES)
        ids = KnownNames(self._inspection.case_file.entries)
        for key, reason in self._accept.items():
            code, entry = _parsed(key)
            if code not in CODES:
                what = f"there is no code {in_quotes(code)}{codes.hint(code)}"
                yield self._finding("accept-unknown", key, what)
            elif not CODES[code].can_be_accepted:
                what = f"{in_quotes(code)} can't be accepted; correct what it reports"
                yield self._finding("accept-of-error", key, what)
            elif entry is not None and entry not in self._inspection.case_file.entries:
                what = f"there is no entry {in_quotes(entry)}{ids.hint(entry)}"
                yield self._finding("accept-unknown", key, what)
            elif not reason.strip():
                what = f"{in_quotes(key)} has no reason and is ignored; add the reason"
                yield self._finding("accept-without-reason", key, what)
            elif (code, entry) not in self._used and code not in unchecked:
                what = f"{in_quotes(key)} matches no finding; remove it"
                yield self._finding("accept-unused", key, what)

    def _finding(self, code: str, key: str, what: str) -> Finding:
        case_id = self._inspection.case_file.case.id
        return self._inspection.finding(code, case_id, ("accept", key), f"accept: {what}")


def _parsed(key: str) -> _Acceptance:
    code, _, entry = key.strip().partition(" ")
    return code, entry.strip() or None
