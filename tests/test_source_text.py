"""The text of a source: its division, its words, and who cites what in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Desk

from casefile.case.model import CaseFile
from casefile.case.sources.citations import citations_of
from casefile.case.sources.coverage import uncited_paragraphs
from casefile.case.sources.pins import Line
from casefile.case.sources.quotations import (
    Quoted,
    check_citations,
    find_quotation,
    find_words,
    quotations_of,
)
from casefile.case.sources.source_text import Highlight, SourceText

PAGE = """\
      COUNTY COURT                 VOL. 2

 1        Q.  Where were you on the night in
 2   question?
 3        A.  At home. I had come in at ten, and I
 4   never left the house.
 5        Q.  21 people saw you at the quay.
 6        A.  Then 21 people are mis-
 7   taken.
 8        Q.  All of
 9   them?
10        A.  I was asleep by eleven. My wife

              17
\f      COUNTY COURT                 VOL. 2

 1   will tell you so.
 2             (Recess.)

              18
"""


def paragraphs(text: SourceText) -> list[str]:
    """Return every paragraph of a text."""
    return [text.text[slice(*text.paragraph(number))] for number in text.paragraphs]


def marked(text: SourceText, words: str) -> list[tuple[int, str]]:
    """Return what is highlighted of each line for quoted words."""
    marks = [mark for span in find_words(text, words) for mark in text.highlights(span)]
    return [(mark.line, _line(text, mark.line)[mark.start : mark.end]) for mark in marks]


def _line(text: SourceText, number: int) -> str:
    return text.text[slice(*text.line(number))]


# Division


def test_blank_lines_separate_paragraphs() -> None:
    """Consecutive lines are one paragraph, also across pages."""
    text = SourceText("a\nb\n\n  \nc\n\fd\n\n\fe\n")
    assert text.separation == "blank"
    assert paragraphs(text) == ["a\nb", "c\fd", "e"]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    """Blank lines before and after the text do not count."""
    text = SourceText("\n\na\nb\n\n")
    assert text.separation == "line"
    assert paragraphs(text) == ["a", "b"]


def test_source_can_set_its_division() -> None:
    """Blank lines are not paragraphs in either division."""
    assert paragraphs(SourceText("a\nb\n\nc", "line")) == ["a", "b", "c"]
    assert paragraphs(SourceText("a\nb", "blank")) == ["a\nb"]


@pytest.mark.parametrize(
    "text", ["a\r\nb\r\n\fc", "a\rb\r\fc", "a\nb\n\fc", "a\nb\fc", "a\nb\fc\n\f"]
)
def test_every_kind_of_line_end_is_recognised(text: str) -> None:
    """CRLF, CR and LF end lines, and a page ends with its last line."""
    source = SourceText(text)
    assert (source.line_count, source.page_count, len(source.paragraphs)) == (3, 2, 3)


@pytest.mark.parametrize("text", ["", "\n", " \n\f\n "])
def test_blank_text_has_no_paragraph(text: str) -> None:
    """It has a page and a line, so that something can be shown."""
    source = SourceText(text)
    assert len(source.paragraphs) == 0
    assert (source.line_count, source.page_count) >= (1, 1)
    assert source.paragraphs_in((0, 0)) == range(1, 1)


def test_markdown_is_plain_text() -> None:
    """Markdown characters are words of the source like others."""
    text = SourceText("# Report\n\nHe said **no**.\n")
    assert paragraphs(text) == ["# Report", "He said **no**."]
    assert find_words(text, "said **no**")


@pytest.mark.parametrize(
    ("span", "lines", "numbers"),
    [
        ((0, 1), [1], [1]),
        ((0, 2), [1], [1]),
        ((1, 1), [1], [1]),
        ((2, 3), [2], [1]),
        ((0, 3), [1, 2], [1]),
        ((3, 5), [2, 3], [1]),
        ((4, 5), [3], []),
        ((5, 6), [4], [2]),
        ((2, 6), [2, 3, 4], [1, 2]),
    ],
)
def test_span_touches_lines_and_paragraphs(
    span: tuple[int, int], lines: list[int], numbers: list[int]
) -> None:
    """A line or paragraph is touched if a character of it, or its end, is in the span."""
    text = SourceText("a\nb\n\nc")
    assert list(text.lines_in(span)) == lines
    assert list(text.paragraphs_in(span)) == numbers


# Line numbers


def test_line_numbers_are_not_words() -> None:
    """A quotation continues over numbered lines, pages and headings."""
    text = SourceText(PAGE)
    for words in (
        "Where were you on the night in question?",
        "I had come in at ten, and I never left the house.",
        "Then 21 people are mistaken.",
        "All of them?",
        "My wife will tell you so.",
    ):
        assert find_words(text, words), words
    assert find_words(text, "in 2 question") == ()
    assert find_words(text, "2 question") == ()


def test_number_after_margin_is_a_word() -> None:
    """What follows the margin is text, also a number."""
    assert find_words(SourceText(PAGE), "21 people saw you")


def test_heading_can_be_quoted_separately() -> None:
    """It is in the text, but not inside a sentence."""
    text = SourceText(PAGE)
    assert find_words(text, "COUNTY COURT")
    assert find_words(text, "My wife 17") == ()


def test_marks_leave_out_margins_and_headings() -> None:
    """Only what is quoted is highlighted on each line."""
    text = SourceText(PAGE)
    assert marked(text, "the night in question?") == [(3, "the night in"), (4, "question?")]
    assert marked(text, "My wife will tell") == [(12, "My wife"), (17, "will tell")]
    assert marked(text, "VOL. 2") == [(1, "VOL. 2")]


def test_every_line_has_a_number_for_the_gutter() -> None:
    """A heading has the number of the line above it."""
    text = SourceText(PAGE)
    numbers = [text.numbered(line) for line in range(1, text.line_count + 1)]
    assert [(line.page, line.number) for line in numbers] == [
        *((1, max(1, min(10, line - 2))) for line in range(1, 15)),
        *((2, max(1, min(2, line - 16))) for line in range(15, 21)),
    ]


def page_of(lines: list[str]) -> SourceText:
    """Return a text of these lines."""
    return SourceText("\n".join(lines))


TEN = range(1, 11)


@pytest.mark.parametrize(
    "lines",
    [
        [f"{number} word" for number in TEN],
        [f"{number:>4}      word" for number in TEN],
        [f"{number}\tword" for number in TEN],
        ["heading", *(f"{number} word" for number in TEN), "footing"],
        ["1", *(f"{number} word" for number in TEN)],
        ["7", *(f"{number} word" for number in TEN)],
        [line for number in TEN for line in (f"{number} word", "")],
        [f"{number} word" if number % 2 else f"{number}" for number in TEN],
        [f"{number} {number + 1} words" for number in TEN],
    ],
)
def test_ascending_line_numbers_are_detected(lines: list[str]) -> None:
    """In any column, with blank lines, headings and a page number."""
    text = page_of(lines)
    assert text.prints_numbers(1)
    number = next(at for at, line in enumerate(lines, 1) if line.lstrip().startswith("3"))
    assert text.numbered(number).number == 3


def test_page_number_is_not_a_line_number() -> None:
    """The line that the others follow is the first, not the one above it."""
    text = page_of(["1", "", *(f"{number} word" for number in TEN)])
    assert text.line_numbered(Line(1, 1)) == 3


@pytest.mark.parametrize(
    "lines",
    [
        [f"{number} word" for number in range(1, 10)],
        [f"{number} word" for number in range(2011, 2031)],
        [f"{number}. word" for number in TEN],
        [f"{number}) word" for number in TEN],
        [f"{number},word" for number in TEN],
        [f"{number}" for number in TEN],
        [f"{number} word" for number in TEN if number != 4],
        [f"{number} word" for number in reversed(TEN)],
        [*(f"{number} word" for number in TEN), *["no number here"] * 6],
        [f"word {number}" for number in TEN],
    ],
)
def test_other_numbers_are_not_line_numbers(lines: list[str]) -> None:
    """Short or broken runs, years, lists, table fields, columns, and lists in prose."""
    text = page_of(lines)
    assert not text.prints_numbers(1)
    assert text.words((0, len(text.text))) == text.text


def test_short_last_page_continues_line_numbers() -> None:
    """Once a text prints line numbers, a page with few of them has them too."""
    text = SourceText("\n".join(f"{number} word" for number in TEN) + "\f1 last\n2 words\n")
    assert find_words(text, "last words")
    assert not SourceText("1 last\n2 words\n").prints_numbers(1)


def test_page_without_line_numbers_is_plain_text() -> None:
    """An exhibit in a transcript is counted line by line."""
    exhibit = "EXHIBIT A\n3 crates\n5 sacks"
    numbered = "\n".join(f"{number} word" for number in TEN)
    text = SourceText(f"{numbered}\f{exhibit}\f{numbered}")
    assert [text.prints_numbers(page) for page in (1, 2, 3)] == [True, False, True]
    assert find_words(text, "3 crates 5 sacks")
    assert text.numbered(12).number == 2


@given(st.text(st.sampled_from("1234567890 a\n\f"), max_size=60), st.integers(0, 5))
def test_words_keep_their_offsets(tail: str, pages: int) -> None:
    """What is not a word is replaced by spaces, so offsets stay the same."""
    numbered = "\n".join(f"{number} word" for number in TEN)
    text = SourceText("\f".join([*[numbered] * pages, tail]))
    words = text.words((0, len(text.text)))
    assert len(words) == len(text.text)
    assert all(said in (was, " ", "\n") for said, was in zip(words, text.text, strict=True))


@given(st.text(st.sampled_from("ab 1\n"), min_size=1), st.data())
def test_marks_cover_the_span(text: str, data: st.DataObject) -> None:
    """Without margins and pages, every character but line breaks is highlighted once."""
    source = SourceText(text)
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    lines = [
        _line(source, mark.line)[mark.start : mark.end] for mark in source.highlights((start, end))
    ]
    assert "".join(lines) == source.text[start:end].replace("\n", "")
    assert Highlight(1, 0, 0) not in list(source.highlights((start, end)))


# Citations

CASE = """
[[event]]
id = "a"
title = "A"
cites = [{ at = "para 1", quote = "first words" }, { at = "l. 3" }]
[[event]]
id = "b"
title = "B"
cites = [{ at = "para 9", quote = "no such words" }, { quote = "fourth" }, { at = "the annex" }]
[[event]]
id = "c"
title = "C"
cites = [{ source = "other", at = "para 2", quote = "elsewhere" }]
[[party]]
id = "p"
name = "P"
type = "Person"
[[quote]]
id = "q"
speaker = "p"
words = ["second", "third"]
cites = [{ at = "para 2-3" }, { at = "para 5", quote = "P", field = "speaker" }]
[[quote]]
id = "r"
speaker = "p"
words = "fifth P"
cites = ["para 4", { at = "para 1", stance = "contradicts" }]
[[source]]
id = "other"
title = "Another"
"""
TEXT = SourceText("first words\nsecond line\nthird line\nfourth line\nfifth P\nsixth")


@pytest.fixture
def case_file(desk: Desk) -> CaseFile:
    """Return a case that cites a text in every way."""
    return desk.lay_open(desk.write_case(CASE)).case_file


def test_quotations_are_collected_with_their_pin_cites(case_file: CaseFile) -> None:
    """From cites with a quote, and from quotes with the cites for their words."""
    found = {
        (one.entry, one.keys): (one.words, one.at) for one in quotations_of(case_file, "press")
    }
    assert found == {
        ("a", ("cites", 0, "quote")): ("first words", ("para 1",)),
        ("b", ("cites", 0, "quote")): ("no such words", ("para 9",)),
        ("b", ("cites", 1, "quote")): ("fourth", (None,)),
        ("q", ("cites", 1, "quote")): ("P", ("para 5",)),
        ("q", ("words",)): ("second … third", ("para 2-3",)),
        ("r", ("words",)): ("fifth P", ("para 4",)),
    }
    assert [one.words for one in quotations_of(case_file, "other")] == ["elsewhere"]


def test_missing_places_and_quotations_are_reported(case_file: CaseFile) -> None:
    """Places that the text lacks, words that are elsewhere and words that are nowhere."""
    found = check_citations(case_file, "press", TEXT)
    assert (found.places, found.quotations) == (7, 6)
    assert [(one.entry, one.keys, one.what) for one in found.missing_places] == [
        ("b", ("cites", 0, "at"), "para 9 is not in press; it has 6 paragraphs")
    ]
    assert [(one.entry, one.keys, one.what) for one in found.missing_quotations] == [
        (
            "b",
            ("cites", 0, "quote"),
            "“no such words” is not in press; nearest in para 1: “first words”",
        ),
        ("r", ("words",), "“fifth P” is not in press, para 4; it is in para 5"),
    ]


@pytest.mark.parametrize(
    ("more", "astray"),
    [
        ('translated = true\noriginal = "third line"', []),
        ('translated = true\noriginal = "fourth line"', ["t"]),
        ('original = "third line"', ["t"]),
        ("translated = true", ["t"]),
    ],
)
def test_original_of_translated_quote_is_accepted(desk: Desk, more: str, astray: list[str]) -> None:
    """The source of a translation by the editor has only the original words."""
    quote = (
        f'[[quote]]\nid = "t"\nspeaker = "p"\nwords = "dritte Zeile"\ncites = "para 3"\n{more}\n'
    )
    case_file = desk.lay_open(desk.write_case(quote)).case_file
    found = check_citations(case_file, "press", TEXT)
    assert [one.entry for one in found.missing_quotations] == astray


def test_every_kind_of_place_cites_its_paragraphs(case_file: CaseFile) -> None:
    """By paragraph, by line and, without a place, by the quoted words."""
    assert uncited_paragraphs(TEXT, citations_of(case_file, "press")) == (6,)


def test_source_without_cites_is_uncited(case_file: CaseFile) -> None:
    """Every paragraph of a source without cites is returned."""
    assert uncited_paragraphs(TEXT, citations_of(case_file, "none")) == (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("words", "original", "lines", "is_in_place"),
    [
        ("third line", "fourth line", range(3, 4), True),
        ("line three", "third line", range(3, 4), True),
        ("line four", "fourth line", range(4, 5), False),
        ("first words", "third line", range(3, 4), True),
        ("first words", "line three", range(1, 2), False),
    ],
)
def test_translation_or_original_is_found(
    words: str, original: str, lines: range, is_in_place: bool
) -> None:
    """In the place cited if either is there, otherwise where either is."""
    standing = find_quotation(TEXT, Quoted(words, ("para 3",), original))
    (span,) = standing.spans
    assert (TEXT.lines_in(span), standing.is_in_place) == (lines, is_in_place)


@pytest.mark.parametrize("at", ["l. 1-1001", "p. 1", "row 1-1001", "para 1-1001"])
def test_very_wide_place_cites_only_its_first_paragraph(desk: Desk, at: str) -> None:
    """A thousand cites of a million lines would take too long."""
    event = f'[[event]]\nid = "e"\ntitle = "E"\ncites = ["press, {at}"]\n'
    case_file = desk.lay_open(desk.write_case(event)).case_file
    text = SourceText("x\n" * 1001)
    assert uncited_paragraphs(text, citations_of(case_file, "press")) == (*range(2, 1002),)
