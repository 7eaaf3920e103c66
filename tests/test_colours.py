"""Snapshots of the main screens with their colours, in a dark and a light theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import Desk
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

EXAMPLES = Path(__file__).parent / "cases"
COURT = EXAMPLES / "court-chronology" / "vasch-warehouse-2019.toml"

in_both_themes = pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])


@in_both_themes
async def test_timeline(desk: Desk, colour_snapshot: SnapshotAssertion, theme: str) -> None:
    """Rows with a check, a star and a note have their marks; the cursor is on the noted one."""
    async with desk.open() as reader:
        reader.app.theme = theme
        await reader.press("v", "c", "j", "asterisk", "j", "a", *"Who says so?", "ctrl+s", "j", "k")
        assert reader.image == colour_snapshot


@in_both_themes
async def test_source(desk: Desk, colour_snapshot: SnapshotAssertion, theme: str) -> None:
    """The cited words are marked in the source, which has the focus beside the page."""
    async with desk.open(COURT) as reader:
        reader.app.theme = theme
        await reader.press("4", "s")
        assert reader.is_source_open
        assert reader.image == colour_snapshot


@in_both_themes
async def test_verification(desk: Desk, colour_snapshot: SnapshotAssertion, theme: str) -> None:
    """The entry is beside its source, and it is said what became of the one before."""
    async with desk.open(COURT) as reader:
        reader.app.theme = theme
        await reader.press("V", "c", "c")
        assert reader.is_verifying
        assert reader.image == colour_snapshot


@in_both_themes
async def test_library(
    desk: Desk, colour_snapshot: SnapshotAssertion, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The selected case is marked, and its path is below, from the home directory on."""
    monkeypatch.setenv("HOME", str(desk.folder))
    desk.write_case('[[event]]\nid = "e"\ntitle = "E"\n')
    async with desk.open() as reader:
        reader.app.theme = theme
        await reader.press("L")
        await reader.wait(0.4)
        words = reader.app.screen.query_one(Input)
        words.cursor_blink = False
        await reader.settle()
        assert reader.image == colour_snapshot
