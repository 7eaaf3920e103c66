"""`casefile list`: which cases there are, as text and as data, whatever is wrong with some."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from home_search import holding, unnamed
from hostile_cases import acting, hostile_case
from msgspec.structs import replace
from small_cases import case_in, events, write_case
from terminal import readers_environment

from casefile.case.sources.text_files import keep_copy
from casefile.durable_files import UNFINISHED, private_folder
from casefile.library import BUNDLED, bundled_case_path
from casefile.notes.annotation import target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import Places, find_places
from casefile.state.forgetting import what_stays
from casefile.state.passes import Pass, remember_pass
from casefile.state.recent import recent_cases, remember_case
from casefile.state.visits import remember_visit, since_last_visit

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a reader's home with a library of the folder `shelf`."""
    settle(tmp_path, f"[library]\nfolders = ['{tmp_path}/shelf']\n")
    (tmp_path / "shelf").mkdir()
    return tmp_path


@pytest.fixture
def places(home: Path) -> Places:
    """Return the reader's directories."""
    data, state, config = (home / kind / "casefile" for kind in ("data", "state", "config"))
    return Places(data, state, config)


@pytest.fixture
def run(home: Path) -> Run:
    """Return a way to run a command line as this reader."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "casefile", *arguments],
            env=readers_environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            cwd=home,
            timeout=30,
            check=False,
        )

    return run


def settle(home: Path, text: str) -> None:
    """Write the reader's settings."""
    path = home / "config" / "casefile" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def listed(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """Return what was listed as data, by path."""
    return {one["path"]: one for one in json.loads(done.stdout)}


def test_every_case_is_listed(run: Run, home: Path) -> None:
    """Each has its id, title, counts and path; the shipped cases are last."""
    path = write_case(home / "shelf" / "x.toml", events("a", "b"))
    done = run("list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "demo  A small case",
        "    2 entries, 0 notes, 0 checks",
        f"    {path}",
    ]
    assert lines[3].startswith(f"{BUNDLED}  ")
    assert "shipped with the program" in lines[4]
    assert lines[5:] == [f"    {bundled_case_path()}"]


def test_notes_and_checks_are_counted(run: Run, home: Path, places: Places) -> None:
    """Those of all readers are; stars and deleted notes don’t count."""
    write_case(home / "shelf" / "x.toml", events("a", "b"))
    notebook = open_notebook(places, "demo", "jdoe")
    target = target_of("A", {})
    notebook.keep_new("a", "One.", target)
    notebook.keep_new("a", "Two.", target)
    notebook.delete(notebook.keep_new("a", "Gone.", target).id)
    notebook.star("a", target)
    notebook.assess("a", "checked", target)
    notebook.assess("b", "wrong", target)
    open_notebook(places, "demo", "rroe").assess("b", "checked", target)
    done = run("list")
    assert "    2 entries, 2 notes, 3 checks\n" in done.stdout


def test_note_on_two_entries_is_counted_once(run: Run, home: Path, places: Places) -> None:
    """As one that was moved in one place, and edited in another."""
    write_case(home / "shelf" / "x.toml", events("a", "b"))
    notebook = open_notebook(places, "demo", "jdoe")
    target = target_of("A", {})
    for note in (notebook.keep_new("a", "One.", target), notebook.assess("a", "wrong", target)):
        notebook.keep_edit(note.id, "", target, entry="b", parents=[note.hash])
        notebook.keep_edit(note.id, "Two.", target, parents=[note.hash])
    assert "    2 entries, 1 note, 1 check\n" in run("list").stdout


def test_json_has_an_object_for_each_case(run: Run, home: Path, places: Places) -> None:
    """It holds everything that is known about the case."""
    path = write_case(home / "shelf" / "x.toml", events("a"), title="[sic] „Ö“ \\u202e\\u007f")
    remember_case(places, case_in(path))
    done = run("list", "--format", "json")
    assert done.returncode == 0
    assert done.stdout.isascii()
    one = listed(done)[str(path)]
    assert one.pop("opened").endswith("+00:00")
    assert one == {
        "id": "demo",
        "title": "[sic] „Ö“ \u202e\x7f",
        "path": str(path),
        "from": "config",
        "entries": 1,
        "tables": {"event": 1},
        "notes": 0,
        "checks": 0,
        "problem": None,
    }
    assert listed(done)[str(bundled_case_path())]["from"] == "shipped"


def test_invalid_file_is_reported_and_others_are_listed(run: Run, home: Path) -> None:
    """Its first problem is on stderr with its location; exit code 1."""
    broken = write_case(home / "shelf" / "a.toml", "[[event]]\nid = \n")
    good = write_case(home / "shelf" / "b.toml", case_id="good")
    done = run("list")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{broken}:6:6: invalid TOML")
    assert done.stderr.count("\n") == 1
    assert f"    {good}\n" in done.stdout
    assert str(broken) not in done.stdout
    as_data = listed(run("list", "--format", "json"))
    assert f"{as_data[str(broken)]['problem']}\n" == done.stderr
    assert as_data[str(broken)]["id"] == "demo"


def test_duplicate_id_is_reported(run: Run, home: Path) -> None:
    """Both files are listed and named; exit code 0, since both can be read."""
    one = write_case(home / "shelf" / "a.toml")
    other = write_case(home / "shelf" / "b.toml")
    done = run("list")
    assert done.returncode == 0
    assert f"“demo” is the id of {one} and {other}; " in done.stderr
    assert done.stdout.count("demo  A small case") == 2


def test_unreadable_notes_are_reported(run: Run, home: Path, places: Places) -> None:
    """They are named, since they are not counted; exit code 1."""
    write_case(home / "shelf" / "a.toml")
    folder = places.notes("demo")
    folder.mkdir(parents=True)
    (folder / "damaged.toml").write_text("no note")
    done = run("list")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{folder}/damaged.toml: ")


def test_invalid_settings_are_reported(run: Run, home: Path) -> None:
    """All cases are listed; the exit code is 1 only if a folder can’t be read."""
    settle(home, f"mose = true\n[library]\nfolders = ['{home}/shelf']\n")
    done = run("list")
    assert done.returncode == 0
    assert "config.toml:1:1: mose: is not a setting; the nearest is “mouse”" in done.stderr
    settle(home, f"[library]\nfolders = ['{home}/missing']\n")
    done = run("list")
    assert done.returncode == 1
    assert done.stderr == f"{home}/missing: can't be read: no such file or directory\n"
    assert BUNDLED in done.stdout


def test_forget_deletes_what_was_opened(run: Run, home: Path, places: Places) -> None:
    """The opened cases and the visits are forgotten, notes are kept, and nothing is listed."""
    case_file = case_in(write_case(home / "elsewhere.toml", events("a")))
    remember_case(places, case_file)
    remember_visit(places, case_file)
    Notebook(places, "demo", None).keep_new("a", "One.", target_of("A", {}))
    assert "demo  A small case" in run("list").stdout
    done = run("list", "--forget-recent")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Forgot which cases were opened.\n"
        "Notes on “demo” were kept; this removes them: rm -r "
        f"{places.notes('demo')}\n"
        f"Your settings name cases or folders: {home}/config/casefile/config.toml\n"
    )
    assert recent_cases(places) == ()
    assert since_last_visit(places, case_file) is None
    assert len([*places.notes("demo").iterdir()]) == 1
    assert "demo" not in run("list").stdout


