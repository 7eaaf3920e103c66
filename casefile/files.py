"""Whole files: written once, durably, all of it or nothing; read within bounds."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# Opening without waiting is what keeps a FIFO from holding the reader for ever.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PRIVATE = 0o600

UNFINISHED = ".unfinished"
"""How the name of a file ends that is not whole yet."""

PIECE = 4 * 1024 * 1024
"""How many bytes are read at a time."""

# EXDEV: the notes are a link to a folder on another file system than the workshop.
_NO_HARD_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}

_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe"}


class NotOurs(OSError):
    """A file or directory belongs to another user."""


class Outside(OSError):
    """A path leads out of the folder that it has to stay in."""


def write_once(path: Path, data: bytes, *, workshop: Path) -> None:
    """Put a new file of mode 0600 in place, whole and on disk when this returns.

    It is made in the folder `workshop` and linked into place. The same content under that name
    already is no error; other content raises FileExistsError. Any OSError leaves what was there.
    """
    made = _put_in_place(path, data, workshop / (os.urandom(8).hex() + UNFINISHED))
    try:
        _fsync_folder(path.parent)
    except OSError:
        # Reported as not saved, it must not turn up as saved beside what the next try writes.
        if made:
            _discard(path)
        raise


def write_document(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Put a new file of the user's own in place, whole and on disk.

    It is of the mode the umask gives, or of 0600 if it is private. Raises FileExistsError for
    whatever is there, and leaves it as it is.
    """
    temporary = path.parent / f".{os.urandom(8).hex()}{UNFINISHED}"
    _link_in_place(path, data, temporary, mode=_PRIVATE if is_private else None)
    with _discarded_on_failure(path):
        _fsync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Give a file of mode 0600 new content: a reader finds the old or the new, never a part."""
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}{UNFINISHED}")
    _create(temporary, data)
    with _discarded_on_failure(temporary):
        temporary.replace(path)
    _fsync_folder(path.parent)


def sweep(folder: Path, *, older_than: float = 3600) -> None:
    """Remove what a killed writer left unfinished, once it is `older_than` seconds old."""
    with suppress(OSError), os.scandir(folder) as found:
        for item in found:
            age = time.time() - item.stat(follow_symlinks=False).st_mtime
            if item.name.endswith(UNFINISHED) and age > older_than:
                _discard(Path(item.path))


def private_folder(path: Path) -> None:
    """Make a directory and its missing parents, each of mode 0700 whatever the umask.

    What was there keeps its mode. On failure nothing that was made here stays.
    """
    missing = []
    while not path.is_dir():
        missing.append(path)
        path = path.parent
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            if _make_folder(folder):
                made.append(folder)
            _fsync_folder(folder.parent)
    except OSError:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def refuse_others(path: Path) -> None:
    """Raise NotOurs if the file or directory, links followed, belongs to another user."""
    _refuse_owner(path.stat().st_uid, path)


def remove(path: Path) -> None:
    """Remove a file, for good when this returns."""
    path.unlink()
    _fsync_folder(path.parent)


def read_own(path: Path, limit: int) -> bytes:
    """Give the content of a regular file of ours, links followed, of at most `limit` bytes.

    Raises NotOurs for another user's file, and OSError with EFBIG for a larger one.
    """
    with _regular(os.open(path, _READ), path) as (descriptor, owner):
        _refuse_owner(owner, path)
        return _read_whole(descriptor, limit, path)


def read_regular(path: Path, limit: int) -> bytes:
    """Give the content of anybody's regular file, as `read_own` gives that of our own."""
    with _regular(os.open(path, _READ), path) as (descriptor, _owner):
        return _read_whole(descriptor, limit, path)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Give anybody's regular file, links followed, to be read piece by piece."""
    with (
        _regular(os.open(path, _READ), path) as (descriptor, _owner),
        os.fdopen(descriptor, "rb", closefd=False) as stream,
    ):
        yield stream


def read_start(path: Path, length: int) -> bytes:
    """Give the first bytes of anybody's regular file, links followed."""
    with _regular(os.open(path, _READ), path) as (descriptor, _owner):
        return _read(descriptor, length)


def read_within(folder: Path, name: str, limit: int) -> bytes:
    """Give the content of a regular file in a folder or below it, of at most `limit` bytes.

    Links are followed as long as they stay within. Raises Outside for a path that leads out, and
    OSError with EFBIG for a larger file.
    """
    root = Path(os.path.realpath(folder))
    path = _resolved_within(root, name)
    with _regular(_open_within(root, path), path) as (descriptor, _owner):
        return _read_whole(descriptor, limit, path)


