"""`casefile check`: lines, JSON, exit codes, and the display on a terminal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_cases import acting, hostile_case
from terminal import Terminal, readers_environment

from casefile.library import BUNDLED

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMAND = (sys.executable, "-m", "casefile")
SOUND = """\
format = "casefile/1"
[case]
id = "demo"
title = "Demo"
source = "press"
[[source]]
id = "press"
title = "A report"
[[event]]
id = "call"
title = "A call"
cites = "para 1"
"""
WITH_ERROR = SOUND + 'date = "2018-13"\n'
WITH_FINDING = SOUND + 'titel = "A call"\n'
NO_CASE = "title = 1\n"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that checks files in one folder, without a terminal."""

    def run(
        *arguments: str, standard_input: str = "", verb: str = "check"
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, verb, *arguments],
            env=readers_environment(tmp_path / "home"),
            input=standard_input,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            timeout=30,
            check=False,
        )

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Return a function that writes a file into that folder."""

    def write(text: str, name: str = "demo.toml") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


Write = Callable[..., str]


def test_valid_file_prints_nothing(run: Run, write: Write) -> None:
    """A pipe gets no line, and the exit code is 0; a case of the library may be named by its id."""
    done = run(write(SOUND), BUNDLED)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_each_problem_is_a_line_with_place_and_code(run: Run, write: Write) -> None:
    """Errors and warnings are in file order, each with its place and its code."""
    done = run(write(WITH_ERROR + 'titel = "A call"\n'))
    assert (done.returncode, done.stderr) == (1, "")
    first, second = done.stdout.splitlines()
    assert first.startswith("demo.toml:13:1: error: date: there is no month 13; months are")
    assert first.endswith(" [bad-date]")
    assert second == (
        "demo.toml:14:1: warning: `titel` is not a key of an event; the nearest is `title` "
        "[unknown-key]"
    )


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ([SOUND], 0),
        ([WITH_FINDING], 1),
        ([WITH_ERROR], 1),
        ([NO_CASE], 2),
        ([NO_CASE, SOUND], 2),
        ([WITH_FINDING, NO_CASE, WITH_ERROR], 2),
    ],
)
def test_exit_code_is_that_of_the_worst_file(
    run: Run, write: Write, texts: list[str], code: int
) -> None:
    """0 is nothing, 1 findings or errors in a file that opens, 2 a file that is no case."""
    names = [write(text, f"{number}.toml") for number, text in enumerate(texts)]
    assert run(*names).returncode == code


def test_bad_file_does_not_stop_the_others(run: Run, write: Write) -> None:
    """A missing or invalid file is reported in its turn, and the rest is checked."""
    done = run("missing.toml", "no-such-case", write(NO_CASE, "bad.toml"), write(WITH_FINDING))
    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [
        "missing.toml:",
        "no-such-case:",
        "bad.toml:1:1:",
        "demo.toml:13:1:",
    ]


def test_json_is_a_list_of_objects(run: Run, write: Write) -> None:
    """--format json gives the fields of each problem."""
    done = run("--format", "json", write(WITH_FINDING), "missing.toml")
    assert done.returncode == 2
    assert json.loads(done.stdout) == [
        {
            "path": "demo.toml",
            "line": 13,
            "column": 1,
            "severity": "warning",
            "code": "unknown-key",
            "what": "`titel` is not a key of an event",
            "hint": "the nearest is `title`",
            "entry": "call",
        },
        {
            "path": "missing.toml",
            "line": None,
            "column": None,
            "severity": "error",
            "code": "unreadable",
            "what": "can't be read: no such file or directory",
            "hint": None,
            "entry": None,
        },
    ]


def test_json_without_problems_is_an_empty_list(run: Run, write: Write) -> None:
    """The output is always JSON."""
    assert json.loads(run("--format", "json", write(SOUND)).stdout) == []


def test_json_is_inert_and_complete(run: Run, write: Write) -> None:
    """Characters that act on a terminal are escaped as JSON, and parse back unchanged."""
    done = run("--format", "json", write(SOUND + '"\\u202ekey\\u001b" = 1\n'))
    assert acting(done.stdout) == []
    (problem,) = json.loads(done.stdout)
    assert problem["what"] == "`\u202ekey\x1b` is not a key of an event"


def test_standard_input_is_checked_under_a_name(run: Run) -> None:
    """An editor can pipe an unsaved buffer and give its name."""
    done = run("-", standard_input=WITH_FINDING)
    assert done.stdout.startswith("(standard input):13:1: warning: ")
    done = run("-", "--as", "cases/demo.toml", standard_input=WITH_FINDING)
    assert done.stdout.startswith("cases/demo.toml:13:1: warning: ")
    assert run("-", "-").returncode == 2


def test_accepted_findings_are_printed_with_option(run: Run, write: Write) -> None:
    """--accepted prints what the case accepts, with the reason, and the exit code stays 0."""
    accept = 'source = "press"\naccept = { "unknown-key" = "A key of our own." }'
    name = write(WITH_FINDING.replace('source = "press"', accept))
    assert (run(name).returncode, run(name).stdout) == (0, "")
    done = run("--accepted", name)
    assert (done.returncode, done.stdout) == (
        0,
        (
            "demo.toml:14:1: accepted: `titel` is not a key of an event; the nearest is `title` "
            "(A key of our own.) [unknown-key]\n"
        ),
    )
    (told,) = json.loads(run("--accepted", "--format", "json", name).stdout)
    assert (told["severity"], told["reason"]) == ("accepted", "A key of our own.")


def test_coverage_reports_uncited_paragraphs(run: Run, write: Write) -> None:
    """--coverage reports the paragraphs of a text beside the case file that no entry cites."""
    write("One.\nTwo.\n", "press.txt")
    name = write(SOUND.replace('title = "A report"', 'title = "A report"\nfile = "press.txt"'))
    assert (run(name).returncode, run(name).stdout) == (0, "")
    done = run("--coverage", name)
    assert done.returncode == 1
    assert done.stdout.startswith("demo.toml:6:1: warning: no entry cites para 2: “Two.”; ")


def test_quotations_are_checked_in_own_copy(run: Run, write: Write, tmp_path: Path) -> None:
    """If the case has no text, quotations are checked in the user's own copy."""
    name = write(SOUND.replace('"para 1"', '{ at = "para 1", quote = "It was so." }'))
    assert run(name).returncode == 0
    copies = tmp_path / "kept" / "sources" / "demo"
    copies.mkdir(parents=True)
    (copies / "press.txt").write_text("It was not so.\n")
    done = run("--notes-dir", "kept", name)
    assert done.returncode == 1
    assert done.stdout.startswith("demo.toml:12:26: warning: “It was so.” ")
    assert done.stdout.endswith(" [cite-not-found]\n")


