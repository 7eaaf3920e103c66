"""Checks, stars, tags and replies on the screen: set with a key or two, seen at once."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

import pytest
from screens import Desk, Reader

from casefile.library import BUNDLED
from casefile.notes.notebook import Notebook
from casefile.views import entry_notes
from casefile.views.note_targets import note_target

FIRST, SECOND = "export", "tip"


def own(desk: Desk, entry: str, motivation: str) -> str | None:
    """Return what the reader's own annotation of a kind says, as the next start would find it."""
    note = desk.notebook().own(entry, motivation)
    return None if note is None or note.deleted else note.current.value or note.current.body


def tags_of(desk: Desk, entry: str) -> tuple[str, ...]:
    """Return the reader's own tags of an entry, as the next start would find them."""
    note = desk.notebook().own(entry, "tagging")
    return note.current.tags if note else ()


def of_bob(desk: Desk) -> Notebook:
    """Return the notebook of another reader of the same folder."""
    notebook = Notebook(desk.places, BUNDLED, "bob")
    notebook.refresh()
    return notebook


async def tag(reader: Reader, words: str) -> None:
    """Set or take away a tag of the selected entry."""
    await reader.press("t")
    await reader.type(words)
    await reader.press("enter")


@pytest.mark.parametrize(
    ("key", "verdict", "sign"),
    [
        ("c", "checked", "✓"),
        ("exclamation_mark", "needs-attention", "!"),
        ("minus", "to-check", "○"),
    ],
)
async def test_a_verdict_takes_two_keys(desk: Desk, key: str, verdict: str, sign: str) -> None:
    """The key v and a key keep it; list, page and title show it at once."""
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("v", key)
        assert own(desk, FIRST, "assessing") == verdict
        assert f" {sign}│" in reader.text
        assert f"you: {int(verdict == 'checked')}/80 checked" in reader.text
        assert "24 Nov" in reader.text
        assert reader.case_screen.entry_list.has_focus
        assert reader.message.startswith(
            verdict.replace("-", " ").capitalize().removesuffix(" check")
        )


def test_where_notes_are_has_room_beside_what_was_done(desk: Desk) -> None:
    """The one time that the folder is told, how to take back what was done makes room for it."""
    open_case = desk.lay_open()
    said = entry_notes.kept_in_words(open_case, "Needs attention; u takes it back.", is_first=True)
    assert said.startswith("Needs attention. Notes stay on this machine, in ")


async def test_a_wrong_one_asks_what_would_be_right(desk: Desk) -> None:
    """The verdict is kept at once; what is written is its remark, on the page below it."""
    async with desk.open() as reader:
        await reader.press("v", "w")
        assert own(desk, FIRST, "assessing") == "wrong"
        assert "What would be right" in reader.text
        await reader.type("It sold it.")
        await reader.press("ctrl+s")
        assert reader.case_screen.entry_list.has_focus
        assert "It sold it." in reader.text
        note = desk.notebook().own(FIRST, "assessing")
        assert note is not None
        assert (note.current.value, note.current.body) == ("wrong", "It sold it.")


async def test_wrong_stands_without_a_remark(desk: Desk) -> None:
    """Esc from the empty editor leaves the verdict as it is."""
    async with desk.open() as reader:
        await reader.press("v", "w", "escape")
        assert not reader.is_writing
        assert own(desk, FIRST, "assessing") == "wrong"
        assert "✗│" in reader.text


async def test_another_verdict_says_that_it_takes_the_remark_off(desk: Desk) -> None:
    """It is only in the history then; the same verdict keeps it, and says nothing."""
    async with desk.open() as reader:
        await reader.press("v", "w")
        await reader.type("Two ships.")
        await reader.press("ctrl+s", "v", "w", "escape")
        assert own(desk, FIRST, "assessing") == "wrong"
        assert "remark" not in reader.message
        await reader.press("v", "c")
        assert reader.message == "Checked, without the earlier remark; u takes it back."
        await reader.press("V", "w")
        await reader.type("Four.")
        await reader.press("ctrl+s", "b", "c")
        assert "checked, without the earlier remark" in reader.text


async def test_a_remark_can_be_taken_away(desk: Desk) -> None:
    """An emptied remark is kept as none; the verdict stays."""
    async with desk.open() as reader:
        await reader.press("v", "w", "x", "ctrl+s", "e", "backspace", "ctrl+s")
        note = desk.notebook().own(FIRST, "assessing")
        assert note is not None
        assert (note.current.value, note.current.body) == ("wrong", "")


