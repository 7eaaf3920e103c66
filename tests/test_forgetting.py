"""Forgetting: afterwards nothing in the home has the text or the id, unless the output names it.

Each test brings a home into a state, by the program itself wherever that can be done, forgets the
note, and searches every file. A later kind of state is one more in `KILLED` or `LEFT`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from at_the_terminal import (
    HALF_A_WORD,
    OFFER,
    READY,
    Start,
    editor_that,
    quit_with,
    save_note,
)
from faults import CHANGING, Call, Ended, calls, casefile, litter, needs_strace, run, run_failing
from home_search import holding, unnamed
from msgspec.structs import replace
from saver import CASE, TARGET, notebook_of
from small_cases import case_in, events, write_case
from terminal import Terminal

from casefile.case.sources.text_files import keep_copy
from casefile.durable_files import UNFINISHED, write_document
from casefile.library import BUNDLED
from casefile.notes import forgetting
from casefile.notes.annotation import Revision, encode, file_name
from casefile.notes.copied_words import Words
from casefile.notes.draft import encode_draft
from casefile.notes.drafts import DraftFolder
from casefile.notes.external_edit import DRAFT_LIMIT
from casefile.notes.forgetting import Trace, traces_of
from casefile.notes.forgetting import forget as remove_traces
from casefile.notes.notebook import open_notebook
from casefile.notes.own_files import is_folder
from casefile.places import Places, find_places
from casefile.state.forgetting import forget_opened
from casefile.state.passes import Pass, remember_pass
from casefile.state.recent import remember_case
from casefile.state.visits import remember_visit

WORDS = "xyzzy told me in the car park"
NO_PROCESS = 2**31 - 1
CHANGING_CALLS = (
    *("open", "write", "fsync", "link", "unlink", "mkdir"),
    *("chmod", "fchmod", "replace", "rename"),
)


def forget(home: Path, note_id: str, *options: str | Path) -> Ended:
    """Forget a note by the command."""
    command = casefile(home, "notes", "forget", note_id, "--yes")
    return run([*command[:-2], *(options or command[-2:])], home)


def assert_forgotten(home: Path, note_id: str, ended: Ended, expected: Sequence[Path] = ()) -> None:
    """Check that what still has the text or the id is named, and that the commands remove it."""
    assert ended.err == ""
    assert unnamed(home, WORDS, ended.out) == unnamed(home, note_id, ended.out) == []
    for line in re.findall(r"This removes it: (rm .*)", ended.out):
        subprocess.run(shlex.split(line), check=True)
    assert holding(home, WORDS) == [*expected]
    assert holding(home, note_id) == []


# Killed saves


def check(home: Path, case: Path) -> list[str | Path]:
    """Return a command that revises the reader's check of an entry."""
    return casefile(home, "note", "add", case, "arrests", "--check", "wrong")


def pack(home: Path, case: Path) -> list[str | Path]:
    """Return a command that packs the notes."""
    return casefile(home, "notes", "pack", case, home / "notes.tar")


def quote(home: Path, case: Path) -> list[str | Path]:
    """Return a command that adds a note with the same words on another case."""
    other = write_case(case.with_name("other.toml"), events("tip"), case_id="other")
    return casefile(home, "note", "add", other, "tip")


KILLED = {"revising": check, "packing": pack, "quoting": quote}


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("name", KILLED)
def test_nothing_is_left_by_save_killed_at_any_call(tmp_path: Path, name: str) -> None:
    """Neither by one that revises the note, nor by one that packs it, or has words of it."""
    command = KILLED[name]
    case = write_case(tmp_path / "demo.toml", events("arrests"))

    def reader(name: str) -> Path:
        home = tmp_path / name
        assert run(check(home, case), home, given=WORDS).code == 0
        return home

    first = reader("first")
    for call in calls(command(first, case), first, CHANGING, f"{WORDS} twice"):
        home = reader(f"{call.name}-{call.nth}")
        run_failing(command(home, case), home, call, "signal=KILL", f"{WORDS} twice")
        (home / "notes.tar").unlink(missing_ok=True)
        ((note_id, _),) = ((note.id, note) for note in notebook_of(home).notes)
        others = [*find_places(home).notes("other").glob("*")]
        assert_forgotten(home, note_id, forget(home, note_id), expected=others)


