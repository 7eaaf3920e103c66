"""What is said of the tables and keys of a case file covers them all, and its examples hold."""

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

INSIDE_A_VALUE = {Cite: "cites", Involvement: "involved", Amount: "amounts"}
"""The tables that stand inside a value, with the key of an event that holds them."""

BESIDE = {
    (Amount, "min"): 'max = 8, qualifier = "between"',
    (Amount, "max"): 'min = 2, qualifier = "between"',
    (Amount, "qualifier"): "value = 3",
    (Involvement, "role"): 'party = "owner"',
}
"""What a key of such a table can't stand without."""

KEYS = [(table, key) for table in TABLES for key in keys_of(table)]
SENTENCES = {
    **{f"[{table.__name__}]": described.what for table, described in TABLES.items()},
    **{f"{table.__name__}.{key}": keys_of(table)[key].what for table, key in KEYS},
    **{key: described.what for key, described in AT_THE_TOP.items()},
}


def name(value: Any) -> str:
    """Give a table or a key a name among the tests."""
    return value.__name__ if isinstance(value, type) else str(value)


def test_every_table_is_described() -> None:
    """All tables of the model have a description, those inside a value and free ones as well."""
    assert set(TABLES) == {Case, *ENTRY_TYPES, FreeTable, FreeEntry, *INSIDE_A_VALUE}


@pytest.mark.parametrize("table", TABLES, ids=name)
def test_every_key_is_described_and_no_other(table: type[msgspec.Struct]) -> None:
    """A key that the model gains or loses has to gain or lose its description."""
    assert set(keys_of(table)) == set(hints_by_key(table))


def test_what_every_table_may_carry_is_described_once() -> None:
    """The keys that mean the same in every table are those of every entry."""
    assert set(IN_EVERY_TABLE) == set(hints_by_key(Entry))
    assert all(not TABLES[one].keys.keys() & IN_EVERY_TABLE.keys() for one in ENTRY_TYPES)


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_each_description_is_one_sentence(sentence: str) -> None:
    """A description begins with a capital letter and has its only full stop at its end."""
    assert re.fullmatch(r"[A-Z].*\.", sentence)
    assert not re.search(r"[.!?] [A-Z]", sentence)


def test_the_format_is_the_one_that_is_read() -> None:
    """The example for the top of the file is the format itself."""
    assert AT_THE_TOP["format"].example == f'"{FORMAT}"'


@pytest.mark.parametrize(("table", "key"), KEYS, ids=name)
def test_each_example_is_read_without_a_problem(
    table: type[msgspec.Struct], key: str, tmp_path: Path
) -> None:
    """What stands as an example can be written so, and is understood as that key."""
    reading = read(fragment_with(table, key), tmp_path)
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.unknown == {}
    field = next(one.name for one in msgspec.structs.fields(table) if one.encode_name == key)
    rows = rows_read(reading.case_file, table)
    assert any(getattr(row, field) not in (None, (), False, {}) for row in rows)


def fragment_with(table: type[msgspec.Struct], key: str) -> str:
    """Give a fragment that has the example of a key in it."""
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


def rows_read(case_file: CaseFile, table: type[msgspec.Struct]) -> Iterable[msgspec.Struct]:
    """Give what was read of the table that a fragment is about."""
    if table is FreeTable:
        return case_file.free_tables.values()
    if table in INSIDE_A_VALUE:
        rows: Iterable[msgspec.Struct] = getattr(
            case_file.entries["happening"], INSIDE_A_VALUE[table]
        )
        return rows
    return [case_file.entries[tomli.loads(f"id = {IN_EVERY_TABLE['id'].example}")["id"]]]
