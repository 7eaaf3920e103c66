"""What pages repeat at their top and foot: headers, page numbers and stamps are not its words."""

from __future__ import annotations

import pytest

from casefile.case.sources.pin_spans import span_of_place
from casefile.case.sources.pins import parse_pin
from casefile.case.sources.quotations import find_words
from casefile.case.sources.source_text import SourceText


def header(page: int) -> str:
    """Return the header that an electronic docket prints on a page."""
    return f"Case 1:19-cr-00123 Document 45 Filed 03/04/20 Page {page} of 3\n\n"


PAGES = [
    f"{header(1)}THE PEOPLE v. CALLOWAY\n\n1. He was to name the pilot and\n\n   1\n",
    f"{header(2)}the cargo of each voyage.\n\n2. He named\n\n   2\n",
    f"{header(3)}nobody.\n\n   3\n",
]
TEXT = SourceText("\f".join(PAGES), "numbered")


def words(text: SourceText) -> list[str]:
    """Return the lines of a text without what is no word of it."""
    lines = text.words((0, len(text.text))).replace("\f", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize("quote", ["the pilot and the cargo", "He named nobody."])
def test_quotation_goes_on_over_a_page_break(quote: str) -> None:
    """Neither the page number nor the header of the next page interrupts it."""
    assert find_words(TEXT, quote)


def test_what_is_repeated_may_still_be_quoted_and_cited() -> None:
    """A header is found as what it is, and its docket number and page are places."""
    assert find_words(TEXT, "Filed 03/04/20 Page 2 of 3")
    place = parse_pin("Dkt. 45 at 2")
    assert place is not None
    assert span_of_place(TEXT, place) == TEXT.page(2)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        (["HEAD\na", "HEAD\nb"], ["a", "b"]),
        (["a\n- 9 -", "b\n- 10 -"], ["a", "b"]),
        (["a", "- 2 -\nb"], ["a", "b"]),
        (["a", "b\nPage 2 of 2"], ["a", "b"]),
        (["a", "7\nb"], ["a", "7", "b"]),
        (["LEFT\na", "RIGHT\nb", "LEFT\nc", "RIGHT\nd"], ["a", "b", "c", "d"]),
        (["a\nMB-000001", "b\nMB-000002"], ["a", "b"]),
        (["a\nPaid 40", "b\nPaid 55"], ["a", "Paid 40", "b", "Paid 55"]),
        (["a\nsame\nb", "c\nsame\nd"], ["a", "same", "b", "c", "same", "d"]),
        (["1.\na", "2.\nb"], ["1.", "a", "2.", "b"]),
        (["HEAD\na\nHEAD\nb"], ["HEAD", "a", "HEAD", "b"]),
    ],
    ids=str,
)
def test_line_is_repeated_at_the_edge_of_the_next_pages(
    pages: list[str], expected: list[str]
) -> None:
    """Only its numbers differ, as those of the pages do; the number of a paragraph stays."""
    assert words(SourceText("\f".join(pages))) == expected


def test_header_in_capitals_begins_no_paragraph() -> None:
    """What comes after it goes on with the paragraph before, as it would on one page."""
    pages = ["SEALED\n\n1. He sailed\n", "SEALED\n\nat dawn.\n\n2. He came back.\n"]
    text = SourceText("\f".join(pages), "numbered")
    place = parse_pin("para 1")
    span = span_of_place(text, place) if place else None
    assert span is not None
    assert find_words(text, "He sailed at dawn.", span)


def test_counted_paragraphs_are_not_changed() -> None:
    """Each line that is not blank is one by `paragraphs = "line"`, whatever pages repeat."""
    text = SourceText("HEAD\na\fHEAD\nb", "line")
    assert len(text.paragraphs) == 4
