"""The short forms that a case file may use, brought to the one shape that the model has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec.structs import fields

from casefile.case.dating.dates import When
from casefile.case.model import Cite, FreeEntry, Involvement, Record, hints_of
from casefile.text.ids import is_id

_FREE_ONLY = ("in_table", "own", "refers")
"""Fields of a row of a free table that the reader makes, and that no file has."""


def shaped(
    row: Mapping[str, Any], record_type: type[Record], source_ids: frozenset[str]
) -> dict[str, Any]:
    """Give a row with lists where the model has several, and cites and roles spelled out."""
    several = elements_by_key(record_type)
    shape = dict(row)
    for key in several.keys() & row.keys():
        value = row[key]
        one_or_more = value if isinstance(value, list) else [value]
        shape[key] = [_spelled_out(one, several[key], source_ids) for one in one_or_more]
    return shape


def _spelled_out(value: Any, element: Any, source_ids: frozenset[str]) -> Any:
    if not isinstance(value, str):
        return value
    if element is Cite:
        return cite_in_words(value, source_ids)
    return {"party": value} if element is Involvement else value


def without_defaults(shape: Mapping[str, Any], record_type: type[msgspec.Struct]) -> dict[str, Any]:
    """Give a shaped row, or a table in it, without what would be meant if it were not there."""
    defaults = _defaults_by_key(record_type)
    elements = elements_by_key(record_type)
    said = {}
    for key, value in shape.items():
        # To Python 0 is False.
        if key in defaults and type(value) is type(defaults[key]) and value == defaults[key]:
            continue
        element = elements.get(key)
        inner = (
            element if isinstance(element, type) and issubclass(element, msgspec.Struct) else None
        )
        said[key] = [_without(one, inner) for one in value] if inner else value
    return said


def _without(value: Any, record_type: type[msgspec.Struct]) -> Any:
    return without_defaults(value, record_type) if isinstance(value, dict) else value


def cite_in_words(words: str, source_ids: frozenset[str]) -> dict[str, str]:
    """Read a cite written as one string: `"wvue, para 9"`, `"para 9"`, or a source's id alone."""
    head, comma, rest = words.partition(",")
    if comma and is_id(head.strip()):
        return {"source": head.strip(), "at": rest.strip()}
    return {"source": words} if words in source_ids else {"at": words}


@cache
def hints_by_key(record_type: type[msgspec.Struct]) -> dict[str, Any]:
    """Give the type of each field under the key it has in a file."""
    hints = hints_of(record_type)
    names, keys = record_type.__struct_fields__, record_type.__struct_encode_fields__
    left_out = _FREE_ONLY if record_type is FreeEntry else ()
    return {key: hints[name] for name, key in zip(names, keys, strict=True) if name not in left_out}


@cache
def date_keys(record_type: type[Record]) -> frozenset[str]:
    """Give the keys under which a row of this type holds dates."""
    return frozenset(
        key for key, hint in hints_by_key(record_type).items() if When in get_args(hint)
    )


@cache
def required_keys(record_type: type[msgspec.Struct]) -> frozenset[str]:
    """Give the keys that a row of this type can't do without."""
    return frozenset(
        one.encode_name
        for one in fields(record_type)
        if one.required and one.encode_name in hints_by_key(record_type)
    )


def stand_in(record_type: type[Record], key: str) -> Any:
    """Give what stands for a required key that is missing, so that its row opens all the same."""
    hint = hints_by_key(record_type)[key]
    if get_origin(hint) is Literal:
        # The last choice of a party's type is that it is not known.
        return get_args(hint)[-1]
    return () if get_origin(hint) is tuple else ""


def key_of(record_type: type[Record], field: str) -> str:
    """Give the key that a field has in a file (`from` for `taken_from`); a free key is its own."""
    names = record_type.__struct_fields__
    return record_type.__struct_encode_fields__[names.index(field)] if field in names else field


def unknown_keys(row: Mapping[str, Any], record_type: type[Record]) -> dict[str, Any]:
    """Give what a row holds beyond the keys that its type names, inside its tables too.

    What stands in one of them has its place in its key: `cites[2].colour` is in the second cite.
    """
    unknown = own_keys(row, record_type) if record_type is not FreeEntry else {}
    for key, element in elements_by_key(record_type).items():
        if key in row and isinstance(element, type) and issubclass(element, msgspec.Struct):
            unknown.update(_unknown_inside(key, row[key], element))
    return unknown


def own_keys(row: Mapping[str, Any], record_type: type[Record]) -> dict[str, Any]:
    """Give what stands in a row itself beyond the keys that its type names."""
    named = hints_by_key(record_type)
    return {key: value for key, value in row.items() if key not in named}


def _unknown_inside(
    key: str, value: Any, element: type[msgspec.Struct]
) -> Iterator[tuple[str, Any]]:
    several = value if isinstance(value, list) else [value]
    for number, one in enumerate(several):
        place = f"{key}[{number + 1}]" if isinstance(value, list) else key
        if isinstance(one, dict):
            named = element.__struct_encode_fields__
            yield from ((f"{place}.{inner}", one[inner]) for inner in one if inner not in named)


@cache
def elements_by_key(record_type: type[msgspec.Struct]) -> dict[str, Any]:
    """Give, for each key that may hold several values, the type of one."""
    return {
        key: get_args(hint)[0]
        for key, hint in hints_by_key(record_type).items()
        if get_origin(hint) is tuple
    }


@cache
def _defaults_by_key(record_type: type[msgspec.Struct]) -> dict[str, Any]:
    """Give the default of each field that has one, as a file would hold it."""
    found = {}
    for one in fields(record_type):
        if one.encode_name not in hints_by_key(record_type):
            continue
        if one.default_factory is not msgspec.NODEFAULT:
            found[one.encode_name] = one.default_factory()
        elif one.default is not msgspec.NODEFAULT:
            found[one.encode_name] = [] if one.default == () else one.default
    return found
