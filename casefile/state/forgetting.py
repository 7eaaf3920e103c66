"""Forgetting which cases were opened, and finding what still has their ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from casefile.notes.own_files import VERSIONS, all_below, is_folder, listed
from casefile.places import CaseFolder, Places
from casefile.state import crash_log, passes, recent, visits
from casefile.state.store import made_here, remove_empty_folder

KEPT: Mapping[CaseFolder, str] = {
    "drafts": "drafts",
    "notes": "notes",
    "sources": "copies of sources",
    "workshop": "unfinished files",
}
"""What is in the folders that have the id of a case as their name."""

# On some systems the settings, which are named apart, are in the same folder.
_OWN_FILES = (crash_log.NAME, "config.toml")


class Kept(msgspec.Struct, frozen=True):
    """What still tells of a case, or may."""

    what: str
    """What it is, in words, in the plural."""
    path: Path
    is_removable: bool = True
    """Whether nothing else goes with it when it is removed."""


def remembered(places: Places) -> tuple[Path, ...]:
    """Return the files and folders of what casefile remembers of opened cases, and of crashes."""
    names = (recent.NAME, visits.FOLDER, passes.FOLDER, crash_log.NAME)
    return tuple(places.state / name for name in names) if places.state else ()


def forget_opened(places: Places) -> bool:
    """Remove the recent cases, visits and passes; return whether all of them are gone.

    Empty folders that casefile has made for a case are removed too, others stay.
    """
    gone = [recent.forget_cases(places), visits.forget_visits(places), passes.forget_passes(places)]
    for _, folder in _case_folders(places):
        remove_empty_folder(places, folder)
    return all(gone)


def what_stays(places: Places) -> Iterator[Kept]:
    """Yield what is still in casefile's own folders and may tell of a case.

    That is folders with the id of a case, texts of another editor, files that casefile did not put
    there, such as notes that were moved away, and folders that can't be listed.
    """
    of_cases = {folder: kind for kind, folder in _case_folders(places)}
    tops = (*places.own_folders, *(remembered(places) if places.is_named else ()))
    for top in tops:
        for path, problem in listed(top):
            is_own = made_here(places, path)
            if problem:
                yield Kept(f"files that can't be listed ({problem})", path, is_removable=False)
            elif is_own and (kind := of_cases.get(path)):
                yield Kept(f"{KEPT[kind]} on “{path.name}”", path)
            elif top == places.folder("editing"):
                if any(why or not is_folder(file) for file, why in all_below(path)):
                    yield Kept("texts of another editor", path, is_removable=is_own)
            elif path not in places.own_folders and not _tells_nothing(path.name):
                yield Kept("other files", path, is_removable=is_own)


def _tells_nothing(name: str) -> bool:
    """Whether what has this name is not of a case: a file of casefile's, or a hidden one."""
    return name in _OWN_FILES or (name.startswith(".") and name not in VERSIONS)


def _case_folders(places: Places) -> Iterator[tuple[CaseFolder, Path]]:
    for kind in KEPT:
        with suppress(OSError):
            for case_id in places.cases_with(kind):
                yield kind, places.case_folder(kind, case_id)
