"""Collect the citations of a source by paragraph."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from casefile.case.model import CaseFile, Cite
from casefile.case.relations import cites_of
from casefile.case.sources.pins import Paragraphs, Within, parse_pin

_WIDEST_SPAN = 1000


class Citation(msgspec.Struct, frozen=True):
    """An entry and its cite of a source."""

    entry: str
    cite: Cite


class Citations(msgspec.Struct, frozen=True):
    """The citations of a source: by paragraph, then those that name no paragraph."""

    by_paragraph: tuple[tuple[int, tuple[Citation, ...]], ...]
    elsewhere: tuple[Citation, ...]

    @property
    def entries(self) -> frozenset[str]:
        """The ids of all entries that cite the source."""
        groups = [*(citations for _, citations in self.by_paragraph), self.elsewhere]
        return frozenset(citation.entry for citations in groups for citation in citations)


def paragraphs_of(at: str | None) -> range:
    """Return the numbers of the paragraphs that a pin cite names; empty if it names none.

    An item of a paragraph is part of it.
    """
    place = parse_pin(at)
    if isinstance(place, Within) and isinstance(place.outer, Paragraphs):
        place = place.outer
    if not isinstance(place, Paragraphs):
        return range(0)
    return limited(range(place.first, place.last + 1))


def limited(paragraphs: range) -> range:
    """Return the paragraphs or lines of a cite, or the first if they are more than a thousand."""
    # So wide a range is a mistake, and would list the entry under each of them.
    return paragraphs if len(paragraphs) <= _WIDEST_SPAN else paragraphs[:1]


def citations_of(case_file: CaseFile, source_id: str) -> Citations:
    """Return the citations of a source, in ascending order of paragraphs."""
    by_paragraph: defaultdict[int, list[Citation]] = defaultdict(list)
    elsewhere: list[Citation] = []
    for entry in case_file.entries.values():
        for cite in cites_of(case_file, entry):
            if case_file.source_of(cite) != source_id:
                continue
            citation, paragraphs = Citation(entry.id, cite), paragraphs_of(cite.at)
            for paragraph in paragraphs:
                by_paragraph[paragraph].append(citation)
            if not paragraphs:
                elsewhere.append(citation)
    ordered = tuple((number, tuple(by_paragraph[number])) for number in sorted(by_paragraph))
    return Citations(ordered, tuple(elsewhere))
