"""The command line: output, streams and exit codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
from hostile_cases import ATTACK, MARKUP, acting, hostile_case
from terminal import Terminal, readers_environment

from casefile import __version__
from casefile.library import BUNDLED, find_case
from casefile.notes.annotation import target_of
from casefile.notes.notebook import Notebook
from casefile.places import CaseFolder, find_places

pytestmark = pytest.mark.slow

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMAND = (sys.executable, "-m", "casefile")
HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A small case"\n'
EVENT = '[[event]]\nid = "call"\ntitle = "A call"\n'


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    """Return a function that runs a command line beside the case files, without a terminal."""

    def run(
        *arguments: str | Path,
        environment: dict[str, str | None] | None = None,
        encoding: str = "utf-8",
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=readers_environment(home, **(environment or {})),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding=encoding,
            cwd=tmp_path,
            timeout=30,
            check=False,
        )

    return run


def write_case(folder: Path, text: str, name: str = "demo.toml") -> Path:
    """Write a case file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# Without a case


def test_version_is_printed(run: Run) -> None:
    """--version prints name and version, and nothing else."""
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"casefile {__version__}\n", "")


def test_help_lists_every_verb(run: Run) -> None:
    """--help says what each verb does."""
    done = run("--help")
    assert done.returncode == 0
    for words in ("casefile [CASE]", "casefile show CASE [ENTRY]", "casefile where"):
        assert words in done.stdout
    assert acting(done.stdout) == []


def test_where_prints_directories_without_creating_them(run: Run, home: Path) -> None:
    """The directories are under the user's home, and none of them is created."""
    done = run("where")
    assert done.returncode == 0
    for kind in get_args(CaseFolder):
        assert f"/{kind}\n" in done.stdout
    assert f"{home}/data/casefile/notes" in done.stdout
    assert f"{home}/data/casefile/sources" in done.stdout
    assert f"{home}/state/casefile/drafts" in done.stdout
    assert list(home.iterdir()) == []


def test_where_follows_notes_dir(run: Run, tmp_path: Path) -> None:
    """--notes-dir moves notes and drafts."""
    done = run("where", "--notes-dir", "elsewhere")
    assert f"{tmp_path}/elsewhere/notes\n" in done.stdout
    assert f"{tmp_path}/elsewhere/drafts\n" in done.stdout


@pytest.mark.parametrize("option", [["--notes-dir", "elsewhere"], ["--notes-dir=elsewhere"]])
def test_notes_dir_may_come_before_the_verb(run: Run, tmp_path: Path, option: list[str]) -> None:
    """So an alias in a shell can have it, for verbs of one word and of two."""
    done = run(*option, "note", "add", BUNDLED, "arrests", "--star")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "elsewhere" / "notes" / BUNDLED).is_dir()
    assert "star on arrests" in run(*option, "notes", BUNDLED).stdout
    assert "There is no verb chek" in run(*option, "chek", BUNDLED).stderr


# A case as plain text


def values_of(value: object, keys: set[str], *, wanted: bool = False) -> Iterator[str]:
    """Yield every text under one of these keys, at any depth."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from values_of(one, keys, wanted=key in keys)
    elif isinstance(value, list):
        for one in value:
            yield from values_of(one, keys, wanted=wanted)
    elif isinstance(value, str) and wanted:
        yield value


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("file", "it is not a directory"),
        ("pipe", "it is not a directory"),
        ("link to nothing", "it is a link to nothing"),
        ("link to itself", "Too many levels of symbolic links"),
    ],
)
def test_notes_dir_that_is_no_folder_is_reported(
    run: Run, tmp_path: Path, kind: str, what: str
) -> None:
    """By `where` as by what writes a note; the folders are printed all the same."""
    path = tmp_path / "elsewhere"
    match kind:
        case "file":
            path.touch()
        case "pipe":
            os.mkfifo(path)
        case "link to nothing":
            path.symlink_to("nowhere")
        case "link to itself":
            path.symlink_to(path)
    said = f"choose a folder with --notes-dir DIR; {path}: {what}\n"
    done = run("where", "--notes-dir", "elsewhere")
    assert (done.returncode, done.stderr) == (1, said)
    assert f"notes     {path}/notes\n" in done.stdout
    done = run("note", "add", BUNDLED, "arrests", "--star", "--notes-dir", "elsewhere")
    assert (done.returncode, done.stderr) == (1, f"Not kept: {said}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["where", "--notes-dir", ""],
        ["source", "list", BUNDLED, "--notes-dir", ""],
        ["source", "add", BUNDLED, "wvue", ""],
        ["notes", "merge", "", "--yes"],
        ["notes", "merge", "other", "", "--yes"],
        ["notes", "pack", BUNDLED, ""],
        ["check", BUNDLED, ""],
        ["source", "remove", BUNDLED, ""],
        ["new", "", "--id", "demo"],
        ["from-csv", "--id", "demo", ""],
    ],
    ids=" ".join,
)
def test_empty_name_of_file_or_folder_is_refused(run: Run, arguments: list[str]) -> None:
    """An empty name, as of an unset variable, would mean the working directory."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(": the name is empty\n")


