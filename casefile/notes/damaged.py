"""Files that can't be read as a revision: of which notes they are, and what those lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from pathlib import Path

from casefile import files
from casefile.notes.annotation import FORMAT as NOTE_FORMAT
from casefile.notes.annotation import NAME_DIGITS, UUID, Revision, hash_named
from casefile.notes.external_edit import DRAFT_LIMIT

_ID = re.compile(UUID.pattern)
_REVISION_NAME = re.compile(rf"({UUID.pattern})\.[0-9]+-[0-9a-f]{{8}}")
_FORMAT_KEY = b'format = "'
_HASH = re.compile(rf"-([0-9a-f]{{{NAME_DIGITS}}})")


def incomplete_notes(
    damaged: Iterable[tuple[str, Set[str]]], revisions: Iterable[Revision]
) -> Set[str]:
    """Return the ids of the notes of which a revision is in a damaged file, and in no other.

    `damaged` has the names of such files, each with the ids of its notes. What the revision said
    is not known: it may have made its note private.
    """
    by_digits = [(_digits_in_name(name), ids) for name, ids in damaged]
    if not by_digits:
        return frozenset()
    read = {kept.hash.removeprefix(hash_named(""))[:NAME_DIGITS] for kept in revisions}
    return {note_id for digits, ids in by_digits if digits not in read for note_id in ids}


def note_ids_of(path: Path) -> Set[str]:
    """Return the id of a note in the name of a file, or else those in its content."""
    return id_in_name(path.name) or ids_inside(path, b"id")


def id_in_name(name: str) -> Set[str]:
    """Return the id of a note in the name of a file, if there is one."""
    named = _ID.search(name)
    return {named.group()} if named else frozenset()


def ids_of_revision(path: Path) -> Set[str]:
    """Return the id of the note of which a file is a revision, by its name or its first line.

    There is none for a text about a note, or a file with several notes: these are the reader's.
    """
    named = _REVISION_NAME.search(path.name)
    return {named[1]} if named else id_in_one(path, NOTE_FORMAT, b"id")


def id_in_one(path: Path, format_name: str, key: bytes) -> Set[str]:
    """Return the id under a key in a TOML file that is a single note or draft, damaged or not."""
    data = _content(path) if path.suffix == ".toml" else b""
    formats = re.findall(rb"^%b(.*)" % _FORMAT_KEY, data, re.MULTILINE)
    is_one = data.startswith(_FORMAT_KEY + format_name.encode()) and len(formats) == 1
    ids = ids_in(data, key)
    return ids if is_one and len(ids) == 1 else frozenset()


def ids_inside(path: Path, key: bytes) -> Set[str]:
    """Return the ids of notes or drafts that a file has under a key, damaged or not."""
    return ids_in(_content(path), key)


def ids_in(data: bytes, key: bytes) -> Set[str]:
    """Return the ids of notes or drafts that the content of a file has under a key."""
    found = re.findall(rb'^%b = "(%b)"' % (key, UUID.pattern.encode()), data, re.MULTILINE)
    return {match[0].decode() for match in found}


def _digits_in_name(name: str) -> str | None:
    named = _HASH.search(name)
    return named[1] if named else None


def _content(path: Path) -> bytes:
    try:
        return files.read_own(path, DRAFT_LIMIT)
    except OSError:
        return b""
