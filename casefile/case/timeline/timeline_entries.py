"""Select the entries of a case that are on its timeline."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.model import CaseFile, Claim, Entry, Event, Quote, Seizure
from casefile.case.relations import event_of
from casefile.case.timeline.chronology import TimelineEntry


def select_timeline_entries(case_file: CaseFile) -> Iterator[TimelineEntry]:
    """Yield every event, and every dated entry without an event, in file order."""
    for place, entry in enumerate(case_file.entries.values()):
        if isinstance(entry, Event):
            orders = (entry.follows, entry.precedes, entry.part_of)
            yield TimelineEntry(entry.id, entry.date, place, *orders)
        elif _is_dated_without_event(case_file, entry):
            yield TimelineEntry(entry.id, entry.date, place)


def _is_dated_without_event(case_file: CaseFile, entry: Entry) -> bool:
    is_dated = isinstance(entry, Seizure | Quote | Claim) and entry.date is not None
    return is_dated and event_of(case_file, entry) is None
