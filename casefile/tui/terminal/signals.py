"""The signals that end the program, and the one thread that gets them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

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


def leave_signals_to_main_thread() -> None:
    """Block signals in this thread, so that each interrupts what the main thread waits for.

    Of two that arrive together, as at a hangup, the system may give the second to another thread,
    and that takes both: Python has noted them then, but the main thread waits on.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let signals wait while the modes of the terminal are neither all on nor all off."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
