"""Turn a spreadsheet into a case file, and list what the user has to settle in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from casefile.authoring.columns import CellKind, cell_keys
from casefile.authoring.csv_table import CsvRow, CsvTable
from casefile.authoring.named_entries import ImportedEntries, NamedEntries
from casefile.authoring.new_ids import IdPool, slugify
from casefile.authoring.row_import import ImportedRow, ImportOptions, import_row
from casefile.authoring.toml_text import assignment_lines, comment_lines, commented_out
from casefile.case.dating.day_words import DayMonthOrder
from casefile.case.model import FORMAT, Entry, Issue, Party, Source
from casefile.text.plurals import plural, pluralize

TO_SETTLE = "To settle"
"""Marks in the case file what the user has to settle."""

_PARTIES = (
    "Parties, by the names in the cells. Give each its type (such as Person, Company, PublicBody,\n"
    "Group or Vessel) and its cites. Where two are one, keep one, with the other's name in\n"
    "`aliases`."
)
_SOURCES = "Sources, as the cells name them. A title of your own goes in [brackets]."
_NO_ID = "it has no letter a-z or digit; one is made of the title"
_ISSUES = "Issues: questions that entries name."


class ImportResult(msgspec.Struct, frozen=True):
    """A spreadsheet as a case file."""

    lines: tuple[str, ...]
    """The lines of the case file."""
    to_settle: tuple[tuple[int, str], ...]
    """What the user has to settle, each with the number of its row."""
    remarks: tuple[str, ...]
    """Remarks on the table as a whole."""


def import_table(
    table: CsvTable, options: ImportOptions, *, case_id: str, title: str, name: str
) -> ImportResult:
    """Turn a table into a case file; `name` is the name of the table's file."""
    ids = IdPool()
    ids.take(case_id)
    given = dict(_given_ids(table, options, ids))
    types: tuple[type[Entry], ...] = (Party, Source, Issue)
    entries = {entry_type: NamedEntries(entry_type, ids) for entry_type in types}
    rows = [import_row(row, options, entries) for row in table.rows]
    for row in rows:
        _add_id(row, options, ids, *given.get(row.number, ("", "")))
    case = {"id": case_id, "title": title}
    lines = [
        *comment_lines(f"From {name}, {pluralize(len(rows), 'row')}."),
        *(line for row in table.above for line in _comment_above(row)),
        *("", f'format = "{FORMAT}"', "", "[case]"),
        *(line for key, value in case.items() for line in assignment_lines(key, value)),
        *_named_lines(_SOURCES, entries[Source]),
        *_named_lines(_PARTIES, entries[Party]),
        *_row_lines(rows, options),
        *_named_lines(_ISSUES, entries[Issue]),
    ]
    to_settle = tuple((row.number, what) for row in rows for what in row.to_settle)
    return ImportResult(tuple(lines), to_settle, tuple(_remarks(rows, options, entries)))


def _given_ids(
    table: CsvTable, options: ImportOptions, ids: IdPool
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield row, id and what is wrong with it for the ids of a column, before any is generated."""
    for column in options.column_map.get("id", ()):
        for row in table.rows:
            words = row.cells[column]
            if not words or row.extra:
                continue
            if not (wanted := slugify(words)):
                yield row.number, ("", f"id “{words}”: {_NO_ID}")
                continue
            taken = ids.take(wanted)
            wrong = f"id “{words}”: another entry has it; it is {taken} here"
            yield row.number, (taken, wrong if taken != wanted else "")


def _add_id(row: ImportedRow, options: ImportOptions, ids: IdPool, given: str, wrong: str) -> None:
    """Add the given id to a row, or one made from its title."""
    if not row.keys:
        return
    keys = cell_keys(options.entry_type).values()
    label = next(key.name for key in keys if key.is_required and key.kind is CellKind.TEXT)
    otherwise = f"{options.entry_type.table}-{row.number}"
    entry_id = given or ids.take_for(str(row.keys[label]), otherwise)
    row.keys = {"id": entry_id, **row.keys}
    if wrong:
        row.to_settle.insert(0, wrong)


def _comment_above(row: CsvRow) -> Iterator[str]:
    return comment_lines(f"Row {row.number}: {' | '.join(filter(None, row.cells))}")


def _named_lines(heading: str, entries: NamedEntries) -> Iterator[str]:
    if len(entries):
        yield from ("", "", *comment_lines(heading), *entries.lines())


def _row_lines(rows: Sequence[ImportedRow], options: ImportOptions) -> Iterator[str]:
    table = options.entry_type.table
    yield from ("", "", *comment_lines(f"{plural(table).capitalize()}, in the order of the rows."))
    for row in rows:
        yield ""
        if row.is_entry:
            yield from _entry_lines(row, table)
            continue
        yield from comment_lines(f"Row {row.number} is no entry yet.")
        lines = _entry_lines(row, table)
        yield from commented_out(lines) if row.keys else lines


def _entry_lines(row: ImportedRow, table: str) -> Iterator[str]:
    if row.keys:
        yield f"[[{table}]]  # row {row.number}"
    for what in row.to_settle:
        yield from comment_lines(f"{TO_SETTLE}: {what}")
    for key, value in row.keys.items():
        yield from assignment_lines(key, value)
    for words in row.comments:
        yield from comment_lines(words)


def _remarks(
    rows: Sequence[ImportedRow], options: ImportOptions, entries: ImportedEntries
) -> Iterator[str]:
    unmapped = (number for number in options.unmapped if number not in options.extra_keys)
    if names := ", ".join(options.columns[number] for number in unmapped):
        yield f"The cells of {names} became comments; --keep turns them into keys."
    yield from _remark_on_order(rows)
    counts = [pluralize(sum(row.is_entry for row in rows), options.entry_type.table)]
    counts += [pluralize(len(named), one.table) for one, named in entries.items() if len(named)]
    unsettled = sum(bool(row.to_settle) for row in rows)
    settle = f"; {pluralize(unsettled, 'row')} to settle, marked “{TO_SETTLE}”" if unsettled else ""
    yield f"{pluralize(len(rows), 'row')}: {', '.join(counts)}{settle}."


def _remark_on_order(rows: Sequence[ImportedRow]) -> Iterator[str]:
    """Yield what the other dates suggest, if some depend on the order of day and month."""
    ambiguous = sum(row.is_ambiguous for row in rows)
    if not ambiguous:
        return
    row_of = {row.only_order: row.number for row in reversed(rows) if row.only_order}
    many = f"{pluralize(ambiguous, 'date')} may be read in two ways"
    match list(row_of):
        case []:
            yield f"{many}; --day-first or --month-first says which is meant."
        case [order]:
            yield f"{many}; what can be read in one way only is {order}, so --{order} may be right."
        case _:
            day, month = row_of[DayMonthOrder.DAY_FIRST], row_of[DayMonthOrder.MONTH_FIRST]
            yield f"{many}, and others go both ways: row {day} day-first, row {month} month-first."
