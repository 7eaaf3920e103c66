"""Packs of notes: the same bytes for the same notes, and nothing in one that can do harm."""

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

from casefile.notes import incoming
from casefile.notes.annotation import SIZE_LIMIT, encode, file_name
from casefile.notes.incoming import arrivals_at, arrivals_by
from casefile.notes.pack import BLOCK, Arrival, packed


@pytest.fixture
def anna(tmp_path: Path) -> Colleague:
    """Give a reader with a note that was edited."""
    anna = Colleague(tmp_path / "anna", "anna")
    first = anna.write("one")
    anna.notebook.keep_edit(first.id, "two", TARGET)
    return anna


def pack_of(reader: Colleague) -> bytes:
    """Give all revisions of a reader as a pack."""
    files = reader.notebook.by_file.items()
    return b"".join(packed((kept, path.read_bytes()) for path, kept in files))


def arriving(data: bytes) -> list[Arrival]:
    """Give what a pack brings."""
    return [*arrivals_by(io.BytesIO(data), "pack")]


def tar(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    """Give a tar as Python writes it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as made:
        for info, data in members:
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """Give a member of a tar."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


def with_header(data: bytes, place: slice, value: bytes) -> bytes:
    """Give a tar with another value in its first header, whose sum is right again."""
    header = bytearray(data[:BLOCK])
    header[place] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data[BLOCK:]


def test_the_same_notes_give_the_same_bytes(anna: Colleague, tmp_path: Path) -> None:
    """In whatever order and under whatever names the files were found."""
    first = pack_of(anna)
    files = anna.files
    again = Colleague(tmp_path / "again", "anna")
    again.folder.mkdir(parents=True)
    for count, (_name, data) in enumerate(reversed(files.items())):
        (again.folder / f"{count}.toml").write_bytes(data)
    assert pack_of(again) == first
    files_of = [(kept, path.read_bytes()) for path, kept in again.notebook.by_file.items()]
    for order in (files_of, files_of[::-1], files_of * 2):
        assert b"".join(packed(order)) == first


def test_a_pack_is_a_plain_tar(anna: Colleague) -> None:
    """Any tar takes it apart: the files as they are, nobody's, of mode 0600, dated as written."""
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
def test_a_time_that_no_tar_can_hold_is_the_nearest(anna: Colleague, year: int) -> None:
    """A clock that was wrong spoils no pack."""
    (kept, _), path = anna.notebook.notes[0].history, min(anna.folder.iterdir())
    dated = replace(kept, modified=kept.modified.replace(year=year))
    (one,) = arriving(b"".join(packed([(dated, path.read_bytes())])))
    assert one.data == path.read_bytes()


def test_what_was_packed_arrives(anna: Colleague) -> None:
    """Every file, byte for byte."""
    assert {Path(one.name).name: one.data for one in arriving(pack_of(anna))} == anna.files


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_others_packed_arrives(anna: Colleague, form: int) -> None:
    """A tar of the folder by another program, long names and all."""
    top = "notes-of-a-colleague-from-another-newsroom/casefile/notes/demo"
    members = [(named(f"{top}/{name}"), data) for name, data in anna.files.items()]
    found = arriving(tar((named(top, tarfile.DIRTYPE), b""), *members, form=form))
    assert sorted(one.data for one in found) == sorted(anna.files.values())
    assert not any(one.reason for one in found)


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (named("demo/a.toml", tarfile.SYMTYPE), "a link"),
        (named("demo/a.toml", tarfile.LNKTYPE), "a link"),
        (named("demo/a.toml", tarfile.FIFOTYPE), "a named pipe"),
        (named("demo/a.toml", tarfile.CHRTYPE), "something else"),
        (named("/etc/a.toml"), "leads out"),
        (named("../../a.toml"), "leads out"),
        (named("demo/../../a.toml"), "leads out"),
    ],
)
def test_what_is_no_file_of_the_pack_is_told(
    anna: Colleague, member: tarfile.TarInfo, reason: str
) -> None:
    """By its name, and the others arrive."""
    good = [(named(f"demo/{name}"), data) for name, data in anna.files.items()]
    found = arriving(tar(good[0], (member, b""), good[1], form=tarfile.GNU_FORMAT))
    assert [(one.name, reason in one.reason) for one in found if one.reason] == [
        (f"pack/{member.name}", True)
    ]
    assert sorted(one.data for one in found if not one.reason) == sorted(anna.files.values())


def test_what_is_carried_along_is_passed_over() -> None:
    """What git and Syncthing keep in the folder, and unfinished files, are no notes."""
    names = ("notes/.git/config", "notes/.stversions/demo/a.toml", "demo/.a.toml.swp")
    assert arriving(tar(*((named(name), b"x") for name in names))) == []


