"""The settings in config.toml: every value is checked, and no error stops the program."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from namespaces import needs_root
from screens import Desk
from small_cases import case_in, events, write_case
from terminal import Terminal, readers_environment

from casefile.cli.command_line import VERBS
from casefile.cli.open import app_for
from casefile.config import SIZE_LIMIT, Config, read_config, setting_problem
from casefile.places import Places
from casefile.state.recent import remember_case

CASE = "demo.toml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set a new home directory and return it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def config_of(folder: Path, text: str | bytes) -> Config:
    """Write a settings file and read it."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "config.toml").write_bytes(data)
    return read_config(Places(None, None, folder))


def messages(config: Config) -> list[str]:
    """Return the problems as text, with the file's name instead of its path."""
    return [str(one).removeprefix(f"{one.path.parent}/") for one in config.problems]


def test_missing_file_gives_defaults(tmp_path: Path) -> None:
    """A missing file is no problem, and reading it creates nothing."""
    assert read_config(Places(None, None, tmp_path / "none")) == Config()
    assert list(tmp_path.iterdir()) == []


def test_missing_home_gives_defaults() -> None:
    """Without a directory for settings all are default."""
    assert read_config(Places(None, None, None)) == Config()


def test_author_setting(home: Path) -> None:
    """A name is used for notes; an empty or very long one is a problem."""
    assert config_of(home, 'author = "Ines Caldas"').author == "Ines Caldas"
    for name in ("", " ", "a" * 201):
        config = config_of(home, f'author = "{name}"')
        assert config.author is None
        assert "write a name of 1 to 200 characters" in messages(config)[0]


def test_all_settings_are_read(home: Path) -> None:
    """Theme, mouse, library and keys are read; `~` is the home directory."""
    config = config_of(
        home,
        """
        theme = "nord"
        mouse = false
        [library]
        folders = ["~/cases", "/srv/cases"]
        cases = ["~/one.toml"]
        recent = false
        [keys]
        "note.new" = "n,ctrl+n"
        """,
    )
    assert config == Config(
        theme="nord",
        mouse=False,
        folders=(home / "cases", Path("/srv/cases")),
        cases=(home / "one.toml",),
        recent=False,
        keys={"note.new": "n,ctrl+n"},
    )


@pytest.mark.parametrize("text", ["", "\ufefftheme = 'nord'\r\nmouse = true\r\n", "[library]\n"])
def test_empty_file_bom_and_crlf_are_accepted(tmp_path: Path, text: str) -> None:
    """All settings are optional; a byte order mark and CRLF line ends are accepted."""
    config = config_of(tmp_path, text)
    assert config.problems == ()
    assert config.theme == ("nord" if text.startswith("\ufeff") else None)


def test_key_ids_need_no_quotation_marks(tmp_path: Path) -> None:
    """`note.new`, a nested table in TOML, is the id of a binding."""
    config = config_of(tmp_path, "[keys]\nnote.new = 'n'\nmove.page.down = 'f3'\n")
    assert config == Config(keys={"note.new": "n", "move.page.down": "f3"})


