"""What of a row can be kept, and what is wrong with the rest: no more is lost than is wrong.

A validator stops at the first thing that is wrong; the writer of a case file wants to know all.
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
from casefile.text.ids import RULE
from casefile.text.suggestions import KnownNames

_CHOICES_SHOWN = 200
_SORTS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "text"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a value, and where in it."""

    path: KeyPath
    code: str
    words: Callable[[], str]

    @property
    def what(self) -> str:
        """What is wrong in words, which are made only for what is told."""
        return self.words()


Tell: TypeAlias = Callable[[Fault], None]
"""Takes each fault as it is found: of a million nobody keeps more than are told."""


class Sound(msgspec.Struct, frozen=True):
    """What can be kept of a value."""

    value: Any


def sound_fields(
    row: Mapping[str, Any], hints: Mapping[str, Any], tell: Tell, path: KeyPath = ()
) -> dict[str, Any]:
    """Give the part of a row that its types allow, and tell a fault for each thing they don't."""
    kept = {}
    for key, hint in hints.items():
        if key in row and (sound := _sound(row[key], hint, (*path, key), tell)) is not None:
            kept[key] = sound.value
    return kept


def _sound(value: Any, hint: Any, path: KeyPath, tell: Tell) -> Sound | None:
    hint = _stated(hint)
    element = _element(hint)
    if element is not None and isinstance(value, list):
        return _sound_list(value, element, path, tell)
    if get_origin(hint) is dict and isinstance(value, dict):
        return _sound_table(value, dict.fromkeys(value, get_args(hint)[1]), (), path, tell)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and isinstance(value, dict):
        hints, required = _parts(hint)
        return _sound_table(value, hints, required, path, tell)
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        tell(_fault(value, hint, path))
        return None
    return Sound(value)


def _sound_list(value: list[Any], element: Any, path: KeyPath, tell: Tell) -> Sound | None:
    several = (_sound(one, element, (*path, number), tell) for number, one in enumerate(value))
    kept = [sound.value for sound in several if sound is not None]
    # A list of which nothing is left is as good as none.
    return Sound(kept) if kept or not value else None


def _sound_table(
    value: dict[str, Any],
    hints: Mapping[str, Any],
    required: Iterable[str],
    path: KeyPath,
    tell: Tell,
) -> Sound | None:
    kept = sound_fields(value, hints, tell, path)
    for key in required:
        if key not in value:
            tell(Fault(path, "missing-key", partial("it lacks `{}`".format, key)))
    return Sound(kept) if all(key in kept for key in required) else None


@cache
def _parts(struct: type[msgspec.Struct]) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Give the types of what a table inside a row holds, and which of it must be there."""
    required = (one.encode_name for one in fields(struct) if one.required)
    return get_type_hints(struct, include_extras=True), tuple(required)


def _stated(hint: Any) -> Any:
    """Give a type without None, which TOML can't write."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    parts = tuple(part for part in get_args(hint) if part is not type(None))
    return parts[0] if len(parts) == 1 else Union[parts]  # noqa: UP007 -- the parts are values here


def _element(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def _fault(value: Any, hint: Any, path: KeyPath) -> Fault:
    if hint == Id and isinstance(value, str):
        return Fault(path, "bad-id", lambda: RULE)
    choices = [str(word) for word in get_args(hint)] if get_origin(hint) is Literal else []
    if choices and isinstance(value, str):
        return Fault(path, "wrong-value", partial(_none_of, value, choices))
    return Fault(path, "wrong-type", partial(_wrong_sort, value, hint, choices))


def _none_of(value: str, choices: list[str]) -> str:
    lower = {choice.casefold(): choice for choice in choices}
    near = KnownNames(lower).nearest(value.casefold())
    meant = f"did you mean “{lower[near]}”? Known are " if near else "write one of "
    return f"“{value[:_CHOICES_SHOWN]}” is not known here; {meant}{', '.join(choices)}"


def _wrong_sort(value: Any, hint: Any, choices: list[str]) -> str:
    wanted = "text" if choices else _sort_of_type(hint)
    got = _sort_of_value(value)
    if got == wanted == "a number":
        return f"a number is finite and at most {LARGEST:.0e}".replace("+", "")
    return f"this must be {wanted}, not {got}{''.join(_hint(value, wanted, hint))}"


def _hint(value: Any, wanted: str, hint: Any) -> Iterator[str]:
    """Give what would be right, where the value shows what was meant."""
    if wanted == "text" and isinstance(value, bool | int | float):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        yield f'; text stands in quotation marks: "{written}"'
    elif wanted == "a number" and isinstance(value, str):
        digits = value.replace(",", "").strip()
        plain = digits.replace(".", "", 1).isdigit()
        yield f"; write {digits}" if plain else "; what is no number stands in `text`"
    elif wanted == "true or false" and isinstance(value, str):
        yield "; write true or false without quotation marks"
    elif hint is Amount and isinstance(value, str | int | float) and len(str(value)) < 80:
        words = str(value).replace("\\", "\\\\").replace('"', '\\"')
        yield f'; write {{ text = "{words}" }}'


def _sort_of_type(hint: Any) -> str:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_sort_of_type(part) for part in get_args(hint)))
    if origin is tuple:
        return "a list"
    if origin is dict or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)):
        return "a table"
    # What is left is a plain type, or one with bounds written to it.
    plain = get_args(hint)[0] if get_args(hint) else hint
    return next(words for sort, words in _SORTS if plain is sort or plain in _several(sort))


def _sort_of_value(value: Any) -> str:
    return next((words for sort, words in _SORTS if isinstance(value, sort)), "a date")


def _several(sort: type | tuple[type, ...]) -> tuple[type, ...]:
    return sort if isinstance(sort, tuple) else (sort,)
