"""What goes over from the case to its verification pass and back: focus, editor, work, history."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from faults import full
from screens import Desk, GatedReading, Reader, key_event
from textual.widgets import Input

from casefile.case import reader as case_reader
from casefile.case.load_result import LoadResult

REPORT = """\
Harbour police report

The cutter Anna was searched on 3 May.

The skipper was released the same day.
"""
ROWS = """\
[[source]]
id = "report"
title = "Report"
file = "report.txt"
[[event]]
id = "search"
title = "The Anna is searched"
cites = "report, para 2"
[[event]]
id = "release"
title = "He is released"
cites = "report, para 3"
[[quote]]
id = "denial"
words = "I know nothing"
"""


@pytest.fixture
def case(desk: Desk) -> Path:
    """Return a case with the text of its source beside it."""
    (desk.folder / "report.txt").write_text(REPORT, encoding="utf-8")
    return desk.write_case(ROWS)


CITE = 'cites = "report, para 2"'


def change(case: Path, before: str, after: str) -> None:
    """Change some words of a case file."""
    case.write_text(case.read_text("utf-8").replace(before, after), "utf-8")


def remarks(desk: Desk) -> dict[str, str]:
    """Return the texts of the notes as the next start would find them, by entry."""
    return {note.current.entry: note.current.body for note in desk.notebook("demo").notes}


def place_line(reader: Reader) -> str:
    """Return the line that tells where the reader is."""
    return reader.text.splitlines()[2]


# Another case


async def test_library_opens_another_case_from_the_pass(desk: Desk, case: Path) -> None:
    """The screen shows the case that is open then, and keys act on what is shown."""
    async with desk.open(case) as reader:
        await reader.press("V")
        await reader.app.show_case(desk.lay_open())
        await reader.settle()
        assert "The Anna is searched" not in reader.text
        assert reader.page == reader.session.open_case.title(reader.entry or "")
        before = reader.entry
        await reader.press("j")
        assert reader.entry != before
        assert reader.page == reader.session.open_case.title(reader.entry or "")


async def test_another_case_ends_the_work_on_the_one_before(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading the former case again does not go on under the next."""

    def endless(_path: Path) -> Generator[float, None, LoadResult]:
        while True:
            yield 0.25

    async with desk.open(case) as reader:
        another = desk.lay_open()
        monkeypatch.setattr(case_reader, "read_in_steps", endless)
        reader.app.post_message(key_event("R"))
        await reader.until(lambda: "Reading again" in reader.text)
        await reader.case_screen.take_another(another)
        await reader.settle()
        assert reader.screen.is_settled


# Reading again


