"""Turn the rows of a spreadsheet into entries; what fits under no key becomes a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from casefile.authoring.cell_cites import CellCite, pair_cites, parse_cites
from casefile.authoring.columns import (
    AT,
    END,
    SOURCE,
    TIME,
    URL,
    CellKey,
    CellKind,
    ColumnMap,
    cell_keys,
    unmapped_columns,
)
from casefile.authoring.csv_table import CsvRow, normalize_name
from casefile.authoring.named_entries import ImportedEntries
from casefile.authoring.new_ids import slugify
from casefile.authoring.toml_text import Value
from casefile.case.dating.calendar_words import normalised
from casefile.case.dating.date_words import ParsedDateWords, parse_date_words
from casefile.case.dating.day_words import DayMonthOrder, inferred_order
from casefile.case.model import Entry, Source

_LONGEST_LABEL = 120
_QUOTED_CHARACTERS = 60
_SEMICOLONS = ";；؛"
_LABELS = frozenset({"title", "name", "item"})
# The units that the column of a place is named after, as pin cites write them.
_UNITS = (
    dict.fromkeys(("page", "pages", "seite", "seiten", "页"), "p. ")
    | dict.fromkeys(("para", "paras", "paragraph", "paragraphs", "absatz"), "para ")
    | dict.fromkeys(("line", "lines", "zeile"), "l. ")
    | dict.fromkeys(("row", "rows"), "row ")
)
# Written without a list if there is one value; other keys always hold lists.
_BARE = frozenset({"by", "from", "to", "involved", "location", "speaker", "subject", "object"})
_YES = frozenset({"yes", "y", "true", "x", "1", "✓", "✔", "ja", "wahr", "oui", "vrai", "sí"})
_NO = frozenset({"no", "n", "false", "0", "–", "-", "nein", "falsch", "non", "faux"})


class ImportOptions(msgspec.Struct, frozen=True):
    """How the rows of a spreadsheet are imported."""

    entry_type: type[Entry]
    columns: tuple[str, ...]
    column_map: ColumnMap
    extra_keys: Mapping[int, str] = {}
    """Keys that the format does not know, by the number of their column, from 0."""
    order: DayMonthOrder | None = None
    list_delimiter: str = ";"

    @property
    def unmapped(self) -> tuple[int, ...]:
        """The columns that fill nothing."""
        return unmapped_columns(self.columns, self.column_map)


class ImportedRow(msgspec.Struct):
    """A row as an entry; its id is added later."""

    number: int
    keys: dict[str, Value] = {}
    """Empty if the cells can't be assigned to columns."""
    is_entry: bool = False
    """Whether it has all required keys."""
    to_settle: list[str] = []
    """What the user has to settle: what is unclear, and after a semicolon what would be right."""
    comments: list[str] = []
    """The cells that are under no key, each with the name of its column."""
    only_order: DayMonthOrder | None = None
    """The only order of day and month in which its date can be read."""
    is_ambiguous: bool = False
    """Whether its date depends on the order of day and month."""


def import_row(row: CsvRow, options: ImportOptions, entries: ImportedEntries) -> ImportedRow:
    """Turn a row into an entry; entries for the names in it are added to `entries`."""
    if row.extra:
        return _too_long(row, options)
    return _RowReader(row, options, entries).read()


