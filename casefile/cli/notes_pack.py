"""`casefile notes pack CASE FILE|-`: write the notes on a case to one file, to be sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from casefile.cli.named_case import open_named_notes
from casefile.cli.new_document import write_new_document
from casefile.cli.parser import nonempty
from casefile.cli.withholding import Withholding, add_options, left_out_in_words
from casefile.console import FINDINGS, FINE, STREAM, CommandError, is_terminal, print_errors, send
from casefile.files import error_reason, read_own
from casefile.notes.annotation import SIZE_LIMIT, Revision, hash_of
from casefile.notes.exchange import exported_revisions
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.notes.pack import pack_members, pack_pieces
from casefile.places import find_places
from casefile.text.plurals import pluralize


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `casefile notes pack`."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument(
        "file", type=nonempty, metavar="FILE", help="a new file, or - for standard output"
    )
    add_options(parser, "pack")


def run(arguments: Namespace) -> int:
    """Write the pack, then print what is in it and what was left out."""
    if arguments.file == STREAM and is_terminal():
        raise CommandError("A pack can't be printed on a terminal; name a file, or pipe it on.")
    case_notes = open_named_notes(arguments)
    notebook = case_notes.notebook
    is_withheld = Withholding(arguments, case_notes)
    notes = [*_as_in_files(notebook)]
    to_pack = {
        note.id: revisions for note in notes if (revisions := exported_revisions(note, is_withheld))
    }
    problems = [*case_notes.unreadable()]
    hashes = {revision.hash for revisions in to_pack.values() for revision in revisions}
    members = pack_members(_files(notebook, hashes, problems))
    pieces = pack_pieces(members)
    if arguments.file == STREAM:
        send(pieces)
    else:
        workshop = find_places(arguments.notes_dir).workshop(case_notes.id)
        write_new_document(arguments.file, b"".join(pieces), workshop=workshop)
    code = FINDINGS if problems else FINE
    count = len({revision.id for revision, _ in members.values()})
    summary = f"Packed {pluralize(count, 'note')} in {pluralize(len(members), 'revision')}."
    return print_errors([*problems, summary, *_left_out(notes, is_withheld, to_pack)], code)


def _files(
    notebook: Notebook, hashes: set[str], problems: list[str]
) -> Iterator[tuple[Revision, bytes]]:
    """Yield the revisions with these hashes, each once, with the bytes of its file.

    Adds what can't be read or has changed to `problems`.
    """
    done = set[str]()
    for path, revision in notebook.by_file.items():
        if revision.hash not in hashes or revision.hash in done:
            continue
        try:
            data = read_own(path, SIZE_LIMIT)
        except OSError as error:
            problems.append(f"{path}: {error_reason(error)}")
            continue
        if hash_of(data) == revision.hash:
            done.add(revision.hash)
            yield revision, data
        else:
            problems.append(f"{path}: it was changed just now")


def _as_in_files(notebook: Notebook) -> Iterator[Note]:
    """Yield the notes with what their files say, which is packed, though less of it may count.

    A revision that says it is public may be private all the same.
    """
    in_files = {kept.hash: kept for kept in notebook.by_file.values()}
    for note in notebook.notes:
        heads, silent, history = (
            tuple(replace(in_files[kept.hash], private=kept.private) for kept in several)
            for several in (note.heads, note.silent, note.history)
        )
        yield replace(note, heads=heads, silent=silent, history=history)


def _left_out(
    notes: Sequence[Note], is_withheld: Withholding, packed: Mapping[str, Sequence[Revision]]
) -> Iterator[str]:
    """Yield how many notes were left out, whole or in part, and why."""
    whole = map(is_withheld.reason_of_note, notes)
    yield from left_out_in_words(whole, "note", "packs them too")
    partly = sum(note.id in packed and len(packed[note.id]) < len(note.history) for note in notes)
    if partly:
        what = "with a private or confidential past"
        yield f"Revisions of {pluralize(partly, 'note')} {what} were left out."
