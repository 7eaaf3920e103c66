"""Keep the valid values of a row and report every invalid one.

`msgspec.convert` stops at the first error; whoever writes a case file wants to see all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import fields

from casefile.case.amounts import LARGEST, Amount
from casefile.case.model import Id
from casefile.case.positions import KeyPath
from casefile.case.problem import in_quotes
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

    @property
    def what(self) -> str:
        """The message, which is composed only for the faults that are reported."""
        return self.message()


Report: TypeAlias = Callable[[Fault], None]
"""Called with each fault as it is found, so that a million of them need not be stored."""


class _Valid(msgspec.Struct, frozen=True):
    """The valid part of a value, which may be falsy."""

    value: Any


def valid_fields(
    row: Mapping[str, Any], hints: Mapping[str, Any], report: Report, path: KeyPath = ()
) -> dict[str, Any]:
    """Return the valid part of a row, and report every fault of the rest."""
    fields = {}
    for key, hint in hints.items():
        if key in row and (valid := _valid(row[key], hint, (*path, key), report)) is not None:
            fields[key] = valid.value
    return fields


def _valid(value: Any, hint: Any, path: KeyPath, report: Report) -> _Valid | None:
    hint = _without_none(hint)
    element = _element(hint)
    if element is not None and isinstance(value, list):
        return _valid_list(value, element, path, report)
    if get_origin(hint) is dict and isinstance(value, dict):
        return _valid_table(value, dict.fromkeys(value, get_args(hint)[1]), (), path, report)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and isinstance(value, dict):
        hints, required = _hints_and_required(hint)
        return _valid_table(value, hints, required, path, report)
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        report(_fault(value, hint, path))
        return None
    return _Valid(value)


def _valid_list(value: list[Any], element: Any, path: KeyPath, report: Report) -> _Valid | None:
    items = (_valid(item, element, (*path, number), report) for number, item in enumerate(value))
    valid = [item.value for item in items if item is not None]
    # A list without a valid item counts as missing.
    return _Valid(valid) if valid or not value else None


def _valid_table(
    value: dict[str, Any],
    hints: Mapping[str, Any],
    required: Iterable[str],
    path: KeyPath,
    report: Report,
) -> _Valid | None:
    valid = valid_fields(value, hints, report, path)
    for key in required:
        if key not in value:
            report(Fault(path, "missing-key", partial("it lacks `{}`".format, key)))
    return _Valid(valid) if all(key in valid for key in required) else None


@cache
def _hints_and_required(
    struct: type[msgspec.Struct],
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the type of each key of a table inside a row, and its required keys."""
    required = (field.encode_name for field in fields(struct) if field.required)
    return get_type_hints(struct, include_extras=True), tuple(required)


def _without_none(hint: Any) -> Any:
    """Return a type without None, which TOML does not have."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    types = tuple(each for each in get_args(hint) if each is not type(None))
    return types[0] if len(types) == 1 else Union[types]  # noqa: UP007 -- the types are values here


def _element(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is tuple else None


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
    given = _name_of_value_type(value)
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
    if origin is dict or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return "a table"
    # What is left is a plain type, or one annotated with bounds.
    plain = get_args(hint)[0] if get_args(hint) else hint
    return next(name for types, name in _TYPE_NAMES if issubclass(plain, types))


def _name_of_value_type(value: Any) -> str:
    return next((name for types, name in _TYPE_NAMES if isinstance(value, types)), "a date")
