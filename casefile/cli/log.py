"""`casefile log CASE [ENTRY]`: print every revision of every note: who made it, when and how."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Collection, Iterable, Iterator

from casefile.cli.named_case import CaseNotes, open_named_notes, require_entry
from casefile.cli.withholding import Reason, Withholding, add_options, left_out_in_words
from casefile.console import FINDINGS, FINE, print_errors, print_lines
from casefile.notes.history import Note
from casefile.views.note_export import log_line_as_data, log_line_as_text, log_lines


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile log`."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("entry", nargs="?", metavar="ENTRY", help="print only notes on this entry")
    add_options(parser, "print")
    parser.add_argument("--format", choices=("plain", "jsonl"), default="plain")


def run(arguments: Namespace) -> int:
    """Print the revisions, also those of deleted notes, the oldest first."""
    case_notes = open_named_notes(arguments)
    is_withheld = Withholding(arguments, case_notes)
    notes = _notes(case_notes, arguments.entry, is_withheld)
    found = log_lines(notes, is_withheld)
    if arguments.format == "plain":
        print_lines(map(log_line_as_text, found))
    else:
        # In ASCII, which `print_lines` prints unchanged.
        print_lines(json.dumps(log_line_as_data(one), default=str) for one in found)
    problems = [*case_notes.unreadable()]
    code = FINDINGS if problems else FINE
    printed = {line.revision.hash for line in found}
    reasons = [reason for note in notes for reason in _reasons(note, printed, is_withheld)]
    left_out = left_out_in_words(reasons, "revision", "prints them")
    return print_errors([*problems, *left_out], code)


def _reasons(
    note: Note, printed: Collection[str], is_withheld: Withholding
) -> Iterator[Reason | None]:
    """Yield why each revision of a note that is not printed is left out."""
    if left_out := [kept for kept in note.history if kept.hash not in printed]:
        # That of the note as a whole, its own, or that of the revisions which alone follow it.
        whole, past = is_withheld.reason_of_note(note), is_withheld.reason_of(left_out)
        yield from (whole or is_withheld.reason(kept) or past for kept in left_out)


def _notes(case_notes: CaseNotes, entry: str | None, is_withheld: Withholding) -> Iterable[Note]:
    notes = case_notes.notebook.notes
    if entry is None:
        return notes
    # Also those that were moved from it.
    found = [note for note in notes if any(one.entry == entry for one in note.history)]
    if not found:
        # The nearest id that is named may be that of an entry which has gone.
        known = {line.revision.entry for line in log_lines(notes, is_withheld)}
        known |= {*case_notes.open_case.case_file.entries} if case_notes.open_case else set()
        require_entry(entry, known)
    return found
