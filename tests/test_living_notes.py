"""Notes that come while the case is read: from another terminal, and many at the start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any

import pytest
from noted_case import leave_draft
from screens import Desk, Reader, key_event
from textual.app import App
from textual.widgets import Input

from casefile.background import run_to_end
from casefile.case.reader import read_case
from casefile.library import BUNDLED
from casefile.notes.annotation import Revision, target_of
from casefile.notes.drafts import DraftFolder
from casefile.notes.notebook import Notebook
from casefile.tui import watcher
from casefile.tui.case_screen import CaseScreen
from casefile.tui.job import run_in_background
from casefile.tui.note_panel import NotePanel
from casefile.tui.reading_area import ReadingArea
from casefile.views import entry_notes
from casefile.views.note_targets import note_target

FIRST = "export"
MANY = 60


@pytest.fixture(autouse=True)
def _looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "WATCH_SECONDS", 0.02)


def elsewhere(desk: Desk) -> Notebook:
    """Return the same notes as another terminal has them."""
    notebook = Notebook(desk.places, BUNDLED, "jdoe")
    notebook.refresh()
    return notebook


def kept_elsewhere(desk: Desk, body: str = "Named Ana.") -> Revision:
    """Keep a note on the first entry in another terminal."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    return elsewhere(desk).keep_new(FIRST, body, target)


async def seen(reader: Reader, words: str) -> bool:
    """Return whether words come up within some seconds, without a key."""
    for _ in range(200):
        if words in reader.text:
            return True
        await reader.wait(0.02)
    return False


async def test_what_another_terminal_keeps_appears_without_a_key(desk: Desk) -> None:
    """A note, a check and a deletion made elsewhere are seen here; the reader stays in place."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("tab", "j", "j")
        line = reader.line
        other = elsewhere(desk)
        kept = other.keep_new(FIRST, "From the other terminal.", target)
        other.assess(FIRST, "checked", target)
        assert await seen(reader, "✓✎1│")
        assert "From the other terminal." in reader.text
        assert "you: 1/80 checked, 1 note" in reader.text
        assert reader.line == line
        assert reader.screen.detail.has_focus
        other.delete(kept.id)
        assert await seen(reader, "✓│")


async def test_what_is_being_typed_is_not_disturbed(desk: Desk) -> None:
    """While a note is typed here, one that comes from elsewhere leaves text and focus alone."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Half a ")
        kept_elsewhere(desk, "Elsewhere.")
        assert await seen(reader, "✎1│")
        await reader.type("thought.")
        await reader.press("ctrl+s")
    texts = [note.current.body for note in desk.notebook().on(FIRST)]
    assert sorted(texts) == ["Elsewhere.", "Half a thought."]


@pytest.mark.parametrize("typed", ["", " And more."])
async def test_note_that_is_forgotten_elsewhere_is_not_written_again(
    desk: Desk, typed: str
) -> None:
    """An editor in which nothing was typed is closed; one with more says how to drop the text."""
    note = kept_elsewhere(desk)
    async with desk.open() as reader:
        await reader.press("e")
        await reader.type(typed)
        await reader.wait(0.5)
        assert desk.forget(note.id).in_use == bool(typed)
        if typed:
            assert await seen(reader, "delete the text here too, or a draft remains")
            await reader.press(*["backspace"] * len("Named Ana. And more."), "escape")
        else:
            assert await seen(reader, "was removed, so the editor is closed")
            assert reader.stop == "list"
    found = DraftFolder(desk.places, BUNDLED).read_all()
    assert (found.waiting, found.in_use, desk.notebook().notes) == ((), (), ())


async def test_note_that_is_forgotten_elsewhere_leaves_the_focus_where_the_reader_is(
    desk: Desk,
) -> None:
    """Its editor is closed without a word being lost that is typed in a search."""
    note = kept_elsewhere(desk)
    async with desk.open() as reader:
        await reader.press("enter", "e", "escape", "shift+tab", "slash", *"sup")
        desk.forget(note.id)
        await reader.until(lambda: not reader.is_writing)
        await reader.press(*"plier")
        assert reader.screen.query_one(Input).value == "supplier"


async def test_pass_stays_at_an_entry_of_which_the_verdict_is_forgotten_elsewhere(
    desk: Desk,
) -> None:
    """It is no longer checked; and what is being typed there goes on."""
    async with desk.open() as reader:
        await reader.press("V", "w", "tab", "slash", *"sup")
        entry = reader.entry
        (note,) = elsewhere(desk).notes
        desk.forget(note.id)
        await reader.until(lambda: not reader.is_writing)
        await reader.press(*"plier")
        assert (reader.screen.query_one(Input).value, reader.entry) == ("supplier", entry)


