"""The order of a timeline: each rule in a small story."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.dates import bounds_in_brief, bounds_in_words
from casefile.case.dating.edtf import parse
from casefile.case.dating.units import Unit
from casefile.case.timeline.bounds import Bound, Contradiction
from casefile.case.timeline.chronology import Placement, Side, Timeline, build_timeline
from casefile.case.timeline.entries import ORDER_FIELDS, Basis, TimelineEntry


def story(**entries: str) -> Timeline:
    """Return the timeline of entries, each written as "date; follows a b; part_of c; inferred"."""
    return build_timeline(_happening(*item, place) for place, item in enumerate(entries.items()))


def _happening(name: str, written: str, place: int) -> TimelineEntry:
    date, *said = (part.strip() for part in written.split(";"))
    named = {one.split()[0]: one.split()[1:] for one in said}
    (reported,) = named.pop("reported", [None])
    basis = next((one for one in Basis if named.pop(one.name.lower(), None) == []), Basis.STATED)
    orders = {order: tuple(others) for order, others in named.items() if order in ORDER_FIELDS}
    return TimelineEntry(
        name,
        parse(date) if date else None,
        place,
        orders.get("follows", ()),
        orders.get("precedes", ()),
        orders.get("part_of", ()),
        orders.get("follows_end_of", ()),
        basis=basis,
        order_basis=basis,
        has_duration="lasting" in named,
        reported=parse(reported) if reported else None,
    )


def order(timeline: Timeline) -> str:
    """Return the ids of the placed entries, in order."""
    return " ".join(placement.id for placement in timeline.placed)


def words(timeline: Timeline) -> list[str]:
    """Return what the place of each row says, if it is not at its date."""
    return [_words(placement) for placement in timeline.placed]


def _words(placed: Placement) -> str:
    if placed.is_next:
        return "then"
    is_dated = placed.side is Side.AT
    bounds = bounds_in_brief(unit(placed.after), unit(placed.before))
    return "" if is_dated else bounds or f"{placed.side}: {placed.beside}"


def unit(bound: Bound | None) -> Unit | None:
    """Return the unit that a bound comes from."""
    return bound.unit if bound else None


def placement(timeline: Timeline, name: str) -> Placement:
    """Return the placement of an entry."""
    return next(one for one in timeline.placed if one.id == name)


def by_order(timeline: Timeline, name: str) -> str:
    """Return the bounds of an entry's start from its orders, in words."""
    placed = placement(timeline, name)
    return bounds_in_words(unit(placed.after), unit(placed.before))


def test_entries_are_sorted_by_earliest_instant() -> None:
    """Dated entries are sorted by the earliest instant of their start."""
    assert order(story(trial="2019", tip="2017-08", arrest="2017-11-03")) == "tip arrest trial"


def test_equal_starts_are_sorted_by_latest_instant() -> None:
    """Of entries that may start at the same instant, the narrower date comes first."""
    timeline = story(ever="[2018..]", year="2018", lasting="2018-01/2018-03", month="2018-01")
    assert order(timeline) == "month lasting year ever"


def test_equal_dates_are_sorted_by_place_in_file() -> None:
    """Entries with equal dates are in file order."""
    assert order(story(second="2018", first="2018")) == "second first"


def test_follows_applies_within_dates() -> None:
    """An entry comes after the one that it follows, if the dates permit it."""
    timeline = story(trial="2018; follows arrest", arrest="2018-03", search="2018-02")
    assert order(timeline) == "search arrest trial"
    assert timeline.placed[-1].beside == "arrest"
    assert by_order(timeline, "trial") == "Mar 2018 or later"


def test_precedes_applies_within_dates() -> None:
    """`precedes` states the same order from the other side."""
    assert order(story(arrest="2018", tip="2018; precedes arrest")) == "tip arrest"


def test_order_refers_to_start_of_lasting_entry() -> None:
    """What follows a surveillance that lasts comes after its start, not its end."""
    timeline = story(arrest="2018-01; follows surveillance", surveillance="2017-11/2018-03")
    assert order(timeline) == "surveillance arrest"
    assert timeline.contradictions == ()


def test_dates_override_contrary_order() -> None:
    """An order that the dates exclude is ignored and reported."""
    timeline = story(trial="2019", arrest="2017; follows trial")
    assert order(timeline) == "arrest trial"
    assert timeline.contradictions == (Contradiction("trial", "arrest"),)


def test_dates_override_contrary_order_through_undated_entry() -> None:
    """An undated entry between two dated ones can't reverse them."""
    timeline = story(trial="2019", talks="; follows trial; precedes arrest", arrest="2017")
    assert order(timeline) == "arrest trial talks"
    assert timeline.contradictions == (Contradiction("talks", "arrest"),)


def test_undated_entry_comes_directly_after_what_it_follows() -> None:
    """The row of such an entry says "then"."""
    timeline = story(talks="; follows tip", search="2017-08", tip="2017-08", arrest="2017-11")
    assert order(timeline) == "search tip talks arrest"
    placed = timeline.placed[2]
    assert (placed.side, placed.beside) == (Side.AFTER, "tip")
    assert by_order(timeline, "talks") == "Aug 2017 or later"
    assert placed.is_next


