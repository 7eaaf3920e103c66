"""Which column of a spreadsheet fills which key: as `--map` says, or as the header implies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import TypeAlias

from casefile.authoring.cell_keys import AT, END, SOURCE, TIME, URL, cell_keys
from casefile.authoring.csv_table import normalize_name
from casefile.authoring.new_ids import slugify
from casefile.case.model import Entry, Event
from casefile.case.normalise import hints_by_key
from casefile.text.suggestions import KnownNames

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
    """Parse `title=Fact,date=Date`; a column's name may hold commas.

    Raises BadColumnMap.
    """
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
        keys[number] = name = _free_key(columns[number], taken)
        taken.add(name)
    return keys


def unmapped_columns(columns: Sequence[str], column_map: ColumnMap) -> tuple[int, ...]:
    """Return the columns that fill nothing."""
    mapped = {number for numbers in column_map.values() for number in numbers}
    return tuple(number for number in range(len(columns)) if number not in mapped)


def _free_key(column: str, taken: Collection[str]) -> str:
    name = slugify(column).replace("-", "_") or column
    if name in taken:
        name = f"column_{name}"
    numbered = (f"{name}_{number}" for number in count(2))
    return name if name not in taken else next(one for one in numbered if one not in taken)


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
