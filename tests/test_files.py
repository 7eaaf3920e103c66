"""Writing files atomically, durably and privately, and reading them safely."""

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
from faults import FailingCalls
from namespaces import needs_root

from casefile import durable_files, files

CALLS = ("open", "write", "fsync", "link", "mkdir", "chmod", "fchmod", "rename", "replace")
ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES)
NOBODY = 12345


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """Return a folder for unfinished files."""
    folder = tmp_path / "workshop"
    folder.mkdir()
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return a folder for finished files."""
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
    """Return the permission bits of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def errno_of_failure(call: Callable[..., object], *args: object) -> int | None:
    """Return the errno with which a function failed, or None if it succeeded."""
    try:
        call(*args)
    except OSError as error:
        return error.errno
    return None


def lowest_free_descriptor() -> int:
    """Return the descriptor that the next opened file gets."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


def refuse_links(patch: pytest.MonkeyPatch, code: int) -> None:
    """Make every hard link fail, as on a file system without them."""

    def link(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(code, os.strerror(code))

    patch.setattr(os, "link", link)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
@pytest.mark.parametrize("data", [b"", b"a note", b"x" * 3_000_000], ids=["empty", "short", "long"])
def test_file_is_complete_and_private(notes: Path, workshop: Path, data: bytes, mask: int) -> None:
    """A file has the given content and mode 0600 under any umask; no other file is left."""
    with umask(mask):
        durable_files.write_once(notes / "a", data, workshop=workshop)
    assert tree(notes) == {"a": data}
    assert tree(workshop) == {}
    assert mode(notes / "a") == 0o600


def test_same_content_again_is_no_error(notes: Path, workshop: Path) -> None:
    """Writing the same content again changes nothing."""
    durable_files.write_once(notes / "a", b"one", workshop=workshop)
    before = (notes / "a").stat()
    durable_files.write_once(notes / "a", b"one", workshop=workshop)
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
    """A file with other content is not overwritten, and FileExistsError is raised."""
    (notes / "a").write_bytes(b"one")
    if not links:
        refuse_links(monkeypatch, errno.EPERM)
    with pytest.raises(FileExistsError):
        durable_files.write_once(notes / "a", other, workshop=workshop)
    assert tree(notes) == {"a": b"one"}
    assert tree(workshop) == {}


@pytest.mark.parametrize(
    "code", [errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV]
)
def test_file_system_without_hard_links_works(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Without hard links, the file is created under its own name."""
    refuse_links(monkeypatch, code)
    durable_files.write_once(notes / "a", b"one", workshop=workshop)
    durable_files.write_once(notes / "a", b"one", workshop=workshop)
    assert tree(notes) == {"a": b"one"}
    assert tree(workshop) == {}
    assert mode(notes / "a") == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("links", [True, False], ids=["linked", "no links"])
def test_any_failing_call_leaves_nothing_behind(
    tmp_path: Path,
    code: int,
    links: bool,
) -> None:
    """Whichever call fails, existing files are unchanged, and a next try succeeds."""
    failed = set()
    for nth in itertools.count(1):
        root = tmp_path / str(nth)
        root.mkdir()
        (root / "older").write_bytes(b"older")
        path, workshop = root / "notes" / "case" / "a", root / "workshop" / "case"
        with pytest.MonkeyPatch.context() as patch:
            if not links:
                refuse_links(patch, errno.EOPNOTSUPP)
            failing = FailingCalls(patch, CALLS, nth, code)
            if errno_of_failure(save, path, workshop):
                assert failing.failed
                assert tree(root) == {"older": b"older"}
        save(path, workshop)
        assert tree(root) == {"older": b"older", "notes/case/a": b"a note"}
        if not failing.failed:
            break
        failed.add(failing.failed)
    assert failed >= {"open", "write", "fsync", "link", "mkdir", "chmod", "fchmod"}


def save(path: Path, workshop: Path) -> None:
    """Save as the first note is saved: folders, then the file."""
    durable_files.private_folder(workshop)
    durable_files.private_folder(path.parent)
    durable_files.write_once(path, b"a note", workshop=workshop)


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_failed_replace_leaves_old_or_new_content(notes: Path, code: int) -> None:
    """Whichever call fails, the file is complete, and a next try succeeds."""
    path = notes / "draft"
    for nth in itertools.count(1):
        durable_files.replace(path, b"old")
        with pytest.MonkeyPatch.context() as patch:
            failing = FailingCalls(patch, CALLS, nth, code)
            failed = errno_of_failure(durable_files.replace, path, b"newer")
            assert failed == (code if failing.failed else None)
        assert tree(notes) in ({"draft": b"old"}, {"draft": b"newer"})
        durable_files.replace(path, b"newest")
        assert tree(notes) == {"draft": b"newest"}
        if not failing.failed:
            break
    assert nth > 5


