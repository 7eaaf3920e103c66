"""Notes on the screen: written, edited, deleted, undone, and never lost on the way."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from faults import full
from noted_case import leave_draft
from screens import Desk, Reader

from casefile.library import BUNDLED
from casefile.notes.annotation import target_of
from casefile.notes.drafts import DraftFolder
from casefile.tui.note_panel import DRAFT_SECONDS, NotePanel
from casefile.tui.reading_area import ReadingArea
from casefile.views import entry_notes
from casefile.views.note_targets import note_target


async def write(reader: Reader, text: str) -> None:
    """Write a note on the selected entry."""
    await reader.press("a")
    await reader.type(text)
    await reader.press("ctrl+s")


UNREAD = f"Not all drafts can be opened: see “casefile notes {BUNDLED}”"


def leave_behind(desk: Desk) -> None:
    """Let the drafts be those of a process that is gone."""
    for path in desk.places.drafts(BUNDLED).glob("*.toml"):
        path.write_text(re.sub("(?m)^pid = .*", "pid = 2147483647", path.read_text()))


def notes_on(desk: Desk, entry: str) -> list[str]:
    """Return the texts on an entry, as the next start would find them."""
    return [note.current.body for note in desk.notebook().on(entry)]


async def test_a_note_is_kept_and_found_again(desk: Desk) -> None:
    """A note stands on the page, in the list and the counts, also after a new start."""
    async with desk.open() as reader:
        assert "No notes yet · a adds one" in reader.text
        await reader.press("j")
        await write(reader, "Where from? “Obtained”, it says.\n探す")
        assert reader.message.startswith("Kept. Notes stay on this machine, in ")
        assert "you: 1 note" in reader.text
    async with desk.open(size=(120, 50)) as reader:
        await reader.press("j")
        assert "✎1" in reader.text
        assert "“Obtained”, it says." in reader.text
        assert "探す" in reader.text
        await reader.press("9")
        assert reader.pane == "Notes"
        assert reader.entry == "tip"


async def test_where_notes_are_is_told_once(desk: Desk) -> None:
    """Only the first note of all says where notes are kept."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await write(reader, "Two.")
        assert reader.message == "Kept."


async def test_several_notes_stand_on_one_entry(desk: Desk) -> None:
    """Each `a` begins a new note."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await write(reader, "Two.")
    assert notes_on(desk, "export") == ["One.", "Two."]


async def test_the_focus_returns_to_where_writing_began(desk: Desk) -> None:
    """From the list back to the list, from the page back to the page."""
    async with desk.open() as reader:
        await write(reader, "One.")
        assert reader.case_screen.entry_list.has_focus
        await reader.press("tab")
        await write(reader, "Two.")
        assert reader.screen.detail.has_focus


async def test_writing_from_the_page_leaves_the_cursor_on_its_line(desk: Desk) -> None:
    """Field after field can be annotated: nobody is thrown back to the top of the page."""
    async with desk.open() as reader:
        await reader.press("tab")
        await reader.read_to("trafficking")
        for text in ("One.", "Two."):
            await write(reader, text)
            assert (reader.stop, reader.line) == ("page", "trafficking")
    assert notes_on(desk, "export") == ["One.", "Two."]


async def test_a_text_that_was_not_changed_is_not_kept_again(desk: Desk) -> None:
    """ctrl+s on a note that was only looked at closes the editor; the note is not “edited”."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await reader.press("e", "ctrl+s")
        assert not reader.is_writing
        assert reader.case_screen.entry_list.has_focus
        (note,) = desk.notebook().on("export")
        assert len(note.history) == 1


async def test_the_only_note_is_edited_without_asking(desk: Desk) -> None:
    """`e` opens the note with its text; keeping it replaces the text and not the history."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await reader.press("e")
        await reader.type(" More.")
        await reader.press("ctrl+s")
    assert notes_on(desk, "export") == ["One. More."]
    (note,) = desk.notebook().notes
    assert [revision.body for revision in note.history] == ["One.", "One. More."]


async def test_one_of_several_notes_is_chosen(desk: Desk) -> None:
    """Where several could be meant, `e` and `D` ask which."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await write(reader, "Two.")
        await reader.press("D")
        assert "Delete which note?" in reader.text
        await reader.type("two")
        await reader.press("enter")
    assert notes_on(desk, "export") == ["One."]


