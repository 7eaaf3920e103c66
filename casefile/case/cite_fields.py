"""The fields that cites name, such as `amounts[2].value`, and the values given for them there.

A field is named as in the messages of `check`: the key, then the numbers, from 1, and the keys
inside its value. As a path the numbers count from 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import tzinfo
from functools import partial
from typing import Any, NamedTuple, get_args, get_origin

import msgspec
from msgspec import UNSET

from casefile.case.amounts import Amount, amount_problem, amount_problems
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.written_dates import DateFault
from casefile.case.entry_ids import Reference
from casefile.case.model import (
    Entry,
    FreeEntry,
    Involvement,
    as_mention,
    holds_reference,
)
from casefile.case.normalise import field_of, hints_by_key, normalise_value
from casefile.case.positions import KeyPath
from casefile.case.row_dates import read_own_date
from casefile.case.source_names import SourceNames
from casefile.case.validation import Fault, Report, valid_part, without_none

_STEP = re.compile(r"\[([1-9][0-9]{0,5})\]|(\A|\.)([^.\[\]]+)")


def parse_field(field: str | None) -> KeyPath:
    """Parse the field that a cite names; return an empty path if it names none."""
    path: list[str | int] = []
    at = 0
    while field and at < len(field):
        step = _STEP.match(field, at)
        if step is None or (step[1] and not at):
            return ()
        path.append(int(step[1]) - 1 if step[1] else step[3])
        at = step.end()
    return tuple(path)


def type_of_field(entry_type: type[Entry], path: KeyPath, refs: Collection[str] = ()) -> Any:
    """Return the type of a field, or None if entries of this type have no such field.

    `refs` are the keys of a custom table that name entries.
    """
    key, *inside = path
    if entry_type is FreeEntry and key in refs:
        hint: Any = tuple[Reference, ...]
    else:
        hint = hints_by_key(entry_type).get(str(key))
    for step in inside:
        hint = _type_inside(without_none(hint), step)
    return without_none(hint)


def _type_inside(hint: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return get_args(hint)[0] if get_origin(hint) is tuple else None
    if is_table(hint):
        return hints_by_key(hint).get(step)
    return get_args(hint)[1] if get_origin(hint) is dict else None


def is_table(hint: Any) -> bool:
    """Return whether values of a type are tables in a file; a date is text there."""
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint is not EdtfDate


def value_inside(value: Any, path: KeyPath) -> Any:
    """Return what is at a path inside the value of a field, or None if nothing is."""
    for step in path:
        if isinstance(step, int):
            is_there = isinstance(value, tuple | list) and step < len(value)
            value = value[step] if is_there else None
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            field = field_of(type(value), step) if is_table(type(value)) else None
            value = getattr(value, field) if field else None
    return value


class ValueReader(NamedTuple):
    """Reads the values in the cites of an entry as the fields for which a source gives them."""

    entry_type: type[Entry]
    refs: Collection[str]
    """The keys of a custom table that name entries."""
    sources: SourceNames
    zone: tzinfo | None
    report: Report

    def read(self, cites: list[Any]) -> list[Any]:
        """Return cites as normalised, with their values read; report and remove invalid ones."""
        return [self._with_value(cite, number) for number, cite in enumerate(cites)]

    def _with_value(self, cite: Any, number: int) -> Any:
        if not isinstance(cite, dict) or "value" not in cite:
            return cite
        field = cite.get("field")
        path = parse_field(field) if isinstance(field, str) else ()
        hint = type_of_field(self.entry_type, path, self.refs) if path else None
        if hint is None:
            return cite
        value = self._read(cite["value"], hint, ("cites", number, "value"))
        without = {key: one for key, one in cite.items() if key != "value"}
        return without if value is UNSET else {**without, "value": value}

    def _read(self, written: Any, hint: Any, place: KeyPath) -> Any:
        """Return a value of this type, or UNSET if there is none."""
        if hint is EdtfDate:
            when = read_own_date(written, self.zone)
            if isinstance(when, DateFault):
                self.report(Fault(place, "bad-date", when.message))
                return UNSET
            return when
        shaped = normalise_value(written, hint, self.sources)
        valid = valid_part(shaped, hint, place, self.report)
        if valid is UNSET:
            return UNSET
        value = msgspec.convert(valid, hint)
        for problem in _problems_of_amounts(value):
            self.report(Fault(place, "bad-amount", partial(str, problem)))
        return as_mentions(value) if holds_reference(hint) else value


def _problems_of_amounts(value: Any) -> list[str]:
    if isinstance(value, Amount):
        # What it converts is in the entry.
        return list(filter(None, [amount_problem(value)]))
    is_amounts = isinstance(value, tuple) and value and isinstance(value[0], Amount)
    return amount_problems(value) if is_amounts else []


def as_mentions(value: Any) -> Any:
    """Return a value with each reference in it as a mention."""
    if isinstance(value, tuple):
        return tuple(map(as_mentions, value))
    return as_mention(value) if isinstance(value, str | Involvement) else value
