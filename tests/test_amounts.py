"""Qualified quantities: their words, what is wrong with them, and what several come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.amounts import (
    Amount,
    each_in_words,
    problems,
    totals,
    totals_in_words,
    words,
    words_of,
)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (Amount(text="significant quantities"), "significant quantities"),
        (Amount(value=21, unit="person", text="21 individuals"), "21 individuals"),
        (Amount(value=21, unit="person"), "21 people"),
        (Amount(value=1, unit="person"), "1 person"),
        (Amount(value=31.9, unit="kg"), "31.9 kg"),
        (Amount(value=0.5, unit="litre", qualifier="exact"), "0.5 litres"),
        (Amount(value=2, unit="box"), "2 boxes"),
        (Amount(value=2, unit="country"), "2 countries"),
        (Amount(value=3, unit="day"), "3 days"),
        (
            Amount(value=790000, unit="CNY", qualifier="approximately"),
            "approximately CNY 790,000",
        ),
        (
            Amount(value=20_000_000, unit="dose", qualifier="more-than"),
            "more than 20 million doses",
        ),
        (Amount(value=1_500_000_000, unit="USD"), "USD 1.5 billion"),
        (Amount(value=1_234_567, unit="USD"), "USD 1,234,567"),
        (Amount(value=40, unit="address", qualifier="at-least"), "at least 40 addresses"),
        (Amount(value=5, unit="gram", qualifier="less-than"), "less than 5 grams"),
        (Amount(value=5, qualifier="at-most"), "at most 5"),
        (
            Amount(min=3, max=5, unit="shipment", qualifier="between"),
            "between 3 and 5 shipments",
        ),
        (
            Amount(value=20_000, unit="person", qualifier="more-than", per="year"),
            "more than 20,000 people a year",
        ),
        (Amount(), "an unstated quantity"),
        (Amount(unit="kg", qualifier="unknown"), "an unstated quantity"),
    ],
)
def test_an_amount_in_words(amount: Amount, expected: str) -> None:
    """The source's wording is what is printed; without it, qualifier, number and unit."""
    assert words(amount) == expected


def test_a_conversion_stands_behind_the_sum_that_it_converts() -> None:
    """The same money in another currency is no second sum."""
    several = [
        Amount(value=790000, unit="CNY", qualifier="approximately", text="about ¥790,000"),
        Amount(value=115000, unit="USD", converted=True),
        Amount(value=2, unit="phone"),
    ]
    assert list(each_in_words(several)) == ["about ¥790,000 (USD 115,000)", "2 phones"]
    assert words_of(several) == "about ¥790,000 (USD 115,000); 2 phones"


def test_types_tell_several_amounts_apart() -> None:
    """Where one entry has a weight and a value, each is named."""
    weight = Amount(value=3, unit="kg", type="weight")
    assert words_of([weight]) == "3 kg"
    value = Amount(value=90000, unit="USD", type="street value")
    assert words_of([weight, value]) == "weight: 3 kg; street value: USD 90,000"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (Amount(qualifier="between", min=1), "`between` needs `min` and `max`"),
        (Amount(qualifier="between", min=1, max=2, value=1), "`between` needs `min` and `max`"),
        (Amount(qualifier="between", min=3, max=2), "`min` is larger than `max`"),
        (Amount(min=3, max=4), '`min` and `max` need `qualifier = "between"`'),
        (Amount(qualifier="more-than"), "needs a `value`"),
        (Amount(qualifier="unknown", value=3), "stands without a `value`"),
        (Amount(value=3, converted=True), "belongs after the sum it converts"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(amount: Amount, expected: str) -> None:
    """A combination that says nothing clear is a problem, in words."""
    (problem,) = problems([amount])
    assert expected in problem


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([Amount(value=0.1, unit="kg"), Amount(value=0.2, unit="kg")], "0.3 kg"),
        (
            [Amount(value=31.9, unit="kg", qualifier="more-than"), Amount(unit="kg"), Amount()],
            "more than 31.9 kg and 2 unstated quantities",
        ),
        (
            [Amount(value=3, unit="kg"), Amount(value=2, unit="kg", qualifier="at-least")],
            "at least 5 kg",
        ),
        (
            [Amount(value=3, unit="kg"), Amount(value=2, unit="kg", qualifier="approximately")],
            "approximately 5 kg",
        ),
        (
            [Amount(value=3, unit="kg"), Amount(value=2, unit="kg", qualifier="less-than")],
            "between 3 and 5 kg",
        ),
        ([Amount(value=2, unit="kg", qualifier="less-than")], "less than 2 kg"),
        (
            [Amount(min=2, max=4, unit="kg", qualifier="between"), Amount(value=1, unit="kg")],
            "between 3 and 5 kg",
        ),
        ([Amount(value=3, unit="kg"), Amount(value=2, unit="dose")], "3 kg; 2 doses"),
        (
            [Amount(value=3, unit="USD"), Amount(value=3, unit="USD", converted=True)],
            "USD 3; USD 3",
        ),
        ([Amount(value=3, per="year"), Amount(value=3)], "3 a year; 3"),
        ([Amount(text="some")], "1 unstated quantity"),
        ([], ""),
    ],
)
def test_sums_carry_qualifiers_and_what_is_missing(amounts: list[Amount], expected: str) -> None:
    """Only like adds to like; bounds add up, and what states no number is counted."""
    assert totals_in_words(amounts) == expected


numbers = st.decimals(0, 10**9, places=3).map(float)
amounts = st.builds(
    Amount,
    value=numbers,
    unit=st.just("kg"),
    qualifier=st.sampled_from(["exact", "approximately", "more-than", "at-least", "less-than"]),
)


@given(st.lists(numbers, min_size=1))
def test_exact_amounts_add_up_exactly(values: list[float]) -> None:
    """The total is that of the numbers as written, not of what floats make of them."""
    (total,) = totals([Amount(value=value, unit="kg") for value in values])
    assert total.low == total.high == sum(map(Decimal, map(repr, values)))


@given(st.lists(amounts, min_size=1), st.randoms())
def test_a_total_does_not_hang_on_the_order(several: list[Amount], random: object) -> None:
    """The rows may be shown in any order."""
    shuffled = list(several)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert totals(several) == totals(shuffled)


@given(st.lists(amounts, min_size=1), amounts)
def test_another_amount_makes_nothing_more_certain(several: list[Amount], more: Amount) -> None:
    """What was open above stays so, and what was approximate or unreached does too."""
    (before,), (after,) = totals(several), totals([*several, more])
    assert before.high is not None or after.high is None
    assert after.approximate or not before.approximate
    assert before.low_is_reached or not after.low_is_reached
    assert (after.low or 0) >= (before.low or 0)


@given(amounts)
def test_words_are_one_line(amount: Amount) -> None:
    """An amount without words of its own still says something, on one line."""
    assert words(amount)
    assert "\n" not in words(amount)
