"""Suggestions for misspelt names."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from casefile.text.suggestions import KnownNames

STEPS = 5_000_000


def test_misspelt_name_is_found_among_many() -> None:
    """The right name is found among ten thousand similar ones."""
    names = KnownNames([f"event-{number:05}" for number in range(10_000)])
    assert names.nearest("evnt-04711") == "event-04711"
    assert names.nearest("transcript") is None


def test_search_for_one_name_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among a hundred thousand long names a search ends soon, and then none is called nearest."""
    compared = 0

    class Counting(SequenceMatcher[str]):
        def quick_ratio(self) -> float:
            nonlocal compared
            compared += 1
            return super().quick_ratio()

    monkeypatch.setattr("difflib.SequenceMatcher", Counting)
    names = KnownNames([f"{number:05}" * 12 for number in range(100_000)])
    assert names.nearest("0123x" * 12) is None
    assert 0 < compared < 16_000


def test_comparisons_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of exact comparisons is limited, however many names are looked up."""
    compared = 0

    class Counting(SequenceMatcher[str]):
        def ratio(self) -> float:
            nonlocal compared
            compared += 1
            return 0.0

    monkeypatch.setattr("difflib.SequenceMatcher", Counting)
    names = KnownNames(["a" * 60 + f"{number:04}" for number in range(1_000)])
    for number in range(10):
        names.nearest("a" * 59 + f"b{number:04}")
    assert 0 < compared <= STEPS // (64 * 64) + 1
