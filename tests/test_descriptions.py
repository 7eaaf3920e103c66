"""The descriptions of tables and keys are complete, and their examples are valid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli
from fragments import read

from casefile.case.amounts import Amount
from casefile.case.descriptions import AT_THE_TOP, IN_EVERY_TABLE, TABLES, keys_of
from casefile.case.model import (
    ENTRY_TYPES,
    FORMAT,
    Case,
    CaseFile,
    Cite,
    Entry,
    FreeEntry,
    FreeTable,
    Involvement,
)
from casefile.case.normalise import hints_by_key, required_keys
from casefile.case.table_struct import TableStruct

INSIDE_A_VALUE = {Cite: "cites", Involvement: "involved", Amount: "amounts"}
"""The nested tables, with the key of an event that holds them."""

BESIDE = {
    (Amount, "min"): 'max = 8, qualifier = "between"',
    (Amount, "max"): 'min = 2, qualifier = "between"',
    (Amount, "qualifier"): "value = 3",
    (Involvement, "role"): 'party = "owner"',
}
"""The other keys that a key of such a table needs."""

KEYS = [(table, key) for table in TABLES for key in keys_of(table)]
SENTENCES = {
    **{f"[{table.__name__}]": described.what for table, described in TABLES.items()},
    **{f"{table.__name__}.{key}": keys_of(table)[key].what for table, key in KEYS},
    **{key: described.what for key, described in AT_THE_TOP.items()},
}


def name(value: Any) -> str:
    """Return the name of a table or key for a test id."""
    return value.__name__ if isinstance(value, type) else str(value)


def test_every_table_is_described() -> None:
    """All tables of the model have a description, nested and custom ones too."""
    assert set(TABLES) == {Case, *ENTRY_TYPES, FreeTable, FreeEntry, *INSIDE_A_VALUE}


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_exactly_the_keys_of_the_model_are_described(table: type[TableStruct]) -> None:
    """A key that the model gains or loses must gain or lose its description."""
    assert set(keys_of(table)) == set(hints_by_key(table))


def test_keys_of_every_table_are_described_once() -> None:
    """The common keys are those of every entry."""
    assert set(IN_EVERY_TABLE) == set(hints_by_key(Entry))
    assert all(not TABLES[one].keys.keys() & IN_EVERY_TABLE.keys() for one in ENTRY_TYPES)


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_each_description_is_one_sentence(sentence: str) -> None:
    """A description starts with a capital letter and has its only full stop at its end."""
    assert re.fullmatch(r"[A-Z].*\.", sentence)
    assert not re.search(r"[.!?] [A-Z]", sentence)


def test_example_of_format_is_the_current_format() -> None:
    """The example for the first key is the format itself."""
    assert AT_THE_TOP["format"].example == f'"{FORMAT}"'


@pytest.mark.parametrize(("table", "key"), KEYS, ids=name)
def test_each_example_is_valid(table: type[TableStruct], key: str, tmp_path: Path) -> None:
    """An example has no problems, and sets the key that it is for."""
    reading = read(fragment_with(table, key), tmp_path)
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.unknown == {}
    field = next(one.name for one in msgspec.structs.fields(table) if one.encode_name == key)
    rows = rows_read(reading.case_file, table)
    assert any(getattr(row, field) not in (None, (), False, {}) for row in rows)


def fragment_with(table: type[TableStruct], key: str) -> str:
    """Return a fragment with the example of a key."""
    pair = f"{key} = {keys_of(table)[key].example}"
    if table in INSIDE_A_VALUE:
        inside = ", ".join(filter(None, [pair, BESIDE.get((table, key))]))
        first = "{ value = 3 }, " if key == "converted" else ""
        return f"{INSIDE_A_VALUE[table]} = [{first}{{ {inside} }}]\n"
    assert issubclass(table, Entry | FreeTable)
    header = {Case: "[case]", FreeTable: "[[table]]", FreeEntry: "[[hearing]]"}.get(
        table, f"[[{getattr(table, 'table', '')}]]"
    )
    needed = sorted({*required_keys(table), key})
    pairs = (f"{one} = {keys_of(table)[one].example}\n" for one in needed)
    return f"{header}\n{''.join(pairs)}"


def rows_read(case_file: CaseFile, table: type[TableStruct]) -> Iterable[msgspec.Struct]:
    """Return what was read of the table of a fragment."""
    if table is FreeTable:
        return case_file.free_tables.values()
    if table in INSIDE_A_VALUE:
        rows: Iterable[msgspec.Struct] = getattr(
            case_file.entries["happening"], INSIDE_A_VALUE[table]
        )
        return rows
    return [case_file.entries[tomli.loads(f"id = {IN_EVERY_TABLE['id'].example}")["id"]]]
