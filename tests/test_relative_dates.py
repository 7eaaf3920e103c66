"""Dates counted from the date of another entry: how they are read, computed, shown and checked."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from screens import Desk
from small_cases import events

from casefile.case.dating.date_error import DateError
from casefile.case.dating.edtf import parse
from casefile.case.dating.relative_dates import count_from, is_relative, parse_relative
from casefile.case.model import CaseFile
from casefile.case.reader import read_case_bytes
from casefile.case.timeline.chronology import build_timeline
from casefile.case.timeline.entries import select_timeline_entries
from casefile.views.entry_dates import date_column
from casefile.views.entry_page import page_of_entry
from casefile.views.open_case import OpenCase

NEW_ORLEANS = ZoneInfo("America/Chicago")
HEAD = 'format = "casefile/1"\n[case]\nid = "demo"\ntitle = "Demo"\n'


def dated(**dates: str) -> str:
    """Return the rows of events with these dates; an empty one is left out."""
    rows = (
        f'[[event]]\nid = "{name}"\ntitle = "The {name}"\n' + (f'date = "{date}"\n' if date else "")
        for name, date in dates.items()
    )
    return "".join(rows)


def case_of(rows: str) -> CaseFile:
    """Return a case that is read without a problem."""
    reading = read_case_bytes(Path("demo.toml"), (HEAD + rows).encode())
    assert reading.problems == ()
    assert reading.case_file is not None
    return reading.case_file


def problems(rows: str) -> list[str]:
    """Return the problems of a case: line, code and message."""
    reading = read_case_bytes(Path("demo.toml"), (HEAD + rows).encode())
    return [
        f"{problem.position.line if problem.position else 0} {problem.code} {problem.what}"
        for problem in reading.problems
    ]


def counted(written: str, other: str) -> str | None:
    """Return the EDTF for a relative date, if the date of the other entry is this one."""
    when = count_from(parse(other, NEW_ORLEANS), parse_relative(written), NEW_ORLEANS)
    return when.written if when else None


@pytest.mark.parametrize(
    ("written", "other", "edtf"),
    [
        # From a day
        ("3 days after #m", "2018-03-24", "2018-03-27"),
        ("3 days before #m", "2018-03-02", "2018-02-27"),
        ("the day after #m", "2018-03-31", "2018-04-01"),
        ("on the following day after #m", "2018-03-31", "2018-04-01"),
        ("the day before #m", "2018-03-01", "2018-02-28"),
        ("on the day of #m", "2018-03-24", "2018-03-24"),
        ("the same day as #m", "2018-03-24T09:30", "2018-03-24"),
        ("two weeks after #m", "2018-03-24", "2018-04-07"),
        ("a month after #m", "2018-01-31", "2018-02-28"),
        ("one month before #m", "2016-03-31", "2016-02-29"),
        ("14 months after #m", "2018-03-24", "2019-05-24"),
        ("a year after #m", "2016-02-29", "2017-02-28"),
        ("24 hours after #m", "2018-03-24", "2018-03-25"),
        ("5 hours after #m", "2018-03-24", "[2018-03-24..2018-03-25]"),
        # From a time
        ("3 days after #m", "2018-03-24T23:30", "2018-03-27"),
        ("a month after #m", "2018-01-31T09:00", "2018-02-28"),
        ("an hour after #m", "2018-03-24T23:30", "2018-03-25T00:30"),
        ("90 minutes before #m", "2018-03-24T00:30:20", "2018-03-23T23:00"),
        # From a month, a year or a part of one
        ("3 days after #m", "2017-08", "[2017-08-04..2017-09-03]"),
        ("3 days after #m", "2017-08-XX", "[2017-08-04..2017-09-03]"),
        ("2 months after #m", "2017-12", "2018-02"),
        ("a year before #m", "2018-02", "2017-02"),
        ("2 months after #m", "2018", "[2018-03..2019-02]"),
        ("2 months after #m", "2018-33", "[2018-03..2018-05]"),
        ("2 years after #m", "2018", "2020"),
        ("2 years after #m", "199X", "[1992..2001]"),
        ("an hour after #m", "2017-08", "[2017-08-01..2017-09-01]"),
        # From the start of what lasts or recurs
        ("3 days after #m", "2018-03-24/2018-04-02", "2018-03-27"),
        ("3 days after #m", "2018-03-24/..", "2018-03-27"),
        ("3 days after #m", "{2018-03-31,2018-03-24}", "2018-03-27"),
        ("3 days after #m", "/2018-03-24", "[..2018-03-27]"),
        # From one of several dates
        ("3 days after #m", "[2018-03-04,2018-03-09]", "[2018-03-07,2018-03-12]"),
        ("3 days after #m", "[2018-03-04..2018-03-09]", "[2018-03-07..2018-03-12]"),
        ("a month after #m", "[2018-01..]", "[2018-02..]"),
        ("a month after #m", "[..2018-01]", "[..2018-02]"),
        # About and uncertain
        ("3 days after #m", "2018-03-24~", "2018-03-27~"),
        ("3 days after #m", "2018-03-24?", "2018-03-27?"),
        ("about 3 days after #m", "2018-03-24", "2018-03-27~"),
        ("c. 3 days after #m", "2018-03-24?", "2018-03-27%"),
        ("about 3 days after #m", "2017-08", "[2017-08-04~..2017-09-03~]"),
        # No place in time
        ("3 days after #m", "/..", None),
    ],
)
def test_relative_date_says_no_more_than_both_dates_do(
    written: str, other: str, edtf: str | None
) -> None:
    """It is counted by the calendar from each instant at which the other may have started."""
    assert counted(written, other) == edtf


def test_hours_are_counted_as_they_pass() -> None:
    """Two hours after half past one, the clocks that went forward in between show half past 4."""
    assert counted("2 hours after #m", "2019-03-10T01:30") == "2019-03-10T04:30"


def test_hours_are_counted_from_either_of_two_times_that_the_clocks_showed() -> None:
    """On 3 November 2019 it was half past one twice, and an hour later half past one or two."""
    hours = ("an hour after #m", "2 hours after #m", "an hour before #m", "a day after #m")
    assert [counted(written, "2019-11-03T01:30") for written in hours] == [
        "[2019-11-03T01:30..2019-11-03T02:30]",
        "[2019-11-03T02:30..2019-11-03T03:30]",
        "[2019-11-03T00:30..2019-11-03T01:30]",
        "2019-11-04",
    ]


@pytest.mark.parametrize("written", ["9000 years after #m", "999999 days before #m"])
def test_relative_date_outside_of_the_calendar_is_refused(written: str) -> None:
    """There are no dates before the year 1 and after 9999."""
    with pytest.raises(DateError, match="outside the years"):
        counted(written, "2018-03-24")


@pytest.mark.parametrize(
    "written",
    [
        "shortly after #m",
        "after #m",
        "3 days #m",
        "3 days after #M",
        "3 days after #m and #n",
        "3.5 days after #m",
        "eleven days after #m",
        "3 days after #",
    ],
)
def test_other_words_with_an_id_are_refused_with_the_form(written: str) -> None:
    """What is meant as a relative date and is none has a hint with the form."""
    assert is_relative(written)
    with pytest.raises(DateError, match="write it like “3 days after #ID”"):
        parse_relative(written)


@given(
    st.sampled_from(["3 days", "about a month", "2 hours", "ten years"]),
    st.sampled_from(["after", "before"]),
    st.dates().map(str) | st.integers(1, 9999).map("{:04}".format),
)
def test_counted_date_is_valid_and_on_its_side(count: str, side: str, other: str) -> None:
    """A date counted forward ends no earlier than the other, one counted back starts no later."""
    base = parse(other)
    try:
        when = count_from(base, parse_relative(f"{count} {side} #m"), NEW_ORLEANS)
    except DateError:
        assume(False)  # noqa: FBT003
    assert when
    assert when.sort_key
    assert base.sort_key
    if side == "after":
        assert when.sort_key >= base.sort_key
    else:
        assert when.sort_key[0] <= base.sort_key[0]


def test_relative_date_is_resolved_when_the_file_is_read() -> None:
    """The entry has the date, wherever the other is in the file, also through others."""
    rows = dated(call="about a week before #payment", payment="3 days after #m", m="2018-03-24")
    entries = case_of(rows).entries
    assert [one.date and one.date.written for one in entries.values() if one.table == "event"] == [
        "2018-03-20~",
        "2018-03-27",
        "2018-03-24",
    ]


def test_relative_date_is_computed_by_nature() -> None:
    """`date_basis` is computed, unless the file says otherwise."""
    stated = '[[event]]\nid = "s"\ntitle = "S"\ndate = "a day after #m"\ndate_basis = "stated"\n'
    entries = case_of(dated(m="2018-03-24", plain="a day after #m") + stated).entries
    bases = [entries[name].date_basis for name in ("m", "plain", "s")]
    assert bases == [None, "computed", "stated"]


def test_relative_date_is_no_better_founded_than_the_date_it_is_counted_from() -> None:
    """What is counted from an inferred date is inferred, also through others."""
    inferred = '[[event]]\nid = "m"\ntitle = "M"\ndate = "2018-03-24"\ndate_basis = "inferred"\n'
    stated = '[[event]]\nid = "s"\ntitle = "S"\ndate = "a day after #x"\ndate_basis = "stated"\n'
    entries = case_of(inferred + stated + dated(x="3 days after #m", n="2018", y="a year after #n"))
    bases = [entries.entries[name].date_basis for name in ("x", "s", "y")]
    assert bases == ["inferred", "inferred", "computed"]


def test_date_of_a_seizure_is_that_of_its_event() -> None:
    """A date may be counted from what has its own date from an event."""
    seizure = '[[seizure]]\nid = "telephones"\nitem = "Telephones"\nevent = "search"\n'
    rows = dated(search="2018-03-24", report="2 days after #telephones") + seizure
    when = case_of(rows).entries["report"].date
    assert when
    assert when.written == "2018-03-26"


def test_every_kind_of_entry_may_have_a_relative_date() -> None:
    """Also a party, a link and a row of a table of one's own."""
    party = '[[party]]\nid = "a"\nname = "A"\ntype = "Person"\ndate = "a day after #m"\n'
    link = '[[link]]\nid = "l"\nsubject = "a"\nobject = "a"\nrole = "is"\ndate = "a day after #m"\n'
    vessel = '[[vessel]]\nid = "v"\ndate = "a day after #m"\n'
    entries = case_of(dated(m="2018-03-24") + party + link + vessel).entries
    dates = [entries[name].date for name in ("a", "l", "v")]
    assert [date and date.written for date in dates] == ["2018-03-25"] * 3


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (dated(m="2018", x="a day after #n"), "12 dangling date: there is no entry “n”"),
        (dated(x="a day after #x"), "8 bad-date date: it is counted from itself; write the date"),
        (
            dated(x="a day after #y", y="a day after #x", z="a day after #y"),
            "8 bad-date date: “x” and “y” are counted from one another in a circle; write",
        ),
        (
            dated(x="a day after #y", y="a day after #z", z="a day after #x"),
            "8 bad-date date: “x”, “y” and 1 more are counted from one another in a circle; write",
        ),
        (dated(x="soon after #m", m="2018"), "8 bad-date date: not a date relative to"),
        (dated(x="9999 years after #m", m="2018"), "8 bad-date date: it is outside the years"),
        (
            dated(x="a day after #a") + '[[party]]\nid = "a"\nname = "A"\ntype = "Person"\n',
            "8 bad-date date: “a” is no event and has no date to count from; name an event",
        ),
        (
            dated(m="2018") + '[[source]]\nid = "s"\ntitle = "S"\npublished = "a day after #m"\n',
            "12 bad-date published: only `date` can be relative to another entry; write the date",
        ),
    ],
)
def test_relative_date_that_leads_nowhere_is_an_error(rows: str, expected: str) -> None:
    """An unknown id, a circle and an entry outside of time are reported where the date is."""
    assert problems(rows)[0].startswith(expected)


