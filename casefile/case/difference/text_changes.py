"""Comparing two versions of a text, word by word or line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import Match, SequenceMatcher
from typing import Literal

import msgspec

from casefile.case.difference.budget import Budget
from casefile.text.common_ends import common_end, common_start

PieceFate = Literal["same", "gone", "added"]


class TextPiece(msgspec.Struct, frozen=True):
    """A piece of a text that is the same in both versions, gone, or added."""

    fate: PieceFate
    text: str


# Scripts without spaces between words, compared character by character.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff"
)
_PUNCTUATION = r"!-/:-@\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u205e"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_PUNCTUATION}{_UNSPACED}]+")
_TOKEN = re.compile(rf"\n|[^\S\n]+|[{_PUNCTUATION}]|{_WORD.pattern}")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

_MOST_COMPARED = 1_000_000
"""The most pairs of tokens among which matches are looked for; lines are compared instead."""
_MOST_IN_WORDS = 100_000
"""The characters of a text above which it is not divided into words, but for what has changed."""
_STEPS_PER_CHARACTER = 4
"""What it costs to divide a text into words; a character may be one."""
_NEARBY = 100
_GAP = re.compile("[ \n]")
_LEAST_IN_COMMON = 0.3
"""Texts that share a smaller part of their words are not compared."""


def words_in(text: str) -> list[str]:
    """Return the words of a text without punctuation; in scripts such as Chinese the characters."""
    return _WORD.findall(text)


def compare_texts(before: str, after: str, budget: Budget) -> tuple[TextPiece, ...]:
    """Compare two texts by words, or by lines if they are long; return the pieces in order.

    The pieces that are the same or gone add up to `before`, those that are the same or added to
    `after`. What is not compared before the budget is spent counts as changed. If the texts have
    little in common, return no pieces.
    """
    is_long = max(len(before), len(after)) > _MOST_IN_WORDS
    compared = (_long_pieces if is_long else _pieces)(before, after, budget)
    pieces = tuple(_joined(_without_gaps(compared)))
    size = len if is_long else _count_words
    kept = sum(size(piece.text) for piece in pieces if piece.fate == "same")
    most = max(size(before), size(after))
    return pieces if kept and kept >= _LEAST_IN_COMMON * most else ()


def _count_words(text: str) -> int:
    return len(words_in(text))


def _long_pieces(before: str, after: str, budget: Budget) -> Iterator[TextPiece]:
    """Yield the pieces of two long texts; only the part between their common ends is compared."""
    start = common_start(before, after)
    # The ends are cut between words, where there are any nearby.
    start = max(before.rfind(gap, max(0, start - _NEARBY), start) for gap in " \n") + 1 or start
    end = common_end(before[start:], after[start:])
    found = _GAP.search(before, len(before) - end, len(before) - end + _NEARBY)
    end = len(before) - found.start() if found else end
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield TextPiece("same", before[:start])
    compare = _by_lines if max(len(old), len(new)) > _MOST_IN_WORDS else _pieces
    yield from compare(old, new, budget)
    yield TextPiece("same", before[len(before) - end :])


def _pieces(before: str, after: str, budget: Budget) -> Iterator[TextPiece]:
    """Yield the pieces of two texts, by words if that is cheap, else by lines."""
    if not budget.spend(_STEPS_PER_CHARACTER * (len(before) + len(after))):
        yield from (TextPiece("gone", before), TextPiece("added", after))
        return
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _common_prefix(old, new)
    end = _common_prefix(old[start:][::-1], new[start:][::-1])
    old_middle = old[start : len(old) - end]
    new_middle = new[start : len(new) - end]
    yield TextPiece("same", "".join(old[:start]))
    if len(old_middle) * len(new_middle) <= _MOST_COMPARED:
        yield from _matched(old_middle, new_middle, budget)
    else:
        yield from _by_lines("".join(old_middle), "".join(new_middle), budget)
    yield TextPiece("same", "".join(old[len(old) - end :]))


def _by_lines(before: str, after: str, budget: Budget) -> Iterator[TextPiece]:
    if (before.count("\n") + 1) * (after.count("\n") + 1) <= _MOST_COMPARED:
        yield from _matched(_LINE.findall(before), _LINE.findall(after), budget)
    else:
        yield from (TextPiece("gone", before), TextPiece("added", after))


def _common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the common prefix."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


class _Matcher(SequenceMatcher[str]):
    """A matcher that finds no more matches once the budget is spent.

    Each match that it finds takes a search through all pairs of equal tokens that are left.
    """

    b2j: Mapping[str, Sequence[int]]
    """The places in the new text of each token that is looked for (Python's own name)."""

    def __init__(self, old: list[str], new: list[str], budget: Budget) -> None:
        super().__init__(None, old, new)
        self._budget = budget
        self._costs = [1 + len(self.b2j.get(token, ())) for token in old]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        """Return the longest match between two slices, or an empty one if that costs too much."""
        if not self._budget.spend(sum(self._costs[alo:ahi])):
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _matched(old: list[str], new: list[str], budget: Budget) -> Iterator[TextPiece]:
    opcodes = _Matcher(old, new, budget).get_opcodes()
    for fate, old_start, old_end, new_start, new_end in opcodes:
        if fate == "equal":
            yield TextPiece("same", "".join(old[old_start:old_end]))
        else:
            yield TextPiece("gone", "".join(old[old_start:old_end]))
            yield TextPiece("added", "".join(new[new_start:new_end]))


def _without_gaps(pieces: Iterator[TextPiece]) -> Iterator[TextPiece]:
    """Make spaces and punctuation between two changes part of both."""
    several = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(several):
        between_changes = 0 < place < len(several) - 1
        if piece.fate == "same" and between_changes and not _WORD.search(piece.text):
            yield TextPiece("gone", piece.text)
            yield TextPiece("added", piece.text)
        else:
            yield piece


def _joined(pieces: Iterator[TextPiece]) -> Iterator[TextPiece]:
    """Join adjacent pieces; in each change, what is gone comes before what was added."""
    pending: dict[PieceFate, list[str]] = {"same": [], "gone": [], "added": []}
    for piece in pieces:
        # An unchanged piece ends a change, and the other way round.
        ended: tuple[PieceFate, ...] = ("gone", "added") if piece.fate == "same" else ("same",)
        yield from _flushed(pending, ended)
        pending[piece.fate].append(piece.text)
    yield from _flushed(pending, ("same", "gone", "added"))


def _flushed(
    pending: dict[PieceFate, list[str]], fates: tuple[PieceFate, ...]
) -> Iterator[TextPiece]:
    for fate in fates:
        if pending[fate]:
            yield TextPiece(fate, "".join(pending[fate]))
            pending[fate].clear()
