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

from casefile import durable_files
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places

MANY = 100_000
_LONGEST = 0.02
"""The longest delay before a kill in seconds: some ten saves."""


class Fate(StrEnum):
    """The fate of a text that a killed process was saving."""

    SAVED = "reported as saved, and there"
    LOST = "reported as saved, and missing"
    UNREPORTED = "not reported as saved, and complete"
    ABSENT = "not reported as saved, and missing"
    DAMAGED = "damaged"
    LITTER = "unfinished files, removed later"


def new_random() -> tuple[int, random.Random]:
    """Return a new seed, to be shown on failure, and a random generator with it."""
    seed = int.from_bytes(os.urandom(3), "big")
    return seed, random.Random(seed)  # noqa: S311 -- it says when to kill, and keeps no secret


def killed_saver(home: Path, chance: random.Random, author: str) -> Counter[Fate]:
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
        # Counted from the first save, for slow machines.
        first = process.stdout.readline()
        time.sleep(chance.uniform(0, _LONGEST))
        process.send_signal(signal.SIGKILL)
        # Not communicate(), which ignores what readline() has buffered.
        reported = (first + process.stdout.read()).split("\n")[:-1]
    came = _of_draft(home, reported) if author == "--draft" else _of_notes(home, reported)
    left = litter(home)
    for name in left:
        durable_files.sweep((home / name).parent, older_than=-1)
    assert not litter(home)
    return came + Counter({Fate.LITTER: len(left)})


def _of_notes(home: Path, reported: list[str]) -> Counter[Fate]:
    notebook = notebook_of(home)
    there = {note.current.body for note in notebook.notes}
    came = Counter(Fate.SAVED if text in there else Fate.LOST for text in reported)
    # It may have been killed while saving the next one.
    came[Fate.UNREPORTED if there - {*reported} else Fate.ABSENT] += 1
    came[Fate.DAMAGED] += len(notebook.unreadable)
    # The next save works.
    notebook.keep_new("arrests", "after", TARGET)
    return came


def _of_draft(home: Path, reported: list[str]) -> Counter[Fate]:
    found = DraftFolder(find_places(home), CASE).read_all()
    bodies = [draft.body for draft in found.waiting]
    last = int(reported[-1])
    came = Counter[Fate]({Fate.DAMAGED: len(found.unreadable)})
    if bodies == [draft_text(last + 1)]:
        came[Fate.UNREPORTED] += 1
        came[Fate.SAVED] += 1
    elif bodies == [draft_text(last)]:
        came[Fate.ABSENT] += 1
        came[Fate.SAVED] += 1
    else:
        came[Fate.LOST] += 1
    return came
