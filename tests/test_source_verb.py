"""`casefile source`: adding, listing and removing copies of the texts of sources."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_cases import ATTACK, acting
from screens import Desk

from casefile.cli.command_line import run as run_line
from casefile.library import BUNDLED

CASE = """
[[event]]
id = "a"
title = "A"
cites = [{ at = "para 1", quote = "first words" }, { at = "para 2", quote = "first words" }]
[[event]]
id = "b"
title = "B"
cites = [{ at = "para 9", quote = "no such word" }]
"""
TEXT = "first words\nand others\n"

Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def case(desk: Desk) -> Path:
    """Return a case some of whose cites its source does not support."""
    return desk.write_case(CASE)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """Return the text of the source."""
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def run(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the verb; it returns the exit code and the printed lines."""

    def run(*arguments: str | Path) -> tuple[int, list[str]]:
        line = ["source", *map(str, arguments), "--notes-dir", str(desk.folder / "home")]
        try:
            code = run_line(line)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 70
        printed = capsys.readouterr()
        return code, [*printed.out.splitlines(), *printed.err.splitlines()]

    return run


def kept(desk: Desk, case_id: str = "demo") -> Path:
    """Return the path of the copy of the source `press`."""
    return desk.folder / "home" / "sources" / case_id / "press.txt"


def test_add_keeps_a_copy_and_checks_the_cites(
    run: Run, desk: Desk, case: Path, text: Path
) -> None:
    """Prints the path, how the text is divided, and each cite and quotation not found."""
    assert run("add", case, "press", text) == (
        1,
        [
            f"Kept as {kept(desk)}",
            "The text has 2 paragraphs, one on each line.",
            "2 of 3 cited places are in it.",
            "1 of 3 quotations are where cited.",
            "b: para 9 is not in press; it has 2 paragraphs",
            "a: “first words” is not in press, para 2; it is in para 1",
            "b: “no such word” is not in press; nearest in para 1: “first words”",
        ],
    )
    assert kept(desk).read_text("utf-8") == TEXT
    assert stat.S_IMODE(kept(desk).stat().st_mode) == 0o600


def test_add_succeeds_if_all_cites_are_found(run: Run, desk: Desk, tmp_path: Path) -> None:
    """Nothing more is printed, and the exit code is 0."""
    case = desk.write_case('[[event]]\nid = "a"\ntitle = "A"\ncites = "p. 2"\n')
    (tmp_path / "a.txt").write_text("one\n\ntwo\n\fthree\n", "utf-8")
    code, lines = run("add", case, "press", tmp_path / "a.txt")
    assert code == 0
    assert lines[1:] == [
        "The text has 2 paragraphs on 2 pages, separated by blank lines.",
        "1 of 1 cited places are in it.",
        "0 of 0 quotations are where cited.",
    ]


def test_add_says_that_paragraphs_bear_numbers(run: Run, desk: Desk, tmp_path: Path) -> None:
    """The key to set is named; once it is set, paragraphs are those of the numbers."""
    event = '[[event]]\nid = "a"\ntitle = "A"\ncites = "src, para 5"\n'
    source = '[[source]]\nid = "src"\ntitle = "S"\n'
    text = "\n\n".join(f"{number}. He went on." for number in range(1, 6))
    (tmp_path / "a.txt").write_text(f"THE CHARGES\n\n{text}\n", "utf-8")
    _, lines = run("add", desk.write_case(source + event), "src", tmp_path / "a.txt")
    assert lines[1] == "The text has 6 paragraphs, separated by blank lines."
    assert lines[-1].endswith('to cite by these numbers, set `paragraphs = "numbered"`')
    case = desk.write_case(f'{source}paragraphs = "numbered"\n{event}')
    assert run("add", case, "src", tmp_path / "a.txt")[1][1:] == [
        "The text has 5 paragraphs, by the numbers printed at their beginnings.",
        "1 of 1 cited places are in it.",
        "0 of 0 quotations are where cited.",
    ]


def test_adding_the_same_copy_again_changes_nothing(
    run: Run, desk: Desk, case: Path, text: Path
) -> None:
    """It prints the same as before."""
    first = run("add", case, "press", text)
    before = kept(desk).stat()
    assert run("add", case, "press", text) == first
    assert kept(desk).stat().st_ino == before.st_ino


