"""Parsing a TOML file into rows, in parts if it is large, gives the same as parsing the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from casefile.case import document
from casefile.case.document import Document, DocumentError
from casefile.case.positions import Position

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\n'


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Document]:
    """Return a function that parses a text in parts of two rows, however short it is."""

    def parse(text: str) -> Document:
        monkeypatch.setattr(document, "BYTES_IN_PART", 50)
        return parsed(text)

    return parse


def parsed(text: str) -> Document:
    """Parse a text to its end."""
    read = Document(text.encode())
    for _ in read.parse():
        pass
    return read


def whole(read: Document) -> dict[str, Any]:
    """Return a document as a parser returns it."""
    rows = {table: [row.value for row in several] for table, several in read.rows.items()}
    return {**read.top, **rows}


ROWS = "".join(f'[[event]]\nid = "e{n}"\n[[party]]\nid = "p{n}"\n' for n in range(5))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROWS,
        ROWS,
        HEAD,
        "",
        HEAD + ROWS + '[event.extra]\nnote = "x"\n[[event.part]]\nn = 1\n' + ROWS,
        HEAD + '[[event]]\ntext = """\n[[event]]\n[[event]]\n[[event]]\n"""\n' + ROWS,
        'event = [{ id = "inline" }]\n' + HEAD,
        HEAD + ROWS + "[extra]\na = 1\n",
        HEAD + ROWS + "[extra]\na = 1\n" + ROWS,
        ROWS.replace("event", "first") + ROWS,
        HEAD.replace("\n", "\r\n") + ROWS.replace("\n", "\r\n"),
        "\ufeff" + HEAD + ROWS,
    ],
)
def test_file_in_parts_equals_whole_file(in_parts: Callable[[str], Document], text: str) -> None:
    """Parts make no difference, wherever rows, sub-tables or header-like lines are."""
    expected = tomli.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    assert whole(in_parts(text)) == expected
    assert whole(parsed(text)) == expected


STRETCHES = [
    "x = 1\n",
    "case.x = 1\n",
    'event = [{ id = "inline" }]\n',
    '[case]\nid = "demo"\n',
    '[case.accept]\ndangling = "so"\n',
    "[extra]\na = 1\n",
    '[[event]]\nid = "e"\n',
    '[[ event ]] # one more\nid = "e"\n',
    '[["event"]]\nid = "e"\n',
    '[[party]]\nid = "p"\n',
    "[[case]]\n",
    "[event.extra]\na = 1\n",
    "[[event.part]]\nn = 1\n",
    '[[claim]]\ntext = """\n[[event]]\n[[event]]\n[[event]]\n"""\n',
    "[[claim]]\ntext = '''\n[[party]]\n\"\"\"\n[[party]]\n[[party]]\n'''\n",
    '# """\n',
    "# '''\n",
]


@given(stretches=st.lists(st.sampled_from(STRETCHES), max_size=12))
def test_parts_accept_what_the_parser_accepts(stretches: list[str]) -> None:
    """Whatever tables follow each other, the parts agree with the whole file."""
    text = "".join(stretches)
    with patch.object(document, "BYTES_IN_PART", 30):
        try:
            expected = tomli.loads(text)
        except tomli.TOMLDecodeError:
            with pytest.raises(DocumentError):
                parsed(text)
        else:
            assert whole(parsed(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROWS + '[case]\nid = "again"\n',
        HEAD + ROWS + '[event]\nid = "x"\n',
        'event = [{ id = "inline" }]\n' + HEAD + ROWS,
        HEAD + ROWS + "[[case]]\n",
    ],
)
def test_table_in_two_parts_is_refused(in_parts: Callable[[str], Document], text: str) -> None:
    """A table that is in two parts, or of two kinds, is refused as in the whole file."""
    with pytest.raises(tomli.TOMLDecodeError):
        tomli.loads(text)
    with pytest.raises(DocumentError):
        in_parts(text)


def test_rows_of_later_parts_have_positions_in_the_file(
    in_parts: Callable[[str], Document],
) -> None:
    """Lines are counted from the start of the file, rows from the start of their part."""
    read = in_parts(HEAD + ROWS)
    assert [row.position("id").line for row in read.rows["party"]] == [7, 11, 15, 19, 23]


def test_table_after_rows_has_its_position(in_parts: Callable[[str], Document]) -> None:
    """A single table is found in any part, with its position in the file."""
    first, *rest = HEAD.splitlines(keepends=True)
    read = in_parts(f"{first}{ROWS}{''.join(rest)}{ROWS}")
    assert read.position("format") == Position(1, 1)
    assert read.position("case") == Position(22, 1)
    case = read.single_table("case")
    assert case is not None
    assert case.position("id") == Position(23, 1)


LONG = f'[[claim]]\nid = "long"\nstatement = "{"x" * 1_000_000}"\n'


@pytest.mark.slow
def test_every_fault_of_a_very_large_file_is_reported() -> None:
    """A file too large for one step reports the faults of each part, up to a limit."""
    wrong = "[[event]]\nid = b\n"
    text = f"{HEAD}{LONG * 5}{wrong}{LONG * 5}{wrong}"
    with pytest.raises(DocumentError) as refused:
        parsed(text)
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(20, 6), Position(37, 6)]
    with pytest.raises(DocumentError) as refused:
        parsed(f"{text}{wrong * 100}")
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(20, 6), *(Position(line, 6) for line in range(37, 75, 2))]


