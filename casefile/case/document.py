"""A TOML file as rows of tables, parsed in parts so that no single step is long.

A parser holds the interpreter until it is done: four seconds for a file of 50 MB. So a large file
is cut at lines that open a table of an array, and each part is parsed alone. What no part can see,
such as a table that stands in two of them, sends the whole file to the parser at once, unless that
would hold the interpreter for too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import Any

import msgspec
import tomli

from casefile.case.positions import KeyPath, Position, Positions
from casefile.limits import PIECE_MARKS, PIECE_SIZE, ROWS, VALUES, Extent

LARGE = 2_000_000
"""From how many bytes a file is read in parts."""

ROWS_IN_PART = 500
BYTES_IN_PART = 1_000_000
"""A part ends before the row that would be one more, or with which it would be larger."""

_TOKEN = re.compile(
    rb'''"""(?:[^"\\]+|\\.|"(?!""))*+"{3,5}
        |\'{3}(?:[^\']+|\'(?!\'\'))*+\'{3,5}
        |"(?:[^"\\\n]+|\\.)*+"
        |\'[^\'\n]*+\'
        |\#[^\n]*+
        |^(?P<row>\[\[[ \t]*[A-Za-z0-9_-]+[ \t]*\]\])[ \t]*(?:\#[^\n]*)?\r?$''',
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""What is one thing to TOML: a string, a comment, or a line that opens a row."""
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LONGEST_NUMBER = 100_000
_ENDLESS_NUMBER = re.compile(
    rf"(?<![0-9_])[0-9_]{{{_LONGEST_NUMBER}}}|0[box][0-9A-Fa-f_]{{{_LONGEST_NUMBER}}}"
)
_MOST_TABLES_ALONE = 50_000
_MOST_SYNTAX_ERRORS = 20
_MOST_SHOWN = 60
_SLIPS = (
    (r"=\s*[“”„‘’«]", 'text stands in straight quotation marks: "…"'),
    (r"=\s*[0-9]{1,3}(?:,[0-9]{3})+", "a number stands without commas"),
    ("，", "a comma is “,”, not “，”"),
    (r"=\s*(?:True|False|TRUE|FALSE|yes|no)\b", "write true or false"),
    (r'=\s*"[^"]*"\s*,\s*$', "a line ends after its value, without a comma"),
    (r'=\s*"[^"]*"[\s,;]+[\w-]+\s*=', "each key stands on a line of its own"),
    (r"^\s*[\w-]+\s*:", 'a key and its value are joined by =, as in title = "…"'),
)


_CANT_BE_SHOWN = "can't be shown: "
_TOO_MANY_DIGITS = "it holds a number of too many digits"


class SyntaxFault(msgspec.Struct, frozen=True):
    """Where a text is no TOML, and why."""

    position: Position
    code: str
    what: str


class NoDocument(Exception):
    """A text can't be taken as a TOML document; says everything that is wrong with it."""

    def __init__(self, *faults: SyntaxFault) -> None:
        super().__init__(*(fault.what for fault in faults))
        self.faults = faults


class Row(msgspec.Struct, frozen=True, eq=False):
    """One table of the document: which it is, and what it holds as parsed."""

    table: str
    number: int | None
    """Its place among the rows of its table in its part, from 0; None where it stands alone."""
    value: dict[str, Any]
    part: Part

    def position(self, *keys: str | int) -> Position:
        """Give where a key of it, or something inside one, begins; else where it does itself."""
        path = (self.table,) if self.number is None else (self.table, self.number)
        return self.part.position((*path, *self.as_written(*keys))) or Position(1, 1)

    def position_at_top(self, key: str) -> Position | None:
        """Give where a key beside its table begins, in the part of the file that it stands in."""
        return self.part.position((key,))

    def as_written(self, *keys: str | int) -> KeyPath:
        """Give the path to something in it as the file has it: what stands bare has no number."""
        if len(keys) < 2 or isinstance(self.value.get(str(keys[0])), list):
            return keys
        return (keys[0], *keys[2:]) if isinstance(keys[1], int) else keys


class Part:
    """A stretch of the text that is TOML by itself."""

    def __init__(
        self, data: bytes, first_line: int, start: int = 0, end: int | None = None
    ) -> None:
        """Take whole lines of a text, from one byte to another; the text itself is not copied."""
        self._data = data
        self.start = start
        self.end = len(data) if end is None else end
        self.first_line = first_line
        self.values = 0
        """How many values stand in its tables and lists, once it is parsed."""
        self._positions: Positions | None = None

    @property
    def text(self) -> str:
        """The text, line ends as one character."""
        return self._bytes().decode("utf-8-sig").replace("\r\n", "\n")

    def _bytes(self) -> bytes:
        return self._data[self.start : self.end]

    def parsed(self) -> dict[str, Any]:
        """Give what it holds; raises NoDocument."""
        if self.long_step:
            raise self.refusal(f"what begins here can only be read whole, and {self.long_step}")
        try:
            text = self.text
        except UnicodeDecodeError as error:
            raise NoDocument(self._no_text(error)) from error
        if _holds_endless_number(text):
            raise self.refusal(_CANT_BE_SHOWN + _TOO_MANY_DIGITS)
        try:
            document = tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            raise NoDocument(self._fault(error)) from error
        except (RecursionError, ValueError) as error:
            # Python refuses whole numbers of more than some thousand digits with a ValueError.
            deep = isinstance(error, RecursionError)
            what = "it is nested too deeply" if deep else _TOO_MANY_DIGITS
            raise self.refusal(_CANT_BE_SHOWN + what) from error
        extent = Extent(document)
        if extent.beyond:
            raise self.refusal(_CANT_BE_SHOWN + extent.beyond)
        self.values = extent.values
        return document

    @property
    def long_step(self) -> str | None:
        """Why the parser would hold the interpreter for too long; None if it would not."""
        if self.end - self.start > PIECE_SIZE.in_bytes:
            return PIECE_SIZE.told
        marks = sum(self._data.count(mark, self.start, self.end) for mark in (b"\n", b","))
        if marks > PIECE_MARKS.value:
            return f"has more than {PIECE_MARKS.value:,} lines and commas; {PIECE_MARKS.hint}"
        return None

    def position(self, path: KeyPath) -> Position | None:
        """Give where a path begins, or the longest part of it that stands here."""
        if self._positions is None:
            self._positions = Positions(self.text, self.first_line)
        return self._positions.nearest(path)

    def forget_positions(self) -> None:
        """Let go of what is known of places; they are found again when they are asked for."""
        self._positions = None

    def _fault(self, error: tomli.TOMLDecodeError) -> SyntaxFault:
        position = Position(self.first_line + error.lineno - 1, error.colno)
        line = self.text.split("\n")[error.lineno - 1]
        # tomli repeats the place in its message; the fault carries it already.
        return SyntaxFault(position, "syntax", f"no TOML: {_explained(error.msg, line)}")

    def _no_text(self, error: UnicodeDecodeError) -> SyntaxFault:
        before = error.object[: error.start].decode()
        column = len(before) - before.rfind("\n")
        position = Position(self.first_line + before.count("\n"), column)
        what = f"byte 0x{error.object[error.start]:02x} is not UTF-8; TOML is UTF-8 text"
        return SyntaxFault(position, "encoding", what)

    def refusal(self, what: str, position: Position | None = None) -> NoDocument:
        """Give what is to be raised where it is beyond a limit."""
        place = position or Position(self.first_line, 1)
        return NoDocument(SyntaxFault(place, "beyond-limits", what))

    def refused_as_split(self, name: str) -> NoDocument:
        """Give what is to be raised where only the whole text shows whether a table is TOML."""
        what = f"`{name}` stands in several places, so that the file can only be read whole, and"
        # Where nothing is in the way, it is read whole, and this is not told.
        why = Part(self._data, 1).long_step
        return self.refusal(f"{what} {why}", self.position((name,)))


class Document:
    """A whole TOML file: the rows of its arrays of tables, and everything else at its top."""

    def __init__(self, data: bytes) -> None:
        """Take the bytes of a file; nothing is parsed yet."""
        self._data = data
        self.rows: dict[str, list[Row]] = {}
        self.top: dict[str, Any] = {}
        """What is no array of tables; `[case]` among it."""
        self._forget()

    def _forget(self) -> None:
        self.rows.clear()
        self.top.clear()
        self._parts_of_top: dict[str, Part] = {}
        self._inline: set[str] = set()
        """Lists of tables that stand in one line; no later part may add rows to them."""
        self._row_count = self._value_count = 0

    def parse(self) -> Iterator[int]:
        """Parse it; give after each part how many bytes are done. Raises NoDocument."""
        whole = Part(self._data, 1)
        if len(self._data) > LARGE:
            is_last_word = whole.long_step is not None
            try:
                yield from self._take_parts(_parts_of(self._data), looks_on=is_last_word)
                return
            except _TooMuch:
                raise
            except NoDocument:
                if is_last_word:
                    raise
            self._forget()
        yield from self._take_parts([whole], looks_on=True)

    def alone(self, table: str) -> Row | None:
        """Give a table that stands alone, such as `[case]`."""
        value = self.top.get(table)
        part = self._parts_of_top.get(table)
        return Row(table, None, value, part) if part and isinstance(value, dict) else None

    def position(self, key: str) -> Position:
        """Give where a table or a key at the top stands, else the start of the file."""
        part = self.rows[key][0].part if key in self.rows else self._parts_of_top.get(key)
        return (part.position((key,)) if part else None) or Position(1, 1)

    def _take_parts(self, parts: Iterable[Part], *, looks_on: bool) -> Iterator[int]:
        """Take what parts hold; behind one that is no TOML, look at most for what else is none."""
        faults: list[SyntaxFault] = []
        for part in parts:
            try:
                parsed = part.parsed()
            except NoDocument as refused:
                if not looks_on:
                    raise
                faults += (*refused.faults, *_later_faults(part, refused))
                if len(faults) >= _MOST_SYNTAX_ERRORS:
                    break
            else:
                if not faults:
                    self._take(part, parsed)
            yield part.end
        if faults:
            raise NoDocument(*faults[:_MOST_SYNTAX_ERRORS])

    def _take(self, part: Part, parsed: dict[str, Any]) -> None:
        is_more_to_come = part.end < len(self._data)
        for name, value in parsed.items():
            is_list = _is_table_list(value)
            is_known = name in self.top or name in self._inline
            if is_known or (name in self.rows and not is_list):
                raise part.refused_as_split(name)
            if not is_list:
                self.top[name], self._parts_of_top[name] = value, part
                continue
            if part.start == 0 and is_more_to_come:
                self._inline.add(name)
            rows = (Row(name, number, row, part) for number, row in enumerate(value))
            self.rows.setdefault(name, []).extend(rows)
            self._row_count += len(value)
        self._value_count += part.values
        self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        for limit, found, words in (
            (ROWS, self._row_count, "rows"),
            (VALUES, self._value_count, "values"),
        ):
            if found > limit.value:
                what = f"has more than {limit.value:,} {words}; {limit.hint}"
                raise _TooMuch(SyntaxFault(Position(1, 1), "beyond-limits", what))


class _TooMuch(NoDocument):
    """A text has more than is read, in whatever parts."""


def _parts_of(data: bytes) -> Iterator[Part]:
    line = 1
    for start, end in pairwise(chain([0], _edges(data), [len(data)])):
        yield Part(data, line, start, end)
        line += data.count(b"\n", start, end)


def _edges(data: bytes) -> Iterator[int]:
    """Give where a text can be cut: before the first row, and before one that fills a part."""
    # No stretch has more marks than bytes.
    most = min(BYTES_IN_PART, PIECE_SIZE.in_bytes, PIECE_MARKS.value)
    starts = (found.start() for found in _TOKEN.finditer(data) if found["row"])
    start, rows = 0, ROWS_IN_PART
    for at, after in pairwise(chain(starts, [len(data)])):
        if at and (rows >= ROWS_IN_PART or after - start > most):
            yield at
            start, rows = at, 0
        rows += 1


def _holds_endless_number(text: str) -> bool:
    """Say whether there is a number that the parser would take a hundred times its room for."""
    stretch = _LONGEST_NUMBER // 2
    starts = range(0, len(text) - stretch + 1, stretch)
    # So long a number fills a stretch, and to look at these costs next to nothing.
    is_likely = any(not text[at : at + stretch].strip("0123456789ABCDEFabcdef_") for at in starts)
    return is_likely and _ENDLESS_NUMBER.search(text) is not None


def _later_faults(part: Part, refused: NoDocument) -> Iterator[SyntaxFault]:
    """Give the faults of the tables after the one in which the parser stopped, each read alone."""
    first = refused.faults[0]
    if first.code != "syntax":
        return
    lines = part.text.split("\n")
    start = first.position.line - part.first_line + 1
    heads = [number for number in range(start, len(lines)) if _HEADER.match(lines[number])]
    told = 1
    for head, after in islice(pairwise([*heads, len(lines)]), _MOST_TABLES_ALONE):
        alone = Part("\n".join(lines[head:after]).encode(), part.first_line + head)
        try:
            alone.parsed()
        except NoDocument as also:
            yield from also.faults
            told += 1
        if told >= _MOST_SYNTAX_ERRORS:
            return


def _explained(message: str, line: str) -> str:
    """Give the parser's words, and what would be right where the line shows what was meant."""
    said = message[0].lower() + message[1:]
    cure = next(_cures(message, line), "")
    return f"{said}; {cure}" if cure else said


def _cures(message: str, line: str) -> Iterator[str]:
    """Give what would be right, the likeliest first: the slips that people make in TOML."""
    value = line.partition("=")[2].strip()
    for pattern, cure in _SLIPS:
        if re.search(pattern, line):
            yield cure
    if message.startswith(("Invalid value", "Expected newline")):
        if value and value[0] not in "\"'[{":
            yield f'text stands in quotation marks: "{value[:_MOST_SHOWN]}"'
        if value.count('"') > 2:
            yield 'a quotation mark inside text is written \\"'
    if message.startswith("Illegal character"):
        yield 'a quotation mark is missing at its end; text of several lines stands in """'
    if message.startswith(("Invalid hex value", "Unescaped")):
        yield "a backslash is written \\\\, or the text stands in '…'"
    if message.startswith("Unclosed array"):
        yield "a list has a comma after each item, and a ] at its end"
    if "Cannot overwrite" in message or "Cannot mutate" in message:
        yield "each key stands once in a table"


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)
