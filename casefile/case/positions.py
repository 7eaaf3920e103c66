"""Which line and column of a TOML text a table or a key stands on; no TOML library tells."""

from __future__ import annotations

import re

import msgspec

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')\s*[.=]""")
_TOKEN = re.compile(
    r"""(?P<multi>\"{3}|'{3})|(?P<string>"(?:[^"\\]|\\.)*"|'[^']*')|(?P<comment>\#.*)|(?P<open>[\[{])|(?P<close>[\]}])"""
)


class Position(msgspec.Struct, frozen=True):
    """A line and a column, both counted from 1."""

    line: int
    column: int


class Positions:
    """The places of top-level tables and of the keys directly in them."""

    def __init__(self, text: str) -> None:
        """Scan a TOML text once; it need not be valid."""
        self._tables: dict[tuple[str, int], Position] = {}
        self._keys: dict[tuple[str, int, str], Position] = {}
        self._scan(text)

    def table(self, name: str, row: int = 0) -> Position | None:
        """Give the place of the header of the nth (from 0) table of a name."""
        return self._tables.get((name, row))

    def key(self, name: str, row: int, key: str) -> Position | None:
        """Give the place of a key in the nth (from 0) table of a name."""
        return self._keys.get((name, row, key))

    def _scan(self, text: str) -> None:
        rows: dict[str, int] = {}
        table, row = "", 0
        nesting = _Nesting()
        for number, line in enumerate(text.split("\n"), start=1):
            header = None if nesting.inside else _HEADER.match(line)
            if header:
                table = header[2]
                row = rows.get(table, 0)
                rows[table] = row + 1
                self._tables[table, row] = Position(number, header.start(1) + 1)
                continue
            key = None if nesting.inside else _KEY.match(line)
            if key:
                name = key[1].strip("\"'")
                self._keys.setdefault((table, row, name), Position(number, key.start(1) + 1))
            nesting.read(line)


class _Nesting:
    """Whether a line begins inside a value: in a multi-line string, a list or a table."""

    def __init__(self) -> None:
        self._depth = 0
        self._closing: str | None = None

    @property
    def inside(self) -> bool:
        return self._depth > 0 or self._closing is not None

    def read(self, line: str) -> None:
        at = 0
        while at < len(line):
            if self._closing is not None:
                end = _end_of_string(line, at, self._closing)
                if end < 0:
                    return
                self._closing, at = None, end
            token = _TOKEN.search(line, at)
            if token is None:
                return
            at = token.end()
            if token["multi"]:
                self._closing = token["multi"]
            elif token["comment"]:
                return
            elif token["open"]:
                self._depth += 1
            elif token["close"]:
                self._depth = max(0, self._depth - 1)


def _end_of_string(line: str, start: int, closing: str) -> int:
    """Find where a multi-line string ends, up to two quotation marks before its closing ones."""
    at = line.find(closing, start)
    while closing == '"""' and at > 0 and _escaped(line, at):
        at = line.find(closing, at + 1)
    if at < 0:
        return -1
    end = at + 3
    while end < len(line) and line[end] == closing[0] and end < at + 5:
        end += 1
    return end


def _escaped(line: str, at: int) -> bool:
    before = line[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
