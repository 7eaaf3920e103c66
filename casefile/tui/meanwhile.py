"""Long work on the screen: step by step, and never while a key waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import TypeVar

from textual.app import App

from casefile.tui.typed_ahead import TypedAhead

T = TypeVar("T")

_PAUSE_SECONDS = 0.005


def _nobody(_done: float) -> None:
    """Tell nobody how much is done."""


async def finished_meanwhile(
    steps: Generator[float, None, T],
    app: App[object],
    tell: Callable[[float], None] = _nobody,
) -> T:
    """Take every step of some work, keys first, and tell how much is done, up to 1.

    Gives what comes of it.
    """
    while True:
        try:
            tell(next(steps))
        except StopIteration as done:
            result: T = done.value
            return result
        await asyncio.sleep(0)
        # A key goes through many tasks: a step between each two of them would be felt.
        while isinstance(app, TypedAhead) and not app.is_idle:
            await asyncio.sleep(_PAUSE_SECONDS)
