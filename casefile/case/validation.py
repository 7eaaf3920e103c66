"""Keep the valid values of a row and report every invalid one.

`msgspec.convert` stops at the first error; whoever writes a case file wants to see all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import UNSET

from casefile.case.amounts import LARGEST, Amount
from casefile.case.normalise import hints_by_key, is_table, required_keys
from casefile.case.positions import KeyPath
from casefile.case.problem import in_quotes
from casefile.case.table_struct import Id
from casefile.text.ids import RULE
from casefile.text.suggestions import KnownNames

_TYPE_NAMES: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
)


class Fault(msgspec.Struct, frozen=True):
    """An invalid value and its path in the row."""

    path: KeyPath
    code: str
    message: Callable[[], str]
    """Composes the message, which is done only for the faults that are reported."""


Report: TypeAlias = Callable[[Fault], None]
"""Called with each fault as it is found, so that a million of them need not be stored."""


def valid_fields(
    row: Mapping[str, Any], hints: Mapping[str, Any], report: Report, path: KeyPath = ()
) -> dict[str, Any]:
    """Return the valid part of a row, and report every fault of the rest."""
    values = {
        key: valid_part(row[key], hint, (*path, key), report)
        for key, hint in hints.items()
        if key in row
    }
    return {key: value for key, value in values.items() if value is not UNSET}


def valid_part(value: Any, hint: Any, path: KeyPath, report: Report) -> Any:
    """Return the valid part of a value, or UNSET if there is none; report every fault."""
    hint = without_none(hint)
    if get_origin(hint) is tuple and isinstance(value, list):
        element = get_args(hint)[0]
        items = [valid_part(item, element, (*path, at), report) for at, item in enumerate(value)]
        valid = [item for item in items if item is not UNSET]
        # A list without a valid item counts as missing.
        return valid if valid or not value else UNSET
    if get_origin(hint) is dict and isinstance(value, dict):
        return valid_fields(value, dict.fromkeys(value, get_args(hint)[1]), report, path)
    if is_table(hint) and isinstance(value, dict):
        fields = valid_fields(value, hints_by_key(hint), report, path)
        required = required_keys(hint)
        for key in sorted(required - value.keys()):
            report(Fault(path, "missing-key", partial("it lacks `{}`".format, key)))
        return fields if required <= fields.keys() else UNSET
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        report(_fault(value, hint, path))
        return UNSET
    return value


def without_none(hint: Any) -> Any:
    """Return a type without None, which TOML does not have."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    types = tuple(each for each in get_args(hint) if each is not type(None))
    return types[0] if len(types) == 1 else Union[types]  # noqa: UP007 -- the types are values here


def _fault(value: Any, hint: Any, path: KeyPath) -> Fault:
    if hint == Id and isinstance(value, str):
        return Fault(path, "bad-id", lambda: RULE)
    choices = [str(word) for word in get_args(hint)] if get_origin(hint) is Literal else []
    if choices and isinstance(value, str):
        return Fault(path, "wrong-value", partial(_wrong_value_message, value, choices))
    return Fault(path, "wrong-type", partial(_wrong_type_message, value, hint, choices))


def _wrong_value_message(value: str, choices: list[str]) -> str:
    lower = {choice.casefold(): choice for choice in choices}
    nearest = KnownNames(lower).nearest(value.casefold())
    hint = f"did you mean “{lower[nearest]}”? Allowed are " if nearest else "use one of "
    return f"{in_quotes(value)} is not allowed here; {hint}{', '.join(choices)}"


def _wrong_type_message(value: Any, hint: Any, choices: list[str]) -> str:
    wanted = "text" if choices else _name_of_type(hint)
    given = next((name for types, name in _TYPE_NAMES if isinstance(value, types)), "a date")
    if given == wanted == "a number":
        return f"a number must be finite and at most {LARGEST:.0e}".replace("+", "")
    return f"this must be {wanted}, not {given}{''.join(_correction(value, wanted, hint))}"


def _correction(value: Any, wanted: str, hint: Any) -> Iterator[str]:
    """Yield how to correct a value, if it shows what was meant."""
    if wanted == "text" and isinstance(value, bool | int | float):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        yield f'; put text in quotation marks: "{written}"'
    elif wanted == "a number" and isinstance(value, str):
        digits = value.replace(",", "").strip()
        is_number = digits.replace(".", "", 1).isdigit()
        yield f"; write {digits}" if is_number else "; put words in `text`"
    elif wanted == "true or false" and isinstance(value, str):
        yield "; write true or false without quotation marks"
    elif hint is Amount and isinstance(value, str | int | float) and len(str(value)) < 80:
        words = str(value).replace("\\", "\\\\").replace('"', '\\"')
        yield f'; write {{ text = "{words}" }}'


def _name_of_type(hint: Any) -> str:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(map(_name_of_type, get_args(hint))))
    if origin is tuple:
        return "a list"
    if origin is dict or is_table(hint):
        return "a table"
    # What is left is a plain type, or one annotated with bounds.
    plain = get_args(hint)[0] if get_args(hint) else hint
    return next(name for types, name in _TYPE_NAMES if issubclass(plain, types))
