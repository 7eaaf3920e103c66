"""A case's folder of notes: every revision in it, each file read once, and new ones put there."""

from __future__ import annotations

import time
from collections.abc import Generator, Set
from pathlib import Path

import msgspec

from casefile import files
from casefile.notes.annotation import (
    SIZE_LIMIT,
    NoteUnreadable,
    Revision,
    decode,
    file_name,
    refuse_changed,
)
from casefile.places import NoPlace, Places, refusal, refuse_foreign

# A change within one tick of a file system's clock leaves the folder's time as it was.
_SETTLED_NS = 2_000_000_000
# Some 3 ms, by which a key may have to wait.
_FILES_A_STEP = 20


class News(msgspec.Struct, frozen=True):
    """What a look at the folder has brought."""

    come: tuple[Revision, ...] = ()
    has_losses: bool = False
    """Whether files are gone that were read before."""
    is_reported: bool = False
    """Whether something else can't be read than before, or for another reason."""

    def __bool__(self) -> bool:
        """Say whether anything has changed."""
        return bool(self.come or self.has_losses or self.is_reported)


class RevisionFolder:
    """The revisions of one case's notes, as they were found at the last look."""

    def __init__(self, places: Places, case_id: str) -> None:
        self.case_id = case_id
        self.revisions: dict[str, Revision] = {}
        """By the name of the file that each was read from; a copy makes one stand twice."""
        self.is_complete = False
        """Whether all that was there at the last look has been read."""
        self._places = places
        self._unreadable: dict[str, tuple[str, object]] = {}
        self._seen: object = None
        self._swept = False

    @property
    def refuses(self) -> str | None:
        """Why nothing can be put there now, or None if it can."""
        try:
            return refusal(self._places.notes(self.case_id)) or refusal(
                self._places.workshop(self.case_id)
            )
        except NoPlace as error:
            return str(error)

    @property
    def path(self) -> Path | None:
        """Where it is, whether it is there yet or not; None without a home."""
        try:
            return self._places.notes(self.case_id)
        except NoPlace:
            return None

    @property
    def unreadable(self) -> tuple[tuple[Path, str], ...]:
        """The files that hold no readable revision, each with the reason."""
        folder = self.path or Path()
        return tuple(
            (folder / name, reason) for name, (reason, _) in sorted(self._unreadable.items())
        )

    def may_have_changed(self) -> bool:
        """Say whether the folder's time says that something in it is new; takes microseconds."""
        return self.path is not None and (self._seen is None or self._seen != _sight(self.path))

    def look(self, *, thorough: bool = False) -> Generator[float, None, News]:
        """Read what is new, in steps of some milliseconds; give how much is done, up to 1.

        A folder whose time stands still is taken as unchanged unless `thorough`: a network file
        system may be late to tell.
        """
        seen, self._seen = self._seen, None
        try:
            folder = self._places.notes(self.case_id)
            refuse_foreign(folder)
            sight = _sight(folder)
            if seen and seen == sight and not thorough:
                present = self.revisions.keys() | self._unreadable.keys()
            else:
                settled = time.time_ns() - folder.stat().st_mtime_ns > _SETTLED_NS
                seen = sight if settled else None
                present = files.names_in(folder, ".toml")
        except NoPlace:
            self.is_complete = True
            return News()
        except FileNotFoundError:
            seen, present = None, set()
        except OSError as error:
            self.is_complete = True
            # It is told behind the folder's own path.
            is_own = error.filename is not None and Path(error.filename) == folder
            reason = files.why(error) if is_own else files.reason(error)
            return News(is_reported=self._report("", folder, reason))
        news = yield from self._take_in(folder, present)
        self._seen = seen
        return news

    def put(self, revision: Revision, data: bytes) -> None:
        """Put a new revision there, on disk when this returns; raises OSError."""
        folder = self._places.notes(self.case_id)
        workshop = self._places.workshop(self.case_id)
        files.private_folder(workshop)
        files.private_folder(folder)
        if not self._swept:
            files.sweep(workshop)
            self._swept = True
        name = file_name(revision.id, revision.rev, data)
        try:
            files.write_once(folder / name, data, workshop=workshop)
        except FileExistsError:
            # A damaged copy stands there, and stays; the whole hash makes a name of its own.
            name = file_name(revision.id, revision.rev, data, digits=64)
            files.write_once(folder / name, data, workshop=workshop)
        self.revisions[name] = revision

    def _take_in(self, folder: Path, present: Set[str]) -> Generator[float, None, News]:
        gone = (self.revisions.keys() | self._unreadable.keys()) - present
        for name in gone:
            self.revisions.pop(name, None)
            self._unreadable.pop(name, None)
        unread = [
            name
            for name in sorted(present - self.revisions.keys())
            if name not in self._unreadable or self._unreadable[name][1] != _sight(folder / name)
        ]
        self.is_complete = not unread
        read: dict[str, Revision] = {}
        is_reported = False
        for number, name in enumerate(unread, start=1):
            revision = self._read(name, folder / name)
            if isinstance(revision, Revision):
                read[name] = revision
            else:
                is_reported |= revision
            if number % _FILES_A_STEP == 0:
                yield number / len(unread)
        # Together, so that a look that is given up is as if it had not been begun.
        self.revisions |= read
        self.is_complete = True
        return News(tuple(read.values()), bool(gone), is_reported)

    def _read(self, name: str, path: Path) -> Revision | bool:
        """Give the revision that a file holds; else whether that there is none is news."""
        try:
            revision = _revision_in(path, self.case_id)
        except NoteUnreadable as error:
            return self._report(name, path, str(error))
        except OSError as error:
            # It may pass, and nothing of the file would tell that it has.
            return self._report(name, None, files.why(error))
        self._unreadable.pop(name, None)
        return revision

    def _report(self, name: str, path: Path | None, reason: str) -> bool:
        """Say whether it is news that something can't be read, until the file at `path` changes.

        Without a path it is tried again at each look.
        """
        before = self._unreadable.get(name, ("", None))[0]
        self._unreadable[name] = (reason, _sight(path) if path else None)
        return before != reason


def _revision_in(path: Path, case_id: str) -> Revision:
    revision = decode(files.read_own(path, SIZE_LIMIT))
    refuse_changed(path.name, revision)
    if revision.case != case_id:
        raise NoteUnreadable(f"it belongs to the case {revision.case}")
    return revision


def _sight(path: Path) -> object:
    """Give what changes when the file, or the list of names in the folder, does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
