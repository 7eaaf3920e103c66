"""Privacy on a shared machine, and readers without a writable home."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from at_the_terminal import READY, Start, editor_that, quit_with, save_note, type_note
from faults import casefile, needs_strace, run, tree
from namespaces import needs_root
from saver import CASE, TARGET, notebook_of
from small_cases import events, write_case
from terminal import Terminal, readers_environment

from casefile.places import find_places

pytestmark = pytest.mark.slow

NOBODY = 54321
"""A user that no machine has in its list."""
_AS_NOBODY = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    # If Python and the checkout belong to another user, they can be read but not written to.
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)


def can_be_nobody() -> bool:
    """Whether a program can be run as another user, who can read this Python."""
    if shutil.which("setpriv") is None:
        return False
    command = [*_AS_NOBODY, sys.executable, "-c", "import os; print(os.geteuid())"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout == f"{NOBODY}\n"


def needs_nobody(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that runs the program as another user, which takes root and setpriv."""
    is_missing = os.geteuid() == 0 and not can_be_nobody()
    skipped = pytest.mark.skipif(is_missing, reason="setpriv can't change the user")
    marked: Callable[..., None] = needs_root(skipped(test))
    return marked


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a case file."""
    return write_case(tmp_path / "demo.toml", events("arrests"))


def modes(*folders: Path) -> dict[str, set[int]]:
    """Return the modes of all folders and of all files below some folders."""
    found = [path for folder in folders for path in (folder, *folder.rglob("*"))]
    return {
        "folders": {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()},
        "files": {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()},
    }


# Users without a writable home


@needs_nobody
@pytest.mark.parametrize("home", [None, "/nowhere", "read-only"])
def test_case_can_be_read_without_writable_home(
    home: str | None, tmp_path: Path, case: Path
) -> None:
    """Without a writable home, notes are refused with a message."""
    folder = tmp_path / "home"
    folder.mkdir()
    settled = str(folder) if home == "read-only" else home
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    environment = {"HOME": settled, "LOGNAME": None, **{f"XDG_{kind}_HOME": None for kind in kinds}}
    words = casefile(tmp_path, "show", case)[:-2]
    shown = run(words, folder, before=_AS_NOBODY, environment=environment)
    assert (shown.code, shown.err) == (0, "")
    assert "Event arrests" in shown.out
    words = casefile(tmp_path, "note", "add", case, "arrests")[:-2]
    ended = run(words, folder, before=_AS_NOBODY, given="Mine.", environment=environment)
    assert ended.code == 1
    assert ended.err.startswith("Not kept: choose a folder with --notes-dir DIR; ")
    assert ended.err.count("\n") == 1
    assert list(folder.iterdir()) == []


@needs_nobody
def test_user_without_name_can_use_notes_dir(tmp_path: Path, case: Path) -> None:
    """A user without an entry in the password file signs by uid."""
    folder = tmp_path / "mine"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    words = casefile(folder, "note", "add", case, "arrests")
    nameless = {"HOME": None, "LOGNAME": None}
    ended = run(words, folder, before=_AS_NOBODY, given="Mine.", environment=nameless)
    assert (ended.code, ended.err) == (0, "")
    (path,) = find_places(folder).notes(CASE).iterdir()
    assert path.stat().st_uid == NOBODY
    assert f'author = "uid-{NOBODY}"' in path.read_text()


@needs_nobody
@pytest.mark.parametrize("theirs", ["", "notes", f"notes/{CASE}"])
def test_world_writable_folder_of_other_user_is_refused(
    theirs: str, tmp_path: Path, case: Path
) -> None:
    """A world-writable folder of another user is not used for notes."""
    folder = tmp_path / "mine"
    (folder / "notes" / CASE).mkdir(parents=True)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
        os.chown(path, NOBODY, NOBODY)
    words = casefile(folder, "note", "add", case, "arrests")
    os.chown(folder / theirs, 0, 0)
    ended = run(words, folder, before=_AS_NOBODY, given="Mine.")
    assert ended.code == 1
    assert f"{folder / theirs}: it belongs to another user" in ended.err
    assert tree(folder) == {}
    os.chown(folder / theirs, NOBODY, NOBODY)
    assert run(words, folder, before=_AS_NOBODY, given="Mine.").code == 0


@needs_nobody
def test_link_is_followed_to_own_folder_only(tmp_path: Path, case: Path) -> None:
    """A link to the user's own folder is followed, to another user's refused."""
    folder, elsewhere = tmp_path / "mine", tmp_path / "elsewhere"
    for path in (folder, elsewhere):
        path.mkdir()
        os.chown(path, NOBODY, NOBODY)
    (folder / "notes").symlink_to(elsewhere)
    words = casefile(folder, "note", "add", case, "arrests")
    assert run(words, folder, before=_AS_NOBODY, given="Mine.").code == 0
    assert len(tree(elsewhere)) == 1
    os.chown(elsewhere, 0, 0)
    elsewhere.chmod(0o777)
    ended = run(words, folder, before=_AS_NOBODY, given="Mine.")
    assert ended.code == 1
    assert "it belongs to another user" in ended.err
    assert len(tree(elsewhere)) == 1


@needs_nobody
@pytest.mark.terminal
def test_unwritable_home_is_shown_on_screen_at_start(home: Path) -> None:
    """The screen says at the start that notes can't be saved, and typed text stays."""
    command = [*_AS_NOBODY, sys.executable, "-m", "casefile"]
    environment = readers_environment(home, LOGNAME=None)
    with Terminal(command, env=environment) as terminal:
        terminal.wait_for(READY)
        terminal.wait_for("Notes can’t be kept")
        terminal.wait_for("--notes-dir")
        type_note(terminal, "Don’t lose this.")
        terminal.press("ctrl+s")
        terminal.wait_for("Not saved")
        assert "Don’t lose this." in terminal.text
    assert list(home.iterdir()) == []


