"""Which cases there are: those that the config names, those that are shipped, the recent ones."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from casefile.case.head import HEAD_BYTES, TOP_BYTES, calls_itself_a_case, contents_of, head_of
from casefile.case.model import Case
from casefile.case.problem import Problem
from casefile.case.reader import read_case
from casefile.config import Config
from casefile.console import Refused
from casefile.files import read_start, why
from casefile.places import Places, shipped
from casefile.state.recent import Recent, recent_cases
from casefile.text.ids import is_id
from casefile.text.suggestions import KnownNames

BUNDLED = "diana-fentanyl-2017"

DEEPEST = 3
"""So many folders below one that is named are searched: year, month, case."""
MOST_NAMES = 20_000
MOST_SECONDS = 5.0
COUNTED_BYTES = 8 * 1024 * 1024
"""The entries of a larger file are not counted for a listing: that would take seconds."""


class Library(msgspec.Struct, frozen=True):
    """Where cases are looked for, besides those that are shipped with the program."""

    folders: tuple[Path, ...] = ()
    cases: tuple[Path, ...] = ()
    recent: tuple[Recent, ...] = ()


class KnownCase(msgspec.Struct, frozen=True):
    """A case that the library knows of, or a file or folder in it that can't be read."""

    path: Path
    origin: Literal["config", "shipped", "recent"]
    """Where it is known from."""
    id: str | None = None
    title: str | None = None
    counts: Mapping[str, int] | None = None
    """The number of entries by table, less the case itself; None where they were not counted."""
    opened: dt.datetime | None = None
    """When it was last opened, where that is remembered."""
    problem: Problem | None = None
    """The first of what is wrong, where it can't be opened."""

    @property
    def entries(self) -> int | None:
        """The number of its entries, less the case itself; None where they were not counted."""
        return None if self.counts is None else sum(self.counts.values())


class NoSuchCase(Refused):
    """A name is neither that of a file nor the id of a case; its line names the nearest ids."""


class SeveralCases(Refused):
    """A name is the id of several files, which its line names; a path is never ambiguous."""

    def __init__(self, case_id: str, paths: tuple[Path, ...]) -> None:
        several = " and ".join(map(str, paths))
        super().__init__(f"“{case_id}” is the id of {several}; name one of these files.")
        self.paths = paths


def open_library(places: Places, config: Config) -> Library:
    """Give the library of this reader; what is not to be remembered is not looked at either."""
    return Library(config.folders, config.cases, recent_cases(places) if config.recent else ())


def find_case(name: str, library: Library | None = None) -> Path:
    """Give the file that a path or the id of a case names; a path may lead nowhere.

    Without a library, only the cases that are shipped are known by their ids. Raises NoSuchCase,
    and SeveralCases where the id is that of more than one file.
    """
    path = Path(name)
    # A link that leads nowhere is still the file that was named; a folder is no case.
    if not is_id(name) or (os.path.lexists(path) and not path.is_dir()):
        return path
    known_cases = [known for known in _known(library or Library()) if not known.problem]
    ids = {known.path: _id_of(known, name) for known in known_cases}
    found = tuple(path for path, case_id in ids.items() if case_id == name)
    if len(found) > 1:
        raise SeveralCases(name, found)
    if not found:
        raise _no_such_case(name, {case_id for case_id in ids.values() if case_id})
    return found[0]


def cases(library: Library) -> Iterator[KnownCase]:
    """Give every case that is known, each as soon as it is read; a bad file hides no other."""
    for known in _known(library):
        yield known if known.problem else _read(known)


def duplicates(listing: Iterable[KnownCase]) -> dict[str, tuple[Path, ...]]:
    """Give the ids that several files of a listing have, with these files."""
    paths: dict[str, tuple[Path, ...]] = {}
    for known in listing:
        if known.id is not None:
            paths[known.id] = (*paths.get(known.id, ()), known.path)
    return {case_id: several for case_id, several in paths.items() if len(several) > 1}


def library_or_case(library: Library) -> Path | None:
    """Give the case to open where none is named, or None where there are several to choose from.

    It is the only one of the reader's own, or the bundled one where there is none.
    """
    known = (one for one in _known(library) if one.origin != "shipped" and not one.problem)
    own = [one.path for one in islice(known, 2)]
    if len(own) > 1:
        return None
    return own[0] if own else bundled()


def bundled() -> Path:
    """Give the case that shows a reader what a case file is."""
    return shipped("data") / f"{BUNDLED}.toml"


