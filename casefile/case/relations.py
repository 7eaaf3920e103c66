"""Who refers to whom, both ways, and what an entry takes from the one it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from casefile.case.dating.dates import When
from casefile.case.model import (
    CaseFile,
    Cite,
    Claim,
    Entry,
    Event,
    Mention,
    Quote,
    Seizure,
    named,
)
from casefile.case.naming import namings_of


class Reference(msgspec.Struct, frozen=True):
    """That one entry names another: by which field, and in what role."""

    by: str
    field: str
    to: str
    role: str | None = None


class Relations:
    """Every reference of a case file, found from the entry that it is made to.

    Those that an entry makes stand in the entry itself: `namings_of` and its cites.
    """

    def __init__(self, case_file: CaseFile) -> None:
        """Walk the case file once."""
        self._to: defaultdict[str, list[Reference]] = defaultdict(list)
        for entry in case_file.entries.values():
            for reference in _references(case_file, entry):
                self._to[reference.to].append(reference)

    def made_to(self, entry_id: str) -> tuple[Reference, ...]:
        """Give the references that others make to an entry, in file order."""
        return tuple(self._to.get(entry_id, ()))


def _references(case_file: CaseFile, entry: Entry) -> Iterable[Reference]:
    for naming in namings_of(entry):
        yield Reference(entry.id, naming.field, naming.to, naming.role)
    for cite in entry.cites:
        source = case_file.source_of(cite)
        if source is not None:
            yield Reference(entry.id, "cites", source, cite.at)


def date_of(case_file: CaseFile, entry: Entry) -> When | None:
    """Give an entry's own date, or that of the event it belongs to."""
    if entry.date is not None:
        return entry.date
    event = event_of(case_file, entry)
    return event.date if event else None


def doers_of(case_file: CaseFile, entry: Entry) -> tuple[Mention, ...]:
    """Give who did or said it: a seizure without `by` takes its event's, a claim its quote's."""
    if isinstance(entry, Quote):
        return (Mention(entry.speaker),)
    if not isinstance(entry, Event | Seizure | Claim):
        return ()
    if entry.by:
        return tuple(named(entry, "by"))
    lender = quote_of(case_file, entry) or event_of(case_file, entry)
    return doers_of(case_file, lender) if lender else ()


def places_of(case_file: CaseFile, entry: Entry) -> tuple[str, ...]:
    """Give where it happened; a seizure without a place takes its event's."""
    if not isinstance(entry, Event | Seizure):
        return ()
    event = event_of(case_file, entry)
    return entry.location or (event.location if event else ())


def cites_of(case_file: CaseFile, entry: Entry) -> tuple[Cite, ...]:
    """Give an entry's cites; a claim made inside a quotation takes the quotation's."""
    quote = quote_of(case_file, entry)
    return entry.cites or (quote.cites if quote else ())


def event_of(case_file: CaseFile, entry: Entry) -> Event | None:
    """Give the event that a seizure or quote belongs to."""
    name = entry.event if isinstance(entry, Seizure | Quote) else None
    event = case_file.entries.get(name) if name else None
    return event if isinstance(event, Event) else None


def quote_of(case_file: CaseFile, entry: Entry) -> Quote | None:
    """Give the quotation that a claim was made in."""
    name = entry.in_quote if isinstance(entry, Claim) else None
    quote = case_file.entries.get(name) if name else None
    return quote if isinstance(quote, Quote) else None
