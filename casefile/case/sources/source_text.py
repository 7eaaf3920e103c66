"""The text of a source, divided into paragraphs, pages and lines, which its margin may number."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise

import msgspec

from casefile.case.model import Division
from casefile.case.sources.margins import find_margins, is_series
from casefile.case.sources.mark_kinds import MarkKind
from casefile.case.sources.paragraph_division import (
    Separation,
    count_unnumbered,
    divide,
    numbers_of_blocks,
)
from casefile.case.sources.paragraph_numbers import NumberedBlocks
from casefile.case.sources.pins import Line, Marked, to_seconds
from casefile.case.sources.printed_marks import PrintedMarks
from casefile.case.sources.running_heads import find_running_heads
from casefile.case.sources.verbatim import Verbatim
from casefile.text.folding import Span

_BLANK_LINE = re.compile(r"[\n\f][^\S\n\f]*+[\n\f]")
_STAMP = re.compile(
    r"[^\S\n\f]*+[\[(<]?((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]+)?(?![0-9:])"
)

_SHORTEST_CACHED = 4096
"""Spans of fewer characters are not worth caching."""


class Highlight(msgspec.Struct, frozen=True):
    """A part of a line to highlight, in characters of the line."""

    line: int
    start: int
    end: int


class SourceText:
    """The text of a source; its paragraphs, pages and lines are counted from 1.

    Lines end at line feeds and form feeds, pages at form feeds. Line numbers printed in the margin
    are used for counting and are not words of the text. Neither are the headings above and below
    numbered lines, and those that pages repeat, since they interrupt sentences. Markdown is treated
    as plain text.
    """

    def __init__(
        self,
        text: str,
        paragraphs: Division | None = None,
        first_page: int | None = None,
        whole: Sequence[Marked] = (),
    ) -> None:
        """Divide a text.

        By default, blank lines separate paragraphs if there are any; otherwise each line is a
        paragraph. Numbered paragraphs begin at the blocks so divided that bear a number. The pages
        of an excerpt are counted from `first_page`. `whole` are the marks that the text as a whole
        is known by.
        """
        self._pages_before = max(1, first_page or 1) - 1
        self.whole = whole
        # Afterwards each line break is a single character, also between pages.
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n\f", "\f").rstrip()
        lines = self.text.replace("\f", "\n").split("\n")
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._pages = _first_lines(self.text, self._starts)
        has_blank_line = _BLANK_LINE.search(self.text.strip())
        default: Separation = "blank" if has_blank_line else "line"
        separation = paragraphs if paragraphs in ("blank", "line") else default
        self._margins = find_margins(lines, self._pages[:-1])
        self._running_heads = find_running_heads(lines, self._pages) - self._margins.keys()
        if paragraphs == "numbered" and is_series(self._margins):
            # A paragraph on each line looks like a margin; the margin of a transcript has others.
            words, _ = self._words_and_headings(lines)
            if not divide(words, separation, self._pages, numbered=True).bears_numbers:
                self._margins = {}
        # Both are as long as the text, so that offsets in them are offsets in the text.
        self._words, self._headings = self.text, ""
        is_numbered = paragraphs == "numbered"
        if self._margins or self._running_heads:
            words, headings = self._words_and_headings(lines)
            self._words, self._headings = "\n".join(words), "\n".join(headings)
            # Counted, a paragraph may also be a line that pages repeat.
            lines = words if self._margins or is_numbered else lines
        self._paragraphs = divide(lines, separation, self._pages, numbered=is_numbered)
        # Hundreds of entries may cite the same page or paragraph of several megabytes.
        self._verbatim_cache: dict[Span, tuple[Verbatim, Verbatim]] = {}
        self._cached_length = 0
        self._printed_marks: dict[str, PrintedMarks] = {}

    @property
    def separation(self) -> Separation:
        """What separates the blocks of the text; each is a paragraph if none bears a number."""
        return self._paragraphs.separation

    @property
    def bears_numbers(self) -> bool:
        """Whether its paragraphs are cited by the numbers that they bear."""
        return self._paragraphs.bears_numbers

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
    def paragraphs(self) -> range:
        """The paragraphs."""
        return range(1, len(self._paragraphs.firsts) + 1)

    @property
    def paragraph_numbers(self) -> Sequence[int]:
        """The numbers by which the paragraphs are cited, in their order; 0 for one without."""
        return self._paragraphs.numbers

    def paragraphs_numbered(self, number: int, within: range) -> Sequence[int]:
        """Return those of some paragraphs that are cited by a number; there should be only one.

        If none bears a number, they are counted from 1.
        """
        if not self.bears_numbers:
            return within[number - 1 : number] if number > 0 else ()
        several = self._paragraphs.by_number.get(number, ())
        return several[bisect_left(several, within.start) : bisect_left(several, within.stop)]

    def last_paragraph_up_to(self, paragraph: int, number: int) -> int:
        """Return the last paragraph with at most a number, as far as they ascend from one."""
        return self._paragraphs.last_up_to(paragraph - 1, number) + 1

    @cached_property
    def numbers_of_blocks(self) -> NumberedBlocks:
        """The numbers that the blocks of the text bear, whether or not they are cited by them."""
        return numbers_of_blocks(self._lines_of_words, self._paragraphs)

    def count_unnumbered(self) -> int:
        """Return how many paragraphs bear no number, without headings, items and page numbers."""
        return count_unnumbered(self._lines_of_words, self._paragraphs)

    @property
    def _lines_of_words(self) -> list[str]:
        return self._words.replace("\f", "\n").split("\n")

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
        first, end = self._paragraphs.firsts[number - 1], self._paragraphs.ends[number - 1]
        return self._starts[first], self._starts[end] - 1

    def number_at(self, line: int) -> int | None:
        """Return the number by which a paragraph is cited if it stands at a line, or None."""
        lines = self._paragraphs.numbered_lines
        at = bisect_left(lines, line - 1)
        is_there = at < len(lines) and lines[at] == line - 1
        return self._paragraphs.numbers[at] or None if is_there else None

    def numbered_line(self, paragraph: int) -> int:
        """Return the line of a paragraph that bears its number; its first if none does."""
        return self._paragraphs.numbered_lines[paragraph - 1] + 1

    def begins_block(self, line: int) -> bool:
        """Return whether a line is the first after a blank line, or each line is a block."""
        firsts = self._paragraphs.block_firsts
        at = bisect_left(firsts, line - 1)
        return at < len(firsts) and firsts[at] == line - 1

    def lines_in(self, span: Span) -> range:
        """Return the lines that a span touches."""
        first = bisect_right(self._starts, span[0])
        return range(first, max(first, bisect_left(self._starts, span[1])) + 1)

    def paragraphs_in(self, span: Span) -> range:
        """Return the paragraphs that a span touches; empty for a span of blank lines."""
        lines = self.lines_in(span)
        first = bisect_right(self._paragraphs.ends, lines.start - 1)
        return range(first + 1, bisect_left(self._paragraphs.firsts, lines.stop - 1) + 1)

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
        """Return a span with all but headings replaced by spaces; empty without any."""
        return self._headings[slice(*span)]

    @cached_property
    def stamps(self) -> tuple[tuple[int, int], ...]:
        """The time stamps at the starts of lines: seconds and line, in ascending order."""
        lines = range(1, self.line_count + 1)
        matches = ((line, _STAMP.match(self._words, self._starts[line - 1])) for line in lines)
        return tuple(sorted((to_seconds(match[1]), line) for line, match in matches if match))

    def printed(self, kind: MarkKind) -> PrintedMarks:
        """Return the marks of a kind in the text, also those in its headings."""
        if kind.name not in self._printed_marks:
            marks = PrintedMarks(kind, self._without_margins, self._starts, self._pages)
            self._printed_marks[kind.name] = marks
        return self._printed_marks[kind.name]

    def has_found(self, kind: MarkKind) -> bool:
        """Whether the marks of a kind are known, to find which takes long in a long text."""
        return kind.name in self._printed_marks

    @cached_property
    def _without_margins(self) -> str:
        """The text, headings included, with the numbers in its margins replaced by spaces."""
        if not self._margins:
            return self.text
        lines = self.text.replace("\f", "\n").split("\n")
        for at, margin in self._margins.items():
            lines[at] = " " * margin.width + lines[at][margin.width :]
        return "\n".join(lines)

    @cached_property
    def verbatim(self) -> Verbatim:
        """The words of the text, folded for comparison."""
        return Verbatim(self._words)

    @cached_property
    def verbatim_headings(self) -> Verbatim:
        """The headings of a text, folded for comparison."""
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

    def highlights(self, span: Span) -> Iterator[Highlight]:
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
                yield Highlight(number, first - start, last - start)

    def _words_and_headings(self, lines: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return the lines with all but words blanked, and with all but headings blanked."""
        words, headings = list(lines), [" " * len(line) for line in lines]
        for at, margin in self._margins.items():
            words[at] = " " * margin.width + lines[at][margin.width :]
        for at in self._heading_lines():
            words[at], headings[at] = headings[at], lines[at]
        return words, headings

    def _heading_lines(self) -> Iterator[int]:
        """Yield the lines beside numbered ones, and those that pages repeat."""
        for page in self._printed:
            beside = range(*self._pages[page - 1 : page + 1])
            yield from (at for at in beside if at not in self._margins)
        yield from (
            at for at in self._running_heads if bisect_right(self._pages, at) not in self._printed
        )

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
        if not is_series(self._margins):
            return {}
        return {margin.number: at + 1 for at, margin in self._margins.items()}


def _first_lines(text: str, starts: Sequence[int]) -> array[int]:
    """Return the index of the first line of each page, and of the end of the last page."""
    breaks = (match.start() for match in re.finditer("\f", text))
    return array("I", chain((0,), (bisect_right(starts, at) for at in breaks), (len(starts) - 1,)))