def test_undated_entry_comes_directly_before_what_it_precedes() -> None:
    """The bound is inclusive: it may have started in the month of what it precedes."""
    timeline = story(search="2017-11", arrest="2017-11", planning="; precedes arrest", tip="2017")
    assert order(timeline) == "tip search planning arrest"
    placed = timeline.placed[2]
    assert (placed.side, placed.beside) == (Side.BEFORE, "arrest")
    assert by_order(timeline, "planning") == "Nov 2017 or earlier"


def test_undated_entry_between_two_dated_comes_after_the_earlier() -> None:
    """With both bounds, an entry is placed after its lower bound."""
    timeline = story(tip="2017", talks="; follows tip; precedes trial", search="2018", trial="2019")
    assert order(timeline) == "tip talks search trial"


def test_undated_entry_comes_after_the_last_that_it_follows() -> None:
    """An entry that follows several comes after the last of them."""
    assert order(story(talks="; follows tip arrest", tip="2017", arrest="2018")) == (
        "tip arrest talks"
    )


def test_chain_of_undated_entries_follows_dated_one() -> None:
    """A chain of undated entries keeps its own order after the dated entry at its end."""
    timeline = story(c="; follows b", b="; follows a", a="; follows tip", tip="2017", trial="2019")
    assert order(timeline) == "tip a b c trial"
    assert words(timeline) == ["", "then", "then", "then", ""]
    assert [by_order(timeline, one) for one in "abc"] == ["2017 or later"] * 3


def test_part_is_not_then_after_its_whole() -> None:
    """It belongs to the whole above it, and has its bounds."""
    timeline = story(trial="2018-03/2018-05", witness="; part_of trial", talks="; follows witness")
    assert words(timeline) == ["", "Mar..May 2018", "then"]


def test_then_refers_only_to_the_row_above() -> None:
    """An entry that follows another row than the one above shows that row's date."""
    timeline = story(tip="2017-08", talks="; follows tip", visit="; follows tip")
    assert words(timeline) == ["", "then", "Aug 2017 or later"]


def test_bound_is_the_date_that_it_comes_from() -> None:
    """After a date without an earliest start, the bound of an earlier entry is shown."""
    timeline = story(
        tip="2016", news="[..2018]; follows tip", a="; follows news", b="; follows news"
    )
    assert order(timeline) == "tip news a b"
    assert [by_order(timeline, one) for one in ("news", "a", "b")] == ["2016 or later"] * 3
    assert words(timeline) == ["", "", "then", "2016 or later"]


def test_bounds_of_a_set_are_its_first_and_last_dates() -> None:
    """An entry comes no later than the last date of a set, or no earlier than the first."""
    timeline = story(
        a="; precedes raid", raid="[2017-11..2018-01]", b="; follows raid", c="; follows raid"
    )
    assert words(timeline) == ["Jan 2018 or earlier", "", "then", "Nov 2017 or later"]


def test_lasting_entry_bounds_by_its_start() -> None:
    """What follows a hearing starts after its start, not its end."""
    timeline = story(hearing="2019-06-18T09:30/2019-06-18T11:05", left="; follows hearing")
    assert by_order(timeline, "left") == "18 Jun 2019 09:30 or later"
    late = story(planning="; precedes fire", fire="/2019-03-10T06:40")
    assert by_order(late, "planning") == "10 Mar 2019 06:40 or earlier"


def test_part_starts_between_start_and_end_of_its_whole() -> None:
    """What is part of a hearing started while it lasted."""
    timeline = story(hearing="2019-06-18T09:30/2019-06-18T11:05", heard="; part_of hearing")
    assert by_order(timeline, "heard") == "between 18 Jun 2019 09:30 and 11:05"


def test_row_shows_time_of_day_without_year() -> None:
    """The column has space for a day and a time; the year is in the row beside it."""
    timeline = story(hearing="2019-06-18T09:30", a="; follows hearing", b="; follows hearing")
    assert words(timeline) == ["", "then", "18 Jun 09:30 or later"]


def test_entry_between_dates_has_both_bounds() -> None:
    """An entry between two dated ones has a bound from each, also through others."""
    timeline = story(
        tip="2017-08",
        talks="; follows tip",
        visit="; follows talks; precedes raid",
        raid="2017-11-03",
    )
    assert by_order(timeline, "visit") == "between Aug 2017 and 3 Nov 2017"
    assert by_order(timeline, "talks") == "between Aug 2017 and 3 Nov 2017"


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("", "between 5 and 10 Mar 2019"),
        ("2019-03", "between 5 and 10 Mar 2019"),
        ("2019-03-06", ""),
        ("[..2019-03-08]", "5 Mar 2019 or later"),
        ("[2019-03-06..]", "10 Mar 2019 or earlier"),
        ("2019-03-05", ""),
        ("/..", "between 5 and 10 Mar 2019"),
    ],
)
def test_order_bounds_are_shown_if_narrower_than_date(date: str, told: str) -> None:
    """A bound that the entry's own date implies is not attributed to its orders."""
    timeline = story(
        leave="2019-03-05", a=f"{date}; follows leave; precedes fire", fire="2019-03-10"
    )
    assert by_order(timeline, "a") == told


