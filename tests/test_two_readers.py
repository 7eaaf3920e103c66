"""Two readers verify one case, each alone, merge their notes and compare them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from terminal import Terminal, readers_environment

from casefile.config import Config
from casefile.library import BUNDLED, find_case
from casefile.notes.notebook import open_notebook
from casefile.places import Places
from casefile.views.case_opener import CaseOpener
from casefile.views.verdicts import is_checkable

pytestmark = pytest.mark.terminal

READY = "event · export"
DISPUTED, REMARKED = "hsi", "nncc"
ENTRIES = 80
"""How many entries of the case are verified."""


class Colleague:
    """A reader with a terminal."""

    def __init__(self, home: Path, name: str) -> None:
        self.home, self.name = home, name
        home.mkdir()
        self.environment = readers_environment(home, LOGNAME=name)

    @property
    def places(self) -> Places:
        """The directories of this reader."""
        data, state = (self.home / kind / "casefile" for kind in ("data", "state"))
        return Places(data, state, None)

    @property
    def notes(self) -> set[str]:
        """The names of the files in the folder of notes."""
        return {path.name for path in self.places.notes(BUNDLED).glob("*.toml")}

    def run(self, *words: str, given: bytes = b"") -> bytes:
        """Run a command line that succeeds, and return its output."""
        command = [sys.executable, "-m", "casefile", *words]
        ran = subprocess.run(
            command, env=self.environment, input=given, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout


class Desks:
    """Opens terminals, and records what they draw."""

    def __init__(self, stack: ExitStack, recordings: Path) -> None:
        self._stack, self._recordings = stack, recordings
        self._number = 0

    def sit_down(self, reader: Colleague, size: tuple[int, int] = (100, 32)) -> Terminal:
        """Open the case in the terminal of a reader."""
        self._number += 1
        path = self._recordings / f"{self._number}-{reader.name}.cast"
        command = [sys.executable, "-m", "casefile", BUNDLED]
        terminal = self._stack.enter_context(Terminal(command, env=reader.environment, size=size))
        self._stack.callback(terminal.save_recording, path)
        terminal.wait_for(READY)
        return terminal


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    """Return desks whose recordings are kept."""
    recordings = Path(os.environ.get("CASEFILE_RECORDINGS") or tmp_path)
    with ExitStack() as stack:
        yield Desks(stack, recordings)


def verify(terminal: Terminal, verdicts: dict[int, str], *, begun: int = 0, until: int) -> None:
    """Continue the verification up to this number of entries; `verdicts` are all but “checked”."""
    terminal.press("V")
    terminal.wait_for("Verifying by source")
    terminal.wait_for(f" {begun} of {ENTRIES} done")
    for number in range(begun + 1, until + 1):
        key = verdicts.get(number, "c")
        terminal.press(key[0])
        if key[0] == "w":
            terminal.wait_for("What would be right")
            terminal.press(key[1:], "ctrl+s")
        terminal.wait_for(f" {number} of {ENTRIES} done" if number < ENTRIES else "End of the pass")


def leave(terminal: Terminal) -> None:
    """Leave the verification, and quit."""
    terminal.press("q")
    terminal.wait_for("Verification paused")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def checked(reader: Colleague) -> dict[str, dict[str, str | None]]:
    """Return the verdicts in the folder of a reader, by entry and author."""
    found: dict[str, dict[str, str | None]] = {}
    for note in open_notebook(reader.places, BUNDLED, None).notes:
        if note.current.motivation == "assessing":
            found.setdefault(note.current.entry, {})[note.author] = note.current.value
    return found


def test_two_readers_verify_merge_and_compare(desks: Desks, tmp_path: Path) -> None:
    """Each verifies all of the bundled case; after merging, both see both, and nothing is lost."""
    anna, ben = Colleague(tmp_path / "anna", "anna"), Colleague(tmp_path / "ben", "ben")
    at_annas, at_bens = desks.sit_down(anna), desks.sit_down(ben)
    verify(at_annas, {2: "!"}, until=60)
    verify(at_bens, {4: "wThe figure is another."}, until=ENTRIES)
    # Anna goes home in between, and goes on where she was.
    leave(at_annas)
    at_annas = desks.sit_down(anna)
    verify(at_annas, {}, begun=60, until=ENTRIES)

    before = anna.notes | ben.notes
    for reader, other in ((anna, ben), (ben, anna)):
        pack = other.run("notes", "pack", BUNDLED, "-")
        reader.run("notes", "merge", "-", "--yes", given=pack)
    assert anna.notes == ben.notes == before

    # Both terminals are still open, and show without a key what has come.
    for terminal in (at_annas, at_bens):
        terminal.press("q")
        terminal.wait_for(f"Verified: {ENTRIES} of {ENTRIES}")
        terminal.press("1")
        terminal.wait_for("Timeline · ")
        terminal.press("f", "check:disputed", "Enter")
        terminal.wait_for("check:disputed · 0 of 21")
        terminal.press("2")
        terminal.press("f", "check:disputed", "Enter")
        terminal.wait_for("check:disputed · 2 of 23")
        terminal.wait_for("Readers disagree on this entry.")
        terminal.press("\x7f")
        terminal.press("q")
        assert terminal.wait_exit() == 0

    room = CaseOpener(anna.places, Config(author="anna", recent=False))
    entries = room.open(find_case(BUNDLED)).case_file.entries.values()
    everything = {entry.id for entry in entries if is_checkable(entry)}
    found = checked(anna)
    assert found == checked(ben)
    assert found.keys() == everything
    assert all(both.keys() == {"anna", "ben"} for both in found.values())
    differing = {entry for entry, both in found.items() if len(set(both.values())) > 1}
    assert differing == {DISPUTED, REMARKED}
    printed = anna.run(
        "notes", BUNDLED, "--where", "check:disputed author:ben check:wrong"
    ).decode()
    assert "The figure is another." in printed
