"""The JSON Schema of case files: valid, complete, and in agreement with the reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import jsonschema_rs
import pytest
import tomli
import tomli_w
from fragments import whole
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.authoring.json_schema import case_file_schema
from casefile.case.dating.date_error import DateError
from casefile.case.dating.edtf import parse
from casefile.case.descriptions import TABLES, keys_of
from casefile.case.model import ENTRY_TYPES, Case, FreeEntry, FreeTable
from casefile.case.normalise import hints_by_key, required_keys
from casefile.case.party_types import PARTY_TYPES
from casefile.case.problem import Problem
from casefile.case.reader import read_case
from casefile.case.table_struct import TableStruct

TOP = Path(__file__).parent.parent
WHOLE_CASES = [*(TOP / "data").glob("*.toml"), *(TOP / "tests" / "cases").glob("*/*.toml")]

OF_FORM = {
    *("no-format", "no-case", "not-a-table", "missing-key"),
    *("wrong-type", "wrong-value", "bad-id"),
}
"""The problems that a schema can see."""


@cache
def validator() -> jsonschema_rs.Draft7Validator:
    """Return a validator for the schema as it is printed."""
    return jsonschema_rs.Draft7Validator(json.loads(json.dumps(case_file_schema())))


def as_json(value: Any) -> Any:
    """Return a TOML value as linters see it that know only JSON: dates are strings."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value


def is_same_in_json(value: Any) -> bool:
    """Whether JSON has the value: neither a date nor a whole number with a decimal point."""
    if isinstance(value, dict):
        return all(map(is_same_in_json, value.values()))
    if isinstance(value, list):
        return all(map(is_same_in_json, value))
    return not isinstance(value, date | time) and not (
        isinstance(value, float) and value.is_integer()
    )


def is_allowed(text: str) -> bool:
    """Whether the schema allows a case file."""
    return validator().is_valid(as_json(tomli.loads(text)))


def problems(text: str) -> tuple[Problem, ...]:
    """Return the problems that the reader reports in a case file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, encoding="utf-8")
        return read_case(path).problems


def schemas_in(schema: object) -> Iterator[dict[str, Any]]:
    """Yield a schema and every schema in it."""
    if isinstance(schema, dict):
        yield schema
        schema = [*schema.values()]
    for one in schema if isinstance(schema, list) else ():
        yield from schemas_in(one)


def test_schema_is_valid() -> None:
    """It is valid by the schema of the draft that it names."""
    schema = case_file_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(schema)


def test_references_and_definitions_match() -> None:
    """Every reference names a definition, and each definition is referred to."""
    schema = case_file_schema()
    named = {one["$ref"] for one in schemas_in(schema) if isinstance(one.get("$ref"), str)}
    assert named == {f"#/definitions/{name}" for name in schema["definitions"]}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_has_a_description_and_an_example(table: type[TableStruct]) -> None:
    """An editor can explain every key that it completes."""
    described = {
        (key, one["description"])
        for schema in schemas_in(case_file_schema())
        for key, one in {**schema.get("properties", {}), **any_keys(schema)}.items()
        if "description" in one and "examples" in one
    }
    assert {(key, one.what) for key, one in keys_of(table).items()} <= described


def any_keys(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the definitions of the keys that every table may have, by key."""
    definitions = schema.get("definitions", {})
    return {name.removeprefix("any-"): one for name, one in definitions.items()}


def test_every_choice_is_listed() -> None:
    """If the model has a fixed set of words, an editor can complete them, in the model's order."""
    offered = [one["enum"] for one in schemas_in(case_file_schema()) if "enum" in one]
    hints = (hint for table in TABLES for hint in hints_by_key(table).values())
    parts = (part for hint in hints for part in (hint, *get_args(hint)))
    choices = [list(get_args(part)) for part in parts if get_origin(part) is Literal]
    assert choices
    assert [one for one in choices if one not in offered] == []


def test_known_types_of_parties_are_offered() -> None:
    """An editor can complete the types of the format, although others are allowed."""
    party = case_file_schema()["definitions"]["party"]["properties"]["type"]
    assert party["type"] == "string"
    assert {"enum": [*PARTY_TYPES]} in party["anyOf"]


