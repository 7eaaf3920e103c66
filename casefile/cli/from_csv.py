"""`casefile from-csv FILE --map …`: a spreadsheet's rows as a case file, on standard output."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from shlex import quote

from casefile.authoring.cell_keys import cell_keys
from casefile.authoring.columns import Filling, WrongMap, as_told, guessed, kept_keys, told
from casefile.authoring.csv_table import LARGEST, CsvTable, NoSheet, sheet_of
from casefile.authoring.imported import imported
from casefile.authoring.table_rows import Told
from casefile.case.dating.day_words import Order
from casefile.case.model import ENTRY_TYPES, Entry, Event
from casefile.cli.named_id import id_of_case
from casefile.cli.standard_input import ITS_NAME, read_standard_input
from casefile.console import FINDINGS, FINE, STREAM, Refused, complain, say, speak_utf8
from casefile.files import read_regular, why

_TABLES = {kind.table: kind for kind in ENTRY_TYPES}


def add_arguments(parser: ArgumentParser) -> None:
    """Take a sheet, how it is written, and which column is what."""
    parser.epilog = f"An event's columns fill {', '.join(cell_keys(Event))}."
    parser.add_argument("file", metavar="FILE", help="a CSV or TSV file, or - for standard input")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="KEY=COLUMN,…",
        help="which column fills which key, such as title=Fact,date=Date",
    )
    parser.add_argument("--table", choices=_TABLES, default=Event.table, help="what each row is")
    parser.add_argument("--keep", action="store_true", help="make keys of the other columns too")
    orders = parser.add_mutually_exclusive_group()
    for order in Order:
        orders.add_argument(
            f"--{order}",
            dest="order",
            action="store_const",
            const=order,
            help=f"dates all in numbers are {order.replace('-', ' ')}",
        )
    parser.add_argument(
        "--list-delimiter", type=_delimiter, default=";", metavar="CHARACTER", help="within a cell"
    )
    parser.add_argument("--delimiter", type=_delimiter, metavar="CHARACTER", help="between cells")
    parser.add_argument("--encoding", metavar="NAME", help="if it is not UTF-8, such as cp1252")
    parser.add_argument("--header", type=int, metavar="ROW", help="if it is not the first row")
    parser.add_argument("--id", metavar="ID", help="of the case")
    parser.add_argument("--title", metavar="TITLE", help="of the case")


def run(arguments: Namespace) -> int:
    """Print the case file, then what a person has to settle in it."""
    name = ITS_NAME if arguments.file == STREAM else arguments.file
    case_id = id_of_case(arguments.file, arguments.id)
    entry_type = _TABLES[arguments.table]
    sheet = _sheet(arguments, name)
    filling = _filling(arguments, sheet, name)
    made = imported(
        sheet,
        Told(
            entry_type=entry_type,
            columns=sheet.columns,
            filling=filling,
            kept=kept_keys(sheet.columns, filling, entry_type) if arguments.keep else {},
            order=arguments.order,
            list_delimiter=arguments.list_delimiter,
        ),
        case_id=case_id,
        title=arguments.title or (case_id if arguments.file == STREAM else Path(name).stem),
        name=Path(name).name,
    )
    speak_utf8()
    say(made.lines)
    guess = (
        []
        if arguments.map
        else [f"Taken from its header: --map {quote(as_told(filling, sheet.columns))}"]
    )
    needs = [f"{name}:{row}: {need}" for row, need in made.needs]
    about_all = [f"{name}: {remark}" for remark in (*guess, *made.remarks)]
    return complain([*needs, *about_all], FINDINGS if needs else FINE)


def _sheet(arguments: Namespace, name: str) -> CsvTable:
    try:
        return sheet_of(
            _bytes(arguments.file),
            encoding=arguments.encoding,
            delimiter=arguments.delimiter,
            header=arguments.header,
        )
    except OSError as error:
        raise Refused(f"{name}: can't be read: {why(error)}") from None
    except NoSheet as error:
        row = f":{error.row}" if error.row else ""
        raise Refused(f"{name}{row}: {error}") from None


def _bytes(file: str) -> bytes:
    if file != STREAM:
        return read_regular(Path(file), LARGEST)
    return read_standard_input(LARGEST, f"is larger than the limit of {LARGEST:,} bytes")


def _filling(arguments: Namespace, sheet: CsvTable, name: str) -> Filling:
    entry_type = _TABLES[arguments.table]
    if arguments.map:
        try:
            return told(arguments.map, sheet.columns, entry_type)
        except WrongMap as error:
            raise Refused(f"{name}:{sheet.header}: --map: {error}") from None
    filling = guessed(sheet.columns, entry_type)
    if filling is None:
        raise Refused(*_asking(sheet, entry_type, name))
    return filling


def _asking(sheet: CsvTable, entry_type: type[Entry], name: str) -> list[str]:
    """Give the columns, and how to say which is which."""
    wanted = [key.name for key in cell_keys(entry_type).values() if key.is_required]
    example = zip([*wanted, "date", "cites"], sheet.columns, strict=False)
    pairs = ",".join(f"{key}={column}" for key, column in example)
    what = "its names don't say which column is what"
    return [
        f"{name}:{sheet.header}: {what}; --map says it, or --header ROW if this is no header",
        *(f"    {column}" for column in sheet.columns),
        f"For example, if these were the right ones: --map {quote(pairs)}",
        f"The keys of {entry_type.table}: {', '.join(cell_keys(entry_type))}",
    ]


def _delimiter(words: str) -> str:
    character = {"tab": "\t", "\\t": "\t"}.get(words, words)
    if len(character) != 1 or character in '"\r\n ':
        raise ArgumentTypeError("it is one character, such as ; or , or | or the word tab")
    return character
