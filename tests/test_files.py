"""Whole files: written once, durably, private, and never a part of one."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from casefile import files

CALLS = ("open", "write", "fsync", "link", "mkdir", "chmod", "fchmod", "rename", "replace")
ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES)
NOBODY = 12345

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """Give a folder in which files are made."""
    folder = tmp_path / "workshop"
    folder.mkdir()
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Give a folder in which files are kept."""
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Set the umask for a while."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    """Give the permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def tree(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class Failing:
    """Make the nth of some system calls fail, once."""

    def __init__(self, patch: pytest.MonkeyPatch, nth: int, code: int) -> None:
        self.left = nth
        self.code = code
        self.failed = ""
        for name in CALLS:
            patch.setattr(os, name, self._counting(name, getattr(os, name)))

    def _counting(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.failed = name
                raise OSError(self.code, os.strerror(self.code))
            return call(*args, **kwargs)

        return counted


def failure(call: Callable[..., object], *args: object) -> int | None:
    """Give the number of the error by which a call failed, or None if it did not."""
    try:
        call(*args)
    except OSError as error:
        return error.errno
    return None


def lowest_free_descriptor() -> int:
    """Give the number that the next file to be opened gets."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


def refuse_links(patch: pytest.MonkeyPatch, code: int) -> None:
    """Make every hard link fail as on a file system that knows none."""

    def link(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(os, "link", link)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
@pytest.mark.parametrize("data", [b"", b"a note", b"x" * 3_000_000], ids=["empty", "short", "long"])
def test_a_file_is_whole_and_private(notes: Path, workshop: Path, data: bytes, mask: int) -> None:
    """A file holds all that was given, has mode 0600 under any umask, and no other file stays."""
    with umask(mask):
        files.write_once(notes / "a", data, workshop=workshop)
    assert tree(notes) == {"a": data}
    assert tree(workshop) == {}
    assert mode(notes / "a") == 0o600


def test_the_same_content_again_is_quiet(notes: Path, workshop: Path) -> None:
    """Writing what is there already changes nothing and is no error."""
    files.write_once(notes / "a", b"one", workshop=workshop)
    before = (notes / "a").stat()
    files.write_once(notes / "a", b"one", workshop=workshop)
    assert (notes / "a").stat().st_ino == before.st_ino
    assert tree(workshop) == {}


@pytest.mark.parametrize("other", [b"two", b"", b"on", b"one and more"])
@pytest.mark.parametrize("links", [True, False], ids=["linked", "no links"])
def test_other_content_is_never_overwritten(
    notes: Path,
    workshop: Path,
    monkeypatch: pytest.MonkeyPatch,
    other: bytes,
    links: bool,
) -> None:
    """A name that holds something else is refused, and what it holds stays."""
    (notes / "a").write_bytes(b"one")
    if not links:
        refuse_links(monkeypatch, errno.EPERM)
    with pytest.raises(FileExistsError):
        files.write_once(notes / "a", other, workshop=workshop)
    assert tree(notes) == {"a": b"one"}
    assert tree(workshop) == {}


@pytest.mark.parametrize(
    "code", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV]
)
def test_a_file_system_without_hard_links_will_do(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Where no link can be made the file is created under its own name, once."""
    refuse_links(monkeypatch, code)
    files.write_once(notes / "a", b"one", workshop=workshop)
    files.write_once(notes / "a", b"one", workshop=workshop)
    assert tree(notes) == {"a": b"one"}
    assert tree(workshop) == {}
    assert mode(notes / "a") == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("links", [True, False], ids=["linked", "no links"])
def test_every_single_failure_is_survived(
    tmp_path: Path,
    code: int,
    links: bool,
) -> None:
    """Whichever system call fails, what was there stays, no litter does, and a next try works."""
    failed = set()
    for nth in itertools.count(1):
        root = tmp_path / str(nth)
        root.mkdir()
        (root / "older").write_bytes(b"older")
        path, workshop = root / "notes" / "case" / "a", root / "workshop" / "case"
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                refuse_links(patch, errno.EOPNOTSUPP)
            failing = Failing(patch, nth, code)
            if failure(save, path, workshop):
                assert failing.failed
                assert tree(root) == {"older": b"older"}
        save(path, workshop)
        assert tree(root) == {"older": b"older", "notes/case/a": b"a note"}
        if not failing.failed:
            break
        failed.add(failing.failed)
    assert failed >= {"open", "write", "fsync", "link", "mkdir", "chmod", "fchmod"}


def save(path: Path, workshop: Path) -> None:
    """Save as a first note is saved: folders, then file."""
    files.private_folder(workshop)
    files.private_folder(path.parent)
    files.write_once(path, b"a note", workshop=workshop)


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_a_failed_replacement_leaves_the_old_or_the_new(notes: Path, code: int) -> None:
    """Whichever system call fails, the file is whole, no litter stays, and a next try works."""
    path = notes / "draft"
    for nth in itertools.count(1):
        files.replace(path, b"old")
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, nth, code)
            failed = failure(files.replace, path, b"newer")
            assert failed == (code if failing.failed else None)
        assert tree(notes) in ({"draft": b"old"}, {"draft": b"newer"})
        files.replace(path, b"newest")
        assert tree(notes) == {"draft": b"newest"}
        if not failing.failed:
            break
    assert nth > 5


def test_a_replacement_is_private_and_a_new_file(notes: Path) -> None:
    """Replacing gives mode 0600 and never writes into the file that was there."""
    path = notes / "draft"
    path.write_bytes(b"old")
    with path.open("rb") as old:
        files.replace(path, b"new")
        assert old.read() == b"old"
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600


def test_short_writes_are_completed(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that takes a few bytes at a time still gets them all."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    files.write_once(notes / "a", b"0123456789", workshop=workshop)
    assert tree(notes) == {"a": b"0123456789"}


def test_a_write_that_takes_nothing_is_an_error(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write of no bytes ends the attempt and not in an endless loop."""
    monkeypatch.setattr(os, "write", lambda _fd, _data: 0)
    with pytest.raises(OSError, match="Input/output"):
        files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == tree(workshop) == {}


def test_durable_before_and_after_it_has_its_name(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is on disk before the name is given, and the name before the call returns."""
    happened = []
    fsync, link = os.fsync, os.link

    def noted_fsync(descriptor: int) -> None:
        happened.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noted_link(*args: Any, **kwargs: Any) -> None:
        happened.append("link")
        link(*args, **kwargs)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "link", noted_link)
    files.write_once(notes / "a", b"x", workshop=workshop)
    assert happened == ["file", "link", "folder"]


def test_a_folder_that_cannot_be_synced_will_do(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EINVAL for the fsync of a directory is a file system that knows none, and no failure."""
    fsync = os.fsync

    def no_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", no_folders)
    files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == {"a": b"x"}


def test_an_interrupt_leaves_no_litter(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that ends the program in the middle of a write leaves nothing behind."""

    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == tree(workshop) == {}


def test_a_link_in_the_way_is_not_followed(notes: Path, workshop: Path, tmp_path: Path) -> None:
    """A symbolic link under the name, even to nowhere, is not written through."""
    (notes / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="a"):
        files.write_once(notes / "a", b"x", workshop=workshop)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("links", [True, False], ids=["linked", "no links"])
def test_a_document_is_new_and_as_open_as_the_umask_lets_it_be(
    notes: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """What the user asked for is no private file, and takes no name that is in use."""
    if not links:
        refuse_links(monkeypatch, errno.EPERM)
    with umask(0o022):
        files.write_document(notes / "a", b"one")
    assert mode(notes / "a") == 0o644
    for data in (b"one", b"two"):
        with pytest.raises(FileExistsError):
            files.write_document(notes / "a", data)
    assert tree(notes) == {"a": b"one"}


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_a_document_is_there_whole_or_not_at_all(notes: Path, code: int) -> None:
    """Whichever system call fails, no part of it is there, and nothing else."""
    for nth in itertools.count(1):
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, nth, code)
            failed_with = failure(files.write_document, notes / "a", b"a document")
        there = tree(notes)
        if failed_with is not None:
            assert there == {}, failing.failed
        else:
            assert there == {"a": b"a document"}, failing.failed
            (notes / "a").unlink()
        if not failing.failed:
            break


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_folders_are_private(tmp_path: Path, mask: int) -> None:
    """What is made has mode 0700 under any umask; what was there keeps its own."""
    tmp_path.chmod(0o755)
    with umask(mask):
        files.private_folder(tmp_path / "a" / "b")
        files.private_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path) == 0o755


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    """A file where a folder should be is left, and so is nothing of what was begun."""
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(OSError, match="a"):
        files.private_folder(tmp_path / "a" / "b")
    assert tree(tmp_path) == {"a": b"mine"}


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_a_folder_half_made_is_taken_away(tmp_path: Path, code: int) -> None:
    """Whichever call fails on the way down, none of the new folders stays."""
    for nth in itertools.count(1):
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, nth, code)
            if failure(files.private_folder, tmp_path / "a" / "b" / "c"):
                assert list(tmp_path.iterdir()) == []
        if not failing.failed:
            break
    assert nth == 3 * len(("mkdir", "chmod", "open", "fsync")) + 1


def test_a_folder_made_by_two_at_once_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that another process makes in between is taken as it is."""
    mkdir = os.mkdir

    def beaten(*args: Any, **kwargs: Any) -> None:
        mkdir(*args, **kwargs)
        mkdir(*args, **kwargs)

    monkeypatch.setattr(os, "mkdir", beaten)
    files.private_folder(tmp_path / "a")
    assert (tmp_path / "a").is_dir()


def test_read_own_gives_what_is_there(tmp_path: Path) -> None:
    """A file of ours is read whole, also through a link and at exactly the limit."""
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert files.read_own(tmp_path / "a", 5) == files.read_own(tmp_path / "link", 5) == b"12345"


def test_read_own_is_bounded(tmp_path: Path) -> None:
    """A file beyond the limit is refused, and the limit is named."""
    (tmp_path / "a").write_bytes(b"123456")
    with pytest.raises(OSError, match="limit of 5 bytes") as caught:
        files.read_own(tmp_path / "a", 5)
    assert caught.value.errno == errno.EFBIG


def test_read_own_never_waits(tmp_path: Path) -> None:
    """A FIFO that nobody writes to is refused at once."""
    os.mkfifo(tmp_path / "fifo")
    refused = []

    def read() -> None:
        with pytest.raises(OSError, match="not a regular file"):
            files.read_own(tmp_path / "fifo", 10)
        refused.append(True)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(10)
    assert refused


def test_read_regular_is_bounded_and_never_waits(tmp_path: Path) -> None:
    """Anybody's file is read up to a limit; a pipe is refused at once."""
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_regular(tmp_path / "a", 5) == b"12345"
    assert failure(files.read_regular, tmp_path / "a", 4) == errno.EFBIG
    os.mkfifo(tmp_path / "pipe")
    assert failure(files.read_regular, tmp_path / "pipe", 5) == errno.EINVAL


def test_read_start_gives_the_first_bytes(tmp_path: Path) -> None:
    """However much follows them; a pipe is refused at once."""
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_start(tmp_path / "a", 3) == b"123"
    assert files.read_start(tmp_path / "a", 9) == b"12345"
    os.mkfifo(tmp_path / "pipe")
    assert failure(files.read_start, tmp_path / "pipe", 5) == errno.EINVAL


def test_read_own_refuses_a_folder(tmp_path: Path) -> None:
    """A folder with the name of a file is refused."""
    with pytest.raises(OSError, match="not a regular file"):
        files.read_own(tmp_path, 10)


@needs_root
def test_other_peoples_files_are_refused(tmp_path: Path) -> None:
    """A file or folder of another user is not ours, straight or through a link of ours."""
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"x")
    os.chown(theirs, NOBODY, NOBODY)
    (tmp_path / "link").symlink_to(theirs)
    for path in (theirs, tmp_path / "link"):
        with pytest.raises(files.NotOurs, match="another user"):
            files.read_own(path, 10)
        with pytest.raises(files.NotOurs, match="another user"):
            files.refuse_others(path)
    (tmp_path / "own").symlink_to(tmp_path)
    files.refuse_others(tmp_path / "own")


