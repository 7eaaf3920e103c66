"""The evidence for an entry: its cites, and the other entries that cite the same places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from casefile.case.model import Cite, Entry, Quote
from casefile.case.relations import cites_of, quote_of
from casefile.case.sources.citations import paragraphs_of
from casefile.case.sources.pins import LinesOrTimes, Place, parse_pin
from casefile.text.plurals import pluralize
from casefile.views import entry_page, phrases
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination, Item, Page, Section

_LONGEST = 120
"""The greatest length of a title, in characters."""

_CitedPlace: TypeAlias = tuple[str, int | str | Place]
"""A source and, in it, a paragraph, another place, or the free text of a pin cite."""


class Evidence:
    """Makes the page of an entry's evidence, shown where the text of its source is missing."""

    def __init__(self, open_case: OpenCase) -> None:
        self._open_case = open_case

    def page(self, entry_id: str) -> Page:
        """Return the page of an entry's cites, the quote of a claim, and who else cites them."""
        entry = self._open_case.case_file.entries[entry_id]
        cites = cites_of(self._open_case.case_file, entry)
        title = f"Evidence: {pluralize(len(cites), 'cite')}" if cites else "No source is cited"
        sections = (
            *self._cites(entry),
            *self._quotation(entry),
            *self._others(entry_id, cites),
        )
        return Page(entry_id, title, self._lacking(cites), sections)

    def _lacking(self, cites: tuple[Cite, ...]) -> str:
        """Return which of the cited sources have no text, in words."""
        case_file = self._open_case.case_file
        sources = dict.fromkeys(filter(None, map(case_file.source_of, cites)))
        without = [source for source in sources if self._open_case.texts.hash_of(source) is None]
        names = " and ".join(phrases.source_name(self._open_case, one) for one in without)
        return f"no text of {names} is at hand" if names else ""

    def _quotation(self, entry: Entry) -> Iterator[Section]:
        quote = quote_of(self._open_case.case_file, entry)
        if quote is not None:
            title = f"said by {phrases.speaker(self._open_case, quote)}"
            words = Item(phrases.spoken(quote), manner="quoted")
            yield Section("", (Item(title, Destination(quote.id)), words))

    def _cites(self, entry: Entry) -> Iterator[Section]:
        for cite, pin in entry_page.pinned_cites(self._open_case, entry):
            items = [*entry_page.cite_items(self._open_case, cite, pin)]
            if isinstance(entry, Quote) and cite.is_of_words and not cite.quote:
                items.append(Item("for the words of the quote", manner="faint"))
            yield Section("", tuple(items))

    def _others(self, entry_id: str, cites: tuple[Cite, ...]) -> Iterator[Section]:
        """Yield the other entries that cite each place, by the text of the cite."""
        by_place: dict[str, dict[str, None]] = {}
        for cite in cites:
            for place in _places(self._open_case.case_file.source_of(cite), cite):
                also = (one for one in self._citing[place] if one != entry_id)
                by_place.setdefault(cite.at or "", {}).update(dict.fromkeys(also))
        if any(by_place.values()):
            yield Section("", (Item("Also cited by", manner="heading"),))
        for at, others in by_place.items():
            if others:
                links = (Item(self._shortened(one), Destination(one)) for one in others)
                yield Section(at, tuple(links))

    def _shortened(self, entry_id: str) -> str:
        """Return an entry's title, cut after a word; a quote may have a hundred words."""
        words = entry_page.title_with_kind(self._open_case, entry_id)
        cut = words[: words.rfind(" ", 0, _LONGEST) + 1] or words[:_LONGEST]
        return words if len(words) <= _LONGEST else f"{cut.rstrip()}…"

    @cached_property
    def _citing(self) -> defaultdict[_CitedPlace, dict[str, None]]:
        """The entries that cite each place, in the order of the file."""
        citing: defaultdict[_CitedPlace, dict[str, None]] = defaultdict(dict)
        case_file = self._open_case.case_file
        for entry in case_file.entries.values():
            for cite in cites_of(case_file, entry):
                for place in _places(case_file.source_of(cite), cite):
                    citing[place][entry.id] = None
        return citing


def _places(source: str | None, cite: Cite) -> Iterator[_CitedPlace]:
    """Yield the places that a cite names: its paragraphs, else the place however it is written."""
    if source and cite.at:
        place = parse_pin(cite.at)
        if isinstance(place, LinesOrTimes):
            place = place.lines
        others = (place or cite.at.strip(),)
        yield from ((source, one) for one in paragraphs_of(cite.at) or others)
