"""The keys of an entry that the columns of a spreadsheet may fill, and which column fills which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto
from functools import cache
from itertools import chain, count
from typing import Annotated, Any, TypeAlias, get_args, get_origin

import msgspec

from casefile.authoring.csv_table import normalize_name
from casefile.authoring.new_ids import slugify
from casefile.case import normalise
from casefile.case.amounts import Amount
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import Cite, Entry, Event, Issue, Party, reference_fields
from casefile.case.normalise import hints_by_key
from casefile.case.party_types import UNKNOWN
from casefile.text.suggestions import KnownNames


class CellKind(Enum):
    """What the cells of a column hold."""

    TEXT = auto()
    LIST = auto()
    CHOICE = auto()
    FLAG = auto()
    ID = auto()
    DATE = auto()
    AMOUNTS = auto()
    NAMES = auto()
    CITES = auto()
    PART = auto()
    """Part of what another column holds: the time of a date, the place in a source."""


class CellKey(msgspec.Struct, frozen=True):
    """A key of an entry, or a part of one, that a column may fill."""

    name: str
    kind: CellKind
    is_several: bool = False
    """Whether several columns may fill it."""
    is_required: bool = False
    """Whether every entry has it, apart from the id, which can be generated."""
    choices: tuple[str, ...] = ()
    """The words that are known for it."""
    is_open: bool = False
    """Whether other words than these may be written too."""
    default: str | None = None
    makes: type[Entry] | None = None
    """The type of the entries that are created for the names in it."""


TIME, END, SOURCE, AT, URL = "time", "end", "source", "at", "url"
_PARTS = {
    TIME: CellKey(TIME, CellKind.PART),
    END: CellKey(END, CellKind.PART),
    SOURCE: CellKey(SOURCE, CellKind.PART, is_several=True),
    AT: CellKey(AT, CellKind.PART),
    URL: CellKey(URL, CellKind.PART),
}
"""Parts of the date, and of the cites."""

_PARTIES = frozenset({"by", "involved", "from", "speaker", "to", "subject", "object"})
# Not split at semicolons.
_PROSE = frozenset({"text", "words"})
_KINDS = {"id": CellKind.ID} | dict.fromkeys(_PROSE, CellKind.TEXT)
_KINDS_OF_TYPES: dict[Any, CellKind] = {
    EdtfDate: CellKind.DATE,
    str: CellKind.TEXT,
    bool: CellKind.FLAG,
}
_FIRST = ("type", "date", "date_text", "date_basis")
_LAST = ("amounts", "issues", "tags", "status", "language", "text", "cites")


@cache
def cell_keys(entry_type: type[Entry]) -> Mapping[str, CellKey]:
    """Return the keys that columns may fill in entries of a type, in the order of the file."""
    hints = normalise.hints_by_key(entry_type)
    keys = [key for name, hint in hints.items() if (key := _cell_key(entry_type, name, hint))]
    own = {key.name: key for key in sorted(keys, key=_order)}
    return own | {name: part for name, part in _PARTS.items() if name not in own}


def _order(key: CellKey) -> tuple[int, int]:
    """Return the sort key that puts an entry's own keys first, and those of every table last."""
    if key.kind is CellKind.ID:
        return 0, 0
    if key.name in _FIRST:
        return 2, _FIRST.index(key.name)
    if key.name in _LAST:
        return 4, _LAST.index(key.name)
    return (1, 0) if key.is_required else (3, 0)


def _cell_key(entry_type: type[Entry], name: str, hint: Any) -> CellKey | None:
    element = get_args(hint)[0] if get_origin(hint) is tuple else None
    required = name in normalise.required_keys(entry_type) - {"id"}
    if name in {normalise.key_of(entry_type, field) for field in reference_fields(entry_type)}:
        makes = Party if name in _PARTIES else Issue if name == "issues" else None
        several = element is not None
        return CellKey(name, CellKind.NAMES, several, required, makes=makes) if makes else None
    kind, choices = _kind(name, hint, element)
    if kind is None:
        return None
    several = name in _PROSE or kind in (CellKind.LIST, CellKind.AMOUNTS, CellKind.CITES)
    is_open = bool(choices) and get_origin(hint) is Annotated
    default = UNKNOWN if required and UNKNOWN in choices else None
    return CellKey(name, kind, several, required, choices, is_open, default)


def _kind(name: str, hint: Any, element: Any) -> tuple[CellKind | None, tuple[str, ...]]:
    """Return what the cells of a key hold, and the words that are known for it."""
    options = (hint, *get_args(hint))
    choices = normalise.known_words(hint)
    kind: CellKind | None
    if name in _KINDS:
        kind = _KINDS[name]
    elif element is not None:
        kind = {Cite: CellKind.CITES, Amount: CellKind.AMOUNTS}.get(element, CellKind.LIST)
    elif choices:
        kind = CellKind.CHOICE
    else:
        kind = next((kind for one, kind in _KINDS_OF_TYPES.items() if one in options), None)
    return kind, choices


ColumnMap: TypeAlias = Mapping[str, tuple[int, ...]]
"""For each key the columns that fill it, counted from 0."""

