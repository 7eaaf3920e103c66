"""The editor: its text is kept as it was written, drawn inert, and repainted where it changed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from screens import Desk, Reader
from textual.widgets import Input

from casefile.text.inert import is_inert
from casefile.tui.note_text import NoteDocument

LONG = "A long paragraph of text that wraps over several rows, since it is long indeed."

TEXTS = {
    LONG,
    "abc",
    "abc\ndef",
    "inserted words ",
    "one\ntwo\nthree",
    "\n" * 12 + "last",
    "one two",
}


async def typed(desk: Desk, *steps: str) -> tuple[str, str]:
    """Do some steps in the editor; give the screen as it is, and as repainted whole."""
    async with desk.open(size=(90, 24)) as reader:
        await reader.press("a")
        for step in steps:
            await (reader.type(step) if step in TEXTS else reader.press(*step.split()))
        before = reader.text
        reader.screen.refresh()
        await reader.settle()
        return before, reader.text


@pytest.mark.parametrize(
    "steps",
    [
        ("abc", "left left X"),
        ("abc\ndef", "up X"),
        (LONG, "home X"),
        (LONG, "backspace " * 12),
        (LONG, "left " * 40, "inserted words "),
        (LONG, "shift+home delete"),
        (LONG, "shift+home X"),
        ("one\ntwo\nthree", "ctrl+k up home ctrl+k"),
        ("\n" * 12 + "last", "backspace"),
        ("one two", "ctrl+w ctrl+z"),
    ],
)
async def test_the_screen_is_as_after_a_full_repaint(desk: Desk, steps: tuple[str, ...]) -> None:
    """Whatever is typed, deleted, selected or wrapped, no row is left as it was."""
    shown, repainted = await typed(desk, *steps)
    assert shown == repainted


async def test_what_is_typed_between_letters_stands_between_them(desk: Desk) -> None:
    """The cursor keys move within the text."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("abc")
        await reader.press("left", "left")
        await reader.type("X")
        assert editor_text(reader) == "aXbc"


async def test_a_joiner_is_typed(desk: Desk) -> None:
    """A character without a shape, which Persian is written with, is part of the text."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("می\u200cرود")
        assert reader.screen.query_one(Input).value == "می\u200cرود"
        await reader.press("escape", "a")
        await reader.type("می\u200cرود")
        assert editor_text(reader) == "می\u200cرود"


async def test_a_paste_is_taken_as_it_is(desk: Desk) -> None:
    """Pasted text is text: its lines, its markup and its keys do nothing but stand there."""
    from textual.events import Paste

    async with desk.open() as reader:
        await reader.press("a")
        reader.app.post_message(Paste("[sic] q\n[/] :wq"))
        await reader.settle()
        assert editor_text(reader) == "[sic] q\n[/] :wq"


async def test_what_acts_is_kept_as_written_and_drawn_inert(desk: Desk) -> None:
    """Each character stays one on the screen too, so that the cursor stands where it writes."""
    from textual.events import Paste

    async with desk.open() as reader:
        await reader.press("a")
        reader.app.post_message(Paste("a\x1b[2J\u202e\x9b禁\x07\tb"))
        await reader.settle()
        assert "a␛[2J\ufffd\ufffd禁␇" in reader.text
        for before, column in (("b", 12), ("\t", 10), ("\x07", 9), ("禁", 7), ("\x9b", 6)):
            await reader.press("left")
            assert cursor_column(reader) == column, before
        await reader.type("X")
        assert editor_text(reader) == "a\x1b[2J\u202eX\x9b禁\x07\tb"
        assert "a␛[2J\ufffdX\ufffd禁␇" in reader.text


async def test_a_line_to_type_in_is_drawn_inert(desk: Desk) -> None:
    """What is looked for is what was pasted, and the cursor stands behind what is seen of it."""
    from textual.events import Paste

    async with desk.open() as reader:
        await reader.press("slash")
        reader.app.post_message(Paste("a\x9b\u202e\x07b"))
        await reader.settle()
        line = reader.screen.query_one(Input)
        assert line.value == "a\x9b\u202e\x07b"
        assert "a\ufffd\ufffd␇b" in reader.text
        assert line.cursor_screen_offset.x - line.content_region.x == 6


LINES = st.text(
    st.characters(codec="utf-8") | st.sampled_from("a\n\r\t\x0b\x0c\x85\u2028\x1b\u0301")
)


@given(LINES)
@example("a\r\nb\rc\nd\x0b\x0c\x1c\x85\u2028\u2029e\n")
def test_every_text_comes_back_equal(text: str) -> None:
    """No line end is made another, and no separator parts lines; all of it is drawn inert."""
    document = NoteDocument(text)
    assert document.text == text
    assert document.line_count == text.count("\n") + 1
    for line in document.lines:
        assert is_inert(line.replace("\t", ""))


@given(LINES, LINES, st.data())
def test_an_edit_replaces_what_it_should(text: str, new: str, data: st.DataObject) -> None:
    """Whatever stands between two places is given, and replaced by whatever is typed or pasted."""
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    document = NoteDocument(text)
    result = document.replace_range(place_in(text, start), place_in(text, end), new)
    whole = text[:start] + new + text[end:]
    assert document.text == whole
    assert result.replaced_text == text[start:end]
    assert result.end_location == place_in(whole, start + len(new))
    assert document.lines == NoteDocument(whole).lines


def place_in(text: str, at: int) -> tuple[int, int]:
    """Give the line and the column of a character."""
    before = text[:at]
    return before.count("\n"), at - before.rfind("\n") - 1


def cursor_column(reader: Reader) -> int:
    """Give how many cells stand before the cursor."""
    panel = reader.panel
    assert panel is not None
    return panel.editor.cursor_screen_offset.x - panel.editor.content_region.x


def editor_text(reader: Reader) -> str:
    """Give what stands in the editor."""
    panel = reader.panel
    assert panel is not None
    return panel.text
