"""`casefile notes pack CASE FILE|-`: the notes on a case in one file, to be sent."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from casefile.cli.noted_case import named_notes, unread_notes
from casefile.console import FINDINGS, FINE, STREAM, Refused, complain, is_terminal, send
from casefile.files import read_own, reason, why, write_document
from casefile.notes.annotation import SIZE_LIMIT, Revision, hash_of
from casefile.notes.exchange import leaving
from casefile.notes.notebook import Notebook
from casefile.notes.pack import packed
from casefile.text.plurals import counted


def add_arguments(parser: ArgumentParser) -> None:
    """Take a case, and where its notes go."""
    parser.add_argument("case", metavar="CASE")
    parser.add_argument("file", metavar="FILE", help="a new file, or - for standard output")
    parser.add_argument("--private", action="store_true", help="private notes too")


def run(arguments: Namespace) -> int:
    """Write the pack, then say what went and what stayed."""
    if arguments.file == STREAM and is_terminal():
        raise Refused("A pack is not for a terminal; name a file, or pipe it on.")
    noted = named_notes(arguments)
    notebook = noted.notebook
    going = {
        note.id: revisions
        for note in notebook.notes
        if (revisions := leaving(note, private=arguments.private))
    }
    problems = [*unread_notes(noted)]
    leaves = {kept.hash for revisions in going.values() for kept in revisions}
    gone = set[str]()
    _write(arguments.file, packed(_files(notebook, leaves, gone, problems)))
    code = FINDINGS if problems else FINE
    count = sum(not gone.isdisjoint(kept.hash for kept in note) for note in going.values())
    went = f"{counted(count, 'note')} in {counted(len(gone), 'revision')} packed."
    return complain([*problems, went, *_stayed(notebook, leaves)], code)


def _files(
    notebook: Notebook, leaves: set[str], gone: set[str], problems: list[str]
) -> Iterator[tuple[Revision, bytes]]:
    """Give the files of some revisions as they are, each once, and name those that changed."""
    for path, kept in notebook.by_file.items():
        if kept.hash not in leaves or kept.hash in gone:
            continue
        try:
            data = read_own(path, SIZE_LIMIT)
        except OSError as error:
            problems.append(f"{path}: {why(error)}")
            continue
        if hash_of(data) == kept.hash:
            gone.add(kept.hash)
            yield kept, data
        else:
            problems.append(f"{path}: it was changed just now")


def _write(file: str, pieces: Iterator[bytes]) -> None:
    if file == STREAM:
        send(pieces)
        return
    try:
        write_document(Path(file), b"".join(pieces), is_private=True)
    except FileExistsError:
        raise Refused(f"{file}: is there already, and is left as it is.") from None
    except OSError as error:
        raise Refused(f"Not written: {reason(error)}", code=FINDINGS) from None


def _stayed(notebook: Notebook, leaves: set[str]) -> Iterator[str]:
    """Say of how many notes something stayed because it is private, or was."""
    whole = partly = 0
    for note in notebook.notes:
        stays = sum(kept.hash not in leaves for kept in note.history)
        whole += stays == len(note.history)
        partly += 0 < stays < len(note.history)
    if whole:
        yield f"{counted(whole, 'private note')} stayed; --private packs them too."
    if partly:
        yield f"Of {counted(partly, 'note')} revisions from before it was made public stayed."
