"""Loading the text of a source, and the reasons why it can't be loaded."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from pathlib import Path
from unittest.mock import Mock

import pytest
from namespaces import needs_root
from screens import Desk

from casefile.case.model import CaseFile, Source
from casefile.case.sources.text_files import (
    LoadedText,
    TextUnavailable,
    decode_text,
    keep_copy,
    load_text,
    own_copy_path,
    remove_copy,
)
from casefile.places import NoDirectory, Places

NOBODY = 12345
NAMED_BESIDE = "put the file beside the case file or in a folder there"


def case_with(desk: Desk, source: str = "", *, folder: Path | None = None) -> CaseFile:
    """Return a case with a source `src`."""
    path = desk.write_case(f'[[source]]\nid = "src"\ntitle = "S"\n{source}\n')
    if folder is not None:
        folder.mkdir(exist_ok=True)
        path = path.rename(folder / path.name)
    return desk.lay_open(path).case_file


def read(desk: Desk, case_file: CaseFile) -> LoadedText:
    """Load the text of the source `src`."""
    source = case_file.entries["src"]
    assert isinstance(source, Source)
    return load_text(case_file, source, desk.places)


def refusal(desk: Desk, case_file: CaseFile) -> tuple[str, str]:
    """Return why the text of the source `src` can't be loaded."""
    with pytest.raises(TextUnavailable) as caught:
        read(desk, case_file)
    return caught.value.why, caught.value.what


def keep(desk: Desk, text: str = "A copy.\n", *, replace: bool = False) -> Path:
    """Write a copy of the source `src`."""
    return keep_copy(desk.places, "demo", "src", text.encode(), replace=replace)


# The file beside the case file


def test_text_is_loaded_from_beside_the_case_file(desk: Desk) -> None:
    """It has its path, its hash and the division given by the source."""
    (desk.folder / "texts").mkdir()
    (desk.folder / "texts" / "a.md").write_text("One.\nTwo.\n", "utf-8")
    at_hand = read(desk, case_with(desk, 'file = "texts/a.md"\nparagraphs = "blank"'))
    assert at_hand.text.text == "One.\nTwo."
    assert len(at_hand.text.paragraphs) == 1
    assert at_hand.path == desk.folder / "texts" / "a.md"
    assert at_hand.sha256 == hashlib.sha256(b"One.\nTwo.\n").hexdigest()
    assert not at_hand.is_own
    assert at_hand.is_as_recorded is None
    assert at_hand.skipped_file is None


def test_sources_are_beside_the_target_of_a_linked_case_file(desk: Desk, tmp_path: Path) -> None:
    """Sources are beside the file itself, not beside a link to it."""
    case_file = case_with(desk, 'file = "a.txt"', folder=tmp_path / "cases")
    (tmp_path / "cases" / "a.txt").write_text("There.", "utf-8")
    link = tmp_path / "link.toml"
    link.symlink_to(case_file.path)
    assert read(desk, desk.lay_open(link).case_file).text.text == "There."


@pytest.mark.parametrize(
    ("recorded", "is_as_recorded"),
    [
        (hashlib.sha256(b"One.").hexdigest(), True),
        (f"sha256:{hashlib.sha256(b'One.').hexdigest()}", True),
        (hashlib.sha256(b"One.").hexdigest().upper(), True),
        (hashlib.sha256(b"Two.").hexdigest(), False),
        ("unknown", False),
    ],
)
def test_hash_is_compared(desk: Desk, recorded: str, is_as_recorded: bool) -> None:
    """The case of the digits and a prefix are ignored."""
    (desk.folder / "a.txt").write_bytes(b"One.")
    case_file = case_with(desk, f'file = "a.txt"\nsha256 = "{recorded}"')
    assert read(desk, case_file).is_as_recorded is is_as_recorded


