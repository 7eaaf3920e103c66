"""The folder with the revisions of one case's notes; each file is read once."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Generator, Mapping, Set
from contextlib import suppress
from pathlib import Path

import msgspec

from casefile import durable_files, files
from casefile.notes.annotation import (
    NAME_DIGITS,
    SIZE_LIMIT,
    NoteUnreadable,
    Revision,
    check_file_name,
    decode,
    file_name,
)
from casefile.notes.damaged import incomplete_notes, note_ids_of
from casefile.places import NoDirectory, Places, check_owners, write_problem

# A change within one tick of the file system's clock does not change the folder's time.
_SETTLED_NS = 2_000_000_000
# Some 3 ms, the delay of a key press.
_FILES_A_STEP = 20
_BYTES_A_STEP = 100_000
_HASH_DIGITS = 64


class FolderChanges(msgspec.Struct, frozen=True):
    """What a refresh has found."""

    added: tuple[Revision, ...] = ()
    lost: tuple[Revision, ...] = ()
    """The revisions whose files are missing that were read before."""
    has_other_problems: bool = False
    """Whether the files that can't be read, or the reasons why, are others than before."""


class RevisionFolder:
    """The revisions of one case's notes as of the last refresh."""

    def __init__(self, places: Places, case_id: str) -> None:
        self.case_id = case_id
        self._by_name: dict[str, Revision] = {}
        """The revisions by file name; a revision with a copy appears twice."""
        self._places = places
        self._unreadable: dict[str, tuple[str, object]] = {}
        self._last_stamp: object = None
        self._is_prepared = False

    @property
    def write_problem(self) -> str | None:
        """Why no note can be written, or None if one can."""
        try:
            return write_problem(self._places.notes(self.case_id)) or write_problem(
                self._places.workshop(self.case_id)
            )
        except NoDirectory as error:
            return str(error)

    @property
    def folder(self) -> Path | None:
        """The folder of the notes, which may not exist yet; None without a home directory."""
        try:
            return self._places.notes(self.case_id)
        except NoDirectory:
            return None

    @property
    def unreadable(self) -> tuple[tuple[Path, str], ...]:
        """The files that can't be read as a revision, each with the reason."""
        folder = self.folder or Path()
        return tuple(
            (folder / name, reason) for name, (reason, _) in sorted(self._unreadable.items())
        )

    @property
    def incomplete(self) -> Set[str]:
        """The ids of the notes of which a revision can't be read."""
        damaged = ((path.name, note_ids_of(path)) for path, _reason in self.unreadable)
        return incomplete_notes(damaged, self._by_name.values())

    @property
    def by_file(self) -> Mapping[Path, Revision]:
        """The revisions by file; a revision with a copy appears twice."""
        folder = self.folder or Path()
        return {folder / name: kept for name, kept in self._by_name.items()}

    def has_all_of(self, note_id: str) -> bool:
        """Whether each revision of a note that was read still has a file; others may remove it."""
        folder = self.folder or Path()
        hashes = {name: kept.hash for name, kept in self._by_name.items() if kept.id == note_id}
        there = {digest for name, digest in hashes.items() if os.path.lexists(folder / name)}
        return there == {*hashes.values()}

    def may_have_changed(self) -> bool:
        """Whether a refresh may find something new; cheap enough for a timer."""
        if self.folder is None:
            return False
        return self._last_stamp is None or self._last_stamp != _stamp(self.folder)

    def _read_changes(self, *, thorough: bool) -> Generator[float, None, FolderChanges]:
        """Read new files in steps of a few milliseconds; yield the fraction done."""
        # None until the end, so that the next refresh makes up for an abandoned one.
        last_stamp, self._last_stamp = self._last_stamp, None
        try:
            folder = self._places.notes(self.case_id)
            check_owners(folder)
            stamp = _stamp(folder)
            if last_stamp and last_stamp == stamp and not thorough:
                present = self._by_name.keys() | self._unreadable.keys()
            else:
                settled = time.time_ns() - folder.stat().st_mtime_ns > _SETTLED_NS
                last_stamp = stamp if settled else None
                present = files.names_in(folder, ".toml")
        except NoDirectory:
            return FolderChanges()
        except FileNotFoundError:
            last_stamp, present = None, set()
        except OSError as error:
            # The message is shown after the folder's path, so only another path is named.
            is_own = error.filename is not None and Path(error.filename) == folder
            reason = files.error_reason(error) if is_own else files.error_with_path(error)
            return FolderChanges(has_other_problems=self._add_problem("", folder, reason))
        changes = yield from self._read_new(folder, present)
        self._last_stamp = last_stamp
        return changes

    def _put(self, revision: Revision, data: bytes) -> None:
        """Write the file of a new revision, on disk when this returns; raises OSError."""
        folder = self._places.notes(self.case_id)
        workshop = self._places.workshop(self.case_id)
        make = durable_files.private_folder if self._is_prepared else durable_files.prepare_folder
        for one in (workshop, folder):
            make(one)
        self._is_prepared = True
        for digits in range(NAME_DIGITS, _HASH_DIGITS + 1):
            name = file_name(revision.id, revision.rev, data, digits=digits)
            # A damaged copy that has the name stays; one more digit makes another name.
            with suppress(FileExistsError):
                durable_files.write_once(folder / name, data, workshop=workshop)
                self._by_name[name] = revision
                return
        raise FileExistsError(errno.EEXIST, "all its copies are damaged", str(folder / name))

    def _read_new(self, folder: Path, present: Set[str]) -> Generator[float, None, FolderChanges]:
        gone = (self._by_name.keys() | self._unreadable.keys()) - present
        unread = [
            name
            for name in sorted(present - self._by_name.keys())
            if name not in self._unreadable or self._unreadable[name][1] != _stamp(folder / name)
        ]
        read: dict[str, Revision] = {}
        has_other_problems = not gone.isdisjoint(self._unreadable)
        files_in_step = bytes_in_step = 0
        for number, name in enumerate(unread, start=1):
            revision, size = self._read(name, folder / name)
            if isinstance(revision, Revision):
                read[name] = revision
            else:
                has_other_problems |= revision
            files_in_step += 1
            bytes_in_step += size
            if files_in_step >= _FILES_A_STEP or bytes_in_step >= _BYTES_A_STEP:
                yield number / len(unread)
                files_in_step = bytes_in_step = 0
        # All at once, so that an abandoned refresh changes nothing.
        self._by_name |= read
        lost = self._remove(gone)
        return FolderChanges(tuple(read.values()), lost, has_other_problems)

    def _remove(self, gone: Set[str]) -> tuple[Revision, ...]:
        """Remove the files that are gone; return their revisions, except those with a copy."""
        if not gone:
            return ()
        removed = [kept for name in gone if (kept := self._by_name.pop(name, None))]
        self._unreadable = {
            name: problem for name, problem in self._unreadable.items() if name not in gone
        }
        left = {kept.hash for kept in self._by_name.values()}
        return tuple(kept for kept in removed if kept.hash not in left)

    def _read(self, name: str, path: Path) -> tuple[Revision | bool, int]:
        """Return the revision in a file, or whether the reason why there is none is new.

        The second value is the number of bytes read.
        """
        data = b""
        try:
            data = files.read_own(path, SIZE_LIMIT)
            revision = decode(data)
            check_file_name(path.name, revision)
            if revision.case != self.case_id:
                raise NoteUnreadable(f"it belongs to the case {revision.case}")
        except NoteUnreadable as error:
            return self._add_problem(name, path, str(error)), len(data)
        except OSError as error:
            # Tried again at each refresh: the cause may be outside the file.
            return self._add_problem(name, None, files.error_reason(error)), len(data)
        self._unreadable.pop(name, None)
        return revision, len(data)

    def _add_problem(self, name: str, path: Path | None, reason: str) -> bool:
        """Record why a file can't be read, and return whether the reason is new.

        The file is read again when it changes, or at each refresh if `path` is None.
        """
        before = self._unreadable.get(name, ("", None))[0]
        self._unreadable[name] = (reason, _stamp(path) if path else None)
        return before != reason


def _stamp(path: Path) -> object:
    """Return a value that changes when the file, or the list of names in the folder, changes."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
