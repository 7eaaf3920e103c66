"""Checking that entries are supported by a source, and key events by two independent ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import combinations, islice

from casefile.case.findings.inspection import Finding, Inspection, all_quoted, one_of_its_kind
from casefile.case.model import (
    CaseFile,
    Cite,
    Claim,
    Entry,
    Event,
    FreeEntry,
    Link,
    Party,
    Quote,
    Seizure,
    Source,
)
from casefile.case.problem import in_quotes
from casefile.case.relations import own_cites, quote_of

_STATED_BY_SOURCES = (Event, Seizure, Quote, Claim, Party, Link)


def unsourced(inspection: Inspection) -> Iterator[Finding]:
    """Yield entries that no cite supports.

    Sources, issues and the case itself need no cite, nor do the rows of a free table in which no
    row has one. If nothing in the file has a cite, that is one finding, about the case.
    """
    case_file = inspection.case_file
    citing = {entry.table_name for entry in case_file.entries.values() if entry.cites}
    lacking = [
        entry
        for entry in case_file.entries.values()
        if _needs_cite(entry, citing) and _lacks_support(case_file, entry)
    ]
    if lacking and not citing:
        what = "no entry has a cite; say in `cites` which source states it"
        yield inspection.finding("unsourced", case_file.case.id, (), what)
        return
    for entry in lacking:
        if entry.cites:
            what = "its cites contradict it or only mention it; cite a source that states it"
        else:
            what = f"{one_of_its_kind(entry)} without a cite; say in `cites` which source states it"
        yield inspection.finding("unsourced", entry.id, ("cites",) if entry.cites else (), what)


def _needs_cite(entry: Entry, citing: Set[str]) -> bool:
    if isinstance(entry, FreeEntry):
        return entry.in_table in citing
    return isinstance(entry, _STATED_BY_SOURCES)


def _lacks_support(case_file: CaseFile, entry: Entry) -> bool:
    if any(cite.is_support for cite in _cites_with_quote(case_file, entry)):
        return False
    # An invalid cite is an error already.
    return bool(entry.cites) or not case_file.rows[entry.id].get("cites")


def _cites_with_quote(case_file: CaseFile, entry: Entry) -> tuple[Cite, ...]:
    """Return the cites of an entry and, for a claim, those of the quotation it was made in."""
    quote = quote_of(case_file.entries, entry)
    own = (one.cite for one in own_cites(case_file, entry))
    return (*own, *(quote.cites if quote else ()))


def cites_without_source(inspection: Inspection) -> Iterator[Finding]:
    """Yield cites that name no source in a case without a default source."""
    # An invalid default source is an error already.
    if "source" in inspection.case_file.rows[inspection.case_file.case.id]:
        return
    what = (
        "cites: this names no source, and the case has no default source; "
        'write it as "source, place", or give [case] a `source`'
    )
    for entry, number, (cite, _places, quote) in inspection.complete_cites:
        # The cite of a quote has that finding itself.
        if cite.source is None and quote is None:
            yield inspection.finding("cite-without-source", entry.id, ("cites", number), what)


def single_sources(inspection: Inspection) -> Iterator[Finding]:
    """Yield undisputed entries that rest on one source.

    Sources that rest on a common one count as one. There are no findings in a case that doesn't
    have two independent sources.
    """
    for entry, sources in _resting_on_one(inspection):
        if entry.status == "undisputed":
            what = f"this is undisputed and {_rests_on(sources)}"
            yield inspection.finding("single-source", entry.id, ("cites",), what)


def single_sources_of_key_events(inspection: Inspection) -> Iterator[Finding]:
    """Yield key events that rest on one source in the same way, other than undisputed ones."""
    for entry, sources in _resting_on_one(inspection):
        if isinstance(entry, Event) and entry.key and entry.status != "undisputed":
            what = f"this key event {_rests_on(sources)}"
            yield inspection.finding("single-source", entry.id, ("cites",), what)


def _resting_on_one(inspection: Inspection) -> Iterator[tuple[Entry, Sequence[str]]]:
    """Yield the entries that rest on one independent source, with the sources that they cite."""
    case_file, independence = inspection.case_file, Independence(inspection.case_file)
    entries = case_file.entries.values()
    supported = [entry for entry in entries if isinstance(entry, (*_STATED_BY_SOURCES, FreeEntry))]
    cited = dict.fromkeys(one for entry in supported for one in _sources_of(case_file, entry))
    if not independence.has_two(cited):
        return
    for entry in supported:
        sources = _sources_of(case_file, entry)
        if sources and not independence.has_two(sources):
            yield entry, sources


def _sources_of(case_file: CaseFile, entry: Entry) -> Sequence[str]:
    names = (case_file.source_of(c) for c in _cites_with_quote(case_file, entry) if c.is_support)
    return [*dict.fromkeys(n for n in names if n and isinstance(case_file.entries.get(n), Source))]


def _rests_on(sources: Sequence[str]) -> str:
    if len(sources) == 1:
        source = in_quotes(sources[0])
        return f"rests on {source} alone; cite a second source that does not rest on it"
    return (
        f"rests on {all_quoted(sources)}, which count as one, since they rest on one source "
        "(`based_on`); cite a second that is independent"
    )


_MOST_FOLLOWED = 200
_MOST_COMPARED = 200
"""Beyond these limits, sources are assumed to be independent, to avoid false findings."""


class Independence:
    """The sources that each source rests on, by `based_on`, directly or through others."""

    def __init__(self, case_file: CaseFile) -> None:
        sources = {source.id: source for source in case_file.of(Source)}
        self._based_on = {
            name: tuple(one for one in source.based_on if one in sources)
            for name, source in sources.items()
        }
        self._followed: dict[str, frozenset[str]] = {}

    def has_two(self, source_ids: Iterable[str]) -> bool:
        """Whether at least two of the sources rest on no common source."""
        several = [self.basis_of(source_id) for source_id in dict.fromkeys(source_ids)]
        pairs = [*islice(combinations(several, 2), _MOST_COMPARED)]
        return len(pairs) == _MOST_COMPARED or any(one.isdisjoint(other) for one, other in pairs)

    def basis_of(self, source_id: str) -> frozenset[str]:
        """Return a source and all sources that it rests on."""
        if source_id not in self._followed:
            found, pending = {source_id}, [source_id]
            while pending and len(found) < _MOST_FOLLOWED:
                based_on = self._based_on.get(pending.pop(), ())
                pending += (name for name in based_on if name not in found)
                found.update(based_on)
            self._followed[source_id] = frozenset(found)
        return self._followed[source_id]
