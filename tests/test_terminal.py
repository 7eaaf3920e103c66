"""Reading and annotating in a pseudo-terminal, in several sizes, types and locales."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from at_the_terminal import (
    FIRST_ENTRY,
    ON_THE_PAGE,
    READY,
    WRITING,
    Start,
    active_modes,
    assert_restored,
    quit_with,
    save_note,
    saved_text,
    type_note,
    write,
)
from terminal import Terminal

from casefile.library import BUNDLED, find_case

pytestmark = pytest.mark.terminal


# Reading and annotating


def test_bundled_case_opens(reading: Callable[[], Terminal]) -> None:
    """The first screen shows the title, the panes, the first entry, its page and the keys."""
    terminal = reading()
    title, strip, *_ = terminal.text.splitlines()
    assert title.startswith(" Joint fentanyl investigation, New Orleans and China")
    assert "1 Timeline 22" in strip
    assert f"▌Aug 2017 or earlier {FIRST_ENTRY}" in terminal.text
    assert "event · export" in terminal.text
    terminal.wait_for("Enter read  / find  s source  v check  a annotate")
    quit_with(terminal, "q")


def test_page_above_the_editor_is_that_of_its_entry(start: Start) -> None:
    """In a narrow terminal, where the page was hidden while another entry was chosen."""
    terminal = start(size=(60, 24))
    terminal.wait_for(FIRST_ENTRY)
    save_note(terminal, "Named Ana.")
    for keys, seen in (
        ("e", WRITING),
        ("!", "Ana.!"),
        ("ctrl+s", "Kept."),
        ("j", "2 of 22"),
        ("a", "Note on Information on a supplier"),
    ):
        terminal.press(keys)
        terminal.wait_for(seen)
    terminal.wait_for("event · Aug 2017 · tip")
    assert "1 note of yours" not in terminal.text


def test_saved_note_is_shown_after_restart(reading: Callable[[], Terminal]) -> None:
    """A saved note is marked in the list and shown on the page, also after a restart."""
    terminal = reading()
    write(terminal, "Who says “exports”?", "Enter", "Ask 李娜 — 本人.")
    terminal.wait_for("Ask 李娜 — 本人.")
    terminal.press("ctrl+s")
    terminal.wait_for("Kept. Notes stay on this machine")
    assert re.search(f"▌Aug 2017 or earlier {FIRST_ENTRY}[^│]*✎1│", terminal.text)
    terminal.wait_for("Who says “exports”?")
    terminal.wait_for("Ask 李娜 — 本人.")
    quit_with(terminal, "q")

    terminal = reading()
    assert "you: 1 note" in terminal.text
    assert "✎1│" in terminal.text
    terminal.press("Tab")
    terminal.wait_for(ON_THE_PAGE)
    terminal.press("G")
    terminal.wait_for("jdoe, ")
    terminal.wait_for("Ask 李娜 — 本人.")
    terminal.press("9")
    terminal.wait_for("Notes · 1 of 1")
    assert "Who says “exports”?" in terminal.text
    quit_with(terminal, "q")


@pytest.mark.parametrize(
    ("opening", "there"),
    [("a", "Note on Supplier"), ("/", "“jkq” is not here"), (":", "Esc closes")],
    ids=["annotate", "find", "go"],
)
def test_keys_after_opening_an_input_go_into_it(
    reading: Callable[[], Terminal], opening: str, there: str
) -> None:
    """Text that arrives in one piece with the key that opens an input is typed into it."""
    terminal = reading()
    terminal.press(f"{opening}jkq")
    terminal.wait_for(there)
    terminal.wait_for("jkq")


# Sizes, kinds of terminal


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=["60x20", "40x12"])
def test_note_can_be_saved_on_small_terminal(start: Start, size: tuple[int, int]) -> None:
    """A note can be written and saved on a small terminal."""
    terminal = start(size=size)
    terminal.wait_for("▌Aug 2017 or earlier")
    terminal.press("Enter")
    terminal.wait_for("event · export")
    save_note(terminal, "Small, but 有用.")
    quit_with(terminal, "ctrl+q")


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (500, 1)], ids=["1x1", "2x3", "500x1"])
def test_note_survives_terminal_that_is_too_small(
    reading: Callable[[], Terminal], home: Path, size: tuple[int, int]
) -> None:
    """Text typed before and while the terminal is too small is there when it is enlarged."""
    terminal = reading()
    write(terminal, "Before, ")
    terminal.wait_for("Before,")
    seen = len(terminal.raw)
    terminal.resize(*size)
    terminal.wait_until(lambda: len(terminal.raw) > seen, "drawing at that size")
    terminal.press("meanwhile, ")
    terminal.wait_until(lambda: "Before, meanwhile, " in saved_text(home), "draft of it")
    terminal.resize(80, 24)
    terminal.wait_for("Before, meanwhile,")
    terminal.press("after.")
    terminal.wait_for("Before, meanwhile, after.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")


@pytest.mark.parametrize(
    "changes",
    [
        {"TERM": "linux"},
        {"TERM": "vt100"},
        {"LANG": "C"},
        {"LC_ALL": "POSIX", "LANG": None},
        {"NO_COLOR": "1"},
    ],
    ids=lambda changes: "-".join(f"{name}={value}" for name, value in changes.items()),
)
def test_other_terminals_and_locales_work(start: Start, changes: dict[str, str | None]) -> None:
    """On old terminals, in plain locales and without colour, a note can be saved."""
    terminal = start(environment=changes)
    terminal.wait_for(READY)
    save_note(terminal, "Plain text.")
    quit_with(terminal, "q")
    assert terminal.modes == terminal.modes_before


def test_nonblocking_terminal_gets_all_output(reading: Callable[[], Terminal]) -> None:
    """All output is written even if another program has made the terminal non-blocking."""
    terminal = reading()
    terminal.set_blocking(False)
    terminal.press("]" * 60)
    terminal.wait_unread(lambda: terminal.is_full)
    terminal.press("1", "j")
    terminal.wait_for("2 of 22")
    quit_with(terminal, "q")
    assert_restored(terminal)


def test_invalid_utf8_is_replaced_or_ignored(reading: Callable[[], Terminal]) -> None:
    """Bytes that are not UTF-8 become replacement characters in text, and do nothing elsewhere."""
    terminal = reading()
    terminal.press_bytes(b"\xff\xfe\xc3\x28\xf0\x9f")
    terminal.press("j")
    terminal.wait_for("2 of 22")
    write(terminal)
    terminal.press_bytes(b"one\xff two")
    terminal.wait_for("one\N{REPLACEMENT CHARACTER} two")
    quit_with(terminal, "ctrl+q")


# Files


@pytest.mark.parametrize(
    ("opened", "is_open", "typed", "then"),
    [
        ("/in", "/ in", "dustry", "/ industry"),
        ("fin", "f in", "dustry", "f industry"),
        ("v", "c checked", "c", "you: 1/100 checked"),
    ],
)
def test_switching_windows_closes_no_line(
    reading: Callable[[], Terminal], opened: str, is_open: str, typed: str, then: str
) -> None:
    """What is typed after the window has lost and got the focus goes on in the line of before.

    The terminal is not asked to report the focus, and one that reports it all the same is ignored.
    """
    terminal = reading()
    terminal.press(opened)
    terminal.wait_for(is_open)
    for report in ("\x1b[O", "\x1b[I"):
        terminal.press(report)
        terminal.read_for(0.5)
    terminal.press(typed)
    terminal.wait_for(then)
    assert 1004 not in active_modes(terminal.raw)


def test_text_is_pasted_while_another_window_has_the_focus(
    reading: Callable[[], Terminal],
) -> None:
    """A paste by the mouse, while another window has the focus, is in the note."""
    terminal = reading()
    write(terminal, "\x1b[O")
    terminal.read_for(0.3)
    terminal.press("\x1b[200~She said so.\x1b[201~")
    terminal.wait_for("She said so.")


def test_case_file_is_never_written(start: Start, tmp_path: Path) -> None:
    """Reading and annotating change neither the bytes nor the time of the case file."""
    path = tmp_path / "copy.toml"
    shutil.copyfile(find_case(BUNDLED), path)
    # An old time, so that any change shows, whatever the resolution of the file system's clock.
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = path.read_bytes(), path.stat()
    terminal = start(path)
    terminal.wait_for(READY)
    save_note(terminal, "A note.")
    quit_with(terminal, "q")
    after = path.read_bytes(), path.stat()
    assert after[0] == before[0]
    assert after[1].st_mtime_ns == before[1].st_mtime_ns
    assert after[1].st_ino == before[1].st_ino
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "home"]


def test_reading_leaves_only_last_visit(reading: Callable[[], Terminal], home: Path) -> None:
    """A reader who writes no note gets no file but the record of the last visit."""
    terminal = reading()
    terminal.press("j")
    terminal.wait_for("2 of 22")
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press("Esc")
    terminal.wait_for("Enter read")
    quit_with(terminal, "q")
    files = [path.relative_to(home) for path in home.rglob("*.toml")]
    assert files == [Path(f"state/casefile/visits/{BUNDLED}.toml")]
    assert sorted(path.name for path in home.iterdir()) == ["state"]


# Where notes can’t be saved


@pytest.fixture
def homeless(tmp_path: Path) -> dict[str, str | None]:
    """Return an environment in which no directory can be made for notes, not even as root."""
    file = tmp_path / "a-file"
    file.write_text("")
    below = str(file / "below")
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    return {"HOME": None, **{f"XDG_{kind}_HOME": below for kind in kinds}}


def test_reader_without_home_can_read(start: Start, homeless: dict[str, str | None]) -> None:
    """The case opens with a warning that notes can't be saved, and typed text is not dropped."""
    terminal = start(environment=homeless)
    terminal.wait_for(READY)
    terminal.wait_for("Notes can’t be kept")
    type_note(terminal, "Don’t lose this.")
    terminal.press("ctrl+s")
    terminal.wait_for("Not saved")
    assert "Don’t lose this." in terminal.text
    terminal.press(" Nor this.")
    terminal.wait_for("Don’t lose this. Nor this.")


def test_warning_names_notes_dir_option(start: Start, homeless: dict[str, str | None]) -> None:
    """The warning names --notes-dir, and leaves room for the title of the case, in 80 columns."""
    terminal = start(environment=homeless)
    terminal.wait_for(READY)
    terminal.wait_for("--notes-dir")
    assert "Joint fentanyl" in terminal.text.splitlines()[0]


def test_notes_dir_option_makes_saving_possible(
    start: Start, homeless: dict[str, str | None], tmp_path: Path
) -> None:
    """With --notes-dir the same reader can save notes."""
    terminal = start("--notes-dir", tmp_path / "notes", environment=homeless)
    terminal.wait_for(READY)
    assert "can’t be kept" not in terminal.text
    save_note(terminal, "Here, then.")
    quit_with(terminal, "q")
    (note,) = (tmp_path / "notes" / "notes").rglob("*.toml")
    assert "Here, then." in note.read_text("utf-8")
