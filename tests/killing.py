"""Killing processes at random moments of a save, and the fate of what they were saving."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from enum import StrEnum
from pathlib import Path

from faults import SAVER, litter
from saver import CASE, TARGET, draft_text, notebook_of
from terminal import readers_environment

from casefile import files
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places

MANY = 100_000
_LONGEST = 0.02
"""In seconds: some ten saves."""


class Kept(StrEnum):
    """The fate of a text that a killed process was saving."""

    CALLED = "called kept, and there"
    LOST = "called kept, and not there"
    THERE = "not called kept, and there whole"
    ABSENT = "not called kept, and not there"
    DAMAGED = "there in part"
    LITTER = "files left unfinished, swept at a later start"


def new_random() -> tuple[int, random.Random]:
    """Return a new seed, to be shown on failure, and a random generator with it."""
    seed = int.from_bytes(os.urandom(3), "big")
    return seed, random.Random(seed)  # noqa: S311 -- it says when to kill, and keeps no secret


def killed_saver(home: Path, chance: random.Random, author: str) -> Counter[Kept]:
    """Kill a process that saves notes, or a draft with "--draft"; count the fates."""
    process = subprocess.Popen(
        [sys.executable, SAVER, home, author, str(MANY)],
        env=readers_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        # From the first one on, so that a slow machine has some to lose as well.
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, _LONGEST))
        process.send_signal(signal.SIGKILL)
        # Not by communicate(), which passes over what readline() has read ahead.
        called = (first + process.stdout.read()).split("\n")[:-1]
    came = _of_draft(home, called) if author == "--draft" else _of_notes(home, called)
    left = litter(home)
    for name in left:
        files.sweep((home / name).parent, older_than=-1)
    assert not litter(home)
    return came + Counter({Kept.LITTER: len(left)})


def _of_notes(home: Path, called: list[str]) -> Counter[Kept]:
    notebook = notebook_of(home)
    there = {note.current.body for note in notebook.notes}
    came = Counter(Kept.CALLED if text in there else Kept.LOST for text in called)
    # It was killed in the one after the last that it has called kept.
    came[Kept.THERE if there - {*called} else Kept.ABSENT] += 1
    came[Kept.DAMAGED] += len(notebook.unreadable)
    # Nothing that was left stands in the way of the next one.
    notebook.keep_new("arrests", "after", TARGET)
    return came


def _of_draft(home: Path, called: list[str]) -> Counter[Kept]:
    found = DraftFolder(find_places(home), CASE).look()
    bodies = [draft.body for draft in found.waiting]
    last = int(called[-1])
    came = Counter[Kept]({Kept.DAMAGED: len(found.unreadable)})
    if bodies == [draft_text(last + 1)]:
        came[Kept.THERE] += 1
        came[Kept.CALLED] += 1
    elif bodies == [draft_text(last)]:
        came[Kept.ABSENT] += 1
        came[Kept.CALLED] += 1
    else:
        came[Kept.LOST] += 1
    return came
