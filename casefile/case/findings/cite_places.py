"""Places of cites that can't be read, and abbreviations of sources that cites can't use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.findings.place_hints import PlaceHints
from casefile.case.model import Source
from casefile.case.problem import in_quotes
from casefile.case.source_names import fold_abbreviation
from casefile.case.sources.pins import parse_pin


def odd_places(inspection: Inspection) -> Iterator[Finding]:
    """Yield places with a number that can't be read, once for each source and text.

    What has no number describes a place, as “the margin, near the stamp”.
    """
    sources = inspection.case_file.of(Source)
    hints = PlaceHints(
        inspection.case_file.source_names, (one.abbreviation for one in sources if one.abbreviation)
    )
    told = set[tuple[str | None, str]]()
    for entry, number, cite in inspection.cites:
        source = inspection.case_file.source_of(cite)
        at = cite.at or ""
        if (source, at) in told or not re.search(r"\d", at) or parse_pin(at) is not None:
            continue
        told.add((source, at))
        hint = hints.hint(at, may_name_source=cite.source is None)
        what = f"cites: {in_quotes(at)} can't be read as a place; {hint}"
        yield inspection.finding("odd-place", entry.id, ("cites", number), what)


def shared_abbreviations(inspection: Inspection) -> Iterator[Finding]:
    """Yield abbreviations of several sources, and those that are the id of another source."""
    names = inspection.case_file.source_names
    for source in inspection.case_file.of(Source):
        abbreviation = source.abbreviation or ""
        folded = fold_abbreviation(abbreviation)
        if folded in names.shared:
            what = f"another source has {in_quotes(abbreviation)} too"
        elif folded in names.ids - {source.id}:
            what = f"{in_quotes(abbreviation)} is the id of another source"
        else:
            continue
        hint = "cites can't use it; write another"
        keys = ("abbreviation",)
        text = f"abbreviation: {what}; {hint}"
        yield inspection.finding("shared-abbreviation", source.id, keys, text)
