"""The text of a source, divided into paragraphs, pages and lines, which its margin may number."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, groupby, pairwise

import msgspec

from casefile.case.model import Division
from casefile.case.sources.pins import Line, to_seconds
from casefile.case.sources.verbatim import Verbatim
from casefile.text.folding import Span

_BLANK_LINE = re.compile(r"[\n\f][^\S\n\f]*+[\n\f]")
_STAMP = re.compile(
    r"[^\S\n\f]*+[\[(<]?((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]+)?(?![0-9:])"
)

_SHORTEST_CACHED = 4096
"""Spans of fewer characters are not worth caching."""


class Mark(msgspec.Struct, frozen=True):
    """A part of a line to highlight, in characters of the line."""

    line: int
    start: int
    end: int


class SourceText:
    """The text of a source; its paragraphs, pages and lines are counted from 1.

    Lines end at line feeds and form feeds, pages at form feeds. Line numbers printed in the margin
    are used for counting and are not words of the text. Neither are the headings above and below
    numbered lines, since they interrupt sentences. Markdown is treated as plain text.
    """

    def __init__(
        self, text: str, paragraphs: Division | None = None, first_page: int | None = None
    ) -> None:
        """Divide a text.

        By default, blank lines separate paragraphs if there are any; otherwise each line is a
        paragraph. The pages of an excerpt are counted from `first_page`.
        """
        self._pages_before = max(1, first_page or 1) - 1
        # Afterwards each line break is a single character, also between pages.
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n\f", "\f").rstrip()
        lines = self.text.replace("\f", "\n").split("\n")
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._pages = _first_lines(self.text, self._starts)
        self._margins = find_margins(lines, self._pages[:-1])
        has_blank_line = _BLANK_LINE.search(self.text.strip())
        self.division: Division = paragraphs or ("blank" if has_blank_line else "line")
        # Both are as long as the text, so that offsets in them are offsets in the text.
        self._words, self._headings = self.text, ""
        if self._margins:
            lines, headings = self._words_and_headings(lines)
            self._words, self._headings = "\n".join(lines), "\n".join(headings)
        self._firsts, self._ends = _paragraph_lines(lines, self.division)
        # Hundreds of entries may cite the same page or paragraph of several megabytes.
        self._verbatim_cache: dict[Span, tuple[Verbatim, Verbatim]] = {}
        self._cached_length = 0

    @property
    def line_count(self) -> int:
        """The number of lines, including blank ones."""
        return len(self._starts) - 1

    @property
    def page_count(self) -> int:
        """The number of pages; 1 for a text without form feeds."""
        return len(self._pages) - 1

    @property
    def pages(self) -> range:
        """The page numbers."""
        return range(self._pages_before + 1, self._pages_before + self.page_count + 1)

    @property
    def paragraph_count(self) -> int:
        """The number of paragraphs."""
        return len(self._firsts)

    def line(self, number: int) -> Span:
        """Return the span of a line, without its line break."""
        return self._starts[number - 1], self._starts[number] - 1

    def page(self, number: int) -> Span:
        """Return the span of a page."""
        at = number - self._pages_before
        first, end = self._pages[at - 1 : at + 1]
        return self._starts[first], self._starts[end] - 1

    def paragraph(self, number: int) -> Span:
        """Return the span of a paragraph, from the start of its first line."""
        return self._starts[self._firsts[number - 1]], self._starts[self._ends[number - 1]] - 1

    def paragraph_at(self, line: int) -> int | None:
        """Return the paragraph whose first line is a line, or None."""
        number = bisect_left(self._firsts, line - 1)
        is_first = number < len(self._firsts) and self._firsts[number] == line - 1
        return number + 1 if is_first else None

    def lines_in(self, span: Span) -> range:
        """Return the lines that a span touches."""
        first = bisect_right(self._starts, span[0])
        return range(first, max(first, bisect_left(self._starts, span[1])) + 1)

    def paragraphs_in(self, span: Span) -> range:
        """Return the paragraphs that a span touches; empty for a span of blank lines."""
        lines = self.lines_in(span)
        first = bisect_right(self._ends, lines.start - 1)
        return range(first + 1, bisect_left(self._firsts, lines.stop - 1) + 1)

    def numbered(self, line: int) -> Line:
        """Return the page of a line and its number there, as printed or else as counted.

        On a page with printed numbers, a heading has the number of the line above it, or of the
        first numbered line.
        """
        page = bisect_right(self._pages, line - 1)
        first = self._pages[page - 1]
        if page not in self._printed:
            return Line(line - first, self._pages_before + page)
        before = bisect_right(self._margin_lines, line - 1) - 1
        before = max(before, bisect_left(self._margin_lines, first))
        number = self._margins[self._margin_lines[before]].number
        return Line(number, self._pages_before + page)

    @cached_property
    def largest_number(self) -> int:
        """The largest number that a line has on its page."""
        pages = enumerate(pairwise(self._pages), 1)
        return max(max(self._printed.get(page, (end - first,))) for page, (first, end) in pages)

    @property
    def is_numbered(self) -> bool:
        """Whether any page has line numbers printed in its margin."""
        return bool(self._margins)

    def line_numbered(self, wanted: Line) -> int | None:
        """Return the line with a printed number, or the nth line if no numbers are printed.

        Without a page, printed numbers are only used if they never start again.
        """
        if wanted.page is None:
            if self._printed_throughout:
                return self._printed_throughout.get(wanted.number)
            return wanted.number if 1 <= wanted.number <= self.line_count else None
        if wanted.page not in self.pages:
            return None
        at = wanted.page - self._pages_before
        if at in self._printed:
            return self._printed[at].get(wanted.number)
        first, end = self._pages[at - 1 : at + 1]
        return first + wanted.number if 1 <= wanted.number <= end - first else None

    def prints_numbers(self, page: int) -> bool:
        """Return whether a page has line numbers printed in its margin."""
        return page - self._pages_before in self._printed

    def words(self, span: Span) -> str:
        """Return a span of the text with line numbers and headings replaced by spaces."""
        return self._words[slice(*span)]

    def headings(self, span: Span) -> str:
        """Return a span with all but headings replaced by spaces; empty without line numbers."""
        return self._headings[slice(*span)]

    @cached_property
    def stamps(self) -> tuple[tuple[int, int], ...]:
        """The time stamps at the starts of lines: seconds and line, in ascending order."""
        lines = range(1, self.line_count + 1)
        matches = ((line, _STAMP.match(self._words, self._starts[line - 1])) for line in lines)
        return tuple(sorted((to_seconds(match[1]), line) for line, match in matches if match))

    @cached_property
    def verbatim(self) -> Verbatim:
        """The words of the text, folded for comparison."""
        return Verbatim(self._words)

    @cached_property
    def verbatim_headings(self) -> Verbatim:
        """The headings of a text with line numbers, folded for comparison."""
        return Verbatim(self._headings)

    def verbatim_in(self, span: Span) -> tuple[Verbatim, Verbatim]:
        """Return the words and the headings of a span, with offsets from its start."""
        if span == (0, len(self.text)):
            return self.verbatim, self.verbatim_headings
        folded = self._verbatim_cache.get(span)
        if folded is None:
            folded = Verbatim(self.words(span)), Verbatim(self.headings(span))
            self._cache(span, folded)
        return folded

    def _cache(self, span: Span, folded: tuple[Verbatim, Verbatim]) -> None:
        """Cache a long span; all cached spans together are no longer than the text."""
        length = span[1] - span[0]
        if length < _SHORTEST_CACHED:
            return
        if self._cached_length + length > len(self.text):
            self._verbatim_cache.clear()
            self._cached_length = 0
        self._verbatim_cache[span] = folded
        self._cached_length += length

    def marks(self, span: Span) -> Iterator[Mark]:
        """Yield what to highlight of each line for a span, without margins and headings.

        If the span has only headings, these are highlighted.
        """
        lines = self.lines_in(span)
        without_headings = [line for line in lines if not self.headings(self.line(line)).strip()]
        for number in without_headings or lines:
            start, end = self.line(number)
            margin = self._margins.get(number - 1)
            first = max(span[0], start + (margin.width if margin else 0))
            last = min(span[1], end)
            if first < last:
                yield Mark(number, first - start, last - start)

    def _words_and_headings(self, lines: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the lines with all but words blanked, and with all but headings blanked."""
        words, headings = [], []
        for at, line in enumerate(lines):
            blank = " " * len(line)
            margin = self._margins.get(at)
            is_heading = margin is None and bisect_right(self._pages, at) in self._printed
            width = margin.width if margin else 0
            words.append(blank if is_heading else blank[:width] + line[width:])
            headings.append(line if is_heading else blank)
        return words, headings

    @cached_property
    def _margin_lines(self) -> list[int]:
        return list(self._margins)

    @cached_property
    def _printed(self) -> dict[int, dict[int, int]]:
        """The line of each printed number, by page index from 1 and number."""
        printed: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for at, margin in self._margins.items():
            printed[bisect_right(self._pages, at)][margin.number] = at + 1
        return dict(printed)

    @cached_property
    def _printed_throughout(self) -> dict[int, int]:
        numbers = [margin.number for margin in self._margins.values()]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            return {}
        return {margin.number: at + 1 for at, margin in self._margins.items()}