def test_a_huge_file_is_told_and_not_held(anna: Colleague) -> None:
    """What follows it arrives."""
    (name, data), _ = anna.files.items()
    found = arriving(
        tar((named("demo/huge.toml"), bytes(SIZE_LIMIT + 1)), (named(f"demo/{name}"), data))
    )
    assert found[0] == Arrival(
        "pack/demo/huge.toml", reason=f"it is larger than the limit of {SIZE_LIMIT:,} bytes"
    )
    assert found[1].data == data


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_chain_of_headers_is_passed_over(anna: Colleague, kind: bytes) -> None:
    """However long it is: each is read by itself, and the file behind it arrives."""
    chain = (named("demo/a", kind).tobuf(tarfile.USTAR_FORMAT) for _ in range(5000))
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
def test_sizes_that_cant_be_are_told(anna: Colleague, size: bytes, reason: str) -> None:
    """Neither memory nor time is spent on a size that only a header claims."""
    good = tar((named("demo/a.toml"), b"x"))[: 2 * BLOCK]
    data = good + with_header(pack_of(anna), slice(124, 136), size)
    begun = time.monotonic()
    told = [one.reason for one in arriving(data) if one.reason]
    assert time.monotonic() - begun < 2
    assert reason in told[0]


def test_a_pack_that_was_cut_short_is_told(anna: Colleague) -> None:
    """Wherever it was cut; what is whole arrives."""
    data = pack_of(anna)
    for length in range(BLOCK, len(data) - BLOCK, 100):
        found = arriving(data[:length])
        assert "cut short" in found[-1].reason
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
def test_what_is_no_pack_is_told(data: bytes, reason: str) -> None:
    """Nothing is decompressed, so there is no bomb that could go off."""
    (one,) = arriving(data)
    assert reason in one.reason


@given(st.binary(max_size=3 * BLOCK), st.integers(0, 3 * BLOCK))
def test_whatever_bytes_come_are_survived(data: bytes, place: int) -> None:
    """At the start, or in the middle of a pack."""
    pack = tar((named("demo/a.toml"), b"x"), (named("demo/b.toml"), b"y"))
    arriving(data)
    arriving(pack[:place] + data + pack[place:])


def test_one_note_by_itself_arrives(anna: Colleague) -> None:
    """As a file, and by a stream."""
    path = min(anna.folder.iterdir())
    assert [one.data for one in arrivals_at(path)] == [path.read_bytes()]
    assert [one.data for one in arriving(path.read_bytes())] == [path.read_bytes()]


@pytest.mark.parametrize("above", ["anna/notes/demo", "anna/notes", "anna", "."])
def test_a_folder_is_looked_into_a_few_levels_down(
    anna: Colleague, tmp_path: Path, above: str
) -> None:
    """One case's notes, those of several, a whole directory; deeper there is something else."""
    deep = anna.folder / "a" / "b" / "c" / "d"
    deep.mkdir(parents=True)
    (deep / "deep.toml").write_text("x")
    found = [*arrivals_at(tmp_path / above)]
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
def test_what_is_no_note_in_a_folder_is_told(
    anna: Colleague, make: Callable[[Path], None], reason: str
) -> None:
    """By its name, and hides no other."""
    make(anna.folder / "0.toml")
    first, *others = arrivals_at(anna.folder)
    assert first.name == str(anna.folder / "0.toml")
    assert reason in first.reason
    assert len(others) == 2


def test_links_to_folders_are_not_followed(anna: Colleague) -> None:
    """They may lead round in a circle; nor are folders that begin with a dot looked into."""
    (anna.folder / "loop").symlink_to(anna.folder)
    versions = anna.folder / ".stversions"
    versions.mkdir()
    (versions / "a.toml").write_text("x")
    assert len([*arrivals_at(anna.folder)]) == 2


@pytest.mark.parametrize("name", ["pipe", "none", "empty"])
def test_a_path_that_holds_no_notes_is_told(tmp_path: Path, name: str) -> None:
    """A named pipe, which would hang; what is not there; an empty file."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    (one,) = arrivals_at(tmp_path / name)
    assert one.name == str(tmp_path / name)
    assert one.reason


def test_no_more_is_taken_at_once_than_fits(
    anna: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond that it is told, and nothing more is held."""
    monkeypatch.setattr(incoming, "MOST_FILES", 1)
    first, last = arrivals_at(anna.folder)
    assert not first.reason
    assert "more than" in last.reason
