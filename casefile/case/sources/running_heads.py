"""Find the lines that pages repeat at their top and foot, such as a docket stamp or page number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, product, takewhile

import msgspec

_MOST_AT_EDGE = 4
"""A page has at most so many such lines at its top, and as many at its foot."""
_LONGEST_LINE = 160
_DIGITS = re.compile(r"[0-9]{1,12}")
_NUMBERS_OF_PARAGRAPHS = frozenset({"0.", "0)", "[0]", "¶ 0"})
"""The shapes of lines that only have the number of the paragraph after them."""
_PAGE_NUMBERS = frozenset({"0", "- 0 -", "-0-", "– 0 –", "page 0", "page 0 of 0"})
"""The shapes of lines that only have the number of the page, in lower case."""


class _Edge(msgspec.Struct, frozen=True):
    """A line at the top or the foot of a page, in parts that can be compared."""

    at: int
    shape: str
    """The line with its numbers left out, or "" if it is none that pages repeat."""
    numbers: tuple[int, ...]


def find_running_heads(lines: Sequence[str], pages: Sequence[int]) -> frozenset[int]:
    """Return the lines that the next page, or the one after it, repeats at the same edge.

    Their numbers may go up with the pages, as those of the pages do. `pages` are the first lines of
    the pages and the end of the last.
    """
    found = set[int]()
    for order in (1, -1):
        edges = [
            list(islice(_edges(lines, range(first, end)[::order]), _MOST_AT_EDGE))
            for first, end in pairwise(pages)
        ]
        repeated = {
            one.at for number, page in enumerate(edges, 1) for one in page if _counts(one, number)
        }
        for distance in (1, 2):
            for page, other in zip(edges, edges[distance:], strict=False):
                repeated.update(_repeated(page, other, distance))
        for page in edges:
            found.update(takewhile(repeated.__contains__, (one.at for one in page)))
    return frozenset(found)


def _edges(lines: Sequence[str], order: range) -> Iterator[_Edge]:
    for at in order:
        if line := lines[at].strip():
            is_short = len(line) <= _LONGEST_LINE
            shape = " ".join(_DIGITS.sub("0", line).split()) if is_short else ""
            shape = "" if shape in _NUMBERS_OF_PARAGRAPHS else shape
            yield _Edge(at, shape, tuple(map(int, _DIGITS.findall(line))) if shape else ())


def _counts(one: _Edge, page: int) -> bool:
    """Return whether a line is the number of its page, as no page may repeat it in a short text."""
    return one.shape.lower() in _PAGE_NUMBERS and one.numbers[0] == page > 1


def _repeated(page: Sequence[_Edge], other: Sequence[_Edge], distance: int) -> Iterator[int]:
    """Yield the lines of two pages that differ at most in numbers, by the pages between."""
    for one, later in product(page, other):
        if one.shape and one.shape == later.shape:
            pairs = zip(one.numbers, later.numbers, strict=True)
            if all(after - before in {0, distance} for before, after in pairs):
                yield from (one.at, later.at)
