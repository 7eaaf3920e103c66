"""Drafts: written at each pause, offered again, never lost silently."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faults import FailingCalls, full
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace
from namespaces import needs_root

from casefile.notes.annotation import SaveError
from casefile.notes.draft import Draft, EditedOutside
from casefile.notes.drafts import DraftFolder, DraftListing, DraftTaken
from casefile.notes.external_edit import EDITOR_LIMIT, is_cut_from
from casefile.places import Places

NO_PROCESS = 2**31 - 1


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return directories that do not exist yet."""
    return Places(tmp_path / "data", tmp_path / "state", tmp_path / "config")


@pytest.fixture
def drafts(places: Places) -> DraftFolder:
    """Return the drafts on a case."""
    return DraftFolder(places, "demo")


def left_behind(drafts: DraftFolder, body: str = "half a no", **changes: Any) -> Draft:
    """Write a draft of a process that has ended."""
    draft = replace(drafts.begin("arrests", "Arrests", body=body), pid=NO_PROCESS, **changes)
    drafts.write(draft)
    return draft


def files_of(places: Places) -> list[Path]:
    """Return all files in the folder of the drafts."""
    folder = places.drafts("demo")
    return sorted(folder.iterdir()) if folder.exists() else []


def editors_files(places: Places) -> list[Path]:
    """Return all that editors have left of the drafts."""
    return sorted(path for path in places.editing("demo").rglob("*") if not path.is_dir())


def test_begin_creates_nothing(drafts: DraftFolder, tmp_path: Path) -> None:
    """No file or folder is created before there is text."""
    drafts.begin("arrests", "Arrests")
    drafts.write(drafts.begin("arrests", "Arrests"))
    assert drafts.read_all().waiting == drafts.read_all().waiting == drafts.read_all().in_use == ()
    assert list(tmp_path.iterdir()) == []


def test_draft_round_trips(drafts: DraftFolder) -> None:
    """A draft is read as it was written, with all its fields."""
    draft = replace(
        drafts.begin(
            "arrests",
            "Nov 2017 · Arrests",
            body="half a no",
            note="0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a11",
            parents=["sha256:" + "a" * 64],
            motivation="assessing",
            value="wrong",
            reply_to="0b0c5a7e-5f0e-4c39-9b53-6f0a4b0f8a12",
            tags=["release"],
            private=True,
        ),
        pid=NO_PROCESS,
    )
    drafts.write(draft)
    assert drafts.read_all().waiting == (draft,)
    later = draft.with_body("half a note")
    drafts.write(later)
    assert drafts.read_all().waiting == (later,)
    assert (later.begun, later.body) == (draft.begun, "half a note")
    assert later.modified >= draft.modified


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("a\r\nb\rc\0\x1b[31m\x7f\u2028")
def test_every_text_round_trips(body: str) -> None:
    """Writing and reading changes no character or line end."""
    with tempfile.TemporaryDirectory() as root:
        drafts = DraftFolder(Places(Path(root), Path(root), None), "demo")
        draft = left_behind(drafts, body)
        assert drafts.read_all().waiting == (draft,)


def test_lone_surrogate_is_replaced(drafts: DraftFolder) -> None:
    """A lone surrogate is replaced visibly, and the draft is not lost."""
    left_behind(drafts, "a\ud83db")
    assert [draft.body for draft in drafts.read_all().waiting] == ["a\N{REPLACEMENT CHARACTER}b"]


def test_draft_may_be_longer_than_note(drafts: DraftFolder) -> None:
    """A text that is too long for a note is written as a draft."""
    draft = left_behind(drafts, "x" * 3_000_000)
    assert drafts.read_all().waiting == (draft,)


