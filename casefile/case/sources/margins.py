"""Find the line numbers printed in the margin of a text, as in a court transcript."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import msgspec

_NUMBERED = re.compile(r"\s*+([0-9]{1,6})(?:\s++|$)")

# A page of a transcript has 25 lines, its last page fewer. A short run of numbers could be any
# list, and one without words a column of figures, so the first numbered page of a text needs ten
# numbered lines, a quarter of them with words.
_FEWEST = 10


class Margin(msgspec.Struct, frozen=True):
    """The margin of a line: the number printed in it, and its width in characters."""

    number: int
    width: int


def is_series(margins: Mapping[int, Margin]) -> bool:
    """Return whether the numbers in margins ascend throughout, and never start again."""
    numbers = [margin.number for margin in margins.values()]
    return bool(numbers) and all(one < later for one, later in pairwise(numbers))


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
