"""The folded lines or paragraphs of a long text, all of which are searched at each key."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from casefile.query import Query

_BREAK = "\n"


class FoldedParts:
    """Parts of a text, folded and joined: words that are in few of them are found at once."""

    def __init__(self, parts: Sequence[str]) -> None:
        """Join folded parts, which have no line breaks."""
        self._text = _BREAK.join(parts)
        lengths = (len(part) + len(_BREAK) for part in parts)
        self._starts = array("Q", accumulate(lengths, initial=0))

    def matching(self, query: Query) -> Iterator[int]:
        """Yield the index of each part that has all words of a query."""
        if not query.words:
            return
        # The longest word is likely to be in the fewest parts.
        rarest = max(query.words, key=len)
        at = self._text.find(rarest)
        while at >= 0:
            part = bisect_right(self._starts, at) - 1
            start, end = self._starts[part], self._starts[part + 1] - len(_BREAK)
            if all(self._text.find(word, start, end) >= 0 for word in query.words):
                yield part
            at = self._text.find(rarest, end + len(_BREAK))
