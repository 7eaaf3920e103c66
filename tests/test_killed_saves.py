"""Processes killed at any moment: nothing that was reported as saved is lost or damaged."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from faults import CHANGING, SAVER, calls, casefile, litter, needs_strace, run, run_failing, tree
from killing import Fate, killed_saver, new_random
from saver import CASE, TARGET, notebook_of
from small_cases import events, write_case

from casefile.places import find_places

pytestmark = pytest.mark.slow

RUNS = 20


def test_saved_notes_survive_kill(tmp_path: Path) -> None:
    """Of twenty killed processes, each note that was reported as saved is complete."""
    seed, chance = new_random()
    came = Counter[Fate]()
    for number in range(RUNS):
        came += killed_saver(tmp_path / f"{number}", chance, "jdoe")
    assert came[Fate.LOST] == came[Fate.DAMAGED] == 0, f"seed {seed}: {came}"
    assert came[Fate.SAVED] > RUNS, f"seed {seed}: {came}"


def test_draft_is_complete_after_kill(tmp_path: Path) -> None:
    """The last text, or the one that was being written, is offered."""
    seed, chance = new_random()
    came = Counter[Fate]()
    for number in range(RUNS):
        came += killed_saver(tmp_path / f"{number}", chance, "--draft")
    assert came[Fate.LOST] == came[Fate.DAMAGED] == 0, f"seed {seed}: {came}"
    assert came[Fate.SAVED] > RUNS // 2, f"seed {seed}: {came}"


@needs_strace
def test_kill_at_any_system_call_leaves_all_or_nothing(tmp_path: Path) -> None:
    """A process killed at any of its system calls has saved the note or nothing."""

    def command(home: Path) -> list[str | Path]:
        return [sys.executable, SAVER, home, "jdoe", "1"]

    def reader(name: str) -> Path:
        notebook_of(tmp_path / name).keep_new("arrests", "older", TARGET)
        return tmp_path / name

    there = []
    for call in calls(command(reader("first")), tmp_path / "first", CHANGING, "go\n"):
        home = reader(f"{call.name}-{call.nth}")
        ended = run_failing(command(home), home, call, "signal=KILL", "go\n")
        assert ended.code == -signal.SIGKILL
        notebook = notebook_of(home)
        assert notebook.unreadable == ()
        there += [[note.current.body for note in notebook.notes]]
        # It may have been killed while it was still reading; nothing has been called kept.
        assert ended.out in ("", "ready\n")
        notebook.keep_new("arrests", "after", TARGET)
    # After the link the note is there.
    assert sorted(there, key=len) == there
    assert [*map(list, dict.fromkeys(map(tuple, there)))] == [["older"], ["older", "jdoe 0"]]


@needs_strace
def test_merge_can_be_repeated_after_kill(tmp_path: Path) -> None:
    """A killed merge has added whole revisions; repeated, it adds the rest."""
    theirs = notebook_of(tmp_path / "theirs", "rroe")
    for number in range(4):
        theirs.keep_edit(theirs.keep_new("arrests", f"{number}", TARGET).id, "more", TARGET)
    folder = theirs.folder
    assert folder is not None

    def merge(home: Path) -> list[str | Path]:
        return casefile(home, "notes", "merge", folder, "--yes")

    links = [
        call
        for call in calls(merge(tmp_path / "first"), tmp_path / "first", CHANGING)
        if call.name in ("link", "linkat")
    ]
    assert len(links) == 8
    for call in links:
        home = tmp_path / f"home-{call.nth}"
        run_failing(merge(home), home, call, "signal=KILL")
        came = tree(find_places(home).notes(CASE))
        assert len(came) in (call.nth - 1, call.nth)
        assert came.items() <= tree(folder).items()
        assert run(merge(home), home).code == 0
        assert tree(find_places(home).notes(CASE)) == tree(folder)


@needs_strace
def test_unfinished_file_is_removed_after_an_hour(tmp_path: Path) -> None:
    """A killed process's unfinished file is removed by a later save."""
    write_case(tmp_path / "demo.toml", events("arrests"))
    home = tmp_path / "home"
    command = casefile(home, "note", "add", tmp_path / "demo.toml", "arrests")
    (unlink,) = [
        call
        for call in calls(command, home / "workshop" / CASE, CHANGING, "One.")
        if call.name == "unlink"
    ]
    run_failing(command, home, unlink, "signal=KILL", "Two.")
    (left,) = litter(home)
    assert run(command, home, given="Three.").code == 0
    assert litter(home) == [left]
    os.utime(home / left, (0, 0))
    assert run(command, home, given="Four.").code == 0
    assert litter(home) == []
