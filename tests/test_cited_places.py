"""Cites as lawyers write them: of an indictment, a deposition and exhibits, right and wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from screens import Desk

from casefile.case.findings.checker import check
from casefile.case.model import CaseFile, Source
from casefile.case.problem import Problem
from casefile.case.reader import read_case_bytes
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import LoadedText, TextUnavailable
from casefile.views.evidence import Evidence
from casefile.views.source_lines import SourceLines

INDICTMENT = """\
DISTRICT COURT OF PORT ALDER

THE PEOPLE
v.
IVO CALLOWAY

The grand jury charges:

INTRODUCTION

1. Calloway Shipping leased the vessel Marlin Bay from 2018
to 2021.

2. IVO CALLOWAY was its only director.

The company had no other staff.

3. The company kept two sets of books:

(a) a ledger that the bank saw;

(b) a ledger kept in a locker, in which
(1) freight and
(2) gratuities were entered; and

(c) no others.

COUNT ONE
(False entries)

The grand jury further charges:

4. On March 4, 2021, CALLOWAY entered a voyage that was not made.
\f5. He did so at Port Alder.

COUNT TWO
(Perjury)

6. On June 14, 2022, CALLOWAY said under oath that he kept one ledger.

7. That was false.

Forfeiture Allegation

8. CALLOWAY shall forfeit the vessel.
"""

ANNEXED = (
    INDICTMENT
    + """\f
EXHIBIT A

1. The Marlin Bay is a vessel of 900 tons.

2. It was built in 1987.
"""
)
"""The indictment with an annex, in which the numbers begin again."""


def _page(number: int, *lines: str) -> str:
    spoken = [*lines, *("A.   I don't recall." for _ in range(25 - len(lines)))]
    numbered = "\n".join(f"{at:2}    {line}" for at, line in enumerate(spoken, 1))
    return f"          DEPOSITION OF I. CALLOWAY        {number}\n\n{numbered}\n"


DEPOSITION = "\f".join(
    [
        _page(44),
        _page(45, "Q.   Who kept the books?", "A.   My brother did.", "Q.   Both of them?"),
        _page(46, "A.   There was only one."),
    ]
)
"""Pages 44 to 46, each with the numbers 1 to 25 in its margin."""

EXHIBIT = """\
EXHIBIT 12

Invoice of Tarn Chandlers to Calloway Shipping

Rope and paint, see MB-000099

                                        MB-000412
\fThe sum is due in March.

CONFIDENTIAL                            MB-000413
\fReceived with thanks.

                                        MB-000414
"""

FILING = """\
Case 1:22-cr-00045-PA   Document 45   Filed 07/01/22   Page 1 of 2

Motion to suppress
\fCase 1:22-cr-00045-PA   Document 45   Filed 07/01/22   Page 2 of 2

For these reasons the motion should be granted.
\fCase 1:22-cr-00045-PA   Document 46   Filed 07/09/22   Page 1 of 1

Opposition
"""

STATUTE = """\
Harbour Act

Contents
Section 1. Interpretation ........ 1
Section 2. Duties of masters ..... 2

Section 1. Interpretation

In this Act, master has the meaning of
section 2 of the Shipping Act.

Section 2. Duties of masters

(a) A master keeps a log.

(b) The log states

(1) the hour of each departure, and

(2) the name of the pilot.

