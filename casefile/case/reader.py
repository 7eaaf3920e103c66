"""Reading a case file: the case as far as it goes, and every problem with its place."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from datetime import date, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import msgspec.structs

from casefile.background import run_to_end
from casefile.case import normalise
from casefile.case.amounts import problems as amount_problems
from casefile.case.dating.dates import When
from casefile.case.dating.edtf import DateError, NoEdtf, of_native, parse
from casefile.case.dating.zones import zone_named
from casefile.case.document import Document, NoDocument, Row
from casefile.case.model import (
    ENTRY_TYPES,
    FORMAT,
    Case,
    CaseFile,
    Entry,
    FreeEntry,
    FreeTable,
    Record,
    Source,
)
from casefile.case.naming import namings_of
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import Problem, Tally, in_file_order, quoted, shortened
from casefile.case.validation import Fault, sound_fields
from casefile.files import read_regular, why
from casefile.limits import CASE_SIZE, FREE_TABLES
from casefile.text.suggestions import KnownNames

DECLARATIONS = "table"
"""The table whose rows say what the tables are that the format does not name."""

_ROWS_IN_STEP = 500


class LoadResult(msgspec.Struct, frozen=True):
    """What came of reading a file: the case, unless it can't be opened, and the problems."""

    path: Path
    case_file: CaseFile | None
    problems: tuple[Problem, ...] = ()
    data: bytes = b""
    rows: dict[str, Row] = {}
    """The row of each entry in the file, by its id."""
    declarations: dict[str, Row] = {}
    """The row that declares a table of the file's own, by the table's name."""

    def position(self, entry_id: str, *keys: str | int) -> Position | None:
        """Give where an entry, or a key of it, or something inside one, stands in the file."""
        row = self.rows.get(entry_id)
        return row.position(*keys) if row else None

    def lines(self) -> list[str]:
        """Give the lines of the file, for showing the places of problems."""
        text = self.data.decode("utf-8-sig", errors="replace")
        return text.replace("\r\n", "\n").split("\n")


def read_case(path: Path) -> LoadResult:
    """Read a case file; whatever is wrong with it is a problem, never an exception."""
    return run_to_end(read_in_steps(path))


def reading_of(path: Path, data: bytes) -> LoadResult:
    """Read a case from bytes, wherever they come from; the path only names them in problems."""
    return run_to_end(_steps_over(path, data))


def read_in_steps(path: Path) -> Generator[float, None, LoadResult]:
    """Read a case file in steps of some milliseconds; give how much of it is done, up to 1."""
    try:
        data = read_regular(path, CASE_SIZE.in_bytes)
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        what = CASE_SIZE.told if is_large else f"can't be read: {why(error)}"
        return LoadResult(path, None, (Problem(path, None, "unreadable", what),))
    return (yield from _steps_over(path, data))


def _steps_over(path: Path, data: bytes) -> Generator[float, None, LoadResult]:
    document = Document(data)
    try:
        for parsed in document.parse():
            yield parsed / max(1, len(data)) / 2
    except NoDocument as error:
        faults = (Problem(path, one.position, one.code, one.what) for one in error.faults)
        return LoadResult(path, None, tuple(faults), data)
    if document.top.get("format") != FORMAT:
        what = f'lacks `format = "{FORMAT}"` at its top{_other_format(document.top.get("format"))}'
        problem = Problem(path, document.position("format"), "no-format", what)
        return LoadResult(path, None, (problem,), data)
    reader = _Reader(path, data, document)
    for done in reader.steps():
        yield 0.5 + done / 2
    return reader.reading()


def _other_format(written: Any) -> str:
    newer = isinstance(written, str) and written.startswith("casefile/")
    return f"; this version reads no {written}" if newer else ""


