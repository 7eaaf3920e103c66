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


def write(terminal: Terminal, *keys: str) -> None:
    """Open the editor and type."""
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(*keys)


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


def lasting_modes(raw: bytes) -> set[int]:
    """Give the private modes (DECSET) that are on at the end: by default wrapping and a cursor."""
    on = {7, 25}
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
