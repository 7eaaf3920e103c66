"""A terminal whose line tears keys in two, and one that sends what no key sends."""

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
"""Longer than Textual waits, and than Esc is waited on where the line is not ssh's."""


def send_torn(terminal: Terminal, *pieces: str) -> None:
    """Send pieces with a gap after each, in which nothing is to come that could be waited for."""
    for piece in pieces:
        terminal.press(piece)
        terminal.read_for(GAP)


def bodies(home: Path) -> list[str]:
    """Give the texts of all notes in a home."""
    notes = (home / "data" / "casefile" / "notes").rglob("*.toml")
    return [tomli.loads(path.read_text("utf-8"))["body"] for path in notes]


def test_a_torn_key_is_no_command(reading: Callable[[], Terminal], home: Path) -> None:
    """Torn right behind its Esc, on the list: Esc is done, and the rest of it is not.

    Nor is a paste done of which the beginning was torn; all of it would be commands.
    """
    terminal = reading()
    tails = ("[B", "[D", "[6~", "OQ", "[<0;20;9M", "[I", "[?2026;0$y", "[200~qD\ry\x1b[201~")
    for tail in tails:
        send_torn(terminal, "\x1b", tail)
    assert "1 of 22" in terminal.text
    terminal.press("Down")
    terminal.wait_for("2 of 22")
    assert list(home.iterdir()) == []
    quit_with(terminal, "q")


def test_a_torn_key_types_nothing(reading: Callable[[], Terminal], home: Path) -> None:
    """Torn anywhere else, in the editor, it is the key; what torn marks enclose is pasted."""
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


def test_a_note_is_kept_where_the_line_eats_ctrl_s(
    reading: Callable[[], Terminal], home: Path
) -> None:
    """Esc and `:keep` in one piece, as a slow line brings them, keep the note."""
    terminal = reading()
    write(terminal, "Kept by nameX", "\x08\x7fe")
    terminal.wait_for("Kept by name")
    terminal.press("Esc", ":keep", "Enter")
    terminal.wait_for("you: 1 note")
    assert bodies(home) == ["Kept by name"[:-1] + "e"]
    quit_with(terminal, "q")


@pytest.mark.parametrize("key", ["\x7f", "\x08"], ids=["DEL", "ctrl+h"])
def test_backspace_deletes_wherever_one_types(reading: Callable[[], Terminal], key: str) -> None:
    """Both characters that it may send delete in every prompt, and clear the filter of the list."""
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
    terminal.wait_for("arrests · 5 of 22")
    terminal.press(key)
    terminal.wait_until(lambda: "arrests ·" not in terminal.text, "whole list")


@pytest.mark.parametrize("where", ["list", "editor"])
def test_bytes_that_are_no_keys_do_no_harm(reading: Callable[[], Terminal], where: str) -> None:
    """Halves of characters, NUL, controls of eight bits and random bytes end nothing.

    Only those are left out that quit, or that lend the terminal to another program.
    """
    terminal = reading()
    if where == "editor":
        write(terminal)
    chance = random.Random(6)  # noqa: S311 (the same garbage each time)
    leaving = b"qQAELVR:\x05\x10\x11\x1a"
    terminal.press_bytes(b"\x9b\x00\xff\xfe\xc3(\xe2\x82\xed\xa0\x80\x9b31337m")
    terminal.press_bytes(bytes(byte for byte in chance.randbytes(500) if byte not in leaving))
    # Out of whatever it has begun, and out of the program.
    terminal.press_bytes(b"\x1b[201~\x1b")
    quit_with(terminal, "ctrl+q")
    assert b"Traceback" not in terminal.raw
