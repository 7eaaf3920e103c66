"""Qualified quantities: how much, how sure, in whose words, and what several come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from functools import reduce
from typing import Annotated, Literal

import msgspec

from casefile.text.plurals import counted, plural

Qualifier = Literal[
    "exact",
    "approximately",
    "more-than",
    "at-least",
    "less-than",
    "at-most",
    "between",
    "unknown",
]
LARGEST = 10**18
"""No amount of a case is larger; beyond it a number is a slip."""

Number = (
    Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    | Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
)

# From LARGEST down to the smallest float, with room to spare: no sum is ever rounded.
_UNROUNDED = Context(prec=400)
_LARGE = ((12, "trillion"), (9, "billion"), (6, "million"))
_CURRENCY = re.compile(r"[A-Z]{3}")
_ROOM = re.compile(r"[ \t\r\n]+")
_PREFIXES = {
    "approximately": "approximately ",
    "more-than": "more than ",
    "at-least": "at least ",
    "less-than": "less than ",
    "at-most": "at most ",
}


class Amount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quantity as a source states it: a number or a range, its qualifier, its own words."""

    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    text: str | None = None
    type: str | None = None
    per: str | None = None
    converted: bool = False


def problems(several: Sequence[Amount]) -> list[str]:
    """Give what is wrong with the amounts of one entry, each with what would be right."""
    of_each = (what for amount in several if (what := _problem(amount)))
    return [*of_each, *_conversion_problems(several)]


def _problem(amount: Amount) -> str | None:
    found = None
    if amount.qualifier == "between":
        if amount.min is None or amount.max is None or amount.value is not None:
            found = "`between` needs `min` and `max`, and no `value`"
        elif amount.min > amount.max:
            found = "`min` is larger than `max`; the smaller number is `min`"
    elif amount.min is not None or amount.max is not None:
        found = '`min` and `max` need `qualifier = "between"`, and no `value`'
    elif amount.qualifier == "unknown":
        if amount.value is not None:
            found = '`qualifier = "unknown"` stands without a `value`'
    elif amount.qualifier is not None and amount.value is None:
        found = f"`{amount.qualifier}` needs a `value`; for words alone leave `qualifier` out"
    return found


def _conversion_problems(several: Sequence[Amount]) -> Iterator[str]:
    before: Amount | None = None
    for amount in several:
        if not amount.converted:
            before = amount
        elif before is None:
            yield "`converted` stands on the first one; it belongs after the sum it converts"
        elif before.unit is not None and before.unit == amount.unit:
            yield "`converted` is the sum before it in another currency; give it that `unit`"
        elif before.qualifier in _PREFIXES and _is_bare(amount):
            yield f"a sum and its conversion are alike `{before.qualifier}`; write it on both"


def _is_bare(amount: Amount) -> bool:
    """Say whether it states a number without saying how sure."""
    return amount.value is not None and amount.qualifier is None


def words(amount: Amount) -> str:
    """Give an amount in the source's wording where it has one, else composed from its number."""
    return (
        _ROOM.sub(" ", amount.text or "").strip(" ") or _composed(amount) or "an unstated quantity"
    )


def _composed(amount: Amount) -> str | None:
    if amount.value is not None:
        prefix = _PREFIXES.get(amount.qualifier or "", "")
        return f"{prefix}{_measured(amount.unit, _exact(amount.value))}{_rate(amount.per)}"
    if amount.min is not None and amount.max is not None:
        both = _measured(amount.unit, _exact(amount.min), _exact(amount.max))
        return f"between {both}{_rate(amount.per)}"
    return None


def each_in_words(several: Sequence[Amount]) -> Iterator[str]:
    """Give amounts in words, each with the type that tells it from others and its conversions."""
    telling = len({amount.type for amount in several if not amount.converted}) > 1
    said = ""
    for amount in several:
        if amount.converted and said:
            said += f" ({words(amount)})"
            continue
        if said:
            yield said
        said = f"{amount.type}: {words(amount)}" if telling and amount.type else words(amount)
    if said:
        yield said


def words_of(several: Sequence[Amount]) -> str:
    """Give the amounts of one entry on one line."""
    return "; ".join(each_in_words(several))


class Total(msgspec.Struct, frozen=True):
    """What several amounts of one unit, type and rate come to, and how many are unknown."""

    unit: str | None
    type: str | None
    per: str | None
    converted: bool
    low: Decimal | None
    """No less than this; None where it may be any less."""
    high: Decimal | None
    """No more than this; None where it may be any more."""
    low_is_reached: bool
    """False where it is more than `low`."""
    high_is_reached: bool
    """False where it is less than `high`."""
    approximate: bool
    unstated: int

    def words(self) -> str:
        """Give what the stated numbers come to, in words; nothing where they bound nothing."""
        known = self._range()
        return f"{known}{_rate(self.per)}" if known else ""

    def _range(self) -> str:
        about = "approximately " if self.approximate else ""
        below = "at most" if self.high_is_reached else "less than"
        above = "at least" if self.low_is_reached else "more than"
        match self.low, self.high:
            case Decimal() as low, None:
                return f"{above} {about}{_measured(self.unit, low)}"
            case Decimal() as low, Decimal() as high if low == high:
                return f"{about}{_measured(self.unit, low)}"
            case None | 0, Decimal() as high:
                return f"{below} {about}{_measured(self.unit, high)}"
            case Decimal() as low, Decimal() as high if self.high_is_reached:
                return f"between {about}{_measured(self.unit, low, high)}"
            case Decimal() as low, Decimal() as high:
                least, most = _measured(self.unit, low), _measured(self.unit, high)
                return f"{above} {about}{least} and {below} {about}{most}"
            case _:
                return ""


