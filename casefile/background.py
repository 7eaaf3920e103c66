"""Work that is done in steps of a few milliseconds, so that the screen keeps responding."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def run_to_end(steps: Generator[float, None, T]) -> T:
    """Run a stepwise generator to its end and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
