"""Writing a note, or editing the case file, in the reader’s own editor."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
import tomli
from at_the_terminal import (
    HALF_A_WORD,
    READY,
    Start,
    assert_offered,
    assert_restored,
    drafts_of,
    editor_that,
    quit_with,
    save_note,
    write,
)
from small_cases import events, write_case

from casefile.library import BUNDLED
from casefile.notes.processes import Process

pytestmark = pytest.mark.terminal


def test_note_is_written_in_own_editor(start: Start, tmp_path: Path, home: Path) -> None:
    """A opens an editor for a new note, E for the note that was saved; both save what it wrote."""
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


def test_keys_for_the_editor_are_no_commands_here(start: Start, tmp_path: Path) -> None:
    """What comes with the key that opens it, as on a stalled line, is for it: no D deletes."""
    terminal = start(environment=editor_that(tmp_path, "echo EDITING; read answer"))
    terminal.wait_for(READY)
    save_note(terminal, "Named Ana.")
    terminal.press("E", "D", "D")
    terminal.wait_for("EDITING")
    terminal.press("Enter")
    terminal.wait_for("Nothing was changed, so nothing was saved.")
    terminal.press("?")
    terminal.wait_for("Keys")
    assert "Deleted" not in terminal.text
    terminal.press("Esc")
    terminal.wait_for("you: 1 note")


def test_editor_that_writes_nothing_saves_nothing(start: Start, tmp_path: Path, home: Path) -> None:
    """An editor that leaves the file empty saves no note and no draft."""
    terminal = start(environment=editor_that(tmp_path, "true"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("Nothing was changed, so nothing was saved.")
    quit_with(terminal, "q")
    assert drafts_of(home) == []


def test_editor_that_fails_without_change_is_reported(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """An editor that fails without a change is reported as failed."""
    terminal = start(environment=editor_that(tmp_path, "exit 3"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("The editor failed, and nothing was changed.")
    quit_with(terminal, "q")
    assert drafts_of(home) == []


def test_text_of_failed_editor_is_a_draft(start: Start, tmp_path: Path) -> None:
    """Text that an editor wrote before it failed is neither saved as a note nor dropped."""
    terminal = start(environment=editor_that(tmp_path, 'printf "Half a thought" > $1; exit 1'))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("The editor failed; its text is a draft")
    terminal.wait_for("Half a thought")
    assert "No notes yet" in terminal.text
    quit_with(terminal, "q")


def test_text_before_that_of_failed_editor_is_a_draft_too(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """What it wrote before, and does not have any more, waits; both are told of."""
    does = 'echo "All of it" > $1; sleep 0.1; echo "Something else" > $1.save; exit 1'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    # With a text open and closed, nothing is left to be said of the start.
    terminal.press("a")
    terminal.wait_for("Note on")
    terminal.press("Esc")
    terminal.wait_for("No notes yet")
    terminal.press("A")
    terminal.wait_for("The editor failed; its text, and another one, are drafts")
    terminal.wait_for("Something else")
    quit_with(terminal, "q")
    bodies = sorted(tomli.loads(draft.read_text("utf-8"))["body"] for draft in drafts_of(home))
    assert bodies == ["All of it", "Something else"]


def test_text_of_editor_that_is_too_long_is_in_the_panel(start: Start, tmp_path: Path) -> None:
    """It is told how much too long it is, in the line above and as the reason."""
    does = 'for n in $(seq 800); do printf "%02000d\\n" 0; done > "$1"'
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("28,734 bytes too long", timeout=60)
    terminal.press("ctrl+s")
    terminal.wait_for("Not saved: the text is 28,734 bytes too long for a note")
    quit_with(terminal, "ctrl+q")


def test_case_file_is_edited_at_line_of_entry(start: Start, tmp_path: Path) -> None:
    """ctrl+e opens the case file in the editor at the entry's line, and reads it again after."""
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


def test_list_of_processes_tells_nothing_of_the_case(start: Start, tmp_path: Path) -> None:
    """Neither the program nor the editor has the case's id, or a folder, in its command line."""
    shows = f"cat /proc/$$/cmdline /proc/$PPID/cmdline > {tmp_path}/processes"
    terminal = start(environment=editor_that(tmp_path, f'{shows}; printf "Mine." > "$1"'))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("you: 1 note")
    quit_with(terminal, "q")
    words = (tmp_path / "processes").read_bytes().split(b"\0")
    assert b"./note.md" in words
    assert not any(BUNDLED.encode() in word or b"drafts" in word for word in words)


