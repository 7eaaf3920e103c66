"""A disk that is really full, and file systems that can't do all: nothing is lost, all is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_the_terminal import READY, Start, quit_with, type_note
from faults import casefile, fat, litter, mounted, needs_root, remounted, run, tree
from saver import CASE, TARGET, notebook_of
from small_cases import events, write_case

from casefile import files
from casefile.notes.annotation import NotKept
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import open_notebook
from casefile.places import find_places
from casefile.state import recall, remember

pytestmark = [needs_root, pytest.mark.slow]


@pytest.fixture(params=["size=64k", "size=1m,nr_inodes=24"], ids=["no room", "no inodes"])
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Give a home with a note and a draft on a disk on which there is little room."""
    with mounted(tmp_path / "disk", request.param) as disk:
        notebook_of(disk).keep_new("arrests", "older", TARGET)
        drafts = DraftFolder(find_places(disk), CASE)
        drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))
        yield disk


def fill(disk: Path) -> list[Path]:
    """Leave no room on a disk; give the files that took it, to make some again."""
    made: list[Path] = []
    try:
        for number in range(10_000):
            made.append(disk / f"filler-{number}")
            made[-1].write_bytes(b"x" * 4096)
    except OSError:
        pass
    return [path for path in made if path.exists()]


def make_room(fillers: list[Path]) -> None:
    """Take away what fills a disk."""
    for path in fillers:
        path.unlink()


def test_a_note_that_has_no_room_is_kept_once_there_is(small_disk: Path, tmp_path: Path) -> None:
    """The command says that it was not kept, leaves all as it was, and does it when it can."""
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


def test_a_draft_that_has_no_room_stays_as_it_was(small_disk: Path) -> None:
    """What was written last is still offered, and the next pause with room writes all of it."""
    drafts = DraftFolder(find_places(small_disk), CASE)
    (draft,) = drafts.unfinished()
    fillers = fill(small_disk)
    with pytest.raises(NotKept, match="No space left on device"):
        drafts.write(draft.typed("half a note, and more " * 500))
    assert [one.body for one in drafts.unfinished()] == ["half a no"]
    assert litter(small_disk) == []
    make_room(fillers)
    drafts.write(draft.typed("half a note"))
    assert [one.body for one in drafts.unfinished()] == ["half a note"]


def test_a_merge_that_has_no_room_goes_on_when_there_is(small_disk: Path, tmp_path: Path) -> None:
    """It says how many came in; merged again, the rest comes, and each is there once."""
    theirs = notebook_of(tmp_path / "theirs")
    for number in range(20):
        theirs.keep_new("arrests", f"{number} " * 500, TARGET)
    folder = theirs.folder
    assert folder is not None
    command = casefile(small_disk, "notes", "merge", folder, "--yes")
    fillers = fill(small_disk)
    make_room(fillers[:4])
    ended = run(command, tmp_path)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Not taken in: ")
    came = len(notebook_of(small_disk).notes) - 1
    assert 0 < came < 20
    assert f"{came} of 20 revisions came in before that, and stay" in ended.err
    assert notebook_of(small_disk).unreadable == ()
    assert litter(small_disk) == []
    make_room(fillers[4:])
    with mounted(tmp_path / "larger", "size=4m") as larger:
        # What the disk held goes on to one with room for all.
        shutil.copytree(small_disk, larger, dirs_exist_ok=True)
        assert run(casefile(larger, "notes", "merge", folder, "--yes"), tmp_path).code == 0
        assert tree(folder).items() <= tree(find_places(larger).notes(CASE)).items()
        assert len(notebook_of(larger).notes) == 21


def test_what_was_remembered_is_whole_on_a_full_disk(small_disk: Path) -> None:
    """What can't be remembered for the next start leaves what was, and nothing beside it."""
    places = find_places(small_disk)
    assert remember(places, "recent.toml", b"old")
    fillers = fill(small_disk)
    assert not remember(places, "recent.toml", b"new" * 4000)
    assert recall(places, "recent.toml", 100) == b"old"
    assert litter(small_disk) == []
    make_room(fillers)
    assert remember(places, "recent.toml", b"new")


@pytest.mark.terminal
def test_on_a_full_disk_a_note_stays_in_the_editor(start: Start, tmp_path: Path) -> None:
    """The screen says why it was not saved; with room, the same key keeps it."""
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


def test_a_file_system_without_hard_links_will_do(tmp_path: Path) -> None:
    """On exFAT, a real one, notes are kept, edited, merged and read again."""
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


def test_notes_on_another_disk_than_their_workshop(tmp_path: Path) -> None:
    """Where a link of the reader's leads to another disk, which no hard link does."""
    with mounted(tmp_path / "disk", "size=1m") as disk:
        folder = find_places(tmp_path / "home").notes(CASE)
        folder.parent.mkdir(parents=True)
        folder.symlink_to(disk)
        notebook_of(tmp_path / "home").keep_new("arrests", "Mine.", TARGET)
        assert len(tree(disk)) == 1
        assert [note.current.body for note in notebook_of(tmp_path / "home").notes] == ["Mine."]
        fillers = fill(disk)
        with pytest.raises(NotKept, match="No space left on device"):
            notebook_of(tmp_path / "home").keep_new("arrests", "More.", TARGET)
        make_room(fillers)
        assert len(tree(disk)) == 1


def test_a_disk_that_can_only_be_read_shows_its_notes(tmp_path: Path) -> None:
    """It says before anything is written that nothing can be kept, and what helps."""
    case = write_case(tmp_path / "demo.toml", events("arrests"))
    with mounted(tmp_path / "disk", "size=1m") as disk:
        notebook_of(disk).keep_new("arrests", "older", TARGET)
        remounted(disk, "ro")
        before = tree(disk)
        ended = run(casefile(disk, "note", "add", case, "arrests"), tmp_path, given="New.")
        assert ended.code == 1
        assert ended.err.startswith("Not kept: --notes-dir DIR names a folder for them; ")
        shown = run(casefile(disk, "notes", case), tmp_path)
        assert shown.code == 0
        assert "older" in shown.out
        assert tree(disk) == before
        drafts = DraftFolder(find_places(disk), CASE)
        with pytest.raises(NotKept, match="it can't be written to"):
            drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))
        with pytest.raises(OSError, match="Read-only"):
            files.write_document(disk / "demo.notes", b"x")


def test_a_folder_of_names_that_are_folded(tmp_path: Path) -> None:
    """On exFAT, which takes `Demo` for `demo`, each case has its own notes all the same."""
    ids = ["a", "a-", "con", "nul", "a" * 64, "a" * 63]
    with fat(tmp_path / "stick") as stick:
        (stick / "probe").write_bytes(b"")
        if not (stick / "PROBE").exists():
            pytest.skip("this exFAT does not fold names")
        for case_id in ids:
            open_notebook(find_places(stick), case_id).keep_new("arrests", case_id, TARGET)
        for case_id in ids:
            here = open_notebook(find_places(stick), case_id)
            assert [note.current.body for note in here.notes] == [case_id]
            # Nor does another case's lie among them.
            assert here.unreadable == ()
