"""The words of a note, by which what was copied from it is found in other texts and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from casefile import files
from casefile.notes.annotation import Revision
from casefile.notes.checks import VERDICTS
from casefile.notes.external_edit import DRAFT_LIMIT
from casefile.notes.history import Note
from casefile.text.cells import text_width

_SHORTEST_PART = 8
"""The fewest columns of a part of a line that tell where it is from."""
_QUOTE_MARKS = "> \t"
# Strings begin and end with a quotation mark in TOML and in what vim remembers; in vim's swap
# files, lines end with a NUL.
_IN_STRINGS = {'"': "\n", "\0": "\n", '\\"': '"', "\\\\": "\\", "\\n": "\n", "\\r": "\n"}
_MARKS_AND_ESCAPES = re.compile("|".join(map(re.escape, _IN_STRINGS)))


class Words:
    """The words of a note, by which other texts are found that were copied from it.

    Lines are compared as a whole, without quote marks. Longer ones are looked for in a file, and
    longer texts everywhere, as a part too.
    """

    def __init__(self, note_id: str, note: Note | None) -> None:
        self.id = note_id
        self._texts = {kept.body.strip() for kept in note.history} if note else set[str]()
        self._lines = {line for text in self._texts for line in _lines_of(text)}
        self._parts = {note_id, *filter(_is_telling, self._texts)}
        self._parts_of_files = {*self._parts, *filter(_is_telling, self._lines)}

    def are_in(self, other: str, beside: Iterable[str] = ()) -> bool:
        """Whether another text, or one beside it, has a text or line of the note, or its id.

        The other text may also be a part of one. One beside it is mostly short, as a tag is, which
        says nothing if it is a part.
        """
        part = other.strip()
        is_part = _is_telling(part) and any(part in text for text in self._texts)
        return is_part or any(self._are_copied_to(one, self._parts) for one in (other, *beside))

    def are_in_file(self, path: Path) -> bool:
        """Whether a file that is not read as a note has a text or line of it, or its id.

        Raises OSError, also for a file that is larger than a draft.
        """
        text = files.read_regular(path, DRAFT_LIMIT).decode(errors="replace")
        return self._are_copied_to(text, self._parts_of_files) or self._are_copied_to(
            _MARKS_AND_ESCAPES.sub(lambda found: _IN_STRINGS[found[0]], text), self._parts_of_files
        )

    def _are_copied_to(self, other: str, parts: Iterable[str]) -> bool:
        return not self._lines.isdisjoint(_lines_of(other)) or any(part in other for part in parts)


def texts_beside_body(revision: Revision) -> Iterator[str]:
    """Yield the texts of a revision beside its body; its title and row are the case's."""
    target = revision.target
    value = None if revision.value in VERDICTS else revision.value
    return _texts_in([revision.tags, value, revision.extra, target.field, target.extra])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value.items()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts_in(one)


def _lines_of(text: str) -> set[str]:
    return {line.lstrip(_QUOTE_MARKS).rstrip() for line in text.splitlines()} - {""}


def _is_telling(part: str) -> bool:
    return len(part) >= _SHORTEST_PART or text_width(part) >= _SHORTEST_PART
