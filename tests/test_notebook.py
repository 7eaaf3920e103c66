"""The notes on a case: nothing kept is lost, nothing is hidden, and each step can be taken back."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casefile.notes.annotation import LATEST, NotKept, Revision, Target, encode, target_of
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import Places

TARGET = target_of("Arrests", {"id": "arrests"})
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give directories that nothing has made yet."""
    return Places(tmp_path / "data", tmp_path / "state", tmp_path / "config")


@pytest.fixture
def folder(places: Places) -> Path:
    """Give the folder of the notes, not made yet."""
    return places.notes("demo")


def notebook(places: Places, author: str = "jdoe") -> Notebook:
    """Open the notes on the case, as one more terminal does."""
    return open_notebook(places, "demo", author)


def texts(notebook: Notebook, note_id: str) -> list[str]:
    """Give the texts that stand in a note now."""
    note = notebook.note(note_id)
    assert note is not None
    return sorted(head.body for head in note.heads)


def bodies(notebook: Notebook, entry: str = "arrests") -> list[str]:
    """Give the texts of the notes on an entry, in order."""
    return [note.current.body for note in notebook.on(entry)]


def path_of(folder: Path, revision: Revision) -> Path:
    """Give the file of a revision."""
    (path,) = folder.glob(f"{revision.id}.{revision.rev}-{revision.hash[7:15]}.toml")
    return path


