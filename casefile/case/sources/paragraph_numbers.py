"""Find the numbers that paragraphs bear at their beginning, as in an indictment or an affidavit."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from casefile.case.sources.printed_marks import is_entry_of_contents

# `8.`, `8)`, `(8)`, `[8]`, `¶ 8`, `8:` or `8`; also `8、`, after which no space is usual.
_NUMBER = re.compile(
    r"\s*+(¶\s{0,3})?([\[(]?)([0-9]{1,4})(?:([.)\]:]{1,2})(?=\s|$|[\"“A-Z])|([、．])|(?=\s|$))"
)
_ITEM = re.compile(r"\s*+(?:\([0-9A-Za-z]{1,5}\)|[•*–—-]|[a-z][.)])\s")
_HEADING_WORD = re.compile(
    r"\s*+(?:§|(?:counts?|section|part|chapter|annex|exhibit)\b)", re.IGNORECASE
)

_HEADING_OF_PART = re.compile(
    r"\s*+(?:counts?|part|chapter|annex|exhibit|schedule)\s+[\w.-]{1,20}\s*+(?:[:–—-]|$)",
    re.IGNORECASE,
)

_BARE = "1"
"""The style of a number with nothing around it."""

_FURTHEST_GAP = 10
"""A number alone may be at most this much larger than the last; a run of them a thousand."""
_FURTHEST_RUN = 1000
_LONGEST_HEADING = 100


class _Numbered(msgspec.Struct, frozen=True):
    """A block that begins with a number, and what comes after the number on its line."""

    block: int
    number: int
    after: str
    part: int
    """How many headings of counts, exhibits and such are before it."""


class NumberedBlocks(msgspec.Struct, frozen=True):
    """The printed number of each block that begins a paragraph, by the index of the block."""

    numbers: dict[int, int]
    are_days: bool = False
    """Whether what follows the mere numbers is mostly one word, as in the days of a month."""

    @property
    def is_ascending(self) -> bool:
        """Whether most numbers are one more than that before, from one below a thousand."""
        several = [*self.numbers.values()]
        steps = [after - one for one, after in pairwise(several)]
        return bool(steps) and several[0] < _FURTHEST_RUN and steps.count(1) * 5 >= len(steps) * 4


def find_numbers(blocks: Sequence[str]) -> NumberedBlocks:
    """Return the numbers of paragraphs; `blocks` are the first lines of the blocks of a text.

    All paragraphs of a text are numbered in the same style, that of which there are most. A number
    counts if it continues the numbers before it. Numbers that begin again at 1 and after which
    those before go on are those of a list in a paragraph, unless they are the first of a count.
    """
    by_style: defaultdict[str, list[_Numbered]] = defaultdict(list)
    part = 0
    for at, block in enumerate(blocks):
        part += _HEADING_OF_PART.match(block) is not None
        if (match := _NUMBER.match(block)) and not is_entry_of_contents(block):
            after = block[match.end() : match.end() + 40].strip()
            # A bare number alone is that of a page.
            if after or _style(match) != _BARE:
                by_style[_style(match)].append(_Numbered(at, int(match[3]), after, part))
    accepted = {style: list(_continuing(several)) for style, several in by_style.items()}
    style = max(accepted, key=lambda style: len(accepted[style]), default="")
    paragraphs = accepted.get(style, [])
    words = Counter(one.after.partition(" ")[0] for one in paragraphs)
    is_one_word = bool(words) and words.most_common(1)[0][1] * 2 > len(paragraphs)
    are_days = style == _BARE and is_one_word
    return NumberedBlocks({one.block: one.number for one in paragraphs}, are_days=are_days)


def _style(match: re.Match[str]) -> str:
    return "¶" if match[1] else f"{match[2]}1{match[4] or match[5] or ''}"


def lines_that_begin_blocks(lines: Sequence[str], pages: Sequence[int]) -> Iterator[int]:
    """Yield the lines that begin a paragraph by their number, with or without a blank line before.

    The number is one more than that before in the same style, or 1, and has something around it;
    any line may begin with a mere number, but for the first of a page. `pages` are these.
    """
    firsts = frozenset(pages)
    last: defaultdict[str, int] = defaultdict(int)
    after_blank = True
    for at, line in enumerate(lines):
        if match := _NUMBER.match(line):
            style, number = _style(match), int(match[3])
            goes_on = style != _BARE and number in {1, last[style] + 1}
            if goes_on or (at in firsts and not line[match.end() :].isspace()):
                yield at
            if goes_on or after_blank:
                last[style] = number
        after_blank = not line.strip()


def _continuing(numbered: Sequence[_Numbered]) -> Iterator[_Numbered]:
    """Yield what continues the numbers before it, or begins them again."""
    runs = list(_runs(numbered))
    runs_from: defaultdict[int, list[int]] = defaultdict(list)
    for at, run in enumerate(runs):
        runs_from[run[0].number].append(at)
    last: int | None = None
    for at, run in enumerate(runs):
        first = run[0].number
        resumes = runs_from.get((last or 0) + 1, []) if first != (last or 0) + 1 else []
        is_new = at > 0 and run[0].part > runs[at - 1][-1].part
        is_list = bisect_right(resumes, at) < len(resumes) and not is_new
        if not is_list and _may_follow(last, first, len(run)):
            yield from run
            last = run[-1].number


def _runs(numbered: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    """Yield the longest stretches in which each number is one more than that before."""
    run: list[_Numbered] = []
    for one in numbered:
        if run and one.number != run[-1].number + 1:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _may_follow(last: int | None, first: int, length: int) -> bool:
    if first == 1 or last is None:
        return first == 1 or length > 1
    if first <= last:
        return length > 1
    return first - last <= (_FURTHEST_RUN if length > 1 else _FURTHEST_GAP)


def is_heading(block: Sequence[str]) -> bool:
    """Return whether the lines of a block without a number are a heading, as far as can be told.

    It is short, ends as no sentence does, and is in capitals, begins as the heading of a section,
    or has a capital at the beginning of every longer word.
    """
    if len(block) > 2:
        return False
    words = " ".join(line.strip() for line in block)
    is_other = _ITEM.match(words) or is_entry_of_contents(words)
    if not words or len(words) > _LONGEST_HEADING or is_other or words[-1] in '.;,”"':
        return False
    if _HEADING_WORD.match(words) or (words.isupper() and len(words) > 2):
        return True
    longer = [word.strip("()[]:“”") for word in words.split() if len(word) > 3]
    return bool(longer) and all(word[:1].isupper() for word in longer)


def is_sentence(block: Sequence[str]) -> bool:
    """Return whether the lines of a block are neither a heading, nor an item, nor a mere number."""
    is_number = len(block) == 1 and block[0].strip().isdecimal()
    return not is_number and _ITEM.match(block[0]) is None and not is_heading(block)


def paragraph_starts(
    blocks: Sequence[Sequence[str]], numbers: dict[int, int], *, are_lines: bool
) -> Iterator[tuple[int, int | None]]:
    """Yield the first block of each paragraph, and the block with its number.

    Headings before a number, and what is between them and it, belong to its paragraph; all else
    belongs to the paragraph before. What is before the first number is a paragraph without one.
    With `are_lines`, each block is a line, and only headings right before a number are known.
    """
    previous: int | None = None
    for numbered in numbers:
        between = range(0 if previous is None else previous + 1, numbered)
        headings = [at for at in between if is_heading(blocks[at])]
        start = headings[0] if headings else numbered
        if previous is None or are_lines:
            start = _first_of_last_run(headings, numbered)
        if previous is None and start > 0:
            yield 0, None
        yield start, numbered
        previous = numbered


def _first_of_last_run(headings: Sequence[int], end: int) -> int:
    """Return the first of the headings that follow each other up to `end`, or `end`."""
    for at in reversed(headings):
        if at != end - 1:
            break
        end = at
    return end
