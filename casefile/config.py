"""What the reader has settled in `config.toml`: theme, mouse, keys, and where cases are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from casefile.case.document import NoDocument, Part
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import Problem, in_file_order, quoted
from casefile.files import read_own, why
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
_IN_WORDS: dict[type[object], str] = {
    str: "text",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}
_SETTING = "setting"


class Config(msgspec.Struct, frozen=True):
    """What is settled, and what is wrong with the file; a bad value stands at its default."""

    author: str | None = None
    """What notes are signed with; else the login name."""
    theme: str | None = None
    mouse: bool = True
    folders: tuple[Path, ...] = ()
    """Where cases are looked for."""
    cases: tuple[Path, ...] = ()
    """Files that are named one by one."""
    recent: bool = True
    """Whether it is remembered which cases were opened, and how they were when they were left."""
    keys: Mapping[str, str] = {}
    """By the id of a binding the keys to take in place of its own, parted by commas."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_read(self) -> bool:
        """Whether the file could be read, or there is none; single settings may be wrong."""
        return all(problem.code == _SETTING for problem in self.problems)


def config_path(places: Places) -> Path | None:
    """Give where the file is, or would be; None without a home."""
    return places.config / NAME if places.config else None


def read_config(places: Places) -> Config:
    """Read the file; without one, everything is as it comes. Whatever is wrong is a problem."""
    path = config_path(places)
    if path is None:
        return Config()
    try:
        data = read_own(path, SIZE_LIMIT)
    except FileNotFoundError:
        return Config()
    except OSError as error:
        what = f"can't be read: {why(error)}"
        return Config(problems=(Problem(path, None, "unreadable", what),))
    part = Part(data, 1)
    try:
        return _Reader(path, part).read(part.parsed())
    except NoDocument as refused:
        faults = (Problem(path, one.position, one.code, one.what) for one in refused.faults)
        return Config(problems=tuple(faults))


def misfit(places: Places, keys: tuple[str, ...], what: str) -> Problem:
    """Give the problem, with its place, that a value is sound and can't be used all the same.

    `keys` lead to the value, as in `("keys", "note.new")`.
    """
    path = config_path(places) or Path(NAME)
    try:
        part = Part(read_own(path, SIZE_LIMIT), 1)
        part.parsed()
    except (OSError, NoDocument):
        # It was there a moment ago.
        part = Part(b"", 1)
    return _Reader(path, part).problem(what, *keys)


class _Reader:
    """One reading of the file; collects problems as it goes."""

    def __init__(self, path: Path, part: Part) -> None:
        self._path = path
        self._part = part
        self._problems: list[Problem] = []

    def read(self, document: Mapping[str, Any]) -> Config:
        """Take every setting, and tell what is none."""
        top = dict(self._sound(document, _TOP))
        if "author" in top and not 0 < len(top["author"].strip()) <= AUTHOR_LENGTH:
            name = top.pop("author")
            self._tell(
                f"is {_in_words(name)}; write a name of 1 to {AUTHOR_LENGTH} characters", "author"
            )
        library = dict(self._sound(top.pop("library", {}), _LIBRARY, "library"))
        for key in ("folders", "cases"):
            library[key] = tuple(self._paths(library.get(key, ()), "library", key))
        keys = dict(self._keys(top.pop("keys", {}), "keys"))
        problems = tuple(sorted(self._problems, key=in_file_order))
        return Config(**top, **library, keys=keys, problems=problems)

    def problem(self, what: str, *keys: str | int) -> Problem:
        """Give what is wrong with the value to which keys lead, with its place."""
        names = [key for key in keys if isinstance(key, str)]
        name = ".".join(names[1:] or names)
        return Problem(self._path, self._position(keys), _SETTING, f"{name}: {what}")

    def _position(self, keys: KeyPath) -> Position | None:
        # An id such as `note.new` is one key in quotation marks, and two keys without.
        parts = (
            part for key in keys for part in (key.split(".") if isinstance(key, str) else [key])
        )
        found = [self._part.position(path) for path in (keys, tuple(parts))]
        return max(filter(None, found), default=None)

    def _tell(self, what: str, *keys: str | int) -> None:
        self._problems.append(self.problem(what, *keys))

    def _sound(
        self, table: Mapping[str, Any], settings: Mapping[str, type[object]], *above: str
    ) -> Iterator[tuple[str, Any]]:
        """Give the settings of a table that are of the type they should have."""
        for key, value in table.items():
            kind = settings.get(key)
            if kind is None:
                self._tell(f"is no setting; {nearest_or_all(key, settings)}", *above, key)
            elif isinstance(value, kind):
                yield key, value
            else:
                self._tell(f"is {_in_words(value)}; write {_IN_WORDS[kind]}", *above, key)

    def _paths(self, values: Iterable[Any], *keys: str) -> Iterator[Path]:
        for number, value in enumerate(values):
            # Path.expanduser() raises where there is no home.
            path = os.path.expanduser(value) if isinstance(value, str) else ""  # noqa: PTH111
            if path.startswith("/") and "\0" not in path:
                yield Path(path)
            else:
                what = f"{_in_words(value)} is no full path; begin with / or ~/"
                self._tell(what, *keys, number)

    def _keys(self, table: Mapping[str, Any], *above: str) -> Iterator[tuple[str, str]]:
        for name, value in table.items():
            # An id without quotation marks, as in `note.new = "n"`, is to TOML a table in a table.
            if isinstance(value, dict):
                yield from self._keys(value, *above, name)
            elif isinstance(value, str) and value.strip():
                yield ".".join((*above[1:], name)), value
            else:
                what = f'is {_in_words(value)}; write keys such as "n" or "n,ctrl+n"'
                self._tell(what, *above, name)


def _in_words(value: object) -> str:
    """Give what stands in place of what should, short enough for one line."""
    if isinstance(value, str):
        return quoted(value)
    kinds = (words for kind, words in _IN_WORDS.items() if isinstance(value, kind))
    return next(kinds, "a number or a date")
