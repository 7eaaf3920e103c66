"""A case file under inspection: what every search for findings asks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from casefile.case.document import Row
from casefile.case.model import Case, CaseFile, Entry, FreeEntry
from casefile.case.naming import Naming, namings_of
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import quoted
from casefile.case.reader import LoadResult
from casefile.case.relations import Relations
from casefile.case.timeline.chronology import Timeline, chronology
from casefile.case.timeline.timeline_entries import happenings

_MOST_NAMED = 3


class Inspection:
    """What was read of a case file, and a way to say what was found at a place in it."""

    def __init__(self, reading: LoadResult, case_file: CaseFile) -> None:
        """Take a reading and the case that came of it."""
        self.reading = reading
        self.case_file = case_file

    @cached_property
    def relations(self) -> Relations:
        """Who refers to whom."""
        return Relations(self.case_file)

    @property
    def namings(self) -> Iterator[Naming]:
        """Every reference that an entry makes, cites apart, in file order."""
        # Of one entry there may be a million, too many to be kept for those who ask again.
        return chain.from_iterable(map(namings_of, self.case_file.entries.values()))

    @cached_property
    def timeline(self) -> Timeline:
        """The order of what happened, and what contradicts it."""
        return chronology(happenings(self.case_file))

    def finding(self, code: str, entry: str, keys: Sequence[str | int], what: str) -> Found:
        """Give what was found in an entry, at one of its keys or inside it."""
        return Found(code, what, self.reading.rows[entry], tuple(keys), entry)


class Found(NamedTuple):
    """What was found at a place in a row; where that is in the file is looked up in the end."""

    code: str
    what: str
    row: Row
    keys: KeyPath = ()
    entry: str | None = None
    is_at_top: bool = False
    """Whether the key stands at the top of the file, where the row is that of the case."""

    @property
    def position(self) -> Position | None:
        """The place of the key, or of the nearest thing around it."""
        if self.is_at_top:
            return self.row.position_at_top(str(self.keys[0]))
        return self.row.position(*self.keys)


def one_of_its_kind(entry: Entry) -> str:
    """Give the words for an entry of this kind: `an event`, `the case`."""
    if isinstance(entry, FreeEntry):
        return f"a row of [[{entry.in_table}]]"
    if entry.table == Case.table:
        return "the case"
    return f"{'an' if entry.table[0] in 'aeiou' else 'a'} {entry.table}"


def all_quoted(names: Sequence[str]) -> str:
    """Give several names in a row: the first few, and how many others there are."""
    shown = [quoted(name) for name in names[:_MOST_NAMED]]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
