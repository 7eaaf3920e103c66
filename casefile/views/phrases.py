"""Short phrases about entries: their titles, and what stands in the columns of a pane."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from casefile.case import amounts
from casefile.case.dating.dates import Unit, When, bounds_in_words
from casefile.case.model import Claim, Entry, Link, Mention, Party, Quote, Seizure, Source
from casefile.case.relations import date_of, doers_of
from casefile.views.case_record import CaseRecord

_MARKS_BEFORE, _MARKS_AFTER = '"“„«「『‘', '"”“»」』’'


class Titled(Protocol):
    """An entry that bears a title."""

    @property
    def title(self) -> str:
        """The title as written."""


def title(case: CaseRecord, entry: Entry) -> str:
    """Give an entry's title, whatever its kind."""
    return case.title(entry.id)


def own_title(_case: CaseRecord, entry: Titled) -> str:
    """Give the title that an entry bears itself."""
    return entry.title


def party_name(_case: CaseRecord, party: Party) -> str:
    """Give a party's name; an alias is marked as one, since it is no name."""
    return f"{quoted(party.name)} (alias)" if party.name_kind == "alias" else party.name


def party_type(_case: CaseRecord, party: Party) -> str:
    """Give a party's type in plain words."""
    return {"PublicBody": "public body", "Unknown": "unknown"}.get(party.type, party.type.lower())


def party_part(_case: CaseRecord, party: Party) -> str:
    """Give the part a party has in the case, else the office it holds."""
    return party.role or party.position or ""


def amounts_column(_case: CaseRecord, entry: Entry) -> str:
    """Give an entry's amounts on one line."""
    return amounts.words_of(entry.amounts)


def speaker(case: CaseRecord, quote: Quote) -> str:
    """Give the name of who said it."""
    return case.title(quote.speaker)


def spoken(quote: Quote) -> str:
    """Give the words of a quote, its fragments joined where the source interrupts them."""
    return quoted(" … ".join(quote.words))


def quoted(words: str) -> str:
    """Give words in quotation marks, unless they stand in some already."""
    is_marked = words[:1] in _MARKS_BEFORE and words[-1:] in _MARKS_AFTER and len(words) > 1
    return words if is_marked else f"“{words}”"


def quote_title(case: CaseRecord, quote: Quote) -> str:
    """Give who spoke and the words themselves."""
    return f"{speaker(case, quote)}: {spoken(quote)}"


def claimant(case: CaseRecord, claim: Claim) -> str:
    """Give who makes a claim: a party, the source's words in its place, or the source itself."""
    doers = names(case, doers_of(case.case_file, claim))
    return doers or claim.by_text or "the source itself"


def link_title(case: CaseRecord, link: Link) -> str:
    """Give a link as it is read: subject, role, object."""
    return f"{case.title(link.subject)} · {link.role} · {case.title(link.object)}"


def names(case: CaseRecord, several: Iterable[Mention]) -> str:
    """Give the titles of entries, joined."""
    return ", ".join(case.title(one.to) for one in several)


def date_column(case: CaseRecord, entry: Entry) -> str:
    """Give when something happened, as briefly as a column needs."""
    when = date_of(case.case_file, entry)
    if when is not None and when.is_bounded:
        return when.brief()
    placed = case.placed(entry.id)
    if placed is not None and placed.words:
        return placed.words
    return when.brief() if when is not None else ""


def told_by_order(case: CaseRecord, entry: Entry) -> tuple[str, Sequence[Unit]]:
    """Give in words what an entry's order says of its start beyond its date, and by what units."""
    placed = case.placed(entry.id)
    if placed is None or not (placed.after or placed.before):
        return "", ()
    words = f"{bounds_in_words(placed.after, placed.before)} by its order"
    return words, [unit for unit in (placed.after, placed.before) if unit]


def with_zone(case: CaseRecord, words: str, units: Iterable[Unit]) -> str:
    """Give the words of some dates, with the zone of the case if they name a time of day."""
    is_told = any(unit.is_time for unit in units) and case.zone
    return f"{words}, {case.zone}" if is_told else words


def source_name(case: CaseRecord, source_id: str) -> str:
    """Give a source's title; where it has none of its own, its publisher if that is the only one.

    A title in brackets is the editor's.
    """
    source = case.entry(source_id)
    title = case.title(source_id)
    publisher = source.publisher if isinstance(source, Source) else None
    if publisher and title.startswith("[") and case.publishers[publisher] == 1:
        return publisher
    return title


def seized_in_all(case: CaseRecord) -> str:
    """Give what the seizures come to, apart by unit and type, and what is left unstated."""
    seizures = case.case_file.of(Seizure)
    return amounts.totals_in_words(one for seizure in seizures for one in seizure.amounts)


def in_words(value: Any, *, no: str = "") -> Iterator[str]:
    """Give a plain value in words; nothing for what is not stated, and `no` for false."""
    if value is False and no:
        yield no
    if value is None or value is False or value in ((), {}, []):
        return
    if isinstance(value, When):
        yield value.words()
    elif value is True:
        yield "yes"
    elif isinstance(value, tuple | list):
        yield ", ".join(words for one in value for words in in_words(one, no=no))
    elif isinstance(value, dict):
        yield "; ".join(
            f"{key}: {words}" for key, one in value.items() for words in in_words(one, no=no)
        )
    else:
        yield str(value)
