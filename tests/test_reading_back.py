"""Any valid case, written by another program, is read as what was written."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import msgspec
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefile.case.amounts import Amount
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import (
    ENTRY_TYPES,
    Case,
    Cite,
    Entry,
    Id,
    Involvement,
    Reference,
    TableStruct,
)
from casefile.case.normalise import hints_by_key, required_keys
from casefile.case.reader import read_case

IDS = [f"{kind.table}-{number}" for kind in ENTRY_TYPES for number in range(2)]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DATES = st.sampled_from(
    ["2018", "2018-03-24", "2018~", "2018-XX", "[2018-01..]", "2018-01/..", "2018-03-24T14:05"]
)
AMOUNTS = st.sampled_from(
    [
        {"value": 3, "unit": "kg", "qualifier": "more-than", "text": "more than 3 kilos"},
        {"min": 1, "max": 2.5, "qualifier": "between", "unit": "USD", "per": "year"},
        {"text": "significant quantities", "type": "weight"},
    ]
)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Give values that a field may have in a file."""
    if EdtfDate in get_args(hint):
        return DATES
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*(values(part) for part in arguments if part is not type(None)))
    if origin is tuple:
        return st.lists(values(arguments[0]), min_size=1, max_size=3)
    if hint in (Cite, Involvement):
        return rows(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    plain = {
        Reference: st.sampled_from(IDS),
        Amount: AMOUNTS,
        str: TEXT,
        bool: st.just(value=True),
        int: st.integers(1, 999),
        dict[str, str]: st.dictionaries(TEXT, TEXT, min_size=1, max_size=2),
    }
    return cast("st.SearchStrategy[Any]", plain[hint])


def rows(record_type: type[TableStruct]) -> st.SearchStrategy[dict[str, Any]]:
    """Give rows of a table, or tables inside one, with what is required and some of the rest."""
    known = {key: hint for key, hint in hints_by_key(record_type).items() if hint != Id}
    strategies = {key: values(hint) for key, hint in known.items()}
    required = {key: strategies.pop(key) for key in required_keys(record_type) & known.keys()}
    if not required and "at" in strategies:
        required["at"] = strategies.pop("at")
    return st.fixed_dictionaries(required, optional=strategies)


CASES = st.fixed_dictionaries(
    {
        "case": rows(Case),
        **{kind.table: st.tuples(rows(kind), rows(kind)).map(list) for kind in ENTRY_TYPES},
    }
)


def as_written(entry: Entry) -> dict[str, Any]:
    """Give an entry as a row: dates in their own writing, and nothing that is not stated."""
    row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(entry))
    keys = dict(zip(entry.__struct_fields__, entry.__struct_encode_fields__, strict=True))
    for field in entry.__struct_fields__:
        value = getattr(entry, field)
        if isinstance(value, EdtfDate):
            row[keys[field]] = value.written
    return row


@pytest.mark.slow
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(document=CASES)
@pytest.mark.usefixtures("tmp_path")
def test_what_is_written_reads_back_equal(tmp_path: Path, document: dict[str, Any]) -> None:
    """Every field of every table comes back as written by tomli-w, and nothing is complained of."""
    document["case"].pop("timezone", None)
    written = {"format": "casefile/1", "case": {"id": "demo", **document["case"]}}
    for kind in ENTRY_TYPES:
        written[kind.table] = [
            {"id": f"{kind.table}-{number}", **row}
            for number, row in enumerate(document[kind.table])
        ]
    path = tmp_path / "demo.toml"
    path.write_text(tomli_w.dumps(written), encoding="utf-8")
    reading = read_case(path)
    assert reading.case_file is not None
    assert not [one for one in reading.problems if one.code != "bad-amount"]
    entries = reading.case_file.entries
    expected = [written["case"], *(row for kind in ENTRY_TYPES for row in written[kind.table])]
    assert [as_written(entries[row["id"]]) for row in expected] == expected
    assert reading.case_file.unknown == {}
