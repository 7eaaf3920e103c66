"""Who cites a source, and where."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from casefile.case.model import CaseFile, Cite
from casefile.case.relations import cites_of
from casefile.case.sources.pins import Paragraphs, place_of

_WIDEST_SPAN = 1000


class Citation(msgspec.Struct, frozen=True):
    """That an entry cites a source at a place."""

    entry: str
    cite: Cite


class Citations(msgspec.Struct, frozen=True):
    """The citations of one source: by paragraph, then those that name no paragraph."""

    by_paragraph: tuple[tuple[int, tuple[Citation, ...]], ...]
    elsewhere: tuple[Citation, ...]

    @property
    def entries(self) -> frozenset[str]:
        """The ids of all entries that cite the source."""
        several = [*(many for _, many in self.by_paragraph), self.elsewhere]
        return frozenset(one.entry for many in several for one in many)


def paragraphs_of(at: str | None) -> range:
    """Give the paragraphs a pin cite names (`para 4`, `para 4-6`), counted from 1; else none."""
    place = place_of(at)
    if not isinstance(place, Paragraphs):
        return range(0)
    return no_wider(range(place.first, place.last + 1))


def no_wider(paragraphs: range) -> range:
    """Give paragraphs that an entry cites at once, or the first of more than anybody means to."""
    # A span this wide is a slip of the writer's, and would list one entry under each paragraph.
    return paragraphs if len(paragraphs) <= _WIDEST_SPAN else paragraphs[:1]


def citations_of(case_file: CaseFile, source_id: str) -> Citations:
    """Give who cites a source and where, its paragraphs in ascending order."""
    by_paragraph: defaultdict[int, list[Citation]] = defaultdict(list)
    elsewhere: list[Citation] = []
    for entry in case_file.entries.values():
        for cite in cites_of(case_file, entry):
            if case_file.source_of(cite) != source_id:
                continue
            citation = Citation(entry.id, cite)
            for paragraph in paragraphs_of(cite.at):
                by_paragraph[paragraph].append(citation)
            if not paragraphs_of(cite.at):
                elsewhere.append(citation)
    ordered = tuple((number, tuple(by_paragraph[number])) for number in sorted(by_paragraph))
    return Citations(ordered, tuple(elsewhere))
