"""The history of a note: every earlier revision can be seen, told in words, and restored."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace
from screens import Desk, Reader
from syrupy.assertion import SnapshotAssertion

from casefile.notes.annotation import Revision, SaveError, Target
from casefile.notes.history import Note, note_of, parents_of
from casefile.notes.notebook import Notebook
from casefile.notes.undoing import Undone
from casefile.places import Places
from casefile.tui.revisions_screen import RevisionList, RevisionsScreen
from casefile.views.entry_notes import note_in_line
from casefile.views.note_export import kind_of, log_lines
from casefile.views.note_targets import note_target
from casefile.views.page import Page
from casefile.views.revisions import (
    changes_in_words,
    page_of_revision,
    reason_not_restorable,
    restore,
    revision_lines,
)

_MOMENT = dt.datetime(2026, 11, 3, 14, 2, tzinfo=dt.UTC)
_FIRST = Revision(
    id="0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a11",
    rev=1,
    case="demo",
    entry="call",
    motivation="commenting",
    body="Who called?",
    author="jdoe",
    created=_MOMENT,
    modified=_MOMENT,
    target=Target("The call", "sha256:0", "{}"),
    hash="first",
)


def after(*parents: Revision, **changed: object) -> Revision:
    """Return a revision that follows others an hour later, and says what the first of them says."""
    last = max(parents, key=lambda one: one.modified)
    return replace(
        parents[0],
        **{
            "rev": last.rev + 1,
            "modified": last.modified + dt.timedelta(hours=1),
            "parents": tuple(one.hash for one in parents),
            "undoes": None,
            "hash": f"after {'+'.join(one.hash for one in parents)} {sorted(changed.items())}",
            **changed,
        },
    )


def done(revision: Revision, *known: Revision) -> str:
    """Return what a revision did, in words; `known` are the others of its note."""
    return changes_in_words({one.hash: one for one in (*known, revision)})[revision.hash]


def page_of(*revisions: Revision) -> Page:
    """Return the page of the last of the revisions of a note."""
    note = note_of(_FIRST.id, revisions)
    line = next(line for line in revision_lines(note) if line.revision == revisions[-1])
    return page_of_revision(note, line)


def words_on(page: Page) -> list[str]:
    """Return the texts that stand on a page under its title."""
    return [item.text for section in page.sections for item in section.items]


# In words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"body": "Who called first?"}, "note edited"),
        ({"deleted": True}, "note deleted"),
        ({"undoes": "first", "deleted": True}, "undone: new note"),
        ({"undoes": "first", "body": "He never called."}, "note edited"),
        ({"undoes": "lost", "deleted": True}, "note deleted"),
        ({"tags": ("release",)}, "tags +release"),
        ({"private": True}, "made private"),
        ({"entry": "arrest"}, "note moved here from call"),
        ({"body": "Who?", "entry": "arrest"}, "note moved here from call, note edited"),
        ({}, "note kept again, unchanged"),
    ],
)
def test_what_a_revision_did_is_told(changed: dict[str, object], words: str) -> None:
    """It follows from what differs from the revision before."""
    assert done(after(_FIRST, **changed), _FIRST) == words


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        ({"days": -1}, "dated 23 Nov 2026 instead of 24 Nov 2026"),
        ({"minutes": 5}, "dated 24 Nov 2026 12:05 instead of 24 Nov 2026 12:00"),
        ({"milliseconds": 5}, "note kept again, unchanged"),
    ],
)
def test_date_is_told_as_far_as_it_differs(delay: dict[str, int], words: str) -> None:
    """On the same day, that is the time."""
    noon = replace(_FIRST, created=dt.datetime(2026, 11, 24, 12).astimezone())
    assert done(after(noon, created=noon.created + dt.timedelta(**delay)), noon) == words


def test_a_chain_of_undoing_is_told_by_its_last_link() -> None:
    """However long a chain somebody made by hand is, it is told in a few words."""
    known = [_FIRST]
    for number in range(1, 3001):
        is_deleted = number % 2 == 1
        known.append(
            after(known[-1], undoes=known[-1].hash, deleted=is_deleted, hash=f"undo {number}")
        )
    assert done(known[1], *known) == "undone: new note"
    assert done(known[-1], *known) == "a change undone"


def test_what_restores_nothing_is_not_called_undone() -> None:
    """Whatever a revision says that it undoes: its own text, or the deletion, is what it did."""
    edited = after(_FIRST, body="Who called first?")
    other = after(edited, undoes=edited.hash, author="eve", body="Nobody called.")
    gone = after(other, undoes=edited.hash, author="eve", deleted=True)
    known = (_FIRST, edited, other, gone)
    assert done(other, *known) == "note edited"
    assert done(gone, *known) == "note deleted"
    assert done(after(other, undoes=edited.hash, body=_FIRST.body), *known) == "undone: note edited"


def test_what_began_a_note_is_told() -> None:
    """A first revision is new, or the verdict that it gives, or a star, or tags."""
    assert done(_FIRST) == "new note"
    verdict = replace(_FIRST, motivation="assessing", value="needs-attention")
    assert done(verdict) == "needs attention"
    assert done(replace(_FIRST, motivation="bookmarking")) == "starred"
    assert done(replace(_FIRST, motivation="tagging", tags=("release",))) == "tags +release"


def test_a_verdict_is_told_by_its_word() -> None:
    """A check that changes its verdict is told by the new one, and its remark is a text."""
    checked = replace(_FIRST, motivation="assessing", value="checked")
    assert done(after(checked, value="to-check"), checked) == "to check again"
    assert done(after(checked, value="wrong", body="22"), checked) == "wrong, text edited"


@pytest.mark.parametrize("value", [None, ""])
def test_check_without_a_verdict_is_to_be_done(value: str | None) -> None:
    """A file may have no verdict, or an empty one: every place that names one says the same."""
    check = replace(_FIRST, motivation="assessing", value=value, body="", given=_MOMENT)
    assert done(check) == "to check again"
    assert done(after(check, body="22"), check) == "text edited"
    assert done(after(check, value="to-check", body="22"), check) == "text edited"
    assert done(after(check, undoes="first", deleted=True), check) == "undone: to check again"
    assert words_on(page_of(check))[1:] == [_FIRST.target.label, "to check again"]
    assert note_in_line(note_of(check.id, [check])) == "to check again"
    assert kind_of(check) == "check: to check again"
    assert Undone(check, (check,)).words == "new check on The call: “to check”"


def test_what_a_note_regains_is_told() -> None:
    """A text after a deletion is back; private no more is told as well."""
    private = replace(_FIRST, private=True)
    gone = after(private, deleted=True)
    assert done(after(gone, deleted=False), gone) == "note brought back"
    assert done(after(private, private=False), private) == "made public"


def test_the_end_of_a_conflict_is_told() -> None:
    """Two texts are joined, or one of them is kept; a deletion beside a text is no text."""
    mine, theirs = after(_FIRST, body="Mine."), after(_FIRST, body="Theirs.", tags=("release",))
    both = [mine, theirs]
    assert done(after(*both, body="Mine.\n\nTheirs."), *both) == "joined two texts"
    assert done(after(*both, body="Theirs."), *both) == "kept one of two texts"
    assert done(after(*both, body="Theirs."), mine) == "joined two texts"
    gone = after(_FIRST, deleted=True)
    assert done(after(mine, gone, body="More."), mine, gone) == "note edited"


def test_tags_of_two_texts_together_are_no_change() -> None:
    """Neither is there one more, nor one fewer; of one that goes it is told."""
    mine, theirs = after(_FIRST, tags=("release",)), after(_FIRST, tags=("office",))
    joined = after(mine, theirs, tags=("release", "office"))
    assert done(joined, mine, theirs) == "kept one of two texts"
    bare = after(mine, theirs, tags=())
    assert done(bare, mine, theirs) == "kept one of two texts, tags -release -office"


def test_many_tags_are_named_in_part() -> None:
    """A revision of two megabytes of tags, and those that undo it, are told in a few words."""
    tags = tuple(f"tag{number}" for number in range(100))
    first = "+tag0 +tag1 +tag2 +tag3 +tag4 +tag5 +tag6 +tag7 +tag8 +tag9 +tag10 +tag11"
    assert done(replace(_FIRST, tags=tags)) == f"new note {first} and 88 more"
    edited = after(_FIRST, tags=tags)
    assert done(edited, _FIRST) == f"tags {first} and 88 more"
    assert done(after(edited, tags=()), edited) == f"tags {first.replace('+', '-')} and 88 more"


def test_what_many_revisions_undo_is_put_in_words_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that was costly to tell costs no more if thousands of revisions name it."""
    edited = after(_FIRST, body="Who called first?")
    undo = after(edited, body=_FIRST.body, undoes=edited.hash)
    undoing = [replace(undo, hash=f"undo {number}") for number in range(50)]
    note = note_of(_FIRST.id, [_FIRST, edited, *undoing])
    told: Counter[str] = Counter()

    def counted(revision: Revision, known: Mapping[str, Revision]) -> tuple[Revision, ...]:
        told[revision.hash] += 1
        return parents_of(revision, known)

    monkeypatch.setattr("casefile.views.revisions.parents_of", counted)
    assert [line.done for line in revision_lines(note)].count("undone: note edited") == 50
    assert [line.done for line in log_lines([note], lambda _: False)][:3] == [
        "new note",
        "note edited",
        "undone: note edited",
    ]
    assert told[edited.hash] <= 2


