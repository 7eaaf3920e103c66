"""What is in casefile's own folders, also what was moved there, and which can't be listed."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from casefile import files
from casefile.notes.external_edit import listed_paths
from casefile.places import CaseFolder, Places

VERSIONS = (".git", ".stversions")
"""The folders in which other programs keep earlier versions of files."""

_SEARCHED: tuple[CaseFolder, ...] = ("notes", "workshop", "drafts")
"""The folders of a case that are searched for words of a note."""


def all_files(places: Places, remembered: Collection[Path]) -> Iterator[tuple[Path, str]]:
    """Yield all that is in casefile's own folders, in the folder of a case or not, as `listed`.

    Copies of sources are left out, since a note may quote them, and what is `remembered` of opened
    cases, which may have a title that a note is about. Raises OSError.
    """
    of_cases = {
        places.case_folder(kind, case_id)
        for kind in _SEARCHED
        for case_id in places.cases_with(kind)
    }
    sources = places.folder("sources")
    tops = [*(one for one in places.own_folders if one != sources), *sorted(of_cases)]
    # One may be in another, or a link to a folder in it; each is searched once.
    apart = {os.path.realpath(one) for one in (*tops, sources, *remembered)}
    for top in tops:
        # Others, with whom the notes are shared, may have made a link that leads anywhere.
        is_foreign = top in of_cases and top.is_symlink()
        found = listed(top) if is_foreign else all_below(top, apart)
        yield from (one for one in found if one[0] not in remembered)


def listed(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield what is in a folder, with ""; or the folder, with the reason if it can't be listed.

    Nothing is in a folder that is missing.
    """
    try:
        found = listed_paths(folder)
    except NotADirectoryError:
        return
    except OSError as error:
        yield folder, files.error_reason(error)
    else:
        yield from ((path, "") for path in found)


def is_file(path: Path) -> bool:
    """Whether a path is a regular file, links followed; raises OSError if nobody can say."""
    if os.path.islink(path):  # noqa: PTH114
        # Path.is_file() raises for a link that can't be followed.
        return os.path.isfile(path)  # noqa: PTH113
    return stat.S_ISREG(path.lstat().st_mode)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder, and no link to one; False if nobody can say."""
    # The methods of Path raise for what is in a folder that can't be searched.
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114


def all_below(folder: Path, apart: Collection[str] = ()) -> Iterator[tuple[Path, str]]:
    """Yield what is in a folder and below it, as `listed`, but not in links or folders `apart`."""
    waiting = [folder]
    while waiting:
        for path, problem in listed(waiting.pop()):
            yield path, problem
            is_searched = not problem and is_folder(path) and path.name not in VERSIONS
            if is_searched and os.path.realpath(path) not in apart:
                waiting.append(path)
