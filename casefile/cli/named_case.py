"""The case that a command line names, and the notes on it, which may be here without the case."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from casefile.cli.problem_lines import problem_lines, unreadable_lines
from casefile.cli.settings import read_settings
from casefile.config import Config
from casefile.console import FINDINGS, CommandError, first_of
from casefile.files import error_with_path
from casefile.library import (
    NoSuchCase,
    check_copies,
    find_case,
    list_for_export,
    only_file,
    open_library,
)
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import Places, find_places
from casefile.text.ids import is_id
from casefile.text.suggestions import KnownNames
from casefile.views.case_opener import CaseOpener, NoCase
from casefile.views.open_case import OpenCase


def open_named_case(arguments: Namespace) -> tuple[OpenCase, Places]:
    """Open the case that `arguments.case` names, with its notes; raises CommandError."""
    places = find_places(arguments.notes_dir)
    config = read_settings(places)
    path = find_case(arguments.case, open_library(places, config))
    return _open_case(path, places, config.author), places


def require_entry(entry_id: str, known: Collection[str]) -> None:
    """Raise CommandError, with the nearest id, if `entry_id` is not one of the known ones."""
    if entry_id not in known:
        raise CommandError(
            f"There is no entry “{entry_id}” in this case{KnownNames(known).hint(entry_id)}."
        )


SHORTEST_ID = 8
"""The fewest characters of an id by which a note can be named."""


def named_note(notebook: Notebook, start: str) -> str:
    """Return the id of the only note whose id starts so; raises CommandError."""
    ids = [note.id for note in notebook.notes if note.id.startswith(start.casefold())]
    if len(start) < SHORTEST_ID or not ids:
        raise CommandError(
            f"There is no note {start} on this case; `casefile notes` prints their ids."
        )
    if len(ids) > 1:
        raise CommandError(f"{start} is the start of several ids: {', '.join(first_of(ids))}.")
    return ids[0]


class CaseNotes(msgspec.Struct, frozen=True):
    """The notes on a case, and the case itself if its file could be opened."""

    notebook: Notebook
    open_case: OpenCase | None = None
    problem: str = ""
    """Why the case could not be opened, unless its file is merely absent."""

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.notebook.case_id

    def unreadable(self) -> Iterator[str]:
        """Yield why the case can't be opened, and the files of notes that can't be read."""
        if self.problem:
            yield self.problem
        yield from unreadable_lines(self.notebook.unreadable)


def open_named_notes(arguments: Namespace) -> CaseNotes:
    """Open the notes on the case that `arguments.case` names; raises CommandError."""
    places = find_places(arguments.notes_dir)
    config = read_settings(places)
    name: str = arguments.case
    try:
        path = find_case(name, open_library(places, config), for_export=True)
        open_case = _open_case(path, places, config.author)
    except CommandError as refused:
        if not is_id(name) or name not in _ids_with_notes(places):
            raise
        problem = "" if isinstance(refused, NoSuchCase) else " ".join(refused.lines)
        return CaseNotes(open_notebook(places, name, config.author), problem=problem)
    return CaseNotes(open_case.notebook, open_case)


def open_all_notes(arguments: Namespace) -> Iterator[CaseNotes]:
    """Open the notes on every case that has some, also on cases that the library lacks."""
    places = find_places(arguments.notes_dir)
    config = read_settings(places)
    library = open_library(places, config)
    with_notes = _ids_with_notes(places)
    listing = list_for_export(library) if with_notes else []
    for case_id in with_notes:
        open_case, problem = None, ""
        try:
            if path := only_file(case_id, listing):
                check_copies(case_id, listing, library)
                open_case = _open_case(path, places, config.author)
        except CommandError as refused:
            problem = " ".join(refused.lines)
        if open_case:
            yield CaseNotes(open_case.notebook, open_case)
        else:
            yield CaseNotes(open_notebook(places, case_id, config.author), problem=problem)


def _open_case(path: Path, places: Places, author: str | None) -> OpenCase:
    try:
        return CaseOpener(places, Config(author=author, recent=False)).open(path)
    except NoCase as refused:
        raise CommandError(*problem_lines(refused.reading, sys.stderr)) from None


def _ids_with_notes(places: Places) -> tuple[str, ...]:
    try:
        return places.cases_with("notes")
    except OSError as error:
        raise CommandError(error_with_path(error), code=FINDINGS) from None
