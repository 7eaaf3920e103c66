"""A case file under inspection: what the checks need to know, and the findings that they make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from casefile.case.document import TableRow
from casefile.case.load_result import LoadResult
from casefile.case.model import Case, CaseFile, Cite, Entry, FreeEntry
from casefile.case.positions import KeyPath, Position
from casefile.case.problem import in_quotes
from casefile.case.relations import (
    CompleteCite,
    OutgoingReference,
    Relations,
    outgoing_references,
    own_cites,
    references_in_cites,
)
from casefile.case.timeline.chronology import Timeline, build_timeline
from casefile.case.timeline.entries import select_timeline_entries
from casefile.text.series import first_in_series

_MOST_NAMED = 3


class Inspection:
    """A case file with what several checks need of it."""

    def __init__(self, reading: LoadResult, case_file: CaseFile) -> None:
        self.reading = reading
        self.case_file = case_file

    @cached_property
    def relations(self) -> Relations:
        """The references between entries."""
        return Relations(self.case_file)

    @property
    def references(self) -> Iterator[OutgoingReference]:
        """All references that entries make, without cites, in file order."""
        # Not cached: one entry may have a million references.
        return chain.from_iterable(map(outgoing_references, self.case_file.entries.values()))

    @property
    def references_in_cites(self) -> Iterator[OutgoingReference]:
        """The references that sources give for fields instead of those of the entries."""
        return chain.from_iterable(map(references_in_cites, self.case_file.entries.values()))

    @property
    def cites(self) -> Iterator[tuple[Entry, int, Cite]]:
        """All cites, each with its entry and its index there, in file order."""
        for entry in self.case_file.entries.values():
            for number, cite in enumerate(entry.cites):
                yield entry, number, cite

    @property
    def complete_cites(self) -> Iterator[tuple[Entry, int, CompleteCite]]:
        """The same cites, complete with what those of claims take from their quotes."""
        for entry in self.case_file.entries.values():
            for number, complete in enumerate(own_cites(self.case_file, entry)):
                yield entry, number, complete

    @cached_property
    def timeline(self) -> Timeline:
        """The order of events, and the references that contradict it."""
        return build_timeline(select_timeline_entries(self.case_file))

    def finding(self, code: str, entry: str, keys: Sequence[str | int], what: str) -> Finding:
        """Make a finding about an entry, at the place that `keys` lead to in its row."""
        return Finding(code, what, self.reading.rows[entry], tuple(keys), entry)

    def reference_finding(self, code: str, reference: OutgoingReference, what: str) -> Finding:
        """Make a finding about a reference; the message begins with its key."""
        message = f"{reference.key}: {what}"
        return self.finding(code, reference.entry.id, reference.path, message)


class Finding(NamedTuple):
    """A finding at a place in a row; its position in the file is only looked up at the end."""

    code: str
    what: str
    row: TableRow
    keys: KeyPath = ()
    entry: str | None = None
    is_at_top: bool = False
    """Whether the key is at the top of the file; the row is that of the case then."""

    @property
    def position(self) -> Position | None:
        """The position of the key, or of the closest thing around it."""
        if self.is_at_top:
            return self.row.part.position(self.keys)
        return self.row.position(*self.keys)


def one_of_its_kind(entry: Entry) -> str:
    """Return the kind of an entry in words, such as “an event” or “the case”."""
    if isinstance(entry, FreeEntry):
        return f"a row of [[{entry.in_table}]]"
    if entry.table == Case.table:
        return "the case"
    return f"{'an' if entry.table[0] in 'aeiou' else 'a'} {entry.table}"


def all_quoted(names: Sequence[str]) -> str:
    """Return names as a list in words: the first few, and how many more there are."""
    return first_in_series(names, in_quotes, _MOST_NAMED)
