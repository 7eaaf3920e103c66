"""Commands that save, and the checks after any of their system calls fails."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle, product
from pathlib import Path

from faults import (
    CHANGING,
    CODES,
    LOOKING,
    SAVER,
    Call,
    Ended,
    calls,
    casefile,
    litter,
    run,
    run_failing,
    tree,
)
from saver import CASE, TARGET, draft_text, notebook_of
from small_cases import events, write_case

from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook
from casefile.places import Places, find_places

WORDS = "Check against the release."


@dataclass(frozen=True)
class Saving:
    """A command that saves something in a reader's home."""

    command: Callable[[Path], list[str | Path]]
    has_saved: Callable[[Path], bool]
    given: str = ""
    prepare: Callable[[Path], object] = lambda _home: None
    in_pieces: bool = False
    """Whether it saves several things, some of which may succeed."""


def places(home: Path) -> Places:
    """Return the places of the reader."""
    return find_places(home / "own")


def notebook(home: Path) -> Notebook:
    """Open the reader's notebook."""
    return notebook_of(home / "own")


def _texts(home: Path) -> list[str]:
    return [note.current.body for note in notebook(home).notes]


def _have_notes(home: Path) -> None:
    write_case(home / "demo.toml", events("arrests") + '[[source]]\nid = "release"\ntitle = "R"\n')
    notebook(home).keep_new("arrests", "older", TARGET)
    drafts = DraftFolder(places(home), CASE)
    drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))


def _have_a_colleagues(home: Path) -> None:
    _have_notes(home)
    theirs = notebook_of(home / "theirs", "rroe")
    first = theirs.keep_new("arrests", "one", TARGET)
    theirs.keep_edit(first.id, "two", TARGET)
    theirs.keep_new("arrests", "three", TARGET)


def _have_a_text(home: Path) -> None:
    _have_notes(home)
    (home / "release.txt").write_text("One paragraph.\n")


def _have_a_place_for_packs(home: Path) -> None:
    _have_notes(home)
    (home / "own-packs").mkdir()


def _is_whole(pack: Path) -> bool:
    return pack.exists() and pack.read_bytes().endswith(bytes(1024))


def _drafts(home: Path) -> list[str]:
    return [draft.body for draft in DraftFolder(places(home), CASE).read_all().waiting]


def _command(*words: str) -> Callable[[Path], list[str | Path]]:
    """Return a command of the reader's; `~/…` is a path in the home."""

    def command(home: Path) -> list[str | Path]:
        paths = (home / word[2:] if word.startswith("~/") else word for word in words)
        return casefile(home / "own", *paths)

    return command


SAVINGS = {
    "the first note of all": Saving(
        lambda home: [sys.executable, SAVER, home / "own", "jdoe", "1"],
        lambda home: "jdoe 0" in _texts(home),
        given="go\n",
    ),
    "note add": Saving(
        _command("note", "add", "~/demo.toml", "arrests"),
        lambda home: WORDS in _texts(home),
        given=WORDS,
        prepare=_have_notes,
    ),
    "notes merge": Saving(
        _command("notes", "merge", "~/theirs", "--yes"),
        lambda home: sorted(_texts(home)) == ["older", "three", "two"],
        prepare=_have_a_colleagues,
        in_pieces=True,
    ),
    "notes pack": Saving(
        _command("notes", "pack", "~/demo.toml", "~/own-packs/demo.notes"),
        lambda home: _is_whole(home / "own-packs" / "demo.notes"),
        prepare=_have_a_place_for_packs,
    ),
    "source add": Saving(
        _command("source", "add", "~/demo.toml", "release", "~/release.txt"),
        lambda home: [*home.rglob("own/sources/demo/*")] != [],
        prepare=_have_a_text,
    ),
    "a draft": Saving(
        lambda home: [sys.executable, SAVER, home / "own", "--draft", "2"],
        lambda home: draft_text(2) in _drafts(home),
        given="go\n",
        prepare=_have_notes,
        in_pieces=True,
    ),
}


def trials_of_each(found: Sequence[Call]) -> list[tuple[Call, str]]:
    """Yield every changing call with one errno in turn, and some of the other calls."""
    changing = [call for call in found if call.name in CHANGING]
    looking = [call for call in found if call.name in LOOKING]
    return [*zip([*changing, *looking[::4]], cycle(CODES))]


def trials_of_all(found: Sequence[Call]) -> list[tuple[Call, str]]:
    """Yield every call with every errno."""
    return [*product(found, CODES)]


def outcomes(
    saving: Saving, trials: Callable[[Sequence[Call]], Iterable[tuple[Call, str]]]
) -> Iterator[tuple[Call, str, str]]:
    """Let each call fail in a home of its own; yield what is wrong afterwards."""
    # In threads: each trial is a process that mostly waits for its tracer.
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        ready = Path(folder) / "ready"
        ready.mkdir()
        saving.prepare(ready)
        for path in ready.rglob("*"):
            # Recent files may be read twice, which would change the number of calls.
            os.utime(path, (0, 0))

        def home(name: object) -> Path:
            return shutil.copytree(ready, Path(folder) / f"home-{name}")

        def found(names: Sequence[str]) -> list[Call]:
            made = home(names[0])
            return calls(saving.command(made), made / "own", names, saving.given)

        def trial_in_home(number: int, trial: tuple[Call, str]) -> tuple[Call, str, str]:
            return *trial, _tried(saving, home(number), *trial)

        yield from pool.map(trial_in_home, count(), trials(found(CHANGING) + found(LOOKING)))


def _tried(saving: Saving, home: Path, call: Call, code: str) -> str:
    """Return what is wrong after a failed call, or ""."""
    before = tree(home)
    command = saving.command(home)
    ended = run_failing(command, home / "own", call, f"error={code}", saving.given)
    wrong = _wrong(saving, home, before, ended)
    if not wrong and not saving.has_saved(home):
        again = run(command, home, given=saving.given)
        if again.code or not saving.has_saved(home):
            wrong = f"a second try fails: {again}"
    return f"{wrong}\n{ended}" if wrong else ""


def _wrong(saving: Saving, home: Path, before: dict[str, bytes], ended: Ended) -> str:
    return _wrong_on_disk(home, before, ended) or _wrong_report(saving, home, before, ended)


def _wrong_on_disk(home: Path, before: dict[str, bytes], ended: Ended) -> str:
    after = tree(home)
    if changed := [name for name, data in before.items() if after.get(name) != data]:
        return f"existing files have changed: {changed}"
    if litter(home) and "unlink" not in ended.failed:
        return f"unfinished files are left: {litter(home)}"
    drafts = DraftFolder(places(home), CASE).read_all()
    if unreadable := notebook(home).unreadable or drafts.unreadable:
        return f"damaged: {unreadable}"
    return ""


def _wrong_report(saving: Saving, home: Path, before: dict[str, bytes], ended: Ended) -> str:
    if not ended.failed:
        return "no call has failed"
    if ended.code not in (0, 1) or "Traceback" in ended.err:
        return "it neither saves nor reports an error"
    if not ended.err.startswith("Not "):
        # The code 1 may also mean that an existing note can't be read.
        return "" if saving.has_saved(home) else "it reports success and has not saved"
    new = tree(home).keys() - before.keys() - {*litter(home)}
    return f"it reports a failure and has saved: {new}" if new and not saving.in_pieces else ""
