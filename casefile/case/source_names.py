"""The names by which cites name a source: its id and its abbreviation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from casefile.text.ids import is_id

_LONGEST = 200
"""No cite has a longer abbreviation before its place."""


class SourceNames(msgspec.Struct, frozen=True, dict=True):
    """The ids of the sources of a case, and the source of each abbreviation.

    An abbreviation is found whatever its letter case and the width of its spaces.
    """

    ids: frozenset[str] = frozenset()
    by_abbreviation: Mapping[str, str] = {}
    shared: frozenset[str] = frozenset()
    """The abbreviations of several sources, which name none of them."""

    def split(self, text: str) -> tuple[str | None, str | None]:
        """Return the source and the place that a cite written as a string names."""
        head, comma, rest = text.partition(",")
        named = head.strip()
        if comma and named in self.ids:
            return named, rest.strip()
        if text in self.ids:
            return text, None
        if abbreviated := self.split_abbreviation(text):
            return abbreviated
        return (named, rest.strip()) if comma and is_id(named) else (None, text)

    def split_abbreviation(self, text: str) -> tuple[str, str | None] | None:
        """Return the source whose abbreviation begins a text, and the place after it, or None."""
        if not self.by_abbreviation:
            return None
        words = _spaced(text[:_LONGEST]) + text[_LONGEST:]
        for length in self._lengths:
            source = self.by_abbreviation.get(words[:length].casefold())
            if source and words[length : length + 1] in {"", ",", " "}:
                rest = words[length:].lstrip(", ")
                # “at 45:3” is “45:3”, but “at 45” is a page, as “45” alone is not.
                return source, (rest.removeprefix("at ") if ":" in rest else rest) or None
        return None

    @cached_property
    def _lengths(self) -> list[int]:
        # The longest first: “Calloway Dep. II” before “Calloway Dep.”
        return sorted({len(one) for one in self.by_abbreviation}, reverse=True)


def source_names(rows: Iterable[Mapping[str, Any]]) -> SourceNames:
    """Return the names of sources from their rows, or from what is like them."""
    ids: list[str] = []
    several: list[tuple[str, str]] = []
    for row in rows:
        source_id, abbreviation = row.get("id"), row.get("abbreviation")
        if isinstance(source_id, str):
            ids.append(source_id)
            if isinstance(abbreviation, str) and (folded := fold_abbreviation(abbreviation)):
                several.append((folded, source_id))
    counts = Counter(folded for folded, _ in several)
    return SourceNames(
        frozenset(ids),
        {folded: source_id for folded, source_id in several if counts[folded] == 1},
        frozenset(folded for folded, count in counts.items() if count > 1),
    )


def fold_abbreviation(abbreviation: str) -> str:
    """Return an abbreviation as it is compared."""
    return _spaced(abbreviation).casefold()


def _spaced(text: str) -> str:
    return " ".join(text.split())
