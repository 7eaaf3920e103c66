"""The case that a command line names, opened with its notes."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from casefile.cli.problem_lines import problem_lines
from casefile.config import Config, read_config
from casefile.console import Refused
from casefile.library import Library, find_case, open_library
from casefile.places import Places, find_places
from casefile.views.case_opener import CaseOpener, NoCase
from casefile.views.open_case import OpenCase


def open_named_case(arguments: Namespace) -> tuple[OpenCase, Places]:
    """Give the case that `arguments.case` names, with its notes; raises Refused."""
    places = find_places(arguments.notes_dir)
    config = read_config(places)
    path = path_of(arguments.case, open_library(places, config))
    return lay_open(path, places, author=config.author), places


def path_of(name: str, library: Library) -> Path:
    """Give the file that a path or the id of a case names; raises Refused."""
    if not name:
        raise Refused("The name of the case is empty.")
    return find_case(name, library)


def lay_open(path: Path, places: Places, *, author: str | None = None) -> OpenCase:
    """Give the case that a file holds, with its notes; raises Refused."""
    try:
        return CaseOpener(places, Config(author=author, recent=False)).open(path)
    except NoCase as refused:
        raise Refused(*problem_lines(refused.reading, sys.stderr)) from None
