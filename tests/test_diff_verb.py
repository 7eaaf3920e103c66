"""`casefile diff`: output and exit codes."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_cases import acting, hostile_case
from msgspec.structs import replace
from screens import Desk

from casefile.case.difference.budget import Budget
from casefile.cli.command_line import run as run_command_line
from casefile.library import BUNDLED, find_case
from casefile.notes.annotation import target_of
from casefile.views.differences import changes_in_lines, changes_since
from casefile.views.note_sections import note_sections
from casefile.views.note_targets import note_target

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\n'
ARRESTS = '[[event]]\nid = "arrests"\ntitle = "Arrests"\ndate = "2017-11"\ntags = ["a", "b"]\n'
RAID = '[[event]]\nid = "raid"\ntitle = "Raid on\\nthe flat"\ncites = ["para 4"]\n'
CLAIM = '[[claim]]\nid = "x"\nstatement = "It was him."\n'

Diff = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Diff:
    """Return a function that compares two texts; it returns exit code, output and errors."""

    def diff(old: str, new: str, *options: str) -> tuple[int, list[str], list[str]]:
        paths = [tmp_path / "old.toml", tmp_path / "new.toml"]
        for path, text in zip(paths, (old, new), strict=True):
            path.write_text(text, encoding="utf-8")
        code = run_command_line(["diff", *map(str, paths), *options])
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return diff


def test_changes_are_listed_by_entry(diff: Diff) -> None:
    """Entries are in file order, and the changes in each are listed by key."""
    new = ARRESTS.replace('"2017-11"', '"2017-11-03"').replace('"a", "b"', '"b", "c"')
    code, printed, complaints = diff(HEAD + ARRESTS + CLAIM, HEAD + new + RAID)
    assert (code, complaints) == (1, [])
    assert printed == [
        "~ event arrests: Arrests",
        "    date: 2017-11 → 2017-11-03",
        "    tags: - a",
        "    tags: + c",
        "+ event raid: Raid on the flat",
        "- claim x: It was him.",
    ]


def test_equal_files_print_nothing(diff: Diff) -> None:
    """Files with equal content give no output and exit code 0, like diff(1)."""
    assert diff(HEAD + RAID, HEAD + RAID.replace('["para 4"]', '{ at = "para 4" }')) == (0, [], [])


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ('key = "a"', "", "key: - a"),
        ('cites = "para 4"', 'cites = ["para 4", "para 5"]', "cites: + para 5"),
        (
            'cites = [{ at = "para 4", quote = "two" }, "para 9"]',
            'cites = [{ at = "para 4", quote = "three" }, "para 9"]',
            "cites (para 4), quote: two → three",
        ),
        (
            'cites = [{ source = "a", field = "date", value = "1" }, "b, p. 4"]',
            'cites = [{ source = "a", field = "date", value = "2" }, "b, p. 4"]',
            "cites (a, date), value: 1 → 2",
        ),
        (
            "",
            'cites = { at = "p. 3", quote = "so", stance = "contradicts", field = "date" }',
            "cites: + p. 3, “so” (stance: contradicts, field: date)",
        ),
        (
            'amounts = { value = 21, unit = "person", text = "21 individuals" }',
            'amounts = { value = 22, unit = "person", text = "21 individuals" }',
            "amounts (21 individuals), value: 21 → 22",
        ),
        (
            "amounts = [{ min = 1, max = 2 }, { value = 3 }]",
            "amounts = [{ min = 1, max = 4 }, { value = 3 }]",
            "amounts (number 1), max: 2 → 4",
        ),
        ('involved = "anna"', 'involved = "bert"', "involved (number 1), party: anna → bert"),
        ('tags = ["a", "b", "c"]', 'tags = ["b", "c", "a"]', "tags: a moved from 1 to 3"),
        ('text = "a "', 'text = ""', "text: “a ” → “”"),
        ("key = false", "key = true", "key: + true"),
        ("own = { a = 1, b = [1, true] }", "own = { a = 2, b = [1] }", "own, a: 1 → 2"),
        ("own = { a = 1, b = [1, true] }", "own = { a = 2, b = [1] }", "own, b: - true"),
        ("", "own = { a = 1, b = [1, true] }", "own: + a: 1, b: [1, true]"),
    ],
)
def test_changed_value_is_one_line(diff: Diff, before: str, after: str, line: str) -> None:
    """A line gives the key, the old value and the new one."""
    start = HEAD + '[[event]]\nid = "e"\ntitle = "E"\n'
    _, printed, _ = diff(start + before, start + after)
    assert f"    {line}" in printed


def test_long_text_shows_only_changed_words(diff: Diff) -> None:
    """Of a paragraph only the changed words, marked, and those around them are shown."""
    before = (
        f'text = "{"Long ago. " * 20}Police searched two flats on Monday.{" And so on." * 20}"\n'
    )
    after = before.replace("two flats", "three houses")
    start = HEAD + '[[event]]\nid = "e"\ntitle = "E"\n'
    _, (_, line), _ = diff(start + before, start + after)
    assert line == (
        "    text: … Long ago. Long ago. Police searched [-two flats-]{+three houses+} on Monday."
        " And so on. And so on. And …"
    )


def test_line_breaks_are_shown_as_signs(diff: Diff) -> None:
    """A change of several lines is shown in one line, with its line breaks as signs."""
    start = HEAD + '[[event]]\nid = "e"\ntitle = "E"\n'
    _, (_, line), _ = diff(f"{start}text = '''one\ntwo'''", f"{start}text = '''six\nten'''")
    assert line == "    text: one ¶ two → six ¶ ten"


def test_new_id_is_reported_as_likely_rename(diff: Diff) -> None:
    """An entry that likely got another id is reported once, with the references that follow it."""
    old = HEAD + RAID + '[[claim]]\nid = "x"\nstatement = "It was him."\nabout = "raid"\n'
    code, printed, _ = diff(old, old.replace('"raid"', '"search"'))
    assert code == 1
    assert printed == [
        "= event raid → search: Raid on the flat",
        "    probably the same entry with a new id, used in x",
    ]


def test_changed_order_is_one_line(diff: Diff) -> None:
    """If two events differ only by their order in the file, exchanging them is a change."""
    code, printed, _ = diff(HEAD + RAID + ARRESTS, HEAD + ARRESTS + RAID)
    assert (code, printed) == (0, [])
    dated = RAID + 'date = "2017-11"\n'
    code, (line,), _ = diff(HEAD + dated + ARRESTS, HEAD + ARRESTS + dated)
    assert code == 1
    assert line.startswith("~ order on the timeline, by place in the file: ")


def test_different_case_ids_are_reported_first(diff: Diff) -> None:
    """Files with different case ids are compared, after a line that says so."""
    code, printed, _ = diff(HEAD + RAID, HEAD.replace("demo", "other") + RAID)
    assert (code, printed) == (1, ["The files are of two cases: demo and other."])


def test_unreadable_file_gives_exit_code_2(diff: Diff, tmp_path: Path) -> None:
    """The problems of either file are printed, and the exit code is 2."""
    code, printed, complaints = diff("[", 'format = "casefile/2"\n')
    assert (code, printed) == (2, [])
    assert [line.partition(": ")[0] for line in complaints] == [
        f"{tmp_path}/old.toml:1:2",
        f"{tmp_path}/new.toml:1:1",
    ]


def test_problems_are_printed_beside_the_changes(diff: Diff, tmp_path: Path) -> None:
    """An entry with an error is still compared, and the error goes to stderr."""
    code, printed, complaints = diff(HEAD + RAID, HEAD + RAID + 'by = "nobody"\n')
    assert (code, printed[1]) == (1, "    by: + nobody")
    assert complaints == [f"{tmp_path}/new.toml:9:1: by: there is no entry “nobody”"]


def test_rows_not_compared_give_exit_code_2(diff: Diff) -> None:
    """If a row can't be read and no change is found, the exit code is 2 and a message says why."""
    nameless = '[[event]]\ntitle = "A"\n'
    code, printed, complaints = diff(HEAD + nameless, HEAD + nameless.replace('"A"', '"B"'))
    assert (code, printed) == (2, [])
    assert complaints[-1] == "What could not be read was not compared."
    code, _, complaints = diff(HEAD + nameless, HEAD + nameless)
    assert (code, len(complaints)) == (0, 2)


