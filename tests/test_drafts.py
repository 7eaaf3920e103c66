"""What is being typed: on disk at each pause, offered again, never dropped in silence."""

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
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from casefile.notes.annotation import NotKept
from casefile.notes.drafts import Draft, DraftFolder, Found, Taken
from casefile.places import Places

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
NO_PROCESS = 2**31 - 1


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give directories that nothing has made yet."""
    return Places(tmp_path / "data", tmp_path / "state", tmp_path / "config")


@pytest.fixture
def drafts(places: Places) -> DraftFolder:
    """Give the drafts on a case."""
    return DraftFolder(places, "demo")


def left_behind(drafts: DraftFolder, body: str = "half a no", **changes: Any) -> Draft:
    """Write a draft whose process is gone."""
    draft = replace(drafts.begin("arrests", "Arrests", body=body), pid=NO_PROCESS, **changes)
    drafts.write(draft)
    return draft


def files_of(places: Places) -> list[Path]:
    """Give all files in the drafts' folder."""
    folder = places.drafts("demo")
    return sorted(folder.iterdir()) if folder.exists() else []


def test_beginning_writes_nothing(drafts: DraftFolder, tmp_path: Path) -> None:
    """No file or directory is made before there is something to keep."""
    drafts.begin("arrests", "Arrests")
    drafts.write(drafts.begin("arrests", "Arrests"))
    assert drafts.look().waiting == drafts.waiting() == drafts.in_use() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_draft_comes_back_equal(drafts: DraftFolder) -> None:
    """A draft has all it takes to go on typing and to keep the note."""
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
    assert drafts.waiting() == (draft,)
    later = draft.typed("half a note")
    drafts.write(later)
    assert drafts.waiting() == (later,)
    assert (later.begun, later.body) == (draft.begun, "half a note")
    assert later.modified >= draft.modified


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@example("a\r\nb\rc\0\x1b[31m\x7f\u2028")
def test_every_text_the_editor_can_hold_comes_back_equal(body: str) -> None:
    """No character or line end of a half-typed text is changed on the way to disk and back."""
    with tempfile.TemporaryDirectory() as root:
        drafts = DraftFolder(Places(Path(root), Path(root), None), "demo")
        draft = left_behind(drafts, body)
        assert drafts.waiting() == (draft,)


def test_half_a_character_costs_no_draft(drafts: DraftFolder) -> None:
    """Half of a surrogate pair is replaced, visibly, rather than the draft lost."""
    left_behind(drafts, "a\ud83db")
    assert [draft.body for draft in drafts.waiting()] == ["a\N{REPLACEMENT CHARACTER}b"]


def test_a_draft_too_long_for_a_note_is_still_a_draft(drafts: DraftFolder) -> None:
    """A text that is too long to keep as a note is not lost meanwhile."""
    draft = left_behind(drafts, "x" * 3_000_000)
    assert drafts.waiting() == (draft,)


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


def test_an_empty_text_removes_the_draft(drafts: DraftFolder, places: Places) -> None:
    """A draft emptied by its writer, or kept as a note, leaves nothing behind."""
    draft = left_behind(drafts)
    drafts.write(draft.typed(""))
    assert files_of(places) == []
    other = left_behind(drafts, " ")
    drafts.remove(other)
    drafts.remove(other)
    assert files_of(places) == []


def test_a_draft_that_somebody_else_removed_is_lost(drafts: DraftFolder, places: Places) -> None:
    """It can be written again; one that was never written, or removed here, is not missed."""
    draft = drafts.begin("arrests", "Arrests", body="half a no")
    assert not drafts.is_lost(draft)
    drafts.write(draft)
    assert not drafts.is_lost(draft)
    assert places.state is not None
    shutil.rmtree(places.state)
    assert drafts.is_lost(draft)
    drafts.write(draft)
    assert not drafts.is_lost(draft)
    drafts.remove(draft)
    assert not drafts.is_lost(draft)


