"""The timeline says nothing false of what happened, if the case file says nothing false of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from casefile.case.dating.dates import EdtfDate
from casefile.case.dating.edtf import parse
from casefile.case.dating.relative_dates import count_from, parse_relative
from casefile.case.timeline.chronology import build_timeline
from casefile.case.timeline.entries import ORDER_FIELDS, TimelineEntry

FIRST = datetime(2017, 10, 20, 12)
DAYS = st.integers(0, 500)
LENGTHS = st.integers(0, 200)


class Happening(NamedTuple):
    """When something really began and ended."""

    start: datetime
    end: datetime

    @property
    def lasts(self) -> bool:
        """Whether it took more than a moment."""
        return self.start < self.end


class Story(NamedTuple):
    """What really happened, and what a case file says of it."""

    happenings: list[Happening]
    entries: list[TimelineEntry]


def units_with(moment: datetime) -> st.SearchStrategy[str]:
    """Return a day, month, quarter, year or decade that contains a moment."""
    quarter = 33 + (moment.month - 1) // 3
    decade = f"{moment.year // 10}X"
    return st.sampled_from(
        [f"{moment:%Y-%m-%d}", f"{moment:%Y-%m}", f"{moment:%Y}-{quarter}", f"{moment:%Y}", decade]
    )


@st.composite
def true_dates(draw: st.DrawFn, happening: Happening, *, states_start_only: bool) -> str:
    """Return a date that is true of a happening, or of its start alone."""
    start, end = happening
    if not happening.lasts or states_start_only:
        first = start - timedelta(draw(LENGTHS))
        last = start + timedelta(draw(LENGTHS))
        below, above = draw(units_with(first)), draw(units_with(last))
        forms = [f"[{below}..{above}]", f"[{below}..]", f"[..{above}]"]
        return draw(units_with(start) | st.sampled_from(forms))
    begun, over = draw(units_with(start)), draw(units_with(end))
    forms = [f"{begun}/{over}", f"{begun}/", f"{begun}/..", f"/{over}", f"../{over}"]
    return draw(st.sampled_from(forms))


@st.composite
def true_orders(
    draw: st.DrawFn, happenings: list[Happening], number: int
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return some of the orders that hold: `follows`, `precedes`, `part_of`, `follows_end_of`."""
    own = happenings[number]
    orders: dict[str, list[str]] = {name: [] for name in ORDER_FIELDS}
    for place, other in enumerate(happenings):
        holding = {
            "follows": own.start >= other.start,
            "precedes": own.start <= other.start,
            "follows_end_of": own.start >= other.end,
            "part_of": other.start <= own.start and own.end <= other.end,
        }
        field = draw(st.sampled_from(["", *(name for name, holds in holding.items() if holds)]))
        if field and place != number:
            orders[field].append(f"e{place}")
    return (
        tuple(orders["follows"]),
        tuple(orders["precedes"]),
        tuple(orders["part_of"]),
        tuple(orders["follows_end_of"]),
    )


@st.composite
def true_stories(draw: st.DrawFn) -> Story:
    """Return happenings with entries that say only what is true of them."""
    happenings = []
    for _ in range(draw(st.integers(1, 6))):
        start = FIRST + timedelta(draw(DAYS))
        happenings.append(Happening(start, start + timedelta(draw(LENGTHS))))
    entries: list[TimelineEntry] = []
    for number, happening in enumerate(happenings):
        is_under_way = draw(st.booleans()) and happening.lasts
        has_duration = draw(st.booleans()) and not is_under_way
        date = draw(st.none() | true_dates(happening, states_start_only=has_duration))
        when = parse(date) if date else None
        counted = draw(st.sampled_from([None, *range(number)])) if has_duration else None
        if counted is not None:
            passed = (happening.start - happenings[counted].start).days
            when = _counted_from(entries[counted], passed)
        reported = happening.start + (happening.end - happening.start) / 2
        entries.append(
            TimelineEntry(
                f"e{number}",
                parse("/..") if is_under_way else when,
                number,
                *draw(true_orders(happenings, number)),
                has_duration=has_duration,
                reported=parse(draw(units_with(reported))) if is_under_way else None,
            )
        )
    return Story(happenings, entries)


def _counted_from(other: TimelineEntry, days: int) -> EdtfDate | None:
    side = "before" if days < 0 else "after"
    relative = parse_relative(f"{abs(days)} days {side} #{other.id}")
    return count_from(other.when, relative, None) if other.when else None


@given(true_stories())
def test_timeline_of_a_true_story_is_true(story: Story) -> None:
    """What it says of starts and ends holds for what happened, and no date excludes an order."""
    timeline = build_timeline(story.entries)
    assert not timeline.contradictions
    assert not timeline.overruns
    happening_of = dict(zip((entry.id for entry in story.entries), story.happenings, strict=True))
    for placed in timeline.placed:
        start, end = happening_of[placed.id]
        assert placed.after is None or placed.after.unit.earliest <= start
        assert placed.before is None or start <= placed.before.unit.latest
        assert placed.until is None or placed.until.unit.earliest <= end


@given(true_stories())
def test_date_counted_from_a_true_date_is_true(story: Story) -> None:
    """Whatever it is counted from, it leaves possible when it really was."""
    for entry, happening in zip(story.entries, story.happenings, strict=True):
        if entry.when:
            earliest, latest, *_ = entry.when.start
            assert earliest is None or earliest <= happening.start
            assert latest is None or happening.start <= latest
