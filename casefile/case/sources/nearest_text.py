"""Find the part of a text that is most similar to words that are not in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from casefile.case.sources.verbatim import Verbatim, occurrences
from casefile.text.folding import Span

# These limit the time: how many pieces a fragment is cut into, and where each is looked for.
_MOST_PIECES = 24
_MOST_PLACES = 200
_SHORTEST_PIECE = 4
_LONGEST_WORD = 30


class NearMatch(msgspec.Struct, frozen=True):
    """A span of a text that is similar to the words sought, and where it first differs."""

    span: Span
    differs: int


class _PieceMatch(msgspec.Struct, frozen=True, order=True):
    """An occurrence of a piece; `origin` is where all of the words sought would start."""

    origin: int
    piece: int
    place: int


def find_nearest(text: Verbatim, fragment: Verbatim) -> NearMatch | None:
    """Return the span of a text that is most similar to a fragment, or None if none is similar.

    Spans are similar if at least a third of the fragment's pieces occur in them, ignoring case, at
    about the same distances from each other.
    """
    searched, sought = text.folded.lower(), fragment.folded.lower()
    if len(sought) < _SHORTEST_PIECE:
        return None
    pieces = _pieces(sought)
    matches = sorted(_piece_matches(searched, pieces))
    densest = _densest(matches, slack=8 + len(sought) // 4)
    if len({match.piece for match in densest}) * 3 < len(pieces) or not densest:
        return None
    first = min(densest, key=lambda match: match.piece)
    last = max(densest, key=lambda match: match.piece)
    start = _word_start(searched, max(0, first.origin))
    end = _word_end(searched, min(len(searched), last.origin + len(sought)))
    end = max(end, first.place + 1)
    # If the fragment's start is missing, it differs from the first piece found on.
    here = searched[first.place : first.place + len(sought)]
    differs = min(first.place + _common_length(here, sought), end - 1)
    return NearMatch(text.origin(start, end), text.origin(differs, differs + 1)[0])


def _pieces(sought: str) -> Sequence[tuple[int, str]]:
    """Cut the words sought into pieces of equal length; return each with its offset."""
    length = max(_SHORTEST_PIECE, -(-len(sought) // _MOST_PIECES))
    offsets = range(0, len(sought) - length + 1, length)
    return [(at, sought[at : at + length]) for at in offsets]


def _piece_matches(searched: str, pieces: Sequence[tuple[int, str]]) -> Iterator[_PieceMatch]:
    for number, (offset, piece) in enumerate(pieces):
        for place in islice(occurrences(searched, piece), _MOST_PLACES):
            yield _PieceMatch(place - offset, number, place)


def _densest(matches: Sequence[_PieceMatch], *, slack: int) -> Sequence[_PieceMatch]:
    """Return the matches of the most pieces whose origins differ by at most `slack`."""
    best = range(0)
    most = first = 0
    pieces: Counter[int] = Counter()
    for last, match in enumerate(matches):
        pieces[match.piece] += 1
        while match.origin - matches[first].origin > slack:
            pieces[matches[first].piece] -= 1
            if not pieces[matches[first].piece]:
                del pieces[matches[first].piece]
            first += 1
        if len(pieces) > most:
            most, best = len(pieces), range(first, last + 1)
    return matches[best.start : best.stop]


def _common_length(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _word_start(text: str, at: int) -> int:
    earliest = max(0, at - _LONGEST_WORD)
    space = text.rfind(" ", earliest, at + 1)
    return space + 1 if space >= 0 or not earliest else at


def _word_end(text: str, at: int) -> int:
    latest = min(len(text), at + _LONGEST_WORD)
    space = text.find(" ", at, latest)
    if space < 0 and latest == len(text):
        return latest
    return space if space >= 0 else at
