"""Merging notes between readers, in any order, and what is left out as private."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from faults import FailingCalls
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from readers import TARGET, Colleague, Run, later, run

from casefile.notes.annotation import Revision, SaveError, encode, file_name, hash_of
from casefile.notes.exchange import exported_revisions, plan_merge, read_offer
from casefile.notes.history import note_of
from casefile.notes.notebook import open_notebook
from casefile.notes.pack import IncomingFile

__all__ = ["run"]

GIT = shutil.which("git")
MOVES = ("write", "edit", "delete", "undo", "merge")


@pytest.fixture
def anna(tmp_path: Path) -> Colleague:
    """Return a reader."""
    return Colleague(tmp_path / "anna", "anna")


@pytest.fixture
def ben(tmp_path: Path) -> Colleague:
    """Return another reader."""
    return Colleague(tmp_path / "ben", "ben")


@pytest.fixture(autouse=True)
def _ignore(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Ignore the output."""
    yield
    capsys.readouterr()


def act(reader: Colleague, move: str, which: int, other: Colleague) -> None:
    """Do one action of a reader, on the note with this number if there is one."""
    notebook = reader.notebook
    notes = notebook.notes
    if move == "merge":
        if other.folder.exists():
            reader.merge(other.folder)
    elif move == "write" or not notes:
        reader.write(f"{reader.name} {which}")
    elif move == "edit":
        notebook.keep_edit(notes[which % len(notes)].id, f"{reader.name} {which}", TARGET)
    elif move == "delete":
        notebook.delete(notes[which % len(notes)].id)
    else:
        # What the notebook of an earlier step has undone is told first.
        with suppress(SaveError):
            notebook.undo()


moves = st.tuples(st.integers(0, 2), st.sampled_from(MOVES), st.integers(0, 9), st.integers(1, 2))


@pytest.mark.slow
@settings(max_examples=25)
@given(
    done=st.lists(moves, max_size=12),
    order=st.permutations([*itertools.permutations(range(3), 2)]),
    again=st.lists(st.permutations(range(3)), max_size=2),
)
def test_order_and_repetition_of_merges_have_no_effect(
    done: list[tuple[int, str, int, int]],
    order: list[tuple[int, int]],
    again: list[list[int]],
) -> None:
    """After any actions and merges, all readers have the same unchanged files."""
    with tempfile.TemporaryDirectory() as folder:
        readers = [Colleague(Path(folder) / name, name) for name in ("anna", "ben", "carl")]
        for who, move, which, step in done:
            act(readers[who], move, which, readers[(who + step) % 3])
        written = {name: data for reader in readers for name, data in reader.files.items()}
        for into, out_of in (*order, *order):
            if readers[out_of].folder.exists():
                readers[into].merge(readers[out_of].folder)
        for several in again:
            paths = [readers[one].folder for one in several if readers[one].folder.exists()]
            if paths:
                readers[several[0]].merge(*paths)
        assert [reader.files for reader in readers] == [written] * 3
        assert len({repr(reader.notebook.notes) for reader in readers}) == 1


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 9)), max_size=8))
def test_private_texts_are_not_merged(done: list[tuple[bool, bool, int]]) -> None:
    """No text that was private at any time is merged; the rest reads as it does here."""
    with tempfile.TemporaryDirectory() as folder:
        anna, ben = (Colleague(Path(folder) / name, name) for name in ("anna", "ben"))
        for is_new, private, which in done:
            notes = anna.notebook.notes
            body = "secret" if private else "open"
            if is_new or not notes:
                anna.write(body, private=private)
            else:
                note_id = notes[which % len(notes)].id
                anna.notebook.keep_edit(note_id, body, TARGET, private=private)
        if done:
            ben.merge(anna.folder)
        assert not any(b"secret" in data for data in ben.files.values())
        assert {note.id: note.heads for note in ben.notebook.notes} == {
            note.id: note.heads for note in anna.notebook.notes if not note.private
        }


def test_private_option_merges_private_notes(anna: Colleague, ben: Colleague) -> None:
    """With --private, private notes are merged and stay private."""
    anna.write("secret", private=True)
    ben.merge(anna.folder)
    assert ben.files == {}
    ben.merge(anna.folder, private=True)
    assert ben.files == anna.files
    assert ben.notebook.notes[0].private


