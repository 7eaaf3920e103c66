"""Several readers of one case, each with a home directory, for tests of exchanging notes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from small_cases import events, write_case

from casefile.cli.command_line import run as run_line
from casefile.notes.annotation import Revision, Target, target_of
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import Places, find_places

TARGET: Target = target_of("Arrests", {"id": "arrests", "title": "Arrests"})


class Colleague:
    """A reader with notes on the case `demo`."""

    def __init__(self, home: Path, name: str) -> None:
        self.home = home
        self.name = name

    @property
    def places(self) -> Places:
        """The directories of this reader."""
        return find_places(self.home)

    @property
    def folder(self) -> Path:
        """The folder of the notes on the case."""
        return self.places.notes("demo")

    @property
    def notebook(self) -> Notebook:
        """The current notes."""
        return open_notebook(self.places, "demo", self.name)

    @property
    def files(self) -> dict[str, bytes]:
        """The contents of the files in the folder, by name."""
        if not self.folder.exists():
            return {}
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def write(self, body: str = "one", *, private: bool = False) -> Revision:
        """Save a new note."""
        return self.notebook.keep_new("arrests", body, TARGET, private=private)

    def texts(self, note_id: str) -> list[str]:
        """Return the current texts of a note."""
        note = self.notebook.note(note_id)
        return sorted(head.body for head in note.heads if not head.deleted) if note else []

    def call(self, *words: str | Path) -> int:
        """Run a command line with this reader's notes; return the exit code."""
        return run_line([*map(str, words), "--notes-dir", str(self.home)])

    def merge(self, *paths: Path, private: bool = False) -> int:
        """Merge the notes at these paths without confirmation."""
        return self.call("notes", "merge", *paths, "--yes", *(["--private"] if private else []))


def later(days: float) -> dt.datetime:
    """Return the moment that is so many days from now."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)


CommandResult = tuple[int, str, str]
"""The exit code, the output and the error output."""
Run = Callable[..., CommandResult]


@pytest.fixture
def anna(tmp_path: Path) -> Colleague:
    """Return a reader who has the case in her library."""
    write_case(tmp_path / "cases" / "demo.toml", events("arrests", "tip"))
    config = f'[library]\nfolders = ["{tmp_path / "cases"}"]\n'
    (tmp_path / "config" / "casefile").mkdir(parents=True)
    (tmp_path / "config" / "casefile" / "config.toml").write_text(config)
    return Colleague(tmp_path / "anna", "anna")


@pytest.fixture
def ben(tmp_path: Path) -> Colleague:
    """Return another reader, who doesn't have the case."""
    return Colleague(tmp_path / "ben", "ben")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs a command line for a reader and returns a CommandResult."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))

    def run(reader: Colleague, *words: str | Path, given: bytes = b"") -> CommandResult:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        try:
            code = run_line([*map(str, words), "--notes-dir", str(reader.home)])
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 70
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run
