"""`casefile diff`: what it prints of two versions of a case file, and with which exit code."""

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

from casefile.cli.command_line import run as run_command_line
from casefile.library import BUNDLED, find_case
from casefile.views.differences import changes_in_lines, changes_since
from casefile.views.noting import target

HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\n'
ARRESTS = '[[event]]\nid = "arrests"\ntitle = "Arrests"\ndate = "2017-11"\ntags = ["a", "b"]\n'
RAID = '[[event]]\nid = "raid"\ntitle = "Raid on\\nthe flat"\ncites = ["para 4"]\n'
CLAIM = '[[claim]]\nid = "x"\nstatement = "It was him."\n'

Diff = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use an empty home directory, so that the settings of the user are not read."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def diff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Diff:
    """Return a function that compares two texts; it returns exit code, output and error lines."""

    def diff(old: str, new: str, *options: str) -> tuple[int, list[str], list[str]]:
        paths = [tmp_path / "old.toml", tmp_path / "new.toml"]
        for path, text in zip(paths, (old, new), strict=True):
            path.write_text(text, encoding="utf-8")
        code = run_command_line(["diff", *map(str, paths), *options])
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return diff


def test_changes_are_under_their_entry(diff: Diff) -> None:
    """Entries are in file order, and the changes in one are by key."""
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


def test_no_difference_prints_nothing(diff: Diff) -> None:
    """The exit code is 0, as of diff(1)."""
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
def test_change_in_one_line(diff: Diff, before: str, after: str, line: str) -> None:
    """It has the key, the old value and the new one."""
    start = HEAD + '[[event]]\nid = "e"\ntitle = "E"\n'
    _, printed, _ = diff(start + before, start + after)
    assert f"    {line}" in printed


def test_only_changed_words_of_a_long_text_are_shown(diff: Diff) -> None:
    """They are marked, with some words around them."""
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
    """A change of several lines is shown in one."""
    start = HEAD + '[[event]]\nid = "e"\ntitle = "E"\n'
    _, (_, line), _ = diff(f"{start}text = '''one\ntwo'''", f"{start}text = '''six\nten'''")
    assert line == "    text: one ¶ two → six ¶ ten"


def test_new_id_is_reported_once(diff: Diff) -> None:
    """The entries that use the new id are named, not reported as changed."""
    old = HEAD + RAID + '[[claim]]\nid = "x"\nstatement = "It was him."\nabout = "raid"\n'
    code, printed, _ = diff(old, old.replace('"raid"', '"search"'))
    assert code == 1
    assert printed == [
        "= event raid → search: Raid on the flat",
        "    probably the same entry with a new id, used in x",
    ]


def test_new_order_on_the_timeline_is_one_line(diff: Diff) -> None:
    """Events that are ordered by the file alone may change places."""
    code, printed, _ = diff(HEAD + RAID + ARRESTS, HEAD + ARRESTS + RAID)
    assert (code, printed) == (0, [])
    dated = RAID + 'date = "2017-11"\n'
    code, (line,), _ = diff(HEAD + dated + ARRESTS, HEAD + ARRESTS + dated)
    assert code == 1
    assert line.startswith("~ order on the timeline, by place in the file: ")


def test_files_of_two_cases_are_compared(diff: Diff) -> None:
    """The first line says that they are of two cases."""
    code, printed, _ = diff(HEAD + RAID, HEAD.replace("demo", "other") + RAID)
    assert (code, printed) == (1, ["The files are of two cases: demo and other."])


def test_unreadable_file_ends_with_exit_code_2(diff: Diff, tmp_path: Path) -> None:
    """The problems of either file are on standard error."""
    code, printed, complaints = diff("[", 'format = "casefile/2"\n')
    assert (code, printed) == (2, [])
    assert [line.partition(": ")[0] for line in complaints] == [
        f"{tmp_path}/old.toml:1:2",
        f"{tmp_path}/new.toml:1:1",
    ]


def test_problems_are_on_standard_error(diff: Diff, tmp_path: Path) -> None:
    """A row with a problem is compared all the same."""
    code, printed, complaints = diff(HEAD + RAID, HEAD + RAID + 'by = "nobody"\n')
    assert (code, printed[1]) == (1, "    by: + nobody")
    assert complaints == [f"{tmp_path}/new.toml:9:1: by: there is no entry “nobody”"]


def test_unreadable_row_ends_with_exit_code_2(diff: Diff) -> None:
    """No difference in the other rows does not mean that the files are the same."""
    nameless = '[[event]]\ntitle = "A"\n'
    code, printed, complaints = diff(HEAD + nameless, HEAD + nameless.replace('"A"', '"B"'))
    assert (code, printed) == (2, [])
    assert complaints[-1] == "What could not be read was not compared."
    code, _, complaints = diff(HEAD + nameless, HEAD + nameless)
    assert (code, len(complaints)) == (0, 2)


def test_json_has_whole_values(diff: Diff) -> None:
    """It has the same differences as the text."""
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


def test_json_escapes_control_characters(diff: Diff) -> None:
    """They are neither replaced nor left out."""
    hidden = "a\u202eb\x07"
    _, printed, _ = diff(
        HEAD, HEAD + CLAIM.replace("It was him.", "a\u202eb\\u0007"), "--format=json"
    )
    assert acting("\n".join(printed)) == []
    assert json.loads("\n".join(printed))["entries"][0]["row"]["statement"] == hidden


def test_control_characters_in_a_case_are_inert(diff: Diff) -> None:
    """All values of a hostile file are printed, as text alone."""
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


def test_standard_input_is_read_whatever_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No memory is asked for before there is something to keep in it."""
    monkeypatch.setenv("CASEFILE_SIZE_LIMIT", "9" * 14)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEAD.encode())))
    path = tmp_path / "case.toml"
    path.write_text(HEAD, encoding="utf-8")
    assert run_command_line(["diff", "-", str(path)]) == 0


def test_both_files_from_standard_input_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Only one of them can be read from it."""
    assert run_command_line(["diff", "-", "-"]) == 2
    assert capsys.readouterr().err == "Only one of the two files can be read from standard input.\n"


def test_case_of_the_library_is_named_by_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    """The bundled case does not differ from itself."""
    assert run_command_line(["diff", BUNDLED, str(find_case(BUNDLED))]) == 0
    assert capsys.readouterr() == ("", "")


# In a note's words


def test_changes_since_a_note_was_written(desk: Desk) -> None:
    """They come from the row recorded in the note, with labels for the keys."""
    path = desk.write_case(ARRESTS)
    then = desk.lay_open(path)
    note = then.notebook.keep_new("arrests", "Check this.", target(then, "arrests", "Arrests"))
    assert list(changes_since(then, note)) == []
    path.write_text(path.read_text("utf-8").replace("2017-11", "2017-12"), encoding="utf-8")
    now = desk.lay_open(path)
    changes = changes_since(now, note)
    assert list(changes_in_lines(changes, {"date": "When"})) == ["When: 2017-11 → 2017-12"]


@pytest.mark.parametrize("snapshot", ["", "[]", "{", '{"a":' * 5000, '{"a":' * 90 + "1" + "}" * 90])
def test_damaged_recorded_row_has_no_changes(desk: Desk, snapshot: str) -> None:
    """The note is shown whatever its file has in place of the row."""
    opened = desk.lay_open(desk.write_case(ARRESTS))
    note = opened.notebook.keep_new("arrests", "Check this.", target(opened, "arrests", "Arrests"))
    damaged = replace(note, target=replace(note.target, snapshot=snapshot))
    assert changes_since(opened, damaged) == ()