def test_note_that_became_private_is_left_out_whole(anna: Colleague, ben: Colleague) -> None:
    """A note that became private is left out with its earlier revisions."""
    first = anna.write("open")
    anna.notebook.keep_edit(first.id, "secret", TARGET, private=True)
    ben.merge(anna.folder)
    assert ben.files == {}


def test_conflict_with_private_side_is_left_out(anna: Colleague) -> None:
    """A note in conflict is left out if one side is private."""
    first = anna.write("open")
    anna.notebook.keep_edit(first.id, "open too", TARGET, parents=[first.hash])
    anna.notebook.keep_edit(first.id, "secret", TARGET, parents=[first.hash], private=True)
    note = anna.notebook.note(first.id)
    assert note is not None
    assert note.conflict
    assert exported_revisions(note) == ()


def test_deleting_a_conflict_with_private_side_tells_nothing(anna: Colleague) -> None:
    """The note stays private, whichever text was the last one."""
    first = anna.write("open")
    anna.notebook.keep_edit(first.id, "secret", TARGET, parents=[first.hash], private=True)
    anna.notebook.keep_edit(first.id, "open too", TARGET, parents=[first.hash])
    anna.notebook.delete(first.id)
    note = anna.notebook.note(first.id)
    assert note is not None
    assert note.deleted
    assert exported_revisions(note) == ()


def test_formerly_private_note_is_merged_without_private_part(anna: Colleague) -> None:
    """Revisions that only private ones follow are left out too."""
    first = anna.write("open")
    anna.notebook.keep_edit(first.id, "secret", TARGET, private=True)
    third = anna.notebook.keep_edit(first.id, "open again", TARGET, private=False)
    note = anna.notebook.note(first.id)
    assert note is not None
    assert exported_revisions(note) == (third,)
    assert exported_revisions(note, lambda _: False) == note.history


@pytest.mark.parametrize("is_undone", [False, True])
def test_note_that_was_private_for_a_moment_stays_its_author_s(
    anna: Colleague, ben: Colleague, tmp_path: Path, *, is_undone: bool
) -> None:
    """Another makes it private and takes that back: who gets it from there has all that was public.

    So the text and the verdict are not handed on under another name, and no copy has two texts.
    """
    note = anna.write("I met Smith.")
    check = anna.notebook.assess("arrests", "wrong", TARGET, body="It is 22.")
    ben.merge(anna.folder)
    for _ in range(2):
        for kept in (note, check):
            theirs = ben.notebook
            theirs.make_private(kept.id, private=True)
            if is_undone:
                theirs.undo()
            else:
                theirs.make_private(kept.id, private=False)
    carl = Colleague(tmp_path / "carl", "carl")
    for reader in (carl, anna):
        reader.merge(ben.folder)
        found = {one.id: one for one in reader.notebook.notes}
        assert {one.author for one in found.values()} == {"anna"}
        assert reader.texts(note.id) == ["I met Smith."]
        assert [head.value for head in found[check.id].heads] == ["wrong"]
    anna.notebook.keep_edit(note.id, "I met Jones.", TARGET)
    carl.merge(anna.folder)
    assert carl.texts(note.id) == ["I met Jones."]


@pytest.mark.parametrize("is_deleted", [False, True])
def test_words_taken_back_while_private_are_not_packed(
    anna: Colleague, *, is_deleted: bool
) -> None:
    """An earlier public text with these words is named by no revision that is public."""
    note, notebook = anna.write("I met Smith."), anna.notebook
    notebook.make_private(note.id, private=True)
    if is_deleted:
        notebook.delete(note.id)
    notebook.keep_edit(note.id, "I met a clerk.", TARGET)
    last = notebook.make_private(note.id, private=False)
    (found,) = notebook.notes
    assert exported_revisions(found) == (last,)
    assert note.hash not in last.parents


def test_undo_of_making_public_makes_private_again(anna: Colleague) -> None:
    """The public text from before that the revision also follows is not restored beside it."""
    note, notebook = anna.write("I met Smith."), anna.notebook
    for is_private in (True, False):
        notebook.make_private(note.id, private=is_private)
    notebook.undo()
    (found,) = notebook.notes
    assert [(head.body, head.private) for head in found.heads] == [("I met Smith.", True)]


