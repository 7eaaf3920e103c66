"""What check finds in a case that can be read: each with its place, and what comes near it."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import casefile.case
from casefile.case.findings.checker import Checked, check
from casefile.case.findings.codes import CODES, ERRORS, FINDINGS
from casefile.case.model import CaseFile, Source
from casefile.case.positions import Position
from casefile.case.reader import read_case, reading_of
from casefile.case.sources import text_files as source_files
from casefile.case.sources.source_text import SourceText
from casefile.case.sources.text_files import NoText, TextAtHand
from casefile.library import BUNDLED, find_case
from casefile.places import Places

EXAMPLES = tomllib.loads((Path(__file__).parent / "findings.toml").read_text("utf-8"))
MARK = "▸"

FORMAT = 'format = "casefile/1"\n'
ROWS = """
[[source]]
id = "press"
title = "A report"
[[source]]
id = "court"
title = "A judgment"
[[party]]
id = "anna"
name = "Anna"
type = "Person"
cites = ["para 1", "court, para 1"]
[[event]]
id = "call"
title = "A call"
date = "2018-03"
by = "anna"
cites = ["para 2", "court, para 2"]
[[seizure]]
id = "car"
item = "A car"
event = "call"
cites = "para 3"
[[quote]]
id = "said"
speaker = "anna"
words = "So be it."
cites = "para 4"
"""
TEXT = "\n".join(("One.", "Two.", "Three.", "She said, “So be it.”", "Five.", "Six.", "Seven."))
CASE = '[case]\nid = "demo"\ntitle = "Demo"\nsource = "press"\n'


def text_of(_case_file: CaseFile, source: Source) -> TextAtHand:
    """Give the text of press; none of any other source."""
    if source.id != "press":
        raise NoText("not-named", "the case names no file for it")
    return TextAtHand(
        SourceText(TEXT), Path("press.txt"), is_own=False, sha256="", is_as_recorded=None
    )


def checked(text: str, *, coverage: bool = False) -> Checked:
    """Check a text as a case file that can be read."""
    reading = reading_of(Path("demo.toml"), text.encode())
    assert reading.case_file is not None, reading.problems
    return check(reading, text_of, coverage=coverage)


def with_rows(rows: str, accept: str = "") -> str:
    """Give a sound case with some rows more in it, and what it accepts."""
    return FORMAT + rows + ROWS + CASE + (f"accept = {accept}\n" if accept else "")


def marked(text: str) -> list[Position]:
    """Give the line and column of each mark in a text, as if the marks were not there."""
    return [
        Position(number, found.start() - count + 1)
        for number, line in enumerate(text.split("\n"), start=1)
        for count, found in enumerate(re.finditer(MARK, line))
    ]


def texts(*, with_marks: bool) -> list[tuple[str, str]]:
    """Give each example that has marks, or that has none, under its code."""
    several = [(code, one["rows"]) for code, examples in EXAMPLES.items() for one in examples]
    return [(code, rows) for code, rows in several if (MARK in rows) is with_marks]


def test_what_the_examples_are_put_into_is_sound() -> None:
    """Nothing is found in it alone."""
    assert checked(with_rows("")) == Checked((), without_text=("court",))


def test_the_bundled_case_has_no_findings() -> None:
    """What a new reader opens first is a model of its kind."""
    assert check(read_case(find_case(BUNDLED))) == Checked((), without_text=("wvue",))


@pytest.mark.parametrize(("code", "rows"), texts(with_marks=True))
def test_each_finding_has_its_place(code: str, rows: str) -> None:
    """What is worth a look is found at the key that it is about."""
    text = with_rows(rows)
    found = checked(text.replace(MARK, "")).problems
    # A row that only serves an example need not be used.
    told = [one for one in found if not one.code.startswith("unused-") or one.code == code]
    assert {one.code for one in told} == {code}
    assert [one.position for one in told] == marked(text)


@pytest.mark.parametrize(("code", "rows"), texts(with_marks=False))
def test_what_is_right_is_not_found(code: str, rows: str) -> None:
    """What comes near to a finding and is none makes none."""
    assert code in CODES
    assert checked(with_rows(rows)).problems == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('titel = "E"', "`titel` is no key of an event; the nearest is `title`"),
        ('by = "car"', "by: “car” is a seizure; name a party here"),
        ('follows = "car"', "follows: “car” stands on the timeline with its event; name “call”"),
        (
            'date = "2018-02"\nfollows = "call"',
            (
                "follows: “e” (Feb 2018) can't start after “call” (Mar 2018) does; "
                "correct a date, or take the order out"
            ),
        ),
        (
            'language = "English"',
            (
                "language: “English” is no language tag of BCP 47; write one such as en, pt-BR or "
                "zh-Hans"
            ),
        ),
    ],
)
def test_a_finding_says_what_would_be_right(rows: str, expected: str) -> None:
    """What is wrong stands before the semicolon, and what would be right after it."""
    event = f'[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\n{rows}\n'
    (problem,) = checked(with_rows(event)).problems
    assert problem.what == expected
    assert f"{problem.wrong}; {problem.right}" == expected


def test_a_semicolon_in_the_file_does_not_part_a_finding() -> None:
    """The file's own words between quotation marks stay in one piece."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\ndate_text = "late; very late"\n'
    (problem,) = checked(with_rows(rows)).problems
    assert problem.wrong == "`date_text` says “late; very late” and there is no `date`"


