"""Saves in which any system call fails: nothing is lost, and the error is reported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from faults import CHANGING, casefile, needs_strace, run_traced
from savings import SAVINGS, outcomes, trials_of_each
from small_cases import events, write_case


@pytest.mark.slow
@needs_strace
@pytest.mark.parametrize("what", SAVINGS)
def test_any_failing_system_call_loses_nothing(what: str) -> None:
    """Each call on the reader's files fails once, with one of five errors in turn.

    Existing files stay, no partial file does, the exit code and the message are right, and a second
    try succeeds.
    """
    tried = [*outcomes(SAVINGS[what], trials_of_each)]
    assert len({call.name for call, _, _ in tried}) >= 8
    wrong = "".join(
        f"{call.name} {call.nth} {code}: {said}\n" for call, code, said in tried if said
    )
    assert not wrong, wrong


@needs_strace
def test_note_is_reported_as_saved_only_once_on_disk(tmp_path: Path) -> None:
    """The file is written, synced and linked, its folder is synced, and then the id is printed.

    No file in the folder of the notes is ever opened for writing.
    """
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    command = casefile(tmp_path / "own", "note", "add", case, "arrests")
    ended, lines = run_traced(command, tmp_path, CHANGING, given="Mine.")
    assert ended.code == 0
    notes, workshop = tmp_path / "own" / "notes" / "demo", tmp_path / "own" / "workshop" / "demo"
    unfinished = rf"{workshop}/\.\w+\.unfinished"
    steps = [
        rf'openat\(.*"{unfinished}", .*O_EXCL',
        rf"write\(\d+<{unfinished}>",
        rf"fsync\(\d+<{unfinished}>\) += 0",
        rf'link(at)?\(.*"{unfinished}", .*"{notes}/\S+\.toml".* = 0',
        rf"fsync\(\d+<{notes}>\) += 0",
        rf'write\(1<.*>, "{ended.out[:32]}',
    ]
    found = [[at for at, line in enumerate(lines) if re.search(step, line)] for step in steps]
    assert [len(places) for places in found] == [1] * len(steps), found
    assert found == sorted(found)
    opened = [line for line in lines if "open" in line and f'"{notes}/' in line]
    assert not [line for line in opened if re.search("O_WRONLY|O_RDWR", line)]
