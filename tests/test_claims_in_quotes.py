"""The cites of claims that are made in a quotation: what they take from it, and their words."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from screens import Desk

from casefile.case.findings.checker import check
from casefile.case.model import CaseFile, Cite, Quote, Source
from casefile.case.reader import read_case_bytes
from casefile.case.relations import cites_of, own_cites
from casefile.case.sources.quotations import words_within
from casefile.case.sources.text_files import LoadedText
from casefile.views.entry_page import page_of_entry
from casefile.views.open_case import OpenCase
from casefile.views.source_lines import SourceLines, pins_of

TEXT = """\
A report of the hearing.
“We trade in many things,” he said, “chief amongst them
heroin, and we shall stop.” He left the room.
“Nobody asked me.”
"""
HEAD = """\
format = "casefile/1"
[case]
id = "hearing"
title = "A hearing"
source = "log"
[[party]]
id = "anna"
name = "Anna"
type = "Person"
cites = "row 1"
[[source]]
id = "log"
title = "The log"
[[source]]
id = "press"
title = "A report"
file = "press.txt"
paragraphs = "line"
[[quote]]
id = "speech"
speaker = "anna"
words = ["We trade in many things", "chief amongst them heroin, and we shall stop."]
cites = [
    { source = "log", field = "speaker", at = "row 2" },
    "press, para 2",
    "press, para 3",
    "log, row 4",
]
[[claim]]
id = "claim"
statement = "They trade in heroin"
in_quote = "speech"
"""


def case_with(cites: str) -> CaseFile:
    """Return the case with these cites of the claim."""
    text = f"{HEAD}cites = {cites}\n" if cites else HEAD
    reading = read_case_bytes(Path("demo.toml"), text.encode())
    assert reading.case_file is not None
    assert reading.problems == ()
    return reading.case_file


CONTRADICTING = Cite(at="row 6", stance="contradicts")
FROM_SPEECH = (
    Cite(source="log", field="speaker", at="row 2"),
    Cite(source="press", at="para 2"),
    Cite(source="press", at="para 3"),
    Cite(source="log", at="row 4"),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", FROM_SPEECH),
        ('{ quote = "heroin" }', (Cite(source="press", at="para 2", quote="heroin"),)),
        ('{ at = "para 3" }', (Cite(source="press", at="para 3"),)),
        ('"log"', (Cite(source="log", at="row 4"),)),
        ('"log, row 5"', (Cite(source="log", at="row 5"),)),
        ('{ at = "row 6", stance = "contradicts" }', (*FROM_SPEECH, CONTRADICTING)),
    ],
)  # fmt: skip
def test_cite_takes_what_it_lacks_from_the_quote(written: str, read: tuple[Cite, ...]) -> None:
    """Without a source, that of the first cite of the words; then without a place, that one's.

    A cite that doesn't support the claim takes nothing, and the cites of the quote stay.
    """
    case_file = case_with(written)
    assert cites_of(case_file, case_file.entries["claim"]) == read


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("chief amongst them heroin", "chief amongst them heroin"),
        ("many things chief amongst them", "many things … chief amongst them"),
        ("We trade … we shall stop", "We trade … we shall stop"),
        ("many things … heroin", "many things … heroin"),
        ("heroin … many things", None),
        ("cocaine", None),
        ("Chief amongst them", None),
    ],
)
def test_words_are_looked_up_in_the_quotation(words: str, found: str | None) -> None:
    """As in a text: case matters, and the fragments of the quotation may meet inside the words."""
    speech = case_with("").entries["speech"]
    assert isinstance(speech, Quote)
    assert words_within(speech, words) == found


def text_of(_case_file: CaseFile, source: Source) -> LoadedText:
    """Return the text of the report for any source."""
    return LoadedText(source, TEXT, Path("x.txt"), is_own=False, sha256="", is_as_recorded=None)


@pytest.mark.parametrize(
    ("cites", "codes"),
    [
        ('{ quote = "many things chief amongst them heroin" }', []),
        ('{ quote = "cocaine" }', ["outside-quote"]),
        # It is in the text, but not in the quotation.
        ('{ quote = "He left the room" }', ["outside-quote"]),
        ('{ at = "para 3", quote = "He left the room" }', []),
        ('{ at = "para 4", quote = "He left the room" }', ["wrong-place"]),
    ],
)
def test_words_of_a_cite_without_place_are_those_of_the_quote(cites: str, codes: list[str]) -> None:
    """They are compared with the quotation alone; with a place, they are looked up in the text."""
    reading = read_case_bytes(Path("demo.toml"), f"{HEAD}cites = {cites}\n".encode())
    result = check(reading, text_of)
    assert [one.code for one in result.problems if one.entry == "claim"] == codes


def open_case(desk: Desk, cites: str) -> OpenCase:
    """Open the case with the text of its report."""
    (desk.folder / "press.txt").write_text(TEXT, encoding="utf-8")
    path = desk.folder / "demo.toml"
    path.write_text(f"{HEAD}cites = {cites}\n", encoding="utf-8")
    return desk.lay_open(path)


def test_words_of_a_claim_are_on_its_page_and_marked_in_the_source(desk: Desk) -> None:
    """The page shows its own words; the source has them marked, wherever the quotation has them."""
    case = open_case(desk, '{ quote = "many things chief amongst them heroin" }')
    texts = [
        item.text for section in page_of_entry(case, "claim").sections for item in section.items
    ]
    assert "“many things chief amongst them heroin”" in texts
    assert "A report, para 2" in texts
    lines = SourceLines(case, "press", case.texts.of("press").text)
    (pin,) = pins_of(case, "claim")
    match = lines.find_pin(pin)
    assert match.lacking is None
    assert [TEXT[start:end] for start, end in match.marks] == [
        *("many things", "chief amongst them", "heroin")
    ]


def test_many_claims_in_a_quote_of_many_cites_are_completed_in_few_calls() -> None:
    """A claim takes its place from a quote without going through all cites of the quote."""
    assert calls_to_complete(200) < 2.5 * calls_to_complete(100)


def calls_to_complete(count: int) -> int:
    """Return the calls that completing the cites of as many claims as their quote has takes."""
    cites = ", ".join(f'"press, para {number}"' for number in range(count))
    quote = f'[[quote]]\nid = "q"\nspeaker = "anna"\nwords = "No"\ncites = [{cites}]\n'
    claim = '[[claim]]\nid = "c%d"\nstatement = "No"\nin_quote = "q"\ncites = { quote = "No" }\n'
    claims = "".join(claim % number for number in range(count))
    case_file = read_case_bytes(Path("case.toml"), (HEAD + quote + claims).encode()).case_file
    assert case_file is not None
    calls = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        for entry in case_file.entries.values():
            assert own_cites(case_file, entry) or not entry.cites
    finally:
        sys.setprofile(before)
    return calls
