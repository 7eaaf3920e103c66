"""Threads beside the main one: none takes a signal, and none disturbs when it is late."""

from __future__ import annotations

import asyncio
import signal
import threading
from pathlib import Path

import pytest
from at_the_terminal import READY, Start, quit_with
from small_cases import events, write_case

from casefile.library import BUNDLED
from casefile.signals import TERMINATING_SIGNALS
from casefile.tui.job import run_in_thread

LOGGED = """
import os, signal, sys, threading
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
start_new_thread = threading._start_new_thread
def logged(function, *arguments):
    blocked = sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ())))
    target = function.__self__._target
    name = getattr(target, "__qualname__", repr(target)).replace(" ", "")
    os.write(log, f"{name} {','.join(map(str, blocked))}\\n".encode())
    return start_new_thread(function, *arguments)
threading._start_new_thread = logged
from casefile.__main__ import run_and_exit
run_and_exit()
"""
"""The program; it logs each thread with the signals that are blocked as it begins."""


@pytest.mark.terminal
def test_no_thread_but_the_main_one_gets_signals(start: Start, tmp_path: Path) -> None:
    """Every thread starts with the signals blocked: at the start, and for what keys do later."""
    log, case = tmp_path / "threads", write_case(tmp_path / "demo.toml", events("one"))
    terminal = start(case, program=("-c", LOGGED, log))
    terminal.wait_for("Event one")
    case.touch()
    terminal.wait_for("The case file has changed")
    terminal.press("R")
    terminal.wait_for("Read again")
    terminal.press("L")
    terminal.wait_for("Library")
    terminal.press(BUNDLED)
    terminal.wait_for("1 of 2 cases")
    terminal.press("Enter")
    terminal.wait_for(READY)
    terminal.press("s")
    terminal.wait_for("para 4")
    terminal.press("Esc")
    quit_with(terminal, "q")
    threads = [line.split(" ") for line in log.read_text().splitlines()]
    needed = {str(int(number)) for number in (*TERMINATING_SIGNALS, signal.SIGCONT)}
    assert len(threads) > 5
    assert [name for name, blocked in threads if not needed <= set(blocked.split(","))] == []


async def test_thread_whose_result_nobody_waits_for_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If the wait for a thread is cancelled, the thread ends without a traceback."""
    reported: list[object] = []
    may_end = threading.Event()
    monkeypatch.setattr(threading, "excepthook", reported.append)
    before = set(threading.enumerate())
    waiting = asyncio.ensure_future(run_in_thread(may_end.wait))
    await asyncio.sleep(0)
    (thread,) = set(threading.enumerate()) - before
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    may_end.set()
    thread.join()
    assert reported == []
