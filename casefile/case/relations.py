"""References between entries, and what an entry inherits from its event or quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from casefile.case.dating.dates import EdtfDate
from casefile.case.model import (
    CaseFile,
    Cite,
    Claim,
    Entry,
    Event,
    FreeEntry,
    Mention,
    Quote,
    Seizure,
    reference_fields,
    references_in_field,
)
from casefile.case.normalise import key_of


class OutgoingReference(NamedTuple):
    """A reference from an entry to another entry, or to itself, other than a cite."""

    entry: Entry
    field: str
    key: str
    number: int
    """The index of the reference among those under the same key, from 0."""
    to: str
    role: str | None = None


def outgoing_references(entry: Entry) -> Iterator[OutgoingReference]:
    """Yield every reference that `entry` makes, in the order of its fields."""
    for field in reference_fields(type(entry)):
        for number, mention in enumerate(references_in_field(entry, field)):
            key = key_of(type(entry), field)
            yield OutgoingReference(entry, field, key, number, mention.to, mention.role)
    if isinstance(entry, FreeEntry):
        for key, ids in entry.refers.items():
            yield from (
                OutgoingReference(entry, key, key, number, to) for number, to in enumerate(ids)
            )


class IncomingReference(msgspec.Struct, frozen=True):
    """A reference to an entry: from which entry and field, and in what role."""

    by: str
    field: str
    to: str
    role: str | None = None


class Relations:
    """The references of a case file, by the entry that they refer to."""

    def __init__(self, case_file: CaseFile) -> None:
        self._to: defaultdict[str, list[IncomingReference]] = defaultdict(list)
        for entry in case_file.entries.values():
            for reference in _references(case_file, entry):
                self._to[reference.to].append(reference)

    def references_to(self, entry_id: str) -> tuple[IncomingReference, ...]:
        """Return the references to an entry, in file order."""
        return tuple(self._to.get(entry_id, ()))


def _references(case_file: CaseFile, entry: Entry) -> Iterable[IncomingReference]:
    for reference in outgoing_references(entry):
        yield IncomingReference(entry.id, reference.field, reference.to, reference.role)
    for cite in entry.cites:
        source = case_file.source_of(cite)
        if source is not None:
            yield IncomingReference(entry.id, "cites", source, cite.at)


def dated_by(case_file: CaseFile, entry: Entry) -> Entry:
    """Return the entry whose date this one has: itself, its event, or the quote it was made in."""
    lender = event_of(case_file, entry) or quote_of(case_file, entry)
    return entry if entry.date is not None or lender is None else dated_by(case_file, lender)


def date_of(case_file: CaseFile, entry: Entry) -> EdtfDate | None:
    """Return the date of an entry, or that of its event or quote."""
    return dated_by(case_file, entry).date


def actors_of(case_file: CaseFile, entry: Entry) -> tuple[Mention, ...]:
    """Return who did or said it: by default a seizure has its event's, a claim its quote's."""
    if isinstance(entry, Quote):
        return (Mention(entry.speaker),)
    if not isinstance(entry, Event | Seizure | Claim):
        return ()
    if entry.by:
        return tuple(references_in_field(entry, "by"))
    parent = quote_of(case_file, entry) or event_of(case_file, entry)
    return actors_of(case_file, parent) if parent else ()


def locations_of(case_file: CaseFile, entry: Entry) -> tuple[str, ...]:
    """Return where it happened: by default a seizure has the location of its event."""
    if not isinstance(entry, Event | Seizure):
        return ()
    event = event_of(case_file, entry)
    return entry.location or (event.location if event else ())


def cites_of(case_file: CaseFile, entry: Entry) -> tuple[Cite, ...]:
    """Return the cites of an entry: by default a claim has those of its quote."""
    quote = quote_of(case_file, entry)
    return entry.cites or (quote.cites if quote else ())


def event_of(case_file: CaseFile, entry: Entry) -> Event | None:
    """Return the event of a seizure or quote."""
    name = entry.event if isinstance(entry, Seizure | Quote) else None
    event = case_file.entries.get(name) if name else None
    return event if isinstance(event, Event) else None


def quote_of(case_file: CaseFile, entry: Entry) -> Quote | None:
    """Return the quote in which a claim was made."""
    name = entry.in_quote if isinstance(entry, Claim) else None
    quote = case_file.entries.get(name) if name else None
    return quote if isinstance(quote, Quote) else None
