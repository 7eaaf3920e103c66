"""Check the cites and quotations of a case against the text of a source."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from casefile.case.model import CaseFile
from casefile.case.positions import KeyPath
from casefile.case.problem import in_quotes
from casefile.case.sources.pin_spans import missing_reason, pin_for_span
from casefile.case.sources.pins import Place, parse_pin
from casefile.case.sources.quotations import (
    Quotation,
    QuotationMatch,
    find_quotation,
    nearest_words_hint,
    quotations_of,
)
from casefile.case.sources.source_text import SourceText

_MOST_HINTS = 10


class CitationMismatch(msgspec.Struct, frozen=True):
    """A place or quotation in an entry that is not in the text of the source."""

    entry: str
    keys: KeyPath
    """The path in the entry: `("cites", 0, "at")`, `("cites", 0, "quote")` or `("words",)`."""
    what: str
    """What is wrong and, if known, after a semicolon what would be right."""
    is_elsewhere: bool = False
    """Whether it is in the text, but not in the place cited."""


class CitationCheck(msgspec.Struct, frozen=True):
    """The number of places and quotations cited from a source, and those not in its text."""

    places: int
    missing_places: tuple[CitationMismatch, ...]
    quotations: int
    missing_quotations: tuple[CitationMismatch, ...]


def check_citations(case_file: CaseFile, source_id: str, text: SourceText) -> CitationCheck:
    """Look up every place and quotation that a case cites from a source in its text.

    For the first few quotations that are not in the text, the nearest words are given.
    """
    places = list(_places(case_file, source_id))
    quotations = quotations_of(case_file, source_id)
    return CitationCheck(
        len(places),
        tuple(
            CitationMismatch(
                entry, ("cites", number, "at"), f"{at} is not in {source_id}; {lacking}"
            )
            for entry, number, at, place in places
            if (lacking := missing_reason(text, place))
        ),
        len(quotations),
        tuple(_astray_quotations(quotations, source_id, text)),
    )


def _places(case_file: CaseFile, source_id: str) -> Iterator[tuple[str, int, str, Place]]:
    for entry in case_file.entries.values():
        for number, cite in enumerate(entry.cites):
            if case_file.source_of(cite) == source_id and (place := parse_pin(cite.at)):
                yield entry.id, number, cite.at or "", place


def _astray_quotations(
    quotations: tuple[Quotation, ...], source_id: str, text: SourceText
) -> Iterator[CitationMismatch]:
    hints = 0
    for quotation in quotations:
        match = find_quotation(text, quotation)
        if match.is_in_place:
            continue
        words = in_quotes(" ".join(quotation.words.split()))
        what = f"{words} {_where_it_is(match, quotation, source_id, text)}"
        if not match.spans and hints < _MOST_HINTS:
            hints += 1
            nearest = nearest_words_hint(text, quotation.words)
            what += f"; {nearest}" if nearest else ""
        yield CitationMismatch(
            quotation.entry, quotation.keys, what, is_elsewhere=bool(match.spans)
        )


def _where_it_is(
    match: QuotationMatch, quotation: Quotation, source_id: str, text: SourceText
) -> str:
    if not match.spans:
        return f"is not in {source_id}"
    pin = pin_for_span(text, (match.spans[0][0], match.spans[-1][1]))
    return f"is not in {source_id}, {', '.join(filter(None, quotation.at))}; it is in {pin}"
