"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile_cases import ATTACK, MARKUP, acting, hostile_case
from terminal import Terminal, readers_environment

from casefile import __version__
from casefile.library import BUNDLED, find_case
from casefile.notes.annotation import target_of
from casefile.notes.notebook import Notebook
from casefile.places import find_places

pytestmark = pytest.mark.slow

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMAND = (sys.executable, "-m", "casefile")
HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "A small case"\n'
EVENT = '[[event]]\nid = "call"\ntitle = "A call"\n'


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    """Give a way to run a command line beside the case files, without a terminal."""

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
    """Write a file to be opened as a case."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# Without a case


def test_the_version(run: Run) -> None:
    """--version prints name and version, and nothing else."""
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"casefile {__version__}\n", "")


def test_help_names_every_verb(run: Run) -> None:
    """--help says what each verb does."""
    done = run("--help")
    assert done.returncode == 0
    for words in ("casefile [CASE]", "casefile show CASE [ENTRY]", "casefile where"):
        assert words in done.stdout
    assert acting(done.stdout) == []


def test_where_tells_the_directories_and_makes_none(run: Run, home: Path) -> None:
    """The directories are below the reader's own, and looking makes none of them."""
    done = run("where")
    assert done.returncode == 0
    assert f"{home}/data/casefile/notes" in done.stdout
    assert f"{home}/data/casefile/sources" in done.stdout
    assert f"{home}/state/casefile/drafts" in done.stdout
    assert list(home.iterdir()) == []


def test_where_follows_the_option(run: Run, tmp_path: Path) -> None:
    """--notes-dir moves notes and drafts."""
    done = run("where", "--notes-dir", "elsewhere")
    assert f"{tmp_path}/elsewhere/notes\n" in done.stdout
    assert f"{tmp_path}/elsewhere/drafts\n" in done.stdout


# A case as plain text


def stated(value: object, keys: set[str], *, wanted: bool = False) -> Iterator[str]:
    """Give every text that stands under one of some keys, wherever that is."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from stated(one, keys, wanted=key in keys)
    elif isinstance(value, list):
        for one in value:
            yield from stated(one, keys, wanted=wanted)
    elif isinstance(value, str) and wanted:
        yield value


def test_a_folder_without_a_name_is_refused(run: Run) -> None:
    """An empty name, as of a variable that is not set, would be the working directory."""
    done = run("where", "--notes-dir", "")
    assert done.returncode == 2
    assert "the name of the folder is empty" in done.stderr


def test_show_prints_everything_that_a_case_says(run: Run) -> None:
    """Every title, name, quotation, amount and remark of the bundled case is printed, uncut."""
    case = tomllib.loads(find_case(BUNDLED).read_text("utf-8"))
    done = run("show", BUNDLED)
    assert (done.returncode, done.stderr) == (0, "")
    keys = {"title", "name", "item", "statement", "words", "quote", "text", "date_text", "location"}
    said = list(stated(case, keys))
    assert len(said) > 200
    printed = " ".join(done.stdout.split())
    assert [words for words in said if " ".join(words.split()) not in printed] == []


def test_show_prints_every_entry(run: Run) -> None:
    """Each pane counts its entries, and each entry stands there under its id."""
    case = tomllib.loads(find_case(BUNDLED).read_text("utf-8"))
    done = run("show", BUNDLED)
    ids = [row["id"] for rows in case.values() if isinstance(rows, list) for row in rows]
    subtitles = re.findall(r"^ {6}\w.* · ([a-z0-9-]+)$", done.stdout, re.MULTILINE)
    assert set(ids) <= set(subtitles)
    assert f"Timeline: {len(case['event'])}\n" in done.stdout
    assert f"Parties: {len(case['party'])}\n" in done.stdout


def test_plain_text_is_plain(run: Run) -> None:
    """Output to a pipe has no escape, no box drawing and no spaces at the ends of lines."""
    done = run("show", BUNDLED, environment={"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"})
    assert acting(done.stdout) == []
    assert re.findall("[\u2500-\u259f]", done.stdout) == []
    assert re.findall(r"[ \t]+$", done.stdout, re.MULTILINE) == []


def test_a_closed_pipe_ends_quietly(home: Path) -> None:
    """`| head -1` gets its line; nobody complains, and the exit code is 0."""
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


def test_show_one_entry(run: Run) -> None:
    """With an id only that entry is printed."""
    done = run("show", BUNDLED, "tip")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Information on a supplier reaches HSI New Orleans\n")
    assert "Prosecution in China of those arrested" not in done.stdout


def test_show_one_pane(run: Run) -> None:
    """With --pane only that pane is printed, whatever the case of its name."""
    done = run("show", BUNDLED, "--pane", "seizures")
    assert done.returncode == 0
    assert re.findall(r"^\w+: \d+$", done.stdout, re.MULTILINE) == ["Seizures: 4"]


def test_notes_are_printed_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    """A note leaves by --notes and not otherwise."""
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
def test_what_is_not_there_is_wrong_use(run: Run, arguments: list[str], told: str) -> None:
    """An unknown entry or pane is named on one line, with exit code 2."""
    done = run("show", BUNDLED, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_can_be_printed(run: Run, tmp_path: Path, encoding: str) -> None:
    """What the stream's encoding lacks is shown as an escape, on both streams."""
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
def test_a_plain_locale_can_be_printed_in(run: Run, environment: dict[str, str | None]) -> None:
    """Where no language is set, typographic quotes and all, the bundled case is printed."""
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
def test_a_file_that_is_no_case(run: Run, tmp_path: Path, text: str, place: str, told: str) -> None:
    """The place and the reason stand on stderr as `file:line:column: reason`; exit code 2."""
    write_case(tmp_path, text)
    done = run("show", "demo.toml")
    assert (done.returncode, done.stdout) == (2, "")
    first, *_ = done.stderr.splitlines()
    assert first.startswith(f"demo.toml:{place}: ")
    assert told in first