@pytest.mark.parametrize("key", ["q", "3"])
async def test_case_is_read_again_though_the_pass_is_left(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Work that was begun in the pass ends on the case."""
    reading = GatedReading()
    async with desk.open(case) as reader:
        monkeypatch.setattr(case_reader, "read_in_steps", reading)
        await reader.press("V")
        change(case, "The Anna", "The Berta")
        reader.app.post_message(key_event("R"))
        await reader.until(lambda: "Reading again" in reader.text)
        reader.app.post_message(key_event(key))
        await reader.until(lambda: not reader.is_verifying)
        reading.may_end = True
        await reader.settle()
        assert reader.message == "Read again: 1 changed."
        await reader.press("1")
        assert "The Berta is searched" in reader.text


async def test_reading_again_in_the_pass_leaves_the_editor(desk: Desk, case: Path) -> None:
    """Who writes what would be right goes on writing, and the pass goes on afterwards."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"half")
        change(case, "The Anna", "The Berta")
        await reader.read_again()
        assert (reader.page, reader.stop) == ("The Berta is searched", "editor")
        await reader.press(*"way", "ctrl+s")
        assert remarks(desk) == {"search": "halfway"}
        assert reader.entry == "release"


async def test_open_source_is_read_again(desk: Desk, case: Path) -> None:
    """Its text and who cites it are those of now, and the focus stays on it."""
    async with desk.open(case) as reader:
        await reader.press("s")
        change(case, "The Anna", "The Berta")
        (desk.folder / "report.txt").write_text(REPORT.replace("Anna", "Berta"), "utf-8")
        await reader.press("R")
        assert reader.stop == "source"
        assert "The cutter Berta" in reader.text
        change(case, CITE, "")
        await reader.press("R")
        assert not reader.is_source_open
        assert reader.stop == "list"


@pytest.mark.parametrize(
    "keys",
    [["s", "a"], ["s", "slash"], ["s", "v"], ["s", "tab"], ["V", "slash"], ["V", "b", "slash"]],
)
async def test_source_that_is_gone_leaves_the_focus_where_the_reader_is(
    desk: Desk, case: Path, keys: list[str]
) -> None:
    """What is typed on while the case is read again runs no commands."""
    async with desk.open(case) as reader:
        await reader.press(*keys)
        focused = reader.app.focused
        change(case, CITE, "")
        await reader.read_again()
        assert not reader.is_source_open
        assert reader.app.focused is focused


# Going back


async def test_back_from_the_pass_to_a_page(desk: Desk, case: Path) -> None:
    """The focus is on the page, where it was."""
    async with desk.open(case) as reader:
        await reader.press("enter", "V", "left_parenthesis")
        assert (reader.is_verifying, reader.stop) == (False, "page")


@pytest.mark.parametrize("keys", [["2"], ["right_square_bracket"], ["colon", *"sources", "enter"]])
async def test_back_from_a_pane_to_the_pass(desk: Desk, case: Path, keys: list[str]) -> None:
    """One step leads back, however the pass was left for the pane."""
    async with desk.open(case) as reader:
        await reader.press("V", "c", *keys)
        assert not reader.is_verifying
        await reader.press("left_parenthesis")
        assert (reader.is_verifying, reader.entry) == (True, "release")


async def test_pane_over_an_open_source(desk: Desk, case: Path) -> None:
    """The line above the list tells of the pane, not of the source any more."""
    async with desk.open(case) as reader:
        await reader.press("s")
        assert "Report" in place_line(reader) or "para 2" in place_line(reader)
        await reader.press("4")
        assert place_line(reader).strip().startswith("Quotes · 1 of 1")


async def test_esc_clears_what_was_found_in_the_pass(desk: Desk, case: Path) -> None:
    """The count goes with the words."""
    async with desk.open(case) as reader:
        await reader.press("V", "slash", *"skipper", "enter")
        assert "“skipper” 1 of 1" in reader.text
        await reader.press("escape")
        assert reader.is_verifying
        assert "“skipper”" not in reader.text


# Finding in a source


async def test_words_are_found_in_a_source_opened_after_them(desk: Desk, case: Path) -> None:
    """A view that is made only now is searched once its lines are laid out."""
    async with desk.open(case) as reader:
        await reader.press("slash", *"released", "enter", "s")
        assert "“released” 1 of 1" in reader.text


async def test_source_is_not_marked_by_words_no_longer_looked_for(desk: Desk, case: Path) -> None:
    """What was found in it before it was closed is not highlighted when it is opened again."""
    async with desk.open(case) as reader:
        await reader.press("s", "slash", *"skipper", "enter", "1", "escape", "s")
        source = reader.screen.area.source
        assert source is not None
        assert source.highlighted_query is None


# The editor


async def test_cursor_and_undo_go_over_with_the_text(desk: Desk, case: Path) -> None:
    """The text goes on where it was left, and what was typed before can be undone."""
    async with desk.open(case) as reader:
        await reader.press("a", *"two", "home", "escape", "V", "shift+tab", *"on", "escape", "q")
        await reader.press("shift+tab", "X")
        assert reader.panel is not None
        assert reader.panel.text == "onXtwo"
        await reader.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert reader.panel.text == ""


async def test_verdict_asks_for_a_remark_though_another_text_is_open(
    desk: Desk, case: Path
) -> None:
    """What is typed then is the remark, not keys."""
    async with desk.open(case) as reader:
        await reader.press("a", *"half", "escape", "j", "v", "w", *"xyz", "ctrl+s")
        assert remarks(desk) == {"release": "xyz"}


async def test_empty_note_does_not_end_a_remark(desk: Desk, case: Path) -> None:
    """The pass goes on when the remark is closed, not when another note is."""
    async with desk.open(case) as reader:
        await reader.press("V", "w", *"half", "escape", "a", "escape")
        assert reader.entry == "search"


async def test_text_that_cannot_be_saved_holds_the_pass(
    desk: Desk, case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving is refused with the reason, and the text is still there."""
    async with desk.open(case) as reader:
        await reader.press("V", "a", *"half", "escape")
        with monkeypatch.context() as broken:
            broken.setattr("casefile.notes.drafts.DraftFolder.write", full)
            await reader.press("shift+tab", "x", "tab", "q")
            assert reader.is_verifying
            assert reader.message.startswith("Not saved: no space left")
        await reader.press("q")
        assert not reader.is_verifying
        assert reader.panel is not None
        assert reader.panel.text == "halfx"


# The page


async def test_page_of_the_next_row_begins_at_its_top(desk: Desk, case: Path) -> None:
    """The place on the page of a row that is gone is none on that of the next."""
    async with desk.open(case) as reader:
        await reader.press("enter", "G")
        assert reader.screen.detail.cursor > 0
        text = case.read_text("utf-8").replace('id = "search"', 'id = "raid"')
        case.write_text(
            text.replace("[[quote]]", "[[event]]\nid='last'\ntitle='x'\n[[quote]]"), "utf-8"
        )
        await reader.press("R")
        assert reader.screen.detail.cursor == reader.screen.detail.top == 0


async def test_choice_in_a_closed_dialog_closes_no_other_screen(desk: Desk) -> None:
    """Enter that is handled only after Esc, as on a busy machine, does nothing."""
    async with desk.open() as reader:
        await reader.press("colon")
        dialog = reader.app.screen
        line = dialog.query_one(Input)
        line.post_message(Input.Submitted(line, ""))
        dialog.dismiss()
        await reader.settle()
        await reader.press("j")
        assert reader.app.is_running
        assert reader.app.screen is reader.case_screen
