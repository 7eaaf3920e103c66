"""What a case says of the texts of its sources, looked up in those that are at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from msgspec.structs import replace

from casefile.case.findings.forms import is_sha256
from casefile.case.findings.inspection import Found, Inspection
from casefile.case.model import CaseFile, Entry, Source
from casefile.case.problem import quoted
from casefile.case.relations import cites_of
from casefile.case.sources.citation_check import verified
from casefile.case.sources.citations import citations_of
from casefile.case.sources.coverage import uncited_paragraphs
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import NoText, TextAtHand

TextOf: TypeAlias = Callable[[CaseFile, Source], TextAtHand]
"""Gives the text of a source; raises NoText."""

_IN_TEXTS = frozenset(
    (
        *("place-not-found", "cite-not-found", "quote-not-found", "wrong-place"),
        "hash-mismatch",
    )
)
"""What can't be found where a text is not at hand."""

_MOST_CHARACTERS = 256 * 1024 * 1024
"""Of all texts of a case together; a file can name one large text a thousand times."""

_TOO_LARGE = f"have more characters than the limit of {_MOST_CHARACTERS:,}; part the case"

_MOST_UNCITED = 200
"""Of one source; beyond them the rest is told of in one finding."""


def no_text(_case_file: CaseFile, _source: Source) -> TextAtHand:
    """Give no text of any source."""
    raise NoText("not-named", "no texts are looked at")


class TextFindings:
    """The search through the texts of a case's sources, one at a time."""

    def __init__(self, inspection: Inspection, text_of: TextOf, *, coverage: bool) -> None:
        """Take where texts are from, and whether paragraphs that nothing cites are looked for."""
        self._inspection = inspection
        self._text_of = text_of
        self._coverage = coverage
        self._room = _MOST_CHARACTERS
        self.without_text: list[str] = []
        """The sources that entries cite and whose text is not at hand, once all was found."""

    @property
    def not_looked_for(self) -> frozenset[str]:
        """The codes of what may be there and was not found, for want of a text or of asking."""
        unasked = frozenset(() if self._coverage else ("uncited",))
        return unasked | _IN_TEXTS if self.without_text else unasked

    def found(self) -> Iterator[Found]:
        """Find what the texts don't bear out, source by source."""
        citing = _citing(self._inspection.case_file)
        for source in self._inspection.case_file.of(Source):
            yield from self._found_of(source, citing.get(source.id))

    def _found_of(self, source: Source, citing: CaseFile | None) -> Iterator[Found]:
        try:
            at_hand = self._read(source)
        except NoText as error:
            yield from self._refused(source, error)
            if citing is not None:
                self.without_text.append(source.id)
                yield from self._gaps(source, citing)
            return
        if at_hand.passed_over is not None and at_hand.passed_over.why != "not-there":
            yield from self._refused(source, at_hand.passed_over)
        yield from self._mismatch(source, at_hand)
        if citing is not None:
            yield from self._astray(source, at_hand.text, citing)
            yield from self._uncited(source, at_hand.text, citing)

    def _read(self, source: Source) -> TextAtHand:
        if self._room <= 0:
            raise NoText("too-large", f"the texts of the case together {_TOO_LARGE}")
        at_hand = self._text_of(self._inspection.case_file, source)
        self._room -= len(at_hand.text.text)
        return at_hand

    def _refused(self, source: Source, error: NoText) -> Iterator[Found]:
        # Many texts may not be passed on; that the case names none is nothing to be told of.
        if error.why == "not-there" and source.file:
            what = f"file: {error.what}; name it, or leave `file` out if it can't be passed on"
            yield self._inspection.finding("text-missing", source.id, ("file",), what)
        elif error.why not in ("not-named", "not-there"):
            keys = ("file",) if source.file else ()
            yield self._inspection.finding("text-refused", source.id, keys, error.what)

    def _mismatch(self, source: Source, at_hand: TextAtHand) -> Iterator[Found]:
        if at_hand.is_as_recorded is False and source.sha256 and is_sha256(source.sha256):
            whose = "your copy of the text" if at_hand.is_own else "the text beside the case file"
            what = (
                f"sha256: {whose} has another, {at_hand.sha256}; put back the text that was read, "
                "or check the cites again and write this"
            )
            yield self._inspection.finding("hash-mismatch", source.id, ("sha256",), what)

    def _astray(self, source: Source, text: SourceText, citing: CaseFile) -> Iterator[Found]:
        result = verified(citing, source.id, text)
        for one in result.astray_places:
            yield self._inspection.finding("place-not-found", one.entry, one.keys, one.what)
        for one in result.astray_quotations:
            missing = "quote-not-found" if one.keys[0] == "words" else "cite-not-found"
            code = "wrong-place" if one.is_elsewhere else missing
            yield self._inspection.finding(code, one.entry, one.keys, one.what)

    def _uncited(self, source: Source, text: SourceText, citing: CaseFile) -> Iterator[Found]:
        if not self._coverage:
            return
        numbers = uncited_paragraphs(text, citations_of(citing, source.id))
        for number in numbers[:_MOST_UNCITED]:
            words = " ".join(text.words(text.paragraph(number)).split())
            yield self._nothing_cites(source, f"para {number}: {quoted(words)}")
        if len(numbers) > _MOST_UNCITED:
            rest = f"{len(numbers) - _MOST_UNCITED:,} paragraphs more"
            yield self._nothing_cites(source, rest)

    def _gaps(self, source: Source, citing: CaseFile) -> Iterator[Found]:
        """Find what is not cited before the last paragraph that is: more can't be known."""
        if not self._coverage:
            return
        cited = {number for number, _ in citations_of(citing, source.id).by_paragraph}
        numbers = (number for number in range(1, max(cited, default=0)) if number not in cited)
        for number in islice(numbers, _MOST_UNCITED):
            yield self._nothing_cites(source, f"para {number}")

    def _nothing_cites(self, source: Source, what: str) -> Found:
        hint = "cite it where it states something"
        return self._inspection.finding("uncited", source.id, (), f"no entry cites {what}; {hint}")


def _citing(case_file: CaseFile) -> dict[str, CaseFile]:
    """Give for each source the case as far as it cites it: no source is looked for in all of it."""
    entries: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in case_file.entries.values():
        for cite in cites_of(case_file, entry):
            source = case_file.source_of(cite)
            if source is not None:
                entries[source][entry.id] = entry
    return {source: replace(case_file, entries=several) for source, several in entries.items()}
