"""Which sources are independent: a report based on another is not a second source."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, islice

from casefile.case.model import CaseFile, Source

_MOST_FOLLOWED = 200
_MOST_COMPARED = 200
"""Beyond these limits, sources are assumed to be independent, to avoid false findings."""


class Independence:
    """The sources that each source rests on, by `based_on`, directly or through others."""

    def __init__(self, case_file: CaseFile) -> None:
        """Read the sources of a case."""
        sources = {source.id: source for source in case_file.of(Source)}
        self._based_on = {
            name: tuple(one for one in source.based_on if one in sources)
            for name, source in sources.items()
        }
        self._followed: dict[str, frozenset[str]] = {}

    def has_two(self, source_ids: Iterable[str]) -> bool:
        """Whether at least two of the sources rest on no common source."""
        several = [self.basis_of(source_id) for source_id in dict.fromkeys(source_ids)]
        pairs = combinations(several, 2)
        compared = 0
        for one, other in islice(pairs, _MOST_COMPARED):
            if one.isdisjoint(other):
                return True
            compared += 1
        return compared == _MOST_COMPARED

    def basis_of(self, source_id: str) -> frozenset[str]:
        """Return a source and all sources that it rests on."""
        if source_id not in self._followed:
            found = {source_id: None}
            pending = [source_id]
            while pending and len(found) < _MOST_FOLLOWED:
                for name in self._based_on.get(pending.pop(), ()):
                    if name not in found:
                        found[name] = None
                        pending.append(name)
            self._followed[source_id] = frozenset(found)
        return self._followed[source_id]
