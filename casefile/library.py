"""The library: the cases in the configured folders, the shipped ones and the recent ones."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from casefile.case.head import HEAD_BYTES, TOP_BYTES, declares_format, read_contents, read_head
from casefile.case.model import Case
from casefile.case.problem import Problem
from casefile.case.reader import read_case
from casefile.config import Config
from casefile.console import CommandError
from casefile.files import error_reason, path_named, read_start
from casefile.parsing import parse_toml
from casefile.places import Places, shipped
from casefile.state.recent import Recent, recent_cases
from casefile.text.ids import is_id
from casefile.text.suggestions import KnownNames

BUNDLED = "diana-fentanyl-2017"

DEEPEST = 3
"""How many levels of subfolders are searched: year, month, case."""
MOST_NAMES = 20_000
MOST_SECONDS = 5.0
COUNTED_BYTES = 8 * 1024 * 1024
"""The size in bytes above which a file's entries are not counted, which would take seconds."""


class Library(msgspec.Struct, frozen=True):
    """Where to look for cases, besides the shipped ones."""

    folders: tuple[Path, ...] = ()
    cases: tuple[Path, ...] = ()
    recent: tuple[Recent, ...] = ()


class KnownCase(msgspec.Struct, frozen=True):
    """A case in the library, or a file or folder that can't be read."""

    path: Path
    origin: Literal["config", "shipped", "recent"]
    """How the library knows of the case."""
    id: str | None = None
    title: str | None = None
    counts: Mapping[str, int] | None = None
    """The number of entries by table, without the case itself; None if not counted."""
    opened: dt.datetime | None = None
    """When the case was opened last, if that is stored."""
    problem: Problem | None = None
    """The first error, if the case can't be opened."""

    @property
    def entries(self) -> int | None:
        """The number of entries, without the case itself; None if not counted."""
        return None if self.counts is None else sum(self.counts.values())


class NoSuchCase(CommandError):
    """A name is neither a file nor the id of a case; the message names similar ids."""


class SeveralCases(CommandError):
    """A name is the id of several case files, which the message lists."""

    def __init__(self, case_id: str, paths: tuple[Path, ...]) -> None:
        several = " and ".join(map(str, paths))
        super().__init__(f"“{case_id}” is the id of {several}; name one of these files.")
        self.paths = paths


class UnreadCopy(CommandError):
    """What can't be read as a case may be, or have in it, a newer file of it."""

    def __init__(self, case_id: str, path: Path) -> None:
        super().__init__(
            f"“{case_id}” may also be in {path}, where it can't be read; name its file."
        )


def open_library(places: Places, config: Config) -> Library:
    """Return the reader's library, without recent cases if those are switched off."""
    return Library(config.folders, config.cases, recent_cases(places) if config.recent else ())


def find_case(name: str, library: Library | None = None, *, for_export: bool = False) -> Path:
    """Return the file for a path or the id of a case; a file at a path need not exist.

    Without a library, only the ids of shipped cases are known. Raises NoSuchCase and SeveralCases;
    if something of the case is exported, also UnreadCopy.
    """
    if not name:
        raise NoSuchCase("The name of the case is empty.")
    path = Path(name)
    # A broken link is still the file that was meant; a folder is not.
    if not is_id(name) or (os.path.lexists(path) and not path.is_dir()):
        return path
    library = library or Library()
    listing = (
        list_for_export(library)
        if for_export
        else [replace(known, id=_id_of(known, name)) for known in _known(library)]
    )
    found = only_file(name, listing)
    if found is None:
        known_ids = sorted({known.id for known in listing if known.id})
        hint = KnownNames(known_ids).hint(name) or "; `casefile list` names those there are"
        raise NoSuchCase(f"There is no file or case “{name}”{hint}.")
    if for_export:
        check_copies(name, listing, library)
    return found


def only_file(case_id: str, listing: Iterable[KnownCase]) -> Path | None:
    """Return the file in a listing that has an id, or None; raises SeveralCases."""
    found = tuple(known.path for known in listing if known.id == case_id)
    if len(found) > 1:
        raise SeveralCases(case_id, found)
    return found[0] if found else None


def check_copies(case_id: str, listing: Iterable[KnownCase], library: Library) -> None:
    """Raise UnreadCopy if another file of a case may be in what can't be read.

    That is what has no readable id in a listing for export, or the file that was opened last, if
    it is missing or doesn't read as the case. Nobody can say then which file is right
    about what is confidential.
    """
    for known in listing:
        if known.id is None and _may_have(known.path, case_id):
            raise UnreadCopy(case_id, known.path)
    last = next((recent for recent in library.recent if recent.id == case_id), None)
    if last and _read_id(path := path_named(last.path)) != case_id:
        raise UnreadCopy(case_id, path)


