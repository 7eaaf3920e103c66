"""Stopping and continuing, by a shell or by a signal alone."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_no_mode_left,
    assert_restored,
    editor_that,
    quit_with,
    type_note,
)
from terminal import Terminal, readers_environment

pytestmark = pytest.mark.terminal

UNTIL_STOPPED = "until jobs | grep -q Stopped; do sleep 0.05; done"
"""Shell code that waits until the shell knows that its job has stopped.

`fg` sends no SIGCONT to a job that the shell believes to be running. A job that is stopped at that
moment is reported as “Stopped” again; that happens with any program.
"""

KILLED_EDITOR = "stty raw -echo; kill -9 $$"


def test_keys_count_once_after_sigstop_and_sigcont(reading: Callable[[], Terminal]) -> None:
    """After SIGSTOP and SIGCONT each key counts once, and quitting restores the terminal."""
    terminal = reading()
    for _ in range(3):
        terminal.send_signal(signal.SIGSTOP)
        terminal.wait_stopped()
        terminal.send_signal(signal.SIGCONT)
        drawn = len(terminal.raw)
        terminal.wait_until(lambda: b"Joint" in terminal.raw[drawn:], "drawing anew")  # noqa: B023
    terminal.press("j")
    terminal.wait_for("2 of 21")
    terminal.press("j")
    terminal.wait_for("3 of 21")
    quit_with(terminal, "q")
    assert_restored(terminal)


def test_key_pressed_while_continuing_is_not_lost(start: Start) -> None:
    """A key pressed while application mode is entered again is not lost."""
    throws_away_slowly = (
        "import select, termios\n"
        "from casefile.__main__ import run_and_exit\n"
        "flush = termios.tcflush\n"
        "def tcflush(terminal, queue):\n"
        "    select.select([terminal], [], [], 2)\n"
        "    flush(terminal, queue)\n"
        "termios.tcflush = tcflush\n"
        "run_and_exit()"
    )
    terminal = start(program=("-c", throws_away_slowly))
    terminal.wait_for(READY)
    terminal.send_signal(signal.SIGSTOP)
    terminal.wait_stopped()
    terminal.send_signal(signal.SIGCONT)
    terminal.read_for(0.3)
    terminal.press("j")
    terminal.wait_for("2 of 21")


def test_modes_are_set_again_after_sigcont(
    reading: Callable[[], Terminal],
) -> None:
    """After SIGCONT all modes are set again, since another program may have changed them."""
    terminal = reading()
    terminal.send_signal(signal.SIGSTOP)
    terminal.wait_stopped()
    modes_of_program = terminal.modes
    terminal.set_modes(terminal.modes_before)
    drawn = len(terminal.raw)
    terminal.send_signal(signal.SIGCONT)
    for switch in ("1049h", "25l", "1000h", "2004h"):
        terminal.wait_until(lambda: f"\x1b[?{switch}".encode() in terminal.raw[drawn:], switch)  # noqa: B023
    terminal.wait_until(lambda: b"Joint" in terminal.raw[drawn:], "drawing anew")
    assert terminal.modes == modes_of_program
    assert b"$p" not in terminal.raw[drawn:], "modes are queried again"
    terminal.press("j")
    terminal.wait_for("2 of 21")
    quit_with(terminal, "q")
    assert_restored(terminal)


def test_sigcont_without_stop_does_no_harm(reading: Callable[[], Terminal]) -> None:
    """A SIGCONT without a stop, as some supervisors send it, changes nothing."""
    terminal = reading()
    terminal.send_signal(signal.SIGCONT)
    terminal.send_signal(signal.SIGCONT)
    terminal.press("j")
    terminal.wait_for("2 of 21")
    quit_with(terminal, "q")
    assert_restored(terminal)


@pytest.fixture
def shell(home: Path) -> Iterator[Terminal]:
    """Yield a shell with job control, at its prompt."""
    (home / "inputrc").write_text("set enable-bracketed-paste off\n")
    env = readers_environment(home, PS1="shell> ", INPUTRC=str(home / "inputrc"))
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env=env) as terminal:
        terminal.wait_for("shell>")
        yield terminal


def test_suspend_and_foreground_keep_the_text(shell: Terminal, home: Path) -> None:
    """ctrl+z saves the draft and stops, bg draws nothing, and fg continues with the same text."""
    shell.press(f"stty -a > {home}/before", "Enter")
    shell.press(f"{sys.executable} -m casefile", "Enter")
    shell.wait_for(READY)
    type_note(shell, HALF_A_WORD)
    shell.press("Esc")
    shell.wait_for("saved as a draft")
    shell.press("ctrl+z")
    shell.wait_for("Stopped")
    assert_no_mode_left(shell)
    given_back = len(shell.raw)
    shell.press(f"bg; {UNTIL_STOPPED}; echo the $((6 * 7))", "Enter")
    shell.wait_for("the 42")
    assert b"\x1b[?" not in shell.raw[given_back:], "something was drawn over the shell"
    shell.press("fg", "Enter")
    # In the raw output, since the screen may still show what was drawn before the stop.
    for drawn in (b"1049h", b"Joint", HALF_A_WORD.encode()):
        shell.wait_until(lambda: drawn in shell.raw[given_back:], repr(drawn))  # noqa: B023
    shell.press("j")
    shell.wait_for("2 of 21")
    shell.press("q")
    shell.wait_for("shell>")
    shell.press(f"stty -a | cmp - {home}/before && echo ended $?", "Enter")
    shell.wait_for("ended 0")
    assert_no_mode_left(shell)


@pytest.mark.parametrize(("key", "dialog"), [("?", "─ Keys"), (":", "─ Go"), ("t", "─ Tags of")])
def test_dialog_is_suspended_too(shell: Terminal, key: str, dialog: str) -> None:
    """ctrl+z stops the program from help and from a dialog, which are there again after fg."""
    shell.press(f"{sys.executable} -m casefile", "Enter")
    shell.wait_for(READY)
    shell.press(key)
    shell.wait_for(dialog)
    shell.press("ctrl+z")
    shell.wait_for("Stopped")
    shell.press("fg", "Enter")
    shell.wait_for(dialog)


@pytest.fixture
def plain_shell(home: Path) -> Iterator[Terminal]:
    """Yield a shell that leaves the modes of its terminal alone, as bash does not."""
    environment = readers_environment(home, PS1="shell> ", **editor_that(home, KILLED_EDITOR))
    with Terminal(["sh", "-i"], env=environment) as terminal:
        terminal.wait_for("shell>")
        yield terminal


def test_suspending_after_killed_editor_restores_terminal(plain_shell: Terminal) -> None:
    """ctrl+z gives the shell what it had before an editor that left the terminal raw."""
    plain_shell.press(f"{sys.executable} -m casefile", "Enter")
    plain_shell.wait_for(READY)
    plain_shell.press("A")
    plain_shell.wait_for("The editor failed, and nothing was changed.")
    plain_shell.press("ctrl+z")
    plain_shell.wait_for("Stopped")
    assert plain_shell.modes == plain_shell.modes_before


def test_what_the_shell_sets_meanwhile_is_given_back(plain_shell: Terminal) -> None:
    """What `stty` changes while casefile is suspended is there after quitting."""
    plain_shell.press(f"{sys.executable} -m casefile", "Enter")
    plain_shell.wait_for(READY)
    plain_shell.press("ctrl+z")
    plain_shell.wait_for("Stopped")
    plain_shell.press("stty intr ^G; echo the $((6 * 7))", "Enter")
    plain_shell.wait_for("the 42")
    modes, stopped = plain_shell.modes, len(plain_shell.raw)
    assert modes != plain_shell.modes_before
    plain_shell.press("fg", "Enter")
    plain_shell.wait_until(lambda: b"Joint" in plain_shell.raw[stopped:], "drawing anew")
    plain_shell.press("q")
    quit_and_prompt = re.compile(rb"1049l.*shell>", re.DOTALL)
    plain_shell.wait_until(lambda: bool(quit_and_prompt.search(plain_shell.raw, stopped)), "prompt")
    assert plain_shell.modes == modes


def test_kernel_stops_it_when_continued_in_background(shell: Terminal, home: Path) -> None:
    """Continued by a second `bg`, it sends itself no SIGSTOP, which might arrive after `fg`."""
    # The first tcflow fails as after a stop and a SIGCONT; any SIGSTOP is reported.
    program = (
        "import errno, os, signal, termios\n"
        "from casefile.__main__ import run_and_exit\n"
        "kill, tcflow = os.kill, termios.tcflow\n"
        "def interrupted(terminal, action):\n"
        "    termios.tcflow = tcflow\n"
        "    raise termios.error(errno.EINTR, os.strerror(errno.EINTR))\n"
        "def told(pid, number):\n"
        "    if number == signal.SIGSTOP:\n"
        "        print('It stops itself.', flush=True)\n"
        "    kill(pid, number)\n"
        "os.kill, termios.tcflow = told, interrupted\n"
        "run_and_exit()\n"
    )
    (home / "program.py").write_text(program)
    shell.press(
        f"{sys.executable} {home}/program.py & {UNTIL_STOPPED}; echo the $((6 * 7))", "Enter"
    )
    shell.wait_for("the 42")
    assert b"stops itself" not in shell.raw
    shell.press("fg", "Enter")
    shell.wait_for(READY)
    shell.press("q")
    shell.wait_for("shell>")


def test_start_in_background_waits_for_foreground(shell: Terminal) -> None:
    """Started with `&` it draws nothing until it is brought to the foreground."""
    shell.press(f"{sys.executable} -m casefile & echo the $((6 * 7))", "Enter")
    shell.wait_for("the 42")
    shell.press("until jobs | grep -q Stopped; do :; done; jobs", "Enter")
    shell.wait_for("Stopped")
    assert b"1049h" not in shell.raw
    shell.press("fg", "Enter")
    shell.wait_for(READY)
    shell.press("q")
    shell.wait_for("shell>")
