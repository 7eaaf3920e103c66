"""Many keys that arrive at once: joined where they move a cursor, dropped where a key quits."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from screens import Desk, Reader, key_event
from terminal import Terminal
from textual.document._document import EditResult
from textual.document._edit import Edit

from casefile.tui.app import CasefileApp
from casefile.tui.chooser import ChoiceList
from casefile.tui.line_view import LineView
from casefile.tui.note_text import NoteText
from casefile.tui.terminal.key_queue import EventQueued

MANY = 5000
MOVEMENTS = ("j", "k", "down", "up", "pagedown", "pageup", "space", "ctrl+d", "ctrl+u", "g", "G")
ENDS_WITHIN = 2.2
"""Seconds: promise 2 allows two, and a noisy machine gets a tenth more."""


def some_of(keys: tuple[str, ...], count: int, *, seed: int) -> list[str]:
    """Return keys in an order that is the same each time."""
    return random.Random(seed).choices(keys, k=count)  # noqa: S311 -- no secret


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how many events of each type the application has handled."""
    counts: Counter[str] = Counter()
    deliver = CasefileApp.deliver

    async def counted(app: CasefileApp, event: Any) -> None:
        counts[type(event).__name__] += 1
        await deliver(app, event)

    monkeypatch.setattr(CasefileApp, "deliver", counted)
    return counts


async def press_at_once(reader: Reader, *keys: str) -> None:
    """Press keys that all wait before the first is handled, as on a slow line."""
    for key in keys:
        reader.app.key_queue.put(key_event(key))
    reader.app.post_message(EventQueued())
    await reader.settle()


def position(view: LineView[Any]) -> tuple[int, int]:
    """Return the line under the cursor and the first visible line."""
    return view.cursor, view.top


@pytest.mark.parametrize("seed", range(3))
async def test_burst_ends_where_single_keys_would(
    desk: Desk, delivered: Counter[str], seed: int
) -> None:
    """The cursor, the scroll position and the screen are the same; the screen is drawn seldom."""
    keys = some_of(MOVEMENTS, 60, seed=seed)
    async with desk.open() as reader:
        await reader.press("2")
        for key in keys:
            await reader.press(key)
        singly, text = position(reader.case_screen.entry_list), reader.text
        await reader.press("g")
        delivered.clear()
        await press_at_once(reader, *keys)
        assert position(reader.case_screen.entry_list) == singly
        assert reader.text == text
        assert delivered == {"KeysJoined": 1}


async def test_burst_moves_on_a_page_and_in_a_dialog(desk: Desk, delivered: Counter[str]) -> None:
    """What moves on a page, in the palette and in the library is joined as well."""
    async with desk.open() as reader:
        await reader.press("enter")
        await press_at_once(reader, *["j"] * 5, *["k"] * 3)
        assert position(reader.screen.detail) == (2, 0)
        await reader.press("colon")
        await press_at_once(reader, *["down"] * 4, "up")
        assert position(reader.app.screen.query_one(ChoiceList)) == (3, 0)
        await reader.press("escape", "L")
        await press_at_once(reader, *["down"] * 9, *["up"] * 9)
    assert delivered["KeysJoined"] == 3


async def test_text_between_movements_stays_in_order(desk: Desk) -> None:
    """Letters, arrow keys and deletions that arrive together have the effect of single keys."""
    keys = [*"one", "left", "left", *"2", "end", *" two", *["left"] * 3, "backspace", *"-", "home"]
    async with desk.open() as reader:
        await reader.press("a")
        await press_at_once(reader, *keys, *">")
        assert reader.panel is not None
        assert reader.panel.text == ">o2ne-two"


EDITS = (
    *("x", "y", "漢", "space", "enter", "left", "right", "up", "down", "home", "end", "pageup"),
    *("shift+left", "backspace", "delete", "ctrl+w", "ctrl+u", "ctrl+k"),
)


