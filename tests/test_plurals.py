"""Numbers with a noun in the singular or plural."""

from __future__ import annotations

import pytest

from casefile.text.plurals import pluralize


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
def test_noun_is_singular_only_for_one(number: int, thing: str, words: str) -> None:
    """The noun is in the plural for any number but one."""
    assert pluralize(number, thing) == words