@pytest.mark.parametrize("typed", ["", "Ana said so."])
async def test_reply_to_note_that_is_forgotten_elsewhere_is_told_of(desk: Desk, typed: str) -> None:
    """An empty reply is closed; of one with words, both terminals say that it stays."""
    note = kept_elsewhere(desk)
    async with desk.open() as reader:
        await reader.press("r")
        await reader.type(typed)
        await reader.wait(0.5)
        drafts = [one.what for one in desk.forget(note.id).stays]
        if typed:
            what = "a draft of a reply to it, which an editor has open and would write again"
            assert drafts == [what]
            assert await seen(reader, "delete the text here too, or a draft remains")
        else:
            assert drafts == []
            assert await seen(reader, "was removed, so the editor is closed")
            assert not reader.is_writing


async def test_pane_is_chosen_by_its_name_though_another_comes_before_it(desk: Desk) -> None:
    """The pane of notes comes or goes while one after it stands in the palette."""
    async with desk.open() as reader:
        await reader.press("colon", *"case")
        note = kept_elsewhere(desk)
        assert await seen(reader, "you: 1 note")
        await reader.press("enter")
        assert reader.pane == "Case"
        await reader.press("colon", *"case")
        desk.forget(note.id)
        await reader.until(lambda: not reader.session.open_case.notebook.notes)
        await reader.press("enter")
        assert reader.pane == "Case"


async def test_chosen_note_may_be_gone(desk: Desk) -> None:
    """One of several notes that is forgotten elsewhere while it stands in the dialog."""
    note, _ = (kept_elsewhere(desk, words) for words in ("Named Ana.", "Named Bo."))
    async with desk.open() as reader:
        await reader.press("D", *"ana")
        desk.forget(note.id)
        await reader.until(lambda: len(reader.session.open_case.notebook.notes) == 1)
        await reader.press("enter")
        assert reader.message == "The note is no longer there."


async def read_again_and_verify(reader: Reader) -> None:
    """Read the case again and begin the pass, with what stands in the editor."""
    await reader.press("escape", "R")
    await reader.until(lambda: reader.message.startswith("Read again"))
    await reader.press("V")
    assert reader.is_verifying
    assert reader.is_writing


async def test_text_that_was_typed_outlives_its_note_whatever_is_read_again(desk: Desk) -> None:
    """It is known to be a draft in the case as it was read again, and on another screen."""
    note = kept_elsewhere(desk)
    async with desk.open() as reader:
        await reader.press("e")
        await reader.type(" And more.")
        await read_again_and_verify(reader)
        desk.forget(note.id)
        assert await seen(reader, "delete the text here too, or a draft remains")
        assert reader.panel is not None
        assert reader.panel.text == "Named Ana. And more."


async def test_draft_that_was_removed_is_written_again_whatever_is_read_again(desk: Desk) -> None:
    """As by somebody who tidies up; the text stands in the editor, and is saved on quitting."""
    async with desk.open() as reader:
        await reader.press("a", *"typed")
        await read_again_and_verify(reader)
        for file in desk.places.drafts(BUNDLED).glob("*.toml"):
            file.unlink()
        await reader.press("ctrl+q")
    (draft,) = DraftFolder(desk.places, BUNDLED).read_all().in_use
    assert draft.body == "typed"


async def test_unchanged_text_is_no_second_one_beside_that_of_another_terminal(desk: Desk) -> None:
    """Nothing was typed here, so the text that was written meanwhile stands alone."""
    note = kept_elsewhere(desk, "Begun.")
    async with desk.open(size=(120, 60)) as reader:
        await reader.press("e")
        elsewhere(desk).keep_edit(note.id, "Begun. There.", note.target)
        assert await seen(reader, "Begun. There.")
        await reader.press("ctrl+s")
    (kept,) = desk.notebook().on(FIRST)
    assert [head.body for head in kept.heads] == ["Begun. There."]


