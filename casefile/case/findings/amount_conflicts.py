"""Amounts that contradict each other, and quantities that count twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from casefile.case.amounts import Amount, AmountBounds, amount_bounds, amount_in_words
from casefile.case.findings.inspection import Finding, Inspection
from casefile.case.problem import in_quotes
from casefile.case.relations import SHARED_WITH

_Shared: TypeAlias = tuple[str | None, str | None, str | None]
_Measure: TypeAlias = tuple[str, str | None, str | None, int | None]


def disagreements(inspection: Inspection) -> Iterator[Finding]:
    """Yield amounts of one measure whose numbers exclude each other.

    A measure is a unit, type and rate, for conversions also the amount that is converted.
    Approximate amounts, and amounts without a unit, exclude nothing.
    """
    for entry in inspection.case_file.entries.values():
        if len(entry.amounts) < 2:
            continue
        for number, first in _disagreeing(entry.amounts):
            amount = entry.amounts[number]
            this, other = (
                in_quotes(amount_in_words(one)) for one in (amount, entry.amounts[first])
            )
            what = (
                f"amounts: {this} and {other} can't "
                "both be true; add a `type` that says what each measures, or make one the `value` "
                'of a cite with `stance = "contradicts"`'
            )
            yield inspection.finding("amounts-disagree", entry.id, ("amounts", number), what)


def shared_twice(inspection: Inspection) -> Iterator[Finding]:
    """Yield quantities that two entries share with one another, so that each counts."""
    entries = inspection.case_file.entries
    written: set[tuple[str, str, _Shared]] = set()
    for entry in entries.values():
        for number, amount in enumerate(entry.amounts):
            measure = (amount.unit, amount.type, amount.per)
            for place, other in enumerate(amount.shared_with):
                if (other, entry.id, measure) in written:
                    what = (
                        f"shared_with: {in_quotes(other)} shares this quantity with this entry, "
                        "and it counts twice; write it on one of the two"
                    )
                    path = ("amounts", number, SHARED_WITH, place)
                    yield inspection.finding("shared-twice", entry.id, path, what)
                elif other != entry.id:
                    written.add((entry.id, other, measure))


def _disagreeing(amounts: Sequence[Amount]) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first excluded amount of each measure and of the other amount."""
    common: dict[_Measure, tuple[AmountBounds, int]] = {}
    reported: set[_Measure] = set()
    base = None
    for number, amount in enumerate(amounts):
        base = base if amount.converted else number
        bounds = amount_bounds(amount)
        if bounds is None or amount.unit is None or amount.qualifier == "approximately":
            continue
        measure = (amount.unit, amount.type, amount.per, base if amount.converted else None)
        if measure not in common:
            common[measure] = (bounds, number)
            continue
        known, first = common[measure]
        both = _both(known, bounds)
        common[measure] = (both, first)
        if measure not in reported and _is_empty(both) and not _is_empty(bounds):
            reported.add(measure)
            yield number, first


def _both(one: AmountBounds, other: AmountBounds) -> AmountBounds:
    """Return the intersection; an end that one of the two excludes is excluded."""
    lows = [(b.low, not b.low_is_reached) for b in (one, other) if b.low is not None]
    highs = [(b.high, b.high_is_reached) for b in (one, other) if b.high is not None]
    low, is_excluded = max(lows, default=(None, False))
    high, is_reached = min(highs, default=(None, True))
    return AmountBounds(low, high, not is_excluded, is_reached)


def _is_empty(bounds: AmountBounds) -> bool:
    if bounds.low is None or bounds.high is None:
        return False
    reached = bounds.low_is_reached and bounds.high_is_reached
    return bounds.low > bounds.high or (bounds.low == bounds.high and not reached)