def test_new_case_has_no_findings(run: Run) -> None:
    """Check finds nothing in what `casefile new` writes."""
    assert run("new.toml", verb="new").returncode == 0
    done = run("new.toml")
    assert (done.returncode, done.stdout) == (0, "")


def test_hostile_case_is_printed_inert(run: Run, write: Write) -> None:
    """Nothing in a file acts on the terminal, neither keys nor ids."""
    done = run(write(hostile_case()))
    assert done.returncode in (1, 2)
    assert done.stdout
    assert acting(done.stdout) == []


def test_check_writes_nothing(run: Run, write: Write, tmp_path: Path) -> None:
    """Checking writes nothing, anywhere."""
    path = tmp_path / write(WITH_ERROR)
    before = path.stat()
    run("demo.toml")
    assert (path.read_text(), path.stat().st_mtime_ns) == (WITH_ERROR, before.st_mtime_ns)
    assert [one.name for one in tmp_path.iterdir()] == ["demo.toml"]


# On a terminal


def on_terminal(folder: Path, *arguments: str, **environment: str | None) -> Terminal:
    """Check files in a terminal, and return it after the program has ended."""
    env = readers_environment(folder / "home", **environment)
    with Terminal([*COMMAND, "check", *arguments], env=env) as terminal:
        terminal.wait_exit()
        return terminal


@pytest.mark.terminal
def test_terminal_shows_line_and_caret(tmp_path: Path, write: Write) -> None:
    """Under each problem is its line, inert, with a caret; a summary comes last."""
    path = write(SOUND + 'by = { party = "press", "漢字\u202e" = 1, rolle = "caller" }\n')
    terminal = on_terminal(tmp_path, str(tmp_path / path))
    assert terminal.text.rstrip().splitlines()[-3:] == [
        '    by = { party = "press", "漢字<U+202E>" = 1, rolle = "caller" }',
        "                                                ^",
        "3 warnings in 1 file; no text at hand for 1 source",
    ]


@pytest.mark.terminal
def test_terminal_shows_summary_without_problems(tmp_path: Path, write: Write) -> None:
    """On a terminal a line says that nothing is wrong."""
    terminal = on_terminal(tmp_path, str(tmp_path / write(SOUND)), BUNDLED)
    assert terminal.text.strip() == "nothing wrong in 2 files; no text at hand for 2 sources"


@pytest.mark.terminal
@pytest.mark.parametrize(
    ("options", "environment", "is_coloured"),
    [
        ([], {}, True),
        (["--no-color"], {}, False),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        ([], {"NO_COLOR": ""}, True),
    ],
)
def test_colours_follow_the_terminal_and_options(
    tmp_path: Path,
    write: Write,
    options: list[str],
    environment: dict[str, str],
    is_coloured: bool,
) -> None:
    """NO_COLOR, --no-color and a terminal without colours turn colours off."""
    path = str(tmp_path / write(WITH_FINDING))
    terminal = on_terminal(tmp_path, path, *options, **environment)
    assert (b"\x1b[1;33mwarning:\x1b[0m" in terminal.raw) is is_coloured
    assert (b"\x1b" in terminal.raw) is is_coloured


@pytest.mark.terminal
def test_other_verbs_show_line_and_caret(tmp_path: Path, write: Write) -> None:
    """The other verbs show the line of an error in a case that can't be opened too."""
    path = tmp_path / write('format = "casefile/1"\n[case]\nid = „demo“\n')
    command = [*COMMAND, "show", str(path)]
    with Terminal(command, env=readers_environment(tmp_path / "home")) as terminal:
        assert terminal.wait_exit() == 2
    assert "    id = „demo“\n         ^" in terminal.text