async def test_a_note_edited_in_two_terminals_stands_twice_until_one_text_is_kept(
    desk: Desk,
) -> None:
    """Both texts are shown side by side; keeping one text of the two ends it."""
    note = kept_elsewhere(desk, "Begun.")
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("e")
        await reader.type(" Here.")
        elsewhere(desk).keep_edit(note.id, "Begun. There.", note.target)
        await reader.press("ctrl+s")
        assert await seen(reader, "Edited in two places")
        assert "Begun. Here." in reader.text
        assert "Begun. There." in reader.text
        await reader.press("e", "ctrl+s")
        assert "Edited in two places" not in reader.text
    (joined,) = desk.notebook().on(FIRST)
    assert not joined.conflict


async def test_many_notes_are_read_while_the_case_is_there_already(desk: Desk) -> None:
    """The case is on the screen at once and keys work; the notes come as soon as they are read."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    open_case = desk.opener.open_reading(read_case(desk.lay_open().case_file.path))
    assert not open_case.notebook.is_complete
    assert entry_notes.note_counts_in_words(open_case) == "reading your notes…"
    steps = open_case.notebook.refresh_in_steps()
    next(steps)
    assert open_case.notebook.notes == ()
    # What is kept meanwhile is neither lost nor read twice.
    open_case.notebook.keep_new(FIRST, "Meanwhile.", target)
    run_to_end(steps)
    assert open_case.notebook.is_complete
    assert len(open_case.notebook.notes) == MANY + 1


async def test_a_case_with_many_notes_ends_up_with_all_of_them(desk: Desk) -> None:
    """The screen reads to the end what the start has left."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    async with desk.open(is_early=True) as reader:
        # Of the reader or of others: early, the reader has the login name.
        assert await seen(reader, f": {MANY} notes")


@pytest.fixture
def read_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Hold the reading of notes until the function that this returns is called."""
    may_go_on = asyncio.Event()

    async def held(steps: Generator[float, None, bool], app: App[Any]) -> bool:
        await may_go_on.wait()
        return await run_in_background(steps, app)

    monkeypatch.setattr(watcher, "run_in_background", held)
    return may_go_on.set


async def test_keys_that_need_other_notes_wait_until_these_are_read(
    desk: Desk, read_on: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They say why nothing is done; a new note is kept meanwhile, and pressed again they work."""
    monkeypatch.setenv("LOGNAME", "jdoe")
    notebook = elsewhere(desk)
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    notebook.tag(FIRST, ["release"], target)
    notebook.star(FIRST, target)
    for number in range(MANY):
        notebook.keep_new("tip", f"Note {number}.", target)
    async with desk.open(is_early=True, size=(120, 40)) as reader:
        for keys in (["t", *"date", "enter"], ["asterisk"], ["v", "c"]):
            await reader.press(*keys)
            assert reader.message == "Not saved: your notes are still being read"
        await reader.press("e")
        assert reader.message == "Not now: your notes are still being read"
        await reader.press("a", *"New.", "ctrl+s")
        read_on()
        assert await seen(reader, f"you: {MANY + 1} notes")
        await reader.press("t", *"date", "enter", "asterisk", "v", "c")
    after = desk.notebook()
    tags, star = after.own(FIRST, "tagging"), after.own(FIRST, "bookmarking")
    assert tags is not None
    assert star is not None
    assert (tags.current.tags, star.deleted) == (("release", "date"), True)
    assert sum(note.current.motivation == "tagging" for note in after.notes) == 1


async def test_unfinished_note_is_offered_once_all_notes_are_read(
    desk: Desk, read_on: Callable[[], None]
) -> None:
    """A reply is private if the note has become so; only then is it known what the note is."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    notebook, drafts = elsewhere(desk), DraftFolder(desk.places, BUNDLED)
    note = notebook.keep_new(FIRST, "Named Ana.", target)
    draft = drafts.begin(
        FIRST, "Supplier", body="Ana again.", motivation="replying", reply_to=note.id
    )
    drafts.write(draft)
    notebook.make_private(note.id, private=True)
    for number in range(MANY):
        notebook.keep_new("tip", f"Note {number}.", target)
    async with desk.open(is_early=True, size=(120, 40)) as reader:
        assert not reader.is_writing
        read_on()
        await reader.until(lambda: reader.is_writing)
        assert "Reply to jdoe on" in reader.text
        await reader.press("shift+tab", "ctrl+s")
    (reply,) = (one for one in desk.notebook().notes if one.current.reply_to)
    assert reply.private


@pytest.mark.parametrize("keys", [["j"], ["v"], ["t"]])
async def test_unfinished_note_moves_no_page_on_which_a_key_was_pressed(
    desk: Desk, read_on: Callable[[], None], keys: list[str]
) -> None:
    """It is told of and waits: the next key is meant for the entry that is there."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    leave_draft(desk, "hsi")
    async with desk.open(is_early=True) as reader:
        await reader.press(*keys)
        entry = reader.entry
        read_on()
        await reader.until(lambda: reader.session.open_case.notebook.is_complete)
        await reader.settle()
        assert (reader.entry, reader.is_writing) == (entry, False)
        assert reader.message == "Unfinished notes: 1 · the Notes pane lists them"


