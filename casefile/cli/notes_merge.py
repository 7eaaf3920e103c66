"""`casefile notes merge PATH…`: import another reader's notes, after a preview."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from casefile.cli.parser import nonempty
from casefile.cli.problem_lines import unreadable_lines
from casefile.cli.settings import read_settings
from casefile.cli.standard_input import STREAM_NAME, require_consent
from casefile.console import (
    FINDINGS,
    FINE,
    STREAM,
    CommandError,
    first_of,
    print_errors,
    print_lines,
)
from casefile.files import error_reason
from casefile.notes.annotation import SaveError
from casefile.notes.authors import author_in_words
from casefile.notes.exchange import MergePlan, Offer, plan_merge, read_offer
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.notes.pack import IncomingFile, incoming_at_path, incoming_from_stream
from casefile.places import find_places
from casefile.text.plurals import pluralize
from casefile.views import timestamps
from casefile.views.note_export import SHORT_ID

_INDENT = "    "
_MOST_NAMED = 20
"""How many authors are named; a pack may claim thousands."""
_MOST_CASES = 50
"""On how many cases it is said what comes, if no note is deleted, brought back or made public."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile notes merge`."""
    parser.add_argument(
        "paths",
        nargs="+",
        type=nonempty,
        metavar="PATH",
        help="a folder of notes, a note, a pack, or - for standard input",
    )
    parser.add_argument("--private", action="store_true", help="import private notes too")
    answers = parser.add_mutually_exclusive_group()
    answers.add_argument("--yes", action="store_true", help="import without asking")
    answers.add_argument("--dry-run", action="store_true", help="only print what would be imported")


def run(arguments: Namespace) -> int:
    """Print a preview, ask, and import the notes; damaged files are reported and skipped."""
    places = find_places(arguments.notes_dir)
    author = read_settings(places).author
    # Standard input can be read once.
    sources = map(_arrivals, dict.fromkeys(arguments.paths))
    offer = read_offer(sources, private=arguments.private)
    notebooks = {case_id: Notebook(places, case_id, author) for case_id in offer.cases}
    coming = _plans(offer, notebooks)
    here = chain.from_iterable(notebook.unreadable for notebook in notebooks.values())
    unread = [*unreadable_lines(chain(offer.unread, here))]
    code = print_errors(unread, FINDINGS if unread else FINE)
    if not (arguments.yes or arguments.dry_run):
        coming = _agreed(coming, offer, notebooks)
    preview = [*_preview(coming, offer)]
    count = _count(coming)
    if not count:
        preview.append("Nothing new to import." if preview else "No notes found.")
    if arguments.dry_run or not count:
        print_lines(preview)
        return code
    failures = [*_import(coming, offer, notebooks)]
    # After the import, since a closed pipe must not stop it halfway.
    print_lines([*(preview if arguments.yes else ()), _imported(count, len(failures))])
    # Of a folder or a full disk, all may have one reason.
    reasons = dict.fromkeys(f"Not imported: {failure.reason}" for failure in failures)
    return print_errors(first_of(reasons), FINDINGS if reasons else code)


def _plans(offer: Offer, notebooks: Mapping[str, Notebook]) -> dict[str, MergePlan]:
    """Return what the merge would change, by case, in the notes as they are now."""
    for notebook in notebooks.values():
        notebook.refresh(thorough=True)
    return {
        case_id: plan_merge(offer, case_id, notebook.by_file.values(), notebook.author)
        for case_id, notebook in notebooks.items()
    }


def _agreed(
    coming: dict[str, MergePlan], offer: Offer, notebooks: Mapping[str, Notebook]
) -> dict[str, MergePlan]:
    """Ask whether to import; ask again if another terminal has changed meanwhile what that does."""
    agreed: list[str] = []
    while _count(coming) and (preview := [*_preview(coming, offer)]) != agreed:
        require_consent(preview, "Import these?", "Nothing was imported.")
        agreed = preview
        coming = _plans(offer, notebooks)
    return coming


def _count(coming: Mapping[str, MergePlan]) -> int:
    return sum(len(one.revisions) for one in coming.values())


