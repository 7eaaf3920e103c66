"""A path to the case as far as it can be read, and every problem with its place."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from datetime import date, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
import msgspec.structs
import tomli

from casefile.bounds import beyond_bounds
from casefile.case import shapes
from casefile.case.amounts import problems as amount_problems
from casefile.case.dates import When
from casefile.case.edtf import DateError, of_native, parse
from casefile.case.model import ENTRY_TYPES, FORMAT, Case, CaseFile, E, Entry, Source, mentions
from casefile.case.positions import Position, Positions
from casefile.case.problem import Problem

_MOST_HINTS = 10
SIZE_LIMIT = 256 * 1024 * 1024


class Reading(msgspec.Struct, frozen=True):
    """What came of reading a file: the case, unless it can't be opened, and the problems."""

    case_file: CaseFile | None
    problems: tuple[Problem, ...] = ()


def read_case(path: Path, *, size_limit: int = SIZE_LIMIT) -> Reading:
    """Read a case file; whatever is wrong with it is a problem, never an exception."""
    try:
        text = _text_of(path, size_limit)
        document = _parsed(text)
    except _Unreadable as error:
        return Reading(None, (Problem(path, error.position, "unreadable", error.what),))
    return _Reader(path, text, document).read()


class _Unreadable(Exception):
    """The file as a whole can't be read."""

    def __init__(self, what: str, position: Position | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.position = position


def _text_of(path: Path, size_limit: int) -> str:
    try:
        data = _bytes_of(path, size_limit)
    except OSError as error:
        raise _Unreadable(f"can't be read: {(error.strerror or str(error)).lower()}") from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8; a case file is UTF-8 text"
        raise _Unreadable(what, Position(line, column)) from error


def _bytes_of(path: Path, size_limit: int) -> bytes:
    # Without O_NONBLOCK a FIFO would hang the program here.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _Unreadable("is no regular file; a case is a TOML file")
        data = file.read(size_limit + 1)
    if len(data) > size_limit:
        raise _Unreadable(f"is larger than the limit of {size_limit:,} bytes")
    return data


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        # tomli repeats the place in its message; the problem carries it already.
        raise _Unreadable(f"no TOML: {error.msg}", Position(error.lineno, error.colno)) from error
    except (RecursionError, ValueError) as error:
        # Python refuses whole numbers of more than some thousand digits with a ValueError.
        deep = isinstance(error, RecursionError)
        what = "it is nested too deeply" if deep else "it holds a number of too many digits"
        raise _Unreadable(f"can't be shown: {what}", Position(1, 1)) from error
    if beyond := beyond_bounds(document):
        raise _Unreadable(f"can't be shown: {beyond}", Position(1, 1))
    if document.get("format") != FORMAT:
        raise _Unreadable(f'lacks `format = "{FORMAT}"` at its top', Position(1, 1))
    return document


class _Reader:
    """One reading of one document; collects problems as it goes."""

    def __init__(self, path: Path, text: str, document: dict[str, Any]) -> None:
        self._path = path
        self._text = text
        self._document = document
        self._problems: list[Problem] = []
        self._positions: Positions | None = None
        self._zone: tzinfo | None = None
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, dict[str, Any]] = {}
        self._unknown: dict[str, dict[str, Any]] = {}
        self._row_of: dict[str, int] = {}
        self._near: dict[str, str | None] = {}
        self._source_ids = frozenset(
            row["id"] for row in _rows(document.get(Source.table)) if isinstance(row.get("id"), str)
        )

    def read(self) -> Reading:
        """Read every table; without a usable `[case]` there is no case."""
        self._zone = self._zone_of_case()
        case = self._read_case_table()
        for entry_type in ENTRY_TYPES:
            self._read_table(entry_type)
        self._note_unread_tables()
        self._check_references()
        problems = tuple(sorted(self._problems, key=_line_and_column))
        if case is None:
            return Reading(None, problems)
        entries = dict(self._entries)
        case_file = CaseFile(self._path, case, entries, self._rows, self._unknown)
        return Reading(case_file, problems)

    def _read_case_table(self) -> Case | None:
        row = self._document.get(Case.table)
        if not isinstance(row, dict):
            self._problem("lacks a [case] table with `id` and `title`", Case.table, 0)
            return None
        case = self._convert(row, Case, 0)
        return self._take(case, row, 0) if case else None

    def _read_table(self, entry_type: type[Entry]) -> None:
        value = self._document.get(entry_type.table)
        if value is not None and not _is_table_list(value):
            table = entry_type.table
            self._problem(f"`{table}` must be an array of tables: write [[{table}]]", table, 0)
        for number, row in enumerate(_rows(value)):
            entry = self._convert(row, entry_type, number)
            if entry:
                self._take(entry, row, number)

    def _take(self, entry: E, row: dict[str, Any], number: int) -> E:
        first = self._entries.get(entry.id)
        if first is not None:
            place = self._place(first.table, self._row_of[entry.id], "id")
            self._problem(
                f"the id “{entry.id}” is taken by the {first.table} on line {place.line}; "
                "each id stands once",
                entry.table,
                number,
                "id",
            )
            return entry
        self._entries[entry.id] = entry
        self._rows[entry.id] = row
        self._row_of[entry.id] = number
        self._check_amounts(entry, number)
        extra = shapes.unknown_keys(row, type(entry))
        if extra:
            self._unknown[entry.id] = extra
        return entry

    def _convert(self, row: dict[str, Any], entry_type: type[E], number: int) -> E | None:
        shaped = shapes.shaped(row, entry_type, self._source_ids)
        dates = self._dates(shaped, entry_type, number)
        try:
            entry = msgspec.convert(shaped, entry_type)
        except msgspec.ValidationError:
            sound = self._sound_fields(shaped, entry_type, number)
            try:
                entry = msgspec.convert(sound, entry_type)
            except msgspec.ValidationError:
                return None
        return msgspec.structs.replace(entry, **dates) if dates else entry

    def _dates(
        self, shaped: dict[str, Any], entry_type: type[Entry], number: int
    ) -> dict[str, When]:
        """Take the dates out of a row, read; msgspec would take them for tables."""
        read = {}
        for key in shapes.date_keys(entry_type) & shaped.keys():
            value = shaped.pop(key)
            try:
                read[key] = self._when(value)
            except DateError as error:
                what = f"{key}: {error.problem}; {error.hint}"
                entry_id = shaped.get("id")
                known = entry_id if isinstance(entry_id, str) else None
                self._problem(what, entry_type.table, number, key, entry=known)
        return read

    def _when(self, value: Any) -> When:
        if isinstance(value, date):
            return of_native(value, self._zone)
        if isinstance(value, str):
            return parse(value, self._zone)
        raise DateError("it is no date", "write text such as “2017-08”")

    def _sound_fields(
        self, shaped: Mapping[str, Any], entry_type: type[Entry], number: int
    ) -> dict[str, Any]:
        """Give the fields that can be kept, and report each of the others."""
        sound = {}
        entry_id = shaped.get("id")
        known = entry_id if isinstance(entry_id, str) else None
        for key, hint in shapes.hints_by_key(entry_type).items():
            if key not in shaped:
                if key in shapes.required_keys(entry_type):
                    what = f"the {entry_type.table} lacks `{key}`"
                    self._problem(what, entry_type.table, number, entry=known)
                continue
            try:
                msgspec.convert(shaped[key], hint)
            except msgspec.ValidationError as error:
                what = shapes.in_plain_words(key, str(error))
                self._problem(what, entry_type.table, number, key, entry=known)
            else:
                sound[key] = shaped[key]
        return sound

    def _zone_of_case(self) -> tzinfo | None:
        row = self._document.get(Case.table)
        name = row.get("timezone") if isinstance(row, dict) else None
        if not isinstance(name, str):
            return None
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            what = f"timezone: “{name}” is no known time zone; write one such as “Asia/Shanghai”"
            self._problem(what, Case.table, 0, "timezone")
            return None

    def _check_amounts(self, entry: Entry, number: int) -> None:
        for what in amount_problems(entry.amounts):
            self._problem(f"amounts: {what}", entry.table, number, "amounts", entry=entry.id)

    def _note_unread_tables(self) -> None:
        known = {"format", Case.table, *(kind.table for kind in ENTRY_TYPES)}
        for name in [name for name in self._document if name not in known]:
            self._problem(f"`{name}` is no table that this version shows", name, 0, name)

    def _check_references(self) -> None:
        for entry in self._entries.values():
            for field, mention in mentions(entry):
                if mention.to not in self._entries:
                    self._dangling(entry, field, mention.to)
            for cite in entry.cites:
                if cite.source is not None and cite.source not in self._entries:
                    self._dangling(entry, "cites", cite.source)

    def _dangling(self, entry: Entry, field: str, wanted: str) -> None:
        near = self._nearest(wanted)
        hint = f"; the nearest is “{near}”" if near else ""
        key = shapes.key_of(type(entry), field)
        what = f"{key}: there is no entry “{wanted}”{hint}"
        self._problem(what, entry.table, self._row_of[entry.id], key, entry=entry.id)

    def _nearest(self, wanted: str) -> str | None:
        # Each comparison walks all ids; a table that is missing would leave thousands dangling.
        if wanted not in self._near and len(self._near) < _MOST_HINTS:
            found = get_close_matches(wanted, self._entries, n=1)
            self._near[wanted] = found[0] if found else None
        return self._near.get(wanted)

    def _problem(
        self, what: str, table: str, number: int, key: str = "", *, entry: str | None = None
    ) -> None:
        place = self._place(table, number, key)
        self._problems.append(Problem(self._path, place, "row", what, entry))

    def _place(self, table: str, number: int, key: str = "") -> Position:
        if self._positions is None:
            self._positions = Positions(self._text)
        positions = self._positions
        return (
            positions.key(table, number, key)
            or positions.table(table, number)
            or positions.key("", 0, key)
            or Position(1, 1)
        )


def _line_and_column(problem: Problem) -> tuple[int, int]:
    return (problem.position.line, problem.position.column) if problem.position else (0, 0)


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _rows(value: Any) -> list[dict[str, Any]]:
    return value if _is_table_list(value) else []
