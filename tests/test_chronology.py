"""The order of a timeline: what each rule does, in small stories."""

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
    Happening,
    Side,
    Timeline,
    chronology,
)


def story(**entries: str) -> Timeline:
    """Give the timeline of entries in file order, each written "date; follows a b; part_of c"."""
    return chronology(_happening(*item, place) for place, item in enumerate(entries.items()))


def _happening(name: str, written: str, place: int) -> Happening:
    date, *orders = (part.strip() for part in written.split(";"))
    named = {order.split()[0]: tuple(order.split()[1:]) for order in orders}
    return Happening(name, parse(date) if date else None, place, **named)


def order(timeline: Timeline) -> str:
    """Give the ids of what was placed, in order."""
    return " ".join(placement.id for placement in timeline.placed)


def words(timeline: Timeline) -> list[str]:
    """Give what stands in place of a date in each placed row."""
    return [placement.words for placement in timeline.placed]


def by_order(timeline: Timeline, name: str) -> str:
    """Give between what an entry starts by its orders, in words."""
    placement = next(one for one in timeline.placed if one.id == name)
    return bounds_in_words(placement.after, placement.before)


def test_earliest_instant_first() -> None:
    """Dated entries stand by the earliest instant of their start."""
    assert order(story(trial="2019", tip="2017-08", arrest="2017-11-03")) == "tip arrest trial"


def test_then_latest_instant() -> None:
    """Of those that may start at the same instant, the one known more narrowly stands first."""
    timeline = story(ever="[2018..]", year="2018", lasting="2018-01/2018-03", month="2018-01")
    assert order(timeline) == "month lasting year ever"


def test_then_place_in_file() -> None:
    """Between equal dates the file decides."""
    assert order(story(second="2018", first="2018")) == "second first"


def test_follows_wins_within_the_bounds() -> None:
    """An entry that follows another stands after it, wherever its date permits that."""
    timeline = story(trial="2018; follows arrest", arrest="2018-03", search="2018-02")
    assert order(timeline) == "search arrest trial"
    assert timeline.placed[-1].beside == "arrest"
    assert words(timeline) == ["", "", ""]


def test_precedes_wins_within_the_bounds() -> None:
    """`precedes` says the same from the other end."""
    assert order(story(arrest="2018", tip="2018; precedes arrest")) == "tip arrest"


def test_of_a_lasting_thing_its_start_counts() -> None:
    """What follows a surveillance that lasts comes after its start, not after its end."""
    timeline = story(arrest="2018-01; follows surveillance", surveillance="2017-11/2018-03")
    assert order(timeline) == "surveillance arrest"
    assert timeline.contradictions == ()


def test_dates_win_over_a_contrary_order() -> None:
    """An order that the dates exclude is set aside and told."""
    timeline = story(trial="2019", arrest="2017; follows trial")
    assert order(timeline) == "arrest trial"
    assert timeline.contradictions == (Contradiction("trial", "arrest"),)


def test_dates_win_over_a_contrary_order_through_others() -> None:
    """Neither can an undated entry between two dated ones turn them round."""
    timeline = story(trial="2019", talks="; follows trial; precedes arrest", arrest="2017")
    assert order(timeline) == "arrest trial talks"
    assert timeline.contradictions == (Contradiction("talks", "arrest"),)


def test_undated_after_what_it_follows() -> None:
    """An undated entry stands directly after what it follows, and its row says "then"."""
    timeline = story(talks="; follows tip", search="2017-08", tip="2017-08", arrest="2017-11")
    assert order(timeline) == "search tip talks arrest"
    placement = timeline.placed[2]
    assert (placement.side, placement.beside) == (Side.AFTER, "tip")
    assert by_order(timeline, "talks") == "after Aug 2017"
    assert placement.words == "then"