def test_undated_chain_before_dated_entry_keeps_its_order() -> None:
    """Undated entries before a dated one keep their order."""
    timeline = story(arrest="2017-11", planning="; precedes arrest", idea="; precedes planning")
    assert order(timeline) == "idea planning arrest"
    assert words(timeline) == ["Nov 2017 or earlier", "Nov 2017 or earlier", ""]


def test_tied_entry_without_bounds_is_placed_beside() -> None:
    """An entry tied to a placed one, but without bounds, is placed beside it without a date."""
    timeline = story(
        arrest="2017-11", planning="; precedes arrest", doubts="; follows planning", tip="2016"
    )
    assert order(timeline) == "tip planning doubts arrest"
    assert by_order(timeline, "doubts") == ""
    assert timeline.placed[2].is_next


def test_entry_before_open_date_has_no_bound() -> None:
    """An entry before something that may have happened at any later time has no bound."""
    timeline = story(news="[2018-01..]", planning="; precedes news")
    assert order(timeline) == "planning news"
    assert words(timeline) == ["before: news", ""]


def test_what_lasts_has_an_interval_a_duration_or_parts() -> None:
    """The bounds of anything else are those of all of it."""
    timeline = story(
        trial="2017/2018",
        inquiry="; lasting; follows trial",
        raid="; follows inquiry",
        entry="2018; part_of raid",
        call="; follows trial",
    )
    lasting = {one.id for one in timeline.placed if one.lasts}
    assert lasting == {"trial", "inquiry", "raid"}


def test_follows_end_of_refers_to_stated_end() -> None:
    """What follows the end of a hearing starts after it, and stands after what it lasted beyond."""
    timeline = story(judgment="; follows_end_of hearing", call="2018-01", hearing="2017-11/2018-02")
    assert order(timeline) == "hearing call judgment"
    assert by_order(timeline, "judgment") == "Feb 2018 or later"
    assert not placement(timeline, "judgment").is_next


def test_follows_end_of_moves_dated_entry_past_the_end() -> None:
    """A dated entry moves as far as the end of what it follows, but no farther."""
    timeline = story(
        judgment="2018; follows_end_of hearing",
        hearing="2017-11/2018-02",
        january="2018-01",
        march="2018-03",
    )
    assert order(timeline) == "hearing january judgment march"


def test_follows_end_of_rests_on_best_known_bound_of_the_end() -> None:
    """Without a stated end, that is the end of the last part, then the start."""
    parts = {"heard": "2018-01; part_of trial", "pleas": "2017-12/2018-02; part_of trial"}
    told = {
        "2017-11/": "Feb 2018 or later",
        "": "Feb 2018 or later",
        "2018-05/..": "May 2018 or later",
    }
    for date, words_of_bound in told.items():
        timeline = story(trial=date, **parts, verdict="; follows_end_of trial")
        assert by_order(timeline, "verdict") == words_of_bound
    assert by_order(story(a="2018-01", b="; follows_end_of a"), "b") == "Jan 2018 or later"
    undated = story(a="2018", b="; follows a; lasting", c="; follows_end_of b")
    assert by_order(undated, "c") == "2018 or later"


def test_follows_end_of_comes_after_all_parts() -> None:
    """A verdict stands after each part of the trial whose end it follows, also an undated one."""
    timeline = story(
        verdict="; follows_end_of trial",
        trial="2017/",
        plea="; follows witness; part_of hearing",
        witness="2018; part_of hearing",
        hearing="; part_of trial",
    )
    assert order(timeline) == "trial hearing witness plea verdict"
    assert by_order(timeline, "verdict") == "2018 or later"


def test_what_precedes_the_end_is_bounded_by_what_follows_that() -> None:
    """A trial is over when the verdict is given, so its parts started no later."""
    timeline = story(verdict="2018; follows_end_of trial", trial="", plea="; part_of trial")
    assert order(timeline) == "trial plea verdict"
    assert by_order(timeline, "plea") == "2018 or earlier"


def test_order_after_an_end_that_dates_exclude_is_a_contradiction() -> None:
    """What started during the trial can't follow its end, though it may follow its start."""
    timeline = story(trial="2017/2019", verdict="2018; follows trial; follows_end_of trial")
    assert timeline.contradictions == (Contradiction("trial", "verdict", is_after_end=True),)
    assert order(timeline) == "trial verdict"


def test_whole_went_on_until_its_last_part() -> None:
    """A whole without a stated end ends no earlier than its parts, also those of its parts."""
    timeline = story(
        inquiry="; follows tip", tip="2017", search="; part_of inquiry", find="2018; part_of search"
    )
    assert unit(placement(timeline, "inquiry").until) == parse("2018").units[0]


