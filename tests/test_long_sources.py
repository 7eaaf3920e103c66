"""The text of a source, up to 16 MiB in one line or in 250,000, is looked at in small parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screens import Desk
from test_long_texts import calls_in

from casefile.case.model import Source
from casefile.case.sources import verbatim
from casefile.case.sources.missing_places import missing_reason, repeated_in
from casefile.case.sources.pin_spans import span_of_place
from casefile.case.sources.pins import parse_pin
from casefile.case.sources.quotations import find_words
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import LoadedText
from casefile.case.sources.verbatim import Verbatim
from casefile.query import Query, parse
from casefile.views.folded_parts import FoldedParts
from casefile.views.source_lines import SourceLines

PARTS = ["word ", "a ", "-a", "12 a\n", "ﬁ", "e\u0301", "한", "#", " ", "\u2014", "«", "\u200b"]
ANY_SCRIPT = st.text(st.sampled_from("ab1-–\n “'«»\u00a0é\u0301ﬁ国、한ﾞ½#\u00ad\u200b"), max_size=40)


@pytest.mark.parametrize("part", PARTS)
def test_search_for_what_is_folded_is_bounded(part: str) -> None:
    """No call of the pattern, which nothing interrupts, searches more than some kilobytes."""
    searched: list[int] = []
    pattern = verbatim._FOLDED

    class Counted:
        """The pattern, with the lengths of its searches."""

        def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
            searched.append(end - start)
            return pattern.finditer(text, start, end)

    text = part * (100_000 // len(part))
    with patch.object(verbatim, "_FOLDED", Counted()):
        Verbatim(text)
    assert sum(searched) == len(text)
    assert max(searched) < 20_000


@given(ANY_SCRIPT)
def test_text_is_folded_alike_in_parts(text: str) -> None:
    """Where a search begins and ends makes no difference."""
    long = f"{text}ab国한{text}#{text}"
    whole = Verbatim(long)
    for searched in (1, 2, 5, 11):
        with patch.object(verbatim, "_SEARCHED", searched), patch.object(verbatim, "_FURTHEST", 99):
            parts = Verbatim(long)
        assert parts.folded == whole.folded
        assert parts.dashes == whole.dashes
        spans = [(at, at + 1) for at in range(len(whole.folded))]
        assert [parts.origin(*span) for span in spans] == [whole.origin(*span) for span in spans]


def test_only_dashes_at_quoted_words_are_examined() -> None:
    """Of very many dashes, only those where the words may be are looked at."""
    text = SourceText("-a" * 50_000 + " the word " + "-a" * 50_000)
    assert text.verbatim.folded.count("a") == 100_000
    assert calls_in(lambda: find_words(text, "the word")) < 2000


def numbered(pages: int) -> str:
    """Return the pages of a transcript with 25 numbered lines each."""
    return "\f".join("\n".join(f"{n:3} words" for n in range(1, 26)) for _ in range(pages))


@pytest.mark.parametrize(
    "look",
    [lambda lines: lines.label(40), lambda lines: lines.continues_below(40)],
    ids=["label", "paragraph"],
)
@pytest.mark.parametrize("part", ["12 a\n", "a\n\n", "a\nb\n\n"])
def test_line_costs_the_same_in_a_long_text(
    desk: Desk, part: str, look: Callable[[SourceLines], object]
) -> None:
    """Nothing is done for all lines when the first of them are shown."""
    open_case = desk.lay_open()
    short, long = (SourceLines(open_case, "x", SourceText(part * n)) for n in (100, 10_000))
    assert calls_in(lambda: look(long)) <= calls_in(lambda: look(short)) + 2


def test_label_width_is_that_of_the_longest_label(desk: Desk) -> None:
    """It is found page by page."""
    for text in (numbered(3), numbered(2) + "\f" + "note\n" * 120, "a\n\n" * 12, numbered(200)):
        lines = SourceLines(desk.lay_open(), "x", SourceText(text))
        calls = calls_in(partial(getattr, lines, "label_width"))
        assert lines.label_width >= max(
            len(lines.label(number)) for number in range(1, lines.text.line_count + 1)
        )
        assert lines.text.largest_number == max(
            lines.text.numbered(number).number for number in range(1, lines.text.line_count + 1)
        )
        assert calls < 3000


@given(st.text("ab \n\f", min_size=1))
def test_paragraph_at_its_first_line(text: str) -> None:
    """The number of a paragraph stands at its first line, and at no other."""
    source = SourceText(f"x{text}")
    firsts = {source.lines_in(source.paragraph(number))[0]: number for number in source.paragraphs}
    lines = range(1, source.line_count + 1)
    assert [source.number_at(line) for line in lines] == [firsts.get(line) for line in lines]


@pytest.mark.parametrize(
    ("part", "at"),
    [
        ("EXHIBIT {}\n\f", "Ex. 1"),
        ("EXHIBIT 1\n\f", "Ex. 1 at 3"),
        ("EXHIBIT A\nEXHIBIT B\n", "Ex. B"),
        ("COUNTS 1 THROUGH 9\n", "Count 2"),
        ("Section 1.{}\n", "§ 1(a)"),
        ("words      ABC-{:06}\n", "ABC-000002 to ABC-000009"),
        ("{}. words\n\n", "para 1-9999"),
        ("1. words\n\nCOUNT {}\n\n", "Count 7, para 1"),
    ],
)
def test_places_are_found_in_time_proportionate_to_the_text(part: str, at: str) -> None:
    """Ten times as many marks or numbers cost about ten times as much, once for each kind."""
    place = parse_pin(at)
    assert place is not None

    def calls(count: int) -> int:
        text = SourceText("".join(part.format(number) for number in range(count)), "numbered")
        return calls_in(
            lambda: (
                span_of_place(text, place),
                missing_reason(text, place),
                repeated_in(text, place),
            )
        )

    assert calls(5000) < 12 * calls(500)


def test_place_that_is_the_whole_text_is_folded_once() -> None:
    """A text in one paragraph is not folded again for a quotation from that paragraph."""
    text = SourceText("a-b " * 3000)
    assert text.verbatim_in(text.paragraph(1))[0] is text.verbatim


@given(st.lists(st.text("ab ", max_size=9)), st.lists(st.text("ab", min_size=1), max_size=3))
def test_parts_that_have_all_words_are_found(parts: list[str], words: list[str]) -> None:
    """Joined parts are searched as each of them would be."""
    query = Query(tuple(words))
    expected = [at for at, part in enumerate(parts) if words and query.matches(part)]
    assert list(FoldedParts(parts).matching(query)) == expected


async def test_key_in_a_search_folds_no_source_again(desk: Desk) -> None:
    """Neither words that are nowhere nor words in every line cost what the whole text does."""
    (desk.folder / "long.txt").write_text("12 ä\n" * 10_000)
    case = desk.write_case(
        '[[source]]\nid = "long"\ntitle = "Long"\nfile = "long.txt"\n'
        '[[event]]\nid = "a"\ntitle = "A"\ncites = "long"\n'
    )
    async with desk.open(case) as reader:
        await reader.press("s")
        view = reader.screen.area.source
        assert view is not None
        await reader.until(lambda: view.is_complete)
        assert view.matching_lines(parse("a")) == tuple(range(10_000))
        assert calls_in(lambda: view.matching_lines(parse("zz"))) < 100
        assert calls_in(lambda: view.matching_lines(parse("a"))) < 60_000


def test_marks_of_a_long_text_are_found_before_it_is_shown() -> None:
    """Dividing it and finding the marks of a kind takes long, each once."""
    content = "MB-000001\n\nwords of the page\n\n\f" * 10_000
    source = Source(id="s", title="S")
    loaded = LoadedText(
        source, content, Path("s.txt"), is_own=False, sha256="", is_as_recorded=None
    )
    assert loaded.is_slow_at("p. 2")
    loaded.find("p. 2")
    assert not loaded.is_slow_at("p. 2")
    assert loaded.is_slow_at("MB-000001")
    loaded.find("MB-000001, para 1")
    assert not loaded.is_slow_at("MB-000001")
    assert not loaded.is_slow_at(None)
