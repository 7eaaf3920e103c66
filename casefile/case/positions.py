"""Which line and column of a TOML text each table, key and list item stands on.

No TOML library tells. The text has been parsed, so it is known to be TOML; this walks it again
and asks only where things begin and end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

import msgspec

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and numbers (from 0) that lead to a value: `("event", 3, "cites", 0, "at")`."""

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_ROOM = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_STRING = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']++|'(?!''))*+'{3,5}'''
    r"""|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+\'""",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*+")
# Almost every key is one word; it is found together with the room about its equals sign.
_PLAIN_KEY = re.compile(r"([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+")


class Position(msgspec.Struct, frozen=True, order=True):
    """A line and a column, both counted from 1; what stands earlier in the file is less."""

    line: int
    column: int


class Positions:
    """The places of everything in a TOML text."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        """Walk a text that is TOML, and whose first line has a number of its own."""
        self._first_line = first_line
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._at = _Walk(text).found

    def of(self, path: KeyPath) -> Position | None:
        """Give where a key, a list item or a table's header begins."""
        at = self._at.get(path)
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


class _Walk:
    """One walk over a text, noting where each path begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._rows: dict[KeyPath, int] = {}
        self.found: dict[KeyPath, int] = {}
        table: KeyPath = ()
        at = self._blank(0)
        while at < len(text):
            if text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._blank(at)

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _room(self, at: int) -> int:
        found = _ROOM.match(self._text, at)
        return found.end() if found else at

    def _header(self, start: int) -> tuple[KeyPath, int]:
        """Note a table's header; give its path, and where it ends."""
        several = self._text.startswith("[[", start)
        *above, last = self._keys(start + 1 + several)
        path: KeyPath = ()
        for key, _ in above:
            path = self._entered((*path, key))
        path = (*path, last[0])
        if several:
            self._rows[path] = self._rows.get(path, -1) + 1
            path = self._entered(path)
        # A header also opens the tables above it that have none of their own.
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], start)
        return path, self._room(last[1]) + 1 + several

    def _entered(self, path: KeyPath) -> KeyPath:
        """Give the path into a table; of an array of tables, into the last one."""
        return (*path, self._rows[path]) if path in self._rows else path

    def _keys(self, at: int) -> list[tuple[str, int]]:
        """Give the parts of a dotted key, each with where it ends."""
        keys: list[tuple[str, int]] = []
        while True:
            at = self._room(at)
            found = _KEY.match(self._text, at)
            if found is None:
                return keys or [("", at + 1)]
            keys.append((_plain(found.group()), found.end()))
            at = self._room(found.end())
            if not self._text.startswith(".", at):
                return keys
            at += 1

    def _pair(self, at: int, table: KeyPath) -> int:
        """Note a key with its value; give where the value ends."""
        plain = _PLAIN_KEY.match(self._text, at)
        if plain:
            path = (*table, plain[1])
            self.found.setdefault(path, at)
            return self._value(plain.end(), path)
        keys = self._keys(at)
        path = table
        for key, _ in keys:
            path = (*path, key)
            self.found.setdefault(path, at)
        return self._value(self._room(self._room(keys[-1][1]) + 1), path)

    def _value(self, at: int, path: KeyPath) -> int:
        text = self._text
        if text.startswith("[", at):
            return self._list(at + 1, path)
        if text.startswith("{", at):
            return self._inline_table(at + 1, path)
        found = _STRING.match(text, at) or _BARE.match(text, at)
        return found.end() if found else at

    def _list(self, at: int, path: KeyPath) -> int:
        number = 0
        while True:
            at = self._blank(at)
            if at >= len(self._text) or self._text[at] == "]":
                return at + 1
            self.found[*path, number] = at
            number += 1
            at = self._after_comma(self._value(at, (*path, number - 1)))

    def _inline_table(self, at: int, path: KeyPath) -> int:
        while True:
            at = self._blank(at)
            if at >= len(self._text) or self._text[at] == "}":
                return at + 1
            at = self._after_comma(self._pair(at, path))

    def _after_comma(self, at: int) -> int:
        at = self._blank(at)
        return at + 1 if self._text.startswith(",", at) else at


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
