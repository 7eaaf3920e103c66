"""`casefile check FILE…`: what is wrong in case files, for editors, hooks and CI."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from casefile.case.findings.checker import Checked, check
from casefile.case.problem import Problem
from casefile.case.reader import LoadResult, read_case
from casefile.case.sources.text_files import text_of
from casefile.cli.problem_lines import PlaceOnTerminal
from casefile.cli.standard_input import read_case_by_standard_input
from casefile.config import read_config
from casefile.console import (
    FINDINGS,
    FINE,
    STREAM,
    WRONG_USE,
    Line,
    Paint,
    Piece,
    Refused,
    is_terminal,
    say,
)
from casefile.library import Library, NoSuchCase, SeveralCases, find_case, open_library
from casefile.places import find_places
from casefile.text.plurals import counted

_PAINTS = {"error": Paint.WRONG, "warning": Paint.DOUBTFUL}


def add_arguments(parser: ArgumentParser) -> None:
    """Take files, and how what is found is told."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a file, the id of a case, or - for standard input"
    )
    parser.add_argument("--as", dest="name", metavar="NAME", help="the name of standard input")
    parser.add_argument("--coverage", action="store_true", help="and what of a text nothing cites")
    parser.add_argument(
        "--accepted", action="store_true", help="with what the case accepts, and why"
    )
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--no-color", action="store_true", help="print no colours")


class File(NamedTuple):
    """A file that was checked."""

    reading: LoadResult
    checked: Checked

    @property
    def code(self) -> int:
        """The exit code that is right if this is the only file."""
        if self.reading.case_file is None:
            return WRONG_USE
        return FINDINGS if self.checked.problems else FINE


class Told(NamedTuple):
    """One thing that is told of a file; with the reason for it, if the case accepts it."""

    problem: Problem
    reason: str | None = None

    @property
    def severity(self) -> str:
        """How bad it is, in a word."""
        if self.reason is not None:
            return "accepted"
        return "warning" if self.problem.is_finding else "error"


def run(arguments: Namespace) -> int:
    """Check each file, whatever is wrong with the others; give the worst exit code."""
    if arguments.files.count(STREAM) > 1:
        raise Refused("Standard input can be read only once; write - once.")
    if "" in arguments.files:
        raise Refused("The name of a file is empty.")
    summary = Summary()
    places = find_places(arguments.notes_dir)
    library = open_library(places, read_config(places))
    look_up = partial(check, text_of=partial(text_of, places=places), coverage=arguments.coverage)
    readings = (_reading(name, arguments.name, library) for name in arguments.files)
    files = summary.counted(File(reading, look_up(reading)) for reading in readings)
    if arguments.format == "json":
        say(_in_json(files, accepted=arguments.accepted))
        return summary.code
    say(_in_lines(files, accepted=arguments.accepted), is_plain=arguments.no_color)
    if is_terminal():
        say([summary.words()])
    return summary.code


def _reading(name: str, name_of_input: str | None, library: Library) -> LoadResult:
    if name == STREAM:
        return read_case_by_standard_input(name_of_input)
    try:
        return read_case(find_case(name, library))
    except (NoSuchCase, SeveralCases) as refused:
        # One name that leads nowhere hides none of the others.
        what = " ".join(refused.lines).rstrip(".")
        path = Path(name)
        return LoadResult(
            path, None, (Problem(path, None, "unreadable", what[:1].lower() + what[1:]),)
        )


def _told(file: File, *, accepted: bool) -> list[Told]:
    told = [Told(problem) for problem in file.checked.problems]
    if accepted:
        told += (Told(one.problem, one.reason) for one in file.checked.accepted)
    return told


def _in_lines(files: Iterable[File], *, accepted: bool) -> Iterator[Line]:
    """Give a line for each problem and, on a terminal, the line of the file that it is about."""
    for file in files:
        place = PlaceOnTerminal(file.reading, sys.stdout)
        for told in _told(file, accepted=accepted):
            yield _in_line(told)
            if below := place.below(told.problem):
                line, caret = below
                yield line
                yield (Piece(caret, Paint.POINTER),)


def _in_line(told: Told) -> Line:
    problem = told.problem
    why = "" if told.reason is None else f" ({told.reason})"
    return (
        Piece(f"{problem.place}:", Paint.STRONG),
        Piece(" "),
        Piece(f"{told.severity}:", _PAINTS.get(told.severity, Paint.FAINT)),
        Piece(f" {problem.what}{why} "),
        Piece(f"[{problem.code}]", Paint.FAINT),
    )


def _in_json(files: Iterable[File], *, accepted: bool) -> Iterator[str]:
    """Give a list of objects, one a line, in ASCII: no escaping is left to be done."""
    import json

    before = "["
    for file in files:
        for told in _told(file, accepted=accepted):
            yield f"{before}{json.dumps(_as_object(told))}"
            before = ","
    yield "[]" if before == "[" else "]"


def _as_object(told: Told) -> dict[str, str | int | None]:
    problem, position = told.problem, told.problem.position
    described: dict[str, str | int | None] = {
        "path": str(problem.path),
        "line": position.line if position else None,
        "column": position.column if position else None,
        "severity": told.severity,
        "code": problem.code,
        "what": problem.wrong,
        "hint": problem.right or None,
        "entry": problem.entry,
    }
    return described if told.reason is None else {**described, "reason": told.reason}


class Summary:
    """How many files were checked, what was found in all of them, and the exit code for it."""

    def __init__(self) -> None:
        self.code = FINE
        self._files = 0
        self._errors = 0
        self._warnings = 0
        self._accepted = 0
        self._without_text = 0

    def counted(self, files: Iterable[File]) -> Iterator[File]:
        """Give the files on, each counted."""
        for file in files:
            findings = sum(problem.is_finding for problem in file.checked.problems)
            self._files += 1
            self._errors += len(file.checked.problems) - findings
            self._warnings += findings
            self._accepted += len(file.checked.accepted)
            self._without_text += len(file.checked.without_text)
            self.code = max(self.code, file.code)
            yield file

    def words(self) -> str:
        """Give it in a line."""
        found = (_some(self._errors, "error"), _some(self._warnings, "warning"))
        said = ", ".join(filter(None, found)) or "nothing wrong"
        accepted = f"; {self._accepted} accepted" if self._accepted else ""
        unseen = _some(self._without_text, "source")
        without = f"; no text at hand of {unseen}" if unseen else ""
        return f"{said} in {counted(self._files, 'file')}{accepted}{without}"


def _some(number: int, thing: str) -> str:
    return counted(number, thing) if number else ""
