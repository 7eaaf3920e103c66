"""Which keys of an entry a column may fill, and what its cells then hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from casefile.case import normalise
from casefile.case.amounts import Amount
from casefile.case.dating.dates import When
from casefile.case.model import Cite, Entry, Issue, Party, reference_fields


class Kind(Enum):
    """What the cells of a column hold."""

    WORDS = auto()
    LIST = auto()
    CHOICE = auto()
    MARK = auto()
    ID = auto()
    DATE = auto()
    AMOUNTS = auto()
    NAMES = auto()
    CITES = auto()
    PART = auto()
    """A part of what another column holds: the time of a date, the place in a source."""


class CellKey(msgspec.Struct, frozen=True):
    """A key of an entry, or a part of one, that a column may fill."""

    name: str
    kind: Kind
    is_several: bool = False
    """Whether several columns may fill it."""
    is_required: bool = False
    """Whether every entry has it; an id is made where none is given."""
    choices: tuple[str, ...] = ()
    default: str | None = None
    makes: type[Entry] | None = None
    """What entries are made of the names in it."""


TIME, END, SOURCE, AT, URL = "time", "end", "source", "at", "url"
_PARTS = {
    TIME: CellKey(TIME, Kind.PART),
    END: CellKey(END, Kind.PART),
    SOURCE: CellKey(SOURCE, Kind.PART, is_several=True),
    AT: CellKey(AT, Kind.PART),
    URL: CellKey(URL, Kind.PART),
}
"""Parts of the date, and of the cites."""

_PARTIES = frozenset({"by", "involved", "from", "speaker", "to", "subject", "object"})
# Prose, which semicolons don't divide.
_PROSE = frozenset({"text", "words"})
_KINDS = {"id": Kind.ID} | dict.fromkeys(_PROSE, Kind.WORDS)
_KINDS_OF_TYPES: dict[Any, Kind] = {When: Kind.DATE, str: Kind.WORDS, bool: Kind.MARK}
_FIRST = ("type", "date", "date_text", "date_basis")
_LAST = ("amounts", "issues", "tags", "status", "language", "text", "cites")


@cache
def cell_keys(entry_type: type[Entry]) -> Mapping[str, CellKey]:
    """Give the keys that columns may fill in a table, in the order in which they are written."""
    hints = normalise.hints_by_key(entry_type)
    keys = [key for name, hint in hints.items() if (key := _cell_key(entry_type, name, hint))]
    own = {key.name: key for key in sorted(keys, key=_place)}
    return own | {name: part for name, part in _PARTS.items() if name not in own}


def _place(key: CellKey) -> tuple[int, int]:
    """Give where a key stands: what it is, when, what else is its own, what every table has."""
    if key.kind is Kind.ID:
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
        return CellKey(name, Kind.NAMES, several, required, makes=makes) if makes else None
    kind, choices = _kind(name, hint, element)
    if kind is None:
        return None
    several = name in _PROSE or kind in (Kind.LIST, Kind.AMOUNTS, Kind.CITES)
    default = "Unknown" if required and "Unknown" in choices else None
    return CellKey(name, kind, several, required, choices, default)


def _kind(name: str, hint: Any, element: Any) -> tuple[Kind | None, tuple[str, ...]]:
    """Give what cells hold for a key of a type, and which words alone that may be."""
    options = (hint, *get_args(hint))
    choices = next((get_args(one) for one in options if get_origin(one) is Literal), ())
    kind: Kind | None
    if name in _KINDS:
        kind = _KINDS[name]
    elif element is not None:
        kind = {Cite: Kind.CITES, Amount: Kind.AMOUNTS}.get(element, Kind.LIST)
    elif choices:
        kind = Kind.CHOICE
    else:
        kind = next((kind for one, kind in _KINDS_OF_TYPES.items() if one in options), None)
    return kind, choices
