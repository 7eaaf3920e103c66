"""Parse the CSV or TSV that spreadsheet programs export into rows of cells.

RFC 4180, and what Excel, LibreOffice, Google Sheets and CaseMap write besides: a byte order mark,
UTF-16, semicolons and tabs between cells, a first line `sep=;`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import msgspec

LARGEST = 64 * 1024 * 1024
"""The largest export in bytes; no spreadsheet program opens one as large."""

MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
"""The limits of Excel and of LibreOffice; empty rows count."""

MOST_CELLS = 10_000_000
"""The limit of Google Sheets; empty cells in named columns count."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = ((b"PK\x03\x04", ".xlsx or .ods"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"%PDF", ".pdf"))
_DELIMITERS = ",;\t|"
_SAMPLED_ROWS, _SAMPLED_CHARACTERS = 100, 200_000


class BadTable(Exception):
    """A file is not a table of cells; the message says why, and after a semicolon what to do."""

    def __init__(self, what: str, row: int | None = None) -> None:
        super().__init__(what)
        self.row = row


class CsvRow(msgspec.Struct, frozen=True):
    """One row, with the number that a spreadsheet program shows."""

    number: int
    cells: tuple[str, ...]
    """The cells, one for each column, without surrounding white space."""
    extra: tuple[str, ...] = ()
    """The cells to the right of the last column."""


class CsvTable(msgspec.Struct, frozen=True):
    """A header that names the columns, and the rows below it."""

    header: int
    """The number of the header row."""
    columns: tuple[str, ...]
    rows: tuple[CsvRow, ...]
    above: tuple[CsvRow, ...] = ()
    """The rows above the header, such as a title."""


def parse_table(
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: int | None = None,
) -> CsvTable:
    """Parse an export; detect what is not given, or raise BadTable if that is ambiguous."""
    text = _decode(data, encoding)
    if declared := re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE):
        text, delimiter = text[declared.end() :], delimiter or declared[1]
    rows = [row for row in _rows(text, delimiter or _detect_delimiter(text)) if any(row.cells)]
    top = next((row for row in rows if header in (None, row.number)), None)
    if top is None:
        what = "it holds no cells" if header is None else f"row {header} holds no cells"
        raise BadTable(f"{what}; one row has to name the columns")
    columns = _names(top.cells)
    if len(columns) * len(rows) > MOST_CELLS:
        raise BadTable(_TOO_MANY_CELLS)
    return CsvTable(
        header=top.number,
        columns=columns,
        rows=tuple(_fit(row, len(columns)) for row in rows if row.number > top.number),
        above=tuple(row for row in rows if row.number < top.number),
    )


def _decode(data: bytes, encoding: str | None) -> str:
    for beginning, kind in _NO_TEXT:
        if data.startswith(beginning):
            raise BadTable(f"it is a {kind} file, no text; save it as CSV UTF-8")
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding or marked)
        # Some encodings decode to lone surrogates, which can't be written.
        text.encode("utf-8")
    except LookupError:
        raise BadTable(f"there is no text encoding {encoding}; {_ENCODINGS}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte 0x{data[error.start]:02x} on line {line}"
        raise BadTable(f"{byte} is not {encoding or marked.upper()}; {_ENCODINGS}") from None
    except UnicodeError:
        raise BadTable(f"it is not {encoding or marked.upper()}; {_ENCODINGS}") from None
    if encoding is None and "\0" in text.partition("\n")[0]:
        raise BadTable("it has NUL bytes, as UTF-16 has; --encoding utf-16-le may be right")
    return text.removeprefix("\ufeff")


_ENCODINGS = (
    "name it with --encoding, such as cp1252 (Excel in Western Europe and America), "
    "or save the file as CSV UTF-8"
)


def _detect_delimiter(text: str) -> str:
    """Return the delimiter with which most rows have the same number of cells."""
    sample = text[:_SAMPLED_CHARACTERS]
    scores = {one: _score(sample, one) for one in _DELIMITERS}
    best = max(scores.values())
    if best == (0, 0):
        return ","
    found = [one for one, score in scores.items() if score == best]
    if len(found) > 1:
        either = " or ".join(f"“{one}”" for one in found)
        raise BadTable(f"its cells may be parted by {either}; --delimiter says by which")
    return found[0]


def _score(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows have the same number of cells, if more than one, and that number."""
    rows_of: Counter[int] = Counter()
    # The sample may end inside a cell.
    with suppress(BadTable):
        for row in islice(_rows(sample, delimiter), _SAMPLED_ROWS):
            rows_of[len(row.cells)] += 1
    return max(((rows, width) for width, rows in rows_of.items() if width > 1), default=(0, 0))


def _rows(text: str, delimiter: str) -> Iterator[CsvRow]:
    # The reader would hold all cells of a row, however many, before they can be counted.
    if text.count(delimiter) > MOST_CELLS:
        raise BadTable(_TOO_MANY_CELLS)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    number = cells_read = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadTable(_explain(str(error)), number) from None
        cells_read += len(cells)
        if len(cells) > MOST_COLUMNS:
            what = f"it has more than {MOST_COLUMNS:,} cells; --delimiter says what parts them"
            raise BadTable(what, number)
        if cells_read > MOST_CELLS:
            raise BadTable(_TOO_MANY_CELLS)
        if number > MOST_ROWS:
            raise BadTable(f"it has more than {MOST_ROWS:,} rows; part it into several files")
        unix = (cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells)
        yield CsvRow(number, tuple(map(str.strip, unix)))


_TOO_MANY_CELLS = f"it has more than {MOST_CELLS:,} cells; part it into several files"


def _explain(error: str) -> str:
    if "expected after" in error:
        return "a cell goes on after its closing quotation mark; inside a cell write it twice"
    if "field larger" in error:
        limit = f"{csv.field_size_limit():,}"
        return f"a cell is longer than {limit} characters; is a quotation mark not closed?"
    return "a quotation mark is never closed; close it, or write it twice inside a cell"


def _names(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return a unique name for each column up to the last named one."""
    last = max((number for number, name in enumerate(cells, 1) if name), default=0)
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for number, cell in enumerate(cells[:last], 1):
        name = free = " ".join(cell.split()) or f"column {number}"
        while normalize_name(free) in names:
            counts[normalize_name(name)] += 1
            free = f"{name} ({counts[normalize_name(name)] + 1})"
        names[normalize_name(free)] = free
    return tuple(names.values())


def normalize_name(name: str) -> str:
    """Return a column's name for comparison, without case and extra spaces."""
    return " ".join(name.casefold().split())


def _fit(row: CsvRow, width: int) -> CsvRow:
    cells = row.cells[:width] + ("",) * (width - len(row.cells))
    return CsvRow(row.number, cells, tuple(one for one in row.cells[width:] if one))