async def test_the_note_under_the_cursor_is_meant(desk: Desk) -> None:
    """On a note of the page, `D` deletes that one."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await write(reader, "Two.")
        await reader.press("tab", "tab", "D")
    assert notes_on(desk, "export") == ["Two."]


async def test_a_deleted_note_is_brought_back(desk: Desk) -> None:
    """`u` undoes, naming what; also what was done before the program was started again."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await reader.press("D")
        assert reader.message == "Deleted; u brings it back."
        assert "No notes yet" in reader.text
    async with desk.open() as reader:
        await reader.press("u")
        assert reader.message.startswith("Undone: deleted note on Supplier said to")
        assert "you: 1 note" in reader.text
        await reader.press("u")
        assert reader.message.startswith("Undone: new note")
        await reader.press("u")
        assert reader.message == "There is nothing to undo."


@pytest.mark.parametrize("key", ["e", "D"])
async def test_without_a_note_it_is_said(desk: Desk, key: str) -> None:
    """There is nothing to edit or delete, and `a` writes one."""
    async with desk.open() as reader:
        await reader.press(key)
        assert reader.message == "There is no note here · press a to write one"


async def test_enter_in_the_notes_pane_goes_to_the_entry(desk: Desk) -> None:
    """A note leads to the page of its entry, to the note itself; Esc comes back."""
    async with desk.open() as reader:
        await reader.press("2", "j")
        await write(reader, "One.")
        await reader.press("9", "enter")
        assert (reader.pane, reader.entry) == ("Parties", "hsi")
        assert reader.screen.detail.note is not None
        await reader.press("escape")
        assert reader.pane == "Notes"


async def test_escape_leaves_the_text_where_it_is(desk: Desk) -> None:
    """Esc moves out; the editor stays, and Tab and `a` go back into it."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Half a no")
        await reader.press("escape", "j")
        assert reader.entry == "tip"
        assert "Half a no" in reader.text
        await reader.press("shift+tab")
        await reader.type("te")
        await reader.press("ctrl+s")
    assert notes_on(desk, "export") == ["Half a note"]


async def test_an_open_note_is_kept_from_wherever_the_reader_is(desk: Desk) -> None:
    """The editor says that ctrl+s keeps, and so it does with the list or the page in focus."""
    async with desk.open() as reader:
        await reader.press("ctrl+s")
        assert reader.message == "No note is open · press a to write one"
        await reader.press("a", *"One.", "escape", "j", "ctrl+s")
        assert not reader.is_writing
    assert notes_on(desk, "export") == ["One."]


async def test_an_empty_editor_closes(desk: Desk) -> None:
    """Esc and ctrl+s in an editor with nothing in it keep nothing and close it."""
    async with desk.open() as reader:
        for key in ("escape", "ctrl+s"):
            await reader.press("a")
            await reader.type("  ")
            await reader.press(key)
            assert not reader.is_writing
            assert reader.case_screen.entry_list.has_focus
    assert notes_on(desk, "export") == []


@pytest.mark.parametrize("leave", [("escape", "q"), ("ctrl+q",)])
async def test_half_a_note_survives_quitting(
    desk: Desk, leave: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start opens on the entry with the text in the editor; then it can be kept."""
    # In one test both starts are one process; in life the first one is gone.
    monkeypatch.setattr("casefile.notes.processes.Process.is_alive", False)
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Half a no")
        await reader.press(*leave)
        assert not reader.app.is_running
    async with desk.open() as reader:
        assert reader.entry == "tip"
        assert "Half a no" in reader.text
        assert reader.message.startswith("Your unfinished note is open again")
        await reader.press("shift+tab")
        await reader.type("te")
        await reader.press("ctrl+s")
    assert notes_on(desk, "tip") == ["Half a note"]
    async with desk.open() as reader:
        assert not reader.is_writing


