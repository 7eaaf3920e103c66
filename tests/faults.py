"""Faults from outside the program: failing system calls, small disks, other users."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from terminal import readers_environment

from casefile.durable_files import UNFINISHED
from casefile.notes.annotation import SaveError

SAVER = Path(__file__).with_name("saver.py")


CODES = ("ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES")
"""The errors of full, damaged, read-only and foreign disks."""
CHANGING = (
    *("open", "openat", "close", "write", "fsync", "mkdir", "mkdirat", "chmod", "fchmod"),
    *("fchmodat", "link", "linkat", "unlink", "unlinkat", "rename", "renameat", "renameat2"),
)
LOOKING = ("getdents64", "newfstatat", "stat", "faccessat", "faccessat2", "read")


def full(*_arguments: object, **_options: object) -> None:
    """Fail as saving a note on a full disk does."""
    raise SaveError("no space left on device")


def casefile(home: Path, *words: str | Path) -> list[str | Path]:
    """Return a command line of the program for notes below a folder."""
    return [sys.executable, "-m", "casefile", *words, "--notes-dir", home]


@dataclass(frozen=True)
class Call:
    """A system call of a process: the nth of its name."""

    name: str
    nth: int


@dataclass(frozen=True)
class Ended:
    """How a command ended, and the error that was injected."""

    code: int
    out: str
    err: str
    failed: str = ""


class FailingCalls:
    """Make the nth call of some functions of `os` fail, once."""

    def __init__(
        self, patch: pytest.MonkeyPatch, names: Sequence[str], nth: int, code: int
    ) -> None:
        self.left = nth
        self.code = code
        self.failed = ""
        for name in names:
            patch.setattr(os, name, self._counting(name, getattr(os, name)))

    def _counting(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.failed = name
                raise OSError(self.code, os.strerror(self.code))
            return call(*args, **kwargs)

        return counted


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def litter(folder: Path) -> list[str]:
    """Return the unfinished files below a folder."""
    return [name for name in tree(folder) if name.endswith(UNFINISHED)]


def run(
    command: Sequence[str | Path],
    home: Path,
    *,
    given: str = "",
    before: Sequence[str | Path] = (),
    environment: Mapping[str, str | None] | None = None,
) -> Ended:
    """Run a command with this home, optionally through another command."""
    done = subprocess.run(
        [*before, *command],
        input=given.encode(),
        capture_output=True,
        # Without .pyc files, so that every run makes the same system calls.
        env=readers_environment(home, PYTHONDONTWRITEBYTECODE="1", **(environment or {})),
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def calls(
    command: Sequence[str | Path], home: Path, names: Sequence[str], given: str = ""
) -> list[Call]:
    """Run a command; return its calls of these names on files below the home, in order."""
    ended, lines = run_traced(command, home, names, given=given)
    assert ended.code == 0, ended
    counts: dict[str, int] = {}
    found = []
    for line in lines:
        # The pid comes first.
        name = line.partition("(")[0].split()[-1]
        counts[name] = counts.get(name, 0) + 1
        if str(home) in line:
            found.append(Call(name, counts[name]))
    return found


def run_failing(
    command: Sequence[str | Path], home: Path, call: Call, how: str, given: str = ""
) -> Ended:
    """Run a command with an injected `error=EIO` or `signal=KILL` in one call."""
    inject = ("-e", f"inject={call.name}:{how}:when={call.nth}")
    ended, lines = run_traced(command, home, [call.name], *inject, given=given)
    failed = [line for line in lines if "(INJECTED)" in line]
    # Otherwise another call has failed than the one that was meant.
    assert all(str(home) in line for line in failed), failed
    return Ended(ended.code, ended.out, ended.err, "".join(failed))


def run_traced(
    command: Sequence[str | Path], home: Path, names: Sequence[str], *options: str, given: str
) -> tuple[Ended, list[str]]:
    """Run a command under strace; return its calls of these names as strace logs them."""
    # With ?, strace accepts names that this machine doesn't have.
    wanted = ",".join(f"?{name}" for name in names)
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        tracing = ["strace", "-y", "-qq", "-o", log.name]
        # Faster, since other calls don't stop the program; but it can't inject signals.
        tracing += [] if "signal=" in str(options) else ["-f", "--seccomp-bpf"]
        before = [*tracing, "-e", f"trace={wanted}", *options]
        ended = run(command, home, given=given, before=before)
        return ended, log.read().splitlines()


@cache
def _why_no_strace() -> str:
    if shutil.which("strace") is None:
        return "there is no strace"
    done = _do("strace", "-f", "--seccomp-bpf", "-o", os.devnull, "-e", "trace=fsync", "true")
    return "" if done.returncode == 0 else "strace can’t trace here, or is older than 5.3"


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Mount a small tmpfs; skip the test if that is not possible."""
    folder.mkdir(exist_ok=True)
    mount = ("mount", "-t", "tmpfs", "-o", f"mode=700,{options}", "none", folder)
    _or_skip("nothing can be mounted here", *mount)
    try:
        yield folder
    finally:
        _do("umount", "-l", folder).check_returncode()


def remounted(folder: Path, options: str) -> None:
    """Remount a file system with other options."""
    _do("mount", "-o", f"remount,{options}", folder).check_returncode()


@contextmanager
def fat(folder: Path) -> Iterator[Path]:
    """Mount an exFAT, which has no hard links and modes, and folds names; else skip the test."""
    folder.mkdir(exist_ok=True)
    for program in ("mkfs.exfat", "losetup"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program}")
    image = folder.with_suffix(".image")
    with image.open("wb") as made:
        made.truncate(8 * 1024 * 1024)
    _or_skip("no exFAT can be made", "mkfs.exfat", image)
    device = _or_skip("there is no loop device", "losetup", "-f", "--show", image).strip()
    try:
        _mount_fat(device, folder)
        try:
            yield folder
        finally:
            _do("umount", folder).check_returncode()
    finally:
        _do("losetup", "-d", device).check_returncode()


def _mount_fat(device: str, folder: Path) -> None:
    if _do("mount", "-t", "exfat", device, folder).returncode == 0:
        return
    if shutil.which("mount.exfat-fuse") is None:
        pytest.skip("no exFAT can be mounted here, and there is no exfat-fuse")
    _or_skip("no exFAT can be mounted here", "mount.exfat-fuse", device, folder)


def _or_skip(why_not: str, program: str, *arguments: str | Path) -> str:
    done = _do(program, *arguments)
    if done.returncode:
        said = re.sub(r"\s+", " ", done.stderr)[:100]
        pytest.skip(f"{why_not}: {said}")
    return done.stdout


def _do(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program) or program
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=False)


needs_strace = pytest.mark.skipif(bool(_why_no_strace()), reason=_why_no_strace() or "-")