def test_nothing_has_the_id_of_a_forgotten_case(run: Run, home: Path, places: Places) -> None:
    """Neither a file nor a folder, unless the output names it with the command that removes it."""
    case_file = case_in(write_case(home / "shelf" / "x.toml", events("a"), case_id="hushed"))
    remember_case(places, case_file)
    remember_visit(places, case_file)
    remember_pass(places, "hushed", Pass("a"))
    state = places.state or Path()
    for name in (".recent.toml", "visits/.hushed.toml", "passes/.hushed.toml"):
        # As left by a process that was killed while it saved.
        (state / f"{name}.0a1b2c3d4e5f6071{UNFINISHED}").write_text('id = "hushed"\n')
    for empty in (places.notes("hushed"), places.workshop("hushed"), places.drafts("hushed")):
        private_folder(empty)
    done = run("list", "--forget-recent")
    assert done.stderr == ""
    assert unnamed(home / "state", "hushed", done.stdout) == []
    assert unnamed(home / "data", "hushed", done.stdout) == []
    assert holding(home / "state", "hushed") == holding(home / "data", "hushed") == []


def test_nothing_of_the_readers_is_removed_in_a_named_folder(run: Run, home: Path) -> None:
    """With `--notes-dir`, folders there may have the names of casefile's and be the reader's."""
    names = ("visits/marseille.md", "passes/metro.toml", "notes/ideas", "drafts/article")
    for name in names:
        path = home / "dossier" / name
        path.parent.mkdir(parents=True)
        if path.suffix:
            path.write_text("mine")
        else:
            path.mkdir(mode=0o755)
    Notebook(find_places(home / "dossier"), "demo", None).keep_new("a", "One.", target_of("A", {}))
    done = run("list", "--forget-recent", "--notes-dir", "dossier")
    assert (done.returncode, done.stderr) == (0, "")
    kept = [line for line in done.stdout.splitlines() if f"{home}/dossier" in line]
    assert kept == [
        f"Notes on “demo” were kept; this removes them: rm -r {home}/dossier/notes/demo",
        f"Other files were kept: {home}/dossier/notes/ideas",
        f"Other files were kept: {home}/dossier/drafts/article",
        f"Other files were kept: {home}/dossier/visits/marseille.md",
        f"Other files were kept: {home}/dossier/passes/metro.toml",
    ]
    assert all((home / "dossier" / name).exists() for name in names)


