"""EDTF dates: parsing, bounds, order, text on screen, and error messages."""

from __future__ import annotations

import warnings
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import Shape, bounds_in_brief, bounds_in_words, period_in_words
from casefile.case.dating.edtf import LONGEST, from_native, parse
from casefile.case.dating.units import Edge

with warnings.catch_warnings():
    # pyparsing deprecates names that edtf uses while it is imported.
    warnings.simplefilter("ignore")
    import edtf

NEW_ORLEANS = ZoneInfo("America/Chicago")

# EDTF, words, brief words.
WORDS = [
    # Level 0
    ("2017", "2017", "2017"),
    ("0012", "0012", "0012"),
    ("2017-08", "Aug 2017", "Aug 2017"),
    ("2019-11-07", "7 Nov 2019", "7 Nov 2019"),
    ("2017-11-03T21:04", "3 Nov 2017 21:04", "3 Nov 2017 21:04"),
    ("2017-11-03T21:04:30", "3 Nov 2017 21:04:30", "3 Nov 2017 21:04:30"),
    # Qualified
    ("2018~", "c. 2018", "c. 2018"),
    ("2018?", "2018 (uncertain)", "2018?"),
    ("2018-03%", "c. Mar 2018 (uncertain)", "c. Mar 2018?"),
    ("2017-11-03T21:04~", "c. 3 Nov 2017 21:04", "c. 3 Nov 2017 21:04"),
    # Unspecified digits
    ("2018-XX", "a month in 2018", "a month in 2018"),
    ("2017-XX-XX", "a day in 2017", "a day in 2017"),
    ("2017-11-XX", "a day in Nov 2017", "a day in Nov 2017"),
    ("2017-11-XX~", "a day in c. Nov 2017", "a day in c. Nov 2017"),
    ("2017-11-XX/2017-12-03", "from a day in Nov 2017 to 3 Dec 2017", "Nov 2017 – 3 Dec 2017"),
    ("199X/2003", "from a year in the 1990s to 2003", "the 1990s – 2003"),
    ("201X", "a year in the 2010s", "in the 2010s"),
    ("20XX", "a year in 2000–2099", "in 2000–2099"),
    # Seasons
    ("2018-21", "spring 2018", "spring 2018"),
    ("2018-22", "summer 2018", "summer 2018"),
    ("2018-23", "autumn 2018", "autumn 2018"),
    ("2018-24", "winter 2018/19", "winter 2018/19"),
    # Quarters
    ("2018-33", "Q1 2018", "Q1 2018"),
    ("2018-36~", "c. Q4 2018", "c. Q4 2018"),
    ("2018-33/2018-35", "Q1 – Q3 2018", "Q1–Q3 2018"),
    # Intervals
    ("2018-21/2018-23", "spring – autumn 2018", "spring–autumn 2018"),
    ("2017/2018", "2017–2018", "2017–2018"),
    ("2017-11/2018-01", "Nov 2017 – Jan 2018", "Nov 2017–Jan 2018"),
    ("2017-11/2017-12", "Nov – Dec 2017", "Nov–Dec 2017"),
    ("2017-11-03/2017-11-05", "3–5 Nov 2017", "3–5 Nov 2017"),
    ("2017-11-30/2017-12-02", "30 Nov – 2 Dec 2017", "30 Nov–2 Dec 2017"),
    ("2017/2018-03-04", "2017 – 4 Mar 2018", "2017 – 4 Mar 2018"),
    ("2018-01/2018-01", "Jan 2018 – Jan 2018", "Jan 2018–Jan 2018"),
    ("2017-11~/2018-01?", "c. Nov 2017 – Jan 2018 (uncertain)", "c. Nov 2017–Jan 2018?"),
    ("2017-11-03T21:04/2017-11-03T21:09", "3 Nov 2017 21:04–21:09", "3 Nov 2017 21:04–21:09"),
    (
        "2017-11-03T14:00/2017-11-04T14:00",
        "3 Nov 2017 14:00 – 4 Nov 2017 14:00",
        "3 Nov 2017 14:00–4 Nov 2017 14:00",
    ),
    ("2018-01/..", "since Jan 2018", "since Jan 2018"),
    ("../2018-01", "until Jan 2018", "until Jan 2018"),
    ("2018-01/", "from Jan 2018, end unknown", "Jan 2018–?"),
    ("/2018-01", "until Jan 2018, start unknown", "?–Jan 2018"),
    ("/..", "under way when reported", "under way"),
    ("../..", "under way throughout", "throughout"),
    ("../", "start open, end unknown", "end unknown"),
    # Sets
    ("[2018-01..]", "Jan 2018 or later", "Jan 2018 or later"),
    ("[..2018-01]", "Jan 2018 or earlier", "Jan 2018 or earlier"),
    ("[2017-11..2018-01]", "between Nov 2017 and Jan 2018", "Nov 2017..Jan 2018"),
    ("[2017-11,2018-01]", "Nov 2017 or Jan 2018", "Nov 2017 or Jan 2018"),
    ("[2017-11-03,2017-11-05]", "3 or 5 Nov 2017", "3 or 5 Nov 2017"),
    ("[2016,2018,2019-03]", "2016, 2018 or Mar 2019", "2016 or 2 others"),
    ("[2016,2018..2020]", "2016 or between 2018 and 2020", "2016 or 2018..2020"),
    ("[2018-03-02,2018-03-09,2018-03-16]", "2, 9 or 16 Mar 2018", "2 Mar 2018 or 2 others"),
    ("[2016,2017,2018..2020]", "2016, 2017 or between 2018 and 2020", "2016 or others"),
    # Sets of which every date is meant
    ("{2018-03-02,2018-03-09}", "2 and 9 Mar 2018", "2 and 9 Mar 2018"),
    ("{2018-03-02,2018-03-09,2018-03-16}", "2, 9 and 16 Mar 2018", "2 Mar 2018 and 2 others"),
    (
        "{2018-03-02,2018-03-09,2018-04-09}",
        "2 Mar, 9 Mar and 9 Apr 2018",
        "2 Mar 2018 and 2 others",
    ),
    (
        "{2018-03-02,2018-03-09~,2018-04}",
        "2 Mar 2018, c. 9 Mar 2018 and Apr 2018",
        "2 Mar 2018 and 2 others",
    ),
    (
        "{2018-03-02T10:00,2018-03-02T12:30,2018-03-02T15:00}",
        "2 Mar 2018 10:00, 12:30 and 15:00",
        "2 Mar 2018 10:00 and 2 others",
    ),
    ("{2018-03..2018-05}", "each month from Mar to May 2018", "each month Mar–May 2018"),
    ("{2016,2018..2020}", "2016 and each year from 2018 to 2020", "2016 and each year 2018–2020"),
    ("{2015,2016,2018..2020}", "2015, 2016 and each year from 2018 to 2020", "2015 and others"),
    ("{..1984}", "each year until 1984", "each year until 1984"),
    ("{1984-06..}", "each month since Jun 1984", "each month since Jun 1984"),
]