async def test_a_draft_is_on_disk_while_it_is_typed(desk: Desk) -> None:
    """Without any key to keep it, what is typed is written."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Half")
        await reader.wait(0.4)
        (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
        assert "Half" in draft.read_text()


@pytest.mark.parametrize("leave", [("escape",), ("ctrl+q",)])
async def test_a_draft_that_was_removed_meanwhile_is_written_again(
    desk: Desk, leave: tuple[str, ...]
) -> None:
    """Leaving the editor and quitting put the text on disk, also one that was there before."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Half")
        await reader.press("escape", "shift+tab")
        shutil.rmtree(desk.places.drafts(BUNDLED))
        await reader.press(*leave)
        (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
        assert "Half" in draft.read_text()


async def test_a_note_opened_and_left_as_it_is_makes_no_draft(desk: Desk) -> None:
    """What stands in a note already does not wait as a text that was left unfinished."""
    async with desk.open() as reader:
        await write(reader, "One.")
        await reader.press("e")
        assert reader.is_writing
        await reader.press("ctrl+q")
    assert list(desk.places.drafts(BUNDLED).glob("*.toml")) == []


async def test_two_texts_begun_are_both_there(desk: Desk) -> None:
    """A note begun elsewhere meanwhile drops nothing; each is found under its entry."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("On the first")
        await reader.press("escape", "j", "a")
        await reader.type("On the second")
        await reader.press("escape", "k", "a")
        assert reader.panel is not None
        assert reader.panel.text == "On the first"
        await reader.press("ctrl+s", "j", "a", "ctrl+s")
    assert notes_on(desk, "export") == ["On the first"]
    assert notes_on(desk, "tip") == ["On the second"]


async def test_a_note_that_cant_be_kept_stays_in_the_editor(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader sees why, the text is still there, and trying again works."""
    async with desk.open() as reader:
        notebook = reader.screen.open_case.notebook
        await reader.press("a")
        await reader.type("Mine.")

        with monkeypatch.context() as broken:
            broken.setattr(notebook, "keep_new", full)
            await reader.press("ctrl+s")
            assert reader.message.startswith("Not saved: no space left on device")
            assert reader.is_writing
        await reader.press("ctrl+s")
    assert notes_on(desk, "export") == ["Mine."]


async def test_a_draft_that_cant_be_written_holds_the_door(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even a draft can be written, quitting has to be asked for twice."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Mine.")

        monkeypatch.setattr("casefile.notes.drafts.DraftFolder.write", full)
        await reader.press("ctrl+q")
        assert reader.app.is_running
        assert "Again quits without it" in reader.message
        await reader.press("ctrl+q")
        assert not reader.app.is_running


async def test_room_for_a_draft_is_looked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text that could not be put on disk is there without another key once there is room."""
    monkeypatch.setattr("casefile.tui.note_panel.DRAFT_SECONDS", 0.01)
    monkeypatch.setattr("casefile.tui.note_panel.RETRY_SECONDS", 0.01)
    async with desk.open() as reader:
        await reader.press("a")
        with monkeypatch.context() as broken:
            broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
            await reader.type("xy")
            await reader.until(lambda: reader.message.startswith("Not saved: no space left"))
        await reader.until(lambda: reader.message.startswith("Disk space is available again"))
    (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
    assert "xy" in draft.read_text()


async def test_a_draft_that_cannot_be_read_is_named_at_the_start(desk: Desk) -> None:
    """It stays as it is; the command that has its path is told, whole in 80 columns."""
    folder = desk.places.drafts(BUNDLED)
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text("body = ")
    async with desk.open(size=(80, 24)) as reader:
        assert reader.message == UNREAD
        assert reader.message in reader.text
    assert (folder / "broken.toml").read_text() == "body = "


async def test_a_draft_that_cannot_be_read_is_named_beside_one_that_can(desk: Desk) -> None:
    """The note that is open again is in sight, the other one is not."""
    leave_draft(desk, "tip")
    (desk.places.drafts(BUNDLED) / "broken.toml").write_text("body = ")
    leave_behind(desk)
    async with desk.open() as reader:
        assert reader.is_writing
        assert reader.message == UNREAD


async def test_of_a_note_that_vim_has_more_of_it_is_told_how_to_get_it(desk: Desk) -> None:
    """The path is too long for the screen, and stands in the list of notes."""
    leave_draft(desk, "tip")
    leave_behind(desk)
    (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
    folder = desk.places.editing(BUNDLED) / draft.stem
    folder.mkdir(parents=True)
    (folder / ".note.md.swp").write_bytes(b"b0VIM")
    async with desk.open() as reader:
        assert "Half a tho" in reader.text
        assert reader.message == UNREAD


async def test_a_text_that_cant_be_put_on_disk_makes_room_for_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither Esc nor another `a` says that it is safe, or drops it; later it can be kept."""
    async with desk.open() as reader:
        await reader.press("a")
        with monkeypatch.context() as broken:
            broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
            await reader.type("xy")
            await reader.press("escape")
            assert reader.message.startswith("Not saved: no space left")
            await reader.press("tab")
            reader.screen.focus_stop("list")
            await reader.press("j", "a")
            assert reader.message.startswith("Not opened: a draft can’t be saved")
            assert reader.panel is not None
            assert reader.panel.text == "xy"
        reader.screen.focus_stop("editor")
        await reader.press("ctrl+s")
    assert notes_on(desk, "export") == ["xy"]


async def test_of_several_unfinished_notes_their_number_is_told(desk: Desk) -> None:
    """Whole in 80 columns: one is open again, and the pane of notes has the others."""
    leave_draft(desk, "tip")
    leave_draft(desk, "export")
    async with desk.open(size=(80, 24)) as reader:
        said = "One of 2 unfinished notes is open · shift+Tab goes to it"
        assert said in reader.text
        await reader.press("9")
        assert reader.text.count("draft · Half a tho") == 2


async def test_text_that_a_key_has_begun_first_stays_in_the_editor(desk: Desk) -> None:
    """A key may come before the unfinished notes are offered; they are told of, and wait."""
    async with desk.open(size=(80, 24)) as reader:
        leave_draft(desk, "tip")
        await reader.press("a")
        await reader.type("begun first")
        assert reader.panel is not None
        reader.panel.save_draft()
        await reader.case_screen.opened()
        assert reader.message == "Unfinished notes: 1 more · the Notes pane lists them"
        await reader.type(", and more")
        assert reader.panel.text == "begun first, and more"
        reader.panel.save_draft()
    drafts = desk.places.drafts(BUNDLED).glob("*.toml")
    bodies = sorted(tomli.loads(path.read_text("utf-8"))["body"] for path in drafts)
    assert bodies == ["Half a tho", "begun first, and more"]


async def test_draft_is_tried_again_after_the_editor_was_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc says that it is not saved; once there is space it is, without a key."""
    monkeypatch.setattr("casefile.tui.note_panel.RETRY_SECONDS", 0.01)
    async with desk.open() as reader:
        with monkeypatch.context() as broken:
            broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
            await reader.press("a", "x")
            await reader.until(lambda: reader.message.startswith("Not saved"))
            await reader.press("escape")
            assert reader.message.startswith("Not saved")
        await reader.until(lambda: reader.message.startswith("Disk space is available again"))
    (draft,) = DraftFolder(desk.places, BUNDLED).read_all().in_use
    assert draft.body == "x"


async def test_a_closed_text_is_not_told_of_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a draft can be saved again is no news after the note itself was saved."""
    async with desk.open() as reader:
        with monkeypatch.context() as broken:
            broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
            await reader.press("a", "x")
            await reader.until(lambda: reader.message.startswith("Not saved"))
            await reader.press("ctrl+s")
        await reader.press("a", "y")
        await reader.wait(2 * DRAFT_SECONDS)
        assert reader.message == ""


def edits_with(monkeypatch: pytest.MonkeyPatch, edit: Callable[[Path], int]) -> None:
    """Let a function be the reader's own editor, and return its exit code."""
    monkeypatch.setattr(
        "casefile.tui.writing_desk.run_editor", lambda _stage, path, _line=1: edit(path)
    )


async def test_a_remark_that_is_emptied_in_another_editor_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the editor here: the verdict stays."""
    edits_with(monkeypatch, lambda path: path.write_text("") and 0)
    async with desk.open() as reader:
        await reader.press("v", "w", *"halfway", "ctrl+s", "E")
        (note,) = desk.notebook().notes
        assert (note.current.value, note.current.body) == ("wrong", "")


async def test_remark_that_is_not_given_is_not_called_a_note(desk: Desk) -> None:
    """Without one, leaving the editor says nothing; with one, how it is removed."""
    async with desk.open() as reader:
        await reader.press("v", "w", "escape")
        assert reader.message == ""
        await reader.press("v", "w", *"22", "ctrl+s", "v", "w", "backspace", "backspace", "escape")
        assert reader.message.startswith("The remark stays as it was · to remove it, empty it")
        await reader.press("v", "w", "backspace", "backspace", "ctrl+s")
    (note,) = desk.notebook().notes
    assert (note.current.value, note.current.body) == ("wrong", "")


@pytest.mark.parametrize("typed", ["", "written here"])
async def test_file_that_is_gone_after_the_editor_is_told_of(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """As if another terminal had taken the text: that of before is not saved in its place."""

    def edit(path: Path) -> int:
        path.unlink()
        return 0

    edits_with(monkeypatch, edit)
    async with desk.open() as reader:
        await reader.press("a", *typed, "escape", "A")
        assert reader.message.startswith("The file that the editor had is gone; ")
        assert (reader.panel.text if reader.panel else "") == typed
    assert desk.notebook().notes == ()


async def test_blanks_that_another_editor_adds_are_a_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As before a quotation that is set in."""
    edits_with(monkeypatch, lambda path: path.write_text("  written\n") and 0)
    async with desk.open() as reader:
        await reader.press("a", *"written", "ctrl+s", "E")
        (note,) = desk.notebook().notes
        assert note.current.body == "  written"


CONFIDENTIAL = '[[source]]\nid = "informer"\ntitle = "An interview"\nconfidential = true\n'
MEETING = '[[event]]\nid = "meeting"\ntitle = "A meeting"\n'


@pytest.mark.parametrize("keys", ["a", "A"])
@pytest.mark.parametrize("is_restarted", [False, True])
async def test_note_keeps_the_sources_of_its_entry_while_it_was_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, keys: str, *, is_restarted: bool
) -> None:
    """Its words may be those of a confidential source that the entry no longer cites."""
    edits_with(monkeypatch, lambda path: path.write_text("An informer told us.") and 1)
    case = desk.write_case(f'{CONFIDENTIAL}{MEETING}cites = "informer, p. 1"\n')
    async with desk.open(case) as reader:
        await reader.press(keys)
        await reader.type("More.")
        await reader.press("escape")
        desk.write_case(f'{CONFIDENTIAL}{MEETING}cites = "press, p. 1"\n')
        if not is_restarted:
            await reader.press("R")
            await reader.until(lambda: reader.message.startswith("Read again: 1 changed"))
            await reader.press("a", "ctrl+s")
    if is_restarted:
        async with desk.open(case) as reader:
            await reader.press("a", "ctrl+s")
    (note,) = desk.notebook("demo").notes
    assert note.current.target.cited == ("informer", "press")
    assert note.current.target.confidential


