"""Whatever the screen shows, nothing of a file, a note or a name acts on the terminal.

The program runs with an alarm in place of the net (see `alarm`), so that it ends where something
was not made inert when it was drawn; and all bytes that it wrote are looked through besides.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import alarm
import pytest
from at_the_terminal import OFFER, ON_THE_PAGE, READY, WRITING, Start, editor_that, quit_with
from hostile_cases import acting_in_drawing, hostile_case
from hostile_notes import from_another
from terminal import Terminal

pytestmark = pytest.mark.terminal

SEEN = {
    "[sic]": "[sic]",
    "[/]": "[/]",
    "[@click=app.quit]quit[/]": "[@click=app.quit]quit[/]",
    "$name": "$name",
    "\x1b]52;c;cm0=\x07": "␛]52;c;cm0=␇",
    "\x1b]0;owned\x1b\\": "␛]0;owned␛\\",
    "\x1b[31337m": "␛[31337m",
    "\x9b31337m\x9d0;x\x9c": "<U+009B>31337m<U+009D>0;x<U+009C>",
    "\x00\x08\x7f\x85": "␀␈␡<U+0085>",
    "\u202eexe.txt\u2066": "<U+202E>exe.txt<U+2066>",
    "\u200bx\xad\ufeff": "<U+200B>x<U+00AD><U+FEFF>",
    "tag\U000e0041": "tag<U+E0041>",
    "\u3164\u2800": "<U+3164><U+2800>",
    "\ufdd0\ue000\U000f0000": "<U+FDD0><U+E000><U+F0000>",
    "pay\u200dpal\ufe0f": "pay<U+200D>pal<U+FE0F>",
    f"e{chr(0x301) * 9}": "<more marks>",
    "禁毒局": "禁毒局",
    "مخدرات": "مخدرات",
}
"""Text of every class, and how the reader sees it."""
# The terminal that stands in for a real one drops what follows such letters on a line.
WORDS = " ".join([*SEEN, "👩\u200d👧", f"ᄀ{chr(0x1161) * 9}"])
NAME = WORDS.replace("/", "").replace("\0", "")[:80]
WORDS_IN_A_NAME = WORDS.replace("\0", "").replace("'", "")
PASTE, PASTED = "\x1b[200~", "\x1b[201~"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a hostile case in a hostile folder, with a hostile source and notes of another."""
    folder = tmp_path / NAME
    folder.mkdir()
    path = folder / f"{NAME}.toml"
    path.write_text(hostile_case(WORDS), encoding="utf-8")
    # With a NUL in it, it would be no text.
    text = WORDS.replace("\0", "")
    text = f"{text}\n{text.replace(' ', chr(9))}\n\n{'x' * 500}\n"
    (folder / "text.txt").write_bytes(text.encode() + b"\x0c\x1b[2J\n")
    return path


Open = Callable[..., Terminal]


@pytest.fixture
def opening(start: Start, tmp_path: Path) -> Iterator[Open]:
    """Return a way to start the program; at the end all that it wrote is looked through."""
    started: list[Terminal] = []

    def opening(*arguments: str | Path, **how: object) -> Terminal:
        how = {"size": (240, 60), **how}
        notes = ("--notes-dir", tmp_path / "mine")
        started.append(start(*notes, *arguments, program=[Path(alarm.__file__)], **how))
        return started[-1]

    yield opening
    for terminal in started:
        assert acting_in_drawing(terminal.raw) == []
    assert started


@pytest.fixture
def hostile(opening: Open, case: Path, tmp_path: Path) -> Terminal:
    """Return the program on the hostile case, with hostile notes."""
    from_another(tmp_path / "mine", WORDS, case_id="hostile", entry="e")
    terminal = opening(case)
    terminal.wait_for(" Timeline · 1 of 3")
    return terminal


def shows_all(terminal: Terminal) -> None:
    """Wait until every class of character is seen as what it is."""
    for words in SEEN.values():
        terminal.wait_for(words)


OWN_PANE = "[sic] [/] [@click=app.quit]quit[/] $name"
PANES = [
    *("Timeline", "Parties", "Seizures", "Quotes", "Claims", "Links", "Issues", "Sources"),
    *(f"{OWN_PANE} ·", f"{OWN_PANE} (", "Notes", "Problems", "Case"),
]


def is_open(terminal: Terminal, pane: str) -> bool:
    """Return whether the line above the keys tells of a pane."""
    return terminal.text.splitlines()[2].startswith(f" {pane}")


def test_every_pane_and_page(hostile: Terminal) -> None:
    """Lists and pages of each kind, the title, the strip of panes and the line that says where."""
    for pane in PANES:
        hostile.wait_until(partial(is_open, hostile, pane), pane)
        shows_all(hostile)
        hostile.press("Tab", "G")
        hostile.wait_for(ON_THE_PAGE)
        hostile.press("]")
    quit_with(hostile, "q")