@pytest.mark.parametrize(("written", "words", "brief"), WORDS)
def test_words_at_length_and_in_brief(written: str, words: str, brief: str) -> None:
    """Each form of date is shown in plain English, at length and in brief."""
    when = parse(written)
    assert (when.words(), when.brief()) == (words, brief)


@pytest.mark.parametrize("form", [1, 2], ids=["words", "brief"])
def test_different_dates_have_different_words(form: int) -> None:
    """No two of these dates have the same words, for example `2018-01/..` and `[2018-01..]`.

    In a column, those of a longer set are cut.
    """
    shown = [row[form] for row in WORDS if form == 1 or "others" not in row[form]]
    assert len(set(shown)) == len(shown)


def test_words_of_dates_do_not_use_after() -> None:
    """The word "after" is only used for an entry that follows another."""
    assert not [words for row in WORDS for words in row[1:] if "after" in words]


# EDTF, bounds of the start, bounds of the end.
BOUNDS = [
    ("2017", "2017-01-01 2017-12-31", "2017-01-01 2017-12-31"),
    ("2016-02", "2016-02-01 2016-02-29", "2016-02-01 2016-02-29"),
    ("1900-02", "1900-02-01 1900-02-28", "1900-02-01 1900-02-28"),
    ("2018~", "2018-01-01 2018-12-31", "2018-01-01 2018-12-31"),
    ("2017-11-XX", "2017-11-01 2017-11-30", "2017-11-01 2017-11-30"),
    ("2018-XX", "2018-01-01 2018-12-31", "2018-01-01 2018-12-31"),
    ("201X", "2010-01-01 2019-12-31", "2010-01-01 2019-12-31"),
    ("20XX", "2000-01-01 2099-12-31", "2000-01-01 2099-12-31"),
    ("00XX", "0001-01-01 0099-12-31", "0001-01-01 0099-12-31"),
    ("9999-12", "9999-12-01 9999-12-31", "9999-12-01 9999-12-31"),
    ("2018-21", "2018-03-01 2018-05-31", "2018-03-01 2018-05-31"),
    ("2018-24", "2018-12-01 2019-02-28", "2018-12-01 2019-02-28"),
    ("2018-33", "2018-01-01 2018-03-31", "2018-01-01 2018-03-31"),
    ("2018-36", "2018-10-01 2018-12-31", "2018-10-01 2018-12-31"),
    ("2017-11/2018-01", "2017-11-01 2017-11-30", "2018-01-01 2018-01-31"),
    ("2018/2018-03", "2018-01-01 2018-03-31", "2018-03-01 2018-03-31"),
    ("2018-01/..", "2018-01-01 2018-01-31", "2018-01-01 none"),
    ("2018-01/", "2018-01-01 2018-01-31", "2018-01-01 none"),
    ("../2018-01", "none 2018-01-31", "2018-01-01 2018-01-31"),
    ("/2018-01", "none 2018-01-31", "2018-01-01 2018-01-31"),
    ("/..", "none none", "none none"),
    ("[2018-01..]", "2018-01-01 none", "2018-01-01 none"),
    ("[..2018-01]", "none 2018-01-31", "none 2018-01-31"),
    ("[2017-11..2018-01]", "2017-11-01 2018-01-31", "2017-11-01 2018-01-31"),
    ("[2018-01,2017-11]", "2017-11-01 2018-01-31", "2017-11-01 2018-01-31"),
    ("[..2017,2019..]", "none none", "none none"),
    ("{2018-03-09,2018-03-02}", "2018-03-02 2018-03-02", "2018-03-09 2018-03-09"),
    ("{2017,2018-03..2018-05}", "2017-01-01 2017-12-31", "2018-05-01 2018-05-31"),
    ("{2018,2018-03-02}", "2018-01-01 2018-03-02", "2018-03-02 2018-12-31"),
    ("{..2017,2019}", "none 2017-12-31", "2019-01-01 2019-12-31"),
    ("{2017,2019..}", "2017-01-01 2017-12-31", "2019-01-01 none"),
]


