"""The case that a command line names, opened with its notes."""

from __future__ import annotations

from argparse import Namespace

from casefile.case.reader import read_case
from casefile.console import Refused
from casefile.library import BUNDLED, find_case
from casefile.notes.notebook import Notebook
from casefile.places import Places, find_places
from casefile.reading.open_case import OpenCase


def open_named_case(arguments: Namespace) -> tuple[OpenCase, Places]:
    """Give the case that `arguments.case` names, with its notes; raises Refused."""
    name = BUNDLED if arguments.case is None else arguments.case
    if not name:
        raise Refused("The name of the case is empty.")
    reading = read_case(find_case(name))
    if reading.case_file is None:
        raise Refused(*map(str, reading.problems))
    places = find_places(arguments.notes_dir)
    notebook = Notebook(places, reading.case_file.case.id)
    notebook.refresh()
    return OpenCase(reading.case_file, notebook, reading.problems), places
