"""`casefile notes merge PATH…`: another reader's notes are taken in, after a look at them."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path

from casefile.cli.consent import refuse_without_consent
from casefile.cli.standard_input import ITS_NAME
from casefile.console import FINDINGS, FINE, STREAM, Refused, complain, say
from casefile.files import why
from casefile.notes.annotation import NotKept
from casefile.notes.exchange import MergePlan, Offer, arriving, offered, together
from casefile.notes.history import Note
from casefile.notes.incoming import arrivals_at, arrivals_by
from casefile.notes.notebook import Notebook
from casefile.notes.pack import Arrival
from casefile.places import find_places
from casefile.text.plurals import counted
from casefile.views.note_export import SHORT_ID

_INDENT = "    "
_MOST_NAMED = 20
"""Of authors; anybody may claim to be thousands."""


def add_arguments(parser: ArgumentParser) -> None:
    """Take where the notes are, and what to do without asking."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a folder of notes, a note, a pack, or - for standard input",
    )
    parser.add_argument("--private", action="store_true", help="private notes too")
    answers = parser.add_mutually_exclusive_group()
    answers.add_argument("--yes", action="store_true", help="take them in without asking")
    answers.add_argument("--dry-run", action="store_true", help="only say what would come in")


def run(arguments: Namespace) -> int:
    """Say what comes in, ask, and take it in; what is damaged is named and hides nothing."""
    places = find_places(arguments.notes_dir)
    offer = _offer(arguments)
    notebooks = {case_id: Notebook(places, case_id) for case_id in offer.cases}
    coming: dict[str, MergePlan] = {}
    for case_id, notebook in notebooks.items():
        notebook.refresh()
        coming[case_id] = arriving(offer, case_id, notebook.notes)
    preview = [line for case_id, one in coming.items() for line in _preview(case_id, one, offer)]
    unread = [f"{name}: {reason}" for name, reason in offer.unread]
    unread += [
        f"{path}: {reason}"
        for notebook in notebooks.values()
        for path, reason in notebook.unreadable
    ]
    code = complain(unread, FINDINGS if unread else FINE)
    count = sum(len(one.revisions) for one in coming.values())
    if not count:
        preview.append(f"There {'is nothing new' if preview else 'are no notes'} in it.")
    if arguments.dry_run or not count:
        say(preview)
        return code
    if not arguments.yes:
        refuse_without_consent(preview, "Take these in?", "Nothing was taken in.")
        preview = []
    _take(coming, offer, notebooks)
    # Only now, since a reader of the output who goes away must not stop it halfway.
    say([*preview, f"Taken in: {counted(count, 'revision')}."])
    return code


def _offer(arguments: Namespace) -> Offer:
    """Read what every path has to offer, standard input at most once."""
    now = dt.datetime.now(dt.UTC)
    return together(
        offered(_arrivals(path), private=arguments.private, now=now)
        for path in dict.fromkeys(arguments.paths)
    )


def _arrivals(path: str) -> Iterator[Arrival]:
    if path != STREAM:
        yield from arrivals_at(Path(path))
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise Refused("Nothing comes by standard input; pipe a pack to it.")
    try:
        yield from arrivals_by(sys.stdin.buffer, ITS_NAME)
    except OSError as error:
        raise Refused(f"Standard input can't be read: {why(error)}.") from error


def _preview(case_id: str, coming: MergePlan, offer: Offer) -> Iterator[str]:
    yield f"{case_id}:"
    told = [*_news(coming), *_outcome(coming)]
    if coming.here:
        told.append(f"{counted(coming.here, 'revision')} here already")
    if kept_back := offer.kept_back.get(case_id, 0):
        told.append(f"{counted(kept_back, 'note')} with what is private, which stays out")
    yield from (f"{_INDENT}{line}" for line in told)


def _news(coming: MergePlan) -> Iterator[str]:
    if coming.new:
        revisions = sum(len(note.history) for note in coming.new)
        yield f"{counted(len(coming.new), 'new note')}, in {counted(revisions, 'revision')}"
    if coming.revised:
        revisions = len(coming.revisions) - sum(len(note.history) for note in coming.new)
        known = counted(len(coming.revised), "note")
        yield f"{counted(revisions, 'new revision')} of {known} known here"
    if coming.authors:
        more = f" and {len(coming.authors) - _MOST_NAMED:,} more"
        names = ", ".join(coming.authors[:_MOST_NAMED])
        yield f"by {names}{more if len(coming.authors) > _MOST_NAMED else ''}, as they say"


def _outcome(coming: MergePlan) -> Iterator[str]:
    """Say which notes will stand in several texts, and which will be gone."""
    for note in coming.conflicts:
        texts = counted(len(note.heads), "text")
        yield f"{_named(note)} will stand in {texts}, side by side"
    yield from (f"{_named(note)} will be deleted" for note in coming.deletions)


def _named(note: Note) -> str:
    return f"{note.id[:SHORT_ID]}, on {note.current.entry}: {note.current.target.label}:"


def _take(coming: Mapping[str, MergePlan], offer: Offer, notebooks: Mapping[str, Notebook]) -> None:
    """Keep what comes; raises Refused where it can't be, with how much was kept until then."""
    everything = [(case_id, kept) for case_id, one in coming.items() for kept in one.revisions]
    for count, (case_id, revision) in enumerate(everything):
        try:
            notebooks[case_id].keep_written(offer.files[revision.hash])
        except NotKept as error:
            lines = [f"Not taken in: {error.reason}"]
            if count:
                what = f"{count:,} of {counted(len(everything), 'revision')}"
                lines.append(
                    f"{what} came in before that, and stay; merging again brings the rest."
                )
            raise Refused(*lines, code=FINDINGS) from None