@pytest.mark.parametrize(("written", "start", "end"), BOUNDS)
def test_bounds_of_start_and_end(written: str, start: str, end: str) -> None:
    """The bounds are the first and last instant that the units allow."""

    def shown(bounds: tuple[datetime | None, datetime | None]) -> str:
        return " ".join("none" if one is None else one.date().isoformat() for one in bounds)

    when = parse(written)
    assert (shown(when.start[:2]), shown(when.end[:2])) == (start, end)


def test_last_instant_is_inclusive() -> None:
    """A day and a minute end with their last second; a second is one instant."""
    ends = [parse(f"2017-11-03{time}").end.latest for time in ("", "T21:04", "T21:04:30")]
    assert ends == [
        datetime(2017, 11, 3, 23, 59, 59),
        datetime(2017, 11, 3, 21, 4, 59),
        datetime(2017, 11, 3, 21, 4, 30),
    ]


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("2017-08", Shape.POINT),
        ("2018-XX", Shape.POINT),
        ("2017/2018", Shape.INTERVAL),
        ("/..", Shape.INTERVAL),
        ("[2018..]", Shape.SET),
        ("{2018,2020}", Shape.EACH),
    ],
)
def test_shape_of_units_intervals_and_sets(written: str, shape: Shape) -> None:
    """A slash makes an interval, brackets or braces a set, and everything else is a point."""
    assert parse(written).shape is shape


def test_qualifiers_apply_to_their_own_end() -> None:
    """A qualifier in an interval applies only to the end that it is written at."""
    when = parse("2017-11~/2018-01?")
    assert (when.start.approximate, when.start.uncertain) == (True, False)
    assert (when.end.approximate, when.end.uncertain) == (False, True)


def test_percent_means_uncertain_and_approximate() -> None:
    """`%` sets both qualifiers."""
    assert parse("2018%").start[2:] == (True, True)


def test_open_end_differs_from_unknown_end() -> None:
    """`2018/..` has an open end, `2018/` an unknown one."""
    ends = [parse(written).spans[0].end for written in ("2018/..", "2018/")]
    assert ends == [Edge.OPEN, Edge.UNKNOWN]


@pytest.mark.parametrize(
    ("written", "bounded"),
    [("2018", True), ("[..2017,2019..]", True), ("/2018", True), ("/..", False), ("../..", False)],
)
def test_only_dates_without_any_unit_are_unbounded(written: str, bounded: bool) -> None:
    """Only a date that names no unit has neither bounds nor a sort key."""
    when = parse(written)
    assert (when.is_bounded, when.sort_key is not None) == (bounded, bounded)


@pytest.mark.parametrize(
    ("written", "below", "above"),
    [
        ("2017-11-XX", "Nov 2017", "Nov 2017"),
        ("2017-11/2018-01", "Nov 2017", "Nov 2017"),
        ("[2018-01,2017-11]", "Nov 2017", "Jan 2018"),
        ("[2018-01..]", "Jan 2018", ""),
        ("/2018-01", "", "Jan 2018"),
        ("{2018-01,2017-11}", "Nov 2017", "Nov 2017"),
        ("/..", "", ""),
    ],
)
def test_start_units_are_the_units_that_bound_the_start(
    written: str, below: str, above: str
) -> None:
    """They are given from below and above, without unspecified parts."""
    units = parse(written).start_units
    assert [" ".join(unit.name) if unit else "" for unit in units] == [below, above]
    assert not any(unit.some for unit in units if unit)