# Private


@pytest.mark.parametrize("umask", [0o000, 0o777, 0o077, 0o027], ids="{:03o}".format)
def test_all_written_files_are_private(umask: int, tmp_path: Path, home: Path) -> None:
    """Notes, copies of sources and packs have mode 0600 and folders 0700."""
    release = '[[source]]\nid = "release"\ntitle = "Release"\n'
    case = write_case(tmp_path / "demo.toml", events("arrests") + release)
    (tmp_path / "release.txt").write_text("One paragraph.\n")
    theirs = notebook_of(tmp_path / "theirs", "rroe")
    theirs.keep_new("arrests", "theirs", TARGET)
    (pack := tmp_path / "packs").mkdir()
    own = tmp_path / "own"
    before = os.umask(umask)
    try:
        for words in (
            ("note", "add", case, "arrests"),
            ("notes", "merge", tmp_path / "theirs", "--yes"),
            ("source", "add", case, "release", tmp_path / "release.txt"),
            ("notes", "pack", case, pack / "demo.notes"),
        ):
            ended = run(casefile(own, *words), home, given="Mine.")
            assert ended.code == 0, ended
    finally:
        os.umask(before)
    assert len(tree(own)) == 3
    assert modes(own) == {"folders": {0o700}, "files": {0o600}}
    assert modes(pack)["files"] == {0o600}


@pytest.mark.terminal
@pytest.mark.parametrize("umask", [0o000, 0o777, 0o027], ids="{:03o}".format)
def test_all_files_written_by_screen_are_private(
    umask: int, start: Start, tmp_path: Path, home: Path
) -> None:
    """Notes, drafts, recent cases and visits have mode 0600 and folders 0700."""
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    terminal = start(case, umask=umask)
    terminal.wait_for("Event arrests")
    save_note(terminal, "For my eyes.")
    type_note(terminal, "A draft.")
    quit_with(terminal, "ctrl+q")
    kinds = {path.parts[2] for path in map(Path, tree(home))}
    assert kinds == {"notes", "drafts", "visits", "recent.toml"}
    assert modes(home / "data", home / "state") == {"folders": {0o700}, "files": {0o600}}


@pytest.mark.terminal
def test_folder_that_others_can_write_to_is_told_at_start(start: Start, home: Path) -> None:
    """On the screen, and by `casefile where`, with the command; it is no error."""
    folder = home / "data" / "casefile"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    terminal = start()
    terminal.wait_for(READY)
    terminal.wait_for("Others can write to your folders · chmod 700")
    save_note(terminal, "Kept all the same.")
    quit_with(terminal, "q")
    ended = run(casefile(home, "where")[:-2], home)
    assert ended.code == 0
    assert ended.err == f"Others can write to your folders · chmod 700 {folder}\n"
    folder.chmod(0o700)
    assert run(casefile(home, "where")[:-2], home).err == ""


@needs_strace
@pytest.mark.terminal
def test_nothing_is_written_in_tmp(tmp_path: Path, home: Path) -> None:
    """Neither a note written here nor one written in another editor leaves the home."""
    log = tmp_path / "log"
    names = "?open,openat,?creat,?mkdir,mkdirat,?rename,renameat,renameat2,?link,linkat,?symlink"
    tracing = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", f"trace={names}"]
    editor = editor_that(tmp_path, 'printf "From an editor." > "$1"')
    command = [*tracing, sys.executable, "-m", "casefile"]
    environment = readers_environment(home, **editor, PYTHONDONTWRITEBYTECODE="1")
    with Terminal(command, env=environment) as terminal:
        terminal.wait_for(READY)
        save_note(terminal, "Mine.")
        terminal.press("A")
        terminal.wait_for("you: 2 notes")
        quit_with(terminal, "q")
    made = made_in(log.read_text(errors="replace"))
    assert [path for path in made if "/notes/" in path] != []
    # The editor runs in a folder of the home.
    allowed = (str(home), "/dev/", "./note.md")
    assert [path for path in made if not path.startswith(allowed)] == []


def made_in(log: str) -> list[str]:
    """Return the paths that a traced program created or opened for writing."""
    calls = re.findall(r"^\d+ +(\w+)\((.*)\) += [^-]", log, re.MULTILINE)
    return [
        path
        for name, arguments in calls
        if not name.startswith("open") or re.search("O_WRONLY|O_RDWR|O_CREAT", arguments)
        for path in re.findall('"([^"]*)"', arguments)[-1:]
    ]
