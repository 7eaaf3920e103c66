"""Paragraphs that bear numbers: which numbers count, and what belongs to each paragraph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.sources.missing_places import missing_reason
from casefile.case.sources.numbering import numbering_hint
from casefile.case.sources.pin_spans import pin_for_span, span_of_place
from casefile.case.sources.pins import parse_pin
from casefile.case.sources.source_text import SourceText


def numbers(*blocks: str) -> list[int]:
    """Return the numbers by which the paragraphs of a text are cited, 0 for none."""
    return list(SourceText("\n\n".join(blocks), "numbered").paragraph_numbers)


def paragraph(text: SourceText, at: str) -> str | None:
    """Return the text of a place."""
    place = parse_pin(at)
    span = span_of_place(text, place) if place else None
    return text.text[slice(*span)] if span else None


@pytest.mark.parametrize(
    "form", ["{}. x", "{}) x", "({}) x", "[{}] x", "¶ {} x", "¶{}. x", "{} x", "{}: x", "{}、x"]
)
def test_number_is_printed_in_any_usual_form(form: str) -> None:
    """`para 8` is the paragraph that says 8, whatever is around the number."""
    text = SourceText("\n\n".join(form.format(number) for number in (7, 8, 9)), "numbered")
    assert list(text.paragraph_numbers) == [7, 8, 9]
    assert paragraph(text, "para 8") == form.format(8)
    assert paragraph(text, "para 2") is None


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (["1. a", "2. b", "4. c"], [1, 2, 4]),
        (["1. a", "2019. b", "2. c"], [1, 2]),
        (["1. a", "2. b", "3. c", "1. x", "2. y", "4. d"], [1, 2, 3, 4]),
        (["1. a", "2. b", "1. c", "2. d", "3. e", "4. f"], [1, 2, 1, 2, 3, 4]),
        (["1. a", "2. b", "1. c", "2. d"], [1, 2, 1, 2]),
        (["1. a", "2. b", "COUNT TWO", "1. c", "2. d", "3. e"], [1, 2, 1, 2, 3]),
        (["1. a", "2. b", "COUNT TWO", "(Perjury)", "1. c", "3. d"], [1, 2, 1, 3]),
        (["1. a", "2. b", "COUNT TWO: PERJURY", "1. c", "3. d"], [1, 2, 1, 3]),
        (["CONTENTS", "1. A ...... 2", "2. B       3", "1. a", "2. b", "3. c"], [0, 1, 2, 3]),
        (["1. a", "2. b", "THE BOOKS", "1. x", "3. d"], [1, 2, 3]),
        (["1. a", "(1) x", "(2) y", "2. b", "3. c"], [1, 2, 3]),
        (["1. a", "3 crates", "2. b"], [1, 2]),
        (["45. a", "46. b"], [45, 46]),
        (["1. a", "17", "2. b"], [1, 2]),
        (["1.5 million", "1. a", "2. b"], [0, 1, 2]),
        (["Preamble of the act.", "1. a"], [0, 1]),
        (["no number"], [1]),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_number_counts_if_it_goes_on_from_those_before(
    blocks: list[str], expected: list[int]
) -> None:
    """Some may be missing; those of lists, years, amounts and pages do not count.

    The heading of a count begins them again, although those before go on after it.
    """
    assert numbers(*blocks) == expected


def test_what_has_no_number_belongs_to_the_paragraph_before() -> None:
    """Continuations and items do; a heading begins the next, with what is after it."""
    text = SourceText(
        "CHARGES\n\n1. a\n\nstill a\n\n(a) item\n\nCOUNT TWO\n\nThe jury charges:\n\n2. b",
        "numbered",
    )
    assert paragraph(text, "para 1") == "CHARGES\n\n1. a\n\nstill a\n\n(a) item"
    assert paragraph(text, "para 2") == "COUNT TWO\n\nThe jury charges:\n\n2. b"
    assert [text.number_at(line) for line in (1, 3, 9, 13)] == [None, 1, None, 2]


def test_number_begins_a_paragraph_without_a_blank_line_before() -> None:
    """If it goes on from that before: other lines may begin with a number by accident."""
    text = SourceText(
        "1. He wrote\n2019 letters and\n12. March was warm.\n2. He left\nat\n"
        "7. It rained.\n3. He came\n\nCOUNT TWO\n1. He lied.\n2. Twice.\n",
        "numbered",
    )
    assert list(text.paragraph_numbers) == [1, 2, 3, 1, 2]
    assert paragraph(text, "para 1") == "1. He wrote\n2019 letters and\n12. March was warm."
    assert paragraph(text, "Count 2, para 1") == "COUNT TWO\n1. He lied."


def test_lines_are_blocks_without_blank_lines() -> None:
    """As by the default rule; what wraps onto lines without a number belongs to the paragraph."""
    text = SourceText("PREFACE\n1. a\nwraps here\n2. b\n", "numbered")
    assert paragraph(text, "para 1") == "PREFACE\n1. a\nwraps here"


def test_number_at_the_top_of_a_page_begins_a_paragraph() -> None:
    """A page break without a blank line does not join two paragraphs."""
    text = SourceText("1. a\n\n2. b\n\f3. c\n\n4. d", "numbered")
    assert paragraph(text, "para 3") == "3. c"


def test_numbered_lines_stay_line_numbers() -> None:
    """An affidavit on paper with numbered lines has both, and is cited by paragraph."""
    lines = ["1. I am the pilot", "of the Marlin Bay.", "2. I saw no light.", *["More."] * 9]
    text = SourceText("\n".join(f"{at:2}  {line}" for at, line in enumerate(lines, 1)), "numbered")
    assert text.is_numbered
    assert paragraph(text, "l. 3") == " 3  2. I saw no light."
    assert list(text.paragraph_numbers) == [1, 2]
    assert pin_for_span(text, text.line(3)) == "para 2"


def test_paragraph_on_each_line_is_no_margin() -> None:
    """Bare numbers before paragraphs look like those of lines, unless they are declared."""
    lines = "\n".join(f"{number} words" for number in range(1, 13))
    assert SourceText(lines).is_numbered
    text = SourceText(lines, "numbered")
    assert not text.is_numbered
    assert paragraph(text, "para 12") == "12 words"


def test_repeated_number_is_named_with_its_count() -> None:
    """The place of a word is named so that it can't be another paragraph with the same number."""
    text = SourceText("COUNT ONE\n\n1. a\n\n2. b\n\nCOUNT TWO\n\n1. c\n\n2. d", "numbered")
    places = [pin_for_span(text, text.line(line)) for line in (3, 5, 9, 11)]
    assert places == ["para 1", "para 2", "Count 2, para 1", "Count 2, para 2"]
    assert paragraph(text, "Count 2, para 2") == "2. d"
    assert paragraph(text, "paras 1-2") == "COUNT ONE\n\n1. a\n\n2. b"


