"""Checking a case file: the findings with their positions, and what is not a finding."""

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
from casefile.case.findings.checker import CheckResult, check
from casefile.case.findings.codes import CODES, ERRORS, FINDINGS
from casefile.case.model import CaseFile, Party, Source
from casefile.case.party_types import PARTY_TYPES
from casefile.case.positions import Position
from casefile.case.reader import read_case, read_case_bytes
from casefile.case.sources import text_files as source_files
from casefile.case.sources.text_files import LoadedText, TextUnavailable
from casefile.library import BUNDLED, find_case
from casefile.places import Places

EXAMPLES = tomllib.loads((Path(__file__).parent / "findings.toml").read_text("utf-8"))
CASES = sorted((Path(__file__).parent / "cases").glob("*/*.toml"))
MARK = "▸"
"""Stands in an example right before each place where the code is found."""

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


def text_of(_case_file: CaseFile, source: Source) -> LoadedText:
    """Return the text of press; raise TextUnavailable for any other source."""
    if source.id != "press":
        raise TextUnavailable("not-named", "the case names no file for it")
    return LoadedText(source, TEXT, Path("press.txt"), is_own=False, sha256="", is_as_recorded=None)


def checked(text: str, *, coverage: bool = False) -> CheckResult:
    """Check a text as a case file that has no fatal error."""
    reading = read_case_bytes(Path("demo.toml"), text.encode())
    assert reading.case_file is not None, reading.problems
    return check(reading, text_of, coverage=coverage)


def with_rows(rows: str, accept: str = "") -> str:
    """Return a case without findings, with additional rows and acceptances."""
    return FORMAT + rows + ROWS + CASE + (f"accept = {accept}\n" if accept else "")


def marked(text: str) -> list[Position]:
    """Return the position of each mark in a text, as if the marks were not there."""
    return [
        Position(number, found.start() - count + 1)
        for number, line in enumerate(text.split("\n"), start=1)
        for count, found in enumerate(re.finditer(MARK, line))
    ]


def examples(*, with_marks: bool) -> list[tuple[str, str]]:
    """Return the code and the rows of each example that has marks, or that has none."""
    rows_by_code = [(code, one["rows"]) for code, several in EXAMPLES.items() for one in several]
    return [(code, rows) for code, rows in rows_by_code if (MARK in rows) is with_marks]


def test_case_without_examples_has_no_findings() -> None:
    """The case that the examples are added to has no findings of its own."""
    assert checked(with_rows("")) == CheckResult((), without_text=("court",))


def test_bundled_case_has_no_findings() -> None:
    """The case that comes with the program has no findings."""
    assert check(read_case(find_case(BUNDLED))) == CheckResult((), without_text=("wvue",))


@pytest.mark.parametrize("path", [find_case(BUNDLED), *CASES], ids=lambda path: path.stem)
def test_whole_cases_have_no_findings_and_accept_none(path: Path) -> None:
    """The cases that are written with care are clean as they are, with their sources' texts."""
    reading = read_case(path)
    assert reading.case_file is not None
    assert reading.case_file.case.accept == {}
    texts = partial(source_files.load_text, places=Places(None, None, path.parent))
    assert [str(problem) for problem in check(reading, texts).problems] == []


@pytest.mark.parametrize(("code", "rows"), examples(with_marks=True))
def test_finding_has_the_position_of_its_key(code: str, rows: str) -> None:
    """Each example gives findings of its code only, at the marked places."""
    text = with_rows(rows)
    problems = checked(text.replace(MARK, "")).problems
    # Rows that are only there for the example may be unused.
    found = [one for one in problems if not one.code.startswith("unused-") or one.code == code]
    assert {one.code for one in found} == {code}
    assert [one.position for one in found] == marked(text)