@pytest.mark.parametrize(
    ("date", "is_told"),
    [
        ("2017-01/", True),
        ("[2017..]", True),
        ("", True),
        ("/..", True),
        ("2017/2019", False),
        ("2017-01/..", False),
        ("2018", False),
        ("2019/", False),
    ],
)
def test_end_of_whole_is_told_unless_its_date_implies_it(date: str, *, is_told: bool) -> None:
    """A stated end, or that it still goes on, says more than the parts do."""
    timeline = story(start="2017", whole=f"{date}; follows start", part="2018-05; part_of whole")
    assert (placement(timeline, "whole").until is not None) is is_told


def test_end_that_the_start_implies_is_not_told() -> None:
    """If all that is known is when a whole began, its parts say nothing of its end."""
    timeline = story(tip="2017", inquiry="; follows tip", talks="; part_of inquiry")
    assert placement(timeline, "inquiry").until is None


def test_part_that_goes_on_after_its_whole_is_told() -> None:
    """The end of the whole counts for all else."""
    timeline = story(
        trial="2017/2018-01",
        plea="2017-12/2018-05; part_of trial",
        verdict="; follows_end_of trial",
    )
    assert [one[:2] for one in timeline.overruns] == [("plea", "trial")]
    assert by_order(timeline, "verdict") == "Jan 2018 or later"


def test_date_of_what_has_a_duration_is_that_of_its_start() -> None:
    """How long a strike took may be known only in words: its date says nothing of its end."""
    timeline = story(
        strike="2018-03-04; lasting", march="2018-03-08; part_of strike", talks="; part_of strike"
    )
    assert timeline.overruns == ()
    assert by_order(timeline, "talks") == "4 Mar 2018 or later"
    until = placement(timeline, "strike").until
    assert until
    assert until.unit == parse("2018-03-08").units[0]


def test_interval_states_the_end_also_beside_a_duration() -> None:
    """A part that starts after an interval is beyond it, however long that is said to be."""
    timeline = story(strike="2018-03-04/2018-03-06; lasting", march="2018-03-08; part_of strike")
    assert [overrun.part for overrun in timeline.overruns] == ["march"]


def test_under_way_stands_at_the_report_whatever_it_follows() -> None:
    """It is not placed by its order, which bounds its start."""
    timeline = story(
        tip="2017-08",
        inquiry="/..; reported [2018-01..]; follows tip; precedes arrest",
        arrest="2017-11",
        search="2018-02",
    )
    assert order(timeline) == "tip arrest inquiry search"
    assert placement(timeline, "inquiry").side is Side.AT
    assert by_order(timeline, "inquiry") == "between Aug and Nov 2017"


def test_under_way_without_order_stands_at_the_report() -> None:
    """The report is a date that it is tied to."""
    timeline = story(charges="/..; reported 2018-01", tip="2017", trial="2019")
    assert order(timeline) == "tip charges trial"
    assert by_order(timeline, "charges") == ""


def test_start_of_what_was_under_way_is_no_later_than_the_report() -> None:
    """Beside a lower bound this says more than that it was under way then."""
    timeline = story(tip="2017-08", inquiry="/..; reported 2018-01; follows tip")
    assert by_order(timeline, "inquiry") == "between Aug 2017 and Jan 2018"
    late = story(trial="2019", inquiry="/..; reported 2018-01; follows trial")
    assert late.contradictions == (Contradiction("trial", "inquiry"),)


def test_report_neither_moves_nor_bounds_what_is_tied_to_it() -> None:
    """What follows the start of what was under way has the bounds of that start."""
    timeline = story(
        tip="2017-08",
        inquiry="/..; reported 2018-06; follows tip",
        arrest="2017-11; follows inquiry",
        talks="; follows inquiry",
    )
    assert order(timeline) == "tip talks arrest inquiry"
    assert by_order(timeline, "talks") == "Aug 2017 or later"
    assert placement(timeline, "arrest").side is Side.AT
    before = story(idea="; precedes inquiry", inquiry="/..; reported 2018-06")
    assert words(before) == ["before: inquiry", ""]


def test_order_through_what_was_under_way_applies() -> None:
    """What precedes its start comes before what follows that."""
    timeline = story(
        b="2018; follows inquiry", inquiry="/..; reported 2020", a="2018; precedes inquiry"
    )
    assert order(timeline) == "a b inquiry"


def test_undated_entry_tied_only_to_what_was_under_way_stands_beside_it() -> None:
    """It is not said to come after the report, since only the start is known to be before it."""
    timeline = story(tip="2017", inquiry="/..; reported 2018", talks="; follows inquiry")
    assert order(timeline) == "tip inquiry talks"
    assert words(timeline) == ["", "", "after: inquiry"]


def test_what_was_under_way_ended_no_earlier_than_the_report() -> None:
    """What follows its end comes after the report."""
    timeline = story(
        verdict="; follows_end_of trial", trial="/..; reported 2018", arrest="2017; precedes trial"
    )
    assert order(timeline) == "arrest trial verdict"
    assert by_order(timeline, "verdict") == "2018 or later"


def test_other_open_dates_have_no_report() -> None:
    """What has gone on since a date is placed there."""
    assert order(story(b="2018", a="2017/..")) == "a b"