def test_each_date_in_a_circle_is_reported_once() -> None:
    """What is counted from one in the circle has no error of its own."""
    rows = dated(x="a day after #y", y="a day after #x", z="a day after #y")
    assert [problem.split()[:2] for problem in problems(rows)] == [
        ["8", "bad-date"],
        ["12", "bad-date"],
    ]


def test_circle_through_an_event_is_found() -> None:
    """An event can't be counted from a seizure that has its date from it."""
    seizure = '[[seizure]]\nid = "s"\nitem = "S"\nevent = "search"\n'
    assert "counted from itself" in problems(dated(search="a day after #s") + seizure)[0]


def test_chain_of_any_length_is_resolved() -> None:
    """Each date is counted from the next, ten thousand times."""
    rows = dated(**{f"e{number}": f"a day after #e{number + 1}" for number in range(10_000)})
    when = case_of(rows + dated(e10000="1990-01-01")).entries["e0"].date
    assert when
    assert when.written == "2017-05-19"


def test_date_relative_to_one_not_known_is_an_order() -> None:
    """Without a date of the other, the entry comes after it or before it on the timeline."""
    rows = dated(
        first="2018",
        later="a day after #unknown",
        earlier="a day before #unknown",
        unknown="",
    )
    case_file = case_of(rows)
    assert case_file.entries["later"].date is None
    orders = {one.id: (one.follows, one.precedes) for one in select_timeline_entries(case_file)}
    assert orders["later"] == (("unknown",), ())
    assert orders["earlier"] == ((), ("unknown",))


