"""Notebooks: writing, refreshing, conflicts, undo, and errors of the file system."""

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
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faults import FailingCalls
from msgspec.structs import replace
from namespaces import needs_root

from casefile.notes.annotation import (
    LATEST,
    Revision,
    SaveError,
    Target,
    encode,
    file_name,
    target_of,
)
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook, open_notebook
from casefile.notes.undoing import Undone
from casefile.places import Places

TARGET = target_of("Arrests", {"id": "arrests"})
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return directories that do not exist yet."""
    return Places(tmp_path / "data", tmp_path / "state", tmp_path / "config")


@pytest.fixture
def folder(places: Places) -> Path:
    """Return the folder of the notes, which does not exist yet."""
    return places.notes("demo")


def notebook(places: Places, author: str = "jdoe") -> Notebook:
    """Open the notebook of the case, as another process does."""
    return open_notebook(places, "demo", author)


def texts(notebook: Notebook, note_id: str) -> list[str]:
    """Return the current texts of a note."""
    note = notebook.note(note_id)
    assert note is not None
    return sorted(head.body for head in note.heads)


def bodies(notebook: Notebook, entry: str = "arrests") -> list[str]:
    """Return the texts of the notes on an entry, in order."""
    return [note.current.body for note in notebook.on(entry)]


def path_of(folder: Path, revision: Revision) -> Path:
    """Return the path of a revision's file."""
    (path,) = folder.glob(f"{revision.id}.{revision.rev}-{revision.hash[7:47]}.toml")
    return path


def add_copies(folder: Path, revision: Revision, count: int) -> None:
    """Add files of notes like a revision, quickly, as another program does."""
    for _ in range(count):
        copy = replace(revision, id=str(uuid.uuid4()))
        data = encode(copy)
        (folder / file_name(copy.id, copy.rev, data)).write_bytes(data)


def recorded_arguments(patch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """Return a growing list of the first arguments of calls of a system function."""
    asked = []
    call = getattr(os, name)

    def noting(path: Any, *args: Any) -> Any:
        asked.append(path)
        return call(path, *args)

    patch.setattr(os, name, noting)
    return asked


# Adding, editing and reading


def test_added_note_is_read_again(places: Places) -> None:
    """A note has all its fields when the case is opened again."""
    kept = notebook(places).keep_new("arrests", "Check.", TARGET, tags=["release"], private=True)
    (note,) = notebook(places).notes
    assert note.current == kept
    assert note.history == note.heads == (kept,)
    assert (kept.body, kept.tags, kept.private) == ("Check.", ("release",), True)
    assert (kept.case, kept.entry, kept.rev, kept.parents) == ("demo", "arrests", 1, ())
    assert (kept.author, kept.target, kept.created) == ("jdoe", TARGET, kept.modified)


def test_each_revision_is_one_private_file(places: Places, folder: Path) -> None:
    """Files have mode 0600 and folders 0700 whatever the umask; no temporary file is left."""
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


def test_opening_creates_nothing(places: Places, tmp_path: Path) -> None:
    """Opening a case without notes creates no folder."""
    assert notebook(places).notes == ()
    assert list(tmp_path.iterdir()) == []


def test_edit_is_new_revision(places: Places, folder: Path) -> None:
    """An edit is a new revision with the last one as its parent, whose file is unchanged."""
    open_notes = notebook(places)
    first = open_notes.keep_new("arrests", "one", TARGET, tags=["a"], motivation="tagging")
    data = path_of(folder, first).read_bytes()
    second = open_notes.keep_edit(first.id, "two", TARGET)
    assert (second.rev, second.parents, second.tags) == (2, (first.hash,), ("a",))
    assert (second.created, second.motivation) == (first.created, "tagging")
    assert path_of(folder, first).read_bytes() == data
    (note,) = notebook(places).notes
    assert (note.heads, note.history) == ((second,), (first, second))


def test_edit_changes_only_given_fields(places: Places) -> None:
    """An edit changes tags, privacy and entry only if they are given."""
    open_notes = notebook(places)
    first = open_notes.keep_new("gone", "one", TARGET, tags=["a"], private=True)
    second = open_notes.keep_edit(first.id, "one", TARGET, tags=(), private=False, entry="arrests")
    assert (second.tags, second.private, second.entry) == ((), False, "arrests")
    assert open_notes.on("gone") == ()
    assert bodies(open_notes) == ["one"]


def test_edit_that_was_begun_before_its_note_was_private_is_private(places: Places) -> None:
    """As with `e`, Esc, `P`, and `e` again: the page says that the note is private."""
    own = notebook(places)
    note = own.keep_new("arrests", "one", TARGET)
    own.make_private(note.id, private=True)
    assert own.keep_edit(note.id, "two", TARGET, parents=[note.hash]).private


@pytest.mark.parametrize("is_in_two_texts", [False, True])
def test_reply_to_private_note_is_private(places: Places, *, is_in_two_texts: bool) -> None:
    """It may repeat the words of the note; one private text makes the note private."""
    own = notebook(places)
    note = own.keep_new("arrests", "one", TARGET, private=True)
    if is_in_two_texts:
        own.keep_edit(note.id, "two", TARGET, parents=[note.hash], private=False)
        own.keep_edit(note.id, "three", TARGET, parents=[note.hash])

    def reply(to: str) -> Revision:
        return own.keep_new("arrests", "> one", TARGET, motivation="replying", reply_to=to)

    assert reply(note.id).private
    assert reply(reply(note.id).id).private
    own.make_private(note.id, private=False)
    assert not reply(note.id).private
    assert not reply("0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a12").private


def test_edit_keeps_unknown_keys(places: Places, folder: Path) -> None:
    """An edit keeps keys that this version doesn't know."""
    first = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, first)
    (folder / "later.toml").write_bytes(b'mood = "sure"\n' + path.read_bytes())
    path.unlink()
    second = notebook(places).keep_edit(first.id, "two", TARGET)
    assert second.extra == {"mood": "sure"}
    assert b'mood = "sure"' in path_of(folder, second).read_bytes()


