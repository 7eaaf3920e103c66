"""Checking cites and quotations against the texts of their sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeAlias

from msgspec.structs import replace

from casefile.case.findings.forms import is_sha256
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.model import CaseFile, Entry, Source
from casefile.case.problem import in_quotes
from casefile.case.relations import cites_of, quote_of
from casefile.case.sources.citations import citations_of
from casefile.case.sources.coverage import uncited_places
from casefile.case.sources.numbering import numbering_hint
from casefile.case.sources.pins import marks_of_source
from casefile.case.sources.quotations import CitationMismatch, check_citations, places_outside
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import LoadedText, TextUnavailable

TextOf: TypeAlias = Callable[[CaseFile, Source], LoadedText]
"""Returns the text of a source; raises TextUnavailable."""

_NEED_TEXT = frozenset(
    (
        "place-not-found",
        "ambiguous-place",
        "cite-not-found",
        "quote-not-found",
        "wrong-place",
        "paragraph-numbers",
        "hash-mismatch",
    )
)
"""The codes of findings that need the text of a source."""

_MOST_CHARACTERS = 256 * 1024 * 1024
"""The limit for all texts of a case together; a file may name a large text many times."""

_MOST_UNCITED = 200
"""The most findings about paragraphs of one source; one more sums up the rest."""

_LONGEST_WORDS = 1000
"""A message quotes the beginning of a place, of which no more is needed."""


def no_text(_case_file: CaseFile, _source: Source) -> LoadedText:
    """Raise TextUnavailable for every source."""
    raise TextUnavailable("not-named", "no texts are used")


class TextFindings:
    """The findings from the texts of a case's sources, which are read one at a time."""

    def __init__(self, inspection: Inspection, text_of: TextOf, *, coverage: bool) -> None:
        """Prepare the check; with `coverage`, also look for paragraphs that no entry cites."""
        self._inspection = inspection
        self._text_of = text_of
        self._coverage = coverage
        self._characters_left = _MOST_CHARACTERS
        self.without_text: list[str] = []
        """The cited sources without a text, complete after `findings` has ended."""

    @property
    def unchecked(self) -> frozenset[str]:
        """The codes that were not looked for, without a text or without `coverage`."""
        not_asked_for = frozenset(
            () if self._coverage else ("uncited", "coverage-unknown", "single-source")
        )
        return not_asked_for | _NEED_TEXT if self.without_text else not_asked_for

    def findings(self) -> Iterator[Finding]:
        """Yield the findings of all sources, source by source."""
        citing = _citing(self._inspection.case_file)
        for source in self._inspection.case_file.of(Source):
            yield from self._findings_of(source, citing.get(source.id))

    def _findings_of(self, source: Source, citing: CaseFile | None) -> Iterator[Finding]:
        try:
            text_file = self._read(source)
        except TextUnavailable as error:
            yield from self._refused(source, error)
            yield from self._coverage_unknown(source)
            if citing is not None:
                self.without_text.append(source.id)
                for one in places_outside(citing, source.id, marks_of_source(source)):
                    yield self._finding("place-not-found", one)
                yield from self._gaps(source, citing)
            return
        if text_file.skipped_file is not None and text_file.skipped_file.why != "not-there":
            yield from self._refused(source, text_file.skipped_file)
        yield from self._mismatch(source, text_file)
        if hint := numbering_hint(text_file.text, source.paragraphs):
            keys = ("paragraphs",) if source.paragraphs else ()
            yield self._inspection.finding("paragraph-numbers", source.id, keys, hint)
        if citing is not None:
            yield from self._not_found(source, text_file.text, citing)
            yield from self._uncited(source, text_file.text, citing)

    def _read(self, source: Source) -> LoadedText:
        if self._characters_left <= 0:
            what = f"together have more characters than the limit of {_MOST_CHARACTERS:,}"
            raise TextUnavailable("too-large", f"the texts of the case {what}; split the case")
        text_file = self._text_of(self._inspection.case_file, source)
        self._characters_left -= len(text_file.text.text)
        return text_file

    def _refused(self, source: Source, error: TextUnavailable) -> Iterator[Finding]:
        # A source without `file` is no finding: many texts may not be passed on.
        if error.why == "not-there" and source.file:
            hint = "correct it, or leave `file` out if the text can't be passed on"
            what = f"file: {error.what}; {hint}"
            yield self._inspection.finding("text-missing", source.id, ("file",), what)
        elif error.why not in ("not-named", "not-there"):
            keys = ("file",) if source.file else ()
            yield self._inspection.finding("text-refused", source.id, keys, error.what)

    def _mismatch(self, source: Source, text_file: LoadedText) -> Iterator[Finding]:
        if text_file.is_as_recorded is False and source.sha256 and is_sha256(source.sha256):
            whose = "your copy of the text" if text_file.is_own else "the text beside the case file"
            what = (
                f"sha256: {whose} has a different hash, {text_file.sha256}; restore the text that "
                "was read, or check the cites again and write this hash"
            )
            yield self._inspection.finding("hash-mismatch", source.id, ("sha256",), what)

    def _not_found(self, source: Source, text: SourceText, citing: CaseFile) -> Iterator[Finding]:
        result = check_citations(citing, source.id, text)
        for one in result.missing_places:
            yield self._finding("place-not-found", one)
        for one in result.repeated_places:
            yield self._finding("ambiguous-place", one)
        for one in result.missing_quotations:
            missing = "quote-not-found" if one.keys[0] == "words" else "cite-not-found"
            yield self._finding("wrong-place" if one.is_elsewhere else missing, one)

    def _finding(self, code: str, mismatch: CitationMismatch) -> Finding:
        return self._inspection.finding(code, mismatch.entry, mismatch.keys, mismatch.what)

    def _uncited(self, source: Source, text: SourceText, citing: CaseFile) -> Iterator[Finding]:
        if not self._coverage:
            return
        is_table = (source.file or "").lower().endswith((".csv", ".tsv"))
        places = list(uncited_places(text, citations_of(citing, source.id), is_table=is_table))
        for place in places[:_MOST_UNCITED]:
            words = " ".join(text.words(place.span)[:_LONGEST_WORDS].split())
            yield self._nothing_cites(source, f"{place.at}: {in_quotes(words)}")
        if (rest := len(places) - _MOST_UNCITED) > 0:
            yield self._nothing_cites(source, f"{rest:,} more places")

    def _coverage_unknown(self, source: Source) -> Iterator[Finding]:
        if self._coverage:
            hint = "`casefile source add` attaches your copy of it"
            what = f"no text at hand: coverage unknown; {hint}"
            yield self._inspection.finding("coverage-unknown", source.id, (), what)

    def _gaps(self, source: Source, citing: CaseFile) -> Iterator[Finding]:
        """Without the text, yield the uncited paragraphs before the last cited one."""
        if not self._coverage:
            return
        cited = {number for number, _ in citations_of(citing, source.id).by_paragraph}
        numbers = (number for number in range(1, max(cited, default=0)) if number not in cited)
        for number in islice(numbers, _MOST_UNCITED):
            yield self._nothing_cites(source, f"para {number}")

    def _nothing_cites(self, source: Source, what: str) -> Finding:
        hint = "cite it where it states something"
        return self._inspection.finding("uncited", source.id, (), f"no entry cites {what}; {hint}")


def _citing(case_file: CaseFile) -> dict[str, CaseFile]:
    """Return for each source the case with only the entries that cite it, to search these alone."""
    entries: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in case_file.entries.values():
        for cite in cites_of(case_file, entry):
            source = case_file.source_of(cite)
            if source is not None:
                entries[source][entry.id] = entry
                # The cites of a claim may be incomplete without it.
                if quote := quote_of(case_file.entries, entry):
                    entries[source][quote.id] = quote
    return {source: replace(case_file, entries=several) for source, several in entries.items()}
