"""The reader's settings in `config.toml`: author, theme, mouse, keys, and where cases are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from casefile.case.document import DocumentError, DocumentPart
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import Problem, file_order_key, in_quotes
from casefile.files import error_reason, path_named, read_own
from casefile.places import AUTHOR_LENGTH, Places
from casefile.text.suggestions import nearest_or_all

NAME = "config.toml"
SIZE_LIMIT = 256 * 1024

_TOP: dict[str, type[object]] = {
    "author": str,
    "theme": str,
    "mouse": bool,
    "library": dict,
    "keys": dict,
}
_LIBRARY: dict[str, type[object]] = {"folders": list, "cases": list, "recent": bool}
_TYPE_NAMES: dict[type[object], str] = {
    str: "text",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_SETTING = "setting"


class Config(msgspec.Struct, frozen=True):
    """The settings, and the problems in the file; a wrong value is left at its default."""

    author: str | None = None
    """The author of notes; by default the login name."""
    theme: str | None = None
    mouse: bool = True
    folders: tuple[Path, ...] = ()
    """The folders that are searched for cases."""
    cases: tuple[Path, ...] = ()
    """The case files that are listed one by one."""
    recent: bool = True
    """Whether to remember which cases were opened, and how they were when they were left."""
    keys: Mapping[str, str] = {}
    """The keys of each binding, by its id, separated by commas; they replace the default ones."""
    problems: tuple[Problem, ...] = ()


def config_path(places: Places) -> Path | None:
    """Return the path of the file, which may not exist; None without a home directory."""
    return places.config / NAME if places.config else None


def read_config(places: Places) -> Config:
    """Return the settings, all default without a file; errors become problems."""
    path = config_path(places)
    if path is None:
        return Config()
    try:
        data = read_own(path, SIZE_LIMIT)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        what = f"can't be read: {error_reason(error)}"
        return Config(problems=(Problem(path, None, "unreadable", what),))
    part = DocumentPart(data, 1)
    try:
        return _Reader(path, part).read(part.parsed())
    except DocumentError as error:
        faults = (Problem(path, one.position, one.code, one.what) for one in error.faults)
        return Config(problems=tuple(faults))


def setting_problem(places: Places, keys: tuple[str, ...], what: str) -> Problem:
    """Return the problem with the value at the path `keys`, which is of the right type."""
    path = config_path(places) or Path(NAME)
    try:
        part = DocumentPart(read_own(path, SIZE_LIMIT), 1)
        part.parsed()
    except (OSError, DocumentError):
        # The file was changed since it was read.
        part = DocumentPart(b"", 1)
    return _Reader(path, part).problem(what, *keys)


class _Reader:
    def __init__(self, path: Path, part: DocumentPart) -> None:
        self._path = path
        self._part = part
        self._problems: list[Problem] = []

    def read(self, document: Mapping[str, Any]) -> Config:
        """Return the settings in a document."""
        top = dict(self._known_settings(document, _TOP))
        if "author" in top and not 0 < len(top["author"].strip()) <= AUTHOR_LENGTH:
            name = top.pop("author")
            self._add_problem(
                f"is {_describe(name)}; write a name of 1 to {AUTHOR_LENGTH} characters", "author"
            )
        library = dict(self._known_settings(top.pop("library", {}), _LIBRARY, "library"))
        for key in ("folders", "cases"):
            library[key] = tuple(self._paths(library.get(key, ()), "library", key))
        keys = dict(self._keys(top.pop("keys", {}), "keys"))
        problems = tuple(sorted(self._problems, key=file_order_key))
        return Config(**top, **library, keys=keys, problems=problems)

    def problem(self, what: str, *keys: str | int) -> Problem:
        """Return a problem with the value at the path `keys`, with its position."""
        names = [key for key in keys if isinstance(key, str)]
        name = ".".join(names[1:] or names)
        return Problem(self._path, self._position(keys), _SETTING, f"{name}: {what}")

    def _position(self, keys: KeyPath) -> Position | None:
        # An id such as `note.new` is one key with quotation marks, and two keys without.
        parts = (
            part for key in keys for part in (key.split(".") if isinstance(key, str) else [key])
        )
        found = [self._part.position(path) for path in (keys, tuple(parts))]
        return max(filter(None, found), default=None)

    def _add_problem(self, what: str, *keys: str | int) -> None:
        self._problems.append(self.problem(what, *keys))

    def _known_settings(
        self, table: Mapping[str, Any], settings: Mapping[str, type[object]], *above: str
    ) -> Iterator[tuple[str, Any]]:
        """Yield the known settings of a table that have the right type."""
        for key, value in table.items():
            kind = settings.get(key)
            if kind is None:
                self._add_problem(f"is not a setting; {nearest_or_all(key, settings)}", *above, key)
            elif isinstance(value, kind):
                yield key, value
            else:
                self._add_problem(f"is {_describe(value)}; write {_TYPE_NAMES[kind]}", *above, key)

    def _paths(self, values: Iterable[Any], *keys: str) -> Iterator[Path]:
        for number, value in enumerate(values):
            if isinstance(value, str) and "\0" in value:
                self._add_problem(f"{_describe(value)} has a NUL, which no path has", *keys, number)
                continue
            # Path.expanduser() raises where there is no home.
            path = os.path.expanduser(path_named(value)) if isinstance(value, str) else ""  # noqa: PTH111
            if path.startswith("/"):
                yield Path(path)
            else:
                what = f"{_describe(value)} is not a full path; begin it with / or ~/"
                self._add_problem(what, *keys, number)

    def _keys(self, table: Mapping[str, Any], *above: str) -> Iterator[tuple[str, str]]:
        for name, value in table.items():
            # Without quotation marks, `note.new = "n"` is a table in a table.
            if isinstance(value, dict):
                yield from self._keys(value, *above, name)
            elif isinstance(value, str) and value.strip():
                yield ".".join((*above[1:], name)), value
            else:
                what = f'is {_describe(value)}; write keys such as "n" or "n,ctrl+n"'
                self._add_problem(what, *above, name)


def _describe(value: object) -> str:
    if isinstance(value, str):
        return in_quotes(value)
    kinds = (words for kind, words in _TYPE_NAMES.items() if isinstance(value, kind))
    return next(kinds, "a number or a date")