def test_every_draft_that_is_written_can_be_read(drafts: DraftFolder) -> None:
    """The longest text that the editor holds; more is refused, and the last state stays."""
    draft = left_behind(drafts, "\0" * (EDITOR_LIMIT // 6))
    assert drafts.read_all().waiting == (draft,)
    with pytest.raises(SaveError, match="larger than the limit of 16,777,216 bytes"):
        drafts.write(draft.with_body("\n" * 9_000_000))
    assert drafts.read_all().waiting == (draft,)


def test_longer_text_of_other_editor_is_left_there(drafts: DraftFolder) -> None:
    """It is named, with the file that has it."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.write_for_editor(draft)
    file.write_text("\n" * (EDITOR_LIMIT // 2 + 1))
    with pytest.raises(SaveError, match="has more than 4,194,304 bytes"):
        drafts.read_from_editor(draft)
    assert file.stat().st_size == EDITOR_LIMIT // 2 + 1
    ((_path, reason),) = drafts.read_all().unreadable
    assert str(file) in reason


def test_drafts_are_private(drafts: DraftFolder, places: Places) -> None:
    """The file has mode 0600 and the folders 0700, whatever the umask."""
    before = os.umask(0)
    try:
        left_behind(drafts)
    finally:
        os.umask(before)
    assert places.state is not None
    (path,) = files_of(places)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (places.state, *path.parents[:2]):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_empty_or_removed_draft_leaves_no_file(drafts: DraftFolder, places: Places) -> None:
    """A draft that is emptied or removed leaves no file."""
    draft = left_behind(drafts)
    drafts.write(draft.with_body(""))
    assert files_of(places) == []
    other = left_behind(drafts, " ")
    drafts.remove(other)
    drafts.remove(other)
    assert files_of(places) == []


def test_externally_removed_draft_can_be_written_again(drafts: DraftFolder, places: Places) -> None:
    """Whether there is a file of it is looked up, since somebody else may have removed it."""
    draft = drafts.begin("arrests", "Arrests", body="half a no")
    assert not drafts.has_file(draft)
    drafts.write(draft)
    assert drafts.has_file(draft)
    assert places.state is not None
    shutil.rmtree(places.state)
    assert not drafts.has_file(draft)
    drafts.write(draft)
    assert drafts.has_file(draft)


def test_newest_draft_is_first(drafts: DraftFolder) -> None:
    """Waiting drafts are sorted newest first."""
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    for hours in (2, 1, 3):
        left_behind(drafts, str(hours), modified=now + dt.timedelta(hours=hours))
    assert [draft.body for draft in drafts.read_all().waiting] == ["3", "2", "1"]


def test_draft_of_running_process_does_not_wait(drafts: DraftFolder) -> None:
    """A draft of a running process is in use, and not offered to another process."""
    draft = drafts.begin("arrests", "Arrests", body="here")
    drafts.write(draft)
    assert drafts.read_all().waiting == ()
    assert drafts.read_all().in_use == (draft,)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc tells of processes")
def test_draft_of_zombie_process_waits(drafts: DraftFolder) -> None:
    """A process that its parent has not waited for counts as ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        draft = replace(drafts.begin("arrests", "Arrests", body="here"), pid=ended.pid, started="")
        drafts.write(draft)
        assert drafts.read_all().waiting == (draft,)


WRITER = """
import sys, time
from pathlib import Path
from casefile.notes.draft import EditedOutside
from casefile.notes.drafts import DraftFolder
from casefile.places import Places
root = Path(sys.argv[1])
drafts = DraftFolder(Places(root, root, None), "demo")
draft = drafts.begin("arrests", "Arrests")
for number in range(1, 10_000):
    drafts.write(draft.with_body(f"{number} " * number))
    print(number, flush=True)
"""


def test_draft_of_killed_process_waits(tmp_path: Path) -> None:
    """A draft is in use while its process runs, and waits with its last text after a kill."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    drafts = DraftFolder(Places(tmp_path, tmp_path, None), "demo")
    assert len(drafts.read_all().in_use) == 1
    assert drafts.read_all().waiting == ()
    process.send_signal(signal.SIGKILL)
    written = ["1", *process.communicate()[0].split()]
    (draft,) = drafts.read_all().waiting
    number = int(draft.body.split()[0])
    assert draft.body == f"{number} " * number
    assert number in (int(written[-1]), int(written[-1]) + 1)


def test_process_with_reused_pid_is_not_writer(drafts: DraftFolder) -> None:
    """If another process has the pid, as after a reboot, the draft waits."""
    begun = drafts.begin("arrests", "Arrests", body="before the restart")
    if not begun.started:
        pytest.skip("this system does not tell when a process started")
    draft = replace(begun, started="another boot 1")
    drafts.write(draft)
    assert drafts.read_all().waiting == (draft,)


def test_process_of_other_user_is_not_writer(
    drafts: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the pid belongs to another user's process, the draft waits."""
    draft = drafts.begin("arrests", "Arrests", body="mine")
    drafts.write(draft)

    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "kill", forbidden)
    assert drafts.read_all().waiting == (draft,)


def test_draft_of_other_host_waits(drafts: DraftFolder) -> None:
    """A process on another host can't be checked, so its draft is offered."""
    draft = replace(drafts.begin("arrests", "Arrests", body="there"), host="elsewhere")
    drafts.write(draft)
    assert drafts.read_all().waiting == (draft,)


def test_waiting_draft_can_be_taken(drafts: DraftFolder, places: Places) -> None:
    """A taken draft belongs to this process, and its file is the only one."""
    left = left_behind(drafts)
    taken = drafts.take(left)
    assert taken.id != left.id
    assert (taken.body, taken.pid) == (left.body, os.getpid())
    assert drafts.read_all().waiting == ()
    assert drafts.read_all().in_use == (taken,)
    assert len(files_of(places)) == 1


def test_only_one_process_takes_draft(drafts: DraftFolder, places: Places) -> None:
    """Of two processes that take a draft at once, one gets DraftTaken."""
    left = left_behind(drafts)
    (first,) = drafts.read_all().waiting
    taken = drafts.take(first)
    other = DraftFolder(places, "demo")
    with pytest.raises(DraftTaken):
        other.take(left)
    assert drafts.read_all().in_use == (taken,)


def test_draft_that_is_being_taken_is_not_taken_twice(
    drafts: DraftFolder, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under its new name it still seems to wait until it is written."""
    left_behind(drafts)
    others = DraftFolder(places, "demo")
    seen: list[Draft] = []
    take_in = DraftFolder._take_in

    def interrupted(folder: DraftFolder, *arguments: Any) -> Draft:
        if not seen:
            seen.extend(others.read_all().waiting)
            with pytest.raises(DraftTaken):
                others.take(seen[0])
        return take_in(folder, *arguments)

    monkeypatch.setattr(DraftFolder, "_take_in", interrupted)
    drafts.take(drafts.read_all().waiting[0])
    with pytest.raises(DraftTaken):
        # Listed before, and taken after it was written.
        others.take(seen[0])
    assert len(seen) == len(files_of(places)) == 1


def test_draft_taken_from_running_process_becomes_two(drafts: DraftFolder) -> None:
    """If a process on another host still writes a taken draft, both texts are kept."""
    theirs = replace(drafts.begin("arrests", "Arrests", body="begun"), host="elsewhere")
    drafts.write(theirs)
    ours = drafts.take(theirs).with_body("begun, and ours")
    drafts.write(ours)
    drafts.write(theirs.with_body("begun, and theirs"))
    assert {draft.body for draft in (*drafts.read_all().waiting, *drafts.read_all().in_use)} == {
        "begun, and ours",
        "begun, and theirs",
    }


def test_half_taken_draft_waits(drafts: DraftFolder, places: Places) -> None:
    """A kill between renaming and writing a taken draft loses nothing."""
    left = left_behind(drafts)
    (path,) = files_of(places)
    path.rename(path.with_name(f"{uuid.uuid4()}.toml"))
    (waiting,) = drafts.read_all().waiting
    assert waiting.body == left.body
    assert drafts.take(waiting).body == left.body
    assert len(files_of(places)) == 1


def test_take_reads_latest_text(drafts: DraftFolder) -> None:
    """A taken draft has the text on disk, not that of an earlier listing."""
    theirs = replace(drafts.begin("arrests", "Arrests", body="begun"), host="elsewhere")
    drafts.write(theirs)
    (seen,) = drafts.read_all().waiting
    drafts.write(theirs.with_body("begun, and more"))
    assert drafts.take(seen).body == "begun, and more"


def test_half_taken_draft_has_text_of_editor(drafts: DraftFolder, places: Places) -> None:
    """After a kill while taking a draft, another editor's text still belongs to it."""
    file = edited_outside(drafts, "begun")
    file.write_text("begun, and more\n")
    (path,) = files_of(places)
    path.rename(path.with_name(f"{uuid.uuid4()}.toml"))
    found = drafts.read_all()
    assert ([one.body for one in found.waiting], found.unreadable) == (["begun, and more"], ())
    assert drafts.take(found.waiting[0]).body == "begun, and more"
    assert len(files_of(places)) == 1
    assert editors_files(places) == []


def test_older_text_of_editor_waits_beside_the_draft(drafts: DraftFolder) -> None:
    """If the draft was written after the other editor wrote, neither text replaces the other."""
    file = edited_outside(drafts, "begun")
    file.write_text("got back\n")
    os.utime(file, (0, 0))
    (waiting,) = drafts.read_all().waiting
    assert drafts.take(waiting).body == waiting.body == "begun"
    assert [draft.body for draft in drafts.read_all().waiting] == ["got back"]


def test_text_with_an_older_date_is_the_text_all_the_same(drafts: DraftFolder) -> None:
    """As after `cp -p`, or if the clock was put back, in an editor that has ended."""
    draft = drafts.begin("arrests", "Arrests", body="named Ana")
    file = drafts.write_for_editor(draft)
    file.write_text("not named\n")
    os.utime(file, (0, 0))
    edited = drafts.read_from_editor(draft, "named Ana")
    assert (edited.draft.body, edited.has_others) == ("not named", False)


def edited_outside(drafts: DraftFolder, body: str = "") -> Path:
    """Return the text file of a draft that another editor had when casefile ended."""
    return drafts.write_for_editor(
        replace(drafts.begin("arrests", "Arrests", body=body), pid=NO_PROCESS)
    )


@pytest.mark.parametrize(
    ("body", "written", "returned"),
    [
        ("begun", None, "begun"),
        ("begun", "begun, and more\n", "begun, and more"),
        ("begun\n", None, "begun\n"),
        ("begun\n", "begun, and more\n", "begun, and more\n"),
        ("begun", "\ufeffbegun,\r\nand more\r\n", "begun,\nand more"),
        ("\ufeffbegun\r\nand", None, "\ufeffbegun\r\nand"),
        ("one\r\ntwo", "one\r\ntwo\r\nthree\r\n", "one\r\ntwo\r\nthree"),
        ("one\r", None, "one\r"),
    ],
)
def test_only_what_an_editor_adds_is_removed(
    drafts: DraftFolder, body: str, written: str | None, returned: str
) -> None:
    """A draft that had a last line end, line ends of Windows or a mark itself, keeps them."""
    draft = drafts.begin("arrests", "Arrests", body=body)
    file = drafts.write_for_editor(draft)
    if written is not None:
        file.write_bytes(written.encode())
    assert drafts.read_from_editor(draft).draft.body == returned


@pytest.mark.parametrize("name", ["note.md.save", "note.md.save.1", "#note.md#"])
def test_text_rescued_by_editor_is_read(drafts: DraftFolder, places: Places, name: str) -> None:
    """The file that nano or emacs saves when it is killed belongs to the draft."""
    file = edited_outside(drafts)
    file.with_name(name).write_text("rescued\n")
    (waiting,) = drafts.read_all().waiting
    assert waiting.body == "rescued"
    taken = drafts.take(waiting)
    drafts.remove(taken)
    assert files_of(places) == editors_files(places) == []


@pytest.mark.parametrize("rescued", ["the new beginning", "one\nbe", "", "\n"])
def test_text_that_was_cut_off_replaces_no_other(drafts: DraftFolder, rescued: str) -> None:
    """What an editor rescues on a full disk may lack anything: what was there before waits too."""
    whole = "one\ntwo\nthree"
    file = edited_outside(drafts, whole)
    file.write_text("one\nbetween\nthree\n")
    file.with_name(f"{file.name}.save").write_text(rescued)
    os.utime(file.with_name(f"{file.name}.save"), (2**32, 2**32))
    taken = drafts.take(drafts.read_all().waiting[0])
    edited = "one\nbetween\nthree"
    assert taken.body == (rescued if rescued.startswith("the") else edited)
    texts = {draft.body.rstrip("\n") for draft in drafts.read_all().waiting}
    assert texts == {whole, edited} - {taken.body}


def test_empty_file_of_an_ended_editor_hides_no_draft(drafts: DraftFolder) -> None:
    """As a kill leaves it between the truncating and the writing."""
    edited_outside(drafts, "typed before").write_text("")
    (waiting,) = drafts.read_all().waiting
    assert waiting.body == "typed before"
    assert drafts.take(waiting).body == "typed before"
    assert drafts.read_all().waiting == ()


@pytest.mark.parametrize(
    ("left", "waits"),
    [
        ("one\ntwo, and more\nthree", False),
        ("before\nthree\ntwo\none", False),
        ("one\nthree", True),
        ("two\nand more", True),
    ],
)
@pytest.mark.parametrize("is_saved", [True, False])
def test_draft_waits_beside_a_text_that_lacks_lines_of_it(
    drafts: DraftFolder, left: str, *, waits: bool, is_saved: bool
) -> None:
    """Unless the note that it edits has these lines, whose texts are all in its history."""
    text = "one\ntwo\nthree"
    edited_outside(drafts, text).write_text(left)
    taken = drafts.take(drafts.read_all().waiting[0], lambda _: text if is_saved else "other")
    assert taken.body == left
    waiting = [draft.body for draft in drafts.read_all().waiting]
    assert waiting == ([text] if waits and not is_saved else [])


@pytest.mark.parametrize(
    ("body", "whole", "is_cut"),
    [
        ("", "one", True),
        ("on", "one", True),
        ("one", "one", False),
        ("one", "one\n\n", False),
        ("one more", "one", False),
        ("two", "one two", False),
        ("", "", False),
        ("", " ", False),
    ],
)
def test_only_the_beginning_of_a_text_is_cut(body: str, whole: str, *, is_cut: bool) -> None:
    """Not one that was shortened elsewhere."""
    assert is_cut_from(body, whole) == is_cut


LINES = "one\ntwo\nthree\nfour\nlast line"


@pytest.mark.parametrize(
    ("written", "rescued", "has_failed", "text", "waits"),
    [
        pytest.param(f"new\n{LINES}\n", None, False, f"new\n{LINES}", (), id="added"),
        pytest.param("one\nlast line\n", None, False, "one\nlast line", (), id="shortened"),
        pytest.param("other\n", None, False, "other", (), id="rewritten"),
        pytest.param(
            "other\nlast", None, False, "other\nlast", (LINES,), id="cut after an insertion"
        ),
        pytest.param(None, "rescued\n", False, "rescued", (LINES,), id="only rescued"),
        pytest.param("one\ntw", None, False, LINES, (), id="cut"),
        pytest.param("\ufeffone\r\ntw", None, False, LINES, (), id="cut in Windows’ manner"),
        pytest.param("", None, False, LINES, (), id="emptied"),
        pytest.param(" \n", None, False, LINES, (), id="blanked"),
        pytest.param("saved\n", "not\n", False, "saved", ("not",), id="saved, not the rest"),
        pytest.param("\n", "not\n", False, LINES, ("not",), id="not saved at all"),
        pytest.param("b\n", "one\ntw", True, LINES, ("b",), id="rescue cut from the draft"),
        pytest.param("other\n", None, True, "other", (LINES,), id="failed"),
        pytest.param(f"new\n{LINES}\n", "", True, f"new\n{LINES}", (), id="rescued nothing"),
        pytest.param(f"new\n{LINES}\n", "new\non", True, f"new\n{LINES}", (), id="rescue cut"),
        pytest.param("b\nc\n", "a\nb", True, "a\nb", (LINES, "b\nc"), id="rescue cut elsewhere"),
    ],
)
@pytest.mark.parametrize("typed", [LINES, ""], ids=["typed", "begun there"])
def test_no_text_is_lost_to_what_an_editor_wrote(
    drafts: DraftFolder,
    written: str | None,
    rescued: str | None,
    text: str,
    waits: tuple[str, ...],
    *,
    has_failed: bool,
    typed: str,
) -> None:
    """On a full disk it cuts its file off, even if it ends well, or what it rescues."""
    draft = drafts.begin("arrests", "Arrests", body=typed)
    file = drafts.write_for_editor(draft)
    file.unlink()
    if written is not None:
        file.write_bytes(written.encode())
    if rescued is not None:
        file.with_name("note.md.save").write_text(rescued)
        os.utime(file.with_name("note.md.save"), (2**32, 2**32))
    edited = drafts.read_from_editor(draft, has_failed=has_failed)
    body = edited.draft.body
    (kept,) = [one.body for one in drafts.unfinished() if one.id == draft.id] or [""]
    waiting = {one.body for one in drafts.read_all().waiting}
    if typed:
        assert kept == (LINES if edited.is_cut_off else body) == text
        assert waiting == {*waits}
    else:
        assert kept.rstrip("\n") == body.rstrip("\n")
        assert waiting == {*waits} - {LINES}
    assert edited.has_others == bool(waiting)


def test_what_an_editor_left_waits_until_there_is_space(
    drafts: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is tried meanwhile, what was typed here and there is then a draft each."""
    draft = drafts.begin("arrests", "Arrests", body="typed here")
    drafts.write_for_editor(draft).write_text("something else\n")
    with monkeypatch.context() as broken:
        broken.setattr(DraftFolder, "_put", full)
        with pytest.raises(SaveError):
            drafts.read_from_editor(draft, has_failed=True)
        for _ in range(2):
            with pytest.raises(SaveError):
                drafts.resume(lambda _: True)
            with pytest.raises(SaveError):
                drafts.take(drafts.unfinished()[0])
    resumed = drafts.resume(lambda _: True)
    assert resumed is not None
    texts = [one.body for one in drafts.read_all().waiting]
    assert sorted([resumed.body, *texts]) == ["something else", "typed here"]


LEFT_TEXTS = {
    "note.md": "new words\n",
    "note.md.save": "rescued words\n",
    "note.md~": "words of a backup\n",
    ".note.md.swp": "words in a swap file",
    "keep.md": "kept words",
}
USES: dict[str, Callable[[DraftFolder, Draft], object]] = {
    "read back": lambda drafts, draft: drafts.read_from_editor(draft, has_failed=True),
    "go on": lambda drafts, _: drafts.resume(lambda _: True),
    "take": lambda drafts, _: drafts.take(drafts.unfinished()[0]),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "name", ["scandir", "open", "stat", "rename", "replace", "unlink", "fsync"]
)
def test_one_failing_call_loses_nothing_that_an_editor_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: str, name: str
) -> None:
    """Whichever it is, all texts are then in drafts, or in files that are named."""
    for nth in itertools.count(1):
        folder = tmp_path / str(nth)
        drafts = DraftFolder(Places(folder / "data", folder, folder / "config"), "demo")
        draft = drafts.begin("arrests", "Arrests", body="typed words")
        file = drafts.write_for_editor(draft)
        for at, (left, text) in enumerate(LEFT_TEXTS.items()):
            file.with_name(left).write_text(text)
            os.utime(file.with_name(left), (2**32, 2**32 + at))
        with monkeypatch.context() as patch:
            if use == "take":
                drafts.write(replace(draft, pid=NO_PROCESS))
                os.utime(drafts._path(draft), (0, 0))
            failing = FailingCalls(patch, [name], nth, errno.EIO)
            with suppress(SaveError, IndexError):
                USES[use](drafts, draft)
        for one in drafts.unfinished():
            drafts.take(one)
        found = drafts.read_all()
        named = [path.read_text() for path, _ in found.unreadable if path.is_file()]
        texts = "\n".join([*named, *(one.body for one in (*found.waiting, *found.in_use))])
        assert [text for text in LEFT_TEXTS.values() if text.strip() not in texts] == []
        assert "typed words" in texts
        if not failing.failed:
            break
    assert nth > 1


def test_what_is_saved_while_it_is_read_stays(
    drafts: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor in the background may save once more before its files are removed."""
    draft = drafts.begin("arrests", "Arrests", body="typed words")
    file = drafts.write_for_editor(draft)
    file.write_text("first words\n")
    write = DraftFolder.write

    def saved_meanwhile(folder: DraftFolder, written: Draft) -> None:
        write(folder, written)
        file.write_text("later words\n")
        os.utime(file, (2**32, 2**32))

    monkeypatch.setattr(DraftFolder, "write", saved_meanwhile)
    edited = drafts.read_from_editor(draft)
    assert (edited.draft.body, edited.has_unread) == ("first words", True)
    ((named, _),) = drafts.read_all().unreadable
    assert named.read_text() == "later words\n"


def test_the_same_text_waits_on_each_entry(drafts: DraftFolder) -> None:
    """A text that was cut off is not taken for one that waits elsewhere."""
    for entry in ("arrests", "tip"):
        draft = drafts.begin(entry, "Title", body="typed here")
        drafts.write_for_editor(draft).write_text("else\n")
        drafts.read_from_editor(draft, has_failed=True)
    waiting = drafts.read_all().waiting
    assert {(one.entry, one.body) for one in waiting} == {
        ("arrests", "typed here"),
        ("tip", "typed here"),
    }


def test_what_could_not_be_read_is_not_written_over(drafts: DraftFolder) -> None:
    """As after a full disk, on which the draft could not be written either."""
    draft = drafts.begin("arrests", "Arrests", body="typed here")
    file = drafts.write_for_editor(draft)
    file.write_text("all\nof it\n")
    file.with_name("note.md.save").write_text("else\nal")
    os.utime(file.with_name("note.md.save"), (2**32, 2**32))
    resumed = drafts.resume(lambda _: True)
    assert resumed is not None
    assert resumed.body == "else\nal"
    assert drafts.write_for_editor(resumed).read_text() == "else\nal\n"
    texts = {one.body for one in drafts.read_all().waiting}
    assert texts == {"all\nof it", "typed here"}


@pytest.mark.parametrize("name", ["note.md", ".note.md.swp", "other.md"])
def test_what_only_an_editor_can_read_outlives_the_next_one(drafts: DraftFolder, name: str) -> None:
    """A text that is not in UTF-8, a swap file, or one of another name: it stays, and is named.

    From the text vim recovers what is not in the swap file.
    """
    draft = drafts.begin("arrests", "Arrests", body="typed here")
    file = drafts.write_for_editor(draft)
    file.with_name(name).write_bytes("Zürich".encode("latin-1"))
    os.utime(file.with_name(name), (2**32, 2**32))
    with suppress(SaveError):
        drafts.read_from_editor(draft)
    for _ in range(2):
        resumed = drafts.resume(lambda _: True)
        assert resumed is not None
        assert resumed.body == "typed here"
        drafts.write_for_editor(resumed).write_text("typed here, and there\n")
        edited = drafts.read_from_editor(resumed)
        assert (edited.draft.body, edited.has_unread) == ("typed here, and there", False)
        drafts.write(replace(edited.draft, body="typed here"))
        left = [path.read_bytes() for path, _ in drafts.read_all().unreadable]
        assert left == ["Zürich".encode("latin-1"), *([b"typed here\n"] if "sw" in name else [])]


def test_earlier_text_that_is_not_utf_8_stays(drafts: DraftFolder) -> None:
    """It is named, like any text that can't be read here."""
    file = edited_outside(drafts)
    file.write_bytes("Zürich".encode("latin-1"))
    file.with_name("note.md.save").write_text("Z")
    os.utime(file.with_name("note.md.save"), (2**32, 2**32))
    assert drafts.take(drafts.read_all().waiting[0]).body == "Z"
    ((_, reason),) = drafts.read_all().unreadable
    left = Path(reason.removeprefix("the text is not in UTF-8: "))
    assert left.read_bytes() == "Zürich".encode("latin-1")


def test_swap_file_of_vim_is_reported(drafts: DraftFolder) -> None:
    """Vim's swap file is reported with the command to recover it, but not while vim runs."""
    file = edited_outside(drafts, "begun")
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM")
    ((named, reason),) = drafts.read_all().unreadable
    assert named == swap
    assert f"vim -r {file}" in reason
    for body in ("in vim", ""):
        file = drafts.write_for_editor(drafts.begin("arrests", "Arrests", body=body))
        file.with_name(f".{file.name}.swp").write_bytes(b"b0VIM")
    assert len(drafts.read_all().unreadable) == 1


@pytest.mark.parametrize("modified", [0, 2**32])
def test_what_any_editor_leaves_is_reported_or_removed(
    drafts: DraftFolder, places: Places, modified: int
) -> None:
    """Backups go with the text; another file, as one of another name, is named, and stays."""
    file = edited_outside(drafts, "begun")
    others = [".#x", "DEADJOE", "keep.md", "old~", "rest.unfinished"]
    backups = ["note.md~", "note.md.~1~", "note.md.bak", "note.md.orig"]
    for name in (*backups, ".note.md.un~", ".note.md.~undo-tree~", *others):
        file.with_name(name).write_text("words")
        os.utime(file.with_name(name), (modified, modified))
    file.with_name(".#note.md").symlink_to("jdoe@host.1234")
    reason = "an editor left it there; it may have text of no note"
    named = [(path.name, why) for path, why in drafts.read_all().unreadable]
    assert named == [(name, reason) for name in others]
    drafts.take(drafts.read_all().waiting[0])
    assert [path.name for path in editors_files(places)] == others


@pytest.mark.parametrize("modified", [0, 2**32])
def test_rescued_text_that_cant_be_read_stays(drafts: DraftFolder, modified: int) -> None:
    """Older or newer than what was saved, and whatever is the reason."""
    for is_folder in (False, True):
        draft = drafts.begin("arrests", "Arrests", body="begun")
        rescued = drafts.write_for_editor(draft).with_name("note.md.save")
        if is_folder:
            rescued.mkdir()
        else:
            rescued.write_bytes(b"\xfc")
        os.utime(rescued, (modified, modified))
        assert drafts.read_from_editor(draft) == EditedOutside(draft, has_unread=True)
    assert [path.name for path, _ in drafts.read_all().unreadable] == ["note.md.save"] * 2


def test_other_file_among_drafts_is_reported(drafts: DraftFolder, places: Places) -> None:
    """It may be a text that somebody put there, and is left."""
    left_behind(drafts)
    (places.drafts("demo") / "text.md").write_text("words")
    ((named, reason),) = drafts.read_all().unreadable
    assert (named.name, reason) == ("text.md", "it is not a draft")


def test_path_of_text_tells_nothing(drafts: DraftFolder, places: Places) -> None:
    """An editor remembers the paths of files, so neither the case nor the note is part of one."""
    draft = drafts.begin("arrests", "Arrests", body="begun", note=str(uuid.uuid4()))
    file = drafts.write_for_editor(draft)
    assert file.name == "note.md"
    path = str(file.relative_to(places.state or Path()))
    assert not any(word in path for word in ("demo", "arrests", draft.note or ""))


@needs_root
@pytest.mark.parametrize("theirs", ["editing", "hash"])
def test_folder_of_other_user_gets_no_text(
    drafts: DraftFolder, places: Places, theirs: str
) -> None:
    """Nothing is written for an editor where somebody else could read it."""
    folder = places.editing("demo")
    folder.mkdir(parents=True)
    folder.parent.chmod(0o777)
    os.chown(folder if theirs == "hash" else folder.parent, 12345, 12345)
    draft = drafts.begin("arrests", "Arrests", body="begun")
    with pytest.raises(SaveError, match="belongs to another user"):
        drafts.write_for_editor(draft)
    assert editors_files(places) == []
    assert drafts.read_all().in_use == (draft,)


def test_empty_folders_of_editors_are_removed_later(places: Places, drafts: DraftFolder) -> None:
    """An editor in the background can still save after its draft was closed, but not for ever."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.write_for_editor(draft)
    drafts.read_from_editor(draft)
    assert file.parent.is_dir()
    os.utime(file.parent, (0, 0))
    later = DraftFolder(places, "demo")
    later.write(later.begin("arrests", "Arrests", body="begun later"))
    assert not file.parent.exists()


def test_text_that_is_not_utf_8_is_kept(drafts: DraftFolder) -> None:
    """A file in another encoding is not decoded wrongly; it stays and is reported."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.write_for_editor(draft)
    file.write_bytes("café über".encode("latin-1"))
    with pytest.raises(SaveError, match="is not in UTF-8"):
        drafts.read_from_editor(draft)
    assert file.read_bytes() == b"caf\xe9 \xfcber"
    ((_path, reason),) = drafts.read_all().unreadable
    assert str(file) in reason


@pytest.mark.parametrize("ending", ["", ".save"])
def test_text_saved_after_draft_closed_is_reported(drafts: DraftFolder, ending: str) -> None:
    """A file that an editor saves after its draft was removed is reported."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.write_for_editor(draft)
    drafts.read_from_editor(draft)
    drafts.remove(draft)
    assert drafts.read_all() == DraftListing((), (), ())
    file = file.with_name(f"{file.name}{ending}")
    file.write_text("late")
    ((named, _reason),) = drafts.read_all().unreadable
    assert named == file


def test_removing_draft_keeps_unread_editor_text(drafts: DraftFolder) -> None:
    """Text that an editor saved and casefile has not read stays when the draft is removed."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    late = drafts.write_for_editor(draft)
    late.write_text("got back")
    drafts.remove(draft)
    ((named, _reason),) = drafts.read_all().unreadable
    assert (named, named.read_text()) == (late, "got back")


def test_swap_file_stays_with_the_text_that_it_completes(
    drafts: DraftFolder, places: Places
) -> None:
    """Vim recovers untouched lines from the text; both are named, and stay after further drafts."""
    file = edited_outside(drafts, "begun")
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM")
    os.utime(swap, (0, 0))
    for _ in range(2):
        taken = drafts.take(drafts.read_all().waiting[0])
        (swap, recover), (file, why) = drafts.read_all().unreadable
        assert f"vim -r {file}" in recover
        assert why == "vim needs it to recover the text that is not saved"
        assert (swap.read_bytes(), file.read_text()) == (b"b0VIM", "begun\n")
        drafts.write(replace(taken, pid=NO_PROCESS))
    assert len(files_of(places)) == 1


VIM = shutil.which("vim") or ""


@pytest.mark.skipif(not VIM, reason="vim is not installed")
def test_vim_recovers_what_casefile_has_left_of_it(drafts: DraftFolder, tmp_path: Path) -> None:
    """The command that is named gets back the whole text, long after the draft was opened."""
    lines = [f"Line {number} of what the source told me on that day." for number in range(400)]
    file = edited_outside(drafts, "\n".join(lines))
    typed = "set swapfile updatecount=1 | normal Goand more\n"
    typed += 'call writefile([], "typed") | sleep 60'
    (tmp_path / "typed.vim").write_text(typed)
    environment = {**os.environ, "HOME": str(tmp_path), "TERM": "xterm"}
    with subprocess.Popen(
        [VIM, "-u", "NONE", "-S", tmp_path / "typed.vim", file.name],
        cwd=file.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as vim:
        end = time.monotonic() + 30
        while not file.with_name("typed").exists() and time.monotonic() < end:
            time.sleep(0.05)
        vim.send_signal(signal.SIGHUP)
        vim.wait()
    file.with_name("typed").unlink()
    drafts.take(drafts.read_all().waiting[0])
    (_, recover), (text, _) = drafts.read_all().unreadable
    recovered = tmp_path / "recovered"
    assert recover.endswith(f"vim -r {text} recovers it")
    subprocess.run(
        [VIM, "-r", text, "-u", "NONE", "-es", "-c", f"w {recovered}", "-c", "qa!"],
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert recovered.read_text().splitlines() == [*lines, "and more"]


def test_about_may_be_long(drafts: DraftFolder) -> None:
    """A case file may name a place with a text of any length."""
    draft = left_behind(drafts, about="x" * 5000)
    assert drafts.read_all().waiting == (draft,)


def test_parents_are_limited(drafts: DraftFolder) -> None:
    """Of a note with more heads than the limit, a draft has as many parents as allowed."""
    heads = [f"sha256:{number:064x}" for number in range(150)]
    draft = drafts.begin("arrests", "Arrests", body="joined", parents=heads)
    drafts.write(replace(draft, pid=NO_PROCESS))
    (waiting,) = drafts.read_all().waiting
    assert waiting.parents == tuple(heads[:100])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"casefile-draft/1", b"casefile-draft/9", "format is casefile-draft/9"),
        (b"\nbody = ", b"\nboby = ", "missing required field `body`"),
        (b"pid = 2147483647", b"pid = -1", "pid: Expected `int` >= 1"),
        (b"pid = 2147483647", b"pid = 99999999999999999999", "64 bits"),
        (b'case = "demo"', b'case = "other"', "belongs to the case other"),
        (b'"half a no"', b'"half a no', "TOML"),
    ],
)
def test_unreadable_draft_is_reported_and_left(
    drafts: DraftFolder, places: Places, old: bytes, new: bytes, reason: str
) -> None:
    """An unreadable draft is reported with its path, left unchanged, and affects no other."""
    left_behind(drafts)
    (path,) = files_of(places)
    damaged = path.read_bytes().replace(old, new)
    path.write_bytes(damaged)
    other = left_behind(drafts, "another")
    found = drafts.read_all()
    assert found.waiting == (other,)
    ((named, said),) = found.unreadable
    assert named == path
    assert reason in said
    assert path.read_bytes() == damaged


def test_fifo_is_reported_without_blocking(drafts: DraftFolder, places: Places) -> None:
    """A FIFO is reported like any other unreadable draft."""
    left_behind(drafts)
    path = places.drafts("demo") / "x.toml"
    os.mkfifo(path)
    assert [named for named, _ in drafts.read_all().unreadable] == [path]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_failed_write_keeps_last_state(
    drafts: DraftFolder, places: Places, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call fails, a whole draft is left and nothing else, and a next try succeeds."""
    draft = left_behind(drafts, "one")
    names = ("open", "write", "fsync", "replace")
    for nth in itertools.count(1):
        with monkeypatch.context() as patch:
            FailingCalls(patch, names, nth, code)
            try:
                drafts.write(draft.with_body("two"))
            except SaveError as error:
                told = error.reason
            else:
                break
        assert os.strerror(code) in told
        assert [waiting.body for waiting in drafts.read_all().waiting] in (["one"], ["two"])
        assert len(files_of(places)) == 1
    assert nth > len(names)
    assert [waiting.body for waiting in drafts.read_all().waiting] == ["two"]


def test_unfinished_file_is_not_read(drafts: DraftFolder, places: Places) -> None:
    """An unfinished file of a killed process is not read, and is removed later."""
    left_behind(drafts)
    unfinished = places.drafts("demo") / ".x.toml.0123456789abcdef.unfinished"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))
    assert drafts.read_all().unreadable == ()
    left_behind(DraftFolder(places, "demo"))
    assert not unfinished.exists()


def test_missing_home_is_reported() -> None:
    """Without a folder for drafts only writing one fails."""
    drafts = DraftFolder(Places(None, None, None, "no home; --notes-dir DIR"), "demo")
    assert drafts.write_problem == "no home; --notes-dir DIR"
    assert drafts.read_all() == DraftListing((), (), ())
    draft = drafts.begin("arrests", "Arrests", body="x")
    with pytest.raises(SaveError, match="--notes-dir DIR"):
        drafts.write(draft)
    drafts.remove(draft)


@needs_root
def test_folder_of_other_user_is_refused(drafts: DraftFolder, places: Places) -> None:
    """A folder of drafts that belongs to another user is neither read nor written to."""
    left_behind(drafts)
    folder = places.drafts("demo")
    os.chown(folder, 12345, 12345)
    found = drafts.read_all()
    assert found.waiting == ()
    assert [(path, "another user" in said) for path, said in found.unreadable] == [(folder, True)]
    with pytest.raises(SaveError, match="another user"):
        left_behind(drafts)
    assert len(files_of(places)) == 1


@pytest.mark.parametrize("case_id", ["..", "a/b", "Demo", ""])
def test_invalid_id_is_refused(places: Places, case_id: str) -> None:
    """Neither the id of a case nor of a draft can be a path."""
    draft = DraftFolder(places, "demo").begin("arrests", "Arrests", body="x")
    with pytest.raises(ValueError, match="not a case id"):
        DraftFolder(places, case_id).read_all()
    with pytest.raises(ValueError, match="not the id of a draft"):
        DraftFolder(places, "demo").write(replace(draft, id=case_id))