def test_what_killed_drafts_leave_is_removed(tmp_path: Path) -> None:
    """A draft that was not completely written, of which nobody can say what it edits."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    draft = replace(drafts.begin("arrests", "A", body=WORDS, note=note.id), pid=NO_PROCESS)
    file = drafts.write_for_editor(draft)
    folder = find_places(tmp_path).drafts(CASE)
    for path in (folder / f".{draft.id}.toml", file.with_name(".note.md")):
        path.with_name(f"{path.name}.0a1b2c3d4e5f6071{UNFINISHED}").write_text(f'body = "{WORDS}')
    (folder / f".x.toml.0a1b2c3d4e5f6071{UNFINISHED}").write_text(f'body = "{WORDS}')
    # Where there are no hard links, a note is written beside the others.
    (find_places(tmp_path).notes(CASE) / f".0a1b2c3d4e5f6071{UNFINISHED}").write_text(
        f'body = "{WORDS}'
    )
    ended = forget(tmp_path, note.id)
    assert "Stays" not in ended.out
    assert_forgotten(tmp_path, note.id, ended)


def test_draft_that_outlived_its_note_is_named(tmp_path: Path) -> None:
    """As after a kill between the saving of a note and the removal of its draft."""
    note = notebook_of(tmp_path).keep_new("arrests", f"{WORDS}\nand more", TARGET)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    for body in (note.body, WORDS, WORDS[:12], "Something else."):
        drafts.write(replace(drafts.begin("arrests", "A", body=body), pid=NO_PROCESS))
    ended = forget(tmp_path, note.id)
    assert ended.out.count("a draft with words of it. This removes it: rm ") == 3
    assert_forgotten(tmp_path, note.id, ended)
    assert [draft.body for draft in drafts.read_all().waiting] == ["Something else."]


def test_note_that_is_only_a_draft_any_more_is_forgotten(tmp_path: Path) -> None:
    """A program that had it open has written its draft again."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    forget(tmp_path, note.id)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    drafts.write(replace(drafts.begin("arrests", "A", body=WORDS, note=note.id), pid=NO_PROCESS))
    shutil.rmtree(tmp_path / "notes")
    assert_forgotten(tmp_path, note.id, forget(tmp_path, note.id))


