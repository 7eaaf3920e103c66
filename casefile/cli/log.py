"""`casefile log CASE [ENTRY]`: print every revision of every note: who made it, when and how."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable

from casefile.cli.named_case import CaseNotes, open_named_notes, require_entry
from casefile.console import FINDINGS, FINE, print_errors, print_lines
from casefile.notes.history import Note
from casefile.text.plurals import pluralize
from casefile.views.note_export import log_line_as_data, log_line_as_text, log_lines


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile log`."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="print only notes on this entry")
    parser.add_argument("--private", action="store_true", help="print private revisions too")
    parser.add_argument("--format", choices=("plain", "jsonl"), default="plain")


def run(arguments: Namespace) -> int:
    """Print the revisions, also those of deleted notes, the oldest first."""
    case_notes = open_named_notes(arguments)
    notes = _notes(case_notes, arguments.entry)
    found = log_lines(notes, private=arguments.private)
    if arguments.format == "plain":
        print_lines(map(log_line_as_text, found))
    else:
        # In ASCII, which `print_lines` prints unchanged.
        print_lines(json.dumps(log_line_as_data(one), default=str) for one in found)
    problems = [*case_notes.unreadable()]
    code = FINDINGS if problems else FINE
    if left_out := sum(len(note.history) for note in notes) - len(found):
        what = pluralize(left_out, "private revision")
        problems.append(f"{what} left out; --private prints them.")
    return print_errors(problems, code)


def _notes(case_notes: CaseNotes, entry: str | None) -> Iterable[Note]:
    notes = case_notes.notebook.notes
    if entry is None:
        return notes
    known = {revision.entry for note in notes for revision in note.history}
    known |= {*case_notes.open_case.case_file.entries} if case_notes.open_case else set()
    require_entry(entry, known)
    # Also those that were moved from it.
    return [note for note in notes if any(one.entry == entry for one in note.history)]
