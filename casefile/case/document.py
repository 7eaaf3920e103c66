"""Parse a TOML file into rows of tables, in parts so that no single step takes long.

The parser blocks the interpreter until it is done: four seconds for a file of 50 MB. A file is
therefore cut before `[[table]]` lines, and each part is parsed separately. A table that goes on in
a later part, such as `[case.accept]` at the end, is put together. If the parts do not tell what
the whole file means, the whole file is parsed at once, unless that would take too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import Any

import msgspec
import tomli
from msgspec.structs import replace

from casefile.case.positions import KeyPath, Position, Positions
from casefile.case.problem import excerpt
from casefile.limits import PIECE_MARKS, PIECE_SIZE, ROWS, VALUES, Extent
from casefile.parsing import OPAQUE, BeyondLimits, check_cost, parse_toml

BYTES_IN_PART = 50_000
"""The most bytes in a part; a longer row is a part of its own."""

_TOKEN = re.compile(
    rf"""{OPAQUE}
        |^(?P<row>\[\[[ \t]*[A-Za-z0-9_-]+[ \t]*\]\])[ \t]*(?:\#[^\n]*)?\r?$""".encode(),
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""A string, a comment, or a `[[table]]` line."""
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_MOST_TABLES_ALONE = 50_000
_MOST_SYNTAX_ERRORS = 20
_NO_VALUE = "Invalid value|Expected newline"
# How the parser's message begins, what is in the line, and what to write; the most likely first.
# `re` compiles these when they are first searched for: most files have no mistake.
_COMMON_MISTAKES = (
    ("", r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "remove the control character"),
    ("", r"=\s*[“”„‘’«]", 'put text in straight quotation marks: "…"'),
    ("", r"=\s*[0-9]{1,3}(?:,[0-9]{3})+", "write numbers without commas"),
    ("", "，", "write a comma as “,”, not “，”"),
    ("", r"=\s*(?:True|False|TRUE|FALSE|yes|no)\b", "write true or false"),
    ("", r'=\s*"[^"]*"\s*,\s*$', "remove the comma at the end of the line"),
    ("", r'=\s*"[^"]*"[\s,;]+[\w-]+\s*=', "put each key on a line of its own"),
    ("", r"^\s*[\w-]+\s*:", 'write = between key and value, as in title = "…"'),
    (_NO_VALUE, r"""^[^=]*=\s*[^\s"'\[{]""", 'put text in quotation marks: "VALUE"'),
    (_NO_VALUE, r'^[^=]*=(?:[^"]*"){3}', 'write a quotation mark inside text as \\"'),
    (
        "Illegal character",
        "",
        'the closing quotation mark is missing; put text of several lines in """',
    ),
    ("Invalid hex value|Unescaped", "", "write a backslash as \\\\, or put the text in '…'"),
    ("Unclosed array", "", "put a comma after each item of a list and ] at its end"),
    (".*Cannot (?:overwrite|mutate)", "", "give each key only once in a table"),
)
_CANT_BE_OPENED = "can't be opened: "


class SyntaxFault(msgspec.Struct, frozen=True):
    """A place where a text is not valid TOML, and the reason."""

    position: Position
    code: str
    what: str


class DocumentError(Exception):
    """A text is not valid TOML or is beyond a limit; `faults` has every error found."""

    def __init__(self, *faults: SyntaxFault) -> None:
        super().__init__(*(fault.what for fault in faults))
        self.faults = faults


class TableRow(msgspec.Struct, frozen=True, eq=False):
    """A single table or a row of an array of tables, as parsed."""

    table: str
    number: int | None
    """The index of the row in its table and part, from 0; None for a single table."""
    value: dict[str, Any]
    part: DocumentPart
    later: dict[str, DocumentPart] | None = None
    """The parts with those of its tables that are not in its own part, by key, if there are any."""

    def position(self, *keys: str | int) -> Position:
        """Return the position of a key or of a value inside it, else that of the row."""
        if keys and self.later and (part := self.later.get(str(keys[0]))):
            return part.position((self.table, *self.as_written(*keys))) or Position(1, 1)
        path = (self.table,) if self.number is None else (self.table, self.number)
        return self.part.position((*path, *self.as_written(*keys))) or Position(1, 1)

    def as_written(self, *keys: str | int) -> KeyPath:
        """Return a path as the file has it, without an index where a value is not in a list."""
        path: list[str | int] = []
        value: Any = self.value
        for key in keys:
            if isinstance(key, str):
                value = value.get(key) if isinstance(value, dict) else None
            elif isinstance(value, list):
                value = value[key] if key < len(value) else None
            else:
                continue
            path.append(key)
        return tuple(path)