def test_concurrent_edits_conflict_for_both_readers(anna: Colleague, ben: Colleague) -> None:
    """Both readers see both texts, and a joined text ends the conflict for both."""
    first = anna.write("one")
    ben.merge(anna.folder)
    anna.notebook.keep_edit(first.id, "of anna", TARGET)
    ben.notebook.keep_edit(first.id, "of ben", TARGET)
    anna.merge(ben.folder)
    ben.merge(anna.folder)
    assert anna.texts(first.id) == ben.texts(first.id) == ["of anna", "of ben"]
    anna.notebook.keep_edit(first.id, "of both", TARGET)
    ben.merge(anna.folder)
    assert ben.texts(first.id) == ["of both"]


def test_merged_files_are_private(anna: Colleague, ben: Colleague) -> None:
    """Merged files have mode 0600 and the same content; no unfinished file is left."""
    anna.write("one")
    for path in anna.folder.iterdir():
        path.chmod(0o644)
    ben.merge(anna.folder)
    assert [path.stat().st_mode & 0o777 for path in ben.folder.iterdir()] == [0o600]
    assert ben.files == anna.files
    assert [*ben.places.workshop("demo").iterdir()] == []


def test_merge_restores_damaged_revision(anna: Colleague, ben: Colleague) -> None:
    """The damaged file stays, and the revision is restored in another file, once."""
    first = anna.write("one")
    ben.merge(anna.folder)
    (path,) = ben.folder.iterdir()
    path.write_bytes(b"damaged")
    ben.merge(anna.folder)
    ben.merge(anna.folder)
    assert path.read_bytes() == b"damaged"
    assert len(ben.files) == 2
    assert ben.texts(first.id) == ["one"]


def test_revision_is_restored_however_often_it_is_damaged(
    run: Run, anna: Colleague, ben: Colleague
) -> None:
    """Each merge restores it beside its damaged copies, one of them a folder."""
    first = anna.write("one")
    for copies in range(1, 6):
        assert run(ben, "notes", "merge", "--yes", anna.folder)[0] == (0 if copies == 1 else 1)
        assert ben.texts(first.id) == ["one"]
        assert len([*ben.folder.iterdir()]) == copies
        for path in ben.folder.iterdir():
            if path.is_file():
                path.write_bytes(path.read_bytes()[:-1])
        if copies == 1:
            path.unlink()
            path.mkdir()


def test_revision_that_cannot_be_imported_stops_no_other(
    run: Run, anna: Colleague, ben: Colleague
) -> None:
    """The folder of one case leads nowhere; the notes on the others are imported."""
    for number in range(30):
        anna.write(f"{number}")
    open_notebook(anna.places, "else", "anna").keep_new("arrests", "of the other", TARGET)
    ben.folder.parent.mkdir(parents=True)
    ben.folder.symlink_to(ben.home / "unplugged")
    code, out, err = run(ben, "notes", "merge", "--yes", anna.folder.parent)
    assert code == 1
    assert out.endswith("Imported 1 of 31 revisions; merge again to import the rest.\n")
    assert err.count("Not imported: ") == err.count("\n") == 1
    assert str(ben.folder) in err
    assert [one.current.body for one in open_notebook(ben.places, "else", None).notes] == [
        "of the other"
    ]


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("calls", [1, 2, 3])
def test_no_part_of_a_merge_makes_a_note_public(
    anna: Colleague,
    ben: Colleague,
    monkeypatch: pytest.MonkeyPatch,
    calls: int,
    *,
    is_known: bool,
) -> None:
    """The private text of a note in two is written first; if it can't be, no other text is."""
    first = anna.write("one", private=True)
    if is_known:
        ben.merge(anna.folder, private=True)
    else:
        calls += 1
    notebook = anna.notebook
    last = notebook.keep_edit(first.id, "both", TARGET)
    for is_private in (False, True):
        notebook.keep_edit(first.id, "two", TARGET, parents=[last.hash], private=is_private)
    with monkeypatch.context() as patch:
        FailingCalls(patch, ["link"], calls, errno.ENOSPC)
        assert ben.merge(anna.folder, private=True) == 1
    assert all(note.private for note in ben.notebook.notes)
    assert ben.merge(anna.folder, private=True) == 0
    assert ben.files == anna.files


