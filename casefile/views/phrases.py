"""Short phrases about entries: their titles, and the text of columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from casefile.case import amounts
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import Claim, Entry, Link, Party, Quote, Seizure, Source
from casefile.case.relations import actors_of
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
    return {"PublicBody": "public body", "Unknown": "unknown"}.get(party.type, party.type.lower())


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
    """Return who makes a claim: a party, the source's words for one, or “the source itself”."""
    doers = ", ".join(case.title(actor.to) for actor in actors_of(case.case_file, claim))
    return doers or claim.by_text or "the source itself"


def link_title(case: CaseRecord, link: Link) -> str:
    """Return the subject, role and object of a link."""
    subject, other = (name_in_title(case, one) for one in (link.subject, link.object))
    return f"{subject} · {link.role} · {other}"


def source_name(case: CaseRecord, source_id: str) -> str:
    """Return a source's title; for a title in brackets, the publisher if it has no other source.

    A title in brackets was made up by the editor of the case.
    """
    source = case.entry(source_id)
    title = case.title(source_id)
    publisher = source.publisher if isinstance(source, Source) else None
    if publisher and title.startswith("[") and case.publishers[publisher] == 1:
        return publisher
    return title


def seized_in_all(case: CaseRecord) -> str:
    """Return the total of all seizures by unit and type."""
    seizures = case.case_file.of(Seizure)
    return amounts.totals_in_words(one for seizure in seizures for one in seizure.amounts)


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
