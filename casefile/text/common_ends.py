"""What two texts have in common at their ends, found in a few comparisons of long parts."""

from __future__ import annotations


def common_start(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their start."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def common_end(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their end."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        first, second = len(one) - middle, len(other) - middle
        if one[first : len(one) - least] == other[second : len(other) - least]:
            least = middle
        else:
            most = middle - 1
    return least
