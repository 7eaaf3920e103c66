"""The user's directories, and why a folder can't be written to."""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import platformdirs
import pytest
from namespaces import needs_root

from casefile import places
from casefile.durable_files import private_folder
from casefile.exposure import exposure
from casefile.places import CaseFolder, NoDirectory, Places, find_places

KINDS = ("DATA", "STATE", "CONFIG")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set a new home directory without XDG variables, and return it."""
    for kind in KINDS:
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the home directory and the entry in the password file."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_default_places(home: Path) -> None:
    """Notes are data and drafts are state; finding the places creates nothing."""
    found = find_places()
    assert found.problem is None
    assert found.notes("demo") == home / ".local/share/casefile/notes/demo"
    assert found.workshop("demo") == home / ".local/share/casefile/workshop/demo"
    assert found.sources("demo") == home / ".local/share/casefile/sources/demo"
    assert found.drafts("demo") == home / ".local/state/casefile/drafts/demo"
    assert found.config == home / ".config/casefile"
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_xdg_variables_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """An absolute XDG variable changes its directory and no other."""
    before = find_places()
    monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "x"))
    after = find_places()
    for name in ("data", "state", "config"):
        moved = tmp_path / "x" / "casefile"
        expected = moved if name == kind.lower() else getattr(before, name)
        assert getattr(after, name) == expected


@pytest.mark.parametrize("value", ["relative/path", "", "."])
def test_relative_xdg_variable_is_ignored(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A relative XDG variable is ignored."""
    monkeypatch.setenv("XDG_DATA_HOME", value)
    found = find_places().data
    assert found is None or found.is_absolute()


def test_relative_directory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path, as from older versions of platformdirs, is a problem."""
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_args, **_kwargs: Path("~/x"))
    assert find_places().data is None
    assert find_places().problem is not None


def test_notes_dir_holds_notes_and_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes and drafts are under the given folder, whatever the working directory later."""
    monkeypatch.chdir(tmp_path)
    found = find_places(Path("mine"))
    monkeypatch.chdir("/")
    assert found.notes("demo") == tmp_path / "mine/notes/demo"
    assert found.workshop("demo") == tmp_path / "mine/workshop/demo"
    assert found.sources("demo") == tmp_path / "mine/sources/demo"
    assert found.drafts("demo") == tmp_path / "mine/drafts/demo"
    assert found.config == tmp_path / ".config/casefile"


def test_missing_home_is_problem_with_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home, the directories are None and the problem says what helps."""
    no_account(monkeypatch)
    found = find_places()
    assert (found.data, found.state, found.config) == (None, None, None)
    assert found.problem is not None
    for place in (found.notes, found.workshop, found.sources, found.drafts, found.editing):
        with pytest.raises(NoDirectory, match="--notes-dir DIR"):
            place("demo")


def test_notes_dir_works_without_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home, a folder on the command line is enough."""
    no_account(monkeypatch)
    found = find_places(tmp_path)
    assert found.problem is None
    assert found.notes("demo") == tmp_path / "notes/demo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        ".",
        "a/b",
        "/etc",
        "a\n",
        "a\0",
        "-a",
        "A",
        "Demo",
        "é",
        "٣",
        "a" * 65,
        "a.b",
        " a",
    ],
)
def test_invalid_id_is_refused(text: str) -> None:
    """An id with anything but lower-case letters, digits and inner hyphens is refused."""
    found = find_places()
    for place in (found.notes, found.workshop, found.sources, found.drafts):
        with pytest.raises(ValueError, match="not a case id"):
            place(text)


@pytest.mark.parametrize("text", ["a", "0", "a-b", "a" * 64, "2017-arrests", "a-"])
def test_id_is_name_of_folder(text: str) -> None:
    """The folder's name is the id."""
    assert find_places().notes(text).name == text


def test_writable_home_has_no_refusal(home: Path) -> None:
    """A writable home has no refusal, before and after the folder is created."""
    folder = find_places().notes("demo")
    assert places.write_problem(folder) is None
    assert list(home.iterdir()) == []
    folder.mkdir(parents=True)
    assert places.write_problem(folder) is None


