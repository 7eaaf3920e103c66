"""A fault of ours, anywhere in the program, loses no text, shows none, and is no good end."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_given_back,
    assert_offered,
    last_words,
    write,
)

pytestmark = pytest.mark.terminal


def failing(action: str, raises: str = "raise ValueError(self.area.panel.text)") -> tuple[str, str]:
    """Give a program that is casefile, but for an action of its screen that fails."""
    return "-c", (
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui.case_screen import CaseScreen\n"
        f"def {action}(self):\n    {raises}\n"
        f"CaseScreen.{action} = {action}\n"
        "run_and_exit()"
    )


def test_a_fault_loses_no_text_and_shows_none(start: Start, home: Path) -> None:
    """It ends with 70 and a word on where the log is, which has nothing of what was typed."""
    terminal = start(program=failing("action_help"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_given_back(terminal)
    log = home / "state" / "casefile" / "crash.log"
    said = last_words(terminal)
    saved = "What was being typed is saved as a draft."
    assert said.startswith(f"{saved} casefile crashed because of a bug")
    assert "ValueError in casefile/tui/" in said
    assert said.endswith(f"The crash log, with none of your text, is ~/{log.relative_to(home)}")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    written = log.read_text("utf-8")
    assert "ValueError" in written
    assert "in action_help" in written
    assert HALF_A_WORD not in written
    assert str(home) not in written
    assert_offered(start)


@pytest.mark.parametrize(
    "raises",
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
def test_no_fault_ends_well(start: Start, home: Path, raises: str) -> None:
    """Whatever part of the program fails, the exit code says so and the terminal is given back."""
    terminal = start(program=failing("action_help", raises))
    terminal.wait_for(READY)
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_given_back(terminal)
    assert "Traceback" not in terminal.text
    assert (home / "state" / "casefile" / "crash.log").exists()
