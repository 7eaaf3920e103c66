"""The editor's saving of bytes: what stands on the screen is what a full repaint would show."""

from __future__ import annotations

import pytest
from screens import Desk, Reader

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


async def test_a_paste_is_taken_as_it_is(desk: Desk) -> None:
    """Pasted text is text: its lines, its markup and its keys do nothing but stand there."""
    from textual.events import Paste

    async with desk.open() as reader:
        await reader.press("a")
        reader.app.post_message(Paste("[sic] q\n[/] :wq"))
        await reader.settle()
        assert editor_text(reader) == "[sic] q\n[/] :wq"


def editor_text(reader: Reader) -> str:
    """Give what stands in the editor."""
    panel = reader.screen.panel
    assert panel is not None
    return panel.text