def _known(library: Library) -> Iterator[KnownCase]:
    """Give every file that is known, the same file by two paths once, none of them read."""
    opened = {_identity(Path(recent.path)): recent.opened for recent in reversed(library.recent)}
    search = _Search()
    seen = set()
    for known in chain(
        (KnownCase(path, "config") for path in library.cases),
        *map(search.in_folder, library.folders),
        (KnownCase(path, "shipped") for path in sorted(shipped("data").glob("*.toml"))),
        (_remembered(recent) for recent in library.recent if _is_there(Path(recent.path))),
    ):
        identity = _identity(known.path)
        if identity not in seen:
            seen.add(identity)
            yield replace(known, opened=opened.get(identity))


def _remembered(recent: Recent) -> KnownCase:
    return KnownCase(Path(recent.path), "recent", recent.id, recent.title)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # It may be in a folder that is somebody else's by now.
        return False


def _identity(path: Path) -> object:
    """Give what is the same for one file by two paths."""
    try:
        status = path.stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino


def _id_of(known: KnownCase, wanted: str) -> str | None:
    """Give the id of a case; where it is remembered as another's, without looking."""
    if known.id not in (None, wanted):
        return known.id
    case_id = None
    with suppress(OSError):
        case_id = head_of(read_start(known.path, HEAD_BYTES)).id
    if case_id is None:
        case_file = read_case(known.path).case_file
        case_id = case_file.case.id if case_file else None
    return case_id


def _no_such_case(name: str, known: Iterable[str]) -> NoSuchCase:
    hint = KnownNames(sorted(known)).hint(name) or "; `casefile list` names those there are"
    return NoSuchCase(f"There is no file and no case “{name}”{hint}.")


def _read(known: KnownCase) -> KnownCase:
    """Give a case with what it holds, or with what hinders opening it."""
    with suppress(OSError):
        data = read_start(known.path, COUNTED_BYTES + 1)
        head = head_of(data[:HEAD_BYTES])
        known = replace(known, id=head.id or known.id, title=head.title or known.title)
        if head.id and len(data) > COUNTED_BYTES:
            return known
        if len(data) <= COUNTED_BYTES and (contents := contents_of(data)):
            return replace(known, id=contents.id, title=contents.title, counts=contents.counts)
    return _read_closely(known)


def _read_closely(known: KnownCase) -> KnownCase:
    reading = read_case(known.path)
    if reading.case_file is None:
        return replace(known, problem=_hindrance(reading.problems))
    case = reading.case_file.case
    counts = Counter(entry.table_name for entry in reading.case_file.entries.values())
    del counts[Case.table]
    return replace(known, id=case.id, title=case.title, counts=counts)


def _hindrance(problems: Sequence[Problem]) -> Problem:
    """Give the first problem that is an error, of several that hinder opening."""
    return next((problem for problem in problems if not problem.is_finding), problems[0])


class _Search:
    """A search of folders for case files, bounded in names and in time over all of them."""

    def __init__(self) -> None:
        self._names_left = MOST_NAMES
        self._seconds_left = MOST_SECONDS

    def in_folder(self, folder: Path) -> Iterator[KnownCase]:
        """Give the case files in a folder and, following no links, in those below it."""
        waiting = deque([(folder, 0)])
        while waiting:
            place, depth = waiting.popleft()
            if self._names_left <= 0 or self._seconds_left <= 0:
                what = "the search ends here, it is too large; name cases one by one in `cases`"
                yield _unread(place, what)
                return
            # Timed by itself, for whoever takes what is found may be slow.
            begun = time.monotonic()
            found, below = self._look(place)
            self._seconds_left -= time.monotonic() - begun
            yield from found
            if depth < DEEPEST:
                waiting.extend((inner, depth + 1) for inner in below)

    def _look(self, place: Path) -> tuple[list[KnownCase], list[Path]]:
        try:
            with os.scandir(place) as names:
                items = sorted(islice(names, self._names_left), key=lambda item: item.name)
            visible = [item for item in items if not item.name.startswith(".")]
            below = [Path(item.path) for item in visible if item.is_dir(follow_symlinks=False)]
        except OSError as error:
            return [_unread(place, f"can't be read: {why(error)}")], []
        self._names_left -= len(items)
        files = [Path(item.path) for item in visible if item.name.endswith(".toml")]
        return [known for path in files if (known := _sighted(path))], below


def _sighted(path: Path) -> KnownCase | None:
    """Give a file that calls itself a case; of a folder, device or other file, nothing."""
    try:
        is_case = path.is_file() and calls_itself_a_case(read_start(path, TOP_BYTES))
    except OSError as error:
        return _unread(path, f"can't be read: {why(error)}")
    return KnownCase(path, "config") if is_case else None


def _unread(path: Path, what: str) -> KnownCase:
    return KnownCase(path, "config", problem=Problem(path, None, "library", what))