def totals(amounts: Iterable[Amount]) -> tuple[Total, ...]:
    """Give the sums of amounts, never across units, types, rates or conversions.

    Bounds add up as intervals do: anything "more than" makes the sum more than it.
    """
    groups: dict[tuple[str | None, str | None, str | None, bool], list[Amount]] = {}
    for amount in amounts:
        key = (amount.unit, amount.type, amount.per, amount.converted)
        groups.setdefault(key, []).append(amount)
    return tuple(_total(several) for several in groups.values())


def totals_in_words(amounts: Iterable[Amount]) -> str:
    """Give the sums of amounts on one line, and how many amounts state no number."""
    found = totals(amounts)
    stated = [(total, known) for total in found if (known := total.words())]
    telling = len({total.type for total, _ in stated if not total.converted}) > 1
    said = "; ".join(_told_apart(total, known, telling=telling) for total, known in stated)
    # A conversion is no quantity of its own, so none is missing where it has no number.
    unstated = sum(total.unstated for total in found if not total.converted)
    return " and ".join(
        filter(None, (said, counted(unstated, "unstated quantity") if unstated else ""))
    )


def _told_apart(total: Total, known: str, *, telling: bool) -> str:
    if total.converted:
        return f"converted: {known}"
    return f"{total.type}: {known}" if telling and total.type else known


class Bounds(msgspec.Struct, frozen=True):
    """Between which numbers an amount lies, None where none bounds it, and if it can be they."""

    low: Decimal | None
    high: Decimal | None
    low_is_reached: bool = True
    high_is_reached: bool = True


def bounds_of(amount: Amount) -> Bounds | None:
    """Give between which numbers an amount lies; None where it states none."""
    if amount.qualifier == "unknown":
        return None
    if amount.value is None:
        if amount.min is None or amount.max is None or amount.min > amount.max:
            return None
        return Bounds(_exact(amount.min), _exact(amount.max))
    value = _exact(amount.value)
    # There is no less than nothing of a thing, unless a number below zero says otherwise.
    least = Decimal(0) if value > 0 else None
    one_sided = {
        "more-than": Bounds(value, None, low_is_reached=False),
        "at-least": Bounds(value, None),
        "less-than": Bounds(least, value, high_is_reached=False),
        "at-most": Bounds(least, value),
    }
    return one_sided.get(amount.qualifier or "", Bounds(value, value))


def _total(several: Sequence[Amount]) -> Total:
    first = several[0]
    known = [bounds for amount in several if (bounds := bounds_of(amount))]
    low, high = _sum([one.low for one in known]), _sum([one.high for one in known])
    return Total(
        first.unit,
        first.type,
        first.per,
        first.converted,
        low,
        high,
        all(bounds.low_is_reached for bounds in known),
        all(bounds.high_is_reached for bounds in known),
        any(amount.qualifier == "approximately" for amount in several),
        # "At least 3" and "at most -5" together leave no more known than no number does.
        len(several) if low is None and high is None else len(several) - len(known),
    )


def _sum(bounds: Sequence[Decimal | None]) -> Decimal | None:
    """Give the sum of bounds to the last digit; None where there are none, or one is open."""
    if not bounds or None in bounds:
        return None
    return reduce(_UNROUNDED.add, filter(None, bounds), Decimal(0))


def _exact(number: Number) -> Decimal:
    """Give the number that was written: 0.1 and not what a float makes of it."""
    return Decimal(repr(number))


def _measured(unit: str | None, *numbers: Decimal) -> str:
    """Give one number or two with their unit: `31.9 kg`, `3 and 5 shipments`, `USD 115,000`."""
    figures = " and ".join(map(_figure, numbers))
    if unit is None:
        return figures
    if _CURRENCY.fullmatch(unit):
        return f"{unit} {figures}"
    return f"{figures} {unit if numbers == (Decimal(1),) else plural(unit)}"


def _rate(per: str | None) -> str:
    return f" per {per}" if per else ""


def _figure(number: Decimal) -> str:
    """Give a number in figures, shortened to millions and more where that drops no digit."""
    for power, name in _LARGE:
        scaled = number.scaleb(-power, _UNROUNDED)
        if 1 <= abs(scaled) < 1000 and scaled == round(scaled, 2):
            return f"{scaled.normalize(_UNROUNDED):f} {name}"
    return f"{number.normalize(_UNROUNDED):,f}"
