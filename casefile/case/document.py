"""Parse a TOML file into rows of tables, in parts so that no single step takes long.

The parser blocks the interpreter until it is done: four seconds for a file of 50 MB. A large file
is therefore cut before `[[table]]` lines, and each part is parsed separately. If the parts do not
tell what the whole file means, as when a table appears in two of them, the whole file is parsed
at once, unless that would block the interpreter for too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import Any

import msgspec
import tomli

from casefile.case.positions import KeyPath, Position, Positions
from casefile.case.problem import excerpt
from casefile.limits import PIECE_MARKS, PIECE_SIZE, ROWS, VALUES, Extent

LARGE = 2_000_000
"""Files of more bytes than this are parsed in parts."""

ROWS_IN_PART = 500
BYTES_IN_PART = 1_000_000
"""The most rows and bytes in a part; a longer row is a part of its own."""

_TOKEN = re.compile(
    rb'''"""(?:[^"\\]+|\\.|"(?!""))*+"{3,5}
        |\'{3}(?:[^\']+|\'(?!\'\'))*+\'{3,5}
        |"(?:[^"\\\n]+|\\.)*+"
        |\'[^\'\n]*+\'
        |\#[^\n]*+
        |^(?P<row>\[\[[ \t]*[A-Za-z0-9_-]+[ \t]*\]\])[ \t]*(?:\#[^\n]*)?\r?$''',
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""A string, a comment, or a `[[table]]` line."""
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LONGEST_NUMBER = 100_000
_HUGE_NUMBER = re.compile(
    rf"(?<![0-9_])[0-9_]{{{_LONGEST_NUMBER}}}|0[box][0-9A-Fa-f_]{{{_LONGEST_NUMBER}}}"
)
_MOST_TABLES_ALONE = 50_000
_MOST_SYNTAX_ERRORS = 20
_NO_VALUE = "Invalid value|Expected newline"
# How the parser's message begins, what is in the line, and what to write; the most likely first.
# `re` compiles these when they are first searched for: most files have no mistake.
_COMMON_MISTAKES = (
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
_TOO_MANY_DIGITS = "a number has too many digits"


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

    def position(self, *keys: str | int) -> Position:
        """Return the position of a key or of a value inside it, else that of the row."""
        path = (self.table,) if self.number is None else (self.table, self.number)
        return self.part.position((*path, *self.as_written(*keys))) or Position(1, 1)

    def as_written(self, *keys: str | int) -> KeyPath:
        """Return a path as the file has it, without an index where a value is not in a list."""
        if len(keys) < 2 or isinstance(self.value.get(str(keys[0])), list):
            return keys
        return (keys[0], *keys[2:]) if isinstance(keys[1], int) else keys


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
        if self.long_step:
            what = f"this table must be read in one step, and it {self.long_step}"
            raise self.refusal(what)
        try:
            text = self.text
        except UnicodeDecodeError as error:
            raise DocumentError(self._encoding_fault(error)) from error
        if _has_huge_number(text):
            raise self.refusal(_CANT_BE_OPENED + _TOO_MANY_DIGITS)
        try:
            document = tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            raise DocumentError(self._syntax_fault(error)) from error
        except (RecursionError, ValueError) as error:
            # Python raises ValueError for integers of more than some thousand digits.
            is_deep = isinstance(error, RecursionError)
            what = "it is nested too deeply" if is_deep else _TOO_MANY_DIGITS
            raise self.refusal(_CANT_BE_OPENED + what) from error
        extent = Extent(document)
        if extent.beyond:
            raise self.refusal(_CANT_BE_OPENED + extent.beyond)
        self.values = extent.values
        return document

    @property
    def long_step(self) -> str | None:
        """Why parsing would block the interpreter for too long; None if it would not."""
        if self.end - self.start > PIECE_SIZE.in_bytes:
            return PIECE_SIZE.excess_message
        marks = sum(self._data.count(mark, self.start, self.end) for mark in (b"\n", b","))
        if marks > PIECE_MARKS.value:
            return f"has more than {PIECE_MARKS.value:,} lines and commas; {PIECE_MARKS.hint}"
        return None

    def position(self, path: KeyPath) -> Position | None:
        """Return the position of a path, or of its longest prefix that is in this part."""
        if self._positions is None:
            self._positions = Positions(self.text, self.first_line)
        return self._positions.nearest(path)

    def forget_positions(self) -> None:
        """Free the memory of the positions; they are computed again when needed."""
        self._positions = None

    def _syntax_fault(self, error: tomli.TOMLDecodeError) -> SyntaxFault:
        position = Position(self.first_line + error.lineno - 1, error.colno)
        line = self.text.split("\n")[error.lineno - 1]
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

    def refused_as_split(self, name: str) -> DocumentError:
        """Return the error for a table that needs the whole file to be parsed at once."""
        # If the whole file can be parsed at once, it is, and this message is not reported.
        why = DocumentPart(self._data, 1).long_step
        what = f"`{name}` is in several places; the whole file must be read in one step, and it"
        return self.refusal(f"{what} {why}", self.position((name,)))


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
        self._parts_of_top: dict[str, DocumentPart] = {}
        self._inline: set[str] = set()
        """The names of inline arrays of tables; no later part may add rows to them."""
        self._row_count = self._value_count = 0

    def parse(self) -> Iterator[int]:
        """Parse the file, and yield the bytes done after each part; may raise DocumentError."""
        whole = DocumentPart(self._data, 1)
        if len(self._data) > LARGE:
            is_final = whole.long_step is not None
            try:
                yield from self._parse_parts(_parts_of(self._data), finds_all_faults=is_final)
                return
            except _TooMuch:
                raise
            except DocumentError:
                if is_final:
                    raise
            self._reset()
        yield from self._parse_parts([whole], finds_all_faults=True)

    def single_table(self, table: str) -> TableRow | None:
        """Return a single table, such as `[case]`."""
        value = self.top.get(table)
        part = self._parts_of_top.get(table)
        return TableRow(table, None, value, part) if part and isinstance(value, dict) else None

    def position(self, key: str) -> Position:
        """Return the position of a top-level table or key, else the start of the file."""
        part = self.rows[key][0].part if key in self.rows else self._parts_of_top.get(key)
        return (part.position((key,)) if part else None) or Position(1, 1)

    def _parse_parts(
        self, parts: Iterable[DocumentPart], *, finds_all_faults: bool
    ) -> Iterator[int]:
        """Parse and add parts; after a fault, only parse the others to find their faults."""
        faults: list[SyntaxFault] = []
        for part in parts:
            try:
                parsed = part.parsed()
            except DocumentError as error:
                if not finds_all_faults:
                    raise
                faults += (*error.faults, *_later_faults(part, error))
                if len(faults) >= _MOST_SYNTAX_ERRORS:
                    break
            else:
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
                raise part.refused_as_split(name)
            if not is_list:
                self.top[name], self._parts_of_top[name] = value, part
                continue
            # The first part ends before the first `[[table]]` line.
            if part.start == 0 and not is_last:
                self._inline.add(name)
            rows = (TableRow(name, number, row, part) for number, row in enumerate(value))
            self.rows.setdefault(name, []).extend(rows)
            self._row_count += len(value)
        self._value_count += part.values
        self._check_limits()

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
    """Yield where to cut a file: before its first row, and before each row that is too many."""
    # No part has more lines and commas than bytes.
    most = min(BYTES_IN_PART, PIECE_SIZE.in_bytes, PIECE_MARKS.value)
    row_starts = (token.start() for token in _TOKEN.finditer(data) if token["row"])
    part_start, rows = 0, ROWS_IN_PART
    for start, end in pairwise(chain(row_starts, [len(data)])):
        if start and (rows >= ROWS_IN_PART or end - part_start > most):
            yield start
            part_start, rows = start, 0
        rows += 1


def _has_huge_number(text: str) -> bool:
    """Return whether a number is so long that parsing it would take a hundred times its size."""
    # Such a number fills at least one block of half its size; checking blocks is cheap.
    size = _LONGEST_NUMBER // 2
    starts = range(0, len(text) - size + 1, size)
    is_likely = any(not text[at : at + size].strip("0123456789ABCDEFabcdef_") for at in starts)
    return is_likely and _HUGE_NUMBER.search(text) is not None


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
