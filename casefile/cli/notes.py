"""`casefile notes CASE | --all`: the notes that are kept, as text or as data."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from casefile.cli.noted_case import NotedCase, all_notes, named_notes, unread_notes
from casefile.console import FINDINGS, FINE, Refused, complain, say, speak_utf8
from casefile.notes.drafts import DraftFolder
from casefile.places import find_places
from casefile.text.plurals import counted
from casefile.views.note_export import (
    ListedNote,
    in_csv,
    in_json,
    in_json_lines,
    in_markdown,
    listed_notes,
    note_in_lines,
)

if TYPE_CHECKING:
    from casefile.query import Query

_DATA: Mapping[str, Callable[[Iterable[ListedNote]], Iterator[str]]] = {
    "json": in_json,
    "jsonl": in_json_lines,
    "csv": in_csv,
    "md": in_markdown,
}


def add_arguments(parser: ArgumentParser) -> None:
    """Take a case or all of them, and which notes are printed in which form."""
    parser.epilog = "More verbs: notes merge, notes pack, notes forget."
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("case", nargs="?", metavar="CASE")
    which.add_argument("--all", action="store_true", help="the notes on every case")
    parser.add_argument(
        "--where", metavar="QUERY", help="only these, as in 'check:wrong tag:release -author:you'"
    )
    parser.add_argument("--private", action="store_true", help="the private ones too")
    parser.add_argument("--format", choices=("plain", *_DATA), default="plain")


def run(arguments: Namespace) -> int:
    """Print the notes that are not deleted, oldest first, then what can't be read."""
    noted = tuple(all_notes(arguments) if arguments.all else [named_notes(arguments)])
    query = _query(noted, arguments.where)
    is_asked = arguments.where is not None
    is_answered = query is not None or not is_asked
    found = [_found(one, query) if is_answered else [] for one in noted]
    chosen = [
        [one for one in notes if arguments.private or not one.note.private] for notes in found
    ]
    if arguments.format == "plain":
        say(_in_lines(noted, chosen))
    else:
        speak_utf8()
        say(_DATA[arguments.format](chain.from_iterable(chosen)), is_plain=True)
    problems = [line for one in noted for line in unread_notes(one)]
    problems += _unread_drafts(arguments, noted)
    if is_asked:
        problems += [_unasked(one) for one in noted if one.open_case is None]
    left_out = 0 if arguments.private else sum(one.note.private for one in chain(*found))
    if left_out:
        what = counted(left_out, "private note")
        problems.append(f"{what} left out; --private prints them.")
    return complain(problems, FINDINGS if len(problems) > bool(left_out) else FINE)


def _unread_drafts(arguments: Namespace, noted: Iterable[NotedCase]) -> Iterator[str]:
    """Give what was being typed and can't be read, with what gets it back where something does."""
    places = find_places(arguments.notes_dir)
    for one in noted:
        for path, why in DraftFolder(places, one.id).look().unreadable:
            yield f"{path}: {why}"


def _query(noted: Iterable[NotedCase], where: str | None) -> Query | None:
    """Give what the notes are asked for; raises Refused."""
    open_cases = [one.open_case for one in noted if one.open_case]
    if where is None or not open_cases:
        return None
    from casefile.query import NotUnderstood
    from casefile.views.filtering import query_of

    try:
        return query_of(open_cases, where)
    except NotUnderstood as error:
        raise Refused(f"--where: {error}") from None


def _found(noted: NotedCase, query: Query | None) -> list[ListedNote]:
    """Give the notes on a case, or those for which a query holds."""
    if query is None:
        return [*listed_notes(noted.notebook.notes, noted.id, noted.open_case)]
    if noted.open_case is None:
        # What an entry is, and whether a check still counts, only its case file can say.
        return []
    from casefile.views.filtering import notes_where

    notes = notes_where(noted.open_case, noted.notebook.notes, query)
    return [*listed_notes(notes, noted.id, noted.open_case)]


def _unasked(noted: NotedCase) -> str:
    return f"{noted.id}: its case file is not at hand, so --where finds nothing there."


def _in_lines(noted: Iterable[NotedCase], chosen: Iterable[list[ListedNote]]) -> Iterator[str]:
    """Give the notes on each case under its title, with how many there are."""
    for one, notes in zip(noted, chosen, strict=True):
        case = one.open_case
        title = case.title(one.id) if case else "its case file is not at hand"
        yield f"{one.id}: {title}: {counted(len(notes), 'note')}"
        for note in notes:
            yield ""
            yield from note_in_lines(note)
        yield ""
