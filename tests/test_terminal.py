"""The real program in a real terminal, from the first byte to the last."""

from __future__ import annotations

import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal, readers_environment

from casefile.library import BUNDLED, find_case

pytestmark = pytest.mark.terminal

Start = Callable[..., Terminal]

FIRST_ENTRY = "Supplier sells fenta"
READY = "information was about"
"""Words on the page of the first entry, the last thing to be drawn at the start."""
WRITING = "ctrl+s keep the note"
OFFER = "Your unfinished note is open again"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a reader's home with nothing in it."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Give a way to start the program in a terminal of its own; all of them end with the test."""
    with ExitStack() as running:

        def start(
            *arguments: str | Path,
            environment: dict[str, str | None] | None = None,
            **terminal: Any,
        ) -> Terminal:
            command = [sys.executable, "-m", "casefile", *map(str, arguments)]
            env = readers_environment(home, **(environment or {}))
            return running.enter_context(Terminal(command, env=env, **terminal))

        yield start


@pytest.fixture
def reading(start: Start) -> Callable[[], Terminal]:
    """Give a way to start the program on the bundled case and wait until its page is there."""

    def reading() -> Terminal:
        terminal = start()
        terminal.wait_for(READY)
        return terminal

    return reading


def write(terminal: Terminal, *keys: str) -> None:
    """Open the editor and type."""
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(*keys)


def go_to_editor(terminal: Terminal) -> None:
    """Go from the list to the page, and on to the open editor."""
    terminal.press("Tab")
    terminal.wait_for("Enter follow")
    terminal.press("Tab")
    terminal.wait_for(WRITING)


def quit_with(terminal: Terminal, *keys: str) -> None:
    """Press keys that end the program, and see that it ends well."""
    terminal.press(*keys)
    assert terminal.wait_exit() == 0


# Reading and annotating


def test_the_bundled_case_opens(reading: Callable[[], Terminal]) -> None:
    """Title, panes, the first entry and its page, the keys: all there without a key."""
    terminal = reading()
    title, strip, *_ = terminal.text.splitlines()
    assert title.startswith(" Joint fentanyl investigation, New Orleans and China")
    assert "1 Timeline 22" in strip
    assert f"▌before Aug 2017    {FIRST_ENTRY}" in terminal.text
    assert "event · export" in terminal.text
    assert "Enter read  1…9 panes  / find  a annotate" in terminal.text
    quit_with(terminal, "q")


def test_a_note_is_kept_and_found_again(reading: Callable[[], Terminal]) -> None:
    """A note stands in the list and on the page, and at the next start in a pane of its own too."""
    terminal = reading()
    write(terminal, "Who says “exports”?", "Enter", "Ask 李娜 — 本人.")
    terminal.wait_for("Ask 李娜 — 本人.")
    terminal.press("ctrl+s")
    terminal.wait_for("Kept. Notes stay on this machine")
    assert f"▌before Aug 2017    {FIRST_ENTRY}…  ✎1│" in terminal.text
    terminal.wait_for("Who says “exports”?")
    terminal.wait_for("Ask 李娜 — 本人.")
    quit_with(terminal, "q")

    terminal = reading()
    assert "you: 1 note" in terminal.text
    assert "✎1│" in terminal.text
    terminal.press("Tab")
    terminal.wait_for("Enter follow")
    terminal.press("G")
    terminal.wait_for("jdoe, ")
    terminal.wait_for("Ask 李娜 — 本人.")
    terminal.press("9")
    terminal.wait_for("Notes · 1 of 1")
    assert "Who says “exports”?" in terminal.text
    quit_with(terminal, "q")


# What is half typed


@pytest.mark.parametrize("leave", ["Esc", "ctrl+q"])
def test_half_a_note_survives_quitting(
    reading: Callable[[], Terminal], start: Start, leave: str
) -> None:
    """Whatever quits leaves the text a draft; the next start offers it, and ctrl+s keeps it."""
    terminal = reading()
    write(terminal, "Half a “thought")
    terminal.wait_for("Half a “thought")
    terminal.press(leave)
    if leave == "Esc":
        # Too close to each other, Esc and a letter are another key.
        terminal.wait_for("Not kept yet")
        terminal.press("q")
    assert terminal.wait_exit() == 0

    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Half a “thought")
    assert "no notes yet" in terminal.text
    go_to_editor(terminal)
    terminal.press(" ends”")
    terminal.wait_for("Half a “thought ends”")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    terminal.wait_for("Half a “thought ends”")
    quit_with(terminal, "q")


def test_a_kill_loses_nothing_that_was_typed(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """A second after the last key even SIGKILL loses nothing."""
    terminal = reading()
    write(terminal, "Nobody saved this, 没有人.")
    terminal.wait_for("Nobody saved this, 没有人.")
    terminal.read_for(1)
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_exit() == -signal.SIGKILL

    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Nobody saved this, 没有人.")


ONE_BY_ONE = pytest.mark.xfail(
    strict=True,
    reason="a key is given to what had the focus before the key in front of it was handled",
)


@ONE_BY_ONE
@pytest.mark.parametrize(
    ("opening", "there"),
    [("a", "Note on Supplier"), ("/", "none"), (":", "Esc closes")],
    ids=["annotate", "find", "go"],
)
def test_what_is_typed_ahead_is_typed(
    reading: Callable[[], Terminal], opening: str, there: str
) -> None:
    """On a slow line the key that opens an input and what follows it arrive in one piece."""
    terminal = reading()
    terminal.press(f"{opening}jkq")
    terminal.wait_until(
        lambda: not terminal.is_alive or (there in terminal.text and "jkq" in terminal.text),
        "sign of what was typed",
        timeout=3,
    )
    assert terminal.is_alive


@ONE_BY_ONE
def test_a_quit_does_not_overtake_what_was_typed(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """What is typed right before ctrl+q, in one piece with it, is in the draft too."""
    terminal = reading()
    write(terminal, "All of it is here.", "ctrl+q")
    assert terminal.wait_exit() == 0
    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("All of it is here.", timeout=3)
