"""The JSON Schema of case files, for editors and linters.

Draft 7, the only one that both Taplo and Tombi know. It rejects only what the reader reports too,
and leaves to the reader what a schema can't check, such as whether an id or a day exists.
"""

from __future__ import annotations

import builtins
import types
import typing
from datetime import date
from functools import reduce
from itertools import chain
from operator import or_
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin

from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import RELATIVE_DATE_KEY
from casefile.case.descriptions import AT_THE_TOP, IN_EVERY_TABLE, TABLES, Described, keys_of
from casefile.case.model import (
    ENTRY_TYPES,
    FORMAT,
    Case,
    Cite,
    Entry,
    FreeEntry,
    FreeTable,
    Involvement,
)
from casefile.case.normalise import hints_by_key, required_keys
from casefile.case.table_struct import Id, Reference, TableStruct
from casefile.parsing import parse_toml
from casefile.text import ids

Schema: TypeAlias = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_FREE_ROW = "row-of-another-table"

# The start and the characters of EDTF; the reader checks the rest.
_EDTF = r"^([\[{]?[0-9]{2}[0-9X]{2}|[\[{]?\.\.|/)[0-9XTZ:+~?%.,/\]}-]*$"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_OFFSET = "([Zz]|[+-][0-9]{2}:[0-9]{2})"
_DATES = (
    ("An EDTF string.", {"pattern": _EDTF}),
    # Tombi knows TOML's own dates by these formats; to Taplo they are strings.
    ("A date.", {"format": "date", "pattern": f"^{_DAY}$"}),
    ("A date and time.", {"format": "date-time-local", "pattern": f"^{_DAY}{_TIME}$"}),
    ("The same with an offset.", {"format": "date-time", "pattern": f"^{_DAY}{_TIME}{_OFFSET}$"}),
)
# The words and the id; the reader checks the words.
_RELATIVE = (
    "A date counted from that of another entry.",
    {"pattern": f"^ *[A-Za-z0-9].*[A-Za-z] +#{ids.PATTERN} *$"},
)


def _any_date(*forms: tuple[str, dict[str, str]]) -> Schema:
    return {"anyOf": [{"description": what, "type": "string", **form} for what, form in forms]}


_ID: Schema = {"type": "string", "pattern": f"^{ids.PATTERN}$"}
_PLAIN: dict[Any, Schema] = {
    # The value of a cite has the type of the field that the cite names.
    Any: {},
    Id: _ID,
    Reference: _ID,
    EdtfDate: _any_date(*_DATES),
    bool: {"type": "boolean"},
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
}
_SHORT: dict[Any, Schema] = {Cite: {"type": "string"}, Involvement: _ID}
"""The short forms that may replace a table."""


def case_file_schema() -> Schema:
    """Return the schema of a case file, ready for `json.dumps`."""
    several = {one.table: one for one in ENTRY_TYPES} | {FreeTable.table: FreeTable}
    return {
        "$schema": _DRAFT,
        "title": f"Case file ({FORMAT})",
        "type": "object",
        "required": ["format", Case.table],
        "properties": {
            "format": {"description": AT_THE_TOP["format"].what, "const": FORMAT},
            Case.table: _defined(Case.table),
            **{name: _of_rows(name, table) for name, table in several.items()},
        },
        # Other keys at the top may hold anything; lists of tables are entries.
        "additionalProperties": {"items": _defined(_FREE_ROW), "additionalProperties": True},
        "definitions": {
            **{name: _of_table(table) for name, table in {Case.table: Case, **several}.items()},
            _FREE_ROW: {key: one for key, one in _of_table(FreeEntry).items() if key != "type"},
            **{f"any-{key}": _of_key(Entry, key, one) for key, one in IN_EVERY_TABLE.items()},
        },
    }


def _defined(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _of_rows(name: str, table: type[TableStruct]) -> Schema:
    return {"description": TABLES[table].what, "type": "array", "items": _defined(name)}


def _of_table(table: type[TableStruct]) -> Schema:
    required = [key for key in keys_of(table) if key in required_keys(table)]
    return {
        "description": TABLES[table].what,
        "type": "object",
        **({"required": required} if required else {}),
        "properties": {
            key: _defined(f"any-{key}")
            if one is IN_EVERY_TABLE.get(key)
            else _of_key(table, key, one)
            for key, one in keys_of(table).items()
        },
        # Without this Tombi rejects other keys.
        "additionalProperties": True,
    }


def _of_key(table: type[TableStruct], key: str, described: Described) -> Schema:
    example = parse_toml(f"of = {described.example}")["of"]
    is_relative = key == RELATIVE_DATE_KEY
    return {
        **(_any_date(*_DATES, _RELATIVE) if is_relative else _of_type(hints_by_key(table)[key])),
        "description": described.what,
        "examples": [example.isoformat() if isinstance(example, date) else example],
    }


def _of_type(hint: Any) -> Schema:
    """Return the schema of a type: a list may also be one bare value, a table a short form."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    parts = [part for part in get_args(hint) if part is not NoneType]
    match get_origin(hint):
        case typing.Union | types.UnionType:
            form = _either(*map(_of_type, parts))
        case typing.Annotated if parts[1].examples:
            # Any other word is allowed, and an editor completes these.
            form = {"type": "string", "anyOf": [{"enum": parts[1].examples}, {"type": "string"}]}
        case typing.Annotated:
            form = {**_PLAIN[parts[0]], "minimum": parts[1].ge, "maximum": parts[1].le}
        case typing.Literal:
            form = {"type": "string", "enum": parts}
        case builtins.dict:
            form = {"type": "object", "additionalProperties": _of_type(parts[1])}
        case builtins.tuple:
            element = _of_type(parts[0])
            form = _either(element, {"type": "array", "items": element})
        case _:
            form = _either(*filter(None, [_SHORT.get(hint)]), _of_table(hint))
    return form


def _either(*forms: Schema) -> Schema:
    """Return the schema of any of several forms, which are of different types.

    It lists their types and is no `anyOf`, where Taplo reports only that no form fits.
    """
    if len(forms) == 1:
        return forms[0]
    types = (form["type"] for form in forms)
    several = (one if isinstance(one, list) else [one] for one in types)
    return {**reduce(or_, forms), "type": [*chain.from_iterable(several)]}
