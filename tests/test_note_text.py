"""The note editor: its text is kept as typed, drawn inert and repainted where it changed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from screens import Desk, Reader
from textual.geometry import Offset
from textual.widgets import Input

from casefile.text.inert import is_inert
from casefile.tui.note_text import NoteDocument
from casefile.tui.note_wrapping import NoteWrapping, column_at

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


async def screens_after(desk: Desk, *steps: str) -> tuple[str, str]:
    """Type some steps in the editor; return the screen before and after a full repaint."""
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
async def test_screen_equals_full_repaint(desk: Desk, steps: tuple[str, ...]) -> None:
    """No row is stale after typing, deleting, selecting or wrapping."""
    shown, repainted = await screens_after(desk, *steps)
    assert shown == repainted


async def test_text_is_inserted_at_cursor(desk: Desk) -> None:
    """The cursor keys move within the text."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.type("abc")
        await reader.press("left", "left")
        await reader.type("X")
        assert editor_text(reader) == "aXbc"


async def test_joiner_can_be_typed(desk: Desk) -> None:
    """An invisible joiner, which Persian needs, can be typed in inputs and notes."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("می\u200cرود")
        assert reader.screen.query_one(Input).value == "می\u200cرود"
        await reader.press("escape", "a")
        await reader.type("می\u200cرود")
        assert editor_text(reader) == "می\u200cرود"


async def test_pasted_text_is_inserted_literally(desk: Desk) -> None:
    """Pasted line breaks, markup and letters are text, not markup or keys."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.paste("[sic] q\n[/] :wq")
        assert editor_text(reader) == "[sic] q\n[/] :wq"


async def test_text_too_long_for_a_note_is_told_while_it_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saving refuses it with the same words, the draft is saved, and one that fits can be kept."""
    monkeypatch.setattr("casefile.notes.annotation.TEXT_LIMIT", 40)
    async with desk.open() as reader:
        await reader.press("a")
        await reader.paste("x" * 40)
        assert "too long" not in reader.text
        await reader.type("\ny")
        assert "3 bytes too long" in reader.text
        await reader.press("ctrl+s")
        told = "Not saved: the text is 3 bytes too long for a note. The text is still here."
        assert reader.message == told
        await reader.press("escape")
        drafts = desk.lay_open().drafts.read_all()
        assert [draft.body for draft in drafts.in_use] == [f"{'x' * 40}\ny"]
        reader.screen.focus_stop("editor")
        await reader.press("backspace", "backspace")
        assert "too long" not in reader.text
        await reader.press("ctrl+s")
        assert [note.current.body for note in desk.notebook().notes] == ["x" * 40]


async def test_editor_takes_no_more_than_a_draft_can_have(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be too much is not inserted and said; what makes the text shorter is taken."""
    monkeypatch.setattr("casefile.tui.note_text.EDITOR_LIMIT", 40)
    async with desk.open() as reader:
        await reader.press("a")
        await reader.paste("x" * 38)
        await reader.paste("\ny")
        assert editor_text(reader) == "x" * 38
        assert "Not inserted: over 4 MiB" in reader.text
        await reader.type("yz")
        assert "Not inserted" not in reader.text
        await reader.press("!", "enter")
        assert editor_text(reader) == f"{'x' * 38}yz"
        assert "Not inserted" in reader.text
        assert reader.panel is not None
        reader.panel.editor.select_all()
        await reader.paste("y" * 40)
        assert editor_text(reader) == "y" * 40
        await reader.press("ctrl+z")
        assert editor_text(reader) == f"{'x' * 38}yz"


async def test_control_characters_are_kept_and_drawn_inert(desk: Desk) -> None:
    """Each character is drawn as one character, so that the cursor is where text is inserted."""
    async with desk.open() as reader:
        await reader.press("a")
        await reader.paste("a\x1b[2J\u202e\x9b禁\x07\tb")
        assert "a␛[2J\ufffd\ufffd禁␇" in reader.text
        for before, column in (("b", 12), ("\t", 10), ("\x07", 9), ("禁", 7), ("\x9b", 6)):
            await reader.press("left")
            assert cursor_column(reader) == column, before
        await reader.type("X")
        assert editor_text(reader) == "a\x1b[2J\u202eX\x9b禁\x07\tb"
        assert "a␛[2J\ufffdX\ufffd禁␇" in reader.text


