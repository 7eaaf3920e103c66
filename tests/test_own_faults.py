"""Unexpected exceptions: the draft is saved, no text is logged, and the exit code is 70."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_offered,
    assert_restored,
    exit_message,
    write,
)

pytestmark = pytest.mark.terminal


def failing_help(fault: str = "raise ValueError(self.area.panel.text)") -> tuple[str, str]:
    """Return arguments that run casefile with a fault in what `?` does."""
    return "-c", (
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui import help_screen\n"
        f"def help_groups(self):\n    {fault}\n    return []\n"
        "help_screen.help_groups = help_groups\n"
        "run_and_exit()"
    )


def test_fault_saves_draft_and_logs_no_text(start: Start, home: Path) -> None:
    """A fault ends with 70 and the path of a log that has nothing of what was typed."""
    terminal = start(program=failing_help())
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_restored(terminal)
    log = home / "state" / "casefile" / "crash.log"
    said = exit_message(terminal)
    saved = "What was being typed is saved as a draft."
    assert said.startswith(f"{saved} casefile crashed because of a bug")
    assert "ValueError in casefile/tui/app.py, line " in said
    assert said.endswith(f"The crash log, with none of your text, is ~/{log.relative_to(home)}")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    written = log.read_text("utf-8")
    assert "ValueError" in written
    assert "in action_help" in written
    assert HALF_A_WORD not in written
    assert str(home) not in written
    assert_offered(start)


@pytest.mark.parametrize(
    "fault",
    [
        "self.run_worker(self.nothing_there(), exit_on_error=True)",
        "import asyncio; asyncio.get_running_loop().call_soon(lambda: 1 / 0)",
        "self.set_timer(0.01, lambda: 1 / 0)",
        "self.app.panic(Exception)",
        "raise RecursionError",
        "raise MemoryError",
    ],
    ids=["in-a-worker", "in-the-loop", "in-a-timer", "panic", "recursion", "memory"],
)
def test_every_fault_exits_with_70(start: Start, home: Path, fault: str) -> None:
    """Wherever the fault is, the exit code is 70 and the terminal is restored."""
    terminal = start(program=failing_help(fault))
    terminal.wait_for(READY)
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_restored(terminal)
    assert "Traceback" not in terminal.text
    assert (home / "state" / "casefile" / "crash.log").exists()


def test_module_that_is_gone_is_no_bug(start: Start, home: Path) -> None:
    """Where a missing module can't be told of in place, the end says what it may come from."""
    missing = "import asyncio; asyncio.get_running_loop().call_soon(lambda: __import__('gone'))"
    terminal = start(program=failing_help(missing))
    terminal.wait_for(READY)
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_restored(terminal)
    assert exit_message(terminal).startswith("A part of casefile can't be loaded; it may have been")
    assert not (home / "state" / "casefile" / "crash.log").exists()
