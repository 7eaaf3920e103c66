"""Pin cites: the place they name, the stretch of a text that it is, and what is not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.sources.pin_spans import lacks, pin_of, stretch_of
from casefile.case.sources.pins import (
    Line,
    Lines,
    Pages,
    Paragraphs,
    Place,
    Rows,
    Times,
    place_of,
    place_order,
)
from casefile.case.sources.source_text import SourceText

PAGED = "one\ntwo\n\nthree\n\ffour\nfive\n\fsix\n\f"
"""Three pages, of four lines, one of them blank, of two and of one."""

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
    """Give pages whose lines bear numbers, each page with a heading and its own number."""
    return "\f".join(
        f"          HEARING\n\n{numbered(lines, first, page)}\n\n               {page}\n"
        for page in range(1, pages + 1)
    )


def numbered(lines: int, first: int, page: int) -> str:
    """Give lines with numbers at their margin."""
    numbers = range(first, first + lines)
    return "\n".join(f"{number:2}   words {number} of page {page}" for number in numbers)


def said(text: SourceText, at: str) -> str | None:
    """Give what stands in a place of a text."""
    place = place_of(at)
    assert place is not None
    stretch = stretch_of(text, place)
    return text.text[slice(*stretch)] if stretch else None


def lacking(text: SourceText, at: str) -> str | None:
    """Say what a text lacks of a place."""
    place = place_of(at)
    assert place is not None
    return lacks(text, place)


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
        ("14:05", Times(845, 845)),
        ("1:14:05.250", Times(4445, 4445)),
        ("00:14:05-00:15:00", Times(845, 900)),
        ("  para\u00a04 ", Paragraphs(4, 4)),
        ("para 6-4", Paragraphs(6, 4)),
        ("l. 12-0", Lines(Line(12), Line(0))),
    ],
)
def test_every_form_of_a_pin_cite_is_read(at: str, place: Place) -> None:
    """The forms that the format names, the usual ones beside them, and nonsense as it stands."""
    assert place_of(at) == place


@pytest.mark.parametrize(
    "at",
    [None, "", "para", "para 4, 6", "the annex", "para 4 of the annex", "4", "p. iv",
     "para 1234567", "12 para", "at 00:14:05", "00:14:65", "2019-03-10", "para ４"],
)  # fmt: skip
def test_anything_else_is_free_words(at: str | None) -> None:
    """What only sounds like a place is not guessed at."""
    assert place_of(at) is None


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
def test_a_place_is_a_stretch_as_far_as_it_is_there(at: str, words: str | None) -> None:
    """Paragraphs, pages, lines on a page, lines in the whole, and rows are counted from 1."""
    assert said(SourceText(PAGED, "line"), at) == words


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
def test_what_is_not_there_is_told(at: str, why: str | None) -> None:
    """A place of which anything is not there has a reason in words; any other has none."""
    assert lacking(SourceText(PAGED, "line"), at) == why


def test_a_text_without_pages_says_so() -> None:
    """A page of a text that marks none is not called missing, since nobody can tell."""
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
def test_a_time_is_what_was_said_since_the_last_stamp(at: str, words: str | None) -> None:
    """A line that begins with the time, or with the latest one before it, up to the next."""
    assert said(SourceText(RECORDING, "line"), at) == words


def test_a_time_before_the_first_is_not_there() -> None:
    """Of a time that no stamp comes up to, nothing can be shown."""
    assert lacking(SourceText(RECORDING), "00:00:01") == "its first time is later"
    assert lacking(SourceText(RECORDING), "00:00:30") is None


def test_printed_numbers_count_on_their_page() -> None:
    """In a transcript `l. 12` is the line with a 12 at its margin, whatever stands above it."""
    text = SourceText(transcript(3))
    assert said(text, "p. 2 l. 12") == "12   words 12 of page 2"
    assert said(text, "p. 3 l. 25") == "25   words 25 of page 3"
    assert said(text, "p. 1 l. 25 - p. 2 l. 1") == (
        "25   words 25 of page 1\n\n               1\f          HEARING\n\n 1   words 1 of page 2"
    )
    assert lacking(text, "p. 2 l. 26") == "there is no line 26 on its page 2"


def test_numbers_that_start_again_count_on_their_page_alone() -> None:
    """Without a page a line is counted in the whole; there are as many lines 12 as pages."""
    text = SourceText(transcript(2))
    assert said(text, "l. 3") == " 1   words 1 of page 1"
    assert said(text, "l. 32") == " 1   words 1 of page 2"


def test_numbers_that_run_on_count_in_the_whole() -> None:
    """Where they never start again, the printed number is the line's, with a page or without."""
    text = SourceText(f"{numbered(20, 1, 1)}\n\f{numbered(20, 21, 2)}")
    assert said(text, "l. 30") == "30   words 30 of page 2"
    assert said(text, "p. 2 l. 30") == "30   words 30 of page 2"
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
def test_a_stretch_is_named_as_its_text_is_cited(text: SourceText, words: str, pin: str) -> None:
    """By paragraphs, and by page and line where the text prints the numbers of its lines."""
    start = text.text.rindex(words) if words.endswith("\n\n") else text.text.index(words)
    assert pin_of(text, (start, start + len(words))) == pin