@pytest.mark.parametrize(
    ("text", "told_at"),
    [
        ("theme = 3", "config.toml:1:1: theme: is a number or a date; write text"),
        ("\nmouse = 'no'", "config.toml:2:1: mouse: is “no”; write true or false"),
        ("library = []", "config.toml:1:1: library: is a list; write a table"),
        ("[[keys]]", "config.toml:1:1: keys: is a list; write a table"),
        (
            "library.folders = '/srv'",
            "config.toml:1:1: folders: is “/srv”; write a list",
        ),
        (
            "[library]\nrecent = 0",
            "config.toml:2:1: recent: is a number or a date; write true or false",
        ),
        (
            "[library]\ncases = ['/a', 'b.toml']",
            "config.toml:2:16: cases: “b.toml” is not a full path; begin it with / or ~/",
        ),
        (
            "[library]\nfolders = [true]",
            "config.toml:2:12: folders: true or false is not a full path; begin it with / or ~/",
        ),
        (
            '[library]\nfolders = ["/a\\u0000"]',
            "config.toml:2:12: folders: “/a\0” has a NUL, which no path has",
        ),
        (
            '[library]\ncases = ["~\\u0000/a"]',
            "config.toml:2:10: cases: “~\0/a” has a NUL, which no path has",
        ),
        (
            "[keys]\nnote.new = ''",
            'config.toml:2:1: note.new: is “”; write keys such as "n" or "n,ctrl+n"',
        ),
        (
            "[keys]\nx = 1\n'note.new' = ['n']",
            'config.toml:3:1: note.new: is a list; write keys such as "n" or "n,ctrl+n"',
        ),
        ("mose = true", "config.toml:1:1: mose: is not a setting; the nearest is “mouse”"),
        (
            "[library]\nrecents = true",
            "config.toml:2:1: recents: is not a setting; the nearest is “recent”",
        ),
        (
            "[zzzzzz]",
            "config.toml:1:1: zzzzzz: is not a setting; known: author, keys, library, mouse, theme",
        ),
    ],
)
def test_wrong_value_is_reported_and_left_at_default(
    tmp_path: Path, text: str, told_at: str
) -> None:
    """Each is reported with its position and what is valid; other settings are used."""
    config = config_of(tmp_path, text)
    assert told_at in messages(config)
    paths = (Path("/a"),) if "'/a'" in text else ()
    assert config == Config(cases=paths, problems=config.problems)


def test_all_problems_are_reported_in_file_order(tmp_path: Path) -> None:
    """Problems are in file order, and the valid settings between them are used."""
    config = config_of(tmp_path, "theme = 1\nmouse = false\nmose = 2\n[library]\nrecent = 3\n")
    assert [line.split(": ")[0] for line in messages(config)] == [
        "config.toml:1:1",
        "config.toml:3:1",
        "config.toml:5:1",
    ]
    assert not config.mouse


def test_long_value_is_cut_in_message(tmp_path: Path) -> None:
    """A message stays one line."""
    (line,) = messages(config_of(tmp_path, f"mouse = '{'x' * 10_000}'"))
    assert len(line) < 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"theme = \nmouse", r"config\.toml:1:9: invalid TOML: .+"),
        (b"\xff", r"config\.toml:1:1: byte 0xff is not UTF-8; .+"),
        (b"x = " + b"[" * 1_000 + b"]" * 1_000, r"config\.toml:1:1: .+ nested .+ 32 deep; .+"),
        (b"x = 0x" + b"f" * 100, r"config\.toml:1:1: .+ whole number .+"),
        (b"author = 'x'\0", r"config\.toml:1:13: .+; remove the control character"),
        (b"author = 'x\0'", r"config\.toml:1:12: .+; remove the control character"),
        (b'author = "x\0"', r"config\.toml:1:12: .+; remove the control character"),
        (b"\0author = 1", r"config\.toml:1:1: .+; remove the control character"),
        (b"# x\x1b", r"config\.toml:1:4: .+; remove the control character"),
        (b"#" * (SIZE_LIMIT + 1), r"config\.toml: can't be read: .+ larger than the limit .+"),
    ],
    ids=[
        "syntax",
        "encoding",
        "depth",
        "number",
        "after",
        "text",
        "quotes",
        "before",
        "esc",
        "size",
    ],
)
def test_invalid_toml_gives_defaults(tmp_path: Path, text: bytes, expected: str) -> None:
    """The position and the reason are reported."""
    config = config_of(tmp_path, text)
    (line,) = messages(config)
    assert re.fullmatch(expected, line)
    assert config == Config(problems=config.problems)


@pytest.mark.parametrize("kind", ["a folder", "a named pipe", "a device"])
def test_special_file_is_refused(tmp_path: Path, kind: str) -> None:
    """Anything but a regular file is reported, without blocking."""
    path = tmp_path / "config.toml"
    match kind:
        case "a folder":
            path.mkdir()
        case "a named pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
    config = read_config(Places(None, None, tmp_path))
    assert messages(config) == [f"config.toml: can't be read: it is {kind}, not a regular file"]


@needs_root
def test_file_of_other_user_is_refused(tmp_path: Path) -> None:
    """Another user's file is reported and not read."""
    config_of(tmp_path, "theme = 'nord'")
    os.chown(tmp_path / "config.toml", 12345, 12345)
    config = read_config(Places(None, None, tmp_path))
    assert messages(config) == ["config.toml: can't be read: it belongs to another user"]
    assert config.theme is None


