"""The text of a source: how it is divided, what of it are words, who cites what of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Desk

from casefile.case.model import CaseFile
from casefile.case.sources.citation_check import verified
from casefile.case.sources.citations import citations_of
from casefile.case.sources.coverage import cited_paragraphs, uncited_paragraphs
from casefile.case.sources.pins import Line
from casefile.case.sources.quotations import Quoted, find_words, look_up_quoted, quotations_of
from casefile.case.sources.source_text import Mark, SourceText

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
    """Give every paragraph of a text."""
    numbers = range(1, text.paragraph_count + 1)
    return [text.text[slice(*text.paragraph(number))] for number in numbers]


def marked(text: SourceText, words: str) -> list[tuple[int, str]]:
    """Give what is marked of each line for quoted words."""
    marks = [mark for span in find_words(text, words) for mark in text.marks(span)]
    return [(mark.line, _line(text, mark.line)[mark.start : mark.end]) for mark in marks]


def _line(text: SourceText, number: int) -> str:
    return text.text[slice(*text.line(number))]


# Divided


def test_blank_lines_part_paragraphs_where_there_are_any() -> None:
    """Lines that follow each other are one paragraph then, across a page too."""
    text = SourceText("a\nb\n\n  \nc\n\fd\n\n\fe\n")
    assert text.division == "blank"
    assert paragraphs(text) == ["a\nb", "c\fd", "e"]


def test_else_each_line_is_a_paragraph() -> None:
    """Blank lines before the text and after it are none between its paragraphs."""
    text = SourceText("\n\na\nb\n\n")
    assert text.division == "line"
    assert paragraphs(text) == ["a", "b"]


def test_the_source_may_say_how_it_is_divided() -> None:
    """Blank lines are no paragraphs, however paragraphs are parted."""
    assert paragraphs(SourceText("a\nb\n\nc", "line")) == ["a", "b", "c"]
    assert paragraphs(SourceText("a\nb", "blank")) == ["a\nb"]


@pytest.mark.parametrize(
    "text", ["a\r\nb\r\n\fc", "a\rb\r\fc", "a\nb\n\fc", "a\nb\fc", "a\nb\fc\n\f"]
)
def test_every_end_of_a_line_is_one(text: str) -> None:
    """CRLF, CR and LF end lines, and a page ends with its last line, not after a blank one."""
    source = SourceText(text)
    assert (source.line_count, source.page_count, source.paragraph_count) == (3, 2, 3)


@pytest.mark.parametrize("text", ["", "\n", " \n\f\n "])
def test_a_blank_text_has_no_paragraph(text: str) -> None:
    """It has a page and a line all the same, so that something can be shown."""
    source = SourceText(text)
    assert source.paragraph_count == 0
    assert (source.line_count, source.page_count) >= (1, 1)
    assert source.paragraphs_in((0, 0)) == range(1, 1)


def test_markdown_is_read_as_text() -> None:
    """Marks of Markdown are words of the source like others."""
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
def test_what_a_stretch_touches(
    span: tuple[int, int], lines: list[int], numbers: list[int]
) -> None:
    """A line or a paragraph is touched if any of its characters, or its end, is within."""
    text = SourceText("a\nb\n\nc")
    assert list(text.lines_in(span)) == lines
    assert list(text.paragraphs_in(span)) == numbers


# Numbers at the margin


def test_numbers_at_the_margin_are_no_words() -> None:
    """A quotation runs over lines as if they were not numbered, and over pages and headings."""
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


def test_a_number_that_is_said_is_a_word() -> None:
    """What follows the margin is the text, a figure too."""
    assert find_words(SourceText(PAGE), "21 people saw you")


def test_a_heading_can_be_quoted_for_itself() -> None:
    """It stands in the text, but not in the midst of what is said."""
    text = SourceText(PAGE)
    assert find_words(text, "COUNTY COURT")
    assert find_words(text, "My wife 17") == ()


def test_marks_leave_out_margins_and_headings() -> None:
    """On each line only what is quoted is marked."""
    text = SourceText(PAGE)
    assert marked(text, "the night in question?") == [(3, "the night in"), (4, "question?")]
    assert marked(text, "My wife will tell") == [(12, "My wife"), (17, "will tell")]
    assert marked(text, "VOL. 2") == [(1, "VOL. 2")]


def test_numbered_lines_have_their_numbers() -> None:
    """For a gutter: the printed number, and for a heading that of the line above it."""
    text = SourceText(PAGE)
    numbers = [text.numbered(line) for line in range(1, text.line_count + 1)]
    assert [(line.page, line.number) for line in numbers] == [
        *((1, max(1, min(10, line - 2))) for line in range(1, 15)),
        *((2, max(1, min(2, line - 16))) for line in range(15, 21)),
    ]


def page_of(lines: list[str]) -> SourceText:
    """Give a text whose lines stand as they are."""
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
def test_ascending_numbers_at_the_margin_are_seen(lines: list[str]) -> None:
    """Whatever their column, with blank lines between, headings, and the page's own number."""
    text = page_of(lines)
    assert text.prints_numbers(1)
    number = next(at for at, line in enumerate(lines, 1) if line.lstrip().startswith("3"))
    assert text.numbered(number).number == 3