def test_what_is_no_regular_file_is_told(tmp_path: Path) -> None:
    """The reader sees what it is in place of one."""
    os.mkfifo(tmp_path / "pipe")
    for path, what in (
        (tmp_path, "a folder"),
        (tmp_path / "pipe", "a named pipe"),
        (Path(os.devnull), "a device"),
    ):
        with pytest.raises(OSError, match=f"it is {what}, not a regular file"):
            files.read_regular(path, 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a file, one below it, and a secret beside the folder."""
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "a").write_bytes(b"a")
    (folder / "below" / "b").write_bytes(b"b")
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "folder-too").mkdir()
    (tmp_path / "folder-too" / "a").write_bytes(b"secret")
    return folder


@pytest.mark.parametrize(
    ("name", "content"),
    [("a", b"a"), ("./a", b"a"), ("below/b", b"b"), ("below/../a", b"a"), ("../folder/a", b"a")],
)
def test_a_path_within_a_folder_is_read(folder: Path, name: str, content: bytes) -> None:
    """However it winds, what it leads to lies in the folder or below it."""
    assert files.read_within(folder, name, 1) == content


def test_links_within_a_folder_are_followed(folder: Path) -> None:
    """Links to files and folders that lie within, straight or by a link of their own."""
    (folder / "file").symlink_to("below/b")
    (folder / "place").symlink_to(folder / "below")
    (folder / "twice").symlink_to("place/b")
    for name in ("file", "place/b", "twice"):
        assert files.read_within(folder, name, 1) == b"b"


def test_the_folder_may_be_a_link_itself(folder: Path, tmp_path: Path) -> None:
    """Within is within the folder that the link leads to."""
    (tmp_path / "link").symlink_to(folder)
    assert files.read_within(tmp_path / "link", "below/b", 1) == b"b"


@pytest.mark.parametrize("name", ["../secret", "below/../../secret", "../folder-too/a", "..", "/a"])
def test_a_path_out_of_a_folder_is_refused(folder: Path, name: str) -> None:
    """Whether what it leads to is there or not, and what it is called."""
    with pytest.raises(files.Outside):
        files.read_within(folder, name, 100)


def test_a_link_out_of_a_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """A link to a file, to a folder above it, or by another link, is no way out."""
    (folder / "file").symlink_to("../secret")
    (folder / "place").symlink_to(tmp_path)
    (folder / "twice").symlink_to("file")
    for name in ("file", "place/secret", "twice"):
        with pytest.raises(files.Outside, match="a link that leads out"):
            files.read_within(folder, name, 100)


@pytest.mark.parametrize("swapped", ["a", "below"])
def test_a_link_that_comes_in_between_is_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swapped: str
) -> None:
    """What was checked is what is opened: a file or folder exchanged for a link is refused."""
    (tmp_path / "b").write_bytes(b"secret")
    name = {"a": "a", "below": "below/b"}[swapped]
    open_file = os.open

    def swap_and_open(path: Any, *args: Any, **kwargs: Any) -> int:
        if (folder / swapped).is_symlink():
            return open_file(path, *args, **kwargs)
        (folder / swapped).rename(tmp_path / "gone")
        (folder / swapped).symlink_to(tmp_path / "secret" if swapped == "a" else tmp_path)
        return open_file(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", swap_and_open)
    with pytest.raises(OSError, match=r"symbolic links|Not a directory"):
        files.read_within(folder, name, 100)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "it is a folder, not"),
        (".", "it is a folder, not"),
        ("below", "it is a folder, not"),
        ("fifo", "it is a named pipe, not"),
        ("circle", "symbolic links"),
        ("none", "No such file"),
        ("a/b", "Not a directory"),
        ("a\0b", "holds no NUL"),
        ("n" * 300, "name too long"),
    ],
)
def test_what_is_no_file_within_is_refused(folder: Path, name: str, why: str) -> None:
    """Each with the reason, and without waiting."""
    os.mkfifo(folder / "fifo")
    (folder / "circle").symlink_to("circle")
    with pytest.raises(OSError, match=why):
        files.read_within(folder, name, 100)


def test_reading_within_leaves_nothing_open(folder: Path) -> None:
    """Read or refused, every descriptor is closed again."""
    os.mkfifo(folder / "fifo")
    before = lowest_free_descriptor()
    for name in ("a", "below/b", "fifo", "below/none", "none/none", "a/b"):
        failure(files.read_within, folder, name, 1)
    assert lowest_free_descriptor() == before


def test_a_removed_file_is_gone(notes: Path) -> None:
    """It goes, and one that is not there can't."""
    (notes / "a").write_bytes(b"x")
    files.remove(notes / "a")
    assert tree(notes) == {}
    assert failure(files.remove, notes / "a") == errno.ENOENT


def test_named_gives_one_ending_and_no_hidden_names(tmp_path: Path) -> None:
    """Only names with the ending count, and none that begins with a dot."""
    for name in ("a.toml", "b.sync-conflict-1.toml", ".a.toml", "a.toml.tmp", "c.txt"):
        (tmp_path / name).write_bytes(b"")
    assert {path.name for path in files.named(tmp_path, ".toml")} == {
        "a.toml",
        "b.sync-conflict-1.toml",
    }


def test_what_a_killed_writer_left_is_swept_up(notes: Path, workshop: Path) -> None:
    """An unfinished file of a process that was killed goes later; a fresh one and others stay."""
    killed = (
        "import os, signal, sys; from pathlib import Path; from casefile import files;"
        "os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGKILL);"
        "files.write_once(Path(sys.argv[1]) / 'a', b'x', workshop=Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", killed, notes, workshop], check=False)
    (workshop / "other").write_bytes(b"")
    os.utime(workshop / "other", (0, 0))
    assert tree(notes) == {}
    assert len(tree(workshop)) == 2
    files.sweep(workshop)
    assert len(tree(workshop)) == 2
    files.sweep(workshop, older_than=-1)
    assert set(tree(workshop)) == {"other"}


def test_sweeping_no_folder_is_no_error(tmp_path: Path) -> None:
    """A workshop that was never made has nothing to sweep."""
    files.sweep(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_reason_names_the_file(tmp_path: Path) -> None:
    """What the reader is told of a failure names the file and what the system said."""
    with pytest.raises(OSError, match="No such file") as caught:
        files.read_own(tmp_path / "a", 1)
    assert files.reason(caught.value) == f"{tmp_path / 'a'}: No such file or directory"
    assert files.reason(OSError("all there is")) == "all there is"
