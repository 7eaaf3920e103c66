"""How many of a thing there are, in words."""

from __future__ import annotations

import pytest

from casefile.text.plurals import counted


@pytest.mark.parametrize(
    ("number", "thing", "words"),
    [
        (0, "note", "0 notes"),
        (1, "paragraph", "1 paragraph"),
        (1200, "entry", "1,200 entries"),
        (2, "unstated quantity", "2 unstated quantities"),
        (2, "person", "2 people"),
    ],
)
def test_one_alone_is_in_the_singular(number: int, thing: str, words: str) -> None:
    """A number stands with the word for what is counted, which is several but for one alone."""
    assert counted(number, thing) == words