class _RowReader:
    def __init__(self, row: CsvRow, options: ImportOptions, entries: ImportedEntries) -> None:
        self._row = row
        self._options = options
        self._entries = entries
        self._known = cell_keys(options.entry_type)
        self._entry = ImportedRow(row.number)
        self._keys = self._entry.keys
        self._long_label = ""
        self._cited: list[CellCite] = []

    def read(self) -> ImportedRow:
        """Read every cell, those of unmapped columns last."""
        for key in self._known.values():
            if key.kind is not CellKind.PART and self._cells(key.name):
                self._read_key(key)
        self._read_parts()
        missing = [key for key in self._known.values() if key.is_required and not self._has(key)]
        self._keep_unmapped()
        if self._cited:
            self._keys["cites"] = [self._cite(one) for one in self._cited]
        if self._long_label:
            text = (self._long_label, self._words("text"))
            self._keys["text"] = "\n\n".join(filter(None, text))
        written = {name: self._keys[name] for name in self._known if name in self._keys}
        self._entry.keys = written | self._keys
        self._entry.is_entry = not missing
        return self._entry

    def _cells(self, name: str) -> list[str]:
        columns = self._options.column_map.get(name, ())
        return [cell for column in columns if (cell := self._row.cells[column])]

    def _column(self, name: str) -> str:
        return self._options.columns[self._options.column_map[name][0]]

    def _words(self, name: str) -> str:
        return "\n\n".join(self._cells(name))

    def _several(self, name: str) -> list[str]:
        mark = self._options.list_delimiter
        apart = f"[{re.escape(_SEMICOLONS if mark in _SEMICOLONS else mark)}\n]"
        pieces = (piece.strip() for cell in self._cells(name) for piece in re.split(apart, cell))
        return [piece for piece in pieces if piece]

    def _read_key(self, key: CellKey) -> None:
        match key.kind:
            case CellKind.TEXT:
                self._read_words(key.name)
            case CellKind.ID:
                self._keep_id(key.name)
            case CellKind.DATE:
                self._read_date(key.name)
            case CellKind.FLAG:
                self._read_flag(key.name)
            case CellKind.CHOICE:
                self._read_choice(key)
            case CellKind.NAMES:
                self._read_names(key)
            case CellKind.LIST:
                self._set_several(key.name, self._several(key.name))
            case CellKind.AMOUNTS:
                self._set_several(key.name, [{"text": one} for one in self._several(key.name)])
            case _:
                self._cited += parse_cites(self._several(key.name))

    def _keep_id(self, name: str) -> None:
        words = self._words(name)
        if slugify(words) != words.casefold():
            self._entry.comments.append(f"{self._column(name)}: {words}")

    def _read_words(self, name: str) -> None:
        words = self._words(name)
        self._keys[name] = words
        if name in _LABELS and ("\n" in words or len(words) > _LONGEST_LABEL):
            self._keys[name] = _label(words)
            self._long_label = words

    def _read_date(self, name: str) -> None:
        words = self._date_words(name)
        date = parse_date_words(words, self._options.order)
        self._entry.only_order = self._entry.only_order or inferred_order(normalised(words))
        self._entry.is_ambiguous = self._entry.is_ambiguous or date.needs_order
        edtf = date.edtf
        if date.unclear is not None:
            self._entry.to_settle.append(f"{name} “{_excerpt(words)}”: {date.unclear}")
            # The day counts even if its time or end can't be read.
            edtf = parse_date_words(self._words(name), self._options.order).edtf
        if edtf is not None:
            self._keys[name] = edtf
        if date.says_all or not re.search(r"\w", words):
            return
        # Words for no date, such as “TBD”, are not the source's.
        if date != ParsedDateWords() and name == "date" and not self._cells("date_text"):
            self._keys["date_text"] = words
        else:
            self._entry.comments.append(f"{self._column(name)}: {words}")

    def _date_words(self, name: str) -> str:
        """Return the words of a date with those of its time and its end."""
        day = self._words(name)
        if name != "date":
            return day
        start = " ".join([day, *self._cells(TIME)])
        return " – ".join([start, *(end for end in self._cells(END) if end != day)])

    def _read_flag(self, name: str) -> None:
        words = self._words(name)
        if words.casefold() in _YES:
            self._keys[name] = True
        elif words.casefold() not in _NO:
            self._set_aside(name, "it is neither yes nor no; write yes, or leave it empty")

    def _read_choice(self, key: CellKey) -> None:
        meant = _letters(self._words(key.name))
        chosen = next((one for one in key.choices if _letters(one) == meant), None)
        if chosen is not None:
            self._keys[key.name] = chosen
        elif key.is_open:
            self._keys[key.name] = self._words(key.name)
        else:
            choices = ", ".join(key.choices)
            self._set_aside(key.name, f"it is none of the format's; one of {choices}")

    def _read_names(self, key: CellKey) -> None:
        names = dict.fromkeys(self._several(key.name))
        if key.makes is None or (not key.is_several and len(names) > 1):
            self._set_aside(key.name, "it is more than one; name one, or write a row for each")
            return
        ids = dict.fromkeys(self._entries[key.makes].id_of(name) for name in names)
        self._set_several(key.name, [*ids])

    def _set_several(self, name: str, several: Sequence[str | Mapping[str, str]]) -> None:
        if len(several) == 1 and name in _BARE and isinstance(several[0], str):
            self._keys[name] = several[0]
        elif several:
            self._keys[name] = several

    def _read_parts(self) -> None:
        """Read the columns for sources, places and URLs; report a time that has no date."""
        if not self._cells("date") and (self._cells(TIME) or self._cells(END)):
            self._set_aside(TIME if self._cells(TIME) else END, "it has no date; write the day too")
        is_part = self._known[URL].kind is CellKind.PART
        titles, places = self._several(SOURCE), self._places()
        urls = self._several(URL) if is_part else []
        if not (titles or places or urls):
            return
        joined = pair_cites(titles, places, urls)
        if joined is None:
            why = f"it goes with {len(titles)} sources; give one for each source, in their order"
            self._set_aside(AT if places else URL, why)
            joined = [CellCite(title) for title in titles]
        self._cited += joined

    def _places(self) -> list[str]:
        """Return the places in sources; numbers get the unit that their column is named after."""
        unit = _UNITS.get(normalize_name(self._column(AT)), "") if self._cells(AT) else ""
        return [f"{unit}{one}" if one[0].isdecimal() else one for one in self._several(AT)]

    def _cite(self, one: CellCite) -> str | dict[str, str]:
        if not one.title:
            return {"at": one.at}
        source = self._entries[Source].id_of(one.title, one.url)
        return f"{source}, {one.at}" if one.at else source

    def _has(self, key: CellKey) -> bool:
        """Whether a required key is filled, after its default was put in if it has one."""
        if self._keys.get(key.name):
            return True
        self._keys[key.name] = key.default or ""
        # A cell that could not be read was reported already; one that holds only `;` was not.
        is_reported = any(what.startswith(f"{key.name} ") for what in self._entry.to_settle)
        if key.default is None and not is_reported:
            table = self._options.entry_type.table
            self._entry.to_settle.append(f"it has no {key.name}; every {table} has one")
        return key.default is not None

    def _set_aside(self, name: str, why: str) -> None:
        """Keep a cell as a comment, for the user to settle."""
        for place in self._options.column_map[name]:
            if cell := self._row.cells[place]:
                self._entry.to_settle.append(f"{name} “{_excerpt(cell)}”: {why}")
                self._entry.comments.append(f"{self._options.columns[place]}: {cell}")

    def _keep_unmapped(self) -> None:
        for place in self._options.unmapped:
            if not (cell := self._row.cells[place]):
                continue
            if place in self._options.extra_keys:
                self._keys[self._options.extra_keys[place]] = cell
            else:
                self._entry.comments.append(f"{self._options.columns[place]}: {cell}")


def _too_long(row: CsvRow, options: ImportOptions) -> ImportedRow:
    """Return a row of more cells than the header, as comments: its cells may be shifted."""
    extra = "; ".join(row.extra)
    need = (
        f"it has more cells than the header, “{_excerpt(extra)}”; put cells that hold the "
        "delimiter in quotation marks, or name the last columns"
    )
    cells = zip(options.columns, row.cells, strict=True)
    comments = [f"{column}: {cell}" for column, cell in cells if cell]
    comments.append(f"beyond the last column: {extra}")
    return ImportedRow(row.number, to_settle=[need], comments=comments)


def _label(words: str) -> str:
    """Return a title from text that is too long for one: the start of its first line."""
    line = " ".join(words.partition("\n")[0].split())
    if len(line) > _LONGEST_LABEL:
        line = line[:_LONGEST_LABEL].rpartition(" ")[0] or line[:_LONGEST_LABEL]
    return line if line == words else f"{line} …"


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words.casefold())


def _excerpt(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _QUOTED_CHARACTERS else f"{line[:_QUOTED_CHARACTERS]}…"