def test_unknown_keys_of_a_target_stay_with_it(places: Places) -> None:
    """They say what the entry was then, and nothing of what it is when the note is edited."""
    own = notebook(places)
    target = replace(TARGET, extra={"page": "7"})
    note = own.keep_new("arrests", "one", target)
    assert own.make_private(note.id, private=True).target == target
    assert own.keep_edit(note.id, "two", TARGET).target == TARGET


def test_delete_is_revision(places: Places) -> None:
    """A deleted note is no longer on its entry, and its text is still in its history."""
    open_notes = notebook(places)
    kept = open_notes.keep_new("arrests", "one", TARGET)
    gone = open_notes.delete(kept.id)
    assert gone.deleted
    assert open_notes.delete(kept.id) == gone
    again = notebook(places)
    assert again.on("arrests") == ()
    (note,) = again.notes
    assert note.deleted
    assert note.history[0].body == "one"


def test_notes_are_sorted_by_creation(places: Places) -> None:
    """Notes are sorted oldest first, also after an edit."""
    open_notes = notebook(places)
    first = open_notes.keep_new("arrests", "one", TARGET)
    open_notes.keep_new("arrests", "two", TARGET)
    open_notes.keep_edit(first.id, "one more", TARGET)
    assert bodies(open_notes) == bodies(notebook(places)) == ["one more", "two"]


def test_tags_that_were_moved_in_one_place_are_set_on_both_entries(places: Places) -> None:
    """The next tag joins all, on the entry on which it is set."""
    here, there = notebook(places), notebook(places)
    first = here.tag("arrests", ["court"], TARGET)
    there.refresh(thorough=True)
    here.keep_edit(first.id, "", TARGET, entry="arrests-2017")
    there.tag("arrests", ["court", "urgent"], TARGET)
    here.refresh(thorough=True)
    for entry in ("arrests", "arrests-2017"):
        assert [note.id for note in here.every_own(entry, "tagging")] == [first.id]
    here.tag("arrests-2017", ["court", "urgent", "tip"], TARGET)
    (note,) = here.notes
    assert note.entries == {"arrests-2017"}
    assert note.tags == ("court", "urgent", "tip")


def test_check_and_star_are_one_note_each(places: Places) -> None:
    """An author has one check and one star on an entry, with a revision for each change."""
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


def test_later_of_two_checks_applies(places: Places) -> None:
    """Of two checks by one author, brought together by a merge, the later one applies."""
    one, other = notebook(places), notebook(places)
    one.assess("arrests", "checked", TARGET)
    later = other.assess("arrests", "wrong", TARGET)
    found = notebook(places).own("arrests", "assessing")
    assert found is not None
    assert found.current == later


def test_moved_check_leaves_first_entry(places: Places) -> None:
    """A check that was moved to another entry no longer applies to the first."""
    here = notebook(places)
    moved = here.assess("gone", "checked", TARGET)
    here.keep_edit(moved.id, "", TARGET, entry="arrests")
    assert here.own("gone", "assessing") is None
    assert here.own("arrests", "assessing") == here.note(moved.id)


def test_times_of_revisions_increase(places: Places) -> None:
    """Each revision is later than the last, also if the clock stops or is set back a little."""
    clock = iter([NOON, NOON, *[NOON - dt.timedelta(minutes=4)] * 3])
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


def test_revision_at_last_possible_time_blocks_nothing(places: Places) -> None:
    """A revision by the author with the latest valid time doesn't prevent further notes."""
    end = LATEST - dt.timedelta(milliseconds=1)
    first = Notebook(places, "demo", "jdoe", lambda: end).keep_new("arrests", "one", TARGET)
    here = notebook(places)
    here.keep_edit(first.id, "two", TARGET)
    here.keep_new("arrests", "three", TARGET)
    assert sorted(bodies(notebook(places))) == ["three", "two"]


# Refreshing


def test_refresh_finds_notes_of_other_process(places: Places) -> None:
    """A refresh reads another process's note and returns whether anything changed."""
    here, there = notebook(places), notebook(places)
    assert not here.refresh()
    kept = there.keep_new("arrests", "one", TARGET)
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert not here.refresh()
    there.keep_edit(kept.id, "two", TARGET)
    assert here.refresh()
    assert bodies(here) == ["two"]


