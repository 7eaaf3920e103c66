"""The program in tmux and GNU screen, each with a server of its own and a real client."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import tomli
from at_the_terminal import FIRST_ENTRY, OFFER, ON_THE_PAGE, READY, WRITING, drafts_of, go_to_editor
from terminal import PATIENCE, Terminal, readers_environment

pytestmark = pytest.mark.terminal

HALF = "Half a “thought"
PROGRAM = [sys.executable, "-m", "casefile"]


class Tmux:
    """A tmux server with one session, in which the program runs."""

    def __init__(self, folder: Path, home: Path, *settings: str) -> None:
        self._config = folder / "tmux.conf"
        self._config.write_text("".join(f"{setting}\n" for setting in settings))
        self._socket = folder / "tmux"
        self._environment = readers_environment(home)
        self._clients = ExitStack()

    def start(self) -> Terminal:
        """Start a session with the program, and attach a terminal to it."""
        return self._attach("new-session", "-s", "case", *PROGRAM)

    def attach(self) -> Terminal:
        """Attach another terminal to the session."""
        return self._attach("attach-session", "-t", "case")

    def do(self, *command: str) -> str:
        """Run a tmux command; return its output."""
        done = subprocess.run(
            self._command(*command), env=self._environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def keys(self, *keys: str) -> None:
        """Send keys to the program, by tmux's names for them."""
        self.do("send-keys", "-t", "case", *keys)

    @property
    def screen(self) -> str:
        """The text of the pane; empty before the server runs."""
        try:
            return self.do("capture-pane", "-p", "-t", "case")
        except subprocess.CalledProcessError:
            return ""

    def wait_for(self, text: str) -> None:
        """Wait until the pane shows a text."""
        end = time.monotonic() + PATIENCE
        while text not in (shown := self.screen):
            assert time.monotonic() < end, f"no {text!r} on:\n{shown}"
            time.sleep(0.05)

    def close(self) -> None:
        """Kill the server and all programs in it."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.do("kill-server")
        self._clients.close()

    def _attach(self, *command: str) -> Terminal:
        terminal = Terminal(self._command(*command), env=self._environment)
        return self._clients.enter_context(terminal)

    def _command(self, *command: str) -> list[str]:
        # With a socket and a configuration of its own, not those of whoever runs the tests.
        return ["tmux", "-S", str(self._socket), "-f", str(self._config), *command]


Session = Callable[..., Tmux]


@pytest.fixture
def session(tmp_path: Path, home: Path) -> Iterator[Session]:
    """Yield a function that prepares a tmux with some settings; skip where tmux is missing."""
    if shutil.which("tmux", path=os.defpath) is None:
        pytest.skip("tmux is not installed here")
    with ExitStack() as running:

        def session(*settings: str) -> Tmux:
            tmux = Tmux(tmp_path, home, *settings)
            running.callback(tmux.close)
            return tmux

        yield session


def bodies(home: Path) -> list[str]:
    """Return the texts of all notes in a home directory."""
    notes = (home / "data" / "casefile" / "notes").rglob("*.toml")
    return [tomli.loads(path.read_text("utf-8"))["body"] for path in notes]


@pytest.mark.parametrize("settings", [(), ("set -sg escape-time 20",)], ids=["default", "20"])
def test_note_is_written_in_tmux(session: Session, home: Path, settings: tuple[str]) -> None:
    """In tmux, ctrl+s saves a note, and Esc leaves the editor with the text still there.

    tmux holds Esc back for half a second by default, and sends it in one piece with what follows.
    """
    tmux = session(*settings)
    terminal = tmux.start()
    tmux.wait_for(READY)
    terminal.press("a")
    tmux.wait_for(WRITING)
    terminal.press("Not yet")
    tmux.wait_for("Not yet")
    terminal.press("Esc")
    tmux.wait_for("saved as a draft, not as a note")
    terminal.press("Down")
    tmux.wait_for("2 of 21")
    go_to_editor(terminal)
    terminal.press(", but now.", "ctrl+s")
    tmux.wait_for("you: 1 note")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert bodies(home) == ["Not yet, but now."]


def test_keys_sent_by_tmux_are_decoded(session: Session, home: Path) -> None:
    """Keys that `tmux send-keys` sends by name or as text arrive as those keys."""
    tmux = session()
    tmux.start()
    tmux.wait_for(READY)
    tmux.keys("End")
    tmux.wait_for("21 of 21")
    tmux.keys("Home", "PPage", "Down", "Up", "NPage")
    tmux.wait_for("19 of 21")
    tmux.keys("Home", "a")
    tmux.wait_for(WRITING)
    tmux.keys("-l", "one\ntwoo!")
    tmux.keys("BSpace", "C-h")
    tmux.wait_for("two")
    tmux.keys("Escape")
    tmux.wait_for("saved as a draft, not as a note")
    tmux.keys("-l", ":keep\r")
    tmux.wait_for("you: 1 note")
    assert bodies(home) == ["one\ntwo"]


def test_text_survives_resized_pane(session: Session) -> None:
    """Text that is being typed is still there after the pane was split and narrowed."""
    tmux = session()
    terminal = tmux.start()
    tmux.wait_for(READY)
    terminal.press("a")
    tmux.wait_for(WRITING)
    terminal.press(HALF)
    tmux.wait_for(HALF)
    tmux.do("split-window", "-h", "-t", "case", "cat")
    tmux.do("select-pane", "-t", "case.0")
    tmux.wait_for(HALF)
    tmux.do("resize-pane", "-t", "case.0", "-x", "10")
    tmux.do("kill-pane", "-t", "case.1")
    tmux.wait_for(FIRST_ENTRY)
    tmux.wait_for(HALF)


def test_detached_session_can_be_attached_again(session: Session) -> None:
    """The program runs on while detached, and is drawn again on attaching."""
    tmux = session()
    terminal = tmux.start()
    tmux.wait_for(READY)
    terminal.press("a")
    tmux.wait_for(WRITING)
    terminal.press(HALF)
    tmux.wait_for(HALF)
    tmux.do("detach-client", "-s", "case")
    assert terminal.wait_exit() == 0
    tmux.keys("-l", ", said")
    terminal = tmux.attach()
    terminal.wait_for(f"{HALF}, said")
    terminal.press(" so.")
    terminal.wait_for(f"{HALF}, said so.")


def test_draft_survives_killed_session(session: Session, home: Path) -> None:
    """When the session is killed, the draft is saved and offered in the next session."""
    tmux = session()
    terminal = tmux.start()
    tmux.wait_for(READY)
    terminal.press("a")
    tmux.wait_for(WRITING)
    terminal.press(HALF)
    tmux.wait_for(HALF)
    tmux.do("kill-session", "-t", "case")
    terminal.wait_exit()
    terminal.wait_until(lambda: bool(drafts_of(home)), "draft")
    tmux.start()
    tmux.wait_for(OFFER)
    tmux.wait_for(HALF)


def test_note_is_written_in_screen(tmp_path: Path, home: Path) -> None:
    """In GNU screen ctrl+s and Esc work, and ending it in the middle of a word leaves a draft.

    The mouse is off, since screen holds Esc back until the next key where a program uses it.
    """
    if shutil.which("screen", path=os.defpath) is None:
        pytest.skip("GNU screen is not installed here")
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    config = tmp_path / "screenrc"
    config.write_text("startup_message off\ndefutf8 on\n")
    environment = readers_environment(home, SCREENDIR=str(folder))
    command = ["screen", "-U", "-S", "case", "-c", str(config), *PROGRAM, "--no-mouse"]
    end = ["screen", "-S", "case", "-X", "quit"]
    with ExitStack() as running:
        running.callback(subprocess.run, end, env=environment, capture_output=True, check=False)
        terminal = running.enter_context(Terminal(command, env=environment))
        terminal.wait_for(READY)
        terminal.press("a")
        terminal.wait_for(WRITING)
        terminal.press("One.", "Esc")
        terminal.wait_for("saved as a draft, not as a note")
        go_to_editor(terminal)
        terminal.press(" Two.", "ctrl+s")
        terminal.wait_for("you: 1 note")
        terminal.press("Down")
        terminal.wait_for("2 of 21")
        terminal.press("a")
        terminal.wait_for(WRITING)
        terminal.press(HALF)
        terminal.wait_for(HALF)
        subprocess.run(end, env=environment, check=True)
        terminal.wait_exit()
        terminal.wait_until(lambda: bool(drafts_of(home)), "draft")
    assert bodies(home) == ["One. Two."]
    with Terminal(PROGRAM, env=readers_environment(home)) as terminal:
        terminal.wait_for(OFFER)
        terminal.wait_for(HALF)
        assert ON_THE_PAGE not in terminal.text
