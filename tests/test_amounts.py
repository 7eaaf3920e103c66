"""Amounts: their wording, their problems and their totals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal
from functools import reduce
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.amounts import (
    LARGEST,
    Amount,
    Qualifier,
    amount_in_words,
    amount_problems,
    amounts_in_words,
    each_amount_in_words,
)
from casefile.case.model import Seizure
from casefile.case.totals import Quantity, Total, quantities_of, totals, totals_in_words

YUAN = Amount(value=790000, unit="CNY", qualifier="approximately")
DOLLARS = Amount(value=115000, unit="USD", qualifier="approximately", converted=True)
SOME = Amount(text="significant quantities")


def quantities(amounts: Iterable[Amount], entry_id: str = "papers") -> list[Quantity]:
    """Return the quantities of a seizure with these amounts."""
    return quantities_of(Seizure(id=entry_id, item="Papers", amounts=tuple(amounts)))


def in_all(amounts: Iterable[Amount]) -> str:
    """Return the totals of the amounts of one seizure in words."""
    return totals_in_words(quantities(amounts), str.capitalize)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (SOME, "significant quantities"),
        (Amount(qualifier="unknown", text="some"), "some"),
        (Amount(value=21, unit="person", text="21 individuals"), "21 individuals"),
        (Amount(text="more than a\n  truckload\n"), "more than a truckload"),
        (Amount(value=3, unit="kg", text=" "), "3 kg"),
        (Amount(text=""), "an unstated quantity"),
        (Amount(), "an unstated quantity"),
        (Amount(unit="kg", qualifier="unknown"), "an unstated quantity"),
    ],
)
def test_wording_of_source_is_preferred(amount: Amount, expected: str) -> None:
    """The text of an amount is shown on one line; without text or number, a phrase says so."""
    assert amount_in_words(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (Amount(value=31.9, unit="kg"), "31.9 kg"),
        (Amount(value=31.9, unit="kg", qualifier="exact"), "31.9 kg"),
        (YUAN, "approximately CNY 790,000"),
        (
            Amount(value=20_000_000, unit="dose", qualifier="more-than"),
            "more than 20 million doses",
        ),
        (Amount(value=40, unit="address", qualifier="at-least"), "at least 40 addresses"),
        (Amount(value=5, unit="gram", qualifier="less-than"), "less than 5 grams"),
        (Amount(value=5, qualifier="at-most"), "at most 5"),
        (Amount(value=51, unit="%"), "51%"),
        (Amount(value=51, unit="percent", qualifier="more-than"), "more than 51 percent"),
        (Amount(min=20, max=25.5, unit="%", qualifier="between"), "between 20 and 25.5%"),
        (
            Amount(min=3, max=5, unit="shipment", qualifier="between"),
            "between 3 and 5 shipments",
        ),
        (Amount(min=3, max=5, unit="USD", qualifier="between"), "between USD 3 and 5"),
        (
            Amount(value=20_000, unit="death", qualifier="more-than", per="year"),
            "more than 20,000 deaths per year",
        ),
        (
            Amount(min=1, max=2, unit="call", qualifier="between", per="hour"),
            "between 1 and 2 calls per hour",
        ),
    ],
)
def test_amount_without_text_is_composed(amount: Amount, expected: str) -> None:
    """Without the source's wording, the number is shown with qualifier, unit and rate."""
    assert amount_in_words(amount) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (0.1, "0.1"),
        (-250, "-250"),
        (3.0, "3"),
        (115_000, "115,000"),
        (1234.5, "1,234.5"),
        (1_000_000, "1 million"),
        (1_230_000, "1.23 million"),
        (1_234_567, "1,234,567"),
        (1_500_000_000, "1.5 billion"),
        (2e12, "2 trillion"),
        (LARGEST, "1,000,000,000,000,000,000"),
    ],
)
def test_figures_keep_every_digit(value: float, expected: str) -> None:
    """Millions are written in words only if two decimals are enough for the whole number."""
    assert amount_in_words(Amount(value=value)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1, "person", "1 person"),
        (21, "person", "21 people"),
        (1.0, "dose", "1 dose"),
        (0.5, "litre", "0.5 litres"),
        (2, "box", "2 boxes"),
        (2, "country", "2 countries"),
        (3, "day", "3 days"),
        (3, "knife", "3 knives"),
        (3, "metric ton", "3 metric tons"),
        (3, "yuan", "3 yuan"),
        (3, "kg", "3 kg"),
        (3, "mL", "3 mL"),
        (3, "kWh", "3 kWh"),
        (3, "m/s", "3 m/s"),
        (3, "EUR", "EUR 3"),
    ],
)
def test_unit_is_in_plural_unless_it_is_a_symbol(value: float, unit: str, expected: str) -> None:
    """Words are given in the singular; three capitals are a currency and precede the number."""
    assert amount_in_words(Amount(value=value, unit=unit)) == expected


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([], []),
        ([YUAN, DOLLARS], ["approximately CNY 790,000 (approximately USD 115,000)"]),
        (
            [YUAN, Amount(text="$115,000", converted=True), Amount(text="£1", converted=True)],
            ["approximately CNY 790,000 ($115,000) (£1)"],
        ),
        ([Amount(value=2, unit="phone"), SOME], ["2 phones", "significant quantities"]),
        ([DOLLARS, SOME], ["approximately USD 115,000", "significant quantities"]),
    ],
)
def test_conversion_follows_amount_in_parentheses(
    several: list[Amount], expected: list[str]
) -> None:
    """A conversion is not a separate amount, and no amount is left out."""
    assert list(each_amount_in_words(several)) == expected
    assert amounts_in_words(several) == "; ".join(expected)