@pytest.mark.parametrize("editor", ["missing", "no program"])
def test_editor_that_cannot_be_started_loses_nothing(
    start: Start, tmp_path: Path, editor: str
) -> None:
    """If the editor can't be started, the text is in the panel again."""
    file = tmp_path / "editor"
    if editor == "no program":
        # The system can't run a script whose first line names no interpreter.
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
    assert_restored(terminal)
    assert_offered(start)


def test_editor_that_fails_with_empty_file_loses_nothing(start: Start, tmp_path: Path) -> None:
    """If an editor empties the file and fails, as on a full disk, the text is still a draft."""
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


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (": > $1", "The editor left only the beginning"),
        ("printf 'She said' > $1", "The editor left only the beginning"),
        ("printf 'She said' > $1; exit 1", "The editor failed"),
    ],
)
def test_editor_that_cuts_the_text_off_loses_nothing(
    start: Start, tmp_path: Path, does: str, said: str
) -> None:
    """As nano does on a full disk, and then ends well: the text typed here is back, not saved."""
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("A")
    terminal.wait_for(said)
    terminal.wait_for(HALF_A_WORD)
    assert "you: 1 note" not in terminal.text
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    assert_offered(start)


def test_what_else_was_left_with_a_text_that_is_cut_off_is_told_of(
    start: Start, tmp_path: Path
) -> None:
    """It waits, and the reader need not find it in the Notes pane by chance."""
    does = "printf 'She' > $1; echo 'He said nothing' > $1~"
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.press("A")
    terminal.wait_for("All of the text is here again; another one that the editor left waits too")