def test_output_is_reproducible() -> None:
    """Two runs print the same JSON, whatever the hash seed and the locale."""
    command = [sys.executable, "-m", "casefile", "schema"]
    printed = {
        subprocess.run(
            command,
            cwd=TOP,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=True,
        ).stdout
        for seed, encoding in [("1", "ascii"), ("2", "utf-8")]
    }
    assert [json.loads(one) for one in printed] == [case_file_schema()]


GOOD = {
    "a minimal file": 'format = "casefile/1"\n[case]\nid = "a"\ntitle = "A"\n',
    "several bare": 'location = "Riga"\nfollows = "departure"\ntags = "night"\n',
    "parties by id and with roles": 'by = "pilot"\ninvolved = [{ party = "owner" }, "driver"]\n',
    "one bare table": 'involved = { party = "owner", role = "caller" }\n',
    "cites in all forms": 'cites = ["p. 3", "log, row 2", { at = "p. 4" }]\n',
    "one bare cite": 'cites = { source = "log" }\n',
    "a set as a date": 'date = "[2018-01..]"\n',
    "a recurring date": 'date = "{2018-01-03,2018-01-10..2018-01-12}"\n',
    "a relative date": 'date = "About 3 days after #departure"\n',
    "a lasting date": 'date = "../2018~"\n',
    "a day of TOML's own": "date = 2018-01-03\n",
    "a local time of TOML's own": "date = 2018-01-03 09:30:00.25\n",
    "a time with an offset of TOML's own": "date = 2018-01-03T09:30:00+02:00\n",
    "a type of party that is not known": '[[party]]\nid = "boat"\nname = "B"\ntype = "boat"\n',
    "a quantity of two entries": 'amounts = { value = 51, unit = "%", shared_with = "search" }\n',
    "words in fragments": '[[quote]]\nid = "q"\nspeaker = "owner"\nwords = ["a", "b"]\n',
    "words as one": '[[quote]]\nid = "q"\nspeaker = "owner"\nwords = "a"\ntranslated = true\n',
    "unknown keys": 'mood = "grim"\ncites = [{ at = "p. 3", ink = "red" }]\n',
    "an unknown key at the top": 'format = "casefile/1"\nmoods = ["grim"]\nyear = 2018\n',
    "an unknown table at the top": '[settings]\ncolour = "red"\n',
    "a table of its own": '[[vehicle]]\nid = "van"\nplate = "XX 1"\ndate = "2018"\n',
    "a declared table": '[[table]]\nname = "vehicle"\nrefs = "owner"\n',
    "an empty list of rows": 'format = "casefile/1"\nevent = []\nvehicle = []\n',
}


@pytest.mark.parametrize("fragment", GOOD.values(), ids=GOOD.keys())
def test_valid_cases_are_allowed(fragment: str) -> None:
    """The schema allows every form that the reader accepts without a problem."""
    assert problems(whole(fragment)) == ()
    assert is_allowed(whole(fragment))


@pytest.mark.parametrize("path", WHOLE_CASES, ids=lambda path: path.stem)
def test_whole_cases_are_allowed(path: Path) -> None:
    """The bundled case and the example cases match the schema."""
    assert is_allowed(path.read_text(encoding="utf-8"))