def test_merge_leaves_out_notes_with_a_damaged_revision(
    run: Run, anna: Colleague, ben: Colleague
) -> None:
    """It may have made the note private; notes that are complete are merged."""
    note = anna.write("CANARY")
    anna.write("open")
    private = anna.notebook.make_private(note.id, private=True)
    path = anna.folder / file_name(private.id, private.rev, encode(private))
    for name in (path.name, "copy.toml"):
        path = path.rename(path.with_name(name))
        path.write_bytes(path.read_bytes()[:200])
        code, out, err = run(ben, "notes", "merge", "--yes", anna.folder)
        assert (code, f"{path}: " in err) == (1, True)
        assert "1 note with private or unreadable revisions, left out in whole or part" in out
        assert [one.current.body for one in ben.notebook.notes] == ["open"]
    ben.merge(anna.folder, private=True)
    assert ben.texts(note.id) == ["CANARY"]


def test_renamed_copy_is_merged_under_proper_name(anna: Colleague, ben: Colleague) -> None:
    """A copy that Syncthing renamed is merged under the revision's own file name."""
    anna.write("one")
    (path,) = anna.folder.iterdir()
    aside = anna.folder / path.name.replace(".toml", ".sync-conflict-20261124-031500-ABCDEFG.toml")
    shutil.copy(path, aside)
    ben.merge(anna.folder)
    assert [*ben.files] == [path.name]


def test_file_with_wrong_hash_in_name_is_reported(anna: Colleague) -> None:
    """A file that was truncated or changed is not merged, and affects no other."""
    first = anna.write("one")
    name = next(iter(anna.files))
    data = encode(replace(first, body="changed"))
    offer = read_offer([[IncomingFile(name, data)]], private=False)
    assert offer.unread == ((name, "it was cut short or changed after it was written"),)
    assert not offer.revisions


def test_preview_lists_changes(anna: Colleague, ben: Colleague) -> None:
    """The preview lists new, revised, conflicting and deleted notes."""
    edited, deleted = anna.write("one"), anna.write("two")
    ben.merge(anna.folder)
    anna.notebook.keep_edit(edited.id, "of anna", TARGET)
    anna.notebook.delete(deleted.id)
    fresh = anna.write("three")
    ben.notebook.keep_edit(edited.id, "of ben", TARGET)
    arrivals = [IncomingFile(name, data) for name, data in anna.files.items()]
    offer = read_offer([arrivals], private=False)
    coming = plan_merge(offer, "demo", ben.notebook.by_file.values())
    assert [note.id for note in coming.new] == [fresh.id]
    assert {note.id for _before, note in coming.revised} == {edited.id, deleted.id}
    assert [note.id for _before, note in coming.conflicts] == [edited.id]
    assert [note.id for note in coming.deletions] == [deleted.id]
    assert (len(coming.revisions), coming.here, coming.authors) == (3, 2, ("anna",))


