"""Upgrading or removing the program while it is open: nothing is imported after the start."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_offered,
    editor_that,
    exit_message,
    saved_text,
    type_note,
)
from screens import Desk
from terminal import Terminal

import casefile
from casefile.state.crash_log import NAME as CRASH_LOG
from casefile.tui.idle_imports import NOT_LOADED, is_failed_import
from casefile.tui.keys import CASE_KEYS, KeyTable
from casefile.tui.verify_keys import VERIFY_KEYS

LOGGED = """
import os, sys
import casefile.tui.app as app
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
import_in_steps = app.import_in_steps
def watched():
    is_complete = yield from import_in_steps()
    sys.addaudithook(report)
    os.write(log, b"idle\\n")
    return is_complete
def report(event, arguments):
    if event == "import":
        os.write(log, f"{arguments[0]}\\n".encode())
app.import_in_steps = watched
from casefile.__main__ import run_and_exit
run_and_exit()
"""
"""The program; it logs the end of the imports when idle, and every import after that."""
LEAVING = {"app.quit", "app.library"}
"""The keys after which others would not work; the test presses them last."""
MOMENT = 0.1
"""How long each key gets in seconds; one that needs longer is only tried less thoroughly."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of casefile and of all that it depends on."""
    folder = tmp_path / "site-packages"
    package = Path(casefile.__file__).parent
    shutil.copytree(package, folder / "casefile")
    for shipped in ("casefile.tcss", "data"):
        found = next(
            place / shipped for place in (package, package.parent) if (place / shipped).exists()
        )
        (shutil.copytree if found.is_dir() else shutil.copy)(found, folder / shipped)
    for name in sorted(dependencies("casefile", set())):
        for file in distribution(name).files or ():
            if ".." not in file.parts:
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(distribution(name).locate_file(file)), folder / file)
    return folder


def dependencies(name: str, known: set[str]) -> set[str]:
    """Return the distributions that one needs without its extras, not counting itself."""
    for line in distribution(name).requires or ():
        needed = re.split(r"[^\w.-]", line)[0]
        if "extra ==" not in line and needed not in known:
            known.add(needed)
            dependencies(needed, known)
    return known


class Session:
    """The program, started from a copy that is removed once it is idle."""

    def __init__(self, start: Start, copy: Path, folder: Path) -> None:
        self._log = folder / "imports"
        writes = editor_that(folder, 'echo "From an editor." >> "${2:-$1}"')
        self.terminal: Terminal = start(
            # Without the site-packages of the tests.
            program=("-S", "-c", LOGGED, self._log),
            environment={"PYTHONPATH": str(copy), **writes},
            size=(120, 40),
        )
        self.terminal.wait_for(READY)
        self.terminal.wait_until(lambda: self._log.exists() and bool(self.imports), "idle imports")
        shutil.rmtree(copy)

    @property
    def imports(self) -> list[str]:
        """The line that says that the program is idle, and the modules imported after it."""
        return self._log.read_text().split()

    def do(self, *keys: str) -> None:
        """Press keys, each when the one before has had its moment."""
        for key in keys:
            self.terminal.press(key)
            self.terminal.read_for(MOMENT)

    def do_all(self, table: KeyTable) -> None:
        """Run every command of a table by its id, and leave what it opens."""
        for binding in table.bindings:
            if isinstance(binding, tuple) or binding.id in LEAVING:
                continue
            self.terminal.press(":", str(binding.id), "Enter")
            self.terminal.read_for(MOMENT)
            self.do("Esc", "Esc")


def crash_logged(home: Path) -> str:
    """Return what a crash has left, to be shown where none was expected."""
    return "".join(path.read_text() for path in home.rglob(CRASH_LOG))


