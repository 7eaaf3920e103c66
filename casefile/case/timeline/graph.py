"""What comes before what: the links of a graph, and the cycles in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

Link: TypeAlias = tuple[int, int]
"""Two things by number: the first comes before the second."""


class Links:
    """What stands directly before and after each thing that is linked to another."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.earlier: dict[int, list[int]] = {}
        self.later: dict[int, list[int]] = {}
        for earlier, later in links:
            self.later.setdefault(earlier, []).append(later)
            self.earlier.setdefault(later, []).append(earlier)
        self.numbers = sorted(self.earlier.keys() | self.later.keys())


def components(links: Links) -> dict[int, int]:
    """Give for each thing the number of its component: what comes both before and after it.

    Kosaraju's algorithm: a component is what reaches the thing that a search finishes last.
    """
    component: dict[int, int] = {}
    for root in reversed(_finished(links)):
        if root in component:
            continue
        component[root] = root
        found = [root]
        for number in found:
            for earlier in links.earlier.get(number, ()):
                if earlier not in component:
                    component[earlier] = root
                    found.append(earlier)
    return component


def cycles(links: Links, component: Mapping[int, int]) -> list[list[int]]:
    """Give what comes before itself: the components of several things, or of one linked to it."""
    members: dict[int, list[int]] = {}
    for number in links.numbers:
        members.setdefault(component[number], []).append(number)
    return [
        several
        for several in members.values()
        if len(several) > 1 or several[0] in links.later.get(several[0], ())
    ]


def cycles_by_name(links: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Give the cycles among names that lead to others; names that lead nowhere may be left out."""
    numbers = {name: number for number, name in enumerate(links)}
    known = Links(
        (number, numbers[other])
        for name, number in numbers.items()
        for other in links[name]
        if other in numbers
    )
    names = [*links]
    return [[names[number] for number in one] for one in cycles(known, components(known))]


def _finished(links: Links) -> list[int]:
    """Give the things in the order in which a depth-first search leaves them."""
    seen: set[int] = set()
    finished: list[int] = []
    for root in links.numbers:
        path = [(root, iter(links.later.get(root, ())))] if root not in seen else []
        seen.add(root)
        while path:
            number, rest = path[-1]
            later = next((one for one in rest if one not in seen), None)
            if later is None:
                finished.append(number)
                path.pop()
            else:
                seen.add(later)
                path.append((later, iter(links.later.get(later, ()))))
    return finished
