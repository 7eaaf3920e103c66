"""Checking references: to the wrong kind of entry, to the entry itself, and entries without any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from casefile.case.findings.inspection import Finding, Inspection, one_of_its_kind
from casefile.case.model import Entry, Event, FreeEntry, Issue, Party, Quote, Source
from casefile.case.problem import in_quotes
from casefile.case.relations import SHARED_WITH, OutgoingReference, event_of
from casefile.case.timeline.entries import ORDER_FIELDS, select_timeline_entries

# A row of a table that is not in the format may be anything, such as a vessel or a company.
_PARTY: tuple[tuple[type[Entry], ...], str] = ((Party, FreeEntry), "a party")
_WANTED: dict[str, tuple[tuple[type[Entry], ...], str]] = {
    **dict.fromkeys(("by", "involved", "taken_from", "speaker", "to", "maybe_same_as"), _PARTY),
    "event": ((Event,), "an event"),
    "in_quote": ((Quote,), "a quote"),
    **dict.fromkeys(("issues", "parent"), ((Issue,), "an issue")),
    **dict.fromkeys(("based_on", "source"), ((Source,), "a source")),
}


def wrong_kinds(inspection: Inspection) -> Iterator[Finding]:
    """Yield references to entries of the wrong kind for their key."""
    entries = inspection.case_file.entries
    on_timeline = {happening.id for happening in select_timeline_entries(inspection.case_file)}
    for reference in chain(inspection.references, inspection.references_in_cites):
        named = entries.get(reference.to)
        if named is None or _is_own_key(reference):
            continue
        if reference.field in ORDER_FIELDS:
            what = "" if named.id in on_timeline else _off_timeline(inspection, named)
        else:
            what = _of_wrong_kind(reference, named)
        if what:
            yield inspection.reference_finding("wrong-kind", reference, what)
    for entry, number, cite in inspection.cites:
        source = entries.get(cite.source) if cite.source else None
        if source is not None and not isinstance(source, Source):
            kind = one_of_its_kind(source)
            what = f"cites: {in_quotes(source.id)} is {kind}; name a source here"
            yield inspection.finding("wrong-kind", entry.id, ("cites", number, "source"), what)


def _is_own_key(reference: OutgoingReference) -> bool:
    return isinstance(reference.entry, FreeEntry) and reference.path[0] in reference.entry.refers


def _of_wrong_kind(reference: OutgoingReference, named: Entry) -> str:
    if reference.field == SHARED_WITH:
        if named.table_name == reference.entry.table_name:
            return ""
        same = one_of_its_kind(reference.entry)
        return f"{in_quotes(named.id)} is {one_of_its_kind(named)}; name {same} here"
    types, wanted = _WANTED.get(reference.field, ((Entry,), ""))
    if isinstance(named, types):
        return ""
    return f"{in_quotes(named.id)} is {one_of_its_kind(named)}; name {wanted} here"


def _off_timeline(inspection: Inspection, named: Entry) -> str:
    event = event_of(inspection.case_file.entries, named)
    if event is not None:
        return (
            f"{in_quotes(named.id)} is on the timeline with its event; name {in_quotes(event.id)}"
        )
    kind = one_of_its_kind(named)
    return f"{in_quotes(named.id)} is {kind} and not on the timeline; name an event"


def self_references(inspection: Inspection) -> Iterator[Finding]:
    """Yield entries that refer to themselves, except sources that cite themselves."""
    for reference in chain(inspection.references, inspection.references_in_cites):
        if reference.to == reference.entry.id:
            what = "this refers to the entry itself; name another"
            yield inspection.reference_finding("self-reference", reference, what)


_UNUSED: dict[type[Entry], tuple[str, str]] = {
    Party: (
        "unused-party",
        "nothing names this party; cite where a source names it, or name it in an entry",
    ),
    Source: (
        "unused-source",
        "no entry cites this source; cite it where it states something, or remove it",
    ),
    Issue: (
        "unused-issue",
        "no entry names this issue in `issues`; name it where it is answered, or remove it",
    ),
}


def unused(inspection: Inspection) -> Iterator[Finding]:
    """Yield parties, sources and issues that no other entry refers to.

    A party with a cite is named by its source, as a person whom a witness names.
    """
    for entry_type, (code, what) in _UNUSED.items():
        for entry in inspection.case_file.of(entry_type):
            if isinstance(entry, Party) and entry.cites:
                continue
            made = inspection.relations.references_to(entry.id)
            if all(reference.by == entry.id for reference in made):
                yield inspection.finding(code, entry.id, (), what)
