"""Wrapping of text: between words, or between Chinese and Japanese characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from casefile.tui.drawing import wrap_text

TEXTS = st.text(alphabet="ab cd—“”é，。（）汉字かなابت\u0301👍 ", max_size=60)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("to the quay and back", 11, ["to the quay", "and back"]),
        ("to  the   quay", 6, ["to", "the", "quay"]),
        ("an unbreakableword", 8, ["an", "unbreaka", "bleword"]),
        ("  set in", 6, ["  set", "in"]),
        ("not\nhere", 20, ["not", "here"]),
        ("claim: 会计只管盖章", 14, ["claim: 会计只", "管盖章"]),
        ("只写姓氏。", 8, ["只写姓", "氏。"]),
        ("说（小张）", 5, ["说", "（小", "张）"]),
        ("وصل المحاسب", 6, ["وصل", "المحاس", "ب"]),
    ],
)
def test_wrapped_breaks_at_words_and_ideographs(text: str, width: int, lines: list[str]) -> None:
    """Lines end between words or Chinese characters, not before punctuation; long words are cut."""
    assert list(wrap_text(text, width)) == lines


@given(TEXTS, st.integers(2, 20))
def test_wrapped_keeps_all_text_within_width(text: str, width: int) -> None:
    """No line is wider than the width, and all characters but spaces stay, in order."""
    lines = list(wrap_text(text, width))
    assert all(cell_len(line) <= width for line in lines)
    shown = "".join(wrap_text(text, 1000))
    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
