"""Cut the power at every moment of a save, and say what is wrong in the states after it."""

from __future__ import annotations

import io
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from disk_states import FOLDER, Disk, State
from faults import litter
from power_saves import SAVINGS, Saving, call, prepare, save_again
from recorder import Step, recorded_steps
from saver import CASE, notebook_of
from terminal import readers_environment

from casefile.cli.command_line import VERBS
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places

_AFTER = {
    "check": ("check", "~/demo.toml"),
    "list": ("list",),
    "show": ("show", "~/demo.toml"),
    "source": ("source", "list", "~/demo.toml"),
    "notes": ("notes", "--all"),
    "notes merge": ("notes", "merge", "~/theirs.notes", "--yes"),
    "notes pack": ("notes", "pack", "~/demo.toml", "~/again.notes"),
    "notes forget": ("notes", "forget", "00000000"),
    "notes redate": ("notes", "redate", "~/demo.toml"),
    "note add": ("note", "add", "~/demo.toml", "tip"),
    "log": ("log", "~/demo.toml"),
    "diff": ("diff", "~/demo.toml", "~/demo.toml"),
    "where": ("where",),
}
"""How each verb is run afterwards that reads or writes what is the reader's."""
_REFUSED = {"notes forget": 2}
_ELSEWHERE = {"schema", "new", "from-csv"}
assert _AFTER.keys() | _ELSEWHERE == VERBS.keys()


@dataclass(frozen=True)
class Record:
    """What a saving did, and what was there before."""

    name: str
    before: State
    steps: tuple[Step, ...]

    @property
    def saving(self) -> Saving:
        """The saving that was recorded."""
        return SAVINGS[self.name]


@dataclass(frozen=True)
class Cut:
    """A state after a power cut, and what had been printed before it."""

    state: State
    said: tuple[str, ...]


def record(name: str, folder: Path, before: Sequence[str | Path] = ()) -> Record:
    """Record a saving in a home of its own, optionally through another command."""
    home = folder / "home"
    home.mkdir(parents=True)
    with _reader(home):
        prepare(home, is_first=SAVINGS[name].is_first)
    there = _state_of(home)
    return Record(name, there, recorded_steps(home, name, before))


def cuts(what: Record, most: int) -> Iterator[Cut]:
    """Yield the different states after a cut, at most some `most` for each moment of it."""
    chance = random.Random(what.name)  # noqa: S311 -- it chooses states, and keeps no secret
    disk = Disk(what.before)
    said = ""
    found: dict[object, Cut] = {}
    for step in (None, *what.steps):
        if step and step.call == "said":
            said += step.data
        elif step:
            disk.take(step)
        for state in disk.states(most, chance):
            # The same state later, when more has been said, has to hold more.
            found.pop(key := tuple(state.items()), None)
            found[key] = Cut(state, tuple(said.splitlines()))
    yield from found.values()


def wrong_after(what: Record, cut: Cut, *, and_later: bool = True) -> str:
    """Return what is wrong in a state after a cut, `and_later` when all is used again, or ""."""
    changes = re.compile(what.saving.changes)
    hurt = [
        path
        for path, content in what.before.items()
        if cut.state.get(path, "") != content and not changes.fullmatch(path)
    ]
    if hurt:
        return f"it has hurt {hurt}"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _restore(cut.state, home)
        with _reader(home):
            wrong = what.saving.wrong(home, cut.said) or _damaged(home)
            return wrong or (_wrong_later(home) if and_later else "")


def _damaged(home: Path) -> str:
    drafts = DraftFolder(find_places(home / "own"), CASE).read_all()
    unreadable = [*notebook_of(home / "own").unreadable, *drafts.unreadable]
    return f"damaged: {unreadable}" if unreadable else ""


def _wrong_later(home: Path) -> str:
    """Run every verb, save everything once more, and return what is wrong then."""
    for verb, words in _AFTER.items():
        paths = [home / word[2:] if word[:2] == "~/" else word for word in words]
        sys.stdin = io.TextIOWrapper(io.BytesIO(b"after"))
        try:
            code = call(home, *paths)
        except Exception as error:
            return f"{verb} fails: {error!r}"
        if code not in (0, 1, _REFUSED.get(verb)):
            return f"{verb} ends with {code}"
    save_again(home)
    return f"it leaves {litter(home)}" if litter(home) else ""


@contextmanager
def _reader(home: Path) -> Iterator[None]:
    with (
        patch.dict(os.environ, readers_environment(home)),
        patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO())),
        redirect_stdout(io.TextIOWrapper(io.BytesIO())),
        redirect_stderr(io.TextIOWrapper(io.BytesIO())),
    ):
        yield


def _state_of(home: Path) -> State:
    return {
        str(path.relative_to(home)): FOLDER if path.is_dir() else path.read_bytes()
        for path in sorted(home.rglob("*"))
    }


def _restore(state: State, home: Path) -> None:
    for name, content in state.items():
        path = home / name
        if content is FOLDER:
            path.mkdir()
        else:
            path.write_bytes(content)
            # An hour later, unfinished files are nobody's.
            os.utime(path, (0, 0))
