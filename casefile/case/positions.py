"""Which line and column of a TOML text each table, key and list item stands on.

No TOML library tells. The text has been parsed, so it is known to be TOML; this walks it again
and asks only where things begin and end.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

import msgspec

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and numbers (from 0) that lead to a value: `("event", 3, "cites", 0, "at")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_ROOM = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_ANY_STRING = (
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']++|'(?!''))*+'{3,5}'''
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+\'"""
)
_STRING = re.compile(_ANY_STRING, re.DOTALL)
_BARE = re.compile(r"[^,\]}#\n]*+")
# Up to the next bracket that is none of a string or a comment.
_FLAT = re.compile(rf"(?:[^\[\]{{}}\"'#]++|{_ANY_STRING}|#[^\n]*+)*+", re.DOTALL)
# Almost every key is one word; it is found together with the room about its equals sign.
_PLAIN_KEY = re.compile(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")


class Position(msgspec.Struct, frozen=True, order=True):
    """A line and a column, both counted from 1; what stands earlier in the file is less."""

    line: int
    column: int


class Positions:
    """The places of everything in a TOML text.

    Where tables and keys begin is noted once. A list of a million items, or what stands inside
    one, is looked into when its place is asked for, and no further than up to there.
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        """Walk a text that is TOML, and whose first line has a number of its own."""
        self._first_line = first_line
        self._text = _Text(text)
        self._line_starts = array("L", chain((0,), (one.end() for one in re.finditer("\n", text))))
        self._top = _pairs_of_document(self._text)
        self._lists: dict[int, _List] = {}
        self._tables: dict[int, _Pairs] = {}

    def of(self, path: KeyPath) -> Position | None:
        """Give where a key, a list item or a table's header begins."""
        at = self._in_pairs(self._top, path)
        if at is None:
            return None
        line = bisect_right(self._line_starts, at)
        return Position(self._first_line + line - 1, at - self._line_starts[line - 1] + 1)

    def nearest(self, path: KeyPath) -> Position | None:
        """Give where a path begins, or the longest part of it that stands in the text."""
        for length in range(len(path), 0, -1):
            if (position := self.of(path[:length])) is not None:
                return position
        return None

    def _in_pairs(self, pairs: _Pairs, path: KeyPath) -> int | None:
        if path in pairs.found:
            return pairs.found[path]
        for length in range(len(path) - 1, 0, -1):
            at = pairs.found.get(path[:length])
            if at is not None:
                is_value = path[:length] not in pairs.opened
                return self._in_value(self._text.value_of(at), path[length:]) if is_value else None
        return None

    def _in_value(self, at: int, path: KeyPath) -> int | None:
        """Give where a path begins inside the value that stands at a place."""
        first, *rest = path
        if self._text.opens("{", at):
            if at not in self._tables:
                self._tables[at] = _pairs_of_table(self._text, at)
            return self._in_pairs(self._tables[at], path)
        if not self._text.opens("[", at) or not isinstance(first, int):
            return None
        items = self._lists.setdefault(at, _List(self._text, at))
        item = items.start_of(first)
        return item if item is None or not rest else self._in_value(item, tuple(rest))


class _Pairs:
    """Where keys begin, each by the path that leads to it."""

    def __init__(self) -> None:
        self.found: dict[KeyPath, int] = {}
        self.opened: set[KeyPath] = set()
        """The paths to tables that headers and dotted keys open, which have no value there."""

    def note(self, keys: Iterable[str], table: KeyPath, at: int) -> None:
        """Note a key, dotted or not, in a table."""
        path = table
        for key in keys:
            if path != table:
                self.opened.add(path)
            path = (*path, key)
            self.found.setdefault(path, at)

    def note_header(self, path: KeyPath, at: int) -> None:
        """Note a header, which also opens the tables above it that have none of their own."""
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], at)
            self.opened.add(path[:length])


class _List:
    """Where the items of a list begin, as far as it was asked for."""

    def __init__(self, text: _Text, at: int) -> None:
        self._text = text
        self._starts = array("L")
        self._next = text.blank(at + 1)

    def start_of(self, number: int) -> int | None:
        """Give where an item begins, counted from 0."""
        while len(self._starts) <= number:
            if self._text.is_over("]", self._next):
                return None
            self._starts.append(self._next)
            self._next = self._text.after_comma(self._text.after_value(self._next))
        return self._starts[number]


