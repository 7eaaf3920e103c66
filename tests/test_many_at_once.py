"""Several processes that keep notes at once: all of all is there afterwards."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from faults import SAVER, litter, needs_strace
from saver import TARGET, notebook_of
from terminal import readers_environment

pytestmark = pytest.mark.slow


def said_at_once(
    home: Path, authors: str, count: int, note: str = "", *, by_way_of: Sequence[str] = ()
) -> list[list[str]]:
    """Let several processes keep notes at once; return what each has called kept.

    None keeps anything before all are ready.
    """
    savers = [
        subprocess.Popen(
            [*by_way_of, sys.executable, SAVER, home, author, str(count), note],
            env=readers_environment(home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for author in authors
    ]
    for process in savers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in savers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split("\n")[:-1] for process in savers]
    assert {process.returncode for process in savers} == {0}
    return said


@pytest.mark.parametrize("authors", ["abcd", "abcdefghij", "aaaa"], ids=["four", "ten", "one"])
def test_many_at_once_lose_nothing(tmp_path: Path, authors: str) -> None:
    """Processes that keep notes of their own, and all edit one note, lose none of all that.

    All have read the one note before any of them edits it, so that none has seen another's text:
    the last text of each stands there, side by side. It is the same where all of them are one
    author's.
    """
    shared = notebook_of(tmp_path).keep_new("shared", "start", TARGET)
    count = 100 // len(authors)
    said = said_at_once(tmp_path, authors, count, shared.id)
    here = notebook_of(tmp_path)
    assert here.unreadable == ()
    assert litter(tmp_path) == []
    kept = sorted(kept.body for note in here.notes for kept in note.history)
    assert kept == sorted(["start", *itertools.chain(*said)])
    assert len(here.on("arrests")) == count * len(authors)
    (note,) = here.on("shared")
    assert sorted(head.body for head in note.heads) == sorted(texts[-1] for texts in said)
    assert note.conflict


@needs_strace
def test_the_first_notes_of_all_at_once(tmp_path: Path) -> None:
    """Where each has seen that no folder is there, and all make it, all find theirs."""
    # Held before they make a folder, all have looked by the time that the first makes it.
    holding = ["strace", "-f", "-qq", "-o", os.devnull, "-e", "trace=?mkdir,mkdirat"]
    for name in ("?mkdir", "mkdirat"):
        holding += ["-e", f"inject={name}:delay_enter=100000"]
    said = said_at_once(tmp_path / "new", "abcd", 1, by_way_of=holding)
    assert said == [["a 0"], ["b 0"], ["c 0"], ["d 0"]]
    assert len(notebook_of(tmp_path / "new").notes) == 4
