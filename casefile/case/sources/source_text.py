"""The text of a source, divided: paragraphs, pages and lines, and what of it are words."""

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
from casefile.case.sources.line_numbers import margins_of
from casefile.case.sources.pins import Line, seconds
from casefile.case.sources.verbatim import Verbatim
from casefile.text.folding import Span

_BLANK_LINE = re.compile(r"[\n\f][^\S\n\f]*+[\n\f]")
_STAMP = re.compile(
    r"[^\S\n\f]*+[\[(<]?((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]+)?(?![0-9:])"
)

_WORTH_KEEPING = 4096
"""From how many characters on it pays to keep a stretch ready for comparison."""


class Mark(msgspec.Struct, frozen=True):
    """A stretch of one line, in characters of that line; what is marked on the screen."""

    line: int
    start: int
    end: int


class SourceText:
    """The text of a source; its paragraphs, pages and lines are counted from 1.

    Lines end at line feeds and form feeds, pages at form feeds. Numbers that lines bear at their
    margin count on their page, and are no part of what the text says, nor are the headings above
    and below such lines, which cut a sentence in two. Markdown is read as text.
    """

    def __init__(
        self, text: str, paragraphs: Division | None = None, first_page: int | None = None
    ) -> None:
        """Take a text as it was read, what parts its paragraphs, and where its pages begin.

        By default these are blank lines if there are any, else each line is a paragraph. Blank
        lines are none. An excerpt may begin at another page than the first.
        """
        self._pages_before = max(1, first_page or 1) - 1
        # Each break of a line is one character then, that between pages too.
        self.text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n\f", "\f").rstrip()
        lines = self.text.replace("\f", "\n").split("\n")
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._pages = _first_lines(self.text, self._starts)
        self._margins = margins_of(lines, self._pages[:-1])
        self.division = paragraphs or _division(self.text)
        # Both as long as the text, so that places in them are places in it.
        self._words, self._headings = self.text, ""
        if self._margins:
            lines, headings = self._taken_apart(lines)
            self._words, self._headings = "\n".join(lines), "\n".join(headings)
        self._firsts, self._ends = _parted(lines, self.division)
        # Hundreds of entries may cite one page or paragraph of megabytes.
        self._stretches: dict[Span, tuple[Verbatim, Verbatim]] = {}
        self._kept = 0

    @property
    def line_count(self) -> int:
        """How many lines there are, the blank ones too."""
        return len(self._starts) - 1

    @property
    def page_count(self) -> int:
        """How many pages there are; one if the text marks none."""
        return len(self._pages) - 1

    @property
    def pages(self) -> range:
        """The numbers of its pages."""
        return range(self._pages_before + 1, self._pages_before + self.page_count + 1)

    @property
    def paragraph_count(self) -> int:
        """How many paragraphs there are."""
        return len(self._firsts)

    def line(self, number: int) -> Span:
        """Give where a line stands, without its end."""
        return self._starts[number - 1], self._starts[number] - 1

    def page(self, number: int) -> Span:
        """Give where a page stands."""
        at = number - self._pages_before
        first, end = self._pages[at - 1 : at + 1]
        return self._starts[first], self._starts[end] - 1

    def paragraph(self, number: int) -> Span:
        """Give where a paragraph stands, from the start of its first line."""
        return self._starts[self._firsts[number - 1]], self._starts[self._ends[number - 1]] - 1

    def lines_in(self, span: Span) -> range:
        """Give the lines that a stretch of the text touches."""
        first = bisect_right(self._starts, span[0])
        return range(first, max(first, bisect_left(self._starts, span[1])) + 1)

    def paragraphs_in(self, span: Span) -> range:
        """Give the paragraphs that a stretch of the text touches; none for blank lines alone."""
        lines = self.lines_in(span)
        first = bisect_right(self._ends, lines.start - 1)
        return range(first + 1, bisect_left(self._firsts, lines.stop - 1) + 1)

    def numbered(self, line: int) -> Line:
        """Give the number of a line on its page: as it is counted, or printed at its margin.

        Among printed numbers, a heading has that of the line above it, or of the first.
        """
        page = bisect_right(self._pages, line - 1)
        first = self._pages[page - 1]
        if page not in self._printed:
            return Line(line - first, self._pages_before + page)
        before = bisect_right(self._margin_lines, line - 1) - 1
        before = max(before, bisect_left(self._margin_lines, first))
        number = self._margins[self._margin_lines[before]].number
        return Line(number, self._pages_before + page)

    def line_numbered(self, wanted: Line) -> int | None:
        """Give the line that bears a number at its margin, or is the nth where none is printed.

        Without a page, the number at the margin counts if there the numbers never start again.
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
        """Say whether the lines of a page bear numbers at their margin."""
        return page - self._pages_before in self._printed

    def words(self, span: Span) -> str:
        """Give what a stretch of the text says, as long as it is: all else is spaces."""
        return self._words[slice(*span)]

    def headings(self, span: Span) -> str:
        """Give the headings in a stretch of a text with line numbers, likewise; else nothing."""
        return self._headings[slice(*span)]

    @cached_property
    def stamps(self) -> tuple[tuple[int, int], ...]:
        """The times that lines begin with, in seconds, each with its line; the earliest first."""
        lines = range(1, self.line_count + 1)
        found = ((line, _STAMP.match(self._words, self._starts[line - 1])) for line in lines)
        return tuple(sorted((seconds(match[1]), line) for line, match in found if match))

    @cached_property
    def verbatim(self) -> Verbatim:
        """All that the text says, made ready for comparison once it is needed."""
        return Verbatim(self._words)

    @cached_property
    def verbatim_headings(self) -> Verbatim:
        """All headings of a text with line numbers, likewise."""
        return Verbatim(self._headings)

    def verbatim_in(self, span: Span) -> tuple[Verbatim, Verbatim]:
        """Give the words and the headings of a stretch likewise, its places counted within it."""
        found = self._stretches.get(span)
        if found is None:
            found = Verbatim(self.words(span)), Verbatim(self.headings(span))
            self._keep(span, found)
        return found

    def _keep(self, span: Span, ready: tuple[Verbatim, Verbatim]) -> None:
        """Keep a stretch that is not ready again at once; of all of them as much as one text."""
        length = span[1] - span[0]
        if length < _WORTH_KEEPING:
            return
        if self._kept + length > len(self.text):
            self._stretches.clear()
            self._kept = 0
        self._stretches[span] = ready
        self._kept += length

    def marks(self, span: Span) -> Iterator[Mark]:
        """Give what is to be marked of each line for a stretch of the text.

        Margins are left out, and the headings between other lines.
        """
        lines = self.lines_in(span)
        for number in [line for line in lines if not self._is_heading(line)] or lines:
            start, end = self.line(number)
            margin = self._margins.get(number - 1)
            first = max(span[0], start + (margin.width if margin else 0))
            last = min(span[1], end)
            if first < last:
                yield Mark(number, first - start, last - start)

    def _taken_apart(self, lines: Sequence[str]) -> tuple[list[str], list[str]]:
        """Give what each line says, and what each is as a heading; one of the two is blank."""
        words, headings = [], []
        for at, line in enumerate(lines):
            blank = " " * len(line)
            margin = self._margins.get(at)
            is_heading = margin is None and bisect_right(self._pages, at) in self._printed
            width = margin.width if margin else 0
            words.append(blank if is_heading else blank[:width] + line[width:])
            headings.append(line if is_heading else blank)
        return words, headings

    def _is_heading(self, line: int) -> bool:
        return self.headings(self.line(line)).strip() != ""

    @cached_property
    def _margin_lines(self) -> list[int]:
        return list(self._margins)

    @cached_property
    def _printed(self) -> dict[int, dict[int, int]]:
        """The line that bears a number, by page and number; pages without numbers have none."""
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
    """Give the first line of each page, and the line after the last."""
    breaks = (found.start() for found in re.finditer("\f", text))
    return array("I", chain((0,), (bisect_right(starts, at) for at in breaks), (len(starts) - 1,)))


def _division(text: str) -> Division:
    return "blank" if _BLANK_LINE.search(text.strip()) else "line"


def _parted(lines: Sequence[str], division: Division) -> tuple[array[int], array[int]]:
    """Give the first line of each paragraph, and the line after its last."""
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
