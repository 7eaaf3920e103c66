"""The positions of tables, keys and list items in a TOML text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.positions import KeyPath, Position, Positions

TEXT = '''\
format = "x" # [[no]]

[case]
id = "demo"
accept.one = "a"
  "two words" = 3

[case.more]
deep = { a = 1, b = ["x",
  { c = 2 },
  """
[[event]]
""", 'y'] }

[[event]]
id = "first"
[[event]]
  id = "second"
  [event.extra]
  note = \'\'\'it''s\'\'\'
  [[event.part]]
  n = 1
  [[event.part]]
  n = 2
'''


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("format",), 1, 1),
        (("case",), 3, 1),
        (("case", "id"), 4, 1),
        (("case", "accept"), 5, 1),
        (("case", "accept", "one"), 5, 1),
        (("case", "two words"), 6, 3),
        (("case", "more"), 8, 1),
        (("case", "more", "deep", "a"), 9, 10),
        (("case", "more", "deep", "b", 0), 9, 22),
        (("case", "more", "deep", "b", 1, "c"), 10, 5),
        (("case", "more", "deep", "b", 2), 11, 3),
        (("case", "more", "deep", "b", 3), 13, 6),
        (("event",), 15, 1),
        (("event", 0), 15, 1),
        (("event", 1), 17, 1),
        (("event", 1, "id"), 18, 3),
        (("event", 1, "extra", "note"), 20, 3),
        (("event", 1, "part", 1, "n"), 24, 3),
    ],
)
def test_every_key_and_item_has_its_position(path: KeyPath, line: int, column: int) -> None:
    """Tables, keys, dotted keys, list items and nested values are all found."""
    assert Positions(TEXT).of(path) == Position(line, column)


def test_missing_key_has_position_of_its_parent() -> None:
    """A missing key is reported at the start of its row."""
    positions = Positions(TEXT)
    assert positions.of(("event", 1, "title")) is None
    assert positions.nearest(("event", 1, "title")) == Position(17, 1)
    assert positions.nearest(("nothing",)) is None


def test_first_line_may_have_any_number() -> None:
    """The lines of a part of a file are counted from its first line."""
    assert Positions('[[event]]\nid = "a"\n', 100).of(("event", 0, "id")) == Position(101, 1)


KEYS = st.text(min_size=1, max_size=6) | st.sampled_from(["id", "a.b", 'a"b', "a\\b", "é"])
VALUES = st.recursive(
    st.integers(-9, 9) | st.booleans() | st.text(max_size=12) | st.dates() | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def paths_in(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every path of a parsed document with its value."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_in(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from paths_in(inner, (*path, number))


@pytest.mark.slow
@given(st.dictionaries(KEYS, VALUES, max_size=5), st.booleans())
def test_positions_agree_with_the_parser(document: dict[str, Any], multiline: bool) -> None:
    """Whatever a parser finds in a generated document is at its position."""
    text = tomli_w.dumps(document, multiline_strings=multiline)
    positions = Positions(text)
    lines = text.split("\n")
    for path, value in paths_in(tomli.loads(text)):
        place = positions.of(path)
        assert place is not None, path
        rest = "\n".join([lines[place.line - 1][place.column - 1 :], *lines[place.line :]])
        if isinstance(path[-1], int) and not rest.startswith("[["):
            assert begins_with(rest, value)
        elif not rest.startswith("["):
            assert path[-1] in tomli.loads(first_pair(rest)), (path, rest)


def begins_with(text: str, value: Any) -> bool:
    """Return whether a text starts with a value in TOML."""
    for end in range(1, len(text) + 1):
        try:
            if tomli.loads(f"a = {text[:end]}")["a"] == value:
                return True
        except tomli.TOMLDecodeError:
            continue
    return False


def first_pair(text: str) -> str:
    """Return the key and value with which a text starts."""
    for end in range(1, len(text) + 1):
        try:
            if parsed := tomli.loads(text[:end]):
                assert len(parsed) == 1
                return text[:end]
        except tomli.TOMLDecodeError:
            continue
    return ""
