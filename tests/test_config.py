"""What the reader has settled: every value checked, and nothing wrong in it stops the program."""

from __future__ import annotations

import os
import pwd
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from screens import Desk
from terminal import Terminal, readers_environment

from casefile.cli.open import app_for
from casefile.config import SIZE_LIMIT, Config, misfit, read_config
from casefile.places import Places

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home directory of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def settled(folder: Path, text: str | bytes) -> Config:
    """Write a file of settings and read it."""
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "config.toml").write_bytes(data)
    return read_config(Places(None, None, folder))


def told(config: Config) -> list[str]:
    """Give what is wrong, each with the file's name instead of its path."""
    return [str(one).removeprefix(f"{one.path.parent}/") for one in config.problems]


def test_without_a_file_all_is_as_it_comes(tmp_path: Path) -> None:
    """No file is no problem, and looking for it makes nothing."""
    assert read_config(Places(None, None, tmp_path / "none")) == Config()
    assert list(tmp_path.iterdir()) == []


def test_without_a_home_all_is_as_it_comes() -> None:
    """Where there is no directory for settings there are none."""
    assert read_config(Places(None, None, None)) == Config()


def test_notes_are_signed_with_the_name_that_is_settled(home: Path) -> None:
    """A name of one's own is taken; none at all, or one as long as a page, is refused."""
    assert settled(home, 'author = "Ines Caldas"').author == "Ines Caldas"
    for name in ("", " ", "a" * 201):
        config = settled(home, f'author = "{name}"')
        assert config.author is None
        assert "write a name of 1 to 200 characters" in told(config)[0]


def test_everything_can_be_settled(home: Path) -> None:
    """Theme, mouse, library and keys are taken as they stand; `~` is the home directory."""
    config = settled(
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
def test_a_file_may_be_short_and_from_any_editor(tmp_path: Path, text: str) -> None:
    """Nothing has to be settled; a byte order mark and lines that end in CRLF are no harm."""
    config = settled(tmp_path, text)
    assert config.problems == ()
    assert config.theme == ("nord" if text.startswith("\ufeff") else None)


def test_ids_of_keys_need_no_quotation_marks(tmp_path: Path) -> None:
    """`note.new`, to TOML a table in a table, is the id that a reader means."""
    config = settled(tmp_path, "[keys]\nnote.new = 'n'\nmove.page.down = 'f3'\n")
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
            "config.toml:2:16: cases: “b.toml” is no full path; begin with / or ~/",
        ),
        (
            "[library]\nfolders = [true]",
            "config.toml:2:12: folders: true or false is no full path; begin with / or ~/",
        ),
        (
            '[library]\nfolders = ["/a\\u0000"]',
            "config.toml:2:12: folders: “/a\0” is no full path; begin with / or ~/",
        ),
        (
            "[keys]\nnote.new = ''",
            'config.toml:2:1: note.new: is “”; write keys such as "n" or "n,ctrl+n"',
        ),
        (
            "[keys]\nx = 1\n'note.new' = ['n']",
            'config.toml:3:1: note.new: is a list; write keys such as "n" or "n,ctrl+n"',
        ),
        ("mose = true", "config.toml:1:1: mose: is no setting; the nearest is “mouse”"),
        (
            "[library]\nrecents = true",
            "config.toml:2:1: recents: is no setting; the nearest is “recent”",
        ),
        (
            "[zzzzzz]",
            "config.toml:1:1: zzzzzz: is no setting; known: author, keys, library, mouse, theme",
        ),
    ],
)
def test_a_bad_value_is_told_and_stands_at_its_default(
    tmp_path: Path, text: str, told_at: str
) -> None:
    """Each is told with its place and with what would be right; nothing else is lost by it."""
    config = settled(tmp_path, text)
    assert told_at in told(config)
    paths = (Path("/a"),) if "'/a'" in text else ()
    assert config == Config(cases=paths, problems=config.problems)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """In the order of the file, and what is right between it counts."""
    config = settled(tmp_path, "theme = 1\nmouse = false\nmose = 2\n[library]\nrecent = 3\n")
    assert [line.split(": ")[0] for line in told(config)] == [
        "config.toml:1:1",
        "config.toml:3:1",
        "config.toml:5:1",
    ]
    assert not config.mouse


def test_a_long_value_is_cut_where_it_is_told(tmp_path: Path) -> None:
    """A line that tells of a value stays a line."""
    (line,) = told(settled(tmp_path, f"mouse = '{'x' * 10_000}'"))
    assert len(line) < 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"theme = \nmouse", r"config\.toml:1:9: no TOML: .+"),
        (b"\xff", r"config\.toml:1:1: byte 0xff is not UTF-8; .+"),
        (b"x = " + b"[" * 1_000 + b"]" * 1_000, r"config\.toml:1:1: .+ nested too deeply"),
        (b"x = 0x" + b"f" * 1_000, r"config\.toml:1:1: .+ whole number .+"),
        (b"#" * (SIZE_LIMIT + 1), r"config\.toml: can't be read: .+ larger than the limit .+"),
    ],
    ids=["syntax", "encoding", "depth", "number", "size"],
)
def test_what_is_no_toml_settles_nothing(tmp_path: Path, text: bytes, expected: str) -> None:
    """The place and the reason are told, and all is as it comes."""
    config = settled(tmp_path, text)
    (line,) = told(config)
    assert re.fullmatch(expected, line)
    assert config == Config(problems=config.problems)


