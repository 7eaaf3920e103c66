"""`casefile new`: the example is valid and complete, and nothing is overwritten."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from terminal import readers_environment

from casefile.authoring.case_template import new_case_text
from casefile.authoring.json_schema import case_file_schema
from casefile.case.model import ENTRY_TYPES, Event, Source
from casefile.case.reader import read_case
from casefile.case.relations import cites_of
from casefile.cli import command_line
from casefile.library import BUNDLED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_new_case_opens_without_problems(folder: Path) -> None:
    """Its id is made from the file name."""
    assert command_line.run(["new", "Müller v. Groß.toml"]) == 0
    reading = read_case(folder / "Müller v. Groß.toml")
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.case.id == "muller-v-gross"
    assert reading.case_file.unknown == {}


def test_new_case_matches_the_schema() -> None:
    """An editor that follows its first line reports nothing."""
    validator = jsonschema_rs.Draft7Validator(json.loads(json.dumps(case_file_schema())))
    assert validator.is_valid(tomllib.loads(new_case_text("a")))


def test_new_case_has_an_example_of_everything(folder: Path) -> None:
    """Each table has an entry; one event has a date and one is placed by its order."""
    command_line.run(["new", "a.toml"])
    case_file = read_case(folder / "a.toml").case_file
    assert case_file is not None
    for entry_type in ENTRY_TYPES:
        assert case_file.of(entry_type), entry_type.table
    assert {event.date is None for event in case_file.of(Event)} == {True, False}
    assert any(event.follows and event.date is None for event in case_file.of(Event))


def test_every_entry_of_the_new_case_has_a_cite(folder: Path) -> None:
    """Everything but the sources names a source and a place in it."""
    command_line.run(["new", "a.toml"])
    case_file = read_case(folder / "a.toml").case_file
    assert case_file is not None
    for entry in case_file.entries.values():
        if not isinstance(entry, Source):
            cites = cites_of(case_file, entry)
            assert cites, entry.id
            assert all(cite.at and case_file.source_of(cite) for cite in cites), entry.id


def test_new_prints_the_next_commands(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The commands that check and open the file can be copied."""
    assert folder.exists()
    command_line.run(["new", "my case.toml"])
    said = capfd.readouterr().out.splitlines()
    assert said[1:] == [
        "Check it:  casefile check 'my case.toml'",
        "Open it:   casefile 'my case.toml'",
    ]


def test_dash_prints_the_new_case(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is written, and only the TOML is printed."""
    assert command_line.run(["new", "-", "--id", "mine"]) == 0
    assert tomllib.loads(capfd.readouterr().out)["case"]["id"] == "mine"
    assert list(folder.iterdir()) == []


def test_new_case_is_printed_as_utf8(folder: Path) -> None:
    """A pipe gets UTF-8, the only encoding of TOML, in any locale."""
    done = subprocess.run(
        [sys.executable, "-m", "casefile", "new", "-", "--id", "a"],
        env=readers_environment(folder, PYTHONIOENCODING="latin-1"),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("utf-8") == new_case_text("a")


def test_new_file_follows_the_umask(folder: Path) -> None:
    """The umask decides who may read it, as for any document."""
    before = os.umask(0o027)
    try:
        command_line.run(["new", "a.toml"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a.toml").stat().st_mode) == 0o640
    assert [path.name for path in folder.iterdir()] == ["a.toml"]


@pytest.mark.parametrize("there", ["file", "folder", "link to nothing"])
def test_new_never_overwrites(folder: Path, capfd: pytest.CaptureFixture[str], there: str) -> None:
    """Whatever has the name already is not changed, and the message says so."""
    path = folder / "a.toml"
    if there == "file":
        path.write_text("mine")
    elif there == "folder":
        path.mkdir()
    else:
        path.symlink_to("elsewhere.toml")
    assert command_line.run(["new", "a.toml"]) == 2
    assert "a.toml already exists and was not changed" in capfd.readouterr().err
    assert [one.name for one in folder.iterdir()] == ["a.toml"]
    assert not path.is_file() or path.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["none/a.toml"], "There is no folder none; make it first"),
        (["事件.toml"], "No id can be made from the name “事件”; give one with --id ID"),
        (["a.toml", "--id", "A 1"], "“A 1” is not a valid id; an id is a-z, 0-9 and -"),
        ([".", "--id", "a"], "already exists"),
    ],
)
def test_new_refuses_what_it_cannot_write(
    folder: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    """One line says why and what would be right; nothing is created."""
    assert command_line.run(["new", *arguments]) == 2
    said = capfd.readouterr()
    assert why in said.err
    assert (said.err.count("\n"), said.out) == (1, "")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("call", ["write", "fsync", "link"])
def test_failing_disk_leaves_no_partial_file(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    call: str,
) -> None:
    """The file is written whole or not at all, and the reason is given."""

    def fail(*_arguments: Any, **_keywords: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        code = command_line.run(["new", "a.toml"])
    assert code == 1
    assert "Not written: a.toml: no space left on device" in capfd.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code", "why"),
    [
        ("none/a", 2, "There is no folder none; make it first, or name another.\n"),
        ("none/", 2, "There is no folder none; make it first, or name another.\n"),
        ("file/a", 2, "There is no folder file; make it first, or name another.\n"),
        ("file", 2, "file already exists and was not changed; give another name.\n"),
        ("a" * 300, 1, f"Not written: {'a' * 300}: file name too long\n"),
    ],
)
def test_document_that_cannot_be_written_is_named_as_given(
    folder: Path, capfd: pytest.CaptureFixture[str], name: str, code: int, why: str
) -> None:
    """By every verb that writes one, in the same words; nothing is created."""
    (folder / "file").touch()
    home = folder / "home"
    for words in (["new", name, "--id", "a"], ["notes", "pack", BUNDLED, name]):
        options = ["--notes-dir", str(home)] if "pack" in words else []
        assert command_line.run([*words, *options]) == code
        assert capfd.readouterr() == ("", why)
    assert [one.name for one in folder.iterdir() if one != home] == ["file"]
    assert [one for one in home.rglob("*") if one.is_file()] == []
