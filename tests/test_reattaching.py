"""Notes whose entries have gone: what they remember, and moving them to another entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from screens import Desk, Reader

from casefile.notes.annotation import SaveError
from casefile.notes.clock import Clock
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.views import note_moving
from casefile.views.entry_page import page_of_entry
from casefile.views.note_sections import remembered_row
from casefile.views.note_targets import note_target, text_here
from casefile.views.page import Destination

_CALL = """
[[event]]
id = "call"
title = "The call to the watch officer"
date = "2018-01-03"
by = "officer"
involved = [{ party = "clerk", role = "called" }]
cites = [{ source = "press", at = "para 4", quote = "shortly after nine" }]
text = "It lasted a minute."
"""
_PARTIES = """
[[party]]
id = "officer"
name = "An officer"
type = "Person"
[[party]]
id = "clerk"
name = "A clerk"
type = "Person"
"""
_OTHERS = """
[[event]]
id = "arrest"
title = "Arrests at the harbour"
date = "2018-02-11"
[[claim]]
id = "figure"
statement = "Forty were arrested"
"""


def note_on_call(
    desk: Desk, path: Path, words: str = "Who called?", about: str | None = None
) -> Note:
    """Keep a note on the call, or on a field of it."""
    open_case = desk.lay_open(path)
    target = note_target(open_case, "call", open_case.title("call"), about)
    kept = open_case.notebook.keep_new("call", words, target)
    note = open_case.notebook.note(kept.id)
    assert note is not None
    return note


def likeliest(desk: Desk, rows: str) -> Sequence[str]:
    """Return where a note on the call may belong once these are the rows of the case."""
    note = note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    return note_moving.likely_entries(desk.lay_open(desk.write_case(rows)), note)


def event(entry_id: str, title: str, more: str = "") -> str:
    """Return the row of an event."""
    return f'[[event]]\nid = "{entry_id}"\ntitle = "{title}"\n{more}\n'


# The likeliest


def test_the_same_under_another_id_is_likeliest(desk: Desk) -> None:
    """However much alike others are, by their ids too, the row that says the same comes first."""
    nearly = _CALL.replace("a minute", "a minute, a minute").replace('"call"', '"call-2"')
    same = _CALL.replace('"call"', '"phone"')
    assert likeliest(desk, _OTHERS + nearly + same + _PARTIES)[:2] == ["phone", "call-2"]


def test_what_has_most_in_common_comes_first(desk: Desk) -> None:
    """Words under the same keys count, and so do the id and the title."""
    rows = [
        event("wind", "A storm"),
        event("alarm", "The call to the fire brigade"),
        event("report", "The call to the watch officer, reported"),
        event("call-1", "A call"),
    ]
    found = [one for one in likeliest(desk, "".join(rows)) if one not in ("demo", "press")]
    assert found == ["report", "alarm", "call-1", "wind"]


def test_identical_title_comes_before_more_words_in_common(desk: Desk) -> None:
    """Without a row nothing else tells, and a long entry has few of its words in common."""
    path = desk.write_case(_CALL)
    note = note_on_call(desk, path)
    bare = replace(note.current, target=replace(note.current.target, snapshot=""))
    note = replace(note, heads=(bare,), history=(bare,))
    text = " ".join(f"word{number}" for number in range(80))
    rows = event("memo", "The call to the officer") + event(
        "phone", "The call to the watch officer", f'text = "{text}"'
    )
    others = [event(f"e{number}", "The call to the watch officer 2") for number in range(300)]
    for before in ("", "".join(others)):
        found = note_moving.likely_entries(desk.lay_open(desk.write_case(before + rows)), note)
        assert found[0] == "phone"


def test_the_same_parties_and_places_count(desk: Desk) -> None:
    """Where the words are others, those named and the place cited tell the entry."""
    cites = 'by = "officer"\ncites = [{ source = "press", at = "para 4" }]'
    rows = event("one", "Somebody speaks") + event("two", "Somebody speaks", cites)
    assert likeliest(desk, rows + _PARTIES)[0] == "two"


def test_the_same_table_is_preferred(desk: Desk) -> None:
    """Of two that say the same the one whose table may have held the row is likelier."""
    source = '[[source]]\nid = "a"\ntitle = "The call to the watch officer"\n'
    found = likeliest(desk, source + event("b", "The call to the watch officer"))
    assert found[:2] == ["b", "a"]


def test_equals_stand_in_the_order_of_the_file(desk: Desk) -> None:
    """Nothing but their places tells them apart."""
    rows = event("b", "A storm") + event("a", "A storm")
    found = [one for one in likeliest(desk, rows) if one in ("a", "b")]
    assert found == ["b", "a"]


def test_all_entries_are_offered_but_the_one_that_it_is_on(desk: Desk) -> None:
    """A note that is no orphan can be moved too, to everything else."""
    assert set(likeliest(desk, _CALL + _PARTIES + _OTHERS)) == {
        "demo", "press", "officer", "clerk", "arrest", "figure",
    }  # fmt: skip


def test_among_thousands_the_likeliest_is_found(desk: Desk) -> None:
    """A quick look at all comes before the long one at a few."""
    many = "".join(event(f"e{number}", f"Shipment {number}") for number in range(2000))
    found = likeliest(desk, many + _CALL.replace('"call"', '"phone"') + _PARTIES)
    assert found[0] == "phone"
    assert len(found) == 2005


def test_without_a_snapshot_the_title_tells(desk: Desk) -> None:
    """What a note remembers may be unreadable, or nothing but the title."""
    path = desk.write_case(_CALL + _PARTIES)
    note = note_on_call(desk, path)
    damaged = replace(note.current, target=replace(note.current.target, snapshot='{"a":"\\ud800"}'))
    note = replace(note, heads=(damaged,), history=(damaged,))
    rows = event("a", "A storm") + event("b", "The call to the watch officer")
    assert note_moving.likely_entries(desk.lay_open(desk.write_case(rows)), note)[0] == "b"


# The move


def test_a_moved_note_is_as_it_was_but_for_its_entry(desk: Desk) -> None:
    """It is a revision after all that stand, on the new entry as that is now.

    It still tells what it cited.
    """
    note = note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    open_case = desk.lay_open(desk.write_case(_OTHERS))
    moved = note_moving.move_note(open_case, note, "arrest")
    assert (moved.entry, moved.body, moved.parents) == (
        "arrest",
        "Who called?",
        (note.current.hash,),
    )
    target = note_target(open_case, "arrest", "Arrests at the harbour")
    assert moved.target == replace(target, cited=("press",))


def test_both_texts_of_a_conflict_move(desk: Desk) -> None:
    """Neither is lost on the way: they are joined as `e` would join them."""
    path = desk.write_case(_CALL + _PARTIES + _OTHERS)
    first = note_on_call(desk, path).current
    for words in ("Mine.", "Theirs."):
        desk.notebook("demo").keep_edit(first.id, words, first.target, parents=[first.hash])
    open_case = desk.lay_open(path)
    moved = note_moving.move_note(open_case, open_case.notebook.notes[0], "arrest")
    assert moved.body == "Mine.\n\nTheirs."
    assert len(moved.parents) == 2


def test_a_verdict_does_not_count_for_what_was_never_checked(desk: Desk) -> None:
    """Moved to another entry it remembers the one that was checked, and so is out of date."""
    path = desk.write_case(_CALL + _PARTIES + _OTHERS)
    open_case = desk.lay_open(path)
    checked = note_target(open_case, "call", "The call")
    verdict = open_case.notebook.assess("call", "checked", checked)
    note = open_case.notebook.note(verdict.id)
    assert note is not None
    moved = note_moving.move_note(open_case, note, "arrest")
    assert moved.target.digest == checked.digest
    assert (moved.value, moved.target.label) == ("checked", "Arrests at the harbour")


def test_verdict_does_not_count_once_what_it_was_moved_to_has_gone(desk: Desk) -> None:
    """It was given on another entry, whose row is not shown as that of the one that has gone."""
    open_case = desk.lay_open(desk.write_case(_CALL + _PARTIES + _OTHERS))
    book = open_case.notebook
    book.assess("call", "checked", note_target(open_case, "call", "The call"))
    (note,) = book.notes
    note_moving.move_note(open_case, note, "arrest")
    open_case = desk.lay_open(desk.write_case(_CALL + _PARTIES))
    check = open_case.checks.own("arrest")
    assert check is not None
    assert check.applying_verdict is None
    assert remembered_row(open_case.notebook, "arrest", open_case.notebook.notes) == {}


# What is remembered


def test_the_page_of_what_has_gone_shows_it_as_it_was(desk: Desk) -> None:
    """Field by field, in words, before the notes themselves."""
    path = desk.write_case(_CALL + _PARTIES)
    note_on_call(desk, path)
    page = page_of_entry(desk.lay_open(desk.write_case(_PARTIES)), "call")
    told = [(one.label, [item.text for item in one.items]) for one in page.sections]
    assert told[1:8] == [
        ("", ["As it was when the note was written"]),
        ("", ["It lasted a minute."]),
        ("When", ["2018-01-03"]),
        ("By", ["officer"]),
        ("Involved", ["clerk (role: called)"]),
        ("Title", ["The call to the watch officer"]),
        ("Cited", ["press, para 4, “shortly after nine”"]),
    ]


def test_a_note_edited_after_its_entry_had_gone_hides_nothing(desk: Desk) -> None:
    """An edit that could see no row leaves what an earlier revision remembers."""
    note = note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    open_case = desk.lay_open(desk.write_case(_PARTIES))
    gone = note_target(open_case, "call", "The call")
    book = open_case.notebook
    book.keep_edit(note.id, "Who?", gone)
    assert remembered_row(book, "call", book.notes)["date"] == "2018-01-03"


def test_what_was_seen_last_is_remembered(desk: Desk) -> None:
    """Of a row that changed while notes were written, it is the later state."""
    note = note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    open_case = desk.lay_open(desk.write_case(_CALL.replace("01-03", "01-04") + _PARTIES))
    later = note_target(open_case, "call", "The call")
    book = open_case.notebook
    book.keep_edit(note.id, "Who?", later)
    assert remembered_row(book, "call", book.notes)["date"] == "2018-01-04"


@pytest.mark.parametrize("who", ["another", "the reader by a wrong clock"])
def test_what_has_gone_is_shown_as_the_reader_saw_it(desk: Desk, who: str) -> None:
    """Neither another reader nor a date of 2038 decides what it was, or was called."""
    rows = desk.write_case(_CALL.replace("a minute", "an hour").replace("The call", "The fraud"))
    open_case = desk.lay_open(rows)
    notebook = open_case.notebook
    notebook.clock = Clock(lambda: dt.datetime(2038, 1, 19, tzinfo=dt.UTC))
    notebook.author = "eve" if who == "another" else notebook.author
    target = note_target(open_case, "call", open_case.title("call"))
    notebook.keep_new("call", "Seen.", target)
    note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    if who == "another":
        notebook.clock = Clock(lambda: dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
        notebook.keep_new("call", "Seen.", target)
    page = page_of_entry(desk.lay_open(desk.write_case(_PARTIES)), "call")
    assert page.title == "The call to the watch officer"
    texts = [item.text for one in page.sections for item in one.items]
    assert "It lasted a minute." in texts
    assert "It lasted an hour." not in texts


# On the screen


async def open_notes(reader: Reader) -> None:
    """Open the Notes pane, where the note on the call is the only one."""
    while reader.pane != "Notes":
        await reader.press("right_square_bracket")


def case_without_call(desk: Desk) -> Path:
    """Write a case from which the call has gone, with a note that is on it."""
    note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    return desk.write_case(_OTHERS + _CALL.replace('"call"', '"phone"') + _PARTIES)


async def test_an_orphan_is_moved_and_taken_back(desk: Desk) -> None:
    """The likeliest entry is under the cursor; Enter goes there, to the note; `u` undoes it."""
    path = case_without_call(desk)
    async with desk.open(path, size=(120, 40)) as reader:
        await open_notes(reader)
        assert "no longer in the case file" in reader.text
        await reader.press("m")
        assert "Move the note to" in reader.text
        await reader.press("enter")
        assert reader.message == "Moved to “The call to the watch officer”; u takes it back."
        assert (reader.pane, reader.entry) == ("Timeline", "phone")
        assert reader.stop == "notes"
        assert "no longer in the case file" not in reader.text
        await reader.press("u")
        assert [note.current.entry for note in desk.notebook("demo").notes] == ["call"]


async def test_typing_narrows_the_entries(desk: Desk) -> None:
    """Words and ids find an entry as they do under the colon."""
    async with desk.open(case_without_call(desk), size=(120, 40)) as reader:
        await open_notes(reader)
        await reader.press("tab", "m")
        await reader.type("harb")
        await reader.press("enter")
        assert reader.entry == "arrest"
    (note,) = desk.notebook("demo").on("arrest")
    assert note.current.body == "Who called?"


async def test_a_note_that_is_no_orphan_is_moved_too(desk: Desk) -> None:
    """The same key works on any page; the entry that the note is on is not offered."""
    path = desk.write_case(_CALL + _PARTIES + _OTHERS)
    note_on_call(desk, path)
    async with desk.open(path) as reader:
        await reader.press("m")
        await reader.type("call")
        assert "Nothing matches." in reader.text
        await reader.press(*["backspace"] * 4, *"figure", "enter")
        assert (reader.pane, reader.entry) == ("Claims", "figure")
        assert "Who called?" in reader.text


async def test_note_that_is_moved_while_it_is_edited_stays_moved(desk: Desk) -> None:
    """The text that is open is kept on the new entry, in no conflict with the move."""
    path = desk.write_case(_CALL + _PARTIES + _OTHERS)
    note_on_call(desk, path)
    async with desk.open(path) as reader:
        await reader.press("e", *" Ask.", "escape", "m")
        await reader.type("arrest")
        await reader.press("enter", "ctrl+s")
    (note,) = desk.notebook("demo").notes
    assert [(head.entry, head.body) for head in note.heads] == [("arrest", "Who called? Ask.")]
    assert note.current.target.label == "Arrests at the harbour"


async def test_unchanged_text_of_a_note_that_is_moved_is_not_kept_again(desk: Desk) -> None:
    """The field that the note was about is none of the new entry, also for the open text."""
    path = desk.write_case(_CALL + _PARTIES + _OTHERS)
    note_on_call(desk, path, about="date")
    async with desk.open(path) as reader:
        await reader.press("e", "x", "backspace", "escape", "m")
        await reader.type("arrest")
        await reader.press("enter", "ctrl+s")
    (note,) = desk.notebook("demo").notes
    assert [one.target.field for one in note.history] == ["date", None]


async def test_leaving_the_choice_moves_nothing(desk: Desk) -> None:
    """Esc closes it, and the note is where it was."""
    async with desk.open(case_without_call(desk)) as reader:
        await open_notes(reader)
        await reader.press("m", "escape")
        assert reader.pane == "Notes"
    assert len(desk.notebook("demo").notes[0].history) == 1


async def test_a_note_that_cant_be_moved_is_said_to_be_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, and the note stays where it is."""

    def full(*_arguments: object, **_options: object) -> None:
        raise SaveError("no space left on device")

    path = case_without_call(desk)
    monkeypatch.setattr(Notebook, "keep_edit", full)
    async with desk.open(path) as reader:
        await open_notes(reader)
        await reader.press("m", "enter")
        assert reader.message == "Not moved: no space left on device"
        assert reader.pane == "Notes"


