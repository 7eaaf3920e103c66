"""Notes in transit: packs, and reading another reader's notes from a pack, folder or stream.

A pack is a plain tar file (POSIX.1-1988 ustar) with a file for each revision.

`tarfile` writes and reads the headers only, since a pack may come from anybody: one small file is
held in memory at a time, and chained headers and sparse files are not followed.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path, PurePosixPath
from tarfile import (
    GNUTYPE_LONGLINK,
    GNUTYPE_LONGNAME,
    USTAR_FORMAT,
    XGLTYPE,
    XHDTYPE,
    HeaderError,
    TarInfo,
)
from typing import BinaryIO

import msgspec

from casefile.files import PIECE, error_reason, open_regular, read_at_most, read_regular
from casefile.notes.annotation import SIZE_LIMIT, Revision, file_name

BLOCK = 512
LARGEST = 1024 * 1024 * 1024
"""The size in bytes above which a pack is not read further."""

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
_END = bytes(BLOCK)
# A name and what follows it in a header, or the start of a name: neither is TOML.
_CUT_HEADER = re.compile(rb"[^\0]*\0(\0.*)?|[\w.+/-]+", re.DOTALL)
# Extended headers of other programs, which describe the next file.
_EXTENDED = {XHDTYPE, XGLTYPE, GNUTYPE_LONGNAME, GNUTYPE_LONGLINK}
_SKIPPED_FOLDERS = {".git", ".stversions", ".stfolder"}
# Other programs pad the last record to 10 kB.
_RECORD = 20 * BLOCK
# The latest time in a tar header, in the year 2242; there is none before 1970.
_LATEST = 8**11 - 1


class IncomingFile(msgspec.Struct, frozen=True):
    """A file from a pack, folder or stream; if it can't be read, `reason` says why."""

    name: str
    data: bytes = b""
    reason: str = ""


def pack_members(files: Iterable[tuple[Revision, bytes]]) -> Mapping[str, tuple[Revision, bytes]]:
    """Return the members of a pack by name; the revisions are given with their files' content.

    They are named `case/file`, so that tar can extract them into a folder of notes.
    """
    return {
        f"{kept.case}/{file_name(kept.id, kept.rev, data)}": (kept, data) for kept, data in files
    }


def pack_pieces(members: Mapping[str, tuple[Revision, bytes]]) -> Iterator[bytes]:
    """Yield the pieces of a pack; the same revisions make the same pack."""
    for name, (kept, data) in sorted(members.items(), key=itemgetter(0)):
        member = TarInfo(name)
        member.mode = 0o600
        member.size = len(data)
        member.mtime = min(max(0, int(kept.modified.timestamp())), _LATEST)
        yield member.tobuf(USTAR_FORMAT, "utf-8")
        yield data
        yield bytes(-len(data) % BLOCK)
    yield 2 * _END


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
                yield _read_item(item)


def _read_item(item: os.DirEntry[str]) -> IncomingFile:
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
    start = read_at_most(stream.read, BLOCK)
    if not start:
        yield IncomingFile(name, reason="it is empty")
    elif packer := next((what for mark, what in _PACKERS.items() if start.startswith(mark)), None):
        yield IncomingFile(name, reason=f"it is packed or encrypted by {packer}; undo that first")
    elif _is_pack(start):
        yield from _read_pack(start, stream, name)
    else:
        yield IncomingFile(name, start + stream.read(SIZE_LIMIT + 1 - len(start)))


def _is_pack(start: bytes) -> bool:
    """Whether a file with this start is a tar, or what is left of one; an empty one is zeros."""
    if len(start) < BLOCK:
        return _CUT_HEADER.fullmatch(start) is not None
    return start[257:262] == b"ustar" or start == _END or _member(start) is not None


def _read_pack(start: bytes, stream: BinaryIO, name: str) -> Iterator[IncomingFile]:
    """Yield the files of a pack whose first block, `start`, is read already.

    A member that can't be a note, or an early end of the pack, is an arrival with a reason.
    """
    left = LARGEST
    block = start
    while block != _END:
        if len(block) < BLOCK:
            yield IncomingFile(name, reason="it ends too early; it was cut short in transfer")
            return
        member = _member(block)
        if member is None:
            yield IncomingFile(name, reason="it is damaged and can't be read further")
            return
        left -= BLOCK + member.size
        if left < 0:
            yield IncomingFile(name, reason=f"it is larger than the limit of {LARGEST:,} bytes")
            return
        data, is_whole = _content(stream, member.size)
        if is_whole:
            yield from _arrival(member, data, name)
        block = read_at_most(stream.read, BLOCK) if is_whole else b""
    # So that a writing process is not killed in the middle of its last record.
    read_at_most(stream.read, _RECORD)


def _member(header: bytes) -> TarInfo | None:
    """Return the member that a header describes, or None if it is not a header."""
    try:
        member = TarInfo.frombuf(header, "utf-8", "replace")
    except HeaderError:
        return None
    return member if member.size >= 0 else None


def _content(stream: BinaryIO, size: int) -> tuple[bytes, bool]:
    """Return the member's data, if it is small enough for a note, and whether it is complete."""
    left = size + -size % BLOCK
    if size <= SIZE_LIMIT:
        data = read_at_most(stream.read, left)
        return data[:size], len(data) >= size
    while left and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)
    return b"", left == 0


def _arrival(member: TarInfo, data: bytes, pack: str) -> Iterator[IncomingFile]:
    path = PurePosixPath(member.name)
    is_hidden = path.name.startswith(".") or not _SKIPPED_FOLDERS.isdisjoint(path.parts)
    if member.isdir() or member.type in _EXTENDED or is_hidden:
        return
    name = f"{pack}/{member.name}"
    if not member.isfile():
        yield IncomingFile(name, reason=f"it is {_kind_in_words(member)}, not a regular file")
    elif path.is_absolute() or ".." in path.parts:
        yield IncomingFile(name, reason="its name leads out of the pack")
    elif member.size > SIZE_LIMIT:
        yield IncomingFile(name, reason=f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    else:
        yield IncomingFile(name, data)


def _kind_in_words(member: TarInfo) -> str:
    if member.islnk() or member.issym():
        return "a link"
    return "a named pipe" if member.isfifo() else "something else"
