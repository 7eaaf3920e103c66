"""The real program in a real terminal, from the first byte to the last."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from at_the_terminal import (
    FIRST_ENTRY,
    OFFER,
    ON_THE_PAGE,
    READY,
    WRITING,
    Start,
    drafts_of,
    editor_that,
    go_to_editor,
    lasting_modes,
    quit_with,
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


# What is half typed


@pytest.mark.parametrize("leave", ["Esc", "ctrl+q"])
def test_half_a_note_survives_quitting(
    reading: Callable[[], Terminal], start: Start, home: Path, leave: str
) -> None:
    """Whatever quits leaves a draft; the next start offers it, and ctrl+s makes it a note."""
    terminal = reading()
    write(terminal, "Half a “thought")
    terminal.wait_for("Half a “thought")
    terminal.press(leave)
    if leave == "Esc":
        # Too close to each other, Esc and a letter are another key.
        terminal.wait_for("Not kept yet")
        terminal.press("q")
    assert terminal.wait_exit() == 0

    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Half a “thought")
    assert "no notes yet" in terminal.text
    go_to_editor(terminal)
    terminal.press(" ends”")
    terminal.wait_for("Half a “thought ends”")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    terminal.wait_for("Half a “thought ends”")
    quit_with(terminal, "q")
    # What stayed there would be offered again.
    assert list((home / "state" / "casefile" / "drafts").rglob("*.toml")) == []


def test_a_kill_loses_nothing_that_was_typed(reading: Callable[[], Terminal], start: Start) -> None:
    """A second after the last key even SIGKILL loses nothing."""
    terminal = reading()
    write(terminal, "Nobody saved this, 没有人.")
    terminal.wait_for("Nobody saved this, 没有人.")
    terminal.read_for(1)
    terminal.send_signal(signal.SIGKILL)
    assert terminal.wait_exit() == -signal.SIGKILL

    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Nobody saved this, 没有人.")


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


def test_a_quit_does_not_overtake_what_was_typed(
    reading: Callable[[], Terminal], start: Start
) -> None:
    """What is typed right before ctrl+q, in one piece with it, is in the draft too."""
    terminal = reading()
    write(terminal, "All of it is here.", "ctrl+q")
    assert terminal.wait_exit() == 0
    terminal = start()
    terminal.wait_for(OFFER, timeout=3)
    terminal.wait_for("All of it is here.", timeout=3)


# The terminal, given back


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_the_terminal_is_given_back(reading: Callable[[], Terminal], key: str) -> None:
    """After quitting, the terminal is as it was: line discipline, screen, mouse, paste, cursor."""
    terminal = reading()
    assert terminal.modes != terminal.modes_before
    quit_with(terminal, key)
    assert terminal.modes == terminal.modes_before
    assert lasting_modes(terminal.raw) == {7, 25}
    assert len(PUSHED.findall(terminal.raw)) == len(POPPED.findall(terminal.raw)) > 0


PUSHED, POPPED = re.compile(rb"\x1b\[>\d+u"), re.compile(rb"\x1b\[<u")
"""A keyboard protocol (kitty's) laid over the last one, and taken off."""


# Sizes, kinds of terminal


@pytest.mark.parametrize("size", [(60, 20), (40, 12)], ids=["60x20", "40x12"])
def test_a_small_terminal_is_enough_to_annotate(start: Start, size: tuple[int, int]) -> None:
    """Where there is little room a note can still be read, written and kept."""
    terminal = start(size=size)
    terminal.wait_for("▌before Aug 2017")
    terminal.press("Enter")
    terminal.wait_for("event · export")
    write(terminal, "Small, but 有用.")
    terminal.wait_for("Small, but 有用.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
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


def on_disk(home: Path) -> str:
    """Give all notes and drafts below a home, for where the screen can't show what was typed."""
    return "\n".join(path.read_text("utf-8") for path in home.rglob("*.toml"))


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
    write(terminal, "Plain text.")
    terminal.wait_for("Plain text.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")
    assert terminal.modes == terminal.modes_before


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
    write(terminal, "A note.")
    terminal.wait_for("A note.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
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


# Where notes are, and where they can't be


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
    write(terminal, "Don’t lose this.")
    terminal.wait_for("Don’t lose this.")
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
    write(terminal, "Here, then.")
    terminal.wait_for("Here, then.")
    terminal.press("ctrl+s")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")
    (note,) = (tmp_path / "notes" / "notes").rglob("*.toml")
    assert "Here, then." in note.read_text("utf-8")


def test_the_case_file_is_edited_at_the_entrys_line(start: Start, tmp_path: Path) -> None:
    """ctrl+e gives the terminal to the reader's editor at the entry, and reads the file after."""
    case = tmp_path / "demo.toml"
    case.write_text(
        'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\n'
        '[[event]]\nid = "one"\ntitle = "One"\n[[event]]\nid = "two"\ntitle = "Two"\n'
    )
    editor = tmp_path / "editor"
    editor.write_text(
        "#!/bin/sh\necho EDITING $1; read answer\nsed -i s/Two/Second/ $2\n", encoding="utf-8"
    )
    editor.chmod(0o755)
    terminal = start(case, environment={"EDITOR": str(editor)})
    terminal.wait_for("One")
    terminal.press("Down")
    terminal.wait_for("event · two")
    terminal.press("\x05")
    terminal.wait_for("EDITING +8")
    assert terminal.modes == terminal.modes_before
    terminal.press("Enter")
    terminal.wait_for("Read again: 1 changed.")
    terminal.wait_for("Second")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_note_is_written_in_the_readers_own_editor(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """A gives the terminal to the editor and keeps what it wrote; E lets it go on with that."""
    environment = editor_that(tmp_path, 'echo EDITING; read answer; echo "Line $answer." >> $1')
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    assert terminal.modes == terminal.modes_before
    terminal.press("one", "Enter")
    terminal.wait_for("Kept.")
    terminal.wait_for("you: 1 note")
    terminal.press("E")
    terminal.wait_for("EDITING")
    terminal.press("two", "Enter")
    terminal.wait_for("Kept.")
    quit_with(terminal, "q")
    assert drafts_of(home) == []
    notes = (home / "data" / "casefile" / "notes").rglob("*.toml")
    bodies = sorted(tomli.loads(note.read_text("utf-8"))["body"] for note in notes)
    assert bodies == ["Line one.", "Line one.\nLine two."]


def test_an_editor_that_writes_nothing_keeps_nothing(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """Left without a text, the editor was looked into and no more."""
    terminal = start(environment=editor_that(tmp_path, "true"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("Nothing was changed, so nothing is kept.")
    quit_with(terminal, "q")
    assert drafts_of(home) == []


def test_an_editor_that_fails_without_a_word_is_said_to_have_failed(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """That nothing was changed is not all there is to say of it."""
    terminal = start(environment=editor_that(tmp_path, "exit 3"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("The editor failed, and nothing was changed.")
    quit_with(terminal, "q")
    assert drafts_of(home) == []


def test_what_an_editor_wrote_before_it_failed_is_a_draft(start: Start, tmp_path: Path) -> None:
    """An editor that ends with an error has not said that the text is to be kept, nor dropped."""
    terminal = start(environment=editor_that(tmp_path, 'printf "Half a thought" > $1; exit 1'))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("The editor failed: the text is a draft.")
    terminal.wait_for("Half a thought")
    assert "no notes yet" in terminal.text
    quit_with(terminal, "q")


def test_a_kill_while_the_editor_has_the_text_loses_nothing(start: Start, tmp_path: Path) -> None:
    """What the editor had written when the line went is offered at the next start."""
    environment = editor_that(tmp_path, 'printf "Written before the end" > $1; echo HERE; sleep 60')
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("HERE")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    terminal = start()
    terminal.wait_for(OFFER)
    terminal.wait_for("Written before the end")
