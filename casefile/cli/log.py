"""`casefile log CASE [ENTRY]`: every revision of every note, who made it, when and how."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from casefile.cli.noted_case import NotedCase, named_notes, unread_notes
from casefile.console import FINDINGS, FINE, Refused, complain, say
from casefile.notes.history import Note
from casefile.text.plurals import counted
from casefile.text.suggestions import KnownNames
from casefile.views.note_export import ever_on, logged, logged_as_data, logged_in_line


def add_arguments(parser: ArgumentParser) -> None:
    """Take a case, an entry of it, and the form."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="only what was on this entry")
    parser.add_argument("--private", action="store_true", help="what is private too")
    parser.add_argument("--format", choices=("plain", "jsonl"), default="plain")


def run(arguments: Namespace) -> int:
    """Print all that was done, the deleted notes included, oldest first."""
    noted = named_notes(arguments)
    notes = _notes(noted, arguments.entry)
    found = logged(notes, private=arguments.private)
    if arguments.format == "plain":
        say(map(logged_in_line, found))
    else:
        # In ASCII nothing is left that printing would make inert, and so change.
        say(json.dumps(logged_as_data(one), default=str) for one in found)
    problems = [*unread_notes(noted)]
    code = FINDINGS if problems else FINE
    if left_out := sum(len(note.history) for note in notes) - len(found):
        what = counted(left_out, "private revision")
        problems.append(f"{what} left out; --private prints them.")
    return complain(problems, code)


def _notes(noted: NotedCase, entry: str | None) -> Iterable[Note]:
    if entry is None:
        return noted.notebook.notes
    notes = ever_on(noted.notebook.notes, entry)
    known = {kept.entry for note in noted.notebook.notes for kept in note.history}
    known |= {*noted.open_case.case_file.entries} if noted.open_case else set()
    if entry not in known:
        nearest = KnownNames(known).hint(entry)
        raise Refused(f"There is no entry “{entry}” in this case{nearest}.")
    return notes