@pytest.mark.slow
def test_large_file_reports_its_own_faults() -> None:
    """The faults of the parts are reported if the file can't be read whole."""
    many = '[[event]]\nid = "e"\n' * 200_000
    with pytest.raises(DocumentError) as refused:
        parsed(f"{HEAD}{many}[[event]]\nid = b\n")
    (fault,) = refused.value.faults
    assert (fault.code, fault.position) == ("syntax", Position(400_005, 6))
    with pytest.raises(DocumentError) as refused:
        parsed(f"{HEAD}{many}{many}")
    (fault,) = refused.value.faults
    assert fault.what.startswith("has more than 250,000 rows; set CASEFILE_ROW_LIMIT=500000")


@pytest.mark.slow
@pytest.mark.parametrize(
    "stretch",
    [
        'authors = [{ name = "A" }]\n',
        '# """\n',
        '# it\'s\n[[claim]]\nid = "q"\nstatement = """a \\"""\n[[event]]\n[[event]]\n"""\n',
        '[[claim]]\nid = "just below"\nstatement = "' + "y" * ((4 << 20) - 100) + '"\n',
        f'[[event]]\nid = "e"\nx = [{"1," * 49_000}]\n',
    ],
    ids=["list in a line", "mark in a comment", "quotes", "large row", "long row"],
)
def test_large_file_within_limits_is_read(stretch: str) -> None:
    """Inline lists, marks in strings and comments, and large rows are no obstacle."""
    text = f"{HEAD.splitlines()[0]}\n{stretch}{LONG * 9}{LONG}"
    assert whole(parsed(text)) == tomli.loads(text)


AGAIN = '[case.accept]\ndangling = "so"\n'


def test_table_that_goes_on_in_a_later_part_is_put_together(
    in_parts: Callable[[str], Document],
) -> None:
    """However large the file is, `[case.accept]` may be at its end; its keys have positions."""
    read = in_parts(f"{HEAD}{ROWS}[case.own]\nx = 1\n{ROWS}{AGAIN}")
    assert read.top["case"]["accept"] == {"dangling": "so"}
    case = read.single_table("case")
    assert case is not None
    assert case.position("id") == Position(3, 1)
    assert case.position("own", "x") == Position(25, 1)
    assert case.position("accept", "dangling") == Position(47, 1)


def test_row_that_goes_on_in_a_later_part_is_put_together(
    in_parts: Callable[[str], Document],
) -> None:
    """A table in a row belongs to the last row, although rows of others are in between."""
    text = f"{HEAD}{ROWS}[party.own]\nx = 1\n[event.own]\nx = 2\n{ROWS}"
    read = in_parts(text)
    assert whole(read) == tomli.loads(text)
    assert read.rows["event"][4].position("own", "x") == Position(27, 1)


@pytest.mark.parametrize(
    "again",
    [
        '[case]\ntitle = "again"\n',
        AGAIN + AGAIN,
        f"{AGAIN}{ROWS}{AGAIN}",
        "[case.id]\nx = 1\n",
        "[event.id]\nx = 1\n",
        "[event]\nx = 1\n",
        "[inline.x]\n",
    ],
)
def test_table_twice_in_a_very_large_file_is_refused(
    in_parts: Callable[[str], Document], monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    """What the parser would refuse in the whole file is refused where it is parsed in parts."""
    text = f"inline = {{}}\n{HEAD}{ROWS}{again}"
    with pytest.raises(tomli.TOMLDecodeError):
        tomli.loads(text)
    # Not parsed whole after the parts.
    monkeypatch.setenv("CASEFILE_MARK_LIMIT", "45")
    with pytest.raises(DocumentError) as refused:
        in_parts(text)
    assert refused.value.faults


def test_rows_of_a_row_in_two_places_are_read_in_a_smaller_file(
    in_parts: Callable[[str], Document],
) -> None:
    """Parts can't tell what this means; the whole file is parsed if that takes no time."""
    text = f"{HEAD}{ROWS}[[case.own]]\nx = 1\n{ROWS}[[case.own]]\nx = 2\n"
    assert whole(in_parts(text)) == tomli.loads(text)


def test_file_is_not_cut_inside_strings() -> None:
    """Lines in a string that look like `[[table]]` end no part, however long the string is."""
    lines = "[[event]]\n" * 600
    texts = "".join(
        f"[[claim]]\nid = 'c{n}'\nstatement = {m}{lines}{m}\n"
        for n in range(700)
        for m in ('"""', "'''")
    )
    assert len(texts) > 8 << 20
    assert len(parsed(HEAD + texts).rows["claim"]) == 1400


def test_fault_of_each_table_is_reported() -> None:
    """The parser stops at the first fault; the tables after it are parsed separately."""
    text = HEAD + '[[event]]\nid = “a”\n[[event]]\nid = "b"\n[[event]]\nid = c\n'
    with pytest.raises(DocumentError) as refused:
        parsed(text)
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(5, 6), Position(9, 6)]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("id = “a”", 'put text in straight quotation marks: "…"'),
        ("date = 2018~", "put text in quotation marks"),
        ('title = "the "big" one"', "write a quotation mark inside text"),
        ("value = 31,200", "write numbers without commas"),
        ('tags = ["甲"，"乙"]', "write a comma as “,”"),
        ('id = "a"\nid = "b"', "give each key only once in a table"),
    ],
)
def test_common_mistakes_have_a_hint(line: str, hint: str) -> None:
    """Common mistakes in TOML are reported with a correction."""
    with pytest.raises(DocumentError) as refused:
        parsed(f"{HEAD}[[event]]\n{line}\n")
    assert hint in refused.value.faults[0].what
