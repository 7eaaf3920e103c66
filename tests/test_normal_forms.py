"""Unicode normalization takes time in proportion to the length of a text, and only that changes."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import casefile
from casefile.authoring.named_entries import NamedEntries
from casefile.authoring.new_ids import IdPool, slugify
from casefile.case.dating.calendar_words import normalised
from casefile.case.model import Party
from casefile.case.sources.verbatim import Verbatim
from casefile.text import normal_forms
from casefile.text.folding import fold_with_origins, folded
from casefile.text.normal_forms import normalized

PILE = "\u0301\u0323"
"""Two marks that change places."""
COMPOSING = st.sampled_from("aeｶﾞ가한한ﾡￂ\u0301\u0323\u0344\u0f73\u09c7\u09be \u3099か")


@pytest.mark.parametrize("form", ["NFKC", "NFKD"])
@given(text=st.text(COMPOSING | st.characters(), max_size=60))
def test_pieces_have_the_normal_form_of_the_whole(form: str, text: str) -> None:
    """A text is divided only where nothing is put in order or composed."""
    with patch.object(normal_forms, "_PIECE", 3), patch.object(normal_forms, "_MOST_MARKS", 60):
        assert normalized(form, text) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "work",
    [
        folded,
        lambda text: fold_with_origins(text).text,
        lambda text: Verbatim(text).folded,
        normalised,
        slugify,
        lambda text: NamedEntries(Party, IdPool()).id_of(text),
    ],
    ids=["folded", "with origins", "verbatim", "dates", "ids", "names"],
)
@pytest.mark.parametrize("mark", [PILE, "\u0301\uff9e", "\u0344\u0323"])
def test_marks_in_a_row_are_put_in_order_in_pieces(work: object, mark: str) -> None:
    """No call of the normalization, which takes the square of a row of marks, gets a long one."""
    assert callable(work)
    longest = 0

    class Counted:
        """The module `unicodedata`, with the longest text that it normalizes."""

        def __getattr__(self, name: str) -> object:
            return getattr(unicodedata, name)

        def normalize(self, form: str, text: str) -> str:
            nonlocal longest
            longest = max(longest, len(text))
            return unicodedata.normalize(form, text)  # type: ignore[arg-type]

    with patch.object(normal_forms, "unicodedata", Counted()):
        work(f"e{mark * 2000}x")
    assert longest < 200


def test_one_module_normalizes() -> None:
    """No other module calls the normalization of Python."""
    found = {
        path.name
        for path in Path(casefile.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "unicodedata.normalize"
    }
    assert found == {"normal_forms.py"}


def test_longer_rows_of_marks_are_found_again() -> None:
    """Divided or not, equal rows have equal forms."""
    row = f"e{PILE * 500}"
    assert normalized("NFKD", row) == normalized("NFKD", normalized("NFKD", row))
    assert Verbatim(f"one {row} two").folded.count(Verbatim(row).folded) == 1