def test_adding_different_copy_needs_replace(run: Run, desk: Desk, case: Path, text: Path) -> None:
    """A copy that notes may depend on is not replaced by accident."""
    run("add", case, "press", text)
    text.write_text("other words\n", "utf-8")
    assert run("add", case, "press", text) == (
        2,
        ["You already have another copy of press; --replace replaces it."],
    )
    assert kept(desk).read_text("utf-8") == TEXT
    code, lines = run("add", "--replace", case, "press", text)
    assert (code, lines[0]) == (1, f"Kept as {kept(desk)}")
    assert kept(desk).read_text("utf-8") == "other words\n"


def test_add_reports_a_different_hash(run: Run, desk: Desk, tmp_path: Path) -> None:
    """A copy that is not the file the case was written from is kept and reported."""
    digest = hashlib.sha256(b"other").hexdigest()
    case = desk.write_case(f'[[source]]\nid = "src"\ntitle = "S"\nsha256 = "{digest}"\n')
    (tmp_path / "a.txt").write_text("text", "utf-8")
    code, lines = run("add", case, "src", tmp_path / "a.txt")
    own = hashlib.sha256(b"text").hexdigest()
    assert code == 1
    assert lines[-1] == f"src: its sha256 differs from the one in the case file: {own}"
    (tmp_path / "a.txt").write_text("other", "utf-8")
    assert run("add", case, "src", tmp_path / "a.txt", "--replace")[0] == 0


def test_add_refuses_text_that_the_case_has(run: Run, desk: Desk, text: Path) -> None:
    """If the case has the text, a copy would never be used."""
    (desk.folder / "a.txt").write_text("The case’s.", "utf-8")
    case = desk.write_case('[[source]]\nid = "src"\ntitle = "S"\nfile = "a.txt"\n')
    code, [line] = run("add", case, "src", text)
    assert code == 2
    assert line == (
        f"A copy of src would not be used; the case has the text, in {desk.folder / 'a.txt'}."
    )
    assert not (desk.folder / "home").exists()


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (b"%PDF-1.7", "pdftotext -layout FILE"),
        (b"PK\x03\x04", "plain text"),
        (b"\x7fELF\x00", "binary data"),
        ("Text".encode("utf-16"), "iconv -f UTF-16"),
        (b"\x92", "iconv -f WINDOWS-1252"),
        (b"", "no text"),
    ],
)
def test_add_refuses_binary_files(run: Run, case: Path, text: Path, data: bytes, hint: str) -> None:
    """The message says how to make text of them; nothing is kept."""
    text.write_bytes(data)
    code, [line] = run("add", case, "press", text)
    assert code == 2
    assert line.startswith(f"{text}: ")
    assert hint in line
    assert not (case.parent / "home").exists()


def test_add_refuses_anything_but_regular_files(
    run: Run, desk: Desk, case: Path, tmp_path: Path
) -> None:
    """A folder, a pipe and a missing file are refused at once, by name."""
    os.mkfifo(tmp_path / "pipe")
    for name, why in (("pipe", "a named pipe"), (".", "a folder"), ("none", "no such file")):
        code, [line] = run("add", case, "press", tmp_path / name)
        assert code == 2
        assert line.startswith(f"{tmp_path / name}: ")
        assert why in line
    assert not (desk.folder / "home").exists()


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("none", "known: press"),
        ("a", "known: press"),
        ("../press", "the nearest is “press”"),
    ],
)
def test_unknown_source_is_refused(
    run: Run, case: Path, text: Path, source: str, hint: str
) -> None:
    """Another entry, an invalid id or a path names no source."""
    no_source = (2, [f"There is no source “{source}” in this case; {hint}."])
    assert run("add", case, source, text) == no_source
    no_copy = (2, [f"You have no copy of {source}."])
    assert run("remove", case, source) == (no_copy if source in ("none", "a") else no_source)
    assert not (case.parent / "home").exists()