def pasted(text: str) -> str:
    """Return what a terminal sends for a paste."""
    return f"{PASTE}{text}{PASTED}"


def closed(terminal: Terminal, words: str) -> None:
    """Press Esc, and wait until some words are gone."""
    terminal.press("Esc")
    terminal.wait_until(lambda: words not in terminal.text, f"end of {words!r}")


def test_prompts_choices_and_what_is_pasted_there(hostile: Terminal) -> None:
    """Help, going, finding, filtering, tagging: what is chosen from, typed, pasted and refused."""
    hostile.press("?")
    hostile.wait_for("Moving")
    closed(hostile, "Moving")
    hostile.press(":sic")
    hostile.wait_for("…  seizure")
    closed(hostile, "Esc closes")
    hostile.press(":")
    hostile.wait_for("Esc closes")
    hostile.press(pasted("nope:\x9bx\u202e\x07"))
    hostile.wait_for("nope:\ufffdx\ufffd␇")
    closed(hostile, "Esc closes")
    for key, told in (("/", "“nope:<U+009B>x<U+202E>␇” is not here"), ("f", "")):
        hostile.press(key)
        hostile.press(pasted("nope:\x9bx\u202e\x07"))
        hostile.wait_for("nope:\ufffdx\ufffd␇")
        hostile.wait_for(told)
        hostile.press("Esc")
        hostile.wait_for("q quit")
    hostile.press("t")
    hostile.wait_for(f"Tags of {OWN_PANE}")
    hostile.press(pasted("[/] \x9b\u202e"))
    hostile.wait_for("[/] \ufffd\ufffd")
    hostile.press("Enter")
    hostile.wait_for("“[/] <U+009B><U+202E>” is now a tag of it")
    quit_with(hostile, "q")


def test_notes_of_another_their_history_and_their_moving(hostile: Terminal) -> None:
    """Two texts of one note, a reply, tags and an author who is no name: in each view of them."""
    hostile.press("j")
    hostile.wait_for("event · 2020 · e")
    hostile.press("H")
    hostile.wait_for("History of which note?")
    hostile.wait_for("anna [s")
    hostile.press("Enter")
    hostile.wait_for("History of the note")
    closed(hostile, "History of the note")
    for key, title in (("m", "Move which note?"), ("D", "Delete which note?")):
        hostile.press(key)
        hostile.wait_for(title)
        closed(hostile, title)
    hostile.press("e")
    hostile.wait_for("Edit which note?")
    hostile.press("Enter")
    hostile.wait_for(WRITING)
    hostile.wait_for("\ufffd31337m\ufffd0;x\ufffd")
    hostile.press(pasted("\rmine \u202e\x9b\x07"))
    hostile.wait_for("mine \ufffd\ufffd␇")
    hostile.press("ctrl+s")
    hostile.wait_for("Kept.")
    hostile.press("u")
    hostile.wait_for("Undone: ")
    hostile.press("[", "[", "[")
    hostile.wait_until(partial(is_open, hostile, "Notes"), "Notes")
    for _ in range(4):
        seen = len(hostile.raw)
        hostile.press("o")
        hostile.wait_until(lambda: len(hostile.raw) > seen, "another order")  # noqa: B023
        shows_all(hostile)
    quit_with(hostile, "q")


def test_texts_of_sources_and_the_pass(hostile: Terminal) -> None:
    """A hostile text beside the entry, searched, cited, and gone through in the pass."""
    hostile.press("s")
    hostile.wait_for("┃ [sic]")
    for words in SEEN.values():
        hostile.wait_for(words.replace("␀", ""))
    hostile.press("G")
    hostile.wait_for("␛[2J")
    hostile.press("/sic", "Enter")
    hostile.wait_for("“sic” ")
    closed(hostile, "“sic” ")
    closed(hostile, "␛[2J")
    hostile.press("V")
    hostile.wait_for("Verifying ")
    shows_all(hostile)
    hostile.press("c")
    hostile.wait_for("checked; u takes it back.")
    shows_all(hostile)
    quit_with(hostile, "ctrl+q")


def test_the_library_and_what_it_can_not_open(opening: Open, case: Path, tmp_path: Path) -> None:
    """Titles, paths and reasons of cases: listed, narrowed, refused."""
    broken = case.with_name(f"{NAME}-broken.toml")
    broken.write_bytes(b'format = "casefile/1"\n[case]\nid = "\x1b[2J\x9b"\n')
    settings = tmp_path / "home" / "config" / "casefile" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[library]\nfolders = [{json.dumps(str(tmp_path))}]\n")
    terminal = opening()
    terminal.wait_for(f"{OWN_PANE} ␛]52;c;cm0=␇")
    terminal.press(pasted("[/] \x9bnone"))
    terminal.wait_for("[/] \ufffdnone")
    terminal.wait_for("No case matches.")
    terminal.press("Esc")
    terminal.wait_for("-broken.toml")
    terminal.press("Enter")
    terminal.wait_until(lambda: terminal.text.splitlines()[-1].startswith(" /"), "the reason")
    quit_with(terminal, "ctrl+q")


