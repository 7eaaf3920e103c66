"""However the program ends, nothing typed goes with it, and the terminal is given back."""

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
    assert_given_back,
    assert_offered,
    drafts_of,
    go_to_editor,
    last_words,
    on_disk,
    quit_with,
    type_note,
    write,
)
from terminal import Terminal

pytestmark = pytest.mark.terminal

ENDING = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143}


# Quitting


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_the_terminal_is_given_back(reading: Callable[[], Terminal], key: str) -> None:
    """After quitting, the terminal is as it was: line discipline, screen, mouse, paste, cursor."""
    terminal = reading()
    assert terminal.modes != terminal.modes_before
    quit_with(terminal, key)
    assert_given_back(terminal)


@pytest.mark.parametrize("leave", ["Esc", "ctrl+q"])
def test_half_a_note_survives_quitting(
    reading: Callable[[], Terminal], start: Start, home: Path, leave: str
) -> None:
    """Whatever quits leaves a draft; the next start offers it, and ctrl+s makes it a note."""
    terminal = reading()
    type_note(terminal, "Half a “thought")
    terminal.press(leave)
    if leave == "Esc":
        # Too close to each other, Esc and a letter are another key.
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
    # What stayed there would be offered again.
    assert drafts_of(home) == []


def test_a_quit_does_not_overtake_what_was_typed(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """What is typed right before ctrl+q, in one piece with it, is in the draft too."""
    terminal = reading()
    write(terminal, "All of it is here.", "ctrl+q")
    assert terminal.wait_exit() == 0
    assert_offered(start, "All of it is here.")


# Signals


@pytest.mark.parametrize("number", ENDING, ids=lambda number: signal.Signals(number).name)
def test_a_signal_ends_it_and_loses_nothing(
    reading: Callable[[], Terminal], start: Start, number: int
) -> None:
    """The text is on disk at once, the terminal is given back, and the exit code tells why."""
    terminal = reading()
    type_note(terminal, HALF_A_WORD)
    terminal.send_signal(number)
    assert terminal.wait_exit() == ENDING[signal.Signals(number)]
    assert last_words(terminal) == "What was being typed is saved as a draft."
    assert_given_back(terminal)
    assert_offered(start)


def test_a_signal_to_a_reader_who_types_nothing(reading: Callable[[], Terminal]) -> None:
    """Then there is nothing to say."""
    terminal = reading()
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert_given_back(terminal)
    assert last_words(terminal) == ""


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGXCPU], ids=["USR1", "XCPU"])
def test_any_other_end_gives_the_terminal_back_too(
    reading: Callable[[], Terminal], number: int
) -> None:
    """Whatever signal a batch system or a limit sends, no shell is left on a raw terminal."""
    terminal = reading()
    terminal.send_signal(number)
    assert terminal.wait_exit() == 128 + number
    assert_given_back(terminal)


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
    assert last_words(terminal).startswith("What was being typed could not be saved: ")
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


@pytest.mark.parametrize("beginning", ["", "\x1b[200~"], ids=["keys", "paste"])
def test_what_nobody_has_read_yet_is_on_disk_too(start: Start, beginning: str) -> None:
    """What has come while the program was too busy to listen is a part of the draft."""
    terminal = start(program=deaf_after("x"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "x")
    terminal.wait_for(f"{HALF_A_WORD}x")
    terminal.press(f"{beginning}yz")
    terminal.send_signal(signal.SIGTERM)
    terminal.wait_exit()
    assert_offered(start, f"{HALF_A_WORD}xyz")


def test_a_signal_before_anybody_listens_leaves_nothing_on(start: Start) -> None:
    """While the terminal is being taken, all that was switched on is switched off again."""
    late = (
        "import os, signal, threading\n"
        "from casefile.__main__ import run_and_exit\n"
        "start = threading.Thread.start\n"
        "def late(self):\n"
        "    if self.name == 'textual-input':\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    start(self)\n"
        "threading.Thread.start = late\n"
        "run_and_exit()"
    )
    terminal = start(program=("-c", late))
    assert terminal.wait_exit() == 143
    assert b"1000h" in terminal.raw
    assert_given_back(terminal)


def deaf_after(last: str) -> tuple[str, str]:
    """Give a program that is casefile, but reads no more of its terminal by itself after a key."""
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


def test_a_burst_of_keys_is_on_disk_soon(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """It is typed in a few pieces, so that nothing keeps the draft from being written."""
    terminal = reading()
    write(terminal)
    terminal.press("a" * 3000, "z")
    terminal.wait_until(lambda: f"{'a' * 3000}z" in on_disk(home), "draft")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    terminal = start()
    terminal.wait_for(OFFER)


def test_a_kill_loses_nothing_that_was_typed(
    reading: Callable[[], Terminal], start: Start, home: Path
) -> None:
    """What is typed is on disk soon, and once it is there even SIGKILL loses nothing."""
    terminal = reading()
    type_note(terminal, "Nobody saved this, 没有人.")
    terminal.wait_until(lambda: "Nobody saved this, 没有人." in on_disk(home), "draft of it")
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_exit() == -signal.SIGKILL
    assert_offered(start, "Nobody saved this, 没有人.")


# The terminal goes


def test_when_the_terminal_goes_so_does_the_program(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """A line that is lost in the middle of a word ends the program, with the text on disk."""
    terminal = reading()
    type_note(terminal, HALF_A_WORD)
    terminal.hang_up()
    assert terminal.wait_end() == 129
    assert_offered(start)


def test_it_goes_too_where_hangups_are_ignored(start: Start) -> None:
    """Under `nohup` no signal tells of a hangup, and an input at its end would be read for ever."""
    terminal = start(ignored=signal.SIGHUP)
    terminal.wait_for(READY)
    type_note(terminal, HALF_A_WORD)
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
    terminal.wait_unread(lambda: HALF_A_WORD in on_disk(home))


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
