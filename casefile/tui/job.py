"""Long work on the screen: step by step, and never while a key waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from typing import TypeVar

from textual.app import App

from casefile.tui.terminal.key_queue import KeyQueueApp

T = TypeVar("T")

_PAUSE_SECONDS = 0.005
_TOLD_EVERY_SECONDS = 0.2
"""How often it is told how much is done: what is done in less needs no word."""


def _nobody(_done: float) -> None:
    """Tell nobody how much is done."""


async def run_in_background(
    steps: Generator[float, None, T],
    app: App[object],
    tell: Callable[[float], None] = _nobody,
) -> T:
    """Take every step of some work, keys first, and tell now and then how much is done, up to 1.

    Gives what comes of it.
    """
    told_at = time.monotonic()
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if time.monotonic() - told_at > _TOLD_EVERY_SECONDS:
            tell(done)
            told_at = time.monotonic()
        await asyncio.sleep(0)
        # A key goes through many tasks: a step between each two of them would be felt.
        while isinstance(app, KeyQueueApp) and not app.is_idle:
            await asyncio.sleep(_PAUSE_SECONDS)