@pytest.mark.parametrize(
    ("below", "above", "words", "brief"),
    [
        ("2017-11", "", "Nov 2017 or later", "Nov 2017 or later"),
        ("", "2017-11~", "c. Nov 2017 or earlier", "c. Nov 2017 or earlier"),
        ("2017-08", "2017-11", "between Aug and Nov 2017", "Aug..Nov 2017"),
        ("2017-08", "2017-11-03", "between Aug 2017 and 3 Nov 2017", "Aug 2017..3 Nov 2017"),
        ("2019-03-05", "2019-03-10", "between 5 and 10 Mar 2019", "5..10 Mar 2019"),
        ("2017-11", "2017-11", "Nov 2017", "Nov 2017"),
        (
            "2019-06-18T09:30",
            "2019-06-18T11:05",
            "between 18 Jun 2019 09:30 and 11:05",
            "18 Jun 09:30..11:05",
        ),
        (
            "2019-06-18T09:30~",
            "",
            "c. 18 Jun 2019 09:30 or later",
            "c. 18 Jun 09:30 or later",
        ),
        (
            "",
            "2019-06-18T09:30:15",
            "18 Jun 2019 09:30:15 or earlier",
            "18 Jun 09:30:15 or earlier",
        ),
        ("", "", "", ""),
    ],
)
def test_bounds_are_inclusive_in_words(below: str, above: str, words: str, brief: str) -> None:
    """What may have been in the month of a bound is not after it; a column has shorter words."""
    first, last = (parse(one).units[0] if one else None for one in (below, above))
    assert bounds_in_words(first, last) == words
    assert bounds_in_brief(first, last) == brief


@pytest.mark.parametrize(
    ("written", "is_under_way", "states_end"),
    [
        ("/..", True, False),
        ("../..", False, True),
        ("2018/..", False, True),
        ("2018/", False, False),
        ("2017/2018", False, True),
        ("2018", False, True),
        ("[2018..]", False, False),
    ],
)
def test_date_states_end_unless_that_is_unknown(
    written: str, is_under_way: bool, states_end: bool
) -> None:
    """What still goes on has no end to look for; what was under way when reported may have."""
    when = parse(written)
    assert (when.is_under_way, when.states_end) == (is_under_way, states_end)


def test_end_units_are_the_units_that_bound_the_end() -> None:
    """An end that is not known is no earlier than the start."""
    for written, below, above in (
        ("2017-11/2018-01", "Jan 2018", "Jan 2018"),
        ("2017-11/", "Nov 2017", ""),
        ("2017-11-XX", "Nov 2017", "Nov 2017"),
    ):
        units = parse(written).end_units
        assert [" ".join(one.name) if one else "" for one in units] == [below, above]


@pytest.mark.parametrize(
    ("written", "closed"),
    [
        ("[..2018]", "[2016..2018]"),
        ("/2018", "2016/2018"),
        ("../2018", "2016/2018"),
        ("[..2017,2018]", "[2016..2017,2018]"),
        ("[2018..]", "[2018..2020]"),
        ("[2017,2018..]", "[2017,2018..2020]"),
        ("[..2017,2019..]", "[2016..2017,2019..2020]"),
        ("2018/..", "2018/.."),
        ("{..2018}", "{2016..2018}"),
        ("{2018..}", "{2018..}"),
        ("2018", "2018"),
    ],
)
def test_closed_replaces_sides_that_leave_the_start_open(written: str, closed: str) -> None:
    """The given units replace open sides, but not the end of an interval."""
    below, above = parse("2016").units[0], parse("2020").units[0]
    assert parse(written).closed(below, above).spans == parse(closed).spans


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("2017-11-03T21:04", "2017-11-03T21:04:00"),
        ("2017-11-03T21:04Z", "2017-11-03T16:04:00"),
        ("2017-11-03T21:04:30+01:00", "2017-11-03T15:04:30"),
        ("2017-11-03T21:04-06", "2017-11-03T22:04:00"),
        ("2017-11-03T21:04+01:00~", "2017-11-03T15:04:00"),
        ("2017-11-03T21:04Z/2017-11-04", "2017-11-03T16:04:00"),
        ("[2017-11-03T21:04Z..]", "2017-11-03T16:04:00"),
    ],
)
def test_times_with_offset_are_converted_to_the_zone(written: str, local: str) -> None:
    """A time without an offset is in the zone; others are converted, in any form of date."""
    assert parse(written, NEW_ORLEANS).start.earliest == datetime.fromisoformat(local)


