"""The words of a note, by which what was copied from it is found in other texts and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casefile import files
from casefile.notes.annotation import Revision
from casefile.notes.external_edit import DRAFT_LIMIT
from casefile.notes.history import Note

_SHORTEST_LINE = 8
"""The fewest characters of a line that tell where it is from."""
_QUOTE_MARKS = "> "


class Words:
    """The words of a note, by which other texts are found that were copied from it."""

    def __init__(self, note_id: str, note: Note | None) -> None:
        self._id = note_id
        self._texts = {kept.body for kept in note.history} if note else set[str]()
        self._long = {text.strip() for text in self._texts if len(text.strip()) >= _SHORTEST_LINE}
        self._lines = {line for text in self._texts for line in _lines_of(text)}

    def are_in(self, other: str, beside: Iterable[str] = ()) -> bool:
        """Whether another text, or one beside it, has a text or line of the note, or its id.

        The other text may also be a part of one. One beside it is mostly short, as a tag is, which
        says nothing if it is a part.
        """
        part = other.strip()
        is_part = len(part) >= _SHORTEST_LINE and any(part in text for text in self._long)
        return is_part or any(map(self._are_copied_to, (other, *beside)))

    def _are_copied_to(self, other: str) -> bool:
        return bool(other.strip()) and (
            self._id in other
            or other in self._texts
            or any(text in other for text in self._long)
            or not self._lines.isdisjoint(_lines_of(other))
        )

    def are_in_file(self, path: Path) -> bool:
        """Whether a file of another program has a line of the note."""
        try:
            data = files.read_regular(path, DRAFT_LIMIT)
        except OSError:
            return False
        return any(line.encode(errors="replace") in data for line in self._lines)


def texts_beside_body(revision: Revision) -> Iterator[str]:
    """Return what may be written in a revision beside its text; title and row are the case's."""
    target = revision.target
    return _texts_in([revision.tags, revision.value, revision.extra, target.field, target.extra])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value.items()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts_in(one)


def _lines_of(text: str) -> set[str]:
    lines = (line.lstrip(_QUOTE_MARKS).rstrip() for line in text.splitlines())
    return {line for line in lines if len(line) >= _SHORTEST_LINE}
