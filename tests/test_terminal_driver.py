"""However the program ends, what was typed is saved and the terminal is restored."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    OFFER,
    READY,
    Start,
    assert_offered,
    assert_restored,
    drafts_of,
    exit_message,
    go_to_editor,
    is_restored,
    quit_with,
    saved_text,
    stall,
    type_note,
    write,
)
from costly import COSTLY
from terminal import Terminal

pytestmark = pytest.mark.terminal

ENDING = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143}


# Quitting


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_quitting_restores_terminal(reading: Callable[[], Terminal], key: str) -> None:
    """Quitting restores the line discipline, screen, mouse, paste mode and cursor."""
    terminal = reading()
    assert terminal.modes != terminal.modes_before
    quit_with(terminal, key)
    assert_restored(terminal)


@pytest.mark.parametrize("leave", ["Esc", "ctrl+q"])
def test_quit_keeps_unfinished_note_as_draft(
    reading: Callable[[], Terminal], start: Start, home: Path, leave: str
) -> None:
    """Quitting leaves a draft; the next start offers it, and ctrl+s saves it as a note."""
    terminal = reading()
    type_note(terminal, "Half a “thought")
    terminal.press(leave)
    if leave == "Esc":
        # Esc and a letter right after it would be alt and that letter.
        terminal.wait_for("saved as a draft, not as a note")
        terminal.press("q")
    assert terminal.wait_exit() == 0

    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Half a “thought")
    assert "No notes yet" in terminal.text
    go_to_editor(terminal)
    terminal.press(" ends”")
    terminal.wait_for("Half a “thought ends”")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    terminal.wait_for("Half a “thought ends”")
    quit_with(terminal, "q")
    # A draft left behind would be offered again.
    assert drafts_of(home) == []


def test_quit_saves_keys_typed_before_it(reading: Callable[[], Terminal], start: Start) -> None:
    """Text that arrives in one piece with ctrl+q is in the draft."""
    terminal = reading()
    write(terminal, "All of it is here.", "ctrl+q")
    assert terminal.wait_exit() == 0
    assert_offered(start, "All of it is here.")


# Signals


@pytest.mark.parametrize("number", ENDING, ids=lambda number: signal.Signals(number).name)
def test_signal_saves_draft_and_restores_terminal(
    reading: Callable[[], Terminal], start: Start, number: int
) -> None:
    """The draft is saved, the terminal restored, and the exit code names the signal."""
    terminal = reading()
    type_note(terminal, HALF_A_WORD)
    terminal.send_signal(number)
    assert terminal.wait_exit() == ENDING[signal.Signals(number)]
    assert exit_message(terminal) == "What was being typed is saved as a draft."
    assert_restored(terminal)
    assert_offered(start)


def test_signal_without_draft_prints_nothing(reading: Callable[[], Terminal]) -> None:
    """No message is printed if nothing is being typed."""
    terminal = reading()
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert_restored(terminal)
    assert exit_message(terminal) == ""


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGXCPU], ids=["USR1", "XCPU"])
def test_uncommon_signals_restore_terminal(reading: Callable[[], Terminal], number: int) -> None:
    """The signals of batch systems and resource limits restore the terminal too."""
    terminal = reading()
    terminal.send_signal(number)
    assert terminal.wait_exit() == 128 + number
    assert_restored(terminal)


def test_signal_reports_draft_that_cannot_be_saved(
    reading: Callable[[], Terminal], home: Path
) -> None:
    """If the draft can't be saved at a signal, a message says so."""
    terminal = reading()
    write(terminal)
    (home / "state").rename(home / "away") if (home / "state").exists() else None
    (home / "state").write_text("no folder")
    terminal.press(HALF_A_WORD)
    terminal.wait_for("Not saved")
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert exit_message(terminal).startswith("What was being typed could not be saved: ")
    assert_restored(terminal)


def test_signal_saves_keys_that_are_queued(reading: Callable[[], Terminal], start: Start) -> None:
    """All keys of a burst, as from a multiplexer's paste, are in the draft after a signal."""
    text = " ".join(f"word{number}" for number in range(400))
    terminal = reading()
    write(terminal)
    terminal.press(text)
    terminal.wait_for("wo")
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_exit()
    assert_offered(start, "word399")


