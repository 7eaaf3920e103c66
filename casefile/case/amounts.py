"""Qualified quantities: how much, how sure, in whose words, and what several come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

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
"""No amount of a case is larger; beyond it a number is a slip, and sums lose their precision."""

Number = (
    Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    | Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
)

_LARGE = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))
_CURRENCY = re.compile(r"[A-Z]{3}")
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
    found = [what for amount in several if (what := _problem(amount))]
    if several and several[0].converted:
        found.append("`converted` stands on the first one; it belongs after the sum it converts")
    return found


def _problem(amount: Amount) -> str | None:
    return next((what for is_so, what in _SLIPS if is_so(amount)), None)


def _stated(amount: Amount) -> list[Number]:
    return [number for number in (amount.value, amount.min, amount.max) if number is not None]


def _is_range(amount: Amount) -> bool:
    return amount.min is not None and amount.max is not None


_SLIPS: tuple[tuple[Callable[[Amount], bool], str], ...] = (
    (
        lambda amount: (
            amount.qualifier == "between" and (amount.value is not None or not _is_range(amount))
        ),
        "`between` needs `min` and `max`, and no `value`",
    ),
    (
        lambda amount: (
            amount.qualifier != "between" and (amount.min is not None or amount.max is not None)
        ),
        '`min` and `max` need `qualifier = "between"`',
    ),
    (
        lambda amount: _is_range(amount) and _stated(amount)[0] > _stated(amount)[-1],
        "`min` is larger than `max`",
    ),
    (
        lambda amount: amount.qualifier == "unknown" and amount.value is not None,
        '`qualifier = "unknown"` stands without a `value`',
    ),
    (
        lambda amount: amount.qualifier in _PREFIXES and amount.value is None,
        "a qualifier such as `more-than` needs a `value`",
    ),
)


def words(amount: Amount) -> str:
    """Give an amount in the source's wording where it has one, else composed from its number."""
    return amount.text or numbers(amount) or "an unstated quantity"


def numbers(amount: Amount) -> str | None:
    """Give an amount composed from its number, qualifier and unit; None without a number."""
    per = f" a {amount.per}" if amount.per else ""
    if amount.value is not None:
        prefix = _PREFIXES.get(amount.qualifier or "", "")
        return f"{prefix}{_measured(_exact(amount.value), None, amount.unit)}{per}"
    if amount.min is not None and amount.max is not None:
        return f"between {_measured(_exact(amount.min), _exact(amount.max), amount.unit)}{per}"
    return None


def each_in_words(several: Sequence[Amount]) -> Iterator[str]:
    """Give amounts in words, each with the type that tells it from others and its conversions."""
    telling = len({amount.type for amount in several}) > 1
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
    """What several amounts of one unit, type and rate come to, and how many state no number."""

    unit: str | None
    type: str | None
    per: str | None
    converted: bool
    low: Decimal | None
    """No less than this; None where nothing is known."""
    high: Decimal | None
    """No more than this; None where it may be any more."""
    low_is_reached: bool
    """False where it is more than `low`."""
    high_is_reached: bool
    """False where it is less than `high`."""
    approximate: bool
    unstated: int

    def words(self) -> str:
        """Give what the stated numbers come to, in words; nothing where there are none."""
        if self.low is None and self.high is None:
            return ""
        per = f" a {self.per}" if self.per else ""
        return f"{self._range()}{per}"

    def _range(self) -> str:
        about = "approximately " if self.approximate else ""
        if self.low is not None and self.low == self.high:
            return about + _measured(self.low, None, self.unit)
        if self.high is None:
            prefix = "at least " if self.low_is_reached else "more than "
            return prefix + about + _measured(self.low or Decimal(0), None, self.unit)
        if not self.low:
            prefix = "at most " if self.high_is_reached else "less than "
            return prefix + about + _measured(self.high, None, self.unit)
        return f"between {about}{_measured(self.low, self.high, self.unit)}"


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
    stated = [total for total in found if total.words()]
    telling = len({total.type for total in stated}) > 1
    said = "; ".join(
        f"{total.type}: {total.words()}" if telling and total.type else total.words()
        for total in stated
    )
    unstated = sum(total.unstated for total in found)
    return " and ".join(filter(None, (said, _count_unstated(unstated) if unstated else "")))


class _Bounds(msgspec.Struct, frozen=True):
    """Between which numbers an amount lies, and whether it can be these numbers."""

    low: Decimal | None
    high: Decimal | None
    low_is_reached: bool = True
    high_is_reached: bool = True


def _bounds(amount: Amount) -> _Bounds | None:
    if amount.min is not None and amount.max is not None:
        return _Bounds(_exact(amount.min), _exact(amount.max))
    if amount.value is None:
        return None
    value = _exact(amount.value)
    one_sided = {
        "more-than": _Bounds(value, None, low_is_reached=False),
        "at-least": _Bounds(value, None),
        "less-than": _Bounds(None, value, high_is_reached=False),
        "at-most": _Bounds(None, value),
    }
    return one_sided.get(amount.qualifier or "", _Bounds(value, value))


def _total(several: Sequence[Amount]) -> Total:
    first = several[0]
    known = [bounds for amount in several if (bounds := _bounds(amount))]
    lows = [bounds.low for bounds in known]
    highs = [bounds.high for bounds in known]
    bounded_below = [low for low in lows if low is not None]
    open_above = any(high is None for high in highs)
    return Total(
        first.unit,
        first.type,
        first.per,
        first.converted,
        # What is "less than" adds nothing that is certain.
        sum(bounded_below, Decimal(0)) if known else None,
        None if open_above or not known else sum(filter(None, highs), Decimal(0)),
        all(bounds.low_is_reached for bounds in known),
        all(bounds.high_is_reached for bounds in known),
        any(amount.qualifier == "approximately" for amount in several),
        len(several) - len(known),
    )


def _exact(number: Number) -> Decimal:
    """Give the number that was written: 0.1 and not what a float makes of it."""
    return Decimal(repr(number))


def _measured(number: Decimal, upper: Decimal | None, unit: str | None) -> str:
    """Give one number or two with their unit: `31.9 kg`, `3 and 5 shipments`, `USD 115,000`."""
    figures = _figure(number) if upper is None else f"{_figure(number)} and {_figure(upper)}"
    if unit is None:
        return figures
    if _CURRENCY.fullmatch(unit):
        return f"{unit} {figures}"
    return f"{figures} {unit if upper is None and number == 1 else _plural(unit)}"


def _figure(number: Decimal) -> str:
    for size, name in _LARGE:
        scaled = number / size
        # Beyond two decimals words would round what the figure states.
        if abs(scaled) >= 1 and scaled == round(scaled, 2):
            return f"{scaled.normalize():f} {name}"
    whole = number == number.to_integral_value()
    return f"{int(number):,}" if whole else f"{number.normalize():,f}"


def _plural(unit: str) -> str:
    """Give the plural of an English word; symbols such as kg, and words with signs, stay."""
    if len(unit) <= 2 or not unit.isalpha() or not unit.islower():
        return unit
    if unit == "person":
        return "people"
    if unit.endswith("y") and unit[-2] not in "aeiou":
        return f"{unit[:-1]}ies"
    return f"{unit}es" if unit.endswith(("s", "x", "ch", "sh")) else f"{unit}s"


def _count_unstated(count: int) -> str:
    return f"{count} unstated {'quantity' if count == 1 else 'quantities'}"