def test_list_prints_where_each_text_is(run: Run, desk: Desk, text: Path) -> None:
    """Beside the case file, a copy, a copy instead of an unreadable file, or why there is none."""
    (desk.folder / "a.txt").write_text("one\n\ntwo", "utf-8")
    rows = "".join(
        f'[[source]]\nid = "{name}"\ntitle = "S"\n{more}\n'
        for name, more in (
            ("beside", 'file = "a.txt"'),
            ("gone", 'file = "b.txt"'),
            ("copied", 'file = "../c.txt"'),
            ("hashed", 'file = "a.txt"\nsha256 = "00"'),
        )
    )
    case = desk.write_case(rows)
    run("add", case, "copied", text)
    code, lines = run("list", case)
    copy = desk.folder / "home" / "sources" / "demo" / "copied.txt"
    beside = (
        f"beside the case file, {desk.folder / 'a.txt'}: 2 paragraphs, separated by blank lines"
    )
    add = "`casefile source add demo {} FILE` adds a copy"
    named = "put the file beside the case file or in a folder there"
    assert code == 0
    assert [line.split(": ", 1) for line in lines] == [
        ["press", f"not at hand: the case names no file for it; {add.format('press')}"],
        ["beside", beside],
        ["gone", "not at hand: “b.txt”: there is no such file beside the case file; "
                 + add.format("gone")],
        ["copied", f"your copy, {copy}: 2 paragraphs, one on each line"],
        ["copied", ("not the file that the case names: "
                   f"“../c.txt”: it leads out of the folder; {named}")],
        ["hashed", beside],
        ["hashed", "its sha256 differs from the one in the case file: "
                   + hashlib.sha256(b"one\n\ntwo").hexdigest()],
    ]  # fmt: skip


def test_list_creates_nothing(run: Run, desk: Desk, case: Path) -> None:
    """A verb that only reads creates no directory."""
    run("list", case)
    assert not (desk.folder / "home").exists()


def test_remove_deletes_the_copy(run: Run, desk: Desk, case: Path, text: Path) -> None:
    """A second remove is refused."""
    run("add", case, "press", text)
    assert run("remove", case, "press") == (0, [f"Removed {kept(desk)}"])
    assert not kept(desk).exists()
    assert run("remove", case, "press") == (2, ["You have no copy of press."])


def test_copy_of_a_removed_source_can_be_deleted(run: Run, desk: Desk, text: Path) -> None:
    """Also if a later version of the case no longer has the source."""
    case = desk.write_case('[[source]]\nid = "old"\ntitle = "S"\n')
    run("add", case, "old", text)
    desk.write_case("")
    assert run("remove", case, "old")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["move"], ["add"], ["add", "demo.toml", "press"], ["list"], ["list", "a", "b"]],
)
def test_wrong_arguments_print_the_usage(run: Run, arguments: list[str]) -> None:
    """With exit code 2."""
    code, lines = run(*arguments)
    assert code == 2
    assert lines[0].startswith("usage: casefile source")


def test_unreadable_case_is_reported(run: Run, tmp_path: Path) -> None:
    """As by every verb, with its place."""
    (tmp_path / "bad.toml").write_text("no TOML", "utf-8")
    code, [line] = run("list", tmp_path / "bad.toml")
    assert code == 2
    assert line.startswith(f"{tmp_path / 'bad.toml'}:1:")


def test_notes_dir_may_precede_the_subcommand(
    desk: Desk, case: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--notes-dir is accepted before the subcommand and after it."""
    home = str(desk.folder / "home")
    run_line(["source", "--notes-dir", home, "add", str(case), "press", str(text)])
    assert capsys.readouterr().out.startswith(f"Kept as {kept(desk)}\n")


def test_hostile_texts_and_names_are_printed_inert(run: Run, desk: Desk, tmp_path: Path) -> None:
    """Nothing in a case, a text or the name of a file acts on the terminal."""
    import tomli_w

    words = f"{ATTACK} words"
    rows = {
        "source": [{"id": "src", "title": words, "file": words}],
        "event": [{"id": "e", "title": words, "cites": [
            {"source": "src", "at": "para 9", "quote": words},
            {"source": "src", "at": words, "quote": "some words of it"},
        ]}],
    }  # fmt: skip
    case = desk.folder / "demo.toml"
    head = {"format": "casefile/1", "case": {"id": "demo", "title": words}}
    case.write_text(tomli_w.dumps({**head, **rows}), "utf-8")
    name = tmp_path / ATTACK.replace("\x00", "").replace("/", "")
    name.write_text(f"some {ATTACK.replace(chr(0), '')} words of it", "utf-8")
    for arguments in (("add", case, "src", name), ("list", case), ("add", case, ATTACK, name)):
        _, lines = run(*arguments)
        assert lines
        assert acting("\n".join(lines)) == []


def test_bundled_case_has_no_text(run: Run) -> None:
    """The report that it is made from may not be redistributed."""
    _, [line] = run("list", BUNDLED)
    assert line.startswith("wvue: not at hand: the case names no file for it; ")