WEIGHT = Amount(value=3, unit="kg", type="weight")
STREET_VALUE = Amount(value=90000, unit="CNY", type="street value")


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([WEIGHT], "3 kg"),
        ([WEIGHT, STREET_VALUE], "weight: 3 kg; street value: CNY 90,000"),
        ([WEIGHT, Amount(value=2, unit="box")], "weight: 3 kg; 2 boxes"),
        ([STREET_VALUE, DOLLARS], "CNY 90,000 (approximately USD 115,000)"),
    ],
)
def test_types_label_amounts_if_they_differ(several: list[Amount], expected: str) -> None:
    """A weight and a value of one entry are labelled; a conversion needs no label."""
    assert amounts_in_words(several) == expected


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([Amount(qualifier="between", min=1)], "`between` needs `min` and `max`, and no `value`"),
        (
            [Amount(qualifier="between", min=1, max=2, value=1)],
            "`between` needs `min` and `max`, and no `value`",
        ),
        (
            [Amount(qualifier="between", min=3, max=2)],
            "`min` is larger than `max`; the smaller number is `min`",
        ),
        (
            [Amount(min=3, max=4)],
            '`min` and `max` need `qualifier = "between"`, and no `value`',
        ),
        (
            [Amount(min=3, qualifier="at-least")],
            '`min` and `max` need `qualifier = "between"`, and no `value`',
        ),
        (
            [Amount(qualifier="unknown", value=3)],
            '`qualifier = "unknown"` excludes a `value`; remove one of the two',
        ),
        (
            [Amount(qualifier="more-than", text="more than a few")],
            "`more-than` needs a `value`; for words alone leave `qualifier` out",
        ),
        (
            [Amount(qualifier="exact")],
            "`exact` needs a `value`; for words alone leave `qualifier` out",
        ),
        (
            [DOLLARS, YUAN],
            "the first amount is `converted`; put it after the amount that it converts",
        ),
        (
            [YUAN, Amount(value=790000, unit="CNY", qualifier="approximately", converted=True)],
            "a `converted` amount has the `unit` that it converts; use another currency",
        ),
        (
            [YUAN, Amount(value=1, unit="USD", converted=True, shared_with=("letters",))],
            "a `converted` amount is shared as the one before it; write `shared_with` there",
        ),
        (
            [YUAN, Amount(value=115000, unit="USD", converted=True)],
            "an amount and its conversion need the same qualifier; write `approximately` on both",
        ),
        (
            [YUAN, DOLLARS, Amount(value=8, unit="EUR"), Amount(unit="EUR", converted=True)],
            "a `converted` amount has the `unit` that it converts; use another currency",
        ),
    ],
)
def test_problem_says_how_to_correct_it(several: list[Amount], expected: str) -> None:
    """Each contradictory combination is one problem, with a correction."""
    assert amount_problems(several) == [expected]


@pytest.mark.parametrize(
    "several",
    [
        [],
        [SOME],
        [Amount()],
        [Amount(qualifier="unknown", text="significant quantities")],
        [Amount(value=0, qualifier="exact")],
        [Amount(qualifier="between", min=3, max=3)],
        [YUAN, DOLLARS],
        [YUAN, Amount(text="$115,000", converted=True)],
        [Amount(value=3, unit="CNY"), DOLLARS],
        [WEIGHT, STREET_VALUE, DOLLARS, Amount(value=8000, unit="EUR")],
    ],
)
def test_valid_amounts_have_no_problems(several: list[Amount]) -> None:
    """Amounts without a number are valid, and so is a less certain conversion."""
    assert amount_problems(several) == []


def test_every_problem_of_an_entry_is_reported() -> None:
    """One mistake does not hide the next."""
    assert len(amount_problems([Amount(min=1), Amount(qualifier="exact"), YUAN])) == 2


def kilograms(value: float, qualifier: Qualifier | None = None) -> Amount:
    """Return a weight."""
    return Amount(value=value, unit="kg", qualifier=qualifier)


