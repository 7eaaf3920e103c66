"""Dates in words where a case file wants EDTF: the hint says how EDTF writes what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.date_hints import hinted
from casefile.case.dating.edtf import DateError, NoEdtf, parse


def refused(written: str) -> DateError:
    """Give the refusal of what is no date."""
    with pytest.raises(DateError) as refusal:
        parse(written)
    error = refusal.value
    return hinted(written, error) if isinstance(error, NoEdtf) else error


MEANT = [
    # Names and numbers
    ("March 2018", "2018-03"),
    ("24 March 2018", "2018-03-24"),
    ("March 24th, 2018", "2018-03-24"),
    ("2017-8", "2017-08"),
    ("2017-8-3", "2017-08-03"),
    ("2017/11/24", "2017-11-24"),
    ("20171124", "2017-11-24"),
    ("11/24/2017", "2017-11-24"),
    ("24.11.2017", "2017-11-24"),
    ("3/4/2017", "2017-04-03 or 2017-03-04"),
    ("4.3.2019", "2019-03-04 or 2019-04-03"),
    ("4. 3. 2019", "2019-03-04 or 2019-04-03"),
    ("4.4.2019", "2019-04-04"),
    ("2017\n", "2017"),
    # Times of day
    ("2017-11-24 9:05", "2017-11-24T09:05"),
    ("2017-11-24 9:05:30 +0100", "2017-11-24T09:05:30+01:00"),
    ("2019-03-04 9:07 p.m.", "2019-03-04T21:07"),
    ("2019-03-04 12:07 AM", "2019-03-04T00:07"),
    ("March 4, 2019 at 9:07 pm", "2019-03-04T21:07"),
    ("4 March 2019, 21:07", "2019-03-04T21:07"),
    ("4.3.2019 21:07", "2019-03-04T21:07 or 2019-04-03T21:07"),
    # Other scripts
    ("2020年", "2020"),
    ("2020年5月", "2020-05"),
    ("2020年5月12日", "2020-05-12"),
    ("２０２０年５月１２日２１：０７", "2020-05-12T21:07"),
    ("２０１７", "2017"),
    ("٢٠١٧", "2017"),
    ("٢٠١٩-٠٣-٠٤", "2019-03-04"),
    # More than a day
    ("2017–2018", "2017/2018"),
    ("March 2018/April 2018", "2018-03/2018-04"),
    ("4.3.2019/5.4.2019", "2019-03-04/2019-04-05 or 2019-04-03/2019-05-04"),
    ("before 2018", "[..2017]"),
    ("c. 2018", "2018~"),
]


@pytest.mark.parametrize(("written", "meant"), MEANT, ids=[ascii(row[0]) for row in MEANT])
def test_words_are_told_as_edtf(written: str, meant: str) -> None:
    """What can be read in words is no date yet, and the hint has what to write."""
    error = refused(written)
    assert error.problem == "it is no EDTF date"
    assert error.hint == f"write {meant}"
    for one in meant.split(" or "):
        assert parse(one).written == one


UNCLEAR = [
    ("yesterday", "no EDTF date (it names no year)", "with its year"),
    ("last spring", "no EDTF date (it names no year)", "with its year"),
    ("early 2018", "no EDTF date (“early” has no exact bounds)", "[2018-01..2018-04]"),
    ("4/3/19", "no EDTF date (its year has two digits", "all four"),
    ("30 Feb 2018", "no EDTF date (there is no day 30 in Feb 2018)", "01 to 28"),
    ("2019-03-04 13:07 pm", "no EDTF date (there is no 13 pm)", "14:05"),
    ("15/8/1441", "no EDTF date (the year 1441 may be of another calendar)", "Gregorian"),
    ("١٤٤١", "no EDTF date (the year 1441 may be of another calendar)", "Gregorian"),
    ("๒๕๖๓", "no EDTF date (the year 2563 may be of another calendar)", "Gregorian"),
    ("١٥ شعبان ١٤٤١هـ", "no EDTF date (it is of the Hijri calendar)", "Gregorian"),
    ("1 Muharram 1441 AH", "no EDTF date (it is of the Hijri calendar)", "Gregorian"),
    ("to be determined", "states no date", "leave date out"),
    # Nothing that more is known of, or a slip in EDTF
    ("Whitsun of 2018", "no EDTF date", "write 2018, 2018-03"),
    ("201X-11", "no EDTF date", "write 2018, 2018-03"),
    ("[2018,]", "no EDTF date", "write 2018, 2018-03"),
    ("2018-13", "no month 13", "01 to 12"),
]


@pytest.mark.parametrize(
    ("written", "problem", "hint"), UNCLEAR, ids=[ascii(row[0]) for row in UNCLEAR]
)
def test_what_is_unclear_is_told_with_the_reason(written: str, problem: str, hint: str) -> None:
    """Where words say no one date, the reason is told, and what would help."""
    error = refused(written)
    assert problem in error.problem
    assert hint in error.hint


@given(st.text(alphabet="0123456789uX-/.[],{}~?%TZ:+ aprilMay年月日هـ", max_size=40))
def test_any_words_have_a_hint(written: str) -> None:
    """Whatever is no EDTF is told in one line, and what is to be written instead is a date."""
    try:
        parse(written)
    except NoEdtf as error:
        told = hinted(written, error)
        assert f"{told.problem}; {told.hint}".isprintable()
        if told is not error and told.problem == error.problem:
            for one in told.hint.removeprefix("write ").split(" or "):
                parse(one)
    except DateError:
        pass
