"""Packs of notes: deterministic to write, and safe to read from anybody."""

from __future__ import annotations

import io
import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from readers import TARGET, Colleague

from casefile.notes import pack
from casefile.notes.annotation import SIZE_LIMIT, encode, file_name
from casefile.notes.pack import (
    BLOCK,
    IncomingFile,
    incoming_at_path,
    incoming_from_stream,
    pack_members,
    pack_pieces,
)


@pytest.fixture
def anna(tmp_path: Path) -> Colleague:
    """Return a reader with a note that was edited."""
    anna = Colleague(tmp_path / "anna", "anna")
    first = anna.write("one")
    anna.notebook.keep_edit(first.id, "two", TARGET)
    return anna


def pack_of(reader: Colleague) -> bytes:
    """Return a pack of all revisions of a reader."""
    files = reader.notebook.by_file.items()
    return b"".join(pack_pieces(pack_members((kept, path.read_bytes()) for path, kept in files)))


def arriving(data: bytes) -> list[IncomingFile]:
    """Return the arrivals from a pack."""
    return [*incoming_from_stream(io.BytesIO(data), "pack")]


def tar(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar as written by `tarfile`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for info, data in members:
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def tar_member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """Return a member for a tar."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


def with_header(data: bytes, place: slice, value: bytes) -> bytes:
    """Return a tar with a changed field in the first header and a valid checksum."""
    header = bytearray(data[:BLOCK])
    header[place] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[BLOCK:]


def test_pack_is_deterministic(anna: Colleague, tmp_path: Path) -> None:
    """Neither the order nor the names of the files change the pack."""
    first = pack_of(anna)
    files = anna.files
    again = Colleague(tmp_path / "again", "anna")
    again.folder.mkdir(parents=True)
    for count, (_name, data) in enumerate(reversed(files.items())):
        (again.folder / f"{count}.toml").write_bytes(data)
    assert pack_of(again) == first
    files_of = [(kept, path.read_bytes()) for path, kept in again.notebook.by_file.items()]
    for order in (files_of, files_of[::-1], files_of * 2):
        assert b"".join(pack_pieces(pack_members(order))) == first


def test_pack_is_plain_tar(anna: Colleague) -> None:
    """`tar` extracts the files unchanged, with mode 0600, dated as written."""
    revisions = {file_name(one.id, one.rev, encode(one)): one for one in
                 anna.notebook.notes[0].history}  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(pack_of(anna))) as taken:
        members = taken.getmembers()
        assert [one.name for one in members] == sorted(f"demo/{name}" for name in anna.files)
        for one in members:
            name = one.name.removeprefix("demo/")
            held = taken.extractfile(one)
            assert held is not None
            assert held.read() == anna.files[name]
            assert (one.uid, one.gid, one.mode) == (0, 0, 0o600)
            assert one.mtime == int(revisions[name].modified.timestamp())


@pytest.mark.parametrize("year", [1900, 3000])
def test_time_outside_tar_range_is_clamped(anna: Colleague, year: int) -> None:
    """A time that a tar can't hold is replaced by the nearest one."""
    (kept, _), path = anna.notebook.notes[0].history, min(anna.folder.iterdir())
    dated = replace(kept, modified=kept.modified.replace(year=year))
    (one,) = arriving(b"".join(pack_pieces(pack_members([(dated, path.read_bytes())]))))
    assert one.data == path.read_bytes()


def test_pack_round_trips(anna: Colleague) -> None:
    """Every file is read back, byte for byte."""
    assert {Path(one.name).name: one.data for one in arriving(pack_of(anna))} == anna.files


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_of_other_program_is_read(anna: Colleague, form: int) -> None:
    """A tar of the folder by another program is read, including long names."""
    top = "notes-of-a-colleague-from-another-newsroom/casefile/notes/demo"
    members = [(tar_member(f"{top}/{name}"), data) for name, data in anna.files.items()]
    found = arriving(tar((tar_member(top, tarfile.DIRTYPE), b""), *members, form=form))
    assert sorted(one.data for one in found) == sorted(anna.files.values())
    assert not any(one.reason for one in found)


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (tar_member("demo/a.toml", tarfile.SYMTYPE), "a link"),
        (tar_member("demo/a.toml", tarfile.LNKTYPE), "a link"),
        (tar_member("demo/a.toml", tarfile.FIFOTYPE), "a named pipe"),
        (tar_member("demo/a.toml", tarfile.CHRTYPE), "something else"),
        (tar_member("/etc/a.toml"), "leads out"),
        (tar_member("../../a.toml"), "leads out"),
        (tar_member("demo/../../a.toml"), "leads out"),
    ],
)
def test_special_member_is_reported(anna: Colleague, member: tarfile.TarInfo, reason: str) -> None:
    """Links, devices and names outside the pack are reported; other members are read."""
    good = [(tar_member(f"demo/{name}"), data) for name, data in anna.files.items()]
    found = arriving(tar(good[0], (member, b""), good[1], form=tarfile.GNU_FORMAT))
    assert [(one.name, reason in one.reason) for one in found if one.reason] == [
        (f"pack/{member.name}", True)
    ]
    assert sorted(one.data for one in found if not one.reason) == sorted(anna.files.values())


def test_files_of_git_and_syncthing_are_ignored() -> None:
    """Files of git and Syncthing, and unfinished files, are ignored."""
    names = ("notes/.git/config", "notes/.stversions/demo/a.toml", "demo/.a.toml.swp")
    assert arriving(tar(*((tar_member(name), b"x") for name in names))) == []


