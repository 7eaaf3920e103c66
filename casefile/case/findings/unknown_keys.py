"""Keys and tables that the format does not know: a slip, or something of the writer's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from casefile.case import normalise
from casefile.case.amounts import Amount
from casefile.case.findings.inspection import Found, Inspection, one_of_its_kind
from casefile.case.model import ENTRY_TYPES, Case, Cite, Entry, FreeTable, Involvement
from casefile.case.positions import KeyPath
from casefile.case.problem import shortened
from casefile.case.reader import DECLARATIONS
from casefile.text.suggestions import KnownNames

_INSIDE = re.compile(r"(\w+)(?:\[([0-9]+)\])?\.(.+)", re.DOTALL)
_TABLES = tuple(entry_type.table for entry_type in ENTRY_TYPES)
_AT_TOP = ("format", Case.table, *_TABLES, DECLARATIONS)
_INLINE: dict[Any, str] = {Cite: "a cite", Amount: "an amount", Involvement: "a party's part"}
_TITLES = ("title", "name", "item", "statement", "words")
_OTHERWISE = {
    **dict.fromkeys((*_TITLES, "label"), _TITLES),
    **dict.fromkeys(("description", "note", "notes", "comment", "summary", "details"), ("text",)),
    **dict.fromkeys(("place", "where"), ("location",)),
    **dict.fromkeys(("when", "time"), ("date",)),
    **dict.fromkeys(("people", "participants", "parties"), ("involved",)),
}
"""What people call a key that another table, or none, has by that name."""

_PLACE_OF_ITS_OWN = "what the format has no key for stands in `text`, or in a table of its own"


class _Known:
    """The keys of each table, and of each table inside one, asked for the nearest."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], KnownNames] = {}

    def hint(self, keys: Sequence[str], wanted: str) -> str:
        """Give what would be right in place of a key."""
        known = tuple(keys)
        if here := next((key for key in _OTHERWISE.get(wanted, ()) if key in known), None):
            return f"here that is `{here}`"
        near = self._names.setdefault(known, KnownNames(known)).nearest(wanted)
        return f"the nearest is `{near}`" if near else _PLACE_OF_ITS_OWN


def unknown_keys(inspection: Inspection) -> Iterator[Found]:
    """Find keys that the format does not name, with the nearest that it does."""
    known = _Known()
    for entry_id, unknown in inspection.case_file.unknown.items():
        entry = inspection.case_file.entries[entry_id]
        row = inspection.case_file.rows[entry_id]
        for key in unknown:
            path = _path_of(key, row)
            if path is None:
                yield _unknown_at_top(inspection, entry_id, key, known)
            else:
                what = _unknown_in(entry, path, known)
                yield inspection.finding("unknown-key", entry_id, path, what)
    keys = (*normalise.hints_by_key(FreeTable),)
    for declaration in inspection.reading.declarations.values():
        for key in normalise.own_keys(declaration.value, FreeTable):
            what = f"`{shortened(key)}` is no key of [[{DECLARATIONS}]]; {known.hint(keys, key)}"
            yield Found("unknown-key", what, declaration, (key,))


def _path_of(key: str, row: Mapping[str, Any]) -> KeyPath | None:
    """Give where a key stands in its row; None for one at the top of the file."""
    if key in row:
        return (key,)
    inside = _INSIDE.fullmatch(key)
    if inside is None or inside[1] not in row:
        return None
    return (inside[1], int(inside[2] or 1) - 1, inside[3])


def _unknown_at_top(inspection: Inspection, case_id: str, key: str, known: _Known) -> Found:
    what = f"`{shortened(key)}` is no key at the top of the file; {known.hint(_AT_TOP, key)}"
    row = inspection.reading.rows[case_id]
    return Found("unknown-key", what, row, (key,), case_id, is_at_top=True)


def _unknown_in(entry: Entry, path: KeyPath, known: _Known) -> str:
    outer, *inner = path
    if not inner:
        keys = (*normalise.hints_by_key(type(entry)),)
        key = str(outer)
        what = f"`{shortened(key)}` is no key of {one_of_its_kind(entry)}"
        return f"{what}; {known.hint(keys, key)}"
    element = normalise.elements_by_key(type(entry))[str(outer)]
    key, fields = str(inner[-1]), msgspec.structs.fields(element)
    hint = known.hint([field.encode_name for field in fields], key)
    return f"{outer}: `{shortened(key)}` is no key of {_INLINE[element]}; {hint}"


def unknown_tables(inspection: Inspection) -> Iterator[Found]:
    """Find undeclared tables that are called almost as one of the format is."""
    tables = KnownNames(_TABLES)
    for name in inspection.case_file.free_tables.keys() - inspection.reading.declarations.keys():
        near = tables.nearest(name)
        entries = inspection.case_file.in_table(name)
        if near and entries:
            what = (
                f"[[{shortened(name)}]] is no table of the format, so it gets a pane of its own; "
                f"write [[{near}]], or declare it in [[{DECLARATIONS}]]"
            )
            yield inspection.finding("unknown-table", entries[0].id, (), what)


def unknown_fields(inspection: Inspection) -> Iterator[Found]:
    """Find cites that speak to a field which their entry does not have."""
    known = _Known()
    for entry in inspection.case_file.entries.values():
        for number, cite in enumerate(entry.cites):
            field = re.split(r"[.\[]", cite.field or "", maxsplit=1)[0]
            if not field or field in inspection.case_file.rows[entry.id]:
                continue
            keys = (*normalise.hints_by_key(type(entry)),)
            if field not in keys:
                near = known.hint(keys, field)
                has_not = f"{one_of_its_kind(entry)} has no `{shortened(field)}`"
                what = f"cites: {has_not} to speak to; {near}"
                yield inspection.finding(
                    "unknown-field", entry.id, ("cites", number, "field"), what
                )
