"""Find which paragraphs of a source's text are cited, and which are not."""

from __future__ import annotations

from collections import defaultdict

from casefile.case.model import Cite
from casefile.case.sources.citations import Citation, Citations, limited
from casefile.case.sources.pin_spans import span_of_place
from casefile.case.sources.pins import parse_pin
from casefile.case.sources.quotations import find_words
from casefile.case.sources.source_text import SourceText


def cited_paragraphs(text: SourceText, citations: Citations) -> dict[int, list[Citation]]:
    """Return the citations of each cited paragraph of a source's text, in ascending order.

    A cite by page, line, row or time cites every paragraph that it touches, or the first of more
    than a thousand; a cite without a place cites the paragraphs that have its quoted words.
    """
    by_paragraph: defaultdict[int, list[Citation]] = defaultdict(list)
    for number, of_paragraph in citations.by_paragraph:
        if 1 <= number <= text.paragraph_count:
            by_paragraph[number] += of_paragraph
    for citation in citations.elsewhere:
        for number in _touched_paragraphs(text, citation.cite):
            by_paragraph[number].append(citation)
    return {number: by_paragraph[number] for number in sorted(by_paragraph)}


def uncited_paragraphs(text: SourceText, citations: Citations) -> tuple[int, ...]:
    """Return the numbers of the paragraphs of a source's text that no entry cites."""
    cited = cited_paragraphs(text, citations)
    return tuple(number for number in range(1, text.paragraph_count + 1) if number not in cited)


def _touched_paragraphs(text: SourceText, cite: Cite) -> list[int]:
    place = parse_pin(cite.at)
    span_cited = span_of_place(text, place) if place else None
    spans = (span_cited,) if span_cited else find_words(text, cite.quote or "")
    return sorted({number for span in spans for number in limited(text.paragraphs_in(span))})