class DocumentPart:
    """Lines of a file that are parsed on their own."""

    def __init__(
        self, data: bytes, first_line: int, start: int = 0, end: int | None = None
    ) -> None:
        """Delimit whole lines of `data`, from byte `start` to `end`, without copying them."""
        self._data = data
        self.start = start
        self.end = len(data) if end is None else end
        self.first_line = first_line
        self.values = 0
        """The number of values in its tables and lists, once it is parsed."""
        self._positions: Positions | None = None

    @property
    def text(self) -> str:
        """The text, with line feeds as line ends."""
        return self._data[self.start : self.end].decode("utf-8-sig").replace("\r\n", "\n")

    def parsed(self) -> dict[str, Any]:
        """Parse the part; raise DocumentError if it is not valid TOML or is beyond a limit."""
        if self.end - self.start > PIECE_SIZE.in_bytes:
            what = f"this table must be read in one step, and it {PIECE_SIZE.excess_message}"
            raise self.refusal(what)
        try:
            document = parse_toml(self.text)
        except UnicodeDecodeError as error:
            raise DocumentError(self._encoding_fault(error)) from error
        except tomli.TOMLDecodeError as error:
            raise DocumentError(self._syntax_fault(error)) from error
        except BeyondLimits as error:
            raise self.refusal(f"{_CANT_BE_OPENED}{error}") from error
        extent = Extent(document)
        if extent.beyond:
            raise self.refusal(_CANT_BE_OPENED + extent.beyond)
        self.values = extent.values
        return document

    def position(self, path: KeyPath) -> Position | None:
        """Return the position of a path, or of its longest prefix that is in this part."""
        if self._positions is None:
            self._positions = Positions(self.text, self.first_line)
        return self._positions.nearest(path)

    def forget_positions(self) -> None:
        """Free the memory of the positions; they are computed again when needed."""
        self._positions = None

    @property
    def is_beyond_limits(self) -> bool:
        """Whether it would take too long to parse."""
        if self.end - self.start > PIECE_SIZE.in_bytes:
            return True
        try:
            check_cost(self._data[self.start : self.end])
        except BeyondLimits:
            return True
        return False

    def _syntax_fault(self, error: tomli.TOMLDecodeError) -> SyntaxFault:
        line = self.text.split("\n")[error.lineno - 1]
        # A backslash at the end of the text is an escape that lacks its second character.
        column = min(error.colno, len(line) + 1)
        position = Position(self.first_line + error.lineno - 1, column)
        # Not str(error), which repeats the position.
        return SyntaxFault(position, "syntax", f"invalid TOML: {_explained(error.msg, line)}")

    def _encoding_fault(self, error: UnicodeDecodeError) -> SyntaxFault:
        before = error.object[: error.start].decode()
        column = len(before) - before.rfind("\n")
        position = Position(self.first_line + before.count("\n"), column)
        what = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return SyntaxFault(position, "encoding", what)

    def refusal(self, what: str, position: Position | None = None) -> DocumentError:
        """Return the error for a part that is beyond a limit."""
        place = position or Position(self.first_line, 1)
        return DocumentError(SyntaxFault(place, "beyond-limits", what))