def test_json_has_whole_values(diff: Diff) -> None:
    """--format json has the same changes with whole values."""
    new = ARRESTS.replace('"2017-11"', '"2017-11-03"')
    code, printed, _ = diff(HEAD + ARRESTS, HEAD + new + CLAIM, "--format", "json")
    assert code == 1
    assert json.loads("\n".join(printed)) == {
        "cases": ["demo", "demo"],
        "entries": [
            {
                "fate": "changed",
                "table": "event",
                "id": "arrests",
                "changes": [
                    {
                        "name": "date",
                        "before": "2017-11",
                        "after": "2017-11-03",
                        "pieces": [
                            {"fate": "same", "text": "2017-11"},
                            {"fate": "added", "text": "-03"},
                        ],
                    }
                ],
            },
            {
                "fate": "added",
                "table": "claim",
                "id": "x",
                "row": {"id": "x", "statement": "It was him."},
            },
        ],
        "reordered": [],
    }


def test_json_keeps_unprintable_characters(diff: Diff) -> None:
    """Characters that hide or reorder text are escaped in JSON, not replaced."""
    hidden = "a\u202eb\x07"
    _, printed, _ = diff(
        HEAD, HEAD + CLAIM.replace("It was him.", "a\u202eb\\u0007"), "--format=json"
    )
    assert acting("\n".join(printed)) == []
    assert json.loads("\n".join(printed))["entries"][0]["row"]["statement"] == hidden