@pytest.mark.terminal
def test_everything_works_after_program_is_removed(
    start: Start, copy: Path, tmp_path: Path, home: Path
) -> None:
    """Every command can be run, notes are saved, and nothing is imported, until the end."""
    session = Session(start, copy, tmp_path)
    terminal = session.terminal
    type_note(terminal, HALF_A_WORD)
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    terminal.press("u")
    terminal.wait_for("Undone")
    terminal.press("u", "s")
    terminal.wait_for("para 4")
    session.do(
        "s", "Esc", "/", "drugs", "Enter", "n", "Esc", "f", "tag:x 中文", "Enter", "Backspace"
    )
    session.do(
        "a", "A note on 毒品 🧪.", "ctrl+s", "e", " More.", "ctrl+s", "H", "Esc", "r", "Yes."
    )
    session.do("ctrl+s", "m", "Enter", "arrests", "Enter", "v", "c", "*", "t", "press", "Enter")
    session.do(
        "A", "E", "Enter", "9", "o", "o", "o", "Enter", "0", "8", "Enter", "Tab", "Enter", "1"
    )
    session.do_all(CASE_KEYS)
    session.do("V", "c", " ", "b", "?", "Esc", "a", "In the pass.", "ctrl+s")
    session.do_all(VERIFY_KEYS)
    session.do("q", "L", "dia", "F1", "Esc", "Esc", "Esc", "?", "Esc", "1")
    terminal.resize(60, 20)
    terminal.signal_program(signal.SIGCONT)
    session.do(":", "app.leave", "Enter")
    ended = terminal.wait_exit()
    assert (ended, crash_logged(home)) == (0, "")
    assert session.imports == ["idle"]
    assert NOT_LOADED not in terminal.raw.decode()
    text = saved_text(home)
    for written in (HALF_A_WORD, "A note on 毒品 🧪. More.", "From an editor.", "In the pass."):
        assert written in text


@pytest.mark.terminal
def test_signal_after_program_is_removed_saves_draft(
    start: Start, copy: Path, tmp_path: Path
) -> None:
    """A signal saves the draft, and nothing is imported for it."""
    session = Session(start, copy, tmp_path)
    type_note(session.terminal, HALF_A_WORD)
    session.terminal.send_signal(signal.SIGTERM)
    assert session.terminal.wait_exit() == 143
    assert session.imports == ["idle"]
    assert exit_message(session.terminal) == "What was being typed is saved as a draft."
    assert_offered(start)


class Unreadable(MetaPathFinder):
    """Fails to import one module, as a disk or an upgrade may make it."""

    def __init__(self, name: str, error: Exception) -> None:
        self._name = name
        self._error = error

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise the error for the module."""
        if name == self._name:
            raise self._error
        return None


def hide(patch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Let a module be one that is not imported yet, and can't be."""
    patch.delitem(sys.modules, name, raising=False)
    patch.setattr(sys, "meta_path", [Unreadable(name, error), *sys.meta_path])


FAILURES = [ImportError("gone"), SyntaxError("cut"), EOFError("cut"), OSError(5, "I/O")]


@pytest.mark.parametrize("error", FAILURES)
def test_failed_import_is_told_from_other_errors(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """An import that fails is known as one whatever it raises; the same error elsewhere is not."""
    hide(monkeypatch, "hashlib", error)
    with pytest.raises(type(error)) as raised:
        import_module("hashlib")
    assert is_failed_import(raised.value)
    assert not is_failed_import(OSError(5, "I/O"))


@pytest.mark.parametrize("error", FAILURES)
async def test_note_is_not_saved_without_its_modules(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """If a module for saving can't be loaded, “Not saved” is shown, and the text stays."""
    # Not to be told that it can't be loaded when idle either.
    monkeypatch.setattr("casefile.tui.app.IDLE_SECONDS", 3600)
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Still here.")
        with monkeypatch.context() as patch:
            hide(patch, "hashlib", error)
            await reader.press("ctrl+s")
        assert reader.message.startswith("Not saved: ")
        assert reader.panel is not None
        assert reader.panel.text == "Still here."
        await reader.press("ctrl+s")
        assert "Kept." in reader.message


async def test_what_can_not_be_loaded_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is missing is told of when idle, and at the key that needs it."""
    hide(monkeypatch, "casefile.tui.help_screen", ImportError("gone"))
    async with desk.open() as reader:
        await reader.until(lambda: reader.message == NOT_LOADED)
        await reader.press("j")
        assert reader.message == ""
        await reader.press("?")
        assert reader.message == NOT_LOADED
        await reader.press("a")
        assert reader.is_writing


def test_program_that_is_gone_is_told_without_a_traceback() -> None:
    """Without the modules that report a fault, the program still says what to do."""
    without = (
        "import sys\n"
        "for name in ('cli.command_line', 'console'):\n"
        "    sys.modules['casefile.' + name] = None\n"
        "from casefile.__main__ import run_and_exit\n"
        "run_and_exit()\n"
    )
    ended = subprocess.run([sys.executable, "-c", without], capture_output=True, check=False)
    said = b"A part of casefile can't be loaded; it may have been upgraded. Start it again.\n"
    assert (ended.returncode, ended.stderr) == (70, said)
