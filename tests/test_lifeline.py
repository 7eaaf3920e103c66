"""The line may go at any moment, and so may the program: nothing typed goes with them."""

from __future__ import annotations

import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from at_the_terminal import (
    OFFER,
    READY,
    Start,
    drafts_of,
    editor_that,
    last_words,
    lasting_modes,
    quit_with,
    write,
)
from terminal import Terminal, readers_environment

pytestmark = pytest.mark.terminal

HALF_A_WORD = "She said that the con"
ENDING = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143}
PLAIN_MODES = {7, 25}
"""A terminal that wraps its lines and shows its cursor, and does nothing else of the kind."""


def failing(action: str, raises: str = "raise ValueError(self.panel.text)") -> tuple[str, str]:
    """Give a program that is casefile, but for an action of its screen that fails."""
    return "-c", (
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui.case_screen import CaseScreen\n"
        f"def {action}(self):\n    {raises}\n"
        f"CaseScreen.{action} = {action}\n"
        "run_and_exit()"
    )


def assert_offered(start: Start, text: str = HALF_A_WORD) -> None:
    """See that what was typed is there at the next start, to the last letter."""
    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for(text)
    quit_with(terminal, "q")


def assert_given_back(terminal: Terminal) -> None:
    """See that the terminal is as it was: what `stty` tells, and every private mode."""
    assert terminal.modes == terminal.modes_before
    assert lasting_modes(terminal.raw) == PLAIN_MODES
    assert terminal.raw.count(b"\x1b[>") == terminal.raw.count(b"\x1b[<u")


# Ending on a signal


@pytest.mark.parametrize("number", ENDING, ids=lambda number: signal.Signals(number).name)
def test_a_signal_ends_it_and_loses_nothing(
    reading: Callable[[], Terminal], start: Start, number: int
) -> None:
    """The text is on disk at once, the terminal is given back, and the exit code tells why."""
    terminal = reading()
    write(terminal, HALF_A_WORD)
    terminal.wait_for(HALF_A_WORD)
    terminal.send_signal(number)
    assert terminal.wait_exit() == ENDING[signal.Signals(number)]
    assert last_words(terminal) == "What was being typed is on disk."
    assert_given_back(terminal)
    assert_offered(start)


def test_a_signal_to_a_reader_who_types_nothing(reading: Callable[[], Terminal]) -> None:
    """Then there is nothing to say."""
    terminal = reading()
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert_given_back(terminal)
    assert last_words(terminal) == ""


def test_a_text_that_cannot_be_kept_is_said_to_be_lost(
    reading: Callable[[], Terminal], home: Path
) -> None:
    """A signal can't be refused; that there was no room for the text is not kept quiet."""
    terminal = reading()
    write(terminal)
    (home / "state").rename(home / "away") if (home / "state").exists() else None
    (home / "state").write_text("no folder")
    terminal.press(HALF_A_WORD)
    terminal.wait_for("Not saved")
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert last_words(terminal).startswith("What was being typed could not be put on disk: ")
    assert_given_back(terminal)


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGXCPU], ids=["USR1", "XCPU"])
def test_any_other_end_gives_the_terminal_back_too(
    reading: Callable[[], Terminal], number: int
) -> None:
    """Whatever signal a batch system or a limit sends, no shell is left on a raw terminal."""
    terminal = reading()
    terminal.send_signal(number)
    assert terminal.wait_exit() == 128 + number
    assert_given_back(terminal)