class _Reader:
    """One reading of one document; collects problems as it goes."""

    def __init__(self, path: Path, data: bytes, document: Document) -> None:
        self._path = path
        self._data = data
        self._document = document
        self._problems: list[Problem] = []
        self._tally = Tally()
        self._zone: tzinfo | None = None
        self._case: Case | None = None
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, Row] = {}
        self._unknown: dict[str, dict[str, Any]] = {}
        self._free_tables: dict[str, FreeTable] = {}
        self._declarations: dict[str, Row] = {}
        self._ids = KnownNames(self._entries)
        self._source_ids = frozenset(
            row.value["id"]
            for row in document.rows.get(Source.table, ())
            if isinstance(row.value.get("id"), str)
        )

    def steps(self) -> Iterator[float]:
        """Read every table, some rows a step; give how many of all rows are done, up to 1."""
        self._read_case_table()
        self._read_declarations()
        total = sum(map(len, self._document.rows.values())) or 1
        for done, (row, entry_type) in enumerate(self._rows_to_read(), start=1):
            self._read_row(row, entry_type)
            if done % _ROWS_IN_STEP == 0:
                yield done / total
        for number, entry in enumerate(self._entries.values(), start=1):
            self._check_references(entry)
            if number % _ROWS_IN_STEP == 0:
                yield 1.0

    def reading(self) -> LoadResult:
        """Give what was read; without a usable `[case]` there is no case."""
        problems = (*sorted(self._problems, key=in_file_order), *self._tally.beyond(self._path))
        self._forget_positions()
        case_file = None
        if self._case is not None:
            case_file = CaseFile(
                self._path,
                self._case,
                self._entries,
                {entry_id: row.value for entry_id, row in self._rows.items()},
                self._unknown,
                self._free_tables,
            )
        return LoadResult(
            self._path, case_file, problems, self._data, self._rows, self._declarations
        )

    def _forget_positions(self) -> None:
        """Let go of what is known of places: it takes many times the room of the file."""
        for rows in self._document.rows.values():
            for row in rows:
                row.part.forget_positions()

    def _read_case_table(self) -> None:
        row = self._document.alone(Case.table)
        if row is None:
            place = partial(self._document.position, Case.table)
            self._problem(place, "no-case", "lacks a [case] table with `id` and `title`")
            return
        self._zone = self._zone_of(row)
        case = self._read_row(row, Case)
        self._case = case if isinstance(case, Case) else None

    def _zone_of(self, row: Row) -> tzinfo | None:
        name = row.value.get("timezone")
        if not isinstance(name, str):
            return None
        zone = zone_named(name)
        if zone is None:
            what = (
                f"timezone: {quoted(name)} is no known time zone; write one such as “Asia/Shanghai”"
            )
            self._problem(partial(row.position, "timezone"), "bad-zone", what, _id_of(row))
        return zone

    def _rows_to_read(self) -> Iterator[tuple[Row, type[Entry]]]:
        for entry_type in ENTRY_TYPES:
            yield from ((row, entry_type) for row in self._document.rows.get(entry_type.table, ()))
        for name in self._free_tables:
            yield from ((row, FreeEntry) for row in self._document.rows.get(name, ()))

    def _read_declarations(self) -> None:
        """Learn which tables there are beyond those of the format, and take note of all else."""
        own = {kind.table for kind in ENTRY_TYPES}
        for row in self._document.rows.get(DECLARATIONS, ()):
            self._declare(row, own)
        for name in [*self._document.rows]:
            if name not in (*own, Case.table, DECLARATIONS):
                self._free_tables.setdefault(name, FreeTable(name=name))
        most = FREE_TABLES.value
        what = f"more than {most} tables of its own, of which this is not read; {FREE_TABLES.hint}"
        for name in [*self._free_tables][most:]:
            self._problem(partial(self._document.position, name), "beyond-limits", what)
            del self._free_tables[name]
        for name, value in self._document.top.items():
            if name not in ("format", Case.table):
                self._note_no_table(name, value, own)

    def _declare(self, row: Row, own: set[str]) -> None:
        kept = self._kept_of(normalise.shaped(row.value, FreeTable, frozenset()), FreeTable, row)
        if kept is None:
            return
        table = msgspec.convert(kept, FreeTable)
        if table.name in (*own, Case.table, DECLARATIONS):
            what = f"name: `{table.name}` is a table of the format; [[table]] declares others"
        elif table.name in self._free_tables:
            what = f"name: `{table.name}` is declared above; each table is declared once"
        else:
            self._free_tables[table.name] = table
            self._declarations[table.name] = row
            return
        self._problem(partial(row.position, "name"), "bad-table", what)

    def _note_no_table(self, name: str, value: Any, own: set[str]) -> None:
        if name in own or name == DECLARATIONS:
            if value != []:
                what = f"`{name}` must be an array of tables: write [[{name}]]"
                self._problem(partial(self._document.position, name), "not-a-table", what)
        elif self._case is not None:
            self._unknown.setdefault(self._case.id, {})[name] = value

    def _read_row(self, row: Row, entry_type: type[Entry]) -> Entry | None:
        """Read a row and take the entry that it makes, if it makes one."""
        entry = self._entry_of(row, entry_type)
        if entry is None:
            return None
        self._entries[entry.id] = entry
        self._rows[entry.id] = row
        for what in amount_problems(entry.amounts):
            place = partial(row.position, "amounts")
            self._problem(place, "bad-amount", f"amounts: {what}", entry.id)
        if unknown := normalise.unknown_keys(row.value, entry_type):
            self._unknown[entry.id] = unknown
        return entry

    def _entry_of(self, row: Row, entry_type: type[Entry]) -> Entry | None:
        is_taken = self._is_taken(row)
        shaped = normalise.shaped(row.value, entry_type, self._source_ids)
        dates = self._take_dates(shaped, entry_type, row)
        if entry_type is FreeEntry:
            shaped |= self._free_fields(row)
        try:
            entry = msgspec.convert(shaped, entry_type)
        except msgspec.ValidationError:
            kept = self._kept_of(shaped, entry_type, row)
            if kept is None:
                return None
            entry = msgspec.convert(kept, entry_type)
        if is_taken:
            return None
        return msgspec.structs.replace(entry, **dates) if dates else entry

    def _is_taken(self, row: Row) -> bool:
        first = self._rows.get(row.value["id"]) if _id_of(row) else None
        if first is None:
            return False
        words = partial(_taken_by, first)
        self._problem(partial(row.position, "id"), "duplicate-id", words)
        return True

    def _take_dates(
        self, shaped: dict[str, Any], entry_type: type[Entry], row: Row
    ) -> dict[str, When]:
        """Take the dates out of a row, read; msgspec would take them for tables."""
        read = {}
        for key in normalise.date_keys(entry_type) & shaped.keys():
            value = shaped.pop(key)
            try:
                read[key] = self._when(value)
            except DateError as error:
                # A copy: the error itself holds its traceback, whose frames hold it in turn.
                refusal = type(error)(error.problem, error.hint)
                what = partial(_no_date_in_words, key, value, refusal)
                place = partial(row.position, key)
                self._problem(place, "bad-date", what, self._known(row))
        return read

    def _when(self, value: Any) -> When:
        if isinstance(value, date):
            return of_native(value, self._zone)
        if not isinstance(value, str):
            raise DateError("it is no date", "write text such as “2017-08”")
        return parse(value, self._zone)

    def _free_fields(self, row: Row) -> dict[str, Any]:
        """Give what a row of a table of its own has beyond the keys that every table may carry."""
        own = normalise.own_keys(row.value, FreeEntry)
        refers = {}
        for key in self._free_tables[row.table].refs:
            if key in own:
                several = own[key] if isinstance(own[key], list) else [own[key]]
                refers[key] = [one for one in several if isinstance(one, str)]
                if len(refers[key]) < len(several):
                    what = f"{key}: it is declared to name entries, so it holds ids"
                    place = partial(row.position, key)
                    self._problem(place, "wrong-type", what, self._known(row))
        return {"in_table": row.table, "own": own, "refers": refers}

    def _kept_of(
        self, shaped: dict[str, Any], record_type: type[Record], row: Row
    ) -> dict[str, Any] | None:
        """Report all that is wrong with a row; give what can be kept, or None without an id."""
        hints = normalise.hints_by_key(record_type)
        required = normalise.required_keys(record_type)
        known = self._known(row)

        def tell(fault: Fault) -> None:
            place = partial(row.position, *fault.path)
            self._problem(place, fault.code, partial(_fault_in_words, row, fault), known)

        kept = sound_fields(shaped, hints, tell)
        for key in hints:
            if key in required and key not in shaped:
                what = f"the {row.table} lacks `{key}`"
                self._problem(row.position, "missing-key", what, known)
        if ("id" if "id" in required else "name") not in kept:
            return None
        missing = required - kept.keys()
        kept |= {key: normalise.stand_in(record_type, key) for key in missing}
        free = {key: shaped[key] for key in ("in_table", "own", "refers") if key in shaped}
        return kept | free if record_type is FreeEntry else kept

    def _check_references(self, entry: Entry) -> None:
        for naming in namings_of(entry):
            if naming.to and naming.to not in self._entries:
                self._dangling(entry, naming.key, naming.number, naming.to)
        for number, cite in enumerate(entry.cites):
            if cite.source is not None and cite.source not in self._entries:
                self._dangling(entry, "cites", number, cite.source)

    def _dangling(self, entry: Entry, key: str, number: int, wanted: str) -> None:
        def what() -> str:
            return f"{key}: there is no entry {quoted(wanted)}{self._ids.hint(wanted)}"

        place = partial(self._rows[entry.id].position, key, number)
        self._problem(place, "dangling", what, entry.id)

    def _known(self, row: Row) -> str | None:
        """Give the id of the entry that a row makes, if it makes one."""
        entry_id = _id_of(row)
        return entry_id if entry_id and self._rows.get(entry_id, row) is row else None

    def _problem(
        self,
        place: Callable[[], Position],
        code: str,
        what: str | Callable[[], str],
        entry: str | None = None,
    ) -> None:
        """Take a problem; its place and its words are looked for only if it is told."""
        if self._tally.takes(code):
            said = what if isinstance(what, str) else what()
            self._problems.append(Problem(self._path, place(), code, said, entry))


def _id_of(row: Row) -> str | None:
    value = row.value.get("id")
    return value if isinstance(value, str) else None


def _taken_by(first: Row) -> str:
    line = first.position("id").line
    taken = f"the id “{first.value['id']}” is taken by the {first.table} on line {line}"
    return f"{taken}; each id stands once"


def _no_date_in_words(key: str, value: Any, refusal: DateError) -> str:
    if isinstance(refusal, NoEdtf):
        # To read the words of one date takes 0.1 to 1 ms.
        from casefile.case.dating.date_hints import hinted

        refusal = hinted(value, refusal)
    return f"{key}: {refusal.problem}; {refusal.hint}"


def _fault_in_words(row: Row, fault: Fault) -> str:
    return f"{_in_words(row.as_written(*fault.path))}: {fault.what}"


def _in_words(path: KeyPath) -> str:
    """Give a path as a writer counts: `cites[2].at` is the place in the second cite."""
    first, *rest = path
    inner = (f"[{one + 1}]" if isinstance(one, int) else f".{shortened(one)}" for one in rest)
    return f"{first}{''.join(inner)}"
