"""Folding text for comparison, with the original position of each folded character."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

import msgspec

from casefile.text.normal_forms import normalized

Span: TypeAlias = tuple[int, int]
"""The start and the exclusive end of a piece of text."""

Pieces: TypeAlias = Callable[[re.Match[str]], Iterable[tuple[int, str]]]
"""Returns what a match is replaced by: the original length and the new text of each piece."""

DOUBLE_MARKS = '"“”„‟«»〝〞〟＂「」『』｢｣﹁﹂﹃﹄'
SINGLE_MARKS = "'‘’‚‛‹›ʼ´＇"
DASHES = "-‐‑‒–—―−⁻₋⸺⸻︱︲﹘﹣－"
"""All forms of the quotation marks and the dash, the ASCII one first."""

_FORMS = str.maketrans(
    {
        **dict.fromkeys(DOUBLE_MARKS, '"'),
        **dict.fromkeys(SINGLE_MARKS, "'"),
        **dict.fromkeys(DASHES, "-"),
    }
)
_STEP = 50_000
"""How many characters are folded in one step."""

# Of bounded length, so that other threads and signals have their turn.
_NON_ASCII_RUNS = re.compile(r"[^\x00-\x7f]{1,64}(?:[\x00-\x7f]{1,2}[^\x00-\x7f]{1,64}){0,64}")
_NON_ASCII_WORD = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_LOWER = str.maketrans({chr(capital): chr(capital + 32) for capital in range(ord("A"), ord("["))})


class Folded(msgspec.Struct, frozen=True):
    """A folded text, and the pieces in which it differs in length from the original.

    Piece n spans `starts[n]` to `ends[n]` in the folded text, and `origin_starts[n]` to
    `origin_ends[n]` in the original; between pieces, one character corresponds to one.
    """

    text: str
    starts: array[int]
    ends: array[int]
    origin_starts: array[int]
    origin_ends: array[int]

    def origin(self, start: int, end: int) -> Span:
        """Return the span of the original for a span of the folded text.

        A character in a piece comes from the whole piece. Originals at the edges that fold to
        nothing are left out.
        """
        return self._start_of(start), self._end_of(end - 1)

    def is_inside_piece(self, at: int) -> bool:
        """Whether a position is inside a piece, as between the letters of a ligature."""
        piece = bisect_right(self.starts, at) - 1
        return piece >= 0 and self.starts[piece] < at < self.ends[piece]

    def dropped(self, start: int, end: int) -> Iterator[tuple[int, Span]]:
        """Yield what folds to nothing in part of the folded text: where, and the original span."""
        for piece in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
            if self.starts[piece] == self.ends[piece]:
                yield self.starts[piece], (self.origin_starts[piece], self.origin_ends[piece])

    def _start_of(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        if piece < 0:
            return at
        beyond = at - self.ends[piece]
        return self.origin_starts[piece] if beyond < 0 else self.origin_ends[piece] + beyond

    def _end_of(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        if piece < 0:
            return at + 1
        beyond = at - self.ends[piece]
        return self.origin_ends[piece] + (beyond + 1 if beyond >= 0 else 0)


def folded(text: str) -> str:
    """Return a text without case, accents, and variants of quotation marks and dashes."""
    if text.isascii():
        return text.casefold()
    # Only runs of other characters: casefold() is enough for ASCII.
    return _NON_ASCII_RUNS.sub(_fold_run, text.casefold())


def fold_in_steps(text: str) -> Generator[int, None, str]:
    """Fold a text like `folded` in steps of some milliseconds; yield how much is done."""
    pieces = []
    for start in range(0, len(text), _STEP):
        if start:
            yield start
        # No character changes what another one folds to.
        pieces.append(folded(text[start : start + _STEP]))
    return "".join(pieces)


def fold_with_origins(text: str) -> Folded:
    """Fold a text like `folded`, and keep the original positions."""
    if text.isascii():
        return Folded(text.lower(), *_no_pieces())
    lower = text.translate(_LOWER)
    return replaced(lower, _NON_ASCII_WORD.finditer(lower), _fold_pieces)


def replaced(text: str, matches: Iterable[re.Match[str]], pieces: Pieces) -> Folded:
    """Replace the matches of a pattern by their pieces, and keep the original positions."""
    kept: list[str] = []
    starts, ends, origin_starts, origin_ends = _no_pieces()
    length = read = 0
    for match in matches:
        start = match.start()
        if start > read:
            kept.append(text[read:start])
            length += start - read
            read = start
        for was, new in pieces(match):
            end, after = length + len(new), read + was
            if not (was == 1 == len(new)) and new != text[read:after]:
                starts.append(length)
                ends.append(end)
                origin_starts.append(read)
                origin_ends.append(after)
            kept.append(new)
            length, read = end, after
    kept.append(text[read:])
    return Folded("".join(kept), starts, ends, origin_starts, origin_ends)


def clusters(text: str, belongs: Callable[[str], bool]) -> Iterator[str]:
    """Split a text into characters, each with those after it that belong to it."""
    start = 0
    for at in range(1, len(text)):
        if not belongs(text[at]):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _no_pieces() -> tuple[array[int], array[int], array[int], array[int]]:
    return array("I"), array("I"), array("I"), array("I")


def _fold_run(match: re.Match[str]) -> str:
    return "".join(map(_fold_character, match[0]))


def _fold_pieces(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    # A combining accent belongs to the letter before it.
    for cluster in clusters(match[0], lambda char: not _fold_character(char)):
        yield len(cluster), "".join(map(_fold_character, cluster))


# Large enough for the characters in use of Chinese or Korean.
@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    """Return what a character folds to after any other; nothing for a combining accent."""
    # Folded again, since decomposing may yield capitals, as the N of “№”.
    decomposed = normalized("NFKD", character.casefold().translate(_FORMS)).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))