def test_replace_creates_private_file(notes: Path) -> None:
    """Replacing a file makes a new one of mode 0600, and doesn't write into the old one."""
    path = notes / "draft"
    path.write_bytes(b"old")
    with path.open("rb") as old:
        durable_files.replace(path, b"new")
        assert old.read() == b"old"
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600


def test_short_writes_are_completed(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All bytes are written, even if each call takes only a few."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    durable_files.write_once(notes / "a", b"0123456789", workshop=workshop)
    assert tree(notes) == {"a": b"0123456789"}


def test_write_of_no_bytes_is_error(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write of no bytes raises an error instead of looping."""
    monkeypatch.setattr(os, "write", lambda _fd, _data: 0)
    with pytest.raises(OSError, match="Input/output"):
        durable_files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == tree(workshop) == {}


def test_content_is_synced_before_link_and_folder_after(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The content is synced before the link, and the folder before the call returns."""
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
    durable_files.write_once(notes / "a", b"x", workshop=workshop)
    assert happened == ["file", "link", "folder"]


def test_folder_without_fsync_is_no_error(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EINVAL from the fsync of a folder is ignored."""
    fsync = os.fsync

    def no_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", no_folders)
    durable_files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == {"a": b"x"}


def test_exit_leaves_no_unfinished_file(
    notes: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exit in the middle of a write leaves nothing behind."""

    def exiting(_descriptor: int) -> None:
        raise SystemExit

    monkeypatch.setattr(os, "fsync", exiting)
    with pytest.raises(SystemExit):
        durable_files.write_once(notes / "a", b"x", workshop=workshop)
    assert tree(notes) == tree(workshop) == {}


def test_existing_link_is_not_followed(notes: Path, workshop: Path, tmp_path: Path) -> None:
    """A symbolic link with the file's name, even a broken one, is not written through."""
    (notes / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="a"):
        durable_files.write_once(notes / "a", b"x", workshop=workshop)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("links", [True, False], ids=["linked", "no links"])
def test_document_has_mode_of_umask(
    notes: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """A document is not private, and doesn't overwrite an existing file."""
    if not links:
        refuse_links(monkeypatch, errno.EPERM)
    with umask(0o022):
        durable_files.write_document(notes / "a", b"one")
    assert mode(notes / "a") == 0o644
    for data in (b"one", b"two"):
        with pytest.raises(FileExistsError):
            durable_files.write_document(notes / "a", data)
    assert tree(notes) == {"a": b"one"}


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_document_is_complete_or_missing(notes: Path, code: int) -> None:
    """Whichever call fails, no part of the document is left."""
    for nth in itertools.count(1):
        with pytest.MonkeyPatch.context() as patch:
            failing = FailingCalls(patch, CALLS, nth, code)
            failed_with = errno_of_failure(durable_files.write_document, notes / "a", b"a document")
        there = tree(notes)
        if failed_with is not None:
            assert there == {}, failing.failed
        else:
            assert there == {"a": b"a document"}, failing.failed
            (notes / "a").unlink()
        if not failing.failed:
            break


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_new_folders_are_private(tmp_path: Path, mask: int) -> None:
    """New folders have mode 0700 under any umask; existing ones keep their mode."""
    tmp_path.chmod(0o755)
    with umask(mask):
        durable_files.private_folder(tmp_path / "a" / "b")
        durable_files.private_folder(tmp_path / "a" / "b")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path) == 0o755


def test_file_in_place_of_folder_is_error(tmp_path: Path) -> None:
    """A file in place of a folder is left, and no new folder stays."""
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(OSError, match="a"):
        durable_files.private_folder(tmp_path / "a" / "b")
    assert tree(tmp_path) == {"a": b"mine"}


@pytest.mark.parametrize("code", ERRORS, ids=errno.errorcode.get)
def test_partly_created_folders_are_removed(tmp_path: Path, code: int) -> None:
    """Whichever call fails, none of the new folders stays."""
    for nth in itertools.count(1):
        with pytest.MonkeyPatch.context() as patch:
            failing = FailingCalls(patch, CALLS, nth, code)
            if errno_of_failure(durable_files.private_folder, tmp_path / "a" / "b" / "c"):
                assert list(tmp_path.iterdir()) == []
        if not failing.failed:
            break
    assert nth == 3 * len(("mkdir", "chmod", "open", "fsync")) + 1


def test_folder_created_concurrently_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that another process creates at the same time is used."""
    mkdir = os.mkdir

    def beaten(*args: Any, **kwargs: Any) -> None:
        mkdir(*args, **kwargs)
        mkdir(*args, **kwargs)

    monkeypatch.setattr(os, "mkdir", beaten)
    durable_files.private_folder(tmp_path / "a")
    assert (tmp_path / "a").is_dir()


def test_read_own_reads_whole_file(tmp_path: Path) -> None:
    """A file is read whole, also through a link and at exactly the limit."""
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert files.read_own(tmp_path / "a", 5) == files.read_own(tmp_path / "link", 5) == b"12345"


def test_read_own_has_size_limit(tmp_path: Path) -> None:
    """A file above the limit is refused, and the message names the limit."""
    (tmp_path / "a").write_bytes(b"123456")
    with pytest.raises(OSError, match="limit of 5 bytes") as caught:
        files.read_own(tmp_path / "a", 5)
    assert caught.value.errno == errno.EFBIG


def test_read_own_refuses_fifo(tmp_path: Path) -> None:
    """A FIFO is refused without waiting for a writer."""
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


def test_read_regular_has_limit_and_refuses_fifo(tmp_path: Path) -> None:
    """Any user's file is read up to a limit; a FIFO is refused."""
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_regular(tmp_path / "a", 5) == b"12345"
    assert errno_of_failure(files.read_regular, tmp_path / "a", 4) == errno.EFBIG
    os.mkfifo(tmp_path / "pipe")
    assert errno_of_failure(files.read_regular, tmp_path / "pipe", 5) == errno.EINVAL


def test_read_start_returns_first_bytes(tmp_path: Path) -> None:
    """Only the first bytes are read; a FIFO is refused."""
    (tmp_path / "a").write_bytes(b"12345")
    assert files.read_start(tmp_path / "a", 3) == b"123"
    assert files.read_start(tmp_path / "a", 9) == b"12345"
    os.mkfifo(tmp_path / "pipe")
    assert errno_of_failure(files.read_start, tmp_path / "pipe", 5) == errno.EINVAL


def test_read_own_refuses_folder(tmp_path: Path) -> None:
    """A folder is refused."""
    with pytest.raises(OSError, match="not a regular file"):
        files.read_own(tmp_path, 10)


@needs_root
def test_files_of_other_users_are_refused(tmp_path: Path) -> None:
    """Another user's file or folder is refused, also through a link."""
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"x")
    os.chown(theirs, NOBODY, NOBODY)
    (tmp_path / "link").symlink_to(theirs)
    for path in (theirs, tmp_path / "link"):
        with pytest.raises(files.WrongOwner, match="another user"):
            files.read_own(path, 10)
        with pytest.raises(files.WrongOwner, match="another user"):
            files.check_owner(path)
    (tmp_path / "own").symlink_to(tmp_path)
    files.check_owner(tmp_path / "own")


def test_special_file_is_named_in_message(tmp_path: Path) -> None:
    """The message says what there is instead of a regular file."""
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
    """Return a folder with a file, one below it, and a secret beside the folder."""
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
def test_path_within_folder_is_read(folder: Path, name: str, content: bytes) -> None:
    """A path may have any form as long as it leads to a file in the folder or below."""
    assert files.read_within(folder, name, 1) == content


def test_links_within_folder_are_followed(folder: Path) -> None:
    """Links to files and folders within the folder are followed."""
    (folder / "file").symlink_to("below/b")
    (folder / "place").symlink_to(folder / "below")
    (folder / "twice").symlink_to("place/b")
    for name in ("file", "place/b", "twice"):
        assert files.read_within(folder, name, 1) == b"b"


def test_folder_may_be_link(folder: Path, tmp_path: Path) -> None:
    """If the folder is a link, its target is the limit."""
    (tmp_path / "link").symlink_to(folder)
    assert files.read_within(tmp_path / "link", "below/b", 1) == b"b"


@pytest.mark.parametrize("name", ["../secret", "below/../../secret", "../folder-too/a", "..", "/a"])
def test_path_out_of_folder_is_refused(folder: Path, name: str) -> None:
    """A path that leads out is refused, whether its target exists or not."""
    with pytest.raises(files.Outside):
        files.read_within(folder, name, 100)


def test_link_out_of_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    """A link to a file or folder outside, also through another link, is refused."""
    (folder / "file").symlink_to("../secret")
    (folder / "place").symlink_to(tmp_path)
    (folder / "twice").symlink_to("file")
    for name in ("file", "place/secret", "twice"):
        with pytest.raises(files.Outside, match="a link that leads out"):
            files.read_within(folder, name, 100)


@pytest.mark.parametrize("swapped", ["a", "below"])
def test_link_created_after_check_is_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swapped: str
) -> None:
    """A file or folder that is replaced by a link after the check is refused."""
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
def test_special_file_within_folder_is_refused(folder: Path, name: str, why: str) -> None:
    """Special files are refused with the reason, without blocking."""
    os.mkfifo(folder / "fifo")
    (folder / "circle").symlink_to("circle")
    with pytest.raises(OSError, match=why):
        files.read_within(folder, name, 100)


def test_read_within_closes_descriptors(folder: Path) -> None:
    """Every descriptor is closed, also after an error."""
    os.mkfifo(folder / "fifo")
    before = lowest_free_descriptor()
    for name in ("a", "below/b", "fifo", "below/none", "none/none", "a/b"):
        errno_of_failure(files.read_within, folder, name, 1)
    assert lowest_free_descriptor() == before


def test_removed_file_is_gone(notes: Path) -> None:
    """A file is removed; a missing one raises FileNotFoundError."""
    (notes / "a").write_bytes(b"x")
    durable_files.remove(notes / "a")
    assert tree(notes) == {}
    assert errno_of_failure(durable_files.remove, notes / "a") == errno.ENOENT


def test_names_in_filters_by_suffix_without_hidden_names(tmp_path: Path) -> None:
    """Only names with the suffix that don't begin with a dot are returned."""
    for name in ("a.toml", "b.sync-conflict-1.toml", ".a.toml", "a.toml.tmp", "c.txt"):
        (tmp_path / name).write_bytes(b"")
    assert files.names_in(tmp_path, ".toml") == {"a.toml", "b.sync-conflict-1.toml"}


def test_sweep_removes_old_unfinished_files(notes: Path, workshop: Path) -> None:
    """Old unfinished files are removed; recent ones and other files stay."""
    killed = (
        "import os, signal, sys; from pathlib import Path; from casefile import durable_files;"
        "os.fsync = lambda fd: os.kill(os.getpid(), signal.SIGKILL);"
        "durable_files.write_once(Path(sys.argv[1]) / 'a', b'x', workshop=Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", killed, notes, workshop], check=False)
    # A pack is written in any folder of the user's, who may have such names too.
    others = {"other", "thesis.unfinished", "abcdef.unfinished", "x0123456789abcdef.unfinished"}
    for name in others:
        (workshop / name).write_bytes(b"")
        os.utime(workshop / name, (0, 0))
    assert tree(notes) == {}
    assert len(tree(workshop)) == 5
    durable_files.sweep(workshop)
    assert len(tree(workshop)) == 5
    durable_files.sweep(workshop, older_than=-1)
    assert set(tree(workshop)) == others


