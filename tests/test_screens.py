"""Snapshots of the text of each screen, to be read in review when one changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import Desk
from syrupy.assertion import SnapshotAssertion

EXAMPLES = Path(__file__).parent / "cases"
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
PANES = {
    "timeline": "1",
    "parties": "2",
    "seizures": "3",
    "quotes": "4",
    "claims": "5",
    "links": "6",
    "issues": "7",
    "sources": "8",
    "case": "0",
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("key", PANES.values(), ids=PANES)
async def test_pane(
    desk: Desk, screen_snapshot: SnapshotAssertion, key: str, size: tuple[int, int]
) -> None:
    """Each pane shows its rows, the page of the first, the position and the keys."""
    async with desk.open(size=size) as reader:
        await reader.press(key)
        assert reader.text == screen_snapshot


async def test_list_at_60x20(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Under 80 columns the list fills the screen."""
    async with desk.open(size=(60, 20)) as reader:
        assert reader.text == screen_snapshot


async def test_page_at_60x20(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Under 80 columns the page replaces the list."""
    async with desk.open(size=(60, 20)) as reader:
        await reader.press("j", "enter")
        assert reader.text == screen_snapshot


async def test_search_without_match_in_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A search without a match in the open pane names the panes that have one."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("annello")
        await reader.press("enter")
        assert reader.text == screen_snapshot


async def test_search_with_matches(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The count is shown at the right, and the matches are highlighted in list and page."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("laboratory")
        await reader.press("enter", "n")
        assert reader.text == screen_snapshot


async def test_note_editor(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The editor opens below the page, which stays readable."""
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Where from?\nAsk the office.")
        assert reader.text == screen_snapshot


async def test_page_with_note(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A note is marked in the list, counted in the title and shown on the page."""
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Where from?")
        await reader.press("ctrl+s", "j")
        await reader.press("k")
        assert reader.text == screen_snapshot


async def test_notes_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The notes pane lists all notes, the newest first."""
    async with desk.open() as reader:
        for words in ("First.", "Second."):
            await reader.press("j", "a")
            await reader.type(words)
            await reader.press("ctrl+s")
        await reader.press("9")
        assert reader.text == screen_snapshot


async def test_help(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Help lists every key that works on the screen, in groups."""
    async with desk.open(size=(120, 60)) as reader:
        await reader.press("question_mark")
        assert reader.text == screen_snapshot


async def test_go_dialog(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The go dialog lists the matches of the typed text, the best first."""
    async with desk.open() as reader:
        await reader.press("colon")
        await reader.type("diana")
        assert reader.text == screen_snapshot


async def test_empty_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A pane without rows says so, and the page beside it is empty."""
    async with desk.open(desk.write_case("")) as reader:
        assert reader.text == screen_snapshot


async def test_library(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The library shows each case with its counts, and the path of the selected one below."""
    desk.write_case('[[event]]\nid = "e"\ntitle = "E"\n')
    async with desk.open() as reader:
        await reader.press("L")
        await reader.wait(0.4)
        lines = reader.text.splitlines()
        assert "\n".join([*lines[:-2], lines[-1]]) + "\n" == screen_snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 30)], ids=["80x24", "120x30"])
async def test_transcript(
    desk: Desk, size: tuple[int, int], screen_snapshot: SnapshotAssertion
) -> None:
    """A transcript has its page and line numbers in the gutter, and wrapped lines are indented."""
    case = EXAMPLES / "court-chronology" / "vasch-warehouse-2019.toml"
    async with desk.open(case, size=size) as reader:
        await reader.press("4", "s")
        assert reader.text == screen_snapshot


async def test_custom_table(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A table of the file's own has headings above its columns, and a page with every key."""
    case = EXAMPLES / "shipping-fraud" / "larkfield-cargo-2019.toml"
    async with desk.open(case, size=(100, 24)) as reader:
        await reader.press("9", "right_square_bracket", "j")
        assert reader.text == screen_snapshot


async def test_problems_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A file's problems are listed in a pane, and the entries with problems are marked."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-13"\nby = "pres"\n[[event]]\nid = "f"\n'
    async with desk.open(desk.write_case(rows)) as reader:
        # The first row, because the page of the last one contains the path of the file.
        await reader.press("1")
        assert reader.text == screen_snapshot
        await reader.press("6")
        shown = [line.split("│")[0].rstrip() for line in reader.text.splitlines()[3:6]]
        assert shown == [
            "▌line 12    date: there is no month 13; mon…",
            " line 13    by: there is no entry “pres”; t…",
            " line 14    the event lacks `title`",
        ]
