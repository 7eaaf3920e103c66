"""Hints for dates in words where a case file needs EDTF."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.date_error import DateError, NotEdtfError
from casefile.case.dating.date_words import with_hint
from casefile.case.dating.edtf import parse


def error_for(written: str) -> DateError:
    """Return the error for a text that is not an EDTF date, with its hint."""
    with pytest.raises(DateError) as raised:
        parse(written)
    error = raised.value
    return with_hint(written, error) if isinstance(error, NotEdtfError) else error


READABLE = [
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
    # Quarters
    ("2018-Q1", "2018-33"),
    ("2018Q3", "2018-35"),
    ("Q1 2018", "2018-33"),
    ("fourth quarter of 2018", "2018-36"),
]


@pytest.mark.parametrize(("written", "edtf"), READABLE, ids=[ascii(row[0]) for row in READABLE])
def test_hint_has_the_edtf_for_a_date_in_words(written: str, edtf: str) -> None:
    """A date in words is an error, and the hint says what to write, which is a valid date."""
    error = error_for(written)
    assert error.problem == "not an EDTF date"
    assert error.hint == f"write {edtf}"
    for one in edtf.split(" or "):
        assert parse(one).written == one


UNCLEAR = [
    ("yesterday", "not an EDTF date (the year is missing)", "with its year"),
    ("last spring", "not an EDTF date (the year is missing)", "with its year"),
    ("early 2018", "not an EDTF date (“early” has no exact bounds)", "[2018-01..2018-04]"),
    ("4/3/19", "not an EDTF date (the year has two digits", "all four"),
    ("30 Feb 2018", "not an EDTF date (there is no day 30 in Feb 2018)", "01 to 28"),
    ("2019-03-04 13:07 pm", "not an EDTF date (there is no 13 pm)", "14:05"),
    ("15/8/1441", "not an EDTF date (the year 1441 may be in another calendar)", "Gregorian"),
    ("١٤٤١", "not an EDTF date (the year 1441 may be in another calendar)", "Gregorian"),
    ("๒๕๖๓", "not an EDTF date (the year 2563 may be in another calendar)", "Gregorian"),
    ("١٥ شعبان ١٤٤١هـ", "not an EDTF date (this is a Hijri date)", "Gregorian"),
    ("1 Muharram 1441 AH", "not an EDTF date (this is a Hijri date)", "Gregorian"),
    ("to be determined", "no date is stated", "leave date out"),
    # The second date of an interval in short
    ("2018-03/04", "not an EDTF date (the second date is shortened)", "write both in full"),
    ("2018-03-04/05", "not an EDTF date (the second date is shortened)", "write both in full"),
    # No better hint, or a mistake in EDTF
    ("Whitsun of 2018", "not an EDTF date", "write 2018, 2018-03"),
    ("Q5 2018", "not an EDTF date", "write 2018, 2018-03"),
    ("every Monday in 2020", "not an EDTF date (this recurs)", "{2020-03-02,2020-03-09}"),
    ("weekly", "not an EDTF date (this recurs)", "in braces"),
    ("[2018,]", "not an EDTF date", "write 2018, 2018-03"),
    ("2018-13", "no month 13", "01 to 12"),
]


@pytest.mark.parametrize(
    ("written", "problem", "hint"), UNCLEAR, ids=[ascii(row[0]) for row in UNCLEAR]
)
def test_unclear_words_are_refused_with_the_reason(written: str, problem: str, hint: str) -> None:
    """If words don't name exactly one date, the error says why and what to write instead."""
    error = error_for(written)
    assert problem in error.problem
    assert hint in error.hint


@given(st.text(alphabet="0123456789uX-/.[],{}~?%TZ:+ aprilMay年月日هـ", max_size=40))
def test_hint_for_any_text_is_one_line_and_proposes_valid_dates(written: str) -> None:
    """Any text that is not EDTF gives a printable message, and every proposed date is valid."""
    try:
        parse(written)
    except NotEdtfError as error:
        hinted = with_hint(written, error)
        assert f"{hinted.problem}; {hinted.hint}".isprintable()
        if hinted is not error and hinted.problem == error.problem:
            for one in hinted.hint.removeprefix("write ").split(" or "):
                parse(one)
    except DateError:
        pass