async def test_the_keys_of_a_verdict_stand_in_the_last_line(desk: Desk) -> None:
    """After v the last line offers the verdicts, and nothing that would not work."""
    async with desk.open() as reader:
        await reader.press("v")
        last = reader.text.splitlines()[-1]
        assert last == " c checked  ! needs attention  w wrong  - to check again  Esc back"


@pytest.mark.parametrize("key", ["escape", "j", "q", "x"])
async def test_any_other_key_gives_no_verdict(desk: Desk, key: str) -> None:
    """Esc, and any key that is no verdict, ends the wait and does nothing else."""
    async with desk.open() as reader:
        await reader.press("v", key)
        assert reader.entry == FIRST
        assert reader.case_screen.entry_list.has_focus
        assert own(desk, FIRST, "assessing") is None
        await reader.press("c")
        assert own(desk, FIRST, "assessing") is None
        assert reader.message == "v, then c, says that you have checked this."


async def test_a_verdict_is_not_waited_for_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who was called away doesn't check something with the next key."""
    monkeypatch.setattr("casefile.tui.check_line.WAITING_SECONDS", 0.05)
    async with desk.open() as reader:
        await reader.press("v")
        await reader.wait(0.2)
        await reader.press("c")
        assert own(desk, FIRST, "assessing") is None


async def test_what_is_not_checked_is_not_asked_for(desk: Desk) -> None:
    """A source is what others are checked by; v on it says so."""
    async with desk.open() as reader:
        await reader.press("8", "v")
        assert reader.message == "There is nothing here to be checked."


async def test_a_verdict_is_taken_back(desk: Desk) -> None:
    """The key u names the check that it takes back, and the one before stands again."""
    async with desk.open() as reader:
        await reader.press("v", "c", "v", "exclamation_mark", "u")
        assert reader.message.startswith("Undone: edited check on Supplier")
        assert own(desk, FIRST, "assessing") == "checked"


async def test_a_verdict_that_cannot_be_kept_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk the line says why, and nothing looks checked."""

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    async with desk.open() as reader:
        monkeypatch.setattr(os, "fsync", fail)
        await reader.press("v", "c")
        assert reader.message == "Not saved: No space left on device"
        assert "✓" not in reader.text


def remark_in_two_places(desk: Desk, verdicts: Sequence[str] = ("wrong", "wrong")) -> None:
    """Keep a check of the first entry, with another remark in each of two copies of the notes."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    kept = desk.notebook().assess(FIRST, "wrong", target)
    copies = desk.notebook(), desk.notebook()
    for copy, verdict, remark in zip(copies, verdicts, ("ALPHA", "BETA"), strict=True):
        copy.keep_edit(kept.id, remark, target, value=verdict)


@pytest.mark.parametrize("verdicts", [("wrong", "wrong"), ("wrong", "checked")])
async def test_check_edited_in_two_places_shows_both_remarks(
    desk: Desk, verdicts: Sequence[str]
) -> None:
    """Each is shown with its verdict; a verdict, as the page advises, keeps both remarks."""
    remark_in_two_places(desk, verdicts)
    async with desk.open(size=(120, 50)) as reader:
        assert "Edited in two places" in reader.text
        for verdict, remark in zip(verdicts, ("ALPHA", "BETA"), strict=True):
            assert f"{verdict} 24 Nov" in reader.text
            assert remark in reader.text
        await reader.press("v", "w")
        assert reader.panel is not None
        assert reader.panel.text == "ALPHA\n\nBETA"
        await reader.press("ctrl+s")
        assert "Edited in two places" not in reader.text
    (note,) = desk.notebook().notes
    assert [(head.value, head.body) for head in note.heads] == [("wrong", "ALPHA\n\nBETA")]


async def test_verdict_given_again_is_in_no_conflict_with_its_remark(desk: Desk) -> None:
    """A remark that waits as a draft while the verdict is given again goes with that."""
    async with desk.open(size=(120, 50)) as reader:
        await reader.press("v", "w", *"halfway", "escape", "v", "w", "ctrl+s")
        assert reader.message.startswith("Kept.")
        assert "Another text" not in reader.message
    (note,) = desk.notebook().notes
    assert [(head.value, head.body) for head in note.heads] == [("wrong", "halfway")]