def test_undated_before_what_it_precedes() -> None:
    """An undated entry with only a successor stands directly before it, and its row says so."""
    timeline = story(search="2017-11", arrest="2017-11", planning="; precedes arrest", tip="2017")
    assert order(timeline) == "tip search planning arrest"
    placement = timeline.placed[2]
    assert (placement.side, placement.beside) == (Side.BEFORE, "arrest")
    assert by_order(timeline, "planning") == "before Nov 2017"
    assert placement.words == "before Nov 2017"


def test_undated_between_two_dated() -> None:
    """With a bound on either side, an entry stands after the earlier one."""
    timeline = story(tip="2017", talks="; follows tip; precedes trial", search="2018", trial="2019")
    assert order(timeline) == "tip talks search trial"


def test_undated_after_the_last_of_several() -> None:
    """What follows several stands after the last of them."""
    assert order(story(talks="; follows tip arrest", tip="2017", arrest="2018")) == (
        "tip arrest talks"
    )


def test_undated_through_others() -> None:
    """A chain of undated entries hangs on the dated one at its end, in its own order."""
    timeline = story(c="; follows b", b="; follows a", a="; follows tip", tip="2017", trial="2019")
    assert order(timeline) == "tip a b c trial"
    assert words(timeline) == ["", "then", "then", "then", ""]
    assert [by_order(timeline, one) for one in "abc"] == ["after 2017"] * 3


def test_then_is_said_only_of_the_row_before() -> None:
    """What follows an entry that does not stand right above it names that one's date."""
    timeline = story(tip="2017-08", talks="; follows tip", visit="; follows tip")
    assert words(timeline) == ["", "then", "after Aug 2017"]


def test_the_bound_comes_from_the_date_that_gives_it() -> None:
    """Behind one whose own date says nothing of its earliest start, the one before it is named."""
    timeline = story(
        tip="2016", news="[..2018]; follows tip", a="; follows news", b="; follows news"
    )
    assert order(timeline) == "tip news a b"
    assert [by_order(timeline, one) for one in ("news", "a", "b")] == ["after 2016"] * 3
    assert words(timeline) == ["", "", "then", "after 2016"]


def test_words_claim_no_more_than_the_bound() -> None:
    """Before a set the row names its last date, behind it the first."""
    timeline = story(
        a="; precedes raid", raid="[2017-11..2018-01]", b="; follows raid", c="; follows raid"
    )
    assert words(timeline) == ["before Jan 2018", "", "then", "after Nov 2017"]


def test_a_lasting_thing_bounds_by_its_start() -> None:
    """What is part of a hearing, or follows it, comes after its start, not its end."""
    timeline = story(
        hearing="2019-06-18T09:30/2019-06-18T11:05",
        heard="; part_of hearing",
        left="; follows heard",
    )
    assert by_order(timeline, "heard") == "after 18 Jun 2019 09:30"
    late = story(planning="; precedes fire", fire="/2019-03-10T06:40")
    assert by_order(late, "planning") == "before 10 Mar 2019 06:40"


def test_a_time_of_day_is_told_without_its_year_in_a_row() -> None:
    """A column has room for a day and an hour, and the row beside it has the year."""
    timeline = story(hearing="2019-06-18T09:30", a="; part_of hearing", b="; part_of hearing")
    assert words(timeline) == ["", "then", "after 18 Jun 09:30"]


def test_both_bounds_are_known_where_there_are_two() -> None:
    """What lies between two dated entries has a bound from each, through others too."""
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
def test_an_order_is_told_where_it_says_more_than_the_date(date: str, told: str) -> None:
    """A bound that an entry's own date has as narrow or narrower is none of its orders' doing."""
    timeline = story(
        leave="2019-03-05", a=f"{date}; follows leave; precedes fire", fire="2019-03-10"
    )
    assert by_order(timeline, "a") == told


def test_chain_before() -> None:
    """Undated entries before a dated one keep their order before it."""
    timeline = story(arrest="2017-11", planning="; precedes arrest", idea="; precedes planning")
    assert order(timeline) == "idea planning arrest"
    assert words(timeline) == ["before Nov 2017", "before Nov 2017", ""]