def test_tilde_without_home_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home directory, a path with `~` is a problem."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    config = config_of(tmp_path, "library.cases = ['~/x.toml']")
    assert messages(config) == [
        "config.toml:1:18: cases: “~/x.toml” is not a full path; begin it with / or ~/"
    ]


@given(text=st.text(alphabet="themousrlibayfdckn=[]'\"~/.{}\n,0 #") | st.binary(max_size=50))
@settings(max_examples=300, deadline=None)
def test_any_file_gives_settings(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    """Any content gives settings, and each problem has a position and a text."""
    config = config_of(tmp_path_factory.getbasetemp(), text)
    assert all(re.match(r"config\.toml:\d+:\d+: .", line) for line in messages(config))


@pytest.mark.parametrize(
    ("text", "keys", "place"),
    [
        ("mouse = true\ntheme = 'x'", ("theme",), ":2:1"),
        ("[keys]\n\nnote.new = 'n'", ("keys", "note.new"), ":3:1"),
        ("[keys]\n  'note.new' = 'n'", ("keys", "note.new"), ":2:3"),
        ("keys = { 'note.new' = 'n' }", ("keys", "note.new"), ":1:10"),
        ("theme = ", ("theme",), ""),
    ],
)
def test_misfit_has_position(tmp_path: Path, text: str, keys: tuple[str, ...], place: str) -> None:
    """A valid value that can't be used is reported with its position, if that is still known."""
    config_of(tmp_path, text)
    problem = setting_problem(Places(None, None, tmp_path), keys, "is none; take another")
    assert str(problem) == f"{tmp_path}/config.toml{place}: {keys[-1]}: is none; take another"


# In the verbs

WITHOUT_SETTINGS = {"schema", "new", "from-csv", "notes merge", "notes forget"}
USES = {
    "check": ("check", CASE),
    "list": ("list",),
    "show": ("show", CASE),
    "source": ("source", "list", CASE),
    "notes": ("notes", "--all"),
    "notes pack": ("notes", "pack", CASE, "-"),
    "notes redate": ("notes", "redate", CASE),
    "note add": ("note", "add", CASE, "one", "--star"),
    "log": ("log", CASE),
    "diff": ("diff", CASE, CASE),
    "where": ("where",),
}
assert USES.keys() | WITHOUT_SETTINGS == VERBS.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("author = ''", "config.toml:1:1: author: is “”; write a name of 1 to 200 characters\n"),
        ("mose = true", "config.toml:1:1: mose: is not a setting; the nearest is “mouse”\n"),
        ("[library", "config.toml:1:9: invalid TOML: "),
    ],
)
def test_every_verb_reports_settings_and_keeps_its_exit_code(
    tmp_path: Path, text: str, told: str
) -> None:
    """Once, on standard error; what is printed and the exit code are those without the problem."""
    path = tmp_path / "config" / "casefile" / "config.toml"
    path.parent.mkdir(parents=True)
    write_case(tmp_path / CASE, events("one"))
    for words in [*USES.values(), ("show", "no-such-case")]:
        path.write_text("")
        before = run_in(tmp_path, words)
        path.write_text(text)
        after = run_in(tmp_path, words)
        assert after.returncode == before.returncode, words
        assert after.stderr.count(f"{path.parent}/{told}") == 1, words
        assert before.stderr in after.stderr, words


