"""Qualified amounts: validation, wording and totals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from functools import reduce
from itertools import accumulate
from typing import Annotated, Literal

import msgspec

from casefile.text.plurals import plural, pluralize

Qualifier = Literal[
    "exact", "approximately", "more-than", "at-least", "less-than", "at-most", "between", "unknown"
]
LARGEST = 10**18
"""The largest number an amount may have; anything beyond it is taken for a mistake."""

Number = (
    Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    | Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
)

# Enough digits for any sum of numbers from LARGEST down to the smallest float.
_UNROUNDED = Context(prec=400)
_LARGE = ((12, "trillion"), (9, "billion"), (6, "million"))
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHITESPACE = re.compile(r"[ \t\r\n]+")
# Those that are written before the number, with spaces.
_PREFIXES = ("approximately", "more-than", "at-least", "less-than", "at-most")


class Amount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quantity as stated by a source: a number or range, its qualifier and its wording."""

    value: Number | None = None
    min: Number | None = None
    max: Number | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None
    text: str | None = None
    type: str | None = None
    per: str | None = None
    converted: bool = False


def amount_problems(amounts: Sequence[Amount]) -> list[str]:
    """Return what is wrong with the amounts of an entry, and how to correct it."""
    of_each = (what for amount in amounts if (what := amount_problem(amount)))
    return [*of_each, *_conversion_problems(amounts)]


def amount_problem(amount: Amount) -> str | None:
    """Return what is wrong with the numbers of an amount and how to correct it, or None."""
    what = None
    if amount.qualifier == "between":
        if amount.min is None or amount.max is None or amount.value is not None:
            what = "`between` needs `min` and `max`, and no `value`"
        elif amount.min > amount.max:
            what = "`min` is larger than `max`; the smaller number is `min`"
    elif amount.min is not None or amount.max is not None:
        what = '`min` and `max` need `qualifier = "between"`, and no `value`'
    elif amount.qualifier == "unknown":
        if amount.value is not None:
            what = '`qualifier = "unknown"` excludes a `value`; remove one of the two'
    elif amount.qualifier is not None and amount.value is None:
        what = f"`{amount.qualifier}` needs a `value`; for words alone leave `qualifier` out"
    return what


def _conversion_problems(amounts: Sequence[Amount]) -> Iterator[str]:
    original: Amount | None = None
    for amount in amounts:
        if not amount.converted:
            original = amount
        elif original is None:
            yield "the first amount is `converted`; put it after the amount that it converts"
        elif original.unit is not None and original.unit == amount.unit:
            yield "a `converted` amount has the `unit` that it converts; use another currency"
        elif original.qualifier in _PREFIXES and amount.value is not None and not amount.qualifier:
            hint = f"write `{original.qualifier}` on both"
            yield f"an amount and its conversion need the same qualifier; {hint}"


def amount_in_words(amount: Amount) -> str:
    """Return an amount in the source's wording or, without one, composed from its number."""
    text = _WHITESPACE.sub(" ", amount.text or "").strip(" ")
    return text or _composed(amount) or "an unstated quantity"


def _composed(amount: Amount) -> str | None:
    if amount.value is not None:
        words = f"{_with_unit(amount.unit, _exact(amount.value))}{_rate(amount.per)}"
        qualifier = amount.qualifier or ""
        return f"{qualifier.replace('-', ' ')} {words}" if qualifier in _PREFIXES else words
    if amount.min is not None and amount.max is not None:
        both = _with_unit(amount.unit, _exact(amount.min), _exact(amount.max))
        return f"between {both}{_rate(amount.per)}"
    return None


def each_amount_in_words(amounts: Sequence[Amount]) -> list[str]:
    """Return each amount in words with its conversions, and with its type if the types differ."""
    types_differ = len({amount.type for amount in amounts if not amount.converted}) > 1
    phrases: list[str] = []
    for amount in amounts:
        words = amount_in_words(amount)
        if amount.converted and phrases:
            phrases[-1] += f" ({words})"
        else:
            phrases.append(f"{amount.type}: {words}" if types_differ and amount.type else words)
    return phrases


def phrases_of_amounts(amounts: Sequence[Amount]) -> list[int]:
    """Return, for each amount, the index of the phrase of `each_amount_in_words` that has it."""
    originals = accumulate(not amount.converted for amount in amounts)
    return [max(0, so_far - 1) for so_far in originals]


def amounts_in_words(amounts: Sequence[Amount]) -> str:
    """Return the amounts of an entry on one line."""
    return "; ".join(each_amount_in_words(amounts))


class AmountBounds(msgspec.Struct, frozen=True):
    """The bounds of an amount, None where there is none, and whether it can be equal to them."""

    low: Decimal | None
    high: Decimal | None
    low_is_reached: bool = True
    high_is_reached: bool = True