def test_command_that_forgets_a_reply_has_the_folder_of_notes(tmp_path: Path) -> None:
    """Without it, the command would look for the reply in the notes in the home."""
    home = tmp_path / "my notes"
    notebook = notebook_of(home)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    notebook.keep_new("arrests", "Who?", TARGET, motivation="replying", reply_to=note.id)
    (command,) = re.findall(r"This removes it: casefile (.*)", forget(home, note.id).out)
    ended = run([sys.executable, "-m", "casefile", *shlex.split(command), "--yes"], tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert holding(home, note.id) == []


def test_replies_and_notes_with_its_words_are_named(tmp_path: Path) -> None:
    """They are notes of their own, and stay; the command that forgets each is named."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    reply = notebook.keep_new("arrests", "Who?", TARGET, motivation="replying", reply_to=note.id)
    other = notebook.keep_new("arrests", f"As I wrote:\n> {WORDS}", TARGET)
    notebook.keep_new("arrests", "Something else.", TARGET)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    drafts.write(drafts.begin("arrests", "A", body="When?", reply_to=note.id))
    ended = forget(tmp_path, note.id)
    assert f"a reply to it. This removes it: casefile notes forget {reply.id}" in ended.out
    assert f"id or words. This removes it: casefile notes forget {other.id}" in ended.out
    assert ended.out.count("Stays") == 3
    forget(tmp_path, reply.id)
    forget(tmp_path, other.id)
    assert_forgotten(tmp_path, note.id, ended)


def test_folders_of_a_flood_of_replies_are_named(tmp_path: Path) -> None:
    """Of hundreds, which only somebody who floods a note makes, the folder is named."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    for _ in range(102):
        notebook.keep_new("arrests", "Who?", TARGET, motivation="replying", reply_to=note.id)
    ended = forget(tmp_path, note.id)
    assert ended.out.count("a reply to it") == 100
    assert f"Stays: 2 more such files, in {notebook.folder}\n" in ended.out
    assert unnamed(tmp_path, note.id, ended.out) == []


def test_notes_and_drafts_with_its_words_on_other_cases_are_named(tmp_path: Path) -> None:
    """What was copied to another case is a note of its own, and stays; a damaged one does too."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    places = find_places(tmp_path)
    other = open_notebook(places, "other", None).keep_new("tip", f"See: {WORDS}", TARGET)
    drafts = DraftFolder(places, "other")
    drafts.write(replace(drafts.begin("tip", "T", body=WORDS), pid=NO_PROCESS))
    damaged = notebook_of(tmp_path).folder
    assert damaged is not None
    (damaged / "damaged.toml").write_text(f'format = "casefile-note/1"\nbody = "{WORDS}"\n')
    ended = forget(tmp_path, note.id)
    assert f"id or words. This removes it: casefile notes forget {other.id}" in ended.out
    assert "a draft with words of it" in ended.out
    assert (
        f"{damaged / 'damaged.toml'}: a copied, damaged, unfinished or editor's file" in ended.out
    )
    forget(tmp_path, other.id)
    assert_forgotten(tmp_path, note.id, ended)


@pytest.mark.parametrize("content", [f"> {WORDS}", 'body = "No."\nreply_to = "%s"\nx'])
@pytest.mark.parametrize(
    "name",
    [
        f"workshop/other/.0a1b2c3d4e5f6071{UNFINISHED}",
        f"notes/other/.0a1b2c3d4e5f6071{UNFINISHED}",
        f"drafts/other/.x.toml.0a1b2c3d4e5f6071{UNFINISHED}",
        "notes/other/damaged.toml",
        "editing/0a1b2c3d4e5f6071/gone/note.md",
        "editing/0a1b2c3d4e5f6071/gone/backups/note.md",
        "editing/0a1b2c3d4e5f6071/note.md",
    ],
)
def test_files_of_other_cases_with_its_words_are_named(
    tmp_path: Path, name: str, content: str
) -> None:
    """Also where there are neither notes nor drafts any more; what has none of them is not."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.with_name(f".0000000000000000{UNFINISHED}").write_text("Something else.")
    path.write_text(content.replace("%s", note.id))
    ended = forget(tmp_path, note.id)
    assert ended.out.count("Stays") == 1
    assert f"Stays: {path}: " in ended.out
    assert_forgotten(tmp_path, note.id, ended)


def test_notes_that_were_moved_away_are_named(home: Path) -> None:
    """Wherever in casefile's own folders they are now; what git keeps of them is named too."""
    data, state = home / "data" / "casefile", home / "state" / "casefile"
    note = notebook_of(data).keep_new("arrests", WORDS, TARGET)
    notes, moved = data / "notes", data / "notes.mine"
    (file,) = (notes / CASE).iterdir()
    for copy in (moved, data / "old" / "2026", state / "notes"):
        shutil.copytree(notes, copy)
    for copy in (notes / "demo.old", notes / CASE / "old"):
        shutil.copytree(moved / CASE, copy)
    shutil.copy(file, notes)
    (notes / f"{note.id}.2-00000000.toml").mkdir()
    (moved / ".git").mkdir()
    (moved / ".git" / "index").write_text(WORDS)
    ended = run(casefile(home, "notes", "forget", note.id, "--yes")[:-2], home)
    assert f"Its history may still hold it: {moved / '.git'}\n" in ended.out
    assert ended.out.count("Stays") == 7
    assert_forgotten(home, note.id, ended, expected=[moved / ".git" / "index"])


def test_only_folders_that_casefile_made_in_a_named_one_are_searched(tmp_path: Path) -> None:
    """With `--notes-dir`, the other files there are the user's; links are not followed far."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    (tmp_path / "article.txt").write_text(WORDS)
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "article.txt").write_text(WORDS)
    (tmp_path / "notes" / "other").symlink_to(tmp_path / "elsewhere")
    assert "Stays" not in forget(tmp_path, note.id).out


def test_file_that_is_too_large_to_be_searched_is_named(tmp_path: Path) -> None:
    """As an unfinished pack of a large case; nobody knows what it has."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    path = tmp_path / "workshop" / "other" / f".0a1b2c3d4e5f6071{UNFINISHED}"
    path.parent.mkdir(parents=True)
    path.touch()
    os.truncate(path, DRAFT_LIMIT + 1)
    assert f"Stays: {path}: it may have words of the note; " in forget(tmp_path, note.id).out


def test_what_is_remembered_of_opened_cases_is_not_searched(home: Path) -> None:
    """A note may consist of a title; a command that removes the list of cases is named for none."""
    places = Places(home / "data" / "casefile", home / "state" / "casefile", None)
    case_file = case_in(write_case(home / "x.toml", events("arrests"), title="The car park"))
    remember_case(places, case_file)
    remember_visit(places, case_file)
    remember_pass(places, CASE, Pass("arrests"))
    (home / "state" / "casefile" / "crash.log").write_text("The car park\n")
    for body in ("The car park", "arrests"):
        note = open_notebook(places, CASE, None).keep_new("arrests", body, TARGET)
        ended = run(casefile(home, "notes", "forget", note.id, "--yes")[:-2], home)
        assert (ended.code, ended.err, "Stays" in ended.out) == (0, "", False)


@pytest.mark.parametrize("name", ["notes/other", "notes-backup", "drafts/demo", "editing/0/gone"])
def test_folder_that_cannot_be_listed_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Without a command: nobody knows what else is in it."""
    data, state = home / "data" / "casefile", home / "state" / "casefile"
    monkeypatch.setattr(os, "scandir", unless_closed(os.scandir))
    places = Places(data, state, None)
    note = open_notebook(places, CASE, None).keep_new("arrests", WORDS, TARGET)
    closed = (data if name.startswith("notes") else state) / name
    closed.mkdir(parents=True)
    (closed / "closed").touch()
    (trace,) = traces_of(places, note.id, None)
    (left,) = trace.stays
    assert (left.path, left.is_searched) == (closed, False)
    assert left.what == "it can't be searched: permission denied"


def unless_closed(scandir: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `scandir` that can't list a folder in which there is a file called “closed”."""

    def scan(folder: str | Path) -> Any:
        if Path(folder, "closed").exists():
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    return scan


def test_file_that_nobody_can_look_at_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder of mode 0600; a link that leads into such a folder is a link."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    closed = find_places(tmp_path).notes(CASE) / "old"
    closed.mkdir()
    (closed / "copy").write_text(WORDS)
    link = tmp_path / "link"
    link.symlink_to(closed)
    monkeypatch.setattr(os, "lstat", unless_in(closed, os.lstat))
    monkeypatch.setattr(os, "stat", unless_in(closed, os.stat, link))
    (trace,) = traces_of(find_places(tmp_path), note.id, None)
    (left,) = trace.stays
    assert left.path == closed / "copy"
    assert left.what == "it may have words of the note; permission denied"
    assert not is_folder(link)


def unless_in(
    folder: Path, stat: Callable[..., Any], link: Path | None = None
) -> Callable[..., Any]:
    """Return a `stat` that can't look at what is in a folder, nor at what a link leads to."""

    def look(path: Any, **kwargs: Any) -> Any:
        if str(path) == str(link) or str(path).startswith(f"{folder}/"):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **kwargs)

    return look