def test_text_cut_off_when_the_editor_is_killed_hides_no_draft(
    start: Start, tmp_path: Path
) -> None:
    """The draft is offered after a hangup, whatever the editor has made of its file."""
    terminal = start(environment=editor_that(tmp_path, ": > $1; echo begun; sleep 60"))
    terminal.wait_for(READY)
    write(terminal, HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("A")
    terminal.wait_for("begun")
    terminal.send_signal(signal.SIGHUP)
    terminal.wait_exit()
    assert_offered(start)


LEAVES_MODES = (
    r"stty raw -echo; printf '\033[?1049h\033[?1h\033[?1000h\033[?1006h\033[?2004h\033[?25l\033[4h'"
)
"""The state in which an editor that is killed leaves the terminal."""


@pytest.mark.parametrize("quits", [True, False], ids=["quit", "signal"])
def test_modes_left_by_editor_are_undone(start: Start, tmp_path: Path, *, quits: bool) -> None:
    """After an editor that was killed, casefile leaves the terminal as it was before both."""
    terminal = start(environment=editor_that(tmp_path, f"{LEAVES_MODES}; kill -9 $$"))
    terminal.wait_for(READY)
    for _ in range(2):
        taken = len(terminal.raw)
        terminal.press("A")
        terminal.wait_until(lambda: b"\x1b[4h" in terminal.raw[taken:], "editor")  # noqa: B023
        terminal.wait_for("The editor failed, and nothing was changed.")
    terminal.press("j")
    terminal.wait_for("2 of 21")
    if quits:
        quit_with(terminal, "q")
    else:
        terminal.send_signal(signal.SIGTERM)
        assert terminal.wait_exit() == 143
    assert_restored(terminal)
    assert terminal.raw.rfind(b"\x1b[4l") > terminal.raw.rfind(b"\x1b[4h")


def test_modes_of_running_editor_are_undone_at_signal(start: Start, tmp_path: Path) -> None:
    """A signal that ends casefile and an editor that restores nothing leaves no mode on."""
    terminal = start(environment=editor_that(tmp_path, f"{LEAVES_MODES}; exec sleep 600"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_until(lambda: b"\x1b[4h" in terminal.raw, "editor")
    terminal.signal_program(signal.SIGTERM)
    assert terminal.wait_exit() == 143
    assert_restored(terminal)


def test_interrupt_in_editor_does_not_end_casefile(start: Start, tmp_path: Path) -> None:
    """ctrl+c in the editor, which signals every program on the terminal, does not end casefile."""
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
def test_editor_ends_with_program(start: Start, tmp_path: Path, number: int) -> None:
    """A signal ends the editor too, and what it had written is a draft."""
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


def test_stopped_editor_ends_with_program(start: Start, tmp_path: Path) -> None:
    """An editor that has stopped itself, as at Ctrl+Z, goes on to take the signal."""
    does = f"echo $$ > {tmp_path}/pid; echo EDITING; kill -STOP $$; exec sleep 600"
    terminal = start(environment=editor_that(tmp_path, does))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    pid = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{pid}/stat")
    terminal.wait_until(lambda: ") T " in state.read_text(), "the editor stops")
    terminal.signal_program(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert not Process(os.uname().nodename, pid, "").is_alive


def test_what_only_the_editor_can_read_is_told_of(start: Start, tmp_path: Path) -> None:
    """As after vim was killed with words that it had not written."""
    terminal = start(environment=editor_that(tmp_path, "echo words > .note.md.swp; exit 1"))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for(f"Not all that the editor wrote is here: see “casefile notes {BUNDLED}")
    quit_with(terminal, "q")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
@pytest.mark.parametrize(
    "starts",
    [
        'sh -c "{inner}"; exit',
        'set -m; sh -c "{inner}"; exit',
        "exec sh -c \"sh -c '{inner}'; exit\"",
    ],
    ids=["script", "job control", "two scripts"],
)
def test_editor_that_a_script_has_started_ends_with_program(
    start: Start, tmp_path: Path, starts: str, number: int
) -> None:
    """So does all that was started in the session; what has left it stays."""
    (tmp_path / "inner").write_text(
        f"trap 'sleep 0.2; echo TOLD; exit' TERM HUP\n"
        f"setsid sh -c 'echo $$ > {tmp_path}/outlives; exec sleep 600' &\n"
        f"while [ ! -s {tmp_path}/outlives ]; do sleep 0.05; done\n"
        f"echo $$ > {tmp_path}/pid; echo EDITING\n"
        "while true; do sleep 0.05; done\n"
    )
    inner = f". {tmp_path}/inner"
    terminal = start(environment=editor_that(tmp_path, starts.replace("{inner}", inner)))
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("EDITING")
    outlives = Process(os.uname().nodename, int((tmp_path / "outlives").read_text()), "")
    terminal.signal_program(number)
    assert terminal.wait_exit() == 128 + number
    pid = int((tmp_path / "pid").read_text())
    assert not Process(os.uname().nodename, pid, "").is_alive
    assert outlives.is_alive
    os.kill(outlives.pid, signal.SIGKILL)
    assert b"TOLD" in terminal.raw
    assert terminal.modes == terminal.modes_before


def test_signals_interrupt_the_wait_for_an_editor(start: Start, tmp_path: Path) -> None:
    """No other thread can take a signal from the one that waits for the editor.

    Of two signals that come together the system may give the second, with the first, to any thread
    that does not block it; the wait then goes on.
    """
    does = f"echo $PPID > {tmp_path}/program; echo EDITING; exec sleep 600"
    case = write_case(tmp_path / "demo.toml", events("one"))
    terminal = start(case, environment=editor_that(tmp_path, does))
    terminal.wait_for("Event one")
    # The first look at the file was made by a thread that stayed.
    case.touch()
    terminal.wait_for("The case file has changed")
    terminal.press("A")
    terminal.wait_for("EDITING")
    program = int((tmp_path / "program").read_text())
    # All signals are blocked while a program is being started, and for a moment after.
    terminal.wait_until(lambda: blocked_signals(program)[0] == 0, "signals reach the main thread")
    _, *others = blocked_signals(program)
    ending = 1 << signal.SIGHUP - 1 | 1 << signal.SIGTERM - 1
    assert others
    assert all(mask & ending == ending for mask in others)


def blocked_signals(pid: int) -> list[int]:
    """Return the masks of the signals that each thread of a process blocks, the main one first."""
    threads = sorted(
        Path(f"/proc/{pid}/task").iterdir(), key=lambda thread: thread.name != str(pid)
    )
    states = [(thread / "status").read_text() for thread in threads]
    return [int(mask, 16) for state in states for mask in re.findall(r"SigBlk:\s*(\w+)", state)]


def test_kill_while_editor_runs_loses_nothing(start: Start, tmp_path: Path) -> None:
    """What the editor had written when the program was killed is offered at the next start."""
    environment = editor_that(tmp_path, 'printf "Written before the end" > $1; echo HERE; sleep 60')
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    terminal.press("A")
    terminal.wait_for("HERE")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    assert_offered(start, "Written before the end")
