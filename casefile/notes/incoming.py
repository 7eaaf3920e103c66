"""Reading another reader's notes from a folder, a file or a stream."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from casefile.files import error_reason, open_regular, read_regular
from casefile.notes.annotation import SIZE_LIMIT
from casefile.notes.pack import BLOCK, IncomingFile, is_pack, read_pack

DEEPEST = 3
"""How many levels of subfolders are searched: `notes`, a case, and one more."""
MOST_FILES = 100_000
MOST_BYTES = 256 * 1024 * 1024
"""The limits of one merge, which is held in memory until the reader confirms it."""

_PACKERS = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"age-encryption.org": "age",
}


def incoming_at_path(path: Path) -> Iterator[IncomingFile]:
    """Yield the note files in a folder or pack, or the single note file, at `path`."""
    try:
        is_folder = path.is_dir()
    except OSError:
        # Such as a name that is too long; opening it reports why.
        is_folder = False
    yield from _bounded(_in_folder(path) if is_folder else _in_file(path))


def incoming_from_stream(stream: BinaryIO, name: str) -> Iterator[IncomingFile]:
    """Yield the note files in a stream, which is a pack or a single file."""
    yield from _bounded(_in_stream(stream, name))


def _bounded(arrivals: Iterable[IncomingFile]) -> Iterator[IncomingFile]:
    size = 0
    for count, one in enumerate(arrivals):
        size += len(one.data)
        if count >= MOST_FILES or size > MOST_BYTES:
            limit = f"{MOST_FILES:,} files or {MOST_BYTES:,} bytes"
            yield IncomingFile(one.name, reason=f"not read from here on: more than {limit}")
            return
        yield one


def _in_folder(top: Path) -> Iterator[IncomingFile]:
    waiting = [(top, 0)]
    while waiting:
        folder, depth = waiting.pop(0)
        try:
            with os.scandir(folder) as found:
                items = sorted(
                    (one for one in found if not one.name.startswith(".")),
                    key=lambda item: item.name,
                )
        except OSError as error:
            yield IncomingFile(str(folder), reason=error_reason(error))
            continue
        for item in items:
            if item.is_dir(follow_symlinks=False):
                # Links are not followed: they may be circular or lead out of the folder.
                waiting += [(Path(item.path), depth + 1)] if depth < DEEPEST else []
            elif item.name.endswith(".toml"):
                yield _read(item)


def _read(item: os.DirEntry[str]) -> IncomingFile:
    if item.is_symlink():
        return IncomingFile(item.path, reason="it is a link, not a regular file")
    try:
        return IncomingFile(item.path, read_regular(Path(item.path), SIZE_LIMIT))
    except OSError as error:
        return IncomingFile(item.path, reason=error_reason(error))


def _in_file(path: Path) -> Iterator[IncomingFile]:
    try:
        with open_regular(path) as stream:
            yield from _in_stream(stream, str(path))
    except OSError as error:
        hint = "; - reads standard input" if error.errno == errno.EINVAL else ""
        yield IncomingFile(str(path), reason=error_reason(error) + hint)


def _in_stream(stream: BinaryIO, name: str) -> Iterator[IncomingFile]:
    start = _first_block(stream)
    if is_pack(start):
        yield from read_pack(start, stream, name)
    elif not start:
        yield IncomingFile(name, reason="it is empty")
    elif packer := next((what for mark, what in _PACKERS.items() if start.startswith(mark)), None):
        yield IncomingFile(name, reason=f"it is packed or encrypted by {packer}; undo that first")
    else:
        yield IncomingFile(name, start + stream.read(SIZE_LIMIT + 1 - len(start)))


def _first_block(stream: BinaryIO) -> bytes:
    data = b""
    while len(data) < BLOCK and (piece := stream.read(BLOCK - len(data))):
        data += piece
    return data