def test_a_case_that_cites_nothing_is_told_of_once() -> None:
    """Where no entry has a cite, that is one finding, of the case, and not one for each entry."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\n[[event]]\nid = "f"\ntitle = "F"\n'
    problems = checked(FORMAT + rows + '[case]\nid = "demo"\ntitle = "Demo"\n').problems
    assert [(one.code, one.entry) for one in problems] == [("unsourced", "demo")]


def test_a_cite_needs_a_source() -> None:
    """A place alone names no source where the case has no default one."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = ["court", "para 5"]\n'
    text = FORMAT + rows + ROWS.replace('"para', '"press, para') + CASE
    assert checked(text).problems == ()
    (problem,) = checked(text.replace('source = "press"', "")).problems
    assert (problem.code, problem.position) == ("cite-without-source", Position(5, 19))
    broken = checked(text.replace('source = "press"', "source = 3")).problems
    assert [one.code for one in broken] == ["wrong-type"]


def test_with_one_source_alone_no_second_is_missed() -> None:
    """Nothing is said of what rests on one source where the case has no other."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\nkey = true\ncites = "para 5"\n'
    text = with_rows(rows).replace("court, ", "press, ")
    assert [one.code for one in checked(text).problems] == ["unused-source"]


def test_many_circles_and_sources_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file made to be slow is checked as any other: nothing in it is compared with all else."""
    monkeypatch.setenv("CASEFILE_PROBLEM_LIMIT", "2000")
    events = "".join(
        f'[[event]]\nid = "e{n}"\ntitle = "E"\nfollows = "e{n ^ 1}"\ncites = "s{n}, p. 1"\n'
        for n in range(2000)
    )
    sources = "".join(
        f'[[source]]\nid = "s{n}"\ntitle = "S"\nbased_on = "s{n + 1 if n < 1999 else 0}"\n'
        for n in range(2000)
    )
    codes = [one.code for one in checked(with_rows(events + sources)).problems]
    assert codes.count("cycle") == 1001


# Texts of sources


def test_what_no_entry_cites_is_found_when_asked_for() -> None:
    """Each paragraph that nothing cites is told of with its words, as far as the text is known."""
    text = with_rows("")
    found = checked(text, coverage=True).problems
    assert [(one.code, one.entry) for one in found] == [("uncited", "press")] * 3
    assert [one.wrong for one in found] == [
        "no entry cites para 5: “Five.”",
        "no entry cites para 6: “Six.”",
        "no entry cites para 7: “Seven.”",
    ]


def test_gaps_are_found_without_a_text() -> None:
    """Where no text is at hand, what lies before the last paragraph cited is known to be there."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "court, para 5"\n'
    found = checked(with_rows(rows), coverage=True).problems
    assert [one.wrong for one in found if one.entry == "court"] == [
        "no entry cites para 3",
        "no entry cites para 4",
    ]


def with_file(keys: str) -> str:
    """Give a case with one source that has these keys."""
    source = f'[[source]]\nid = "press"\ntitle = "P"\n{keys}\n'
    return f'{FORMAT}{source}[[event]]\nid = "e"\ntitle = "E"\ncites = "para 1"\n{CASE}'


def found_beside(folder: Path, text: str) -> list[str]:
    """Check a case that stands in a folder with the texts of its sources; give what is found."""
    reading = reading_of(folder / "demo.toml", text.encode())
    texts = partial(source_files.text_of, places=Places(None, None, folder / "config"))
    return [f"{one.code}: {one.what}" for one in check(reading, texts).problems]


def test_a_text_is_the_one_that_was_read(tmp_path: Path) -> None:
    """A file whose hash is not the one that the case gives is told of, with its own."""
    data = b"One."
    (tmp_path / "press.txt").write_bytes(data)
    own = hashlib.sha256(data).hexdigest()
    keys = 'file = "press.txt"\nsha256 = "{}"'
    assert found_beside(tmp_path, with_file(keys.format(own))) == []
    (told,) = found_beside(tmp_path, with_file(keys.format("0" * 64)))
    assert told.startswith(
        f"hash-mismatch: sha256: the text beside the case file has another, {own}"
    )


def test_a_text_that_is_refused_is_told_of(tmp_path: Path) -> None:
    """A file that leaves the folder, is no text or not there is told of; none named isn't."""
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 ...")
    for name, code in (
        ("../press.txt", "text-refused"),
        ("report.pdf", "text-refused"),
        ("gone.txt", "text-missing"),
    ):
        found = found_beside(tmp_path, with_file(f'file = "{name}"'))
        assert [one.split(":")[0] for one in found] == [code]
    assert found_beside(tmp_path, with_file("")) == []