def test_an_action_in_a_case_is_no_action(hostile: Terminal) -> None:
    """Clicks on every `[@click=app.quit]quit[/]` on the screen do not quit."""
    hostile.click("[@click=app.quit]")
    hostile.click("quit[/]")
    hostile.press("2")
    hostile.wait_until(partial(is_open, hostile, "Parties"), "Parties")
    quit_with(hostile, "q")


def test_a_paste_that_acts_is_text_or_keys_and_never_more(opening: Open, home: Path) -> None:
    """A paste with a sequence in it, or with the end of a paste, reaches no terminal."""
    terminal = opening()
    terminal.wait_for(READY)
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(pasted("one [sic]\rtwo \x9b\u202e\x07\x08\ttab"))
    terminal.wait_for("one [sic]")
    terminal.wait_for("two \ufffd\ufffd␇␈")
    terminal.press("ctrl+s")
    terminal.wait_for("two <U+009B><U+202E>␇␈")
    (note,) = (home.parent / "mine" / "notes").rglob("*.toml")
    body = tomllib.loads(note.read_text("utf-8"))["body"]
    assert body == "one [sic]\ntwo \x9b\u202e\x07\x08\ttab"
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press("safe ", pasted("x\x1b]52;c;cm0=\x07\x1b[31337m"), pasted(f"{PASTED}\x1b[2Jx"))
    terminal.press("end")
    terminal.wait_for("safe ")
    terminal.wait_for("end")
    quit_with(terminal, "ctrl+q")


def test_what_was_left_unfinished_and_what_an_editor_wrote(
    opening: Open, case: Path, tmp_path: Path
) -> None:
    """A draft that is offered again, the text of another program, and that program's name."""
    terminal = opening(case)
    terminal.wait_for(" Timeline · 1 of 3")
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press(pasted("half [/] \x9b\u202e\u200b a"))
    terminal.wait_for("half [/] \ufffd\ufffd\ufffd a")
    quit_with(terminal, "ctrl+q")

    script = editor_that(tmp_path, f"cat '{case.with_name('text.txt')}' > $1")
    Path(str(script["EDITOR"])).rename(editor := tmp_path / f"{NAME}.sh")
    terminal = opening(case, environment={"EDITOR": shlex.quote(str(editor))})
    terminal.wait_for(OFFER)
    terminal.wait_for("half [/] \ufffd\ufffd\ufffd a")
    terminal.wait_for("Note on [sic] [/]")
    terminal.press("A")
    terminal.wait_for("Kept.")
    terminal.press("Tab", "G")
    terminal.wait_for("␌␛[2J")
    quit_with(terminal, "ctrl+q")


def test_surroundings(opening: Open, case: Path, home: Path) -> None:
    """Who the reader is said to be, the settings, the terminal's own variables, and an editor."""
    settings = home / "config" / "casefile" / "config.toml"
    settings.parent.mkdir(parents=True)
    written = json.dumps("[/] \x9b\u202e[sic]")
    settings.write_text(f"theme = {written}\n{written} = 1\n[keys]\n{written} = 'x'\n")
    surroundings = dict.fromkeys(("LOGNAME", "TMUX", "STY", "TERM_PROGRAM"), WORDS_IN_A_NAME)
    terminal = opening(case, environment={**surroundings, "EDITOR": f"/no/{WORDS_IN_A_NAME}"})
    terminal.wait_for("(and 2 more)")
    terminal.press("a")
    terminal.wait_for(WRITING)
    terminal.press("one", "ctrl+s")
    terminal.wait_for("Kept.")
    terminal.press("A")
    terminal.wait_for("Not opened: ")
    terminal.press("j")
    case.write_bytes(b'"\\u001b[2J\\u202e" = 1\n"\\u001b[2J\\u202e" = 2\n')
    terminal.press("R")
    terminal.wait_for("Not read again, line 2: ")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    terminal.wait_for("there is no theme “[/] <U+009B><U+202E>[sic]”")


def test_a_case_that_can_not_be_opened_says_so_when_all_is_over(opening: Open, case: Path) -> None:
    """What stands on the terminal after the screen has gone, or before it came, is inert too."""
    case.write_text('[case]\n"\\u009b\u202e" = 1\n"\\u009b\u202e" = 2\n', encoding="utf-8")
    terminal = opening(case)
    assert terminal.wait_exit() == 2
    terminal.wait_for("<U+202E>")
    terminal.wait_for("^")
    terminal = opening("--theme", NAME)
    assert terminal.wait_exit() == 2
    terminal.wait_for("There is no theme “[sic]")
