"""Find what a text prints to be cited by: headings of sections, stamps of exhibits, and such."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise

import msgspec

from casefile.case.sources.mark_kinds import MarkKind
from casefile.text.folding import Span
from casefile.text.number_words import number_from_words
from casefile.text.series import series

_LONGEST_LINE = 160
"""Headings and stamps are in lines of at most so many characters."""
_MOST_IN_RANGE = 100
"""A heading such as “Counts Two through Five” is of at most so many."""
_SEARCHED_LINES = 5000
"""So many lines are searched at once."""
_MOST = 250_000
"""No more marks are used, as there are no more lines."""

# “Section 4 of the Act” begins a sentence, “Section 4. The Act” is a heading.
_GOES_ON = re.compile(r"(?:\([0-9A-Za-z]{1,5}\))*[,;]?\s+[a-z]|[,;]")
_ENTRY_OF_CONTENTS = re.compile(r"(?:\.\s?){4,}|\s{4,}[0-9]{1,5}\s*$")
_LOWER_CASE_WORD = re.compile(r"(?:^|(?<=\s))(?!(?:of|filed|page)\b)[a-z]")


class PrintedMark(msgspec.Struct, frozen=True):
    """A mark in a text: its key, what it is cited by, its line, and the page that it prints."""

    key: str
    name: str
    line: int
    """Its index, from 0."""
    page: int | None = None


class PrintedMarks:
    """The marks of one kind in a text, and what each stands for."""

    def __init__(
        self, kind: MarkKind, content: str, starts: Sequence[int], pages: Sequence[int]
    ) -> None:
        """Find the marks; `starts` and `pages` end with the end of the text, as in SourceText."""
        self.kind = kind
        self._starts = starts
        self._pages = pages
        self.marks = tuple(islice(_marks(kind, content, starts), _MOST))
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        for at, mark in enumerate(self.marks):
            if not self._continues(at):
                self._by_key[mark.key].append(at)

    def spans(self, key: str) -> tuple[Span, ...]:
        """Return what a mark stands for, once for each time that it is printed anew."""
        if key not in self._spans:
            self._spans[key] = tuple(self._span(at) for at in self._by_key.get(key, ()))
        return self._spans[key]

    def span_of_range(self, first: str, last: str) -> Span | None:
        """Return the span from one mark to another after it, or None if they don't ascend."""
        if not (begins := self.spans(first)):
            return None
        end = next((one for one in self.spans(last) if one[0] >= begins[0][0]), None)
        return (begins[0][0], end[1]) if end else None

    def mark_at(self, offset: int) -> PrintedMark | None:
        """Return the mark that a position in the text belongs to, or None."""
        at = bisect_right(self.marks, offset, key=lambda mark: self._starts[mark.line]) - 1
        return self.marks[at] if at >= 0 else None

    def name_of(self, span: Span) -> str | None:
        """Return the mark of the least that a span is in, as a cite has it, or None."""
        at = bisect_right(self.marks, span[0], key=lambda mark: self._starts[mark.line])
        # What is marked follows a heading, but may precede a stamp.
        for mark in self.marks[max(0, at - 1) : at + 1]:
            if any(start <= span[0] and span[1] <= end for start, end in self.spans(mark.key)):
                return mark.name
        return None

    def page_printed(self, key: str, page: int) -> Span | None:
        """Return the page of a document on which its mark prints this page number, or None."""
        line = self._line_of_page.get((key, page))
        return None if line is None else self._page_span(self._page_of(line))

    @cached_property
    def _line_of_page(self) -> dict[tuple[str, int], int]:
        return {(one.key, one.page): one.line for one in reversed(self.marks) if one.page}

    @property
    def in_words(self) -> str:
        """The first and the last mark, or all if they are few, in words; empty without marks."""
        distinct = list(dict.fromkeys(one.name for one in self.marks))
        return f"{distinct[0]} to {distinct[-1]}" if len(distinct) > 3 else series(distinct)

    def _continues(self, at: int) -> bool:
        """Return whether a mark is only repeated, as on the next page of an exhibit."""
        return at > 0 and self.marks[at - 1].key == self.marks[at].key

    def _span(self, at: int) -> Span:
        mark = self.marks[at]
        after = next((one for one in self._later(at) if not self._is_part(one, mark)), None)
        if self.kind.extent == "page" and self._has_pages:
            return self._page_span(self._page_of(mark.line))
        if self.kind.extent == "page":
            before = self.marks[at - 1].line + 1 if at else 0
            return self._starts[before], self._starts[mark.line + 1] - 1
        end = after.line if after else len(self._starts) - 1
        if self.kind.extent == "document" and self._has_pages:
            return self._document_span(mark.line, end)
        return self._starts[mark.line], max(self._starts[mark.line], self._starts[end] - 1)

    def _later(self, at: int) -> Iterator[PrintedMark]:
        return (self.marks[later] for later in range(at + 1, len(self.marks)))

    def _is_part(self, mark: PrintedMark, whole: PrintedMark) -> bool:
        # Counts two to five, of one heading, are in the same place.
        is_beside = mark.line == whole.line and self.kind.extent == "heading"
        return is_beside or mark.key == whole.key or mark.key.startswith(f"{whole.key}.")

    def _document_span(self, line: int, end: int) -> Span:
        """Return the pages from a stamp to the page of the next, if that is another page."""
        start = self._pages[self._page_of(line)]
        if end < len(self._starts) - 1 and self._page_of(end) != self._page_of(line):
            end = self._pages[self._page_of(end)]
        elif end < len(self._starts) - 1:
            start = line
        return self._starts[start], self._starts[end] - 1

    @property
    def _has_pages(self) -> bool:
        return len(self._pages) > 2

    def _page_of(self, line: int) -> int:
        return bisect_right(self._pages, line, hi=len(self._pages) - 1) - 1

    def _page_span(self, page: int) -> Span:
        first, end = self._pages[page : page + 2]
        return self._starts[first], self._starts[end] - 1


