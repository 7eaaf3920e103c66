"""Nothing in a file, a note or a name acts on the terminal or breaks a verb."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import tarfile
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import pytest
from hostile_cases import (
    ATTACK,
    BROKEN,
    HOSTILE,
    LIKE_MARKUP,
    OUT_OF_PLACE,
    PATHS,
    VALUES,
    Broken,
    acting,
    hostile_case,
    with_id,
    with_row,
)
from hostile_notes import from_another
from namespaces import needs_root
from small_cases import events, write_case

from casefile.case.reader import read_case
from casefile.cli.command_line import run as run_line
from casefile.cli.problem_lines import problem_lines
from casefile.notes.annotation import encode
from casefile.notes.notebook import open_notebook
from casefile.places import find_places
from casefile.text.inert import inert

WRITTEN = {
    **{name: written for name, (written, _) in (HOSTILE | OUT_OF_PLACE).items()},
    **LIKE_MARKUP,
    "all at once": ATTACK,
}
"""What is tried in every field; a file can hold no half of a surrogate pair."""
IN_A_FILE = {
    name: words for name, words in WRITTEN.items() if not re.search("[\ud800-\udfff]", words)
}
BY_NAME = {
    **{name: words for name, words in IN_A_FILE.items() if not set(words) & {"\0", "/"}},
    "bytes that are no UTF-8": os.fsdecode(b"\xff\xfe\xc0\xaf"),
    "C1 as bytes": os.fsdecode(b"\x9b2J\x9d0;owned\x9c\x90q\x9c"),
    "a surrogate as bytes": os.fsdecode(b"\xed\xa0\x80"),
}
"""What is tried as a name; the operating system takes any bytes but these two."""

each_text = pytest.mark.parametrize("words", IN_A_FILE.values(), ids=IN_A_FILE)
each_name = pytest.mark.parametrize("words", BY_NAME.values(), ids=BY_NAME)

FINE, FINDINGS, WRONG_USE = 0, 1, 2


class Told(str):
    """All that a verb printed, and the code that it ended with."""

    code: int


Run = Callable[..., Told]


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Run:
    """Return a function that runs a verb; it must end well and print nothing that acts."""
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))

    def run(*words: str | Path, given: bytes = b"", code: int | None = None) -> Told:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsysbinary.readouterr()
        try:
            ended = run_line([*map(str, words)])
        except SystemExit as stop:
            ended = int(stop.code or 0)
        printed = capsysbinary.readouterr()
        told = Told((printed.out + printed.err).decode("utf-8"))
        told.code = ended
        assert acting(told) == []
        assert "Traceback" not in told
        assert ended in ((FINE, FINDINGS, WRONG_USE) if code is None else (code,)), told
        return told

    return run


def named(folder: Path, words: str, ending: str = ".toml") -> Path:
    """Return a path with a hostile name, as far as the file system allows it."""
    return folder / f"{words[:60]}{ending}"


def shown_in(told: str, words: str) -> bool:
    """Whether words are visible in the output, however they were split into lines."""
    parts = [part.strip() for part in re.split(r"[\r\n\t]+", words)]
    # A mark at the start stands on the space before it, if there is one.
    return all(inert(part) in told or inert(f" {part}") in told for part in parts)


# Cases


@pytest.mark.slow
@each_text
def test_hostile_case_is_inert_in_every_verb(run: Run, tmp_path: Path, words: str) -> None:
    """In every field and key of every kind of entry, each character is visible."""
    case = tmp_path / "hostile.toml"
    case.write_text(hostile_case(words), encoding="utf-8", newline="")
    other = tmp_path / "other.toml"
    other.write_text(hostile_case("plain"), encoding="utf-8")
    shown = run("show", case, code=FINDINGS)
    for label in ("text", "tag", "cite", "key"):
        assert shown_in(shown, words), label
    for entry in ("e", "o", "src", "hostile", "wrong"):
        assert shown_in(run("show", case, entry, code=FINDINGS), words)
    for line in (
        ("check", case, "--accepted", "--coverage"),
        ("check", case, "--format", "json"),
        ("diff", case, other),
        ("diff", other, case, "--format", "json"),
    ):
        run(*line, code=FINDINGS)
    lines: tuple[tuple[str | Path, ...], ...] = (
        ("source", "list", case),
        ("list", "--format", "json"),
        ("notes", case),
        ("log", case),
        ("show", case, words),
        ("show", case, "--pane", words),
        ("show", case, "--where", words),
    )
    for one in lines:
        run(*one)


@pytest.mark.slow
@each_name
def test_hostile_names_are_inert(run: Run, tmp_path: Path, words: str) -> None:
    """The names of files, folders and sources, also of missing ones."""
    folder = named(tmp_path / "cases", words, "")
    case = write_case(named(folder, words), events("one"))
    wrong = write_case(named(folder, words, "-wrong.toml"), '[[event]]\nid = "A B"\n')
    settings = tmp_path / "config" / "casefile" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[library]\nfolders = [{json.dumps(str(tmp_path / 'cases'))}]\n")
    run("show", case, code=FINE)
    run("notes", case, code=FINE)
    run("where", code=FINE)
    assert inert(str(case)) in run("list", code=FINE)
    assert inert(str(wrong)) in run("check", wrong, code=FINDINGS)
    for verb in ("show", "check", "notes", "log", "source list", "notes merge", "from-csv", "open"):
        told = run(*verb.split(), words, code=None)
        assert told.code in (FINDINGS, WRONG_USE), verb
    run(words)
    option = f"--{words.replace(' ', '')}"
    assert shown_in(run("show", "x", option, code=WRONG_USE), option)


# Files that can't be read


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_file_is_reported_with_place(run: Run, tmp_path: Path, broken: Broken) -> None:
    """For each verb the problem comes after `file:line:column`, and the exit code is 2."""
    path = tmp_path / "broken.toml"
    path.write_bytes(broken.data)
    for line in (("show", path), ("check", path), ("notes", path), ("diff", path, path)):
        told = run(*line, code=WRONG_USE)
        assert told.startswith(f"{path}:{broken.place}: "), told
        assert broken.says in told
    told = run("check", "-", "--as", "x", given=broken.data, code=WRONG_USE)
    assert told.startswith(f"x:{broken.place}: ")


class Screen(io.TextIOWrapper):
    """A stream that is a terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    def isatty(self) -> bool:
        """Return True."""
        return True


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_terminal_shows_broken_line_and_caret(tmp_path: Path, broken: Broken) -> None:
    """Under each problem is the line of the file, inert and no wider than the terminal."""
    path = tmp_path / "broken.toml"
    path.write_bytes(broken.data)
    what, *below = problem_lines(read_case(path), Screen())
    if below:
        line, caret = below[:2]
        assert caret.strip() == "^"
        assert len(caret) <= 80
        assert len(line) <= 80
        assert acting(line) == []
    else:
        assert not broken.data.decode("utf-8-sig", "replace").strip(), what


