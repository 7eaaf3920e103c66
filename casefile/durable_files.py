"""Writing files atomically and durably, and removing them."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from casefile.files import read_own

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700

UNFINISHED = ".unfinished"
"""The suffix of a file that is not completely written yet."""
# Others may name their files so too, in folders that are not casefile's alone.
_OWN_UNFINISHED = re.compile(rf"(.*\.)?[0-9a-f]{{16}}{re.escape(UNFINISHED)}", re.DOTALL)

# EXDEV: the folder of the notes is a link to another file system.
_NO_HARD_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}


def write_once(path: Path, data: bytes, *, workshop: Path) -> None:
    """Create a file of mode 0600, complete and on disk when this returns.

    The file is written in the folder `workshop` and linked into place. An existing file with the
    same content is no error; one with other content, or that can't be read, raises
    FileExistsError. After an OSError everything is as it was.
    """
    made = True
    try:
        _again_if_removed(
            lambda: _link_in_place(path, data, workshop, mode=_PRIVATE), workshop, path.parent
        )
    except FileExistsError as error:
        if not _holds(path, data):
            # Not the name of the unfinished file, which was to be linked.
            raise FileExistsError(error.errno, error.strerror, str(path)) from None
        made = False
    try:
        fsync_folder(path.parent)
    except OSError:
        # The caller reports a failure and may try again, so this attempt must not be found later.
        if made:
            _discard(path)
        raise


def write_document(path: Path, data: bytes, *, workshop: Path | None = None) -> None:
    """Create a file that the user asked for, complete and on disk when this returns.

    Its mode is set by the umask, or with a `workshop` 0600. What is private is written in that
    folder first if it is on the same disk: what a killed process leaves there is found again.
    Raises FileExistsError if there is anything at `path`.
    """
    sweep(path.parent)
    mode = None if workshop is None else _PRIVATE
    _again_if_removed(
        lambda: _link_in_place(path, data, _folder_to_write_in(path, workshop), mode=mode)
    )
    with _discarded_on_failure(path):
        fsync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Replace a file atomically, with mode 0600; its folder is made if it was removed."""
    _again_if_removed(lambda: _rename_over(path, data), path.parent)
    fsync_folder(path.parent)


def prepare_folder(path: Path) -> None:
    """Create a private folder to save in, or make one fit for it that a process has left.

    That process may have been killed before the names of its folders were on disk, or its files
    were finished.
    """
    private_folder(path)
    for folder in (path, *path.parents)[:3]:
        with suppress(OSError):
            fsync_folder(folder.parent)
    sweep(path)


def sweep(folder: Path, *, older_than: float = 3600) -> None:
    """Remove casefile's unfinished files that are `older_than` seconds old.

    They are left by a killed process or a power cut.
    """
    for path in unfinished_in(folder):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > older_than:
                path.unlink()


def unfinished_in(folder: Path) -> list[Path]:
    """Return casefile's unfinished files in a folder."""
    with suppress(OSError), os.scandir(folder) as found:
        return sorted(filter(is_unfinished, (Path(one.path) for one in found)))
    return []


def is_unfinished(path: Path) -> bool:
    """Whether a file has the name of one that casefile has not written completely."""
    return bool(_OWN_UNFINISHED.fullmatch(path.name))


def unfinished_of(path: Path) -> list[Path]:
    """Return the unfinished files that processes killed in `replace` have left beside a file."""
    return [one for one in unfinished_in(path.parent) if one.name.startswith(f".{path.name}.")]


def private_folder(path: Path) -> None:
    """Create a folder and its missing parents, each of mode 0700 whatever the umask.

    Existing folders keep their mode. After a failure the new ones are removed.
    """
    _again_if_removed(lambda: _make_folders(path))


def _make_folders(path: Path) -> None:
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            if _make_folder(folder):
                made.append(folder)
            fsync_folder(folder.parent)
    except OSError:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def remove(path: Path) -> None:
    """Remove a file, durably when this returns."""
    path.unlink()
    fsync_folder(path.parent)