class Document:
    """A TOML file: the rows of its arrays of tables, and the other values at the top level."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.rows: dict[str, list[TableRow]] = {}
        self.top: dict[str, Any] = {}
        """The top-level values that are not arrays of tables, `[case]` for one."""
        self._reset()

    def _reset(self) -> None:
        self.rows.clear()
        self.top.clear()
        self._parts: list[DocumentPart] = []
        self._parts_of_top: dict[str, DocumentPart] = {}
        self._singles: dict[str, TableRow] = {}
        self._inline: set[str] = set()
        """The names of inline arrays of tables; no later part may add rows to them."""
        self._row_count = self._value_count = 0

    def parse(self) -> Iterator[int]:
        """Parse the file, and yield the bytes done after each part; may raise DocumentError."""
        whole = DocumentPart(self._data, 1)
        if len(self._data) > BYTES_IN_PART:
            try:
                yield from self._parse_parts(_parts_of(self._data))
                return
            except _TooMuch:
                raise
            except DocumentError:
                if whole.is_beyond_limits:
                    raise
            self._reset()
        yield from self._parse_parts([whole])

    def single_table(self, table: str) -> TableRow | None:
        """Return a single table, such as `[case]`."""
        return self._singles.get(table)

    def position(self, key: str) -> Position:
        """Return the position of a top-level table or key, else the start of the file."""
        part = self.rows[key][0].part if key in self.rows else self._parts_of_top.get(key)
        return (part.position((key,)) if part else None) or Position(1, 1)

    def forget_positions(self) -> None:
        """Free the memory of all positions; they are computed again when needed."""
        for part in self._parts:
            part.forget_positions()

    def _parse_parts(self, parts: Iterable[DocumentPart]) -> Iterator[int]:
        """Parse and add parts; after a fault, only parse the others to find their faults."""
        faults: list[SyntaxFault] = []
        for part in parts:
            try:
                parsed = part.parsed()
            except DocumentError as error:
                faults += (*error.faults, *_later_faults(part, error))
                if len(faults) >= _MOST_SYNTAX_ERRORS:
                    break
            else:
                self._parts.append(part)
                if not faults:
                    self._add(part, parsed)
            yield part.end
        if faults:
            raise DocumentError(*faults[:_MOST_SYNTAX_ERRORS])

    def _add(self, part: DocumentPart, parsed: dict[str, Any]) -> None:
        is_last = part.end == len(self._data)
        for name, value in parsed.items():
            is_list = _is_table_list(value)
            is_known = name in self.top or name in self._inline
            if is_known or (name in self.rows and not is_list):
                self._join(name, part)
                continue
            if not is_list:
                self.top[name], self._parts_of_top[name] = value, part
                if isinstance(value, dict):
                    self._singles[name] = TableRow(name, None, value, part)
                continue
            # They are in a line before the first row.
            if part.start == 0 and not is_last:
                self._inline.add(name)
            rows = (TableRow(name, number, row, part) for number, row in enumerate(value))
            self.rows.setdefault(name, []).extend(rows)
            self._row_count += len(value)
        self._value_count += part.values
        self._check_limits()

    def _join(self, name: str, part: DocumentPart) -> None:
        """Add the tables of a later part to the single table, or the last row, that they are in."""
        rows = [] if name in self._inline else self.rows.get(name, [])
        row = rows[-1] if rows else self._singles.get(name)
        header = f"[[{_quoted(name)}]]" if rows else f"[{_quoted(name)}]"
        try:
            if row is None:
                raise BeyondLimits
            # The parser says whether the tables may stand where they are.
            added = parse_toml(f"{header}\n{part.text}")[name]
            added = added[-1] if rows else added
            if not row.value.keys().isdisjoint(added):
                raise BeyondLimits
            if not rows and not row.later:
                # An inline table, `case = {}`, can't go on anywhere.
                parse_toml(f"{row.part.text}\n[{_quoted(name)}.{_quoted(next(iter(added), ''))}]")
        except (tomli.TOMLDecodeError, BeyondLimits):
            what = f"`{excerpt(name)}` is declared twice; declare each table once"
            raise part.refusal(what, part.position((name,))) from None
        row.value.update(added)
        # One dictionary for all later parts: a copy for each would take a quadratic time.
        later = row.later or {}
        later.update(dict.fromkeys(added, part))
        joined = replace(row, later=later)
        if rows:
            rows[-1] = joined
        else:
            self._singles[name] = joined

    def _check_limits(self) -> None:
        for limit, count, plural in (
            (ROWS, self._row_count, "rows"),
            (VALUES, self._value_count, "values"),
        ):
            if count > limit.value:
                what = f"has more than {limit.value:,} {plural}; {limit.hint}"
                raise _TooMuch(SyntaxFault(Position(1, 1), "beyond-limits", what))


class _TooMuch(DocumentError):
    """A file has too many rows or values, however it is divided."""


def _parts_of(data: bytes) -> Iterator[DocumentPart]:
    line = 1
    for start, end in pairwise(chain([0], _cuts(data), [len(data)])):
        yield DocumentPart(data, line, start, end)
        line += data.count(b"\n", start, end)


def _cuts(data: bytes) -> Iterator[int]:
    """Yield where to cut a file: before each row with which a part would be too long."""
    # Few parts have more signs than bytes.
    most = min(BYTES_IN_PART, PIECE_SIZE.in_bytes, PIECE_MARKS.value)
    # The first part ends before the first row.
    part_start = -most
    for start, end in pairwise(chain(_row_starts(data), [len(data)])):
        if start and end - part_start > most:
            yield start
            part_start = start


def _row_starts(data: bytes) -> Iterator[int]:
    """Yield where each row starts, up to one that is too long to be parsed."""
    most, longest = PIECE_MARKS.value, PIECE_SIZE.in_bytes
    at = row = 0
    while True:
        # Not to the end of the file: one search in C takes a second for 100 MB.
        end = row + longest + 1
        for count, token in enumerate(_TOKEN.finditer(data, at, end)):
            if token.end() >= end or count > most:
                return
            if token["row"]:
                row, at = token.start(), token.end()
                yield row
                break
        else:
            return


def _later_faults(part: DocumentPart, error: DocumentError) -> Iterator[SyntaxFault]:
    """Yield the faults of the tables after the one at which the parser stopped."""
    first = error.faults[0]
    if first.code != "syntax":
        return
    lines = part.text.split("\n")
    after_first = first.position.line - part.first_line + 1
    headers = [at for at in range(after_first, len(lines)) if _HEADER.match(lines[at])]
    faulty = 1
    for start, end in islice(pairwise([*headers, len(lines)]), _MOST_TABLES_ALONE):
        table = DocumentPart("\n".join(lines[start:end]).encode(), part.first_line + start)
        try:
            table.parsed()
        except DocumentError as later:
            yield from later.faults
            faulty += 1
        if faulty >= _MOST_SYNTAX_ERRORS:
            return


def _explained(message: str, line: str) -> str:
    """Return the parser's message, with a hint if the line shows what was meant."""
    message_in_sentence = message[0].lower() + message[1:]
    for in_message, in_line, hint in _COMMON_MISTAKES:
        if re.match(in_message, message) and re.search(in_line, line):
            value = excerpt(line.partition("=")[2].strip())
            return f"{message_in_sentence}; {hint.replace('VALUE', value)}"
    return message_in_sentence


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _quoted(key: str) -> str:
    return msgspec.json.encode(key).decode()
