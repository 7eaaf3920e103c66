"""Folding: a text made comparable, with the place in the original of each folded character."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

import msgspec

Span: TypeAlias = tuple[int, int]
"""Where a stretch of a text begins and, exclusively, where it ends."""

Pieces: TypeAlias = Callable[[re.Match[str]], Iterable[tuple[int, str]]]
"""Gives what a match folds to: for each of its pieces the length it had, and what it becomes."""

DOUBLE_MARKS = '"“”„‟«»〝〞〟＂「」『』｢｣﹁﹂﹃﹄'
SINGLE_MARKS = "'‘’‚‛‹›ʼ´＇"
DASHES = "-‐‑‒–—―−⁻₋⸺⸻︱︲﹘﹣－"
"""Each form of the quotation marks and the dashes, that of the keyboard first."""

_FORMS = str.maketrans(
    {
        **dict.fromkeys(DOUBLE_MARKS, '"'),
        **dict.fromkeys(SINGLE_MARKS, "'"),
        **dict.fromkeys(DASHES, "-"),
    }
)
_NO_ASCII = re.compile(r"[^\x00-\x7f]+(?: [^\x00-\x7f]+)*")
_BEYOND_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_SMALL = str.maketrans({chr(capital): chr(capital + 32) for capital in range(ord("A"), ord("["))})


class Folded(msgspec.Struct, frozen=True):
    """A folded text, and which pieces of it are not what stood there, character by character.

    Each piece is a stretch of the folded text, from `starts` to `ends`, and one of the original,
    from `origin_starts` to `origin_ends`; between pieces both run in step.
    """

    text: str
    starts: array[int]
    ends: array[int]
    origin_starts: array[int]
    origin_ends: array[int]

    def origin(self, start: int, end: int) -> Span:
        """Give where in the original the folded characters from start to end are from.

        A character is from the whole of its piece; what folded to nothing at the edges is left out.
        """
        return self._start_of(start), self._end_of(end - 1)

    def parts_piece(self, at: int) -> bool:
        """Say whether a place lies within a piece, as between the letters of a ligature."""
        piece = bisect_right(self.starts, at) - 1
        return piece >= 0 and self.starts[piece] < at < self.ends[piece]

    def dropped(self) -> Iterator[tuple[int, Span]]:
        """Give what folded to nothing: the place where it would be, and where it stood."""
        origins = zip(self.origin_starts, self.origin_ends, strict=True)
        for start, end, origin in zip(self.starts, self.ends, origins, strict=True):
            if start == end:
                yield start, origin

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
    """Give text without case, accents and the forms of quotation marks and dashes."""
    if text.isascii():
        return text.casefold()
    # Most of a text in Latin letters is ASCII, of which there is nothing more to fold; words in
    # others are folded together.
    return _NO_ASCII.sub(lambda match: _folded_stretch(match[0]), text.casefold())


def fold(text: str) -> Folded:
    """Fold a text as `folded` does, keeping where each folded character is from."""
    if text.isascii():
        return Folded(text.lower(), *_no_pieces())
    return replaced(text.translate(_SMALL), _BEYOND_ASCII, _folded_pieces)


def replaced(text: str, pattern: re.Pattern[str], pieces: Pieces) -> Folded:
    """Replace what a pattern matches by its pieces, keeping where each character is from."""
    kept: list[str] = []
    starts, ends, origin_starts, origin_ends = _no_pieces()
    length = read = 0
    for match in pattern.finditer(text):
        kept.append(text[read : match.start()])
        length += match.start() - read
        read = match.start()
        for was, new in pieces(match):
            if (was, len(new)) != (1, 1) and new != text[read : read + was]:
                starts.append(length)
                ends.append(length + len(new))
                origin_starts.append(read)
                origin_ends.append(read + was)
            kept.append(new)
            length += len(new)
            read += was
    kept.append(text[read:])
    return Folded("".join(kept), starts, ends, origin_starts, origin_ends)


def clusters(text: str, belongs: Callable[[str], bool]) -> Iterator[str]:
    """Part a text before each character but those that belong to the one before."""
    start = 0
    for at in range(1, len(text)):
        if not belongs(text[at]):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _no_pieces() -> tuple[array[int], array[int], array[int], array[int]]:
    return array("I"), array("I"), array("I"), array("I")


@lru_cache(maxsize=4096)
def _folded_stretch(stretch: str) -> str:
    # Decomposing uncovers capitals, as in the number sign of "№ 5".
    decomposed = unicodedata.normalize("NFKD", stretch.translate(_FORMS)).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _folded_pieces(match: re.Match[str]) -> Iterator[tuple[int, str]]:
    # An accent of its own is a part of the letter that it stands on.
    for cluster in clusters(match[0], lambda char: not _folded_character(char)):
        yield len(cluster), "".join(map(_folded_character, cluster))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    return folded(character)
