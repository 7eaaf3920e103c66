"""Long work on the screen: step by step and never while a key waits, or beside it; Esc stops it."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker

from casefile.signals import start_thread
from casefile.tui.terminal.crash_safe_app import CrashSafeApp

T = TypeVar("T")

_PAUSE_SECONDS = 0.005
_THRESHOLDS = gc.get_threshold()
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


async def run_in_thread(work: Callable[[], T]) -> T:
    """Run work that has no steps in a thread of its own, and return its result.

    Python gives the screen its turn every few milliseconds meanwhile. If the caller is cancelled,
    the thread still runs to its end, or to that of the program.
    """
    result: Future[T] = Future()

    def run() -> None:
        # From now on only the wait can be cancelled: a result that nobody takes is no error.
        if not result.set_running_or_notify_cancel():
            return
        try:
            result.set_result(work())
        except Exception as error:  # it is raised where the result is awaited
            result.set_exception(error)

    # Not a thread of the event loop, which would hold up the end of the program.
    start_thread(partial(copy_context().run, run))
    return await asyncio.wrap_future(result)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector while a case is made, and exempt the case from it afterwards.

    A collection takes a second among millions of objects.
    """
    gc.set_threshold(0)
    try:
        yield
        # Only a whole case: of what was stopped, some is in circles that would stay for good.
        gc.freeze()
    finally:
        gc.set_threshold(*_THRESHOLDS)


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
