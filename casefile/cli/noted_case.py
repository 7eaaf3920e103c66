"""The case whose notes a command line names; they may be here without its file."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import msgspec

from casefile.cli.named_case import lay_open, path_of
from casefile.config import read_config
from casefile.console import FINDINGS, Refused
from casefile.files import reason
from casefile.library import NoSuchCase, cases, open_library
from casefile.notes.forgetting import cases_with_notes
from casefile.notes.notebook import Notebook, open_notebook
from casefile.places import Places, find_places
from casefile.text.ids import is_id
from casefile.views.open_case import OpenCase


class NotedCase(msgspec.Struct, frozen=True):
    """The notes on a case, and the case itself where its file is at hand."""

    notebook: Notebook
    open_case: OpenCase | None = None
    problem: str = ""
    """Why it is not, where it is no matter of being absent."""

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.notebook.case_id


def named_notes(arguments: Namespace) -> NotedCase:
    """Give the notes on the case that `arguments.case` names; raises Refused."""
    places = find_places(arguments.notes_dir)
    config = read_config(places)
    name: str = arguments.case
    try:
        path = path_of(name, open_library(places, config))
        open_case = lay_open(path, places, author=config.author)
    except Refused as refused:
        if not is_id(name) or name not in noted_ids(places):
            raise
        problem = "" if isinstance(refused, NoSuchCase) else " ".join(refused.lines)
        return NotedCase(open_notebook(places, name), problem=problem)
    return NotedCase(open_case.notebook, open_case)


def all_notes(arguments: Namespace) -> Iterator[NotedCase]:
    """Give the notes on every case that has some, whether the library knows it or not."""
    places = find_places(arguments.notes_dir)
    config = read_config(places)
    library = open_library(places, config)
    noted = noted_ids(places)
    paths: dict[str, Path] = {}
    for known in cases(library) if noted else ():
        if known.id in noted and not known.problem:
            paths.setdefault(known.id, known.path)
    for case_id in noted:
        if case_id not in paths:
            yield NotedCase(open_notebook(places, case_id))
            continue
        try:
            open_case = lay_open(paths[case_id], places, author=config.author)
        except Refused as refused:
            yield NotedCase(open_notebook(places, case_id), problem=" ".join(refused.lines))
        else:
            yield NotedCase(open_case.notebook, open_case)


def noted_ids(places: Places) -> tuple[str, ...]:
    """Give the ids of the cases that have notes; raises Refused where they can't be listed."""
    try:
        return cases_with_notes(places)
    except OSError as error:
        raise Refused(reason(error), code=FINDINGS) from None


def unread_notes(noted: NotedCase) -> Iterator[str]:
    """Give the files of notes that can't be read, and why the case itself can't be."""
    if noted.problem:
        yield noted.problem
    yield from (f"{path}: {why}" for path, why in noted.notebook.unreadable)