@pytest.mark.parametrize(
    ("written", "before", "after"),
    [
        ("2019-03-10T02:00", "-06:00", "-05:00"),
        ("2019-03-10T02:59:59", "-06:00", "-05:00"),
        ("2019-03-10T02:50~", "-06:00", "-05:00"),
        ("2019-03-10T01:50/2019-03-10T02:50", "-06:00", "-05:00"),
        ("[..2019-03-10T02:50]", "-06:00", "-05:00"),
    ],
)
def test_skipped_local_time_is_refused_with_both_offsets(
    written: str, before: str, after: str
) -> None:
    """A local time that a change of clocks skipped is refused; the hint names both offsets."""
    with pytest.raises(DateError, match="no such local time") as raised:
        parse(written, NEW_ORLEANS)
    assert before in raised.value.hint.partition(" or ")[0]
    assert after in raised.value.hint.partition(" or ")[2]
    assert parse(written).is_bounded


@pytest.mark.parametrize(
    "written",
    [
        "2019-03-10T01:59",
        "2019-03-10T03:00",
        "2019-03-10T02:50-06:00",
        "2019-03-10T02:50-05:00",
        "2019-03-10",
        # Shown twice by the clocks.
        "2019-11-03T01:30",
    ],
)
def test_local_time_that_existed_is_accepted(written: str) -> None:
    """Times next to a change of clocks, and times that the clocks showed twice, are accepted."""
    assert parse(written, NEW_ORLEANS).is_bounded


def test_without_a_zone_offsets_are_converted_to_local_time() -> None:
    """If the case has no timezone, times are converted to that of the computer."""
    moment = datetime(2017, 11, 3, 21, 4, tzinfo=UTC)
    assert parse("2017-11-03T21:04Z").start.earliest == moment.astimezone().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2017, 11, 3), "2017-11-03"),
        (datetime(2017, 11, 3, 21, 4), "2017-11-03T21:04"),
        (datetime(2017, 11, 3, 21, 4, 30, 500), "2017-11-03T21:04:30"),
        (datetime(2017, 11, 3, 21, 4, tzinfo=UTC), "2017-11-03T21:04+00:00"),
        (
            datetime(2017, 11, 3, 21, 4, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            "2017-11-03T21:04-03:30",
        ),
    ],
)
def test_native_toml_date_equals_its_text(value: date, written: str) -> None:
    """A native TOML date is parsed like the same text."""
    assert from_native(value, NEW_ORLEANS) == parse(written, NEW_ORLEANS)