def test_tied_but_bounded_by_nothing() -> None:
    """What is tied to a placed entry, but bounded by none, stands beside it and claims no date."""
    timeline = story(
        arrest="2017-11", planning="; precedes arrest", doubts="; follows planning", tip="2016"
    )
    assert order(timeline) == "tip planning doubts arrest"
    assert by_order(timeline, "doubts") == ""
    assert timeline.placed[2].words == "then"


def test_before_what_has_no_latest() -> None:
    """What precedes something that may have happened at any later time has no bound from it."""
    timeline = story(news="[2018-01..]", planning="; precedes news")
    assert order(timeline) == "planning news"
    assert words(timeline) == ["undated", ""]


def test_a_whole_with_no_date_takes_its_earliest_part() -> None:
    """An undated whole stands directly before the earliest of its parts."""
    timeline = story(tip="2016", search="2018; part_of raid", entry="2017; part_of raid", raid="")
    assert order(timeline) == "tip raid entry search"
    assert timeline.placed[1].beside == "entry"


def test_an_undated_part_stands_after_the_start_of_its_whole() -> None:
    """An undated part is tied to its dated whole."""
    timeline = story(arrest="2018; part_of raid", entry="; part_of raid", raid="2017/2019")
    assert order(timeline) == "raid entry arrest"
    assert timeline.placed[1].beside == "raid"


def test_a_whole_starts_no_later_than_its_parts() -> None:
    """A part that may start with its whole stands after it, though its date is narrower."""
    assert order(story(entry="2018-01-01; part_of raid", raid="2018")) == "raid entry"


def test_a_part_before_its_whole_is_told() -> None:
    """A part that ended before its whole can have started contradicts the dates."""
    timeline = story(entry="2017; part_of raid", raid="2018")
    assert order(timeline) == "entry raid"
    assert timeline.contradictions == (Contradiction("raid", "entry"),)


@pytest.mark.parametrize("date", ["[..2018-01]", "/2018-01", "../2018-01"])
def test_without_an_earliest_instant(date: str) -> None:
    """What has only a latest instant stands at the date it names, before what starts there."""
    assert order(story(jan="2018-01", news=date, dec="2017-12-31")) == "dec news jan"


def test_without_an_earliest_instant_before_something_earlier() -> None:
    """It stands before what it precedes, if that is earlier than the date it names."""
    timeline = story(news="[..2018-01]; precedes arrest", arrest="2016", tip="2015")
    assert order(timeline) == "tip news arrest"


def test_without_an_earliest_instant_after_something_earlier() -> None:
    """What it follows bounds it, and leaves it at the date it names."""
    timeline = story(search="2017", news="[..2018-01]; follows tip", tip="2016")
    assert order(timeline) == "tip search news"
    assert timeline.placed[2].side is Side.AT
    assert by_order(timeline, "news") == "after 2016"


def test_without_an_earliest_instant_after_something_within_its_date() -> None:
    """It moves up to what it follows within the unit that it names."""
    timeline = story(news="[..2018-01]; follows tip", tip="2018-01-15", search="2018-01-10")
    assert order(timeline) == "search tip news"
    assert timeline.placed[2].beside == "tip"


def test_without_an_earliest_instant_before_what_precedes_something_earlier() -> None:
    """An undated entry between the two hands the bound on."""
    timeline = story(
        news="[..2018-01]", talks="; follows news; precedes arrest", arrest="2016", tip="2015"
    )
    assert order(timeline) == "tip news talks arrest"
    assert by_order(timeline, "talks") == "before 2016"


def test_a_whole_known_by_its_end_stands_before_its_earliest_part() -> None:
    """What else it follows, days before, leaves it there, and what lies between where it is."""
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


