"""Lines with text at both ends: what is cut when there is no room for all of it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from casefile.tui.two_ended_line import TwoEndedLine


class LineApp(App[None]):
    """An app that shows one line."""

    def compose(self) -> ComposeResult:
        """Show the line."""
        yield TwoEndedLine(id="line")


async def drawn(width: int, left: str, right: str = "", **more: str) -> str:
    """Return a line of some width as drawn."""
    app = LineApp()
    async with app.run_test(size=(width, 1)):
        line = app.query_one(TwoEndedLine)
        line.show(left, right, **more)
        return line.render_line(0).text.rstrip()


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, " Seizures · CNY 790,000; EUR 115,000"),
        (36, " Seizures · CNY 790,000; …"),
        (25, " Seizures · CNY 790,000…"),
        (22, " Seizures · …"),
        (8, " Seizu…"),
    ],
)
async def test_number_is_not_cut(width: int, shown: str) -> None:
    """Words are cut anywhere, but a number is left out whole."""
    assert await drawn(width, "Seizures · CNY 790,000; EUR 115,000") == shown


async def test_left_end_is_not_cut() -> None:
    """In a cite, the name of the source is cut and the place in it stays."""
    shown = await drawn(36, "Transcript of the hearing", "cited", left_end=", p. 2 l. 25")
    assert shown == " Transcript of …, p. 2 l. 25  cited"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (39, " The joint case  you: 1 stale, 2 notes"),
        (38, " The joint case          you: 1 stale"),
        (30, " The joint case  you: 1 stale"),
        (29, " The joint case"),
    ],
)
async def test_spare_items_are_left_out_from_the_last(width: int, shown: str) -> None:
    """The more important items come first, as stale checks before notes."""
    assert await drawn(width, "The joint case", spare="you: 1 stale, 2 notes") == shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, " The joint case   4 problems · no notes"),
        (35, " The joint case         4 problems"),
        (25, " The joint …  4 problems"),
    ],
)
async def test_spare_text_is_left_out_before_left_text_is_cut(width: int, shown: str) -> None:
    """Spare text is left out before the title gets less than half of the line."""
    assert await drawn(width, "The joint case", "4 problems", spare="no notes") == shown