def test_bound_is_inferred_if_any_order_on_the_way_to_it_is() -> None:
    """The order is that of the entry that holds the key, on either side."""
    timeline = story(
        tip="2017-08",
        talks="; follows tip; inferred",
        deal="; follows talks",
        raid="2018; follows deal",
        planning="; precedes raid; inferred",
    )
    for name, bases in {
        "talks": (Basis.INFERRED, Basis.STATED),
        "deal": (Basis.INFERRED, Basis.STATED),
        "planning": (None, Basis.INFERRED),
    }.items():
        placed = placement(timeline, name)
        assert tuple(one and one.basis for one in (placed.after, placed.before)) == bases


def test_bound_is_inferred_if_its_date_is() -> None:
    """A date that is inferred bounds others no better than it is founded."""
    timeline = story(tip="2017-08; inferred", talks="; follows tip")
    after = placement(timeline, "talks").after
    assert after
    assert after.basis is Basis.INFERRED


def test_inferred_wins_over_computed_and_best_founded_of_equal_bounds_counts() -> None:
    """A bound rests on the weakest order on its way, and on the best of several ways."""
    timeline = story(
        tip="2017; computed",
        talks="; follows tip; inferred",
        deal="; follows tip",
        visit="; follows deal talks",
    )
    bases = [(placed.id, placed.after and placed.after.basis) for placed in timeline.placed]
    assert bases == [
        ("tip", None),
        ("talks", Basis.INFERRED),
        ("deal", Basis.COMPUTED),
        ("visit", Basis.COMPUTED),
    ]


def test_row_without_bounds_stands_directly_beside_what_it_is_tied_to() -> None:
    """It is known to have started before an undated row, not after those above it."""
    timeline = story(
        production="; precedes laboratory",
        tip="2017-08",
        talks="; follows tip",
        visit="; follows tip",
        laboratory="; follows talks",
    )
    assert order(timeline) == "tip talks visit production laboratory"
    assert words(timeline)[2:] == [
        "Aug 2017 or later",
        "before: laboratory",
        "Aug 2017 or later",
    ]


def test_row_without_bounds_stands_directly_after_the_undated_row_that_it_follows() -> None:
    """Nothing says that it came after the other row above the arrest."""
    timeline = story(
        arrest="2017-11",
        planning="; precedes arrest",
        watch="; precedes arrest",
        doubts="; follows planning",
    )
    assert order(timeline) == "planning doubts watch arrest"
    assert placement(timeline, "doubts").is_next


def test_undated_whole_comes_before_its_earliest_part() -> None:
    """An undated whole is placed directly before the earliest of its parts."""
    timeline = story(tip="2016", search="2018; part_of raid", entry="2017; part_of raid", raid="")
    assert order(timeline) == "tip raid entry search"
    assert timeline.placed[1].beside == "entry"


def test_undated_part_comes_after_start_of_its_whole() -> None:
    """An undated part is tied to its dated whole."""
    timeline = story(arrest="2018; part_of raid", entry="; part_of raid", raid="2017/2019")
    assert order(timeline) == "raid entry arrest"
    assert timeline.placed[1].beside == "raid"


def test_whole_starts_no_later_than_its_parts() -> None:
    """A part that may start with its whole comes after it, even with a narrower date."""
    assert order(story(entry="2018-01-01; part_of raid", raid="2018")) == "raid entry"


def test_part_before_its_whole_is_a_contradiction() -> None:
    """A part that ended before its whole can have started contradicts the dates."""
    timeline = story(entry="2017; part_of raid", raid="2018")
    assert order(timeline) == "entry raid"
    assert timeline.contradictions == (Contradiction("raid", "entry"),)


@pytest.mark.parametrize("date", ["[..2018-01]", "/2018-01", "../2018-01"])
def test_open_start_is_placed_at_its_latest_date(date: str) -> None:
    """A date with only a latest instant is placed there, before what starts then."""
    assert order(story(jan="2018-01", news=date, dec="2017-12-31")) == "dec news jan"


def test_open_start_moves_back_before_earlier_successor() -> None:
    """It is placed before what it precedes if that is earlier."""
    timeline = story(news="[..2018-01]; precedes arrest", arrest="2016", tip="2015")
    assert order(timeline) == "tip news arrest"


def test_open_start_stays_after_earlier_predecessor() -> None:
    """What it follows bounds it, and it stays at its date."""
    timeline = story(search="2017", news="[..2018-01]; follows tip", tip="2016")
    assert order(timeline) == "tip search news"
    assert timeline.placed[2].side is Side.AT
    assert by_order(timeline, "news") == "2016 or later"


def test_open_start_moves_forward_within_its_date() -> None:
    """It moves forward to what it follows within the unit of its date."""
    timeline = story(news="[..2018-01]; follows tip", tip="2018-01-15", search="2018-01-10")
    assert order(timeline) == "search tip news"
    assert timeline.placed[2].beside == "tip"


