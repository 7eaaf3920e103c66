"""What a text prints to be cited by: which lines are headings and stamps, and how far each goes."""

from __future__ import annotations

import pytest

from casefile.case.model import Source
from casefile.case.sources.items import span_of_items
from casefile.case.sources.mark_kinds import BATES, COUNT, DOCKET, EXHIBIT, SECTION, MarkKind
from casefile.case.sources.pin_spans import span_of_place
from casefile.case.sources.pins import marks_of_source, parse_pin
from casefile.case.sources.source_text import SourceText
from casefile.text.number_words import number_from_words, roman_numeral


def names(text: str, kind: MarkKind) -> list[str]:
    """Return the marks of a kind in a text."""
    return [mark.name for mark in SourceText(text).printed(kind).marks]


def words_at(text: SourceText, at: str) -> str | None:
    """Return the text of a place."""
    place = parse_pin(at)
    span = span_of_place(text, place) if place else None
    return text.text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        (SECTION, "Section 4. Definitions", ["§ 4"]),
        (SECTION, "  SEC. 4A", ["§ 4A"]),
        (SECTION, "§ 4.2 Duties of a master", ["§ 4.2"]),
        (SECTION, "Section 4 of the Act", []),
        (SECTION, "see Section 4", []),
        (SECTION, "Section 4. Definitions ........ 12", []),
        (COUNT, "COUNT ONE", ["Count 1"]),
        (COUNT, "Count II - Perjury", ["Count 2"]),
        (COUNT, "COUNTS TWO THROUGH FOUR (False entries)", ["Count 2", "Count 3", "Count 4"]),
        (COUNT, "Counts 2 and 3", ["Count 2", "Count 3"]),
        (COUNT, "Count One charges him with fraud", []),
        (COUNT, "Account 2", []),
        (DOCKET, "Case 1:22-cr-45 Document 45-1 Filed 07/01/22 Page 1 of 2", ["Dkt. 45-1"]),
        (DOCKET, "ECF No. 45", ["Dkt. 45"]),
        (DOCKET, "He refers to Document 45", []),
        (EXHIBIT, "GOVERNMENT EXHIBIT 12-B", ["Ex. 12-B"]),
        (EXHIBIT, "Exhibit A", ["Ex. A"]),
        (EXHIBIT, "as is shown by Exhibit A", []),
        (EXHIBIT, "Exhibit A.", []),
        (EXHIBIT, "Exhibit 12 shows the ledger", []),
        (BATES, "                 MB-000412", ["MB-000412"]),
        (BATES, "MB-000412 CONFIDENTIAL", ["MB-000412"]),
        (BATES, "Page 3 of 9            MB000412", ["MB000412"]),
        (BATES, "a letter, see MB-000412", []),
        (BATES, "MB-000412.", []),
        (BATES, "FY2019", []),
    ],
)
def test_heading_or_stamp_is_told_from_prose(
    kind: MarkKind, line: str, expected: list[str]
) -> None:
    """A heading begins a line, a stamp has nothing beside it that reads as a sentence."""
    assert names(f"Words before it.\n\n{line}\n\nWords after it.\n", kind) == expected


def test_section_goes_to_the_next_that_is_no_part_of_it() -> None:
    """A subsection with a heading is in its section, and a repeated heading is no other."""
    text = SourceText("§ 4 A\na\n§ 4.1 B\nb\n§ 4.1 B\nc\n§ 40 C\nd")
    assert words_at(text, "§ 4") == "§ 4 A\na\n§ 4.1 B\nb\n§ 4.1 B\nc"
    assert words_at(text, "§ 4.1") == "§ 4.1 B\nb\n§ 4.1 B\nc"
    assert words_at(text, "§ 40") == "§ 40 C\nd"


def test_exhibit_goes_to_the_page_of_the_next() -> None:
    """Pages without a stamp, or with the same, belong to it; without pages, lines do."""
    text = SourceText("EXHIBIT 1\na\n\fb\n\fEXHIBIT 1\nc\n\fd\nEXHIBIT 2\n")
    assert words_at(text, "Ex. 1") == "EXHIBIT 1\na\fb\fEXHIBIT 1\nc"
    assert words_at(text, "Ex. 1 at 2") == "b"
    assert words_at(text, "Ex. 2") == "d\nEXHIBIT 2"
    assert words_at(SourceText("EXHIBIT 1\na\nEXHIBIT 2\nb"), "Ex. 1") == "EXHIBIT 1\na"


