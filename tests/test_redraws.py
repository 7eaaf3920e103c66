"""One key redraws each part of the screen once: saving a note, giving a verdict, opening a pane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from screens import Desk, Reader

from casefile.tui import case_screen
from casefile.tui.detail_view import DetailView
from casefile.tui.key_line import KeyLine
from casefile.views import session


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return the number of calls by which panes, pages and keys are made and drawn."""
    counts: Counter[str] = Counter()

    def count(owner: Any, name: str, what: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            counts[what] += 1
            return original(*arguments, **options)

        monkeypatch.setattr(owner, name, counted)

    count(session, "panes_of", "panes made")
    count(case_screen, "page_of_row", "pages made")
    count(DetailView, "show", "pages shown")
    count(KeyLine, "keys_now", "keys listed")
    return counts


async def write_note(reader: Reader) -> None:
    """Begin a note."""
    await reader.press("a")
    await reader.type("A note.")


async def begin_check(reader: Reader) -> None:
    """Wait for a verdict."""
    await reader.press("v")


@pytest.mark.parametrize(("begin", "key"), [(write_note, "ctrl+s"), (begin_check, "c")])
async def test_saving_redraws_once(
    desk: Desk, calls: Counter[str], begin: Callable[[Reader], Any], key: str
) -> None:
    """Panes and page are made once; the keys are listed once to compare and once to draw."""
    async with desk.open() as reader:
        await begin(reader)
        calls.clear()
        await reader.press(key)
        assert (calls["panes made"], calls["pages made"], calls["pages shown"]) == (1, 1, 1)
        assert calls["keys listed"] <= 2


async def test_opening_a_pane_redraws_once(desk: Desk, calls: Counter[str]) -> None:
    """No pane is made for it."""
    async with desk.open() as reader:
        calls.clear()
        await reader.press("2")
        assert (calls["panes made"], calls["pages made"], calls["pages shown"]) == (0, 1, 1)
        assert calls["keys listed"] <= 2