def test_what_follows_something_unreadable_is_edited() -> None:
    """Nothing is made up about a revision whose parents can't be read, and its page says so."""
    orphan = after(_FIRST, body="More.")
    assert done(orphan) == "note edited, after a missing revision"
    words = words_on(page_of(orphan))
    assert "The revision before this one can’t be read, so its changes are not known." in words


def test_the_newest_revision_is_first_and_both_heads_are_marked() -> None:
    """Of a note that was edited in two places two revisions stand now."""
    mine, theirs = after(_FIRST, body="Mine."), after(_FIRST, body="Theirs.")
    lines = revision_lines(note_of(_FIRST.id, [_FIRST, mine, theirs]))
    assert {line.text for line in lines if line.is_current} == {"Mine.", "Theirs."}
    assert [line.when for line in lines] == ["3 Nov 15:02", "3 Nov 15:02", "3 Nov 14:02"]


def test_revisions_of_several_years_bear_the_year() -> None:
    """A date without a year would be told of two years alike."""
    later = after(_FIRST, modified=_MOMENT.replace(year=2028))
    assert [line.when for line in revision_lines(note_of(_FIRST.id, [_FIRST, later]))] == [
        "3 Nov 2028 14:02",
        "3 Nov 2026 14:02",
    ]


def test_a_page_tells_what_changed() -> None:
    """The whole text stands first, then what differs from the one before, then the rest."""
    edited = after(_FIRST, body="Who called first?", tags=("release",), private=True)
    page = page_of(_FIRST, edited)
    assert page.subtitle == "note edited, tags +release, made private · current"
    assert words_on(page) == [
        "Who called first?",
        "Changed",
        "text: Who called? → Who called first?",
        "tags: + release",
        "private: + true",
        "The call",
        "release",
        "yes",
    ]


