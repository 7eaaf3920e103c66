"""What of a text stayed, what went and what came, from one version to another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec

Fate = Literal["same", "gone", "added"]


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a text, and what became of it."""

    fate: Fate
    text: str


# Scripts that put no room between words, taken character by character.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff"
)
_PUNCTUATION = r"!-/:-@\[-`{-~\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u205e"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_PUNCTUATION}{_UNSPACED}]+")
_TOKEN = re.compile(rf"\n|[^\S\n]+|[{_PUNCTUATION}]|{_WORD.pattern}")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

_MOST_COMPARED = 1_000_000
"""How many comparisons of one part with another a text may cost, lest it take seconds."""
_LEAST_IN_COMMON = 0.3
"""Two texts that share less of their words are told whole."""


def words_in(text: str) -> list[str]:
    """Give the words of a text, without punctuation; of Chinese and the like the characters."""
    return _WORD.findall(text)


def pieces_between(before: str, after: str) -> tuple[Piece, ...]:
    """Give both texts as one row of pieces, by words, of long texts by lines.

    What is the same or gone makes the text before, what is the same or added the text after.
    Texts that have little in common give no pieces.
    """
    pieces = tuple(_joined(_without_crumbs(_pieces(before, after))))
    kept = sum(len(words_in(piece.text)) for piece in pieces if piece.fate == "same")
    most = max(len(words_in(before)), len(words_in(after)))
    return pieces if kept and kept >= _LEAST_IN_COMMON * most else ()


def _pieces(before: str, after: str) -> Iterator[Piece]:
    """Give the pieces of two texts, cut at words where that costs little, else at lines."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    old_middle = old[start : len(old) - end]
    new_middle = new[start : len(new) - end]
    yield Piece("same", "".join(old[:start]))
    if len(old_middle) * len(new_middle) <= _MOST_COMPARED:
        yield from _matched(old_middle, new_middle)
    else:
        yield from _by_lines("".join(old_middle), "".join(new_middle))
    yield Piece("same", "".join(old[len(old) - end :]))


def _by_lines(before: str, after: str) -> Iterator[Piece]:
    old, new = _LINE.findall(before), _LINE.findall(after)
    if len(old) * len(new) <= _MOST_COMPARED:
        yield from _matched(old, new)
    else:
        yield from (Piece("gone", before), Piece("added", after))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Give how many parts at the start are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _matched(old: list[str], new: list[str]) -> Iterator[Piece]:
    for fate, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new
    ).get_opcodes():
        if fate == "equal":
            yield Piece("same", "".join(old[old_start:old_end]))
        else:
            yield Piece("gone", "".join(old[old_start:old_end]))
            yield Piece("added", "".join(new[new_start:new_end]))


def _without_crumbs(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Take room and punctuation that stand between two changes into both of them."""
    several = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(several):
        between_changes = 0 < place < len(several) - 1
        if piece.fate == "same" and between_changes and not _WORD.search(piece.text):
            yield Piece("gone", piece.text)
            yield Piece("added", piece.text)
        else:
            yield piece


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join what follows each other: in each change first all that went, then all that came."""
    parts: dict[Fate, list[str]] = {"same": [], "gone": [], "added": []}
    for piece in pieces:
        # What is the same ends a change, and a change ends what is the same.
        ended: tuple[Fate, ...] = ("gone", "added") if piece.fate == "same" else ("same",)
        yield from _flushed(parts, ended)
        parts[piece.fate].append(piece.text)
    yield from _flushed(parts, ("same", "gone", "added"))


def _flushed(parts: dict[Fate, list[str]], fates: tuple[Fate, ...]) -> Iterator[Piece]:
    for fate in fates:
        if parts[fate]:
            yield Piece(fate, "".join(parts[fate]))
            parts[fate].clear()
