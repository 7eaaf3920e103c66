"""Where a text comes nearest to words that don't stand in it, as a hint for the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from casefile.case.sources.verbatim import Verbatim
from casefile.text.folding import Span

# What bounds the time: a fragment is cut into so many pieces, each looked for in so many places.
_MOST_PIECES = 24
_MOST_PLACES = 200
_SHORTEST_PIECE = 4
_LONGEST_WORD = 30


class Near(msgspec.Struct, frozen=True):
    """A stretch of a text that nearly is what was sought, and where it first differs."""

    span: Span
    differs: int


class _Vote(msgspec.Struct, frozen=True, order=True):
    """That a piece of what is sought stands somewhere; `origin` is where all of it would begin."""

    origin: int
    piece: int
    place: int


def nearest(text: Verbatim, fragment: Verbatim) -> Near | None:
    """Give the stretch of a text that comes nearest to a fragment, or None if none is near.

    Near is where at least a third of its pieces stand, capitals and small letters being one, and
    about as far from each other as in the fragment.
    """
    searched, sought = text.folded.lower(), fragment.folded.lower()
    if len(sought) < _SHORTEST_PIECE:
        return None
    pieces = _pieces(sought)
    votes = sorted(_votes(searched, pieces))
    densest = _densest(votes, slack=8 + len(sought) // 4)
    if len({vote.piece for vote in densest}) * 3 < len(pieces) or not densest:
        return None
    first = min(densest, key=lambda vote: vote.piece)
    last = max(densest, key=lambda vote: vote.piece)
    start = _word_start(searched, max(0, first.origin))
    end = _word_end(searched, min(len(searched), last.origin + len(sought)))
    end = max(end, first.place + 1)
    here = searched[first.place : first.place + len(sought)]
    # Where its beginning isn't there, it differs before the first piece that is.
    differs = min(first.place + _common_length(here, sought), end - 1)
    return Near(text.origin(start, end), text.origin(differs, differs + 1)[0])


def _pieces(sought: str) -> Sequence[tuple[int, str]]:
    """Give what is sought cut into pieces of one length, each with its place in it."""
    length = max(_SHORTEST_PIECE, -(-len(sought) // _MOST_PIECES))
    places = range(0, len(sought) - length + 1, length)
    return [(at, sought[at : at + length]) for at in places]


def _votes(searched: str, pieces: Sequence[tuple[int, str]]) -> Iterator[_Vote]:
    for number, (offset, piece) in enumerate(pieces):
        for place in islice(_places(searched, piece), _MOST_PLACES):
            yield _Vote(place - offset, number, place)


def _places(searched: str, piece: str) -> Iterator[int]:
    at = searched.find(piece)
    while at >= 0:
        yield at
        at = searched.find(piece, at + 1)


def _densest(votes: Sequence[_Vote], *, slack: int) -> Sequence[_Vote]:
    """Give the votes for about one place that come from the most pieces."""
    best = range(0)
    most = first = 0
    counted: Counter[int] = Counter()
    for last, vote in enumerate(votes):
        counted[vote.piece] += 1
        while vote.origin - votes[first].origin > slack:
            counted[votes[first].piece] -= 1
            if not counted[votes[first].piece]:
                del counted[votes[first].piece]
            first += 1
        if len(counted) > most:
            most, best = len(counted), range(first, last + 1)
    return votes[best.start : best.stop]


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