@pytest.mark.parametrize(("code", "rows"), examples(with_marks=False))
def test_correct_rows_have_no_findings(code: str, rows: str) -> None:
    """Examples without marks are similar to a finding but correct."""
    assert code in CODES
    assert checked(with_rows(rows)).problems == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('titel = "E"', "`titel` is not a key of an event; the nearest is `title`"),
        ('by = "car"', "by: “car” is a seizure; name a party here"),
        ('follows = "car"', "follows: “car” is on the timeline with its event; name “call”"),
        (
            'date = "2018-02"\nfollows = "call"',
            (
                "follows: by their dates, “e” (Feb 2018) starts before “call” (Mar 2018); "
                "correct a date, or remove the order"
            ),
        ),
        (
            (
                'date = "2018-02"\nfollows = "g"\n[[event]]\nid = "g"\ntitle = "G"\n'
                'follows = "call"\ncites = "para 5"'
            ),
            (
                "follows: by their dates, “e” (Feb 2018) starts before “g” (Mar 2018 or later by "
                "what it comes after); correct a date, or remove the order"
            ),
        ),
        (
            'date = "2018-02"\nfollows_end_of = "call"',
            (
                "follows_end_of: by their dates, “e” (Feb 2018) starts before “call” (Mar 2018) "
                "has ended; correct a date, or remove the order"
            ),
        ),
        (
            'date = "2018-03/2018-05"\npart_of = "call"',
            (
                "part_of: this goes on until May 2018 or later, but “call” has ended by then "
                "(Mar 2018); correct a date, or use `follows`"
            ),
        ),
        (
            'language = "English"',
            (
                "language: “English” is not a BCP 47 language tag; write one such as en, pt-BR or "
                "zh-Hans"
            ),
        ),
    ],
)
def test_message_has_the_problem_and_a_hint(rows: str, expected: str) -> None:
    """The problem comes before the semicolon, and what to write instead after it."""
    event = f'[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\n{rows}\n'
    (problem,) = checked(with_rows(event)).problems
    assert problem.what == expected
    assert f"{problem.wrong}; {problem.right}" == expected


def test_semicolon_in_quoted_text_does_not_split_a_message() -> None:
    """Text of the file in quotation marks stays in one piece."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\ndate_text = "late; very late"\n'
    (problem,) = checked(with_rows(rows)).problems
    assert problem.wrong == "`date_text` says “late; very late” and there is no `date`"


def test_case_without_any_cite_has_one_finding() -> None:
    """If no entry has a cite, there is one finding about the case, not one for each entry."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\n[[event]]\nid = "f"\ntitle = "F"\n'
    problems = checked(FORMAT + rows + '[case]\nid = "demo"\ntitle = "Demo"\n').problems
    assert [(one.code, one.entry) for one in problems] == [("unsourced", "demo")]


def test_cite_needs_a_source() -> None:
    """A cite with only a place is a finding if the case has no default source."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = ["court", "para 5"]\n'
    text = FORMAT + rows + ROWS.replace('"para', '"press, para') + CASE
    assert checked(text).problems == ()
    (problem,) = checked(text.replace('source = "press"', "")).problems
    assert (problem.code, problem.position) == ("cite-without-source", Position(5, 19))
    broken = checked(text.replace('source = "press"', "source = 3")).problems
    assert [one.code for one in broken] == ["wrong-type"]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("company", "the nearest is `Company`"),
        ("ship", "the nearest is `Vessel`"),
        ("Bank account", "the nearest is `BankAccount`"),
        ("public-body", "the nearest is `PublicBody`"),
        ("Wizard", f"known are {', '.join(PARTY_TYPES)}"),
    ],
)
def test_unknown_type_of_party_is_a_warning_with_the_nearest(written: str, hint: str) -> None:
    """The nearest is found by its words too, and the party keeps the type that is written."""
    rows = f'[[party]]\nid = "p"\nname = "P"\ntype = "{written}"\ncites = "para 5"\n'
    reading = read_case_bytes(Path("demo.toml"), with_rows(rows).encode())
    assert reading.case_file is not None
    (problem,) = check(reading).problems
    assert problem.is_finding
    assert problem.what == f"type: “{written}” is not a known type of party; {hint}"
    assert [party.type for party in reading.case_file.of(Party) if party.id == "p"] == [written]


def test_party_that_nothing_names_is_to_be_cited_or_named() -> None:
    """A party without a cite that no entry names is unused; nobody is told to remove it."""
    party = '[[party]]\nid = "p"\nname = "P"\ntype = "Person"\n'
    (unused,) = (one for one in checked(with_rows(party)).problems if one.code == "unused-party")
    assert unused.position == Position(2, 1)
    assert unused.right == "cite where a source names it, or name it in an entry"
    event = '[[event]]\nid = "e"\ntitle = "E"\ninvolved = "p"\ncites = "para 5"\n'
    for rows in (f'{party}cites = "para 5"\n', party + event):
        codes = {one.code for one in checked(with_rows(rows)).problems}
        assert "unused-party" not in codes


def test_key_event_with_one_source_is_only_found_with_coverage() -> None:
    """That a key event rests on one source is told when asked what is not well covered."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\nkey = true\ncites = "para 5"\n'
    assert checked(with_rows(rows)).problems == ()
    (found,) = (one for one in checked(with_rows(rows), coverage=True).problems if one.entry == "e")
    assert found.what == (
        "this key event rests on “press” alone; cite a second source that does not rest on it"
    )
    accepted = with_rows(rows, '{ "single-source e" = "The only witness." }')
    assert checked(accepted).problems == ()


