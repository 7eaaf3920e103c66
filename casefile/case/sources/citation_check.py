"""What of a case's cites and quotations does not stand in the text of their source."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from casefile.case.model import CaseFile
from casefile.case.positions import KeyPath
from casefile.case.sources.pin_spans import lacks, pin_of
from casefile.case.sources.pins import Place, place_of
from casefile.case.sources.quotations import (
    Quotation,
    Standing,
    look_up_quoted,
    nearest_in_words,
    quotations_of,
)
from casefile.case.sources.source_text import SourceText

_MOST_HINTS = 10
_LONGEST_QUOTED = 60


class Astray(msgspec.Struct, frozen=True):
    """Something that an entry says of a source and that its text does not bear out."""

    entry: str
    keys: KeyPath
    """Where in the entry: `("cites", 0, "at")`, `("cites", 0, "quote")`, `("words",)`."""
    what: str
    """What is wrong, and after a semicolon what would be right, if that is known."""
    is_elsewhere: bool = False
    """Whether it does stand in the text, in another place than was cited."""


class Verified(msgspec.Struct, frozen=True):
    """How many places and quotations of a source there are in a case, and which are astray."""

    places: int
    astray_places: tuple[Astray, ...]
    quotations: int
    astray_quotations: tuple[Astray, ...]


def verified(case_file: CaseFile, source_id: str, text: SourceText) -> Verified:
    """Look up every place and every quotation of a source in its text.

    The first few quotations that stand nowhere are told with what comes nearest.
    """
    places = list(_places(case_file, source_id))
    quotations = quotations_of(case_file, source_id)
    return Verified(
        len(places),
        tuple(
            Astray(entry, ("cites", number, "at"), f"{at} is not in {source_id}; {lacking}")
            for entry, number, at, place in places
            if (lacking := lacks(text, place))
        ),
        len(quotations),
        tuple(_astray_quotations(quotations, source_id, text)),
    )


def _places(case_file: CaseFile, source_id: str) -> Iterator[tuple[str, int, str, Place]]:
    for entry in case_file.entries.values():
        for number, cite in enumerate(entry.cites):
            if case_file.source_of(cite) == source_id and (place := place_of(cite.at)):
                yield entry.id, number, cite.at or "", place


def _astray_quotations(
    quotations: tuple[Quotation, ...], source_id: str, text: SourceText
) -> Iterator[Astray]:
    hints = 0
    for quotation in quotations:
        standing = look_up_quoted(text, quotation)
        if standing.is_in_place:
            continue
        what = f"“{_shortened(quotation.words)}” {_elsewhere(standing, quotation, source_id, text)}"
        if not standing.spans and hints < _MOST_HINTS:
            hints += 1
            nearest = nearest_in_words(text, quotation.words)
            what += f"; {nearest}" if nearest else ""
        yield Astray(quotation.entry, quotation.keys, what, is_elsewhere=bool(standing.spans))


def _elsewhere(standing: Standing, quotation: Quotation, source_id: str, text: SourceText) -> str:
    if not standing.spans:
        return f"is not in {source_id}"
    pin = pin_of(text, (standing.spans[0][0], standing.spans[-1][1]))
    return f"is not in {source_id}, {', '.join(filter(None, quotation.at))}; it stands in {pin}"


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_QUOTED else f"{words[:_LONGEST_QUOTED].rstrip()}…"