# What chronologies call the columns of an event, beside the key itself; the surest first.
_EVENT_COLUMNS = {
    "title": (
        "fact text; fact; event; headline; what happened; what; ereignis; sachverhalt; événement; "
        "fait; hecho; 事件; الحدث; description; beschreibung"
    ),
    "date": "date & time; date and time; date/time; datetime; when; datum; fecha; 日期; التاريخ",
    TIME: "uhrzeit; heure; hora; 时间",
    END: "end date; date end; enddatum; bis",
    "type": "event type; category; kategorie; 类型",
    "location": "place; where; ort; lieu; lugar; 地点; المكان",
    "involved": (
        "people; persons; parties; who; people involved; beteiligte; personen; 人物; الأشخاص"
    ),
    "amounts": "amount; betrag",
    "issues": "issue; linked issues",
    "tags": "tag; keywords; schlagworte; schlagwörter",
    "text": "details; narrative; einzelheiten; description; beschreibung",
    "cites": "source; sources; source(s); cite; citation; citations; quelle; quellen; 来源; المصدر",
    AT: "page; pages; pin; pin cite; pinpoint; paragraph; para; seite; fundstelle; 页",
    URL: "link; source link; source url",
}
# Never guessed: a column of such a name mostly says how far somebody's work has come.
_NEVER_GUESSED = frozenset({"status", "language", SOURCE})


class BadColumnMap(Exception):
    """A column map is wrong; the message says why, and what would be right."""


def parse_column_map(
    words: Iterable[str], columns: Sequence[str], entry_type: type[Entry]
) -> ColumnMap:
    """Parse `title=Fact,date=Date`, where names may hold commas; may raise BadColumnMap."""
    column_map: dict[str, tuple[int, ...]] = {}
    for pair in (one for text in words for one in re.split(r",(?=\s*\w+\s*=)", text)):
        key, _, column = (one.strip() for one in pair.partition("="))
        known = cell_keys(entry_type).get(key)
        if known is None:
            keys = ", ".join(cell_keys(entry_type))
            raise BadColumnMap(
                f"no column fills “{key}” of {entry_type.table}; its keys are {keys}"
            )
        number = _column_number(column, columns)
        if key in column_map and not known.is_several:
            raise BadColumnMap(f"{key} is mapped twice; it takes one column")
        column_map[key] = (*column_map.get(key, ()), number)
    if missing := _missing_key(column_map, entry_type):
        raise BadColumnMap(f"nothing fills {missing}; every {entry_type.table} has one")
    return column_map


def guess_column_map(columns: Sequence[str], entry_type: type[Entry]) -> ColumnMap | None:
    """Return what the header implies; None if no column fills a required key."""
    names = [normalize_name(name) for name in columns]
    column_map: dict[str, tuple[int, ...]] = {}
    for key in cell_keys(entry_type):
        words = _EVENT_COLUMNS.get(key, "") if entry_type is Event else ""
        for word in [key, *words.split("; ")] if key not in _NEVER_GUESSED else []:
            number = names.index(word) if word in names else None
            if number is not None and (number,) not in column_map.values():
                column_map[key] = (number,)
                break
    if "cites" in column_map and (AT in column_map or URL in column_map):
        # Places or URLs have a column of their own, so this one holds the titles alone.
        column_map[SOURCE] = column_map.pop("cites")
    return None if _missing_key(column_map, entry_type) else column_map


def extra_keys(
    columns: Sequence[str], column_map: ColumnMap, entry_type: type[Entry]
) -> dict[int, str]:
    """Return a key that is not one of the format's for each column that fills nothing."""
    taken = set(hints_by_key(entry_type))
    keys: dict[int, str] = {}
    for number in unmapped_columns(columns, column_map):
        name = slugify(columns[number]).replace("-", "_") or columns[number]
        name = f"column_{name}" if name in taken else name
        names = chain([name], (f"{name}_{copy}" for copy in count(2)))
        keys[number] = next(one for one in names if one not in taken)
        taken.add(keys[number])
    return keys


def unmapped_columns(columns: Sequence[str], column_map: ColumnMap) -> tuple[int, ...]:
    """Return the columns that fill nothing."""
    mapped = {number for numbers in column_map.values() for number in numbers}
    return tuple(number for number in range(len(columns)) if number not in mapped)


def format_column_map(column_map: ColumnMap, columns: Sequence[str]) -> str:
    """Return a column map in the form that `--map` takes."""
    return ",".join(
        f"{key}={columns[number]}" for key, numbers in column_map.items() for number in numbers
    )


def _column_number(column: str, columns: Sequence[str]) -> int:
    names = [normalize_name(name) for name in columns]
    if normalize_name(column) in names:
        return names.index(normalize_name(column))
    near = KnownNames(names).nearest(normalize_name(column))
    known = f"known: {', '.join(columns)}"
    hint = f"the nearest is “{columns[names.index(near)]}”" if near else known
    raise BadColumnMap(f"there is no column “{column}”; {hint}")


def _missing_key(column_map: ColumnMap, entry_type: type[Entry]) -> str | None:
    """Return the first required key that no column fills."""
    wanted = (
        key.name for key in cell_keys(entry_type).values() if key.is_required and not key.default
    )
    return next((name for name in wanted if name not in column_map), None)