@pytest.mark.parametrize("kind", ["a folder", "a named pipe", "a device"])
def test_only_a_regular_file_is_read(tmp_path: Path, kind: str) -> None:
    """Anything else is refused at once and told."""
    path = tmp_path / "config.toml"
    match kind:
        case "a folder":
            path.mkdir()
        case "a named pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
    config = read_config(Places(None, None, tmp_path))
    assert told(config) == [f"config.toml: can't be read: it is {kind}, not a regular file"]


@needs_root
def test_another_users_file_is_refused(tmp_path: Path) -> None:
    """Nobody else settles what the program does."""
    settled(tmp_path, "theme = 'nord'")
    os.chown(tmp_path / "config.toml", 12345, 12345)
    config = read_config(Places(None, None, tmp_path))
    assert told(config) == ["config.toml: can't be read: it belongs to another user"]
    assert config.theme is None


def test_a_tilde_without_a_home_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody knows what `~` is, it names nothing."""

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    config = settled(tmp_path, "library.cases = ['~/x.toml']")
    assert told(config) == [
        "config.toml:1:18: cases: “~/x.toml” is no full path; begin with / or ~/"
    ]


@given(text=st.text(alphabet="themousrlibayfdckn=[]'\"~/.{}\n,0 #") | st.binary(max_size=50))
@settings(max_examples=300, deadline=None)
def test_no_file_stops_the_program(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    """Whatever stands in it, there are settings, and each problem says where and what."""
    config = settled(tmp_path_factory.getbasetemp(), text)
    assert all(re.match(r"config\.toml:\d+:\d+: .", line) for line in told(config))


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
def test_what_only_the_screen_can_judge_has_its_place_too(
    tmp_path: Path, text: str, keys: tuple[str, ...], place: str
) -> None:
    """A sound value that can't be used is told where it stands, if that can still be found."""
    settled(tmp_path, text)
    problem = misfit(Places(None, None, tmp_path), keys, "is none; take another")
    assert str(problem) == f"{tmp_path}/config.toml{place}: {keys[-1]}: is none; take another"


# On the screen


def open_with(home: Path, text: str, *arguments: str) -> Terminal:
    """Start the program with some settings."""
    folder = home / "config" / "casefile"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "casefile", *arguments]
    return Terminal(command, env=readers_environment(home))


@pytest.mark.terminal
def test_settings_are_kept_on_the_screen(tmp_path: Path) -> None:
    """Keys are taken in place of the program's own, the last line follows, the mouse is left."""
    with open_with(tmp_path, "mouse = false\n[keys]\nnote.new = 'x'\napp.quit = 'X'\n") as terminal:
        terminal.wait_for("x annotate")
        terminal.press("x")
        terminal.wait_for("Note on")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert b"\x1b[?1000h" not in terminal.raw


def test_a_theme_is_worn(desk: Desk, tmp_path: Path) -> None:
    """The settled one, unless another is asked for at the start."""
    config = settled(tmp_path, "theme = 'gruvbox'")
    themes = [
        app_for(desk.opener, desk.lay_open(), desk.places, config, asked_for)[0].theme
        for asked_for in (None, "nord")
    ]
    assert themes == ["gruvbox", "nord"]


@pytest.mark.terminal
def test_the_command_line_wins_over_settings(tmp_path: Path) -> None:
    """What is asked for at the start counts, whatever is settled."""
    with open_with(
        tmp_path, "mouse = false\ntheme = 'no-such'\n", "--mouse", "--theme", "nord"
    ) as terminal:
        terminal.wait_for("? help")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert b"\x1b[?1000h" in terminal.raw
        assert "no-such" not in terminal.text


@pytest.mark.terminal
def test_settings_that_cant_be_kept_are_told(tmp_path: Path) -> None:
    """The first on the last line until the next key, and all on stderr once the screen is gone."""
    with open_with(tmp_path, "theme = 'nrd'\n[keys]\nnote.nw = 'x'\n") as terminal:
        terminal.wait_for(
            "config.toml:3:1: note.nw: nothing has this id; the nearest is “note.new” (a"
        )
        terminal.press("j")
        terminal.wait_for("? help")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        shown = "".join(terminal.text.split("\n"))
        assert "config.toml:1:1: theme: there is no theme “nrd”; the nearest is “nord”" in shown