def test_undisputed_key_event_has_one_finding_with_coverage() -> None:
    """An event that is key and undisputed is reported once."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\nkey = true\nstatus = "undisputed"\ncites = "para 5"\n'
    for coverage in (False, True):
        problems = checked(with_rows(rows), coverage=coverage).problems
        assert [one.code for one in problems if one.entry == "e"] == ["single-source"]


def test_single_source_is_no_finding_in_a_case_with_one_source() -> None:
    """If the case has no second source, entries may rest on one."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\nstatus = "undisputed"\ncites = "para 5"\n'
    text = with_rows(rows).replace("court, ", "press, ")
    assert [one.code for one in checked(text).problems] == ["unused-source"]


def test_many_cycles_and_sources_are_checked_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """No check compares every entry with every other one, even in a file made to be slow."""
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


def test_coverage_finds_uncited_paragraphs() -> None:
    """With `coverage`, each paragraph that no entry cites is a finding with its first words."""
    text = with_rows("")
    found = checked(text, coverage=True).problems
    of_press = [one for one in found if one.entry == "press"]
    assert [one.code for one in of_press] == ["uncited"] * 3
    assert [one.wrong for one in of_press] == [
        "no entry cites para 5: “Five.”",
        "no entry cites para 6: “Six.”",
        "no entry cites para 7: “Seven.”",
    ]