def names_in(folder: Path, suffix: str) -> set[str]:
    """Give the names with this ending in a folder, less those that begin with a dot.

    Such a name is the unfinished copy of a program that carries files about.
    """
    return {
        name
        for name in os.listdir(folder)  # noqa: PTH208 -- ten thousand paths take 100 ms to make
        if name.endswith(suffix) and not name.startswith(".")
    }


def named(folder: Path, suffix: str) -> set[Path]:
    """Give what a folder holds under names with this ending, as `names_in` gives them."""
    return {folder / name for name in names_in(folder, suffix)}


def why(error: OSError) -> str:
    """Say what failed, to go on in a sentence that has said where."""
    said = error.strerror or str(error)
    return said[:1].lower() + said[1:]


def reason(error: OSError) -> str:
    """Say what failed and where, for the reader."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


def _resolved_within(root: Path, name: str) -> Path:
    if Path(name).is_absolute():
        raise Outside(errno.EACCES, "it is an absolute path", name)
    if "\0" in name:
        raise OSError(errno.EINVAL, "a path holds no NUL", name)
    # Path.resolve() raises RuntimeError where links lead in a circle.
    path = Path(os.path.realpath(root / name))
    if not path.is_relative_to(root):
        how = "it leads" if ".." in Path(name).parts else "it is a link that leads"
        raise Outside(errno.EACCES, f"{how} out of the folder", name)
    return path


def _open_within(root: Path, path: Path) -> int:
    """Open a file by a path that is resolved already, following no link that has come since."""
    descriptor = os.open(root, _FOLDER)
    *folders, name = path.relative_to(root).parts or (os.curdir,)
    try:
        for folder in folders:
            above = descriptor
            descriptor = os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
            os.close(above)
        return os.open(name, _READ | os.O_NOFOLLOW, dir_fd=descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _regular(descriptor: int, path: Path) -> Iterator[tuple[int, int]]:
    """Give what was opened and its owner, unless it is a device, a pipe or a folder; close it."""
    try:
        status = os.fstat(descriptor)
        kind = stat.S_IFMT(status.st_mode)
        if kind != stat.S_IFREG:
            what = _KINDS.get(kind, "a device")
            raise OSError(errno.EINVAL, f"it is {what}, not a regular file", str(path))
        yield descriptor, status.st_uid
    finally:
        os.close(descriptor)


def _read_whole(descriptor: int, limit: int, path: Path) -> bytes:
    data = _read(descriptor, limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than the limit of {limit:,} bytes", str(path))
    return data


def _read(descriptor: int, length: int) -> bytes:
    data = bytearray()
    # In pieces: for each call the system's memory is asked for all that it may give.
    while piece := os.read(descriptor, min(length - len(data), PIECE)):
        data += piece
    return bytes(data)


def _put_in_place(path: Path, data: bytes, temporary: Path) -> bool:
    """Say whether the file was made, or was there already with this content."""
    try:
        _link_in_place(path, data, temporary, mode=_PRIVATE)
    except FileExistsError:
        if not _holds(path, data):
            raise
        return False
    return True


def _link_in_place(path: Path, data: bytes, temporary: Path, *, mode: int | None) -> None:
    """Put a new file in place, whole; raises FileExistsError for whatever is there."""
    _create(temporary, data, mode)
    try:
        path.hardlink_to(temporary)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _create(path, data, mode)
    finally:
        _discard(temporary)


def _create(path: Path, data: bytes, mode: int | None = _PRIVATE) -> None:
    """Make a new file, on disk when this returns; without a mode it has what the umask gives."""
    descriptor = os.open(path, _NEW, 0o666 if mode is None else mode)
    with _discarded_on_failure(path):
        try:
            if mode is not None:
                # The mode given to open is less the umask, which may take even the owner's rights.
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
    except OSError as error:
        if error.errno == errno.EFBIG:
            return False
        raise


def _make_folder(path: Path) -> bool:
    """Say whether the directory was made, or by another process in the meantime."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        if path.is_dir():
            return False
        raise
    try:
        path.chmod(0o700)
    except OSError:
        with suppress(OSError):
            path.rmdir()
        raise
    return True


def _fsync_folder(path: Path) -> None:
    descriptor = os.open(path, _FOLDER)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems know no fsync of a directory and say so with EINVAL.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _discarded_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    # Also an interrupt or the end of the program must leave no litter.
    except BaseException:
        _discard(path)
        raise


def _discard(path: Path) -> None:
    # The failure that led here is the one to report; what stays is swept up later.
    with suppress(OSError):
        path.unlink()


def _refuse_owner(uid: int, path: Path) -> None:
    if uid != os.geteuid():
        raise NotOurs(errno.EACCES, "it belongs to another user", str(path))
