"""What is remembered from one run to the next: small private files in the state directory.

None of it is worth stopping for: what can't be read is as if it had never been written, and what
can't be written is not remembered. A name may have a folder before it, as in `visits/demo.toml`.
"""

from __future__ import annotations

import datetime as dt
import os
from contextlib import suppress
from pathlib import Path

from casefile import files
from casefile.places import NoPlace, Places


def recall(places: Places, name: str, limit: int) -> bytes | None:
    """Give what was remembered under a name, or None where nothing of it can be read."""
    try:
        return files.read_own(_path(places, name), limit)
    except OSError:
        return None


def remember(places: Places, name: str, data: bytes) -> bool:
    """Put a file in place of the one before, and say whether that could be done."""
    try:
        path = _path(places, name)
        _refuse_foreign(places.state, path.parent)
        files.private_folder(path.parent)
        files.sweep(path.parent)
        files.replace(path, data)
    except OSError:
        return False
    return True


def remembered_at(places: Places, name: str) -> dt.datetime | None:
    """Give when something was remembered last, or None where it is not there."""
    try:
        return dt.datetime.fromtimestamp(_path(places, name).stat().st_mtime, dt.UTC)
    except (OSError, ValueError, OverflowError):
        return None


def renew(places: Places, name: str) -> None:
    """Make what is remembered under a name as new as if it had been written now."""
    with suppress(OSError):
        os.utime(_path(places, name))


def remembered_in(places: Places, folder: str) -> tuple[str, ...]:
    """Give the names of all that is remembered in a folder."""
    try:
        return tuple(
            f"{folder}/{path.name}" for path in files.named(_path(places, folder), ".toml")
        )
    except OSError:
        return ()


def forget(places: Places, *names: str) -> bool:
    """Remove what was remembered under some names, and say whether nothing of it is left."""
    try:
        for name in names:
            _path(places, name).unlink(missing_ok=True)
    except NoPlace:
        return True
    except OSError:
        return False
    return True


def _path(places: Places, name: str) -> Path:
    if places.state is None:
        raise NoPlace(places.problem)
    return places.state / name


def _refuse_foreign(*folders: Path | None) -> None:
    for folder in folders:
        with suppress(FileNotFoundError):
            if folder:
                files.refuse_others(folder)
