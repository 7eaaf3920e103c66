"""Parsing dates in words: which become EDTF, which keep their words, and which can't be read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.calendar_words import month_number, normalised, weekday_number
from casefile.case.dating.date_words import ParsedDateWords, parse_date_words
from casefile.case.dating.day_words import DayMonthOrder, inferred_order
from casefile.case.dating.edtf import parse


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("2017", "2017"),
        ("2017-11", "2017-11"),
        ("11/2017", "2017-11"),
        ("2017-11-03", "2017-11-03"),
        ("2017/11/03", "2017-11-03"),
        ("2017.11.3", "2017-11-03"),
        ("20171103", "2017-11-03"),
        ("3 Nov 2017", "2017-11-03"),
        ("03-Nov-2017", "2017-11-03"),
        ("3rd of November, 2017", "2017-11-03"),
        ("November 3, 2017", "2017-11-03"),
        ("Nov. 3rd 2017", "2017-11-03"),
        ("Sept 2017", "2017-09"),
        ("3.11.2017", "2017-11-03"),
        ("3. 11. 2017", "2017-11-03"),
        ("3. März 2017", "2017-03-03"),
        ("le 1er août 2017", "2017-08-01"),
        ("3 de noviembre de 2017", "2017-11-03"),
        ("٣ نوفمبر ٢٠١٧", "2017-11-03"),
        ("2017年11月3日", "2017-11-03"),
        ("２０１７年１１月", "2017-11"),
        ("11/13/2017", "2017-11-13"),
        ("13/11/2017", "2017-11-13"),
        ("5/5/2017", "2017-05-05"),
        ("07/??/1997", "1997-07-XX"),
        ("??/??/1997", "1997-XX-XX"),
    ],
)
def test_unambiguous_day_month_or_year_becomes_edtf(words: str, edtf: str) -> None:
    """Words that can mean only one date become that date, and need not be kept."""
    assert parse_date_words(words) == ParsedDateWords(edtf, says_all=True)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("3 Nov 2017 14:05", "2017-11-03T14:05"),
        ("3 Nov 2017, 2:05 pm", "2017-11-03T14:05"),
        ("Nov 3, 2017 12:05 a.m.", "2017-11-03T00:05"),
        ("3. November 2017, 14:05 Uhr", "2017-11-03T14:05"),
        ("3 novembre 2017 14h05", "2017-11-03T14:05"),
        ("2017-11-03 14:05:30", "2017-11-03T14:05:30"),
        ("2017-11-03T14:05Z", "2017-11-03T14:05Z"),
        ("2017-11-03T14:05-0500", "2017-11-03T14:05-05:00"),
        ("3 Nov 2017 14:05 UTC", "2017-11-03T14:05Z"),
        ("3 Nov 2017 14:05 UTC+1", "2017-11-03T14:05+01:00"),
        ("2017:11:03 14:05:30", "2017-11-03T14:05:30"),
    ],
)
def test_time_of_day_is_parsed_with_its_day(words: str, edtf: str) -> None:
    """12-hour and 24-hour times are parsed, and numeric offsets."""
    assert parse_date_words(words) == ParsedDateWords(edtf, says_all=True)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("Q1 2018", "2018-33"),
        ("2018-Q2", "2018-34"),
        ("2018Q3", "2018-35"),
        ("Q4/2018", "2018-36"),
        ("first quarter of 2018", "2018-33"),
        ("the 3rd quarter of 2018", "2018-35"),
        ("in the fourth quarter 2018", "2018-36"),
        ("2. Quartal 2018", "2018-34"),
        ("1er trimestre 2018", "2018-33"),
    ],
)
def test_quarter_is_exact(words: str, edtf: str) -> None:
    """A quarter of a year is a date like a month, which EDTF has a number for."""
    assert parse_date_words(words) == ParsedDateWords(edtf, says_all=True)


@pytest.mark.parametrize(
    "edtf",
    ["2017?", "2018~", "2018-XX", "2017-11/2018-01", "[2018-01..]", "/..", "201X", "{2018,2020}"],
)
def test_edtf_is_returned_unchanged(edtf: str) -> None:
    """Text that is already EDTF is not read as words."""
    assert parse_date_words(edtf) == ParsedDateWords(edtf, says_all=True)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("3–5 Nov 2017", "2017-11-03/2017-11-05"),
        ("3-5 Nov 2017", "2017-11-03/2017-11-05"),
        ("Nov 3-5, 2017", "2017-11-03/2017-11-05"),
        ("Nov 3 – Dec 5, 2017", "2017-11-03/2017-12-05"),
        ("Nov 2017 - Jan 2018", "2017-11/2018-01"),
        ("from Nov 2017 to Jan 2018", "2017-11/2018-01"),
        ("Nov–Dec 2017", "2017-11/2017-12"),
        ("2015-2017", "2015/2017"),
        ("Q1–Q3 2018", "2018-33/2018-35"),
        ("3.-5.11.2017", "2017-11-03/2017-11-05"),
        ("30.10.-05.11.2017", "2017-10-30/2017-11-05"),
        ("2017年11月3日-5日", "2017-11-03/2017-11-05"),
        ("3 Nov 2017 14:05-15:30", "2017-11-03T14:05/2017-11-03T15:30"),
        ("12/01/2016 - 12/15/2016", "2016-12-01/2016-12-15"),
        ("c. 2015", "2015~"),
        ("after Q4 2018", "[2019-01..]"),
        ("circa Nov 2017", "2017-11~"),
        ("about 3 Nov 2017", "2017-11-03~"),
        ("2015 (approx.)", "2015~"),
        ("3 Nov 2017 (?)", "2017-11-03?"),
        ("the 1990s", "199X"),
        ("by 2017", "[..2017]"),
        ("no later than 3 Nov 2017", "[..2017-11-03]"),
        ("before 2017", "[..2016]"),
        ("before 1 Nov 2017", "[..2017-10-31]"),
        ("<11/13/2017", "[..2017-11-12]"),
        ("after Nov 2017", "[2017-12..]"),
        ("2017 or later", "[2017..]"),
        ("since Nov 2017", "2017-11/.."),
        ("2017–present", "2017/.."),
        ("until 2017", "/2017"),
    ],
)
def test_date_that_is_rewritten_keeps_its_words(words: str, edtf: str) -> None:
    """If the EDTF means the same in another form, the words are to be kept as well."""
    assert parse_date_words(words) == ParsedDateWords(edtf, says_all=False)


@pytest.mark.parametrize(
    ("words", "edtf"),
    [
        ("Fri 3 Nov 2017", "2017-11-03"),
        ("Fri 11/03/2017", "2017-11-03"),
        ("11/14/2016 #2", "2016-11-14"),
        ("3 Nov 2017 2 pm", "2017-11-03"),
        ("2017-11-03 00:00:00", "2017-11-03"),
        ("11/13/2017 12:00:00 AM", "2017-11-13"),
        ("3 Nov 2017 14:05:30.123", "2017-11-03T14:05:30"),
    ],
)
def test_details_that_edtf_cannot_hold_keep_the_words(words: str, edtf: str) -> None:
    """A weekday, an hour without minutes and a midnight added by a program are left out."""
    assert parse_date_words(words) == ParsedDateWords(edtf, says_all=False)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("11/3/2017", "may be 11 Mar or 3 Nov"),
        ("03-11-2017", "may be 3 Nov or 11 Mar"),
        ("c. 3/4/2017", "may be 3 Apr or 4 Mar"),
        ("٣/١١/٢٠١٧", "may be 3 Nov or 11 Mar"),
    ],
)
def test_order_of_day_and_month_is_not_guessed(words: str, reason: str) -> None:
    """A date all in numbers that can be read in two ways is refused."""
    read = parse_date_words(words)
    assert read.edtf is None
    assert read.needs_order
    assert reason in str(read.unclear)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("43042", "spreadsheet's day number"),
        ("43042.5869", "spreadsheet's day number"),
        ("11/3/17", "year has two digits"),
        ("03-Nov-17", "year has two digits"),
        ("2015–17", "two years or a month"),
        ("2017-21", "no month 21"),
        ("early 2019", "write 2019, or [2019-01..2019-04]"),
        ("mid November 2022", "write 2022-11"),
        ("since spring 2017", "it is written 2017-21"),
        ("between 2 and 7 November 2022", "[2022-11-02..2022-11-07] for once"),
        ("3 days after #meeting", "this is counted from something else; write the date"),
        ("the week before the search", "with the id of an entry, “3 days after #ID”"),
        ("every Friday of 2017", "list its dates in braces, as in {2017-03-02,2017-03-09}"),
        ("Tuesdays", "the source's words in date_text"),
        ("Anfang 2017", "no exact bounds"),
        ("between 2015 and 2018", "[2015..2018] for once, 2015/2018 for throughout"),
        ("3 Nov 2017 14:05 EST", "time zone"),
        ("3 Nov 2017 14:05 pm", "no 14 pm"),
        ("3 Nov 2017 25:00", "no such time of day"),
        ("31 Nov 2017", "no day 31 in Nov 2017"),
        ("Sat 3 Nov 2017", "3 Nov 2017 was a Friday"),
        ("Dec 28 – Jan 3, 2018", "end is before the start"),
        ("before 3 Nov 2017 14:05", "need a day, month or year"),
        ("1439-02-14", "another calendar"),
        ("3 November", "year is missing"),
        ("14:05", "year is missing"),
        ("1900s", "date can't be read"),
        ("Nov/Dec 2017", "date can't be read"),
        ("the day after 3 Nov 2017", "date can't be read"),
        ("2017" * 100, "too long"),
    ],
)
def test_unclear_words_are_refused_with_reason_and_hint(words: str, reason: str) -> None:
    """Words without an exact date give no date, but a reason and what to write instead."""
    read = parse_date_words(words)
    assert read.edtf is None
    assert not read.needs_order
    assert reason in str(read.unclear)
    assert ";" in str(read.unclear)


@pytest.mark.parametrize("words", ["", " ", "-", "?", "n/a", "n.d.", "Unknown", "TBD", "不详"])
def test_words_for_no_date_are_not_an_error(words: str) -> None:
    """Words such as "unknown" give neither a date nor a problem."""
    assert parse_date_words(words) == ParsedDateWords()


@pytest.mark.parametrize(
    ("words", "order", "edtf"),
    [
        ("11/3/2017", DayMonthOrder.DAY_FIRST, "2017-03-11"),
        ("11/3/2017", DayMonthOrder.MONTH_FIRST, "2017-11-03"),
        ("11-3-2017", DayMonthOrder.MONTH_FIRST, "2017-11-03"),
        ("11.3.2017", DayMonthOrder.MONTH_FIRST, "2017-11-03"),
        ("11/3/2017 - 11/5/2017", DayMonthOrder.MONTH_FIRST, "2017-11-03/2017-11-05"),
    ],
)
def test_given_order_decides_ambiguous_dates(words: str, order: DayMonthOrder, edtf: str) -> None:
    """With the order given, dates all in numbers are read that way, and the words are kept."""
    assert parse_date_words(words, order) == ParsedDateWords(edtf, says_all=False)


@pytest.mark.parametrize(
    ("words", "order"),
    [("13/11/2017", DayMonthOrder.MONTH_FIRST), ("Fri 11/03/2017", DayMonthOrder.DAY_FIRST)],
)
def test_date_that_contradicts_the_given_order_is_refused(words: str, order: DayMonthOrder) -> None:
    """A date that is only possible in the other order is not read in that order."""
    read = parse_date_words(words, order)
    assert read.edtf is None
    assert read.unclear


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("13/11/2017", DayMonthOrder.DAY_FIRST),
        ("from 11/13/2017 on", DayMonthOrder.MONTH_FIRST),
        ("12/01/2016 - 12/15/2016", DayMonthOrder.MONTH_FIRST),
        ("11/3/2017", None),
        ("11/11/2017", None),
        ("13.11.2017", None),
        ("2017-11-13", None),
    ],
)
def test_order_is_inferred_from_dates_with_one_reading(
    text: str, order: DayMonthOrder | None
) -> None:
    """If only one order gives a date, it is that one; dates with dots are always day first."""
    assert inferred_order(text) is order


@pytest.mark.slow
@given(st.text(max_size=40) | st.from_regex(r"[0-9 ./:–-]{1,20}"))
def test_any_text_gives_a_valid_date_or_none(words: str) -> None:
    """Any text gives a valid EDTF date, a problem, or neither."""
    read = parse_date_words(words)
    assert read.edtf is None or read.unclear is None
    if read.edtf is not None:
        parse(read.edtf)


@given(
    st.dates(date(1500, 1, 1), date(2199, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%d-%b-%Y", "%Y年%m月%d日"]),
)
def test_every_day_is_parsed_in_common_formats(day: date, form: str) -> None:
    """A day as a spreadsheet formats it is parsed as that day."""
    assert parse_date_words(f"{day:{form}}").edtf == day.isoformat()


def test_month_and_weekday_names_are_matched_after_normalisation() -> None:
    """Case, width, direction marks and digits of other scripts make no difference."""
    assert [month_number(normalised(name)) for name in ("MÄRZ", "Août", "أبريل", "sept")] == [
        3,
        8,
        4,
        9,
    ]
    assert weekday_number(normalised("Mo")) == weekday_number(normalised("lundi")) == 1
    assert normalised("\u200f٣  Ｎｏｖ\n2017") == "3 nov 2017"
