"""Typed files in the state directory: what the program remembers from one run to the next.

None of it is vital: a file that can't be read counts as missing, and a failed write changes
nothing and raises nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from casefile import durable_files, files
from casefile.parsing import parse_toml
from casefile.places import NoDirectory, Places
from casefile.text.ids import is_id

T = TypeVar("T", bound=msgspec.Struct)

# Text of several lines that a TOML literal string can hold as it is.
_LITERAL = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f']*\n")


class StateFile(msgspec.Struct, Generic[T], frozen=True):
    """A file that holds one struct as a TOML table, with the name of its format."""

    places: Places
    name: str
    """The path below the state directory, for example `visits/demo.toml`."""
    format: str
    content: type[T]
    size_limit: int
    """The size in bytes above which the file is not read."""

    def load(self) -> T | None:
        """Return the stored value, or None if the file is missing, damaged or of another format."""
        with suppress(OSError, ValueError):
            table = parse_toml(self._read().decode())
            if table.pop("format", None) == self.format:
                return msgspec.convert(table, self.content)
        return None

    def save(self, value: T) -> bool:
        """Store a value and return whether that succeeded.

        If the file holds this value already, only its modification time is updated.
        """
        try:
            data = _encode(self.format, value)
        except UnicodeEncodeError:
            # TOML is UTF-8, and a path may hold other bytes.
            return False
        with suppress(OSError):
            if self._read() == data:
                os.utime(_path(self.places, self.name))
                return True
        return write(self.places, self.name, data)

    def forget(self) -> bool:
        """Remove the file and return whether it is gone."""
        return _remove(self.places, self.name)

    @property
    def saved_at(self) -> dt.datetime | None:
        """The time of the last `save`, or None if the file is missing."""
        try:
            modified = _path(self.places, self.name).stat().st_mtime
            return dt.datetime.fromtimestamp(modified, dt.UTC)
        except (OSError, ValueError, OverflowError):
            return None

    def _read(self) -> bytes:
        return files.read_own(_path(self.places, self.name), self.size_limit)


def write(places: Places, name: str, data: bytes) -> bool:
    """Write a file of mode 0600 in the state directory and return whether that succeeded."""
    try:
        path = _path(places, name)
        for folder in (places.state, path.parent):
            with suppress(FileNotFoundError):
                if folder:
                    files.check_owner(folder)
        durable_files.private_folder(path.parent)
        durable_files.sweep(path.parent)
        durable_files.replace(path, data)
    except OSError:
        return False
    return True


def forget_all(places: Places, folder: str, format_name: str) -> bool:
    """Remove a folder's state files, one for each case, and return whether they are gone.

    All else in the folder, under whatever name, is the reader's.
    """
    try:
        path = _path(places, folder)
        found = [*path.iterdir()]
    except (NoDirectory, FileNotFoundError):
        return True
    except OSError:
        return False
    are_gone = True
    for one in found:
        try:
            if _is_own(one, format_name):
                durable_files.remove(one)
        except FileNotFoundError:
            continue
        except OSError:
            are_gone = False
    remove_empty_folder(places, path)
    return are_gone


def made_here(places: Places, folder: Path) -> bool:
    """Whether casefile has made a folder; in a named directory it may be the reader's own."""
    return not places.is_named or durable_files.is_private_folder(folder)


def remove_empty_folder(places: Places, folder: Path) -> None:
    """Remove a folder that casefile has made if it is empty."""
    if made_here(places, folder):
        with suppress(OSError):
            folder.rmdir()


def _is_own(path: Path, format_name: str) -> bool:
    """Whether a file is the state of a case, or what a killed process has left of one."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return False
    if path.suffix != ".toml" or not is_id(path.stem):
        return durable_files.is_unfinished(path)
    start = _first_line(format_name).encode()
    return files.read_start(path, len(start)) == start


def _remove(places: Places, name: str) -> bool:
    try:
        path = _path(places, name)
        for one in (path, *durable_files.unfinished_of(path)):
            with suppress(FileNotFoundError):
                durable_files.remove(one)
    except NoDirectory:
        return True
    except OSError:
        return False
    return True


def _path(places: Places, name: str) -> Path:
    if places.state is None:
        raise NoDirectory(places.problem)
    return places.state / name


def _encode(format_name: str, value: msgspec.Struct) -> bytes:
    # Imported here: most runs only read.
    import tomli_w

    table = msgspec.to_builtins(value, builtin_types=(dt.datetime,))
    # tomli reads literal strings many times as fast as others.
    literals = {
        key: table.pop(key)
        for key, text in tuple(table.items())
        if isinstance(text, str) and _LITERAL.fullmatch(text)
    }
    written = _first_line(format_name)
    written += "".join(f"{key} = '''\n{text}'''\n" for key, text in literals.items())
    return (written + tomli_w.dumps(table)).encode()


def _first_line(format_name: str) -> str:
    return f'format = "{format_name}"\n'