def test_what_joins_two_texts_is_told_against_each() -> None:
    """It says whose text and when, as they differ."""
    mine, theirs = after(_FIRST, body="Mine."), after(_FIRST, body="Theirs.", author="msmith")
    joined = after(mine, theirs, body="Mine.\n\nTheirs.")
    words = words_on(page_of(_FIRST, mine, theirs, joined))
    assert "Changed, against jdoe’s of 3 Nov 2026 15:02" in words
    assert "Changed, against msmith’s of 3 Nov 2026 15:02" in words


def test_what_joins_giant_texts_is_told_against_the_first_ones() -> None:
    """A page is there at once, however long the texts are that others joined."""
    texts = [after(_FIRST, body=f"{number} " * 250_000) for number in range(10, 90)]
    joined = after(*texts, body="x " * 250_000)
    words = words_on(page_of(*texts, joined))
    assert sum(one.startswith("Changed, against") for one in words) == 3
    assert "What changed against 77 more texts is not shown." in words


@pytest.mark.parametrize("kind", ["words", "tags"])
def test_what_joins_costly_texts_is_told_within_one_budget(kind: str) -> None:
    """So it is if the texts are short, but take long to compare, or their tags do."""

    def tags(of: int) -> tuple[str, ...]:
        names = (f"{of}-{number}" for number in range(99))
        return tuple(" ".join(f"{name}-{word}" for word in range(20)) for name in names)

    texts = [
        after(_FIRST, body=f"{number}{'甲' * 4900}")
        if kind == "words"
        else after(_FIRST, tags=tags(number))
        for number in range(20)
    ]
    joined = after(*texts, body="甲乙" * 99 + "甲", tags=tags(99) if kind == "tags" else ())
    words = words_on(page_of(*texts, joined))
    count = sum(one.startswith("Changed, against") for one in words)
    assert 0 < count < 20
    assert f"What changed against {20 - count} more texts is not shown." in words


