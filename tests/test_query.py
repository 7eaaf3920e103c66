"""Plain words: what they match, and where they stand in a text as drawn."""

from __future__ import annotations

import pytest

from casefile.query import folded, parse


@pytest.mark.parametrize(
    ("typed", "text", "matches"),
    [
        ("diana", "“Diana” (alias)", True),
        ("DIANA", "diana", True),
        ("cafe", "Café", True),
        ("café", "cafe", True),
        ("strasse", "Straße", True),
        ("fi", "ﬁnal", True),
        ("task arrests", "Arrests by the task force", True),
        ("task arrests", "Arrests by the police", False),
        ('"task force"', "the task force", True),
        ('"force task"', "the task force", False),
        ('"task for', "the task force", True),
        ("“task force”", "the task force", True),
        ("2017-08", "2017‑08", True),
        ("don't", "don’t", True),
    ],
)
def test_words_match_whatever_their_case_accents_and_marks(
    typed: str, text: str, matches: bool
) -> None:
    """Case, accents and the form of quotation marks and dashes hide no match."""
    assert parse(typed).matches(folded(text)) is matches


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("task", "the Task force", ["Task"]),
        ("strasse", "in der Straße dort", ["Straße"]),
        ("fi", "ein ﬁnal", ["ﬁ"]),
        ("cafe", "un Café", ["Café"]),
        ("a", "banana", ["a", "a", "a"]),
        ("the force", "the task force", ["the", "force"]),
    ],
)
def test_found_words_are_marked_where_they_are_drawn(
    typed: str, text: str, found: list[str]
) -> None:
    """The spans cut out of the drawn text are what the reader looks for."""
    assert [text[start:end] for start, end in parse(typed).spans(text)] == found


def test_nothing_typed_looks_for_nothing() -> None:
    """Spaces are no words."""
    assert parse("  ").words == ()