def test_show_prints_every_field_of_a_case(run: Run) -> None:
    """Every title, name, quotation, amount and remark of the bundled case is printed, uncut."""
    case = tomllib.loads(find_case(BUNDLED).read_text("utf-8"))
    done = run("show", BUNDLED)
    assert (done.returncode, done.stderr) == (0, "")
    keys = {"title", "name", "item", "statement", "words", "quote", "text", "date_text", "location"}
    said = list(values_of(case, keys))
    assert len(said) > 200
    printed = " ".join(done.stdout.split())
    assert [words for words in said if " ".join(words.split()) not in printed] == []


def test_show_prints_every_entry(run: Run) -> None:
    """Each pane has its count, and each entry is printed with its id."""
    case = tomllib.loads(find_case(BUNDLED).read_text("utf-8"))
    done = run("show", BUNDLED)
    ids = [row["id"] for rows in case.values() if isinstance(rows, list) for row in rows]
    subtitles = re.findall(r"^ {6}\w.* · ([a-z0-9-]+)$", done.stdout, re.MULTILINE)
    assert set(ids) <= set(subtitles)
    assert f"Timeline: {len(case['event'])}\n" in done.stdout
    assert f"Parties: {len(case['party'])}\n" in done.stdout


def test_show_prints_no_escapes_or_trailing_spaces(run: Run) -> None:
    """Output to a pipe has no escape, no box drawing and no trailing spaces."""
    done = run("show", BUNDLED, environment={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})
    assert acting(done.stdout) == []
    assert re.findall("[\u2500-\u259f]", done.stdout) == []
    assert re.findall(r"[ \t]+$", done.stdout, re.MULTILINE) == []


def test_closed_pipe_ends_quietly(home: Path) -> None:
    """`| head -1` gets its line; nothing is printed to stderr, and the exit code is 0."""
    with subprocess.Popen(
        [*COMMAND, "show", BUNDLED],
        env=readers_environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # More than a pipe holds is left to write when the reader goes.
        pipesize=4096,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b"Joint fentanyl")
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(30) == 0


def test_show_prints_one_entry(run: Run) -> None:
    """With an id only that entry is printed."""
    done = run("show", BUNDLED, "tip")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("HSI New Orleans obtains information on a supplier\n")
    assert "Prosecution in China of those arrested" not in done.stdout


def test_show_prints_one_pane(run: Run) -> None:
    """With --pane only that pane is printed; its name is compared without case."""
    done = run("show", BUNDLED, "--pane", "seizures")
    assert done.returncode == 0
    assert re.findall(r"^\w+: \d+$", done.stdout, re.MULTILINE) == ["Seizures: 4"]


