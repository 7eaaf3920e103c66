"""References between entries, and what an entry inherits from its event or quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from casefile.case.cite_fields import parse_field
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
from casefile.case.normalise import field_of, key_of
from casefile.case.positions import KeyPath


class OutgoingReference(NamedTuple):
    """A reference from an entry to another entry, or to itself, other than a cite."""

    entry: Entry
    field: str
    key: str
    number: int
    """The index of the reference among those under the same key, from 0."""
    to: str
    role: str | None = None
    inside: KeyPath = ()
    """In the value of a cite, where it is in the cite; `key` and `number` are those of the cite."""

    @property
    def path(self) -> KeyPath:
        """Where the reference is in the row of the entry."""
        return (self.key, self.number, *self.inside)


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


def references_in_cites(entry: Entry) -> Iterator[OutgoingReference]:
    """Yield every reference that a source gives for a field instead of the entry's own."""
    for number, cite in enumerate(entry.cites):
        if cite.value is None:
            continue
        several = isinstance(cite.value, tuple)
        for at, item in enumerate(cite.value if several else (cite.value,)):
            if isinstance(item, Mention):
                key = str(parse_field(cite.field)[0])
                field = field_of(type(entry), key) or key
                inside = ("value", at) if several else ("value",)
                yield OutgoingReference(entry, field, "cites", number, item.to, item.role, inside)


class IncomingReference(msgspec.Struct, frozen=True):
    """A reference to an entry: from which entry and field, and in what role."""

    by: str
    field: str
    to: str
    role: str | None = None
    according_to: str | None = None
    """The source that makes the reference by the value of a cite; the entry itself does not."""


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
    for reference in references_in_cites(entry):
        source = case_file.source_of(entry.cites[reference.number])
        yield IncomingReference(entry.id, reference.field, reference.to, reference.role, source)
    for cite, _places, _quote in own_cites(case_file, entry):
        source = case_file.source_of(cite)
        if source is not None:
            yield IncomingReference(entry.id, "cites", source, cite.at)


def date_of(case_file: CaseFile, entry: Entry) -> EdtfDate | None:
    """Return the date of an entry, or that of its event."""
    if entry.date is not None:
        return entry.date
    event = event_of(case_file, entry)
    return event.date if event else None


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


class CompleteCite(NamedTuple):
    """A cite with what it takes from the quote in which a claim is made."""

    cite: Cite
    places: tuple[str | None, ...]
    """The places in which its words may be, that of the cite first: its own, or all of the quote's
    in the same source, as nobody says in which of them the words are."""
    quote: Quote | None = None
    """The quote from which the place is taken."""


def cites_of(case_file: CaseFile, entry: Entry) -> tuple[Cite, ...]:
    """Return the cites of an entry, complete with what a claim takes from its quote."""
    return tuple(one.cite for one in complete_cites(case_file, entry))


def complete_cites(case_file: CaseFile, entry: Entry) -> tuple[CompleteCite, ...]:
    """Return the cites of an entry; a claim that none of its own supports has its quote's too."""
    own = own_cites(case_file, entry)
    quote = quote_of(case_file, entry)
    if quote is None or any(one.cite.is_support for one in own):
        return own
    return (*own_cites(case_file, quote), *own)


def own_cites(case_file: CaseFile, entry: Entry) -> tuple[CompleteCite, ...]:
    """Return the cites in the row of an entry, in order.

    One that supports a claim made in a quote takes from it the source, and then the place, if it
    names none: those of the quote's first cite, of the same source if it names one.
    """
    quote = quote_of(case_file, entry) if entry.cites else None
    if quote is None:
        return tuple(CompleteCite(cite, (cite.at,)) for cite in entry.cites)
    return tuple(_completed(case_file, cite, quote) for cite in entry.cites)


def _completed(case_file: CaseFile, cite: Cite, quote: Quote) -> CompleteCite:
    lenders = [
        one
        for one in quote.cites
        if is_of_words(one) and cite.source in (None, case_file.source_of(one))
    ]
    if not cite.is_support or not lenders:
        return CompleteCite(cite, (cite.at,))
    source = cite.source or lenders[0].source
    if cite.at is not None:
        return CompleteCite(replace(cite, source=source), (cite.at,))
    here = case_file.source_of(lenders[0])
    places = tuple(one.at for one in lenders if case_file.source_of(one) == here)
    return CompleteCite(replace(cite, source=source, at=places[0]), places, quote)


def is_of_words(cite: Cite) -> bool:
    """Return whether a cite of a quote is for its words, not its speaker or date."""
    return cite.field in (None, "words") and cite.is_support


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
