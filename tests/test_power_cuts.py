"""The power goes at any moment: what was called saved is there and whole, and nothing is hurt."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from cutting import Record, cuts, record, wrong_after
from disk_states import FOLDER, Disk, State
from faults import CHANGING, needs_strace
from power_saves import SAVINGS
from recorder import Step

MOST = 100
"""The most choices of what has reached the disk at one moment; the longest saving has 50."""

Steps = tuple[Step, ...]

OTHER_CHANGING = (
    *("rmdir", "truncate", "ftruncate", "fallocate", "pwrite64", "writev", "pwritev", "fdatasync"),
    *("symlink", "symlinkat", "mknod", "mknodat", "copy_file_range", "sendfile", "creat"),
)


@cache
def recorded(name: str) -> Record:
    """Record a saving once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        return record(name, Path(folder))


@pytest.mark.slow
@pytest.mark.parametrize("name", SAVINGS)
def test_power_cut_loses_nothing_that_was_called_saved(name: str) -> None:
    """In each state after a cut all is whole that was called saved, and that was there before.

    In every fourth, and the last, every verb is run, everything is saved once more, and no
    unfinished file is left after that. `benchmarks/power_cuts.py` does so in all of them.
    """
    found = [*cuts(recorded(name), MOST)]
    wrong = {
        wrong_after(recorded(name), cut, and_later=number % 4 == 0)
        for number, cut in enumerate(reversed(found))
    }
    assert wrong == {""}
    # The states include the one before, and the one in which all is there.
    assert recorded(name).before in [cut.state for cut in found]
    assert found[-1].said


def is_file_sync(step: Step) -> bool:
    """Whether a step syncs a file: a folder has no dot in its name here."""
    return step.call == "fsync" and "." in step.paths[0].rpartition("/")[2][1:]


def without_file_syncs(steps: Steps) -> Steps:
    """Return the steps of a program that never syncs a file."""
    return tuple(step for step in steps if not is_file_sync(step))


def without_folder_syncs(steps: Steps) -> Steps:
    """Return the steps of a program that never syncs a folder."""
    return tuple(step for step in steps if step.call != "fsync" or is_file_sync(step))


def syncing_files_late(steps: Steps) -> Steps:
    """Return the steps of a program that syncs a file once it has its own name."""
    late: list[Step] = []
    waiting: list[Step] = []
    for step in steps:
        if is_file_sync(step):
            waiting.append(step)
            continue
        late.append(step)
        if step.call in ("link", "rename"):
            late += waiting
            waiting = []
    return tuple(late)


def syncing_folders_late(steps: Steps) -> Steps:
    """Return the steps of a program that says “saved” before it syncs the folder."""
    late = list(steps)
    for number, step in enumerate(steps[1:], start=1):
        if step.call == "said":
            late[number - 1], late[number] = late[number], late[number - 1]
    return tuple(late)


def writing_in_place(steps: Steps) -> Steps:
    """Return the steps of a program that writes a file under its own name."""
    names = {step.paths[0]: step.paths[1] for step in steps if step.call in ("link", "rename")}
    return tuple(
        replace(step, paths=tuple(names.get(path, path) for path in step.paths))
        for step in steps
        if step.call not in ("link", "rename")
        and (step.call != "unlink" or step.paths[0] not in names)
    )


FAULTS = (
    without_file_syncs,
    without_folder_syncs,
    syncing_files_late,
    syncing_folders_late,
    writing_in_place,
)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "name", ["notes", "the first draft of all", "notes pack", "state", "source add --replace"]
)
def test_replay_finds_missing_and_late_syncs(name: str, fault: Callable[[Steps], Steps]) -> None:
    """A program that leaves out a sync, or does it too late, is found at fault."""
    right = recorded(name)
    faulty = replace(right, steps=fault(right.steps))
    assert faulty.steps != right.steps
    assert any(wrong_after(faulty, cut, and_later=False) for cut in cuts(faulty, MOST))


