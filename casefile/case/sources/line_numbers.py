"""Line numbers that a text prints at its margin, as transcripts of courts do."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

_NUMBERED = re.compile(r"\s*+([0-9]{1,6})(?:\s++|$)")

# A page of a transcript has 25 lines, its last page fewer. A short run could be a list of anything,
# and one without words a column of numbers, so the first such page of a text needs ten lines, a
# quarter of them with words.
_FEWEST = 10


class Margin(msgspec.Struct, frozen=True):
    """What stands before the words of a line: its number, and how many characters in all."""

    number: int
    width: int


def margins_of(lines: Sequence[str], pages: Sequence[int]) -> dict[int, Margin]:
    """Give the margin of each line that bears one; `pages` are the first lines of the pages.

    A page is numbered if its lines bear 1, 2, 3, … without a gap, or go on where the page before
    ended. All but a third of those that aren't blank have to, or all but as many headings as that
    page has.
    """
    beginning = ((at, _NUMBERED.match(line)) for at, line in enumerate(lines))
    found = [(at, Margin(int(match[1]), match.end())) for at, match in beginning if match]
    margins: dict[int, Margin] = {}
    going_on = headings = 0
    for page, of_page in groupby(found, lambda one: bisect_right(pages, one[0])):
        numbered = list(of_page)
        fewest = 1 if margins else _FEWEST
        if len(numbered) < fewest:
            continue
        end = pages[page] if page < len(pages) else len(lines)
        filled = sum(not _is_blank(lines[at]) for at in range(pages[page - 1], end))
        for first in (1, going_on + 1):
            run = list(_run(numbered, first))
            needed = max(fewest, min(filled * 2 / 3, filled - headings))
            if len(run) >= needed and (margins or _has_words(run, lines)):
                margins.update(run)
                going_on, headings = run[-1][1].number, filled - len(run)
                break
    return margins


def _run(found: Sequence[tuple[int, Margin]], first: int) -> Iterator[tuple[int, Margin]]:
    """Give, of the lines that begin with a number, those that count on from the first."""
    wanted = first
    waiting: tuple[int, Margin] | None = None
    for at, margin in found:
        if margin.number == first and wanted <= first + 1:
            # The page's own number at its top may be that of its first line.
            waiting, wanted = (at, margin), first + 1
        elif margin.number == wanted:
            if waiting:
                yield waiting
                waiting = None
            yield at, margin
            wanted += 1
    if waiting:
        yield waiting


def _has_words(run: Sequence[tuple[int, Margin]], lines: Sequence[str]) -> bool:
    return sum(len(lines[at]) > margin.width for at, margin in run) * 4 >= len(run)


def _is_blank(line: str) -> bool:
    return not line or line.isspace()
