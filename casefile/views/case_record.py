"""A case as its file holds it, with the timeline and the references worked out from the file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from functools import cached_property

from casefile.case.dating.dates import period_in_words
from casefile.case.dating.local_times import find_zone
from casefile.case.disputes import disputed_entries
from casefile.case.model import CaseFile, Entry, Source
from casefile.case.relations import Relations
from casefile.case.timeline.chronology import Placement, Timeline, build_timeline
from casefile.case.timeline.entries import select_timeline_entries
from casefile.views.origins import Origins


class CaseRecord(ABC):
    """What phrases and columns are made from."""

    def __init__(self, case_file: CaseFile) -> None:
        self.case_file = case_file

    @abstractmethod
    def title(self, entry_id: str) -> str:
        """Return an entry's title, or a placeholder if the entry is not in the file."""

    def entry(self, entry_id: str) -> Entry | None:
        """Return the entry with an id."""
        return self.case_file.entries.get(entry_id)

    @cached_property
    def relations(self) -> Relations:
        """The references between the entries."""
        return Relations(self.case_file)

    @cached_property
    def disputed(self) -> frozenset[str]:
        """The ids of the entries that the record disputes."""
        return disputed_entries(self.case_file)

    @cached_property
    def origins(self) -> Origins:
        """From which sources the entries have their words."""
        return Origins(self.case_file)

    @cached_property
    def timeline(self) -> Timeline:
        """The order of the events and of dated entries that belong to no event."""
        return build_timeline(select_timeline_entries(self.case_file))

    @cached_property
    def span(self) -> str:
        """The time that the timeline covers, in words; empty if nothing is dated."""
        return period_in_words(
            entry.date.closed(*placed.start_units)
            for placed in self.timeline.placed
            if (entry := self.entry(placed.id)) and entry.date and entry.date.is_bounded
        )

    @cached_property
    def zone(self) -> str | None:
        """The time zone of the times of day in the file; None if it gives no valid zone."""
        name = self.case_file.case.timezone
        return name if name and find_zone(name) else None

    @cached_property
    def source_ids(self) -> frozenset[str]:
        """The ids of the sources."""
        return frozenset(source.id for source in self.case_file.of(Source))

    @cached_property
    def publishers(self) -> Counter[str | None]:
        """The number of sources by publisher."""
        return Counter(source.publisher for source in self.case_file.of(Source))

    def placement_of(self, entry_id: str) -> Placement | None:
        """Return an entry's placement on the timeline, or None if it is not on the timeline."""
        return self._placements.get(entry_id)

    @cached_property
    def _placements(self) -> dict[str, Placement]:
        return {placement.id: placement for placement in self.timeline.placed}
