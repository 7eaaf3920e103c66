"""Rows of a sheet as entries: what each cell says under its key, and what it can't say there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from casefile.authoring.cell_cites import Cited, cited, paired
from casefile.authoring.cell_keys import AT, END, SOURCE, TIME, URL, CellKey, Kind, cell_keys
from casefile.authoring.columns import Filling, left_over
from casefile.authoring.csv_table import Row, matched
from casefile.authoring.named_entries import Makings
from casefile.authoring.new_ids import folded
from casefile.authoring.toml_text import Value
from casefile.case.dating.calendar_words import plain
from casefile.case.dating.date_words import DateWords, read_date_words
from casefile.case.dating.day_words import Order, only_order
from casefile.case.model import Entry

_LONGEST_LABEL = 120
_QUOTED_CHARACTERS = 60
_SEMICOLONS = ";；؛"
_ONE_FOR_EACH = "give one for each source, in their order"
_LABELS = frozenset({"title", "name", "item"})
# What the column of a place is called, and how a pin cite says the same.
_UNITS = (
    dict.fromkeys(("page", "pages", "seite", "seiten", "页"), "p. ")
    | dict.fromkeys(("para", "paras", "paragraph", "paragraphs", "absatz"), "para ")
    | dict.fromkeys(("line", "lines", "zeile"), "l. ")
    | dict.fromkeys(("row", "rows"), "row ")
)
# What is mostly one is written bare; the others are lists in every case.
_BARE = frozenset({"by", "from", "to", "involved", "location", "speaker", "subject", "object"})
_YES = frozenset({"yes", "y", "true", "x", "1", "✓", "✔", "ja", "wahr", "oui", "vrai", "sí"})
_NO = frozenset({"no", "n", "false", "0", "–", "-", "nein", "falsch", "non", "faux"})


class Told(msgspec.Struct, frozen=True):
    """How the rows of a sheet are to be read."""

    entry_type: type[Entry]
    columns: tuple[str, ...]
    filling: Filling
    kept: Mapping[int, str] = {}
    """Columns, counted from 0, that become keys which the format does not know."""
    order: Order | None = None
    list_delimiter: str = ";"

    @property
    def left_over(self) -> tuple[int, ...]:
        """Columns that fill nothing."""
        return left_over(self.columns, self.filling)


class Draft(msgspec.Struct, frozen=True):
    """What a row comes to as an entry; its id is given later."""

    row: int
    keys: dict[str, Value]
    """Nothing, if it is not known which cell is which."""
    is_entry: bool
    """Whether it has all that an entry must have."""
    needs: tuple[str, ...]
    """What a person has to settle: what is unclear, and after a semicolon what would be right."""
    beside: tuple[str, ...]
    """The words of cells that stand under no key, each with the name of its column."""
    only_order: Order | None = None
    wants_order: bool = False


def drafted(row: Row, told: Told, makings: Makings) -> Draft:
    """Read a row; what its names make is added to the makings."""
    if row.extra:
        return _shifted(row, told)
    return _Reader(row, told, makings).read()


class _Reader:
    """One reading of one row; collects as it goes."""

    def __init__(self, row: Row, told: Told, makings: Makings) -> None:
        self._row = row
        self._told = told
        self._makings = makings
        self._known = cell_keys(told.entry_type)
        self._keys: dict[str, Value] = {}
        self._needs: list[str] = []
        self._beside: list[str] = []
        self._long_label = ""
        self._cited: list[Cited] = []
        self._only_order: Order | None = None
        self._wants_order = False

    def read(self) -> Draft:
        """Read every cell, those that fill no key last."""
        for key in self._known.values():
            if key.kind is not Kind.PART and self._cells(key.name):
                self._read_key(key)
        self._read_parts()
        missing = [key for key in self._known.values() if key.is_required and not self._has(key)]
        self._keep_the_rest()
        if self._cited:
            self._keys["cites"] = [self._cite(one) for one in self._cited]
        if self._long_label:
            text = (self._long_label, self._words("text"))
            self._keys["text"] = "\n\n".join(filter(None, text))
        written = {name: self._keys[name] for name in self._known if name in self._keys}
        return Draft(
            row=self._row.number,
            keys=written | self._keys,
            is_entry=not missing,
            needs=tuple(self._needs),
            beside=tuple(self._beside),
            only_order=self._only_order,
            wants_order=self._wants_order,
        )

    def _cells(self, name: str) -> list[str]:
        places = self._told.filling.get(name, ())
        return [cell for place in places if (cell := self._row.cells[place])]

    def _column(self, name: str) -> str:
        return self._told.columns[self._told.filling[name][0]]

    def _words(self, name: str) -> str:
        return "\n\n".join(self._cells(name))

    def _several(self, name: str) -> list[str]:
        """Give what stands in cells that hold lists."""
        mark = self._told.list_delimiter
        apart = f"[{re.escape(_SEMICOLONS if mark in _SEMICOLONS else mark)}\n]"
        pieces = (piece.strip() for cell in self._cells(name) for piece in re.split(apart, cell))
        return [piece for piece in pieces if piece]

    def _read_key(self, key: CellKey) -> None:
        match key.kind:
            case Kind.WORDS:
                self._read_words(key.name)
            case Kind.ID:
                self._keep_id_words(key.name)
            case Kind.DATE:
                self._read_date(key.name)
            case Kind.MARK:
                self._read_mark(key.name)
            case Kind.CHOICE:
                self._read_choice(key)
            case Kind.NAMES:
                self._read_names(key)
            case Kind.LIST:
                self._set_several(key.name, self._several(key.name))
            case Kind.AMOUNTS:
                self._set_several(key.name, [{"text": one} for one in self._several(key.name)])
            case _:
                self._cited += cited(self._several(key.name))

    def _keep_id_words(self, name: str) -> None:
        words = self._words(name)
        if folded(words) != words.casefold():
            self._beside.append(f"{self._column(name)}: {words}")

    def _read_words(self, name: str) -> None:
        words = self._words(name)
        self._keys[name] = words
        if name in _LABELS and ("\n" in words or len(words) > _LONGEST_LABEL):
            self._keys[name] = _label(words)
            self._long_label = words

    def _read_date(self, name: str) -> None:
        words = self._date_words(name)
        date = read_date_words(words, self._told.order)
        self._only_order = self._only_order or only_order(plain(words))
        self._wants_order = self._wants_order or date.wants_order
        edtf = date.edtf
        if date.unclear is not None:
            self._needs.append(f"{name} “{_shortened(words)}”: {date.unclear}")
            # A time or an end that can't be read takes nothing from the day.
            edtf = read_date_words(self._words(name), self._told.order).edtf
        if edtf is not None:
            self._keys[name] = edtf
        if not date.says_all and re.search(r"\w", words):
            self._keep_date_words(name, words, states_one=date != DateWords())

    def _date_words(self, name: str) -> str:
        """Give the words of a date with those of its time and its end."""
        day = self._words(name)
        if name != "date":
            return day
        start = " ".join([day, *self._cells(TIME)])
        return " – ".join([start, *(end for end in self._cells(END) if end != day)])

    def _keep_date_words(self, name: str, words: str, *, states_one: bool) -> None:
        # That a date is still to be found is a remark of the writer's.
        if states_one and name == "date" and not self._cells("date_text"):
            self._keys["date_text"] = words
        else:
            self._beside.append(f"{self._column(name)}: {words}")

    def _read_mark(self, name: str) -> None:
        words = self._words(name)
        if words.casefold() in _YES:
            self._keys[name] = True
        elif words.casefold() not in _NO:
            self._leave(name, "it is neither yes nor no; write yes, or leave it empty")

    def _read_choice(self, key: CellKey) -> None:
        meant = _letters(self._words(key.name))
        chosen = next((one for one in key.choices if _letters(one) == meant), None)
        if chosen is not None:
            self._keys[key.name] = chosen
        else:
            self._leave(key.name, f"it is none of the format's; one of {', '.join(key.choices)}")

    def _read_names(self, key: CellKey) -> None:
        names = dict.fromkeys(self._several(key.name))
        if key.makes is None or (not key.is_several and len(names) > 1):
            self._leave(key.name, "it is more than one; name one, or write a row for each")
            return
        ids = dict.fromkeys(self._makings.of(key.makes).id_of(name) for name in names)
        self._set_several(key.name, [*ids])

    def _set_several(self, name: str, several: Sequence[str | Mapping[str, str]]) -> None:
        if len(several) == 1 and name in _BARE and isinstance(several[0], str):
            self._keys[name] = several[0]
        elif several:
            self._keys[name] = several

    def _read_parts(self) -> None:
        """Read what tells the time, the end and the source of what other cells say."""
        if not self._cells("date") and (self._cells(TIME) or self._cells(END)):
            self._leave(TIME if self._cells(TIME) else END, "it has no date; write the day too")
        is_part = self._known[URL].kind is Kind.PART
        titles, places = self._several(SOURCE), self._places()
        urls = self._several(URL) if is_part else []
        if not (titles or places or urls):
            return
        joined = paired(titles, places, urls)
        if joined is None:
            self._leave(
                AT if places else URL, f"it goes with {len(titles)} sources; {_ONE_FOR_EACH}"
            )
            joined = [Cited(title) for title in titles]
        self._cited += joined

    def _places(self) -> list[str]:
        """Give the places in sources, a bare number being what its column's name says."""
        unit = _UNITS.get(matched(self._column(AT)), "") if self._cells(AT) else ""
        return [f"{unit}{one}" if one[0].isdecimal() else one for one in self._several(AT)]

    def _cite(self, one: Cited) -> str | dict[str, str]:
        if not one.title:
            return {"at": one.at}
        source = self._makings.sources.id_of(one.title, one.url)
        return f"{source}, {one.at}" if one.at else source

    def _has(self, key: CellKey) -> bool:
        """Say whether a key is filled, its default being put in where it has one."""
        if self._keys.get(key.name):
            return True
        self._keys[key.name] = key.default or ""
        # What could not be read was told of already; a cell of nothing but `;` was not.
        is_told = any(need.startswith(f"{key.name} ") for need in self._needs)
        if key.default is None and not is_told:
            table = self._told.entry_type.table
            self._needs.append(f"it has no {key.name}; every {table} has one")
        return key.default is not None

    def _leave(self, name: str, why: str) -> None:
        """Leave a cell's words beside the entry, for a person to settle."""
        for place in self._told.filling[name]:
            if cell := self._row.cells[place]:
                self._needs.append(f"{name} “{_shortened(cell)}”: {why}")
                self._beside.append(f"{self._told.columns[place]}: {cell}")

    def _keep_the_rest(self) -> None:
        for place in self._told.left_over:
            if not (cell := self._row.cells[place]):
                continue
            if place in self._told.kept:
                self._keys[self._told.kept[place]] = cell
            else:
                self._beside.append(f"{self._told.columns[place]}: {cell}")


def _shifted(row: Row, told: Told) -> Draft:
    """Give a row of more cells than the header: which of them is which, nobody knows."""
    extra = "; ".join(row.extra)
    need = (
        f"it has more cells than the header, “{_shortened(extra)}”; put cells that hold the "
        "delimiter in quotation marks, or name the last columns"
    )
    cells = zip(told.columns, row.cells, strict=True)
    beside = [f"{column}: {cell}" for column, cell in cells if cell]
    return Draft(
        row=row.number,
        keys={},
        is_entry=False,
        needs=(need,),
        beside=(*beside, f"beyond the last column: {extra}"),
    )


def _label(words: str) -> str:
    """Give the beginning of words that are too long for a line in a list."""
    line = " ".join(words.partition("\n")[0].split())
    if len(line) > _LONGEST_LABEL:
        line = line[:_LONGEST_LABEL].rpartition(" ")[0] or line[:_LONGEST_LABEL]
    return line if line == words else f"{line} …"


def _letters(words: str) -> str:
    return re.sub(r"[\W_]", "", words.casefold())


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _QUOTED_CHARACTERS else f"{line[:_QUOTED_CHARACTERS]}…"
