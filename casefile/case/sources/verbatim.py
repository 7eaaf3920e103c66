"""Verbatim words: where quoted words stand in a text, whatever its line breaks and typography.

Case and accents count: a quotation is verbatim, and one that changes them is not. What a typist or
a typesetter decides does not count: how long a space is and where lines break, soft hyphens and
hyphens at line ends, the forms of quotation marks and dashes and the spaces about a dash,
ligatures and the forms Unicode has for one character. Numbers of another kind (“²”, “½”) stay what
they are: “10²” is not “102”. Figures stand whole, and words of alphabets that part words by
spaces: “21” is not in “121” or “21,000”, nor “just” in “unjust”.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice

from casefile.text.folding import DASHES, DOUBLE_MARKS, SINGLE_MARKS, Span, clusters, replaced

_MOST_TRIED = 100_000
_MOST_COMPARED = 20_000_000
"""How often a fragment may seem to stand and not do so before the search is given up, and how many
characters may be compared at all these places."""

# Without a width of their own, besides the soft hyphen: joiners, marks of direction, selectors.
_UNSEEN = r"\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
# Scripts that part no words by spaces: Thai to Burmese, Khmer, those of East Asia but Korean.
# Their quotation marks are left out: these are marks like others.
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
        [{_UNSEEN}]*+ \xad [{_UNSEEN}\xad]*+ [^\S\n\f]*+ [\n\f] \s*+
      | [{_UNSEEN}\xad]++
      | (?<=[{_UNSPACED}]) \s++
      | \s++ (?=[{_UNSPACED}])
      )
    | (?P<mark>  # French sets a space within its marks; German turns the marks round
        (?<![^\s(\[{_MARK}{_DASH}]) [«‹][\xa0\u202f]
      | [\xa0\u202f][»›] (?!\w)
      | [{_MARK}]++
      )
    | (?P<space> \s{{2,}}+ | [^\S\ ] )
    | (?P<characters> [^\x00-\x7f\s\xad{_UNSEEN}{_MARK}{_DASH}]++ )
    """,
    re.VERBOSE,
)
_BECOMES = {"dash": "", "nothing": "", "mark": "'", "space": " "}

# Latin, Greek, Cyrillic and Armenian end here. In other scripts a word is quoted without what is
# written on to it: a particle in Korean, “and” in Arabic and Hebrew, its neighbours in Chinese.
_FIRST_WITHOUT_EDGES = "\u0590"
_WITHIN_FIGURE = re.compile(
    r"(?<=\d)(?=\d) | (?<=\d[.٫])(?=\d) | (?<=\d)(?=[.٫]\d)"
    # With groups of three: a comma between the fields of a table is none of theirs.
    r"| (?<=\d[,٬])(?=\d{3}(?!\d)) | (?<=\d)(?=(?:[,٬]\d{3})+(?!\d))",
    re.VERBOSE,
)
_TO_NEXT_LINE = re.compile(r"[^\S\n\f]*+[\n\f]\s*+")
_ELLIPSIS = re.compile(r"\[\s*+(?:…|\.{3,}+)\s*+\]|\(\s*+(?:…|\.{3,}+)\s*+\)|…|\.(?:\s?\.){2,}+")


class Verbatim:
    """A text made ready for comparison: folded, its dashes apart."""

    def __init__(self, text: str) -> None:
        """Fold a text once, to look up many fragments in it."""
        self._text = text
        self._folded = replaced(text, _FOLDED, _pieces)

    @property
    def folded(self) -> str:
        """The text as it is compared, without its dashes."""
        return self._folded.text

    @cached_property
    def dashes(self) -> dict[int, bool]:
        """Each dash by its place in the folded text, in order: whether it may hyphenate a word."""
        return {
            at: self._may_hyphenate(start, end)
            for at, (start, end) in self._folded.dropped()
            if self._text[start:end].lstrip()[:1] in _DASHES
        }

    def places(self, fragment: Verbatim, start: int = 0) -> Iterator[int]:
        """Give each place of the folded text, from a start on, where a fragment stands."""
        length = len(fragment.folded)
        most = min(_MOST_TRIED, max(1, _MOST_COMPARED // max(1, length)))
        for at in islice(self._seeming(fragment.folded, start), most):
            end = at + length
            parts_word = self._is_within_word(at) or self._is_within_word(end)
            if not parts_word and self._dashes_agree(fragment, at, end):
                yield at

    def origin(self, start: int, end: int) -> Span:
        """Give where in the text as written a stretch of the folded text stands."""
        return self._folded.origin(start, end)

    def _seeming(self, folded: str, start: int) -> Iterator[int]:
        at = self.folded.find(folded, start)
        while at >= 0:
            yield at
            at = self.folded.find(folded, at + 1)

    def _is_within_word(self, at: int) -> bool:
        """Say whether a place in the folded text parts a word, a figure or a character."""
        text = self.folded
        if not 0 < at < len(text) or at in self.dashes:
            return False
        if self._folded.parts_piece(at) or unicodedata.category(text[at])[0] == "M":
            return True
        sides = text[at - 1], text[at]
        return _WITHIN_FIGURE.match(text, at) is not None or all(map(_is_of_word, sides))

    def _dashes_agree(self, fragment: Verbatim, at: int, end: int) -> bool:
        """Say whether a fragment has the dashes that stand here, hyphens at line ends apart."""
        within = self._dash_places[
            bisect_right(self._dash_places, at) : bisect_left(self._dash_places, end)
        ]
        return all(place - at in fragment.dashes or self.dashes[place] for place in within) and all(
            at + place in self.dashes or soft for place, soft in fragment.dashes.items()
        )

    @cached_property
    def _dash_places(self) -> list[int]:
        return list(self.dashes)

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
    """Give the fragments of a quotation, parted by ellipses: “…”, “[…]”, “...”, “. . .”."""
    parts = (part.strip() for part in _ELLIPSIS.split(words))
    return tuple(Verbatim(part) for part in parts if any(map(str.isalnum, part)))


def standing(text: Verbatim, fragments: Sequence[Verbatim]) -> tuple[Span, ...]:
    """Give where fragments first stand in a text, one after the other, or nothing.

    Where the last one ends is settled first; the others stand as near to it as they can.
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


def _pieces(match: re.Match[str]) -> Iterable[tuple[int, str]]:
    run = match[0]
    if match.lastgroup != "characters":
        return [(len(run), _BECOMES[match.lastgroup or ""])]
    if unicodedata.is_normalized("NFKD", run):
        return [(len(run), run)]
    return [(len(cluster), _decomposed(cluster)) for cluster in clusters(run, _attaches)]


# Every syllable of Korean is decomposed; there are some 2,000 in use.
@lru_cache(maxsize=4096)
def _decomposed(cluster: str) -> str:
    # Decomposed, the numbers of other kinds (No, Nl) would run into the figures beside them.
    is_number = unicodedata.category(cluster[0]) in {"No", "Nl"}
    return cluster if is_number else unicodedata.normalize("NFKD", cluster)


@lru_cache(maxsize=4096)
def _attaches(character: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) != 0


def _is_of_word(character: str) -> bool:
    return character < _FIRST_WITHOUT_EDGES and unicodedata.category(character)[0] in "LMN"
