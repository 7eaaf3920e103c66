"""Convert the short forms that a case file may use to the form that the model has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from casefile.case.dating.dates import EdtfDate
from casefile.case.model import Cite, FreeEntry, Involvement
from casefile.case.source_names import SourceNames
from casefile.case.table_struct import TableStruct


def normalise_row(
    row: Mapping[str, Any], record_type: type[TableStruct], sources: SourceNames
) -> dict[str, Any]:
    """Return a row with every list spelled out as one, and every cite and role as a table."""
    elements = elements_by_key(record_type)
    return {
        key: _as_list(value, elements[key], sources) if key in elements else value
        for key, value in row.items()
    }


def normalise_value(value: Any, hint: Any, sources: SourceNames) -> Any:
    """Return a value of this type in the same way, be it a list or one item of a list."""
    if get_origin(hint) is tuple:
        return _as_list(value, get_args(hint)[0], sources)
    return _as_table(value, hint, sources)


def _as_list(value: Any, element: Any, sources: SourceNames) -> list[Any]:
    return [_as_table(item, element, sources) for item in _items(value)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_table(value: Any, element: Any, sources: SourceNames) -> Any:
    if element is Cite and isinstance(value, str | dict):
        value = _parse_cite(value, sources)
    if isinstance(value, dict) and is_table(element) and (several := elements_by_key(element)):
        return {key: _items(one) if key in several else one for key, one in value.items()}
    return {"party": value} if element is Involvement and isinstance(value, str) else value


def _parse_cite(cite: str | dict[str, Any], sources: SourceNames) -> dict[str, Any]:
    """Return a cite as a table that names its source by id.

    As a string it is `"wvue, para 9"`, `"para 9"`, `"Calloway Dep. 45:3"` or a source's id; in a
    table, the place may begin with the abbreviation of its source.
    """
    if isinstance(cite, str):
        return _table(*sources.split(cite))
    at = cite.get("at")
    abbreviated = sources.split_abbreviation(at) if isinstance(at, str) else None
    if abbreviated is None or cite.get("source", abbreviated[0]) != abbreviated[0]:
        return cite
    return {key: value for key, value in cite.items() if key != "at"} | _table(*abbreviated)


def _table(source: str | None, at: str | None) -> dict[str, str]:
    return {key: value for key, value in (("source", source), ("at", at)) if value is not None}


def without_defaults(shape: Mapping[str, Any], record_type: type[TableStruct]) -> dict[str, Any]:
    """Return a row as returned by `normalise_row` without the values that are defaults."""
    defaults = _defaults_by_key(record_type)
    tables = _table_elements(record_type)
    explicit = {}
    for key, value in shape.items():
        # The types are compared too, since 0 == False.
        if key in defaults and type(value) is type(defaults[key]) and value == defaults[key]:
            continue
        explicit[key] = value
        if table := tables.get(key):
            explicit[key] = [
                without_defaults(item, table) if isinstance(item, dict) else item for item in value
            ]
    return explicit


@cache
def _fields_by_key(record_type: type[TableStruct]) -> dict[str, FieldInfo]:
    keys = (one for one in fields(record_type) if one.name not in record_type.set_by_reader)
    return {one.encode_name: one for one in keys}


@cache
def hints_by_key(record_type: type[TableStruct]) -> dict[str, Any]:
    """Return the type of each field by its key in a file."""
    return {key: field.type for key, field in _fields_by_key(record_type).items()}


@cache
def date_keys(record_type: type[TableStruct]) -> frozenset[str]:
    """Return the keys of a row of this type that hold dates."""
    return frozenset(
        key for key, hint in hints_by_key(record_type).items() if EdtfDate in get_args(hint)
    )


@cache
def required_keys(record_type: type[TableStruct]) -> frozenset[str]:
    """Return the keys that a row of this type must have."""
    return frozenset(key for key, one in _fields_by_key(record_type).items() if one.required)


def placeholder(record_type: type[TableStruct], key: str) -> Any:
    """Return the value to use for a missing required key, so that its row can be shown."""
    hint = hints_by_key(record_type)[key]
    if words := known_words(hint):
        # Those of the type of a party, of which Unknown is the last.
        return words[-1]
    return () if get_origin(hint) is tuple else ""


def known_words(hint: Any) -> tuple[str, ...]:
    """Return the words that a key may have, or that are known if any other may be written too."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Literal:
            return get_args(part)
        if get_origin(part) is Annotated:
            return tuple(part.__metadata__[0].examples or ())
    return ()


def key_of(record_type: type[TableStruct], field: str) -> str:
    """Return the key of a field in a file, such as `from` for `taken_from`."""
    names = record_type.__struct_fields__
    return record_type.__struct_encode_fields__[names.index(field)] if field in names else field


def field_of(record_type: type[TableStruct], key: str) -> str | None:
    """Return the field of a key in a file, such as `taken_from` for `from`; None if it has none."""
    field = _fields_by_key(record_type).get(key)
    return field.name if field else None


def unknown_keys(row: Mapping[str, Any], record_type: type[TableStruct]) -> dict[str, Any]:
    """Return the unknown keys of a row and of the tables in it, with their values.

    A key in a table has a path with indices from 1: `cites[2].colour` is in the second cite.
    """
    unknown = undefined_keys(row, record_type) if record_type is not FreeEntry else {}
    for key, table in _table_elements(record_type).items():
        if key in row:
            unknown.update(_unknown_inside(key, row[key], table))
    return unknown


def undefined_keys(row: Mapping[str, Any], record_type: type[TableStruct]) -> dict[str, Any]:
    """Return the keys of a row that its type does not define, with their values."""
    defined = hints_by_key(record_type)
    return {key: value for key, value in row.items() if key not in defined}


def _unknown_inside(key: str, value: Any, table: type[TableStruct]) -> Iterator[tuple[str, Any]]:
    defined = table.__struct_encode_fields__
    for number, item in enumerate(_items(value), start=1):
        path = f"{key}[{number}]" if isinstance(value, list) else key
        if isinstance(item, dict):
            yield from ((f"{path}.{inner}", item[inner]) for inner in item if inner not in defined)


@cache
def _table_elements(record_type: type[TableStruct]) -> dict[str, type[TableStruct]]:
    return {
        key: element for key, element in elements_by_key(record_type).items() if is_table(element)
    }


def is_table(hint: Any) -> bool:
    """Return whether values of a type are tables in a file."""
    return isinstance(hint, type) and issubclass(hint, TableStruct)


@cache
def elements_by_key(record_type: type[TableStruct]) -> dict[str, Any]:
    """Return the type of one item for each key that may hold a list."""
    return {
        key: get_args(hint)[0]
        for key, hint in hints_by_key(record_type).items()
        if get_origin(hint) is tuple
    }


@cache
def _defaults_by_key(record_type: type[TableStruct]) -> dict[str, Any]:
    """Return the default of each key that has one, in the form that a file would have."""
    defaults = {}
    for key, field in _fields_by_key(record_type).items():
        if field.default_factory is not msgspec.NODEFAULT:
            defaults[key] = field.default_factory()
        elif field.default is not msgspec.NODEFAULT:
            defaults[key] = [] if field.default == () else field.default
    return defaults