BLOCKS = ["1. a", "2. b", "3. c", "(a) d", "e", "COUNT 1", "COUNT 2", "EXHIBIT A", "f\fg", "\f1. h"]


@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=12), st.data())
def test_place_of_any_words_is_theirs_alone(blocks: list[str], data: st.DataObject) -> None:
    """Whatever numbers begin again, the pin cite of a span names a place that contains it."""
    text = SourceText("\n\n".join(blocks), "numbered")
    start = data.draw(st.integers(0, max(0, len(text.text) - 1)))
    span = start, data.draw(st.integers(start, len(text.text)))
    place = parse_pin(pin_for_span(text, span))
    assert place is not None
    named = span_of_place(text, place)
    assert named is not None
    assert missing_reason(text, place) is None
    assert set(text.paragraphs_in(span)) <= set(text.paragraphs_in(named))


FIVE = range(1, 6)


@pytest.mark.parametrize(
    "blocks",
    [
        [f"{number}. words" for number in FIVE],
        ["Title", *(f"{year} was a year" for year in range(2011, 2021))],
        ["Diary", *(f"{day} March was a day" for day in range(1, 11))],
        ["Shopping", "1. milk", "2. eggs", "3. bread"],
        ["Title", *(f"{number}. words" for number in FIVE), *["No number here."] * 9],
        ["Title", *(f"{number}. words" for number in (3, 9, 4, 12, 7, 30))],
        ["Log", *(f"0{number}:15 words" for number in FIVE)],
        ["Title", *(f"{number}.5 tons" for number in FIVE)],
    ],
    ids=lambda blocks: " ".join(blocks)[:30],
)
def test_other_numbers_raise_no_alarm(blocks: list[str]) -> None:
    """Numbers that are the count, years, dates, lists, times and amounts are no printed numbers."""
    assert numbering_hint(SourceText("\n\n".join(blocks)), None) is None


@pytest.mark.parametrize("form", ["{}. words", "({}) words", "¶ {} words", "{} some words"])
def test_printed_numbers_that_differ_from_the_count_are_told(form: str) -> None:
    """The message says which paragraph says which number."""
    words = ["On", "He", "They", "In", "The"]
    blocks = [form.format(number) + f" {word}" for number, word in zip(FIVE, words, strict=True)]
    if form == "{} some words":
        blocks = [f"{number} {word} went." for number, word in zip(FIVE, words, strict=True)]
    hint = numbering_hint(SourceText("\n\n".join(["A title", "An author", *blocks])), None)
    assert hint is not None
    assert hint.startswith("its paragraphs bear numbers that differ from their count: paragraph 3")
