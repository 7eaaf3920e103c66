"""The short forms that a case file may use, brought to the one shape that the model has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from casefile.case.dates import When
from casefile.case.model import ID_PATTERN, Cite, Entry, Involvement

_PLAIN_NAMES = {
    "`int | float`": "a number",
    "`str`": "text",
    "`int`": "a whole number",
    "`float`": "a number",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
    "`null`": "nothing",
}


def shaped(
    row: Mapping[str, Any], entry_type: type[Entry], source_ids: frozenset[str]
) -> dict[str, Any]:
    """Give a row with lists where the model has several, and cites and roles spelled out."""
    several = _elements_by_key(entry_type)
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


def cite_in_words(words: str, source_ids: frozenset[str]) -> dict[str, str]:
    """Read a cite written as one string: `"wvue, para 9"`, `"para 9"`, or a source's id alone."""
    head, comma, rest = words.partition(",")
    if comma and re.fullmatch(ID_PATTERN, head.strip()):
        return {"source": head.strip(), "at": rest.strip()}
    return {"source": words} if words in source_ids else {"at": words}


@cache
def hints_by_key(entry_type: type[Entry]) -> dict[str, Any]:
    """Give the type of each field under the key it has in a file."""
    hints = get_type_hints(entry_type, include_extras=True)
    keys = zip(entry_type.__struct_fields__, entry_type.__struct_encode_fields__, strict=True)
    return {key: hints[name] for name, key in keys}


@cache
def date_keys(entry_type: type[Entry]) -> frozenset[str]:
    """Give the keys under which a row of this type holds dates."""
    return frozenset(
        key for key, hint in hints_by_key(entry_type).items() if When in get_args(hint)
    )


@cache
def required_keys(entry_type: type[Entry]) -> frozenset[str]:
    """Give the keys that a row of this type can't do without."""
    from msgspec.structs import fields

    return frozenset(one.encode_name for one in fields(entry_type) if one.required)


def key_of(entry_type: type[Entry], field: str) -> str:
    """Give the key that a field has in a file (`from` for `taken_from`)."""
    return entry_type.__struct_encode_fields__[entry_type.__struct_fields__.index(field)]


def unknown_keys(row: Mapping[str, Any], entry_type: type[Entry]) -> dict[str, Any]:
    """Give what a row holds beyond the keys that its type names."""
    named = hints_by_key(entry_type)
    return {key: value for key, value in row.items() if key not in named}


def in_plain_words(key: str, message: str) -> str:
    """Turn a validation message into words for the writer of a case file."""
    place = re.search(r" - at `\$(.*)`$", message)
    where = key + (place[1] if place else "")
    said = message[: place.start()] if place else message
    for technical, plain in _PLAIN_NAMES.items():
        said = said.replace(technical, plain)
    # What msgspec says of nan, which is neither smaller nor larger than anything.
    said = re.sub(r"^Expected a number [<>]= .*$", "a number is finite and at most 1e18", said)
    said = said.replace("Object missing required field", "it lacks")
    if "matching regex" in said:
        said = "an id is a-z, 0-9 and -, at most 64 characters, and starts with a letter or digit"
    return f"{where}: {said[0].lower()}{said[1:]}"


@cache
def _elements_by_key(entry_type: type[Entry]) -> dict[str, Any]:
    return {
        key: get_args(hint)[0]
        for key, hint in hints_by_key(entry_type).items()
        if get_origin(hint) is tuple
    }
