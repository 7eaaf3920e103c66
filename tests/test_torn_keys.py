"""Keys that arrive in two parts, and bytes that no key sends, in the real program."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from at_the_terminal import quit_with, write
from terminal import Terminal

pytestmark = pytest.mark.terminal

GAP = 0.15
"""Longer than Esc is held back on a local terminal."""


def send_torn(terminal: Terminal, *pieces: str) -> None:
    """Send pieces with a pause after each."""
    for piece in pieces:
        terminal.press(piece)
        terminal.read_for(GAP)


def bodies(home: Path) -> list[str]:
    """Return the texts of all notes in a home directory."""
    notes = (home / "data" / "casefile" / "notes").rglob("*.toml")
    return [tomli.loads(path.read_text("utf-8"))["body"] for path in notes]


def test_torn_key_runs_no_command(reading: Callable[[], Terminal], home: Path) -> None:
    """In the list, a key torn right after Esc runs no command but that of Esc.

    A paste with a torn start mark runs none either.
    """
    terminal = reading()
    tails = ("[B", "[D", "[6~", "OQ", "[<0;20;9M", "[I", "[?2026;0$y", "[200~qD\ry\x1b[201~")
    for tail in tails:
        send_torn(terminal, "\x1b", tail)
    assert "1 of 21" in terminal.text
    terminal.press("Down")
    terminal.wait_for("2 of 21")
    assert list(home.iterdir()) == []
    quit_with(terminal, "q")


def test_torn_key_types_nothing(reading: Callable[[], Terminal], home: Path) -> None:
    """In the editor, a key torn elsewhere is that key, and a paste with torn marks is pasted."""
    terminal = reading()
    write(terminal, "Said so")
    terminal.wait_for("Said so")
    for pieces in (
        ("\x1b[", "D", "\x1bO", "C"),
        ("\x1b[<35;20", ";9M", "\x1b[", "I", "\x1b[?2026;", "0$y"),
        ("\x1b[20", "0~: “q D", " :q!” he\x1b[2", "01~"),
    ):
        send_torn(terminal, *pieces)
    terminal.press(" said.", "ctrl+s")
    terminal.wait_for("you: 1 note")
    assert bodies(home) == ["Said so: “q D :q!” he said."]
    quit_with(terminal, "q")


def test_note_can_be_saved_without_ctrl_s(reading: Callable[[], Terminal], home: Path) -> None:
    """Esc and `:keep`, in one piece, save the note."""
    terminal = reading()
    write(terminal, "Kept by nameX", "\x08\x7fe")
    terminal.wait_for("Kept by name")
    terminal.press("Esc", ":keep", "Enter")
    terminal.wait_for("you: 1 note")
    assert bodies(home) == ["Kept by name"[:-1] + "e"]
    quit_with(terminal, "q")


@pytest.mark.parametrize("key", ["\x7f", "\x08"], ids=["DEL", "ctrl+h"])
def test_backspace_deletes_in_every_prompt(reading: Callable[[], Terminal], key: str) -> None:
    """DEL and ctrl+h both delete in every prompt, and both clear the filter of the list."""
    terminal = reading()
    for prompt, where in (("/", "/ wordy"), (":", "wordy"), ("f", "f wordy")):
        terminal.press(f"{prompt}wordyz")
        terminal.wait_for(f"{where}z")
        terminal.press(key)
        terminal.wait_until(lambda: "wordyz" not in terminal.text, "deletion")
        assert where in terminal.text
        terminal.press("Esc")
        terminal.wait_until(lambda: "wordy" not in terminal.text, "end of the prompt")
    terminal.press("farrests", "Enter")
    terminal.wait_for("arrests · ")
    terminal.press(key)
    terminal.wait_until(lambda: "arrests ·" not in terminal.text, "whole list")


@pytest.mark.parametrize("where", ["list", "editor"])
def test_bytes_that_no_key_sends_do_no_harm(reading: Callable[[], Terminal], where: str) -> None:
    """Incomplete characters, NUL, C1 controls and random bytes do not end the program.

    Bytes that quit or start another program are left out.
    """
    terminal = reading()
    if where == "editor":
        write(terminal)
    chance = random.Random(6)  # noqa: S311 (the same garbage each time)
    leaving = b"qQAELVR:\x05\x10\x11\x1a"
    terminal.press_bytes(b"\x9b\x00\xff\xfe\xc3(\xe2\x82\xed\xa0\x80\x9b31337m")
    terminal.press_bytes(bytes(byte for byte in chance.randbytes(500) if byte not in leaving))
    # End any paste or prompt, then quit.
    terminal.press_bytes(b"\x1b[201~\x1b")
    quit_with(terminal, "ctrl+q")
    assert b"Traceback" not in terminal.raw