@pytest.mark.slow
@needs_strace
@pytest.mark.parametrize("name", SAVINGS)
def test_recorder_misses_no_call(name: str, tmp_path: Path) -> None:
    """What is recorded is what the system sees: the same calls on the same files in one order."""
    log = tmp_path / "log"
    names = ",".join(f"?{one}" for one in (*CHANGING, *OTHER_CHANGING))
    strace: list[str | Path] = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-qq",
        "-o",
        log,
        "-e",
        f"trace={names}",
    ]
    steps = record(name, tmp_path, before=strace).steps
    home = str(tmp_path / "home")
    seen = [found for line in log.read_text().splitlines() if (found := changing(line, home))]
    assert [(step.call, step.paths) for step in steps if step.call != "said"] == seen


def changing(line: str, home: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the call and the paths in a line of strace's log, if it has changed a file."""
    call = line.partition("(")[0].split()[-1]
    call = {"linkat": "link", "unlinkat": "unlink", "mkdirat": "mkdir"}.get(call, call)
    call = "rename" if call.startswith("rename") else call
    is_on_descriptor = call in ("write", "fsync")
    quoted = r"\(\d+<(.*?)>" if is_on_descriptor else r'"(.*?)"'
    paths = re.findall(quoted, line.rpartition(" = ")[0])[: 1 if is_on_descriptor else 2]
    inside = tuple(
        path.removeprefix(home).removeprefix("/") or "."
        for path in paths
        if f"{path}/".startswith(f"{home}/")
    )
    if not inside or " = -1 " in line or call in ("close", "chmod", "fchmod", "fchmodat"):
        return None
    if call in ("open", "openat"):
        return ("create", inside) if "O_CREAT" in line else None
    return call, inside


BEFORE: State = {"a": FOLDER, "b": FOLDER, "a/old": b"old"}
CREATED = (Step("create", ("a/new",), 1), Step("write", ("a/new",), 1, "1234"))


def states(*steps: Step) -> list[State]:
    """Return all states after a cut right after some steps."""
    disk = Disk(BEFORE)
    for step in steps:
        disk.take(step)
    return [*disk.states(1000, random.Random(0))]  # noqa: S311 -- it keeps no secret


@pytest.mark.parametrize(
    ("steps", "contents"),
    [
        (CREATED, {None, b"", b"12", bytes(4), b"\0\x0034", b"1234"}),
        ((*CREATED, Step("fsync", ("a/new",), 1)), {None, b"1234"}),
        ((*CREATED, Step("fsync", ("a",))), {b"", b"12", bytes(4), b"\0\x0034", b"1234"}),
        ((*CREATED, Step("fsync", ("a/new",), 1), Step("fsync", ("a",))), {b"1234"}),
    ],
    ids=["nothing synced", "file synced", "folder synced", "both synced"],
)
def test_file_is_whole_only_after_both_syncs(
    steps: Sequence[Step], contents: set[bytes | None]
) -> None:
    """A name without content, part of it and zeros are possible until both are synced."""
    assert {state.get("a/new") for state in states(*steps)} == contents
    assert all(state["a/old"] == b"old" for state in states(*steps))


def test_names_in_two_folders_come_in_any_order() -> None:
    """Of an unsynced link in one folder and an unlink in another, any may have happened."""
    steps = (Step("link", ("a/old", "b/old")), Step("unlink", ("a/old",)))
    found = {("a/old" in state, "b/old" in state) for state in states(*steps)}
    assert found == {(True, False), (True, True), (False, True), (False, False)}


def test_rename_is_atomic() -> None:
    """After a rename there is one name or the other, even before a sync."""
    found = {
        ("a/old" in state, "a/new" in state) for state in states(Step("rename", ("a/old", "a/new")))
    }
    assert found == {(True, False), (False, True)}


def test_what_is_in_a_lost_folder_is_lost() -> None:
    """A synced file in a folder whose own name isn't synced may be gone."""
    steps = (
        Step("mkdir", ("c",)),
        Step("create", ("c/new",), 1),
        Step("write", ("c/new",), 1, "1"),
        Step("fsync", ("c/new",), 1),
        Step("fsync", ("c",)),
    )
    assert {state.get("c/new") for state in states(*steps)} == {None, b"1"}
    assert {state.get("c/new") for state in states(*steps, Step("fsync", (".",)))} == {b"1"}
