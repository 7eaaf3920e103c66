"""Writing files atomically and durably, and reading them up to a size limit."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# Non-blocking, since opening a FIFO would otherwise wait for a writer.
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_PRIVATE = 0o600

UNFINISHED = ".unfinished"
"""The suffix of a file that is not completely written yet."""
# Others may name their files so too, in folders that are not casefile's alone.
_OWN_UNFINISHED = re.compile(rf"(.*\.)?[0-9a-f]{{16}}{re.escape(UNFINISHED)}", re.DOTALL)

PIECE = 4 * 1024 * 1024
"""The number of bytes that are read at a time."""

# EXDEV: the folder of the notes is a link to another file system.
_NO_HARD_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV}

_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe"}


class WrongOwner(OSError):
    """A file or directory belongs to another user."""


class Outside(OSError):
    """A path leads out of the folder that it is limited to."""


def write_once(path: Path, data: bytes, *, workshop: Path) -> None:
    """Create a file of mode 0600, complete and on disk when this returns.

    The file is written in the folder `workshop` and linked into place. An existing file with the
    same content is no error; one with other content raises FileExistsError. After an OSError
    everything is as it was.
    """
    made = True
    try:
        temporary = workshop / (os.urandom(8).hex() + UNFINISHED)
        _link_in_place(path, data, temporary, mode=_PRIVATE)
    except FileExistsError:
        if not _holds(path, data):
            raise
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
    name = f"{os.urandom(8).hex()}{UNFINISHED}"
    if workshop is not None and _are_on_one_disk(workshop, path.parent):
        temporary = workshop / name
    else:
        temporary = path.parent / f".{name}"
    _link_in_place(path, data, temporary, mode=None if workshop is None else _PRIVATE)
    with _discarded_on_failure(path):
        fsync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Replace a file atomically, with mode 0600."""
    temporary = _hidden_beside(path)
    with _uninterrupted():
        _create(temporary, data)
        with _discarded_on_failure(temporary):
            temporary.replace(path)
    fsync_folder(path.parent)


def sweep(folder: Path, *, older_than: float = 3600) -> None:
    """Remove casefile's unfinished files that are `older_than` seconds old.

    They are left by a killed process or a power cut.
    """
    with suppress(OSError), os.scandir(folder) as found:
        for item in found:
            if not _OWN_UNFINISHED.fullmatch(item.name):
                continue
            age = time.time() - item.stat(follow_symlinks=False).st_mtime
            if age > older_than:
                _discard(Path(item.path))


def unfinished_of(path: Path) -> list[Path]:
    """Return the unfinished files that processes killed in `replace` have left beside a file."""
    with suppress(OSError), os.scandir(path.parent) as found:
        start = f".{path.name}."
        names = [one.name for one in found if one.name.startswith(start)]
        return [path.with_name(name) for name in sorted(names) if name.endswith(UNFINISHED)]
    return []


def private_folder(path: Path) -> None:
    """Create a folder and its missing parents, each of mode 0700 whatever the umask.

    Existing folders keep their mode. After a failure the new ones are removed.
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
            fsync_folder(folder.parent)
    except OSError:
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def settle(folder: Path) -> None:
    """Flush to disk the names of a folder and of the two above it, as far as possible.

    Another process may have created them and ended before it could.
    """
    for path in (folder, *folder.parents)[:3]:
        with suppress(OSError):
            fsync_folder(path.parent)


def check_owner(path: Path) -> None:
    """Raise WrongOwner if a file or folder, links followed, belongs to another user."""
    _check_uid(path.stat().st_uid, path)


def remove(path: Path) -> None:
    """Remove a file, durably when this returns."""
    path.unlink()
    fsync_folder(path.parent)


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
    path = Path(os.path.realpath(root / name))
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


def _link_in_place(path: Path, data: bytes, temporary: Path, *, mode: int | None) -> None:
    """Create a complete file; raises FileExistsError if there is anything at `path`."""
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


def _are_on_one_disk(folder: Path, other: Path) -> bool:
    try:
        private_folder(folder)
        return folder.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def _rename_in_place(path: Path, data: bytes, mode: int | None) -> None:
    """Create a complete file where there are no hard links; otherwise like `_link_in_place`.

    If two processes create one name at the same moment, the later content stays: a rename can't be
    told to replace nothing. A file written under its own name might stay unfinished.
    """
    temporary = _hidden_beside(path)
    _create(temporary, data, mode)
    with _discarded_on_failure(temporary):
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        temporary.rename(path)


def _hidden_beside(path: Path) -> Path:
    """Return a new name in the folder of a file, for its unfinished content."""
    return path.with_name(f".{path.name}.{os.urandom(8).hex()}{UNFINISHED}")


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
    except OSError as error:
        if error.errno == errno.EFBIG:
            return False
        raise


def _make_folder(path: Path) -> bool:
    """Create a folder; return False if another process has created it in the meantime."""
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


def _check_uid(uid: int, path: Path) -> None:
    if uid != os.geteuid():
        raise WrongOwner(errno.EACCES, "it belongs to another user", str(path))