def test_bytes_that_are_no_utf_8(run: Run, tmp_path: Path) -> None:
    """The first byte that is wrong is named with its place."""
    (tmp_path / "demo.toml").write_bytes(HEAD.encode() + b"# caf\xe9\n")
    done = run("show", "demo.toml")
    assert done.returncode == 2
    assert done.stderr.startswith("demo.toml:5:6: byte 0xe9 ")


@pytest.mark.parametrize("kind", ["missing", "directory", "fifo", "device"])
def test_only_a_regular_file_is_read(run: Run, tmp_path: Path, kind: str) -> None:
    """What is no regular file is refused at once, never waited for; exit code 2."""
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
def test_extreme_values_are_refused_in_words(run: Run, tmp_path: Path, row: str) -> None:
    """What is too deep or too large to be read is refused in words, with exit code 2."""
    write_case(tmp_path, f"{HEAD}{EVENT}{row}\n")
    done = run("show", "demo.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"demo\.toml(:\d+:\d+)?: .{1,300}\n", done.stderr)


@pytest.mark.parametrize("row", ONCE_THEY_ARE_READ.values(), ids=ONCE_THEY_ARE_READ)
def test_extreme_values_never_give_a_traceback(run: Run, tmp_path: Path, row: str) -> None:
    """What can be read but hardly be printed is printed or refused, in words."""
    write_case(tmp_path, f"{HEAD}{EVENT}{row}\n")
    done = run("show", "demo.toml")
    assert done.returncode in (0, 1, 2)
    assert "Traceback" not in done.stderr
    assert "A call" in done.stdout or done.stderr.startswith("demo.toml:")


def test_a_case_with_mistakes_is_printed_all_the_same(run: Run, tmp_path: Path) -> None:
    """Mistakes that are not fatal go to stderr, all of them, each with its place; exit code 1."""
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


def test_a_byte_order_mark_is_accepted(run: Run, tmp_path: Path) -> None:
    """A file that an editor began with a BOM opens as any other."""
    write_case(tmp_path, f"\ufeff{HEAD}")
    done = run("show", "demo.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("A small case\n")


# Without a terminal


def assert_refused(code: int, said: str) -> None:
    """See that one line names what works without a screen."""
    assert code == 2
    (line,) = said.splitlines()
    assert "casefile show" in line
    assert acting(line) == []


def test_no_screen_is_drawn_without_a_terminal(run: Run) -> None:
    """Started in a pipe it says on one line what works there, with exit code 2."""
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
def test_no_screen_is_drawn_where_it_would_be_none(
    home: Path, term: str | None, redirections: str
) -> None:
    """A terminal that can't draw, or none for keys or drawing, gets that line and no escape."""
    # Within the pipe, whose own exit code is that of its last command.
    script = f"{{ {' '.join(COMMAND)}; echo exit code $?; }} {redirections}"
    command = ["/bin/sh", "-c", script]
    with Terminal(command, env=readers_environment(home, TERM=term)) as terminal:
        terminal.wait_exit()
        said, code = terminal.raw.decode().replace("\r\n", "\n").rsplit("exit code ", 1)
    assert_refused(int(code), said)


# Text that would act


def test_a_hostile_case_is_printed_as_what_it_is(run: Run, tmp_path: Path) -> None:
    """Nothing in a case acts on a terminal, from stdout or stderr; markup stays as written."""
    write_case(tmp_path, hostile_case())
    done = run("show", "demo.toml")
    assert done.returncode == 1
    assert acting(done.stdout) == []
    assert acting(done.stderr) == []
    assert f"{MARKUP} ␛]52;c;cm0=␇␛]0;owned␛\\" in done.stdout
    assert "<U+202E>exe.txt<U+2066>" in done.stdout
    assert "there is no entry “[sic] [/]" in done.stderr


def test_a_hostile_note_is_printed_as_what_it_is(run: Run, tmp_path: Path) -> None:
    """Nor does anything in a note, its author's name or its label."""
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
def test_hostile_arguments_are_printed_as_what_they_are(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    """File names and ids in error texts act on no terminal either."""
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
def test_hostile_usage_is_printed_as_what_it_is(run: Run, arguments: list[str]) -> None:
    """Nor does what the command line can't make sense of."""
    done = run(*arguments)
    assert done.returncode == 2
    assert acting(done.stderr) == []


def test_where_prints_a_hostile_directory_as_what_it_is(run: Run) -> None:
    """Nor does the name of a directory."""
    done = run("where", "--notes-dir", HOSTILE_NAME)
    assert "␛]0;owned␇<U+202E><U+DCFF>" in done.stdout
    assert acting(done.stdout) == []


# Output that fails


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-"], ids=["full", "closed"])
def test_output_that_fails_is_told_in_words(home: Path, redirection: str) -> None:
    """A full disk or a closed output is an error in words, never a traceback."""
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
def test_a_note_is_not_said_to_be_lost_with_its_id(home: Path, redirection: str) -> None:
    """Whoever pipes a note in is told that it was kept, lest they do it twice."""
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
