"""What a reader does at a terminal, and how the screen says that it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from terminal import Terminal

Start = Callable[..., Terminal]
"""Starts the program with arguments, `environment` and what a Terminal takes."""

FIRST_ENTRY = "Supplier sells fenta"
READY = "information was about"
"""Words on the page of the first entry, the last thing to be drawn at the start."""
ON_THE_PAGE = "│▌"
"""The cursor at the edge of the page."""
WRITING = "ctrl+s keep the note"
OFFER = "Your unfinished note is open again"
HALF_A_WORD = "She said that the con"
_PLAIN_MODES = {7, 25}
"""Of a terminal that wraps its lines and shows its cursor, and does nothing else of the kind."""
_PUSHED, _POPPED = re.compile(rb"\x1b\[>\d+u"), re.compile(rb"\x1b\[<u")
"""A keyboard protocol (kitty's) laid over the last one, and taken off."""


def write(terminal: Terminal, *keys: str) -> None:
    """Open the editor and type."""
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(*keys)


def type_note(terminal: Terminal, text: str) -> None:
    """Open the editor, type, and see it there."""
    write(terminal, text)
    terminal.wait_for(text)


def keep_note(terminal: Terminal, text: str) -> None:
    """Type the first note of all, and keep it."""
    type_note(terminal, text)
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")


def go_to_editor(terminal: Terminal) -> None:
    """Go from the list to the page, and on to the open editor."""
    terminal.press("Tab")
    terminal.wait_for(ON_THE_PAGE)
    terminal.press("Tab")
    terminal.wait_for(WRITING)


def quit_with(terminal: Terminal, *keys: str) -> None:
    """Press keys that end the program, and see that it ends well."""
    terminal.press(*keys)
    assert terminal.wait_exit() == 0


def editor_that(tmp_path: Path, does: str) -> dict[str, str | None]:
    """Give an environment whose editor is a script; `$1` is the file."""
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    editor.chmod(0o755)
    return {"EDITOR": str(editor)}


def drafts_of(home: Path) -> list[Path]:
    """Give the files in the folder of drafts."""
    return [path for path in (home / "state" / "casefile" / "drafts").rglob("*") if path.is_file()]


def on_disk(home: Path) -> str:
    """Give all notes and drafts below a home, for where the screen can't show what was typed."""
    return "\n".join(path.read_text("utf-8") for path in home.rglob("*.toml"))


def assert_offered(start: Start, text: str = HALF_A_WORD) -> None:
    """See that what was typed is there at the next start, to the last letter."""
    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for(text)
    quit_with(terminal, "q")


def assert_given_back(terminal: Terminal) -> None:
    """See that the terminal is as it was: what `stty` tells, and all that was switched on."""
    assert terminal.modes == terminal.modes_before
    assert_plain(terminal)


def assert_plain(terminal: Terminal) -> None:
    """See that nothing is left on: another screen, mouse, paste, a keyboard protocol."""
    assert lasting_modes(terminal.raw) == _PLAIN_MODES
    assert len(_PUSHED.findall(terminal.raw)) == len(_POPPED.findall(terminal.raw)) > 0


def lasting_modes(raw: bytes) -> set[int]:
    """Give the private modes (DECSET) that are on at the end."""
    on = {*_PLAIN_MODES}
    for modes, switch in re.findall(rb"\x1b\[\?([\d;]+)([hl])", raw):
        for mode in map(int, modes.split(b";")):
            if switch == b"h":
                on.add(mode)
            else:
                on.discard(mode)
    return on


def last_words(terminal: Terminal) -> str:
    """Give what was printed after the screen was given back, in a line."""
    after = terminal.raw.rpartition(b"\x1b[?1049l")[2].decode()
    return " ".join(re.sub(r"\x1b\[[?<\d]*[a-z]", "", after).split())
