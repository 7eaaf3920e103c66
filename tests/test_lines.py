"""The lines that tell where one is: what gives way where there is no room for all."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from casefile.tui.two_ended_line import TwoEndedLine


class OneLine(App[None]):
    """A line alone."""

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield TwoEndedLine(id="line")


async def _drawn(width: int, left: str, right: str = "", **more: str) -> str:
    app = OneLine()
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
async def test_a_number_is_never_cut_to_another(width: int, shown: str) -> None:
    """Words are cut anywhere, but a sum is left out whole."""
    assert await _drawn(width, "Seizures · CNY 790,000; EUR 115,000") == shown


async def test_the_end_of_what_is_cut_can_stay() -> None:
    """Of a cite the name of the source is cut, not the place in it."""
    shown = await _drawn(36, "Transcript of the hearing", "cited", left_end=", p. 2 l. 25")
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
async def test_spare_words_give_way_one_after_the_other(width: int, shown: str) -> None:
    """The last of them first: that there are notes is no reason to hide that a check is stale."""
    assert await _drawn(width, "The joint case", spare="you: 1 stale, 2 notes") == shown


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, " The joint case   4 problems · no notes"),
        (35, " The joint case         4 problems"),
        (25, " The joint …  4 problems"),
    ],
)
async def test_spare_words_give_way_first(width: int, shown: str) -> None:
    """What can be left out is, before the title has less than half of the line."""
    assert await _drawn(width, "The joint case", "4 problems", spare="no notes") == shown