def _first_lines(text: str, starts: Sequence[int]) -> array[int]:
    """Return the index of the first line of each page, and of the end of the last page."""
    breaks = (match.start() for match in re.finditer("\f", text))
    return array("I", chain((0,), (bisect_right(starts, at) for at in breaks), (len(starts) - 1,)))


def _paragraph_lines(lines: Sequence[str], division: Division) -> tuple[array[int], array[int]]:
    """Return the index of the first line of each paragraph, and of the line after its last."""
    firsts, ends = array("I"), array("I")
    within = False
    for at, line in enumerate(lines):
        if not line or line.isspace():
            within = False
        elif within and division == "blank":
            ends[-1] = at + 1
        else:
            firsts.append(at)
            ends.append(at + 1)
            within = True
    return firsts, ends


_NUMBERED = re.compile(r"\s*+([0-9]{1,6})(?:\s++|$)")

# A page of a transcript has 25 lines, its last page fewer. A short run of numbers could be any
# list, and one without words a column of figures, so the first numbered page of a text needs ten
# numbered lines, a quarter of them with words.
_FEWEST = 10


class Margin(msgspec.Struct, frozen=True):
    """The margin of a line: the number printed in it, and its width in characters."""

    number: int
    width: int


def find_margins(lines: Sequence[str], pages: Sequence[int]) -> dict[int, Margin]:
    """Return the margin of each numbered line by index; `pages` are the first lines of the pages.

    A page is numbered if its lines have the numbers 1, 2, 3, … without a gap, or continue those of
    the page before. Two thirds of its non-blank lines must be numbered, or all but as many as were
    headings on the page before.
    """
    matches = ((at, _NUMBERED.match(line)) for at, line in enumerate(lines))
    candidates = [(at, Margin(int(match[1]), match.end())) for at, match in matches if match]
    margins: dict[int, Margin] = {}
    last_number = headings = 0
    for page, of_page in groupby(candidates, lambda candidate: bisect_right(pages, candidate[0])):
        numbered = list(of_page)
        fewest = 1 if margins else _FEWEST
        if len(numbered) < fewest:
            continue
        end = pages[page] if page < len(pages) else len(lines)
        filled = sum(not _is_blank(lines[at]) for at in range(pages[page - 1], end))
        for first in (1, last_number + 1):
            run = list(_run(numbered, first))
            needed = max(fewest, min(filled * 2 / 3, filled - headings))
            if len(run) >= needed and (margins or _has_words(run, lines)):
                margins.update(run)
                last_number, headings = run[-1][1].number, filled - len(run)
                break
    return margins


def _run(candidates: Sequence[tuple[int, Margin]], first: int) -> Iterator[tuple[int, Margin]]:
    """Yield the lines whose numbers count up from `first`."""
    expected = first
    pending: tuple[int, Margin] | None = None
    for at, margin in candidates:
        if margin.number == first and expected <= first + 1:
            # An earlier line with this number was the page number at the top.
            pending, expected = (at, margin), first + 1
        elif margin.number == expected:
            if pending:
                yield pending
                pending = None
            yield at, margin
            expected += 1
    if pending:
        yield pending


def _has_words(run: Sequence[tuple[int, Margin]], lines: Sequence[str]) -> bool:
    return sum(len(lines[at]) > margin.width for at, margin in run) * 4 >= len(run)


def _is_blank(line: str) -> bool:
    return not line or line.isspace()