def test_read_only_home_is_reported(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the first existing folder, which is read-only, and what helps."""
    # Patched, since permissions don't stop root, who may run this test.
    monkeypatch.setattr(os, "access", lambda path, *_args, **_kwargs: Path(path) != home)
    reason = places.write_problem(find_places().notes("demo"))
    assert reason == f"choose a folder with --notes-dir DIR; {home}: it can't be written to"


def test_file_in_place_of_folder_is_reported(home: Path) -> None:
    """A file in place of a folder is reported before anything is written."""
    (home / ".local").write_bytes(b"")
    assert "not a directory" in str(places.write_problem(find_places().notes("demo"))).lower()


@needs_root
@pytest.mark.parametrize("theirs", ["data", "data/notes", "data/notes/demo"])
def test_folder_of_other_user_is_reported(tmp_path: Path, theirs: str) -> None:
    """Another user's folder, at any level above the notes, is reported."""
    found = Places(tmp_path / "data", tmp_path / "state", None)
    folder = found.notes("demo")
    folder.mkdir(parents=True)
    assert places.write_problem(folder) is None
    os.chown(tmp_path / theirs, 12345, 12345)
    assert f"{tmp_path / theirs}: it belongs to another user" in str(places.write_problem(folder))


def test_link_to_own_folder_is_used(tmp_path: Path) -> None:
    """A link to the user's own folder is followed."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/notes").symlink_to(tmp_path / "elsewhere")
    assert places.write_problem(tmp_path / "data/notes/demo") is None


def test_shipped_files_are_in_package_or_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the package is preferred to one beside it."""
    package = tmp_path / "casefile"
    package.mkdir()
    monkeypatch.setattr(places, "__file__", str(package / "places.py"))
    assert places.shipped("data") == tmp_path / "data"
    (package / "data").mkdir()
    assert places.shipped("data") == package / "data"


def test_author_is_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is LOGNAME, then USER, then that of the password file, then the uid."""
    monkeypatch.setenv("LOGNAME", "jdoe")
    monkeypatch.setenv("USER", "other")
    assert places.login_name() == "jdoe"
    monkeypatch.setenv("LOGNAME", " ")
    assert places.login_name() == "other"
    monkeypatch.delenv("USER")
    assert places.login_name() == pwd.getpwuid(os.geteuid()).pw_name
    no_account(monkeypatch)
    assert places.login_name() == f"uid-{os.geteuid()}"


def test_author_is_valid_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A login name of invalid bytes, or a very long one, is made usable."""
    monkeypatch.setenv("LOGNAME", os.fsdecode(b"j\xffdoe"))
    assert places.login_name() == "j?doe"
    monkeypatch.setenv("LOGNAME", "j" * 1000)
    assert places.login_name() == "j" * 200


def test_home_is_written_as_tilde(home: Path) -> None:
    """A path in the home directory is written with `~`, any other is unchanged."""
    assert places.without_home(home / ".local" / "share") == "~/.local/share"
    assert places.without_home(Path("/var/notes")) == "/var/notes"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722, 0o1777], ids="{:o}".format)
@pytest.mark.parametrize(
    "name", ["", "notes", "notes/demo", "drafts/demo", "workshop", "editing", "editing/HASH"]
)
def test_folder_that_others_can_write_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mode: int
) -> None:
    """The command that is named mends it."""
    monkeypatch.setattr("casefile.exposure._is_own_group", lambda _gid: False)
    places = find_places(tmp_path / "own notes")
    for folder in (places.notes("demo"), places.drafts("demo"), places.workshop("demo")):
        private_folder(folder)
    private_folder(places.editing("demo"))
    folder = tmp_path / "own notes" / name.replace("HASH", places.editing("demo").name)
    folder.chmod(mode)
    (told,) = exposure(places, ["demo"])
    before, _, command = told.partition(" · ")
    assert before == "Others can write to your folders"
    subprocess.run(shlex.split(command), check=True)
    assert stat.S_IMODE(folder.stat().st_mode) & 0o777 == 0o700
    assert list(exposure(places, ["demo"])) == []