def test_hostile_case_is_printed_inert(diff: Diff) -> None:
    """The whole content of a hostile file is printed, and only as text."""
    for old, new in ((HEAD, hostile_case()), (hostile_case(), HEAD)):
        code, printed, complaints = diff(old, new)
        assert code == 1
        assert acting("\n".join([*printed, *complaints])) == []


@pytest.mark.parametrize("is_old", [True, False])
def test_one_file_may_come_from_standard_input(
    is_old: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`git show HEAD~1:case.toml | casefile diff - case.toml` compares with an older version."""
    path = tmp_path / "case.toml"
    path.write_text(HEAD + CLAIM, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEAD.encode())))
    names = ["-", str(path)] if is_old else [str(path), "-"]
    assert run_command_line(["diff", *names]) == 1
    assert capsys.readouterr().out == f"{'+' if is_old else '-'} claim x: It was him.\n"


def test_standard_input_allocates_only_what_it_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory for the limit is not allocated before there is data."""
    monkeypatch.setenv("CASEFILE_SIZE_LIMIT", "9" * 14)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEAD.encode())))
    path = tmp_path / "case.toml"
    path.write_text(HEAD, encoding="utf-8")
    assert run_command_line(["diff", "-", str(path)]) == 0


def test_standard_input_can_be_only_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Both files can't come from standard input."""
    assert run_command_line(["diff", "-", "-"]) == 2
    assert capsys.readouterr().err == "Only one of the two files can be read from standard input.\n"


def test_bundled_case_equals_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A case of the library may be named by its id, and equals itself."""
    assert run_command_line(["diff", BUNDLED, str(find_case(BUNDLED))]) == 0
    assert capsys.readouterr() == ("", "")


# In a note's words


def test_changes_since_a_note_was_written(desk: Desk) -> None:
    """The snapshot in a note shows what its entry said then."""
    path = desk.write_case(ARRESTS)
    then = desk.lay_open(path)
    note = then.notebook.keep_new("arrests", "Check this.", note_target(then, "arrests", "Arrests"))
    assert list(changes_since(then, note, Budget())) == []
    path.write_text(path.read_text("utf-8").replace("2017-11", "2017-12"), encoding="utf-8")
    now = desk.lay_open(path)
    changes = changes_since(now, note, Budget())
    assert list(changes_in_lines(changes)) == ["date: 2017-11 → 2017-12"]


@pytest.mark.parametrize("snapshot", ["", "[]", "{", '{"a":' * 5000, '{"a":' * 90 + "1" + "}" * 90])
def test_invalid_snapshot_shows_no_change(desk: Desk, snapshot: str) -> None:
    """Whatever a note has as its snapshot, the note is shown."""
    opened = desk.lay_open(desk.write_case(ARRESTS))
    note = opened.notebook.keep_new(
        "arrests", "Check this.", note_target(opened, "arrests", "Arrests")
    )
    damaged = replace(note, target=replace(note.target, snapshot=snapshot))
    assert changes_since(opened, damaged, Budget()) == ()


@pytest.mark.parametrize(
    ("text", "then"),
    [("Text.", {"x": [1] * 24_000}), ("甲乙" * 99, {"text": "甲" * 4900})],
    ids=["values", "words"],
)
def test_page_compares_within_one_budget(desk: Desk, text: str, then: dict[str, object]) -> None:
    """Of many notes with costly rows in them, the last ones don't say what has changed since."""
    path = desk.write_case(f'{ARRESTS}text = "{text}"\n')
    opened = desk.lay_open(path)
    target = target_of("Arrests", {"id": "arrests", **then})
    for number in range(10):
        opened.notebook.keep_new("arrests", f"Note {number}.", target)
    words = [item.text for part in note_sections(opened, "arrests") for item in part.items]
    earlier = "written on an earlier version of the entry"
    told = words.count(f"{earlier}; since then:")
    assert 0 < told < 10
    assert words.count(f"{earlier}; what has changed since is not shown") == 10 - told
    assert "Note 9." in words
