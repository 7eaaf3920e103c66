"""`casefile notes CASE | --all`: print the notes, as text or as data."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from casefile.cli.named_case import CaseNotes, open_all_notes, open_named_notes
from casefile.cli.problem_lines import unreadable_lines
from casefile.cli.withholding import Reason, Withholding, add_options, left_out_in_words
from casefile.console import FINDINGS, FINE, CommandError, print_errors, print_lines, speak_utf8
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places
from casefile.text.plurals import pluralize
from casefile.views.note_export import (
    ListedNote,
    listed_notes,
    note_in_lines,
    notes_as_csv,
    notes_as_json,
    notes_as_json_lines,
    notes_as_markdown,
)

if TYPE_CHECKING:
    from casefile.query import Names, Query

_DATA: Mapping[str, Callable[[Iterable[ListedNote]], Iterator[str]]] = {
    "json": notes_as_json,
    "jsonl": notes_as_json_lines,
    "csv": notes_as_csv,
    "md": notes_as_markdown,
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile notes`."""
    parser.epilog = "More verbs: notes merge, notes pack, notes forget, notes redate."
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("case", nargs="?", metavar="CASE")
    which.add_argument("--all", action="store_true", help="print the notes on every case")
    parser.add_argument(
        "--where", metavar="QUERY", help="print only these: 'check:wrong tag:release -author:you'"
    )
    add_options(parser, "print")
    parser.add_argument("--format", choices=("plain", *_DATA), default="plain")


def run(arguments: Namespace) -> int:
    """Print the notes that are not deleted, the oldest first, then what can't be read."""
    cases = tuple(open_all_notes(arguments) if arguments.all else [open_named_notes(arguments)])
    query = _query(cases, arguments)
    is_filtered = arguments.where is not None
    can_answer = query is not None or not is_filtered
    chosen: list[list[ListedNote]] = []
    reasons: list[Reason | None] = []
    for case in cases:
        is_withheld = Withholding(arguments, case)
        found = _found(case, query) if can_answer else []
        why = [is_withheld.reason_of_note(one.note) for one in found]
        chosen.append([one for one, reason in zip(found, why, strict=True) if reason is None])
        reasons += why
    if arguments.format == "plain":
        print_lines(_plain_lines(cases, chosen))
    else:
        speak_utf8()
        print_lines(_DATA[arguments.format](chain.from_iterable(chosen)), is_plain=True)
    problems = [line for case in cases for line in case.unreadable()]
    places = find_places(arguments.notes_dir)
    for case in cases:
        unreadable = DraftFolder(places, case.id).read_all().unreadable
        problems += unreadable_lines(unreadable)
    if is_filtered:
        problems += [
            f"{case.id}: its case file is not at hand, so --where can't search its notes."
            for case in cases
            if case.open_case is None
        ]
    left_out = left_out_in_words(reasons, "note", "prints them")
    return print_errors([*problems, *left_out], FINDINGS if problems else FINE)


def _query(cases: Iterable[CaseNotes], arguments: Namespace) -> Query | None:
    """Parse `--where`; return None without one, or without a case that could answer it."""
    if arguments.where is None:
        return None
    from casefile.query import QueryError, parse_query
    from casefile.views.filtering import joined_names, query_names

    names: list[Names] = []
    reasons: list[Reason | None] = []
    for case in cases:
        if case.open_case:
            is_withheld = Withholding(arguments, case)
            notes = [note for note in case.notebook.notes if not note.deleted]
            why = [is_withheld.reason_of_note(note) for note in notes]
            printed = (note for note, reason in zip(notes, why, strict=True) if reason is None)
            names.append(query_names(case.open_case, printed))
            reasons += why
    if not names:
        return None
    try:
        return parse_query(arguments.where, joined_names(names))
    except QueryError as error:
        # What was asked for may be in a note that was left out.
        left_out = left_out_in_words(reasons, "note", "prints them")
        raise CommandError(f"--where: {error}", *left_out) from None


def _found(case: CaseNotes, query: Query | None) -> list[ListedNote]:
    notes = case.notebook.notes
    if query is not None:
        # Queries ask about entries and stale checks, which only the case file shows.
        if case.open_case is None:
            return []
        from casefile.views.filtering import matching_notes

        notes = matching_notes(case.open_case, notes, query)
    return [*listed_notes(notes, case.id, case.open_case)]


def _plain_lines(cases: Iterable[CaseNotes], chosen: Iterable[list[ListedNote]]) -> Iterator[str]:
    for case, notes in zip(cases, chosen, strict=True):
        title = case.open_case.title(case.id) if case.open_case else "its case file is not at hand"
        yield f"{case.id}: {title}: {pluralize(len(notes), 'note')}"
        for note in notes:
            yield ""
            yield from note_in_lines(note)
        yield ""