def _arrivals(path: str) -> Iterator[IncomingFile]:
    if path != STREAM:
        yield from incoming_at_path(Path(path))
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise CommandError("Standard input is empty; pipe a pack to it.")
    try:
        yield from incoming_from_stream(sys.stdin.buffer, STREAM_NAME)
    except OSError as error:
        raise CommandError(f"Standard input can't be read: {error_reason(error)}.") from error


def _preview(coming: Mapping[str, MergePlan], offer: Offer) -> Iterator[str]:
    # First the cases in which something that is here changes, so that no number of others hides it;
    # all with a note that is always named, which are no more than have notes here.
    listed = {case_id for case_id, one in coming.items() if any(_always_named(one))}
    in_order = sorted(
        coming, key=lambda case_id: (case_id not in listed, not coming[case_id].revised, case_id)
    )
    count = max(_MOST_CASES, len(listed))
    for case_id in in_order[:count]:
        yield from _preview_of(case_id, coming[case_id], offer)
    if others := in_order[count:]:
        revisions = sum(len(coming[case_id].revisions) for case_id in others)
        yield f"… and {pluralize(revisions, 'revision')} on {pluralize(len(others), 'more case')}"


def _preview_of(case_id: str, coming: MergePlan, offer: Offer) -> Iterator[str]:
    yield f"{case_id}:"
    lines = [*_news(coming), *_conflicts(coming), *_always_named(coming)]
    if coming.here:
        lines.append(f"{pluralize(coming.here, 'revision')} already here")
    if kept_back := offer.kept_back.get(case_id, 0):
        what = "with private or unreadable revisions, left out in whole or part"
        lines.append(f"{pluralize(kept_back, 'note')} {what}")
    yield from (f"{_INDENT}{line}" for line in lines)


def _news(coming: MergePlan) -> Iterator[str]:
    if coming.new:
        revisions = sum(len(note.history) for note in coming.new)
        yield f"{pluralize(len(coming.new), 'new note')}, in {pluralize(revisions, 'revision')}"
    if coming.revised:
        revisions = len(coming.revisions) - sum(len(note.history) for note in coming.new)
        known = pluralize(len(coming.revised), "note")
        yield f"{pluralize(revisions, 'new revision')} of {known} already here"
    if coming.authors:
        more = f" and {len(coming.authors) - _MOST_NAMED:,} more"
        names = ", ".join(map(author_in_words, coming.authors[:_MOST_NAMED]))
        yield f"by {names}{more if len(coming.authors) > _MOST_NAMED else ''}, as the notes say"
    if ahead := coming.dated_ahead(dt.datetime.now(dt.UTC)):
        last = timestamps.day(max(kept.modified for kept in ahead))
        yield f"{pluralize(len(ahead), 'revision')} dated after today, up to {last}"


def _conflicts(coming: MergePlan) -> Iterator[str]:
    return first_of(
        f"{_named(before)} will have {_texts(after)}, side by side"
        for before, after in coming.conflicts
    )


def _always_named(coming: MergePlan) -> Iterator[str]:
    """Yield a line for each note that may be the only record, or was meant for the reader alone."""
    yield from (f"{_named(note)} will be deleted" for note in coming.deletions)
    yield from (
        f"{_named(note)} is deleted, and will be brought back" for note in coming.brought_back
    )
    yield from (f"{_named(note)} will no longer be private" for note in coming.made_public)


def _named(note: Note) -> str:
    return f"{note.id[:SHORT_ID]}, on {note.current.entry}: {note.current.target.label}:"


def _texts(note: Note) -> str:
    texts, deletions = len(note.texts), len(note.heads) - len(note.texts)
    also = f" and {pluralize(deletions, 'deletion')}" if deletions else ""
    return f"{pluralize(texts, 'text')}{also}"


def _import(
    coming: Mapping[str, MergePlan], offer: Offer, notebooks: Mapping[str, Notebook]
) -> Iterator[SaveError]:
    """Import the revisions, and yield why some could not be."""
    for case_id, one in coming.items():
        to_add = ((kept, offer.files[kept.hash]) for kept in one.revisions)
        added = notebooks[case_id].add_revisions(to_add)
        yield from (result for result in added if isinstance(result, SaveError))


def _imported(count: int, failed: int) -> str:
    if not failed:
        return f"Imported {pluralize(count, 'revision')}."
    how_many = f"{count - failed:,} of {pluralize(count, 'revision')}"
    return f"Imported {how_many}; merge again to import the rest."