def test_the_newest_is_offered_first(drafts: DraftFolder) -> None:
    """Several drafts left behind are offered newest first."""
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    for hours in (2, 1, 3):
        left_behind(drafts, str(hours), modified=now + dt.timedelta(hours=hours))
    assert [draft.body for draft in drafts.waiting()] == ["3", "2", "1"]


def test_a_draft_being_typed_is_not_offered(drafts: DraftFolder) -> None:
    """A draft whose process is alive is in use and not offered to another terminal."""
    draft = drafts.begin("arrests", "Arrests", body="here")
    drafts.write(draft)
    assert drafts.waiting() == ()
    assert drafts.in_use() == (draft,)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc tells of processes")
def test_a_draft_of_a_process_that_nobody_has_buried_is_offered(drafts: DraftFolder) -> None:
    """A process that has ended types no more, also before its parent has asked how it did."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        draft = replace(drafts.begin("arrests", "Arrests", body="here"), pid=ended.pid, started="")
        drafts.write(draft)
        assert drafts.waiting() == (draft,)


WRITER = """
import sys, time
from pathlib import Path
from casefile.notes.drafts import DraftFolder
from casefile.places import Places
root = Path(sys.argv[1])
drafts = DraftFolder(Places(root, root, None), "demo")
draft = drafts.begin("arrests", "Arrests")
for number in range(1, 10_000):
    drafts.write(draft.typed(f"{number} " * number))
    print(number, flush=True)
"""


def test_a_killed_editors_draft_is_offered(tmp_path: Path) -> None:
    """While its process lives a draft is in use; after a kill the last text written waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    drafts = DraftFolder(Places(tmp_path, tmp_path, None), "demo")
    assert len(drafts.in_use()) == 1
    assert drafts.waiting() == ()
    process.send_signal(signal.SIGKILL)
    written = ["1", *process.communicate()[0].split()]
    (draft,) = drafts.waiting()
    number = int(draft.body.split()[0])
    assert draft.body == f"{number} " * number
    assert number in (int(written[-1]), int(written[-1]) + 1)


def test_a_process_with_a_reused_number_is_not_the_writer(drafts: DraftFolder) -> None:
    """After a restart of the machine another process may have the number; the draft waits."""
    begun = drafts.begin("arrests", "Arrests", body="before the restart")
    if not begun.started:
        pytest.skip("this system does not tell when a process started")
    draft = replace(begun, started="another boot 1")
    drafts.write(draft)
    assert drafts.waiting() == (draft,)


