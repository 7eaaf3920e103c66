"""Cites that give another value: how it is read, shown beside the field, and what is disputed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli_w
from grammar import TEXT, rows, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from screens import Desk

from casefile.case.amounts import Amount
from casefile.case.cite_fields import parse_field
from casefile.case.dating.edtf import parse
from casefile.case.disputes import disputed_entries
from casefile.case.findings.checker import check
from casefile.case.model import ENTRY_TYPES, Entry, Mention
from casefile.case.normalise import hints_by_key
from casefile.case.reader import read_case, read_case_bytes
from casefile.query import parse_query
from casefile.views.case_panes import panes_of
from casefile.views.entry_page import page_of_entry
from casefile.views.filtering import Filter, query_names
from casefile.views.finding import Finder
from casefile.views.page import Page

INSIDE_CITES = st.recursive(
    TEXT | st.integers(-9, 9) | st.booleans() | st.dates(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
"""What a cite may have as the value of a field of another type."""
HEAD = """\
format = "casefile/1"
[case]
id = "demo"
title = "Demo"
source = "log"
timezone = "Europe/Lisbon"
[[source]]
id = "log"
title = "The log of the ship"
[[source]]
id = "press"
title = "A report in the press"
[[party]]
id = "anna"
name = "Anna"
type = "Person"
[[party]]
id = "ben"
name = "Ben"
type = "Person"
"""
EVENT = """\
[[event]]
id = "call"
title = "A call"
"""


def another(field: str, value: str) -> str:
    """Return a cite of the press that gives a value, written in TOML, for a field."""
    cite = f'source = "press", at = "para 2", stance = "contradicts", field = "{field}"'
    return f"{{ {cite}, value = {value} }}"


def cited(row: str, *cites: str) -> str:
    """Return a row with the place in the log first among its cites, one on each line."""
    lines = "".join(f"{cite},\n" for cite in ('"row 1"', *cites))
    return f"{row}cites = [\n{lines}]\n"


def page(desk: Desk, rows: str, entry: str = "call") -> Page:
    """Return the page of an entry of a case with these rows."""
    path = desk.folder / "demo.toml"
    path.write_text(HEAD + rows, encoding="utf-8")
    return page_of_entry(desk.lay_open(path), entry)


def shown(page: Page, label: str) -> list[str]:
    """Return the texts under a label of a page."""
    return [item.text for one in page.sections if one.label == label for item in one.items]


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("date", ("date",)),
        ("amounts[2]", ("amounts", 1)),
        ("amounts[2].value", ("amounts", 1, "value")),
        ("hull-no", ("hull-no",)),
        ("amounts[0]", ()),
        ("amounts[x]", ()),
        ("amounts[2]value", ()),
        ("[1]", ()),
        ("amounts.", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_fields_name_keys_and_what_is_inside(
    field: str | None, path: tuple[str | int, ...]
) -> None:
    """A field is a key, then numbers from 1 and keys inside its value."""
    assert parse_field(field) == path


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("date", '"2021-03-04T21:10"', parse("2021-03-04T21:10")),
        ("date_text", '"soon after nine"', "soon after nine"),
        ("key", "true", True),
        ("location", '"Riga"', ("Riga",)),
        ("amounts", "{ value = 3 }", (Amount(value=3),)),
        ("amounts[1]", "{ value = 3 }", Amount(value=3)),
        ("amounts[1].value", "3", 3),
        ("by", '"anna"', (Mention("anna"),)),
        ("involved", '{ party = "anna", role = "caller" }', (Mention("anna", "caller"),)),
        ("involved", '["anna", "ben"]', (Mention("anna"), Mention("ben"))),
        ("status", '"alleged"', "alleged"),
        ("colour", "[1, 2]", [1, 2]),
    ],
)  # fmt: skip
def test_value_is_read_like_its_field(field: str, written: str, value: object) -> None:
    """It has the type of the field, also in its short forms; that of an unknown field has any."""
    text = HEAD + cited(EVENT + "amounts = { value = 2 }\n", another(field, written))
    reading = read_case_bytes(Path("demo.toml"), text.encode())
    assert reading.problems == ()
    assert reading.case_file is not None
    assert reading.case_file.entries["call"].cites[1].value == value


@pytest.mark.parametrize(
    ("field", "wrong", "code", "message"),
    [
        ("date", '"soon"', "bad-date", "cites[2].value: not an EDTF date"),
        ("date", "3", "bad-date", "cites[2].value: it is not a date"),
        ("key", '"yes"', "wrong-type", "cites[2].value: this must be true or false"),
        ("location", "3", "wrong-type", "cites[2].value: this must be text"),
        ("location", '["Riga", ▸3]', "wrong-type", "cites[2].value[2]: this must be text"),
        ("status", '"disputd"', "wrong-value", "did you mean “disputed”?"),
        ("amounts[1]", '{ ▸value = "3" }', "wrong-type", "value.value: this must be a number"),
        ("amounts", '{ qualifier = "exact" }', "bad-amount", "cites[2].value: `exact` needs"),
        ("amounts[1]", '{ qualifier = "exact" }', "bad-amount", "cites[2].value: `exact` needs"),
        ("amounts", '{ value = 3, ▸shared_with = "b" }', "dangling", "there is no entry “b”"),
        ("by", '"bena"', "dangling", "value: there is no entry “bena”; the nearest is “ben”"),
        ("by", '["anna", ▸"bena"]', "dangling", "value: there is no entry “bena”"),
        ("involved", '{ ▸rolle = "x" }', "missing-key", "it lacks `party`"),
    ],
)  # fmt: skip
def test_wrong_value_is_an_error_at_its_place(
    field: str, wrong: str, code: str, message: str
) -> None:
    """It is reported like a wrong value of the field, at the value or at what is wrong inside."""
    written = HEAD + cited(EVENT + "amounts = { value = 2 }\n", another(field, wrong))
    text = written.replace("▸", "")
    (problem,) = read_case_bytes(Path("demo.toml"), text.encode()).problems
    assert problem.code == code
    assert message in problem.what
    assert problem.position is not None
    line = text.split("\n")[problem.position.line - 1]
    at = line[problem.position.column - 1 :]
    inside = wrong.partition("▸")[2]
    is_missing = code == "missing-key"
    assert at.startswith(inside if inside and not is_missing else "value = ")


def test_value_of_a_declared_key_is_a_reference(desk: Desk) -> None:
    """What [[table]] calls a reference is one in a cite too, and leads to the entry."""
    rows = '[[table]]\nname = "vessel"\nrefs = "master"\n[[vessel]]\nid = "call"\nmaster = "anna"\n'
    there = page(desk, cited(rows, another("master", '"ben"')))
    assert shown(there, "Master") == ["Anna", "press: Ben"]


def test_other_time_is_shown_beside_the_time(desk: Desk) -> None:
    """Of a time on the same day only the time is repeated; the zone is named once."""
    cites = (another("date", '"2021-03-04T21:10"'), another("date", "2021-03-05"))
    there = page(desk, cited(EVENT + 'date = "2021-03-04T21:40"\n', *cites))
    assert shown(there, "When") == [
        "4 Mar 2021 21:40, Europe/Lisbon · press: 21:10 · press: 5 Mar 2021"
    ]


def test_value_for_what_is_not_stated_is_shown(desk: Desk) -> None:
    """A field that the entry leaves out is on the page if a source has it."""
    there = page(
        desk,
        cited(EVENT, another("date", '"2021-03-04T21:10"'), another("location", '"Riga"')),
    )
    assert shown(there, "When") == ["not stated · press: 4 Mar 2021 21:10, Europe/Lisbon"]
    assert shown(there, "Where") == ["not stated · press: Riga"]


def test_value_of_one_amount_is_beside_that_amount(desk: Desk) -> None:
    """An amount that is named by its number has the other value beside it, also in part."""
    amounts = (
        'amounts = [{ value = 3, unit = "kg" }, { value = 2, unit = "USD" },'
        ' { value = 1, unit = "EUR", converted = true }]\n'
    )
    cites = (
        another("amounts[3]", '{ value = 5, unit = "EUR", converted = true }'),
        another("amounts[1].value", "4"),
        another("amounts", '{ text = "a load" }'),
    )
    assert shown(page(desk, cited(EVENT + amounts, *cites)), "Amounts") == [
        "3 kg · press: 4 kg",
        "USD 2 (EUR 1) · press: EUR 5",
        "press: a load",
    ]


@pytest.mark.parametrize(
    ("amount", "part", "value", "words"),
    [
        (
            '{ value = 90000, unit = "EUR", text = "90,000 euros" }',
            "value",
            "120000",
            "EUR 120,000",
        ),
        ('{ value = 40, unit = "crate" }', "qualifier", '"at-least"', "at least 40 crates"),
        ('{ min = 3, max = 5, qualifier = "between" }', "max", "6", "between 3 and 6"),
        ('{ value = 3, unit = "kg" }', "type", '"weight"', "type weight"),
        # No amount comes of these.
        ('{ text = "a load", unit = "kg" }', "unit", '"tonne"', "unit tonne"),
        ('{ min = 3, max = 5, qualifier = "between" }', "min", "6", "min 6"),
    ],
)
def test_part_of_an_amount_is_shown_as_the_amount_with_it(
    desk: Desk, amount: str, part: str, value: str, words: str
) -> None:
    """A number has its unit and a qualifier its number; what makes no amount has its key."""
    rows = cited(f"{EVENT}amounts = {amount}\n", another(f"amounts[1].{part}", value))
    (line,) = shown(page(desk, rows), "Amounts")
    assert line.endswith(f" · press: {words}")


def test_value_of_an_amount_is_beside_no_quantity_of_others(desk: Desk) -> None:
    """An entry that shares quantities written in others has no first amount itself."""
    car = '[[seizure]]\nid = "call"\nitem = "A car"\n'
    shared = 'shared_with = "call"'
    others = (
        f'[[seizure]]\nid = "van"\nitem = "A van"\namounts = [{{ value = 3, {shared} }},'
        f" {{ value = 4, {shared} }}]\n"
    )
    rows = others + cited(car, another("amounts[1]", "{ value = 9 }"))
    assert shown(page(desk, rows), "Amounts") == [
        "3 (shared)",
        "4 (shared)",
        "press: 9",
    ]


@pytest.mark.parametrize("own", ["amounts = { value = 3 }\n", 'location = "Riga"\n', ""])
def test_value_beyond_a_list_is_beside_no_other_value(desk: Desk, own: str) -> None:
    """A second amount is none that the first could be instead."""
    rows = cited(EVENT + own, another("amounts[2]", "{ value = 1 }"), another("location[2]", '"x"'))
    there = page(desk, rows)
    amounts = ["3", "press: 1"] if "amounts" in own else ["not stated · press: 1"]
    places = ["Riga", "press: x"] if "location" in own else ["not stated · press: x"]
    assert shown(there, "Amounts") == amounts
    assert shown(there, "Where") == places


def test_other_party_is_a_link_on_both_pages(desk: Desk) -> None:
    """Whom a source names instead is a link, and has the entry on their own page."""
    rows = cited(EVENT + 'by = "anna"\n', another("by", '{ party = "ben", role = "caller" }'))
    assert shown(page(desk, rows), "By") == ["Anna", "press: Ben (caller)"]
    assert shown(page(desk, rows, "ben"), "Did") == ["A call (caller, according to press)"]


def test_other_title_is_shown_by_itself(desk: Desk) -> None:
    """What is the title of the page, and no field of it, has a line for the other value."""
    there = page(desk, cited(EVENT, another("title", '"A visit"')))
    assert shown(there, "Title") == ["press: A visit"]


def test_value_of_any_kind_is_shown_in_words(desk: Desk) -> None:
    """No value is shown as the program has it: tables are, as elsewhere, their keys and values."""
    cites = (
        another("cites", '{ source = "log", at = "row 9" }'),
        another("key", "true"),
        another("colour", "{ hull = [1, 2] }"),
    )
    there = page(desk, cited(EVENT + 'colour = "red"\n', *cites))
    assert shown(there, "Key event") == ["not stated · press: yes"]
    assert shown(there, "colour") == ["red · press: hull: 1, 2"]
    assert "press: source: log; at: row 9" in shown(there, "Cited")


def test_value_that_the_entry_has_is_no_other(desk: Desk) -> None:
    """A value is not repeated if the entry has it, however it is written, or takes it over."""
    rows = cited(EVENT + 'date = "2021-03-04T21:40"\n', another("date", "2021-03-04T21:40:00"))
    assert shown(page(desk, rows), "When") == ["4 Mar 2021 21:40, Europe/Lisbon"]
    seizure = '[[seizure]]\nid = "car"\nitem = "A car"\nevent = "call"\n'
    rows += cited(seizure, another("date", '"2021-03-04T21:40"'))
    assert shown(page(desk, rows, "car"), "When") == [
        "4 Mar 2021 21:40, Europe/Lisbon, as its event"
    ]


def test_shorter_name_of_a_source_stands_beside_a_value(desk: Desk) -> None:
    """A source is named by its id, unless its name on pages is no longer."""
    rows = '[[source]]\nid = "the-harbour-police"\ntitle = "Police"\n'
    cite = (
        '{ source = "the-harbour-police", stance = "contradicts", field = "location", value = "x" }'
    )
    assert shown(page(desk, rows + cited(EVENT, cite)), "Where") == ["not stated · Police: x"]


FIELDS = [
    (kind, key, hint)
    for kind in ENTRY_TYPES
    for key, hint in hints_by_key(kind).items()
    if key not in ("id", "cites")
]


@pytest.mark.slow
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), field=st.sampled_from(FIELDS), is_right=st.booleans())
def test_any_value_of_any_field_is_read_checked_and_shown(
    desk: Desk, data: st.DataObject, field: tuple[type[Entry], str, Any], *, is_right: bool
) -> None:
    """What the field may have is no error in a cite; what it may not have does no harm either."""
    kind, key, hint = field
    given_value = data.draw(values(hint) if is_right else INSIDE_CITES)
    cite = {"source": "press", "stance": "contradicts", "field": key, "value": given_value}
    row = data.draw(rows(kind)) | {"id": "row", "cites": [cite]}
    path = desk.folder / "demo.toml"
    path.write_text(HEAD + tomli_w.dumps({kind.table: [row]}), encoding="utf-8")
    reading = read_case(path)
    faults = {one.code for one in reading.problems if "cites" in one.what}
    assert not is_right or faults <= {"dangling", "bad-amount"}
    assert check(reading).problems
    assert page_of_entry(desk.lay_open(path), "row").sections


DISPUTED = {
    "call": EVENT + 'status = "disputed"\n',
    "a": '[[event]]\nid = "a"\ntitle = "A"\ncontradicts = ["b", "gone"]\n',
    "b": '[[event]]\nid = "b"\ntitle = "B"\n',
    "c": cited('[[event]]\nid = "c"\ntitle = "C"\n', another("date", '"2021"')),
    "d": '[[event]]\nid = "d"\ntitle = "D"\ncites = { at = "row 1", stance = "contradicts" }\n',
    # Without a stance, which check reports.
    "e": '[[event]]\nid = "e"\ntitle = "E"\ncites = { field = "date", value = "2021" }\n',
}
"""The rows of disputed entries, by id."""
UNDISPUTED = """\
[[event]]
id = "f"
title = "F"
status = "undisputed"
date = "2021"
cites = [{ at = "row 2", stance = "mentions" }, { at = "row 3", field = "date", value = "2021" }]
"""


def test_what_is_disputed_is_decided_in_one_place(desk: Desk) -> None:
    """By status, by another entry, by a source that contradicts or that gives another value."""
    path = desk.folder / "demo.toml"
    path.write_text(HEAD + "".join(DISPUTED.values()) + UNDISPUTED, encoding="utf-8")
    open_case = desk.lay_open(path)
    assert disputed_entries(open_case.case_file) == DISPUTED.keys()
    timeline = panes_of(open_case)[0]
    rows = Filter(open_case, Finder(open_case))

    def found(query: str) -> set[str]:
        parsed = parse_query(query, query_names(open_case))
        return {row.entry for row in rows.filter_pane(timeline, parsed).pane.selectable_rows}

    assert found("status:disputed") == DISPUTED.keys()
    assert found("status:undisputed") == {"f"}
    assert found("status:alleged") == set()
