"""Whether a file is still the one that was read: it may be on a network, so it is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What changes with a file's content: an editor replaces it, or writes into it."""

    inode: int
    size: int
    modified_ns: int


def stamp_of(path: Path) -> Stamp | None:
    """Give the stamp of a file as it is now; None while it can't be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)
