"""Files that can't be read as a revision: of which notes they are, and what those lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from pathlib import Path

from casefile import files
from casefile.notes.annotation import NAME_DIGITS, UUID, Revision, hash_named
from casefile.notes.external_edit import DRAFT_LIMIT

_ID = re.compile(UUID.pattern)
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


def ids_inside(path: Path, key: bytes) -> Set[str]:
    """Return the ids of notes or drafts that a file has under a key, damaged or not."""
    try:
        data = files.read_own(path, DRAFT_LIMIT)
    except OSError:
        return frozenset()
    return ids_in(data, key)


def ids_in(data: bytes, key: bytes) -> Set[str]:
    """Return the ids of notes or drafts that the content of a file has under a key."""
    found = re.findall(rb'^%b = "(%b)"' % (key, UUID.pattern.encode()), data, re.MULTILINE)
    return {match[0].decode() for match in found}


def _digits_in_name(name: str) -> str | None:
    named = _HASH.search(name)
    return named[1] if named else None