def noted(patch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """Give the list, growing, of what a system call is asked for."""
    asked = []
    call = getattr(os, name)

    def noting(path: Any, *args: Any) -> Any:
        asked.append(path)
        return call(path, *args)

    patch.setattr(os, name, noting)
    return asked


# Keeping and finding


def test_a_note_is_kept_and_found_again(places: Places) -> None:
    """A note is there for whoever opens the case next, with all that was said of it."""
    kept = notebook(places).keep_new("arrests", "Check.", TARGET, tags=["release"], private=True)
    (note,) = notebook(places).notes
    assert note.current == kept
    assert note.history == note.heads == (kept,)
    assert (kept.body, kept.tags, kept.private) == ("Check.", ("release",), True)
    assert (kept.case, kept.entry, kept.rev, kept.parents) == ("demo", "arrests", 1, ())
    assert (kept.author, kept.target, kept.created) == ("jdoe", TARGET, kept.modified)


def test_one_private_file_for_each_revision(places: Places, folder: Path) -> None:
    """Files have mode 0600 and folders 0700 whatever the umask, and temporary names go."""
    before = os.umask(0)
    try:
        open_notes = notebook(places)
        first = open_notes.keep_new("arrests", "one", TARGET)
        second = open_notes.keep_edit(first.id, "two", TARGET)
    finally:
        os.umask(before)
    assert sorted(folder.iterdir()) == sorted([path_of(folder, first), path_of(folder, second)])
    assert list(places.workshop("demo").iterdir()) == []
    root = places.data
    assert root is not None
    for path in [root, *root.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected


def test_looking_makes_nothing(places: Places, tmp_path: Path) -> None:
    """Opening a case without notes makes no directory."""
    assert notebook(places).notes == ()
    assert list(tmp_path.iterdir()) == []


def test_an_edit_follows_what_it_changes(places: Places, folder: Path) -> None:
    """An edit is a new revision that names the one before, whose file stays as it was."""
    open_notes = notebook(places)
    first = open_notes.keep_new("arrests", "one", TARGET, tags=["a"], motivation="tagging")
    data = path_of(folder, first).read_bytes()
    second = open_notes.keep_edit(first.id, "two", TARGET)
    assert (second.rev, second.parents, second.tags) == (2, (first.hash,), ("a",))
    assert (second.created, second.motivation) == (first.created, "tagging")
    assert path_of(folder, first).read_bytes() == data
    (note,) = notebook(places).notes
    assert (note.heads, note.history) == ((second,), (first, second))


def test_what_an_edit_names_changes_and_nothing_else(places: Places) -> None:
    """Tags, privacy and entry change with an edit only where it says so."""
    open_notes = notebook(places)
    first = open_notes.keep_new("gone", "one", TARGET, tags=["a"], private=True)
    second = open_notes.keep_edit(first.id, "one", TARGET, tags=(), private=False, entry="arrests")
    assert (second.tags, second.private, second.entry) == ((), False, "arrests")
    assert open_notes.on("gone") == ()
    assert bodies(open_notes) == ["one"]


def test_keys_of_a_later_version_are_carried_on(places: Places, folder: Path) -> None:
    """What this version doesn't know in a note is in the next revision too."""
    first = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, first)
    (folder / "later.toml").write_bytes(b'mood = "sure"\n' + path.read_bytes())
    path.unlink()
    second = notebook(places).keep_edit(first.id, "two", TARGET)
    assert second.extra == {"mood": "sure"}
    assert b'mood = "sure"' in path_of(folder, second).read_bytes()


def test_deleting_is_a_revision(places: Places) -> None:
    """A deleted note is no longer on its entry, and its text is still in its history."""
    open_notes = notebook(places)
    kept = open_notes.keep_new("arrests", "one", TARGET)
    gone = open_notes.delete(kept.id)
    assert gone.deleted
    assert open_notes.delete(kept.id) == gone
    again = notebook(places)
    assert again.on("arrests") == ()
    assert again.counts() == {}
    (note,) = again.notes
    assert note.deleted
    assert note.history[0].body == "one"


def test_notes_are_in_the_order_they_were_begun(places: Places) -> None:
    """Notes stand oldest first, also after the oldest was edited, and are counted by entry."""
    open_notes = notebook(places)
    first = open_notes.keep_new("arrests", "one", TARGET)
    open_notes.keep_new("arrests", "two", TARGET)
    open_notes.keep_new("tip", "three", TARGET)
    open_notes.star("tip", TARGET)
    open_notes.keep_edit(first.id, "one more", TARGET)
    assert bodies(open_notes) == bodies(notebook(places)) == ["one more", "two"]
    assert open_notes.counts() == {"arrests": 2, "tip": 2}
    assert open_notes.counts("commenting", "replying") == {"arrests": 2, "tip": 1}


def test_a_verdict_is_one_note_revised(places: Places) -> None:
    """An author's check of an entry is one annotation, and so is the star, also taken away."""
    open_notes = notebook(places)
    first = open_notes.assess("arrests", "checked", TARGET)
    second = open_notes.assess("arrests", "wrong", TARGET, body="It was March.")
    assert (second.id, second.parents, second.value) == (first.id, (first.hash,), "wrong")
    star = open_notes.star("arrests", TARGET)
    open_notes.delete(star.id)
    assert open_notes.star("arrests", TARGET).id == star.id
    assert [note.id for note in open_notes.on("arrests")] == [first.id, star.id]
    assert len(open_notes.notes) == 2
    other = notebook(places, "rroe").assess("arrests", "checked", TARGET)
    assert other.id != first.id


def test_of_two_verdicts_the_later_counts(places: Places) -> None:
    """Where a merge brought two checks by one author, the one modified last counts."""
    one, other = notebook(places), notebook(places)
    one.assess("arrests", "checked", TARGET)
    later = other.assess("arrests", "wrong", TARGET)
    found = notebook(places).own("arrests", "assessing")
    assert found is not None
    assert found.current == later


def test_a_verdict_moved_to_another_entry_is_none_on_the_first(places: Places) -> None:
    """Where a check was attached to another entry, the first entry has none."""
    here = notebook(places)
    moved = here.assess("gone", "checked", TARGET)
    here.keep_edit(moved.id, "", TARGET, entry="arrests")
    assert here.own("gone", "assessing") is None
    assert here.own("arrests", "assessing") == here.note(moved.id)


def test_times_within_a_note_only_grow(places: Places) -> None:
    """Each change is later than the one before, also when the clock stands or runs backwards."""
    clock = iter([NOON, NOON, NOON - dt.timedelta(hours=5), *[NOON - dt.timedelta(days=400)] * 2])
    open_notes = Notebook(places, "demo", "jdoe", lambda: next(clock))
    first = open_notes.keep_new("arrests", "one", TARGET)
    second = open_notes.keep_edit(first.id, "two", TARGET)
    third = open_notes.delete(first.id)
    fourth = open_notes.keep_new("arrests", "four", TARGET)
    fifth = open_notes.keep_edit(first.id, "five", TARGET)
    kept = [first, second, third, fourth, fifth]
    times = [revision.modified for revision in kept]
    assert times == sorted(set(times))
    assert [revision.rev for revision in kept] == [1, 2, 3, 1, 4]
    assert first.created == second.created == NOON


def test_a_note_of_the_last_day_of_all_stops_nothing(places: Places) -> None:
    """One that bears the reader's name and the latest time there is keeps none from being kept."""
    end = LATEST - dt.timedelta(milliseconds=1)
    first = Notebook(places, "demo", "jdoe", lambda: end).keep_new("arrests", "one", TARGET)
    here = notebook(places)
    here.keep_edit(first.id, "two", TARGET)
    here.keep_new("arrests", "three", TARGET)
    assert sorted(bodies(notebook(places))) == ["three", "two"]


# What is found in the folder


def test_refresh_finds_what_others_keep(places: Places) -> None:
    """Another terminal's note is there after a refresh, which says whether anything changed."""
    here, there = notebook(places), notebook(places)
    assert not here.refresh()
    kept = there.keep_new("arrests", "one", TARGET)
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert not here.refresh()
    there.keep_edit(kept.id, "two", TARGET)
    assert here.refresh()
    assert bodies(here) == ["two"]


def test_refresh_reads_only_what_is_new(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file read before is not opened again, even for a thorough look."""
    here, there = notebook(places), notebook(places)
    for number in range(3):
        there.keep_new("arrests", str(number), TARGET)
    here.refresh()
    there.keep_new("arrests", "new", TARGET)
    opened = noted(monkeypatch, "open")
    assert here.refresh(thorough=True)
    assert len(opened) == 1


def test_a_quiet_folder_is_not_listed_again(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the folder's time has settled, a refresh costs no listing, unless it is thorough."""
    notebook(places).keep_new("arrests", "one", TARGET)
    os.utime(folder, (0, 0))
    here = notebook(places)
    listed = noted(monkeypatch, "listdir")
    assert not here.refresh()
    assert listed == []
    assert not here.refresh(thorough=True)
    assert listed == [folder]
    notebook(places).keep_new("arrests", "two", TARGET)
    assert here.refresh()
    assert bodies(here) == ["one", "two"]


def test_a_change_in_the_same_moment_is_seen(places: Places, folder: Path) -> None:
    """A folder changed just now may change again with no sign of it, so it is listed again."""
    notebook(places).keep_new("arrests", "one", TARGET)
    here = notebook(places)
    moment = folder.stat().st_mtime_ns
    notebook(places).keep_new("arrests", "two", TARGET)
    os.utime(folder, ns=(moment, moment))
    assert here.refresh()
    assert bodies(here) == ["one", "two"]


def test_what_was_removed_is_gone(places: Places, folder: Path) -> None:
    """A note whose files were removed, as it must not stay, is gone after a refresh."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_new("arrests", "two", TARGET)
    path_of(folder, first).unlink()
    assert here.refresh()
    assert bodies(here) == ["two"]
    shutil.rmtree(folder)
    assert here.refresh()
    assert here.notes == ()
    assert not here.refresh()
    with pytest.raises(NotKept, match="no longer there"):
        here.keep_edit(first.id, "one", TARGET)


def test_copies_of_a_revision_count_once(places: Places, folder: Path) -> None:
    """The same content under two names is one revision."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, kept)
    shutil.copy(path, path.with_name(f"{path.stem}.sync-conflict-20261124-030000-ABCDEFG.toml"))
    shutil.copy(path, folder / "copy of a note.toml")
    here = notebook(places)
    assert [note.history for note in here.notes] == [(kept,)]
    path.unlink()
    here.refresh()
    assert [note.history for note in here.notes] == [(kept,)]


def test_a_sync_conflict_is_read_as_a_revision(places: Places, folder: Path) -> None:
    """What Syncthing puts aside under a name of its own is shown beside the other."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, kept)
    aside = path.with_name(f"{path.stem}.sync-conflict-20261124-030000-ABCDEFG.toml")
    aside.write_bytes(path.read_bytes().replace(b'"one"', b'"other"'))
    here = notebook(places)
    assert texts(here, kept.id) == ["one", "other"]
    assert here.unreadable == ()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[: len(data) // 2], ""),
        (lambda _data: b"", "format"),
        (lambda data: data.replace(b'"two"', b'"twx"'), "cut short or changed"),
        (lambda data: data.replace(b'case = "demo"', b'case = "other"'), ""),
        (lambda data: data + b"\xff", "UTF-8"),
        (lambda data: data + b"#" * 3_000_000, "limit of 2,097,152 bytes"),
    ],
    ids=["half", "empty", "a letter", "another case", "no UTF-8", "too large"],
)
def test_a_corrupt_revision_hides_no_other(
    places: Places, folder: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    """A damaged file stays as it is and is named; the last readable revision is shown."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    second = here.keep_edit(first.id, "two", TARGET)
    here.keep_new("arrests", "other", TARGET)
    path = path_of(folder, second)
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    again = notebook(places)
    assert bodies(again) == ["one", "other"]
    ((named, said),) = again.unreadable
    assert named == path
    assert said
    assert reason in said
    again.keep_edit(first.id, "three", TARGET)
    again.undo()
    assert path.read_bytes() == damaged
    assert bodies(notebook(places)) == ["one", "other"]


def test_a_note_of_another_case_is_named(places: Places, folder: Path) -> None:
    """A note that was copied into the wrong folder is not taken for one on this case."""
    kept = open_notebook(places, "other", "jdoe").keep_new("arrests", "one", TARGET)
    notebook(places).keep_new("arrests", "two", TARGET)
    shutil.copy(path_of(places.notes("other"), kept), folder)
    here = notebook(places)
    assert bodies(here) == ["two"]
    assert [said for _, said in here.unreadable] == ["it belongs to the case other"]


@pytest.mark.parametrize("rival", ["folder", "fifo", "dangling"])
def test_what_is_no_file_is_named(places: Places, folder: Path, rival: str) -> None:
    """A folder, a FIFO or a broken link with the name of a note hides nothing and hangs nothing."""
    notebook(places).keep_new("arrests", "one", TARGET)
    path = folder / "x.toml"
    if rival == "folder":
        path.mkdir()
    elif rival == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    here = notebook(places)
    assert bodies(here) == ["one"]
    ((named, said),) = here.unreadable
    assert named == path
    assert str(path) not in said
    assert not here.refresh(thorough=True)


def test_a_file_that_is_completed_is_read(places: Places, folder: Path) -> None:
    """A file found half copied is read once it is whole, and no longer named."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, kept)
    data = path.read_bytes()
    path.write_bytes(data[:100])
    os.utime(folder, (0, 0))
    here = notebook(places)
    assert [named for named, _ in here.unreadable] == [path]
    path.write_bytes(data)
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert here.unreadable == ()


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE, errno.EACCES])
def test_a_file_that_could_not_be_read_for_a_moment_is_read(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """What hindered a look and left no trace in the file hides the note from no later look."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    here = Notebook(places, "demo", "jdoe")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing(os.open, [1], code))
        here.refresh()
    assert [named for named, _ in here.unreadable] == [path_of(folder, kept)]
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert here.unreadable == ()


def test_a_missing_parent_changes_nothing(places: Places, folder: Path) -> None:
    """A revision whose predecessor is not there, as after half a merge, stands by itself."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    path_of(folder, first).unlink()
    again = notebook(places)
    assert texts(again, first.id) == ["two"]
    assert again.unreadable == ()


def test_another_note_cannot_put_a_text_aside(places: Places) -> None:
    """Only revisions of the same note supersede a text, so a foreign one can hide none."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    other = here.keep_new("arrests", "two", TARGET)
    here.keep_edit(other.id, "three", TARGET, parents=[first.hash, other.hash])
    assert bodies(notebook(places)) == ["one", "three"]


# Two terminals


def test_the_same_note_edited_twice_keeps_both_texts(places: Places) -> None:
    """Two who edit one note from the same text both keep theirs, and the note says conflict."""
    first = notebook(places).keep_new("arrests", "one", TARGET)
    here, there = notebook(places), notebook(places, "rroe")
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    there.keep_edit(first.id, "theirs", TARGET, parents=[first.hash])
    for look in (here, there, notebook(places)):
        look.refresh()
        (note,) = look.on("arrests")
        assert note.conflict
        assert texts(look, note.id) == ["mine", "theirs"]


def test_a_text_begun_before_the_other_was_kept_is_a_conflict(places: Places) -> None:
    """The heads the editor was opened on count, not those there when it is kept."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    here.keep_edit(first.id, "from one", TARGET, parents=[first.hash])
    assert texts(here, first.id) == ["from one", "two"]


def test_saving_a_joined_text_ends_the_conflict(places: Places) -> None:
    """A text that names both heads stands alone; it stays private if either was."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    mine = here.keep_edit(first.id, "mine", TARGET, parents=[first.hash], private=True)
    theirs = here.keep_edit(first.id, "theirs", TARGET, parents=[first.hash])
    (note,) = here.notes
    assert note.private
    joined = here.keep_edit(first.id, "both", TARGET)
    assert set(joined.parents) == {mine.hash, theirs.hash}
    assert joined.private
    (note,) = notebook(places).notes
    assert (note.heads, note.conflict) == ((joined,), False)


def test_an_edit_beside_a_deletion_is_not_lost(places: Places) -> None:
    """A note deleted here and edited there is still shown, as a conflict."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    there = notebook(places)
    here.delete(first.id)
    there.keep_edit(first.id, "two", TARGET)
    (note,) = notebook(places).on("arrests")
    assert note.conflict
    assert not note.deleted


def test_what_a_kill_left_unfinished_is_swept_up(places: Places) -> None:
    """The first note kept clears the workshop of what a killed process left there long ago."""
    notebook(places).keep_new("arrests", "one", TARGET)
    left = places.workshop("demo") / "0123.unfinished"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    notebook(places).keep_new("arrests", "two", TARGET)
    assert not left.exists()


# Undo


def test_undo_deletes_a_new_note(places: Places) -> None:
    """Taking back a new note deletes it by a revision that names what it undoes."""
    here = notebook(places)
    kept = here.keep_new("arrests", "Check against the release.", TARGET)
    undone = here.undo()
    assert undone is not None
    assert undone.undid == kept
    assert undone.words == "new note on Arrests: “Check against the release.”"
    assert [by.undoes for by in undone.by] == [kept.hash]
    assert here.on("arrests") == notebook(places).on("arrests") == ()


def test_undo_brings_the_text_before(places: Places) -> None:
    """Taking back an edit brings the text before it, tags and all."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET, tags=["a"])
    here.keep_edit(first.id, "two", target_of("Later", {"id": "arrests", "x": 1}), tags=["b"])
    undone = here.undo()
    assert undone is not None
    assert undone.words == "edited note on Later: “two”"
    (note,) = notebook(places).on("arrests")
    assert (note.current.body, note.current.tags, note.current.target) == ("one", ("a",), TARGET)


def test_undo_brings_a_deleted_note_back(places: Places) -> None:
    """Taking back a deletion is a revision that says so."""
    here = notebook(places)
    first = here.keep_new("arrests", "Check\nall of it", TARGET)
    here.delete(first.id)
    undone = here.undo()
    assert undone is not None
    assert undone.words == "deleted note on Arrests: “Check…”"
    assert not undone.by[0].deleted
    assert bodies(notebook(places)) == ["Check\nall of it"]


def test_undo_steps_back_through_everything(places: Places) -> None:
    """Undo after undo takes back one change after the other, also after a restart."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    here.delete(first.id)
    here.assess("arrests", "checked", TARGET)
    said = []
    shown = []
    while undone := notebook(places).undo():
        said.append(undone.words)
        shown.append(bodies(notebook(places)))
    assert said == [
        "new check on Arrests: “checked”",
        "deleted note on Arrests: “two”",
        "edited note on Arrests: “two”",
        "new note on Arrests: “one”",
    ]
    assert shown == [[], ["two"], ["one"], []]
    assert not any(note.conflict for note in notebook(places).notes)


def test_undo_between_changes(places: Places) -> None:
    """A change after an undo is the next to be taken back, then what stood before both."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    here.keep_edit(first.id, "three", TARGET)
    here.undo()
    here.keep_edit(first.id, "four", TARGET)
    shown = []
    while here.undo():
        shown.append(bodies(here))
        assert not any(note.conflict for note in here.notes)
    assert shown == [["two"], ["one"], []]


def test_undo_is_of_ones_own_changes(places: Places) -> None:
    """What another author did is not taken back."""
    notebook(places, "rroe").keep_new("arrests", "theirs", TARGET)
    assert notebook(places).undo() is None
    assert bodies(notebook(places)) == ["theirs"]


def test_undo_sees_the_other_terminal(places: Places) -> None:
    """The latest change counts also where it was made in another terminal."""
    here, there = notebook(places), notebook(places)
    here.keep_new("arrests", "one", TARGET)
    there.keep_new("arrests", "two", TARGET)
    here.undo()
    assert bodies(here) == ["one"]


def test_undo_leaves_what_others_wrote_since(places: Places) -> None:
    """Where another author has edited since, taking back is a conflict and no loss."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    notebook(places, "rroe").keep_edit(first.id, "theirs", TARGET)
    here.undo()
    assert texts(here, first.id) == ["one", "theirs"]


def test_undo_of_one_side_of_a_conflict_leaves_the_other(places: Places) -> None:
    """Taking back one of two rival texts ends the conflict, and further undo goes on from there."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "other", TARGET, parents=[first.hash])
    shown = []
    while here.undo():
        shown.append(texts(here, first.id) if here.on("arrests") else [])
    assert shown == [["mine"], ["one"], []]


def test_undo_of_a_joined_text_brings_both_back(places: Places) -> None:
    """Taking back the text that ended a conflict shows both sides again."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "other", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "joined", TARGET)
    undone = here.undo()
    assert undone is not None
    assert len(undone.by) == 2
    assert texts(notebook(places), first.id) == ["mine", "other"]
    here.undo()
    assert texts(here, first.id) == ["mine"]


def test_undo_that_failed_half_way_is_finished_by_the_next(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only one side of a conflict could be brought back, trying again brings the other."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "other", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "joined", TARGET)
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", failing(os.link, [2], errno.ENOSPC))
        with pytest.raises(NotKept, match="No space left"):
            here.undo()
    assert len(texts(here, first.id)) == 1
    here.undo()
    assert texts(here, first.id) == ["mine", "other"]


def test_undo_says_when_the_text_before_is_gone(places: Places, folder: Path) -> None:
    """A change whose predecessor can't be read is not taken back, and the reason is told."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    path_of(folder, first).unlink()
    with pytest.raises(NotKept, match="not among the readable notes"):
        here.undo()
    assert bodies(here) == ["two"]


# When nothing can be kept


def test_no_home_is_told_before_the_first_note() -> None:
    """Without a place the case opens without notes; the reason and the way out are told."""
    here = open_notebook(Places(None, None, None, "no home; --notes-dir DIR"), "demo", "jdoe")
    assert here.refuses == "no home; --notes-dir DIR"
    assert here.notes == ()
    assert not here.refresh()
    with pytest.raises(NotKept, match="--notes-dir DIR"):
        here.keep_new("arrests", "one", TARGET)
    assert here.undo() is None


def test_a_read_only_home_is_told_and_notes_are_shown(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be written the notes there are still shown; once it can, they are kept."""
    notebook(places).keep_new("arrests", "one", TARGET)
    # Permission bits do not stop root, who may run this test, so the question is answered here.
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_args, **_kwargs: False)
        here = notebook(places)
        assert bodies(here) == ["one"]
        assert "it can't be written to" in str(here.refuses)
        with pytest.raises(NotKept, match="can't be written to"):
            here.keep_new("arrests", "two", TARGET)
    here.keep_new("arrests", "two", TARGET)
    assert bodies(here) == ["one", "two"]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_a_place_that_cant_be_looked_at_is_told(
    places: Places, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Where not even a look at the folder is possible, what is asked before a save is answered."""

    def unseen(*_args: object, **_kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    here = notebook(places)
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", unseen)
        assert not here.is_first
        assert os.strerror(code) in str(here.refuses)
        with pytest.raises(NotKept, match=os.strerror(code)):
            here.keep_new("arrests", "one", TARGET)
    assert here.is_first
    here.keep_new("arrests", "one", TARGET)
    assert not here.is_first


@needs_root
def test_a_read_only_folder_is_told_to_an_ordinary_user() -> None:
    """An ordinary user with a folder they may not write to is told so, and nothing is made."""
    told = (
        "import os, sys; from pathlib import Path;"
        "from casefile.notes.notebook import open_notebook; from casefile.places import Places;"
        "root = Path(sys.argv[1]); import platformdirs, tomli, tomli_w;"
        "os.setuid(12345); os.chdir(root);"
        "print(open_notebook(Places(Path('data'), Path('state'), None), 'demo').refuses)"
    )
    # Not in tmp_path: what is above it is closed to others again by each pytest that starts.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", told, folder], capture_output=True, text=True, check=True
        )
        assert "it can't be written to" in done.stdout
        assert list(Path(folder).iterdir()) == []


@needs_root
def test_other_peoples_notes_are_refused(places: Places, folder: Path) -> None:
    """A notes folder of another user is neither read nor written to."""
    notebook(places).keep_new("arrests", "one", TARGET)
    os.chown(folder, 12345, 12345)
    here = notebook(places)
    assert here.notes == ()
    assert "belongs to another user" in str(here.refuses)
    assert [(path, "another user" in said) for path, said in here.unreadable] == [(folder, True)]
    with pytest.raises(NotKept, match="another user"):
        here.keep_new("arrests", "two", TARGET)
    assert len(list(folder.iterdir())) == 1
    os.chown(folder, os.geteuid(), os.getegid())
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert here.unreadable == ()


@needs_root
def test_a_file_of_another_user_is_named(places: Places, folder: Path) -> None:
    """A note that somebody else put into our folder is refused and named."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    os.chown(path_of(folder, kept), 12345, 12345)
    here = notebook(places)
    assert here.notes == ()
    assert ["another user" in said for _, said in here.unreadable] == [True]


def test_links_to_ones_own_folder_are_kept(places: Places, folder: Path, tmp_path: Path) -> None:
    """Notes kept in a folder of one's own elsewhere, through a link, are read and written."""
    (tmp_path / "synced").mkdir()
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "synced")
    notebook(places).keep_new("arrests", "one", TARGET)
    assert bodies(notebook(places)) == ["one"]
    assert folder.is_symlink()
    assert len(list((tmp_path / "synced").iterdir())) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_failed_save_can_be_tried_again(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call fails, the reader is told why, all stays as it was, and a next try works."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    names = ("open", "write", "fsync", "link")
    for nth in itertools.count(1):
        with monkeypatch.context() as patch:
            left = [nth]
            for name in names:
                patch.setattr(os, name, failing(getattr(os, name), left, code))
            try:
                here.keep_edit(first.id, "two", TARGET)
            except NotKept as error:
                told = error.reason
            else:
                break
        assert os.strerror(code) in told
        assert bodies(here) == bodies(notebook(places)) == ["one"]
        assert len(list(folder.iterdir())) == 1
        assert list(places.workshop("demo").iterdir()) == []
    assert nth > len(names)
    assert bodies(notebook(places)) == ["two"]


def failing(call: Callable[..., Any], left: list[int], code: int) -> Callable[..., Any]:
    """Give a system call that fails when what is left has been counted down, once."""

    def counted(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(code, os.strerror(code))
        return call(*args, **kwargs)

    return counted


@pytest.mark.parametrize(
    ("body", "target", "reason"),
    [
        ("\ud83d", TARGET, "half of a character"),
        ("x" * 3_000_000, TARGET, "limit of 2,097,152 bytes"),
        ("x", Target("x" * 3000, "", ""), "label is longer"),
    ],
    ids=["half a character", "too long", "label"],
)
def test_what_could_not_be_read_back_is_not_kept(
    places: Places, folder: Path, body: str, target: Target, reason: str
) -> None:
    """A note that no reader would take is refused with the reason, before anything is written."""
    with pytest.raises(NotKept, match=reason):
        notebook(places).keep_new("arrests", body, target)
    assert not folder.exists()


@pytest.mark.parametrize("case_id", ["..", "a/b", "Demo", "", "a\n"])
def test_an_id_is_never_a_path(places: Places, case_id: str, tmp_path: Path) -> None:
    """What is no id opens no notebook, and reaches no folder."""
    with pytest.raises(ValueError, match="not a case id"):
        open_notebook(places, case_id)
    with pytest.raises(NotKept, match="entry is not an id"):
        notebook(places).keep_new(case_id, "one", TARGET)
    assert list(tmp_path.iterdir()) == []


def test_a_revision_written_by_hand_may_have_any_name(places: Places, folder: Path) -> None:
    """A revision is known by what it says, so a file of any name that ends in .toml is read."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path_of(folder, kept).rename(folder / "mine.toml")
    (folder / ".hidden.toml").write_bytes(encode(kept))
    (folder / "notes.txt").write_bytes(b"not a note")
    here = notebook(places)
    assert bodies(here) == ["one"]
    assert here.unreadable == ()
