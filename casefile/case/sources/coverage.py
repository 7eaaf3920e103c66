"""Coverage: which paragraphs of a source's text are cited, and by whom."""

from __future__ import annotations

from collections import defaultdict

from casefile.case.model import Cite
from casefile.case.sources.citations import Citation, Citations, no_wider
from casefile.case.sources.pin_spans import stretch_of
from casefile.case.sources.pins import place_of
from casefile.case.sources.quotations import find
from casefile.case.sources.source_text import SourceText


def cited_paragraphs(text: SourceText, citations: Citations) -> dict[int, list[Citation]]:
    """Give who cites each paragraph of a source's text, in ascending order.

    A cite by page, line or time cites every paragraph that it touches, of more than a thousand the
    first; one without any of these, those in which its quoted words stand.
    """
    by_paragraph: defaultdict[int, list[Citation]] = defaultdict(list)
    for number, several in citations.by_paragraph:
        if 1 <= number <= text.paragraph_count:
            by_paragraph[number] += several
    for citation in citations.elsewhere:
        for number in _touched(text, citation.cite):
            by_paragraph[number].append(citation)
    return {number: by_paragraph[number] for number in sorted(by_paragraph)}


def uncited_paragraphs(text: SourceText, citations: Citations) -> tuple[int, ...]:
    """Give the paragraphs of a source's text that no entry cites."""
    cited = cited_paragraphs(text, citations)
    return tuple(one for one in range(1, text.paragraph_count + 1) if one not in cited)


def _touched(text: SourceText, cite: Cite) -> list[int]:
    place = place_of(cite.at)
    stretch = stretch_of(text, place) if place else None
    spans = (stretch,) if stretch else find(text, cite.quote or "")
    return sorted({number for span in spans for number in no_wider(text.paragraphs_in(span))})