async def test_note_keeps_sources_that_its_entry_cited_while_the_editor_was_open(
    desk: Desk,
) -> None:
    """The case was read again twice meanwhile."""
    rows = f'{CONFIDENTIAL}{MEETING}cites = "%s, p. 1"\n'
    case = desk.write_case(rows % "press")
    async with desk.open(case) as reader:
        await reader.press("a", *"Words of", "escape")
        for source in ("informer", "press"):
            desk.write_case(rows % source)
            await reader.press("R")
            await reader.until(lambda: reader.message.startswith("Read again: 1 changed"))
            await reader.press("a", "!", "escape")
        await reader.press("a", "ctrl+s")
    (note,) = desk.notebook("demo").notes
    assert (note.current.target.cited, note.current.target.confidential) == (
        ("informer", "press"),
        True,
    )


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_reply_keeps_what_a_forgotten_note_was_held_back_for(
    desk: Desk, *, is_restarted: bool
) -> None:
    """It may quote the note, which is gone by the time that the reply is kept."""
    rows = f'{CONFIDENTIAL}{MEETING}cites = "%s, p. 1"\n'
    case = desk.write_case(rows % "informer")
    open_case = desk.lay_open(case)
    target = note_target(open_case, "meeting", "A meeting")
    note = open_case.notebook.keep_new("meeting", "An informer told us.", target, private=True)
    desk.write_case(rows % "press")
    async with desk.open(case) as reader:
        await reader.press("r", *"When?", "escape")
        desk.forget(note.id)
        if not is_restarted:
            await reader.press("r", "ctrl+s")
    if is_restarted:
        async with desk.open(case) as reader:
            await reader.press("9", "enter", "ctrl+s")
    (reply,) = [note.current for note in desk.notebook("demo").notes if note.current.reply_to]
    assert (reply.private, reply.target.confidential) == (True, True)
    assert reply.target.cited == ("informer", "press")


