"""The nearest of some names to one that is not among them."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from casefile.text.suggestions import KnownNames

STEPS = 5_000_000


def test_a_slip_finds_what_was_meant_among_many() -> None:
    """Ten thousand names that are much alike hide none."""
    names = KnownNames([f"event-{number:05}" for number in range(10_000)])
    assert names.nearest("evnt-04711") == "event-04711"
    assert names.nearest("transcript") is None


def test_names_that_are_long_and_alike_cost_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared letter by letter is bounded, however many names are looked for."""
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
