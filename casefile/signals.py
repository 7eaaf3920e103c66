"""The signals that end the program, and threads that leave them to the main one."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread  # noqa: TID251 -- the one place that starts one

TERMINATING_SIGNALS = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGALRM,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGXCPU,
)
_HANDLED = (*TERMINATING_SIGNALS, signal.SIGTSTP, signal.SIGCONT)


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let signals wait, as while the modes of the terminal are neither all on nor all off."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_thread(work: Callable[[], object], *, name: str | None = None) -> Thread:
    """Start a daemon thread with signals blocked, so that they interrupt the main thread.

    Of two that arrive together, as at a hangup, the system may give the second to another thread,
    and that takes both: Python has noted them then, but the main thread waits on.
    """
    # A daemon: another thread would hold up the end of the program.
    thread = Thread(target=work, name=name, daemon=True)
    # A thread begins with the mask of the one that starts it.
    with deferred_signals():
        thread.start()
    return thread