def test_under_way_when_reported() -> None:
    """`/..` has no bound: it stands by what it is tied to, else with the undated."""
    timeline = story(inquiry="/..; follows tip", tip="2017", dispute="/..", trial="2018")
    assert order(timeline) == "tip inquiry trial"
    assert timeline.unplaced == ("dispute",)


def test_tied_to_no_date() -> None:
    """Entries tied to no date stand apart, in file order but for their own orders."""
    timeline = story(c="; follows d", tip="2017", a="", d="", e="; follows nobody")
    assert order(timeline) == "tip"
    assert timeline.unplaced == ("a", "d", "c", "e")


def test_unknown_ids_are_passed_over() -> None:
    """An id that names no entry orders nothing."""
    timeline = story(tip="2017; follows nobody; precedes nothing; part_of none")
    assert timeline.placed[0].side is Side.AT
    assert timeline.contradictions == timeline.cycles == ()


def test_a_cycle_is_told_and_falls_back() -> None:
    """Entries that stand before themselves are told; among them dates and the file decide."""
    timeline = story(b="2018; follows c", a="2018; follows b", c="2018; follows a", tip="2017")
    assert order(timeline) == "tip b a c"
    assert timeline.cycles == (("b", "a", "c"),)


def test_a_cycle_still_keeps_its_orders_with_others() -> None:
    """Only the orders within a cycle are set aside."""
    timeline = story(a="; follows b tip", b="; follows a", end="; follows b", tip="2017")
    assert order(timeline) == "tip a b end"
    assert timeline.cycles == (("a", "b"),)


def test_an_entry_that_follows_itself() -> None:
    """The shortest cycle is told too."""
    timeline = story(tip="2017; follows tip")
    assert (order(timeline), timeline.cycles) == ("tip", (("tip",),))


def test_dates_can_open_a_cycle() -> None:
    """Where the dates exclude one of its orders, that one is at fault and there is no cycle."""
    timeline = story(trial="2018; follows arrest", arrest="2017; follows trial")
    assert order(timeline) == "arrest trial"
    assert timeline.cycles == ()
    assert timeline.contradictions == (Contradiction("trial", "arrest"),)


def test_entries_that_share_an_id_all_stand() -> None:
    """A file that gives an id twice loses neither entry."""
    twice = [Happening("tip", parse("2017"), 0), Happening("tip", None, 1)]
    timeline = chronology(twice)
    assert (order(timeline), timeline.unplaced) == ("tip", ("tip",))


def test_depth_is_no_limit() -> None:
    """A chain of thousands of entries, or a ring, is ordered like a short one."""
    many = 3_000
    chain = [Happening(f"e{n}", None, n, follows=(f"e{n + 1}",)) for n in range(many)]
    timeline = chronology([*chain, Happening(f"e{many}", parse("2017"), many)])
    assert [one.id for one in timeline.placed] == [f"e{n}" for n in range(many, -1, -1)]
    ring = chronology([*chain, Happening(f"e{many}", None, many, follows=("e0",))])
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
def happenings(draw: st.DrawFn, *, cyclic: bool = True) -> list[Happening]:
    """Give entries that name each other; if not cyclic, all orders run along one line."""
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
        entries.append(Happening(f"e{number}", when, number, *orders))
    return entries


def orders_of(entries: list[Happening]) -> set[tuple[str, str]]:
    """Give every order that the entries state, as earlier and later."""
    earlier = {(one, e.id) for e in entries for one in (*e.follows, *e.part_of)}
    return earlier | {(e.id, one) for e in entries for one in e.precedes}


@given(happenings())
def test_every_entry_stands_once(entries: list[Happening]) -> None:
    """Whatever is said of their order, no entry is lost and none stands twice."""
    timeline = chronology(entries)
    stand = [*(placement.id for placement in timeline.placed), *timeline.unplaced]
    assert sorted(stand) == sorted(entry.id for entry in entries)


