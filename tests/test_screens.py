"""What the reader sees: the text of each screen, to be looked at whenever it changes."""

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
    """Each pane: its rows, the page of the first, where one is and what to press."""
    async with desk.open(size=size) as reader:
        await reader.press(key)
        assert reader.text == screen_snapshot


async def test_the_first_screen_at_60x20(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Under 80 columns the list stands alone."""
    async with desk.open(size=(60, 20)) as reader:
        assert reader.text == screen_snapshot


async def test_a_page_at_60x20(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Under 80 columns the page lies over the list."""
    async with desk.open(size=(60, 20)) as reader:
        await reader.press("j", "enter")
        assert reader.text == screen_snapshot


async def test_a_search_that_finds_nothing_here(
    desk: Desk, screen_snapshot: SnapshotAssertion
) -> None:
    """Words that this pane lacks are said to be in others, by name."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("annello")
        await reader.press("enter")
        assert reader.text == screen_snapshot


async def test_a_search_that_finds_some(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The count stands at the right, the words stay marked in list and page."""
    async with desk.open() as reader:
        await reader.press("slash")
        await reader.type("laboratory")
        await reader.press("enter", "n")
        assert reader.text == screen_snapshot


async def test_the_editor(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The editor stands under the page, which stays readable."""
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Where from?\nAsk the office.")
        assert reader.text == screen_snapshot


async def test_a_note_that_was_kept(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A note is marked in the list, counted in the title, and stands on the page."""
    async with desk.open() as reader:
        await reader.press("j", "a")
        await reader.type("Where from?")
        await reader.press("ctrl+s", "j")
        await reader.press("k")
        assert reader.text == screen_snapshot


async def test_the_notes_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """All notes stand in a pane of their own, the last one first."""
    async with desk.open() as reader:
        for words in ("First.", "Second."):
            await reader.press("j", "a")
            await reader.type(words)
            await reader.press("ctrl+s")
        await reader.press("9")
        assert reader.text == screen_snapshot


async def test_the_help(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Help names every key that works here, in groups."""
    async with desk.open(size=(120, 60)) as reader:
        await reader.press("question_mark")
        assert reader.text == screen_snapshot


async def test_going_somewhere(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The colon offers what a name may mean, the nearest first."""
    async with desk.open() as reader:
        await reader.press("colon")
        await reader.type("diana")
        assert reader.text == screen_snapshot


async def test_an_empty_pane(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """A pane without entries says so, and the page beside it is empty."""
    async with desk.open(desk.write_case("")) as reader:
        assert reader.text == screen_snapshot


async def test_the_library(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """Each case stands on a line with its counts; where the selected one is stands below."""
    desk.write_case('[[event]]\nid = "e"\ntitle = "E"\n')
    async with desk.open() as reader:
        await reader.press("L")
        await reader.wait(0.4)
        lines = reader.text.splitlines()
        assert "\n".join([*lines[:-2], lines[-1]]) + "\n" == screen_snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 30)], ids=["80x24", "120x30"])
async def test_a_transcript(
    desk: Desk, size: tuple[int, int], screen_snapshot: SnapshotAssertion
) -> None:
    """A source stands beside the entry: its gutter, the place cited, lines hanging under words."""
    case = EXAMPLES / "court-chronology" / "vasch-warehouse-2019.toml"
    async with desk.open(case, size=size) as reader:
        await reader.press("4", "s")
        assert reader.text == screen_snapshot


async def test_a_table_of_its_own(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """The names of its columns stand above the rows; the page has every key."""
    case = EXAMPLES / "shipping-fraud" / "larkfield-cargo-2019.toml"
    async with desk.open(case, size=(100, 24)) as reader:
        await reader.press("9", "right_square_bracket", "j")
        assert reader.text == screen_snapshot


async def test_problems_of_a_file(desk: Desk, screen_snapshot: SnapshotAssertion) -> None:
    """What is wrong in the file stands in a pane, and the entries that it is about are marked."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ndate = "2018-13"\nby = "pres"\n[[event]]\nid = "f"\n'
    async with desk.open(desk.write_case(rows)) as reader:
        # Not the last one's page, which names the file.
        await reader.press("1")
        assert reader.text == screen_snapshot
        await reader.press("6")
        shown = [line.split("│")[0].rstrip() for line in reader.text.splitlines()[3:6]]
        assert shown == [
            "▌line 12    date: there is no month 13; mon…",
            " line 13    by: there is no entry “pres”; t…",
            " line 14    the event lacks `title`",
        ]
