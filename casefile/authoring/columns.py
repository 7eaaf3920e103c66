"""Which column of a sheet fills which key: as it is told, or as the header says plainly."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import TypeAlias

from casefile.authoring.cell_keys import AT, END, SOURCE, TIME, URL, cell_keys
from casefile.authoring.csv_table import matched
from casefile.authoring.new_ids import folded
from casefile.case.model import Entry, Event
from casefile.case.normalise import hints_by_key
from casefile.text.suggestions import KnownNames

Filling: TypeAlias = Mapping[str, tuple[int, ...]]
"""Keys, each with the columns that fill it, counted from 0."""

# What the header of a chronology calls things, most telling first, beside the key itself.
_WORDS = {
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
# A column of this name says more often how far somebody's work has come.
_TOLD_ONLY = frozenset({"status", "language", SOURCE})


class WrongMap(Exception):
    """Columns can't be mapped as they are told to; the text says why and what would be right."""


def told(words: Iterable[str], columns: Sequence[str], entry_type: type[Entry]) -> Filling:
    """Read `title=Fact,date=Date`; a column's name may hold commas. Raises WrongMap."""
    filling: dict[str, tuple[int, ...]] = {}
    for pair in (one for text in words for one in re.split(r",(?=\s*\w+\s*=)", text)):
        key, _, column = (one.strip() for one in pair.partition("="))
        known = cell_keys(entry_type).get(key)
        if known is None:
            keys = ", ".join(cell_keys(entry_type))
            raise WrongMap(f"no column fills “{key}” of {entry_type.table}; its keys are {keys}")
        place = _place(column, columns)
        if key in filling and not known.is_several:
            raise WrongMap(f"{key} is mapped twice; it takes one column")
        filling[key] = (*filling.get(key, ()), place)
    if missing := _unfilled(filling, entry_type):
        raise WrongMap(f"nothing fills {missing}; every {entry_type.table} has one")
    return filling


def guessed(columns: Sequence[str], entry_type: type[Entry]) -> Filling | None:
    """Give what a header says plainly, or None where it does not name what an entry must have."""
    names = [matched(name) for name in columns]
    filling: dict[str, tuple[int, ...]] = {}
    for key in cell_keys(entry_type):
        words = _WORDS.get(key, "") if entry_type is Event else ""
        for word in [key, *words.split("; ")] if key not in _TOLD_ONLY else []:
            place = names.index(word) if word in names else None
            if place is not None and (place,) not in filling.values():
                filling[key] = (place,)
                break
    if "cites" in filling and (AT in filling or URL in filling):
        # What else there is of a cite has a column of its own, so this one holds the titles.
        filling[SOURCE] = filling.pop("cites")
    return None if _unfilled(filling, entry_type) else filling


def kept_keys(columns: Sequence[str], filling: Filling, entry_type: type[Entry]) -> dict[int, str]:
    """Give each column that fills nothing a key of its own, which the format does not know."""
    taken = set(hints_by_key(entry_type))
    kept: dict[int, str] = {}
    for place in left_over(columns, filling):
        kept[place] = name = _free_key(columns[place], taken)
        taken.add(name)
    return kept


def left_over(columns: Sequence[str], filling: Filling) -> tuple[int, ...]:
    """Give the columns that fill nothing."""
    filled = {place for places in filling.values() for place in places}
    return tuple(place for place in range(len(columns)) if place not in filled)


def _free_key(column: str, taken: Collection[str]) -> str:
    name = folded(column).replace("-", "_") or column
    if name in taken:
        name = f"column_{name}"
    numbered = (f"{name}_{number}" for number in count(2))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def as_told(filling: Filling, columns: Sequence[str]) -> str:
    """Give a filling as it would be told."""
    return ",".join(f"{key}={columns[one]}" for key, places in filling.items() for one in places)


def _place(column: str, columns: Sequence[str]) -> int:
    names = [matched(name) for name in columns]
    if matched(column) in names:
        return names.index(matched(column))
    near = KnownNames(names).nearest(matched(column))
    known = f"known: {', '.join(columns)}"
    hint = f"the nearest is “{columns[names.index(near)]}”" if near else known
    raise WrongMap(f"there is no column “{column}”; {hint}")


def _unfilled(filling: Filling, entry_type: type[Entry]) -> str | None:
    """Give a key that has to be filled and is not."""
    wanted = (
        key.name for key in cell_keys(entry_type).values() if key.is_required and not key.default
    )
    return next((name for name in wanted if name not in filling), None)