def test_coverage_finds_gaps_without_a_text() -> None:
    """Without the text, only the uncited paragraphs before the last cited one are known."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "court, para 5"\n'
    found = checked(with_rows(rows), coverage=True).problems
    of_court = [(one.code, one.wrong) for one in found if one.entry == "court"]
    assert of_court == [
        ("coverage-unknown", "no text at hand: coverage unknown"),
        ("uncited", "no entry cites para 3"),
        ("uncited", "no entry cites para 4"),
    ]


def with_file(keys: str) -> str:
    """Return a case with one source that has these keys."""
    source = f'[[source]]\nid = "press"\ntitle = "P"\n{keys}\n'
    return f'{FORMAT}{source}[[event]]\nid = "e"\ntitle = "E"\ncites = "para 1"\n{CASE}'


def found_beside(folder: Path, text: str) -> list[str]:
    """Check a case in a folder with the texts of its sources; return “code: message” lines."""
    reading = read_case_bytes(folder / "demo.toml", text.encode())
    texts = partial(source_files.load_text, places=Places(None, None, folder / "config"))
    return [f"{one.code}: {one.what}" for one in check(reading, texts).problems]


def test_text_with_another_hash_is_a_finding(tmp_path: Path) -> None:
    """The finding has the hash of the file, to be written into the case."""
    data = b"One."
    (tmp_path / "press.txt").write_bytes(data)
    own = hashlib.sha256(data).hexdigest()
    keys = 'file = "press.txt"\nsha256 = "{}"'
    assert found_beside(tmp_path, with_file(keys.format(own))) == []
    (line,) = found_beside(tmp_path, with_file(keys.format("0" * 64)))
    assert line.startswith(
        f"hash-mismatch: sha256: the text beside the case file has a different hash, {own}"
    )


def test_text_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """So is a file outside the folder, but not a source without a file."""
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7 ...")
    for name, code in (
        ("../press.txt", "text-refused"),
        ("report.pdf", "text-refused"),
        ("gone.txt", "text-missing"),
    ):
        found = found_beside(tmp_path, with_file(f'file = "{name}"'))
        assert [one.split(":")[0] for one in found] == [code]
    assert found_beside(tmp_path, with_file("")) == []


def test_numbers_that_differ_from_the_count_are_told_once(tmp_path: Path) -> None:
    """`paragraph-numbers` names the key to set, at the source, or what is wrong with that key."""
    text = "".join(f"\n\n{number}. He went on." for number in range(1, 7))
    (tmp_path / "press.txt").write_text(f"THE CHARGES{text}\n")
    (line,) = found_beside(tmp_path, with_file('file = "press.txt"'))
    assert line == (
        "paragraph-numbers: its paragraphs bear numbers that differ from their count: paragraph 2 "
        'says 1; to cite by these numbers, set `paragraphs = "numbered"`'
    )
    numbered = with_file('file = "press.txt"\nparagraphs = "numbered"')
    assert found_beside(tmp_path, numbered) == []
    (tmp_path / "press.txt").write_text("He went on.\n")
    (line,) = found_beside(tmp_path, numbered)
    assert line.startswith("paragraph-numbers: paragraphs: no paragraph of the text begins with")


def test_number_that_begins_again_is_told(tmp_path: Path) -> None:
    """`ambiguous-place` names the counts, and says which is used."""
    (tmp_path / "press.txt").write_text("COUNT ONE\n\n1. He lied.\n\nCOUNT TWO\n\n1. He stole.\n")
    (line,) = found_beside(tmp_path, with_file('file = "press.txt"\nparagraphs = "numbered"'))
    assert line == (
        "ambiguous-place: para 1 is more than one place in press; it is in Count 1 and Count 2, "
        "of which the first is used; write “Count 1, para 1” or “Count 2, para 1”"
    )


def test_acceptance_is_not_unused_if_its_code_was_not_looked_for() -> None:
    """Findings that need a text may be accepted while the text is missing."""
    accept = '{ "cite-not-found" = "The copy is damaged.", "uncited" = "Much is beside the case.", '
    accept += '"coverage-unknown" = "The judgment is not public." }'
    assert checked(with_rows("", accept)).problems == ()
    only_press = (FORMAT + ROWS).replace("court, ", "") + CASE
    found = checked(f"{only_press}accept = {accept}\n", coverage=True).problems
    assert [one.code for one in found if one.code != "unused-source"] == ["accept-unused"]


# What a case accepts

UNDATED = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\ndate_text = "on a Monday"\n'


@pytest.mark.parametrize("key", ["undated", "undated e", " undated  e "])
def test_finding_is_accepted_with_a_reason(key: str) -> None:
    """`accept` accepts the findings of a code, everywhere or in one entry, with the reason."""
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
def test_invalid_acceptance_is_a_finding(accept: str, codes: list[str]) -> None:
    """It accepts nothing if its code or entry is unknown, or its reason is missing."""
    assert [one.code for one in checked(with_rows(UNDATED, accept)).problems] == codes


def test_invalid_acceptance_is_found_at_its_key() -> None:
    """The hint names the nearest code."""
    text = with_rows(UNDATED, '{ "undated" = "x", ▸"unsorced" = "x" }')
    (problem,) = checked(text.replace(MARK, "")).problems
    assert [problem.position] == marked(text)
    assert problem.what == "accept: there is no code “unsorced”; the nearest is “unsourced”"


def test_error_cannot_be_accepted() -> None:
    """An error is reported even if the case accepts its code."""
    rows = '[[event]]\nid = "e"\ntitle = "E"\ncites = "para 5"\nby = "nobody"\n'
    problems = checked(with_rows(rows, '{ "dangling" = "x" }')).problems
    assert [one.code for one in problems] == ["dangling", "accept-of-error"]


def test_long_names_are_shortened_in_messages() -> None:
    """No message repeats a name of a megabyte."""
    long = "x" * 1_000_000
    rows = f'[case.more]\n[[event]]\nid = "e"\ntitle = "E"\n{long} = 1\ncites = {{ {long} = 1 }}\n'
    accept = f'{{ "{long}" = 1 }}'
    for one in checked(with_rows(rows, accept)).problems:
        assert len(one.what) < 500


# Codes


MAKERS = (
    "Problem",
    "Fault",
    "SyntaxFault",
    "Finding",
    "_problem",
    "finding",
    "_finding",
    "reference_finding",
)
"""What is called with a code as an argument."""


def trees() -> Iterator[ast.Module]:
    """Yield the syntax trees of all modules that make problems."""
    for path in sorted(Path(casefile.case.__file__).parent.rglob("*.py")):
        if path.stem != "codes":
            yield ast.parse(path.read_text("utf-8"))


def test_every_code_in_use_is_listed() -> None:
    """No problem has a code that is not in CODES."""
    calls = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    makers = [call for call in calls if ast.unparse(call.func).rpartition(".")[2] in MAKERS]
    words = [one.value for call in makers for one in call.args if isinstance(one, ast.Constant)]
    codes = {one for one in map(str, words) if re.fullmatch("[a-z][a-z0-9-]+", one)}
    assert len(codes) > 30
    assert codes - set(CODES) == set()


def test_every_listed_code_is_in_use() -> None:
    """CODES has no code that no problem has."""
    nodes = [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert set(CODES) - {str(node.value) for node in nodes} == set()


def test_every_finding_has_a_test() -> None:
    """Each code of a finding is in an example or in a test of this module."""
    here = Path(__file__).read_text("utf-8")
    untested = [code.name for code in FINDINGS if code.name not in EXAMPLES]
    assert [name for name in untested if name not in here] == []


def test_codes_are_errors_or_findings() -> None:
    """No error can be accepted, and no code is in both lists or twice."""
    assert not any(code.can_be_accepted for code in ERRORS)
    assert len(CODES) == len(ERRORS) + len(FINDINGS)


def test_docs_list_every_code() -> None:
    """docs/checking.md has all codes with their meanings, word for word."""
    text = (Path(__file__).parent.parent / "docs" / "checking.md").read_text("utf-8")
    section = text.partition("\n## What is found\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(.*?)` \| (.*) \|$", section, re.MULTILINE)
    assert rows == [(code.name, code.meaning) for code in CODES.values()]