TWO_TO_FOUR = Amount(min=2, max=4, unit="kg", qualifier="between")


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([kilograms(0.1), kilograms(0.2)], "0.3 kg"),
        ([kilograms(0.5), kilograms(0.5)], "1 kg"),
        ([kilograms(3), kilograms(2, "exact")], "5 kg"),
        ([kilograms(3), kilograms(2, "approximately")], "approximately 5 kg"),
        ([kilograms(3), kilograms(2, "at-least")], "at least 5 kg"),
        ([kilograms(3, "at-least"), kilograms(2, "more-than")], "more than 5 kg"),
        ([kilograms(3), kilograms(2, "at-most")], "between 3 and 5 kg"),
        ([kilograms(3), kilograms(2, "less-than")], "at least 3 kg and less than 5 kg"),
        ([kilograms(2, "less-than"), kilograms(2, "at-most")], "less than 4 kg"),
        ([kilograms(2, "at-most")], "at most 2 kg"),
        ([kilograms(2, "more-than"), kilograms(5, "less-than")], "more than 2 kg"),
        ([TWO_TO_FOUR, kilograms(1)], "between 3 and 5 kg"),
        ([TWO_TO_FOUR, kilograms(1, "approximately")], "between approximately 3 and 5 kg"),
        ([kilograms(-3), kilograms(5, "at-most")], "between -3 and 2 kg"),
        ([kilograms(-5, "at-most"), kilograms(3)], "at most -2 kg"),
        ([kilograms(0, "less-than")], "less than 0 kg"),
        ([Amount(value=10**18), Amount(value=1e-15)], "1,000,000,000,000,000,000.000000000000001"),
    ],
)
def test_bounds_add_up_exactly(amounts: list[Amount], expected: str) -> None:
    """A total is no more certain than its parts, and exact to the last digit."""
    assert in_all(amounts) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([kilograms(3), Amount(value=2, unit="dose")], "3 kg; 2 doses"),
        ([WEIGHT, WEIGHT], "6 kg"),
        ([WEIGHT, STREET_VALUE], "weight: 3 kg; street value: CNY 90,000"),
        (
            [Amount(value=3, per="year"), Amount(value=3), Amount(value=4, per="year")],
            "7 per year; 3",
        ),
    ],
)
def test_totals_are_separate_by_unit_type_and_rate(amounts: list[Amount], expected: str) -> None:
    """Units, types and rates are never added together."""
    assert in_all(amounts) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (
            [YUAN, DOLLARS],
            "approximately CNY 790,000 (approximately USD 115,000 as converted by the source)",
        ),
        (
            [kilograms(3), STREET_VALUE, DOLLARS],
            "3 kg; street value: CNY 90,000 (approximately USD 115,000 as converted by the source)",
        ),
        (
            [YUAN, DOLLARS, YUAN],
            (
                "approximately CNY 1.58 million (approximately USD 115,000 as converted by the "
                "source, for 1 of 2 amounts)"
            ),
        ),
        (
            [YUAN, DOLLARS, Amount(value=9, unit="EUR", converted=True)],
            (
                "approximately CNY 790,000 (approximately USD 115,000 as converted by the source; "
                "EUR 9 as converted by the source)"
            ),
        ),
        ([SOME, DOLLARS], "approximately USD 115,000 as converted by the source"),
        ([YUAN, Amount(text="$115,000", converted=True)], "approximately CNY 790,000"),
    ],
)
def test_conversion_stands_with_the_sum_that_it_converts(
    amounts: list[Amount], expected: str
) -> None:
    """It is no sum of its own, and says how many amounts it is of if not of all."""
    assert in_all(amounts) == expected


def test_percentages_are_not_added_up() -> None:
    """Shares of different things have no sum, whatever their unit is called."""
    shares = [
        Amount(value=51, unit=unit, type="share") for unit in ("%", "%", "percent", "per cent")
    ]
    assert in_all(shares) == ""
    assert in_all([*shares, kilograms(3)]) == "3 kg"


def test_quantity_shared_by_several_entries_counts_once() -> None:
    """It is in the sum once, and if it is not stated, all of its entries are named."""
    shared = Amount(value=3, unit="kg", shared_with=("letters", "stamps"))
    assert in_all([shared]) == "3 kg"
    unstated = Amount(text="a large quantity", shared_with=("letters", "stamps"))
    assert in_all([unstated]) == "quantity not stated for Papers, Letters and Stamps"


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([], ""),
        ([SOME], "quantity not stated for Papers"),
        (
            [kilograms(31.9, "more-than"), Amount(unit="kg"), SOME],
            "more than 31.9 kg; quantity not stated for Letters and Stamps",
        ),
        (
            [kilograms(3, "at-least"), kilograms(-5, "at-most")],
            "quantity not stated for Papers and Letters",
        ),
        ([kilograms(3), kilograms(7, "unknown")], "3 kg; quantity not stated for Letters"),
        (
            [kilograms(3), Amount(min=9, max=2, unit="kg", qualifier="between")],
            "3 kg; quantity not stated for Letters",
        ),
    ],
)
def test_entries_without_a_stated_quantity_are_named(amounts: list[Amount], expected: str) -> None:
    """What has no number is named after the sums; here each amount is that of another entry."""
    of_each = zip(amounts, ("papers", "letters", "stamps"), strict=False)
    each = [one for amount, name in of_each for one in quantities([amount], name)]
    assert totals_in_words(each, str.capitalize) == expected


