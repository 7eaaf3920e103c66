"""Writing to the terminal in a thread, so that the program never waits for it."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Container
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TextIO

from casefile.signals import start_thread


class TerminalOutput:
    """A queue of output, and the thread that writes it until `finish`.

    Textual blocks once thirty pieces are queued, and no draft would be saved meanwhile. Of the
    standard queues, only this one may be used by signal handlers too.
    """

    def __init__(self, stream: TextIO, when_gone: Callable[[], None]) -> None:
        """Write to a stream; call `when_gone` if that is no longer possible."""
        self._stream = stream
        self._when_gone = when_gone
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._thread = start_thread(self._write_queued, name="casefile-output")

    def put(self, data: str) -> None:
        """Queue output, and never block."""
        self._queue.put(data)

    def drop(self, *, keep: Container[str]) -> None:
        """Drop what is still queued, except the pieces in `keep`."""
        queued: list[str | None] = []
        with suppress(Empty):
            while True:
                queued.append(self._queue.get_nowait())
        for data in queued:
            if data is not None and data in keep:
                self._queue.put(data)

    def finish(self, timeout: float | None = None) -> None:
        """Wait for at most `timeout` seconds until everything is written."""
        self._queue.put(None)
        self._thread.join(timeout)

    def _write_queued(self) -> None:
        encoding, errors = self._stream.encoding, self._stream.errors or "strict"
        try:
            while (data := self._queue.get()) is not None:
                _write_all(self._stream.fileno(), data.encode(encoding, errors))
        except OSError:
            self._when_gone()


def _write_all(descriptor: int, data: bytes) -> None:
    """Write all data, also where another program has made the terminal non-blocking."""
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            select.select([], [descriptor], [])
