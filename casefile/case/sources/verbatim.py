"""Find quoted words in a text, regardless of line breaks and typography, or the nearest words.

Case and accents matter. The choices of typists and typesetters do not: the width of spaces, line
breaks, soft hyphens and hyphens at line ends, the forms of quotation marks and dashes, spaces
around dashes, ligatures and Unicode normalisation. Other numerals (“²”, “½”) are not folded: “10²”
is not “102”. A match does not begin or end within a figure, nor within a word if the script
separates words by spaces: “21” is not in “121” or “21,000”, nor “just” in “unjust”.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice

import msgspec

from casefile.text.folding import DASHES, DOUBLE_MARKS, SINGLE_MARKS, Span, clusters, replaced
from casefile.text.normal_forms import normalized

_MOST_TRIED = 100_000
_MOST_COMPARED = 20_000_000
"""The search is given up after this many candidates, or this many characters in them."""

_DASH_BLOCK = 64
_MOST_BLOCKS = 10_000
"""Dashes are looked up in so many characters at once, and so many lookups are cached."""

# Characters without width other than the soft hyphen: joiners, direction marks, selectors.
_INVISIBLE = r"\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# Scripts without spaces between words: Thai to Burmese, Khmer, those of East Asia but Korean.
# Their quotation marks are excluded, since they are folded like others.
_UNSPACED = (
    r"\u0e00-\u109f\u1780-\u17ff\u2e80-\u2fff\u3001-\u3007\u3020-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_DASHES = frozenset(DASHES)
_DASH = re.escape(DASHES)
_MARK = re.escape(DOUBLE_MARKS + SINGLE_MARKS + "`")

_FOLDED = re.compile(
    rf"""
      (?P<dash> \s*+ [{_DASH}] [{_DASH}\s]*+ )
    | (?P<nothing>
        [{_INVISIBLE}]*+ \xad [{_INVISIBLE}\xad]*+ [^\S\n\f]*+ [\n\f] \s*+
      | [{_INVISIBLE}\xad]++
      | (?<=[{_UNSPACED}]) \s++
      | \s++ (?=[{_UNSPACED}])
      )
    | (?P<mark>  # French has spaces inside its marks; German has them the other way round
        (?<![^\s(\[{_MARK}{_DASH}]) [«‹][\xa0\u202f]
      | [\xa0\u202f][»›] (?!\w)
      | [{_MARK}]++
      )
    | (?P<space> \s{{2,}}+ | [^\S\ ] )
    | (?P<characters> [^\x00-\x7f\s\xad{_INVISIBLE}{_MARK}{_DASH}]++ )
    """,
    re.VERBOSE,
)
# No match reaches over an end of these: other ASCII, or the gap between two other letters.
_LETTER = rf"[^\W\x00-\x7f\uff9e\uff9f{_MARK}]"
_NO_MATCH = re.compile(rf"[^\s\x80-\U0010ffff{_MARK}{_DASH}]|(?<={_LETTER})(?={_LETTER})")
_SEARCHED = _FURTHEST = 1 << 13
"""How much is searched at once, and how much further the end of such a part may be."""
_BECOMES = {"dash": "", "nothing": "", "mark": "'", "space": " "}

# After Latin, Greek, Cyrillic and Armenian. In other scripts a word may be quoted without what is
# attached to it: a particle in Korean, “and” in Arabic and Hebrew, its neighbours in Chinese.
_FIRST_WITHOUT_EDGES = "\u0590"
_WITHIN_FIGURE = re.compile(
    r"(?<=\d)(?=\d) | (?<=\d[.٫])(?=\d) | (?<=\d)(?=[.٫]\d)"
    # Only in groups of three digits, since a comma may also separate the fields of a table.
    r"| (?<=\d[,٬])(?=\d{3}(?!\d)) | (?<=\d)(?=(?:[,٬]\d{3})+(?!\d))",
    re.VERBOSE,
)
_TO_NEXT_LINE = re.compile(r"[^\S\n\f]*+[\n\f]\s*+")
_ELLIPSIS = re.compile(r"\[\s*+(?:…|\.{3,}+)\s*+\]|\(\s*+(?:…|\.{3,}+)\s*+\)|…|\.(?:\s?\.){2,}+")


class Verbatim:
    """A text folded for comparison, with its dashes separate."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._folded = replaced(text, _matches(text), _pieces)
        self._dash_blocks: dict[int, dict[int, bool]] = {}

    @property
    def folded(self) -> str:
        """The folded text, without dashes."""
        return self._folded.text

    @cached_property
    def dashes(self) -> dict[int, bool]:
        """Whether each dash may be a hyphen at a line end, by offset in the folded text."""
        return self._find_dashes(0, len(self.folded) + 1)

    def _dash_at(self, at: int) -> bool | None:
        """Return whether the dash at an offset may be a hyphen at a line end; None without one."""
        return self._dashes_in(at // _DASH_BLOCK).get(at)

    def _dashes_between(self, start: int, end: int) -> Iterator[tuple[int, bool]]:
        """Yield the dashes of a part of the folded text like `dashes`, found block by block."""
        for block in range(start // _DASH_BLOCK, -(-end // _DASH_BLOCK)):
            for at, is_soft in self._dashes_in(block).items():
                if start <= at < end:
                    yield at, is_soft

    def places(self, fragment: Verbatim, start: int = 0) -> Iterator[int]:
        """Yield each offset in the folded text, from `start` on, at which a fragment is."""
        length = len(fragment.folded)
        most = min(_MOST_TRIED, max(1, _MOST_COMPARED // max(1, length)))
        for at in islice(occurrences(self.folded, fragment.folded, start), most):
            end = at + length
            splits_word = self._is_within_word(at) or self._is_within_word(end)
            if not splits_word and self._dashes_agree(fragment, at, end):
                yield at

    def origin(self, start: int, end: int) -> Span:
        """Return the span in the original text of a span of the folded text."""
        return self._folded.origin(start, end)

    def _is_within_word(self, at: int) -> bool:
        """Return whether an offset in the folded text is inside a word, figure or character."""
        text = self.folded
        if not 0 < at < len(text) or self._dash_at(at) is not None:
            return False
        if self._folded.is_inside_piece(at) or unicodedata.category(text[at])[0] == "M":
            return True
        sides = text[at - 1], text[at]
        return _WITHIN_FIGURE.match(text, at) is not None or all(map(_is_of_word, sides))

    def _dashes_agree(self, fragment: Verbatim, at: int, end: int) -> bool:
        """Return whether a fragment has the same dashes, hyphens at line ends excepted."""
        return all(
            place - at in fragment.dashes or is_soft
            for place, is_soft in self._dashes_between(at + 1, end)
        ) and all(
            is_soft or self._dash_at(at + place) is not None
            for place, is_soft in fragment.dashes.items()
        )

    def _dashes_in(self, block: int) -> dict[int, bool]:
        if block not in self._dash_blocks:
            if len(self._dash_blocks) == _MOST_BLOCKS:
                self._dash_blocks.clear()
            start = block * _DASH_BLOCK
            self._dash_blocks[block] = self._find_dashes(start, start + _DASH_BLOCK)
        return self._dash_blocks[block]

    def _find_dashes(self, start: int, end: int) -> dict[int, bool]:
        return {
            at: self._may_hyphenate(first, last)
            for at, (first, last) in self._folded.dropped(start, end)
            if self._text[first:last].lstrip()[:1] in _DASHES
        }

    def _may_hyphenate(self, start: int, end: int) -> bool:
        text = self._text
        return (
            start > 0
            and end < len(text)
            and text[start] in _DASHES
            and _TO_NEXT_LINE.fullmatch(text, start + 1, end) is not None
            and all(unicodedata.category(side)[0] in "LM" for side in (text[start - 1], text[end]))
        )


def fragments_of(words: str) -> tuple[Verbatim, ...]:
    """Return the fragments of a quotation between ellipses: “…”, “[…]”, “...”, “. . .”."""
    parts = (part.strip() for part in _ELLIPSIS.split(words))
    return tuple(Verbatim(part) for part in parts if any(map(str.isalnum, part)))


def find_fragments(text: Verbatim, fragments: Sequence[Verbatim]) -> tuple[Span, ...]:
    """Return the spans of fragments that first follow each other in a text; empty if none do.

    Among several matches with the same last fragment, the others are as near to it as possible.
    """
    places: list[int] = []
    start = 0
    for fragment in fragments:
        at = next(text.places(fragment, start), None)
        if at is None:
            return ()
        places.append(at)
        start = at + len(fragment.folded)
    for number in reversed(range(len(places) - 1)):
        latest = places[number + 1] - len(fragments[number].folded)
        for at in text.places(fragments[number], places[number]):
            if at > latest:
                break
            places[number] = at
    return tuple(
        text.origin(at, at + len(fragment.folded))
        for at, fragment in zip(places, fragments, strict=True)
    )


def occurrences(text: str, part: str, start: int = 0) -> Iterator[int]:
    """Yield the offset of each occurrence of `part` from `start` on, overlapping ones too."""
    at = text.find(part, start)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of `_FOLDED`; no search is so long that a key or signal would wait for it.

    Only thousands of spaces, dashes or marks in a row may be divided.
    """
    start = 0
    while start < len(text):
        latest = start + _SEARCHED + _FURTHEST
        gap = _NO_MATCH.search(text, start + _SEARCHED, latest)
        end = gap.end() if gap else min(latest, len(text))
        yield from _FOLDED.finditer(text, start, end)
        start = end


def _pieces(match: re.Match[str]) -> Iterable[tuple[int, str]]:
    run = match[0]
    if match.lastgroup != "characters":
        return [(len(run), _BECOMES[match.lastgroup or ""])]
    if unicodedata.is_normalized("NFKD", run):
        return [(len(run), run)]
    return [(len(cluster), _decomposed(cluster)) for cluster in clusters(run, _combines)]


# Large enough for the some 2,000 syllables of Korean in use, each of which is decomposed.
@lru_cache(maxsize=4096)
def _decomposed(cluster: str) -> str:
    # Decomposed, such numerals (No, Nl) would become part of the figures beside them.
    is_number = unicodedata.category(cluster[0]) in {"No", "Nl"}
    return cluster if is_number else normalized("NFKD", cluster)


@lru_cache(maxsize=4096)
def _combines(character: str) -> bool:
    return unicodedata.combining(normalized("NFKD", character)[0]) != 0


def _is_of_word(character: str) -> bool:
    return character < _FIRST_WITHOUT_EDGES and unicodedata.category(character)[0] in "LMN"


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
    length = max(_SHORTEST_PIECE, -(-len(sought) // _MOST_PIECES))
    offsets = range(0, len(sought) - length + 1, length)
    pieces = [(at, sought[at : at + length]) for at in offsets]
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


def _common_length(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


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