async def test_remark_of_two_places_is_emptied(desk: Desk) -> None:
    """An emptied editor removes both remarks, also the one that is not the last."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    kept = desk.notebook().assess(FIRST, "wrong", target)
    copies = desk.notebook(), desk.notebook()
    for copy, remark in zip(copies, ("ALPHA", ""), strict=True):
        copy.keep_edit(kept.id, remark, target)
    async with desk.open(size=(120, 50)) as reader:
        await reader.press("e", *["backspace"] * len("ALPHA"), "ctrl+s")
    (note,) = desk.notebook().notes
    assert [(head.value, head.body) for head in note.heads] == [("wrong", "")]


async def test_check_deleted_elsewhere_is_shown(desk: Desk) -> None:
    """A check that is edited here and then deleted there still counts, and says so."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    kept = desk.notebook().assess(FIRST, "wrong", target)
    here, there = desk.notebook(), desk.notebook()
    here.keep_edit(kept.id, "ALPHA", target)
    there.delete(kept.id)
    async with desk.open(size=(120, 50)) as reader:
        assert " ✗│" in reader.text
        assert "ALPHA" in reader.text
        assert "deleted here" in reader.text
        assert "Edited in two places" in reader.text


async def test_check_of_another_reader_advises_no_key(desk: Desk) -> None:
    """Only its author can end its conflict."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    kept = of_bob(desk).assess(FIRST, "wrong", target)
    copies = of_bob(desk), of_bob(desk)
    for copy, remark in zip(copies, ("ALPHA", "BETA"), strict=True):
        copy.keep_edit(kept.id, remark, target)
    async with desk.open(size=(120, 50)) as reader:
        assert "ALPHA" in reader.text
        assert "Edited in two places" in reader.text
        assert "Press" not in reader.text


async def test_two_checks_of_one_reader_are_both_shown(desk: Desk) -> None:
    """As after a merge of two machines that checked the entry first; the last one counts."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    copies = desk.notebook(), desk.notebook()
    for copy, remark in zip(copies, ("ALPHA", "BETA"), strict=True):
        copy.assess(FIRST, "wrong", target, body=remark)
    async with desk.open(size=(120, 50)) as reader:
        assert reader.text.index("ALPHA") < reader.text.index("BETA")
        assert "2 checks by one reader" in reader.text


async def test_a_star_is_set_and_taken_away(desk: Desk) -> None:
    """* stars the entry, and again takes the star away; both can be undone."""
    async with desk.open() as reader:
        await reader.press("asterisk")
        assert "★│" in reader.text
        await reader.press("asterisk")
        assert reader.message == "No longer starred; u takes it back."
        assert "★" not in reader.text
        await reader.press("u")
        assert "★│" in reader.text
    notes = desk.notebook().notes
    assert len(notes) == 1


async def test_star_first_set_in_two_places_is_taken_away(desk: Desk) -> None:
    """As after a merge of two machines: * takes both stars away, and sets one again."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    for copy in (desk.notebook(), desk.notebook()):
        copy.star(FIRST, target)
    async with desk.open() as reader:
        await reader.press("asterisk")
        assert "No longer starred" in reader.message
        assert "★" not in reader.text
        await reader.press("asterisk")
        assert "★│" in reader.text
        await reader.press("asterisk")
        assert "★" not in reader.text


async def test_tags_first_set_in_two_places_are_taken_away(desk: Desk) -> None:
    """The key offers the tags of both; one that is taken away is so in each, and u restores it."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    for copy, word in ((desk.notebook(), "release"), (desk.notebook(), "date")):
        copy.tag(FIRST, [word, "both"], target)

    def tags() -> set[str]:
        return {word for note in desk.notebook().on(FIRST) for word in note.tags}

    async with desk.open() as reader:
        for word in ("release", "date"):
            await tag(reader, word)
            assert tags() == {"release", "date", "both"} - {word}
            await reader.press("u")
            assert tags() == {"release", "date", "both"}
        for word in ("release", "date", "both"):
            await tag(reader, word)
            assert word not in tags()
        await tag(reader, "new")
    assert tags() == {"new"}


