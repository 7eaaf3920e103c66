"""A TOML file as rows, in parts where it is large: nothing is read otherwise for being cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from casefile.case import document
from casefile.case.document import Document, NoDocument
from casefile.case.positions import Position

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\n'


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Document]:
    """Give a way to parse a text in parts of two rows, however short it is."""

    def parse(text: str) -> Document:
        monkeypatch.setattr(document, "LARGE", 0)
        monkeypatch.setattr(document, "ROWS_IN_PART", 2)
        return parsed(text)

    return parse


def parsed(text: str) -> Document:
    """Parse a text to its end."""
    read = Document(text.encode())
    for _ in read.parse():
        pass
    return read


def whole(read: Document) -> dict[str, Any]:
    """Give a document as a parser gives it."""
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
def test_a_file_in_parts_is_what_the_parser_finds_in_the_whole(
    in_parts: Callable[[str], Document], text: str
) -> None:
    """Cutting changes nothing, wherever rows, sub-tables or look-alikes of headers stand."""
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
def test_cutting_neither_refuses_nor_lets_pass(stretches: list[str]) -> None:
    """Whatever tables follow each other in whatever order, the parts agree with the whole."""
    text = "".join(stretches)
    with patch.multiple(document, LARGE=0, ROWS_IN_PART=2, BYTES_IN_PART=60):
        try:
            expected = tomli.loads(text)
        except tomli.TOMLDecodeError:
            with pytest.raises(NoDocument):
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
def test_what_no_part_can_see_is_seen(in_parts: Callable[[str], Document], text: str) -> None:
    """A table that stands in two parts, or twice in two ways, is refused as in the whole."""
    with pytest.raises(tomli.TOMLDecodeError):
        tomli.loads(text)
    with pytest.raises(NoDocument):
        in_parts(text)


def test_a_row_in_a_later_part_has_its_place_in_the_file(
    in_parts: Callable[[str], Document],
) -> None:
    """Lines are counted from the start of the file, rows from the start of their part."""
    read = in_parts(HEAD + ROWS)
    assert [row.position("id").line for row in read.rows["party"]] == [7, 11, 15, 19, 23]


def test_a_table_behind_the_rows_has_its_place(in_parts: Callable[[str], Document]) -> None:
    """Whatever part a table stands in, it is found, and its place is that in the file."""
    first, *rest = HEAD.splitlines(keepends=True)
    read = in_parts(f"{first}{ROWS}{''.join(rest)}{ROWS}")
    assert read.position("format") == Position(1, 1)
    assert read.position("case") == Position(22, 1)
    case = read.alone("case")
    assert case is not None
    assert case.position("id") == Position(23, 1)


LONG = f'[[claim]]\nid = "long"\nstatement = "{"x" * 1_000_000}"\n'


@pytest.mark.slow
def test_of_a_very_large_file_each_fault_is_told_too() -> None:
    """It is never parsed in one step: each of its parts is told of by itself, up to a number."""
    wrong = "[[event]]\nid = b\n"
    text = f"{HEAD}{LONG * 5}{wrong}{LONG * 5}{wrong}"
    with pytest.raises(NoDocument) as refused:
        parsed(text)
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(20, 6), Position(37, 6)]
    with pytest.raises(NoDocument) as refused:
        parsed(f"{text}{wrong * 100}")
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(20, 6), *(Position(line, 6) for line in range(37, 75, 2))]


@pytest.mark.slow
def test_why_a_large_file_is_refused_is_what_is_wrong_with_it() -> None:
    """Where it could not be read whole it is its parts that tell; a limit is always named."""
    many = '[[event]]\nid = "e"\n' * 200_000
    with pytest.raises(NoDocument) as refused:
        parsed(f"{HEAD}{many}[[event]]\nid = b\n")
    (fault,) = refused.value.faults
    assert (fault.code, fault.position) == ("syntax", Position(400_005, 6))
    with pytest.raises(NoDocument) as refused:
        parsed(f"{HEAD}{many}{many}")
    (fault,) = refused.value.faults
    assert fault.what.startswith("has more than 250,000 rows; CASEFILE_ROW_LIMIT=500000 sets")


@pytest.mark.slow
@pytest.mark.parametrize(
    "stretch",
    [
        'authors = [{ name = "A" }]\n',
        '# """\n',
        '# it\'s\n[[claim]]\nid = "q"\nstatement = """a \\"""\n[[event]]\n[[event]]\n"""\n',
        '[[claim]]\nid = "just below"\nstatement = "' + "y" * ((8 << 20) - 100) + '"\n',
        f'[[event]]\nid = "e"\nx = [{"1," * 499_000}]\n',
    ],
    ids=["list in a line", "mark in a comment", "quotes", "large row", "long row"],
)
def test_nothing_that_is_within_the_limits_is_refused(stretch: str) -> None:
    """Marks, lists and large rows among others of a very large file are what they are alone."""
    text = f"{HEAD.splitlines()[0]}\n{stretch}{LONG * 9}{LONG}"
    assert whole(parsed(text)) == tomli.loads(text)


@pytest.mark.slow
def test_what_could_only_be_read_in_one_long_step_is_refused() -> None:
    """A table in two places is one that no part shows whole; a small file is read all the same."""
    again = '[case.accept]\ndangling = "so"\n'
    assert parsed(f"{HEAD}{LONG * 3}{again}").top["case"]["accept"] == {"dangling": "so"}
    with pytest.raises(NoDocument) as refused:
        parsed(f"{HEAD}{LONG * 9}{again}")
    (fault,) = refused.value.faults
    assert fault.position == Position(31, 1)
    assert fault.what.startswith("`case` stands in several places")
    assert "CASEFILE_PIECE_LIMIT=16" in fault.what
    many = '[[event]]\nid = "e"\n' * 200_000
    with pytest.raises(NoDocument) as refused:
        parsed(f"{HEAD}{many}{LONG * 2}{'# ,,' * 60_000}\n{again}")
    (fault,) = refused.value.faults
    assert "CASEFILE_MARK_LIMIT=1000000" in fault.what


def test_a_text_is_cut_in_none_of_its_strings() -> None:
    """Lines in a text that look like a row's header end no part, however long the text is."""
    lines = "[[event]]\n" * 600
    texts = "".join(
        f"[[claim]]\nid = 'c{n}'\nstatement = {m}{lines}{m}\n"
        for n in range(700)
        for m in ('"""', "'''")
    )
    assert len(texts) > 8 << 20
    assert len(parsed(HEAD + texts).rows["claim"]) == 1400


def test_each_table_with_a_fault_is_told() -> None:
    """A parser stops at the first fault; the tables after it are read alone, and told."""
    text = HEAD + '[[event]]\nid = “a”\n[[event]]\nid = "b"\n[[event]]\nid = c\n'
    with pytest.raises(NoDocument) as refused:
        parsed(text)
    places = [fault.position for fault in refused.value.faults]
    assert places == [Position(5, 6), Position(9, 6)]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("id = “a”", 'text stands in straight quotation marks: "…"'),
        ("date = 2018~", "text stands in quotation marks"),
        ('title = "the "big" one"', "a quotation mark inside text is written"),
        ("value = 31,200", "a number stands without commas"),
        ('tags = ["甲"，"乙"]', "a comma is “,”"),
        ('id = "a"\nid = "b"', "each key stands once in a table"),
    ],
)
def test_a_fault_says_what_would_be_right(line: str, hint: str) -> None:
    """The slips that people make when they write TOML are told with their cure."""
    with pytest.raises(NoDocument) as refused:
        parsed(f"{HEAD}[[event]]\n{line}\n")
    assert hint in refused.value.faults[0].what