def test_folder_open_to_the_group_of_the_reader_alone_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On many systems each user has a group, to which new folders are open."""
    places = find_places(tmp_path / "own notes")
    private_folder(places.notes("demo"))
    places.notes("demo").chmod(0o770)
    for is_own, named in ((True, 0), (False, 1)):
        monkeypatch.setattr("casefile.exposure._is_own_group", lambda _gid, own=is_own: own)
        assert len([*exposure(places, ["demo"])]) == named


def test_folders_to_come_are_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a folder above, outside of the home: it is not the program's to judge."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    tmp_path.chmod(0o777)
    assert list(exposure(find_places(tmp_path / "a" / "b"), ["demo"])) == []
    assert list(exposure(Places(None, None, None), ["demo"])) == []
    (tmp_path / "a").mkdir(mode=0o755)
    assert list(exposure(find_places(tmp_path / "a"), ["demo"])) == []


@pytest.fixture
def shared_home() -> Iterator[Path]:
    """Yield a folder that others can go through, as a home is on many systems."""
    with TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def mended(told: str, places: Places) -> list[str]:
    """Run the command in the message that others can read folders; return what it closes."""
    before, _, command = told.partition(" · ")
    assert before == "Others can read your folders"
    subprocess.run(shlex.split(command), check=True)
    assert list(exposure(places, ["demo"])) == []
    return shlex.split(command)[2:]


@pytest.mark.parametrize("mode", [0o705, 0o701, 0o704, 0o750], ids="{:o}".format)
@pytest.mark.parametrize("kind", ["notes", "sources", "workshop", "drafts", "editing", "visits"])
def test_folder_that_others_can_read_is_named(
    shared_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, mode: int
) -> None:
    """It is if all folders above let others through, as after a copy that dropped the modes."""
    monkeypatch.setattr(grp, "getgrgid", lambda gid: grp.struct_group(("press", "x", gid, [])))
    top = shared_home / "own notes"
    places = find_places(top)
    private_folder(top / kind)
    (top / kind).chmod(mode)
    assert list(exposure(places, ["demo"])) == []
    top.chmod(0o755)
    (told,) = exposure(places, ["demo"])
    assert mended(told, places) == [str(top)]


@pytest.mark.parametrize("kind", get_args(CaseFolder))
def test_readable_folder_of_a_case_is_named(shared_home: Path, kind: CaseFolder) -> None:
    """Who may not list the folder above it may know the id of the case."""
    places = Places(shared_home / "data", shared_home / "state", None)
    folder = places.case_folder(kind, "demo")
    private_folder(folder)
    folder.chmod(0o755)
    folder.parent.parent.chmod(0o711)
    assert list(exposure(places, ["demo"])) == []
    folder.parent.chmod(0o711)
    (told,) = exposure(places, ["demo"])
    assert mended(told, places) == [str(folder.parent.parent)]


def test_link_to_a_folder_that_others_can_read_is_named(shared_home: Path) -> None:
    """To close the folder above the link would not close it."""
    places = find_places(shared_home / "own")
    private_folder(shared_home / "own")
    (shared_home / "elsewhere").mkdir()
    (shared_home / "elsewhere").chmod(0o755)
    (shared_home / "own" / "notes").symlink_to(shared_home / "elsewhere")
    (told,) = exposure(places, ["demo"])
    assert mended(told, places) == [str(shared_home / "own" / "notes")]


def test_folder_that_only_leads_to_closed_ones_is_not_named(shared_home: Path) -> None:
    """Nor are the settings, whose folder the reader makes."""
    places = Places(shared_home / "data", shared_home / "state", shared_home / "config")
    for kind in get_args(CaseFolder):
        private_folder(places.case_folder(kind, "demo"))
    for top in ("data", "state", "config"):
        (shared_home / top).mkdir(exist_ok=True)
        (shared_home / top).chmod(0o755)
    assert list(exposure(places, ["demo"])) == []


@pytest.mark.parametrize("name", ["", ".local", ".local/share", ".config"])
def test_folder_in_the_home_that_others_can_write_to_is_named(home: Path, name: str) -> None:
    """Others could put another folder in the place of one below it, also of one to come."""
    (home / ".local" / "share").mkdir(parents=True)
    (home / ".config").mkdir()
    folder = home / name
    folder.chmod(0o757)
    (told,) = exposure(find_places(), [])
    before, _, command = told.partition(" · ")
    assert before == "Others can replace your folders"
    subprocess.run(shlex.split(command), check=True)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert list(exposure(find_places(), [])) == []
    folder.chmod(0o1777)
    assert list(exposure(find_places(), [])) == []
    assert list(exposure(find_places(home / ".local" / "notes"), [])) == []


@pytest.mark.parametrize(("members", "count"), [([], 0), (["jdoe"], 0), (["jdoe", "ben"], 1)])
def test_group_of_the_reader_alone_is_nobody_else(
    home: Path, monkeypatch: pytest.MonkeyPatch, members: list[str], count: int
) -> None:
    """Where each user has a group, new folders are often writable for it."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    names = [user if name == "jdoe" else name for name in members]
    monkeypatch.setattr(grp, "getgrgid", lambda gid: grp.struct_group((user, "x", gid, names)))
    home.chmod(0o775)
    assert len(list(exposure(find_places(), []))) == count


@needs_root
def test_folder_of_other_user_is_not_called_ones_own(tmp_path: Path) -> None:
    """It is refused, and no command is named that can't mend it."""
    folder = tmp_path / "mine"
    folder.mkdir()
    folder.chmod(0o777)
    os.chown(folder, 12345, 12345)
    assert list(exposure(find_places(folder), ["demo"])) == []
