"""Forgetting a note: removing every file of it that casefile has written on this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from casefile import files
from casefile.notes.annotation import UUID
from casefile.notes.drafts import DraftFolder
from casefile.notes.external_edit import SIZE_LIMIT
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.places import Places

SHORTEST = 8
"""The fewest characters of an id by which a note can be named."""

_IN_NAME = re.compile(UUID.pattern)


class Trace(msgspec.Struct, frozen=True):
    """The files of a note in one case."""

    id: str
    case: str
    folder: Path
    workshop: Path
    note: Note | None
    """The note, or None if no revision can be read."""
    files: tuple[Path, ...]
    """Unreadable files with the note's id in their name, then its revisions, oldest first."""
    draft_files: tuple[Path, ...]
    """The drafts that edit the note, unfinished and damaged ones included."""
    in_use: bool
    """Whether a running casefile has such a draft open, and would write it again."""
    replies: int
    """The number of undeleted replies to the note, which stay."""


class Copies(msgspec.Struct, frozen=True):
    """Where other programs may have copies of a forgotten note."""

    repository: Path | None
    """The `.git` above the notes."""
    versions: Path | None
    """Syncthing's `.stversions` above the notes."""
    kept: tuple[Path, ...]
    """The files in `versions` with the note's id in their names."""


def traces_of(places: Places, start: str) -> Iterator[Trace]:
    """Yield the notes, in all cases, whose id begins with `start`; raises OSError."""
    for case_id in places.cases_with("notes"):
        notebook = Notebook(places, case_id)
        notebook.refresh()
        loose = _loose_files(places, notebook)
        ids = {note.id for note in notebook.notes} | {*loose}
        for note_id in sorted(one for one in ids if one.startswith(start)):
            yield _trace(places, notebook, note_id, loose.get(note_id, []))


def forget(trace: Trace) -> Iterator[tuple[Path, str]]:
    """Remove the note's files; yield each path with the reason why it can't be removed, or "".

    The oldest revision is removed first, so that a failure never makes an older text current.
    """
    # An unfinished file of the note, removed when it was saved, must not be back after a power cut.
    with suppress(OSError):
        files.fsync_folder(trace.workshop)
    for path in (*trace.draft_files, *trace.files):
        try:
            files.remove(path)
        except OSError as error:
            yield path, files.error_reason(error)
        else:
            yield path, ""


def copies_of(trace: Trace) -> Copies:
    """Look for a git repository and for Syncthing's old versions above the folder of the notes."""
    folder = Path(os.path.abspath(trace.folder))  # noqa: PTH100 -- resolve() would follow links
    repository = _above(folder, ".git")
    versions = _above(folder, ".stversions")
    kept: list[Path] = []
    if versions is not None:
        below = versions / folder.relative_to(versions.parent)
        with suppress(OSError):
            kept = sorted(path for path in below.iterdir() if trace.id in path.name)
    return Copies(repository, versions, tuple(kept))


def _above(folder: Path, name: str) -> Path | None:
    tops = (folder, *folder.parents)
    return next((top / name for top in tops if os.path.lexists(top / name)), None)


def _loose_files(places: Places, notebook: Notebook) -> dict[str, list[Path]]:
    """Return the files that are not read as revisions, by the note id in their name or content.

    They are damaged files, copies by editors and synchronisers, and the unfinished files of killed
    processes, which have the id in their content.
    """
    loose: dict[str, list[Path]] = {}
    folder, read = places.notes(notebook.case_id), notebook.by_file
    for path in sorted(_regular_files(folder)):
        if path not in read and (named := _IN_NAME.search(path.name)):
            loose.setdefault(named.group(), []).append(path)
    for path in sorted(_regular_files(places.workshop(notebook.case_id))):
        for note_id in _ids_inside(path, b"id"):
            loose.setdefault(note_id, []).append(path)
    return loose


def _trace(places: Places, notebook: Notebook, note_id: str, loose: list[Path]) -> Trace:
    read = [(kept.modified, path) for path, kept in notebook.by_file.items() if kept.id == note_id]
    drafts = DraftFolder(places, notebook.case_id).read_all().in_use
    return Trace(
        id=note_id,
        case=notebook.case_id,
        folder=places.notes(notebook.case_id),
        workshop=places.workshop(notebook.case_id),
        note=notebook.note(note_id),
        files=(*loose, *(path for _, path in sorted(read))),
        draft_files=tuple(
            path
            for path in sorted(_regular_files(places.drafts(notebook.case_id)))
            if note_id in _ids_inside(path, b"note")
        ),
        in_use=any(draft.note == note_id for draft in drafts),
        replies=sum(
            note.current.reply_to == note_id and not note.deleted for note in notebook.notes
        ),
    )


def _ids_inside(path: Path, key: bytes) -> set[str]:
    try:
        data = files.read_own(path, SIZE_LIMIT)
    except OSError:
        return set()
    found = re.findall(rb'^%b = "(%b)"' % (key, UUID.pattern.encode()), data, re.MULTILINE)
    return {match[0].decode() for match in found}


def _regular_files(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as found:
        return [Path(one.path) for one in found if one.is_file()]
    return []
