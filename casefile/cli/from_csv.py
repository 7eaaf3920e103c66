"""`casefile from-csv FILE`: print the rows of a spreadsheet as a case file."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from shlex import quote

from casefile.authoring.columns import (
    BadColumnMap,
    ColumnMap,
    cell_keys,
    extra_keys,
    format_column_map,
    guess_column_map,
    parse_column_map,
)
from casefile.authoring.csv_table import LARGEST, BadTable, CsvTable, parse_table
from casefile.authoring.row_import import ImportOptions
from casefile.authoring.table_import import import_table
from casefile.case.dating.day_words import DayMonthOrder
from casefile.case.model import ENTRY_TYPES, Entry, Event
from casefile.cli.new import id_of_new_case
from casefile.cli.parser import nonempty
from casefile.cli.standard_input import STREAM_NAME, read_standard_input
from casefile.console import (
    FINDINGS,
    FINE,
    STREAM,
    CommandError,
    print_errors,
    print_lines,
    speak_utf8,
)
from casefile.files import error_reason, read_regular

_TABLES = {kind.table: kind for kind in ENTRY_TYPES}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile from-csv`."""
    parser.epilog = f"Keys of an event: {', '.join(cell_keys(Event))}."
    parser.add_argument(
        "file", type=nonempty, metavar="FILE", help="a CSV or TSV file, or - for standard input"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="KEY=COLUMN,…",
        help="which column fills which key, for example title=Fact,date=Date",
    )
    parser.add_argument(
        "--table", choices=_TABLES, default=Event.table, help="the type of the rows"
    )
    parser.add_argument("--keep", action="store_true", help="turn the other columns into keys too")
    orders = parser.add_mutually_exclusive_group()
    for order in DayMonthOrder:
        orders.add_argument(
            f"--{order}",
            dest="order",
            action="store_const",
            const=order,
            help=f"in dates such as 3/4/2017 the {order.replace('-first', ' is first')}",
        )
    parser.add_argument(
        "--list-delimiter",
        type=_delimiter,
        default=";",
        metavar="CHARACTER",
        help="between the items of a list in a cell",
    )
    parser.add_argument("--delimiter", type=_delimiter, metavar="CHARACTER", help="between cells")
    parser.add_argument("--encoding", metavar="NAME", help="if it is not UTF-8, for example cp1252")
    parser.add_argument(
        "--header", type=int, metavar="ROW", help="the header, if it is not the first row"
    )
    parser.add_argument("--id", metavar="ID", help="id of the case")
    parser.add_argument("--title", metavar="TITLE", help="title of the case")


def run(arguments: Namespace) -> int:
    """Print the case file, then what the user has to settle in it."""
    name = STREAM_NAME if arguments.file == STREAM else arguments.file
    case_id = id_of_new_case(arguments.file, arguments.id)
    entry_type = _TABLES[arguments.table]
    table = _table(arguments, name)
    column_map = _column_map(arguments, table, name)
    result = import_table(
        table,
        ImportOptions(
            entry_type=entry_type,
            columns=table.columns,
            column_map=column_map,
            extra_keys=extra_keys(table.columns, column_map, entry_type) if arguments.keep else {},
            order=arguments.order,
            list_delimiter=arguments.list_delimiter,
        ),
        case_id=case_id,
        title=arguments.title or (case_id if arguments.file == STREAM else Path(name).stem),
        name=Path(name).name,
    )
    speak_utf8()
    print_lines(result.lines)
    lines = [f"{name}:{row}: {what}" for row, what in result.to_settle]
    if not arguments.map:
        written = quote(format_column_map(column_map, table.columns))
        lines.append(f"{name}: Guessed from the header: --map {written}")
    lines += [f"{name}: {remark}" for remark in result.remarks]
    return print_errors(lines, FINDINGS if result.to_settle else FINE)


def _table(arguments: Namespace, name: str) -> CsvTable:
    try:
        if arguments.file == STREAM:
            too_large = f"is larger than the limit of {LARGEST:,} bytes"
            data = read_standard_input(LARGEST, too_large)
        else:
            data = read_regular(Path(arguments.file), LARGEST)
        return parse_table(
            data,
            encoding=arguments.encoding,
            delimiter=arguments.delimiter,
            header=arguments.header,
        )
    except OSError as error:
        raise CommandError(f"{name}: can't be read: {error_reason(error)}") from None
    except BadTable as error:
        row = f":{error.row}" if error.row else ""
        raise CommandError(f"{name}{row}: {error}") from None


def _column_map(arguments: Namespace, table: CsvTable, name: str) -> ColumnMap:
    entry_type = _TABLES[arguments.table]
    if arguments.map:
        try:
            return parse_column_map(arguments.map, table.columns, entry_type)
        except BadColumnMap as error:
            raise CommandError(f"{name}:{table.header}: --map: {error}") from None
    column_map = guess_column_map(table.columns, entry_type)
    if column_map is None:
        raise CommandError(*_ask_for_map(table, entry_type, name))
    return column_map


def _ask_for_map(table: CsvTable, entry_type: type[Entry], name: str) -> list[str]:
    wanted = [key.name for key in cell_keys(entry_type).values() if key.is_required]
    example = zip([*wanted, "date", "cites"], table.columns, strict=False)
    pairs = ",".join(f"{key}={column}" for key, column in example)
    what = "can't tell from the names of the columns which is which"
    return [
        f"{name}:{table.header}: {what}; use --map, or --header ROW if this row is not the header",
        *(f"    {column}" for column in table.columns),
        f"For example: --map {quote(pairs)}",
        f"The keys of {entry_type.table}: {', '.join(cell_keys(entry_type))}",
    ]


def _delimiter(words: str) -> str:
    character = {"tab": "\t", "\\t": "\t"}.get(words, words)
    if len(character) != 1 or character in '"\r\n ':
        raise ArgumentTypeError(
            "a delimiter is one character, such as ; or , or |, or the word tab"
        )
    return character