(c) Paragraph (b) does not apply to ferries.
"""

TEXTS = {
    "indictment": INDICTMENT,
    "annexed": ANNEXED,
    "calloway": DEPOSITION,
    "invoice": EXHIBIT,
    "docket": FILING,
    "act": STATUTE,
}

SOURCES = """
[[source]]
id = "indictment"
title = "Indictment of I. Calloway"
paragraphs = "numbered"
[[source]]
id = "annexed"
title = "Indictment with annex"
paragraphs = "numbered"
[[source]]
id = "calloway"
title = "Deposition of I. Calloway"
abbreviation = "Calloway Dep."
first_page = 44
[[source]]
id = "invoice"
title = "Invoice of Tarn Chandlers"
bates = "MB-000412 to MB-000414"
[[source]]
id = "docket"
title = "Motion to suppress, and opposition"
[[source]]
id = "act"
title = "Harbour Act"
[[source]]
id = "lost"
title = "Correspondence of I. Calloway"
bates = "MB-000500-520"
"""


def text_of(_case_file: CaseFile, source: Source) -> LoadedText:
    """Return the text of a source, of which one has none."""
    if source.id not in TEXTS:
        raise TextUnavailable("not-named", "the case names no file for it")
    text = TEXTS[source.id]
    return LoadedText(source, text, Path("x.txt"), is_own=False, sha256="", is_as_recorded=None)


def found(cites: str, *, coverage: bool = False, sources: str = SOURCES) -> list[Problem]:
    """Check a case in which one event has these cites; return what is found about them."""
    event = f'[[event]]\nid = "e"\ntitle = "E"\ncites = [{cites}]\n'
    head = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\nsource = "indictment"\n'
    reading = read_case_bytes(Path("demo.toml"), f"{head}{sources}{event}".encode())
    problems = check(reading, text_of, coverage=coverage).problems
    return [one for one in problems if one.code != "unused-source"]


@pytest.mark.parametrize(
    "cites",
    [
        '"para 8"',
        '"¶ 8"',
        '"paras 4-5"',
        '{ at = "para 3", quote = "a ledger that the bank saw" }',
        '{ at = "para 2", quote = "The company had no other staff." }',
        '{ at = "para 4", quote = "The grand jury further charges" }',
        '{ at = "para 3(b)", quote = "kept in a locker" }',
        '{ at = "para 3(b)(2)", quote = "gratuities" }',
        '{ at = "Count 2", quote = "That was false." }',
        '{ at = "Count Two", quote = "He kept one ledger" }'.replace("He", "he"),
        '"Counts 1-2"',
        '"Count One, para 5"',
        '"p. 2, para 6"',
        '"annexed, Ex. A, para 2"',
        '{ source = "annexed", at = "Ex. A, para 2", quote = "built in 1987" }',
        '"calloway, 45:1"',
        '"calloway, 45:1-3"',
        '{ source = "calloway", at = "45:25-46:1", quote = "There was only one." }',
        '{ source = "calloway", at = "p. 45:1-2", quote = "My brother did." }',
        '{ source = "calloway", at = "Tr. 45:2", quote = "My brother did." }',
        '"calloway, Tr. at 45:2-3"',
        '"calloway, Hr\'g Tr. 45:2"',
        '"Calloway Dep. 45:2-3"',
        '"Calloway Dep. at 45:2"',
        '"Calloway Dep., p. 45"',
        '"calloway dep.  45:12-46:1"',
        '{ at = "Calloway Dep. 45:2", quote = "My brother did." }',
        '{ source = "calloway", at = "Calloway Dep. 45:2", quote = "My brother did." }',
        '"Calloway Dep."',
        '{ source = "invoice", at = "MB-000413", quote = "The sum is due" }',
        '{ source = "invoice", at = "MB000412", quote = "Rope and paint" }',
        '{ source = "invoice", at = "MB-000412-414", quote = "Received with thanks" }',
        '"invoice, MB-000412 to MB-000413"',
        '"invoice, MB-000412 - MB-000413"',
        '{ source = "invoice", at = "Ex. 12", quote = "Received with thanks" }',
        '{ source = "invoice", at = "Exhibit 12 at 2", quote = "The sum is due" }',
        '{ source = "docket", at = "Dkt. 45 at 2", quote = "should be granted" }',
        '{ source = "docket", at = "ECF No. 46", quote = "Opposition" }',
        '{ source = "docket", at = "Doc. 45, p. 1", quote = "Motion to suppress" }',
        '{ source = "act", at = "§ 2(b)", quote = "the name of the pilot" }',
        '{ source = "act", at = "section 2(b)(1)", quote = "the hour" }',
        '{ source = "act", at = "sec. 1", quote = "section 2 of the Shipping Act" }',
        '"act, §§ 1-2"',
        '"lost, MB-000501"',
        '"lost, MB-000500 to MB-000520"',
        '"the margin, near the stamp"',
        '"lost, in the envelope"',
    ],
)  # fmt: skip
def test_right_cite_has_no_finding(cites: str) -> None:
    """What the source has is looked up there, however the place is written."""
    assert [str(one) for one in found(cites)] == []


@pytest.mark.parametrize(
    ("cites", "code", "what"),
    [
        ('"para 9"', "place-not-found",
         "para 9 is not in indictment; its paragraphs bear the numbers 1 to 8"),
        ('"paras 7-9"', "place-not-found",
         "paras 7-9 is not in indictment; its paragraphs bear the numbers 1 to 8"),
        ('"para 3(d)"', "place-not-found",
         "para 3(d) is not in indictment; there is no item (d)"),
        ('{ at = "para 8", quote = "That was false." }', "wrong-place",
         "“That was false.” is not in indictment, para 8; it is in para 7"),
        ('{ at = "para 3(a)", quote = "gratuities" }', "wrong-place",
         "“gratuities” is not in indictment, para 3(a); it is in para 3"),
        ('"para 3(a)-(d)"', "place-not-found",
         "para 3(a)-(d) is not in indictment; there is no item (d)"),
        ('{ at = "Count 1", quote = "said under oath" }', "wrong-place",
         "“said under oath” is not in indictment, Count 1; it is in Count 2"),
        ('{ at = "p. 1", quote = "said under oath" }', "wrong-place",
         "“said under oath” is not in indictment, p. 1; it is in p. 2"),
        ('"Count 3"', "place-not-found",
         "Count 3 is not in indictment; its counts are Count 1 and Count 2"),
        ('"Count 2, para 4"', "place-not-found",
         "Count 2, para 4 is not in indictment; its paragraphs bear the numbers 6 to 8 there"),
        ('"Count 1, paras 4-7"', "place-not-found",
         "Count 1, paras 4-7 is not in indictment; its paragraphs bear the numbers 4 to 5 there"),
        ('"annexed, para 2"', "ambiguous-place",
         ("para 2 is more than one place in annexed; it is in p. 1 and p. 3, of which the first "
          "is used; write “p. 1, para 2” or “p. 3, para 2”")),
        ('"calloway, 47:2"', "place-not-found",
         "47:2 is not in calloway; its pages are 44-46"),
        ('"calloway, Tr. 45:26"', "place-not-found",
         "Tr. 45:26 is not in calloway; there is no line 26 on its page 45"),
        ('"Calloway Dep. 45:20-26"', "place-not-found",
         "45:20-26 is not in calloway; there is no line 26 on its page 45"),
        ('{ at = "Calloway Dep. 45:3", quote = "My brother did." }', "wrong-place",
         "“My brother did.” is not in calloway, 45:3; it is in 45:2"),
        ('"calloway, 00:45:12"', "place-not-found",
         ("00:45:12 is not in calloway; none of its lines begins with a time; it is cited by page "
          "and line")),
        ('"invoice, MB-000415"', "place-not-found",
         "MB-000415 is not in invoice; it is not among the `bates` of the source"),
        ('{ source = "invoice", at = "MB-000414", quote = "The sum is due" }', "wrong-place",
         "“The sum is due” is not in invoice, MB-000414; it is in MB-000413"),
        ('"docket, MB-000414"', "place-not-found",
         "MB-000414 is not in docket; it bears no Bates numbers"),
        ('"invoice, Ex. 13"', "place-not-found",
         "Ex. 13 is not in invoice; its exhibit numbers are Ex. 12"),
        ('"docket, Dkt. 47"', "place-not-found",
         "Dkt. 47 is not in docket; its docket numbers are Dkt. 45 and Dkt. 46"),
        ('"docket, Dkt. 45 at 3"', "place-not-found",
         "Dkt. 45 at 3 is not in docket; that part of it has 2 pages"),
        ('"act, § 3"', "place-not-found",
         "§ 3 is not in act; its sections are § 1 and § 2"),
        ('"act, § 1(b)"', "place-not-found",
         "§ 1(b) is not in act; there is no item (b)"),
        ('"lost, MB-000521"', "place-not-found",
         "MB-000521 is not in lost; it is not among the `bates` of the source"),
        ('"45.12"', "odd-place",
         ('cites: “45.12” can\'t be read as a place; write it in a form such as "p. 45 l. 12" or '
          '"§ 45.12"')),
        ('"Rook Dep. 45:12"', "odd-place",
         ('cites: “Rook Dep. 45:12” can\'t be read as a place; give its source '
          '`abbreviation = "Rook Dep."`, or write "45:12"')),
        ('"paras 4, 6 and 8"', "odd-place",
         ('cites: “paras 4, 6 and 8” can\'t be read as a place; write a cite for each: "para 4", '
          '"para 6", "para 8"')),
        ('"45:12, 14 and 46:3"', "odd-place",
         ('cites: “45:12, 14 and 46:3” can\'t be read as a place; write a cite for each: "45:12", '
          '"45:14", "46:3"')),
        ('"§ 4(a), (c)"', "odd-place",
         ('cites: “§ 4(a), (c)” can\'t be read as a place; write a cite for each: "§ 4(a)", '
          '"§ 4(c)"')),
        ('"Callaway Dep. 45:12"', "odd-place",
         ('cites: “Callaway Dep. 45:12” can\'t be read as a place; write "Calloway Dep. 45:12"')),
        ('"Rook Aff. ¶ 4"', "odd-place",
         ('cites: “Rook Aff. ¶ 4” can\'t be read as a place; give its source '
          '`abbreviation = "Rook Aff."`, or write "¶ 4"')),
        ('"para 8 n.3"', "odd-place",
         'cites: “para 8 n.3” can\'t be read as a place; write only "para 8"'),
        ('"4(b)"', "odd-place",
         ('cites: “4(b)” can\'t be read as a place; write it in a form such as "para 4(b)" or '
          '"§ 4(b)"')),
        ('"A-14"', "odd-place",
         'cites: “A-14” can\'t be read as a place; write it in a form such as "Ex. A-14"'),
        ('"para ٨"', "odd-place",
         'cites: “para ٨” can\'t be read as a place; write it in a form such as "para 8"'),
        ('"第8段"', "odd-place",
         ('cites: “第8段” can\'t be read as a place; write it in a form such as "para 8" or '
          '"p. 8"')),
        ('"parra 4"', "odd-place",
         'cites: “parra 4” can\'t be read as a place; write "para 4"'),
    ],
)  # fmt: skip
def test_wrong_cite_is_caught(cites: str, code: str, what: str) -> None:
    """The message says what the source has instead."""
    assert [(one.code, one.what) for one in found(cites)] == [(code, what)]


DOCS = (Path(__file__).parent.parent / "docs" / "format.md").read_text("utf-8")
THREE = DOCS.partition("\n### Three examples\n")[2].partition("\n### ")[0]
ROWS = "".join(re.findall(r"^```toml\n(.*?)^```$", THREE, re.DOTALL | re.MULTILINE))


def found_in_docs(rows: str, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    """Check the examples of the reference, with the indictment that it prints."""
    (indictment, *_) = re.findall(r"^```\n(.*?)^```$", THREE, re.DOTALL | re.MULTILINE)
    monkeypatch.setitem(TEXTS, "indictment", indictment)
    return found('"para 1"', sources=rows)


def test_examples_of_the_reference_are_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """An indictment, a deposition and an exhibit can be cited from the reference alone."""
    assert [str(one) for one in found_in_docs(ROWS, monkeypatch)] == []


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("para 2(a)", "para 4", "place-not-found"),
        ("para 2(a)", "para 2(b)", "wrong-place"),
        ("Count One", "Count Three", "place-not-found"),
        ("Calloway Dep. 45:1-2", "Calloway Dep. 45:26", "place-not-found"),
        ("Tr. 45:2", "Tr. 45:3", "wrong-place"),
        ("MB-000413-414", "MB-000415", "place-not-found"),
        ("MB-000412", "MB-000413", "wrong-place"),
        ("Ex. 12 at 3", "Ex. 12 at 4", "place-not-found"),
    ],
)
def test_wrong_cites_of_the_examples_are_caught(
    monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, code: str
) -> None:
    """What the reference calls wrong is found to be wrong."""
    at = ROWS.rindex(right) if right == "MB-000412" else ROWS.index(right)
    rows = ROWS[:at] + wrong + ROWS[at + len(right) :]
    assert code in [one.code for one in found_in_docs(rows, monkeypatch)]


def test_coverage_names_places_as_they_are_cited(monkeypatch: pytest.MonkeyPatch) -> None:
    """By printed number, section, Bates number, page and line, or row; else it is unknown."""
    monkeypatch.setitem(TEXTS, "docket", "date,what\n2021,sails\n2022,sinks\n2023,raised\n")
    cites = '"paras 1-3", "Count 2", "calloway, 44:1-45:3", "calloway, 46:2-25", "docket, row 3"'
    cites += ', "act, § 2", "invoice, MB-000413"'
    of: defaultdict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for one in found(f'{cites}, "lost, in a box"', coverage=True):
        of[one.entry].append((one.code, one.wrong.partition(": ")[0]))
    assert of["indictment"] == [
        ("uncited", f"no entry cites {at}") for at in ("p. 1 l. 1-7", "para 4", "para 5")
    ]
    assert of["calloway"] == [("uncited", "no entry cites 45:4-46:1")]
    assert {wrong for _, wrong in of["act"]} >= {"no entry cites § 1"}
    assert {wrong for _, wrong in of["invoice"]} == {
        f"no entry cites MB-{number}" for number in ("000412", "000414")
    }
    assert of["docket"] == [("uncited", f"no entry cites row {number}") for number in (2, 4)]
    assert of["lost"] == [("coverage-unknown", "no text at hand")]


def test_same_place_in_another_form_is_also_cited(desk: Desk) -> None:
    """Without a text, entries that cite a place are found however each has written it."""
    rows = "".join(
        f'[[event]]\nid = "{name}"\ntitle = "{name}"\ncites = "press, {at}"\n'
        for name, at in (("one", "45:12"), ("two", "p. 45 l. 12"), ("three", "Tr. 45:12"))
    )
    page = Evidence(desk.lay_open(desk.write_case(rows))).page("one")
    named = [item.text for section in page.sections for item in section.items]
    assert any("two" in text for text in named)
    assert any("three" in text for text in named)


def test_gutter_has_the_printed_numbers(desk: Desk) -> None:
    """The number stands at the line that bears it, not at a heading before it."""
    text = SourceText(INDICTMENT, "numbered")
    lines = SourceLines(desk.lay_open(), "x", text)
    labels = {number: lines.label(number) for number in range(1, text.line_count + 1)}
    assert [label for label in labels.values() if label] == [str(number) for number in range(1, 9)]
    assert all(lines.line(at).startswith(f"{label}.") for at, label in labels.items() if label)


def test_line_is_not_joined_to_the_next_page(desk: Desk) -> None:
    """Nor to a header or footer, where the screen joins the lines of a paragraph."""
    pages = ["The goods\nare\nALDER 1", "ALDER\non board", "ALDER\nand paid."]
    text = SourceText("Terms\n\n" + "\f".join(pages))
    lines = SourceLines(desk.lay_open(), "x", text)
    joined = [number for number in range(1, text.line_count) if lines.continues_below(number)]
    assert [lines.line(number) for number in joined] == ["The goods", "are"]
