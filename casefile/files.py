"""Reading regular files up to a size limit, and saying why it failed."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

# Non-blocking, since opening a FIFO would otherwise wait for a writer.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

PIECE = 4 * 1024 * 1024
"""The number of bytes that are read at a time."""

_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe"}


class WrongOwner(OSError):
    """A file or directory belongs to another user."""


class Outside(OSError):
    """A path leads out of the folder that it is limited to."""


def check_owner(path: Path) -> None:
    """Raise WrongOwner if a file or folder, links followed, belongs to another user."""
    _check_uid(path.stat().st_uid, path)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a file against others who hold it, as long as this lasts.

    Raises OSError if it can't be opened, as BlockingIOError if another process holds it or has
    replaced it meanwhile. Network file systems may have no locks, or none for what is opened to be
    read; there nobody is kept out.
    """
    descriptor = os.open(path, _READ)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            pass
        if not os.path.samestat(os.fstat(descriptor), path.stat()):
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        yield
    finally:
        os.close(descriptor)


def read_own(path: Path, limit: int) -> bytes:
    """Return the content of the user's own regular file, links followed.

    Raises WrongOwner for another user's file, and OSError with EFBIG above `limit` bytes.
    """
    with _regular(os.open(path, _READ), path) as (descriptor, owner):
        _check_uid(owner, path)
        return _read_whole(descriptor, limit, path)


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of any user's regular file, otherwise like `read_own`."""
    with _regular(os.open(path, _READ), path) as (descriptor, _owner):
        return _read_whole(descriptor, limit, path)


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open any user's regular file, links followed, for reading."""
    with (
        _regular(os.open(path, _READ), path) as (descriptor, _owner),
        os.fdopen(descriptor, "rb", closefd=False) as stream,
    ):
        yield stream


def read_start(path: Path, length: int) -> bytes:
    """Return the first `length` bytes of any user's regular file, links followed."""
    with _regular(os.open(path, _READ), path) as (descriptor, _owner):
        return read_at_most(partial(os.read, descriptor), length)


def read_at_most(read: Callable[[int], bytes], length: int) -> bytes:
    """Return `length` bytes that `read` returns in pieces, or fewer at the end."""
    data = bytearray()
    # In pieces: os.read allocates as much as it is asked for.
    while piece := read(min(length - len(data), PIECE)):
        data += piece
    return bytes(data)


def read_within(folder: Path, name: str, limit: int) -> bytes:
    """Return the content of a regular file in a folder or below it.

    Links are followed within the folder. Raises Outside for a path that leads out of it, and
    OSError with EFBIG above `limit` bytes.
    """
    root = Path(os.path.realpath(folder))
    path = _resolved_within(root, name)
    with _regular(_open_within(root, path), path) as (descriptor, _owner):
        return _read_whole(descriptor, limit, path)


def path_named(text: str) -> Path:
    """Return the path that a text names, in UTF-8 where the locale lacks a character of it."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        text = os.fsdecode(text.encode())
    return Path(text)


def names_in(folder: Path, suffix: str) -> set[str]:
    """Return the names in a folder with this suffix, without those that begin with a dot.

    Synchronisers write their unfinished copies under such names.
    """
    return {
        name
        for name in os.listdir(folder)  # noqa: PTH208 -- ten thousand paths take 100 ms to make
        if name.endswith(suffix) and not name.startswith(".")
    }


def error_reason(error: OSError) -> str:
    """Return the reason of an OSError as a lower-case clause for the end of a message."""
    message = error.strerror or str(error)
    return message[:1].lower() + message[1:]


def error_with_path(error: OSError) -> str:
    """Return the reason of an OSError for the reader, after the file's name if there is one."""
    message = error.strerror or str(error)
    return f"{error.filename}: {message}" if error.filename else message


def _resolved_within(root: Path, name: str) -> Path:
    if Path(name).is_absolute():
        raise Outside(errno.EACCES, "it is an absolute path", name)
    if "\0" in name:
        raise OSError(errno.EINVAL, "a path holds no NUL", name)
    # Path.resolve() raises RuntimeError for circular links.
    path = Path(os.path.realpath(root / path_named(name)))
    if not path.is_relative_to(root):
        how = "it leads" if ".." in Path(name).parts else "it is a link that leads"
        raise Outside(errno.EACCES, f"{how} out of the folder", name)
    return path


def _open_within(root: Path, path: Path) -> int:
    """Open a file by its resolved path, without following links that were made since."""
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
    """Yield a descriptor and the owner of its file; raise OSError unless it is regular."""
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
    data = read_at_most(partial(os.read, descriptor), limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than the limit of {limit:,} bytes", str(path))
    return data


def _check_uid(uid: int, path: Path) -> None:
    if uid != os.geteuid():
        raise WrongOwner(errno.EACCES, "it belongs to another user", str(path))