def test_order_by_a_relative_date_places_the_entry() -> None:
    """What is a day after an entry that follows a dated one is on the timeline after both."""
    rows = dated(first="2018") + events("second") + 'follows = "first"\n'
    timeline = build_timeline(
        select_timeline_entries(case_of(dated(third="a day after #second") + rows))
    )
    assert [one.id for one in timeline.placed] == ["first", "second", "third"]


def opened(desk: Desk, rows: str) -> OpenCase:
    """Open a case with these rows."""
    return desk.lay_open(desk.write_case(rows))


@pytest.mark.parametrize(
    ("other", "page", "column"),
    [
        ("2018-03-24", "27 Mar 2018, 3 days after The m (computed)", "27 Mar 2018"),
        ("", "3 days after The m (computed)", "3 days after The m"),
    ],
)
def test_page_and_column_of_a_relative_date(desk: Desk, other: str, page: str, column: str) -> None:
    """The page has the date, if it is known, and the words, which lead to the other entry."""
    case = opened(desk, dated(m=other, x="3 days after #m"))
    (item,) = (
        item
        for section in page_of_entry(case, "x").sections
        for item in section.items
        if section.label == "When"
    )
    assert item.text.startswith(page)
    assert item.leads_to is not None
    assert item.leads_to.entry == "m"
    assert date_column(case, case.case_file.entries["x"]) == column