@pytest.mark.parametrize("seed", range(4))
async def test_burst_edits_as_single_keys_would(
    desk: Desk, delivered: Counter[str], seed: int
) -> None:
    """Text and selection are the same, all keys are handled together, and no row is stale.

    One by one a hundred edits took two seconds, during which the draft was behind.
    """
    begun = "Some words to begin with, and more of them.\n" * 3
    keys = some_of(EDITS, 90, seed=seed)
    async with desk.open() as reader:
        await reader.press("a")
        assert reader.panel is not None
        editor = reader.panel.editor
        await press_at_once(reader, *begun)
        await reader.press(*keys)
        singly = editor.text, editor.selection
        editor.load_text("")
        await press_at_once(reader, *begun)
        delivered.clear()
        await press_at_once(reader, *keys)
        assert delivered == {"KeysJoined": 1}
        assert (editor.text, editor.selection) == singly
        shown = reader.text
        reader.screen.refresh()
        await reader.settle()
        assert reader.text == shown


async def test_signal_finds_each_letter_once_among_keys_that_are_joined(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits, what is handed to the editor and what stands in it is all that was typed."""
    found: list[str] = []

    def look(editor: NoteText, edit: Edit) -> EditResult:
        waiting = editor.text_with(reader.app.key_queue.text_waiting)
        result = edit_of_editor(editor, edit)
        found.extend((waiting, editor.text_with(reader.app.key_queue.text_waiting)))
        return result

    edit_of_editor = NoteText.edit
    monkeypatch.setattr(NoteText, "edit", look)
    async with desk.open() as reader:
        await reader.press("a")
        await press_at_once(reader, *"ab", "left", "enter", "delete", "c", "home", *"de")
    assert [*map(sorted, found)] == [sorted("ab\ncde")] * 5 + [sorted("a\ncde")] * 5


async def test_quitting_does_not_wait_for_keys_that_only_look(
    desk: Desk, delivered: Counter[str]
) -> None:
    """Of thousands of keys that move and turn panes none is handled before ctrl+q."""
    async with desk.open() as reader:
        keys = some_of(("j", "k", "pagedown", "right_square_bracket", "n", "escape"), MANY, seed=1)
        await press_at_once(reader, *keys, "ctrl+q")
        assert not reader.app.is_running
    assert delivered == {"Key": 1}


async def test_quitting_waits_for_keys_that_save(desk: Desk) -> None:
    """A verdict, a note and a draft before ctrl+q are saved, on the entries they were meant for."""
    async with desk.open() as reader:
        note = ["j", "a", *"Kept.", "ctrl+s", "j", "a", *"Half a", "left", "ctrl+q"]
        await press_at_once(reader, "j", "v", "c", *note)
        assert not reader.app.is_running
    open_case = desk.lay_open()
    assert open_case.checks.own("tip") is not None
    (kept,) = open_case.notebook.on("hsi-investigation")
    assert kept.current.body == "Kept."
    (draft,) = open_case.drafts.unfinished()
    assert draft.body == "Half a"


@pytest.mark.terminal
@pytest.mark.parametrize("keys", ["jk", "]["])
@pytest.mark.parametrize("end", ["ctrl+q", "SIGHUP", "hangup"])
def test_program_ends_soon_after_thousands_of_keys(
    reading: Callable[[], Terminal], keys: str, end: str
) -> None:
    """Neither quitting, nor a signal, nor a hangup waits for the keys before it."""
    terminal = reading()
    for _ in range(MANY // 1000):
        # The terminal buffers four thousand bytes.
        terminal.press("".join(some_of(tuple(keys), 1000, seed=2)))
        terminal.read_for(0.05)
    begun = time.monotonic()
    if end == "ctrl+q":
        terminal.press(end)
    elif end == "SIGHUP":
        terminal.signal_program(signal.SIGHUP)
    else:
        terminal.hang_up()
    if end == "hangup":
        assert terminal.wait_end() == 129
    else:
        assert terminal.wait_exit() == {"ctrl+q": 0, "SIGHUP": 129}[end]
    assert time.monotonic() - begun < ENDS_WITHIN
