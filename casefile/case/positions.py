"""Find the line and column of each table, key and list item of a TOML text.

TOML libraries do not report these. The text has been parsed before, so it is known to be valid;
this module scans it again only for where things start and end.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

import msgspec

from casefile.parsing import parse_toml

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and indices (from 0) that lead to a value: `("event", 3, "cites", 0, "at")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACES = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_ANY_STRING = (
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']++|'(?!''))*+'{3,5}'''
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+\'"""
)
_STRING = re.compile(_ANY_STRING, re.DOTALL)
_BARE = re.compile(r"[^,\]}#\n]*+")
# Up to the next bracket outside of strings and comments.
_NO_BRACKETS = re.compile(rf"(?:[^\[\]{{}}\"'#]++|{_ANY_STRING}|#[^\n]*+)*+", re.DOTALL)
# The fast path, since almost every key is bare and not dotted.
_PLAIN_KEY = re.compile(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")


class Position(msgspec.Struct, frozen=True, order=True):
    """A line and a column, both counted from 1, in file order."""

    line: int
    column: int


class Positions:
    """The positions of everything in a TOML text.

    The positions of tables and keys are computed at once. Lists, which may have a million items,
    and inline tables are scanned on request, and lists no further than necessary.
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        """Scan a valid TOML text whose first line has the number `first_line`."""
        self._first_line = first_line
        self._text = _Text(text)
        self._line_starts = array("L", chain((0,), (one.end() for one in re.finditer("\n", text))))
        self._top = _pairs_of_document(self._text)
        self._lists: dict[int, _List] = {}
        self._tables: dict[int, _Pairs] = {}

    def of(self, path: KeyPath) -> Position | None:
        """Return the position of a key, a list item or a table header."""
        at = self._in_pairs(self._top, path)
        if at is None:
            return None
        line = bisect_right(self._line_starts, at)
        return Position(self._first_line + line - 1, at - self._line_starts[line - 1] + 1)

    def nearest(self, path: KeyPath) -> Position | None:
        """Return the position of a path, or of its longest prefix that is in the text."""
        for length in range(len(path), 0, -1):
            if (position := self.of(path[:length])) is not None:
                return position
        return None

    def _in_pairs(self, pairs: _Pairs, path: KeyPath) -> int | None:
        if path in pairs.starts:
            return pairs.starts[path]
        for length in range(len(path) - 1, 0, -1):
            at = pairs.starts.get(path[:length])
            if at is not None:
                is_value = path[:length] not in pairs.opened
                return self._in_value(self._text.pair(at)[1], path[length:]) if is_value else None
        return None

    def _in_value(self, at: int, path: KeyPath) -> int | None:
        """Return the offset of a path inside the value at offset `at`."""
        first, *rest = path
        if self._text.has("{", at):
            if at not in self._tables:
                self._tables[at] = _pairs_of_table(self._text, at)
            return self._in_pairs(self._tables[at], path)
        if not self._text.has("[", at) or not isinstance(first, int):
            return None
        items = self._lists.setdefault(at, _List(self._text, at))
        item = items.start_of(first)
        return item if item is None or not rest else self._in_value(item, tuple(rest))


class _Pairs:
    """The offsets at which keys and table headers start, by path."""

    def __init__(self) -> None:
        self.starts: dict[KeyPath, int] = {}
        self.opened: set[KeyPath] = set()
        """The paths of tables opened by headers and dotted keys, which have no value there."""

    def add_key(self, keys: Iterable[str], table: KeyPath, at: int) -> None:
        """Add a key of a table, given as the parts of a dotted key."""
        path = (*table, *keys)
        self._open(path[:-1], at, len(table))
        self.starts.setdefault(path, at)

    def add_header(self, path: KeyPath, at: int) -> None:
        """Add a header, which also opens the parent tables that have no header before it."""
        self._open(path, at, 0)

    def _open(self, path: KeyPath, at: int, above: int) -> None:
        for length in range(above + 1, len(path) + 1):
            self.starts.setdefault(path[:length], at)
            self.opened.add(path[:length])


class _List:
    """The offsets at which the items of a list start, computed as needed."""

    def __init__(self, text: _Text, at: int) -> None:
        self._text = text
        self._starts = array("L")
        self._next = text.after_blank(at + 1)

    def start_of(self, number: int) -> int | None:
        """Return the offset of an item, counted from 0."""
        while len(self._starts) <= number:
            if self._text.is_end(self._next, "]"):
                return None
            self._starts.append(self._next)
            self._next = self._text.after_comma(self._text.after_value(self._next))
        return self._starts[number]


def _pairs_of_document(text: _Text) -> _Pairs:
    pairs = _Pairs()
    rows: dict[KeyPath, int] = {}
    table: KeyPath = ()
    at = text.after_blank(0)
    while not text.is_end(at):
        if text.has("[", at):
            start, is_array = at, text.has("[[", at)
            keys, at = text.keys(at + 1 + is_array)
            table = _path_of_header(keys, rows, is_array=is_array)
            pairs.add_header(table, start)
            at += 1 + is_array
        else:
            keys, value = text.pair(at)
            pairs.add_key(keys, table, at)
            at = text.after_value(value)
        at = text.after_blank(at)
    return pairs


def _path_of_header(keys: Sequence[str], rows: dict[KeyPath, int], *, is_array: bool) -> KeyPath:
    """Return the path of a table, with the last index so far for each array of tables."""
    path: KeyPath = ()
    for key in keys[:-1]:
        path = (*path, key)
        path = (*path, rows[path]) if path in rows else path
    path = (*path, keys[-1])
    if is_array:
        rows[path] = rows.get(path, -1) + 1
        path = (*path, rows[path])
    return path


def _pairs_of_table(text: _Text, at: int) -> _Pairs:
    """Return the keys of the inline table at offset `at`."""
    pairs = _Pairs()
    at = text.after_blank(at + 1)
    while not text.is_end(at, "}"):
        keys, value = text.pair(at)
        pairs.add_key(keys, (), at)
        at = text.after_comma(text.after_value(value))
    return pairs


class _Text:
    """A scanner of TOML text: what is at an offset, and the offset at which it ends."""

    def __init__(self, text: str) -> None:
        self._text = text

    def has(self, sign: str, at: int) -> bool:
        """Return whether `sign` is at an offset."""
        return self._text.startswith(sign, at)

    def is_end(self, at: int, closing: str = "") -> bool:
        """Return whether the text ends at an offset, or a closing bracket is there."""
        return at >= len(self._text) or self._text[at] == closing

    def after_blank(self, at: int) -> int:
        """Return the offset after spaces, line breaks and comments."""
        return _end_of_match(_BLANK, self._text, at)

    def keys(self, at: int) -> tuple[list[str], int]:
        """Return the parts of a dotted key, and the offset after it and its trailing spaces."""
        keys: list[str] = []
        while True:
            at = _end_of_match(_SPACES, self._text, at)
            match = _KEY.match(self._text, at)
            if match is None:
                return keys or [""], at + 1
            keys.append(_unquoted(match.group()))
            at = _end_of_match(_SPACES, self._text, match.end())
            if not self._text.startswith(".", at):
                return keys, at
            at += 1

    def pair(self, at: int) -> tuple[list[str], int]:
        """Return the parts of a key, and the offset of its value."""
        plain = _PLAIN_KEY.match(self._text, at)
        if plain:
            return [plain[1]], plain.end()
        keys, at = self.keys(at)
        return keys, _end_of_match(_SPACES, self._text, at + 1)

    def after_value(self, at: int) -> int:
        """Return the offset after a value."""
        if self._text[at : at + 1] not in ("[", "{"):
            match = _STRING.match(self._text, at) or _BARE.match(self._text, at)
            return match.end() if match else at
        depth = 0
        while at < len(self._text):
            depth += 1 if self._text[at] in "[{" else -1
            if not depth:
                return at + 1
            at = _end_of_match(_NO_BRACKETS, self._text, at + 1)
        return at

    def after_comma(self, at: int) -> int:
        """Return the offset of the next item in a list or an inline table, or of its end."""
        at = self.after_blank(at)
        return self.after_blank(at + 1) if self.has(",", at) else at


def _end_of_match(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    if not key.startswith('"'):
        return key
    if "\\" not in key:
        return key[1:-1]
    return next(iter(parse_toml(f"{key} = 0")))
