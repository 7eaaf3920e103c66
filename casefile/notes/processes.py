"""Identifying a process, and finding out whether it still runs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_ZOMBIE = b"Z"
"""The state of a process that has ended and that its parent has not waited for."""


class Process(NamedTuple):
    """A process, distinguished from later ones with the same number."""

    host: str
    pid: int
    started: str
    """The id of the boot and the start time in clock ticks since; empty without /proc."""

    @property
    def is_alive(self) -> bool:
        """Whether the process runs on this host; False for another host."""
        if self.host != os.uname().nodename:
            return False
        try:
            os.kill(self.pid, 0)
        except OSError:
            # No such process, or the number now belongs to another user's process.
            return False
        # After a lost connection a zombie may stay for a long time.
        if _status(self.pid)[:1] == [_ZOMBIE]:
            return False
        # After a reboot, another process may have the number.
        now = _started(self.pid)
        return not (self.started and now) or self.started == now


def this_process() -> Process:
    """Return the current process."""
    return _process(os.getpid())


def descendants(pid: int) -> list[Process]:
    """Return the processes in this session that a process has started, and those that they have.

    One that has begun a session of its own is meant to outlive it. Empty without /proc.
    """
    found: list[Process] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text().split()):
                if os.getsid(child) == os.getsid(0):
                    found += [_process(child), *descendants(child)]
    return found


def _process(pid: int) -> Process:
    return Process(os.uname().nodename, pid, _started(pid))


def _started(pid: int) -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    status = _status(pid)
    return f"{boot} {status[19].decode()}" if status else ""


def _status(pid: int) -> list[bytes]:
    """Return the fields of /proc/PID/stat from the third, the state, on; empty if unreadable."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    # The second field, the name in brackets, may hold spaces and brackets.
    return status.rpartition(b")")[2].split()
