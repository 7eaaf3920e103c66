"""What ten thousand annotations in one case cost, beside the same done with none.

python benchmarks/many_notes.py [annotations]
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from msgspec.structs import replace

from casefile.background import run_to_end
from casefile.config import Config
from casefile.library import BUNDLED, find_case
from casefile.notes.annotation import Revision, encode, file_name
from casefile.notes.notebook import Notebook
from casefile.places import Places
from casefile.views import entry_notes
from casefile.views.case_opener import CaseOpener
from casefile.views.case_panes import panes_of
from casefile.views.note_targets import note_target
from casefile.views.open_case import OpenCase

_ROUNDS = 15
_WORDS = "Where is this from? The release of the same day says otherwise, and nobody was asked."


def main(annotations: int) -> None:
    """Print a line for each thing that a reader waits for: without notes, with them, the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        empty, full = (_case_in(Path(folder) / name) for name in ("empty", "full"))
        _fill(full, annotations)
        print(f"{annotations:,} annotations in one case; medians of {_ROUNDS}, in ms")
        print(f"{'':34}{'none':>8}{'all':>8}{'ratio':>8}")
        for what, task in _TASKS.items():
            without, with_all = _both(task, empty, full)
            print(f"{what:34}{without:8.2f}{with_all:8.2f}{with_all / without:8.1f}")


def _case_in(folder: Path) -> OpenCase:
    places = Places(folder, folder, None)
    return CaseOpener(places, Config(recent=False)).open(find_case(BUNDLED))


def _fill(open_case: OpenCase, annotations: int) -> None:
    """Write annotations of every kind, as a long verification by two readers leaves them."""
    notebook = open_case.notebook
    first = notebook.keep_new("export", _WORDS, note_target(open_case, "export", "x"))
    folder = notebook.folder
    if folder is None:
        raise RuntimeError("there is no folder for notes")
    for revision in islice(_annotations(open_case, first), annotations - 1):
        data = encode(revision)
        (folder / file_name(revision.id, revision.rev, data)).write_bytes(data)
    notebook.refresh(thorough=True)


def _annotations(open_case: OpenCase, first: Revision) -> Iterator[Revision]:
    kinds: cycle[dict[str, Any]] = cycle(
        [
            {"motivation": "commenting"},
            {"motivation": "assessing", "value": "checked", "body": ""},
            {"motivation": "assessing", "value": "wrong"},
            {"motivation": "tagging", "tags": ("release", "to call"), "body": ""},
        ]
    )
    for number, (entry, kind) in enumerate(zip(cycle(sorted(open_case.checkable)), kinds)):
        moment = first.created + dt.timedelta(seconds=number)
        yield replace(
            first,
            id=f"{number:08x}-0000-4000-8000-000000000000",
            entry=entry,
            author=("jdoe", "msmith")[number % 2],
            created=moment,
            modified=moment,
            target=note_target(open_case, entry, open_case.title(entry)),
            **kind,
        )


def _both(task: Callable[[OpenCase], object], *cases: OpenCase) -> list[float]:
    """Give the medians of a task for each case, measured in turn."""
    taken: list[list[float]] = [[] for _ in cases]
    for _ in range(_ROUNDS):
        for times, open_case in zip(taken, cases, strict=True):
            begun = time.perf_counter()
            task(open_case)
            times.append(1000 * (time.perf_counter() - begun))
    return [median(times) for times in taken]


def _first_step(open_case: OpenCase) -> object:
    notebook = Notebook(open_case.places, BUNDLED, None)
    return next(notebook.refresh_in_steps(), None)


def _longest_step(open_case: OpenCase) -> None:
    for _ in Notebook(open_case.places, BUNDLED, None).refresh_in_steps():
        pass


def _save(open_case: OpenCase) -> None:
    target = note_target(open_case, "tip", "Tip")
    open_case.notebook.keep_new("tip", _WORDS, target)


def _assess(open_case: OpenCase) -> None:
    target = note_target(open_case, "tip", "Tip")
    open_case.notebook.assess("tip", "checked", target)


def _look(open_case: OpenCase) -> None:
    run_to_end(open_case.notebook.refresh_in_steps(thorough=True))


_TASKS: dict[str, Callable[[OpenCase], object]] = {
    "start, until the case is there": _first_step,
    "all notes read, keys in between": _longest_step,
    "a note kept, with its fsyncs": _save,
    "a verdict kept, with its fsyncs": _assess,
    "a thorough look for others' notes": _look,
    "panes laid out after a change": panes_of,
    "counts in the title": entry_notes.note_counts_in_words,
}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
