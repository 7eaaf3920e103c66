"""Parties, sources and issues that nothing in the case refers to."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import Entry, Issue, Party, Source

_UNUSED: tuple[tuple[type[Entry], str, str], ...] = (
    (Party, "unused-party", "no entry names this party; name it where it is involved"),
    (Source, "unused-source", "no entry cites this source; cite it where it states something"),
    (Issue, "unused-issue", "no entry names this issue in `issues`; name it where it is answered"),
)


def unused(inspection: Inspection) -> Iterator[Finding]:
    """Yield parties, sources and issues that no other entry refers to."""
    for entry_type, code, what in _UNUSED:
        for entry in inspection.case_file.of(entry_type):
            made = inspection.relations.references_to(entry.id)
            if all(reference.by == entry.id for reference in made):
                yield inspection.finding(code, entry.id, (), f"{what}, or remove it")