@pytest.mark.slow
@pytest.mark.parametrize("row", VALUES.values(), ids=VALUES)
def test_odd_values_break_nothing(run: Run, tmp_path: Path, row: str) -> None:
    """The case opens, or is refused with a place; every problem has one."""
    path = tmp_path / "odd.toml"
    path.write_bytes(with_row(row))
    for line in (("show", path), ("check", path), ("show", path, "one")):
        told = run(*line)
        if told.code == WRONG_USE:
            assert re.match(rf"{re.escape(str(path))}:\d+:\d+: ", told) or "“one”" in told


@pytest.mark.parametrize("name", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("kind", ["case", "event"])
def test_path_as_id_is_refused(run: Run, tmp_path: Path, name: str, kind: str) -> None:
    """It is refused with its place; nothing is created or looked up under it."""
    path = tmp_path / "x.toml"
    path.write_bytes(with_id(name)[kind])
    before = sorted(tmp_path.rglob("*"))
    told = run("check", path)
    assert told.code == (WRONG_USE if kind == "case" else FINDINGS)
    assert re.match(rf"{re.escape(str(path))}:\d+:\d+: error: id: ", told)
    for line in (("notes", path), ("source", "list", path), ("source", "add", path, name, path)):
        run(*line)
    run("note", "add", path, name, given=b"text", code=WRONG_USE)
    assert sorted(tmp_path.rglob("*")) == before


# Special files


@contextmanager
def special(folder: Path, kind: str) -> Iterator[Path]:
    """Return a path in a folder that is not a regular file, or does not exist."""
    path = folder / f"{kind}\x1b[2J.toml"
    listener = None
    match kind:
        case "a pipe":
            os.mkfifo(path)
        case "a socket":
            listener = socket.socket(socket.AF_UNIX)
            # The name of a socket may have no more than 107 bytes, those of its folder included.
            with chdir(folder):
                listener.bind(path.name)
        case "a device":
            path.symlink_to("/dev/zero")
        case "a folder":
            path.mkdir()
        case "a link to itself":
            path.symlink_to(path)
        case "a link to nothing":
            path.symlink_to(folder / "nothing\x1b[2J")
        case "a file in a file":
            (folder / "file").write_text("x")
            path = folder / "file" / "x.toml"
        case "a name too long":
            path = folder / f"{'x' * 300}.toml"
        case "of the system":
            path = Path("/proc/self/mem")
    try:
        yield path
    finally:
        if listener:
            listener.close()


SPECIAL = ["a pipe", "a socket", "a device", "a folder", "a link to itself", "a link to nothing",
           "a file in a file", "a name too long", "of the system"]  # fmt: skip


@pytest.mark.parametrize("kind", SPECIAL)
def test_special_files_are_refused_at_once(run: Run, tmp_path: Path, kind: str) -> None:
    """No verb waits for one or reads it endlessly, and each says in a line what it is."""
    good = write_case(tmp_path / "good.toml", events("one"), case_id="good")
    with special(tmp_path, kind) as path:
        for line in (
            ("show", path),
            ("check", path),
            ("check", path, good),
            ("diff", good, path),
            ("notes", path),
            ("from-csv", path),
        ):
            told = run(*line, code=WRONG_USE)
            assert inert(path.name) in told
        run("notes", "merge", path, "--yes")
        run("source", "add", good, "one", path, code=WRONG_USE)


@pytest.mark.parametrize("kind", [kind for kind in SPECIAL if kind != "a file in a file"])
def test_special_file_as_source_text_is_reported(run: Run, tmp_path: Path, kind: str) -> None:
    """The same beside a case, as the text of a source."""
    with special(tmp_path, kind) as path:
        source = f'[[source]]\nid = "s"\ntitle = "S"\nfile = {json.dumps(path.name)}\n'
        cite = '[[event]]\nid = "e"\ntitle = "E"\ncites = ["s, para 1"]\n'
        case = write_case(tmp_path / "good.toml", source + cite)
        for line in (("show", case), ("check", case), ("source", "list", case)):
            told = run(*line)
            assert told.code in (FINE, FINDINGS)
        assert "not at hand" in told


@needs_root
def test_unreadable_file_is_reported(run: Run, tmp_path: Path) -> None:
    """A file that the user may not read is reported with the reason."""
    path = write_case(tmp_path / "theirs.toml")
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        told = run("show", path, code=WRONG_USE)
    finally:
        os.seteuid(0)
    assert told == f"{path}: can't be read: permission denied\n"


def test_growing_file_is_read_to_an_end(run: Run, tmp_path: Path) -> None:
    """A process that goes on writing does not delay the verb."""
    path = write_case(tmp_path / "grows.toml")
    is_over = threading.Event()

    def grow() -> None:
        with path.open("a") as file:
            while not is_over.is_set() and file.tell() < 50_000_000:
                file.write(f"# {'x' * 1000}\n")
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        assert run("show", path).code in (FINE, WRONG_USE)
    finally:
        is_over.set()
        writer.join()


# Notes of others


@pytest.mark.slow
@each_text
def test_hostile_notes_of_others_are_inert(run: Run, tmp_path: Path, words: str) -> None:
    """Merged, packed and printed in every form; nothing in a note acts, and data parse back."""
    case = write_case(tmp_path / "demo.toml", events("one"))
    _, reply = from_another(tmp_path / "hers", words)
    theirs = find_places(tmp_path / "hers").notes("demo")
    for line in (
        ("notes", "merge", theirs, "--dry-run"),
        ("notes", "merge", theirs, "--yes"),
        ("notes", case),
        ("notes", "--all"),
        ("notes", case, "--where", f"tag:{words}"),
        ("notes", case, "--format", "csv"),
        ("notes", case, "--format", "md"),
        ("log", case),
        ("log", case, "one"),
        ("show", case),
    ):
        run(*line, "--notes-dir", tmp_path / "mine")
    told = run("notes", case, "--notes-dir", tmp_path / "mine")
    assert shown_in(told, words)
    plain = run("notes", case, "--format", "md", "--notes-dir", tmp_path / "mine")
    assert shown_in(plain.replace("\\", ""), words.replace("\\", ""))
    data = run("notes", case, "--format", "json", "--notes-dir", tmp_path / "mine")
    listed, _ = json.JSONDecoder().raw_decode(data)
    bodies = {one["body"] for one in listed}
    assert bodies == {f"{words}\n{words}", f"{words} too", words}
    pack = tmp_path / "pack.tar"
    run("notes", "pack", case, pack, "--notes-dir", tmp_path / "mine")
    run("notes", "merge", pack, "--yes", "--notes-dir", tmp_path / "third")
    third = open_notebook(find_places(tmp_path / "third"), "demo", "third")
    kept = third.note(reply.id)
    assert kept is not None
    assert (kept.current.body, kept.current.tags) == (words, (words,))
    assert tomllib.loads(encode(kept.current).decode())["body"] == words
    run("notes", "forget", reply.id, "--yes", "--notes-dir", tmp_path / "third", code=FINE)


@each_name
def test_hostile_names_in_a_pack_are_inert(run: Run, tmp_path: Path, words: str) -> None:
    """The names in a pack are visible, and nothing is written to them."""
    pack = tmp_path / "pack.tar"
    with tarfile.open(pack, "w") as archive:
        for name in (f"notes/{words}.toml", f"../{words}.toml", f"/{words}/x.toml", words or "x"):
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"no"))
        link = tarfile.TarInfo(f"{words}-link.toml")
        link.type, link.linkname = tarfile.SYMTYPE, f"/etc/{words}"
        archive.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    told = run("notes", "merge", pack, "--yes", "--notes-dir", tmp_path / "mine")
    assert told.code == FINDINGS
    assert sorted(tmp_path.rglob("*")) == before


# The reader's own surroundings


@pytest.mark.parametrize("words", [*LIKE_MARKUP.values(), ATTACK.replace("\0", "")])
def test_hostile_environment_is_inert(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    """The login name, the settings and the name of the editor."""
    case = write_case(tmp_path / "demo.toml", events("one"))
    for name in ("LOGNAME", "USER", "EDITOR", "VISUAL", "TMUX", "LANGUAGE"):
        monkeypatch.setenv(name, words)
    settings = tmp_path / "config" / "casefile" / "config.toml"
    settings.parent.mkdir(parents=True)
    text = json.dumps(words)
    settings.write_text(
        f"author = {text}\ntheme = {text}\n{text} = 1\n[keys]\n{text} = {text}\n"
        f"[library]\nfolders = [{text}]\n".replace("\\u007f", "\\u007F")
    )
    run("note", "add", case, "one", given=words.encode(), code=FINE)
    for line in (("notes", case), ("log", case), ("list",), ("where",), ("show", case)):
        run(*line)
    assert shown_in(run("notes", case), words)
