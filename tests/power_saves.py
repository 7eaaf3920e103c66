"""Everything that saves, and what may be there after a power cut at any moment of it."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from saver import CASE, TARGET, notebook_of
from small_cases import case_in, events, write_case

from casefile import durable_files
from casefile.cli.command_line import run as run_line
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places
from casefile.state.crash_log import NAME as CRASH_LOG
from casefile.state.crash_log import report_crash
from casefile.state.passes import Pass, recall_pass, remember_pass
from casefile.state.recent import recent_cases, remember_case
from casefile.state.visits import remember_visit, since_last_visit

TEXT = "a line of the text of a source\n" * 400
"""More than a file system writes at once."""


@dataclass(frozen=True)
class Saving:
    """Something that saves, and what may be found after each line that says it is done."""

    save: Callable[[Path], object]
    found: Callable[[Path], object]
    """Return what is in a home of that which is saved."""
    allowed: Sequence[Collection[object]]
    """What may be found after none, one, … of the lines; the last also after all others."""
    says: str = ""
    """Matches the lines that say so; what a verb prints before is not one."""
    changes: str = r"(?!)"
    """Matches the paths of existing files that it may replace or remove."""
    is_first: bool = False
    """Whether the home is empty before, as before the first save of all."""

    def wrong(self, home: Path, said: Sequence[str]) -> str:
        """Return what was called saved and is not there, or was never there, or ""."""
        found = self.found(home)
        done = sum(re.match(self.says, line) is not None for line in said)
        if found in self.allowed[min(done, len(self.allowed) - 1)]:
            return ""
        return f"after {said} there is {found!r}"


def prepare(home: Path, *, is_first: bool) -> None:
    """Make a reader's home with a case, and all that casefile keeps unless it `is_first`."""
    sources = "".join(f'[[source]]\nid = "{one}"\ntitle = "R"\n' for one in ("memo", "release"))
    rows = sources + events("arrests", "tip")
    write_case(home / "demo.toml", rows)
    (home / "release.txt").write_text(TEXT)
    (home / "other.txt").write_text("Another text.\n")
    theirs = notebook_of(home / "theirs", "rroe")
    theirs.keep_edit(theirs.keep_new("arrests", "one", TARGET).id, "two", TARGET)
    theirs.keep_new("arrests", "three", TARGET)
    packed = [home / "demo.toml", home / "theirs.notes", "--notes-dir", home / "theirs"]
    run_line(["notes", "pack", *map(str, packed)])
    if is_first:
        return
    notebook = notebook_of(home / "own")
    notebook.keep_new("arrests", "older", TARGET)
    edited = notebook.keep_new("arrests", "first text", TARGET)
    notebook.keep_edit(edited.id, "second text", TARGET)
    drafts = _drafts(home)
    drafts.write(drafts.begin("arrests", "Arrests", body="half a no"))
    # As after a restart: its process is gone.
    for path in (home / "own" / "drafts" / CASE).iterdir():
        path.write_text(re.sub('started = ".*"', 'started = "before"', path.read_text()))
    write_case(home / "demo.toml", sources + events("arrests"))
    _remember(home, "arrests")
    call(home, "source", "add", home / "demo.toml", "memo", home / "release.txt")
    write_case(home / "demo.toml", rows)


def call(home: Path, *words: str | Path) -> int:
    """Run a command line on a home; return the exit code."""
    return run_line([*map(str, words), "--notes-dir", str(home / "own")])


def _verb(*words: str) -> Callable[[Path], int]:
    """Return a command of the reader's; `~/…` is a path in the home."""

    def run(home: Path) -> int:
        return call(home, *(home / word[2:] if word[:2] == "~/" else word for word in words))

    return run


def _drafts(home: Path) -> DraftFolder:
    return DraftFolder(find_places(home / "own"), CASE)


def _remember(home: Path, entry: str) -> None:
    places, case_file = find_places(home / "own"), case_in(home / "demo.toml")
    # Never twice in one second, so that its file changes.
    opened = dt.datetime(2026, 11, 1 + len(case_file.rows), tzinfo=dt.UTC)
    assert remember_case(places, case_file, opened)
    assert remember_visit(places, case_file)
    assert remember_pass(places, CASE, Pass(entry))


def _new_notes(home: Path) -> set[str]:
    notes = notebook_of(home / "own").notes
    texts = {note.current.body for note in notes if not note.deleted}
    return texts - {"older", "first text", "second text"}


def _text_of_edited(home: Path) -> str:
    texts = {note.current.body for note in notebook_of(home / "own").notes if not note.deleted}
    return " ".join(sorted(text for text in texts if text.endswith("text")))


def _drafts_and_notes(home: Path) -> tuple[set[str], set[str]]:
    waiting = _drafts(home).read_all().waiting
    return {draft.body for draft in waiting} - {"half a no"}, _new_notes(home)


def _taken(home: Path) -> list[str]:
    return [draft.body for draft in _drafts(home).read_all().waiting]


def save_notes(home: Path) -> None:
    """Save two notes."""
    notebook = notebook_of(home / "own")
    for text in ("one", "two"):
        print(notebook.keep_new("arrests", text, TARGET).body)