async def test_search_line_is_drawn_inert(desk: Desk) -> None:
    """The search is for the text as pasted, and the cursor is behind the text as drawn."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.paste("a\x9b\u202e\x07b")
        line = reader.screen.query_one(Input)
        assert line.value == "a\x9b\u202e\x07b"
        assert "a\ufffd\ufffd␇b" in reader.text
        assert line.cursor_screen_offset.x - line.content_region.x == 6


LINES = st.text(
    st.characters(codec="utf-8") | st.sampled_from("a\n\r\t\x0b\x0c\x85\u2028\x1b\u0301")
)


@given(LINES)
@example("a\r\nb\rc\nd\x0b\x0c\x1c\x85\u2028\u2029e\n")
def test_document_keeps_every_character(text: str) -> None:
    """No line break is changed, only line feeds break lines, and all lines are drawn inert."""
    document = NoteDocument(text)
    assert document.text == text
    assert document.line_count == text.count("\n") + 1
    for line in document.lines:
        assert is_inert(line.replace("\t", ""))


@given(LINES, LINES, st.data())
def test_replace_range_replaces_exactly_that_range(
    text: str, new: str, data: st.DataObject
) -> None:
    """The text between two locations is returned and replaced by any other text."""
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    document = NoteDocument(text)
    result = document.replace_range(place_in(text, start), place_in(text, end), new)
    whole = text[:start] + new + text[end:]
    assert document.text == whole
    assert result.replaced_text == text[start:end]
    assert result.end_location == place_in(whole, start + len(new))
    assert document.lines == NoteDocument(whole).lines
    assert document.size_in_file == NoteDocument(whole).size_in_file


def place_in(text: str, at: int) -> tuple[int, int]:
    """Return the line and column of the character at an offset."""
    before = text[:at]
    return before.count("\n"), at - before.rfind("\n") - 1


def cursor_column(reader: Reader) -> int:
    """Return the number of cells before the cursor."""
    panel = reader.panel
    assert panel is not None
    return panel.editor.cursor_screen_offset.x - panel.editor.content_region.x


def editor_text(reader: Reader) -> str:
    """Return the text in the editor."""
    panel = reader.panel
    assert panel is not None
    return panel.text


WRAPPED = st.text(st.sampled_from("ab  \t\n漢é\u0301👍\x1b\u200d") | st.characters(codec="utf-8"))


@given(WRAPPED, WRAPPED, st.integers(1, 12), st.data())
def test_edit_wraps_and_draws_as_the_whole_text_does(
    text: str, new: str, width: int, data: st.DataObject
) -> None:
    """After any edit the rows are those of the text wrapped and made inert as a whole."""
    text *= data.draw(st.integers(1, 5))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    document = NoteDocument(text)
    wrapping = NoteWrapping(document, width)
    top, bottom = place_in(text, start), place_in(text, end)
    result = document.replace_range(top, bottom, new)
    wrapping.wrap_range(top, bottom, result.end_location)
    whole = NoteDocument(document.text)
    assert document.lines == whole.lines
    assert rows_of(wrapping) == rows_of(NoteWrapping(whole, width))


@given(WRAPPED, st.integers(2, 12))
@example("a\t\t漢", 2)
def test_rows_hold_the_whole_text_within_the_width(text: str, width: int) -> None:
    """No character is left out, no row is too wide, and each cell leads to its character.

    A tab that is wider than the editor has a row for itself.
    """
    document = NoteDocument(text)
    wrapping = NoteWrapping(document, width)
    for number, line in enumerate(document.lines):
        rows = wrapping.get_sections(number)
        assert "".join(rows) == line
        assert all(row == "\t" or column_at(row, width, 4) == len(row) for row in rows)
    for y, _row in enumerate(rows_of(wrapping)):
        location = wrapping.offset_to_location(Offset(0, y))
        assert wrapping.location_to_offset(location) == (0, y)


def rows_of(wrapping: NoteWrapping) -> list[tuple[int, int, str]]:
    """Return each row of a text with its line and its number in the line."""
    return [
        (line, section, wrapping.get_sections(line)[section])
        for line, section in map(wrapping.offset_to_line, range(wrapping.height))
    ]
