"""Checking for keys and tables that the format doesn't have: typos, or the author's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from casefile.case import normalise
from casefile.case.amounts import Amount
from casefile.case.cite_fields import parse_field, type_of_field, value_inside
from casefile.case.disputes import stated_value
from casefile.case.findings.inspection import Finding, Inspection, one_of_its_kind
from casefile.case.model import (
    ENTRY_TYPES,
    Case,
    CaseFile,
    Cite,
    Entry,
    FreeTable,
    Involvement,
)
from casefile.case.positions import KeyPath
from casefile.case.problem import excerpt
from casefile.text.suggestions import KnownNames

_INSIDE = re.compile(r"(\w+)(?:\[([0-9]+)\])?\.(.*)", re.DOTALL)
_TABLES = tuple(entry_type.table for entry_type in ENTRY_TYPES)
_AT_TOP = ("format", Case.table, *_TABLES, FreeTable.table)
_INLINE: dict[Any, str] = {Cite: "a cite", Amount: "an amount", Involvement: "a party reference"}
_TITLES = ("title", "name", "item", "statement", "words")
_OTHER_NAMES = {
    **dict.fromkeys((*_TITLES, "label"), _TITLES),
    **dict.fromkeys(("description", "note", "notes", "comment", "summary", "details"), ("text",)),
    **dict.fromkeys(("place", "where"), ("location",)),
    **dict.fromkeys(("when", "time"), ("date",)),
    **dict.fromkeys(("people", "participants", "parties"), ("involved",)),
}
"""Keys that are often used by mistake, with the correct keys of different tables."""

_NO_SUGGESTION = "put what the format has no key for in `text`, or in a table of your own"


class _KeyHints:
    """Hints for unknown keys, with the nearest key of the same table."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], KnownNames] = {}

    def hint(self, keys: Sequence[str], wanted: str) -> str:
        """Return what to write instead of the key `wanted`."""
        known = tuple(keys)
        if correct := next((key for key in _OTHER_NAMES.get(wanted, ()) if key in known), None):
            return f"use `{correct}` here"
        near = self._names.setdefault(known, KnownNames(known)).nearest(wanted)
        return f"the nearest is `{near}`" if near else _NO_SUGGESTION


def unknown_keys(inspection: Inspection) -> Iterator[Finding]:
    """Yield keys that are not in the format, with the nearest one that is."""
    hints = _KeyHints()
    for entry_id, unknown in inspection.case_file.unknown.items():
        entry = inspection.case_file.entries[entry_id]
        row = inspection.case_file.rows[entry_id]
        for key in unknown:
            if path := _path_of(key, row):
                what = _unknown_in(entry, path, hints)
                yield inspection.finding("unknown-key", entry_id, path, what)
                continue
            hint = hints.hint(_AT_TOP, key)
            what = f"`{excerpt(key)}` is not a key for the top of the file; {hint}"
            case_row = inspection.reading.rows[entry_id]
            yield Finding("unknown-key", what, case_row, (key,), entry_id, is_at_top=True)
    keys = (*normalise.hints_by_key(FreeTable),)
    for declaration in inspection.reading.declarations.values():
        for key in normalise.undefined_keys(declaration.value, FreeTable):
            what = f"`{excerpt(key)}` is not a key of [[table]]; {hints.hint(keys, key)}"
            yield Finding("unknown-key", what, declaration, (key,))


def _path_of(key: str, row: Mapping[str, Any]) -> KeyPath | None:
    """Return the path of a key in its row, or None for one at the top of the file."""
    if key in row:
        return (key,)
    inside = _INSIDE.fullmatch(key)
    if inside is None or inside[1] not in row:
        return None
    return (inside[1], int(inside[2] or 1) - 1, inside[3])


def _unknown_in(entry: Entry, path: KeyPath, hints: _KeyHints) -> str:
    outer, *inner = path
    if not inner:
        keys = (*normalise.hints_by_key(type(entry)),)
        key = str(outer)
        what = f"`{excerpt(key)}` is not a key of {one_of_its_kind(entry)}"
        return f"{what}; {hints.hint(keys, key)}"
    element = normalise.elements_by_key(type(entry))[str(outer)]
    key, fields = str(inner[-1]), msgspec.structs.fields(element)
    hint = hints.hint([field.encode_name for field in fields], key)
    return f"{outer}: `{excerpt(key)}` is not a key of {_INLINE[element]}; {hint}"


def unknown_tables(inspection: Inspection) -> Iterator[Finding]:
    """Yield undeclared tables whose name is similar to that of a table of the format."""
    tables = KnownNames(_TABLES)
    for name in inspection.case_file.free_tables.keys() - inspection.reading.declarations.keys():
        near = tables.nearest(name)
        entries = inspection.case_file.in_table(name)
        if near and entries:
            what = (
                f"[[{excerpt(name)}]] is not a table of the format and gets a pane of its own; "
                f"write [[{near}]], or declare it in [[{FreeTable.table}]]"
            )
            yield inspection.finding("unknown-table", entries[0].id, (), what)


def unknown_fields(inspection: Inspection) -> Iterator[Finding]:
    """Yield cites whose `field` is not a key of their entry, or nothing inside the key's value."""
    hints = _KeyHints()
    for entry, number, cite in inspection.cites:
        if cite.field and (hint := _hint_for_field(inspection.case_file, entry, cite.field, hints)):
            what = f"cites: {one_of_its_kind(entry)} has no field `{excerpt(cite.field)}`; {hint}"
            yield inspection.finding("unknown-field", entry.id, ("cites", number, "field"), what)


def _hint_for_field(case_file: CaseFile, entry: Entry, field: str, hints: _KeyHints) -> str | None:
    """Return what to write instead of a field that an entry does not have, or None if it has it."""
    keys = (*normalise.hints_by_key(type(entry)),)
    path = parse_field(field)
    key = str(path[0]) if path else re.split(r"[.\[]", field, maxsplit=1)[0]
    is_own = key in case_file.rows[entry.id] and key not in keys
    if key not in keys and not is_own:
        return hints.hint(keys, key)
    if is_own or (path and _is_there(case_file, entry, path)):
        return None
    return f"name `{excerpt(key)}`, or one of the values that it has, as in `amounts[1]`"


def _is_there(case_file: CaseFile, entry: Entry, path: KeyPath) -> bool:
    """Return whether an entry may have a value at a path, whose items of lists it must have."""
    items = [at + 1 for at, step in enumerate(path) if isinstance(step, int)]
    key, *inside = path
    stated = stated_value(case_file, entry, str(key))
    return type_of_field(type(entry), path) is not None and all(
        value_inside(stated, tuple(inside[: end - 1])) is not None for end in items
    )