NO_DATE = "leave date out"
REFUSED = [
    # The calendar
    ("2018-13", "no month 13", "01 to 12"),
    ("2018-42", "no month 42", "21 to 24 are spring to winter, 33 to 36 quarters"),
    ("2018-33-XX", "no month 33", "01 to 12"),
    ("2017-02-30", "no day 30 in Feb 2017", "01 to 28"),
    ("2017-11-00", "no day 00 in Nov 2017", "01 to 30"),
    ("2017-11-03T25:00", "no such time", "23:59:59"),
    ("2017-11-03T24:01", "no such time", "23:59:59"),
    ("9999-12-31T24:00", "no such time", "23:59:59"),
    ("2017-11-31T24:00", "no day 31 in Nov 2017", "01 to 30"),
    # Offsets
    ("2017-11-03T21:04+14:01", "no offset +14:01", "-14:00 to +14:00"),
    ("2017-11-03T21:04-15", "no offset -15", "-14:00 to +14:00"),
    ("2017-11-03T21:04-05:60", "no offset -05:60", "00 to 59"),
    ("2017-11-03T21:04-00:00", "-00:00 says that none is known", "write 2017-11-03T21:04Z if"),
    ("2017-11-03T21:04:30-00", "-00 says that none is known", "write 2017-11-03T21:04:30Z if"),
    ("2017-11-03T21:04+0230", "lacks its colon", "write 2017-11-03T21:04+02:30"),
    # Times in other forms
    ("2017-11-30T24:00", "24:00 is not supported", "write the next day's 00:00, 2017-12-01T00:00"),
    ("2017-12-31T24:00:00Z", "24:00 is not supported", "2018-01-01T00:00Z"),
    ("2017-11-03T20:00/2017-11-03T24:00", "24:00", "2017-11-03T20:00/2017-11-04T00:00"),
    ("2017-11-03T21:04:30.25", "fractions of a second", "write 2017-11-03T21:04:30"),
    ("2017-11-03T21:04:30,5-0330", "fractions of a second", "write 2017-11-03T21:04:30-03:30"),
    ("2017-11-03t21:04z", "EDTF", "write 2017-11-03T21:04Z"),
    ("0001-01-01T00:00+05:00", "out of the years", "leave the offset out"),
    ("0000", "no year 0000", NO_DATE),
    ("9999-24", "after the year 9999", "0001 to 9999"),
    ("2018/2017", "end is before the start", "2017/2018"),
    ("[2018..2017]", "end is before the start", "[2017..2018]"),
    ("[2017..,2018]", "open to the future", "last"),
    ("[2017,..2018]", "open to the past", "first"),
    ("{2018..2017}", "end is before the start", "{2017..2018}"),
    ("{2017-10..2018}", "two dates of one precision", "write both as"),
    # No date stated
    ("", "no date is stated", NO_DATE),
    (" ", "no date is stated", NO_DATE),
    ("..", "no date is stated", NO_DATE),
    ("/", "no date is stated", NO_DATE),
    ("[..]", "no date is stated", NO_DATE),
    ("{..}", "no date is stated", NO_DATE),
    ("XXXX", "no date is stated", NO_DATE),
    ("uuuu", "no date is stated", NO_DATE),
    ("unknown", "no date is stated", NO_DATE),
    ("open", "no date is stated", NO_DATE),
    # Old drafts of EDTF
    ("198u", "EDTF", "write 198X"),
    ("2018-uu", "EDTF", "write 2018-XX"),
    ("2018-01/open", "EDTF", "write 2018-01/.."),
    ("unknown/2018-01", "EDTF", "write /2018-01"),
    ("2018?~", "EDTF", "write 2018%"),
    ("y170000002", "years outside 0001–9999", NO_DATE),
    ("-0044", "years outside 0001–9999", NO_DATE),
    ("Y2018", "no letter before it", "write 2018"),
    # Level 2 except sets and quarters
    ("Y17E8", "years outside 0001–9999", NO_DATE),
    ("2018-~03", "marks on parts", "write 2018-03~, which marks all of it"),
    ("2004-06~-11", "marks on parts", "write 2004-06-11~"),
    ("?2004-06-~11", "marks on parts", "write 2004-06-11%"),
    ("?1945/1959", "marks on parts", "write 1945?/1959"),
    ("1953S2", "significant digits", "write 19XX"),
    ("1953S3", "significant digits", "write 195X"),
    ("1953S1", "significant digits", "write [1000..1999]"),
    ("[2018-Q2..]", "EDTF", "write [2018-34..]"),
    ("2018-26", "seasons of a hemisphere", "write 2018-22"),
    ("2010-21/2012-26", "seasons of a hemisphere", "write 2010-21/2012-22"),
    ("2018-30", "the number 30", "write [2018-12..2019-02] for once between them, 2018-12/2019-02"),
    ("2018-39~", "the number 39", "write [2018-09~..2018-12~] for once between them"),
    ("2018-41", "the number 41", "write [2018-07..2018-12] for once between them"),
    ("9999-30", "the number 30", NO_DATE),
    ("1984-1X", "X in this place", "write [1984-10..1984-12], and the source's words"),
    ("2016-02-2X", "X in this place", "write [2016-02-20..2016-02-29]"),
    ("156X-12-25", "X in this place", "write [1560-12-25..1569-12-25]"),
    ("0XXX~", "X in this place", "write [0001~..0999~]"),
    ("[2018-1X,2020]", "X in this place", "write [2018-10..2018-12,2020]"),
    ("2018-02-3X", "X in this place", "write XX for the whole month or day"),
    # What is to be written for a part of an interval or set fits in its place.
    ("2018-1X/2020", "X in this place", "write XX for the whole month or day"),
    ("{2018-1X,2020}", "X in this place", "write XX for the whole month or day"),
    ("2018-41/2020", "the number 41", "its months are 2018-07 to 2018-12"),
    ("[2018-37,2020]", "the number 37", "its months are 2018-01 to 2018-04"),
    ("2018-30", "the number 30", "write [2018-12..2019-02] for once between them"),
    # Ranges without brackets
    ("2018-03..", "a range needs brackets", "write [2018-03..] for once, then or later"),
    ("..2018-03", "a range needs brackets", "write [..2018-03] for once, then or earlier"),
    ("XXXX-12-XX", "needs its year", NO_DATE),
    ("193", "four digits", "write 0193 for the year, 193X for the decade"),
    ("19", "four digits", "write all four, or 19XX for the century"),
    ("2017-11 / 2018-01", "EDTF", "write 2017-11/2018-01"),
    ("[2017-11, 2018-01]", "EDTF", "write [2017-11,2018-01]"),
    ("2017-xx", "EDTF", "write 2017-XX"),
    ("2017..2018", "brackets", "[2017..2018]"),
    ("unknown/open", "EDTF", "write /.."),
    # Anything else
    ("last spring", "EDTF", "write 2018, 2018-03"),
    ("30 Feb 2018", "EDTF", "write 2018, 2018-03"),
    ("201X-11", "X in this place", "write [2010-11..2019-11]"),
    ("2018-XX-11", "X in this place", "write [2018-01-11..2018-12-11]"),
    ("2017/2018/2019", "EDTF", "write 2018, 2018-03"),
    ("[2018,]", "EDTF", "write 2018, 2018-03"),
    ("2017\n", "EDTF", "write 2018, 2018-03"),
    ("March 2018", "EDTF", "write 2018, 2018-03"),
    ("yesterday", "EDTF", "write 2018, 2018-03"),
    ("YES", "EDTF", "write 2018, 2018-03"),
    ("what? no", "EDTF", "write 2018, 2018-03"),
    ("don't know...", "EDTF", "write 2018, 2018-03"),
    ("٢٠١٧", "EDTF", "write 2018, 2018-03"),
    ("２０１７", "EDTF", "write 2018, 2018-03"),
    ("\x1b[31m", "EDTF", "write 2018, 2018-03"),
]