def test_draft_of_the_note_that_was_not_listed_in_time_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after one error of a disk, which another look has not met."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    drafts.write(replace(drafts.begin("arrests", "A", body="x", note=note.id), pid=NO_PROCESS))
    monkeypatch.setattr(forgetting, "paths_in", lambda _folder: ())
    (trace,) = traces_of(find_places(tmp_path), note.id, None)
    assert [left.what for left in trace.stays] == ["a draft of it"]


@pytest.mark.parametrize(
    "name", ["notes/demo/%s.2-00000000.toml", "editing/0a1b2c3d4e5f6071/gone/.#note.md"]
)
def test_link_that_cannot_be_followed_hinders_nothing(tmp_path: Path, name: str) -> None:
    """Neither one that is a file of the note, nor a lock of an editor."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    path = tmp_path / name.replace("%s", note.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("n" * 300)
    ended = forget(tmp_path, note.id)
    assert (ended.code, ended.err, "Stays" in ended.out) == (0, "", False)


def test_file_that_is_removed_is_not_named(tmp_path: Path) -> None:
    """Not even if it is one of the note in the folder of another case, as after a wrong copy."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    assert notebook.folder is not None
    copy = find_places(tmp_path).notes("other")
    shutil.copytree(notebook.folder, copy)
    ended = forget(tmp_path, note.id)
    assert ended.out.count("Removed ") == 2
    assert "Stays" not in ended.out
    assert_forgotten(tmp_path, note.id, ended)


@pytest.mark.parametrize(
    "name",
    ["backup.tar", "all.toml", "all.txt", "diary.md", "diary.toml", "%s.tar", "on %s.md"],
)
@pytest.mark.parametrize("folder", ["notes", "drafts"])
def test_file_that_is_more_than_one_of_the_note_is_named(
    tmp_path: Path, folder: Literal["notes", "drafts"], name: str
) -> None:
    """A pack, a text with all notes, or one of the reader's that quotes a file, stays."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    notebook.keep_new("arrests", "Something else.", TARGET)
    draft = DraftFolder(find_places(tmp_path), CASE).begin("arrests", "A", body="", note=note.id)
    contents = {
        "backup.tar": b"./x.toml\0" + encode(note),
        "all": b"".join(encode(one.current) for one in notebook.notes) + encode_draft(draft),
        "diary": f'My diary\n\nid = "{note.id}"\nnote = "{note.id}"\nforty pages\n'.encode(),
    }
    path = find_places(tmp_path).case_folder(folder, CASE) / name.replace("%s", note.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents.get(name, contents.get(path.stem, contents["diary"])))
    ended = forget(tmp_path, note.id)
    assert (ended.code, ended.err, path.exists()) == (0, "", True)
    assert ended.out.count("Stays: ") == 1
    assert f"Stays: {path}: " in ended.out


@pytest.mark.parametrize(
    "beside",
    [
        {"tags": ("new", f"he {WORDS}!")},
        {"value": WORDS},
        {"target": replace(TARGET, field={"exact": f"{WORDS} then"})},
        {"target": replace(TARGET, extra={"seen": [1, {"where": WORDS}]})},
        {"extra": {"about": [f"it {WORDS}"]}},
        {"extra": {WORDS: True}},
        {"extra": {"see": "note %s"}},
    ],
)
def test_notes_with_its_words_beside_their_text_are_named(
    tmp_path: Path, beside: dict[str, Any]
) -> None:
    """In a tag, in what another program has written, or as its id; a part of them says nothing."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    beside = {
        key: {"see": f"note {note.id}"} if value == {"see": "note %s"} else value
        for key, value in beside.items()
    }
    other = notebook.keep_new("arrests", "See there.", TARGET)
    assert notebook.folder is not None
    path = notebook.folder / "other.toml"
    path.write_bytes(encode(replace(other, parents=(other.hash,), rev=2, **beside)))
    notebook.tag("arrests", ["car park"], TARGET)
    ended = forget(tmp_path, note.id)
    assert f"{path}: another note that has its id or words" in ended.out
    assert ended.out.count("Stays") == 1
    forget(tmp_path, other.id)
    assert_forgotten(tmp_path, note.id, ended)


