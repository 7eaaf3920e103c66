"""Where things are kept, found without making anything, and an id that is never a path."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import platformdirs
import pytest

from casefile import places
from casefile.places import NoPlace, Places, find_places

KINDS = ("DATA", "STATE", "CONFIG")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home directory of its own to each test, and no XDG variables."""
    for kind in KINDS:
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the home directory and the entry in the password file."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_the_places_are_the_users(home: Path) -> None:
    """Notes are data, drafts are state, and finding them makes no directory."""
    found = find_places()
    assert found.problem is None
    assert found.notes("demo") == home / ".local/share/casefile/notes/demo"
    assert found.workshop("demo") == home / ".local/share/casefile/workshop/demo"
    assert found.sources("demo") == home / ".local/share/casefile/sources/demo"
    assert found.drafts("demo") == home / ".local/state/casefile/drafts/demo"
    assert found.config == home / ".config/casefile"
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_xdg_variables_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """An absolute XDG variable moves its kind of directory and no other."""
    before = find_places()
    monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "x"))
    after = find_places()
    for name in ("data", "state", "config"):
        moved = tmp_path / "x" / "casefile"
        expected = moved if name == kind.lower() else getattr(before, name)
        assert getattr(after, name) == expected


@pytest.mark.parametrize("value", ["relative/path", "", "."])
def test_only_absolute_xdg_variables_count(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A relative XDG variable never makes the place depend on the working directory."""
    monkeypatch.setenv("XDG_DATA_HOME", value)
    found = find_places().data
    assert found is None or found.is_absolute()


def test_a_relative_place_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only a relative path is known, as to older platformdirs, there is a problem."""
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_args, **_kwargs: Path("~/x"))
    assert find_places().data is None
    assert find_places().problem is not None


def test_notes_dir_holds_notes_and_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a folder named, notes and drafts live under it, wherever the program goes later."""
    monkeypatch.chdir(tmp_path)
    found = find_places(Path("mine"))
    monkeypatch.chdir("/")
    assert found.notes("demo") == tmp_path / "mine/notes/demo"
    assert found.workshop("demo") == tmp_path / "mine/workshop/demo"
    assert found.sources("demo") == tmp_path / "mine/sources/demo"
    assert found.drafts("demo") == tmp_path / "mine/drafts/demo"
    assert found.config == tmp_path / ".config/casefile"


def test_no_home_is_a_problem_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without home and passwd entry nothing fails; the places are absent and say what helps."""
    no_account(monkeypatch)
    found = find_places()
    assert (found.data, found.state, found.config) == (None, None, None)
    assert found.problem is not None
    for place in (found.notes, found.workshop, found.sources, found.drafts):
        with pytest.raises(NoPlace, match="--notes-dir DIR"):
            place("demo")


def test_notes_dir_helps_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home, a folder named on the command line is place enough."""
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
def test_what_is_no_id_names_no_folder(text: str) -> None:
    """An id with anything but lower case, digits and inner hyphens is refused, never a path."""
    found = find_places()
    for place in (found.notes, found.workshop, found.sources, found.drafts):
        with pytest.raises(ValueError, match="not a case id"):
            place(text)


@pytest.mark.parametrize("text", ["a", "0", "a-b", "a" * 64, "2017-arrests", "a-"])
def test_an_id_names_a_folder(text: str) -> None:
    """An id is the folder's name as it stands."""
    assert find_places().notes(text).name == text


def test_nothing_stands_in_the_way(home: Path) -> None:
    """A home that can be written to takes notes, before and after their folder is made."""
    folder = find_places().notes("demo")
    assert places.refusal(folder) is None
    assert list(home.iterdir()) == []
    folder.mkdir(parents=True)
    assert places.refusal(folder) is None


def test_a_read_only_home_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first folder that exists can't be written to, the reason names it and a way out."""
    # Permission bits do not stop root, who may run this test, so the question is answered here.
    monkeypatch.setattr(os, "access", lambda path, *_args, **_kwargs: Path(path) != home)
    reason = places.refusal(find_places().notes("demo"))
    assert reason == f"--notes-dir DIR names a folder for them; {home}: it can't be written to"


def test_a_file_in_the_way_is_told(home: Path) -> None:
    """A file where the folders should be is a reason, not an error later."""
    (home / ".local").write_bytes(b"")
    assert "not a directory" in str(places.refusal(find_places().notes("demo"))).lower()


@needs_root
@pytest.mark.parametrize("theirs", ["data", "data/notes", "data/notes/demo"])
def test_other_peoples_folders_are_refused(tmp_path: Path, theirs: str) -> None:
    """A folder of another user, at any step down to the notes, is refused with the reason."""
    found = Places(tmp_path / "data", tmp_path / "state", None)
    folder = found.notes("demo")
    folder.mkdir(parents=True)
    assert places.refusal(folder) is None
    os.chown(tmp_path / theirs, 12345, 12345)
    assert f"{tmp_path / theirs}: it belongs to another user" in str(places.refusal(folder))


def test_links_to_ones_own_folders_are_kept(tmp_path: Path) -> None:
    """Notes kept elsewhere by a link of one's own are no one else's."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/notes").symlink_to(tmp_path / "elsewhere")
    assert places.refusal(tmp_path / "data/notes/demo") is None


def test_shipped_files_lie_in_the_package_or_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies inside the package wins; else it is looked for beside the package."""
    package = tmp_path / "casefile"
    package.mkdir()
    monkeypatch.setattr(places, "__file__", str(package / "places.py"))
    assert places.shipped("data") == tmp_path / "data"
    (package / "data").mkdir()
    assert places.shipped("data") == package / "data"


def test_the_author_is_the_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """LOGNAME comes first, then USER, then the password file, then the number."""
    monkeypatch.setenv("LOGNAME", "jdoe")
    monkeypatch.setenv("USER", "other")
    assert places.author() == "jdoe"
    monkeypatch.setenv("LOGNAME", " ")
    assert places.author() == "other"
    monkeypatch.delenv("USER")
    assert places.author() == pwd.getpwuid(os.geteuid()).pw_name
    no_account(monkeypatch)
    assert places.author() == f"uid-{os.geteuid()}"


def test_an_author_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A login name of broken bytes or of endless length still signs notes."""
    monkeypatch.setenv("LOGNAME", os.fsdecode(b"j\xffdoe"))
    assert places.author() == "j?doe"
    monkeypatch.setenv("LOGNAME", "j" * 1000)
    assert places.author() == "j" * 200


def test_a_home_is_a_tilde(home: Path) -> None:
    """A path in the reader's home is told as readers write it; any other stays as it is."""
    assert places.without_home(home / ".local" / "share") == "~/.local/share"
    assert places.without_home(Path("/var/notes")) == "/var/notes"
