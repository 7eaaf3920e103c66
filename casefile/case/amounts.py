"""Qualified amounts: validation and wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from itertools import accumulate
from typing import Annotated, Literal

import msgspec

from casefile.case.table_struct import Reference, TableStruct
from casefile.text.plurals import plural

Qualifier = Literal[
    "exact", "approximately", "more-than", "at-least", "less-than", "at-most", "between", "unknown"
]
LARGEST = 10**18
"""The largest number an amount may have; anything beyond it is taken for a mistake."""

Number = (
    Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
    | Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
)

UNROUNDED = Context(prec=400)
"""Enough digits for any sum of numbers from LARGEST down to the smallest float."""
_LARGE = ((12, "trillion"), (9, "billion"), (6, "million"))
PERCENT = ("%", "percent", "per cent")
"""The units of percentages."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_WHITESPACE = re.compile(r"[ \t\r\n]+")
# Those that are written before the number, with spaces.
_PREFIXES = ("approximately", "more-than", "at-least", "less-than", "at-most")


class Amount(TableStruct, frozen=True, kw_only=True):
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
    shared_with: tuple[Reference, ...] = ()
    """The other entries of which it is the quantity as well."""


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
        elif amount.shared_with:
            yield "a `converted` amount is shared as the one before it; write `shared_with` there"
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


def is_in_numbers(amount: Amount) -> bool:
    """Return whether an amount has the numbers that its qualifier needs."""
    return amount_problem(amount) is None and amount_bounds(amount) is not None


def _composed(amount: Amount) -> str | None:
    if amount.value is not None:
        words = f"{number_with_unit(amount.unit, _exact(amount.value))}{rate_in_words(amount.per)}"
        qualifier = amount.qualifier or ""
        return f"{qualifier.replace('-', ' ')} {words}" if qualifier in _PREFIXES else words
    if amount.min is not None and amount.max is not None:
        both = number_with_unit(amount.unit, _exact(amount.min), _exact(amount.max))
        return f"between {both}{rate_in_words(amount.per)}"
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


def _exact(number: Number) -> Decimal:
    """Return a number as it was written: 0.1 and not the nearest float."""
    return Decimal(repr(number))


def number_with_unit(unit: str | None, *numbers: Decimal) -> str:
    """Return one or two numbers with their unit: `31.9 kg`, `3 and 5 boxes`, `51%`, `USD 115`."""
    figures = " and ".join(map(_figure, numbers))
    if unit is None:
        return figures
    if _CURRENCY.fullmatch(unit):
        return f"{unit} {figures}"
    if unit == "%":
        return f"{figures}%"
    is_singular = numbers == (Decimal(1),) or unit in PERCENT
    return f"{figures} {unit if is_singular else plural(unit)}"


def rate_in_words(per: str | None) -> str:
    """Return what a rate is per, to follow the number: ` per year`; empty without one."""
    return f" per {per}" if per else ""


def _figure(number: Decimal) -> str:
    """Return a number in figures, or in millions and more if that drops no digit."""
    for power, name in _LARGE:
        scaled = number.scaleb(-power, UNROUNDED)
        if 1 <= abs(scaled) < 1000 and scaled == round(scaled, 2):
            return f"{scaled.normalize(UNROUNDED):f} {name}"
    return f"{number.normalize(UNROUNDED):,f}"
