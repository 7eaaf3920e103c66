"""Notes of an enemy who knows the format: histories that nobody writes by accident.

Whatever arrives, each note of the reader's own can be edited, deleted, undone and merged, and none
of it takes more than one walk through a history.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace
from readers import TARGET, Colleague, Run, anna, ben, later, run
from screens import Desk

from casefile.library import BUNDLED
from casefile.notes import forgetting, history, undoing
from casefile.notes.annotation import (
    LIST_LIMIT,
    SIZE_LIMIT,
    Revision,
    SaveError,
    decode,
    encode,
    hash_of,
    target_of,
)
from casefile.notes.exchange import exported_revisions, plan_merge, read_offer
from casefile.notes.history import MARKS, Note, content_of, note_of
from casefile.notes.notebook import Notebook, TooManyTexts, open_notebook
from casefile.notes.pack import IncomingFile, pack_members, pack_pieces
from casefile.notes.undoing import UndoHistory, latest_change, undo_of
from casefile.places import Places, login_name
from casefile.views.note_export import log_lines
from casefile.views.note_targets import note_target
from casefile.views.revisions import revision_lines
from casefile.views.timestamps import recent_day

__all__ = ["anna", "ben", "run"]

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
IN_2038 = dt.datetime(2038, 1, 19, 3, 14, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)
NOTE = "0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a11"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return directories that do not exist yet."""
    return Places(tmp_path / "data", tmp_path / "state", tmp_path / "config")


def notebook(places: Places, clock: Sequence[dt.datetime] = (NOON,)) -> Notebook:
    """Open the notes of the reader, whose clock says these times and then the seconds after."""
    after = (clock[-1] + dt.timedelta(seconds=number) for number in itertools.count(1))
    times = itertools.chain(clock, after)
    opened = Notebook(places, "demo", "jdoe", lambda: next(times))
    opened.refresh()
    return opened


def revision(number: int, *parents: int, **others: object) -> Revision:
    """Return a revision of one note with a hash that is as good as any."""
    made = Revision(
        id=NOTE,
        rev=1,
        parents=tuple(map(name_of, parents)),
        case="demo",
        entry="arrests",
        motivation="commenting",
        body=f"text {number}",
        author="jdoe",
        created=NOON,
        modified=NOON,
        target=TARGET,
        hash=name_of(number),
    )
    return replace(made, **others)


def name_of(number: int) -> str:
    """Return the hash of the revision with a number."""
    return f"sha256:{number:064x}"


def receive(reader: Notebook, *revisions: Revision, case_id: str = "demo") -> None:
    """Merge revisions that an enemy has written."""
    files = [IncomingFile(f"{number}.toml", encode(one)) for number, one in enumerate(revisions)]
    offer = read_offer([files], private=True)
    assert not offer.unread
    before = {note.id: note for note in reader.notes}
    plan = plan_merge(offer, case_id, reader.by_file.values(), reader.author)
    add(reader, *(offer.files[kept.hash] for kept in plan.revisions))
    # What was announced is so, as far as all of it arrived.
    changed = (*plan.new, *(after for _before, after in plan.revised))
    assert [reader.note(note.id) for note in changed] == [*changed]
    gone = {note.id for note in changed if note.deleted and note.id in before}
    assert {note.id for note in plan.deletions} == {
        name for name in gone if not before[name].deleted
    }


def flood_of(mine: Revision, count: int, **changed: object) -> Sequence[Revision]:
    """Return so many revisions of a note by another, each after the first."""
    sent = replace(mine, **{"parents": (mine.hash,), "author": "eve", "hash": ""} | changed)
    return [replace(sent, body=f"flood {number}") for number in range(count)]


def add(reader: Notebook, *contents: bytes) -> None:
    """Write the files of revisions."""
    added = [*reader.add_revisions((decode(data), data) for data in contents)]
    assert not [one for one in added if isinstance(one, SaveError)]