def is_private_folder(path: Path) -> bool:
    """Whether a path is a folder with the mode of those that casefile makes.

    Another with the same name is the reader's.
    """
    with suppress(OSError):
        mode = path.lstat().st_mode
        return stat.S_ISDIR(mode) and stat.S_IMODE(mode) == _PRIVATE_FOLDER
    return False


def fsync_folder(path: Path) -> None:
    """Flush the names in a folder to disk."""
    descriptor = os.open(path, _FOLDER)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems can't sync a folder and report EINVAL.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _again_if_removed(write: Callable[[], None], *folders: Path) -> None:
    """Write something, and once more, after making the folders, if it was removed meanwhile.

    What a killed save has left can't be told from what a save in another process is writing:
    forgetting a note removes both, and forgetting the recent cases removes empty folders.
    """
    try:
        write()
    except FileNotFoundError:
        for folder in folders:
            private_folder(folder)
        write()


def _rename_over(path: Path, data: bytes) -> None:
    temporary = _new_unfinished(path.parent, f"{path.name}.")
    with _uninterrupted():
        _create(temporary, data)
        with _discarded_on_failure(temporary):
            temporary.replace(path)


def _link_in_place(path: Path, data: bytes, folder: Path, *, mode: int | None) -> None:
    """Write a file in `folder` and link it to `path`; raises FileExistsError if that exists."""
    temporary = _new_unfinished(folder)
    with _uninterrupted():
        _create(temporary, data, mode)
        try:
            path.hardlink_to(temporary)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            _rename_in_place(path, data, mode)
        finally:
            _discard(temporary)


def _folder_to_write_in(path: Path, workshop: Path | None) -> Path:
    """Return the workshop if it is, or can be created, on the disk of `path`; else its folder."""
    if workshop is not None:
        with suppress(OSError):
            private_folder(workshop)
            if workshop.stat().st_dev == path.parent.stat().st_dev:
                return workshop
    return path.parent


def _rename_in_place(path: Path, data: bytes, mode: int | None) -> None:
    """Create a complete file where there are no hard links; otherwise like `_link_in_place`.

    If two processes create one name at the same moment, the later content stays: a rename can't be
    told to replace nothing. A file written under its own name might stay unfinished.
    """
    temporary = _new_unfinished(path.parent)
    _create(temporary, data, mode)
    with _discarded_on_failure(temporary):
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        temporary.rename(path)


def _new_unfinished(folder: Path, start: str = "") -> Path:
    """Return the path of a new hidden file for unfinished content."""
    return folder / f".{start}{os.urandom(8).hex()}{UNFINISHED}"


def _create(path: Path, data: bytes, mode: int | None = _PRIVATE) -> None:
    """Create a file, on disk when this returns; without `mode`, the umask sets its mode."""
    descriptor = os.open(path, _NEW, 0o666 if mode is None else mode)
    with _discarded_on_failure(path):
        try:
            if mode is not None:
                # os.open applies the umask, which may remove even the owner's permissions.
                os.fchmod(descriptor, mode)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        written = os.write(descriptor, rest)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]


def _holds(path: Path, data: bytes) -> bool:
    try:
        return read_own(path, len(data)) == data
    except OSError:
        return False


def _make_folder(path: Path) -> bool:
    """Create a folder; return False if another process has created it in the meantime."""
    try:
        path.mkdir(mode=_PRIVATE_FOLDER)
    except FileExistsError:
        if path.is_dir():
            return False
        raise
    try:
        path.chmod(_PRIVATE_FOLDER)
    except OSError:
        with suppress(OSError):
            path.rmdir()
        raise
    return True


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let SIGINT, which ends a verb at once, wait until a file is complete."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _discarded_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    # Also on SystemExit.
    except BaseException:
        _discard(path)
        raise


def _discard(path: Path) -> None:
    # An earlier error is the one to report, and `sweep` removes the file later.
    with suppress(OSError):
        path.unlink()