def test_what_still_waits_to_be_typed_is_on_disk_too(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """Of a burst of keys, as from a multiplexer's paste, all that came is kept at a signal."""
    text = " ".join(f"word{number}" for number in range(400))
    terminal = reading()
    write(terminal)
    terminal.press(text)
    terminal.wait_for("wo")
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_exit()
    assert_offered(start, "word399")


def test_a_burst_of_keys_is_on_disk_soon(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """It is typed in a few pieces, so that nothing keeps the draft from being written."""
    terminal = reading()
    write(terminal)
    terminal.press("a" * 3000, "z")

    def is_on_disk() -> bool:
        return any(f"{'a' * 3000}z" in path.read_text("utf-8") for path in drafts_of(home))

    terminal.wait_until(is_on_disk, "draft")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    terminal = start()
    terminal.wait_for(OFFER)


# The terminal goes


def test_when_the_terminal_goes_so_does_the_program(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """A line that is lost in the middle of a word ends the program, with the text on disk."""
    terminal = reading()
    write(terminal, HALF_A_WORD)
    terminal.wait_for(HALF_A_WORD)
    terminal.hang_up()
    assert terminal.wait_end() == 129
    assert_offered(start)


def test_it_goes_too_where_hangups_are_ignored(start: Start) -> None:
    """Under `nohup` no signal tells of a hangup, and an input at its end would be read for ever."""
    terminal = start(ignored=signal.SIGHUP)
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD)
    terminal.wait_for(HALF_A_WORD)
    terminal.send_signal(signal.SIGHUP)
    terminal.press(", and")
    terminal.wait_for(HALF_A_WORD + ", and")
    terminal.hang_up()
    assert terminal.wait_end() == 129
    assert_offered(start, HALF_A_WORD + ", and")


def stall(terminal: Terminal, home: Path) -> None:
    """Let a note be typed while nobody takes what is drawn, far beyond what a line can hold."""
    terminal.press("]" * 60)
    terminal.wait_unread(lambda: terminal.is_full)
    terminal.press("1", "a", HALF_A_WORD)

    def is_on_disk() -> bool:
        return any(HALF_A_WORD in path.read_text("utf-8") for path in drafts_of(home))

    terminal.wait_unread(is_on_disk)


def test_a_stalled_terminal_holds_no_text_up(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """Where the terminal takes nothing any more, what is typed blindly is on disk all the same."""
    terminal = reading()
    stall(terminal, home)
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_end()
    assert_offered(start)


@pytest.mark.parametrize("end", ["TERM", "hangup"])
def test_a_stalled_terminal_holds_no_end_up(
    reading: Callable[[], Terminal], start: Start, home: Path, end: str
) -> None:
    """Nor does the program wait for it when it is told to end, or when the line goes."""
    terminal = reading()
    stall(terminal, home)
    if end == "TERM":
        terminal.send_signal(signal.SIGTERM)
    else:
        terminal.hang_up()
    assert terminal.wait_end() == {"TERM": 143, "hangup": 129}[end]
    assert_offered(start)


# Stopped, and going on


def test_a_stop_nobody_told_of_does_no_harm(reading: Callable[[], Terminal]) -> None:
    """After SIGSTOP and SIGCONT each key still counts once, and the terminal is given back."""
    terminal = reading()
    for _ in range(3):
        terminal.send_signal(signal.SIGSTOP)
        terminal.wait_stopped()
        terminal.send_signal(signal.SIGCONT)
        drawn = len(terminal.raw)
        terminal.wait_until(lambda: b"Joint" in terminal.raw[drawn:], "drawing anew")  # noqa: B023
    terminal.press("j")
    terminal.wait_for("2 of 22")
    terminal.press("j")
    terminal.wait_for("3 of 22")
    quit_with(terminal, "q")
    assert_given_back(terminal)


def test_going_on_without_a_stop_does_no_harm(reading: Callable[[], Terminal]) -> None:
    """A lone SIGCONT, as some supervisors send it, changes nothing."""
    terminal = reading()
    terminal.send_signal(signal.SIGCONT)
    terminal.send_signal(signal.SIGCONT)
    terminal.press("j")
    terminal.wait_for("2 of 22")
    quit_with(terminal, "q")
    assert_given_back(terminal)


@pytest.fixture
def shell(home: Path) -> Terminal:
    """Give a shell with job control, at its prompt."""
    (home / "inputrc").write_text("set enable-bracketed-paste off\n")
    env = readers_environment(home, PS1="shell> ", INPUTRC=str(home / "inputrc"))
    terminal = Terminal(["bash", "--norc", "--noprofile", "-i"], env=env)
    terminal.wait_for("shell>")
    return terminal


def test_the_shell_and_back(shell: Terminal, home: Path) -> None:
    """ctrl+z goes to the shell with the text on disk, bg waits there, fg comes back to it all."""
    with shell:
        shell.press(f"stty -a > {home}/before", "Enter")
        shell.press(f"{sys.executable} -m casefile", "Enter")
        shell.wait_for(READY)
        write(shell, HALF_A_WORD)
        shell.wait_for(HALF_A_WORD)
        shell.press("Esc")
        shell.wait_for("on disk as a draft")
        shell.press("ctrl+z")
        shell.wait_for("Stopped")
        assert lasting_modes(shell.raw) == PLAIN_MODES
        shell.press("bg; echo the $((6 * 7))", "Enter")
        shell.wait_for("the 42")
        shell.press("fg", "Enter")
        shell.wait_for(READY)
        shell.wait_for(HALF_A_WORD)
        shell.press("j")
        shell.wait_for("2 of 22")
        shell.press("q")
        shell.wait_for("shell>")
        shell.press(f"stty -a | cmp - {home}/before && echo ended $?", "Enter")
        shell.wait_for("ended 0")
        assert lasting_modes(shell.raw) == PLAIN_MODES


def test_begun_in_the_background_it_waits_for_the_terminal(shell: Terminal) -> None:
    """Started with `&` it draws nothing over the shell, until it is called to the foreground."""
    with shell:
        shell.press(f"{sys.executable} -m casefile & echo the $((6 * 7))", "Enter")
        shell.wait_for("the 42")
        shell.press("until jobs | grep -q Stopped; do :; done; jobs", "Enter")
        shell.wait_for("Stopped")
        assert b"1049h" not in shell.raw
        shell.press("fg", "Enter")
        shell.wait_for(READY)
        shell.press("q")
        shell.wait_for("shell>")


# Another program has the terminal


def test_an_interrupt_in_the_editor_is_the_editors(start: Start, tmp_path: Path) -> None:
    """ctrl+c in the reader's own editor goes to every program of the terminal, but is for one."""
    does = 'trap "echo CAUGHT" INT; echo EDITING; read answer || read answer; echo "$answer" >> $1'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    terminal.press("\x03")
    terminal.wait_for("CAUGHT")
    terminal.press("Written after.", "Enter")
    terminal.wait_for("Kept.")
    quit_with(terminal, "q")


@pytest.mark.parametrize("editor", ["missing", "no program"])
def test_an_editor_that_cannot_be_run_takes_nothing_away(
    start: Start, tmp_path: Path, editor: str
) -> None:
    """What had been begun stands in the panel again, and the terminal is ours again."""
    file = tmp_path / "editor"
    if editor == "no program":
        # Without a first line that names an interpreter the system runs no script.
        file.write_text("true\n")
        file.chmod(0o755)
    terminal = start(environment={"EDITOR": str(file)})
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("on disk as a draft")
    terminal.press("A")
    terminal.wait_for("Not opened:")
    terminal.wait_for(HALF_A_WORD)
    quit_with(terminal, "q")
    assert_given_back(terminal)
    assert_offered(start)


def test_an_editor_that_fails_with_nothing_takes_nothing_away(start: Start, tmp_path: Path) -> None:
    """An editor that emptied the file and failed, as on a full disk, has not dropped the text."""
    terminal = start(environment=editor_that(tmp_path, ": > $1; exit 1"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("on disk as a draft")
    terminal.press("A")
    terminal.wait_for("The editor failed: the text is a draft.")
    terminal.wait_for(HALF_A_WORD)
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    assert_offered(start)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
def test_the_editor_ends_with_the_program(start: Start, tmp_path: Path, number: int) -> None:
    """Two programs would ask for the shell's keys; what the editor had written is a draft."""
    does = f'printf "{HALF_A_WORD}" > $1; echo $$ > {tmp_path}/pid; echo EDITING; exec sleep 600'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    terminal.signal_program(number)
    assert terminal.wait_exit() == 128 + number
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    assert terminal.modes == terminal.modes_before
    assert_offered(start)


# A fault of ours


def test_a_fault_loses_no_text_and_shows_none(start: Start, home: Path) -> None:
    """It ends with 70 and a word on where the log is, which has nothing of what was typed."""
    terminal = start(program=failing("action_help"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("on disk as a draft")
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert_given_back(terminal)
    log = home / "state" / "casefile" / "crash.log"
    said = last_words(terminal)
    assert said.startswith("What was being typed is on disk. casefile has failed, by a fault of")
    assert "ValueError in casefile/tui/" in said
    assert said.endswith(f"The details, without a word of yours, are in ~/{log.relative_to(home)}")
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


def test_a_terminal_that_was_set_not_to_wait(reading: Callable[[], Terminal]) -> None:
    """A program that shares the terminal may have left it without waiting; all is drawn, slowly."""
    terminal = reading()
    terminal.set_blocking(False)
    terminal.press("]" * 60)
    terminal.wait_unread(lambda: terminal.is_full)
    terminal.press("1", "j")
    terminal.wait_for("2 of 22")
    quit_with(terminal, "q")
    assert_given_back(terminal)


def test_bytes_that_are_no_text_end_nothing(reading: Callable[[], Terminal]) -> None:
    """A byte that no key sends is shown where text is typed, and does nothing elsewhere."""
    terminal = reading()
    terminal.press_bytes(b"\xff\xfe\xc3\x28\xf0\x9f")
    terminal.press("j")
    terminal.wait_for("2 of 22")
    write(terminal)
    terminal.press_bytes(b"one\xff two")
    terminal.wait_for("one\N{REPLACEMENT CHARACTER} two")
    quit_with(terminal, "ctrl+q")
