"""`casefile check FILE…`: report errors and warnings in case files, for editors, hooks and CI."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from casefile.case.findings.checker import CheckResult, check
from casefile.case.load_result import LoadResult
from casefile.case.problem import Problem
from casefile.case.reader import read_case
from casefile.case.sources.text_files import load_text
from casefile.cli.parser import nonempty
from casefile.cli.problem_lines import FileLines
from casefile.cli.settings import read_settings
from casefile.cli.standard_input import read_case_from_standard_input
from casefile.console import (
    FINDINGS,
    FINE,
    STREAM,
    WRONG_USE,
    CommandError,
    Line,
    Paint,
    Piece,
    is_terminal,
    print_lines,
)
from casefile.library import Library, NoSuchCase, SeveralCases, find_case, open_library
from casefile.places import find_places
from casefile.text.plurals import pluralize

_PAINTS = {"error": Paint.WRONG, "warning": Paint.DOUBTFUL}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile check`."""
    parser.add_argument(
        "files",
        nargs="+",
        type=nonempty,
        metavar="FILE",
        help="a file, the id of a case, or - for standard input",
    )
    parser.add_argument("--as", dest="name", metavar="NAME", help="name for standard input")
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="report also the parts of a text that nothing cites, and key events with one source",
    )
    parser.add_argument(
        "--accepted", action="store_true", help="print also what the case accepts, and why"
    )
    parser.add_argument("--format", choices=("plain", "json"), default="plain")
    parser.add_argument("--no-color", action="store_true", help="print without colours")


class CheckedFile(NamedTuple):
    """A file that was read and checked."""

    reading: LoadResult
    checked: CheckResult


class FileFinding(NamedTuple):
    """A problem to report, with the reason if the case accepts it."""

    problem: Problem
    reason: str | None = None

    @property
    def severity(self) -> str:
        """Its severity in a word."""
        if self.reason is not None:
            return "accepted"
        return "warning" if self.problem.is_finding else "error"


def run(arguments: Namespace) -> int:
    """Check each file and return the worst exit code."""
    if arguments.files.count(STREAM) > 1:
        raise CommandError("Standard input can be read only once; give - once.")
    summary = Summary()
    places = find_places(arguments.notes_dir)
    library = open_library(places, read_settings(places))
    check_case = partial(
        check, text_of=partial(load_text, places=places), coverage=arguments.coverage
    )
    readings = (_reading(name, arguments.name, library) for name in arguments.files)
    files = summary.count(CheckedFile(reading, check_case(reading)) for reading in readings)
    if arguments.format == "json":
        print_lines(_json_lines(files, accepted=arguments.accepted))
        return summary.code
    print_lines(_plain_lines(files, accepted=arguments.accepted), is_plain=arguments.no_color)
    if is_terminal():
        print_lines([summary.line()])
    return summary.code


def _reading(name: str, name_of_input: str | None, library: Library) -> LoadResult:
    if name == STREAM:
        return read_case_from_standard_input(name_of_input)
    try:
        return read_case(find_case(name, library))
    except (NoSuchCase, SeveralCases) as refused:
        # A wrong name must not keep the other files from being checked.
        what = " ".join(refused.lines).rstrip(".")
        path = Path(name)
        return LoadResult(
            path, None, (Problem(path, None, "unreadable", what[:1].lower() + what[1:]),)
        )


def _findings(file: CheckedFile, *, accepted: bool) -> list[FileFinding]:
    findings = [FileFinding(problem) for problem in file.checked.problems]
    if accepted:
        findings += (FileFinding(one.problem, one.reason) for one in file.checked.accepted)
    return findings


def _plain_lines(files: Iterable[CheckedFile], *, accepted: bool) -> Iterator[Line]:
    """Yield a line for each finding and, on a terminal, the line of the file that it is about."""
    for file in files:
        lines = FileLines(file.reading, sys.stdout)
        for finding in _findings(file, accepted=accepted):
            yield _plain_line(finding)
            if below := lines.below(finding.problem):
                line, caret = below
                yield line
                yield (Piece(caret, Paint.POINTER),)


def _plain_line(finding: FileFinding) -> Line:
    problem = finding.problem
    why = "" if finding.reason is None else f" ({finding.reason})"
    return (
        Piece(f"{problem.place}:", Paint.STRONG),
        Piece(" "),
        Piece(f"{finding.severity}:", _PAINTS.get(finding.severity, Paint.FAINT)),
        Piece(f" {problem.what}{why} "),
        Piece(f"[{problem.code}]", Paint.FAINT),
    )


def _json_lines(files: Iterable[CheckedFile], *, accepted: bool) -> Iterator[str]:
    """Yield a list of objects, one a line, in ASCII, which `print_lines` prints unchanged."""
    import json

    before = "["
    for file in files:
        for finding in _findings(file, accepted=accepted):
            yield f"{before}{json.dumps(_as_object(finding))}"
            before = ","
    yield "[]" if before == "[" else "]"


def _as_object(finding: FileFinding) -> dict[str, str | int | None]:
    problem, position = finding.problem, finding.problem.position
    fields: dict[str, str | int | None] = {
        "path": str(problem.path),
        "line": position.line if position else None,
        "column": position.column if position else None,
        "severity": finding.severity,
        "code": problem.code,
        "what": problem.wrong,
        "hint": problem.right or None,
        "entry": problem.entry,
    }
    return fields if finding.reason is None else {**fields, "reason": finding.reason}


class Summary:
    """How many files were checked, what was found in all of them, and the exit code."""

    def __init__(self) -> None:
        self.code = FINE
        self._counts: Counter[str] = Counter()

    def count(self, files: Iterable[CheckedFile]) -> Iterator[CheckedFile]:
        """Yield the files, and count each."""
        for file in files:
            warnings = sum(problem.is_finding for problem in file.checked.problems)
            self._counts.update(
                file=1,
                error=len(file.checked.problems) - warnings,
                warning=warnings,
                accepted=len(file.checked.accepted),
                source=len(file.checked.without_text),
            )
            code = FINDINGS if file.checked.problems else FINE
            self.code = max(self.code, code if file.reading.case_file else WRONG_USE)
            yield file

    def line(self) -> str:
        """Return the summary in a line."""
        counts = self._counts
        things = [thing for thing in ("error", "warning") if counts[thing]]
        found = ", ".join(pluralize(counts[thing], thing) for thing in things)
        line = f"{found or 'nothing wrong'} in {pluralize(counts['file'], 'file')}"
        if counts["accepted"]:
            line += f"; {counts['accepted']} accepted"
        if counts["source"]:
            line += f"; no text at hand for {pluralize(counts['source'], 'source')}"
        return line
