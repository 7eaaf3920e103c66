"""Long work on the screen: step by step, and never while a key waits."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import TypeVar

from textual.app import App

from casefile.tui.typed_ahead import TypedAhead

T = TypeVar("T")

_PAUSE_SECONDS = 0.005


async def finished_meanwhile(steps: Generator[float, None, T], app: App[object]) -> T:
    """Take every step of some work, keys first; give what comes of it."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        await asyncio.sleep(0)
        # A key goes through many tasks: a step between each two of them would be felt.
        while isinstance(app, TypedAhead) and not app.is_idle:
            await asyncio.sleep(_PAUSE_SECONDS)
