"""A line of a file with a caret under one of its characters, however wide what stands before is."""

from __future__ import annotations

import pytest
from hostile_cases import ATTACK, acting
from hypothesis import given
from hypothesis import strategies as st

from casefile.text.caret import INDENT, pointed
from casefile.text.cells import cells_of


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ('date = "soon"', 8, 'date = "soon"', "       ^"),
        ("\tdate = 1", 2, "        date = 1", "        ^"),
        ('名前 = "漢字"', 6, '名前 = "漢字"', "       ^"),
        ('e\u0301t\u00e9 = "x"', 7, 'e\u0301t\u00e9 = "x"', "     ^"),
        ("ᄀ\u1161\ud7cb = 1", 5, "ᄀ\u1161\ud7cb = 1", "   ^"),
        ("a\x1bb\u202ec", 5, "a␛b<U+202E>c", "           ^"),
        ("a = ", 5, "a =", "    ^"),
        ("", 1, "", "^"),
    ],
)
def test_the_caret_stands_under_the_column(line: str, column: int, shown: str, caret: str) -> None:
    """Tabs, wide letters, accents and what is made visible count as the cells that they take."""
    assert pointed(line, column, width=80) == (f"{INDENT}{shown}".rstrip(), f"{INDENT}{caret}")


@pytest.mark.parametrize(
    ("column", "shown", "caret"),
    [
        (1, "abcdefghijklmnopqrs…", "^"),
        (15, "…fghijklmnopqrstuvw…", "          ^"),
        (26, "…hijklmnopqrstuvwxyz", "                   ^"),
    ],
)
def test_a_long_line_is_cut_around_the_column(column: int, shown: str, caret: str) -> None:
    """What is cut is marked, and the column stays in sight."""
    line = "abcdefghijklmnopqrstuvwxyz"
    assert pointed(line, column, width=24) == (f"{INDENT}{shown}", f"{INDENT}{caret}")


def test_an_ascii_terminal_gets_ascii() -> None:
    """What the encoding lacks counts as the escapes that stand for it, the sign of a cut too."""
    shown, caret = pointed("é" * 30, 3, width=24, encoding="ascii")
    assert (shown, caret) == (rf"{INDENT}\xe9\xe9\xe9\xe9\...", f"{INDENT}        ^")


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.data(), st.integers(1, 120))
def test_the_caret_is_in_the_line_and_the_line_in_the_width(
    line: str, data: st.DataObject, width: int
) -> None:
    """Whatever a line holds, it is inert, it fits, and the caret stands within it or at its end."""
    column = data.draw(st.integers(1, len(line) + 1))
    shown, caret = pointed(line, column, width=width)
    assert acting(shown) == []
    assert cells_of(shown) <= max(width, 24)
    assert len(INDENT) < len(caret) <= max(width, 24) + 1


def test_a_line_of_a_megabyte_is_looked_at_near_the_column_alone() -> None:
    """A line as long as a file is shown around its column like any other."""
    line = ATTACK * 20_000 + "here" + ATTACK * 20_000
    shown, caret = pointed(line, len(ATTACK) * 20_000 + 1, width=80)
    assert shown[len(caret) - 1 :].startswith("here")