def test_restoring_an_earlier_text_makes_no_note_public(tmp_path: Path) -> None:
    """A text of before the note was private is restored; the note stays private."""
    notebook = Notebook(Places(tmp_path, tmp_path, tmp_path), "demo", "jdoe")
    open_text = notebook.keep_new("call", "open", _FIRST.target)
    notebook.keep_edit(open_text.id, "secret", _FIRST.target, private=True)
    note = notebook.note(open_text.id)
    assert note is not None
    kept = restore(notebook, note, open_text, note.current)
    assert (kept.body, kept.private) == ("open", True)


def test_a_text_that_stands_is_no_other_for_where_the_note_was() -> None:
    """A note that was only moved has nothing to restore."""
    moved = after(_FIRST, entry="arrest")
    note = note_of(_FIRST.id, [_FIRST, moved])
    assert (
        reason_not_restorable(note, _FIRST)
        == "This is the current text already; there is nothing to restore."
    )


# On the screen


def kept_and_edited(desk: Desk) -> Note:
    """Keep a note on the tip, and another text of it."""
    notebook = desk.notebook()
    open_case = desk.lay_open()
    tip = note_target(open_case, "tip", open_case.title("tip"))
    first = notebook.keep_new("tip", "Where from? “Obtained”, it says.", tip)
    notebook.keep_edit(first.id, "Where from?\nAsk the office.", tip, tags=["release"])
    return desk.notebook().notes[0]


def full(*_arguments: object, **_options: object) -> None:
    """Fail as a full disk does."""
    raise SaveError("no space left on device")


def history(reader: Reader) -> RevisionsScreen:
    """Return the screen that lies over the case."""
    assert isinstance(reader.app.screen, RevisionsScreen)
    return reader.app.screen


def dialog_text(reader: Reader) -> str:
    """Return the text of the history, without the page that is seen around it."""
    dialog = history(reader).children[0].region
    lines = reader.text.splitlines()[dialog.y : dialog.bottom]
    return "\n".join(line[dialog.x : dialog.right] for line in lines)


