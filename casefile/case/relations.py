"""References between entries, and what an entry inherits from its event or quote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from casefile.case.amounts import Amount
from casefile.case.cite_fields import parse_field
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import RELATIVE_DATE_KEY
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
from casefile.case.totals import Quantity, quantities_of

SHARED_WITH = "shared_with"
"""The field of references to entries that have a quantity in common with another."""


class OutgoingReference(NamedTuple):
    """A reference from an entry to another entry, or to itself, other than a cite."""

    entry: Entry
    field: str
    path: KeyPath
    """The keys and indices that lead to it in the row, as in `("amounts", 0, "shared_with", 1)`."""
    to: str
    role: str | None = None

    @property
    def key(self) -> str:
        """The key under which it is written."""
        return next(str(part) for part in reversed(self.path) if isinstance(part, str))


def outgoing_references(entry: Entry) -> Iterator[OutgoingReference]:
    """Yield every reference that `entry` makes, in the order of its fields."""
    for field in reference_fields(type(entry)):
        for number, mention in enumerate(references_in_field(entry, field)):
            key = key_of(type(entry), field)
            yield OutgoingReference(entry, field, (key, number), mention.to, mention.role)
    for number, amount in enumerate(entry.amounts):
        yield from _sharing(entry, ("amounts", number), amount)
    if relative := entry.relative_date:
        yield OutgoingReference(entry, RELATIVE_DATE_KEY, (RELATIVE_DATE_KEY,), relative.to)
    if isinstance(entry, FreeEntry):
        for key, ids in entry.refers.items():
            yield from (
                OutgoingReference(entry, key, (key, number), to) for number, to in enumerate(ids)
            )


def references_in_cites(entry: Entry) -> Iterator[OutgoingReference]:
    """Yield every reference that a source gives for a field instead of the entry's own."""
    for number, cite in enumerate(entry.cites):
        if cite.value is None:
            continue
        several = isinstance(cite.value, tuple)
        for at, item in enumerate(cite.value if several else (cite.value,)):
            path = ("cites", number, "value", *((at,) if several else ()))
            if isinstance(item, Mention):
                key = str(parse_field(cite.field)[0])
                field = field_of(type(entry), key) or key
                yield OutgoingReference(entry, field, path, item.to, item.role)
            elif isinstance(item, Amount):
                yield from _sharing(entry, path, item)


def _sharing(entry: Entry, path: KeyPath, amount: Amount) -> Iterator[OutgoingReference]:
    """Yield the references of an amount at a path to the entries that share it."""
    for place, to in enumerate(amount.shared_with):
        yield OutgoingReference(entry, SHARED_WITH, (*path, SHARED_WITH, place), to)


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
        self._shared: defaultdict[str, list[Quantity]] = defaultdict(list)
        for entry in case_file.entries.values():
            for reference in _references(case_file, entry):
                self._to[reference.to].append(reference)
            if any(amount.shared_with for amount in entry.amounts):
                self._add_shared(entry)

    def references_to(self, entry_id: str) -> tuple[IncomingReference, ...]:
        """Return the references to an entry, in file order."""
        return tuple(self._to.get(entry_id, ()))

    def quantities_shared_with(self, entry_id: str) -> tuple[Quantity, ...]:
        """Return the quantities that are written in other entries and that an entry shares."""
        return tuple(self._shared.get(entry_id, ()))

    def _add_shared(self, entry: Entry) -> None:
        for quantity in quantities_of(entry):
            for other in dict.fromkeys(quantity.of):
                if other != entry.id:
                    self._shared[other].append(quantity)


def _references(case_file: CaseFile, entry: Entry) -> Iterable[IncomingReference]:
    for reference in outgoing_references(entry):
        yield IncomingReference(entry.id, reference.field, reference.to, reference.role)
    for reference in references_in_cites(entry):
        _cites, number, *_inside = reference.path
        source = case_file.source_of(entry.cites[int(number)])
        yield IncomingReference(entry.id, reference.field, reference.to, reference.role, source)
    for cite, _places, _quote in own_cites(case_file, entry):
        source = case_file.source_of(cite)
        if source is not None:
            yield IncomingReference(entry.id, "cites", source, cite.at)