def test_refresh_reads_only_new_files(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read once, also by a thorough refresh."""
    here, there = notebook(places), notebook(places)
    for number in range(3):
        there.keep_new("arrests", str(number), TARGET)
    here.refresh()
    there.keep_new("arrests", "new", TARGET)
    opened = recorded_arguments(monkeypatch, "open")
    assert here.refresh(thorough=True)
    assert len(opened) == 1


def test_unchanged_folder_is_not_listed_again(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unchanged folder is not listed, unless the refresh is thorough."""
    notebook(places).keep_new("arrests", "one", TARGET)
    os.utime(folder, (0, 0))
    here = notebook(places)
    listed = recorded_arguments(monkeypatch, "listdir")
    assert not here.refresh()
    assert listed == []
    assert not here.refresh(thorough=True)
    assert listed == [folder]
    notebook(places).keep_new("arrests", "two", TARGET)
    assert here.refresh()
    assert bodies(here) == ["one", "two"]


def test_recently_changed_folder_is_listed_again(places: Places, folder: Path) -> None:
    """A change within one clock tick leaves the folder's time as it was, but is found."""
    notebook(places).keep_new("arrests", "one", TARGET)
    here = notebook(places)
    moment = folder.stat().st_mtime_ns
    notebook(places).keep_new("arrests", "two", TARGET)
    os.utime(folder, ns=(moment, moment))
    assert here.refresh()
    assert bodies(here) == ["one", "two"]


def test_removed_note_is_gone_after_refresh(places: Places, folder: Path) -> None:
    """A note whose files were removed is gone after a refresh."""
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
    with pytest.raises(SaveError, match="no longer there"):
        here.keep_edit(first.id, "one", TARGET)


GOING_ON: dict[str, Callable[[Notebook, Revision], object]] = {
    "edit": lambda own, note: own.keep_edit(note.id, "three", TARGET),
    "delete": lambda own, note: own.delete(note.id),
    "make private": lambda own, note: own.make_private(note.id, private=True),
    "date": lambda own, note: own.redate(note.id, NOON),
    "check again": lambda own, _note: own.assess("arrests", "checked", TARGET),
}


@pytest.mark.parametrize("is_being_removed", [False, True])
@pytest.mark.parametrize("going_on", GOING_ON.values(), ids=GOING_ON)
def test_note_that_was_just_removed_is_not_written_again(
    places: Places,
    folder: Path,
    going_on: Callable[[Notebook, Revision], object],
    *,
    is_being_removed: bool,
) -> None:
    """As by a key before the folder is read again; a copy of a revision is as good as its file."""
    own = notebook(places)
    first = own.assess("arrests", "wrong", TARGET, body="one")
    shutil.copy(path_of(folder, first), folder / "copy.toml")
    own.refresh()
    path_of(folder, first).unlink()
    second = own.keep_edit(first.id, "two", TARGET)
    (folder / "copy.toml").unlink()
    if not is_being_removed:
        path_of(folder, second).unlink()
    left = {*folder.iterdir()}
    with pytest.raises(SaveError, match="removed just now"):
        going_on(own, second)
    assert {*folder.iterdir()} == left


def test_copy_of_revision_counts_once(places: Places, folder: Path) -> None:
    """Two files with the same content are one revision."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, kept)
    shutil.copy(path, path.with_name(f"{path.stem}.sync-conflict-20261124-030000-ABCDEFG.toml"))
    shutil.copy(path, folder / "copy of a note.toml")
    here = notebook(places)
    assert [note.history for note in here.notes] == [(kept,)]
    path.unlink()
    here.refresh()
    assert [note.history for note in here.notes] == [(kept,)]


@pytest.mark.parametrize(
    "added", [".sync-conflict-20261124-030000-ABCDEFG", " (conflicted copy 2026-11-24)"]
)
def test_sync_conflict_file_is_read(places: Places, folder: Path, added: str) -> None:
    """A copy that a synchronizing program has renamed is read as a revision, beside a damaged file.

    If it is the copy that was cut short or changed, it is none, though TOML of a note is in it.
    """
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path = path_of(folder, kept)
    aside = path.with_name(f"{path.stem}{added}.toml")
    path.rename(aside)
    path.write_bytes(aside.read_bytes().replace(b'"one"', b'"other"'))
    for damaged in (path, aside):
        here = notebook(places)
        assert texts(here, kept.id) == ["one"]
        assert [(name, reason[:16]) for name, reason in here.unreadable] == [
            (damaged, "it was cut short")
        ]
        content = path.read_bytes()
        path.write_bytes(aside.read_bytes())
        aside.write_bytes(content)


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
def test_damaged_file_affects_no_other(
    places: Places, folder: Path, damage: Callable[[bytes], bytes], reason: str
) -> None:
    """A damaged file is reported and left; the last readable revision is current."""
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


def test_note_of_other_case_is_reported(places: Places, folder: Path) -> None:
    """A note in the wrong case's folder is reported as unreadable."""
    kept = open_notebook(places, "other", "jdoe").keep_new("arrests", "one", TARGET)
    notebook(places).keep_new("arrests", "two", TARGET)
    shutil.copy(path_of(places.notes("other"), kept), folder)
    here = notebook(places)
    assert bodies(here) == ["two"]
    assert [said for _, said in here.unreadable] == ["it belongs to the case other"]


def test_what_needs_other_notes_is_refused_until_all_are_read(places: Places, folder: Path) -> None:
    """What changes or answers a note, or is there once for an entry, is not written before."""
    before = notebook(places)
    note = before.keep_new("arrests", "Named Ana.", TARGET, private=True)
    before.tag("arrests", ["release"], TARGET)
    before.assess("arrests", "wrong", TARGET, body="On the 3rd.")
    before.star("arrests", TARGET)
    add_copies(folder, note, 20)
    early = Notebook(places, "demo", "jdoe")
    next(early.refresh_in_steps())
    reply = DraftFolder(places, "demo").begin(
        "arrests", "Arrests", motivation="replying", reply_to=note.id
    )
    commands: list[Callable[[], object]] = [
        lambda: early.keep_draft(reply, "Ana again.", TARGET),
        lambda: early.tag("arrests", ["release", "date"], TARGET),
        lambda: early.assess("arrests", "wrong", TARGET),
        lambda: early.star("arrests", TARGET),
        lambda: early.keep_edit(note.id, "Named Ana R.", TARGET),
        lambda: early.make_private(note.id, private=False),
        lambda: early.redate(note.id, NOON),
        lambda: early.delete(note.id),
    ]
    files = sorted(folder.iterdir())
    for command in commands:
        with pytest.raises(SaveError, match="your notes are still being read"):
            command()
    assert sorted(folder.iterdir()) == files
    early.keep_new("arrests", "This needs no other note.", TARGET)
    early.refresh()
    for command in commands:
        command()
    assert [one.private for one in early.notes if one.current.reply_to == note.id] == [True]
    for motivation in ("tagging", "assessing", "bookmarking"):
        own = early.own("arrests", motivation)
        assert own is not None
        assert len(own.history) == 2
    assert len(early.notes) == 26


def test_notes_are_read_once_all_can_be_found(places: Places, folder: Path) -> None:
    """They are not yet when the last file is; later ones of another terminal change nothing."""
    note = notebook(places).keep_new("arrests", "one", TARGET)
    add_copies(folder, note, 1100)
    early = Notebook(places, "demo", "jdoe")
    for _ in early.refresh_in_steps():
        assert not early.is_complete
    assert early.is_complete
    assert len(early.notes) == 1101
    add_copies(folder, note, 20)
    for _ in early.refresh_in_steps():
        assert early.is_complete


@pytest.mark.parametrize(("size", "steps"), [(60_000, 5), (1_000, 0)])
def test_large_files_are_read_in_more_steps(
    places: Places, folder: Path, size: int, steps: int
) -> None:
    """A key waits for some large files, readable or not, as briefly as for some small ones."""
    open_notebook(places, "demo", "jdoe").keep_new("arrests", "x" * size, TARGET)
    for number in range(9):
        (folder / f"{number}.toml").write_text("#" * size)
    assert len(list(Notebook(places, "demo", "jdoe").refresh_in_steps())) == steps


@pytest.mark.parametrize("rival", ["folder", "fifo", "dangling"])
def test_special_file_is_reported(places: Places, folder: Path, rival: str) -> None:
    """A folder, a FIFO or a broken link named like a note is reported; nothing blocks."""
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


def test_completed_file_is_read(places: Places, folder: Path) -> None:
    """A half-copied file is read once it is complete, and no longer reported."""
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
def test_temporarily_unreadable_file_is_read_later(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A file is read again after a temporary error that left the file unchanged."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    here = Notebook(places, "demo", "jdoe")
    with monkeypatch.context() as patch:
        FailingCalls(patch, ["open"], 1, code)
        here.refresh()
    assert [named for named, _ in here.unreadable] == [path_of(folder, kept)]
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert here.unreadable == ()


def test_revision_with_missing_parent_is_head(places: Places, folder: Path) -> None:
    """A revision whose parent is missing, as after half a merge, is a head."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    path_of(folder, first).unlink()
    again = notebook(places)
    assert texts(again, first.id) == ["two"]
    assert again.unreadable == ()


def test_other_note_cannot_supersede_text(places: Places) -> None:
    """Only a revision of the same note supersedes a text."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    other = here.keep_new("arrests", "two", TARGET)
    here.keep_edit(other.id, "three", TARGET, parents=[first.hash, other.hash])
    assert bodies(notebook(places)) == ["one", "three"]


# Concurrent edits


def test_concurrent_edits_are_conflict(places: Places) -> None:
    """Two edits of the same revision are both current, and the note is in conflict."""
    first = notebook(places).keep_new("arrests", "one", TARGET)
    here, there = notebook(places), notebook(places, "rroe")
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    there.keep_edit(first.id, "theirs", TARGET, parents=[first.hash])
    for look in (here, there, notebook(places)):
        look.refresh()
        (note,) = look.on("arrests")
        assert note.conflict
        assert texts(look, note.id) == ["mine", "theirs"]


def test_edit_from_older_head_is_conflict(places: Places) -> None:
    """The heads when the editor was opened are the parents, not those when it is saved."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    here.keep_edit(first.id, "from one", TARGET, parents=[first.hash])
    assert texts(here, first.id) == ["from one", "two"]


def test_joined_text_ends_conflict(places: Places) -> None:
    """A text with both heads as parents is the only head; it is private if either was."""
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


def test_edit_of_conflict_keeps_all_tags(places: Places) -> None:
    """A text that joins two has the tags of both, though a deleted one adds none."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET, tags=["base"])
    for tag in ("mine", "theirs"):
        here.keep_edit(first.id, tag, TARGET, parents=[first.hash], tags=["base", tag])
    assert here.keep_edit(first.id, "both", TARGET).tags == ("base", "mine", "theirs")


def test_tags_of_two_places_that_are_too_many_are_all_there_until_they_are_joined(
    places: Places,
) -> None:
    """A note in a conflict is found by each; the one that joins the texts has as many as fit."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    for name in ("a", "b"):
        tags = [f"{name}{number}" for number in range(60)]
        here.keep_edit(first.id, name, TARGET, parents=[first.hash], tags=tags)
    note = here.note(first.id)
    assert note is not None
    assert len(note.tags) == 120
    assert len(here.keep_edit(first.id, "both", TARGET).tags) == 100


def test_edit_of_conflict_with_deletion_continues_the_text(places: Places) -> None:
    """The verdict is that of the text, and not of what was deleted elsewhere afterwards."""
    first = notebook(places).assess("arrests", "wrong", TARGET)
    here, there = notebook(places), notebook(places)
    here.assess("arrests", "checked", TARGET)
    there.delete(first.id)
    here.refresh()
    edited = here.keep_edit(first.id, "See p. 2.", TARGET)
    assert (edited.value, edited.body, len(edited.parents)) == ("checked", "See p. 2.", 2)


@pytest.mark.parametrize("is_own", [True, False])
def test_draft_continues_what_its_author_did_without_changing_the_text(
    places: Places, *, is_own: bool
) -> None:
    """A note that is moved, or made private, while it is edited is in no conflict with the edit.

    What another reader did is.
    """
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    draft = DraftFolder(places, "demo").begin(
        "arrests", "Arrests", body="one more", note=first.id, parents=[first.hash]
    )
    other = here if is_own else notebook(places, "rroe")
    tip = target_of("Tip", {"id": "tip"})
    other.keep_edit(first.id, "one", tip, entry="tip")
    other.make_private(first.id, private=True)
    here.refresh()
    draft = here.up_to_date(draft)
    assert (draft.entry, draft.label) == (("tip", "Tip") if is_own else ("arrests", "Arrests"))
    here.keep_draft(draft, draft.body, tip if is_own else TARGET)
    (note,) = here.notes
    assert note.private
    assert note.conflict != is_own
    assert texts(here, note.id) == (["one more"] if is_own else ["one", "one more"])


def test_draft_on_another_case_is_refused(places: Places) -> None:
    """Whatever led to it, no note is kept on a case that it was not written on."""
    draft = DraftFolder(places, "other").begin("arrests", "Arrests", body="31 kg")
    with pytest.raises(SaveError, match="it is on another case, other"):
        notebook(places).keep_draft(draft, draft.body, TARGET)
    assert not notebook(places).notes


def test_draft_does_not_continue_another_text(places: Places) -> None:
    """A text, a verdict or a deletion that came meanwhile stays beside the edit.

    The verdict that was given last counts, and not the one for which a remark was begun.
    """
    here = notebook(places)
    first = here.assess("arrests", "wrong", TARGET)
    draft = DraftFolder(places, "demo").begin(
        "arrests", "Arrests", body="31 kg", note=first.id, parents=[first.hash]
    )
    here.assess("arrests", "wrong", TARGET)
    last = here.assess("arrests", "checked", TARGET)
    here.keep_draft(here.up_to_date(draft), "31 kg", TARGET)
    (note,) = here.notes
    assert {(head.value, head.body) for head in note.heads} == {
        ("checked", ""),
        ("checked", "31 kg"),
    }
    assert last in note.heads


def test_draft_of_two_texts_follows_a_change_of_one(places: Places, folder: Path) -> None:
    """It stays on its entry, also if the other text is on another or can't be read any more."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    lost = here.keep_edit(first.id, "two", TARGET, parents=[first.hash], private=True)
    moved = here.keep_edit(first.id, "three", TARGET, parents=[first.hash], entry="raid")
    draft = DraftFolder(places, "demo").begin(
        "arrests", "Arrests", body="all", note=first.id, parents=[lost.hash, moved.hash]
    )
    here.make_private(first.id, private=True)
    draft = here.up_to_date(draft)
    assert (draft.parents, draft.entry) == ((lost.hash, here.notes[0].heads[-1].hash), "arrests")
    path_of(folder, lost).unlink()
    again = notebook(places)
    again.make_private(first.id, private=False)
    assert again.keep_draft(again.up_to_date(draft), "all", TARGET).entry == "raid"
    assert texts(again, first.id) == ["all"]


def test_conflict_that_turns_private_stays_one(places: Places) -> None:
    """Both texts stay side by side, private and public again; one undo takes each back."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "theirs", TARGET, parents=[first.hash])
    for is_private in (True, False):
        here.make_private(first.id, private=is_private)
        (note,) = here.notes
        assert note.private == is_private
        assert texts(here, first.id) == ["mine", "theirs"]
    for is_private in (True, False):
        here.undo()
        (note,) = here.notes
        assert note.private == is_private
        assert texts(here, first.id) == ["mine", "theirs"]


def test_edit_concurrent_with_deletion_is_kept(places: Places) -> None:
    """A note that is deleted here and edited there is shown, in conflict."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    there = notebook(places)
    here.delete(first.id)
    there.keep_edit(first.id, "two", TARGET)
    (note,) = notebook(places).on("arrests")
    assert note.conflict
    assert not note.deleted


def test_first_note_removes_old_unfinished_files(places: Places) -> None:
    """The first note that is written removes a killed process's old unfinished files."""
    notebook(places).keep_new("arrests", "one", TARGET)
    left = places.workshop("demo") / "0123456789abcdef.unfinished"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    notebook(places).keep_new("arrests", "two", TARGET)
    assert not left.exists()


# Undo


def test_undo_deletes_new_note(places: Places) -> None:
    """Undoing a new note deletes it, with a revision that names the undone one."""
    here = notebook(places)
    kept = here.keep_new("arrests", "Check against the release.", TARGET)
    undone = here.undo()
    assert undone is not None
    assert undone.undid == kept
    assert undone.words == "new note on Arrests: “Check against the release.”"
    assert [by.undoes for by in undone.by] == [kept.hash]
    assert here.on("arrests") == notebook(places).on("arrests") == ()


def test_undo_restores_previous_text(places: Places) -> None:
    """Undoing an edit restores the previous text and tags."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET, tags=["a"])
    here.keep_edit(first.id, "two", target_of("Later", {"id": "arrests", "x": 1}), tags=["b"])
    undone = here.undo()
    assert undone is not None
    assert undone.words == "edited note on Later: “two”"
    (note,) = notebook(places).on("arrests")
    assert (note.current.body, note.current.tags, note.current.target) == ("one", ("a",), TARGET)


def test_undo_restores_deleted_note(places: Places) -> None:
    """Undoing a deletion is a revision, too."""
    here = notebook(places)
    first = here.keep_new("arrests", "Check\nall of it", TARGET)
    here.delete(first.id)
    undone = here.undo()
    assert undone is not None
    assert undone.words == "deleted note on Arrests: “Check…”"
    assert not undone.by[0].deleted
    assert bodies(notebook(places)) == ["Check\nall of it"]


def undo_after_restart(places: Places) -> Undone | None:
    """Undo once in a new process, which first names what is undone already."""
    here = notebook(places)
    with suppress(SaveError):
        return here.undo()
    return here.undo()


def test_repeated_undo_reverts_all_changes(places: Places) -> None:
    """Repeated undo reverts one change after another, also after a restart."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    here.delete(first.id)
    here.assess("arrests", "checked", TARGET)
    said = []
    shown = []
    while undone := undo_after_restart(places):
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
    """After an undo and a new change, undo reverts the new change, then the earlier one."""
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


def test_undo_ignores_other_authors(places: Places) -> None:
    """Another author's change is not undone."""
    notebook(places, "rroe").keep_new("arrests", "theirs", TARGET)
    assert notebook(places).undo() is None
    assert bodies(notebook(places)) == ["theirs"]


def test_undo_reverts_change_of_other_process(places: Places) -> None:
    """The latest change is undone even if another process made it."""
    here, there = notebook(places), notebook(places)
    here.keep_new("arrests", "one", TARGET)
    there.keep_new("arrests", "two", TARGET)
    here.undo()
    assert bodies(here) == ["one"]


def test_undo_takes_back_an_edit_by_a_slow_clock(places: Places) -> None:
    """It was done after the text that it edits, though its clock dates it and the note earlier."""
    here = notebook(places)
    here.keep_new("arrests", "other", TARGET)
    mine = here.keep_new("arrests", "one", TARGET)
    slow = Notebook(places, "demo", here.author, lambda: mine.created - dt.timedelta(hours=2))
    slow.refresh()
    edited = slow.keep_edit(mine.id, "two", TARGET)
    assert edited.created < mine.created
    undone = here.undo()
    assert undone is not None
    assert undone.undid.hash == edited.hash


def test_undo_after_other_authors_edit_is_conflict(places: Places) -> None:
    """Undo after another author's edit is a conflict, and no text is lost."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    notebook(places, "rroe").keep_edit(first.id, "theirs", TARGET)
    here.undo()
    assert texts(here, first.id) == ["one", "theirs"]


def test_undo_of_one_side_ends_conflict(places: Places) -> None:
    """Undoing one side of a conflict leaves the other, and further undo continues there."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "other", TARGET, parents=[first.hash])
    shown = []
    while here.undo():
        shown.append(texts(here, first.id) if here.on("arrests") else [])
    assert shown == [["mine"], ["one"], []]


def test_undo_of_joined_text_restores_both(places: Places) -> None:
    """Undoing the text that ended a conflict restores both sides."""
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


def test_undo_is_told_by_what_the_change_did(places: Places) -> None:
    """Not by the text that was written meanwhile, which is restored in place of the one before."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    there = notebook(places, "rroe")
    here.make_private(first.id, private=True)
    there.keep_edit(first.id, "two", TARGET)
    undone = here.undo()
    assert undone is not None
    assert (undone.by[0].body, undone.by[0].private) == ("two", False)
    assert undone.words == "newly private note on Arrests: “one”"


def test_undo_of_joining_a_private_text_is_told(places: Places) -> None:
    """The note was private before, by one of its texts: that is not what is undone."""
    here, there = notebook(places), notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    there.refresh()
    here.keep_edit(first.id, "two", TARGET)
    there.keep_edit(first.id, "three", TARGET, private=True)
    here.refresh()
    here.keep_edit(first.id, "two and three", TARGET)
    undone = here.undo()
    assert undone is not None
    assert undone.words == "edited note on Arrests: “two and three”"


def test_undo_of_a_star_set_again_is_told(places: Places) -> None:
    """As the history tells it: it is brought back, not edited."""
    here = notebook(places)
    here.star("arrests", TARGET)
    here.unstar("arrests")
    here.star("arrests", TARGET)
    undone = here.undo()
    assert undone is not None
    assert undone.words == "brought back star on Arrests"


def test_undo_tells_first_what_makes_a_note_public(places: Places) -> None:
    """The change that made it private edited it too."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET, private=True)
    undone = here.undo()
    assert undone is not None
    assert undone.words == "newly private note on Arrests: “two”"


def test_next_undo_finishes_failed_one(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """If only one side of a conflict could be restored, the next undo restores the other."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "mine", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "other", TARGET, parents=[first.hash])
    here.keep_edit(first.id, "joined", TARGET)
    with monkeypatch.context() as patch:
        FailingCalls(patch, ["link"], 2, errno.ENOSPC)
        with pytest.raises(SaveError, match="No space left"):
            here.undo()
    assert len(texts(here, first.id)) == 1
    here.undo()
    assert texts(here, first.id) == ["mine", "other"]


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_no_part_of_an_undo_makes_a_note_public(
    places: Places, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """The private text is back before the public ones, of which another continued one."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    continued, _public, _private = (
        here.keep_edit(first.id, body, TARGET, parents=[first.hash], private=body == "private")
        for body in ("continued", "public", "private")
    )
    here.keep_edit(first.id, "joined", TARGET)
    there = notebook(places, "rroe")
    there.keep_edit(first.id, "continues", TARGET, parents=[continued.hash], private=False)
    with monkeypatch.context() as patch:
        FailingCalls(patch, ["link"], calls, errno.ENOSPC)
        with pytest.raises(SaveError, match="No space left"):
            here.undo()
    assert [note.private for note in (*here.notes, *notebook(places).notes)] == [True, True]
    here.undo()
    assert {"continues", "private", "public"} <= {*texts(here, first.id)}
    assert [note.private for note in here.notes] == [True]


def test_undo_of_a_flood_brings_back_private_texts_first(places: Places) -> None:
    """The one private text of thirty is among the first twelve."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    for number in range(30):
        here.keep_edit(first.id, f"{number}", TARGET, parents=[first.hash], private=number == 29)
    here.delete(first.id)
    for count in (12, 24, 30):
        here.undo()
        (note,) = here.notes
        assert (len(note.texts), note.private) == (count, True)


def test_undo_without_readable_parent_is_refused(places: Places, folder: Path) -> None:
    """A change whose parent can't be read is not undone, and the message says why."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    here.keep_edit(first.id, "two", TARGET)
    path_of(folder, first).unlink()
    with pytest.raises(SaveError, match="not among the readable notes"):
        here.undo()
    assert bodies(here) == ["two"]


# Errors of the file system


def test_missing_home_is_reported() -> None:
    """Without a home, the notebook is empty; the message says why, and what helps."""
    here = open_notebook(Places(None, None, None, "no home; --notes-dir DIR"), "demo", "jdoe")
    assert here.write_problem == "no home; --notes-dir DIR"
    assert here.notes == ()
    assert not here.refresh()
    with pytest.raises(SaveError, match="--notes-dir DIR"):
        here.keep_new("arrests", "one", TARGET)
    assert here.undo() is None


def test_read_only_home_is_reported_and_notes_are_shown(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a read-only home existing notes are shown, and new ones are refused."""
    notebook(places).keep_new("arrests", "one", TARGET)
    # Patched, since permissions don't stop root, who may run this test.
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_args, **_kwargs: False)
        here = notebook(places)
        assert bodies(here) == ["one"]
        assert "it can't be written to" in str(here.write_problem)
        with pytest.raises(SaveError, match="can't be written to"):
            here.keep_new("arrests", "two", TARGET)
    here.keep_new("arrests", "two", TARGET)
    assert bodies(here) == ["one", "two"]


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_inaccessible_folder_is_reported(
    places: Places, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """If the folder can't even be examined, the reason is reported before a save."""

    def unseen(*_args: object, **_kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    here = notebook(places)
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", unseen)
        assert not here.is_first
        assert os.strerror(code) in str(here.write_problem)
        with pytest.raises(SaveError, match=os.strerror(code)):
            here.keep_new("arrests", "one", TARGET)
    assert here.is_first
    here.keep_new("arrests", "one", TARGET)
    assert not here.is_first


@needs_root
def test_ordinary_user_is_told_of_read_only_folder() -> None:
    """A user without write permission is told so, and nothing is created."""
    told = (
        "import os, sys; from pathlib import Path;"
        "from casefile.notes.notebook import open_notebook; from casefile.places import Places;"
        "root = Path(sys.argv[1]); import platformdirs, tomli, tomli_w;"
        "os.setuid(12345); os.chdir(root);"
        "here = Places(Path('data'), Path('state'), None);"
        "print(open_notebook(here, 'demo', None).write_problem)"
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
def test_folder_of_other_user_is_refused(places: Places, folder: Path) -> None:
    """A folder of notes that belongs to another user is neither read nor written to."""
    notebook(places).keep_new("arrests", "one", TARGET)
    os.chown(folder, 12345, 12345)
    here = notebook(places)
    assert here.notes == ()
    assert "belongs to another user" in str(here.write_problem)
    assert [(path, "another user" in said) for path, said in here.unreadable] == [(folder, True)]
    with pytest.raises(SaveError, match="another user"):
        here.keep_new("arrests", "two", TARGET)
    assert len(list(folder.iterdir())) == 1
    os.chown(folder, os.geteuid(), os.getegid())
    assert here.refresh()
    assert bodies(here) == ["one"]
    assert here.unreadable == ()


@needs_root
def test_file_of_other_user_is_reported(places: Places, folder: Path) -> None:
    """Another user's file in the folder is reported and not read."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    os.chown(path_of(folder, kept), 12345, 12345)
    here = notebook(places)
    assert here.notes == ()
    assert ["another user" in said for _, said in here.unreadable] == [True]


def test_linked_folder_is_used(places: Places, folder: Path, tmp_path: Path) -> None:
    """Notes in the user's own folder elsewhere, through a link, are read and written."""
    (tmp_path / "synced").mkdir()
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "synced")
    notebook(places).keep_new("arrests", "one", TARGET)
    assert bodies(notebook(places)) == ["one"]
    assert folder.is_symlink()
    assert len(list((tmp_path / "synced").iterdir())) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_failed_save_can_be_repeated(
    places: Places, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call fails, the reason is reported, nothing changes, and a next try succeeds."""
    here = notebook(places)
    first = here.keep_new("arrests", "one", TARGET)
    names = ("open", "write", "fsync", "link")
    for nth in itertools.count(1):
        with monkeypatch.context() as patch:
            FailingCalls(patch, names, nth, code)
            try:
                here.keep_edit(first.id, "two", TARGET)
            except SaveError as error:
                told = error.reason
            else:
                break
        assert os.strerror(code) in told
        assert bodies(here) == bodies(notebook(places)) == ["one"]
        assert len(list(folder.iterdir())) == 1
        assert list(places.workshop("demo").iterdir()) == []
    assert nth > len(names)
    assert bodies(notebook(places)) == ["two"]


@pytest.mark.parametrize(
    ("body", "target", "reason"),
    [
        ("\ud83d", TARGET, "half of a character"),
        ("x" * 3_000_000, TARGET, "the text is 1,427,136 bytes too long for a note"),
        ("x", Target("x" * 3000, "", ""), "label: Expected `str` of length <= 2000"),
    ],
    ids=["half a character", "too long", "label"],
)
def test_undecodable_revision_is_not_written(
    places: Places, folder: Path, body: str, target: Target, reason: str
) -> None:
    """A revision that could not be decoded is refused, with the reason, before writing."""
    with pytest.raises(SaveError, match=reason):
        notebook(places).keep_new("arrests", body, target)
    assert not folder.exists()


@pytest.mark.parametrize("case_id", ["..", "a/b", "Demo", "", "a\n"])
def test_invalid_case_id_is_refused(places: Places, case_id: str, tmp_path: Path) -> None:
    """An invalid id opens no notebook and reaches no folder."""
    with pytest.raises(ValueError, match="not a case id"):
        open_notebook(places, case_id, None)
    with pytest.raises(SaveError, match="entry: Expected `str` matching regex"):
        notebook(places).keep_new(case_id, "one", TARGET)
    assert list(tmp_path.iterdir()) == []


def test_text_is_checked_only_when_it_is_new(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A longer one of another version can be deleted, undone, moved and made private."""
    long = notebook(places).keep_new("arrests", "x" * 50, TARGET)
    monkeypatch.setattr("casefile.notes.annotation.TEXT_LIMIT", 40)
    here = notebook(places)
    with pytest.raises(SaveError, match="the text is 11 bytes too long for a note"):
        here.keep_edit(long.id, "x" * 51, TARGET)
    with pytest.raises(SaveError, match="the text is 1 byte too long for a note"):
        here.keep_new("arrests", "y" * 41, TARGET)
    here.delete(long.id)
    here.undo()
    here.make_private(long.id, private=True)
    here.keep_edit(long.id, "x" * 50, TARGET, entry="tip")
    here.keep_edit(long.id, "x" * 40, TARGET)
    assert bodies(here, "tip") == ["x" * 40]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        (["x" * 201], "a tag has at most 200 characters; “xxxxxxxxxxxxxxxxxxxx…” has 201"),
        ([f"tag {number}" for number in range(101)], "at most 100 tags, and these are 101"),
    ],
)
def test_tags_beyond_the_limits_are_refused_in_words(
    places: Places, tags: list[str], reason: str
) -> None:
    """The limit and what is beyond it are told; the last tags within it are kept."""
    here = notebook(places)
    with pytest.raises(SaveError, match=reason):
        here.tag("arrests", tags, TARGET)
    kept = here.tag("arrests", [tag[:200] for tag in tags[:100]], TARGET)
    assert len(kept.tags) == len(tags[:100])


def test_file_may_have_any_toml_name(places: Places, folder: Path) -> None:
    """A file with any name that ends in .toml is read as a revision."""
    kept = notebook(places).keep_new("arrests", "one", TARGET)
    path_of(folder, kept).rename(folder / "mine.toml")
    (folder / ".hidden.toml").write_bytes(encode(kept))
    (folder / "notes.txt").write_bytes(b"not a note")
    here = notebook(places)
    assert bodies(here) == ["one"]
    assert here.unreadable == ()