def test_notes_are_printed_only_with_option(run: Run, tmp_path: Path) -> None:
    """`show` prints notes with --notes and not otherwise."""
    notebook = Notebook(find_places(tmp_path / "notes"), BUNDLED, author_name="jdoe")
    notebook.keep_new("tip", "Who told them?\n李娜 may know.", target_of("tip", {}))
    for arguments in (["show", BUNDLED], ["show", BUNDLED, "tip"]):
        without = run(*arguments, "--notes-dir", "notes")
        assert "Who told them?" not in without.stdout
        done = run(*arguments, "--notes", "--notes-dir", "notes")
        assert "Who told them?" in done.stdout
        assert "李娜 may know." in done.stdout
        assert "jdoe" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["tipp"], "tipp"),
        (["--pane", "events"], "Timeline, Parties, Seizures"),
    ],
    ids=["entry", "pane"],
)
def test_unknown_entry_or_pane_is_refused(run: Run, arguments: list[str], told: str) -> None:
    """An unknown entry or pane is named on one line, with exit code 2."""
    done = run("show", BUNDLED, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_output_fits_any_encoding(run: Run, tmp_path: Path, encoding: str) -> None:
    """Characters that the encoding of a stream lacks are printed as escapes, on both streams."""
    path = write_case(tmp_path, f'{HEAD}[[event]]\nid = "e"\ntitle = "李娜 “é”"\nby = "李娜"\n')
    environment: dict[str, str | None] = {"PYTHONIOENCODING": f"{encoding}:strict"}
    done = run("show", path.name, environment=environment, encoding=encoding)
    assert done.returncode == 1
    name = "李娜".encode(encoding, "backslashreplace").decode(encoding)
    assert name in done.stdout
    assert name in done.stderr


@pytest.mark.parametrize(
    "environment",
    [{"LANG": "C"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ids=["plain", "plain-and-nothing-else"],
)
def test_output_fits_the_c_locale(run: Run, environment: dict[str, str | None]) -> None:
    """Without a language setting the bundled case is printed, typographic quotes included."""
    done = run("show", BUNDLED, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii() == ("LC_ALL" in environment)
    assert "Prosecution in China of those arrested" in done.stdout


# Files that are no case, and cases with mistakes


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ('format = "casefile/1"\nx = \n', "2:5", "TOML"),
        ('format = "casefile/1"\n[case\n', "2:6", "TOML"),
        ("[case]\nid = 'a'\n", "1:1", "format"),
        ("", "1:1", "format"),
        (f'{HEAD}[[event]]\nid = "a"\ntitle = "b"\nid = "c"\n', "8:9", "TOML"),
        ('format = "casefile/1"\n[case]\nid = "../x"\ntitle = "A"\n', "3:1", "id"),
    ],
    ids=["value", "table", "no-format", "empty", "twice", "id"],
)
def test_invalid_case_file_is_reported_with_place(
    run: Run, tmp_path: Path, text: str, place: str, told: str
) -> None:
    """Place and reason go to stderr as `file:line:column: reason`, with exit code 2."""
    write_case(tmp_path, text)
    done = run("show", "demo.toml")
    assert (done.returncode, done.stdout) == (2, "")
    first, *_ = done.stderr.splitlines()
    assert first.startswith(f"demo.toml:{place}: ")
    assert told in first


def test_invalid_utf8_is_reported_with_place(run: Run, tmp_path: Path) -> None:
    """The first invalid byte is reported with its place."""
    (tmp_path / "demo.toml").write_bytes(HEAD.encode() + b"# caf\xe9\n")
    done = run("show", "demo.toml")
    assert done.returncode == 2
    assert done.stderr.startswith("demo.toml:5:6: byte 0xe9 ")


@pytest.mark.parametrize("kind", ["missing", "directory", "fifo", "device"])
def test_only_regular_files_are_read(run: Run, tmp_path: Path, kind: str) -> None:
    """Anything but a regular file is refused at once, without waiting, with exit code 2."""
    path = tmp_path / "demo.toml"
    match kind:
        case "directory":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
    done = run("show", "demo.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"demo\.toml: .+\n", done.stderr)


EXTREMES = {
    "nested-lists": "x = " + "[" * 5_000 + "]" * 5_000,
    "nested-tables": "x = " + "{a = " * 5_000 + "1" + "}" * 5_000,
    "dotted-key": ".".join("a" * 5_000) + " = 1",
    "decimal-digits": "x = " + "9" * 10_000,
}
ONCE_THEY_ARE_READ = {
    "hexadecimal-digits": "x = 0x" + "f" * 100_000,
    "dotted-key-short-enough": ".".join("a" * 490) + " = 1",
    "not-a-number": 'amounts = [{ value = nan, unit = "kg" }]',
    "infinite": 'amounts = [{ value = inf, unit = "kg" }]',
    "large": 'amounts = [{ value = 1e308, unit = "kg" }]',
}


@pytest.mark.parametrize("row", EXTREMES.values(), ids=EXTREMES)
def test_extreme_values_are_refused_with_a_message(run: Run, tmp_path: Path, row: str) -> None:
    """Values too deep or too large are refused with a message and exit code 2."""
    write_case(tmp_path, f"{HEAD}{EVENT}{row}\n")
    done = run("show", "demo.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"demo\.toml(:\d+:\d+)?: .{1,300}\n", done.stderr)


@pytest.mark.parametrize("row", ONCE_THEY_ARE_READ.values(), ids=ONCE_THEY_ARE_READ)
def test_extreme_values_never_give_a_traceback(run: Run, tmp_path: Path, row: str) -> None:
    """Values that can be read but hardly printed are printed or refused with a message."""
    write_case(tmp_path, f"{HEAD}{EVENT}{row}\n")
    done = run("show", "demo.toml")
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr
    assert "A call" in done.stdout or done.stderr.startswith("demo.toml:")


def test_case_with_errors_is_still_printed(run: Run, tmp_path: Path) -> None:
    """Errors that are not fatal go to stderr, each with its place; exit code 1."""
    write_case(tmp_path, f'{HEAD}{EVENT}by = "nobody"\ndate = "soon"\n[[event]]\nid = "Two"\n')
    done = run("show", "demo.toml")
    assert done.returncode == 1
    assert "A call" in done.stdout
    told = done.stderr.splitlines()
    assert [line.split(": ")[0] for line in told if "nobody" in line] == ["demo.toml:8:1"]
    assert [line.split(": ")[0] for line in told if " date: " in line] == ["demo.toml:9:1"]
    assert any(line.startswith("demo.toml:10:1: ") and "title" in line for line in told)
    assert any(line.startswith("demo.toml:11:1: ") and " id: " in line for line in told)
    assert all(re.match(r"demo\.toml:\d+:\d+: .", line) for line in told)


def test_byte_order_mark_is_accepted(run: Run, tmp_path: Path) -> None:
    """A file that starts with a BOM opens like any other."""
    write_case(tmp_path, f"\ufeff{HEAD}")
    done = run("show", "demo.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("A small case\n")


# Without a terminal


def assert_refused(code: int, said: str) -> None:
    """Assert that one line names what works without a screen."""
    assert code == 2
    (line,) = said.splitlines()
    assert "casefile show" in line
    assert acting(line) == []


def test_no_screen_is_drawn_in_a_pipe(run: Run) -> None:
    """In a pipe, one line says what works there, with exit code 2."""
    done = run(BUNDLED)
    assert done.stdout == ""
    assert_refused(done.returncode, done.stderr)


@pytest.mark.terminal
@pytest.mark.parametrize(
    ("term", "redirections"),
    [
        ("dumb", ""),
        ("", ""),
        (None, ""),
        ("xterm-256color", "</dev/null"),
        ("xterm-256color", "<&-"),
        ("xterm-256color", "2>&1 | cat"),
        ("xterm-256color", "2>&1 </dev/null | cat"),
    ],
    ids=["dumb", "empty", "unset", "stdin", "stdin-closed", "stderr", "pipe"],
)
def test_no_screen_is_drawn_on_unsuitable_terminal(
    home: Path, term: str | None, redirections: str
) -> None:
    """A dumb terminal, or none for keys or drawing, gets that line and no escape."""
    # Within the pipe, whose own exit code is that of its last command.
    script = f"{{ {' '.join(COMMAND)}; echo exit code $?; }} {redirections}"
    command = ["/bin/sh", "-c", script]
    with Terminal(command, env=readers_environment(home, TERM=term)) as terminal:
        terminal.wait_exit()
        said, code = terminal.raw.decode().replace("\r\n", "\n").rsplit("exit code ", 1)
    assert_refused(int(code), said)


# Text that would act


def test_hostile_case_is_printed_inert(run: Run, tmp_path: Path) -> None:
    """Nothing in a case acts on a terminal, on stdout or stderr; markup stays as written."""
    write_case(tmp_path, hostile_case())
    done = run("show", "demo.toml")
    assert done.returncode == 1
    assert acting(done.stdout) == []
    assert acting(done.stderr) == []
    assert f"{MARKUP} ␛]52;c;cm0=␇␛]0;owned␛\\" in done.stdout
    assert "<U+202E>exe.txt<U+2066>" in done.stdout
    assert "there is no entry “[sic] [/]" in done.stderr


def test_hostile_note_is_printed_inert(run: Run, tmp_path: Path) -> None:
    """Nothing in a note, its author's name or its label acts on a terminal."""
    write_case(tmp_path, f"{HEAD}{EVENT}")
    notebook = Notebook(find_places(tmp_path / "notes"), "demo", author_name=f"j{ATTACK}")
    notebook.keep_new("call", f"{MARKUP}\n{ATTACK}", target_of(ATTACK, {}))
    notebook.keep_new("gone", f"{MARKUP}\n{ATTACK}", target_of(ATTACK, {}))
    done = run("show", "demo.toml", "--notes", "--notes-dir", "notes")
    assert (done.returncode, done.stderr) == (0, "")
    assert MARKUP in done.stdout
    assert acting(done.stdout) == []


# The half character stands for a byte that is no UTF-8.
HOSTILE_NAME = "\x1b]0;owned\x07\u202e\udcff.toml"


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", HOSTILE_NAME],
        ["show", "missing" + HOSTILE_NAME],
        ["show", BUNDLED, HOSTILE_NAME],
        ["show", BUNDLED, "--pane", HOSTILE_NAME],
        ["show", "--notes-dir", HOSTILE_NAME, BUNDLED, HOSTILE_NAME],
    ],
    ids=["file", "missing-file", "entry", "pane", "notes-dir"],
)
def test_hostile_arguments_are_printed_inert(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    """File names and ids in error messages do not act on a terminal."""
    write_case(tmp_path, "x =", HOSTILE_NAME)
    done = run(*arguments)
    assert done.returncode == 2
    assert "␛]0;owned␇<U+202E><U+DCFF>" in done.stderr
    assert acting(done.stderr) == []


@pytest.mark.parametrize(
    "arguments",
    [["where", HOSTILE_NAME], [f"--{HOSTILE_NAME}"], ["show", "a", "b", HOSTILE_NAME]],
    ids=["where", "option", "show"],
)
def test_hostile_usage_errors_are_printed_inert(run: Run, arguments: list[str]) -> None:
    """Arguments that argparse rejects do not act on a terminal."""
    done = run(*arguments)
    assert done.returncode == 2
    assert acting(done.stderr) == []


def test_hostile_directory_is_printed_inert(run: Run) -> None:
    """The name of a directory does not act on a terminal."""
    done = run("where", "--notes-dir", HOSTILE_NAME)
    assert "␛]0;owned␇<U+202E><U+DCFF>" in done.stdout
    assert acting(done.stdout) == []


# Output that fails


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"], ids=["full", "closed"])
def test_failing_output_is_reported(home: Path, redirection: str) -> None:
    """A full disk or a closed output gives a message, never a traceback."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(COMMAND)} show {BUNDLED} {redirection}"],
        env=readers_environment(home),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode not in (0, 1)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"], ids=["full", "closed"])
def test_note_add_reports_the_note_if_output_fails(home: Path, redirection: str) -> None:
    """If the id can't be printed, stderr says that the note was added: nobody adds it twice."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"echo Text | {' '.join(COMMAND)} note add {BUNDLED} tip {redirection}"],
        env=readers_environment(home),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Kept as ")
    assert len([*(home / "data").rglob("*.toml")]) == 1
