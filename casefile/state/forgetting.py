"""Forgetting which cases were opened, and finding what still has their ids."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from casefile.places import CaseFolder, Places
from casefile.state.passes import forget_passes
from casefile.state.recent import forget_cases
from casefile.state.visits import forget_visits

KEPT: Mapping[CaseFolder, str] = {
    "drafts": "drafts",
    "notes": "notes",
    "sources": "copies of sources",
    "workshop": "unfinished files",
}
"""What is in the folders that have the id of a case as their name."""


def forget_opened(places: Places) -> bool:
    """Remove the recent cases, visits and passes; return whether all of them are gone.

    Empty folders with the id of a case are removed too, others stay.
    """
    gone = [forget_cases(places), forget_visits(places), forget_passes(places)]
    for _, folder in _case_folders(places):
        with suppress(OSError):
            folder.rmdir()
    return all(gone)


def what_stays(places: Places) -> Iterator[tuple[str, Path]]:
    """Yield the folders with the id of a case or with a text on one, and what is in each."""
    for kind, folder in _case_folders(places):
        yield f"{KEPT[kind]} on “{folder.name}”", folder
    with suppress(OSError), os.scandir(places.folder("editing")) as found:
        for path in sorted(Path(one.path) for one in found):
            if any(file.is_file() for file in path.rglob("*")):
                yield "texts of another editor", path


def _case_folders(places: Places) -> Iterator[tuple[CaseFolder, Path]]:
    for kind in KEPT:
        with suppress(OSError):
            for case_id in places.cases_with(kind):
                yield kind, places.case_folder(kind, case_id)
