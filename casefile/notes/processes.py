"""Which process writes something, and whether it is still there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

_ENDED = b"Z"
"""The state of a process that has ended, and that nobody has asked yet how."""


class Process(NamedTuple):
    """A process, told from all others, also from a later one of its number."""

    host: str
    pid: int
    started: str
    """The boot and the moment in it when it started; empty where no file tells."""

    @property
    def is_alive(self) -> bool:
        """Whether it runs on this host; of one on another nothing can be known."""
        if self.host != os.uname().nodename:
            return False
        try:
            os.kill(self.pid, 0)
        except OSError:
            # Gone; or another user's that has its number now, for of ours only we ask.
            return False
        if _status(self.pid)[:1] == [_ENDED]:
            # As it stays for some time, or for good, after a lost line on a busy machine.
            return False
        # After a restart of the machine, numbers are soon given to other processes.
        now = _started(self.pid)
        return not (self.started and now) or self.started == now


def this_process() -> Process:
    """Give the process that asks."""
    return Process(os.uname().nodename, os.getpid(), _started(os.getpid()))


def _started(pid: int) -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    status = _status(pid)
    return f"{boot} {status[19].decode()}" if status else ""


def _status(pid: int) -> list[bytes]:
    """Give what the system tells of a process, from its state, the 3rd field, on; or nothing."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    # The name, second and in brackets, may hold anything.
    return status.rpartition(b")")[2].split()
