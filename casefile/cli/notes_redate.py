"""`casefile notes redate CASE [ID]`: correct the date that a wrong clock gave to notes."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator

from casefile.cli.named_case import named_note, open_named_notes
from casefile.cli.parser import nonempty
from casefile.console import FINDINGS, FINE, CommandError, first_of, print_errors, print_lines
from casefile.notes.annotation import NoteTooLarge, SaveError
from casefile.notes.clock import is_ahead
from casefile.notes.notebook import Notebook, TextOfAnother, TooManyTexts
from casefile.views import timestamps
from casefile.views.note_export import SHORT_ID


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile notes redate`."""
    parser.add_argument("case", metavar="CASE")
    which = "the id of one note; without it, all notes of yours that are dated after today"
    parser.add_argument("id", nargs="?", type=nonempty, metavar="ID", help=which)
    when = "when it was written, as in 2026-11-24 or 2026-11-24T15:30; by default now"
    parser.add_argument("--date", type=_moment, metavar="WHEN", help=when)


def run(arguments: Namespace) -> int:
    """Add a revision with the right date to each note, and print what was dated anew."""
    case_notes = open_named_notes(arguments)
    notebook = case_notes.notebook
    now = notebook.clock.now
    created = arguments.date or now
    if is_ahead(created, now):
        raise CommandError(f"{timestamps.minute(created)} is yet to come; is the clock right?")
    if arguments.id:
        chosen = [named_note(notebook, arguments.id)]
    else:
        chosen = [note.id for note in notebook.dated_ahead]
    undated: list[str] = []
    try:
        print_lines(first_of(_redated(notebook, chosen, created, undated)))
    except SaveError as error:
        raise CommandError(f"Not dated: {error.reason}", code=FINDINGS) from None
    if not chosen:
        print_lines(["No note of yours is dated after today."])
    problems = [*first_of(undated), *case_notes.unreadable()]
    return print_errors(problems, FINDINGS if problems else FINE)


def _redated(
    notebook: Notebook, chosen: Iterable[str], created: dt.datetime, undated: list[str]
) -> Iterator[str]:
    """Date notes anew, and yield a line for each; add to `undated` what can't be written."""
    for note_id in chosen:
        try:
            notebook.redate(note_id, created)
        except NoteTooLarge as error:
            undated.append(f"{note_id[:SHORT_ID]} is not dated: {error.reason}; delete it")
        except (TooManyTexts, TextOfAnother) as error:
            undated.append(f"{note_id[:SHORT_ID]} is not dated: {error.reason}")
        else:
            yield f"{note_id[:SHORT_ID]} is dated {timestamps.minute(created)}."


def _moment(written: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(written).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ArgumentTypeError("a date is written 2026-11-24 or 2026-11-24T15:30") from None
