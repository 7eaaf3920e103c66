"""`docs/promises.md` promises what is held: each promise by tests that there are."""

from __future__ import annotations

import re
from collections.abc import Sized
from pathlib import Path

import pytest
from hostile_cases import BROKEN, HOSTILE, LIKE_MARKUP, OUT_OF_PLACE, PATHS, READABLE, VALUES
from test_hostile_verbs import SPECIAL

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
PROMISES = range(1, 24)

_PROMISE = re.compile(r"^### (\d+)\. (.*?)(?=^##)", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`(test_\w+)(\.py)?`")


def promises() -> dict[int, str]:
    """Return what the page says of each promise, by its number."""
    page = (DOCS / "promises.md").read_text("utf-8")
    return {int(number): said for number, said in _PROMISE.findall(page)}


def test_every_promise_is_made() -> None:
    """Each number stands once, and none is left out."""
    assert sorted(promises()) == list(PROMISES)


@pytest.mark.parametrize("number", PROMISES)
def test_a_promise_is_held_by_tests(number: int) -> None:
    """It names modules, and tests in them; all of them are there."""
    _said, tests, named = promises()[number].partition("*Tests*")
    assert tests, "no tests are named"
    module = ""
    found = []
    for name, is_module in _NAME.findall(named):
        if is_module:
            module = (TESTS / f"{name}.py").read_text("utf-8")
        else:
            assert re.search(rf"^(async )?def {name}\(", module, re.MULTILINE), name
        found.append(name)
    assert len(found) > 1


def test_what_is_not_promised_is_said() -> None:
    """The page ends with what nobody can rely on."""
    assert "\n## What is not promised\n\n- " in (DOCS / "promises.md").read_text("utf-8")


def test_hostile_texts_are_as_many_as_is_said() -> None:
    """More than two hundred hostile texts, files, ids and names are tried, as the page says."""
    texts: tuple[Sized, ...] = (HOSTILE, OUT_OF_PLACE, READABLE, LIKE_MARKUP, VALUES)
    files_and_names: tuple[Sized, ...] = (BROKEN, PATHS, SPECIAL)
    assert "over two hundred hostile texts" in promises()[6]
    assert sum(len(one) for one in (*texts, *files_and_names)) > 200