def in_two_places(desk: Desk, *, last: str) -> None:
    """Move a note to an entry that is there in one place, and edit it on one that has gone."""
    note = note_on_call(desk, desk.write_case(_CALL + _PARTIES))
    book = desk.notebook("demo")
    for entry in ("phone", "call") if last == "call" else ("call", "phone"):
        target = replace(note.current.target, label=f"The {entry}")
        body = f"Edited on {entry}."
        book.keep_edit(note.id, body, target, parents=note.head_hashes, entry=entry)
    desk.write_case(_CALL.replace('"call"', '"phone"') + _PARTIES)


@pytest.mark.parametrize("last", ["call", "phone"])
@pytest.mark.parametrize("keys", [("e", "!", "ctrl+s"), ("H", "enter")])
async def test_note_on_two_entries_stays_on_the_one_on_whose_page_it_is_edited(
    desk: Desk, last: str, keys: Sequence[str]
) -> None:
    """Whichever text is the last; one of the entries has gone."""
    in_two_places(desk, last=last)
    async with desk.open(desk.folder / "demo.toml", size=(100, 40)) as reader:
        reader.screen.go_to(Destination("phone"))
        await reader.settle()
        await reader.press(*keys)
    (note,) = desk.notebook("demo").notes
    assert note.entries == {"phone"}


@pytest.mark.parametrize("last", ["call", "phone"])
def test_note_is_edited_on_an_entry_that_is_there(desk: Desk, last: str) -> None:
    """If it is chosen elsewhere than on the page of one of its entries."""
    in_two_places(desk, last=last)
    open_case = desk.lay_open(desk.folder / "demo.toml")
    (note,) = open_case.notebook.notes
    assert text_here(open_case, note, "officer").entry == "phone"
    assert text_here(open_case, note, "call").entry == "call"
