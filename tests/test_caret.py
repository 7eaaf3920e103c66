"""A line of a file with a caret under a column."""

from __future__ import annotations

import pytest
from hostile_cases import ATTACK, acting
from hypothesis import given
from hypothesis import strategies as st

from casefile.text.caret import INDENT, line_with_caret
from casefile.text.cells import text_width


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
def test_caret_is_under_column(line: str, column: int, shown: str, caret: str) -> None:
    """Tabs, wide characters, accents and replacements count as the cells they take."""
    assert line_with_caret(line, column, width=80) == (
        f"{INDENT}{shown}".rstrip(),
        f"{INDENT}{caret}",
    )


@pytest.mark.parametrize(
    ("column", "shown", "caret"),
    [
        (1, "abcdefghijklmnopqrs…", "^"),
        (15, "…fghijklmnopqrstuvw…", "          ^"),
        (26, "…hijklmnopqrstuvwxyz", "                   ^"),
    ],
)
def test_long_line_is_cut_around_column(column: int, shown: str, caret: str) -> None:
    """Both cuts are marked, and the column is visible."""
    line = "abcdefghijklmnopqrstuvwxyz"
    assert line_with_caret(line, column, width=24) == (f"{INDENT}{shown}", f"{INDENT}{caret}")


def test_ascii_encoding_gets_ascii() -> None:
    """Characters that the encoding lacks count as their escapes; so does the ellipsis."""
    shown, caret = line_with_caret("é" * 30, 3, width=24, encoding="ascii")
    assert (shown, caret) == (rf"{INDENT}\xe9\xe9\xe9\xe9\...", f"{INDENT}        ^")


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.data(), st.integers(1, 120))
def test_line_fits_and_caret_is_within(line: str, data: st.DataObject, width: int) -> None:
    """Any line is safe and fits the width, and the caret is within it or at its end."""
    column = data.draw(st.integers(1, len(line) + 1))
    shown, caret = line_with_caret(line, column, width=width)
    assert acting(shown) == []
    assert text_width(shown) <= max(width, 24)
    assert len(INDENT) < len(caret) <= max(width, 24) + 1


def test_line_of_one_megabyte_is_read_near_column_only() -> None:
    """A very long line is shown around its column like any other."""
    line = ATTACK * 20_000 + "here" + ATTACK * 20_000
    shown, caret = line_with_caret(line, len(ATTACK) * 20_000 + 1, width=80)
    assert shown[len(caret) - 1 :].startswith("here")
