"""Find what of a source no entry cites, and name it as the source is cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby

import msgspec

from casefile.case.sources.citations import Citation, Citations, limited
from casefile.case.sources.mark_kinds import MarkKind
from casefile.case.sources.pin_spans import page_and_line, pin_for_span, span_of_place
from casefile.case.sources.pins import Rows, mark_kind_of, parse_pin
from casefile.case.sources.quotations import find_words
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span


class UncitedPlace(msgspec.Struct, frozen=True):
    """A place in a text that no entry cites."""

    at: str
    """Its pin cite."""
    span: Span


def uncited_paragraphs(text: SourceText, citations: Citations) -> tuple[int, ...]:
    """Return the paragraphs of a source's text that no entry cites, counted from 1.

    A cite of a place cites every paragraph that it touches, or the first of more than a thousand;
    a cite without a place cites the paragraphs that have its quoted words.
    """
    # Of several paragraphs with one number, the first is used.
    numbers = (number for number, _ in citations.by_paragraph)
    numbered = (text.paragraphs_numbered(number, text.paragraphs)[:1] for number in numbers)
    cited = {paragraph for several in numbered for paragraph in several}
    for span in _cited_spans(text, citations.elsewhere):
        cited.update(limited(text.paragraphs_in(span)))
    return tuple(number for number in text.paragraphs if number not in cited)


def uncited_places(
    text: SourceText, citations: Citations, *, is_table: bool = False
) -> Iterator[UncitedPlace]:
    """Yield what no entry cites: rows of a table, lines of a transcript, else paragraphs.

    Paragraphs without printed numbers are named by their section or page if these are cited.

    A table is a file of one, or a source that is cited by rows; its heading, row 1, says nothing.
    """
    if is_table or _is_cited_by_rows(citations):
        paragraphs = map(text.paragraph, uncited_paragraphs(text, citations))
        lines = (text.lines_in(span)[0] for span in paragraphs)
        yield from (UncitedPlace(f"row {line}", text.line(line)) for line in lines if line > 1)
    elif text.is_numbered and not text.bears_numbers:
        for span in _uncited_lines(text, citations):
            yield UncitedPlace(page_and_line(text, text.lines_in(span)), span)
    else:
        kind = None if text.bears_numbers else _mark_kind(citations)
        marks = text.printed(kind) if kind else None
        for span in map(text.paragraph, uncited_paragraphs(text, citations)):
            name = marks.name_of(span) if marks else None
            yield UncitedPlace(name or pin_for_span(text, span), span)


def _mark_kind(citations: Citations) -> MarkKind | None:
    """Return the kind of mark that cites name: sections, counts or Bates numbers; or None."""
    kinds = (mark_kind_of(one.cite.at) for one in citations.elsewhere)
    return next((kind for kind in kinds if kind and kind.extent != "document"), None)


def _is_cited_by_rows(citations: Citations) -> bool:
    return any(isinstance(parse_pin(one.cite.at), Rows) for one in citations.elsewhere)


def _cited_spans(text: SourceText, citations: Iterable[Citation]) -> Iterator[Span]:
    """Yield what is cited: each place once, and quoted words without one."""
    for at, quote in dict.fromkeys((one.cite.at, one.cite.quote) for one in citations):
        place = parse_pin(at)
        span = span_of_place(text, place) if place else None
        yield from (span,) if span else find_words(text, quote or "")


def _uncited_lines(text: SourceText, citations: Citations) -> Iterator[Span]:
    """Yield the stretches of a transcript that no entry cites, whatever is in its margins."""
    by_paragraph = chain.from_iterable(several for _, several in citations.by_paragraph)
    cited = set[int]()
    for span in _cited_spans(text, chain(citations.elsewhere, by_paragraph)):
        cited.update(limited(text.lines_in(span)))
    lines = range(1, text.line_count + 1)
    with_words = (line for line in lines if text.words(text.line(line)).strip())
    for is_cited, several in groupby(with_words, cited.__contains__):
        stretch = list(several)
        if not is_cited:
            yield text.line(stretch[0])[0], text.line(stretch[-1])[1]
