"""Divide a text into paragraphs: by lines, by blank lines, or by the numbers that they bear."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cached_property
from typing import Literal, TypeAlias

import msgspec

from casefile.case.sources.paragraph_numbers import (
    NumberedBlocks,
    find_numbers,
    is_sentence,
    lines_that_begin_blocks,
    paragraph_starts,
)

Separation: TypeAlias = Literal["line", "blank"]
"""What separates blocks: each line is one, or blank lines are between them."""


class ParagraphDivision(msgspec.Struct, frozen=True, dict=True):
    """The paragraphs of a text by index: first line, line after the last, and printed number.

    Lines are counted from 0. In a text without numbers, each paragraph is a block, and its number
    is its place among them, from 1. A paragraph without a number among others has 0.
    """

    separation: Separation
    firsts: Sequence[int]
    ends: Sequence[int]
    numbers: Sequence[int]
    numbered_lines: Sequence[int]
    """The line that bears the number, which headings may come before."""
    block_firsts: Sequence[int]
    bears_numbers: bool = False
    """Whether the numbers are those that the paragraphs bear."""

    @cached_property
    def by_number(self) -> dict[int, list[int]]:
        """The paragraphs with each number, counted from 1, in the order of the text."""
        several: defaultdict[int, list[int]] = defaultdict(list)
        for paragraph, number in enumerate(self.numbers, start=1):
            if number:
                several[number].append(paragraph)
        return dict(several)

    @cached_property
    def _run_ends(self) -> Sequence[int]:
        """The index after the last paragraph up to which the numbers ascend, for each."""
        ends = array("I", bytes(array("I").itemsize * len(self.numbers)))
        end = len(self.numbers)
        for at in reversed(range(len(self.numbers))):
            if at + 1 < end and self.numbers[at + 1] <= self.numbers[at]:
                end = at + 1
            ends[at] = end
        return ends

    def last_up_to(self, start: int, number: int) -> int:
        """Return the last paragraph with at most this number as far as they ascend from `start`."""
        return bisect_right(self.numbers, number, start, self._run_ends[start]) - 1


def divide(
    lines: Sequence[str], separation: Separation, pages: Sequence[int], *, numbered: bool
) -> ParagraphDivision:
    """Divide lines into paragraphs; with `numbered`, where blocks bear numbers.

    `pages` are the first lines of the pages.
    """
    begun = frozenset(lines_that_begin_blocks(lines, pages) if numbered else ())
    firsts, ends = block_lines(lines, separation, begun)
    counted = range(1, len(firsts) + 1)
    by_block = ParagraphDivision(separation, firsts, ends, counted, firsts, firsts)
    if not numbered:
        return by_block
    numbers = numbers_of_blocks(lines, by_block).numbers
    if not numbers:
        return by_block
    blocks = [lines[first:end] for first, end in zip(firsts, ends, strict=True)]
    starts = list(paragraph_starts(blocks, numbers, are_lines=separation == "line"))
    later = [start for start, _ in starts[1:]]
    return ParagraphDivision(
        separation,
        array("I", (firsts[start] for start, _ in starts)),
        array("I", [*(ends[start - 1] for start in later), ends[-1]]),
        array("I", (0 if block is None else numbers[block] for _, block in starts)),
        array("I", (firsts[start if block is None else block] for start, block in starts)),
        firsts,
        bears_numbers=True,
    )


def numbers_of_blocks(lines: Sequence[str], division: ParagraphDivision) -> NumberedBlocks:
    """Return the numbers that the blocks of a text bear."""
    return find_numbers([lines[first] for first in division.block_firsts])


def count_unnumbered(lines: Sequence[str], division: ParagraphDivision) -> int:
    """Return how many paragraphs bear no number, without headings, items and page numbers."""
    numbers = numbers_of_blocks(lines, division).numbers
    ends = (*division.block_firsts[1:], len(lines))
    blocks = zip(division.block_firsts, ends, strict=True)
    return sum(
        at not in numbers and is_sentence([line for line in lines[first:end] if line.strip()])
        for at, (first, end) in enumerate(blocks)
    )


def block_lines(
    lines: Sequence[str], separation: Separation, begun: Set[int]
) -> tuple[array[int], array[int]]:
    """Return the index of the first line of each block, and of the line after its last.

    The lines in `begun` begin one in any case.
    """
    firsts, ends = array("I"), array("I")
    within = False
    for at, line in enumerate(lines):
        if not line or line.isspace():
            within = False
        elif within and separation == "blank" and at not in begun:
            ends[-1] = at + 1
        else:
            firsts.append(at)
            ends.append(at + 1)
            within = True
    return firsts, ends