class Total(AmountBounds, frozen=True, kw_only=True):
    """The sum of amounts of one unit, type and rate."""

    unit: str | None
    type: str | None
    per: str | None
    converted: bool
    approximate: bool
    unstated: int
    """The number of amounts that state no number."""

    def words(self) -> str:
        """Return the total in words; empty if there is neither a lower nor an upper bound."""
        known = self._range()
        return f"{known}{_rate(self.per)}" if known else ""

    def _range(self) -> str:
        about = "approximately " if self.approximate else ""
        below = "at most" if self.high_is_reached else "less than"
        above = "at least" if self.low_is_reached else "more than"
        match self.low, self.high:
            case Decimal() as low, None:
                return f"{above} {about}{_with_unit(self.unit, low)}"
            case Decimal() as low, Decimal() as high if low == high:
                return f"{about}{_with_unit(self.unit, low)}"
            case None | 0, Decimal() as high:
                return f"{below} {about}{_with_unit(self.unit, high)}"
            case Decimal() as low, Decimal() as high if self.high_is_reached:
                return f"between {about}{_with_unit(self.unit, low, high)}"
            case Decimal() as low, Decimal() as high:
                least, most = _with_unit(self.unit, low), _with_unit(self.unit, high)
                return f"{above} {about}{least} and {below} {about}{most}"
            case _:
                return ""


def totals(amounts: Iterable[Amount]) -> tuple[Total, ...]:
    """Return the sums of amounts, separately for each unit, type, rate and for conversions.

    Bounds add up as those of intervals: with one amount "more than", so is the sum.
    """
    groups: dict[tuple[str | None, str | None, str | None, bool], list[Amount]] = {}
    for amount in amounts:
        key = (amount.unit, amount.type, amount.per, amount.converted)
        groups.setdefault(key, []).append(amount)
    return tuple(_total(group) for group in groups.values())


def totals_in_words(amounts: Iterable[Amount]) -> str:
    """Return the sums of amounts on one line, and how many amounts state no number."""
    sums = totals(amounts)
    stated = [(total, text) for total in sums if (text := total.words())]
    types_differ = len({total.type for total, _ in stated if not total.converted}) > 1
    line = "; ".join(_labelled(total, text, with_type=types_differ) for total, text in stated)
    # A conversion without a number is not a quantity that is missing.
    unstated = sum(total.unstated for total in sums if not total.converted)
    return " and ".join(
        filter(None, (line, pluralize(unstated, "unstated quantity") if unstated else ""))
    )


def _labelled(total: Total, text: str, *, with_type: bool) -> str:
    if total.converted:
        return f"converted: {text}"
    return f"{total.type}: {text}" if with_type and total.type else text


def amount_bounds(amount: Amount) -> AmountBounds | None:
    """Return the bounds of an amount; None if it states no number."""
    if amount.qualifier == "unknown":
        return None
    if amount.value is None:
        if amount.min is None or amount.max is None or amount.min > amount.max:
            return None
        return AmountBounds(_exact(amount.min), _exact(amount.max))
    value = _exact(amount.value)
    # A quantity is not negative, unless its own number is.
    least = Decimal(0) if value > 0 else None
    one_sided = {
        "more-than": AmountBounds(value, None, low_is_reached=False),
        "at-least": AmountBounds(value, None),
        "less-than": AmountBounds(least, value, high_is_reached=False),
        "at-most": AmountBounds(least, value),
    }
    return one_sided.get(amount.qualifier or "", AmountBounds(value, value))


def _total(amounts: Sequence[Amount]) -> Total:
    first = amounts[0]
    known = [bounds for amount in amounts if (bounds := amount_bounds(amount))]
    low, high = _sum([each.low for each in known]), _sum([each.high for each in known])
    return Total(
        low,
        high,
        all(bounds.low_is_reached for bounds in known),
        all(bounds.high_is_reached for bounds in known),
        unit=first.unit,
        type=first.type,
        per=first.per,
        converted=first.converted,
        approximate=any(amount.qualifier == "approximately" for amount in amounts),
        # "At least 3" and "at most -5" add up to no bound at all.
        unstated=len(amounts) if low is None and high is None else len(amounts) - len(known),
    )


def _sum(bounds: Sequence[Decimal | None]) -> Decimal | None:
    """Return the exact sum of bounds; None if there are no bounds or one is None."""
    if not bounds or None in bounds:
        return None
    return reduce(_UNROUNDED.add, filter(None, bounds), Decimal(0))


def _exact(number: Number) -> Decimal:
    """Return a number as it was written: 0.1 and not the nearest float."""
    return Decimal(repr(number))


def _with_unit(unit: str | None, *numbers: Decimal) -> str:
    """Return one or two numbers with their unit: `31.9 kg`, `3 and 5 boxes`, `USD 115,000`."""
    figures = " and ".join(map(_figure, numbers))
    if unit is None:
        return figures
    if _CURRENCY.fullmatch(unit):
        return f"{unit} {figures}"
    return f"{figures} {unit if numbers == (Decimal(1),) else plural(unit)}"


def _rate(per: str | None) -> str:
    return f" per {per}" if per else ""


def _figure(number: Decimal) -> str:
    """Return a number in figures, or in millions and more if that drops no digit."""
    for power, name in _LARGE:
        scaled = number.scaleb(-power, _UNROUNDED)
        if 1 <= abs(scaled) < 1000 and scaled == round(scaled, 2):
            return f"{scaled.normalize(_UNROUNDED):f} {name}"
    return f"{number.normalize(_UNROUNDED):,f}"