def test_source_without_file_has_a_reason(desk: Desk) -> None:
    """This is normal, since many texts may not be passed on."""
    assert refusal(desk, case_with(desk)) == ("not-named", "the case names no file for it")
    assert refusal(desk, case_with(desk, 'file = ""'))[0] == "not-named"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a case with all kinds of files in it, and a secret beside it."""
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("Secret.", "utf-8")
    (folder / "a.txt").write_text("Text.", "utf-8")
    (folder / "large.txt").write_bytes(b"x" * ((1 << 20) + 1))
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "above").symlink_to(tmp_path)
    (folder / "null").symlink_to(os.devnull)
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("none.txt", "not-there: there is no such file beside the case file"),
        ("a.txt/b", "not-there: not a directory"),
        ("/etc/hostname", f"outside: it is an absolute path; {NAMED_BESIDE}"),
        ("../secret.txt", f"outside: it leads out of the folder; {NAMED_BESIDE}"),
        ("../none.txt", f"outside: it leads out of the folder; {NAMED_BESIDE}"),
        ("out.txt", f"outside: it is a link that leads out of the folder; {NAMED_BESIDE}"),
        ("above/secret.txt", f"outside: it is a link that leads out of the folder; {NAMED_BESIDE}"),
        ("null", f"outside: it is a link that leads out of the folder; {NAMED_BESIDE}"),
        (".", "unreadable: it is a folder, not a regular file"),
        ("pipe", "unreadable: it is a named pipe, not a regular file"),
        ("circle", "unreadable: too many levels of symbolic links"),
        ("a\0b", "unreadable: a path holds no NUL"),
        ("n" * 300, "unreadable: file name too long"),
        (
            "large.txt",
            "too-large: it is larger than 1 MiB; set CASEFILE_TEXT_LIMIT=2 to raise it",
        ),
    ],
)
def test_paths_outside_the_case_folder_are_refused(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, refused: str
) -> None:
    """Each kind of path has its own reason, and the file is not read."""
    monkeypatch.setenv("CASEFILE_TEXT_LIMIT", "1")
    case_file = case_with(desk, f"file = {json.dumps(name)}", folder=folder)
    why, what = refused.split(": ", 1)
    assert refusal(desk, case_file) == (why, f"“{name}”: {what}")


@pytest.mark.parametrize("name", ["in.txt", "within/a.txt", "./a.txt", "below/../a.txt"])
def test_paths_and_links_inside_the_case_folder_are_read(desk: Desk, name: str) -> None:
    """A link to another text or folder of the case is harmless."""
    (desk.folder / "a.txt").write_text("Text.", "utf-8")
    (desk.folder / "in.txt").symlink_to("a.txt")
    (desk.folder / "within").symlink_to(".")
    (desk.folder / "below").mkdir()
    assert read(desk, case_with(desk, f'file = "{name}"')).text.text == "Text."


# Decoding


@pytest.mark.parametrize("data", [b"A\r\nB\n", b"\xef\xbb\xbfA\nB", "A\nB\u0301".encode()])
def test_text_is_decoded_as_utf_8(data: bytes) -> None:
    """With or without a byte order mark, and with any line ends."""
    assert decode_text(data).startswith("A")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF; `pdftotext -layout FILE` converts it to text"),
        (b"\n\n%PDF-1.4 ", "it is a PDF; `pdftotext -layout FILE` converts it to text"),
        (b"PK\x03\x04\x14\x00", "it is a word processor document or an archive; save the"),
        ("Text".encode("utf-16"), "it is UTF-16; `iconv -f UTF-16 -t UTF-8 FILE` converts it"),
        (b"\xfe\xff\x00T", "it is UTF-16; `iconv -f UTF-16 -t UTF-8 FILE` converts it"),
        (b"T\x00e\x00x\x00t\x00", "it is binary data, or UTF-16 without a byte order mark; save"),
        (b"One.\nIt\x92s.", "byte 0x92 in line 2 is not UTF-8; `iconv -f WINDOWS-1252 -t UTF-8"),
        (b"", "it contains no text; a scan needs text recognition (OCR) first"),
        (b"\x0c\n \x0c", "it contains no text; a scan needs text recognition (OCR) first"),
    ],
)
def test_other_formats_are_refused_with_a_hint(data: bytes, what: str) -> None:
    """The message says what the file is and how to convert it."""
    with pytest.raises(TextUnavailable) as caught:
        decode_text(data)
    assert caught.value.why == "no-text"
    assert caught.value.what.startswith(what)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f"])
def test_number_of_lines_is_limited(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """A text of many short lines would take much more memory than its size."""
    monkeypatch.setenv("CASEFILE_LINE_LIMIT", "3")
    assert decode_text(f"a{end}".encode() * 3)
    with pytest.raises(
        TextUnavailable, match="more than 3 lines; set CASEFILE_LINE_LIMIT=6 to"
    ) as caught:
        decode_text(f"a{end}".encode() * 4)
    assert caught.value.why == "too-large"


def test_refused_file_is_named(desk: Desk) -> None:
    """The reason names the file."""
    (desk.folder / "a.pdf").write_bytes(b"%PDF-1.7")
    why, what = refusal(desk, case_with(desk, 'file = "a.pdf"'))
    assert (why, what.split(";")[0]) == ("no-text", "“a.pdf”: it is a PDF")


# The own copy of the reader


def test_own_copy_is_loaded_if_the_case_names_no_file(desk: Desk) -> None:
    """It is private, whatever the umask, and marked as the reader's own."""
    before = os.umask(0)
    try:
        path = keep(desk)
    finally:
        os.umask(before)
    assert (
        path == own_copy_path(desk.places, "demo", "src") == desk.places.sources("demo") / "src.txt"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    at_hand = read(desk, case_with(desk))
    assert (at_hand.text.text, at_hand.path, at_hand.is_own) == ("A copy.", path, True)
    assert at_hand.skipped_file is None


def test_file_of_the_case_precedes_own_copy(desk: Desk) -> None:
    """Everybody who opens the case reads the same text."""
    (desk.folder / "a.txt").write_text("The case’s.", "utf-8")
    keep(desk)
    at_hand = read(desk, case_with(desk, 'file = "a.txt"'))
    assert (at_hand.text.text, at_hand.is_own) == ("The case’s.", False)


@pytest.mark.parametrize(
    ("name", "why"), [("none.txt", "not-there"), ("../a.txt", "outside"), ("a.pdf", "no-text")]
)
def test_own_copy_replaces_unreadable_file_of_the_case(desk: Desk, name: str, why: str) -> None:
    """The reason for not using the file of the case is returned."""
    (desk.folder / "a.pdf").write_bytes(b"%PDF-1.7")
    keep(desk)
    at_hand = read(desk, case_with(desk, f'file = "{name}"'))
    assert at_hand.is_own
    assert at_hand.skipped_file is not None
    assert at_hand.skipped_file.why == why


def test_different_copy_is_only_replaced_on_request(desk: Desk) -> None:
    """The same content again is not an error."""
    path = keep(desk)
    assert keep(desk) == path
    with pytest.raises(FileExistsError):
        keep(desk, "Another.")
    assert path.read_bytes() == b"A copy.\n"
    assert keep(desk, "Another.", replace=True) == path
    assert path.read_bytes() == b"Another."
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["src.txt"]


def test_failed_copy_leaves_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk neither a partial copy nor a temporary file is left."""

    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        keep(desk)
    left = [path for path in (desk.folder / "home").rglob("*") if path.is_file()]
    assert left == []


def test_own_copy_is_removed(desk: Desk) -> None:
    """Removing it again raises an error."""
    path = keep(desk)
    assert remove_copy(desk.places, "demo", "src") == path
    assert refusal(desk, case_with(desk))[0] == "not-named"
    with pytest.raises(FileNotFoundError):
        remove_copy(desk.places, "demo", "src")


def test_damaged_copy_is_reported(desk: Desk) -> None:
    """The reason is what is wrong with the copy, not that the case names no file."""
    path = keep(desk)
    path.write_bytes(b"\xff")
    why, what = refusal(desk, case_with(desk))
    assert why == "no-text"
    assert what.startswith(f"your copy, {path}: byte 0xff in line 1")


@needs_root
def test_copy_of_another_user_is_refused(desk: Desk) -> None:
    """On a shared machine nobody can change the texts of another user's sources."""
    path = keep(desk)
    os.chown(path, NOBODY, NOBODY)
    why, what = refusal(desk, case_with(desk))
    assert why == "unreadable"
    assert what == f"your copy, {path}: it belongs to another user"
    os.chown(path, 0, 0)
    os.chown(path.parent, NOBODY, NOBODY)
    assert refusal(desk, case_with(desk))[0] == "unreadable"
    with pytest.raises(OSError, match="another user"):
        keep(desk, "Another.")
    with pytest.raises(OSError, match="another user"):
        remove_copy(desk.places, "demo", "src")


def test_copy_needs_a_home_folder(desk: Desk) -> None:
    """Without one, loading has the reason of the case, and writing says what helps."""
    nowhere = Places(None, None, None, "choose a folder with --notes-dir DIR")
    case_file = case_with(desk)
    source = case_file.of(Source)[-1]
    with pytest.raises(TextUnavailable, match="names no file"):
        load_text(case_file, source, nowhere)
    with pytest.raises(NoDirectory, match="--notes-dir"):
        keep_copy(nowhere, "demo", "src", b"x")


@pytest.mark.parametrize("source_id", ["", "..", "../x", "a/b", "A", "a.b", "a\n"])
def test_copy_needs_a_valid_id(desk: Desk, source_id: str) -> None:
    """An id is never a path."""
    with pytest.raises(ValueError, match="not the id of a source"):
        own_copy_path(desk.places, "demo", source_id)


def test_loading_creates_no_folder(desk: Desk) -> None:
    """Looking for a copy creates no folder for it."""
    refusal(desk, case_with(desk))
    assert not (desk.folder / "home").exists()


def test_hash_is_taken_without_dividing_the_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note on an entry records the hash of a cited text, and does not wait for its paragraphs."""
    (desk.folder / "a.md").write_text("One.\nTwo.\n", "utf-8")
    refuse = Mock(side_effect=AssertionError)
    monkeypatch.setattr("casefile.case.sources.source_text.SourceText", refuse)
    at_hand = read(desk, case_with(desk, 'file = "a.md"'))
    assert at_hand.sha256 == hashlib.sha256(b"One.\nTwo.\n").hexdigest()
    with pytest.raises(AssertionError):
        _ = at_hand.text