def test_preview_names_notes_that_are_no_longer_private(
    anna: Colleague, ben: Colleague, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its author may make a private note public that others have; an edit leaves it private."""
    public, edited = ben.write("one", private=True), ben.write("two", private=True)
    anna.merge(ben.folder, private=True)
    ben.notebook.make_private(public.id, private=False)
    ben.notebook.keep_edit(edited.id, "of ben", TARGET)
    capsys.readouterr()
    for _ in range(2):
        anna.merge(ben.folder, private=True)
    out = capsys.readouterr().out
    assert out.count("will no longer be private") == 1
    assert f"{public.id[:8]}, on arrests: Arrests: will no longer be private" in out


def test_preview_counts_texts_and_deletions(anna: Colleague, ben: Colleague, run: Run) -> None:
    """Of a note that is edited here and deleted there, the deletion is not called a text."""
    edited, deleted = ben.write("one"), ben.write("two")
    anna.merge(ben.folder)
    for kept in (edited, deleted):
        anna.notebook.delete(kept.id)
    ben.notebook.keep_edit(edited.id, "of ben", TARGET)
    ben.notebook.delete(deleted.id)
    out = run(ben, "notes", "merge", "--dry-run", anna.folder)[1]
    assert out.count("side by side") == 1
    assert f"{edited.id[:8]}, on arrests: Arrests: will have 1 text and 1 deletion" in out


def test_preview_says_what_a_missing_parent_changes(anna: Colleague) -> None:
    """A deletion hides a note only once what it follows arrives; only then a note is announced."""
    mine = anna.write("mine")
    edited = replace(mine, author="eve", parents=(mine.hash,), body="edited", hash="")
    deleted = replace(
        edited, parents=(hash_of(encode(edited)),), deleted=True, modified=later(0), hash=""
    )
    announced = []
    for one in (deleted, edited, edited):
        offer = read_offer([[IncomingFile("a.toml", encode(one))]], private=False)
        notebook = anna.notebook
        coming = plan_merge(offer, "demo", notebook.by_file.values(), "anna")
        announced.append((len(coming.conflicts), len(coming.deletions)))
        assert all(
            isinstance(added, Revision)
            for added in notebook.add_revisions(
                (one, offer.files[one.hash]) for one in coming.revisions
            )
        )
    assert announced == [(1, 0), (0, 1), (0, 0)]
    assert anna.texts(mine.id) == []


def test_unchanged_notes_are_not_counted_as_revised(anna: Colleague, ben: Colleague) -> None:
    """A note whose revisions are all here already is neither new nor revised."""
    anna.write("same")
    edited = anna.write("one")
    ben.merge(anna.folder)
    anna.notebook.keep_edit(edited.id, "of anna", TARGET)
    arrivals = [IncomingFile(name, data) for name, data in anna.files.items()]
    offer = read_offer([arrivals], private=False)
    coming = plan_merge(offer, "demo", ben.notebook.by_file.values())
    assert (coming.new, coming.here) == ((), 2)
    assert [note.id for _before, note in coming.revised] == [edited.id]


def test_same_id_in_two_cases_is_two_notes(anna: Colleague) -> None:
    """A note with the id of a note on another case is independent of it."""
    first = anna.write("one")
    other = encode(replace(first, case="other", body="two", private=True))
    arrivals = [IncomingFile("a.toml", encode(first)), IncomingFile("b.toml", other)]
    offer = read_offer([arrivals], private=False)
    assert (offer.cases, offer.kept_back) == (("demo", "other"), {"other": 1})
    (note,) = plan_merge(offer, "demo", ()).new
    assert note.current.body == "one"
    assert plan_merge(offer, "other", ()).new == ()


def test_leaving_ignores_claimed_times(anna: Colleague) -> None:
    """A revision that claims to be older than its parent is handled like any other."""
    first = anna.write("one")
    second = replace(first, parents=(first.hash,), rev=2, modified=later(-9), hash="")
    second = replace(second, hash=hash_of(encode(second)))
    note = note_of(first.id, [first, second])
    assert exported_revisions(note) == (first, second)


# Git


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, without this machine's settings."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "reader" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "reader@example.org" for who in ("AUTHOR", "COMMITTER")},
    }
    assert GIT is not None
    done = subprocess.run(
        [GIT, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def synchronise(reader: Colleague) -> None:
    """Commit, pull and push the notes of one reader."""
    notes = reader.folder.parent
    git(notes, "add", "--all")
    if git(notes, "status", "--porcelain"):
        git(notes, "commit", "--quiet", "-m", "Notes")
    git(notes, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    git(notes, "push", "--quiet", "origin", "HEAD:main")


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_git_merges_notes_without_conflicts(
    anna: Colleague, ben: Colleague, tmp_path: Path
) -> None:
    """Two readers add, edit and delete; after pulling, both have the same notes."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "shared.git")
    shared_note, gone = anna.write("shared"), anna.write("to be deleted")
    git(anna.folder.parent, "init", "--quiet", "--initial-branch=main")
    git(anna.folder.parent, "remote", "add", "origin", "../../shared.git")
    git(anna.folder.parent, "add", "--all")
    git(anna.folder.parent, "commit", "--quiet", "-m", "Notes")
    git(anna.folder.parent, "push", "--quiet", "origin", "HEAD:main")
    ben.home.mkdir()
    git(ben.home, "clone", "--quiet", "../shared.git", "notes")
    git(ben.folder.parent, "remote", "set-url", "origin", "../../shared.git")
    for reader in (anna, ben):
        reader.write(f"new of {reader.name}")
        reader.notebook.keep_edit(shared_note.id, f"edited by {reader.name}", TARGET)
    ben.notebook.delete(gone.id)
    for reader in (anna, ben, anna):
        synchronise(reader)
    assert anna.files == ben.files
    assert anna.notebook.notes == ben.notebook.notes
    assert anna.texts(shared_note.id) == ["edited by anna", "edited by ben"]
    assert anna.texts(gone.id) == []
    assert {note.current.body for note in ben.notebook.on("arrests")} >= {
        "new of anna",
        "new of ben",
    }
    # A git repository can be merged like any folder; git's own files are ignored.
    carl = Colleague(tmp_path / "carl", "carl")
    assert carl.merge(ben.folder.parent) == 0
    assert carl.files == ben.files
