"""The reference of the format matches the program, and every example in it is valid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args, get_origin

import msgspec
import pytest
import tomli
from fragments import read

from casefile import limits
from casefile.case.amounts import LARGEST, Amount, amount_in_words
from casefile.case.dating import edtf
from casefile.case.dating.date_error import NO_DATE, DateError
from casefile.case.dating.relative_dates import count_from, parse_relative
from casefile.case.descriptions import AT_THE_TOP, IN_EVERY_TABLE, TABLES, Described
from casefile.case.model import ENTRY_TYPES, Case, FreeEntry
from casefile.case.normalise import hints_by_key, required_keys
from casefile.case.party_types import PARTY_TYPES
from casefile.case.table_struct import TableStruct
from casefile.limits import LARGEST_BITS
from casefile.text import ids

DOCS = Path(__file__).parent.parent / "docs"
FORMAT = (DOCS / "format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", FORMAT, re.DOTALL | re.MULTILINE)


def key_table(table: type[TableStruct], described: dict[str, Described]) -> str:
    """Return the table of keys that the reference has for a table of the format."""
    rows = (
        f"| {_named(table, key)} | {one.what}{_choices(table, key)} | `{key} = {one.example}` |"
        for key, one in described.items()
    )
    return "\n".join(["| key | what goes there | example |", "| --- | --- | --- |", *rows])


def _named(table: type[TableStruct], key: str) -> str:
    return f"**`{key}`**" if key in required_keys(table) else f"`{key}`"


def _choices(table: type[TableStruct], key: str) -> str:
    """Return the allowed values of a key, if there is a fixed set of them."""
    hint = hints_by_key(table).get(key)
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Literal:
            *all_but_last, last = (f"`{word}`" for word in get_args(part))
            return f" One of {', '.join(all_but_last)} or {last}."
    return ""


def rows_under(heading: str) -> list[list[str]]:
    """Return the cells of each row of the table with this first heading."""
    (table,) = re.findall(
        rf"^\| {re.escape(heading)} \|.*\n\|.*\n((?:\|.*\n)+)", FORMAT, re.MULTILINE
    )
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]


def written(cell: str) -> str:
    """Return the first code in a cell."""
    return cell.split("`")[1]


KEY_TABLES = {
    "top": key_table(Case, AT_THE_TOP),
    "every": key_table(FreeEntry, IN_EVERY_TABLE),
    **{
        table.__name__: key_table(table, described.keys)
        for table, described in TABLES.items()
        if described.keys
    },
}


@pytest.mark.parametrize("expected", KEY_TABLES.values(), ids=KEY_TABLES.keys())
def test_every_key_is_documented_with_an_example(expected: str) -> None:
    """The tables of keys in the reference match the model and the descriptions."""
    missing = [row for row in expected.splitlines() if row not in FORMAT.splitlines()]
    assert missing == []
    assert expected in FORMAT


def test_every_table_has_a_heading() -> None:
    """Each table of the format has a heading with its name."""
    headings = set(re.findall(r"^### `(.*?)`", FORMAT, re.MULTILINE))
    assert headings == {"[case]", *(f"[[{one.table}]]" for one in ENTRY_TYPES)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[0])
def test_every_example_is_valid(example: str, tmp_path: Path) -> None:
    """The examples have neither problems nor unknown keys."""
    reading = read(example, tmp_path)
    assert [str(problem) for problem in reading.problems] == []
    assert reading.case_file is not None
    assert reading.case_file.unknown == {}


def test_every_table_is_shown_in_an_example() -> None:
    """Each table of the format is in an example with more than its required keys."""
    shown = {
        name
        for example in EXAMPLES
        for name, value in tomli.loads(example).items()
        if isinstance(value, dict | list)
    }
    assert {"case", "table", *(one.table for one in ENTRY_TYPES)} <= shown


def test_types_of_parties_are_documented() -> None:
    """The reference lists the known types with what they are, in the order of the program."""
    known = [[f"`{kind.name}`", kind.what] for kind in PARTY_TYPES.values()]
    assert rows_under("type") == known


@pytest.mark.parametrize("row", rows_under("What you know"), ids=lambda row: row[0])
def test_dates_are_shown_as_documented(row: list[str]) -> None:
    """Each example of a date is shown on the screen as documented."""
    _known, cell, shown = row
    assert edtf.parse(tomli.loads(f"date = {written(cell)}")["date"]).words() == shown


@pytest.mark.parametrize("row", rows_under("The date of `#search`"), ids=" ".join)
def test_relative_dates_are_shown_as_documented(row: list[str]) -> None:
    """Each example of a relative date is computed and shown as documented."""
    other, relative, shown = row
    written_date, written_relative = (written(cell).strip('"') for cell in (other, relative))
    when = count_from(edtf.parse(written_date), parse_relative(written_relative), None)
    assert when
    assert when.words() == shown


@pytest.mark.parametrize("row", rows_under("Level"), ids=lambda row: row[1])
def test_features_of_edtf_are_taken_as_documented(row: list[str]) -> None:
    """What is taken is taken; for what is not, the error names the form that is documented."""
    _level, _feature, examples, verdict = row
    hints = [_hint(example) for example in re.findall("`(.*?)`", examples)]
    if verdict.startswith("taken"):
        assert {*hints} == {None}
    elif verdict == "not taken; leave `date` out":
        assert {*hints} == {NO_DATE}
    else:
        named = re.findall("`(.*?)`", verdict)
        assert verdict.startswith("not taken; write `")
        assert all(hint and any(one in hint for one in named) for hint in hints)
        assert all(any(hint and one in hint for hint in hints) for one in named)


def _hint(date: str) -> str | None:
    """Return what to write instead of a date, or None if it is taken."""
    try:
        edtf.parse(date)
    except DateError as error:
        return error.hint
    return None


@pytest.mark.parametrize("row", rows_under("What the source says"), ids=lambda row: row[0])
def test_amounts_are_shown_as_documented(row: list[str]) -> None:
    """Each example of an amount is shown as documented."""
    _said, cell, shown = row
    amount = msgspec.convert(tomli.loads(f"amount = {written(cell)}")["amount"], Amount)
    assert amount_in_words(amount) == shown


def superscript(number: int) -> str:
    """Return a number as an exponent."""
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def test_documented_limits_are_those_of_the_program() -> None:
    """The limits in the reference are the program's own."""
    told = FORMAT.partition("\n## Limits\n")[2]
    for limit in (
        f"at most {limits.CASE_SIZE.usual} MiB (`{limits.CASE_SIZE.variable}`)",
        f"at most {limits.DEPTH.usual} deep",
        f"(`{limits.DEPTH.variable}`, up to {limits.DEPTH.most})",
        f"at most {limits.PROBLEMS.usual:,} are reported",
        f"(`{limits.PROBLEMS.variable}`)",
        f"at most {limits.TEXT_SIZE.usual} MiB (`{limits.TEXT_SIZE.variable}`)",
        f"at most {limits.TEXT_LINES.usual:,} lines (`{limits.TEXT_LINES.variable}`)",
        f"at most {LARGEST_BITS + 1} bits",
        f"at most {edtf.LONGEST} characters",
        f"at most {ids.LONGEST} characters",
        f"at most {limits.FREE_TABLES.usual} tables of your own (`{limits.FREE_TABLES.variable}`)",
    ):
        assert limit in told
    assert f"10{superscript(len(str(LARGEST)) - 1)}" in told


def headings_of(page: str) -> set[str]:
    """Return the headings of a page as link targets."""
    headings = re.findall(r"^#+ (.*)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", ["format.md", "checking.md"])
def test_links_between_pages_have_targets(page: str) -> None:
    """A link names an existing page, and an existing heading of it."""
    links = re.findall(r"\]\(([^):]+)\)", (DOCS / page).read_text(encoding="utf-8"))
    assert links
    for link in links:
        target, _, heading = link.partition("#")
        assert not heading or heading in headings_of(target)
        assert (DOCS / target).is_file()
