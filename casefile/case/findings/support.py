"""Whether what the case says is stated by a source, and by how many that are independent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from casefile.case.findings.independence import Independence
from casefile.case.findings.inspection import Found, Inspection, all_quoted, one_of_its_kind
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
from casefile.case.problem import quoted
from casefile.case.relations import quote_of

_STATED_BY_SOURCES = (Event, Seizure, Quote, Claim, Party, Link)


def unsourced(inspection: Inspection) -> Iterator[Found]:
    """Find what no source is said to state.

    Sources, issues and the case itself need no cite, nor do the rows of a table of the writer's
    own of which none has any. Where nothing in the file cites, that is said once, of the case.
    """
    case_file = inspection.case_file
    citing = {entry.table_name for entry in case_file.entries.values() if entry.cites}
    lacking = [
        entry
        for entry in case_file.entries.values()
        if _states_something(entry, citing) and _lacks_support(case_file, entry)
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


def _states_something(entry: Entry, citing: Set[str]) -> bool:
    if isinstance(entry, FreeEntry):
        return entry.in_table in citing
    return isinstance(entry, _STATED_BY_SOURCES)


def _lacks_support(case_file: CaseFile, entry: Entry) -> bool:
    if any(cite.is_support for cite in _relied_on(case_file, entry)):
        return False
    # A cite that could not be read has been told of.
    return bool(entry.cites) or not case_file.rows[entry.id].get("cites")


def _relied_on(case_file: CaseFile, entry: Entry) -> tuple[Cite, ...]:
    """Give an entry's cites, and those of the quotation that a claim was made in."""
    quote = quote_of(case_file, entry)
    return (*entry.cites, *(quote.cites if quote else ()))


def cites_without_source(inspection: Inspection) -> Iterator[Found]:
    """Find cites that name no source in a case that has no default one."""
    # A default source that can't be read has been told of.
    if "source" in inspection.case_file.rows[inspection.case_file.case.id]:
        return
    for entry in inspection.case_file.entries.values():
        for number, cite in enumerate(entry.cites):
            if cite.source is None:
                what = (
                    "cites: this names a place and no source, and the case has no default one; "
                    'write it as "source, place", or give [case] a `source`'
                )
                yield inspection.finding("cite-without-source", entry.id, ("cites", number), what)


def single_sources(inspection: Inspection) -> Iterator[Found]:
    """Find what the case leans on, a key event or anything undisputed, that one source states.

    Sources of which one rests on the other count as one. In a case that has no second independent
    source at all there is nothing to find.
    """
    case_file, independence = inspection.case_file, Independence(inspection.case_file)
    entries = case_file.entries.values()
    stating = [entry for entry in entries if isinstance(entry, (*_STATED_BY_SOURCES, FreeEntry))]
    cited = dict.fromkeys(one for entry in stating for one in _sources_of(case_file, entry))
    if not independence.are_two(cited):
        return
    for entry in filter(_is_leant_on, stating):
        sources = _sources_of(case_file, entry)
        if sources and not independence.are_two(sources):
            what = f"{_leaning(entry)} {_resting(sources)}"
            yield inspection.finding("single-source", entry.id, ("cites",), what)


def _sources_of(case_file: CaseFile, entry: Entry) -> Sequence[str]:
    names = (case_file.source_of(c) for c in _relied_on(case_file, entry) if c.is_support)
    return [*dict.fromkeys(n for n in names if n and isinstance(case_file.entries.get(n), Source))]


def _is_leant_on(entry: Entry) -> bool:
    return entry.status == "undisputed" or (isinstance(entry, Event) and entry.key)


def _leaning(entry: Entry) -> str:
    return "this is undisputed and" if entry.status == "undisputed" else "this key event"


def _resting(sources: Sequence[str]) -> str:
    if len(sources) == 1:
        return f"rests on {quoted(sources[0])} alone; cite a second source that does not rest on it"
    return (
        f"rests on {all_quoted(sources)}, which count as one, since they rest on one source "
        "(`based_on`); cite a second that is independent"
    )
