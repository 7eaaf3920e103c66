"""A pack of notes: a plain tar (POSIX.1-1988, ustar) with a file for each revision.

The reader of tar is our own, since it reads what anybody may have sent: it knows a file from
everything else, holds one small file at a time, and has no chains of headers to follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

import msgspec

from casefile.files import PIECE
from casefile.notes.annotation import SIZE_LIMIT, Revision, file_name

BLOCK = 512
LARGEST = 1024 * 1024 * 1024
"""So many bytes of a pack are looked at, whatever they are."""

_END = bytes(BLOCK)
_FILES = b"0\0007"
# Folders, and the headers by which other programs give the next file more than a name.
_PASSED_OVER = b"5xgLK"
_KINDS = {b"1": "a link", b"2": "a link", b"6": "a named pipe"}
_CARRIED_ALONG = {".git", ".stversions", ".stfolder"}
# What stands behind the end: others fill their last record up to 10 kB.
_RECORD = 20 * BLOCK


class Arrival(msgspec.Struct, frozen=True):
    """A file that came, under the name by which it is told; without data `reason` says why."""

    name: str
    data: bytes = b""
    reason: str = ""


class _Member(msgspec.Struct, frozen=True):
    name: str
    kind: bytes
    size: int


def packed(files: Iterable[tuple[Revision, bytes]]) -> Iterator[bytes]:
    """Give the pack of some revisions, each with its file's bytes, in pieces.

    The same revisions give the same bytes. A name stands as `case/file`, so that tar itself can
    take a pack apart into a folder of notes.
    """
    members = {
        (kept.case, file_name(kept.id, kept.rev, data)): (kept.modified, data)
        for kept, data in files
    }
    for (case_id, name), (modified, data) in sorted(members.items()):
        yield _header(case_id, name, len(data), modified)
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
        data, is_whole = _content(stream, member)
        if is_whole:
            yield from _arrival(member, data, name)
        block = _read(stream, BLOCK) if is_whole else b""
    # Whoever writes it should not be cut off in the middle of its last record.
    _read(stream, _RECORD)


def _header(case_id: str, name: str, size: int, modified: dt.datetime) -> bytes:
    # Before 1970 there is no time in a tar.
    seconds = max(0, int(modified.timestamp()))
    fields = (
        name.encode().ljust(100, b"\0"),
        b"0000600\0",
        b"0000000\0" * 2,
        b"%011o\0" % size,
        b"%011o\0" % seconds,
        b" " * 8,
        b"0",
        bytes(100),
        b"ustar\00000",
        bytes(64),
        b"0000000\0" * 2,
        case_id.encode().ljust(155, b"\0"),
    )
    header = b"".join(fields).ljust(BLOCK, b"\0")
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]


def _member(header: bytes) -> _Member | None:
    """Give what a header says, or None where it is none: its sum has to be right."""
    if len(header) < BLOCK:
        return None
    try:
        if int(header[148:156].strip(b" \0"), 8) != sum(header) - sum(header[148:156]) + 8 * 32:
            return None
        size = _number(header[124:136])
    except ValueError:
        return None
    name = _text(header[:100])
    # Only the standard's own form has the rest of a long name there.
    above = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return _Member(f"{above}/{name}" if above else name, header[156:157], size)


def _number(field: bytes) -> int:
    """Give a number in octal digits, or in binary where its first bit is set (GNU)."""
    number = int.from_bytes(field[1:]) if field[0] == 0x80 else int(field.strip(b" \0") or b"0", 8)
    if number < 0:
        raise ValueError(number)
    return number


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode(errors="replace")


def _content(stream: BinaryIO, member: _Member) -> tuple[bytes, bool]:
    """Give what a member holds, unless it is too large for a note, and whether it is all there."""
    if member.size <= SIZE_LIMIT:
        data = _read(stream, member.size + -member.size % BLOCK)
        return data[: member.size], len(data) >= member.size
    left = member.size + -member.size % BLOCK
    while left and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)
    return b"", left == 0


def _arrival(member: _Member, data: bytes, pack: str) -> Iterator[Arrival]:
    path = PurePosixPath(member.name)
    if member.kind in _PASSED_OVER or path.name.startswith(".") or _CARRIED_ALONG & {*path.parts}:
        return
    name = f"{pack}/{member.name}"
    if member.kind not in _FILES:
        what = _KINDS.get(member.kind, "something else")
        yield Arrival(name, reason=f"it is {what}, not a regular file")
    elif path.is_absolute() or ".." in path.parts:
        yield Arrival(name, reason="its name leads out of the pack")
    elif member.size > SIZE_LIMIT:
        yield Arrival(name, reason=f"it is larger than the limit of {SIZE_LIMIT:,} bytes")
    else:
        yield Arrival(name, data)


def _read(stream: BinaryIO, length: int) -> bytes:
    """Give so many bytes, or what there is before the end."""
    data = bytearray()
    while piece := stream.read(min(length - len(data), PIECE)):
        data += piece
    return bytes(data)
