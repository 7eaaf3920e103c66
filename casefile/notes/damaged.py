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


def incomplete_notes(damaged: Iterable[Path], revisions: Iterable[Revision]) -> Set[str]:
    """Return the ids of the notes of which a revision is in a damaged file, and in no other."""
    read = {kept.hash.removeprefix(hash_named(""))[:NAME_DIGITS] for kept in revisions}
    lost = (path for path in damaged if _digits_in_name(path) not in read)
    return {note_id for path in lost for note_id in note_ids_of(path)}


def note_ids_of(path: Path) -> Set[str]:
    """Return the id of a note in the name of a file, or else those in its content."""
    named = _ID.search(path.name)
    return {named.group()} if named else ids_inside(path, b"id")


def ids_inside(path: Path, key: bytes) -> Set[str]:
    """Return the ids of notes or drafts that a file has under a key, damaged or not."""
    try:
        data = files.read_own(path, DRAFT_LIMIT)
    except OSError:
        return set()
    found = re.findall(rb'^%b = "(%b)"' % (key, UUID.pattern.encode()), data, re.MULTILINE)
    return {match[0].decode() for match in found}


def _digits_in_name(path: Path) -> str | None:
    named = _HASH.search(path.name)
    return named[1] if named else None