@pytest.mark.parametrize(
    ("written", "problem", "hint"), REFUSED, ids=[ascii(r[0]) for r in REFUSED]
)
def test_invalid_date_is_refused_with_problem_and_hint(
    written: str, problem: str, hint: str
) -> None:
    """The error says what is wrong and what to write instead."""
    with pytest.raises(DateError) as raised:
        parse(written)
    assert problem in raised.value.problem
    assert hint in raised.value.hint


@pytest.mark.parametrize("pattern", ["1", "[", "2017,", "X", "u", " ", "?~", "/", "a ", "2017.."])
def test_too_long_text_is_refused_without_parsing(pattern: str) -> None:
    """Text longer than any date is refused because of its length."""
    with pytest.raises(DateError, match="longer than"):
        parse(pattern * (LONGEST + 1))


@pytest.mark.parametrize("pattern", ["1", "[", "2017,", "X", "u", " ", "?~", "/", "a ", "2017.."])
def test_longest_allowed_text_is_parsed(pattern: str) -> None:
    """Text of the greatest length is refused for another reason, whatever it repeats."""
    with pytest.raises(DateError) as raised:
        parse((pattern * LONGEST)[:LONGEST])
    assert "longer" not in raised.value.problem


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ((), ""),
        (("/..",), ""),
        (("2017",), "2017"),
        (("2017-11", "2017-08"), "Aug – Nov 2017"),
        (("2017-08", "/..", "2017-11/2018-01", "[2018-01..]"), "Aug 2017 – Jan 2018 or later"),
        (("2017-08-XX", "2018-01/.."), "Aug 2017 – Jan 2018 or later"),
        (("[..2017-08]", "2018"), "Aug 2017 or earlier – 2018"),
        (("2017~", "2018-03"), "c. 2017 – Mar 2018"),
        (("2017", "2017-01-01"), "2017"),
        (("[2018..]",), "2018 or later"),
        (("[..2018]",), "2018 or earlier"),
        (("[..2018]", "[2018..]"), "2018 or earlier – 2018 or later"),
        (("/2018-03", "2017"), "2017 or earlier – Mar 2018"),
        (("{2018-03,2018-05}", "2017"), "2017 – May 2018"),
        (("{2018-03,2018-05..}",), "Mar – May 2018 or later"),
    ],
)
def test_overview_is_the_period_of_all_dates(dates: tuple[str, ...], words: str) -> None:
    """The overview runs from the first to the last date and says where it is open."""
    assert period_in_words(parse(one) for one in dates) == words


def test_order_of_sort_keys() -> None:
    """By earliest start, then latest start and end; `[..X]` and `/X` come before dates at X."""
    in_order = [
        "2017",
        "[..2018-01]",
        "2018-01-01",
        "2018-01",
        "2018-01/2018-03",
        "{2018-01,2018-04}",
        "2018-01/..",
        "2018",
        "[2018-01..]",
        "2018-02",
    ]
    shuffled = sorted(in_order)
    assert sorted(shuffled, key=lambda one: parse(one).sort_key or ()) == in_order
    assert parse("/2018-01").sort_key == parse("[..2018-01]").sort_key


days = st.dates()
minutes = st.datetimes().map(lambda moment: moment.isoformat(timespec="minutes"))
seconds = st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds"))
plain = st.one_of(
    days.map(str),
    days.map(lambda day: f"{day:%Y-%m}".zfill(7)),
    days.map(lambda day: f"{day.year:04}"),
)
level_1 = st.one_of(
    plain,
    st.builds("{}{}".format, plain, st.sampled_from("~?%")),
    st.builds("{:04}-{}".format, st.integers(1, 9998), st.sampled_from([21, 22, 23, 24])),
    st.builds("{:04}-{}".format, st.integers(1, 9999), st.sampled_from([33, 34, 35, 36])),
    st.builds("{:04}-XX".format, st.integers(1, 9999)),
    st.builds("{:04}-XX-XX".format, st.integers(1, 9999)),
    st.builds("{:04}-{:02}-XX".format, st.integers(1, 9999), st.integers(1, 12)),
    st.builds("{:03}X".format, st.integers(0, 999)),
    st.builds("{:02}XX".format, st.integers(0, 99)),
)
unit = st.one_of(level_1, minutes, seconds, st.builds("{}~".format, minutes))


def _in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if _earliest(one) <= _earliest(other) else (other, one)


