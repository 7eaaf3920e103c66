"""A pack of notes: a plain tar (POSIX.1-1988, ustar) with a file for each revision.

The standard library writes and reads the headers. It is not asked for whole members, since a pack
is what anybody may have sent: here one small file is held at a time, and no chain of headers, no
map of a sparse file is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
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

from casefile.files import PIECE
from casefile.notes.annotation import SIZE_LIMIT, Revision, file_name

BLOCK = 512
LARGEST = 1024 * 1024 * 1024
"""So many bytes of a pack are looked at, whatever they are."""

_END = bytes(BLOCK)
# The headers by which other programs give the next file more than a name.
_OF_THE_NEXT = {XHDTYPE, XGLTYPE, GNUTYPE_LONGNAME, GNUTYPE_LONGLINK}
_CARRIED_ALONG = {".git", ".stversions", ".stfolder"}
# What stands behind the end: others fill their last record up to 10 kB.
_RECORD = 20 * BLOCK
# The latest time that there is in a tar, of the year 2242; before 1970 there is none.
_LATEST = 8**11 - 1


class Arrival(msgspec.Struct, frozen=True):
    """A file that came, under the name by which it is told; without data `reason` says why."""

    name: str
    data: bytes = b""
    reason: str = ""


def packed(files: Iterable[tuple[Revision, bytes]]) -> Iterator[bytes]:
    """Give the pack of some revisions, each with its file's bytes, in pieces.

    The same revisions give the same bytes. A name stands as `case/file`, so that tar itself can
    take a pack apart into a folder of notes.
    """
    members = {
        f"{kept.case}/{file_name(kept.id, kept.rev, data)}": (kept.modified, data)
        for kept, data in files
    }
    for name, (modified, data) in sorted(members.items()):
        member = TarInfo(name)
        member.mode = 0o600
        member.size = len(data)
        member.mtime = min(max(0, int(modified.timestamp())), _LATEST)
        yield member.tobuf(USTAR_FORMAT, "utf-8")
        yield data
        yield bytes(-len(data) % BLOCK)
    yield 2 * _END


def is_pack(start: bytes) -> bool:
    """Say whether a file that starts so is a tar; an empty one is all zeros."""
    is_marked = start[257:262] == b"ustar"
    return is_marked or start[:BLOCK] == _END or _member(start[:BLOCK]) is not None


def unpacked(start: bytes, stream: BinaryIO, name: str) -> Iterator[Arrival]:
    """Give the files of a pack, whose first block was read already.

    What can't be a note, or what ends the pack too early, is told by name.
    """
    left = LARGEST
    block = start
    while block != _END:
        if len(block) < BLOCK:
            yield Arrival(name, reason="it ends too early: it was cut short on its way")
            return
        member = _member(block)
        if member is None:
            yield Arrival(name, reason="it is damaged, and can't be read from there on")
            return
        left -= BLOCK + member.size
        if left < 0:
            yield Arrival(name, reason=f"it is larger than the limit of {LARGEST:,} bytes")
            return
        data, is_whole = _content(stream, member.size)
        if is_whole:
            yield from _arrival(member, data, name)
        block = _read(stream, BLOCK) if is_whole else b""
    # Whoever writes it should not be cut off in the middle of its last record.
    _read(stream, _RECORD)


def _member(header: bytes) -> TarInfo | None:
    """Give what a header says, or None where it is none."""
    try:
        member = TarInfo.frombuf(header, "utf-8", "replace")
    except HeaderError:
        return None
    return member if member.size >= 0 else None


def _content(stream: BinaryIO, size: int) -> tuple[bytes, bool]:
    """Give what a member holds, unless it is too large for a note, and whether it is all there."""
    left = size + -size % BLOCK
    if size <= SIZE_LIMIT:
        data = _read(stream, left)
        return data[:size], len(data) >= size
    while left and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)
    return b"", left == 0


def _arrival(member: TarInfo, data: bytes, pack: str) -> Iterator[Arrival]:
    path = PurePosixPath(member.name)
    is_carried = path.name.startswith(".") or not _CARRIED_ALONG.isdisjoint(path.parts)
    if member.isdir() or member.type in _OF_THE_NEXT or is_carried:
        return
    name = f"{pack}/{member.name}"
    if not member.isfile():
        yield Arrival(name, reason=f"it is {_kind_in_words(member)}, not a regular file")
    elif path.is_absolute() or ".." in path.parts:
        yield Arrival(name, reason="its name leads out of the pack")
    elif member.size > SIZE_LIMIT:
        yield Arrival(name, reason=f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    else:
        yield Arrival(name, data)


def _kind_in_words(member: TarInfo) -> str:
    if member.islnk() or member.issym():
        return "a link"
    return "a named pipe" if member.isfifo() else "something else"


def _read(stream: BinaryIO, length: int) -> bytes:
    """Give so many bytes, or what there is before the end."""
    data = bytearray()
    while piece := stream.read(min(length - len(data), PIECE)):
        data += piece
    return bytes(data)
