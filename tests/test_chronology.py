"""The order of a timeline: each rule in a small story."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.dates import bounds_in_words
from casefile.case.dating.edtf import parse
from casefile.case.timeline.chronology import (
    Contradiction,
    Side,
    Timeline,
    TimelineEntry,
    build_timeline,
)


def story(**entries: str) -> Timeline:
    """Return the timeline of entries, each written as "date; follows a b; part_of c"."""
    return build_timeline(_happening(*item, place) for place, item in enumerate(entries.items()))


def _happening(name: str, written: str, place: int) -> TimelineEntry:
    date, *orders = (part.strip() for part in written.split(";"))
    named = {order.split()[0]: tuple(order.split()[1:]) for order in orders}
    return TimelineEntry(name, parse(date) if date else None, place, **named)


def order(timeline: Timeline) -> str:
    """Return the ids of the placed entries, in order."""
    return " ".join(placement.id for placement in timeline.placed)


def words(timeline: Timeline) -> list[str]:
    """Return the words shown for a missing date in each placed row."""
    return [placement.words for placement in timeline.placed]


def by_order(timeline: Timeline, name: str) -> str:
    """Return the bounds of an entry's start from its orders, in words."""
    placement = next(one for one in timeline.placed if one.id == name)
    return bounds_in_words(placement.after, placement.before)


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
    assert words(timeline) == ["", "", ""]


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
    placement = timeline.placed[2]
    assert (placement.side, placement.beside) == (Side.AFTER, "tip")
    assert by_order(timeline, "talks") == "after Aug 2017"
    assert placement.words == "then"


def test_undated_entry_comes_directly_before_what_it_precedes() -> None:
    """The row of an entry with only a successor says "before" with a date."""
    timeline = story(search="2017-11", arrest="2017-11", planning="; precedes arrest", tip="2017")
    assert order(timeline) == "tip search planning arrest"
    placement = timeline.placed[2]
    assert (placement.side, placement.beside) == (Side.BEFORE, "arrest")
    assert by_order(timeline, "planning") == "before Nov 2017"
    assert placement.words == "before Nov 2017"


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
    assert [by_order(timeline, one) for one in "abc"] == ["after 2017"] * 3


def test_then_refers_only_to_the_row_above() -> None:
    """An entry that follows another row than the one above shows that row's date."""
    timeline = story(tip="2017-08", talks="; follows tip", visit="; follows tip")
    assert words(timeline) == ["", "then", "after Aug 2017"]


def test_bound_is_the_date_that_it_comes_from() -> None:
    """After a date without an earliest start, the bound of an earlier entry is shown."""
    timeline = story(
        tip="2016", news="[..2018]; follows tip", a="; follows news", b="; follows news"
    )
    assert order(timeline) == "tip news a b"
    assert [by_order(timeline, one) for one in ("news", "a", "b")] == ["after 2016"] * 3
    assert words(timeline) == ["", "", "then", "after 2016"]


def test_bounds_of_a_set_are_its_first_and_last_dates() -> None:
    """An entry is before the last date of a set, or after the first."""
    timeline = story(
        a="; precedes raid", raid="[2017-11..2018-01]", b="; follows raid", c="; follows raid"
    )
    assert words(timeline) == ["before Jan 2018", "", "then", "after Nov 2017"]


def test_lasting_entry_bounds_by_its_start() -> None:
    """What is part of a hearing or follows it comes after its start, not its end."""
    timeline = story(
        hearing="2019-06-18T09:30/2019-06-18T11:05",
        heard="; part_of hearing",
        left="; follows heard",
    )
    assert by_order(timeline, "heard") == "after 18 Jun 2019 09:30"
    late = story(planning="; precedes fire", fire="/2019-03-10T06:40")
    assert by_order(late, "planning") == "before 10 Mar 2019 06:40"