async def test_star_edited_in_two_places_shows_both_texts(desk: Desk) -> None:
    """The history keeps one of them, as the page advises."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    kept = desk.notebook().star(FIRST, target)
    copies = desk.notebook(), desk.notebook()
    for copy, words in zip(copies, ("ALPHA", "BETA"), strict=True):
        copy.keep_edit(kept.id, words, target)
    async with desk.open(size=(120, 50)) as reader:
        assert "ALPHA" in reader.text
        assert "BETA" in reader.text
        assert "Press H" in reader.text
        await reader.press("H", "j", "enter")
        assert "Edited in two places" not in reader.text
    assert own(desk, FIRST, "bookmarking") == "ALPHA"


async def test_a_tag_is_set_and_taken_away(desk: Desk) -> None:
    """The key t offers the tags in use; Enter sets one, or takes it away; one may be new."""
    async with desk.open() as reader:
        await tag(reader, "to call")
        assert "tags: to call" in reader.text
        await reader.press("j", "t")
        assert "to call" in reader.text
        assert "1 use" in reader.text
        await reader.type("call")
        await reader.press("enter")
        assert tags_of(desk, SECOND) == ("to call",)
        await tag(reader, "urgent")
        await tag(reader, "to call")
        assert tags_of(desk, SECOND) == ("urgent",)


async def test_tags_edited_in_two_places_are_all_kept(desk: Desk) -> None:
    """Both versions are shown; a tag that is set, as the page advises, is added to all of them."""
    target = note_target(desk.lay_open(), FIRST, "Supplier")
    desk.notebook().tag(FIRST, ["base"], target)
    copies = desk.notebook(), desk.notebook()
    for copy, word in zip(copies, ("laptop", "desktop"), strict=True):
        copy.tag(FIRST, ["base", word], target)
    async with desk.open(size=(120, 50)) as reader:
        assert "tags: base, laptop" in reader.text
        assert "tags: base, desktop" in reader.text
        assert "Edited in two places" in reader.text
        await tag(reader, "third")
        assert tags_of(desk, FIRST) == ("base", "laptop", "desktop", "third")
        assert "Edited in two places" not in reader.text
        await tag(reader, "laptop")
    assert tags_of(desk, FIRST) == ("base", "desktop", "third")


async def test_a_reply_stands_under_its_note(desk: Desk) -> None:
    """The key r answers a note; the reply follows it, whenever others were written."""
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("a", *"One.", "ctrl+s", "a", *"Two.", "ctrl+s")
        await reader.press("tab", "tab")
        await reader.press("r", *"To one.", "ctrl+s")
        lines = [line.partition("│")[2].strip(" ▌") for line in reader.text.splitlines()]
        texts = [line for line in lines if line in ("One.", "Two.", "To one.")]
        assert texts == ["One.", "To one.", "Two."]
        assert any(line.startswith("↳ jdoe") for line in lines)


async def test_a_note_is_about_the_field_under_the_cursor(desk: Desk) -> None:
    """On a line of the page `a` is about that field; about a cite, the source and the place."""
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("j", "tab")
        await reader.read_to("information")
        await reader.press("a")
        assert "Note on Type, HSI New Orleans" in reader.text
        await reader.press("x", "ctrl+s")
        await reader.read_to("WVUE, para 4")
        await reader.press("a", "y", "ctrl+s")
        assert ", on Type" in reader.text
    fields = [note.current.target.field for note in desk.notebook().on(SECOND)]
    assert fields == ["type", "wvue, para 4"]


async def test_whose_note_is_whose(desk: Desk) -> None:
    """Another reader's check stands beside one's own, and where they differ the page says so."""
    open_case = desk.lay_open()
    target = note_target(open_case, FIRST, "Supplier")
    of_bob(desk).assess(FIRST, "wrong", target, body="Sold, not exported.")
    of_bob(desk).star(FIRST, target)
    async with desk.open(size=(120, 40)) as reader:
        await reader.press("v", "c")
        assert "bob" in reader.text
        assert "Sold, not exported." in reader.text
        assert "Readers disagree on this entry." in reader.text
        assert "≠✓│" in reader.text
        await reader.press("tab")
        await reader.read_to("bob: wrong")
        await reader.press("D")
        assert reader.message == "bob said so; you can only say otherwise."
        await reader.press("e")
        assert reader.message == "bob said so; you can only say otherwise."


async def test_a_private_note_says_so(desk: Desk) -> None:
    """P keeps the note at home, and again lets it be shared."""
    async with desk.open() as reader:
        await reader.press("a", "x", "ctrl+s", "P")
        assert reader.message == "It stays at home: it is private; u takes it back."
        assert desk.notebook().on(FIRST)[0].private
        await reader.press("P")
        assert not desk.notebook().on(FIRST)[0].private
