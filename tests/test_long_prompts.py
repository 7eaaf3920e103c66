"""What can be typed or pasted into a prompt is bounded, and the limit is told."""

from __future__ import annotations

import pytest
from screens import Desk
from textual.widgets import Input

from casefile.tui.inert_input import LONGEST, InertInput

PROMPTS = pytest.mark.parametrize("key", ["slash", "f", "colon", "t"])


@PROMPTS
async def test_long_paste_into_a_prompt_is_refused(desk: Desk, key: str) -> None:
    """What was typed before stays, and so does the prompt."""
    async with desk.open() as reader:
        await reader.press(key, *"ar")
        await reader.paste("abc def " * 100_000)
        prompt = reader.app.screen.query_one(Input)
        assert prompt.value == "ar"
        assert "at most 2,000 characters" in reader.text
        await reader.press("x")
        assert prompt.value == "arx"
        assert "at most" not in reader.text


@PROMPTS
async def test_prompt_takes_what_fits(desk: Desk, key: str) -> None:
    """A full prompt refuses one more letter; what is in it can be deleted and replaced."""
    async with desk.open() as reader:
        await reader.press(key)
        prompt = reader.app.screen.query_one(InertInput)
        await reader.paste("a" * LONGEST)
        await reader.press("b", "\u200d")
        assert prompt.value == "a" * LONGEST
        await reader.press("backspace", "b")
        assert prompt.value == "a" * (LONGEST - 1) + "b"
        prompt.replace("c", len(prompt.value), 0)
        assert prompt.value == "c"


async def test_longer_value_can_be_shortened(desk: Desk) -> None:
    """A filter that folding made longer than the limit does not refuse the deletion of a letter."""
    async with desk.open() as reader:
        await reader.press("f")
        prompt = reader.app.screen.query_one(InertInput)
        prompt.value = "a" * (LONGEST + 9)
        prompt.delete(0, 1)
        assert prompt.value == "a" * (LONGEST + 8)