@pytest.mark.parametrize("beginning", ["", "\x1b[200~"], ids=["keys", "paste"])
def test_signal_saves_keys_that_are_unread(start: Start, beginning: str) -> None:
    """What arrived while the program was too busy to read it is in the draft."""
    terminal = start(program=deaf_after("x"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "x")
    terminal.wait_for(f"{HALF_A_WORD}x")
    terminal.press(f"{beginning}yz")
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_exit()
    assert_offered(start, f"{HALF_A_WORD}xyz")


SIGNAL_AT_LINE = """
import os, signal, sys, time
from casefile.tui.terminal import terminal_output
from casefile.tui.terminal.terminal_driver import TerminalDriver
name, lines = sys.argv.pop(1), int(sys.argv.pop(1))
method, write_all = getattr(TerminalDriver, name), terminal_output._write_all
def late_write(*data):
    time.sleep(0.01)
    write_all(*data)
terminal_output._write_all = late_write
def trace(frame, event, _argument):
    global lines
    lines -= event == "line"
    if lines == 0:
        lines = -1
        os.kill(os.getpid(), signal.SIGTERM)
    return trace
def traced(self):
    sys.settrace(trace)
    try:
        method(self)
    finally:
        sys.settrace(None)
setattr(TerminalDriver, name, traced)
from casefile.__main__ import run_and_exit
run_and_exit()
"""
"""The program; a signal ends it at a line of a method of the driver, or of what that calls."""


@pytest.mark.parametrize(
    ("method", "line"),
    [
        *(("start_application_mode", line) for line in range(1, 600, 60)),
        *(("stop_application_mode", line) for line in range(1, 80, 25)),
        ("close", 1),
        ("close", 6),
    ],
)
def test_signal_at_any_line_leaves_no_mode_on(start: Start, method: str, line: int) -> None:
    """Each mode is switched off if it is on, and only then: a terminal counts some of them."""
    terminal = start(program=("-c", SIGNAL_AT_LINE, method, str(line)))
    if method != "start_application_mode":
        terminal.wait_for(READY)
        terminal.press("q")
    assert terminal.wait_exit() == 143
    assert is_restored(terminal)


def test_signal_during_start_restores_terminal(start: Start) -> None:
    """A signal in the middle of starting switches off what was switched on, and says nothing."""
    late = (
        "import os, signal, threading\n"
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui.terminal import terminal_output\n"
        "start, write_all = threading.Thread.start, terminal_output._write_all\n"
        # All that switches modes on is still queued when the signal comes.
        "sent = threading.Event()\n"
        "def late_write(*data):\n"
        "    sent.wait()\n"
        "    write_all(*data)\n"
        "terminal_output._write_all = late_write\n"
        "def late(self):\n"
        "    if self.name == 'textual-input':\n"
        "        threading.Timer(0.3, sent.set).start()\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    start(self)\n"
        "threading.Thread.start = late\n"
        "run_and_exit()"
    )
    terminal = start(program=("-c", late))
    assert terminal.wait_exit() == 143
    assert_restored(terminal)
    assert exit_message(terminal) == ""


def deaf_after(last: str) -> tuple[str, str]:
    """Return arguments that run casefile with an input thread that stops reading after a key."""
    return "-c", (
        "import threading\n"
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui.terminal.terminal_driver import TerminalDriver\n"
        "typed, heard = TerminalDriver._read_bytes, []\n"
        "def is_deaf():\n"
        "    is_listener = threading.current_thread() is not threading.main_thread()\n"
        f"    return is_listener and b''.join(heard).endswith({last.encode()!r})\n"
        "def hear(self, within):\n"
        "    if is_deaf():\n"
        "        self.exit_event.wait()\n"
        "        return b''\n"
        "    heard.append(typed(self, within))\n"
        "    return heard[-1]\n"
        "TerminalDriver._read_bytes = hear\n"
        "run_and_exit()"
    )


def test_burst_of_keys_is_saved_soon(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """A burst is inserted in a few pieces, so that the draft is saved in time."""
    terminal = reading()
    write(terminal)
    terminal.press("a" * 3000, "z")
    terminal.wait_until(lambda: f"{'a' * 3000}z" in saved_text(home), "draft")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    terminal = start()
    terminal.wait_for(OFFER)


def test_sigkill_loses_nothing_that_was_saved(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """Once typed text is saved, SIGKILL loses none of it."""
    terminal = reading()
    type_note(terminal, "Nobody saved this, 没有人.")
    terminal.wait_until(lambda: "Nobody saved this, 没有人." in saved_text(home), "draft of it")
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_exit() == -signal.SIGKILL
    assert_offered(start, "Nobody saved this, 没有人.")


def costly_notes_appear(home: Path) -> None:
    """Let notes appear in the folder that cost a parser seconds each, as a synchroniser does."""
    folder = home / "data" / "casefile" / "notes" / "diana-fentanyl-2017"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(5):
        for name in ("keys of 900 parts", "100,000 empty lists"):
            (folder / f"{name}-{number}.toml").write_text(COSTLY[name])


def test_costly_note_that_appears_delays_no_key(
    reading: Callable[[], Terminal], home: Path
) -> None:
    """SIGKILL one second after the last key loses nothing, whatever appears among the notes."""
    terminal = reading()
    write(terminal)
    costly_notes_appear(home)
    words = [f"word{number} " for number in range(30)]
    for word in words:
        terminal.press(word)
        terminal.read_for(0.1)
    terminal.read_for(1)
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_exit() == -signal.SIGKILL
    assert "".join(words).strip() in saved_text(home / "state")


# Hangups


def test_hangup_saves_draft_and_ends_program(reading: Callable[[], Terminal], start: Start) -> None:
    """A line lost in the middle of a word ends the program and all that it has started.

    The draft is saved.
    """
    terminal = reading()
    type_note(terminal, HALF_A_WORD)
    assert terminal.processes != []
    terminal.hang_up()
    assert terminal.wait_end() == 129
    assert terminal.processes == []
    assert_offered(start)


def test_hangup_ends_program_under_nohup(start: Start) -> None:
    """Under `nohup` a hangup sends no signal, and the program still ends and saves the draft."""
    terminal = start(ignored=signal.SIGHUP)
    terminal.wait_for(READY)
    type_note(terminal, HALF_A_WORD)
    terminal.send_signal(signal.SIGHUP)
    terminal.press(", and")
    terminal.wait_for(HALF_A_WORD + ", and")
    terminal.hang_up()
    assert terminal.wait_end() == 129
    assert_offered(start, HALF_A_WORD + ", and")


def test_hangup_ends_program_while_costly_notes_appear(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """The program ends within two seconds, and the draft is saved."""
    terminal = reading()
    type_note(terminal, HALF_A_WORD)
    costly_notes_appear(home)
    # In the middle of reading them: others' changes are looked for once a second.
    terminal.read_for(1.2)
    terminal.hang_up()
    assert terminal.wait_end(timeout=2) == 129
    assert_offered(start)


@pytest.mark.parametrize("end", ["TERM", "hangup"])
def test_blocked_signals_end_program(start: Start, end: str) -> None:
    """Started with its signals blocked, the program ends at a signal and at a hangup."""
    terminal = start(blocked=(signal.SIGHUP, signal.SIGTERM, signal.SIGINT))
    terminal.wait_for(READY)
    type_note(terminal, HALF_A_WORD)
    if end == "TERM":
        terminal.send_signal(signal.SIGTERM)
        terminal.wait_exit()
    else:
        terminal.hang_up()
    assert terminal.wait_end() == {"TERM": 143, "hangup": 129}[end]
    assert_offered(start)


def test_draft_is_saved_while_terminal_is_stalled(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """Text typed while the terminal accepts no output is saved as a draft."""
    terminal = reading()
    stall(terminal, home)
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_end()
    assert_offered(start)


@pytest.mark.parametrize("end", ["TERM", "hangup"])
def test_program_ends_while_terminal_is_stalled(
    reading: Callable[[], Terminal], start: Start, home: Path, end: str
) -> None:
    """A signal or a hangup ends the program although the terminal accepts no output.

    After a signal the line discipline, which needs no output, is restored.
    """
    terminal = reading()
    stall(terminal, home)
    if end == "TERM":
        terminal.send_signal(signal.SIGTERM)
        assert terminal.wait_end() == 143
        assert terminal.modes == terminal.modes_before
    else:
        terminal.hang_up()
        assert terminal.wait_end() == 129
    assert_offered(start)
