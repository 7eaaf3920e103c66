"""Full disks and limited file systems: nothing is lost, and errors are reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_the_terminal import READY, Start, quit_with, type_note
from faults import casefile, fat, litter, mounted, remounted, run, tree
from namespaces import needs_root
from saver import CASE, TARGET, notebook_of
from small_cases import events, write_case

from casefile import durable_files
from casefile.notes.annotation import SaveError
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import open_notebook
from casefile.places import find_places
from casefile.state.passes import Pass, recall_pass, remember_pass

pytestmark = [needs_root, pytest.mark.slow]


@pytest.fixture(params=["size=64k", "size=1m,nr_inodes=24"], ids=["no room", "no inodes"])
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return a home on a nearly full disk, with a note and a draft."""
    with mounted(tmp_path / "disk", request.param) as disk:
        notebook_of(disk).keep_new("arrests", "older", TARGET)
        drafts = DraftFolder(find_places(disk), CASE)
        drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))
        yield disk


def fill(disk: Path) -> list[Path]:
    """Fill a disk; return the files that take the space."""
    made: list[Path] = []
    try:
        for number in range(10_000):
            made.append(disk / f"filler-{number}")
            made[-1].write_bytes(b"x" * 4096)
    except OSError:
        pass
    return [path for path in made if path.exists()]


def make_room(fillers: list[Path]) -> None:
    """Remove the files that fill a disk."""
    for path in fillers:
        path.unlink()


def test_note_is_saved_after_space_is_freed(small_disk: Path, tmp_path: Path) -> None:
    """The command reports the failure, changes nothing, and succeeds with more space."""
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    command = casefile(small_disk, "note", "add", case, "arrests")
    fillers = fill(small_disk)
    before = tree(small_disk)
    ended = run(command, tmp_path, given="Mine.")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Not kept: ")
    assert "No space left on device" in ended.err
    assert tree(small_disk) == before
    make_room(fillers)
    assert run(command, tmp_path, given="Mine.").code == 0
    assert [note.current.body for note in notebook_of(small_disk).notes] == ["older", "Mine."]


def test_draft_on_full_disk_keeps_last_state(small_disk: Path) -> None:
    """The last written text is offered, and the next write with more space succeeds."""
    drafts = DraftFolder(find_places(small_disk), CASE)
    (draft,) = drafts.unfinished()
    fillers = fill(small_disk)
    with pytest.raises(SaveError, match="No space left on device"):
        drafts.write(draft.with_body("half a note, and more " * 500))
    assert [one.body for one in drafts.unfinished()] == ["half a no"]
    assert litter(small_disk) == []
    make_room(fillers)
    drafts.write(draft.with_body("half a note"))
    assert [one.body for one in drafts.unfinished()] == ["half a note"]


def test_merge_on_full_disk_can_be_repeated(small_disk: Path, tmp_path: Path) -> None:
    """The command reports how many revisions were merged; repeated, it adds the rest."""
    theirs = notebook_of(tmp_path / "theirs")
    for number in range(20):
        theirs.keep_new("arrests", f"{number} " * 500, TARGET)
    folder = theirs.folder
    assert folder is not None
    command = casefile(small_disk, "notes", "merge", folder, "--yes")
    fillers = fill(small_disk)
    make_room(fillers[:4])
    ended = run(command, tmp_path)
    assert ended.code == 1
    assert ended.err.startswith("Not imported: ")
    came = len(notebook_of(small_disk).notes) - 1
    assert 0 < came < 20
    assert f"Imported {came} of 20 revisions; merge again to import the rest." in ended.out
    assert notebook_of(small_disk).unreadable == ()
    assert litter(small_disk) == []
    make_room(fillers[4:])
    with mounted(tmp_path / "larger", "size=4m") as larger:
        # The content is moved to a larger disk.
        shutil.copytree(small_disk, larger, dirs_exist_ok=True)
        assert run(casefile(larger, "notes", "merge", folder, "--yes"), tmp_path).code == 0
        assert tree(folder).items() <= tree(find_places(larger).notes(CASE)).items()
        assert len(notebook_of(larger).notes) == 21


def test_full_disk_leaves_state_file_as_it_was(small_disk: Path) -> None:
    """A failed write of a state file keeps its content and leaves no other file behind."""
    places = find_places(small_disk)
    old, new = Pass(entry="arrests"), Pass(later=("arrests",) * 1000)
    assert remember_pass(places, CASE, old)
    fillers = fill(small_disk)
    assert not remember_pass(places, CASE, new)
    assert recall_pass(places, CASE) == old
    assert litter(small_disk) == []
    make_room(fillers)
    assert remember_pass(places, CASE, new)