def test_drafts_with_its_words_as_a_tag_are_named(tmp_path: Path) -> None:
    """The draft of a note that has tags has them too."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    drafts = DraftFolder(find_places(tmp_path), CASE)
    drafts.write(replace(drafts.begin("tip", "T", body="No.", tags=(WORDS,)), pid=NO_PROCESS))
    ended = forget(tmp_path, note.id)
    assert "a draft with words of it" in ended.out
    assert_forgotten(tmp_path, note.id, ended)


@pytest.mark.parametrize(
    ("text", "other", "has_words"),
    [
        ("one", "one", True),
        ("one", "one two", False),
        ("told me so", "He told me so.", True),
        ("He told me so.", "told me so", True),
        ("first line\nsecond line", "> second line\nno", True),
        ("a\nb\nc", "b\nd", True),
        ("Bob Roe", "> Bob Roe\nWho?", True),
        ("Bob Roe", "Saw Bob Roe there.", False),
        ("J. Roe\n555-123\nHotel 7", "See:\n>> 555-123 ", True),
        ("no", "not now\nno one", False),
        ("线人是张伟", "见线人是张伟。", True),
        ("张伟", "> 张伟", True),
        ("张伟", "见张伟。", False),
        ("a line of it", "", False),
        ("a line of it", " ", False),
    ],
)
def test_words_are_found_in_another_text(
    tmp_path: Path, text: str, other: str, has_words: bool
) -> None:
    """A whole text, a part of one, or a line of it; short ones as whole lines alone."""
    note = notebook_of(tmp_path).keep_new("arrests", text, TARGET)
    words = Words(note.id, notebook_of(tmp_path).note(note.id))
    assert words.are_in(other) == has_words


@pytest.mark.parametrize(
    ("text", "content", "has_words"),
    [
        ('He said "no" in C:\\temp', 'body = "> He said \\"no\\" in C:\\\\temp', True),
        ('He said "no" in C:\\temp', 'x: He said "no" in C:\\temp', True),
        ("Bob Roe", 'tags = []\nbody = "> Bob Roe\\nWho?"', True),
        ("Bob Roe", 'body = "Who?\\n> Bob Roe', True),
        ("Bob Roe", 'body = "Saw Bob Roe there."', False),
        ('"C:\\"', 'body = "Where:\\n\\"C:\\\\\\""', True),
        ("Bob Roe", "\tBob Roe\n", True),
        ("Bob Roe", '|3,0,0,1,1,0,1,"Bob Roe"', True),
        ("Bob Roe", "b0VIM\0Who?\0Bob Roe\0", True),
        ("no", 'body = "not now, no"', False),
        ("Bob Roe", 'reply_to = "%s"', True),
    ],
)
def test_words_are_found_in_a_file(
    tmp_path: Path, text: str, content: str, has_words: bool
) -> None:
    """Also between the quotation marks and escapes of TOML; and the id."""
    note = notebook_of(tmp_path).keep_new("arrests", text, TARGET)
    words = Words(note.id, notebook_of(tmp_path).note(note.id))
    file = tmp_path / "file"
    file.write_text(content.replace("%s", note.id))
    assert words.are_in_file(file) == has_words


def test_verdict_is_no_copy_of_a_note(tmp_path: Path) -> None:
    """A note that says “wrong” names no check with that verdict, but a check with that remark."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", "wrong", TARGET)
    notebook.assess("arrests", "wrong", TARGET)
    remark = notebook.assess("trial", "checked", TARGET, body="wrong")
    (trace,) = traces_of(find_places(tmp_path), note.id, None)
    assert [one.note for one in trace.stays] == [remark.id]


