"""Read a case file: return what is readable, and every problem with its position."""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator
from datetime import tzinfo
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import msgspec.structs

from casefile.background import Pace, run_to_end
from casefile.case import normalise
from casefile.case.amounts import amount_problems
from casefile.case.cite_fields import ValueReader
from casefile.case.date_resolution import resolve_dates
from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.local_times import find_zone
from casefile.case.dating.relative_dates import RELATIVE_DATE_KEY, RelativeDate
from casefile.case.dating.written_dates import DateFault, read_row_date
from casefile.case.document import Document, DocumentError, TableRow
from casefile.case.load_result import LoadResult
from casefile.case.model import (
    ENTRY_TYPES,
    FORMAT,
    Case,
    CaseFile,
    DateBasis,
    Entry,
    FreeEntry,
    FreeTable,
    Source,
)
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import Problem, ProblemCounter, excerpt, file_order_key, in_quotes
from casefile.case.relations import dated_by, outgoing_references, references_in_cites
from casefile.case.source_names import SourceNames, source_names
from casefile.case.table_struct import TableStruct
from casefile.case.timeline.entries import Basis
from casefile.case.validation import Fault, valid_fields
from casefile.files import error_reason, read_regular
from casefile.limits import CASE_SIZE, FREE_TABLES
from casefile.text.suggestions import KnownNames

# The arrays of tables that the format defines.
_ARRAYS = (*(entry_type.table for entry_type in ENTRY_TYPES), FreeTable.table)


def read_case(path: Path) -> LoadResult:
    """Read a case file; every error is returned as a problem, none is raised."""
    return run_to_end(read_in_steps(path))


def read_case_bytes(path: Path, data: bytes) -> LoadResult:
    """Read a case from bytes; `path` is only used in the problems."""
    return run_to_end(_steps_over(path, data))


def read_in_steps(path: Path) -> Generator[float, None, LoadResult]:
    """Read a case file in steps of some milliseconds; yield the fraction done, up to 1."""
    try:
        data = read_regular(path, CASE_SIZE.in_bytes)
    except OSError as error:
        is_large = error.errno == errno.EFBIG
        what = CASE_SIZE.excess_message if is_large else f"can't be read: {error_reason(error)}"
        return LoadResult(path, None, (Problem(path, None, "unreadable", what),))
    return (yield from _steps_over(path, data))


def _steps_over(path: Path, data: bytes) -> Generator[float, None, LoadResult]:
    document = Document(data)
    try:
        for parsed in document.parse():
            yield parsed / max(1, len(data)) / 2
    except DocumentError as error:
        faults = (Problem(path, fault.position, fault.code, fault.what) for fault in error.faults)
        return LoadResult(path, None, tuple(faults), data)
    declared = document.top.get("format")
    if declared != FORMAT:
        what = f'lacks `format = "{FORMAT}"` at its top'
        if isinstance(declared, str) and declared.startswith("casefile/"):
            what += f"; this version of casefile can't read {declared}"
        problem = Problem(path, document.position("format"), "no-format", what)
        return LoadResult(path, None, (problem,), data)
    reader = _CaseReader(path, data, document)
    for done in reader.steps():
        yield 0.5 + done / 2
    return reader.result()