def _marks(kind: MarkKind, content: str, starts: Sequence[int]) -> Iterator[PrintedMark]:
    for match in _matches(kind, content, starts):
        at = bisect_right(starts, match.start()) - 1
        start, end = starts[at], starts[at + 1] - 1
        if end - start > _LONGEST_LINE or match.end() > end:
            continue
        before, after = content[start : match.start()], content[match.end() : end]
        if _is_mark(kind, before, after):
            page = re.search(kind.page_after, after) if kind.page_after else None
            for written in _written(match[1], match[2]):
                name = kind.shown(written)
                yield PrintedMark(kind.key(written), name, at, int(page[1]) if page else None)


def _matches(kind: MarkKind, content: str, starts: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield what may be marks; no search is so long that a key or signal would wait for it."""
    if kind.extent == "heading":
        yield from filter(None, (kind.printed.match(content, start) for start in starts[:-1]))
        return
    for start, end in pairwise((*starts[:-1:_SEARCHED_LINES], len(content))):
        yield from kind.printed.finditer(content, start, end)


def _written(first: str, last: str | None) -> Sequence[str]:
    """Return the numbers of a mark: several for a heading such as “Counts Two through Five”."""
    start, end = number_from_words(first), number_from_words(last) if last else None
    if start is None or end is None or not start < end <= start + _MOST_IN_RANGE:
        return (first,)
    return [str(number) for number in range(start, end + 1)]


def _is_mark(kind: MarkKind, before: str, after: str) -> bool:
    """Return whether what is around a number on its line makes it a heading or a stamp."""
    if kind.extent == "heading":
        is_entry = is_entry_of_contents(after)
        return not before.strip() and not _GOES_ON.match(after) and not is_entry
    if after[:1] in {".", ",", ";", ":", ")"}:
        return False
    return not any(
        _LOWER_CASE_WORD.search(part) and not part[edge].isspace()
        for part, edge in ((before.strip("\n\f"), slice(-2, None)), (after, slice(0, 2)))
    )


def is_entry_of_contents(line: str) -> bool:
    """Return whether a line ends with dots or a wide space before the number of a page."""
    return _ENTRY_OF_CONTENTS.search(line) is not None