@pytest.mark.parametrize("has_note", [True, False])
def test_what_is_no_file_is_removed_or_named(tmp_path: Path, has_note: bool) -> None:
    """Pipes, sockets and links in place of a file are removed, folders named with the command."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    folder = find_places(tmp_path).notes(CASE)
    if not has_note:
        notebook.refresh()
        (*notebook.by_file,)[0].unlink()
    os.mkfifo(folder / f"{note.id}.2-00000000.toml")
    os.mknod(folder / f"{note.id}.3-00000000.toml", stat.S_IFSOCK)
    (folder / f"{note.id}.4-00000000.toml").symlink_to("nowhere")
    inner = folder / f"{note.id}.5-00000000.toml"
    inner.mkdir()
    (inner / "copy").write_text(WORDS)
    ended = forget(tmp_path, note.id)
    assert ended.code == 0
    assert ended.out.count("Removed ") == 3 + has_note
    assert "is a link" not in ended.out
    assert f"a folder in place of a file. This removes it: rm -r {inner}\n" in ended.out
    assert_forgotten(tmp_path, note.id, ended)


# Removals that end halfway


def _private_beside_public(home: Path, note_id: str) -> None:
    one, two = notebook_of(home), notebook_of(home)
    one.keep_edit(note_id, "Somebody told me", TARGET, private=True)
    for number in range(3):
        two.keep_edit(note_id, f"{WORDS}, {number}", TARGET)


def _private_since(home: Path, note_id: str) -> None:
    notebook = notebook_of(home)
    notebook.make_private(note_id, private=True)
    notebook.keep_edit(note_id, "Somebody told me", TARGET)


def _private_again(home: Path, note_id: str) -> None:
    _private_since(home, note_id)
    notebook_of(home).make_private(note_id, private=False)
    _private_since(home, note_id)


def _made_public_by_another(home: Path, note_id: str) -> None:
    text = notebook_of(home).make_private(note_id, private=True)
    theirs = replace(text, author="anna", parents=(text.hash,), rev=text.rev + 1, private=False)
    _put(home, theirs)


def _not_known_to_be_public(home: Path, note_id: str) -> None:
    folder = find_places(home).notes(CASE)
    (folder / f"{note_id}.9-{'0' * 40}.toml").write_text("private = tr")


def _put(home: Path, revision: Revision) -> None:
    data = encode(revision)
    name = file_name(revision.id, revision.rev, data)
    (find_places(home).notes(CASE) / name).write_bytes(data)


HELD_BACK = (
    _private_beside_public,
    _private_since,
    _private_again,
    _made_public_by_another,
    _not_known_to_be_public,
)


def held_back(home: Path, hold_back: Callable[[Path, str], None]) -> Trace:
    """Return what there is of a note that is not packed."""
    note_id = notebook_of(home).keep_new("arrests", WORDS, TARGET).id
    hold_back(home, note_id)
    assert not is_public(home, note_id)
    (trace,) = traces_of(find_places(home), note_id, "jdoe")
    return trace


def is_public(home: Path, note_id: str) -> bool:
    """Whether any of a note is packed."""
    notebook = notebook_of(home)
    note = notebook.note(note_id)
    return note is not None and not note.private and note_id not in notebook.incomplete


@pytest.mark.parametrize("hold_back", HELD_BACK)
def test_removal_that_ends_halfway_makes_no_note_public(
    tmp_path: Path, hold_back: Callable[[Path, str], None]
) -> None:
    """Wherever it ends, as by Ctrl+C or a kill."""
    trace = held_back(tmp_path, hold_back)
    for path in trace.files:
        path.unlink()
        assert not is_public(tmp_path, trace.id)
    assert notebook_of(tmp_path).note(trace.id) is None


@pytest.mark.parametrize("hold_back", HELD_BACK)
def test_file_that_cannot_be_removed_makes_no_note_public(
    tmp_path: Path, hold_back: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes after it is left too, with the reason: a later revision made it private."""
    unlink = Path.unlink
    trace = held_back(tmp_path / "first", hold_back)
    for nth in range(len(trace.files)):
        home = shutil.copytree(tmp_path / "first", tmp_path / str(nth))
        (copied,) = traces_of(find_places(home), trace.id, "jdoe")
        stays = copied.files[nth]

        def stubborn(path: Path, stays: Path = stays) -> None:
            if path == stays:
                raise OSError(5, "Input/output error")
            unlink(path)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", stubborn)
            failed = [path for path, why in remove_traces(copied) if why]
        assert failed == [*copied.files[nth:]]
        assert not is_public(home, trace.id)


