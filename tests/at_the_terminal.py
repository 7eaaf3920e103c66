"""Steps of tests that drive the program in a terminal, and the texts that they wait for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

Start = Callable[..., Terminal]
"""Starts the program; takes its arguments, `environment`, and the options of `Terminal`."""

FIRST_ENTRY = "Supplier said to sel"
READY = "Reported only as the"
"""Words on the page of the first entry; they are drawn just before the last line."""
ON_THE_PAGE = "│▌"
"""The cursor of the page, shown while the page has the focus."""
WRITING = "ctrl+s keep the note"
OFFER = "Your unfinished note is open again"
HALF_A_WORD = "She said that the con"
_PLAIN_MODES = {7, 25}
"""The private modes of a terminal at rest: line wrapping and a visible cursor."""
_PUSHED, _POPPED = re.compile(rb"\x1b\[>\d+u"), re.compile(rb"\x1b\[<u")
"""The sequences that switch kitty's keyboard protocol on and off."""


def write(terminal: Terminal, *keys: str) -> None:
    """Open the editor and type."""
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(*keys)


def type_note(terminal: Terminal, text: str) -> None:
    """Open the editor, type, and wait until the text is shown."""
    write(terminal, text)
    terminal.wait_for(text)


def save_note(terminal: Terminal, text: str) -> None:
    """Type the first note on the case, and save it."""
    type_note(terminal, text)
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")


def go_to_editor(terminal: Terminal) -> None:
    """Move the focus from the list over the page to the open editor."""
    terminal.press("Tab")
    terminal.wait_for(ON_THE_PAGE)
    terminal.press("Tab")
    terminal.wait_for(WRITING)


def quit_with(terminal: Terminal, *keys: str) -> None:
    """Press keys that quit the program, and check its exit code."""
    terminal.press(*keys)
    assert terminal.wait_exit() == 0


def editor_that(tmp_path: Path, does: str) -> dict[str, str | None]:
    """Return an environment whose editor is a shell script; `$1` is the file."""
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    editor.chmod(0o755)
    return {"EDITOR": str(editor)}


def drafts_of(home: Path) -> list[Path]:
    """Return the files in the folder of drafts."""
    return [path for path in (home / "state" / "casefile" / "drafts").rglob("*") if path.is_file()]


def saved_text(home: Path) -> str:
    """Return the text of all notes and drafts in a home directory."""
    return "\n".join(path.read_text("utf-8") for path in home.rglob("*.toml"))


def stall(terminal: Terminal, home: Path) -> None:
    """Type a note while nobody reads the output, far beyond what the terminal buffers."""
    terminal.press("]" * 60)
    terminal.wait_unread(lambda: terminal.is_full)
    terminal.press("1", "a", HALF_A_WORD)
    terminal.wait_unread(lambda: HALF_A_WORD in saved_text(home))


def assert_offered(start: Start, text: str = HALF_A_WORD) -> None:
    """Check that the next start offers the whole text as a draft."""
    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for(text)
    quit_with(terminal, "q")


def assert_restored(terminal: Terminal) -> None:
    """Check that the terminal is as it was before, in its line discipline and its modes."""
    assert terminal.modes == terminal.modes_before
    assert_no_mode_left(terminal)


def assert_no_mode_left(terminal: Terminal) -> None:
    """Check that no mode is left on: alternate screen, mouse, paste, keyboard protocol."""
    assert active_modes(terminal.raw) == _PLAIN_MODES
    assert len(_PUSHED.findall(terminal.raw)) == len(_POPPED.findall(terminal.raw)) > 0


def is_restored(terminal: Terminal) -> bool:
    """Whether the terminal is as it was before, even if the program has not taken it yet."""
    pushed, popped = _PUSHED.findall(terminal.raw), _POPPED.findall(terminal.raw)
    is_plain = active_modes(terminal.raw) == _PLAIN_MODES and len(pushed) == len(popped)
    return is_plain and terminal.modes == terminal.modes_before


def active_modes(raw: bytes) -> set[int]:
    """Return the private modes (DECSET) that are on after the output `raw`."""
    on = {*_PLAIN_MODES}
    for modes, switch in re.findall(rb"\x1b\[\?([\d;]+)([hl])", raw):
        for mode in map(int, modes.split(b";")):
            if switch == b"h":
                on.add(mode)
            else:
                on.discard(mode)
    return on


def exit_message(terminal: Terminal) -> str:
    """Return what was printed after the screen was restored, as one line."""
    after = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
    return " ".join(re.sub(r"\x1b\[[?<\d]*[a-z]", "", after).split())