async def test_notes_are_read_though_another_screen_comes_before_the_first_paint(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen of the case is not drawn then, and what waits for that is not called."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    monkeypatch.setattr(CaseScreen, "_on_timer_update", lambda _: None)
    async with desk.open(is_early=True) as reader:
        await reader.until(lambda: reader.session.open_case.notebook.is_complete)


async def test_unfinished_note_is_told_of_in_the_pass_that_was_opened_first(
    desk: Desk, read_on: Callable[[], None]
) -> None:
    """The screen beneath says nothing that nobody would see."""
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target_of("Supplier", {}))
    leave_draft(desk, FIRST)
    async with desk.open(is_early=True) as reader:
        await reader.press("V")
        read_on()
        assert await seen(reader, "Unfinished notes: 1 · the Notes pane lists them")
        assert (reader.is_verifying, reader.is_writing) == (True, False)


async def test_unfinished_note_that_is_opening_goes_along_to_the_pass(
    desk: Desk, read_on: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """V waits until it is open: no second editor has the same draft beneath the pass."""
    may_open, add_panel = asyncio.Event(), ReadingArea.add_panel

    async def slowly(area: ReadingArea, panel: NotePanel) -> None:
        await add_panel(area, panel)
        await may_open.wait()

    monkeypatch.setattr(ReadingArea, "add_panel", slowly)
    leave_draft(desk, FIRST)
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new("tip", f"Note {number}.", target_of("Tip", {}))
    async with desk.open(is_early=True) as reader:
        read_on()
        await reader.until(lambda: reader.panel is not None)
        reader.app.post_message(key_event("V"))
        # Not the pilot's pause, which waits until V is done.
        await asyncio.sleep(0.1)
        may_open.set()
        await reader.until(lambda: reader.is_verifying and reader.is_writing)
        assert not reader.case_screen.area.is_writing
        await reader.press("q")
        assert not reader.is_verifying
        assert reader.panel is not None
        assert (reader.is_writing, reader.panel.text) == (True, "Half a tho")


async def test_text_of_a_note_waits_in_no_draft_beside_it(
    desk: Desk, read_on: Callable[[], None]
) -> None:
    """What an editor that was killed had changed in a note is offered; the note has the rest."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    notebook, drafts = elsewhere(desk), DraftFolder(desk.places, BUNDLED)
    note = notebook.keep_new(FIRST, "One.\nTwo.", target)
    draft = drafts.begin(FIRST, "Supplier", body="One.\nTwo.", note=note.id, parents=[note.hash])
    drafts.write_for_editor(draft).write_text("One.\nThree.\n")
    for number in range(MANY):
        notebook.keep_new("tip", f"Note {number}.", target)
    async with desk.open(is_early=True) as reader:
        read_on()
        await reader.until(lambda: reader.is_writing)
        assert [one.body for one in drafts.unfinished()] == ["One.\nThree."]


async def test_what_is_wrong_with_many_notes_is_told_once_they_are_read(
    desk: Desk, read_on: Callable[[], None]
) -> None:
    """The start names a note that can't be read, wherever it is among the others."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    (desk.places.notes(BUNDLED) / "z.toml").write_text("body = ")
    async with desk.open(is_early=True) as reader:
        assert reader.message == ""
        read_on()
        assert await seen(reader, "A note can’t be read; it was left as it is: z.toml")


def test_a_look_that_is_given_up_is_made_good_by_the_next(desk: Desk) -> None:
    """Where reading many notes is broken off, none of them is lost to the next look."""
    target = target_of("Supplier", {})
    notebook = elsewhere(desk)
    for number in range(MANY):
        notebook.keep_new(FIRST, f"Note {number}.", target)
    other = Notebook(desk.places, BUNDLED, "jdoe")
    steps = other.refresh_in_steps()
    next(steps)
    steps.close()
    other.refresh()
    assert len(other.notes) == MANY
