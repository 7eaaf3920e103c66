"""Pin cites: parsing them, their spans in a text, and what a text lacks of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.sources.mark_kinds import BATES, COUNT, DOCKET, EXHIBIT, SECTION
from casefile.case.sources.missing_places import missing_reason
from casefile.case.sources.pin_spans import pin_for_span, span_of_place
from casefile.case.sources.pins import (
    Items,
    Line,
    Lines,
    LinesOrTimes,
    Marked,
    Pages,
    Paragraphs,
    Place,
    Rows,
    Times,
    Within,
    parse_pin,
    pin_sort_key,
)
from casefile.case.sources.source_text import SourceText

PAGED = "one\ntwo\n\nthree\n\ffour\nfive\n\fsix\n\f"
"""Three pages: of four lines, one of them blank, of two lines and of one line."""

RECORDING = """\
Recording of a call
[00:00:05] A: Who is this?
B: A friend.
[00:01:10] A: What do you want?
[00:01:10] B: To talk.
00:02:00,500 --> 00:02:04,000
Then talk.
1:02:03 The end.
"""


def transcript(pages: int, lines: int = 25, first: int = 1) -> str:
    """Return pages of numbered lines, each with a heading and a page number."""
    return "\f".join(
        f"          HEARING\n\n{numbered(lines, first, page)}\n\n               {page}\n"
        for page in range(1, pages + 1)
    )


def numbered(lines: int, first: int, page: int) -> str:
    """Return lines with numbers in their margin."""
    numbers = range(first, first + lines)
    return "\n".join(f"{number:2}   words {number} of page {page}" for number in numbers)


def span_text(text: SourceText, at: str) -> str | None:
    """Return the text of a place."""
    place = parse_pin(at)
    assert place is not None
    stretch = span_of_place(text, place)
    return text.text[slice(*stretch)] if stretch else None


def lacking(text: SourceText, at: str) -> str | None:
    """Return the reason why a text lacks a place."""
    place = parse_pin(at)
    assert place is not None
    return missing_reason(text, place)


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("para 4", Paragraphs(4, 4)),
        ("para 4-6", Paragraphs(4, 6)),
        ("paras 4–6", Paragraphs(4, 6)),
        ("Para. 12", Paragraphs(12, 12)),
        ("paragraph 12", Paragraphs(12, 12)),
        ("¶ 4", Paragraphs(4, 4)),
        ("¶¶ 4 - 6", Paragraphs(4, 6)),
        ("p. 3", Pages(3, 3)),
        ("pp. 3-5", Pages(3, 5)),
        ("page 3", Pages(3, 3)),
        ("l. 120", Lines(Line(120), Line(120))),
        ("l. 120-130", Lines(Line(120), Line(130))),
        ("ll. 120-130", Lines(Line(120), Line(130))),
        ("line 120", Lines(Line(120), Line(120))),
        ("p. 45 l. 12", Lines(Line(12, 45), Line(12, 45))),
        ("p. 45, ll. 12-14", Lines(Line(12, 45), Line(14, 45))),
        ("p. 45 l. 12 - l. 14", Lines(Line(12, 45), Line(14, 45))),
        ("p. 45 l. 12 - p. 46 l. 3", Lines(Line(12, 45), Line(3, 46))),
        ("row 14", Rows(14, 14)),
        ("rows 14-20", Rows(14, 20)),
        ("00:14:05", Times(845, 845)),
        ("14:05", LinesOrTimes(Lines(Line(5, 14), Line(5, 14)), Times(845, 845))),
        ("1:14:05.250", Times(4445, 4445)),
        ("00:14:05-00:15:00", Times(845, 900)),
        ("00:14:05 to 00:15:00", Times(845, 900)),
        ("45:12-14", Lines(Line(12, 45), Line(14, 45))),
        ("45:12-46:3", Lines(Line(12, 45), Line(3, 46))),
        ("45:3", Lines(Line(3, 45), Line(3, 45))),
        ("p. 45:12-14", Lines(Line(12, 45), Line(14, 45))),
        ("Tr. 45:12", Lines(Line(12, 45), Line(12, 45))),
        ("Trial Tr. at 45:12–14", Lines(Line(12, 45), Line(14, 45))),
        ("Hr'g Tr. 45:12", Lines(Line(12, 45), Line(12, 45))),
        ("Dep. 45:12", Lines(Line(12, 45), Line(12, 45))),
        ("Tr. 45", Pages(45, 45)),
        ("at 45-46", Pages(45, 46)),
        ("¶ 4(b)", Within(Paragraphs(4, 4), Items(("b",)))),
        ("¶ 4(a)-(c)", Within(Paragraphs(4, 4), Items(("a",), "c"))),
        ("§ 4 (b) (2)", Within(Marked(SECTION, "4", "4"), Items(("b", "2")))),
        ("§ 4(b)(2) to (3)", Within(Marked(SECTION, "4", "4"), Items(("b", "2"), "3"))),
        (
            "Count 2, para 8(b)",
            Within(Within(Marked(COUNT, "2", "2"), Paragraphs(8, 8)), Items(("b",))),
        ),
        ("p. 12, para 8", Within(Pages(12, 12), Paragraphs(8, 8))),
        ("§ 4", Marked(SECTION, "4", "4")),
        ("§§ 4-6", Marked(SECTION, "4", "6")),
        ("sec. 4.2", Marked(SECTION, "4.2", "4.2")),
        ("Section 4 (b)(2)", Within(Marked(SECTION, "4", "4"), Items(("b", "2")))),
        ("Count 2", Marked(COUNT, "2", "2")),
        ("Count Twenty-One", Marked(COUNT, "21", "21")),
        ("Counts II through IV", Marked(COUNT, "2", "4")),
        ("Count 2 ¶ 8", Within(Marked(COUNT, "2", "2"), Paragraphs(8, 8))),
        ("ECF No. 45-1", Marked(DOCKET, "45-1", "45-1")),
        ("Doc. 45 at 3-4", Within(Marked(DOCKET, "45", "45"), Pages(3, 4))),
        ("Exhibit 12-B", Marked(EXHIBIT, "12B", "12B")),
        ("Ex. A, p. 3", Within(Marked(EXHIBIT, "A", "A"), Pages(3, 3))),
        ("ABC-000123", Marked(BATES, "ABC 123", "ABC 123")),
        ("ABC000123", Marked(BATES, "ABC 123", "ABC 123")),
        ("ABC-000123-125", Marked(BATES, "ABC 123", "ABC 125")),
        ("ABC-000123 to ABC-000125", Marked(BATES, "ABC 123", "ABC 125")),
        ("  para\u00a04 ", Paragraphs(4, 4)),
        ("para 6-4", Paragraphs(6, 4)),
        ("l. 12-0", Lines(Line(12), Line(0))),
    ],
)
def test_every_form_of_pin_cite_is_parsed(at: str, place: Place) -> None:
    """The forms of the format, other usual ones, and descending ranges."""
    assert parse_pin(at) == place


@pytest.mark.parametrize(
    "at",
    [None, "", "para", "para 4, 6", "the annex", "para 4 of the annex", "4", "p. iv",
     "para 1234567", "12 para", "at 00:14:05", "00:14:65", "2019-03-10", "para ４",
     "FY2019", "March 2021", "§ 4 of the act", "Exhibit list", "45.12", "p. 4 p. 5"],
)  # fmt: skip
def test_anything_else_is_free_text(at: str | None) -> None:
    """What only resembles a place is not interpreted."""
    assert parse_pin(at) is None


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("para 1", "one"),
        ("para 2-4", "two\n\nthree\ffour"),
        ("para 5-9", "five\fsix"),
        ("para 7", None),
        ("para 0", None),
        ("para 4-2", None),
        ("p. 1", "one\ntwo\n\nthree"),
        ("p. 2", "four\nfive"),
        ("pp. 2-3", "four\nfive\fsix"),
        ("p. 4", None),
        ("l. 1", "one"),
        ("l. 3", ""),
        ("l. 5-6", "four\nfive"),
        ("l. 8", None),
        ("p. 2 l. 2", "five"),
        ("p. 2 l. 2 - p. 3 l. 1", "five\fsix"),
        ("p. 2 l. 3", None),
        ("p. 9 l. 1", None),
        ("p. 2 l. 2 - p. 2 l. 9", "five"),
        ("row 2", "two"),
        ("rows 6-99", "five\fsix"),
    ],
)
def test_place_has_the_span_that_exists(at: str, words: str | None) -> None:
    """Paragraphs, pages, lines and rows are counted from 1, and cut at the end of the text."""
    assert span_text(SourceText(PAGED, "line"), at) == words


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("para 6", None),
        ("para 4-7", "it has 6 paragraphs"),
        ("para 0", "a place must be 1 or more, and a range must ascend"),
        ("para 3-2", "a place must be 1 or more, and a range must ascend"),
        ("p. 3", None),
        ("p. 4", "it has 3 pages"),
        ("p. 2 l. 2", None),
        ("p. 2 l. 3", "there is no line 3 on its page 2"),
        ("p. 4 l. 1", "it has 3 pages"),
        ("p. 2 l. 2 - p. 2 l. 1", "a place must be 1 or more, and a range must ascend"),
        ("l. 8", "there is no line 8 in it"),
        ("row 8", "it has 7 lines"),
        ("00:14:05", "none of its lines begins with a time"),
    ],
)
def test_missing_place_has_a_reason(at: str, why: str | None) -> None:
    """A place that is not entirely in the text has a reason in words; any other has none."""
    assert lacking(SourceText(PAGED, "line"), at) == why


def test_text_without_form_feeds_lacks_later_pages() -> None:
    """The reason is that the pages are not separated, not that one is missing."""
    text = SourceText("one\n\ntwo")
    assert lacking(text, "p. 1") is None
    assert lacking(text, "p. 3") == "its pages are not separated by form feeds"
    assert lacking(text, "p. 3 l. 1") == "its pages are not separated by form feeds"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("00:00:05", "[00:00:05] A: Who is this?\nB: A friend."),
        ("00:00:59", "[00:00:05] A: Who is this?\nB: A friend."),
        ("01:10", "[00:01:10] A: What do you want?\n[00:01:10] B: To talk."),
        ("00:02:03", "00:02:00,500 --> 00:02:04,000\nThen talk."),
        ("62:03", "1:02:03 The end."),
        ("62:00-62:10", "00:02:00,500 --> 00:02:04,000\nThen talk.\n1:02:03 The end."),
        ("00:00:01", None),
        ("00:02:00-00:01:00", None),
    ],
)
def test_time_has_span_from_its_time_stamp_to_the_next(at: str, words: str | None) -> None:
    """The span starts at the latest time stamp up to the time."""
    assert span_text(SourceText(RECORDING, "line"), at) == words


def test_two_numbers_with_a_colon_are_what_the_text_has() -> None:
    """Page and line if it prints line numbers, times if its lines have them, else its pages."""
    assert span_text(SourceText(transcript(2)), "2:10") == "10   words 10 of page 2"
    assert span_text(SourceText(RECORDING), "01:10") == span_text(SourceText(RECORDING), "00:01:10")
    assert lacking(SourceText(PAGED), "2:10") == "there is no line 10 on its page 2"
    assert span_text(SourceText("a\nb\fc\n" + "d\n" * 9), "2:10") == "d"
    assert (
        lacking(SourceText("a"), "2:10") == "it has neither pages nor times at the starts of lines"
    )


def test_time_before_first_time_stamp_is_missing() -> None:
    """Without a time stamp up to a time, nothing can be shown."""
    assert lacking(SourceText(RECORDING), "00:00:01") == "its first time is later"
    assert lacking(SourceText(RECORDING), "00:00:30") is None


def test_printed_line_numbers_are_used_on_their_page() -> None:
    """In a transcript `l. 12` is the line with 12 in its margin, whatever is above it."""
    text = SourceText(transcript(3))
    assert span_text(text, "p. 2 l. 12") == "12   words 12 of page 2"
    assert span_text(text, "p. 3 l. 25") == "25   words 25 of page 3"
    assert span_text(text, "p. 1 l. 25 - p. 2 l. 1") == (
        "25   words 25 of page 1\n\n               1\f          HEARING\n\n 1   words 1 of page 2"
    )
    assert lacking(text, "p. 2 l. 26") == "there is no line 26 on its page 2"


def test_restarting_line_numbers_need_a_page() -> None:
    """Without a page, lines are counted in the whole text."""
    text = SourceText(transcript(2))
    assert span_text(text, "l. 3") == " 1   words 1 of page 1"
    assert span_text(text, "l. 32") == " 1   words 1 of page 2"


def test_continuous_line_numbers_need_no_page() -> None:
    """If the numbers never start again, they are used with or without a page."""
    text = SourceText(f"{numbered(20, 1, 1)}\n\f{numbered(20, 21, 2)}")
    assert span_text(text, "l. 30") == "30   words 30 of page 2"
    assert span_text(text, "p. 2 l. 30") == "30   words 30 of page 2"
    assert lacking(text, "p. 2 l. 1") == "there is no line 1 on its page 2"
    assert lacking(text, "l. 41") == "there is no line 41 in it"


@pytest.mark.parametrize(
    ("text", "words", "pin"),
    [
        (SourceText(PAGED, "line"), "two", "para 2"),
        (SourceText(PAGED, "line"), "two\n\nthree", "para 2-3"),
        (SourceText(PAGED, "line"), "\n\n", "para 2"),
        (SourceText(transcript(2)), "words 7 of page 2", "p. 2 l. 7"),
        (SourceText(transcript(1)), "words 7 of page 1\n 8 ", "l. 7-8"),
        (SourceText(transcript(2)), "HEARING", "p. 1 l. 1"),
        (SourceText(transcript(2)), "of page 1\n\n", "p. 1 l. 25"),
    ],
)
def test_pin_for_span_follows_the_text(text: SourceText, words: str, pin: str) -> None:
    """It names paragraphs, or page and line if the text prints line numbers."""
    start = text.text.rindex(words) if words.endswith("\n\n") else text.text.index(words)
    assert pin_for_span(text, (start, start + len(words))) == pin


TEXTS = st.text(st.sampled_from("ab \n\n\f"), min_size=1).map(lambda text: SourceText(text, "line"))


@given(TEXTS | st.just(SourceText(transcript(3))), st.data())
def test_pin_for_span_covers_the_span(text: SourceText, data: st.DataObject) -> None:
    """The pin cite of a span names a place that contains it and is entirely in the text."""
    start = data.draw(st.integers(0, max(0, len(text.text) - 1)))
    end = data.draw(st.integers(start, len(text.text)))
    if not text.paragraphs_in((start, end)):
        return
    place = parse_pin(pin_for_span(text, (start, end)))
    assert place is not None
    stretch = span_of_place(text, place)
    assert stretch is not None
    assert missing_reason(text, place) is None
    named = set(text.paragraphs_in(stretch))
    assert set(text.paragraphs_in((start, end))) <= named


@given(TEXTS)
def test_pages_lines_and_paragraphs_cover_the_text(text: SourceText) -> None:
    """Pages and lines are the whole text; paragraphs are all that is not blank."""
    pages = [text.text[slice(*text.page(one))] for one in range(1, text.page_count + 1)]
    lines = [text.text[slice(*text.line(one))] for one in range(1, text.line_count + 1)]
    assert "\f".join(pages) == text.text
    assert "\n".join(lines) == text.text.replace("\f", "\n")
    assert [line for line in lines if line.strip()] == [
        text.text[slice(*text.paragraph(one))] for one in text.paragraphs
    ]


def test_pin_cites_are_sorted_by_number() -> None:
    """Pages and lines are sorted as numbers, a page before its lines, free text last."""
    assert sorted(["46:3", "1:02:03", "45:12", "45:3"], key=pin_sort_key) == [
        *("45:3", "45:12", "46:3", "1:02:03")
    ]
    sections = ["§ 10", "§ 4(b)", "§ 4", "§ 4(a)"]
    assert sorted(sections, key=pin_sort_key) == ["§ 4", "§ 4(a)", "§ 4(b)", "§ 10"]
    places = ["p. 2 l. 9", "the margin", "p. 10", "p. 2 l. 10", "p. 2", None, "row 3", "row 12"]
    ordered = ["row 3", "row 12", "p. 2", "p. 2 l. 9", "p. 2 l. 10", "p. 10", None, "the margin"]
    assert sorted(places, key=pin_sort_key) == ordered


def test_excerpt_is_cited_by_its_printed_page_numbers() -> None:
    """A text that starts at page 45 has no page before it."""
    numbered = "\n".join(f"{n:>2}   Q.  Question {n}." for n in range(1, 26))
    text = SourceText("\f".join([numbered, numbered]), first_page=45)
    assert list(text.pages) == [45, 46]
    place = parse_pin("p. 45 l. 12 - p. 46 l. 3")
    assert place is not None
    stretch = span_of_place(text, place)
    assert stretch is not None
    assert list(text.lines_in(stretch)) == list(range(12, 29))
    assert pin_for_span(text, text.line(28)) == "p. 46 l. 3"
    assert missing_reason(text, place) is None
    page = parse_pin("p. 46")
    assert page is not None
    assert span_of_place(text, page) == text.page(46)
    for missing in ("p. 2", "p. 47", "p. 44 l. 3"):
        gone = parse_pin(missing)
        assert gone is not None
        assert span_of_place(text, gone) is None
        assert missing_reason(text, gone) == "its pages are 45-46"
