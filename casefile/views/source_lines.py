"""The text of a source as lines: their labels, who cites each, and the quoted words."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import msgspec

from casefile.case.model import Entry, Quote, Source
from casefile.case.relations import CompleteCite, cites_of, complete_cites
from casefile.case.sources.missing_places import missing_reason
from casefile.case.sources.pin_spans import pin_for_span, span_of_place
from casefile.case.sources.pins import parse_pin
from casefile.case.sources.quotations import (
    QuotationMatch,
    Quoted,
    find_quotation,
    nearest_words_hint,
    words_of_cite,
    words_of_quote,
)
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span
from casefile.views import phrases
from casefile.views.open_case import OpenCase

_LARGE = 500_000
"""The length in characters from which looking up words takes long: 0.3 s for a million."""
_MOST_LINES_CITED = 2000
"""The greatest number of lines for which a cite is listed."""


class Pin(msgspec.Struct, frozen=True):
    """A cite of an entry, with the words that should be at the cited place."""

    source: str
    at: str | None
    quoted: Quoted | None
    name: str
    """The name of the source, as on a page."""


class PinMatch(msgspec.Struct, frozen=True):
    """What a pin names in a text: the lines, the quoted words, and what is missing."""

    lines: range = range(0)
    marks: tuple[Span, ...] = ()
    """The positions of the quoted words in the text, in order, without what is in the margins."""
    first_line: int = 1
    """The line to show first."""
    lacking: str | None = None
    """What is missing, in words."""


def pins_of(open_case: OpenCase, entry_id: str) -> tuple[Pin, ...]:
    """Return the cites of an entry that name a source, in their order; a source itself first."""
    entry = open_case.entry(entry_id)
    if entry is None:
        return ()
    is_source = isinstance(entry, Source)
    itself = [Pin(entry_id, None, None, open_case.title(entry_id))] if is_source else []
    cites = (
        _pin(open_case, entry, source, complete)
        for complete in complete_cites(open_case.case_file, entry)
        if (source := open_case.case_file.source_of(complete.cite))
    )
    return (*itself, *cites)


def _pin(open_case: OpenCase, entry: Entry, source: str, complete: CompleteCite) -> Pin:
    cite = complete.cite
    name = phrases.source_name(open_case, source)
    if isinstance(entry, Quote) and cite.is_of_words:
        quoted = words_of_quote(open_case.case_file, entry, source)
    else:
        quoted = words_of_cite(complete)
    return Pin(source, cite.at, quoted, name)


class SourceLines:
    """The text of one source, line by line."""

    def __init__(self, open_case: OpenCase, source_id: str, text: SourceText) -> None:
        self._open_case = open_case
        self.source_id = source_id
        self.text = text

    def line(self, number: int) -> str:
        """Return a line as written."""
        start, end = self.text.line(number)
        return self.text.text[start:end]

    def continues_below(self, number: int) -> bool:
        """Return whether a line and the next are parts of one paragraph, wrapped by its writer."""
        text = self.text
        if text.division != "blank" or text.is_numbered or number >= text.line_count:
            return False
        return not text.begins_block(number + 1) and not self._is_blank(number + 1)

    def label(self, number: int) -> str:
        """Return the label of a line: the number of its paragraph, or its page and line number."""
        if self.text.is_numbered:
            line = self.text.numbered(number)
            # Headers and footers have no line numbers.
            has_words = self.text.words(self.text.line(number)).strip()
            is_printed = line.page and self.text.prints_numbers(line.page)
            return f"{line.page}:{line.number}" if is_printed and has_words else ""
        return str(self.text.number_at(number) or "")

    @cached_property
    def label_width(self) -> int:
        """The width of the longest label, in cells."""
        if not self.text.is_numbered:
            return len(str(max(self.text.paragraph_numbers, default=0)))
        return len(f"{self.text.pages.stop - 1}:{self.text.largest_number}")

    def citing(self, number: int) -> tuple[str, ...]:
        """Return the ids of the entries that cite a line."""
        return tuple(self._citing.get(number, ()))

    def pin_cite(self, number: int) -> str:
        """Return the pin cite of a line."""
        return pin_for_span(self.text, self.text.line(number))

    def has_label(self, number: int) -> bool:
        """Return whether a line has a label."""
        return bool(self.label(number))

    def find_pin(self, pin: Pin) -> PinMatch:
        """Return what a pin names in this text."""
        place = parse_pin(pin.at)
        stretch = span_of_place(self.text, place) if place else None
        lines = self.text.lines_in(stretch) if stretch else range(0)
        lacking = missing_reason(self.text, place) if place else None
        first = lines.start or 1
        if pin.quoted is None:
            return PinMatch(lines, (), first, f"{pin.at}: {lacking}" if lacking else None)
        found = find_quotation(self.text, pin.quoted)
        marks = tuple(
            (start + mark.start, start + mark.end)
            for span in found.spans
            for mark in self.text.marks(span)
            for start, _end in [self.text.line(mark.line)]
        )
        marked = [self.text.lines_in(mark)[0] for mark in marks]
        first = next((line for line in marked if line in lines), next(iter(marked), first))
        return PinMatch(lines, marks, first, self._lacking_words(pin.quoted, found))

    def _lacking_words(self, quoted: Quoted, found: QuotationMatch) -> str | None:
        if found.is_in_place:
            return None
        if found.spans:
            cited = ", ".join(filter(None, quoted.at))
            return f"The quoted words are here, not in {cited}."
        near = nearest_words_hint(self.text, quoted.original or quoted.words)
        return f"The quoted words are not in this text{f'; {near}' if near else ''}"

    @property
    def is_large(self) -> bool:
        """Whether looking up words in the text takes long."""
        return len(self.text.text) > _LARGE

    def find_place(self, pin: Pin) -> PinMatch:
        """Return the lines that a pin names, without looking up the words."""
        return self.find_pin(msgspec.structs.replace(pin, quoted=None))

    def _is_blank(self, number: int) -> bool:
        line = self.line(number)
        return not line or line.isspace()

    @cached_property
    def _citing(self) -> dict[int, dict[str, None]]:
        """The ids of the entries that cite each line, in the order of the file."""
        citing: defaultdict[int, dict[str, None]] = defaultdict(dict)
        case_file = self._open_case.case_file
        for entry in case_file.entries.values():
            for cite in cites_of(case_file, entry):
                is_here = case_file.source_of(cite) == self.source_id
                place = parse_pin(cite.at) if is_here else None
                if place is None:
                    continue
                stretch = span_of_place(self.text, place)
                for line in self.text.lines_in(stretch)[:_MOST_LINES_CITED] if stretch else ():
                    citing[line][entry.id] = None
        return citing