async def test_the_history_of_a_note(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Above, each revision on a line, newest first; below, all of the selected one."""
    kept_and_edited(desk)
    async with desk.open() as reader:
        await reader.press("j", "H")
        assert reader.text == screen_snapshot


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_text_below_follows_the_cursor(desk: Desk, size: tuple[int, int]) -> None:
    """At any size the whole text of the selected revision is there, and Esc changes nothing."""
    kept_and_edited(desk)
    async with desk.open(size=size) as reader:
        await reader.press("j", "H")
        assert "Ask the office." in dialog_text(reader)
        await reader.press("j")
        assert "Ask the office." not in dialog_text(reader)
        assert "Where from? “Obtained”, it says." in dialog_text(reader)
        await reader.press("escape")
        assert reader.app.screen is reader.screen
    assert len(desk.notebook().notes[0].history) == 2


async def test_an_earlier_text_is_restored_and_taken_back(desk: Desk) -> None:
    """Restoring adds a revision after those that stand, the page follows, and `u` undoes it."""
    before = kept_and_edited(desk)
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("j", "H", "j", "enter")
        assert reader.message == "Restored the text of 24 Nov 2026 03:01; u takes it back."
        assert "“Obtained”, it says." in reader.text
        (note,) = desk.notebook().notes
        assert note.current.body == "Where from? “Obtained”, it says."
        assert note.current.tags == ()
        assert note.current.parents == (before.current.hash,)
        assert note.history[:2] == before.history
        await reader.press("u")
    (note,) = desk.notebook().notes
    assert note.current.body == "Where from?\nAsk the office."


async def test_what_stands_is_not_restored(desk: Desk) -> None:
    """It says so, the history stays open, and nothing is kept."""
    before = kept_and_edited(desk)
    async with desk.open() as reader:
        await reader.press("j", "H", "enter")
        assert "This is the current text already; there is nothing to restore." in reader.text
        assert history(reader)
        await reader.press("j")
        assert "Enter restores" in reader.text
    assert desk.notebook().notes == (before,)


async def test_enter_in_the_text_restores_too(desk: Desk) -> None:
    """Tab goes down into the text and back, and Enter means the same in both."""
    kept_and_edited(desk)
    async with desk.open() as reader:
        await reader.press("j", "H", "j", "tab", "j", "j")
        assert history(reader).query_one(RevisionList).cursor == 1
        await reader.press("tab", "k", "j", "tab", "enter")
        assert reader.message.startswith("Restored the text of")


async def test_a_note_that_was_deleted_is_seen_and_restored(desk: Desk) -> None:
    """Where the only note is deleted `H` opens it; the deletion itself is no text."""
    deleted = kept_and_edited(desk)
    desk.notebook().delete(deleted.id)
    async with desk.open() as reader:
        await reader.press("j", "H")
        assert "The note was deleted here." in reader.text
        await reader.press("enter")
        assert "A deletion has no text to restore; choose another revision." in reader.text
        await reader.press("j", "enter")
        assert reader.message.startswith("Restored the text of 24 Nov 2026 03:02")
    (note,) = desk.notebook().on("tip")
    assert note.current.body == "Where from?\nAsk the office."


async def test_a_deleted_note_is_offered_beside_others(desk: Desk) -> None:
    """Where several notes could be meant, the deleted one is marked as that."""
    kept = kept_and_edited(desk)
    notebook = desk.notebook()
    notebook.keep_new("tip", "Another.", kept.current.target)
    notebook.delete(kept.id)
    async with desk.open() as reader:
        await reader.press("j", "e")
        assert reader.is_writing
        await reader.press("escape", "H")
        assert "History of which note?" in reader.text
        assert "deleted 24 Nov" in reader.text


async def test_without_any_note_it_is_said(desk: Desk) -> None:
    """Where there never was a note there is no history."""
    async with desk.open() as reader:
        await reader.press("H")
        assert reader.message == "There is no note here · press a to write one"


async def test_a_text_that_cant_be_restored_is_said_to_be_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, and the note says what it said."""
    before = kept_and_edited(desk)
    monkeypatch.setattr(Notebook, "keep_edit", full)
    async with desk.open() as reader:
        await reader.press("j", "H", "j", "enter")
        assert reader.message == "Not restored: no space left on device"
    assert desk.notebook().notes == (before,)


async def test_what_was_written_meanwhile_stays(desk: Desk) -> None:
    """Another's text that the reader has not seen is not taken for replaced: both stand."""
    before = kept_and_edited(desk)
    async with desk.open() as reader:
        await reader.press("j", "H", "j")
        desk.notebook().keep_edit(before.id, "Theirs.", before.current.target)
        reader.screen.open_case.notebook.refresh(thorough=True)
        await reader.press("enter")
    (note,) = desk.notebook().notes
    assert {head.body for head in note.heads} == {"Theirs.", "Where from? “Obtained”, it says."}


@pytest.mark.parametrize(("keys", "kept"), [(["enter"], "Theirs."), (["j", "enter"], "Mine.")])
async def test_one_of_two_texts_ends_a_conflict(desk: Desk, keys: list[str], kept: str) -> None:
    """Both stand, so either can be restored, and then stands alone."""
    before = kept_and_edited(desk)
    for words in ("Mine.", "Theirs."):
        desk.notebook().keep_edit(
            before.id, words, before.current.target, parents=[before.current.hash]
        )
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("j", "H")
        assert "one of two current texts" in reader.text
        await reader.press(*keys)
    (note,) = desk.notebook().notes
    assert [head.body for head in note.heads] == [kept]