def test_what_could_not_be_looked_up_is_not_accepted_in_vain() -> None:
    """An acceptance of what only a text can show is no fault where the text is not at hand."""
    accept = '{ "cite-not-found" = "The copy is damaged.", "uncited" = "Much is beside the case." }'
    assert checked(with_rows("", accept)).problems == ()
    only_press = (FORMAT + ROWS).replace("court, ", "") + CASE
    found = checked(f"{only_press}accept = {accept}\n", coverage=True).problems
    assert [one.code for one in found if one.code != "unused-source"] == ["accept-unused"]


# What a case accepts

UNDATED = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\ndate_text = "on a Monday"\n'


@pytest.mark.parametrize("key", ["undated", "undated e", " undated  e "])
def test_a_finding_is_accepted_with_a_reason(key: str) -> None:
    """`accept` silences a finding of one code, everywhere or in one entry, and keeps the reason."""
    result = checked(with_rows(UNDATED, f'{{ "{key}" = "Not known." }}'))
    assert result.problems == ()
    assert [(one.problem.code, one.reason) for one in result.accepted] == [
        ("undated", "Not known.")
    ]


@pytest.mark.parametrize(
    ("accept", "codes"),
    [
        ('{ "undated call" = "x" }', ["undated", "accept-unused"]),
        ('{ "unsourced" = "x" }', ["undated", "accept-unused"]),
        ('{ "undatd" = "x" }', ["undated", "accept-unknown"]),
        ('{ "undated nobody" = "x" }', ["undated", "accept-unknown"]),
        ('{ "undated" = " " }', ["undated", "accept-without-reason"]),
        ('{ "dangling" = "x" }', ["undated", "accept-of-error"]),
        ('{ "accept-unused" = "x" }', ["undated", "accept-of-error"]),
        ('{ "undated" = "x", "undated e" = "y" }', ["accept-unused"]),
    ],
)
def test_a_bad_acceptance_is_found(accept: str, codes: list[str]) -> None:
    """What silences nothing, names nothing or gives no reason is told of, and silences nothing."""
    assert [one.code for one in checked(with_rows(UNDATED, accept)).problems] == codes


def test_a_bad_acceptance_has_its_place() -> None:
    """It is told of at its own key, with the nearest code as a hint."""
    text = with_rows(UNDATED, '{ "undated" = "x", ▸"unsorced" = "x" }')
    (problem,) = checked(text.replace(MARK, "")).problems
    assert [problem.position] == marked(text)
    assert problem.what == "accept: there is no code “unsorced”; the nearest is “unsourced”"


def test_an_error_is_never_silenced() -> None:
    """What can't be read is told of whatever the case accepts."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\nby = "nobody"\n'
    problems = checked(with_rows(rows, '{ "dangling" = "x" }')).problems
    assert [one.code for one in problems] == ["dangling", "accept-of-error"]


def test_what_is_told_of_a_file_repeats_no_more_of_it_than_a_line_holds() -> None:
    """A name of a megabyte, wherever it stands, is cut where it is told."""
    long = "x" * 1_000_000
    rows = f'[case.more]\n[[event]]\nid = "e"\ntitle = "E"\n{long} = 1\ncites = {{ {long} = 1 }}\n'
    accept = f'{{ "{long}" = 1 }}'
    for one in checked(with_rows(rows, accept)).problems:
        assert len(one.what) < 500


# Codes


MAKERS = ("Problem", "Fault", "SyntaxFault", "Found", "_problem", "finding", "_found")


def trees() -> Iterator[ast.Module]:
    """Give what makes problems, as Python reads it."""
    for path in sorted(Path(casefile.case.__file__).parent.rglob("*.py")):
        if path.stem != "codes":
            yield ast.parse(path.read_text("utf-8"))


def test_every_code_that_is_given_is_listed() -> None:
    """No problem is made with a code that the table of codes does not have."""
    calls = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    makers = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in MAKERS]
    words = [one.value for call in makers for one in call.args if isinstance(one, ast.Constant)]
    codes = {one for one in map(str, words) if re.fullmatch("[a-z][a-z0-9-]+", one)}
    assert len(codes) > 30
    assert codes - set(CODES) == set()


def test_every_code_that_is_listed_is_given() -> None:
    """The table of codes has none that nothing gives."""
    nodes = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert set(CODES) - {str(node.value) for node in nodes} == set()


def test_every_finding_is_tried() -> None:
    """Each code of a finding stands in an example, or in a test of this file."""
    here = Path(__file__).read_text("utf-8")
    untried = [code.name for code in FINDINGS if code.name not in EXAMPLES]
    assert [name for name in untried if name not in here] == []


def test_errors_are_no_findings() -> None:
    """No error can be accepted, and no code stands twice."""
    assert not any(code.is_finding or code.can_be_accepted for code in ERRORS)
    assert len(CODES) == len(ERRORS) + len(FINDINGS)


def test_the_docs_list_every_code() -> None:
    """docs/checking.md has the tables of codes as the program has them, word for word."""
    text = (Path(__file__).parent.parent / "docs" / "checking.md").read_text("utf-8")
    section = text.partition("\n## What is found\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.*?)` \| (.*) \|$", section, re.MULTILINE)
    assert rows == [(code.name, code.meaning) for code in CODES.values()]