def _may_have(path: Path, case_id: str) -> bool:
    """Return whether what has no readable id may be, or have in it, a file of a case.

    What can't be opened or is no text may be a file of any case; other text only if the id is a
    word of it or of its name.
    """
    try:
        data = read_start(path, COUNTED_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return True
    if len(data) > COUNTED_BYTES or "\0" in text:
        return True
    if _is_other_toml(text):
        return False
    named = os.fsencode(path.name).decode(errors="replace")
    return re.search(rf"(?<![a-z0-9-]){case_id}(?![a-z0-9-])", f"{named}\n{text}") is not None


def _is_other_toml(text: str) -> bool:
    """Return whether a text is TOML with some keys, but neither the format nor the case."""
    try:
        document = parse_toml(text)
    except ValueError:
        return False
    return bool(document) and document.keys().isdisjoint(("format", Case.table))


def list_cases(library: Library) -> Iterator[KnownCase]:
    """Yield the known cases, each as soon as it is read, unreadable ones with their problem."""
    for known in _known(library):
        yield known if known.problem else _read(known)


def list_for_export(library: Library) -> list[KnownCase]:
    """Return what is or may be a case, each with the id that its file has now, if it can be read.

    That is also what in the folders has the name of a case file but no format key. An id that a
    recent case had when it was opened doesn't count.
    """
    return [
        replace(known, id=None if known.problem else _read_id(known.path))
        for known in _known(library, with_doubtful=True)
    ]


def duplicates(listing: Iterable[KnownCase]) -> dict[str, tuple[Path, ...]]:
    """Return the ids that several files in a listing have, with their paths."""
    paths: dict[str, tuple[Path, ...]] = {}
    for known in listing:
        if known.id is not None:
            paths[known.id] = (*paths.get(known.id, ()), known.path)
    return {case_id: several for case_id, several in paths.items() if len(several) > 1}


def case_to_open(library: Library) -> Path | None:
    """Return the case to open if none is named, or None to show the library.

    It is the reader's only case, or the bundled one if the reader has none.
    """
    known = (one for one in _known(library) if one.origin != "shipped" and not one.problem)
    own = [one.path for one in islice(known, 2)]
    if len(own) > 1:
        return None
    return own[0] if own else bundled_case_path()


def bundled_case_path() -> Path:
    """Return the path of the example case that comes with the program."""
    return shipped("data") / f"{BUNDLED}.toml"


def _known(library: Library, *, with_doubtful: bool = False) -> Iterator[KnownCase]:
    """Yield the known files without reading them; a file with several paths is yielded once."""
    opened = {
        _identity(path_named(recent.path)): recent.opened for recent in reversed(library.recent)
    }
    search = _Search(with_doubtful=with_doubtful)
    seen = set()
    for known in chain(
        (KnownCase(path, "config") for path in library.cases),
        *map(search.in_folder, library.folders),
        (KnownCase(path, "shipped") for path in sorted(shipped("data").glob("*.toml"))),
        (
            KnownCase(path, "recent", recent.id, recent.title)
            for recent in library.recent
            # Path.is_file() raises PermissionError.
            if os.path.isfile(path := path_named(recent.path))  # noqa: PTH113
        ),
    ):
        identity = _identity(known.path)
        if identity not in seen:
            seen.add(identity)
            yield replace(known, opened=opened.get(identity))


def _identity(path: Path) -> object:
    """Return a value that is the same for all paths of a file."""
    try:
        status = path.stat()
    except OSError:
        return path
    return status.st_dev, status.st_ino


def _id_of(known: KnownCase, wanted: str) -> str | None:
    """Return the id of a case; a recent case with another id than `wanted` is not read."""
    if known.problem or known.id not in (None, wanted):
        return known.id
    return _read_id(known.path)


def _read_id(path: Path) -> str | None:
    """Return the id that a file has, or None if it can't be read."""
    with suppress(OSError):
        if case_id := read_head(read_start(path, HEAD_BYTES)).id:
            return case_id
    case_file = read_case(path).case_file
    return case_file.case.id if case_file else None


def _read(known: KnownCase) -> KnownCase:
    with suppress(OSError):
        data = read_start(known.path, COUNTED_BYTES + 1)
        head = read_head(data[:HEAD_BYTES])
        known = replace(known, id=head.id or known.id, title=head.title or known.title)
        if head.id and len(data) > COUNTED_BYTES:
            return known
        if len(data) <= COUNTED_BYTES and (contents := read_contents(data)):
            return replace(known, id=contents.id, title=contents.title, counts=contents.counts)
    reading = read_case(known.path)
    if reading.case_file is None:
        errors = (problem for problem in reading.problems if not problem.is_finding)
        return replace(known, problem=next(errors, reading.problems[0]))
    case = reading.case_file.case
    counts = Counter(entry.table_name for entry in reading.case_file.entries.values())
    del counts[Case.table]
    return replace(known, id=case.id, title=case.title, counts=counts)


class _Search:
    """A search of folders for case files, with a limit of names and of time for all together."""

    def __init__(self, *, with_doubtful: bool) -> None:
        self._with_doubtful = with_doubtful
        self._names_left = MOST_NAMES
        self._seconds_left = MOST_SECONDS

    def in_folder(self, folder: Path) -> Iterator[KnownCase]:
        """Yield the case files in a folder and its subfolders, without following links."""
        waiting = deque([(folder, 0)])
        while waiting:
            place, depth = waiting.popleft()
            if self._names_left <= 0 or self._seconds_left <= 0:
                what = (
                    "the folders are too large to search further; list cases one by one in `cases`"
                )
                yield _unread(place, what)
                return
            # Only the search is timed, not what the caller does between results.
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
            return [_unread(place, f"can't be read: {error_reason(error)}")], []
        self._names_left -= len(items)
        files = [Path(item.path) for item in visible if item.name.endswith(".toml")]
        sighted = (_sighted(path, with_doubtful=self._with_doubtful) for path in files)
        return [known for known in sighted if known], below


def _sighted(path: Path, *, with_doubtful: bool) -> KnownCase | None:
    """Return the case at a path, or None if it is not a regular file with a case's format key.

    With doubtful ones, any regular file or dangling link may be one.
    """
    try:
        if with_doubtful:
            may_be_case = path.is_file() or not path.exists()
        else:
            may_be_case = path.is_file() and declares_format(read_start(path, TOP_BYTES))
    except OSError as error:
        return _unread(path, f"can't be read: {error_reason(error)}")
    return KnownCase(path, "config") if may_be_case else None


def _unread(path: Path, what: str) -> KnownCase:
    return KnownCase(path, "config", problem=Problem(path, None, "library", what))