def test_entry_is_referred_to_by_the_dates_counted_from_it(desk: Desk) -> None:
    """The page of the other entry names those whose dates are counted from it."""
    case = opened(desk, dated(m="2018-03-24", x="3 days after #m"))
    (section,) = (one for one in page_of_entry(case, "m").sections if one.label == "Dated by it")
    assert [item.text for item in section.items] == ["The x"]


def test_key_named_as_the_field_of_the_reader_is_an_unknown_key() -> None:
    """A key `relative_date` of a file is shown like any other that the format does not define."""
    rows = dated(x="2018") + 'relative_date = { to = "x", phrase = "a day after", count = 1 }\n'
    case_file = case_of(rows)
    assert case_file.entries["x"].relative_date is None
    assert [*case_file.unknown["x"]] == ["relative_date"]


def test_seizure_with_a_relative_date_does_not_take_that_of_its_event(desk: Desk) -> None:
    """Its own date counts, also as long as it is not known."""
    seizure = '[[seizure]]\nid = "s"\nitem = "S"\nevent = "search"\ndate = "a day after #m"\n'
    case = opened(desk, dated(m="", search="2018-03-24") + seizure)
    assert date_column(case, case.case_file.entries["s"]) == "a day after The m"


def test_table_of_ones_own_has_a_column_for_relative_dates(desk: Desk) -> None:
    """Its list has the dates as they are counted, if they are not known."""
    case = opened(desk, dated(m="") + '[[call]]\nid = "c"\nroom = "7"\ndate = "a day after #m"\n')
    kind = case.kind_of(case.case_file.entries["c"])
    assert [column.words(case, case.case_file.entries["c"]) for column in kind.columns] == [
        "a day after The m",
        "7",
    ]