async def test_draft_on_a_confidential_source_has_no_title(desk: Desk) -> None:
    """The source may be gone from the case when the draft is kept; the heading names it."""
    case = desk.write_case(CONFIDENTIAL)
    async with desk.open(case) as reader:
        await reader.press("5", "G", "a", "x", "escape")
        assert "Note on An interview" in reader.text
    (draft,) = DraftFolder(desk.places, "demo").read_all().in_use
    assert draft.label == "informer"


async def test_note_that_is_forgotten_while_an_editor_has_it_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the editor wrote is a draft, and the screen says why."""

    def edit(path: Path) -> int:
        (note,) = desk.notebook().notes
        desk.forget(note.id)
        path.write_text("written, and more\n")
        return 0

    edits_with(monkeypatch, edit)
    async with desk.open() as reader:
        await reader.press("a", *"written", "ctrl+s", "E")
        assert reader.message.startswith("Not saved: the note is no longer there")
    assert desk.notebook().notes == ()
    (draft,) = DraftFolder(desk.places, BUNDLED).read_all().in_use
    assert draft.body == "written, and more"


@pytest.mark.parametrize("key", ["ctrl+s", "escape"])
async def test_note_that_is_emptied_stays_and_says_so(desk: Desk, key: str) -> None:
    """It is neither deleted nor left without a text, nor is the edit dropped without a word."""
    async with desk.open() as reader:
        await reader.press("a", *"written", "ctrl+s", "e", *["backspace"] * 7, key)
        assert reader.message == "A note has words, so it stays as it was · D deletes it"
        (note,) = desk.notebook().notes
        assert note.current.body == "written"


async def test_text_of_another_editor_waits_if_the_open_one_cant_be_saved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text that is open stays so, and the other one is a draft."""

    def edit(path: Path) -> int:
        path.write_text("written there\n")
        for draft in desk.places.drafts(BUNDLED).glob("*.toml"):
            if "written here" in draft.read_text():
                draft.unlink()
        monkeypatch.setattr("casefile.tui.note_panel.NotePanel.save_draft", full)
        return 1

    edits_with(monkeypatch, edit)
    async with desk.open() as reader:
        await reader.press("a", *"written here", "escape", "j", "A")
        assert reader.message.startswith("Not saved: no space left")
        assert reader.panel is not None
        assert reader.panel.text == "written here"
    (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
    assert "written there" in draft.read_text()


async def test_key_that_comes_while_a_text_is_opened_waits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a moment to put the editor there, and there is only one."""
    add_panel = ReadingArea.add_panel

    async def slowly(area: ReadingArea, panel: NotePanel) -> None:
        await asyncio.sleep(0.1)
        await add_panel(area, panel)

    monkeypatch.setattr(ReadingArea, "add_panel", slowly)
    async with desk.open() as reader:
        leave_draft(desk, "tip")
        leave_behind(desk)
        offering = asyncio.create_task(reader.case_screen.opened())
        await asyncio.sleep(0.05)
        await reader.press("a")
        await offering
        assert len(reader.screen.query(NotePanel)) == 1


async def test_a_waiting_draft_that_cant_be_taken_stops_no_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case opens and says that a note waits, and the draft is still there."""
    monkeypatch.setattr("casefile.notes.processes.Process.is_alive", False)
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("Half")
        await reader.press("ctrl+q")
    with monkeypatch.context() as broken:
        broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
        async with desk.open() as reader:
            assert reader.message.startswith("There is an unfinished note, but it can’t be opened")
            await reader.press("j")
            assert reader.entry == "tip"
    (draft,) = desk.places.drafts(BUNDLED).glob("*.toml")
    assert "Half" in draft.read_text()


async def test_a_note_edited_in_two_places_shows_both_texts(desk: Desk) -> None:
    """Nobody's text is lost: both stand side by side, and an edit that joins them ends it."""
    async with desk.open() as reader:
        await write(reader, "One.")
    first, second = desk.notebook(), desk.notebook()
    (note,) = first.notes
    first.keep_edit(note.id, "Mine.", note.current.target, parents=[note.current.hash])
    second.keep_edit(note.id, "Theirs.", note.current.target, parents=[note.current.hash])
    async with desk.open(size=(120, 50)) as reader:
        assert "Edited in two places" in reader.text
        assert "Mine." in reader.text
        assert "Theirs." in reader.text
        await reader.press("e", "ctrl+s")
    assert notes_on(desk, "export") == ["Mine.\n\nTheirs."]


def test_an_unreadable_note_hides_no_other(desk: Desk) -> None:
    """A damaged file is left, named, and costs only itself."""
    desk.notebook().keep_new("export", "One.", target_of("Export", {}))
    damaged = desk.places.notes(BUNDLED) / "damaged.toml"
    damaged.write_text("format = ")
    assert entry_notes.note_counts_in_words(desk.lay_open()) == "1 unreadable note, you: 1 note"
    assert damaged.read_text() == "format = "


def test_notes_of_others_are_not_counted_as_your_own(desk: Desk) -> None:
    """The title line counts them after the reader's own."""
    target = target_of("Export", {})
    other, own = desk.notebook(), desk.notebook()
    other.author = "bob"
    other.keep_new("export", "Theirs.", target)
    assert entry_notes.note_counts_in_words(desk.lay_open()) == "others: 1 note"
    other.assess("export", "checked", target)
    own.keep_new("export", "Mine.", target)
    said = "you: 1 note, others: 1 check, 1 note"
    assert entry_notes.note_counts_in_words(desk.lay_open()) == said
    own.assess("export", "wrong", target)
    said = "you: 0/80 checked, 1 stale, 1 note, others: 1 check, 1 note"
    assert entry_notes.note_counts_in_words(desk.lay_open()) == said


async def test_without_a_home_it_is_said_before_the_first_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The case opens, and the option that helps is named."""
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr(Desk, "places", property(lambda _desk: _places_under(blocked)))
    async with desk.open() as reader:
        assert "--notes-dir DIR" in reader.message
        assert reader.entry == "export"
        await write(reader, "Mine.")
        assert reader.message.startswith("Not saved:")
        assert "Mine." in reader.text


def _places_under(folder: Path) -> object:
    from casefile.places import find_places

    return find_places(folder / "home")


async def test_on_a_narrow_screen_too_a_note_leads_to_where_it_stands(desk: Desk) -> None:
    """Enter on a note opens its entry's page at the note, where the page was hidden till then."""
    async with desk.open() as reader:
        await reader.press("j")
        await write(reader, "Ask again.")
    async with desk.open(size=(60, 20)) as reader:
        await reader.press("9", "enter")
        assert reader.entry == "tip"
        assert reader.stop == "notes"