def test_row_shows_time_of_day_without_year() -> None:
    """The column has space for a day and a time; the year is in the row beside it."""
    timeline = story(hearing="2019-06-18T09:30", a="; part_of hearing", b="; part_of hearing")
    assert words(timeline) == ["", "then", "after 18 Jun 09:30"]


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
        ("[..2019-03-08]", "after 5 Mar 2019"),
        ("[2019-03-06..]", "before 10 Mar 2019"),
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
    assert words(timeline) == ["before Nov 2017", "before Nov 2017", ""]


def test_tied_entry_without_bounds_is_placed_beside() -> None:
    """An entry tied to a placed one, but without bounds, is placed beside it without a date."""
    timeline = story(
        arrest="2017-11", planning="; precedes arrest", doubts="; follows planning", tip="2016"
    )
    assert order(timeline) == "tip planning doubts arrest"
    assert by_order(timeline, "doubts") == ""
    assert timeline.placed[2].words == "then"


def test_entry_before_open_date_has_no_bound() -> None:
    """An entry before something that may have happened at any later time has no bound."""
    timeline = story(news="[2018-01..]", planning="; precedes news")
    assert order(timeline) == "planning news"
    assert words(timeline) == ["undated", ""]


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
    assert by_order(timeline, "news") == "after 2016"


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
    assert by_order(timeline, "talks") == "before 2016"


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
    assert words(timeline) == ["", "then", "", "", ""]
    assert by_order(timeline, "diner") == "between 5 Mar 2019 and c. 10 Mar 2019 03:58"
    assert by_order(timeline, "fire") == "between 5 Mar 2019 and c. 10 Mar 2019 03:58"


def test_date_without_bounds_is_placed_beside_tied_entry() -> None:
    """`/..` is placed beside what it is tied to, otherwise with the undated."""
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
    assert timeline.contradictions == timeline.cycles == ()


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
    """Return entries that name each other; if not cyclic, all orders point the same way."""
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
        when = parse(date) if date else None
        orders = some(list(before)), some(list(behind)), some(list(before))
        entries.append(TimelineEntry(f"e{number}", when, number, *orders))
    return entries


def orders_of(entries: list[TimelineEntry]) -> set[tuple[str, str]]:
    """Return every order that the entries state, as earlier and later."""
    earlier = {(one, e.id) for e in entries for one in (*e.follows, *e.part_of)}
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
    """Without cycles, each order applies or is reported to contradict the dates."""
    timeline = build_timeline(entries)
    assert timeline.cycles == ()
    stand = [*(placement.id for placement in timeline.placed), *timeline.unplaced]
    for earlier, later in orders_of(entries) - set(timeline.contradictions):
        assert stand.index(earlier) < stand.index(later)
    whens = {entry.id: entry.when for entry in entries}
    for earlier, later in orders_of(entries):
        before, behind = whens[earlier], whens[later]
        if before and behind and before.start.earliest and behind.start.latest:
            contrary = behind.start.latest < before.start.earliest
            assert not contrary or (earlier, later) in timeline.contradictions


@given(happenings(cyclic=False).filter(lambda entries: not build_timeline(entries).contradictions))
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


@given(happenings(cyclic=False).filter(lambda entries: not build_timeline(entries).contradictions))
def test_bounds_are_the_narrowest_from_orders(entries: list[TimelineEntry]) -> None:
    """The bounds are the nearest known starts among all that must come before and after."""
    starts = {entry.id: entry.when.start for entry in entries if entry.when}
    before = orders_of(entries)
    while further := {(a, d) for a, b in before for c, d in before if b == c} - before:
        before |= further
    for one in build_timeline(entries).placed:
        own = starts.get(one.id)
        earlier = [starts[a].earliest for a, b in before if b == one.id and a in starts]
        later = [starts[b].latest for a, b in before if a == one.id and b in starts]
        first, last = (own.earliest, own.latest) if own else (None, None)
        below = one.after.earliest if one.after else first
        above = one.before.latest if one.before else last
        assert below == max(known(first, *earlier), default=None)
        assert above == min(known(last, *later), default=None)


def known(*instants: datetime | None) -> list[datetime]:
    """Return the instants that are not None."""
    return [instant for instant in instants if instant]


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