@pytest.mark.terminal
def test_note_stays_in_editor_on_full_disk(start: Start, tmp_path: Path) -> None:
    """The screen says why the note was not saved; with more space, the same key saves it."""
    with mounted(tmp_path / "disk", "size=128k") as disk:
        terminal = start("--notes-dir", disk)
        terminal.wait_for(READY)
        fillers = fill(disk)
        type_note(terminal, "Don’t lose this.")
        terminal.press("ctrl+s")
        terminal.wait_for("Not saved: ")
        terminal.wait_for("o space left on device")
        assert "Don’t lose this." in terminal.text
        assert tree(disk / "notes") == tree(disk / "drafts") == {}
        make_room(fillers)
        terminal.press("ctrl+s")
        terminal.wait_for("you: 1 note")
        quit_with(terminal, "q")
        assert len(tree(disk / "notes")) == 1
        assert tree(disk / "drafts") == {}


# Other file systems


def test_file_system_without_hard_links_works(tmp_path: Path) -> None:
    """On exFAT, notes are added, edited, merged and read."""
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    theirs = notebook_of(tmp_path / "theirs").keep_new("arrests", "theirs", TARGET)
    with fat(tmp_path / "stick") as stick:
        (stick / "a").write_bytes(b"")
        with pytest.raises(OSError, match=r"not permitted|not implemented|supported"):
            (stick / "b").hardlink_to(stick / "a")
        add = casefile(stick, "note", "add", case, "arrests")
        assert run(add, tmp_path, given="Mine.").code == 0
        folder = find_places(tmp_path / "theirs").notes(CASE)
        for _ in range(2):
            assert run(casefile(stick, "notes", "merge", folder, "--yes"), tmp_path).code == 0
        here = notebook_of(stick)
        here.keep_edit(theirs.id, "ours", TARGET)
        assert sorted(note.current.body for note in notebook_of(stick).notes) == ["Mine.", "ours"]
        assert here.unreadable == ()
        assert litter(stick) == []


@pytest.mark.terminal
def test_file_system_without_permissions_is_told(start: Start, tmp_path: Path) -> None:
    """Before there is a folder and afterwards, on the screen and by `where`; it is no error."""
    with fat(tmp_path / "stick") as stick:
        told = "the file system of"
        before = run(casefile(stick / "own", "where"), tmp_path)
        terminal = start("--notes-dir", stick / "own")
        terminal.wait_for(READY)
        terminal.wait_for("Others can read your notes: ")
        quit_with(terminal, "q")
        assert run(casefile(stick / "own", "where"), tmp_path).err == before.err
        assert (before.code, told in before.err, before.err.count("\n")) == (0, True, 1)
    assert run(casefile(tmp_path / "own", "where"), tmp_path).err == ""


def test_notes_on_other_disk_than_workshop(tmp_path: Path) -> None:
    """A link to another disk, to which no hard link is possible, works."""
    with mounted(tmp_path / "disk", "size=1m") as disk:
        folder = find_places(tmp_path / "home").notes(CASE)
        folder.parent.mkdir(parents=True)
        folder.symlink_to(disk)
        notebook_of(tmp_path / "home").keep_new("arrests", "Mine.", TARGET)
        assert len(tree(disk)) == 1
        assert [note.current.body for note in notebook_of(tmp_path / "home").notes] == ["Mine."]
        fillers = fill(disk)
        with pytest.raises(SaveError, match="No space left on device"):
            notebook_of(tmp_path / "home").keep_new("arrests", "More.", TARGET)
        make_room(fillers)
        assert len(tree(disk)) == 1


def test_read_only_disk_shows_notes(tmp_path: Path) -> None:
    """The message before writing says that notes can't be saved, and what helps."""
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    with mounted(tmp_path / "disk", "size=1m") as disk:
        notebook_of(disk).keep_new("arrests", "older", TARGET)
        remounted(disk, "ro")
        before = tree(disk)
        ended = run(casefile(disk, "note", "add", case, "arrests"), tmp_path, given="New.")
        assert ended.code == 1
        assert ended.err.startswith("Not kept: choose a folder with --notes-dir DIR; ")
        shown = run(casefile(disk, "notes", case), tmp_path)
        assert shown.code == 0
        assert "older" in shown.out
        assert tree(disk) == before
        drafts = DraftFolder(find_places(disk), CASE)
        with pytest.raises(SaveError, match="it can't be written to"):
            drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))
        with pytest.raises(OSError, match="Read-only"):
            durable_files.write_document(disk / "demo.notes", b"x")


def test_case_insensitive_file_system(tmp_path: Path) -> None:
    """On exFAT, where `Demo` is `demo`, each case has its own notes."""
    ids = ["a", "a-", "con", "nul", "a" * 64, "a" * 63]
    with fat(tmp_path / "stick") as stick:
        (stick / "probe").write_bytes(b"")
        if not (stick / "PROBE").exists():
            pytest.skip("this exFAT does not fold names")
        for case_id in ids:
            open_notebook(find_places(stick), case_id, None).keep_new("arrests", case_id, TARGET)
        for case_id in ids:
            here = open_notebook(find_places(stick), case_id, None)
            assert [note.current.body for note in here.notes] == [case_id]
            # No other case's notes are in the folder.
            assert here.unreadable == ()
