"""`casefile diff OLD NEW`: print what changed between two versions of a case file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from casefile.case.difference.versions import compare_versions
from casefile.case.load_result import LoadResult
from casefile.case.model import CaseFile
from casefile.case.reader import read_case
from casefile.cli.settings import read_settings
from casefile.cli.standard_input import read_case_from_standard_input
from casefile.console import (
    FINDINGS,
    FINE,
    STREAM,
    WRONG_USE,
    CommandError,
    print_errors,
    print_json,
    print_lines,
)
from casefile.library import Library, find_case, open_library
from casefile.notes.notebook import Notebook
from casefile.places import Places, find_places
from casefile.views.differences import difference_as_json, difference_in_lines
from casefile.views.open_case import OpenCase


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile diff`."""
    parser.add_argument("old", metavar="OLD", help="the old version, or - for standard input")
    parser.add_argument("new", metavar="NEW", help="the new version, or - for standard input")
    parser.add_argument("--format", choices=("plain", "json"), default="plain")


def run(arguments: Namespace) -> int:
    """Print the changes; the exit code is that of diff(1): 0 same, 1 different, 2 trouble."""
    if arguments.old == arguments.new == STREAM:
        raise CommandError("Only one of the two files can be read from standard input.")
    places = find_places(arguments.notes_dir)
    config = read_settings(places)
    library = open_library(places, config)
    old, new = _read(arguments.old, library), _read(arguments.new, library)
    problems = [str(problem) for reading in (old, new) for problem in reading.problems]
    if old.case_file is None or new.case_file is None:
        raise CommandError(*problems)
    found = compare_versions(old.case_file, new.case_file)
    opened = (
        _opened(old.case_file, places, config.author),
        _opened(new.case_file, places, config.author),
    )
    if arguments.format == "json":
        print_json(difference_as_json(*opened, found))
    else:
        print_lines(difference_in_lines(*opened, found))
    # A problem in an entry leaves its row to be compared; one that is in no entry may not.
    is_partial = any(one.entry is None for one in (*old.problems, *new.problems))
    if not found and is_partial and old.data != new.data:
        return print_errors([*problems, "What could not be read was not compared."], WRONG_USE)
    return print_errors(problems, FINDINGS if found else FINE)


def _read(name: str, library: Library) -> LoadResult:
    if name == STREAM:
        return read_case_from_standard_input()
    return read_case(find_case(name, library))


def _opened(case_file: CaseFile, places: Places, author: str | None) -> OpenCase:
    """Return the case for the titles of its entries, without reading its notes."""
    return OpenCase(case_file, Notebook(places, case_file.case.id, author), places)