def test_open_start_moves_back_through_undated_entry() -> None:
    """An undated entry between the two passes the bound on."""
    timeline = story(
        news="[..2018-01]", talks="; follows news; precedes arrest", arrest="2016", tip="2015"
    )
    assert order(timeline) == "tip news talks arrest"
    assert by_order(timeline, "talks") == "2016 or earlier"


def test_whole_with_open_start_comes_before_its_earliest_part() -> None:
    """What it follows days before moves neither it nor the entries between."""
    timeline = story(
        leave="2019-03-05",
        diner="; follows leave; precedes fire",
        fire="/2019-03-10T06:40",
        watch="2019-03-09T20:45",
        alarm="2019-03-10T03:58~; part_of fire",
    )
    assert order(timeline) == "leave diner watch fire alarm"
    assert placement(timeline, "diner").is_next
    assert by_order(timeline, "diner") == "between 5 Mar 2019 and c. 10 Mar 2019 03:58"
    assert by_order(timeline, "fire") == "between 5 Mar 2019 and c. 10 Mar 2019 03:58"


def test_date_without_bounds_is_placed_beside_tied_entry() -> None:
    """If no report is dated, `/..` is placed beside what it is tied to, or with the undated."""
    timeline = story(inquiry="/..; follows tip", tip="2017", dispute="/..", trial="2018")
    assert order(timeline) == "tip inquiry trial"
    assert timeline.unplaced == ("dispute",)


def test_entries_tied_to_no_date_are_unplaced() -> None:
    """Entries tied to no date are separate, in file order apart from their own orders."""
    timeline = story(c="; follows d", tip="2017", a="", d="", e="; follows nobody")
    assert order(timeline) == "tip"
    assert timeline.unplaced == ("a", "d", "c", "e")


def test_unknown_ids_are_ignored() -> None:
    """An id that names no entry has no effect."""
    timeline = story(tip="2017; follows nobody; precedes nothing; part_of none")
    assert timeline.placed[0].side is Side.AT
    assert (timeline.contradictions, timeline.cycles) == ((), ())


def test_cycle_is_reported_and_its_orders_ignored() -> None:
    """Among the entries of a cycle, the dates and the file decide."""
    timeline = story(b="2018; follows c", a="2018; follows b", c="2018; follows a", tip="2017")
    assert order(timeline) == "tip b a c"
    assert timeline.cycles == (("b", "a", "c"),)


def test_orders_between_cycle_and_other_entries_apply() -> None:
    """Only the orders within a cycle are ignored."""
    timeline = story(a="; follows b tip", b="; follows a", end="; follows b", tip="2017")
    assert order(timeline) == "tip a b end"
    assert timeline.cycles == (("a", "b"),)


def test_entry_that_follows_itself_is_a_cycle() -> None:
    """The shortest cycle is reported too."""
    timeline = story(tip="2017; follows tip")
    assert (order(timeline), timeline.cycles) == ("tip", (("tip",),))


def test_part_that_follows_the_end_of_its_whole_is_a_cycle() -> None:
    """Nothing can start after the end of what it is a part of, or of what contains that."""
    timeline = story(trial="2017", verdict="; follows_end_of trial; part_of trial")
    assert timeline.cycles == (("trial", "verdict"),)
    nested = story(trial="", a="; follows_end_of trial", b="; follows a; part_of trial")
    assert [sorted(cycle) for cycle in nested.cycles] == [["a", "b", "trial"]]


def test_what_follows_the_end_of_an_entry_in_a_cycle_comes_after_its_start() -> None:
    """Only the orders within the cycle are ignored."""
    timeline = story(
        end="; follows_end_of b", tip="2017", a="; follows_end_of b tip", b="; follows a"
    )
    assert timeline.cycles == (("a", "b"),)
    assert order(timeline) == "tip a b end"


def test_circle_of_parts_is_one_cycle() -> None:
    """Their starts and their ends are in a circle, which is told once."""
    assert story(a="; part_of b", b="; part_of a").cycles == (("a", "b"),)


def test_order_excluded_by_dates_breaks_cycle() -> None:
    """If the dates exclude an order of a cycle, only that order is reported."""
    timeline = story(trial="2018; follows arrest", arrest="2017; follows trial")
    assert order(timeline) == "arrest trial"
    assert timeline.cycles == ()
    assert timeline.contradictions == (Contradiction("trial", "arrest"),)


def test_entries_with_one_id_are_all_on_the_timeline() -> None:
    """If a file uses an id twice, neither entry is lost."""
    twice = [TimelineEntry("tip", parse("2017"), 0), TimelineEntry("tip", None, 1)]
    timeline = build_timeline(twice)
    assert (order(timeline), timeline.unplaced) == ("tip", ("tip",))


def test_long_chains_and_cycles_are_sorted() -> None:
    """A chain or cycle of thousands of entries is sorted like a short one."""
    many = 3_000
    chain = [TimelineEntry(f"e{n}", None, n, follows=(f"e{n + 1}",)) for n in range(many)]
    timeline = build_timeline([*chain, TimelineEntry(f"e{many}", parse("2017"), many)])
    assert [one.id for one in timeline.placed] == [f"e{n}" for n in range(many, -1, -1)]
    ring = build_timeline([*chain, TimelineEntry(f"e{many}", None, many, follows=("e0",))])
    assert [len(cycle) for cycle in ring.cycles] == [many + 1]