@given(happenings())
def test_dated_entries_are_always_placed(entries: list[Happening]) -> None:
    """Only entries without a bound are tied to no date, and nothing ties them to those that are."""
    timeline = chronology(entries)
    unplaced = set(timeline.unplaced)
    for entry in entries:
        assert not (entry.id in unplaced and entry.when and entry.when.is_bounded)
    for earlier, later in orders_of(entries):
        assert (earlier in unplaced) == (later in unplaced)


@given(happenings(cyclic=False))
def test_orders_hold_wherever_the_dates_permit(entries: list[Happening]) -> None:
    """Without cycles each order holds or is told to contradict the dates, and only if it does."""
    timeline = chronology(entries)
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


@given(happenings(cyclic=False).filter(lambda entries: not chronology(entries).contradictions))
def test_dated_entries_stay_near_their_dates(entries: list[Happening]) -> None:
    """What stands by its own date alone is never moved past another that does."""
    by_id = {entry.id: entry for entry in entries}
    own = [by_id[one.id].when for one in chronology(entries).placed if one.side is Side.AT]
    instants = [when.sort_key[0] for when in own if when and when.sort_key]
    assert instants == sorted(instants)


@given(st.lists(st.sampled_from([one for one in DATES if one != "/.."]), min_size=2), st.data())
def test_an_order_that_is_kept_already_moves_nothing(dates: list[str], data: st.DataObject) -> None:
    """Dated entries stay where they stand when they are tied as they stand."""
    entries = [Happening(f"e{n}", parse(date), n) for n, date in enumerate(dates)]
    stand = [one.id for one in chronology(entries).placed]
    follows = {
        later: tuple(data.draw(st.lists(st.sampled_from(stand[:at]), max_size=2)))
        for at, later in enumerate(stand)
        if at
    }
    tied = [Happening(one.id, one.when, one.place, follows.get(one.id, ())) for one in entries]
    timeline = chronology(tied)
    assert [one.id for one in timeline.placed] == stand
    assert {one.side for one in timeline.placed} == {Side.AT}


@given(happenings(cyclic=False).filter(lambda entries: not chronology(entries).contradictions))
def test_bounds_are_the_narrowest_that_orders_give(entries: list[Happening]) -> None:
    """Of all that must start before an entry, and after it, the nearest known start is told."""
    starts = {entry.id: entry.when.start for entry in entries if entry.when}
    before = orders_of(entries)
    while further := {(a, d) for a, b in before for c, d in before if b == c} - before:
        before |= further
    for one in chronology(entries).placed:
        own = starts.get(one.id)
        earlier = [starts[a].earliest for a, b in before if b == one.id and a in starts]
        later = [starts[b].latest for a, b in before if a == one.id and b in starts]
        first, last = (own.earliest, own.latest) if own else (None, None)
        below = one.after.earliest if one.after else first
        above = one.before.latest if one.before else last
        assert below == max(known(first, *earlier), default=None)
        assert above == min(known(last, *later), default=None)


def known(*instants: datetime | None) -> list[datetime]:
    """Give those that there are."""
    return [instant for instant in instants if instant]


@given(happenings(), st.randoms())
def test_the_place_in_the_file_counts_not_the_order_of_reading(
    entries: list[Happening], random: Random
) -> None:
    """The timeline is the same in whatever order the entries are handed over."""
    assert chronology(random.sample(entries, len(entries))) == chronology(entries)


@given(st.lists(st.sampled_from(DATES)))
def test_without_orders_the_dates_alone_decide(dates: list[str]) -> None:
    """Entries that name no other stand by their dates' sort keys and their place in the file."""
    entries = [Happening(f"e{n}", parse(date), n) for n, date in enumerate(dates)]
    bounded = [entry for entry in entries if entry.when and entry.when.is_bounded]
    expected = sorted(bounded, key=lambda e: (e.when.sort_key or () if e.when else (), e.place))
    timeline = chronology(entries)
    assert [one.id for one in timeline.placed] == [entry.id for entry in expected]