def test_stamp_in_a_text_with_line_numbers_is_found() -> None:
    """It is a heading there, which is no word of the testimony."""
    page = "\n".join(f"{number:2}  words" for number in range(1, 26))
    text = SourceText(f"{page}\n\n      MB-000001\n\f{page}\n\n      MB-000002\n")
    assert words_at(text, "MB-000002") == f"{page}\n\n      MB-000002"


def test_bates_numbers_of_the_source_are_those_of_its_pages() -> None:
    """If no page bears one and there are as many as pages."""
    source = Source(id="s", title="S", bates="MB-000012 to MB-000014")
    text = SourceText("a\n\fb\n\fc\n", whole=marks_of_source(source))
    assert words_at(text, "MB-000013-14") == "b\fc"
    assert words_at(SourceText("a\n\fb\n", whole=marks_of_source(source)), "MB-000013") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", "(a) one, see (c);"),
        ("b", "(b) two\n(i) x\n(ii) y"),
        ("b i", "(i) x"),
        ("b ii", "(ii) y"),
        ("c", "(c)(1) three\n(2) four"),
        ("c 1", "(1) three"),
        ("d", None),
        ("a 1", None),
    ],
)
def test_item_goes_to_the_next_of_its_kind(path: str, expected: str | None) -> None:
    """Also with items of its own; a mention of another item is not that item."""
    words = "§ 4. (a) one, see (c);\n(b) two\n(i) x\n(ii) y\n(c)(1) three\n(2) four\n"
    span = span_of_items(words, path.split())
    assert (words[slice(*span)] if span else None) == expected


@pytest.mark.parametrize("form", ["{}.", "{})"])
def test_item_may_have_a_full_stop_or_one_bracket(form: str) -> None:
    """At the start of a line, as overt acts are often listed."""
    a, b = form.format("a"), form.format("b")
    words = f"8. These acts:\n\n   {a} On May 2, a. m.\n\n   {b} On June 9\nat noon.\n"
    span = span_of_items(words, ["a"])
    assert span is not None
    assert words[slice(*span)] == f"{a} On May 2, a. m."
    span = span_of_items(words, ["b"])
    assert span is not None
    assert words[slice(*span)] == f"{b} On June 9\nat noon."


@pytest.mark.parametrize(
    ("path", "last", "expected"),
    [
        ("a", "b", "(a) one;\n(b) two\n(i) x\n(ii) y\n(iii) z"),
        ("b i", "ii", "(i) x\n(ii) y"),
        ("b i", "iv", None),
        ("c", "a", None),
    ],
)
def test_items_go_to_the_end_of_the_last(path: str, last: str, expected: str | None) -> None:
    """In `§ 4(b)(i)-(ii)`, the last is of the same kind as the last of the path."""
    words = "§ 4.\n(a) one;\n(b) two\n(i) x\n(ii) y\n(iii) z\n(c) three\n"
    span = span_of_items(words, path.split(), last)
    assert (words[slice(*span)] if span else None) == expected


def test_item_may_be_in_a_line() -> None:
    """After a semicolon, a colon or “and” within a sentence."""
    words = "8. He kept: (a) a log, as (b) says; and (b) two ledgers."
    span = span_of_items(words, ["b"])
    assert span is not None
    assert words[slice(*span)] == "(b) two ledgers."


@pytest.mark.parametrize("number", range(1, 60))
def test_number_is_read_from_roman_numerals(number: int) -> None:
    """As it is written."""
    assert number_from_words(roman_numeral(number)) == number


@pytest.mark.parametrize(
    ("written", "number"), [("Twenty-One", 21), ("forty", 40), ("IIII", None), ("VX", None)]
)
def test_number_is_read_from_words(written: str, number: int | None) -> None:
    """What is no numeral is none."""
    assert number_from_words(written) == number
