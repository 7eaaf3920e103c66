"""Long work on the screen: step by step, never while a key waits, stopped by Esc."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker

from casefile.tui.terminal.crash_safe_app import CrashSafeApp

T = TypeVar("T")

_PAUSE_SECONDS = 0.005
_REPORT_SECONDS = 0.2
"""How often progress is reported: what is done in less time needs no report."""


def _ignore(_done: float) -> None:
    """Do not report progress."""


async def run_in_background(
    steps: Generator[float, None, T],
    app: App[Any],
    report: Callable[[float], None] = _ignore,
) -> T:
    """Run a stepwise generator to its end, keys first, and return its result.

    `report` is called now and then with the part that is done, from 0 to 1.
    """
    reported_at = time.monotonic()
    while True:
        try:
            done = next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if time.monotonic() - reported_at > _REPORT_SECONDS:
            report(done)
            reported_at = time.monotonic()
        await asyncio.sleep(0)
        # A key goes through many tasks: a step between each two of them would be felt.
        while isinstance(app, CrashSafeApp) and not app.key_queue.is_idle:
            await asyncio.sleep(_PAUSE_SECONDS)


@dataclass(frozen=True)
class Job:
    """Work under way on a screen."""

    worker: Worker[None]
    when_stopped: str
    """What is said when Esc stops it; work without such words can't be stopped by a key."""


class Jobs:
    """The work under way on one screen or widget, each piece by its name."""

    def __init__(self, node: DOMNode) -> None:
        self._node = node
        self._jobs: dict[str, Job] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._jobs

    @property
    def can_stop(self) -> bool:
        """Whether anything is under way that a key can stop."""
        return any(job.when_stopped for job in self._jobs.values())

    def start(
        self, name: str, work: Callable[[], Awaitable[None]], *, when_stopped: str = ""
    ) -> None:
        """Start work; what is under way by the same name is cancelled."""
        self.cancel(name)

        async def run() -> None:
            try:
                await work()
            finally:
                if name in self._jobs and self._jobs[name].worker is worker:
                    del self._jobs[name]

        worker: Worker[None] = self._node.run_worker(run)
        self._jobs[name] = Job(worker, when_stopped)

    def cancel(self, name: str) -> bool:
        """Cancel work without a word, and return whether it was under way."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.worker.cancel()
        return job is not None

    def cancel_all(self) -> None:
        """Cancel all work without a word."""
        for name in tuple(self._jobs):
            self.cancel(name)

    def stop_last(self) -> str | None:
        """Stop the work that was started last of what a key can stop; return what to say of it."""
        stoppable = [name for name, job in self._jobs.items() if job.when_stopped]
        if not stoppable:
            return None
        words = self._jobs[stoppable[-1]].when_stopped
        self.cancel(stoppable[-1])
        return words
