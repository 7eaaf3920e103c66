"""Work that is done in steps of a few milliseconds, so that the screen keeps responding."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

STEP_SECONDS = 0.01


class Pace:
    """The time that a step may take, whatever its work costs."""

    def __init__(self) -> None:
        self.begin_step()

    def begin_step(self) -> None:
        """Start the time of the next step."""
        self._end = time.monotonic() + STEP_SECONDS

    @property
    def is_step_over(self) -> bool:
        """Whether it is time for the next step."""
        return time.monotonic() >= self._end


def run_to_end(steps: Generator[float, None, T]) -> T:
    """Run a stepwise generator to its end and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