@needs_strace
def test_what_stays_is_named_before_anything_is_removed(tmp_path: Path) -> None:
    """If the command is killed, another one no longer knows the words by which it was found."""
    notebook = notebook_of(tmp_path)
    note = notebook.keep_new("arrests", WORDS, TARGET)
    notebook.keep_new("arrests", f"> {WORDS}", TARGET)
    (tmp_path / ".git").mkdir()
    command = casefile(tmp_path, "notes", "forget", note.id, "--yes")
    ended = run_failing(command, tmp_path, Call("unlink", 1), "signal=KILL")
    assert "another note that has its id or words" in ended.out
    assert f"Its history may still hold it: {tmp_path / '.git'}\n" in ended.out
    assert "Removed" not in ended.out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_cannot_be_printed_stops_no_removal(tmp_path: Path) -> None:
    """As when the program that reads it has ended."""
    note = notebook_of(tmp_path).keep_new("arrests", WORDS, TARGET)
    command = shlex.join(map(str, casefile(tmp_path, "notes", "forget", note.id, "--yes")))
    ended = run(["sh", "-c", f"{command} > /dev/full"], tmp_path)
    assert ended.code == 2
    assert holding(tmp_path, WORDS) == []


# While something else is saved


def _note(home: Path) -> None:
    notebook_of(home).keep_new("trial", "Who was there?", TARGET)


def _draft(home: Path) -> None:
    drafts = DraftFolder(find_places(home), CASE)
    drafts.write_for_editor(drafts.begin("trial", "Trial", body="Who was there?"))


def _copy(home: Path) -> None:
    keep_copy(find_places(home), CASE, "wvue", b"Who was there?")


def _pack(home: Path) -> None:
    document = home / "document"
    document.unlink(missing_ok=True)
    workshop = find_places(home).workshop(CASE)
    write_document(document, b"Who was there?", workshop=workshop)


@pytest.mark.parametrize("save", [_note, _draft, _copy, _pack])
def test_forgetting_fails_no_save_that_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save: Callable[[Path], None]
) -> None:
    """All that can be forgotten is, before any of the system calls of a save."""
    for nth in count(1):
        home = tmp_path / str(nth)
        note_id = notebook_of(home).keep_new("arrests", WORDS, TARGET).id
        with monkeypatch.context() as patch:
            before = BeforeCall(patch, nth, partial(_forget_all, home, note_id))
            save(home)
        assert holding(home, "Who was there?"), nth
        assert litter(home) == [], nth
        if before.left > 0:
            break
    assert nth >= 10


def _forget_all(home: Path, note_id: str) -> None:
    places = find_places(home)
    for trace in traces_of(places, note_id, None):
        assert [why for _, why in remove_traces(trace) if why] == []
    forget_opened(places)


class BeforeCall:
    """Do something once, before the nth call of `os` that changes or opens something."""

    def __init__(self, patch: pytest.MonkeyPatch, nth: int, act: Callable[[], None]) -> None:
        self.left = nth
        self._act = act
        for name in CHANGING_CALLS:
            patch.setattr(os, name, self._counting(getattr(os, name)))

    def _counting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self._act()
            return call(*args, **kwargs)

        return counted


# Killed editors, crashes, and whole sessions

LOCK = "a lock"
LEFT = {
    "a text": 'printf "{WORDS}" > "$1"',
    "backups": 'for name in "$1~" "$1.save" "#note.md#" ".note.md.un~"; do '
    'echo "{WORDS}" > "$name"; done',
    "a swap file": 'printf "b0VIM {WORDS}" > .note.md.swp',
    "what only it can read": 'echo "{WORDS}" > DEADJOE',
    "a folder of backups": 'mkdir backups && echo "{WORDS}" > backups/note.md',
    LOCK: 'ln -s "{WORDS}" ".#note.md"',
    "an unfinished file": f'echo "{{WORDS}}" > .note.md.0a1b2c3d4e5f6071{UNFINISHED}',
}


def forget_on_bundled(home: Path, expected: Sequence[Path] = ()) -> Ended:
    """Forget the only note on the bundled case, and check that it is gone."""
    places = find_places(home / "data" / "casefile")
    (note,) = open_notebook(places, BUNDLED, None).notes
    ended = run(casefile(home, "notes", "forget", note.id, "--yes")[:-2], home)
    assert_forgotten(home, note.id, ended, expected)
    return ended


@pytest.mark.terminal
@pytest.mark.parametrize(
    ("left", "key"),
    [*((left, "E") for left in LEFT), *((left, "A") for left in LEFT if left != LOCK)],
)
def test_nothing_is_left_by_killed_editor(
    start: Start, tmp_path: Path, home: Path, left: str, key: str
) -> None:
    """Killed while it edited the note, or wrote it again in another, it leaves nothing unnamed."""
    environment = editor_that(
        tmp_path, f"{LEFT[left].replace('{WORDS}', WORDS)}; echo HERE; sleep 60"
    )
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    save_note(terminal, WORDS)
    terminal.press(key)
    terminal.wait_for("HERE")
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    forget_on_bundled(home)


def edit_in_vim(terminal: Terminal) -> None:
    """Add words to a note in vim, which still runs."""
    terminal.press("E")
    terminal.wait_for("note.md")
    terminal.press("o", "and more")
    terminal.wait_for("and more")


