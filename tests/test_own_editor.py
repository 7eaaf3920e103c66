"""The reader’s own editor has the terminal, for a note or for the case file, and gives it back."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import tomli
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_given_back,
    assert_offered,
    drafts_of,
    editor_that,
    quit_with,
    write,
)
from small_cases import events, write_case

pytestmark = pytest.mark.terminal


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
    terminal.wait_for("Nothing was changed, so nothing was saved.")
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
    terminal.wait_for("The editor failed; its text is a draft")
    terminal.wait_for("Half a thought")
    assert "No notes yet" in terminal.text
    quit_with(terminal, "q")


def test_the_case_file_is_edited_at_the_entrys_line(start: Start, tmp_path: Path) -> None:
    """ctrl+e gives the terminal to the reader's editor at the entry, and reads the file after."""
    case = write_case(tmp_path / "demo.toml", events("one", "two"))
    change = "sed -i s/Event.two/Second/ $2"
    environment = editor_that(tmp_path, f"echo EDITING $1; read answer; {change}")
    terminal = start(case, environment=environment)
    terminal.wait_for("Event one")
    terminal.press("Down")
    terminal.wait_for("event · two")
    terminal.press("\x05")
    terminal.wait_for("EDITING +8")
    assert terminal.modes == terminal.modes_before
    terminal.press("Enter")
    terminal.wait_for("Read again: 1 changed.")
    terminal.wait_for("Second")
    quit_with(terminal, "q")


@pytest.mark.parametrize("editor", ["missing", "no program"])
def test_an_editor_that_cannot_be_run_takes_nothing_away(
    start: Start, tmp_path: Path, editor: str
) -> None:
    """What had been begun stands in the panel again, and the terminal is ours again."""
    file = tmp_path / "editor"
    if editor == "no program":
        # Without a first line that names an interpreter the system runs no script.
        file.write_text("true\n")
        file.chmod(0o755)
    terminal = start(environment={"EDITOR": str(file)})
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("A")
    terminal.wait_for("Not opened:")
    terminal.wait_for(HALF_A_WORD)
    quit_with(terminal, "q")
    assert_given_back(terminal)
    assert_offered(start)


def test_an_editor_that_fails_with_nothing_takes_nothing_away(start: Start, tmp_path: Path) -> None:
    """An editor that emptied the file and failed, as on a full disk, has not dropped the text."""
    terminal = start(environment=editor_that(tmp_path, ": > $1; exit 1"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("A")
    terminal.wait_for("The editor failed; its text is a draft")
    terminal.wait_for(HALF_A_WORD)
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    assert_offered(start)


def test_an_interrupt_in_the_editor_is_the_editors(start: Start, tmp_path: Path) -> None:
    """ctrl+c in the reader's own editor goes to every program of the terminal, but is for one."""
    does = 'trap "echo CAUGHT" INT; echo EDITING; read answer || read answer; echo "$answer" >> $1'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    terminal.press("\x03")
    terminal.wait_for("CAUGHT")
    terminal.press("Written after.", "Enter")
    terminal.wait_for("Kept.")
    quit_with(terminal, "q")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
def test_the_editor_ends_with_the_program(start: Start, tmp_path: Path, number: int) -> None:
    """Two programs would ask for the shell's keys; what the editor had written is a draft."""
    does = f'printf "{HALF_A_WORD}" > $1; echo $$ > {tmp_path}/pid; echo EDITING; exec sleep 600'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    terminal.signal_program(number)
    assert terminal.wait_exit() == 128 + number
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()
    assert terminal.modes == terminal.modes_before
    assert_offered(start)


def test_a_kill_while_the_editor_has_the_text_loses_nothing(start: Start, tmp_path: Path) -> None:
    """What the editor had written when the line went is offered at the next start."""
    environment = editor_that(tmp_path, 'printf "Written before the end" > $1; echo HERE; sleep 60')
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("HERE")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    assert_offered(start, "Written before the end")