BAD = {
    "another format": 'format = "casefile/2"\n[case]\nid = "a"\ntitle = "A"\n',
    "a case without a title": '[case]\nid = "a"\n',
    "several cases": '[[case]]\nid = "a"\ntitle = "A"\n',
    "one table for an array": '[event]\nid = "e"\ntitle = "E"\n',
    "an event without a title": '[[event]]\nid = "e"\n',
    "an id that is none": '[[event]]\nid = "A b"\ntitle = "E"\n',
    "an id with a line's end": '[[event]]\nid = "e\\n"\ntitle = "E"\n',
    "a number for text": '[[event]]\nid = "e"\ntitle = 3\n',
    "text for true or false": 'key = "yes"\n',
    "a word that is no choice": 'status = "odd"\n',
    "a reference that is no id": 'by = "The Owner"\n',
    "a part without its party": 'involved = [{ role = "caller" }]\n',
    "a number among words": 'tags = ["night", 3]\n',
    "words for a date": 'date = "soon"\n',
    "a day the other way round": 'date = "12/03/2018"\n',
    "a number for a date": "date = 2018\n",
    "a relative date elsewhere": '[case]\nid = "a"\ntitle = "A"\nrevised = "a day after #a"\n',
    "a time of day alone": "date = 09:30:00\n",
    "words for an amount": 'amounts = "many"\n',
    "a figure in quotation marks": 'amounts = { value = "3" }\n',
    "a figure beyond bounds": "amounts = { value = 2000000000000000000 }\n",
    "a cite that is a number": "cites = 3\n",
    "a place that is a number": "cites = { at = 3 }\n",
    "a reason that is a list": '[case]\nid = "a"\ntitle = "A"\naccept = { unsourced = ["x"] }\n',
    "a row of its own without an id": '[[vehicle]]\nplate = "XX 1"\n',
    "a wrong date in a table of its own": '[[vehicle]]\nid = "van"\ndate = 3\n',
    "a declaration without a name": '[[table]]\ntitle = "Vehicles"\n',
}


@pytest.mark.parametrize("fragment", BAD.values(), ids=BAD.keys())
def test_invalid_forms_are_rejected(fragment: str) -> None:
    """The schema rejects the errors of form that the reader reports."""
    assert problems(whole(fragment)) != ()
    assert not is_allowed(whole(fragment))


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
IDS = st.sampled_from(["owner", "log", "grounding", "who-steered", "A b"])
NUMBERS = st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
DATES = st.dates() | st.datetimes().map(lambda moment: moment.replace(microsecond=0))
SCALARS = TEXT | IDS | NUMBERS | st.booleans() | DATES
INSIDE = st.one_of(
    st.fixed_dictionaries({}, optional={"party": IDS | NUMBERS, "role": TEXT | NUMBERS}),
    st.fixed_dictionaries({}, optional={"source": IDS, "at": SCALARS, "stance": TEXT}),
    st.fixed_dictionaries({}, optional={"value": NUMBERS | TEXT, "unit": SCALARS}),
)
ANYTHING = SCALARS | INSIDE | st.lists(SCALARS | INSIDE, max_size=3)

TABLES_IN_A_FILE: dict[str, type[TableStruct]] = {
    Case.table: Case,
    **{one.table: one for one in ENTRY_TYPES},
    FreeTable.table: FreeTable,
    "vehicle": FreeEntry,
}
KEYS = [(name, table, key) for name, table in TABLES_IN_A_FILE.items() for key in keys_of(table)]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KEYS), st.none() | ANYTHING)
def test_schema_and_reader_agree_on_form(
    place: tuple[str, type[TableStruct], str], value: Any
) -> None:
    """Whatever a key holds, or if it is not there: the schema refuses it if the reader reports it.

    The reader alone sees what is no matter of form: an id that is none of the file's, say; a date
    of TOML's own, which is text in JSON, where no date belongs; or `45.0`, which is 45 there.
    """
    name, table, key = place
    needed = {one: example_of(table, one) for one in required_keys(table) | {key}}
    row = {one: example for one, example in needed.items() if one != key}
    row |= {} if value is None else {key: value}
    text = whole(tomli_w.dumps({name: row if table is Case else [row]}))
    reported = {problem.code for problem in problems(text)}
    if not is_allowed(text):
        assert reported
    elif is_same_in_json(value):
        assert not reported & OF_FORM


def example_of(table: type[TableStruct], key: str) -> Any:
    """Return the example of a key, parsed."""
    return tomli.loads(f"of = {keys_of(table)[key].example}")["of"]


@given(st.text("0123456789XTZ:+~?%.,/[]-", max_size=12) | st.text(max_size=4))
def test_every_valid_date_is_allowed(written: str) -> None:
    """No date that the reader accepts fails the pattern."""
    try:
        parse(written)
    except DateError:
        return
    assert is_allowed(whole(f'date = "{written}"\n'))
