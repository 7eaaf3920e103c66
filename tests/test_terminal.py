"""The real program in a real terminal: read, annotated, and on every kind of terminal."""

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
    assert_given_back,
    keep_note,
    on_disk,
    quit_with,
    type_note,
    write,
)
from terminal import Terminal

from casefile.library import BUNDLED, find_case

pytestmark = pytest.mark.terminal


# Reading and annotating


def test_the_bundled_case_opens(reading: Callable[[], Terminal]) -> None:
    """Title, panes, the first entry and its page, the keys: all there without a key."""
    terminal = reading()
    title, strip, *_ = terminal.text.splitlines()
    assert title.startswith(" Joint fentanyl investigation, New Orleans and China")
    assert "1 Timeline 22" in strip
    assert f"▌before Aug 2017   {FIRST_ENTRY}" in terminal.text
    assert "event · export" in terminal.text
    assert "Enter read  / find  s source  v check  a annotate" in terminal.text
    quit_with(terminal, "q")


def test_a_note_is_kept_and_found_again(reading: Callable[[], Terminal]) -> None:
    """A note stands in the list and on the page, and at the next start in a pane of its own too."""
    terminal = reading()
    write(terminal, "Who says “exports”?", "Enter", "Ask 李娜 — 本人.")
    terminal.wait_for("Ask 李娜 — 本人.")
    terminal.press("ctrl+s")
    terminal.wait_for("Kept. Notes stay on this machine")
    assert re.search(f"▌before Aug 2017   {FIRST_ENTRY}[^│]*✎1│", terminal.text)
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
def test_what_is_typed_ahead_is_typed(
    reading: Callable[[], Terminal], opening: str, there: str
) -> None:
    """On a slow line the key that opens an input and what follows it arrive in one piece."""
    terminal = reading()
    terminal.press(f"{opening}jkq")
    terminal.wait_for(there)
    terminal.wait_for("jkq")


# Sizes, kinds of terminal


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=["60x20", "40x12"])
def test_a_small_terminal_is_enough_to_annotate(start: Start, size: tuple[int, int]) -> None:
    """Where there is little room a note can still be read, written and kept."""
    terminal = start(size=size)
    terminal.wait_for("▌before Aug 2017")
    terminal.press("Enter")
    terminal.wait_for("event · export")
    keep_note(terminal, "Small, but 有用.")
    quit_with(terminal, "ctrl+q")


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (500, 1)], ids=["1x1", "2x3", "500x1"])
def test_a_note_survives_a_terminal_without_room(
    reading: Callable[[], Terminal], home: Path, size: tuple[int, int]
) -> None:
    """What was typed before and while there was no room is there when there is room again."""
    terminal = reading()
    write(terminal, "Before, ")
    terminal.wait_for("Before,")
    seen = len(terminal.raw)
    terminal.resize(*size)
    terminal.wait_until(lambda: len(terminal.raw) > seen, "drawing at that size")
    terminal.press("meanwhile, ")
    terminal.wait_until(lambda: "Before, meanwhile, " in on_disk(home), "draft of it")
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
def test_other_terminals_and_locales(start: Start, changes: dict[str, str | None]) -> None:
    """Old terminals, plain locales and no colour: it opens, takes text and quits."""
    terminal = start(environment=changes)
    terminal.wait_for(READY)
    keep_note(terminal, "Plain text.")
    quit_with(terminal, "q")
    assert terminal.modes == terminal.modes_before


def test_a_terminal_that_was_set_not_to_wait(reading: Callable[[], Terminal]) -> None:
    """A program that shares the terminal may have left it without waiting; all is drawn, slowly."""
    terminal = reading()
    terminal.set_blocking(False)
    terminal.press("]" * 60)
    terminal.wait_unread(lambda: terminal.is_full)
    terminal.press("1", "j")
    terminal.wait_for("2 of 22")
    quit_with(terminal, "q")
    assert_given_back(terminal)


def test_bytes_that_are_no_text_end_nothing(reading: Callable[[], Terminal]) -> None:
    """A byte that no key sends is shown where text is typed, and does nothing elsewhere."""
    terminal = reading()
    terminal.press_bytes(b"\xff\xfe\xc3\x28\xf0\x9f")
    terminal.press("j")
    terminal.wait_for("2 of 22")
    write(terminal)
    terminal.press_bytes(b"one\xff two")
    terminal.wait_for("one\N{REPLACEMENT CHARACTER} two")
    quit_with(terminal, "ctrl+q")


# What is left alone


def test_the_case_file_is_never_written(start: Start, tmp_path: Path) -> None:
    """Neither reading nor annotating touches a byte of the case file, or its time."""
    path = tmp_path / "copy.toml"
    shutil.copyfile(find_case(BUNDLED), path)
    # So that a change of the time would show, whatever the file system's clock counts in.
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = path.read_bytes(), path.stat()
    terminal = start(path)
    terminal.wait_for(READY)
    keep_note(terminal, "A note.")
    quit_with(terminal, "q")
    after = path.read_bytes(), path.stat()
    assert after[0] == before[0]
    assert after[1].st_mtime_ns == before[1].st_mtime_ns
    assert after[1].st_ino == before[1].st_ino
    assert sorted(tmp_path.iterdir()) == [path, tmp_path / "home"]


def test_reading_leaves_nothing_behind(reading: Callable[[], Terminal], home: Path) -> None:
    """A reader who writes no note gets no directory but that of the last visit."""
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


# Where notes can’t be kept


@pytest.fixture
def homeless(tmp_path: Path) -> dict[str, str | None]:
    """Give the environment of a reader who has no place for notes, not even as root."""
    file = tmp_path / "a-file"
    file.write_text("")
    below = str(file / "below")
    kinds = ("CONFIG", "DATA", "STATE", "CACHE")
    return {"HOME": None, **{f"XDG_{kind}_HOME": below for kind in kinds}}


def test_a_reader_without_a_home_can_read(start: Start, homeless: dict[str, str | None]) -> None:
    """The case opens and says before the first key that notes can't be kept; no text is dropped."""
    terminal = start(environment=homeless)
    terminal.wait_for(READY)
    terminal.wait_for("Notes can’t be kept")
    type_note(terminal, "Don’t lose this.")
    terminal.press("ctrl+s")
    terminal.wait_for("Not saved")
    assert "Don’t lose this." in terminal.text
    terminal.press(" Nor this.")
    terminal.wait_for("Don’t lose this. Nor this.")


def test_what_helps_is_named_where_a_line_is_short(
    start: Start, homeless: dict[str, str | None]
) -> None:
    """Also beside a long path, 80 columns have room for --notes-dir and for the case's title."""
    terminal = start(environment=homeless)
    terminal.wait_for(READY)
    terminal.wait_for("--notes-dir")
    assert "Joint fentanyl" in terminal.text.splitlines()[0]


def test_the_option_that_helps(
    start: Start, homeless: dict[str, str | None], tmp_path: Path
) -> None:
    """With --notes-dir the same reader keeps notes."""
    terminal = start("--notes-dir", tmp_path / "notes", environment=homeless)
    terminal.wait_for(READY)
    assert "can’t be kept" not in terminal.text
    keep_note(terminal, "Here, then.")
    quit_with(terminal, "q")
    (note,) = (tmp_path / "notes" / "notes").rglob("*.toml")
    assert "Here, then." in note.read_text("utf-8")
