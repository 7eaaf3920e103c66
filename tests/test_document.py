"""A TOML file as rows, in parts where it is large: nothing is read otherwise for being cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import tomli

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