def _pairs_of_document(text: _Text) -> _Pairs:
    pairs = _Pairs()
    rows: dict[KeyPath, int] = {}
    table: KeyPath = ()
    at = text.blank(0)
    while not text.is_over("", at):
        if text.opens("[", at):
            start, several = at, text.opens("[[", at)
            keys, at = text.keys(at + 1 + several)
            table = _path_of_header(keys, rows, several=several)
            pairs.note_header(table, start)
            at += 1 + several
        else:
            keys, value = text.pair(at)
            pairs.note(keys, table, at)
            at = text.after_value(value)
        at = text.blank(at)
    return pairs


def _path_of_header(keys: Sequence[str], rows: dict[KeyPath, int], *, several: bool) -> KeyPath:
    """Give the path to a table; through an array of tables, into its last one so far."""
    path: KeyPath = ()
    for key in keys[:-1]:
        path = (*path, key)
        path = (*path, rows[path]) if path in rows else path
    path = (*path, keys[-1])
    if several:
        rows[path] = rows.get(path, -1) + 1
        path = (*path, rows[path])
    return path


def _pairs_of_table(text: _Text, at: int) -> _Pairs:
    """Give the keys of the inline table that stands at a place."""
    pairs = _Pairs()
    at = text.blank(at + 1)
    while not text.is_over("}", at):
        keys, value = text.pair(at)
        pairs.note(keys, (), at)
        at = text.after_comma(text.after_value(value))
    return pairs


class _Text:
    """A TOML text: where what begins at a place ends."""

    def __init__(self, text: str) -> None:
        self._text = text

    def opens(self, sign: str, at: int) -> bool:
        """Say whether a sign stands at a place."""
        return self._text.startswith(sign, at)

    def is_over(self, sign: str, at: int) -> bool:
        """Say whether the text ends at a place, or what a sign closes; "" closes nothing."""
        return at >= len(self._text) or (sign != "" and self._text[at] == sign)

    def blank(self, at: int) -> int:
        """Give where spaces, line breaks and comments end."""
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def keys(self, at: int) -> tuple[list[str], int]:
        """Give the parts of a dotted key, and where it and the room after it end."""
        keys: list[str] = []
        while True:
            at = self._room(at)
            found = _KEY.match(self._text, at)
            if found is None:
                return keys or [""], at + 1
            keys.append(_plain(found.group()))
            at = self._room(found.end())
            if not self._text.startswith(".", at):
                return keys, at
            at += 1

    def pair(self, at: int) -> tuple[list[str], int]:
        """Give the parts of a key, and where its value begins."""
        plain = _PLAIN_KEY.match(self._text, at)
        if plain:
            return [plain[1]], plain.end()
        keys, at = self.keys(at)
        return keys, self._room(at + 1)

    def value_of(self, at: int) -> int:
        """Give where the value of a key begins."""
        return self.pair(at)[1]

    def after_value(self, at: int) -> int:
        """Give where a value ends; what stands inside it is passed over."""
        if self._text[at : at + 1] not in ("[", "{"):
            found = _STRING.match(self._text, at) or _BARE.match(self._text, at)
            return found.end() if found else at
        depth = 0
        while at < len(self._text):
            depth += 1 if self._text[at] in "[{" else -1
            if not depth:
                return at + 1
            flat = _FLAT.match(self._text, at + 1)
            at = flat.end() if flat else at + 1
        return at

    def after_comma(self, at: int) -> int:
        """Give where what follows in a list or an inline table begins, or where this ends."""
        at = self.blank(at)
        return self.blank(at + 1) if self._text.startswith(",", at) else at

    def _room(self, at: int) -> int:
        found = _ROOM.match(self._text, at)
        return found.end() if found else at


def _plain(key: str) -> str:
    """Give a key without its quotation marks, its escapes read."""
    if key.startswith("'"):
        return key[1:-1]
    if not key.startswith('"'):
        return key
    if "\\" not in key:
        return key[1:-1]
    import tomli

    return next(iter(tomli.loads(f"{key} = 0")))