def test_oversized_member_is_reported(anna: Colleague) -> None:
    """An oversized member is skipped; what follows is read."""
    (name, data), _ = anna.files.items()
    found = arriving(
        tar(
            (tar_member("demo/huge.toml"), bytes(SIZE_LIMIT + 1)),
            (tar_member(f"demo/{name}"), data),
        )
    )
    assert found[0] == IncomingFile(
        "pack/demo/huge.toml", reason=f"it is larger than the limit of {SIZE_LIMIT:,} bytes"
    )
    assert found[1].data == data


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_chained_headers_are_ignored(anna: Colleague, kind: bytes) -> None:
    """A long chain of headers is read one by one, and the file after it is read."""
    chain = (tar_member("demo/a", kind).tobuf(tarfile.USTAR_FORMAT) for _ in range(5000))
    found = arriving(b"".join(chain) + pack_of(anna))
    assert sorted(one.data for one in found) == sorted(anna.files.values())


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (b"77777777777\0", "larger than the limit"),
        (b"\x80" + b"\xff" * 11, "larger than the limit"),
        (b"\xff" * 12, "damaged"),
        (b"-0000000001\0", "damaged"),
        (b"0000000x000\0", "damaged"),
    ],
)
def test_impossible_size_is_reported(anna: Colleague, size: bytes, reason: str) -> None:
    """A size that only the header claims takes neither memory nor time."""
    good = tar((tar_member("demo/a.toml"), b"x"))[: 2 * BLOCK]
    data = good + with_header(pack_of(anna), slice(124, 136), size)
    begun = time.monotonic()
    told = [one.reason for one in arriving(data) if one.reason]
    assert time.monotonic() - begun < 2
    assert reason in told[0]


def test_truncated_pack_is_reported(anna: Colleague) -> None:
    """Wherever a pack is cut, its complete members are read."""
    data = pack_of(anna)
    for length in (*range(1, BLOCK), *range(BLOCK, len(data) - BLOCK, 100)):
        found = arriving(data[:length])
        assert "cut short" in found[-1].reason, length
        assert all(one.data in anna.files.values() for one in found if not one.reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\x1f\x8b\x08" + bytes(90), "by gzip"),
        (b"age-encryption.org/v1\n", "by age"),
        (b"x" * 257 + b"ustar" + bytes(250), "damaged"),
        (b"BZh91AY", "by bzip2"),
    ],
)
def test_other_file_type_is_reported(data: bytes, reason: str) -> None:
    """Compressed data is reported and not decompressed."""
    (one,) = arriving(data)
    assert reason in one.reason


@given(st.binary(max_size=3 * BLOCK), st.integers(0, 3 * BLOCK))
def test_random_bytes_raise_nothing(data: bytes, place: int) -> None:
    """Random bytes, also in the middle of a pack, raise nothing."""
    pack = tar((tar_member("demo/a.toml"), b"x"), (tar_member("demo/b.toml"), b"y"))
    arriving(data)
    arriving(pack[:place] + data + pack[place:])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_short_file_is_not_taken_for_a_pack(encoding: str) -> None:
    """What it is and what is wrong with it is told later."""
    for text in ("a = 1", "[a]", "# note", '{"a":1}', "Not a note."):
        (one,) = arriving(text.encode(encoding))
        assert (one.reason, one.data) == ("", text.encode(encoding))


def test_single_note_file_is_read(anna: Colleague) -> None:
    """A single note can be read from a file and from a stream."""
    path = min(anna.folder.iterdir())
    assert [one.data for one in incoming_at_path(path)] == [path.read_bytes()]
    assert [one.data for one in arriving(path.read_bytes())] == [path.read_bytes()]


@pytest.mark.parametrize("above", ["anna/notes/demo", "anna/notes", "anna", "."])
def test_folder_is_searched_to_limited_depth(anna: Colleague, tmp_path: Path, above: str) -> None:
    """One case's folder, all notes, or the folder above can be named; deeper is ignored."""
    deep = anna.folder / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    (deep / "deep.toml").write_text("x")
    found = [*incoming_at_path(tmp_path / above)]
    assert {one.data for one in found if not one.reason} == {*anna.files.values()}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "it is a link"),
        (lambda path: path.symlink_to(path), "it is a link"),
        (os.mkfifo, "it is a named pipe"),
        (lambda path: path.write_bytes(bytes(SIZE_LIMIT + 1)), "larger than the limit"),
    ],
)
def test_other_file_in_folder_is_reported(
    anna: Colleague, make: Callable[[Path], None], reason: str
) -> None:
    """A file that is not a note is reported by name, and affects no other."""
    make(anna.folder / "0.toml")
    first, *others = incoming_at_path(anna.folder)
    assert first.name == str(anna.folder / "0.toml")
    assert reason in first.reason
    assert len(others) == 2


def test_links_and_hidden_folders_are_not_followed(anna: Colleague) -> None:
    """Links, which may be circular, and hidden folders are not followed."""
    (anna.folder / "loop").symlink_to(anna.folder)
    versions = anna.folder / ".stversions"
    versions.mkdir()
    (versions / "a.toml").write_text("x")
    assert len([*incoming_at_path(anna.folder)]) == 2


@pytest.mark.parametrize("name", ["pipe", "none", "empty"])
def test_path_without_notes_is_reported(tmp_path: Path, name: str) -> None:
    """A FIFO, a missing path and an empty file are reported; nothing blocks."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (one,) = incoming_at_path(tmp_path / name)
    assert one.name == str(tmp_path / name)
    assert one.reason


def test_merge_is_limited(anna: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops with a message at the limit of files or bytes."""
    monkeypatch.setattr(pack, "MOST_FILES", 1)
    first, last = incoming_at_path(anna.folder)
    assert not first.reason
    assert "more than" in last.reason
