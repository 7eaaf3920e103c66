"""`casefile show CASE [ENTRY]`: print a case as plain text, for pipes and screen readers."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from casefile.cli.named_case import open_named_case, require_entry
from casefile.cli.problem_lines import unreadable_lines
from casefile.console import FINDINGS, FINE, CommandError, print_errors, print_lines
from casefile.views.case_panes import panes_of
from casefile.views.entry_page import page_of_entry
from casefile.views.kinds import NOTES, PROBLEMS
from casefile.views.open_case import OpenCase
from casefile.views.panes import Pane
from casefile.views.plain_text import page_in_lines, panes_in_lines


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile show`."""
    parser.add_argument("case", metavar="CASE")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("entry", nargs="?", metavar="ENTRY", help="print only this entry, by its id")
    part.add_argument("--pane", metavar="NAME", help="print only this pane")
    parser.add_argument("--notes", action="store_true", help="print your notes too")


def run(arguments: Namespace) -> int:
    """Print the case, a pane or an entry, then the problems of the file."""
    open_case, _places = open_named_case(arguments)
    print_lines(_lines(open_case, arguments))
    problems = [str(problem) for problem in open_case.problems]
    if arguments.notes:
        problems += unreadable_lines(open_case.notebook.unreadable)
    return print_errors(problems, FINDINGS) if problems else FINE


def _lines(open_case: OpenCase, arguments: Namespace) -> Iterable[str]:
    if arguments.entry is None:
        panes = _panes(open_case, arguments.pane, notes=arguments.notes)
        return panes_in_lines(open_case, panes, notes=arguments.notes)
    require_entry(arguments.entry, open_case.case_file.entries)
    return page_in_lines(page_of_entry(open_case, arguments.entry, notes=arguments.notes))


def _panes(open_case: OpenCase, wanted: str | None, *, notes: bool) -> list[Pane]:
    # Notes are printed only on request; problems of the file go to standard error.
    left_out = {PROBLEMS} if notes else {NOTES, PROBLEMS}
    panes = [pane for pane in panes_of(open_case) if pane.title not in left_out]
    chosen = [pane for pane in panes if not wanted or pane.title.casefold() == wanted.casefold()]
    if not chosen:
        known = ", ".join(pane.title for pane in panes)
        raise CommandError(f"There is no pane “{wanted}”; known: {known}.")
    return chosen