def test_another_users_process_is_not_the_writer(
    drafts: DraftFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that now belongs to another user's process hides no draft of ours."""
    draft = drafts.begin("arrests", "Arrests", body="mine")
    drafts.write(draft)

    def forbidden(_pid: int, _signal: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "kill", forbidden)
    assert drafts.waiting() == (draft,)


def test_a_draft_of_another_host_waits(drafts: DraftFolder) -> None:
    """Whether a process on another machine lives can't be known; its draft is offered."""
    draft = replace(drafts.begin("arrests", "Arrests", body="there"), host="elsewhere")
    drafts.write(draft)
    assert drafts.waiting() == (draft,)


def test_a_waiting_draft_can_be_taken(drafts: DraftFolder, places: Places) -> None:
    """A draft taken up again is this process's own, in a file of its own, the only one."""
    left = left_behind(drafts)
    taken = drafts.take(left)
    assert taken.id != left.id
    assert (taken.body, taken.pid) == (left.body, os.getpid())
    assert drafts.waiting() == ()
    assert drafts.in_use() == (taken,)
    assert len(files_of(places)) == 1


def test_of_two_who_take_a_draft_one_has_it(drafts: DraftFolder, places: Places) -> None:
    """Two terminals that start at once don't write over each other: one finds it gone."""
    left = left_behind(drafts)
    (first,) = drafts.waiting()
    taken = drafts.take(first)
    other = DraftFolder(places, "demo")
    with pytest.raises(Taken):
        other.take(left)
    assert drafts.look().in_use == (taken,)


def test_a_draft_taken_from_somebody_who_still_types_is_two(drafts: DraftFolder) -> None:
    """A writer on another machine can't be seen to live; what both go on to type stays."""
    theirs = replace(drafts.begin("arrests", "Arrests", body="begun"), host="elsewhere")
    drafts.write(theirs)
    ours = drafts.take(theirs).typed("begun, and ours")
    drafts.write(ours)
    drafts.write(theirs.typed("begun, and theirs"))
    assert {draft.body for draft in (*drafts.waiting(), *drafts.in_use())} == {
        "begun, and ours",
        "begun, and theirs",
    }


def test_a_draft_half_taken_is_offered(drafts: DraftFolder, places: Places) -> None:
    """A process that was killed between taking a draft and writing it has lost nothing."""
    left = left_behind(drafts)
    (path,) = files_of(places)
    path.rename(path.with_name(f"{uuid.uuid4()}.toml"))
    (waiting,) = drafts.waiting()
    assert waiting.body == left.body
    assert drafts.take(waiting).body == left.body
    assert len(files_of(places)) == 1


def test_what_is_typed_just_before_a_draft_is_taken_is_taken(drafts: DraftFolder) -> None:
    """The text that goes on is that on disk, not the one that was seen some time before."""
    theirs = replace(drafts.begin("arrests", "Arrests", body="begun"), host="elsewhere")
    drafts.write(theirs)
    (seen,) = drafts.waiting()
    drafts.write(theirs.typed("begun, and more"))
    assert drafts.take(seen).body == "begun, and more"


def test_a_lent_draft_half_taken_has_its_text(drafts: DraftFolder, places: Places) -> None:
    """What an editor wrote belongs to its draft also after a kill between two names."""
    file = lent_to_an_editor(drafts, "begun")
    file.write_text("begun, and more\n")
    path = file.with_suffix(".toml")
    path.rename(path.with_name(f"{uuid.uuid4()}.toml"))
    found = drafts.look()
    assert ([one.body for one in found.waiting], found.unreadable) == (["begun, and more"], ())
    assert drafts.take(found.waiting[0]).body == "begun, and more"
    assert len(files_of(places)) == 1


def test_what_is_typed_after_an_editor_wrote_stands_beside_its_text(drafts: DraftFolder) -> None:
    """A text got back with an editor, while its draft is open here, takes nothing away."""
    file = lent_to_an_editor(drafts, "begun")
    file.write_text("got back\n")
    os.utime(file, (0, 0))
    (waiting,) = drafts.waiting()
    assert waiting.body == "begun\n\ngot back"


def lent_to_an_editor(drafts: DraftFolder, body: str = "") -> Path:
    """Give the file of a draft that an editor had when its terminal went."""
    return drafts.lend(replace(drafts.begin("arrests", "Arrests", body=body), pid=NO_PROCESS))


@pytest.mark.parametrize(
    ("body", "written", "returned"),
    [
        ("begun", None, "begun"),
        ("begun", "begun, and more\n", "begun, and more"),
        ("begun\n", None, "begun\n"),
        ("begun\n", "begun, and more\n", "begun, and more\n"),
    ],
)
def test_only_a_line_end_that_an_editor_adds_is_removed(
    drafts: DraftFolder, body: str, written: str | None, returned: str
) -> None:
    """A draft that ended its last line itself comes back with that line end."""
    draft = drafts.begin("arrests", "Arrests", body=body)
    file = drafts.lend(draft)
    if written is not None:
        file.write_text(written)
    assert drafts.take_back(draft).body == returned


def test_what_nano_rescues_is_offered(drafts: DraftFolder, places: Places) -> None:
    """Told to end, nano puts the text beside the file; it is the draft's, until it is kept."""
    file = lent_to_an_editor(drafts)
    file.with_name(f"{file.name}.save").write_text("rescued\n")
    (waiting,) = drafts.waiting()
    assert waiting.body == "rescued"
    taken = drafts.take(waiting)
    drafts.remove(taken)
    assert files_of(places) == []


def test_what_vim_rescues_is_named(drafts: DraftFolder) -> None:
    """Vim's own file can't be read here; how it is, is told, but not while vim has it."""
    file = lent_to_an_editor(drafts, "begun")
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM")
    ((named, reason),) = drafts.look().unreadable
    assert named == swap
    assert f"vim -r {file}" in reason
    for body in ("in vim", ""):
        file = drafts.lend(drafts.begin("arrests", "Arrests", body=body))
        file.with_name(f".{file.name}.swp").write_bytes(b"b0VIM")
    assert len(drafts.look().unreadable) == 1


def test_an_editor_that_does_not_write_utf_8_loses_nothing(drafts: DraftFolder) -> None:
    """The text is not taken for another one; its file stays, and is named."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.lend(draft)
    file.write_bytes("café über".encode("latin-1"))
    with pytest.raises(NotKept, match="is not in UTF-8"):
        drafts.take_back(draft)
    assert file.read_bytes() == b"caf\xe9 \xfcber"
    ((_path, reason),) = drafts.look().unreadable
    assert str(file) in reason


@pytest.mark.parametrize("ending", ["", ".save"])
def test_what_an_editor_writes_late_is_named(drafts: DraftFolder, ending: str) -> None:
    """An editor that returned at once, and wrote when its draft was done with, has left a file."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    file = drafts.lend(draft)
    drafts.take_back(draft)
    drafts.remove(draft)
    assert drafts.look() == Found((), (), ())
    file = file.with_name(f"{file.name}{ending}")
    file.write_text("late")
    ((named, _reason),) = drafts.look().unreadable
    assert named == file


def test_what_an_editor_wrote_meanwhile_does_not_go_with_the_draft(
    drafts: DraftFolder, places: Places
) -> None:
    """A text that was got back while its draft was open here is not gone when that is kept."""
    draft = drafts.begin("arrests", "Arrests", body="begun")
    drafts.write(draft)
    late = places.drafts("demo") / f"{draft.id}.md"
    late.write_text("got back")
    drafts.remove(draft)
    ((named, _reason),) = drafts.look().unreadable
    assert (named, named.read_text()) == (late, "got back")


def test_what_vim_rescued_stays_with_its_draft(drafts: DraftFolder, places: Places) -> None:
    """It has the name of the draft that is open again, and is named until it was got back."""
    file = lent_to_an_editor(drafts, "begun")
    os.utime(file, (0, 0))
    file.with_name(f".{file.name}.swp").write_bytes(b"b0VIM")
    taken = drafts.take(*drafts.waiting())
    assert drafts.vim_has_more(taken)
    ((named, reason),) = drafts.look().unreadable
    file = file.with_name(f"{taken.id}.md")
    assert (named.name, f"vim -r {file}" in reason) == (f".{taken.id}.md.swp", True)
    file.write_text("begun, and got back\n")
    os.utime(file, (2**32, 2**32))
    drafts.write(replace(taken, pid=NO_PROCESS))
    os.utime(file, (2**32, 2**32))
    found = drafts.look()
    assert ([one.body for one in found.waiting], found.unreadable) == (["begun, and got back"], ())
    assert not drafts.vim_has_more(drafts.take(*found.waiting))
    assert len(files_of(places)) == 1


def test_a_draft_about_a_long_place_is_read_again(drafts: DraftFolder) -> None:
    """A case file may name a place with as many words as it likes."""
    draft = left_behind(drafts, about="x" * 5000)
    assert drafts.waiting() == (draft,)


def test_a_draft_on_a_note_with_many_texts_is_read_again(drafts: DraftFolder) -> None:
    """Of a note that was edited in more places than a text can join, it joins what it can."""
    heads = [f"sha256:{number:064x}" for number in range(150)]
    draft = drafts.begin("arrests", "Arrests", body="joined", parents=heads)
    drafts.write(replace(draft, pid=NO_PROCESS))
    (waiting,) = drafts.waiting()
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
def test_an_unreadable_draft_is_named_and_left(
    drafts: DraftFolder, places: Places, old: bytes, new: bytes, reason: str
) -> None:
    """A draft that can't be read is named with its path, left as it is, and hides no other."""
    left_behind(drafts)
    (path,) = files_of(places)
    damaged = path.read_bytes().replace(old, new)
    path.write_bytes(damaged)
    other = left_behind(drafts, "another")
    found = drafts.look()
    assert found.waiting == (other,)
    ((named, said),) = found.unreadable
    assert named == path
    assert reason in said
    assert path.read_bytes() == damaged


def test_a_fifo_is_named_and_hangs_nothing(drafts: DraftFolder, places: Places) -> None:
    """What is no file is named like any other unreadable draft."""
    left_behind(drafts)
    path = places.drafts("demo") / "x.toml"
    os.mkfifo(path)
    assert [named for named, _ in drafts.look().unreadable] == [path]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_failed_write_keeps_the_last_state(
    drafts: DraftFolder, places: Places, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call fails, a whole draft stays, no litter does, and a next try works."""
    draft = left_behind(drafts, "one")
    names = ("open", "write", "fsync", "replace")
    for nth in itertools.count(1):
        with monkeypatch.context() as patch:
            left = [nth]
            for name in names:
                patch.setattr(os, name, failing(getattr(os, name), left, code))
            try:
                drafts.write(draft.typed("two"))
            except NotKept as error:
                told = error.reason
            else:
                break
        assert os.strerror(code) in told
        assert [waiting.body for waiting in drafts.waiting()] in (["one"], ["two"])
        assert len(files_of(places)) == 1
    assert nth > len(names)
    assert [waiting.body for waiting in drafts.waiting()] == ["two"]


def failing(call: Callable[..., Any], left: list[int], code: int) -> Callable[..., Any]:
    """Give a system call that fails when what is left has been counted down, once."""

    def counted(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(code, os.strerror(code))
        return call(*args, **kwargs)

    return counted


def test_what_a_killed_writer_left_is_not_a_draft(drafts: DraftFolder, places: Places) -> None:
    """The unfinished file of a process killed in a write is never read, and swept up later."""
    left_behind(drafts)
    unfinished = places.drafts("demo") / ".x.toml.0123.unfinished"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))
    assert drafts.look().unreadable == ()
    left_behind(DraftFolder(places, "demo"))
    assert not unfinished.exists()


def test_no_home_is_told() -> None:
    """Without a place for drafts nothing fails until one is to be kept, which is refused."""
    drafts = DraftFolder(Places(None, None, None, "no home; --notes-dir DIR"), "demo")
    assert drafts.refuses == "no home; --notes-dir DIR"
    assert drafts.look() == Found((), (), ())
    draft = drafts.begin("arrests", "Arrests", body="x")
    with pytest.raises(NotKept, match="--notes-dir DIR"):
        drafts.write(draft)
    drafts.remove(draft)


@needs_root
def test_other_peoples_drafts_are_refused(drafts: DraftFolder, places: Places) -> None:
    """A drafts folder of another user is neither read nor written to."""
    left_behind(drafts)
    folder = places.drafts("demo")
    os.chown(folder, 12345, 12345)
    found = drafts.look()
    assert found.waiting == ()
    assert [(path, "another user" in said) for path, said in found.unreadable] == [(folder, True)]
    with pytest.raises(NotKept, match="another user"):
        left_behind(drafts)
    assert len(files_of(places)) == 1


@pytest.mark.parametrize("case_id", ["..", "a/b", "Demo", ""])
def test_an_id_is_never_a_path(places: Places, case_id: str) -> None:
    """Neither a case nor a draft is looked for under what is no id."""
    draft = DraftFolder(places, "demo").begin("arrests", "Arrests", body="x")
    with pytest.raises(ValueError, match="not a case id"):
        DraftFolder(places, case_id).waiting()
    with pytest.raises(ValueError, match="not the id of a draft"):
        DraftFolder(places, "demo").write(replace(draft, id=case_id))