def test_entry_with_a_number_is_not_said_to_have_no_stated_quantity() -> None:
    """What has a weight has a stated quantity, whatever else is told of it in words."""
    in_words = Amount(text="in two suitcases", type="packing")
    purity = Amount(value=20, unit="%", type="purity")
    assert in_all([kilograms(3), in_words]) == "3 kg"
    assert in_all([SOME, in_words]) == "quantity not stated for Papers"
    assert in_all([purity, SOME]) == "quantity not stated for Papers"


def test_only_the_first_entries_without_a_stated_quantity_are_named() -> None:
    """Of many entries, the first four are named and the others are counted."""
    several = [one for name in "abcdef" for one in quantities([SOME], name)]
    assert totals_in_words(several[:4], str.upper) == "quantity not stated for A, B, C and D"
    assert totals_in_words(several, str.upper) == "quantity not stated for A, B, C, D and 2 more"


NUMBERS = st.integers(-LARGEST, LARGEST) | st.floats(-LARGEST, LARGEST)
UNITS = st.sampled_from([None, "kg", "USD", "dose"])
ANY_AMOUNT = st.builds(
    Amount,
    value=st.none() | NUMBERS,
    min=st.none() | NUMBERS,
    max=st.none() | NUMBERS,
    unit=UNITS,
    qualifier=st.sampled_from([None, *get_args(Qualifier)]),
    text=st.none() | st.text(st.sampled_from("ab \t\r\n")),
    type=st.sampled_from([None, "weight", "count"]),
    per=st.sampled_from([None, "year"]),
    converted=st.booleans(),
)
UNCONVERTED = ANY_AMOUNT.filter(lambda amount: not amount.converted)
WEIGHTS = st.builds(
    Amount,
    value=st.none() | NUMBERS,
    unit=st.just("kg"),
    qualifier=st.sampled_from([None, *get_args(Qualifier)]),
)


def width(total: Total) -> Decimal:
    """Return the difference of the bounds of a total."""
    low, high = total.sum.low, total.sum.high
    if low is None or high is None:
        return Decimal("Infinity")
    return Context(prec=400).subtract(high, low)


@given(st.lists(NUMBERS, min_size=1))
def test_exact_amounts_add_up_exactly(values: list[float]) -> None:
    """The total is that of the numbers as written, not of the nearest floats."""
    (total,) = totals(quantities(Amount(value=value, unit="kg") for value in values))
    expected = reduce(Context(prec=400).add, [Decimal(repr(value)) for value in values])
    assert total.sum.low == total.sum.high == expected


@given(st.lists(UNCONVERTED).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_totals_do_not_depend_on_order(two_orders: tuple[list[Amount], list[Amount]]) -> None:
    """Rows may be shown in any order."""
    shown, sorted_otherwise = map(totals, map(quantities, two_orders))
    assert {total.sum for total in shown} == {total.sum for total in sorted_otherwise}


@given(st.lists(WEIGHTS, min_size=1), WEIGHTS)
def test_adding_an_amount_never_narrows_a_total(several: list[Amount], more: Amount) -> None:
    """The bounds never get narrower, and nothing uncertain or missing is forgotten."""
    (old,), (new,) = totals(quantities(several)), totals(quantities([*several, more]))
    before, after = old.sum, new.sum
    nothing_known = before.low is None and before.high is None
    assert nothing_known or width(new) >= width(old)
    assert after.approximate or not before.approximate
    assert before.low_is_reached or not after.low_is_reached
    assert before.high_is_reached or not after.high_is_reached
    assert nothing_known or len(new.unstated) >= len(old.unstated)


@given(st.lists(ANY_AMOUNT, min_size=1))
def test_words_are_one_line_and_never_empty(several: list[Amount]) -> None:
    """Any amount, even an invalid one, has a readable line."""
    for said in (*map(amount_in_words, several), amounts_in_words(several)):
        assert said.strip()
        assert said.splitlines() == [said]


@given(st.lists(UNCONVERTED, min_size=1))
def test_totals_are_one_line_and_never_empty(several: list[Amount]) -> None:
    """Amounts always have a total, if only of those that state no number."""
    said = in_all(several)
    assert said.splitlines() == [said]