def _earliest(written: str) -> datetime:
    return parse(written).start.earliest or datetime.min


pairs = st.builds(_in_order, unit, unit)
dates = st.one_of(
    unit,
    pairs.map("/".join),
    st.builds("{}/{}".format, unit, st.sampled_from(["", ".."])),
    st.builds("{}/{}".format, st.sampled_from(["", ".."]), unit),
    st.sampled_from(["/..", "../..", "../"]),
    pairs.map(lambda pair: f"[{pair[0]}..{pair[1]}]"),
    st.builds("[{}..]".format, unit),
    st.builds("[..{}]".format, unit),
    st.lists(unit, min_size=1, max_size=4).map(lambda units: f"[{','.join(units)}]"),
    st.lists(unit, min_size=1, max_size=4).map(lambda units: f"{{{','.join(units)}}}"),
    st.builds("{{{}..}}".format, unit),
    st.builds("{{..{}}}".format, unit),
)


@given(dates)
def test_any_valid_date_is_parsed(written: str) -> None:
    """Every valid date has bounds in order and words on one line."""
    when = parse(written)
    assert when.written == written
    for bounds in (when.start, when.end):
        if bounds.earliest and bounds.latest:
            assert bounds.earliest <= bounds.latest
    if when.start.earliest and when.end.earliest:
        assert when.start.earliest <= when.end.earliest
    if when.start.latest and when.end.latest:
        assert when.start.latest <= when.end.latest
    for words in (when.words(), when.brief()):
        assert words.isprintable()
        assert words.strip() == words != ""


@given(st.lists(dates))
def test_sort_order_agrees_with_bounds(written: list[str]) -> None:
    """Sorted dates have their known starts in ascending order."""
    whens = sorted(
        (when for when in map(parse, written) if when.is_bounded),
        key=lambda when: when.sort_key or (),
    )
    starts = [when.start.earliest for when in whens if when.start.earliest]
    assert starts == sorted(starts)
    assert "\n" not in period_in_words(whens)


# Days on which clocks went forward, by an hour or a day, or back.
CHANGES = [
    ("America/Chicago", "2019-03-10"),
    ("America/Chicago", "2019-11-03"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Europe/Dublin", "2019-03-31"),
    ("Pacific/Apia", "2011-12-30"),
]


@given(st.sampled_from(CHANGES), st.times())
def test_local_time_is_refused_if_and_only_if_it_was_skipped(
    change: tuple[str, str], clock: time
) -> None:
    """An accepted time survives conversion to UTC and back, a refused one doesn't."""
    zone, moment = ZoneInfo(change[0]), f"{change[1]}T{clock:%H:%M}"
    local = datetime.fromisoformat(moment)
    round_trip = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    try:
        is_accepted = parse(moment, zone).start.earliest == local
    except DateError:
        is_accepted = False
    assert is_accepted == (round_trip == local)


@given(st.text(alphabet="0123456789uX-/.[],{}~?%TZ:+ aprilMay", max_size=40) | st.text(max_size=40))
def test_any_text_gives_a_date_or_a_date_error(written: str) -> None:
    """Any text in a date field gives a date or a DateError, with printable words."""
    try:
        words = parse(written).words()
    except DateError as error:
        words = f"{error.problem}; {error.hint}"
    assert words.isprintable()


qualified = st.builds("{}{}".format, plain, st.sampled_from(["", "~", "?", "%"]))
# Without what edtf does differently: its winter ends with December, it pads unknown ends by ten
# years, and it fails on a qualified season and on `2018-XX` in an interval.
shared_with_edtf = st.one_of(
    qualified,
    st.builds("{:04}-{}".format, st.integers(1, 9999), st.sampled_from([21, 22, 23])),
    st.builds("{:04}-XX".format, st.integers(1, 9999)),
    st.builds("{:04}-XX-XX".format, st.integers(1, 9999)),
    st.builds("{:04}-{:02}-XX".format, st.integers(1, 9999), st.integers(1, 12)),
    st.builds("{:03}X".format, st.integers(1, 999)),
    st.builds("{:02}XX".format, st.integers(1, 99)),
    st.builds(_in_order, qualified, qualified).map("/".join),
    st.builds("{}/..".format, qualified),
    st.builds("../{}".format, qualified),
)


# edtf takes about ten milliseconds for each date.
@settings(max_examples=30, deadline=None)
@given(shared_with_edtf)
def test_bounds_agree_with_the_edtf_package(written: str) -> None:
    """The edtf package, an independent implementation, gives the same bounds."""
    ours, theirs = parse(written), edtf.parse_edtf(written)
    for instant, bound, unbounded in (
        (ours.start.earliest, theirs.lower_strict(), -float("inf")),
        (ours.end.latest, theirs.upper_strict(), float("inf")),
    ):
        assert bound == unbounded if instant is None else bound[:3] == instant.timetuple()[:3]
