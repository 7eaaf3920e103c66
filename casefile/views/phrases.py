"""Short phrases about entries: their titles, and the text of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from casefile.case import amounts
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import Claim, Entry, Link, Party, Quote, Seizure, Source
from casefile.case.party_types import party_type_in_words
from casefile.case.relations import actors_of
from casefile.case.totals import Quantity, quantities_of, totals_in_words
from casefile.views.case_record import CaseRecord

_OPENING_MARKS, _CLOSING_MARKS = '"“„«「『‘', '"”“»」』’'


class Titled(Protocol):
    """An entry with a title field."""

    @property
    def title(self) -> str:
        """The title in the file."""


def title(case: CaseRecord, entry: Entry) -> str:
    """Return the title of an entry of any kind."""
    return case.title(entry.id)


def own_title(_case: CaseRecord, entry: Titled) -> str:
    """Return the title field of an entry."""
    return entry.title


def party_name(_case: CaseRecord, party: Party) -> str:
    """Return a party's name; an alias is marked as one."""
    return f"{quoted(party.name)} (alias)" if party.name_kind == "alias" else party.name


def party_type(_case: CaseRecord, party: Party) -> str:
    """Return a party's type in plain words."""
    return party_type_in_words(party.type)


def speaker(case: CaseRecord, quote: Quote) -> str:
    """Return the title of a quote's speaker."""
    return case.title(quote.speaker)


def spoken(quote: Quote) -> str:
    """Return the words of a quote, with “…” between its fragments."""
    return quoted(" … ".join(quote.words))


def quoted(words: str) -> str:
    """Return words in quotation marks, unless they already have some."""
    is_quoted = words[:1] in _OPENING_MARKS and words[-1:] in _CLOSING_MARKS and len(words) > 1
    return words if is_quoted else f"“{words}”"


def name_in_title(case: CaseRecord, entry_id: str) -> str:
    """Return the title of an entry that is named in another's, or its id if it names some itself.

    Such entries may name each other in a circle.
    """
    is_made_of_others = isinstance(case.entry(entry_id), Quote | Link)
    return entry_id if is_made_of_others else case.title(entry_id)


def quote_title(case: CaseRecord, quote: Quote) -> str:
    """Return the speaker and the words."""
    return f"{name_in_title(case, quote.speaker)}: {spoken(quote)}"


def claimant(case: CaseRecord, claim: Claim) -> str:
    """Return who makes a claim: a party, words of the source in quotation marks, or the source."""
    doers = ", ".join(case.title(actor.to) for actor in actors_of(case.case_file, claim))
    return doers or (quoted(claim.by_text) if claim.by_text else "the source itself")


def link_title(case: CaseRecord, link: Link) -> str:
    """Return the subject, role and object of a link, with its amounts but no conversions."""
    subject, other = (name_in_title(case, one) for one in (link.subject, link.object))
    own = amounts.amounts_in_words([one for one in link.amounts if not one.converted])
    return f"{subject} · {link.role}{f' ({own})' if own else ''} · {other}"


def source_name(case: CaseRecord, source_id: str) -> str:
    """Return the name of a source, in which a confidential one is marked."""
    return _marked(case, source_id, unmarked_source_name(case, source_id))


def unmarked_source_name(case: CaseRecord, source_id: str) -> str:
    """Return a source's title; for a title in brackets, the publisher if it has no other source.

    A title in brackets was made up by the editor of the case.
    """
    source = case.entry(source_id)
    title = case.title(source_id)
    publisher = source.publisher if isinstance(source, Source) else None
    if publisher and title.startswith("[") and case.publishers[publisher] == 1:
        return publisher
    return title


def source_in_list(case: CaseRecord, source: Source) -> str:
    """Return a source's title for the list of sources, in which a confidential one is marked."""
    return source_on_line(case, source.id, case.title(source.id))


def source_on_line(case: CaseRecord, source_id: str, name: str) -> str:
    """Return the name of a source for a line that cuts its end off, marked in front."""
    return f"Confidential · {name}" if source_id in case.origins.confidential else name


def brief_source_name(case: CaseRecord, source_id: str) -> str:
    """Return the name of a source beside a value: its id, or its name if that is no longer."""
    name = unmarked_source_name(case, source_id)
    return _marked(case, source_id, name if len(name) <= len(source_id) else source_id)


def _marked(case: CaseRecord, source_id: str, name: str) -> str:
    return f"{name} (confidential)" if source_id in case.origins.confidential else name


def seized_in_all(case: CaseRecord) -> str:
    """Return the total of all seizures by unit and type."""
    return sums(case, case.case_file.of(Seizure))


def sums(case: CaseRecord, entries: Iterable[Entry]) -> str:
    """Return the totals of the amounts of entries by unit and type."""
    quantities = [one for entry in entries for one in quantities_of(entry)]
    return totals_in_words(quantities, case.title)


def each_quantity(case: CaseRecord, entry: Entry) -> Iterator[tuple[str, Quantity]]:
    """Yield the quantities of an entry, each in words first.

    First those that are written in the entry, then those that others share with it.
    """
    yield from zip(amounts.each_amount_in_words(entry.amounts), quantities_of(entry), strict=True)
    for quantity in case.relations.quantities_shared_with(entry.id):
        yield amounts.amounts_in_words((quantity.amount, *quantity.conversions)), quantity


def how_much(case: CaseRecord, entry: Entry) -> str:
    """Return the quantities of an entry on one line, for a column."""
    each = each_quantity(case, entry)
    return "; ".join(f"{words} (shared)" if len(one.of) > 1 else words for words, one in each)


def value_in_words(value: Any, *, no: str = "") -> Iterator[str]:
    """Yield a plain value in words: nothing for an empty value, and `no` for false."""
    if value is False and no:
        yield no
    if value is None or value is False or value in ((), {}, []):
        return
    if isinstance(value, EdtfDate):
        yield value.words()
    elif value is True:
        yield "yes"
    elif isinstance(value, tuple | list):
        yield ", ".join(words for one in value for words in value_in_words(one, no=no))
    elif isinstance(value, dict):
        yield "; ".join(
            f"{key}: {words}" for key, one in value.items() for words in value_in_words(one, no=no)
        )
    else:
        yield str(value)
