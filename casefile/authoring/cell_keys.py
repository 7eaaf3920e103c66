"""The keys of an entry that a column of a spreadsheet may fill, and what its cells hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec

from casefile.case import normalise
from casefile.case.amounts import Amount
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import Cite, Entry, Issue, Party, reference_fields


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
    default = "Unknown" if required and "Unknown" in choices else None
    return CellKey(name, kind, several, required, choices, default)


def _kind(name: str, hint: Any, element: Any) -> tuple[CellKind | None, tuple[str, ...]]:
    """Return what the cells of a key hold, and the values it may have if they are fixed."""
    options = (hint, *get_args(hint))
    choices = next((get_args(one) for one in options if get_origin(one) is Literal), ())
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