def test_the_number_of_a_page_is_not_that_of_its_first_line() -> None:
    """Above the lines it stands alone; the line that the others follow is the first."""
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
def test_other_numbers_are_words(lines: list[str]) -> None:
    """Short or broken runs, years, lists, fields of a table, bare columns, lists amid prose."""
    text = page_of(lines)
    assert not text.prints_numbers(1)
    assert text.words((0, len(text.text))) == text.text


def test_a_short_last_page_is_numbered_like_the_others() -> None:
    """Once a text prints numbers, a page with a few is taken for one of its pages."""
    text = SourceText("\n".join(f"{number} word" for number in TEN) + "\f1 last\n2 words\n")
    assert find_words(text, "last words")
    assert not SourceText("1 last\n2 words\n").prints_numbers(1)


def test_a_page_without_numbers_stays_as_it_is() -> None:
    """An exhibit bound into a transcript is read as text, and counted line by line."""
    exhibit = "EXHIBIT A\n3 crates\n5 sacks"
    numbered = "\n".join(f"{number} word" for number in TEN)
    text = SourceText(f"{numbered}\f{exhibit}\f{numbered}")
    assert [text.prints_numbers(page) for page in (1, 2, 3)] == [True, False, True]
    assert find_words(text, "3 crates 5 sacks")
    assert text.numbered(12).number == 2


@given(st.text(st.sampled_from("1234567890 a\n\f"), max_size=60), st.integers(0, 5))
def test_words_stand_where_the_text_has_them(tail: str, pages: int) -> None:
    """What is no word is blank, and all else is in its place, so that spans are those of both."""
    numbered = "\n".join(f"{number} word" for number in TEN)
    text = SourceText("\f".join([*[numbered] * pages, tail]))
    words = text.words((0, len(text.text)))
    assert len(words) == len(text.text)
    assert all(said in (was, " ", "\n") for said, was in zip(words, text.text, strict=True))


@given(st.text(st.sampled_from("ab 1\n\f"), min_size=1), st.data())
def test_marks_cover_a_stretch(text: str, data: st.DataObject) -> None:
    """Without margins every character of a stretch is marked once, but the ends of lines."""
    source = SourceText(text)
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    lines = [_line(source, mark.line)[mark.start : mark.end] for mark in source.marks((start, end))]
    assert "".join(lines) == source.text[start:end].replace("\n", "").replace("\f", "")
    assert Mark(1, 0, 0) not in list(source.marks((start, end)))


# Who cites what

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
    """Give a case that cites a text in every way."""
    return desk.lay_open(desk.write_case(CASE)).case_file


def test_every_quotation_is_known_with_its_places(case_file: CaseFile) -> None:
    """Of cites with words, and of quotes: these stand in one of the places cited for them."""
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


def test_what_is_astray_is_told(case_file: CaseFile) -> None:
    """Places that the text lacks, words that stand elsewhere, and words that stand nowhere."""
    found = verified(case_file, "press", TEXT)
    assert (found.places, found.quotations) == (7, 6)
    assert [(one.entry, one.keys, one.what) for one in found.astray_places] == [
        ("b", ("cites", 0, "at"), "para 9 is not in press; it has 6 paragraphs")
    ]
    assert [(one.entry, one.keys, one.what) for one in found.astray_quotations] == [
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
def test_of_a_translation_the_original_may_stand_there(
    desk: Desk, more: str, astray: list[str]
) -> None:
    """Words that the editor translated are in no source; what they translate is."""
    quote = (
        f'[[quote]]\nid = "t"\nspeaker = "p"\nwords = "dritte Zeile"\ncites = "para 3"\n{more}\n'
    )
    case_file = desk.lay_open(desk.write_case(quote)).case_file
    found = verified(case_file, "press", TEXT)
    assert [one.entry for one in found.astray_quotations] == astray


def test_who_cites_each_paragraph(case_file: CaseFile) -> None:
    """By paragraph, by line, and without a place by the words that are quoted."""
    citations = citations_of(case_file, "press")
    cited = cited_paragraphs(TEXT, citations)
    assert {number: [one.entry for one in many] for number, many in cited.items()} == {
        1: ["a", "r"],
        2: ["q"],
        3: ["q", "a"],
        4: ["r", "b"],
        5: ["q"],
    }
    assert uncited_paragraphs(TEXT, citations) == (6,)


def test_a_text_that_nobody_cites_is_uncited(case_file: CaseFile) -> None:
    """Of a source without cites every paragraph is told."""
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
def test_a_translation_stands_where_it_or_its_original_does(
    words: str, original: str, lines: range, is_in_place: bool
) -> None:
    """In the place cited, whichever of the two is there; else where either stands at all."""
    standing = look_up_quoted(TEXT, Quoted(words, ("para 3",), original))
    (span,) = standing.spans
    assert (TEXT.lines_in(span), standing.is_in_place) == (lines, is_in_place)


@pytest.mark.parametrize("at", ["l. 1-1001", "p. 1", "row 1-1001", "para 1-1001"])
def test_a_place_wider_than_anybody_means_cites_its_first_paragraph(desk: Desk, at: str) -> None:
    """A thousand cites of a million lines would be a thousand million."""
    event = f'[[event]]\nid = "e"\ntitle = "E"\ncites = ["press, {at}"]\n'
    case_file = desk.lay_open(desk.write_case(event)).case_file
    text = SourceText("x\n" * 1001)
    assert [*cited_paragraphs(text, citations_of(case_file, "press"))] == [1]