DATES = [
    "2016",
    "2017",
    "2017-03",
    "2017/2018",
    "[2017..]",
    "[..2017-06]",
    "/2018",
    "2018/..",
    "/..",
]


@st.composite
def happenings(draw: st.DrawFn, *, cyclic: bool = True) -> list[TimelineEntry]:
    """Return entries that name each other; if not cyclic, all orders of starts point one way."""
    count = draw(st.integers(1, 9))
    line = draw(st.permutations(range(count)))

    def some(candidates: list[int]) -> tuple[str, ...]:
        if not candidates:
            return ()
        chosen = draw(st.lists(st.sampled_from(candidates), max_size=2))
        return tuple(f"e{one}" for one in chosen)

    everyone = list(range(count))
    entries = []
    for number in everyone:
        at = line.index(number)
        before, behind = (everyone, everyone) if cyclic else (line[:at], line[at + 1 :])
        date = draw(st.sampled_from(DATES) | st.none())
        reported = draw(st.sampled_from(["2017-06", "[2018..]", ""])) if date == "/.." else ""
        entries.append(
            TimelineEntry(
                f"e{number}",
                parse(date) if date else None,
                number,
                some(list(before)),
                some(list(behind)),
                some(list(before)),
                some(list(before)),
                basis=draw(st.sampled_from(Basis)),
                order_basis=draw(st.sampled_from(Basis)),
                reported=parse(reported) if reported else None,
            )
        )
    return entries


def is_consistent(entries: list[TimelineEntry]) -> bool:
    """Return whether the orders contradict neither the dates nor each other."""
    timeline = build_timeline(entries)
    return not (timeline.contradictions or timeline.overruns or timeline.cycles)


Instant: TypeAlias = tuple[str, str]
"""The id of an entry, and whether it is its start or its end."""


def links_of(entries: list[TimelineEntry]) -> dict[tuple[Instant, Instant], Basis]:
    """Return every order of two instants that the entries state, with its best basis."""
    links: dict[tuple[Instant, Instant], Basis] = {}

    def add(earlier: Instant, later: Instant, basis: Basis) -> None:
        links[earlier, later] = max(basis, links.get((earlier, later), basis))

    for entry in entries:
        start, end = (entry.id, "start"), (entry.id, "end")
        add(start, end, Basis.STATED)
        for one in entry.follows:
            add((one, "start"), start, entry.order_basis)
        for one in entry.precedes:
            add(start, (one, "start"), entry.order_basis)
        for one in entry.follows_end_of:
            add((one, "end"), start, entry.order_basis)
        for one in entry.part_of:
            add((one, "start"), start, entry.order_basis)
            add(end, (one, "end"), entry.order_basis)
    return links


def all_before(links: Iterable[tuple[Instant, Instant]]) -> set[tuple[Instant, Instant]]:
    """Return every pair of instants of which one comes before the other through others."""
    before = {*links}
    while further := {(a, d) for a, b in before for c, d in before if b == c} - before:
        before |= further
    return before


def orders_of(entries: list[TimelineEntry]) -> set[tuple[str, str]]:
    """Return every order of two starts that the entries state, as earlier and later."""
    earlier = {(one, e.id) for e in entries for one in (*e.follows, *e.part_of, *e.follows_end_of)}
    return earlier | {(e.id, one) for e in entries for one in e.precedes}


@given(happenings())
def test_every_entry_is_on_the_timeline_once(entries: list[TimelineEntry]) -> None:
    """Whatever the orders, no entry is lost or duplicated."""
    timeline = build_timeline(entries)
    stand = [*(placement.id for placement in timeline.placed), *timeline.unplaced]
    assert sorted(stand) == sorted(entry.id for entry in entries)


@given(happenings())
def test_dated_entries_are_always_placed(entries: list[TimelineEntry]) -> None:
    """Only entries without a bound are unplaced, and only with all that they are tied to."""
    timeline = build_timeline(entries)
    unplaced = set(timeline.unplaced)
    for entry in entries:
        assert not (entry.id in unplaced and entry.when and entry.when.is_bounded)
    for earlier, later in orders_of(entries):
        assert (earlier in unplaced) == (later in unplaced)


@given(happenings(cyclic=False))
def test_orders_apply_wherever_dates_permit(entries: list[TimelineEntry]) -> None:
    """Each order applies, is reported to contradict the dates, or is in a cycle."""
    timeline = build_timeline(entries)
    contrary = {(one.earlier, one.later) for one in timeline.contradictions}
    circular = {(one, other) for cycle in timeline.cycles for one in cycle for other in cycle}
    at_report = {one.id for one in timeline.placed if one.reported}
    stand = [*(placement.id for placement in timeline.placed), *timeline.unplaced]
    for earlier, later in orders_of(entries) - contrary - circular:
        if not at_report & {earlier, later}:
            assert stand.index(earlier) < stand.index(later)
    whens = {entry.id: entry.when for entry in entries}
    for earlier, later in orders_of(entries):
        before, behind = whens[earlier], whens[later]
        if before and behind and before.start.earliest and behind.start.latest:
            is_contrary = behind.start.latest < before.start.earliest
            assert not is_contrary or (earlier, later) in contrary


