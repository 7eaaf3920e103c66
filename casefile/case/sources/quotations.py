"""Quotations: the words that are to stand in a source, where they do, and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from casefile.case.model import CaseFile, Cite, Quote
from casefile.case.positions import KeyPath
from casefile.case.sources.nearest_text import Near, nearest
from casefile.case.sources.pin_spans import pin_of, stretch_of
from casefile.case.sources.pins import place_of
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.verbatim import fragments_of, standing
from casefile.text.folding import Span

_LONGEST_EXCERPT = 100
_BEFORE_DIFFERENCE = 40


class Quoted(msgspec.Struct, frozen=True):
    """Words that are to stand in a source, and the pin cites that are given for them."""

    words: str
    at: tuple[str | None, ...]
    original: str | None = None
    """What may stand there in place of the words, if they are a translation."""


class Quotation(Quoted, frozen=True, kw_only=True):
    """What an entry quotes from a source."""

    entry: str
    keys: KeyPath
    """Where the words stand in the entry: `("cites", 0, "quote")`, `("words",)`."""


class Standing(msgspec.Struct, frozen=True):
    """Where the fragments of a quotation stand in a text; nowhere if there are no spans."""

    spans: tuple[Span, ...]
    is_in_place: bool
    """Whether they stand where they are cited; anywhere, where no place was named."""


def quotations_of(case_file: CaseFile, source_id: str) -> tuple[Quotation, ...]:
    """Give what the entries of a case quote from a source: in their cites, and as quotes."""
    found = []
    for entry in case_file.entries.values():
        for number, cite in enumerate(entry.cites):
            if cite.quote and case_file.source_of(cite) == source_id:
                keys = ("cites", number, "quote")
                found.append(Quotation(cite.quote, (cite.at,), entry=entry.id, keys=keys))
        said = words_of_quote(case_file, entry, source_id) if isinstance(entry, Quote) else None
        if said:
            one = Quotation(said.words, said.at, said.original, entry=entry.id, keys=("words",))
            found.append(one)
    return tuple(found)


def words_of_quote(case_file: CaseFile, quote: Quote, source_id: str) -> Quoted | None:
    """Give the words of a quote as a source is to have them; None if it cites none for them."""
    at = tuple(
        cite.at
        for cite in quote.cites
        if is_of_words(cite) and case_file.source_of(cite) == source_id
    )
    original = quote.original if quote.translated else None
    return Quoted(" … ".join(quote.words), at, original) if at else None


def find(text: SourceText, words: str, within: Span | None = None) -> tuple[Span, ...]:
    """Give where the fragments of quoted words first stand in a text, or in a stretch of it.

    “…”, “[…]”, “...” and “. . .” part fragments, which stand in order. Nothing if they don't.
    """
    fragments = fragments_of(words)
    if within is None:
        return standing(text.verbatim, fragments) or standing(text.verbatim_headings, fragments)
    stretches = text.verbatim_in(within)
    found = next(filter(None, (standing(one, fragments) for one in stretches)), ())
    return tuple((within[0] + start, within[0] + end) for start, end in found)


def look_up_quoted(text: SourceText, quoted: Quoted) -> Standing:
    """Give where words stand as quoted or, if these are a translation, as they were said."""
    as_quoted = look_up(text, quoted.words, quoted.at)
    if as_quoted.is_in_place or not quoted.original:
        return as_quoted
    as_said = look_up(text, quoted.original, quoted.at)
    return as_said if as_said.is_in_place or not as_quoted.spans else as_quoted


def look_up(text: SourceText, words: str, at: Sequence[str | None] = ()) -> Standing:
    """Give where quoted words stand: in a place cited, between several of them, or elsewhere."""
    places = [place_of(pin) for pin in at]
    stretches = [stretch for place in places if place and (stretch := stretch_of(text, place))]
    if len(stretches) > 1:
        stretches.append((min(s for s, _ in stretches), max(e for _, e in stretches)))
    for stretch in stretches:
        if spans := find(text, words, stretch):
            return Standing(spans, is_in_place=True)
    spans = find(text, words)
    return Standing(spans, is_in_place=bool(spans) and (not places or None in places))


def nearest_in_words(text: SourceText, words: str) -> str | None:
    """Say where a text comes nearest to words that don't stand in it, or None if nowhere.

    The time it takes is bounded, but some 0.1 s in 5 MB: for as many as anybody will read.
    """
    for fragment in fragments_of(words):
        if not standing(text.verbatim, [fragment]):
            near = nearest(text.verbatim, fragment)
            return (
                f"nearest in {pin_of(text, near.span)}: “{_excerpt(text, near)}”" if near else None
            )
    return "all its fragments stand there, but not in this order"


def is_of_words(cite: Cite) -> bool:
    """Say whether a cite of a quote is one for its words, and not for its speaker or date."""
    return cite.field in (None, "words") and cite.is_support


def _excerpt(text: SourceText, near: Near) -> str:
    """Give what stands there on one line, cut to what is around the first difference."""
    said = " ".join(text.words(near.span).split())
    before = len(" ".join(text.words((near.span[0], near.differs)).split()))
    start = max(0, min(before - _BEFORE_DIFFERENCE, len(said) - _LONGEST_EXCERPT))
    end = start + _LONGEST_EXCERPT
    if start:
        start = said.find(" ", start, before) + 1 or start
    if end < len(said):
        end = max(said.rfind(" ", before, end), 0) or end
    return f"{'…' if start else ''}{said[start:end]}{'…' if end < len(said) else ''}"
