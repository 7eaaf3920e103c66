"""The entries of a case file that are on its timeline, with what determines their place there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import msgspec

from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.units import Unit
from casefile.case.model import CaseFile, DateBasis, Entry, Event, Quote, Seizure, Source
from casefile.case.relations import event_of, order_of_relative_date

ORDER_FIELDS = ("follows", "follows_end_of", "precedes", "part_of")
"""The fields of an event that order it relative to others."""


class Basis(IntEnum):
    """What a date or an order rests on, from the least to the best founded."""

    INFERRED = 0
    COMPUTED = 1
    STATED = 2

    @classmethod
    def of(cls, written: DateBasis | None) -> Basis:
        """Return the basis that `date_basis` states, by default that of what a source states."""
        return _BASES[written or "stated"]


_BASES: dict[DateBasis, Basis] = {
    "inferred": Basis.INFERRED,
    "computed": Basis.COMPUTED,
    "stated": Basis.STATED,
}


class TimelineEntry(msgspec.Struct, frozen=True):
    """The data of an entry that determine its place on the timeline."""

    id: str
    when: EdtfDate | None
    place: int
    """The index of the entry in the file, which decides between equals."""
    follows: tuple[str, ...] = ()
    precedes: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    follows_end_of: tuple[str, ...] = ()
    basis: Basis = Basis.STATED
    """What its date rests on."""
    order_basis: Basis = Basis.STATED
    """What its orders rest on."""
    has_duration: bool = False
    reported: EdtfDate | None = None
    """When it was first reported to be under way, if its date is `/..` and that is known."""

    @property
    def has_extent(self) -> bool:
        """Whether its date or its duration says that it lasted."""
        return self._is_dated_throughout or self.has_duration

    @property
    def states_end(self) -> bool:
        """Whether its date says until when it lasted, or that it goes on."""
        return self.when is not None and self.when.states_end and not self._is_dated_at_start

    @property
    def end_units(self) -> tuple[Unit | None, Unit | None]:
        """The units in which its date says that it ended; None where there is no bound."""
        below, above = self.when.end_units if self.when else (None, None)
        return below, None if self._is_dated_at_start else above

    @property
    def _is_dated_throughout(self) -> bool:
        return self.when is not None and self.when.has_extent

    @property
    def _is_dated_at_start(self) -> bool:
        """Whether its date is that of its start alone, as that of a call that took a minute."""
        return self.has_duration and not self._is_dated_throughout


def select_timeline_entries(case_file: CaseFile) -> Iterator[TimelineEntry]:
    """Yield every event, and every dated seizure or quote without an event, in file order.

    A claim is not on the timeline: its date is when it was said, and what it is about has its own.
    """
    for place, entry in enumerate(case_file.entries.values()):
        follows, precedes = order_of_relative_date(case_file, entry)
        if isinstance(entry, Event):
            yield TimelineEntry(
                entry.id,
                entry.date,
                place,
                (*entry.follows, *follows),
                (*entry.precedes, *precedes),
                entry.part_of,
                entry.follows_end_of,
                Basis.of(entry.date_basis),
                Basis.of(entry.order_basis or entry.date_basis),
                entry.duration is not None,
                first_reported(case_file, entry),
            )
        elif (
            isinstance(entry, Seizure | Quote)
            and (entry.date is not None or follows or precedes)
            and event_of(case_file.entries, entry) is None
        ):
            basis, reported = Basis.of(entry.date_basis), first_reported(case_file, entry)
            yield TimelineEntry(
                entry.id,
                entry.date,
                place,
                follows,
                precedes,
                basis=basis,
                order_basis=basis,
                reported=reported,
            )


def first_reported(case_file: CaseFile, entry: Entry) -> EdtfDate | None:
    """Return when something was first reported to be under way, if its date is `/..`.

    That is the earliest `published` of the sources that support the entry, if it is known.
    """
    if entry.date is None or not entry.date.is_under_way:
        return None
    supporting = (case_file.source_of(cite) for cite in entry.cites if cite.is_support)
    sources = (case_file.entries.get(source) for source in supporting if source)
    published = [one.published for one in sources if isinstance(one, Source) and one.published]
    dated = [(one.sort_key, one) for one in published if one.sort_key]
    return min(dated, key=lambda one: one[0])[1] if dated else None