@given(happenings(cyclic=False).filter(is_consistent))
def test_entries_at_their_dates_are_in_date_order(entries: list[TimelineEntry]) -> None:
    """An entry placed by its date alone is never moved past another such entry."""
    by_id = {entry.id: entry for entry in entries}
    own = [by_id[one.id].when for one in build_timeline(entries).placed if one.side is Side.AT]
    instants = [when.sort_key[0] for when in own if when and when.sort_key]
    assert instants == sorted(instants)


@given(st.lists(st.sampled_from([one for one in DATES if one != "/.."]), min_size=2), st.data())
def test_order_that_holds_already_moves_nothing(dates: list[str], data: st.DataObject) -> None:
    """Dated entries keep their places when ordered as they are."""
    entries = [TimelineEntry(f"e{n}", parse(date), n) for n, date in enumerate(dates)]
    stand = [one.id for one in build_timeline(entries).placed]
    follows = {
        later: tuple(data.draw(st.lists(st.sampled_from(stand[:at]), max_size=2)))
        for at, later in enumerate(stand)
        if at
    }
    tied = [TimelineEntry(one.id, one.when, one.place, follows.get(one.id, ())) for one in entries]
    timeline = build_timeline(tied)
    assert [one.id for one in timeline.placed] == stand
    assert {one.side for one in timeline.placed} == {Side.AT}


@given(happenings(cyclic=False).filter(is_consistent))
def test_bounds_are_the_narrowest_from_orders(entries: list[TimelineEntry]) -> None:
    """They are the nearest known instants before and after; the best founded way to one counts."""
    by_id = {entry.id: entry for entry in entries}
    links = links_of(entries)
    lower = {one: bound for one in instants(entries) if (bound := dated(by_id[one[0]], one[1])[0])}
    upper = {one: bound for one in instants(entries) if (bound := dated(by_id[one[0]], one[1])[1])}

    def its_basis(one: Instant) -> Basis:
        return Basis.STATED if by_id[one[0]].reported else by_id[one[0]].basis

    for placed in build_timeline(entries).placed:
        start, entry = (placed.id, "start"), by_id[placed.id]
        report = entry.reported.start.latest if entry.reported else None
        for stated, order_bound, known, is_lower in (
            (lower.get(start), placed.after, lower, True),
            (upper.get(start, report), placed.before, upper, False),
        ):
            best = None if stated is None else (stated, its_basis(start))
            for basis in sorted(Basis, reverse=True):
                before = all_before(link for link, its in links.items() if its >= basis)
                pairs = before if is_lower else {(b, a) for a, b in before}
                found = [
                    known[one]
                    for one, other in pairs
                    if other == start and one in known and its_basis(one) >= basis
                ]
                nearest = (max if is_lower else min)(found, default=None)
                if nearest and (best is None or is_nearer(nearest, best[0], is_lower=is_lower)):
                    best = nearest, basis
            if order_bound is None:
                assert best is None or best[0] == stated
            else:
                assert (order_bound.instant, order_bound.basis) == best


def instants(entries: list[TimelineEntry]) -> list[Instant]:
    """Return the start and the end of each entry."""
    return [(entry.id, which) for entry in entries for which in ("start", "end")]


def dated(entry: TimelineEntry, which: str) -> tuple[datetime | None, datetime | None]:
    """Return the earliest and latest instant of a start or an end by its own date.

    What was under way when reported ended no earlier than that.
    """
    if entry.reported and which == "end":
        return entry.reported.start.earliest, None
    if entry.when is None:
        return None, None
    return (entry.when.start if which == "start" else entry.when.end)[:2]


def is_nearer(instant: datetime, other: datetime, *, is_lower: bool) -> bool:
    """Return whether a lower bound is later than another, or an upper bound earlier."""
    return instant > other if is_lower else instant < other


@given(happenings(), st.randoms())
def test_timeline_does_not_depend_on_order_of_arguments(
    entries: list[TimelineEntry], random: Random
) -> None:
    """Only the place in the file counts."""
    assert build_timeline(random.sample(entries, len(entries))) == build_timeline(entries)


@given(st.lists(st.sampled_from(DATES)))
def test_entries_without_orders_are_sorted_by_date(dates: list[str]) -> None:
    """Entries that name no other are sorted by sort key and place in the file."""
    entries = [TimelineEntry(f"e{n}", parse(date), n) for n, date in enumerate(dates)]
    bounded = [entry for entry in entries if entry.when and entry.when.is_bounded]
    expected = sorted(bounded, key=lambda e: (e.when.sort_key or () if e.when else (), e.place))
    timeline = build_timeline(entries)
    assert [one.id for one in timeline.placed] == [entry.id for entry in expected]
