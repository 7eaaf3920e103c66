"""`casefile notes forget ID`: remove a note for good, with all its revisions and drafts."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from itertools import islice

from casefile.cli.named_case import SHORTEST_ID
from casefile.cli.settings import read_settings
from casefile.cli.standard_input import require_consent
from casefile.console import FINDINGS, FINE, CommandError, print_errors, print_lines
from casefile.files import error_with_path
from casefile.notes.authors import author_in_words
from casefile.notes.forgetting import Trace, copies_of, forget, traces_of
from casefile.notes.history import Note
from casefile.notes.own_files import is_folder
from casefile.places import Places, find_places
from casefile.state.forgetting import remembered
from casefile.text.inert import first_line
from casefile.text.plurals import pluralize
from casefile.text.shell_words import shell_word
from casefile.views import timestamps
from casefile.views.note_export import kind_of

_INDENT = "    "
_MOST_CHARACTERS = 200
_MOST_TEXTS = 12
_MOST_LEFTOVERS = 100
_MOST_IDS = 20
_START = re.compile(rf"[0-9a-f-]{{{SHORTEST_ID},36}}")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile notes forget`."""
    what = f"the id of the note, or its first {SHORTEST_ID} or more characters"
    parser.add_argument("id", metavar="ID", help=what)
    parser.add_argument("--yes", action="store_true", help="remove it without asking")


def run(arguments: Namespace) -> int:
    """Show the note, ask, remove it, and say where copies of it may be."""
    places = find_places(arguments.notes_dir)
    author = read_settings(places).author
    traces = _named(arguments.id, places, author)
    shown = [line for trace in traces for line in _shown(trace)]
    if not arguments.yes:
        require_consent(shown, "Remove it for good?", "Nothing was removed.")
        shown = []
        # Another terminal may have gone on with the note while the question waited.
        traces = _named(traces[0].id, places, author)
    links = [
        f"{path} is a link; its target, {path.resolve()}, is still there"
        for trace in traces
        for path in trace.files
        # Path.exists() raises for a link that can't be followed.
        if path.is_symlink() and os.access(path, os.F_OK)
    ]
    notes_dir = arguments.notes_dir
    options = "" if notes_dir is None else f" --notes-dir {shell_word(str(notes_dir))}"
    stays = [line for one in traces for line in (*_stays(one, options), *_elsewhere(one))]
    try:
        # First, since what stays is not found again once the note's words are gone.
        print_lines([*shown, *links, *stays])
    finally:
        # Also if the output can't be printed.
        done = [one for trace in traces for one in forget(trace)]
        failed = [f"Not removed: {path}: {why}" for path, why in done if why]
        code = print_errors(failed, FINDINGS if failed else FINE)
    print_lines(f"Removed {path}" for path, why in done if not why)
    return code


def _named(name: str, places: Places, author: str | None) -> list[Trace]:
    """Return the traces of the note that is named, in all cases; raises CommandError."""
    start = name.casefold()
    if not _START.fullmatch(start):
        raise CommandError(
            f"“{name}” is neither an id of a note nor its first {SHORTEST_ID} characters."
        )
    by_id: dict[str, list[Trace]] = {}
    try:
        for trace in traces_of(places, start, author, remembered(places)):
            by_id.setdefault(trace.id, []).append(trace)
            if len(by_id) > _MOST_IDS:
                break
    except OSError as error:
        raise CommandError(error_with_path(error), code=FINDINGS) from None
    if not by_id:
        raise CommandError(f"There is no note {start}; `casefile notes --all` prints the ids.")
    traces, *others = by_id.values()
    if others:
        named = [trace for several in islice(by_id.values(), _MOST_IDS) for trace in several]
        lines = [line for trace in named for line in _shown(trace)]
        more = ["… and more"] if len(by_id) > _MOST_IDS else []
        raise CommandError(
            f"{start} is the start of several ids; give more characters:", *lines, *more
        )
    return traces


def _shown(trace: Trace) -> Iterator[str]:
    note = trace.note
    if note is None:
        yield f"{trace.id}, {trace.case}: none of its revisions can be read"
    else:
        text = note.current
        yield f"{trace.id}, {trace.case}"
        deleted = ", deleted" if note.deleted else ""
        yield f"{_INDENT}{kind_of(text)} on {text.entry}: {text.target.label}{deleted}"
        yield f"{_INDENT}{author_in_words(note.author)}, {timestamps.minute(note.created)}"
        yield from _texts(note)
    drafts = len(trace.draft_files)
    of_drafts = f", and {pluralize(drafts, 'file')} of drafts" if drafts else ""
    yield f"{_INDENT}{pluralize(len(trace.files), 'file')}{of_drafts}"
    if trace.unfinished:
        yield f"{_INDENT}{pluralize(len(trace.unfinished), 'file')} that killed saves have left"


def _texts(note: Note) -> Iterator[str]:
    """Yield the first line of each text, first those of the note's author."""
    heads = sorted(note.heads, key=lambda head: head.author != note.author)
    for head in heads[:_MOST_TEXTS]:
        by_other = f"by {author_in_words(head.author)}: " if head.author != note.author else ""
        first = first_line(head.body)
        more = "…" if len(first) > _MOST_CHARACTERS else ""
        if first or by_other:
            yield f"{_INDENT}{by_other}{first[:_MOST_CHARACTERS]}{more}"
    if count := len(heads[_MOST_TEXTS:]):
        yield f"{_INDENT}… and {pluralize(count, 'more text')}"


def _stays(trace: Trace, options: str) -> Iterator[str]:
    """Yield which files were not removed, what they are, and the commands that remove them."""
    for one in trace.stays[:_MOST_LEFTOVERS]:
        forget_it = f"casefile notes forget {one.note}{options}"
        remove = "rm -r" if is_folder(one.path) else "rm"
        command = forget_it if one.note else f"{remove} {shell_word(str(one.path))}"
        removal = f". This removes it: {command}" if one.is_searched else ""
        yield f"Stays: {one.path}: {one.what}{removal}"
    if more := trace.stays[_MOST_LEFTOVERS:]:
        folders = ", ".join(sorted({str(one.path.parent) for one in more}))
        yield f"Stays: {len(more):,} more such files, in {folders}"


def _elsewhere(trace: Trace) -> Iterator[str]:
    """Yield where copies of a note may be, those that were found first."""
    copies = copies_of(trace)
    yield from (f"Its history may still hold it: {path}" for path in copies.repositories)
    yield from (f"Older versions are kept in {path}" for path in copies.versions)
    yield from (f"{_INDENT}{path} is still there" for path in copies.kept)
    yield from (f"An editor remembers words of it: {path}" for path in copies.remembered)
    if trace.in_use:
        yield "An editor has it open; delete its text there too, or it comes back as a draft."
    if trace.replies:
        yield f"Replies to it stay: {trace.replies:,}"
    yield (
        "Copies may also be in backups and snapshots, in packs that were sent, with readers who "
        "merged it, in Syncthing’s .stversions on other devices, and in what your editor "
        "keeps elsewhere."
    )
