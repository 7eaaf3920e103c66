"""Work done in steps of some milliseconds, between which a screen stays alive."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def run_to_end(steps: Generator[float, None, T]) -> T:
    """Take every step of some work; give what comes of it."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
