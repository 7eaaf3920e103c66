"""Long work on the screen: step by step, with keys looked at in between."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


async def finished_meanwhile(steps: Generator[float, None, T]) -> T:
    """Take every step of some work, letting other tasks go on in between; give what comes of it."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        await asyncio.sleep(0)