def dated_by(entries: Mapping[str, Entry], entry: Entry) -> Entry:
    """Return the entry whose date this one has: itself, its event, or the quote it was made in."""
    lender = event_of(entries, entry) or quote_of(entries, entry)
    has_date = entry.date is not None or entry.relative_date is not None
    return entry if has_date or lender is None else dated_by(entries, lender)


def date_of(case_file: CaseFile, entry: Entry) -> EdtfDate | None:
    """Return the date of an entry, or that of its event or quote."""
    return dated_by(case_file.entries, entry).date


def order_of_relative_date(
    case_file: CaseFile, entry: Entry
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what an entry follows and what it precedes by a date relative to one not known."""
    relative = entry.relative_date
    other = case_file.entries.get(relative.to) if relative else None
    if relative is None or other is None or entry.date is not None:
        return (), ()
    name = (dated_by(case_file.entries, other).id,)
    return (name if relative.count > 0 else (), name if relative.count < 0 else ())


def actors_of(case_file: CaseFile, entry: Entry) -> tuple[Mention, ...]:
    """Return who did or said it: by default a seizure has its event's, a claim its quote's."""
    if isinstance(entry, Quote):
        return (Mention(entry.speaker),)
    if not isinstance(entry, Event | Seizure | Claim):
        return ()
    if entry.by:
        return tuple(references_in_field(entry, "by"))
    lender = event_of(case_file.entries, entry) or quote_of(case_file.entries, entry)
    return actors_of(case_file, lender) if lender else ()


def locations_of(case_file: CaseFile, entry: Entry) -> tuple[str, ...]:
    """Return where it happened: by default a seizure has the location of its event."""
    if not isinstance(entry, Event | Seizure):
        return ()
    event = event_of(case_file.entries, entry)
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
    if not isinstance(entry, Claim):
        return entry.cites
    return tuple(one.cite for one in complete_cites(case_file, entry))


def complete_cites(case_file: CaseFile, entry: Entry) -> tuple[CompleteCite, ...]:
    """Return the cites of an entry; a claim that none of its own supports has its quote's too."""
    own = own_cites(case_file, entry)
    quote = quote_of(case_file.entries, entry)
    if quote is None or any(one.cite.is_support for one in own):
        return own
    return (*own_cites(case_file, quote), *own)


def own_cites(case_file: CaseFile, entry: Entry) -> tuple[CompleteCite, ...]:
    """Return the cites in the row of an entry, in order.

    One that supports a claim made in a quote takes from it the source, and then the place, if it
    names none: those of the quote's first cite, of the same source if it names one.
    """
    quote = quote_of(case_file.entries, entry) if entry.cites else None
    if quote is None:
        return tuple(CompleteCite(cite, (cite.at,)) for cite in entry.cites)
    return tuple(_completed(case_file, cite, quote) for cite in entry.cites)


def _completed(case_file: CaseFile, cite: Cite, quote: Quote) -> CompleteCite:
    by_source = case_file.places_of_words.get(quote.id, {})
    # A source that the cite does not name is that of the first cite of the quote.
    named = cite.source or next(iter(by_source), None)
    if not cite.is_support or named not in by_source:
        return CompleteCite(cite, (cite.at,))
    lent = by_source[named]
    source = cite.source or lent.source
    if cite.at is not None:
        return CompleteCite(replace(cite, source=source), (cite.at,))
    return CompleteCite(replace(cite, source=source, at=lent.places[0]), lent.places, quote)


def event_of(entries: Mapping[str, Entry], entry: Entry) -> Event | None:
    """Return the event of a seizure or quote."""
    name = entry.event if isinstance(entry, Seizure | Quote) else None
    event = entries.get(name) if name else None
    return event if isinstance(event, Event) else None


def quote_of(entries: Mapping[str, Entry], entry: Entry) -> Quote | None:
    """Return the quote in which a claim was made."""
    name = entry.in_quote if isinstance(entry, Claim) else None
    quote = entries.get(name) if name else None
    return quote if isinstance(quote, Quote) else None
