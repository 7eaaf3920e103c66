"""Which entries of a case stand on its timeline, and what their order rests on."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.case.model import CaseFile, Claim, Entry, Event, Quote, Seizure
from casefile.case.relations import event_of
from casefile.case.timeline.chronology import Happening


def happenings(case_file: CaseFile) -> Iterator[Happening]:
    """Give every event, and what is dated and belongs to none, in file order."""
    for place, entry in enumerate(case_file.entries.values()):
        if isinstance(entry, Event):
            orders = (entry.follows, entry.precedes, entry.part_of)
            yield Happening(entry.id, entry.date, place, *orders)
        elif _stands_alone(case_file, entry):
            yield Happening(entry.id, entry.date, place)


def _stands_alone(case_file: CaseFile, entry: Entry) -> bool:
    dated = isinstance(entry, Seizure | Quote | Claim) and entry.date is not None
    return dated and event_of(case_file, entry) is None