@pytest.mark.parametrize(
    "setting",
    ["folders = ['HOME/警察']", "cases = ['~/警察/demo.toml']", "", "folders = ['~警察']"],
)
def test_names_that_the_locale_lacks_are_in_utf_8(tmp_path: Path, setting: str) -> None:
    """Folders and files in the settings, recent cases, and the files of sources are found."""
    ascii_only = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    settings = tmp_path / "config" / "casefile" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[library]\n{setting.replace('HOME', str(tmp_path))}\n", encoding="utf-8")
    case = write_case(
        tmp_path / "警察" / CASE,
        f"{events('one')}[[source]]\nid = 's'\ntitle = 'S'\nfile = '供.txt'\n",
    )
    (tmp_path / "警察" / "供.txt").write_text("Words.\n")
    if not setting:
        places = Places(None, tmp_path / "state" / "casefile", None)
        assert remember_case(places, case_in(case))
    listed = run_in(tmp_path, ("list",), ascii_only)
    assert listed.returncode == 0
    sources = run_in(tmp_path, ("source", "list", "demo"), ascii_only)
    if "~警察" in setting:
        assert (
            "config.toml:2:12: folders: “~警察” is not a full path".encode(
                "ascii", "backslashreplace"
            ).decode()
            in listed.stderr
        )
        assert sources.returncode == 2
    else:
        assert "demo  A small case\n" in listed.stdout
        assert sources.stdout.startswith("s: beside the case file, ")


def run_in(
    home: Path, words: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command line in a home."""
    return subprocess.run(
        [sys.executable, "-m", "casefile", *words],
        env=readers_environment(home, **(environment or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=home,
        check=False,
    )


# On the screen


def open_with(home: Path, text: str, *arguments: str) -> Terminal:
    """Start the program with some settings."""
    folder = home / "config" / "casefile"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "casefile", *arguments]
    return Terminal(command, env=readers_environment(home))


@pytest.mark.terminal
def test_screen_uses_settings(tmp_path: Path) -> None:
    """The keys are used and shown in the footer, and the mouse is off."""
    with open_with(tmp_path, "mouse = false\n[keys]\nnote.new = 'x'\napp.quit = 'X'\n") as terminal:
        terminal.wait_for("x annotate")
        terminal.press("x")
        terminal.wait_for("Note on")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert b"\x1b[?1000h" not in terminal.raw


def test_theme_setting_is_used(desk: Desk, tmp_path: Path) -> None:
    """The theme from the settings is used, unless one is given on the command line."""
    config = config_of(tmp_path, "theme = 'gruvbox'")
    themes = [
        app_for(desk.opener, desk.lay_open(), desk.places, config, asked_for)[0].theme
        for asked_for in (None, "nord")
    ]
    assert themes == ["gruvbox", "nord"]


@pytest.mark.terminal
def test_command_line_overrides_settings(tmp_path: Path) -> None:
    """An option on the command line overrides the setting."""
    with open_with(
        tmp_path, "mouse = false\ntheme = 'no-such'\n", "--mouse", "--theme", "nord"
    ) as terminal:
        terminal.wait_for("? help")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert b"\x1b[?1000h" in terminal.raw
        assert "no-such" not in terminal.text


@pytest.mark.terminal
def test_problems_are_shown_on_screen_and_stderr(tmp_path: Path) -> None:
    """The first problem is shown until the next key, and all on stderr after the end."""
    with open_with(tmp_path, "theme = 'nrd'\n[keys]\nnote.nw = 'x'\n") as terminal:
        terminal.wait_for(
            "config.toml:3:1: note.nw: no key has this id; the nearest is “note.new” (a"
        )
        terminal.press("j")
        terminal.wait_for("? help")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        shown = "".join(terminal.text.split("\n"))
        assert "config.toml:1:1: theme: there is no theme “nrd”; the nearest is “nord”" in shown


@pytest.mark.terminal
def test_problems_are_printed_if_no_screen_comes(tmp_path: Path) -> None:
    """They may be the reason why a case is not found."""
    with open_with(tmp_path, "[library", "no-such-case") as terminal:
        assert terminal.wait_exit() == 2
        shown = "".join(terminal.text.split("\n"))
        assert "config.toml:1:9: invalid TOML" in shown
        assert "There is no file or case “no-such-case”" in shown


@pytest.mark.terminal
@pytest.mark.parametrize("options", [("--theme", "no-such"), ("no-such.toml",)])
def test_problems_are_on_stderr_where_no_screen_comes(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    """Beside the reason why, whatever that is."""
    with open_with(tmp_path, "mose = true\n", *options) as terminal:
        assert terminal.wait_exit() == 2
        shown = "".join(terminal.text.split("\n"))
        assert "config.toml:1:1: mose: is not a setting; the nearest is “mouse”" in shown
        assert "no-such" in shown