# Walks over parents


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list whose length is how often the parents of a revision were looked up."""
    lookups: list[int] = []
    look_up = history.parents_of

    def counted(one: Revision, known: dict[str, Revision]) -> tuple[Revision, ...]:
        lookups.append(1)
        assert len(lookups) < 1_000_000, "the walk doesn't end"
        return look_up(one, known)

    for module in (history, undoing):
        monkeypatch.setattr(module, "parents_of", counted)
    return lookups


def diamonds(count: int) -> list[Revision]:
    """Return a history that splits in two and joins again so many times: 2 to that many paths."""
    found = [revision(0)]
    for number in range(0, 3 * count, 3):
        left, right = revision(number + 1, number), revision(number + 2, number)
        found += [left, right, revision(number + 3, number + 1, number + 2)]
    return found


def test_undo_in_diamonds_visits_each_revision_once(walked: list[int]) -> None:
    """Eighty revisions with a billion paths between them are undone at once."""
    revisions = diamonds(27)
    last = revisions[-1]
    rival = revision(1000, 0)
    note = note_of(NOTE, [*revisions, rival], "jdoe")
    assert undo_of(last, revisions[0], note) == ((last.hash, rival.hash), rival)
    assert exported_revisions(note)
    assert len(walked) < 10 * len(revisions)


@pytest.mark.parametrize("shape", ["chain", "heads", "dense", "undos"])
def test_walks_are_linear(walked: list[int], shape: str) -> None:
    """A note in ten times as many revisions takes ten times as many steps, in any shape."""

    def steps(count: int) -> int:
        first = {"chain": lambda number: number - 1, "dense": lambda number: max(0, number - 20)}
        revisions = [revision(0)]
        for number in range(1, count):
            parents = range(first[shape](number), number) if shape in first else [0]
            # Each dated before what it follows.
            modified = NOON - dt.timedelta(seconds=number)
            undoes = name_of(number // 2) if shape == "undos" else None
            revisions.append(revision(number, *parents, modified=modified, undoes=undoes))
        walked.clear()
        note = note_of(NOTE, revisions, "jdoe")
        assert len(note.history) == count
        change = latest_change([note], "jdoe", NOON)
        assert change is not None
        undo_of(change, note.history[0], note)
        UndoHistory(note).not_restored(change)
        assert UndoHistory(note).undone_hashes is not None
        revision_lines(note)
        log_lines([note], lambda _: False)
        exported_revisions(note)
        return len(walked)

    assert steps(3000) < 11 * steps(300)


def test_circle_of_parents_ends() -> None:
    """A circle, which no hashes can form, is a note with a text all the same."""
    note = note_of(NOTE, [revision(1, 2), revision(2, 3), revision(3, 1)], "jdoe")
    assert len(note.history) == 3
    assert note.heads
    assert latest_change([note], "jdoe", NOON) in note.history


def test_parents_come_before_children_whatever_the_dates() -> None:
    """The history is in the order of parents; dates decide only between branches."""
    first = revision(1, modified=IN_2038)
    second = revision(2, 1, modified=NOON)
    third = revision(3, 2, modified=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert note_of(NOTE, [third, second, first]).history == (first, second, third)


def test_merge_of_a_long_history_builds_each_note_once(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merging the revisions of one note does not go through its history for each of them."""
    made = [replace(revision(0), hash="")]
    for number in range(1, 50):
        parent = hash_of(encode(made[-1]))
        made.append(replace(revision(number), parents=(parent,), hash=""))
    built: list[int] = []
    build = note_of

    def counted(*args: object) -> object:
        built.append(1)
        return build(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("casefile.notes.note_index.note_of", counted)
    reader = notebook(places)
    receive(reader, *made)
    assert len(built) == 1
    assert [note.current.body for note in reader.notes] == ["text 49"]


# Claims that bind nobody


def test_largest_number_of_a_revision_binds_no_later_one(places: Places) -> None:
    """A received revision has the largest number that there is; the note is edited and deleted."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, replace(mine, rev=1_000_000_000, parents=(mine.hash,), author="eve", hash=""))
    assert reader.keep_edit(mine.id, "edited", TARGET).rev == 3
    assert reader.delete(mine.id).deleted


def test_first_revision_of_another_takes_no_note_away(places: Places) -> None:
    """Somebody writes a first revision, older than mine, with the id of my note."""
    reader = notebook(places)
    mine = reader.assess("arrests", "checked", TARGET)
    old = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    receive(reader, replace(mine, author="eve", created=old, modified=old, hash=""))
    assert [note.author for note in notebook(places).notes] == ["jdoe"]
    assert reader.own("arrests", "assessing") == reader.note(mine.id)


def test_undo_of_another_undoes_nothing_of_mine(places: Places) -> None:
    """A received revision claims to undo my change; `u` still undoes it."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, replace(mine, parents=(mine.hash,), undoes=mine.hash, author="eve", hash=""))
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == mine


@pytest.mark.parametrize("author", ["eve", "jdoe"])
@pytest.mark.parametrize(
    "changed",
    [
        {"motivation": "tagging"},
        {"motivation": "assessing", "value": "checked"},
        {"motivation": "bookmarking"},
        {"motivation": "replying", "reply_to": NOTE},
    ],
)
@pytest.mark.parametrize("is_first", [False, True])
def test_note_stays_what_it_is(
    places: Places, author: str, changed: dict[str, str], *, is_first: bool
) -> None:
    """No revision makes a check, star or tags of a text, nor does another first revision."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    parents = () if is_first else (mine.hash,)
    early = NOON - dt.timedelta(days=1)
    sent = replace(mine, parents=parents, author=author, modified=early, hash="", **changed)
    receive(reader, sent)
    for opened in (reader, notebook(places)):
        note = opened.note(mine.id)
        assert note is not None
        assert note.is_written
        assert not any(opened.own("arrests", mark) for mark in MARKS)
        if not is_first:
            assert {head.value for head in note.heads} == {head.reply_to for head in note.heads}
    edited = reader.keep_edit(mine.id, "edited", TARGET)
    assert edited.motivation in ("commenting", changed["motivation"] if is_first else "")
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == edited


@pytest.mark.parametrize("follows", [0, 1, 2, None])
@pytest.mark.parametrize("modified", [NOON - dt.timedelta(days=1), NOON, IN_2038])
@pytest.mark.parametrize(
    "changed",
    [{"value": "checked"}, {"body": "so it is"}, {"deleted": True}, {"entry": "tip"}, {}],
)
def test_verdict_is_its_author_s(
    places: Places, follows: int | None, modified: dt.datetime, changed: dict[str, object]
) -> None:
    """A revision of my check by another says nothing in my name, whatever it follows."""
    reader = notebook(places)
    mine = [
        reader.assess("arrests", verdict, TARGET, body="not yet")
        for verdict in ("checked", "needs-attention", "wrong")
    ]
    parents = () if follows is None else (mine[follows].hash,)
    base = mine[follows or 0]
    sent = replace(base, parents=parents, author="eve", modified=modified, hash="", **changed)
    receive(reader, sent)
    note = reader.own("arrests", "assessing")
    assert note is not None
    assert not note.deleted
    said = (note.current.entry, note.current.value, note.current.body)
    assert said == ("arrests", "wrong", "not yet")
    assert note.last_by_author == mine[-1]
    again = reader.assess("arrests", "to-check", TARGET)
    note = reader.note(mine[0].id)
    assert note is not None
    assert note.heads == (again,)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize("is_private", [False, True])
def test_what_its_author_took_back_stays_so(
    places: Places, mark: str, *, is_deleted: bool, is_private: bool
) -> None:
    """Another's revision of a check, star or tags as they were before brings nothing of them back.

    It can only make them private; whose they are makes them public again, and private by `u`.
    """
    reader = notebook(places)
    first = reader.keep_new(
        "arrests", "Smith lied.", TARGET, motivation=mark, value="wrong", tags=["lee"]
    )
    now = ("", "checked", ("court",))
    last = reader.keep_edit(first.id, now[0], TARGET, value=now[1], tags=now[2])
    if is_deleted:
        last = reader.delete(first.id)
    sent = replace(first, parents=(first.hash,), author="eve", private=is_private, hash="")
    receive(reader, sent, replace(sent, parents=(last.hash,), modified=IN_2038))

    def said() -> list[tuple[str, bool, tuple[str, str | None, tuple[str, ...]]]]:
        (note,) = reader.notes
        return [(one.author, one.deleted, (one.body, one.value, one.tags)) for one in note.heads]

    def is_private_now() -> bool:
        (note,) = reader.notes
        return note.private

    assert said() == [("jdoe", is_deleted, now)]
    assert is_private_now() == is_private
    assert not reader.dated_ahead
    if is_private:
        reader.make_private(first.id, private=False)
        assert (said(), is_private_now()) == ([("jdoe", is_deleted, now)], False)
        reader.undo()
        assert (said(), is_private_now()) == ([("jdoe", is_deleted, now)], True)
        reader.make_private(first.id, private=False)
    reader.keep_edit(first.id, "again", TARGET)
    assert said() == [("jdoe", False, ("again", now[1], () if is_deleted else now[2]))]
    assert not is_private_now()
    reader.undo()
    assert said() == [("jdoe", is_deleted, now)]


def test_unknown_keys_of_another_are_not_said_in_my_check(places: Places) -> None:
    """They stay in the revision of the other, and are in none of mine after it."""
    reader = notebook(places)
    mine = reader.assess("arrests", "checked", TARGET)
    words = {"correction": "Smith is a thief"}
    receive(reader, replace(mine, parents=(mine.hash,), author="eve", extra=words, hash=""))
    assert not reader.assess("arrests", "wrong", TARGET).extra


def test_deletion_of_a_verdict_by_another_is_not_announced(run: Run, ben: Colleague) -> None:
    """What a merge lists is what it does: another can't delete a check."""
    reader = open_notebook(ben.places, "demo", login_name())
    mine = reader.assess("arrests", "wrong", TARGET)
    early = NOON - dt.timedelta(days=4000)
    first = replace(mine, author="eve", created=early, modified=early, hash="")
    parents = (mine.hash, hash_of(encode(first)))
    sent = replace(mine, author="eve", parents=parents, deleted=True, hash="")
    ben.home.with_name("eve").mkdir()
    for number, one in enumerate((first, sent)):
        ben.home.with_name("eve").joinpath(f"{number}.toml").write_bytes(encode(one))
    code, out, _err = run(ben, "notes", "merge", "--dry-run", ben.home.with_name("eve"))
    assert code == 0
    assert "will be deleted" not in out


def name_in_settings(folder: Path) -> None:
    """Write settings for `run` in which the reader is called Ines Caldas."""
    (folder / "config" / "casefile").mkdir(parents=True)
    (folder / "config" / "casefile" / "config.toml").write_text('author = "Ines Caldas"\n')


@pytest.mark.parametrize("by_name_of_mine", [False, True])
def test_merge_announces_what_it_does_for_the_author_in_the_settings(
    run: Run, ben: Colleague, tmp_path: Path, *, by_name_of_mine: bool
) -> None:
    """A check is the reader's also under a name of `config.toml`; only that name deletes it."""
    name_in_settings(tmp_path)
    mine = open_notebook(ben.places, "demo", "Ines Caldas").assess("arrests", "wrong", TARGET)
    author = "Ines Caldas" if by_name_of_mine else "eve"
    sent = replace(mine, parents=(mine.hash,), author=author, deleted=True, hash="")
    follows = replace(sent, parents=(hash_of(encode(sent)),), author="eve", deleted=False)
    (tmp_path / "eve").mkdir()
    for number, one in enumerate([sent, follows] if by_name_of_mine else [sent]):
        (tmp_path / "eve" / f"{number}.toml").write_bytes(encode(one))
    code, out, _err = run(ben, "notes", "merge", "--yes", tmp_path / "eve")
    assert code == 0
    (note,) = open_notebook(ben.places, "demo", "Ines Caldas").notes
    assert note.deleted is by_name_of_mine
    assert ("will be deleted" in out) is by_name_of_mine


def test_author_in_the_settings_dates_notes_without_their_case_file(
    run: Run, ben: Colleague, tmp_path: Path
) -> None:
    """`redate` knows whose the notes are, whether or not the case file is here."""
    name_in_settings(tmp_path)
    mine = Notebook(ben.places, "demo", "Ines Caldas", lambda: IN_2038)
    mine.keep_new("arrests", "mine", TARGET)
    theirs = Notebook(ben.places, "demo", login_name(), lambda: IN_2038)
    theirs.keep_new("arrests", "of the one with the login name", TARGET)
    code, out, err = run(ben, "notes", "redate", "demo")
    assert (code, out.count("is dated"), err) == (0, 1, "")
    mine.refresh()
    assert {note.author: note.last_by_author.rev for note in mine.notes} == {
        "Ines Caldas": 2,
        login_name(): 1,
    }


@pytest.mark.parametrize("joined", [False, True])
def test_what_another_says_is_not_changed_by_what_follows(places: Places, *, joined: bool) -> None:
    """An edit changes the order of a history, not what others' revisions in it count for."""
    reader = notebook(places)
    mine = reader.assess("arrests", "checked", TARGET)
    late = replace(mine, parents=(), body="late", modified=IN_2038, hash="")
    parents = (mine.hash, hash_of(encode(late))) if joined else (mine.hash,)
    soon = NOON + dt.timedelta(minutes=2)
    sent = replace(mine, author="eve", parents=parents, modified=soon, private=True, hash="")
    receive(reader, late, sent)
    (before,) = reader.notes
    assert before.private
    reader.keep_edit(mine.id, "edited", TARGET)
    (edited,) = reader.notes
    assert [edited.by_hash[kept.hash] for kept in before.history] == list(before.history)
    reader.undo()
    (after,) = reader.notes
    assert {text.body for text in after.texts} == {text.body for text in before.texts}


def test_verdict_at_a_place_is_not_moved_by_another(places: Places) -> None:
    """Somebody follows my check as it was before I moved it; my next verdict is where it is."""
    reader = notebook(places)
    mine = reader.assess("tip", "checked", TARGET)
    reader.keep_edit(mine.id, "", TARGET, entry="arrests")
    receive(reader, replace(mine, author="eve", parents=(mine.hash,), modified=IN_2038, hash=""))
    assert reader.assess("arrests", "wrong", TARGET).entry == "arrests"


@pytest.mark.parametrize("again", [0, 1])
def test_verdict_after_one_of_a_wrong_clock_is_not_taken_back(places: Places, again: int) -> None:
    """Somebody follows both my verdicts, of which the first is dated 2038: the second counts."""
    wrong = notebook(places, [IN_2038]).assess("arrests", "checked", TARGET)
    mine = [wrong, notebook(places).assess("arrests", "wrong", TARGET)]
    sent = replace(mine[again], author="eve", parents=(mine[1].hash, wrong.hash), hash="")
    reader = notebook(places)
    receive(reader, sent)
    (note,) = reader.notes
    assert note.last_by_author == mine[1]
    assert [head.value for head in note.heads] == ["wrong"]


def test_date_that_was_corrected_stays_whatever_another_follows(places: Places) -> None:
    """An edit by another of a note as it was dated first brings the wrong date back nowhere."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    date = NOON - dt.timedelta(days=1)
    reader.redate(mine.id, date)
    receive(reader, replace(mine, author="eve", parents=(mine.hash,), modified=IN_2038, hash=""))
    assert [note.created for note in reader.notes] == [date]
    assert reader.keep_edit(mine.id, "edited", TARGET).created == date


@pytest.mark.parametrize("is_check", [False, True])
@pytest.mark.parametrize("parents", [0, 1, 2])
def test_private_words_are_made_public_by_their_author_only(
    run: Run, anna: Colleague, tmp_path: Path, parents: int, *, is_check: bool
) -> None:
    """A public revision of another leaves a note of mine private, whatever it follows or joins."""
    me = Colleague(anna.home, login_name())
    reader = me.notebook
    if is_check:
        first = reader.assess("arrests", "wrong", TARGET, body="CANARY")
    else:
        first = reader.keep_new("arrests", "CANARY", TARGET)
    private = reader.make_private(first.id, private=True)
    between = replace(private, author="ben", parents=(private.hash,), hash="")
    follows = [(private.hash,), (first.hash, private.hash), (hash_of(encode(between)),)][parents]
    # The remark of a check counts as said also in a revision of another without it.
    body = "" if is_check else "CANARY"
    sent = replace(between, parents=follows, private=False, body=body, modified=later(0))
    receive(reader, *([between] if parents == 2 else []), sent)
    for written in ("by ben", "and edited"):
        assert all(note.private for note in me.notebook.notes)
        for verb in ("notes", "log"):
            assert "CANARY" not in run(me, verb, "demo", "--format", "jsonl")[1]
        pack = tmp_path / f"{written}.tar"
        assert run(me, "notes", "pack", "demo", pack)[0] == 0
        assert b"CANARY" not in pack.read_bytes()
        me.notebook.keep_edit(first.id, "CANARY again", TARGET)
    assert not me.notebook.make_private(first.id, private=False).private


@pytest.mark.parametrize("date", [dt.datetime(1999, 1, 1, tzinfo=dt.UTC), IN_2038])
def test_date_of_a_note_is_its_author_s(places: Places, date: dt.datetime) -> None:
    """A revision of another says when my note was written: it stays as dated, and so do edits."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, replace(mine, parents=(mine.hash,), author="eve", created=date, hash=""))
    (note,) = reader.notes
    assert note.created == mine.created
    assert reader.keep_edit(mine.id, "edited", TARGET).created == mine.created


def test_corrected_date_outlives_an_undo_that_restores_another_s_text(places: Places) -> None:
    """A colleague's text of my note has the date of before; only undoing the correction does."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)

    def date() -> dt.datetime:
        note = reader.note(mine.id)
        assert note is not None
        return note.created

    reader.redate(mine.id, LONG_AGO)
    theirs = replace(mine, author="ben", parents=(mine.hash,), body="ben’s", hash="")
    receive(reader, replace(theirs, modified=later(1)))
    reader.keep_edit(mine.id, "joined", TARGET)
    for date_after in (LONG_AGO, mine.created):
        assert date() == LONG_AGO
        assert reader.undo() is not None
        assert date() == date_after


def undo_claimed(change: Revision, **changed: object) -> Revision:
    """Return what undoes a change, as an enemy claims in the name of its author."""
    plain = replace(change, parents=(change.hash,), undoes=change.hash, hash="")
    return replace(plain, **changed)


def test_undo_that_restores_nothing_undoes_nothing(places: Places) -> None:
    """Somebody claims in my name that my last change is undone; `u` undoes it all the same."""
    reader = notebook(places)
    older = reader.keep_new("arrests", "older", TARGET)
    last = reader.keep_new("arrests", "last", TARGET)
    receive(reader, undo_claimed(last))
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == last
    edited = reader.keep_edit(older.id, "edited", TARGET)
    receive(reader, undo_claimed(edited), undo_claimed(edited, body="neither"))
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == edited


@pytest.mark.parametrize("motivation", ["bookmarking", "assessing"])
def test_text_whose_first_revision_is_not_here_stays_a_text(
    places: Places, motivation: str
) -> None:
    """As of a note that was private for a time: a first one of another hides nothing of it."""
    mine = notebook(places).keep_new("arrests", "mine", TARGET)
    later = replace(mine, parents=(name_of(1),), rev=2, body="mine, later", hash="")
    theirs = replace(
        mine, author="eve", body="", motivation=motivation, modified=LONG_AGO, created=LONG_AGO
    )
    for path in places.notes("demo").iterdir():
        path.unlink()
    reader = notebook(places)
    receive(reader, later, replace(theirs, hash=""))
    (note,) = reader.notes
    assert (note.author, note.is_written) == ("jdoe", True)
    assert "mine, later" in {text.body for text in note.texts}
    reader.keep_edit(note.id, "edited", TARGET)
    assert reader.notes[0].current.body == "edited"


def test_of_others_notes_all_is_shown_that_anybody_says(places: Places) -> None:
    """Nobody can tell whose a note is that is not the reader's: neither verdict hides the other."""
    reader = notebook(places)
    said = replace(
        reader.assess("arrests", "wrong", TARGET, body="See para 9."), author="ann", hash=""
    )
    for path in places.notes("demo").iterdir():
        path.unlink()
    reader = notebook(places)
    forged = replace(
        said, author="eve", value="checked", body="", modified=LONG_AGO, created=LONG_AGO
    )
    receive(reader, said, forged)
    (note,) = reader.notes
    assert {(text.author, text.value, text.body) for text in note.texts} == {
        ("ann", "wrong", "See para 9."),
        ("eve", "checked", ""),
    }
    assert {text.created for text in note.texts} == {said.created, LONG_AGO}


@pytest.mark.parametrize("is_back", [False, True])
def test_change_that_is_undone_elsewhere_is_told(places: Places, *, is_back: bool) -> None:
    """Somebody has undone my last change in my name, and may have brought it back: `u` says so."""
    reader = notebook(places)
    older = reader.keep_new("arrests", "older", TARGET)
    last = reader.keep_new("arrests", "last", TARGET)
    gone = undo_claimed(last, deleted=True)
    back = undo_claimed(last, parents=(hash_of(encode(gone)),), undoes=hash_of(encode(gone)))
    receive(reader, *([gone, back] if is_back else [gone]))
    with pytest.raises(
        SaveError, match=r"^it is undone already · again undoes the change .*“last”$"
    ):
        reader.undo()
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == older


@pytest.mark.parametrize("keys", ["nDuueu", "*-uu*u", "nPPPuueu"])
def test_undo_goes_back_through_undos_of_undos(places: Places, keys: str) -> None:
    """Also after a restart: what is undone is not undone again, however often it was."""
    reader = notebook(places)
    for key in keys:
        (note,) = reader.notes or (None,)
        match key, note:
            case "n", _:
                reader.keep_new("arrests", "one", TARGET)
            case "*", _:
                reader.star("arrests", TARGET)
            case "-" | "D", Note():
                reader.delete(note.id)
            case "P", Note():
                reader.make_private(note.id, private=not note.private)
            case "e", Note():
                reader.keep_edit(note.id, "edited", TARGET)
            case _:
                assert reader.undo() is not None
    (before,) = reader.notes
    reader = notebook(places)
    while True:
        try:
            undone = reader.undo()
        except SaveError:
            continue
        if undone is None:
            break
        assert undone.undid.undoes is None
        assert undone.undid.hash not in UndoHistory(before).undone_hashes
    (after,) = reader.notes
    assert not after.conflict
    assert after.deleted


def test_verdicts_that_come_and_go_are_undone_in_order(places: Places) -> None:
    """The same verdict was given twice: each is undone once, also after a restart."""
    reader = notebook(places)
    given = [
        reader.assess("arrests", verdict, TARGET)
        for verdict in ("checked", "wrong", "checked", "wrong")
    ]
    for change in reversed(given):
        reader = notebook(places)
        if change is not given[-1]:
            with pytest.raises(SaveError, match="is undone already"):
                reader.undo()
        undone = reader.undo()
        assert undone is not None
        assert undone.undid == change
    with suppress(SaveError):
        reader.undo()
    assert reader.undo() is None


def test_change_that_cannot_be_undone_is_passed_over(places: Places) -> None:
    """The parent of what seems to be my last change is missing: told once, then the one before."""
    reader = notebook(places, [NOON - dt.timedelta(hours=1)])
    mine = reader.keep_new("arrests", "mine", TARGET)
    late = NOON - dt.timedelta(minutes=30)
    receive(reader, revision(1, 99, modified=late, hash=""))
    later = notebook(places)
    with pytest.raises(SaveError, match="again undoes the change before it"):
        later.undo()
    undone = later.undo()
    assert undone is not None
    assert undone.undid == mine


_ESCAPED = '"' * (SIZE_LIMIT - 2000)
"""What takes two bytes for each character once it is escaped."""
_UNWRITABLE = '"""' + '"x' * ((SIZE_LIMIT - 2000) // 2) + '\\u0000"""'
"""A string of TOML that is too long once it is written again, since it can't be literal."""


@pytest.mark.parametrize("where", ["body", "extra", "target.extra"])
def test_giant_revision_of_another_keeps_nobody_from_anything(places: Places, where: str) -> None:
    """What has no room when it is written again is left out, or passed over by `u`."""
    reader = notebook(places)
    before = reader.keep_new("tip", "before", TARGET)
    mine = reader.keep_new("arrests", "mine", TARGET)
    theirs = replace(mine, parents=(mine.hash,), author="eve", body="CANARY", hash="")
    giant = {
        "body": ('"CANARY"', _UNWRITABLE),
        "extra": ("[target]", f"zz = '{_ESCAPED}'\n[target]"),
        "target.extra": ("[target]", f"[target]\nzz = '{_ESCAPED}'"),
    }[where]
    data = encode(theirs).decode().replace(*giant).encode()
    assert len(data) < SIZE_LIMIT < 2 * len(data)
    add(reader, data)

    reader.keep_edit(mine.id, "edited", TARGET)
    reader.redate(mine.id, NOON - dt.timedelta(days=1))
    reader.delete(mine.id)
    undone = list[Revision]()
    refused = list[str]()
    while before not in undone:
        try:
            change = reader.undo()
        except SaveError as error:
            refused.append(error.reason)
            assert len(refused) == 1, "it is told more than once"
        else:
            assert change is not None
            undone.append(change.undid)
    assert all("is too long to be kept again" in reason for reason in refused)


@pytest.mark.parametrize("text", ['"' * 1_600_000, "\\" * 1_600_000 + "''", "\n'\t" * 600_000])
def test_long_text_of_another_program_is_written_again(places: Places, text: str) -> None:
    """Without escapes, as it came: a note of its own length, moved, dated anew, undone."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    theirs = replace(mine, parents=(mine.hash,), body="CANARY", hash="")
    data = encode(theirs).decode().replace('"CANARY"', f"'''\n{text}'''").encode()
    add(reader, data)
    reader.make_private(mine.id, private=True)
    reader.redate(mine.id, NOON - dt.timedelta(days=1))
    reader.keep_edit(mine.id, text, TARGET, entry="tip")
    reader.delete(mine.id)
    reader.undo()
    note = notebook(places).note(mine.id)
    assert note is not None
    assert (note.current.body, note.current.entry, note.current.private) == (text, "tip", True)


def test_of_two_texts_the_one_with_room_is_restored(places: Places) -> None:
    """One of two that were deleted is too long to be written again: the other is back."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    reader.keep_edit(mine.id, "mine still", TARGET)
    theirs = replace(mine, parents=(mine.hash,), author="eve", body="CANARY", hash="")
    data = encode(theirs).decode().replace('"CANARY"', _UNWRITABLE).encode()
    add(reader, data)
    reader.delete(mine.id)
    assert reader.undo() is not None
    note = reader.note(mine.id)
    assert note is not None
    assert [text.body for text in note.texts] == ["mine still"]


def test_private_text_without_room_makes_no_note_public(places: Places) -> None:
    """The other text, which is public, does not come back alone."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    reader.keep_edit(mine.id, "mine still", TARGET)
    theirs = replace(mine, parents=(mine.hash,), author="eve", body="CANARY", private=True, hash="")
    add(reader, encode(theirs).decode().replace('"CANARY"', _UNWRITABLE).encode())
    reader.delete(mine.id)
    with pytest.raises(SaveError, match="too long"):
        reader.undo()
    assert [note.private for note in reader.notes] == [True]


@pytest.mark.parametrize("private", [False, True])
def test_giant_texts_are_restored_in_turns(places: Places, *, private: bool) -> None:
    """One key writes a few megabytes at most: `u` goes on with the next turn, `P` refuses."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    giants = [
        replace(mine, parents=(mine.hash,), private=private, body=f"{number}{'x' * 1_500_000}")
        for number in range(5)
    ]
    receive(reader, *(replace(one, hash="") for one in giants))
    if private:
        with pytest.raises(TooManyTexts, match="that would change 5 texts of the note"):
            reader.make_private(mine.id, private=False)
    reader.delete(mine.id)
    turns = [len(undone.by) for _ in range(3) if (undone := reader.undo())]
    assert turns == [2, 2, 1]
    assert {text.body for text in reader.notes[0].texts} == {one.body for one in giants}


def test_note_with_hundreds_of_heads_is_deleted(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More heads than a revision can name are followed in several steps, and the note made once."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, *flood_of(mine, 3 * LIST_LIMIT))
    built: list[int] = []

    def counted(*args: object) -> object:
        built.append(1)
        return note_of(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("casefile.notes.note_index.note_of", counted)
    reader.delete(mine.id)
    assert len(built) == 1
    note = notebook(places).note(mine.id)
    assert note is not None
    assert note.deleted
    assert not note.conflict
    assert note.current.rev == 6


def test_deletion_of_a_flood_writes_what_it_deletes_once(places: Places) -> None:
    """Of the revisions that follow all texts the last has the text; each is a deletion."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET, tags=["tag"])
    flood = flood_of(mine, 3 * LIST_LIMIT)
    giant = replace(flood[0], body="x" * 1_000_000, modified=NOON + dt.timedelta(hours=1))
    receive(reader, *flood, replace(giant, target=target_of("Arrests", {"text": "x" * 900_000})))
    deleted = reader.delete(mine.id)
    note = reader.note(mine.id)
    assert note is not None
    *links, last = (kept for kept in note.history if kept.author == "jdoe" and kept.deleted)
    assert last == deleted
    assert (last.body, last.tags) == (giant.body, ("tag",))
    assert len(links) == 3
    assert sum(len(encode(link)) for link in links) < 100_000


def test_deletion_of_a_flood_is_undone_in_turns(places: Places) -> None:
    """An undo brings back a dozen texts at a time, so that none takes long."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, *flood_of(mine, 30))
    reader.delete(mine.id)
    for count in (12, 24, 30):
        undone = reader.undo()
        assert undone is not None
        note = reader.note(mine.id)
        assert note is not None
        assert len(note.texts) == count
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == mine


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (
            lambda own: own.assess("arrests", "checked", TARGET),
            lambda own: own.assess("arrests", "wrong", TARGET),
        ),
        (lambda own: own.star("arrests", TARGET), lambda own: own.unstar("arrests")),
        (
            lambda own: own.tag("arrests", ["a"], TARGET),
            lambda own: own.tag("arrests", ["b"], TARGET),
        ),
    ],
    ids=MARKS,
)
def test_change_of_a_flooded_mark_is_undone_at_once(
    places: Places, make: Callable[[Notebook], Revision], change: Callable[[Notebook], Revision]
) -> None:
    """It follows as many revisions of others as it can name, and is one revision."""
    reader = notebook(places)
    mine = make(reader)
    receive(reader, *flood_of(mine, 5 * LIST_LIMIT // 2))
    after = change(reader)
    assert after.parents[0] == mine.hash
    assert len(after.parents) == LIST_LIMIT
    assert reader.undo() is not None
    note = reader.note(mine.id)
    assert note is not None
    assert [content_of(head) for head in note.heads] == [content_of(mine)]


def test_check_that_a_flood_made_private_becomes_public_in_turns(places: Places) -> None:
    """Each time it follows as many private revisions as it can name, and each is undone at once."""
    reader = notebook(places)
    mine = reader.assess("arrests", "wrong", TARGET)
    receive(reader, *flood_of(mine, LIST_LIMIT), *flood_of(mine, 5 * LIST_LIMIT // 2, private=True))

    def is_private() -> bool:
        note = reader.note(mine.id)
        assert note is not None
        return note.private

    turns = 0
    while is_private():
        reader.make_private(mine.id, private=False)
        turns += 1
    assert turns == 3
    assert reader.undo() is not None
    assert is_private()


def test_edit_that_joins_a_flood_of_tags_keeps_mine(places: Places) -> None:
    """As many as a note can have are kept, the reader's own first, whatever the dates."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET, tags=["mine"])
    tags = tuple(f"tag {number}" for number in range(LIST_LIMIT))
    receive(reader, replace(mine, parents=(), author="eve", tags=tags, modified=LONG_AGO, hash=""))
    assert reader.keep_edit(mine.id, "both", TARGET).tags == ("mine", *tags[:-1])


def test_undo_makes_a_note_once(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts that an undo restores are taken in together, however many revisions there are."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, *flood_of(mine, 50))
    reader.delete(mine.id)
    built: list[int] = []

    def counted(*args: object) -> object:
        built.append(1)
        return note_of(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("casefile.notes.note_index.note_of", counted)
    assert reader.undo() is not None
    assert len(built) == 1


def test_flood_of_private_texts_is_not_followed_text_by_text(places: Places) -> None:
    """Thousands of private texts in my name are not shared or dated one by one; a kept one is."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET, private=True)
    receive(reader, *flood_of(mine, 13, author="jdoe"))
    before = len(reader.by_file)
    with pytest.raises(SaveError, match="13 texts of the note; keep one of them first"):
        reader.make_private(mine.id, private=False)
    with pytest.raises(SaveError, match="would change 13 texts"):
        reader.redate(mine.id, NOON)
    assert len(reader.by_file) == before
    reader.keep_edit(mine.id, "mine", TARGET)
    assert not reader.make_private(mine.id, private=False).private


# Clocks


def test_wrong_clock_affects_no_later_note(places: Places) -> None:
    """A note is dated 2038 by a wrong clock; those after it are dated by the right one."""
    wrong = notebook(places, [IN_2038]).keep_new("arrests", "of a wrong clock", TARGET)
    reader = notebook(places)
    right = reader.keep_new("arrests", "of a right one", TARGET)
    edited = reader.keep_edit(wrong.id, "edited", TARGET)
    assert right.modified - NOON < dt.timedelta(minutes=1)
    assert edited.modified - NOON < dt.timedelta(minutes=1)
    assert edited.created == edited.modified
    assert [note.current.body for note in reader.notes] == ["of a right one", "edited"]


def test_undo_takes_what_was_done_last_not_what_is_dated_last(places: Places) -> None:
    """A note that is dated 2038, by a wrong clock or under my name, is not undone first."""
    notebook(places, [IN_2038]).keep_new("arrests", "of a wrong clock", TARGET)
    reader = notebook(places)
    right = reader.keep_new("arrests", "of a right one", TARGET)
    undone = reader.undo()
    assert undone is not None
    assert undone.undid == right


def test_undo_takes_no_date_for_true_that_was_corrected(places: Places) -> None:
    """A note is dated three hours ahead and dated anew, then another is written; three hours pass.

    The date of the first has come then, and is still not when anything was done.
    """
    later = NOON + dt.timedelta(hours=3)
    wrong = notebook(places, [later]).keep_new("arrests", "of a wrong clock", TARGET)
    reader = notebook(places)
    reader.redate(wrong.id, NOON)
    right = reader.keep_new("arrests", "of a right one", TARGET)
    undone = notebook(places, [later + dt.timedelta(minutes=10)]).undo()
    assert undone is not None
    assert undone.undid == right


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        (
            [NOON, IN_2038],
            "It says 19 Jan 2038; your last note is of 24 Nov 2026",
        ),
        (
            [IN_2038, NOON],
            "It says 24 Nov 2026; your last note is of 19 Jan 2038",
        ),
        (
            [NOON + dt.timedelta(hours=3), NOON],
            "It says 24 Nov 2026 12:00; your last note is of 24 Nov 2026 15:00",
        ),
        ([NOON, NOON + dt.timedelta(days=90)], None),
        ([NOON, NOON - dt.timedelta(minutes=1)], None),
    ],
)
def test_wrong_clock_is_told_at_once(
    places: Places, clock: list[dt.datetime], said: str | None
) -> None:
    """When the dates of two notes in a row can't both be right, the reader is told, once."""
    notebook(places, clock[:1]).keep_new("arrests", "one", TARGET)
    reader = notebook(places, [clock[1]] * 2)
    reader.keep_new("arrests", "two", TARGET)
    assert reader.clock_warning == (said and f"Is the clock right? {said}")
    reader.keep_new("arrests", "three", TARGET)
    assert reader.clock_warning is None


def test_wrong_clock_of_another_is_no_doubt_about_mine(places: Places) -> None:
    """Another edits my note, dated 2038: that is not the date of my last note."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    receive(reader, replace(mine, author="eve", parents=(mine.hash,), modified=IN_2038, hash=""))
    reader.keep_new("arrests", "two", TARGET)
    assert reader.clock_warning is None


def test_note_of_a_wrong_clock_is_dated_anew(run: Run, anna: Colleague) -> None:
    """`notes redate` adds a revision with the right date, which the log tells of."""
    anna.name = login_name()
    Notebook(anna.places, "demo", anna.name, lambda: IN_2038).keep_new("arrests", "one", TARGET)
    (note,) = anna.notebook.dated_ahead
    code, out, err = run(anna, "notes", "redate", "demo", note.id, "--date", "2026-11-24T15:30")
    assert (code, out, err) == (0, f"{note.id[:8]} is dated 24 Nov 2026 15:30.\n", "")
    assert anna.notebook.dated_ahead == ()
    (dated,) = anna.notebook.notes
    assert (dated.current.body, len(dated.history)) == ("one", 2)
    assert f"{dated.created.astimezone():%Y-%m-%d %H:%M}" == "2026-11-24 15:30"
    assert "dated 24 Nov 2026 instead of 19 Jan 2038" in run(anna, "log", "demo")[1]


def test_empty_id_dates_no_note(run: Run, anna: Colleague) -> None:
    """As of a variable that is not set; without an id, all notes dated ahead are dated anew."""
    anna.name = login_name()
    Notebook(anna.places, "demo", anna.name, lambda: IN_2038).keep_new("arrests", "one", TARGET)
    code, out, err = run(anna, "notes", "redate", "demo", "")
    assert (code, out) == (2, "")
    assert "ID: the name is empty" in err
    assert len(anna.notebook.dated_ahead) == 1


def test_of_a_conflict_only_the_readers_texts_are_dated_anew(
    anna: Colleague, ben: Colleague
) -> None:
    """The texts of others stay as they are, with the date that they have."""
    kept = Notebook(anna.places, "demo", "anna", lambda: IN_2038).keep_new("arrests", "one", TARGET)
    ben.merge(anna.folder)
    theirs = ben.notebook.keep_edit(kept.id, "theirs", TARGET)
    first = anna.notebook
    anna.notebook.keep_edit(kept.id, "mine", TARGET)
    first.keep_edit(kept.id, "mine too", TARGET)
    anna.merge(ben.folder)
    anna.notebook.redate(kept.id, NOON)
    (note,) = anna.notebook.notes
    dated = {head.body: head for head in note.heads}
    assert dated.keys() == {"theirs", "mine", "mine too"}
    assert dated["theirs"].hash == theirs.hash
    assert dated["mine"].created == dated["mine too"].created == note.created == NOON


def test_equal_texts_become_one_when_dated_anew(anna: Colleague) -> None:
    """As two terminals leave them that have both dated a note anew."""
    kept = Notebook(anna.places, "demo", "anna", lambda: IN_2038).keep_new("arrests", "one", TARGET)
    several = [anna.notebook, anna.notebook]
    for number, one in enumerate(several):
        one.redate(kept.id, NOON - dt.timedelta(days=number))
    assert anna.texts(kept.id) == ["one", "one"]
    anna.notebook.redate(kept.id, NOON)
    assert anna.texts(kept.id) == ["one"]


def test_text_of_another_with_a_wrong_clock_is_not_the_readers_to_date(
    anna: Colleague, ben: Colleague
) -> None:
    """It is not named again and again, since nothing that the reader does would change it."""
    kept = anna.write()
    ben.merge(anna.folder)
    late = Notebook(ben.places, "demo", "ben", lambda: IN_2038)
    late.refresh()
    late.keep_edit(kept.id, "theirs", TARGET)
    anna.notebook.keep_edit(kept.id, "mine", TARGET)
    anna.merge(ben.folder)
    assert anna.texts(kept.id) == ["mine", "theirs"]
    assert anna.notebook.dated_ahead == ()


def test_text_of_another_is_not_put_under_my_name(run: Run, ben: Colleague) -> None:
    """Another edits my note of a wrong clock: it is neither dated anew nor made private as mine."""
    me = Colleague(ben.home, login_name())
    mine = Notebook(me.places, "demo", me.name, lambda: IN_2038).keep_new("arrests", "mine", TARGET)
    receive(me.notebook, replace(mine, author="eve", body="hers", parents=(mine.hash,), hash=""))
    before = me.files
    why = "the text is eve’s, and would be under your name; edit it first (e)"
    for which in ([], [mine.id]):
        code, out, err = run(me, "notes", "redate", "demo", *which)
        assert (code, out, err) == (1, "", f"{mine.id[:8]} is not dated: {why}\n")
    for private in (True, False):
        with pytest.raises(SaveError, match="the text is eve’s"):
            me.notebook.make_private(mine.id, private=private)
    assert me.files == before
    me.notebook.keep_edit(mine.id, "as eve says", TARGET)
    assert me.notebook.make_private(mine.id, private=True).body == "as eve says"


def test_date_of_another_in_my_note_is_not_mine_to_correct(run: Run, ben: Colleague) -> None:
    """Another edits my note by a wrong clock: I wrote nothing that is dated after today."""
    me = Colleague(ben.home, login_name())
    mine = me.write("mine")
    sent = replace(mine, author="eve", body="hers", parents=(mine.hash,), modified=IN_2038, hash="")
    receive(me.notebook, sent)
    assert run(me, "notes", "redate", "demo")[:2] == (0, "No note of yours is dated after today.\n")
    assert len(me.files) == 2


def test_of_two_texts_only_mine_is_made_private(places: Places) -> None:
    """One private text makes the note private; that of another stays as it is."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    sent = replace(mine, author="eve", body="hers", parents=(mine.hash,), modified=IN_2038, hash="")
    reader.keep_edit(mine.id, "mine again", TARGET)
    receive(reader, sent)
    assert reader.make_private(mine.id, private=True).body == "mine again"
    assert not reader.make_private(mine.id, private=False).private
    assert [note.private for note in reader.notes] == [False]


def test_check_that_another_followed_is_made_private(places: Places) -> None:
    """It says what I said, so that it is mine to date and to make private."""
    reader = notebook(places)
    mine = reader.assess("arrests", "wrong", TARGET, body="mine")
    receive(reader, replace(mine, author="eve", body="hers", parents=(mine.hash,), hash=""))
    kept = reader.make_private(mine.id, private=True)
    assert (kept.body, kept.private) == ("mine", True)
    assert [one.body for one in reader.redate(mine.id, LONG_AGO)] == ["mine"]


def test_note_is_dated_by_its_author_only(run: Run, anna: Colleague) -> None:
    """When a note was written can only be said by who wrote it."""
    kept = anna.write()
    code, _, err = run(anna, "notes", "redate", "demo", kept.id)
    assert (code, err) == (1, "Not dated: only anna, who wrote the note, can date it\n")


def test_note_is_not_dated_ahead(run: Run, anna: Colleague) -> None:
    """A date that is yet to come, or none, is refused, and nothing is changed."""
    kept = anna.write()
    code, _, err = run(anna, "notes", "redate", "demo", kept.id, "--date", "2999-01-01")
    assert code == 2
    assert "is yet to come" in err
    assert run(anna, "notes", "redate", "demo", kept.id, "--date", "soon")[0] == 2
    assert run(anna, "notes", "redate", "demo")[1] == "No note of yours is dated after today.\n"
    assert len(anna.files) == 1


def test_note_of_a_colleague_with_a_wrong_clock_is_merged(
    run: Run, anna: Colleague, ben: Colleague
) -> None:
    """It is told that it is dated ahead, and taken; what follows it is dated as ever."""
    notes = Notebook(anna.places, "demo", "anna", lambda: IN_2038)
    kept = notes.keep_new("arrests", "one", TARGET)
    code, out, _err = run(ben, "notes", "merge", anna.folder, "--yes")
    assert code == 0
    assert "1 revision dated after today, up to 19 Jan 2038" in out
    edited = ben.notebook.keep_edit(kept.id, "two", TARGET)
    assert abs(edited.modified - dt.datetime.now(dt.UTC)) < dt.timedelta(hours=1)
    assert run(anna, "notes", "merge", ben.folder, "--yes")[0] == 0
    assert anna.texts(kept.id) == ["two"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "UTC+24:59:59", "UTC-25"])
@pytest.mark.parametrize("year", [1, 9998])
def test_dates_at_the_ends_of_the_calendar_are_shown_in_any_zone(
    run: Run, anna: Colleague, monkeypatch: pytest.MonkeyPatch, zone: str, year: int
) -> None:
    """No date of a note, and no time zone, keeps anybody from reading or removing notes."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        moment = dt.datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, tzinfo=dt.UTC)
        notes = anna.notebook
        receive(notes, revision(1, created=moment, modified=moment, hash=""))
        code, out, _err = run(anna, "notes", "demo")
        assert (code, "text 1" in out) == (0, True)
        assert run(anna, "log", "demo")[0] == 0
        assert run(anna, "show", "demo", "--notes")[0] == 0
        assert recent_day(moment).endswith(str(year))
        assert revision_lines(notes.notes[0])
        assert run(anna, "notes", "forget", NOTE, "--yes")[0] == 0
    finally:
        monkeypatch.undo()
        time.tzset()


# Names of files


def test_revisions_whose_hashes_begin_alike_are_all_packed(
    run: Run, anna: Colleague, ben: Colleague, tmp_path: Path
) -> None:
    """Somebody tried texts until two files had the same eight digits: neither takes the place."""
    plain = encode(replace(revision(0), body="0000000", hash=""))
    found: dict[str, bytes] = {}
    for number in itertools.count():
        data = plain.replace(b"0000000", b"%07d" % number)
        other = found.setdefault(hash_of(data)[:15], data)
        if other is not data:
            break
    add(anna.notebook, data, other)
    pack = tmp_path / "notes.tar"
    _code, _out, err = run(anna, "notes", "pack", "demo", pack)
    assert err == "Packed 1 note in 2 revisions.\n"
    assert run(ben, "notes", "merge", pack, "--yes")[0] == 0
    assert len(ben.texts(NOTE)) == 2
    # Each in a folder of its own, they can be copied into one.
    alone = [Colleague(tmp_path / name, "jdoe") for name in ("carl", "dora")]
    for reader, content in zip(alone, (data, other), strict=True):
        add(reader.notebook, content)
    assert alone[0].files.keys().isdisjoint(alone[1].files)


def test_what_was_packed_is_counted_in_the_pack(
    run: Run, anna: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of revisions that is told is that of the members."""
    kept = anna.write("one")
    anna.notebook.keep_edit(kept.id, "two", TARGET)
    monkeypatch.setattr("casefile.notes.pack.file_name", lambda *_: "the-same.toml")
    _code, _out, err = run(anna, "notes", "pack", "demo", tmp_path / "notes.tar")
    assert err == "Packed 1 note in 1 revision.\n"


# Floods


def test_complaints_of_a_pack_are_counted(run: Run, ben: Colleague, tmp_path: Path) -> None:
    """A pack of thousands of worthless members prints the first complaints and their number."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as pack:
        for number in range(3000):
            pack.addfile(tarfile.TarInfo(f"demo/{number}.toml"))
    path = tmp_path / "worthless.tar"
    path.write_bytes(data.getvalue())
    code, _out, err = run(ben, "notes", "merge", path)
    assert code == 1
    assert err.splitlines()[-1] == "… and 2,980 more"
    assert len(err.splitlines()) == 21


def flood(path: Path, count: int, **changed: Callable[[int], object]) -> Path:
    """Write a pack of so many notes; `changed` gives what they differ in by their number."""
    first = replace(revision(0), modified=NOON, hash="")
    notes = (
        replace(first, **{key: value(number) for key, value in changed.items()})
        for number in range(count)
    )
    data = [encode(one) for one in notes]
    path.write_bytes(b"".join(pack_pieces(pack_members((decode(one), one) for one in data))))
    return path


def test_note_of_thousands_of_values_is_refused(run: Run, ben: Colleague, tmp_path: Path) -> None:
    """A note takes memory as long as a case is open, so it has no more values than it needs."""
    path = tmp_path / "many.toml"
    path.write_bytes(b"zz = [" + b"{}," * 400 + b"]\n" + encode(replace(revision(0), hash="")))
    code, _out, err = run(ben, "notes", "merge", path, "--yes")
    assert (code, err) == (
        1,
        f"{path}: it has more than 1,000 lines, keys and values outside of text\n",
    )


def test_note_as_large_as_notes_become_is_read(places: Places) -> None:
    """As many parents and tags as there can be, and hundreds of sources, are within the limit."""
    reader = notebook(places)
    target = replace(TARGET, sources={f"source-{number}": name_of(1) for number in range(250)})
    full = revision(1, *range(LIST_LIMIT), tags=("a tag",) * LIST_LIMIT, target=target, hash="")
    receive(reader, full)
    edited = reader.keep_edit(NOTE, "edited", target)
    assert edited.target == target


def test_note_on_an_entry_that_cites_thousands_is_saved(places: Places) -> None:
    """The hashes of so many cited texts have no room in the file, and are left out."""
    many = replace(TARGET, sources={f"source-{number}": name_of(1) for number in range(3000)})
    kept = notebook(places).keep_new("arrests", "mine", many)
    assert kept.target == TARGET


def test_thousands_of_cases_hide_no_change_of_what_is_here(
    run: Run, ben: Colleague, tmp_path: Path
) -> None:
    """The preview of a merge has a bound, and begins with the notes that are here."""
    mine = ben.write("mine")
    deletion = replace(mine, author="eve", parents=(mine.hash,), deleted=True, hash="")
    one = tmp_path / "deletion.toml"
    one.write_bytes(encode(deletion))
    pack = flood(tmp_path / "pack.tar", 500, case=lambda number: f"a-{number}")
    code, out, _err = run(ben, "notes", "merge", "--dry-run", pack, one)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "demo:"
    assert any("will be deleted" in line for line in lines[:5])
    assert lines[-1] == "… and 451 revisions on 451 more cases"
    assert len(lines) < 200


def test_merge_names_each_note_that_it_deletes(run: Run, ben: Colleague, tmp_path: Path) -> None:
    """Neither many cases nor many notes hide one, nor what changes in other cases."""
    pack = tmp_path / "pack"
    pack.mkdir()
    for number in range(85):
        is_kept = number < 5
        case = f"case-{number:02}" if number < 60 else "case-99"
        mine = Notebook(ben.places, case, "ben").keep_new("arrests", "mine", TARGET)
        theirs = replace(mine, author="eve", parents=(mine.hash,), body="hers", hash="")
        (pack / f"{number}.toml").write_bytes(encode(replace(theirs, deleted=not is_kept)))
    out = run(ben, "notes", "merge", "--dry-run", pack)[1]
    assert out.count("will be deleted") == 80
    assert out.endswith("… and 5 revisions on 5 more cases\n")


def test_merge_names_a_note_that_it_brings_back(run: Run, ben: Colleague, tmp_path: Path) -> None:
    """A colleague went on with a note that is deleted here."""
    mine = ben.write("mine")
    deleted = Notebook(ben.places, "demo", "ben")
    deleted.refresh()
    last = deleted.delete(mine.id)
    again = tmp_path / "again.toml"
    again.write_bytes(encode(replace(mine, author="eve", parents=(last.hash,), hash="")))
    out = run(ben, "notes", "merge", "--dry-run", again)[1]
    assert "is deleted, and will be brought back" in out


@pytest.mark.parametrize("change", ["deleted", "brought back", "public", "in two texts"])
def test_merge_names_a_note_by_what_is_here(
    run: Run, ben: Colleague, tmp_path: Path, change: str
) -> None:
    """The sender does not choose the entry and the title by which a note of mine is named."""
    me = Colleague(ben.home, login_name())
    mine = me.write("mine", private=change == "public")
    if change == "in two texts":
        me.notebook.keep_edit(mine.id, "edited", TARGET)
    last = me.notebook.delete(mine.id) if change == "brought back" else mine
    elsewhere = target_of("A note of eve: will be deleted", {"id": "tip"})
    author = me.name if change == "public" else "eve"
    sent = replace(last, parents=(last.hash,), author=author, entry="tip", target=elsewhere)
    sent = replace(sent, body="hers", deleted=change == "deleted", private=False, hash="")
    sent = replace(sent, modified=later(1))
    path = tmp_path / "sent.toml"
    path.write_bytes(encode(sent))
    out = run(me, "notes", "merge", "--dry-run", path)[1]
    assert f"{mine.id[:8]}, on arrests: Arrests: " in out
    assert "note of eve" not in out


def test_merge_names_what_concerns_the_reader_first(
    run: Run, ben: Colleague, tmp_path: Path
) -> None:
    """No number of notes and names of others hides a conflict or the reader's name in a preview."""
    me = Colleague(ben.home, login_name())
    mine = me.write("mine")
    others = [replace(mine, id=f"{number:08}{NOTE[8:]}", author="eve") for number in range(30)]
    sent = [replace(one, body=text, hash="") for one in others for text in "ab"]
    sent += [replace(one, author=f"a{number}", hash="") for number, one in enumerate(others)]
    sent += [replace(mine, parents=(), body=text, hash="") for text in "ab"]
    for number, one in enumerate(sent):
        (tmp_path / f"{number}.toml").write_bytes(encode(one))
    out = run(me, "notes", "merge", "--dry-run", tmp_path)[1]
    assert f"\n    by {me.name}, a0, " in out
    assert f"{mine.id[:8]}, on arrests: Arrests: will have 3 texts" in out


def test_merge_names_each_note_that_becomes_public(
    run: Run, ben: Colleague, tmp_path: Path
) -> None:
    """No number of notes hides one of the reader's, nor does a number of cases."""
    for number in range(60):
        is_mine = number == 59
        author = login_name() if is_mine else "eve"
        case = f"case-{number:02}"
        kept = Notebook(ben.places, case, author).keep_new("arrests", "x", TARGET, private=True)
        public = replace(kept, parents=(kept.hash,), private=False, hash="")
        (tmp_path / f"{number}.toml").write_bytes(encode(public))
    out = run(ben, "notes", "merge", "--dry-run", tmp_path)[1]
    assert out.count("will no longer be private") == 60


def test_parent_that_is_named_a_hundred_times_is_one(places: Places) -> None:
    """It is not said that a hundred texts were joined."""
    reader = notebook(places)
    mine = reader.keep_new("arrests", "mine", TARGET)
    same = (mine.hash,) * LIST_LIMIT
    receive(reader, replace(mine, author="eve", parents=same, body="hers", hash=""))
    assert revision_lines(reader.notes[0])[0].done == "note edited"


def test_forget_shows_each_text_of_a_note_by_its_author(run: Run, ben: Colleague) -> None:
    """Another's text is not shown as the reader's, and hides none: the reader's own come first."""
    me = Colleague(ben.home, login_name())
    mine = me.write("My only record.")
    receive(me.notebook, *flood_of(mine, 20, parents=(), modified=later(1)))
    code, _out, err = run(me, "notes", "forget", mine.id)
    assert code == 1
    lines = err.splitlines()
    first = lines.index("    My only record.")
    assert lines[first - 1].startswith(f"    {me.name}, ")
    assert sum(line.startswith("    by eve: flood ") for line in lines[first + 1 :]) == 11
    assert "    … and 9 more texts" in lines


def test_ids_that_begin_alike_are_named_up_to_a_bound(
    run: Run, ben: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An enemy chose the ids of hundreds: the first are named, and forgetting takes more of it."""
    pack = flood(tmp_path / "pack.tar", 300, id=lambda number: f"{NOTE[:-4]}{number:04}")
    ben.merge(pack)
    traced: list[str] = []
    trace = forgetting._CaseFiles.trace

    def tracing(case_files: forgetting._CaseFiles, note_id: str, *others: Any) -> forgetting.Trace:
        traced.append(note_id)
        return trace(case_files, note_id, *others)

    monkeypatch.setattr(forgetting._CaseFiles, "trace", tracing)
    code, _out, err = run(ben, "notes", "forget", NOTE[:8])
    assert code == 2
    assert "is the start of several ids; give more characters:" in err
    assert err.splitlines()[-1] == "… and more"
    assert len(traced) == 21
    assert run(ben, "notes", "forget", "--yes", f"{NOTE[:-4]}0299")[0] == 0


def test_flood_of_notes_dated_ahead_is_dated_anew(run: Run, ben: Colleague, tmp_path: Path) -> None:
    """The first are named and the others counted; one that can't be written stops no other."""
    pack = flood(
        tmp_path / "pack.tar",
        30,
        id=lambda number: f"{NOTE[:-4]}{number:04}",
        author=lambda _: login_name(),
        modified=lambda _: IN_2038,
        body=lambda number: "CANARY" if number == 0 else "x",
    )
    ben.merge(pack)
    (path,) = (path for path in ben.folder.iterdir() if b"CANARY" in path.read_bytes())
    giant = path.read_text().replace('"CANARY"', _UNWRITABLE)
    path.unlink()
    (ben.folder / "giant.toml").write_text(giant)
    code, out, err = run(ben, "notes", "redate", "demo")
    assert code == 1
    assert out.splitlines()[-1] == "… and 9 more"
    assert len(out.splitlines()) == 21
    assert f"{NOTE[:8]} is not dated: the note is larger" in err


# Any history


_SOME = st.integers(0, 30)
_DATES = st.sampled_from(
    [
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
        NOON - dt.timedelta(hours=1),
        NOON + dt.timedelta(minutes=2),
        IN_2038,
        dt.datetime(9998, 12, 31, tzinfo=dt.UTC),
    ]
)


class WithAnEnemy(RuleBasedStateMachine):
    """What a reader does to notes, and what an enemy sends who has read all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.time = NOON
        self.count = 0
        self.written: set[str] = set()
        self.open()

    def open(self) -> None:
        """Open the notes as a new process does."""
        places = Places(self.root / "data", self.root / "state", self.root / "config")
        self.reader = Notebook(places, "demo", "jdoe", self.clock)
        self.reader.refresh()

    def clock(self) -> dt.datetime:
        """Return a time, a second after the one before."""
        self.time += dt.timedelta(seconds=1)
        return self.time

    def text(self) -> str:
        """Return a text that was not used before."""
        self.count += 1
        return f"text {self.count}"

    @property
    def revisions(self) -> list[Revision]:
        """All revisions of all notes."""
        return [kept for note in self.reader.notes for kept in note.history]

    @rule()
    def write(self) -> None:
        """Write a note."""
        self.written.add(self.reader.keep_new("arrests", self.text(), TARGET).id)

    @rule(verdict=st.sampled_from(["checked", "wrong"]))
    def check(self, verdict: str) -> None:
        """Give a verdict, which is then the reader's own."""
        self.reader.assess("arrests", verdict, TARGET)
        own = self.reader.own("arrests", "assessing")
        assert own is not None
        assert own.current.value == verdict

    @rule()
    def undo(self) -> None:
        """Undo what was done last, if it can be undone."""
        with suppress(SaveError):
            self.reader.undo()

    @rule(years=st.sampled_from([12, -12]))
    def write_by_a_wrong_clock(self, years: int) -> None:
        """Write a note while the clock is wrong."""
        right, self.time = self.time, self.time + years * dt.timedelta(days=365)
        self.reader.keep_new("arrests", self.text(), TARGET)
        self.time = right

    @rule()
    def start_again(self) -> None:
        """Open the notes again, with what is on disk."""
        before = self.reader.notes
        self.open()
        assert self.reader.notes == before

    @precondition(lambda self: self.reader.notes)
    @rule(
        of=_SOME,
        parents=st.lists(_SOME, max_size=4),
        author=st.sampled_from(["jdoe", "eve"]),
        rev=st.sampled_from([1, 2, 1_000_000_000]),
        created=_DATES,
        modified=_DATES,
        deleted=st.booleans(),
        private=st.booleans(),
        undoes=st.none() | _SOME,
        motivation=st.sampled_from(["commenting", "assessing", "tagging", "strange"]),
        other=st.booleans(),
    )
    def receive(
        self,
        *,
        of: int,
        parents: list[int],
        author: str,
        rev: int,
        created: dt.datetime,
        modified: dt.datetime,
        deleted: bool,
        private: bool,
        undoes: int | None,
        motivation: str,
        other: bool,
    ) -> None:
        """Merge a revision of any note with any parents, author, dates and claims."""
        known = self.revisions
        of_note = known[of % len(known)]
        hashes = [*(kept.hash for kept in known if kept.id == of_note.id), "sha256:missing"]
        sent = replace(
            of_note,
            parents=tuple(dict.fromkeys(hashes[one % len(hashes)] for one in parents)),
            author=author,
            rev=rev,
            created=created,
            modified=modified,
            deleted=deleted,
            private=private,
            undoes=None if undoes is None else known[undoes % len(known)].hash,
            motivation=motivation,
            entry="tip" if other else "arrests",
            body=self.text(),
            hash="",
        )
        receive(self.reader, sent)

    @precondition(lambda self: self.reader.notes)
    @rule(number=_SOME)
    def edit_and_delete_and_undo(self, number: int) -> None:
        """Edit a note of the reader's own, delete it, and undo each at once."""
        own = [note for note in self.reader.notes if note.author == "jdoe"]
        if not own:
            return
        note = own[number % len(own)]
        before = self.texts(note.id)
        text = self.text()
        edited = self.reader.keep_edit(note.id, text, TARGET)
        assert self.texts(note.id) == {text}
        assert abs(edited.modified - self.time) < dt.timedelta(minutes=5)
        undone = self.reader.undo()
        assert undone is not None
        assert undone.undid == edited
        assert self.texts(note.id) == before
        if self.texts(note.id):
            deleted = self.reader.delete(note.id)
            assert self.texts(note.id) == set()
            undone = self.reader.undo()
            assert undone is not None
            assert undone.undid == deleted
            assert self.texts(note.id) == before

    @rule(body=st.sampled_from(["before", "after", "neither"]), deleted=st.booleans())
    def undo_what_is_called_undone(self, body: str, *, deleted: bool) -> None:
        """Undo a change that the enemy, in the reader's name, calls undone."""
        first = self.reader.keep_new("arrests", "before", TARGET)
        last = self.reader.keep_edit(first.id, "after", TARGET)
        receive(self.reader, undo_claimed(last, body=body, deleted=deleted))
        if (body, deleted) == ("before", False):
            with pytest.raises(SaveError, match=r"is undone already .*“after”"):
                self.reader.undo()
        else:
            undone = self.reader.undo()
            assert undone is not None
            assert undone.undid == last

    @invariant()
    def notes_stay_what_they_are(self) -> None:
        """Each text of the reader's is one still; nobody else dates it, or judges in that name."""
        own = [note for note in self.reader.notes if note.author == "jdoe"]
        assert self.written <= {note.id for note in own if note.is_written}
        claims = [kept for kept in self.reader.by_file.values() if kept.author == "jdoe"]
        for note in own:
            of_note = [kept for kept in claims if kept.id == note.id]
            assert note.created in {kept.created for kept in of_note}
            assert note.is_written or note.current.value in {kept.value for kept in of_note}

    def texts(self, note_id: str) -> set[str]:
        """Return the current texts of a note."""
        note = self.reader.note(note_id)
        assert note is not None
        return {text.body for text in note.texts}

    @invariant()
    def history_is_in_order(self) -> None:
        """Each revision comes after its parents, and a tip is what nothing follows."""
        for note in self.reader.notes:
            seen = set[str]()
            for kept in note.history:
                assert not any(name in note.by_hash and name not in seen for name in kept.parents)
                seen.add(kept.hash)
            followed = {name for kept in note.history for name in kept.parents}
            tips = seen - followed
            assert {tip.hash for tip in note.silent} == tips - {*note.head_hashes}
            assert note.author == "jdoe" or {tip.hash for tip in note.tips} == tips

    @invariant()
    def everything_is_told(self) -> None:
        """Each revision has words in the log and in the history of its note."""
        assert len(log_lines(self.reader.notes, lambda _: False)) == len(self.revisions)
        for note in self.reader.notes:
            assert len(revision_lines(note)) == len(note.history)

    def teardown(self) -> None:
        """In the end all of it is merged into an empty notebook, and is the same there."""
        try:
            files = [IncomingFile(path.name, path.read_bytes()) for path in self.reader.by_file]
            offer = read_offer([files], private=True)
            places = Places(self.root / "there", self.root / "state", self.root / "config")
            there = Notebook(places, "demo", "jdoe", self.clock)
            plan = plan_merge(offer, "demo", (), "jdoe")
            add(there, *(offer.files[one.hash] for one in plan.revisions))
            assert there.notes == self.reader.notes
        finally:
            shutil.rmtree(self.root)


def test_edit_that_changes_the_order_is_undone() -> None:
    """A second first revision of a check comes before another's once an edit follows both."""
    for late, soon in itertools.product(
        [IN_2038, NOON - dt.timedelta(hours=1)], [NOON + dt.timedelta(minutes=2), IN_2038]
    ):
        state = WithAnEnemy()
        state.check("checked")
        for author, parents, modified in (("jdoe", [], late), ("eve", [0], soon)):
            state.receive(
                of=0,
                parents=parents,
                author=author,
                rev=1,
                created=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
                modified=modified,
                deleted=False,
                private=False,
                undoes=None,
                motivation="assessing",
                other=False,
            )
        state.edit_and_delete_and_undo(0)
        state.teardown()


TestWithAnEnemy = WithAnEnemy.TestCase
TestWithAnEnemy.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


# On the screen


def flooded(desk: Desk, count: int) -> Note:
    """Keep a note on the first entry that an enemy has edited in so many places."""
    target = note_target(desk.lay_open(), "export", "Export")
    mine = desk.notebook().keep_new("export", "Mine.", target)
    reader = desk.notebook()
    receive(reader, *flood_of(mine, count), case_id=mine.case)
    (note,) = reader.notes
    return note


async def test_flood_of_texts_has_room_on_a_page(desk: Desk) -> None:
    """Of a note in hundreds of texts the page shows the last ones, and the key for the others."""
    note = flooded(desk, 250)
    async with desk.open(size=(120, 90)) as reader:
        assert "Edited in 250 places" in reader.text
        assert reader.text.count("flood") == 12
        await reader.press("H")
        await reader.press("end", "enter")
        assert "Restored" in reader.message
    assert [head.body for head in desk.notebook().notes[0].heads] == ["Mine."]
    assert note.conflict


async def test_flood_of_texts_is_edited(desk: Desk) -> None:
    """As many texts are joined as a revision can follow; the others stay beside them."""
    flooded(desk, 150)
    async with desk.open() as reader:
        await reader.press("e")
        assert reader.panel is not None
        assert reader.panel.text.count("flood") == LIST_LIMIT
        await reader.press("ctrl+s")
    (note,) = desk.notebook().notes
    assert len(note.heads) == 51


async def test_note_that_another_calls_tags_is_edited(desk: Desk) -> None:
    """It is on the page of its entry as before, and `e` opens it."""
    target = note_target(desk.lay_open(), "export", "Export")
    mine = desk.notebook().keep_new("export", "Mine.", target)
    sent = replace(mine, parents=(mine.hash,), author="eve", motivation="tagging", hash="")
    receive(desk.notebook(), sent, case_id=mine.case)
    async with desk.open(size=(120, 60)) as reader:
        assert "Mine." in reader.text
        await reader.press("e", "x", "ctrl+s")
        assert "Kept" in reader.message
    (note,) = desk.notebook().notes
    assert [text.motivation for text in note.texts] == ["commenting"]


@pytest.mark.parametrize("keys", [["m"], ["H", "end", "enter"]])
async def test_verdict_of_another_is_not_changed(desk: Desk, keys: list[str]) -> None:
    """A check of a colleague is neither moved nor given an earlier text."""
    target = note_target(desk.lay_open(), "export", "Export")
    theirs = Notebook(desk.places, BUNDLED, "eve", lambda: NOON)
    theirs.refresh()
    for verdict in ("checked", "wrong"):
        theirs.assess("export", verdict, target)
    async with desk.open(size=(120, 60)) as reader:
        await reader.press("9")
        await reader.press(*keys)
        assert "eve said so; you can only say otherwise" in reader.message
    (note,) = desk.notebook().notes
    assert len(note.history) == 2


async def test_check_that_stays_private_is_not_called_shared(desk: Desk) -> None:
    """More revisions of another keep it private than a revision follows: `P` says how it is now."""
    target = note_target(desk.lay_open(), "export", "Export")
    mine = desk.notebook().assess("export", "wrong", target)
    flood = flood_of(mine, 3 * LIST_LIMIT // 2, private=True)
    receive(desk.notebook(), *flood, case_id=mine.case)
    async with desk.open() as reader:
        await reader.press("9", "P")
        assert reader.message == "It stays at home: it is private; u takes it back."
        await reader.press("P")
        assert reader.message == "It is shared with the others; u takes it back."


async def test_note_dated_ahead_is_told_at_the_start(desk: Desk) -> None:
    """A note that a wrong clock has dated is told of, with the command that mends it."""
    wrong = Notebook(desk.places, BUNDLED, desk.notebook().author, lambda: IN_2038)
    wrong.keep_new("export", "One.", target_of("Export", {}))
    async with desk.open() as reader:
        assert "1 note dated after today (19 Jan 2038)" in reader.message
        assert "casefile notes redate" in reader.message
        await reader.press("a", "x", "ctrl+s")
        assert "Kept. Is the clock right?" in reader.message


async def test_three_texts_are_not_called_both(desk: Desk) -> None:
    """A note in a few texts shows all of them, and says how many."""
    flooded(desk, 3)
    async with desk.open(size=(120, 60)) as reader:
        assert "Edited in 3 places; all versions are shown." in reader.text
