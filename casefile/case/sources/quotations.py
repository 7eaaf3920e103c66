"""Check the cites and quotations of a case against the texts of its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import NamedTuple

import msgspec

from casefile.case.model import CaseFile, Quote
from casefile.case.positions import KeyPath
from casefile.case.problem import in_quotes
from casefile.case.relations import CompleteCite, own_cites
from casefile.case.sources.missing_places import missing_reason, outside_declared, repeated_in
from casefile.case.sources.pin_spans import pin_for_span, span_of_place
from casefile.case.sources.pins import Marked, Place, parse_pin
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.verbatim import (
    NearMatch,
    Verbatim,
    find_fragments,
    find_nearest,
    fragments_of,
)
from casefile.text.folding import Span

_LONGEST_EXCERPT = 100
_BEFORE_DIFFERENCE = 40


class Quoted(msgspec.Struct, frozen=True):
    """Words quoted from a source, and the pin cites given for them."""

    words: str
    at: tuple[str | None, ...]
    original: str | None = None
    """The original of the words, if they are a translation; the source may have it instead."""


class Quotation(Quoted, frozen=True, kw_only=True):
    """Words that an entry quotes from a source."""

    entry: str
    keys: KeyPath
    """The path of the words in the entry: `("cites", 0, "quote")` or `("words",)`."""


class QuotationMatch(msgspec.Struct, frozen=True):
    """The spans of the fragments of a quotation in a text; empty if it is not in the text."""

    spans: tuple[Span, ...]
    is_in_place: bool
    """Whether it is in the place cited, or anywhere in the text if no place was cited."""


def quotations_of(case_file: CaseFile, source_id: str) -> tuple[Quotation, ...]:
    """Return what the entries of a case quote from a source, in their cites and as quotes."""
    quotations = []
    for entry in case_file.entries.values():
        for number, (cite, places, quote) in enumerate(own_cites(case_file, entry)):
            # The words of a quote are looked up with that quote.
            if cite.quote and quote is None and case_file.source_of(cite) == source_id:
                keys = ("cites", number, "quote")
                quotations.append(Quotation(cite.quote, places, entry=entry.id, keys=keys))
        quoted = words_of_quote(case_file, entry, source_id) if isinstance(entry, Quote) else None
        if quoted:
            words, at, original = quoted.words, quoted.at, quoted.original
            quotations.append(Quotation(words, at, original, entry=entry.id, keys=("words",)))
    return tuple(quotations)


def words_of_quote(case_file: CaseFile, quote: Quote, source_id: str) -> Quoted | None:
    """Return the words of a quote to find in a source, or None if it does not cite the source."""
    at = tuple(
        cite.at
        for cite in quote.cites
        if cite.is_of_words and case_file.source_of(cite) == source_id
    )
    original = quote.original if quote.translated else None
    return Quoted(" … ".join(quote.words), at, original) if at else None


def words_of_cite(complete: CompleteCite) -> Quoted | None:
    """Return the words of a cite to find in its source, or None if it quotes none."""
    cite, places, quote = complete
    if not cite.quote or quote is None:
        return Quoted(cite.quote, places) if cite.quote else None
    original = quote.original if quote.translated else None
    return Quoted(words_within(quote, cite.quote) or cite.quote, places, original)


def words_within(quote: Quote, words: str) -> str | None:
    """Return words as a quote has them, with “…” between its fragments; None if it has not.

    They may be of the original of a translated quote.
    """
    for fragments in (quote.words, (quote.original or "",)):
        joined = " ".join(fragments)
        if spans := find_fragments(Verbatim(joined), fragments_of(words)):
            ends = accumulate(len(one) + 1 for one in fragments)
            starts = [0, *ends]
            parts = (
                joined[max(start, begin) : min(end, finish)].strip()
                for start, end in spans
                for begin, finish in pairwise(starts)
                if start < finish and begin < end
            )
            return " … ".join(filter(None, parts))
    return None


def find_words(text: SourceText, words: str, within: Span | None = None) -> tuple[Span, ...]:
    """Return the spans of quoted words in a text or in a span of it; empty if not found.

    The fragments between “…”, “[…]”, “...” or “. . .” are found separately and in order.
    """
    fragments = fragments_of(words)
    if within is None:
        spans = find_fragments(text.verbatim, fragments)
        return spans or find_fragments(text.verbatim_headings, fragments)
    parts = text.verbatim_in(within)
    spans = next(filter(None, (find_fragments(part, fragments) for part in parts)), ())
    return tuple((within[0] + start, within[0] + end) for start, end in spans)


def find_quotation(text: SourceText, quoted: Quoted) -> QuotationMatch:
    """Look up words or, if they are a translation, their original."""
    as_quoted = find_in_places(text, quoted.words, quoted.at)
    if as_quoted.is_in_place or not quoted.original:
        return as_quoted
    in_original = find_in_places(text, quoted.original, quoted.at)
    return in_original if in_original.is_in_place or not as_quoted.spans else as_quoted


def find_in_places(text: SourceText, words: str, at: Sequence[str | None] = ()) -> QuotationMatch:
    """Look up words in each place cited, then across all of them, then in the whole text."""
    places = [parse_pin(pin) for pin in at]
    cited = [span for place in places if place and (span := span_of_place(text, place))]
    if len(cited) > 1:
        cited.append((min(start for start, _ in cited), max(end for _, end in cited)))
    for span in cited:
        if spans := find_words(text, words, span):
            return QuotationMatch(spans, is_in_place=True)
    spans = find_words(text, words)
    return QuotationMatch(spans, is_in_place=bool(spans) and (not places or None in places))


def nearest_words_hint(text: SourceText, words: str) -> str | None:
    """Return a hint with the nearest words of a text to words not in it; None if none are near.

    This takes some 0.1 s in a text of 5 MB, so it is for a few quotations only.
    """
    for fragment in fragments_of(words):
        if not find_fragments(text.verbatim, [fragment]):
            near = find_nearest(text.verbatim, fragment)
            if near is None:
                return None
            return f"nearest in {pin_for_span(text, near.span)}: “{_excerpt(text, near)}”"
    return "all its fragments are there, but not in this order"


def _excerpt(text: SourceText, near: NearMatch) -> str:
    """Return the words of a match on one line, cut to those around the first difference."""
    words = " ".join(text.words(near.span).split())
    before = len(" ".join(text.words((near.span[0], near.differs)).split()))
    start = max(0, min(before - _BEFORE_DIFFERENCE, len(words) - _LONGEST_EXCERPT))
    end = start + _LONGEST_EXCERPT
    if start:
        start = words.find(" ", start, before) + 1 or start
    if end < len(words):
        end = max(words.rfind(" ", before, end), 0) or end
    return f"{'…' if start else ''}{words[start:end]}{'…' if end < len(words) else ''}"


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
    repeated_places: tuple[CitationMismatch, ...]
    """The places that the text has more than once, of which the first is used."""
    quotations: int
    missing_quotations: tuple[CitationMismatch, ...]


def check_citations(case_file: CaseFile, source_id: str, text: SourceText) -> CitationCheck:
    """Look up all places and quotations from a source, with the nearest words for a few."""
    places = list(cited_places(case_file, source_id))
    # Thousands of entries may cite the same place.
    reason, repeated = cache(partial(missing_reason, text)), cache(partial(repeated_in, text))
    quotations = quotations_of(case_file, source_id)
    return CitationCheck(
        len(places),
        tuple(
            _missing_place(source_id, cited, lacking)
            for cited in places
            if (lacking := outside_declared(cited.place, text.whole) or reason(cited.place))
        ),
        tuple(
            CitationMismatch(
                cited.entry,
                cited.keys,
                f"{cited.at} is more than one place in {source_id}; {where}",
            )
            for cited in places
            if (where := repeated(cited.place))
        ),
        len(quotations),
        tuple(_astray_quotations(quotations, source_id, text)),
    )


def places_outside(
    case_file: CaseFile, source_id: str, declared: Sequence[Marked]
) -> Iterator[CitationMismatch]:
    """Yield the cites of Bates numbers that are not among those of a source, without its text."""
    for cited in cited_places(case_file, source_id) if declared else ():
        if lacking := outside_declared(cited.place, declared):
            yield _missing_place(source_id, cited, lacking)


class _CitedPlace(NamedTuple):
    """A place that an entry cites, as written and as read."""

    entry: str
    keys: KeyPath
    at: str
    place: Place


def cited_places(case_file: CaseFile, source_id: str) -> Iterator[_CitedPlace]:
    """Yield the places that entries cite in a source, as far as they can be read."""
    for entry in case_file.entries.values():
        for number, (cite, _places, quote) in enumerate(own_cites(case_file, entry)):
            # The place of a quote is looked up with that quote.
            is_here = quote is None and case_file.source_of(cite) == source_id
            if is_here and (place := parse_pin(cite.at)):
                yield _CitedPlace(entry.id, ("cites", number, "at"), cite.at or "", place)


def _missing_place(source_id: str, cited: _CitedPlace, lacking: str) -> CitationMismatch:
    return CitationMismatch(cited.entry, cited.keys, f"{cited.at} is not in {source_id}; {lacking}")


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