@pytest.mark.terminal
@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP], ids=["KILL", "HUP"])
def test_nothing_is_left_by_killed_vim(start: Start, home: Path, number: int) -> None:
    """The same with the real one, with all that it keeps beside a text and in the home."""
    (home / ".vimrc").write_text("set nocp backup undofile viminfo='100\n")
    terminal = start(environment={"EDITOR": "vim -T vt100"})
    terminal.wait_for(READY)
    save_note(terminal, WORDS)
    edit_in_vim(terminal)
    terminal.press("\x1b", ":w\r")
    terminal.wait_for("written")
    terminal.press("o", f"again {WORDS}")
    terminal.wait_for("again")
    if number == signal.SIGKILL:
        terminal.send_signal(number)
    else:
        terminal.signal_program(number)
    terminal.wait_exit()
    forget_on_bundled(home)


@pytest.mark.terminal
@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim")
def test_what_vim_remembers_is_named(start: Start, home: Path) -> None:
    """A line that was deleted in it is in its own file, which is the reader's to remove."""
    (home / ".vimrc").write_text("set nocp viminfo='100\n")
    terminal = start(environment={"EDITOR": "vim -T vt100"})
    terminal.wait_for(READY)
    save_note(terminal, WORDS)
    terminal.press("E")
    terminal.wait_for("note.md")
    terminal.press("d", "d", "i", "Nothing.", "\x1b", ":wq\r")
    terminal.wait_for("Kept.")
    quit_with(terminal, "q")
    ended = forget_on_bundled(home, expected=[home / ".viminfo"])
    assert f"An editor remembers words of it: {home}/.viminfo\n" in ended.out
    assert BUNDLED not in (home / ".viminfo").read_text()


@pytest.mark.terminal
def test_nothing_is_left_by_crash(start: Start, home: Path) -> None:
    """Neither in the log nor in the draft that was saved while the program crashed."""
    program = (
        "from casefile.__main__ import run_and_exit\n"
        "from casefile.tui import help_screen\n"
        "def help_groups(self):\n    raise ValueError(self.area.panel.text)\n"
        "help_screen.help_groups = help_groups\n"
        "run_and_exit()"
    )
    terminal = start(program=("-c", program))
    terminal.wait_for(READY)
    save_note(terminal, WORDS)
    terminal.press("e")
    terminal.wait_for("ctrl+s keep the note")
    terminal.press(HALF_A_WORD, "Esc")
    terminal.wait_for("saved as a draft")
    terminal.press("?")
    assert terminal.wait_exit() == 70
    assert (home / "state" / "casefile" / "crash.log").exists()
    forget_on_bundled(home)
    assert holding(home, HALF_A_WORD) == []


@pytest.mark.terminal
def test_nothing_is_left_after_all_that_can_be_done(
    start: Start, tmp_path: Path, home: Path
) -> None:
    """Written, edited, undone, offered again, crashed: the search finds what is named alone."""
    does = f'printf "{WORDS}, they said" > "$1"; echo "{WORDS}" > "$1~"'
    environment = editor_that(tmp_path, does)
    terminal = start(environment=environment)
    terminal.wait_for(READY)
    save_note(terminal, WORDS)
    for keys, said in (
        ("E", ", edited"),
        ("u", "Undone"),
        ("D", "Deleted"),
        ("u", "Undone: deleted"),
    ):
        terminal.press(keys)
        terminal.wait_for(said)
    terminal.press("e")
    terminal.wait_for("ctrl+s keep the note")
    terminal.press(HALF_A_WORD)
    # Not in the unfinished file beside it, of which a kill leaves no draft.
    terminal.wait_until(
        lambda: any(path.name[0] != "." for path in holding(home, HALF_A_WORD)), "draft"
    )
    terminal.send_signal(signal.SIGKILL)
    terminal.wait_exit()
    terminal = start(environment=environment)
    terminal.wait_for(OFFER)
    terminal.press("V")
    terminal.wait_for("Verifying by source")
    terminal.press("q")
    terminal.wait_for("Verification paused")
    quit_with(terminal, "q")
    places = find_places(home / "data" / "casefile")
    (note_id,) = (note.id for note in open_notebook(places, BUNDLED, None).notes if note.is_written)
    ended = run(casefile(home, "notes", "forget", note_id, "--yes")[:-2], home)
    assert_forgotten(home, note_id, ended)
    assert holding(home, HALF_A_WORD) == []
    assert holding(home, BUNDLED) != []
    ended = run(casefile(home, "list", "--forget-recent")[:-2], home)
    assert (ended.code, ended.err) == (0, "")
    assert unnamed(home, BUNDLED, ended.out) == []
    for line in re.findall(r"this removes them: (rm .*)", ended.out):
        subprocess.run(shlex.split(line), check=True)
    assert holding(home, BUNDLED) == []