def save_note_in_new_folders(home: Path) -> None:
    """Save a note in folders that a process has made which was then killed."""
    for kind in ("notes", "workshop"):
        (home / "own" / kind / CASE).mkdir(parents=True)
    save_notes(home)


def save_draft_in_new_folder(home: Path) -> None:
    """Save a draft in a folder that a process has made which was then killed."""
    (home / "own" / "drafts" / CASE).mkdir(parents=True)
    _write_draft(home, "half")


def save_notes_without_links(home: Path) -> None:
    """Save notes where the file system has no hard links."""

    def refuse(*_args: Any, **_options: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    with patch.object(os, "link", refuse):
        save_notes(home)


def edit_and_delete(home: Path) -> None:
    """Edit a note, then delete it."""
    notebook = notebook_of(home / "own")
    (note,) = [note for note in notebook.notes if note.current.body == "second text"]
    print(notebook.keep_edit(note.id, "third text", TARGET).body)
    print(notebook.delete(note.id).deleted)


def _write_draft(home: Path, *texts: str) -> Draft:
    drafts = _drafts(home)
    draft = drafts.begin("tip", "Tip")
    for text in texts:
        draft = draft.with_body(text)
        drafts.write(draft)
        print(text)
    return draft


def _save_as_note(home: Path, draft: Draft) -> None:
    notebook_of(home / "own").keep_draft(draft, draft.body, TARGET)
    _drafts(home).remove(draft)
    print("kept")


def save_draft_as_note(home: Path) -> None:
    """Write a draft twice, and save it as a note."""
    _save_as_note(home, _write_draft(home, "half", "whole"))


def empty_draft(home: Path) -> None:
    """Write a draft and empty it."""
    draft = _write_draft(home, "half")
    _drafts(home).write(draft.with_body(""))
    print("removed")


def save_draft_of_editor(home: Path) -> None:
    """Write a draft in another editor, and save it as a note."""
    drafts = _drafts(home)
    draft = _write_draft(home, "half")
    durable_files.replace(drafts.write_for_editor(draft), b"whole\n")
    draft = drafts.read_from_editor(draft).draft
    print(draft.body)
    _save_as_note(home, draft)


def save_text_that_editor_cut(home: Path) -> None:
    """Write a draft in another editor, which leaves a text whose end is missing."""
    drafts = _drafts(home)
    draft = _write_draft(home, "half")
    durable_files.replace(drafts.write_for_editor(draft), b"new\nha")
    print(drafts.read_from_editor(draft).draft.body.splitlines()[0])


def _all_texts(home: Path) -> set[str]:
    """Take all drafts, since a text that an editor has left may wait behind another."""
    drafts = _drafts(home)
    for draft in drafts.read_all().waiting:
        drafts.take(draft)
    return {draft.body for draft in drafts.unfinished()} - {"half a no"}


def take_draft(home: Path) -> None:
    """Take the draft of a process that has ended, and go on with it."""
    drafts = _drafts(home)
    (left,) = drafts.read_all().waiting
    taken = drafts.take(left)
    print("taken")
    drafts.write(taken.with_body("half a note"))
    print("written")


def forget_note(home: Path) -> None:
    """Forget a note that was edited just now, and that a draft edits."""
    notebook, drafts = notebook_of(home / "own"), _drafts(home)
    (note,) = [note for note in notebook.notes if note.current.body == "second text"]
    notebook.keep_edit(note.id, "third text", TARGET)
    drafts.write(drafts.begin("arrests", "Arrests", body="third text", note=note.id))
    call(home, "notes", "forget", note.id, "--yes")


def _unforgotten(home: Path) -> str:
    kept = (path for path in (home / "own").rglob("*") if path.is_file())
    there = {
        words.decode()
        for path in kept
        for words in re.findall(rb"(?:first|second|third) text", path.read_bytes())
    }
    return "nothing" if not there else _text_of_edited(home) or "no note, but a file"


def remember(home: Path) -> None:
    """Replace what is remembered of the case."""
    _remember(home, "tip")
    print("remembered")


def _remembered(home: Path) -> str:
    places, case_file = find_places(home / "own"), case_in(home / "demo.toml")
    if since_last_visit(places, case_file) is None or len(recent_cases(places)) != 1:
        return "nothing"
    return recall_pass(places, CASE).entry


def _opened_cases(home: Path) -> int:
    return len([*home.rglob("own/visits/*.toml"), *home.rglob("own/recent.toml")])


def _copy_of(source: str) -> Callable[[Path], str]:
    def text(home: Path) -> str:
        path = home / "own" / "sources" / CASE / f"{source}.txt"
        return path.read_text() if path.exists() else ""

    return text


def _pack_of(home: Path) -> str:
    if not (home / "demo.notes").exists():
        return ""
    is_whole = (home / "demo.notes").read_bytes().endswith(bytes(1024))
    return "whole" if is_whole else "cut short"


def _new_case(home: Path) -> str:
    if not (home / "fresh.toml").exists():
        return ""
    return "whole" if len(case_in(home / "fresh.toml").rows) > 3 else "cut short"


def save_again(home: Path) -> None:
    """Save, after a power cut, wherever something may have been left."""
    _write_draft(home, "after")
    _remember(home, "tip")
    call(home, "source", "add", home / "demo.toml", "memo", home / "other.txt", "--replace")


def log_crash(home: Path) -> None:
    """Write the crash log twice."""
    for error in (ValueError(), KeyError()):
        print(report_crash(find_places(home / "own"), error)[1])


def _last_crash(home: Path) -> str:
    log = home / "own" / CRASH_LOG
    return log.read_text().rpartition("\n\n")[2] if log.exists() else ""


_NOTES = ([set(), {"one"}], [{"one"}, {"one", "two"}], [{"one", "two"}])
_NONE = set[str]()
_NOTHING, _HALF, _WHOLE, _KEPT = (
    (_NONE, _NONE),
    ({"half"}, _NONE),
    ({"whole"}, _NONE),
    (_NONE, {"whole"}),
)
# Both, if the note was saved and its draft is not removed yet.
_DRAFTS = ([_NOTHING, _HALF], [_HALF, _WHOLE], [_WHOLE, ({"whole"}, {"whole"}), _KEPT], [_KEPT])
_STATE = r"own/(recent|passes|visits).*"
SAVINGS = {
    "the first notes of all": Saving(save_notes, _new_notes, _NOTES, is_first=True),
    "notes": Saving(save_notes, _new_notes, _NOTES),
    "notes without hard links": Saving(save_notes_without_links, _new_notes, _NOTES),
    "notes in folders that a killed process has made": Saving(
        save_note_in_new_folders, _new_notes, _NOTES, is_first=True
    ),
    "an edit and a deletion": Saving(
        edit_and_delete,
        _text_of_edited,
        (["second text", "third text"], ["third text", ""], [""]),
    ),
    "the first draft of all": Saving(save_draft_as_note, _drafts_and_notes, _DRAFTS, is_first=True),
    "a draft that becomes a note": Saving(save_draft_as_note, _drafts_and_notes, _DRAFTS),
    "a draft in a folder that a killed process has made": Saving(
        save_draft_in_new_folder, _drafts_and_notes, _DRAFTS, is_first=True
    ),
    "a draft that is emptied": Saving(
        empty_draft, _drafts_and_notes, ([_NOTHING, _HALF], [_HALF, _NOTHING], [_NOTHING])
    ),
    "a draft in another editor": Saving(save_draft_of_editor, _drafts_and_notes, _DRAFTS),
    "a draft that another editor has cut off": Saving(
        save_text_that_editor_cut,
        lambda home: frozenset(_all_texts(home)),
        (
            [frozenset(), frozenset({"half"})],
            [frozenset({"half"}), frozenset({"half", "new\nha"})],
            [frozenset({"half", "new\nha"})],
        ),
    ),
    "a draft that was left": Saving(
        take_draft,
        _taken,
        ([["half a no"]], [["half a no"], ["half a note"]], [["half a note"]]),
        changes=r"own/drafts/.*",
    ),
    "notes merge": Saving(
        _verb("notes", "merge", "~/theirs.notes", "--yes"),
        lambda home: {"two", "three"}.issubset(_new_notes(home)),
        ([False, True], [True]),
    ),
    "notes pack": Saving(
        _verb("notes", "pack", "~/demo.toml", "~/demo.notes"), _pack_of, (["", "whole"], ["whole"])
    ),
    "notes forget": Saving(
        forget_note,
        _unforgotten,
        (["second text", "third text", "no note, but a file", "nothing"], ["nothing"]),
        says="Removed ",
        changes=r"own/notes/.*",
    ),
    "state": Saving(remember, _remembered, (["arrests", "tip"], ["tip"]), changes=_STATE),
    "list --forget-recent": Saving(
        _verb("list", "--forget-recent"),
        _opened_cases,
        ([0, 1, 2], [0]),
        # Empty folders with the id of a case go too.
        changes=rf"{_STATE}|own/workshop/demo",
    ),
    "source add": Saving(
        _verb("source", "add", "~/demo.toml", "release", "~/release.txt"),
        _copy_of("release"),
        (["", TEXT], [TEXT]),
    ),
    "source add --replace": Saving(
        _verb("source", "add", "~/demo.toml", "memo", "~/other.txt", "--replace"),
        _copy_of("memo"),
        ([TEXT, "Another text.\n"], ["Another text.\n"]),
        changes=r"own/sources/.*",
    ),
    "source remove": Saving(
        _verb("source", "remove", "~/demo.toml", "memo"),
        _copy_of("memo"),
        ([TEXT, ""], [""]),
        changes=r"own/sources/.*",
    ),
    "new": Saving(
        lambda home: run_line(["new", str(home / "fresh.toml")]),
        _new_case,
        (["", "whole"], ["whole"]),
    ),
    "the crash log": Saving(
        log_crash,
        _last_crash,
        (["", "ValueError\n"], ["ValueError\n", "KeyError\n"], ["KeyError\n"]),
    ),
}