def test_sweep_of_missing_folder_is_no_error(tmp_path: Path) -> None:
    """A missing folder is no error."""
    durable_files.sweep(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_reason_names_file(tmp_path: Path) -> None:
    """The message has the file's name and the system's error."""
    with pytest.raises(OSError, match="No such file") as caught:
        files.read_own(tmp_path / "a", 1)
    assert files.error_with_path(caught.value) == f"{tmp_path / 'a'}: No such file or directory"
    assert files.error_with_path(OSError("all there is")) == "all there is"


def test_held_file_is_held_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor can one be held that has been replaced since it was opened."""
    path = tmp_path / "draft.toml"
    path.write_text("one")
    with files.held(path), pytest.raises(BlockingIOError), files.held(path):
        pass
    with monkeypatch.context() as patch:
        path.with_name("new").write_text("two")
        patch.setattr("fcntl.flock", lambda *_: path.with_name("new").rename(path))
        with pytest.raises(BlockingIOError), files.held(path):
            pass
    with files.held(path):
        assert path.read_text() == "two"


@pytest.mark.parametrize("code", [errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP])
def test_file_is_held_where_there_are_no_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """On a network file system what can't be locked can be used all the same."""

    def refuse(*_arguments: object) -> None:
        raise OSError(code, os.strerror(code))

    path = tmp_path / "draft.toml"
    path.write_text("one")
    monkeypatch.setattr("fcntl.flock", refuse)
    with files.held(path):
        assert path.read_text() == "one"