class _CaseReader:
    def __init__(self, path: Path, data: bytes, document: Document) -> None:
        self._path = path
        self._data = data
        self._document = document
        self._problems: list[Problem] = []
        self._tally = ProblemCounter()
        self._zone: tzinfo | None = None
        self._case: Case | None = None
        self._entries: dict[str, Entry] = {}
        self._rows: dict[str, TableRow] = {}
        self._left_out: list[TableRow] = []
        self._unknown: dict[str, dict[str, Any]] = {}
        self._free_tables: dict[str, FreeTable] = {}
        self._declarations: dict[str, TableRow] = {}
        self._ids = KnownNames(self._entries)
        sources = document.rows.get(Source.table, ())
        self._sources = source_names(row.value for row in sources)

    def steps(self) -> Iterator[float]:
        """Read every table in steps of some milliseconds; yield the fraction done, up to 1."""
        pace = Pace()
        self._read_case_table()
        self._read_declarations()
        total = sum(map(len, self._document.rows.values())) or 1
        for done, (row, entry_type) in enumerate(self._rows_to_read(), start=1):
            self._read_row(row, entry_type)
            if pace.is_step_over:
                yield done / total
                pace.begin_step()
        for entry_id, outcome in resolve_dates(self._entries, self._zone):
            self._apply_relative_date(entry_id, outcome)
            if pace.is_step_over:
                yield 1.0
                pace.begin_step()
        for entry in self._entries.values():
            self._check_references(entry)
            if pace.is_step_over:
                yield 1.0
                pace.begin_step()

    def result(self) -> LoadResult:
        """Return what was read; there is no case without a usable `[case]`."""
        problems = (
            *sorted(self._problems, key=file_order_key),
            *self._tally.excess_problems(self._path),
        )
        # They take many times the memory of the file.
        self._document.forget_positions()
        case_file = None
        if self._case is not None:
            case_file = CaseFile(
                self._path,
                self._case,
                self._entries,
                {entry_id: row.value for entry_id, row in self._rows.items()},
                self._unknown,
                self._free_tables,
                tuple(row.value for row in self._left_out),
            )
        return LoadResult(
            self._path, case_file, problems, self._data, self._rows, self._declarations
        )

    def _read_case_table(self) -> None:
        row = self._document.single_table(Case.table)
        if row is None:
            place = partial(self._document.position, Case.table)
            self._report(place, "no-case", "lacks a [case] table with `id` and `title`")
            return
        self._zone = self._zone_of(row)
        case = self._read_row(row, Case)
        self._case = case if isinstance(case, Case) else None

    def _zone_of(self, row: TableRow) -> tzinfo | None:
        name = row.value.get("timezone")
        if not isinstance(name, str):
            return None
        zone = find_zone(name)
        if zone is None:
            hint = "use one such as “Asia/Shanghai”"
            what = f"timezone: {in_quotes(name)} is not a time zone; {hint}"
            self._report_in_row(row, "bad-zone", what, "timezone")
        return zone

    def _rows_to_read(self) -> Iterator[tuple[TableRow, type[Entry]]]:
        for entry_type in ENTRY_TYPES:
            yield from ((row, entry_type) for row in self._document.rows.get(entry_type.table, ()))
        for name in self._free_tables:
            yield from ((row, FreeEntry) for row in self._document.rows.get(name, ()))

    def _read_declarations(self) -> None:
        """Collect the custom tables, declared or not, and the unknown top-level keys."""
        for row in self._document.rows.get(FreeTable.table, ()):
            self._read_declaration(row)
        for name in self._document.rows:
            if name not in (*_ARRAYS, Case.table):
                self._free_tables.setdefault(name, FreeTable(name=name))
        most = FREE_TABLES.value
        why = f"there are more than {most} custom tables; {FREE_TABLES.hint}"
        for name in [*self._free_tables][most:]:
            what = f"`{excerpt(name)}` is not read, since {why}"
            self._report(partial(self._document.position, name), "beyond-limits", what)
            del self._free_tables[name]
        for name, value in self._document.top.items():
            if name not in ("format", Case.table):
                self._read_top_level_key(name, value)

    def _read_declaration(self, row: TableRow) -> None:
        shaped = normalise.normalise_row(row.value, FreeTable, SourceNames())
        fields = self._valid_fields(shaped, FreeTable, row)
        if fields is None:
            return
        table = msgspec.convert(fields, FreeTable)
        if table.name in (*_ARRAYS, Case.table):
            what = f"name: `{table.name}` is defined by the format; use [[table]] for other tables"
        elif table.name in self._free_tables:
            what = f"name: `{table.name}` is already declared; declare each table once"
        else:
            self._free_tables[table.name] = table
            self._declarations[table.name] = row
            return
        self._report_in_row(row, "bad-table", what, "name")

    def _read_top_level_key(self, name: str, value: Any) -> None:
        if name in _ARRAYS:
            if value != []:
                what = f"`{name}` must be an array of tables: write [[{name}]]"
                self._report(partial(self._document.position, name), "not-a-table", what)
                if row := self._document.single_table(name):
                    self._left_out.append(row)
        elif self._case is not None:
            self._unknown.setdefault(self._case.id, {})[name] = value

    def _read_row(self, row: TableRow, entry_type: type[Entry]) -> Entry | None:
        """Read a row and add its entry, unless it has no valid id of its own."""
        entry = self._entry_of(row, entry_type)
        if entry is None:
            self._left_out.append(row)
            return None
        self._entries[entry.id] = entry
        self._rows[entry.id] = row
        for what in amount_problems(entry.amounts):
            self._report_in_row(row, "bad-amount", f"amounts: {what}", "amounts")
        if unknown := normalise.unknown_keys(row.value, entry_type):
            self._unknown[entry.id] = unknown
        return entry

    def _entry_of(self, row: TableRow, entry_type: type[Entry]) -> Entry | None:
        first = self._rows.get(_id_of(row) or "")
        if first is not None:
            self._report_in_row(row, "duplicate-id", partial(_duplicate_message, first), "id")
        own = {k: one for k, one in row.value.items() if k not in entry_type.set_by_reader}
        shaped = normalise.normalise_row(own, entry_type, self._sources)
        dates = self._pop_dates(shaped, entry_type, row)
        if "cites" in shaped:
            shaped["cites"] = self._cite_values(entry_type, row).read(shaped["cites"])
        if entry_type is FreeEntry:
            shaped |= self._free_fields(row)
        try:
            entry = msgspec.convert(shaped, entry_type)
        except msgspec.ValidationError:
            fields = self._valid_fields(shaped, entry_type, row)
            if fields is None:
                return None
            entry = msgspec.convert(fields, entry_type)
        if first is not None:
            return None
        return msgspec.structs.replace(entry, **dates) if dates else entry

    def _pop_dates(
        self, shaped: dict[str, Any], entry_type: type[Entry], row: TableRow
    ) -> dict[str, Any]:
        """Remove the dates from a row and return the fields that they make.

        msgspec would expect tables in their place.
        """
        fields: dict[str, Any] = {}
        for key in normalise.date_keys(entry_type) & shaped.keys():
            when = read_row_date(key, shaped.pop(key), self._zone)
            if isinstance(when, DateFault):
                self._report_fault(row, Fault((key,), "bad-date", when.message))
            elif isinstance(when, RelativeDate):
                fields["relative_date"] = when
                # It is computed by nature.
                fields |= {} if "date_basis" in shaped else {"date_basis": "computed"}
            else:
                fields[key] = when
        return fields

    def _apply_relative_date(self, entry_id: str, outcome: EdtfDate | DateError) -> None:
        entry, row = self._entries[entry_id], self._rows[entry_id]
        if isinstance(outcome, DateError):
            fault = DateFault(row.value[RELATIVE_DATE_KEY], outcome)
            self._report_fault(row, Fault((RELATIVE_DATE_KEY,), "bad-date", fault.message))
            basis = entry.date_basis if "date_basis" in row.value else None
            entry = msgspec.structs.replace(entry, relative_date=None, date_basis=basis)
        else:
            entry = msgspec.structs.replace(entry, date=outcome, date_basis=self._basis(entry))
        self._entries[entry_id] = entry

    def _basis(self, entry: Entry) -> DateBasis | None:
        """Return the basis of a relative date: the worse of its own and that of the other date."""
        if entry.relative_date is None:
            return entry.date_basis
        base = dated_by(self._entries, self._entries[entry.relative_date.to])
        return min(entry.date_basis, base.date_basis, key=Basis.of)

    def _cite_values(self, entry_type: type[Entry], row: TableRow) -> ValueReader:
        refs = self._free_tables[row.table].refs if entry_type is FreeEntry else ()
        report = partial(self._report_fault, row)
        return ValueReader(entry_type, refs, self._sources, self._zone, report)

    def _free_fields(self, row: TableRow) -> dict[str, Any]:
        own = normalise.undefined_keys(row.value, FreeEntry)
        refers = {}
        for key in self._free_tables[row.table].refs:
            if key in own:
                values = own[key] if isinstance(own[key], list) else [own[key]]
                refers[key] = [value for value in values if isinstance(value, str)]
                if len(refers[key]) < len(values):
                    what = f"{key}: [[table]] declares it in `refs`, so it must hold ids"
                    self._report_in_row(row, "wrong-type", what, key)
        return {"in_table": row.table, "own": own, "refers": refers}

    def _valid_fields(
        self, shaped: dict[str, Any], record_type: type[TableStruct], row: TableRow
    ) -> dict[str, Any] | None:
        """Report every fault of a row; return its valid fields, or None if it has no valid id."""
        hints = normalise.hints_by_key(record_type)
        required = normalise.required_keys(record_type)
        valid = valid_fields(shaped, hints, partial(self._report_fault, row))
        for key in hints:
            if key in required and key not in shaped:
                self._report_in_row(row, "missing-key", f"the {row.table} lacks `{key}`")
        if ("id" if "id" in required else "name") not in valid:
            return None
        missing = required - valid.keys()
        valid |= {key: normalise.placeholder(record_type, key) for key in missing}
        return valid | {key: shaped[key] for key in record_type.set_by_reader & shaped.keys()}

    def _check_references(self, entry: Entry) -> None:
        for reference in chain(outgoing_references(entry), references_in_cites(entry)):
            if reference.to and reference.to not in self._entries:
                self._report_dangling(entry, reference.to, reference.key, reference.path)
        for number, cite in enumerate(entry.cites):
            if cite.source is not None and cite.source not in self._entries:
                self._report_dangling(entry, cite.source, "cites", ("cites", number))

    def _report_dangling(self, entry: Entry, missing_id: str, key: str, path: KeyPath) -> None:
        def what() -> str:
            hint = self._ids.hint(missing_id)
            return f"{key}: there is no entry {in_quotes(missing_id)}{hint}"

        self._report_in_row(self._rows[entry.id], "dangling", what, *path)

    def _report_fault(self, row: TableRow, fault: Fault) -> None:
        self._report_in_row(row, fault.code, partial(_fault_message, row, fault), *fault.path)

    def _report_in_row(
        self, row: TableRow, code: str, what: str | Callable[[], str], *keys: str | int
    ) -> None:
        entry_id = _id_of(row)
        has_entry = entry_id and self._rows.get(entry_id, row) is row
        self._report(partial(row.position, *keys), code, what, entry_id if has_entry else None)

    def _report(
        self,
        place: Callable[[], Position],
        code: str,
        what: str | Callable[[], str],
        entry: str | None = None,
    ) -> None:
        """Add a problem; its position and message are computed only within the limit."""
        if self._tally.count_within_limit(code):
            message = what if isinstance(what, str) else what()
            self._problems.append(Problem(self._path, place(), code, message, entry))


def _id_of(row: TableRow) -> str | None:
    value = row.value.get("id")
    return value if isinstance(value, str) else None


def _duplicate_message(first: TableRow) -> str:
    line = first.position("id").line
    what = f"the id “{first.value['id']}” is taken by the {first.table} on line {line}"
    return f"{what}; ids must be unique"


def _fault_message(row: TableRow, fault: Fault) -> str:
    """Return the message with the path, whose indices are from 1: `cites[2].at`."""
    first, *rest = row.as_written(*fault.path)
    inner = (f"[{key + 1}]" if isinstance(key, int) else f".{excerpt(key)}" for key in rest)
    return f"{first}{''.join(inner)}: {fault.message()}"
