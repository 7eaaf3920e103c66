"""Quantities of entries and their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import TypeAlias

import msgspec

from casefile.case.amounts import (
    PERCENT,
    UNROUNDED,
    Amount,
    AmountBounds,
    amount_bounds,
    number_with_unit,
    rate_in_words,
)
from casefile.case.model import Entry
from casefile.text.series import first_in_series

_Measure: TypeAlias = tuple[str | None, str | None, str | None]
"""Unit, type and rate: what is added up."""


class Quantity(msgspec.Struct, frozen=True):
    """An amount with its conversions, and the entries of which it is the quantity."""

    amount: Amount
    conversions: tuple[Amount, ...] = ()
    of: tuple[str, ...] = ()
    """The ids of the entries, that in which the amount is written first."""

    def other_than(self, entry_id: str) -> tuple[str, ...]:
        """Return the ids of the other entries of which it is the quantity, each once."""
        return tuple(one for one in dict.fromkeys(self.of) if one != entry_id)


def quantities_of(entry: Entry) -> list[Quantity]:
    """Return the quantities that are written in an entry."""
    quantities: list[Quantity] = []
    for amount in entry.amounts:
        if amount.converted and quantities:
            last = quantities[-1]
            quantities[-1] = Quantity(last.amount, (*last.conversions, amount), last.of)
        else:
            quantities.append(Quantity(amount, (), (entry.id, *amount.shared_with)))
    return quantities


class Sum(AmountBounds, frozen=True, kw_only=True):
    """The sum of amounts of one unit, type and rate."""

    unit: str | None
    type: str | None
    per: str | None
    approximate: bool
    number: int
    """The number of amounts that are in it, which are those that state a number."""

    def words(self) -> str:
        """Return the sum in words; empty if there is neither a lower nor an upper bound."""
        known = self._range()
        return f"{known}{rate_in_words(self.per)}" if known else ""

    def _range(self) -> str:
        about = "approximately " if self.approximate else ""
        below = "at most" if self.high_is_reached else "less than"
        above = "at least" if self.low_is_reached else "more than"
        match self.low, self.high:
            case Decimal() as low, None:
                return f"{above} {about}{number_with_unit(self.unit, low)}"
            case Decimal() as low, Decimal() as high if low == high:
                return f"{about}{number_with_unit(self.unit, low)}"
            case None | 0, Decimal() as high:
                return f"{below} {about}{number_with_unit(self.unit, high)}"
            case Decimal() as low, Decimal() as high if self.high_is_reached:
                return f"between {about}{number_with_unit(self.unit, low, high)}"
            case Decimal() as low, Decimal() as high:
                least, most = number_with_unit(self.unit, low), number_with_unit(self.unit, high)
                return f"{above} {about}{least} and {below} {about}{most}"
            case _:
                return ""


class Total(msgspec.Struct, frozen=True):
    """The sum of quantities of one unit, type and rate, with the sums of their conversions."""

    sum: Sum
    conversions: tuple[Sum, ...]
    unstated: tuple[Quantity, ...]
    """The quantities for which neither a number nor a conversion is stated."""

    def words(self) -> str:
        """Return the total in words, with its conversions; empty if no number is stated."""
        known = self.sum.words()
        converted = "; ".join(filter(None, map(self._conversion, self.conversions)))
        return f"{known} ({converted})" if known and converted else known or converted

    def _conversion(self, conversion: Sum) -> str:
        words = conversion.words()
        if not words:
            return ""
        # What is said of one amount is not said of the sum.
        several = self.sum.words() and conversion.number < self.sum.number
        part = f", for {conversion.number:,} of {self.sum.number:,} amounts" if several else ""
        return f"{words} as converted by the source{part}"


def totals(quantities: Iterable[Quantity]) -> tuple[Total, ...]:
    """Return the sums of quantities, separately for each unit, type and rate.

    Bounds add up as those of intervals: with one amount "more than", so is the sum. Percentages
    don't add up, since each is a part of another whole.
    """
    groups: dict[_Measure, list[Quantity]] = {}
    for quantity in quantities:
        if quantity.amount.unit not in PERCENT:
            groups.setdefault(_measure(quantity.amount), []).append(quantity)
    return tuple(map(_total, groups.values()))


def totals_in_words(quantities: Sequence[Quantity], title: Callable[[str], str]) -> str:
    """Return the sums of quantities on one line, and of which entries no quantity is stated.

    `title` returns the title of an entry by its id.
    """
    sums = totals(quantities)
    stated = [(total.sum.type, words) for total in sums if (words := total.words())]
    types_differ = len({kind for kind, _ in stated}) > 1
    phrases = [f"{kind}: {words}" if types_differ and kind else words for kind, words in stated]
    if of := _without_number(quantities, [one for total in sums for one in total.unstated]):
        phrases.append(f"quantity not stated for {first_in_series(of, title)}")
    return "; ".join(phrases)


def _without_number(quantities: Sequence[Quantity], unstated: Sequence[Quantity]) -> Sequence[str]:
    """Return the ids of the entries with unstated quantities only, apart from percentages."""
    stated = {one for one in quantities if one.amount.unit not in PERCENT}.difference(unstated)
    known = {entry for one in stated for entry in one.of}
    every = dict.fromkeys(entry for one in unstated for entry in one.of)
    return [entry for entry in every if entry not in known]


def _measure(amount: Amount) -> _Measure:
    return amount.unit, amount.type, amount.per


def _total(quantities: Sequence[Quantity]) -> Total:
    bounds = [amount_bounds(one.amount) for one in quantities]
    whole = _sum([one.amount for one in quantities], bounds)
    # "At least 3" and "at most -5" add up to no bound at all.
    is_bounded = whole.low is not None or whole.high is not None
    unstated = (
        quantity
        for quantity, known in zip(quantities, bounds, strict=True)
        if not (is_bounded and known) and not any(map(amount_bounds, quantity.conversions))
    )
    return Total(whole, tuple(_conversions(quantities)), tuple(unstated))


def _conversions(quantities: Sequence[Quantity]) -> Iterator[Sum]:
    converted: dict[_Measure, list[Amount]] = {}
    for quantity in quantities:
        for amount in quantity.conversions:
            converted.setdefault(_measure(amount), []).append(amount)
    for amounts in converted.values():
        yield _sum(amounts, [*map(amount_bounds, amounts)])


def _sum(amounts: Sequence[Amount], bounds: Iterable[AmountBounds | None]) -> Sum:
    known = [*filter(None, bounds)]
    return Sum(
        _added([each.low for each in known]),
        _added([each.high for each in known]),
        all(each.low_is_reached for each in known),
        all(each.high_is_reached for each in known),
        unit=amounts[0].unit,
        type=amounts[0].type,
        per=amounts[0].per,
        approximate=any(amount.qualifier == "approximately" for amount in amounts),
        number=len(known),
    )


def _added(bounds: Sequence[Decimal | None]) -> Decimal | None:
    """Return the exact sum of bounds; None if there are no bounds or one is None."""
    if not bounds or None in bounds:
        return None
    return reduce(UNROUNDED.add, filter(None, bounds), Decimal(0))