def test_what_stays_of_a_forgotten_case_is_named(run: Run, home: Path, places: Places) -> None:
    """Notes, drafts and copies of sources are never removed unasked; the commands remove them."""
    Notebook(places, "hushed", None).keep_new("a", "One.", target_of("A", {}))
    drafts = DraftFolder(places, "hushed")
    late = drafts.write_for_editor(drafts.begin("a", "A", body="Half a"))
    (places.workshop("hushed") / f"0a1b2c3d4e5f6071{UNFINISHED}").write_text("case")
    keep_copy(places, "hushed", "press", b"One.")
    done = run("list", "--forget-recent")
    assert (done.returncode, done.stderr) == (0, "")
    assert late.read_text() == "Half a\n"
    assert len(holding(home, "hushed")) > 5
    assert unnamed(home, "hushed", done.stdout) == unnamed(home, "Half a", done.stdout) == []
    for line in re.findall(r": (rm .*)", done.stdout):
        subprocess.run(shlex.split(line), check=True)
    assert holding(home, "hushed") == holding(home, "Half a") == []
    assert run("list", "--forget-recent").stdout.count("\n") == 2


def test_notes_that_were_moved_away_are_named(run: Run, home: Path, places: Places) -> None:
    """Wherever in casefile's own folders they are now; what tells nothing of a case is not."""
    Notebook(places, "hushed", None).keep_new("a", "One.", target_of("A", {}))
    notes, data = places.folder("notes"), home / "data" / "casefile"
    shutil.copytree(notes / "hushed", notes / "hushed.old")
    shutil.copy(next((notes / "hushed").iterdir()), notes)
    shutil.copytree(notes, data / "notes.mine")
    (notes / ".git").mkdir()
    (notes / ".git" / "index").write_text("hushed/")
    for name in ("data/casefile/notes/.stfolder", "state/casefile/crash.log"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    done = run("list", "--forget-recent")
    assert unnamed(home, "hushed", done.stdout) == []
    assert done.stdout.count("Other files were kept; this removes them: rm -r ") == 4
    for line in re.findall(r": (rm .*)", done.stdout):
        subprocess.run(shlex.split(line), check=True)
    assert holding(home, "hushed") == []


@pytest.mark.parametrize("name", ["notes", "drafts", "editing/0a1b2c3d"])
def test_folder_that_cannot_be_listed_is_named(
    places: Places, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is in it may tell of a case, such as folders that `sudo` made."""
    closed = (places.folder("notes") if name == "notes" else places.folder("drafts")).parent / name
    (closed / "hushed").mkdir(parents=True)
    scandir = os.scandir

    def scan(folder: Path) -> Any:
        if Path(folder) == closed:
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", scan)
    (kept,) = what_stays(places)
    assert kept.path == closed
    assert name.startswith("editing") or (kept.what, kept.is_removable) == (
        "files that can't be listed (permission denied)",
        False,
    )


def test_list_creates_no_files(run: Run, home: Path) -> None:
    """A command that only reads leaves no directory behind."""
    run("list")
    assert not (home / "data").exists()
    assert not (home / "state").exists()


@pytest.mark.parametrize("form", ["plain", "json"])
def test_control_characters_in_a_case_are_inert(run: Run, home: Path, form: str) -> None:
    """Titles, file names and problems can’t act on the terminal."""
    name = "\x1b]0;owned\x07\u202e\udcff"
    write_case(home / "shelf" / "x.toml").write_text(hostile_case(), encoding="utf-8")
    write_case(home / "shelf" / f"{name}.toml", "[[event]]\nid = \n")
    done = run("list", "--format", form)
    assert done.returncode == 1
    assert acting(done.stdout) == []
    assert acting(done.stderr) == []
    assert "hostile" in done.stdout
    if form == "json":
        assert f"{name}.toml" in {Path(path).name for path in listed(done)}


def test_show_finds_a_case_by_its_id(run: Run, home: Path) -> None:
    """So does any command that takes a case; an unknown id is an error."""
    write_case(home / "shelf" / "x.toml", events("a"))
    assert "Event a" in run("show", "demo").stdout
    done = run("show", "dmo")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "There is no file or case “dmo”; the nearest is “demo”.\n"
    write_case(home / "shelf" / "y.toml")
    done = run("show", "demo")
    assert done.returncode == 2
    assert f"{home}/shelf/x.toml and {home}/shelf/y.toml" in done.stderr


def test_where_names_the_settings_file(run: Run, home: Path) -> None:
    """It also says whether opened cases are remembered, and what is wrong in the settings."""
    done = run("where")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"config    {home}/config/casefile/config.toml\n" in done.stdout
    assert f"recent    {home}/state/casefile/recent.toml\n" in done.stdout
    assert f"state     {home}/state/casefile\n" in done.stdout
    assert f"editing   {home}/state/casefile/editing\n" in done.stdout
    settle(home, "[library]\nrecent = false\nrecents = 3\n")
    done = run("where")
    assert done.returncode == 0
    assert "recent    not remembered\n" in done.stdout
    assert f"{home}/config/casefile/config.toml:3:1: recents: is not a setting" in done.stderr


def test_drafts_of_a_case_with_a_new_id_are_reported(run: Run, places: Places) -> None:
    """Drafts are stored by the id of their case, so the old ones are not found."""
    for case_id, bodies in (("old", ("half", "a half")), (BUNDLED, ("here",)), ("done", ("",))):
        drafts = DraftFolder(places, case_id)
        for body in bodies:
            drafts.write_for_editor(replace(drafts.begin("one", "One", body=body), pid=2**31 - 1))
    done = run("list")
    where = places.drafts("old")
    assert done.returncode == 0
    assert f"2 drafts wait on “old”, an id that no case here has, in {where}\n" in done.stderr
    assert BUNDLED not in done.stderr
    assert "“done”" not in done.stderr
