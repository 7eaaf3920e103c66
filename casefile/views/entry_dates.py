"""What is known of the date of an entry: in a column, and on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from casefile.case.dating.dates import bounds_in_brief, bounds_in_words
from casefile.case.dating.units import Unit
from casefile.case.model import Claim, Entry, Event
from casefile.case.relations import date_of, dated_by
from casefile.case.timeline.chronology import Placement
from casefile.case.timeline.entries import ORDER_FIELDS, Basis
from casefile.views.case_record import CaseRecord
from casefile.views.phrases import name_in_title

_TITLE_START = 9
"""The characters of a title for which the column of dates has space at least."""


def date_column(case: CaseRecord, entry: Entry) -> str:
    """Return the date of an entry, or what is known of its start, in the short form for a column.

    An undated row without bounds says what it stands before or after.
    """
    return _date_in_brief(case, entry, case.title)


def date_to_fit(case: CaseRecord, entry: Entry) -> str:
    """Return the text that the column is fitted to, with only the beginning of a title."""
    return _date_in_brief(case, entry, lambda other: case.title(other)[:_TITLE_START])


def _date_in_brief(case: CaseRecord, entry: Entry, title: Callable[[str], str]) -> str:
    when = date_of(case.case_file, entry)
    if when is not None:
        return when.brief()
    if entry.relative_date:
        return entry.relative_date.words(title(entry.relative_date.to))
    placed = case.placement_of(entry.id)
    if placed is None:
        return ""
    if placed.is_next:
        return "then"
    if bounds := bounds_in_brief(*placed.start_units):
        return f"from {bounds}" if placed.lasts else bounds
    return f"{placed.side.value}: {title(placed.beside)}" if placed.beside else ""


def date_in_words(case: CaseRecord, entry: Entry) -> str:
    """Return all that is known of a date: `not stated; began Aug 2017 or later (inferred)`."""
    words = "; ".join(
        part.words + zone_in_words(case, part.units) + _in_words(part.basis)
        for part in _parts(case, entry)
    )
    if entry.date is None and date_of(case.case_file, entry) is not None:
        words += f", as its {'quotation' if isinstance(entry, Claim) else 'event'}"
    return words


def zone_in_words(case: CaseRecord, units: Iterable[Unit]) -> str:
    """Return the time zone of the case, to follow the words for dates that have times of day."""
    has_zone = any(unit.is_time for unit in units) and case.zone
    return f", {case.zone}" if has_zone else ""


class _Part(NamedTuple):
    """A part of what is known of a date, what it rests on, and the units that it names."""

    words: str
    basis: Basis | None = None
    units: tuple[Unit, ...] = ()


def _parts(case: CaseRecord, entry: Entry) -> Iterator[_Part]:
    placed = case.placement_of(entry.id)
    by_order = [*_parts_by_order(placed)] if placed else []
    dated = dated_by(case.case_file.entries, entry)
    if dated.date is not None:
        counted = _relative_in_words(case, dated)
        words, units = ", ".join(filter(None, (dated.date.words(), counted))), dated.date.units
        if placed and placed.reported:
            words += f" ({placed.reported.words()})"
            units += placed.reported.units
        yield _Part(words, Basis.of(dated.date_basis), units)
    elif counted := _relative_in_words(case, dated):
        yield _Part(counted, Basis.of(dated.date_basis))
    else:
        yield _Part("not stated")
    yield from by_order
    if dated.date is None and placed and placed.beside and not by_order:
        words = f"{placed.side}: {name_in_title(case, placed.beside)}"
        yield _Part(words, _basis_of_order(entry))


def order_basis_in_words(entry: Entry) -> str:
    """Return what the orders that an entry holds rest on, or "" if a source states them."""
    basis = _basis_of_order(entry)
    return "" if basis is None or basis is Basis.STATED else basis.name.lower()


def _basis_of_order(entry: Entry) -> Basis | None:
    """Return what the orders that an entry holds rest on, or None if it holds none."""
    if not isinstance(entry, Event) or not any(getattr(entry, field) for field in ORDER_FIELDS):
        return None
    return Basis.of(entry.order_basis or entry.date_basis)


def _relative_in_words(case: CaseRecord, entry: Entry) -> str:
    """Return the date of an entry as it is counted from that of another one, or ""."""
    relative = entry.relative_date
    return relative.words(name_in_title(case, relative.to)) if relative else ""


def _parts_by_order(placed: Placement) -> Iterator[_Part]:
    start = [bound for bound in (placed.after, placed.before) if bound]
    if start:
        words = bounds_in_words(*placed.start_units)
        yield _Part(
            f"began {words}" if placed.lasts else words,
            min(bound.basis for bound in start),
            tuple(bound.unit for bound in start),
        )
    if end := placed.until:
        words = f"went on until {bounds_in_words(end.unit, None)}"
        yield _Part(words, end.basis, (end.unit,))


def _in_words(basis: Basis | None) -> str:
    return "" if basis in (None, Basis.STATED) else f" ({basis.name.lower()})"
