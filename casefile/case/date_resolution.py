"""Computing the dates that are relative to those of other entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.relative_dates import count_from
from casefile.case.model import Entry, Event
from casefile.case.problem import in_quotes
from casefile.case.relations import dated_by
from casefile.text.series import first_in_series


def resolve_dates(
    entries: Mapping[str, Entry], zone: tzinfo | None
) -> Iterator[tuple[str, EdtfDate | DateError]]:
    """Yield the date of each entry whose date is relative to another's, or why it has none.

    It has neither if the other is missing, or on the timeline without a date: then the entry comes
    after it, or before it. Entries come after those that their dates are counted from.
    """
    resolution = _Resolution(entries, zone)
    for entry_id in resolution.relative:
        chain, circle = resolution.chain(entry_id)
        yield from ((one, _circle_error(circle)) for one in circle)
        for one in reversed(chain):
            if outcome := resolution.outcome(one):
                yield one, outcome


class _Resolution:
    def __init__(self, entries: Mapping[str, Entry], zone: tzinfo | None) -> None:
        self._entries = entries
        self._zone = zone
        self._done: set[str] = set()
        self._dates: dict[str, EdtfDate] = {}
        relative = ((name, entry.relative_date) for name, entry in entries.items())
        self.relative = {name: date for name, date in relative if date}
        self._base: dict[str, str] = {}

    def chain(self, entry_id: str) -> tuple[list[str], list[str]]:
        """Return an entry and those that its date is counted from, as far as not yet done.

        Those that are counted from one another in a circle come second.
        """
        places: dict[str, int] = {}
        while entry_id in self.relative and entry_id not in self._done:
            self._done.add(entry_id)
            places[entry_id] = len(places)
            self._base[entry_id] = self._dated_entry(self.relative[entry_id].to)
            entry_id = self._base[entry_id]
        chain = [*places]
        start = places.get(entry_id, len(chain))
        return chain[:start], chain[start:]

    def outcome(self, entry_id: str) -> EdtfDate | DateError | None:
        """Return the date of an entry, or the error that it has, once its base is done."""
        relative, base = self.relative[entry_id], self._entries.get(self._base[entry_id])
        if base is None:
            return None
        try:
            other = self._dates.get(base.id, base.date)
            when = count_from(other, relative, self._zone) if other else None
        except DateError as error:
            return DateError(error.problem, error.hint)
        if when:
            self._dates[entry_id] = when
        elif not isinstance(base, Event) and base.id not in self.relative:
            what = f"{in_quotes(relative.to)} is no event and has no date to count from"
            return DateError(what, "name an event, or an entry that has a date")
        return when

    def _dated_entry(self, entry_id: str) -> str:
        """Return the id of the entry whose date an entry has: its own, or that of its event."""
        entry = self._entries.get(entry_id)
        return dated_by(self._entries, entry).id if entry else entry_id


def _circle_error(circle: Sequence[str]) -> DateError:
    if len(circle) == 1:
        return DateError("it is counted from itself", "write the date, or name another entry")
    what = f"{first_in_series(circle, in_quotes, 2)} are counted from one another in a circle"
    return DateError(what, "write the date of one of them")