TEXTS = st.text(st.sampled_from("ab \n\n\f"), min_size=1).map(lambda text: SourceText(text, "line"))


@given(TEXTS | st.just(SourceText(transcript(3))), st.data())
def test_a_stretch_is_within_the_place_it_is_named_by(
    text: SourceText, data: st.DataObject
) -> None:
    """What a pin cite was made for, it names again, and all of it is there."""
    start = data.draw(st.integers(0, max(0, len(text.text) - 1)))
    end = data.draw(st.integers(start, len(text.text)))
    if not text.paragraphs_in((start, end)):
        return
    place = place_of(pin_of(text, (start, end)))
    assert place is not None
    stretch = stretch_of(text, place)
    assert stretch is not None
    assert lacks(text, place) is None
    named = set(text.paragraphs_in(stretch))
    assert set(text.paragraphs_in((start, end))) <= named


@given(TEXTS)
def test_places_cover_a_text(text: SourceText) -> None:
    """Its pages, and its lines, are all of it; its paragraphs are all that is not blank."""
    pages = [text.text[slice(*text.page(one))] for one in range(1, text.page_count + 1)]
    lines = [text.text[slice(*text.line(one))] for one in range(1, text.line_count + 1)]
    assert "\f".join(pages) == text.text
    assert "\n".join(lines) == text.text.replace("\f", "\n")
    paragraphs = range(1, text.paragraph_count + 1)
    assert [line for line in lines if line.strip()] == [
        text.text[slice(*text.paragraph(one))] for one in paragraphs
    ]


def test_places_have_an_order() -> None:
    """Pages and lines ascend as numbers do, a page before its lines; free words stand last."""
    places = ["p. 2 l. 9", "the margin", "p. 10", "p. 2 l. 10", "p. 2", None, "row 3", "row 12"]
    ordered = ["row 3", "row 12", "p. 2", "p. 2 l. 9", "p. 2 l. 10", "p. 10", None, "the margin"]
    assert sorted(places, key=place_order) == ordered


def test_an_excerpt_is_cited_by_the_pages_printed_on_it() -> None:
    """A text that begins at page 45 has that as its first page, and no other before it."""
    numbered = "\n".join(f"{n:>2}   Q.  Question {n}." for n in range(1, 26))
    text = SourceText("\f".join([numbered, numbered]), first_page=45)
    assert list(text.pages) == [45, 46]
    place = place_of("p. 45 l. 12 - p. 46 l. 3")
    assert place is not None
    stretch = stretch_of(text, place)
    assert stretch is not None
    assert list(text.lines_in(stretch)) == list(range(12, 29))
    assert pin_of(text, text.line(28)) == "p. 46 l. 3"
    assert lacks(text, place) is None
    page = place_of("p. 46")
    assert page is not None
    assert stretch_of(text, page) == text.page(46)
    for missing in ("p. 2", "p. 47", "p. 44 l. 3"):
        gone = place_of(missing)
        assert gone is not None
        assert stretch_of(text, gone) is None
        assert lacks(text, gone) == "its pages are 45-46"
