"""A directed graph of what comes before what: its order, its components and cycles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from typing import TypeAlias

Link: TypeAlias = tuple[int, int]
"""An edge between two nodes: the first comes before the second."""


class Links:
    """The edges of a graph, all and by node; `numbers` are the nodes that have any."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.all = tuple(links)
        self.earlier: dict[int, list[int]] = {}
        self.later: dict[int, list[int]] = {}
        for earlier, later in self.all:
            self.later.setdefault(earlier, []).append(later)
            self.earlier.setdefault(later, []).append(earlier)
        self.numbers = sorted(self.earlier.keys() | self.later.keys())

    @cached_property
    def sequence(self) -> list[int]:
        """The nodes in topological order, except those that are in a cycle or come after one."""
        return in_order(self.numbers, self)

    def without(self, links: Collection[Link]) -> Links:
        """Return the edges other than some."""
        return Links(link for link in self.all if link not in links) if links else self


def in_order(numbers: Sequence[int], links: Links) -> list[int]:
    """Sort topologically; among the numbers that may come next, the first one given does."""
    rank = {number: position for position, number in enumerate(numbers)}
    remaining = {number: len(earlier) for number, earlier in links.earlier.items()}
    ready = [rank[number] for number in numbers if number not in remaining]
    sequence = []
    while ready:
        number = numbers[heappop(ready)]
        sequence.append(number)
        for later in links.later.get(number, ()):
            remaining[later] -= 1
            if not remaining[later]:
                heappush(ready, rank[later])
    return sequence


def components(links: Links) -> dict[int, int]:
    """Return the number of the strongly connected component of each node.

    What a topological sort reaches is a component each. Among the rest this is Kosaraju's
    algorithm: a component is what reaches the node that a depth-first search finishes last.
    """
    component = {number: number for number in links.sequence}
    for root in reversed(_finished(links)):
        if root in component:
            continue
        component[root] = root
        reached = [root]
        for number in reached:
            for earlier in links.earlier.get(number, ()):
                if earlier not in component:
                    component[earlier] = root
                    reached.append(earlier)
    return component


def cycles(links: Links, component: Mapping[int, int]) -> list[list[int]]:
    """Return the components of several nodes, or of one node that is linked to itself."""
    members: dict[int, list[int]] = {}
    for number in sorted({*links.numbers}.difference(links.sequence)):
        members.setdefault(component[number], []).append(number)
    return [
        nodes
        for nodes in members.values()
        if len(nodes) > 1 or nodes[0] in links.later.get(nodes[0], ())
    ]


def cycles_by_name(links: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the cycles of a graph given as the names that each name leads to."""
    numbers = {name: number for number, name in enumerate(links)}
    known = Links(
        (number, numbers[other])
        for name, number in numbers.items()
        for other in links[name]
        if other in numbers
    )
    names = [*links]
    return [[names[number] for number in cycle] for cycle in cycles(known, components(known))]


def _finished(links: Links) -> list[int]:
    """Return the nodes in the order in which a depth-first search finishes them.

    It leaves out those that a topological sort reaches.
    """
    seen = {*links.sequence}
    finished: list[int] = []
    for root in links.numbers:
        path = [(root, iter(links.later.get(root, ())))] if root not in seen else []
        seen.add(root)
        while path:
            number, rest = path[-1]
            later = next((node for node in rest if node not in seen), None)
            if later is None:
                finished.append(number)
                path.pop()
            else:
                seen.add(later)
                path.append((later, iter(links.later.get(later, ()))))
    return finished
