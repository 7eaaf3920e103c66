"""The verification pass: the entries that are left to be checked, walked one at a time.

An entry is left to be checked as long as no verdict of the reader's own counts: there is none, what
it was about has changed, or it says "to check again".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from msgspec.structs import replace

from casefile.case.model import Entry, Source
from casefile.case.relations import cites_of
from casefile.case.sources.pins import place_order
from casefile.state.passes import Order, forget_pass, recall_pass, remember_pass
from casefile.views.open_case import OpenCase
from casefile.views.panes import EntryRow, Pane

ORDERS: Mapping[Order, str] = {"source": "by source", "pane": "by pane"}
"""What a pass can go by, in words."""


class Walk:
    """The entries of a case that are to be checked, in the order in which a pass goes."""

    def __init__(self, open_case: OpenCase, entries: Iterable[str]) -> None:
        """Take the ids in their order; each is visited once."""
        self._open_case = open_case
        self._places = {entry: place for place, entry in enumerate(dict.fromkeys(entries))}
        self.entries = tuple(self._places)

    def __contains__(self, entry: object) -> bool:
        return entry in self._places

    def is_left(self, entry: str) -> bool:
        """Say whether an entry is still, or again, to be checked by this reader."""
        check = self._open_case.checks.own(entry)
        return check is None or check.stands is None

    @property
    def left(self) -> Iterator[str]:
        """The entries that are left, in order."""
        return filter(self.is_left, self.entries)

    def next_after(self, entry: str, later: Collection[str] = ()) -> str | None:
        """Give the next entry that is left and not put off, round the end; None without one.

        The first one after an entry that is not in the walk is the first of all.
        """
        after = self._places.get(entry, -1) + 1
        ahead = chain(islice(self.entries, after, None), islice(self.entries, after))
        return next((one for one in ahead if one not in later and self.is_left(one)), None)

    def before(self, entry: str) -> str | None:
        """Give the entry before one, whatever its verdict; None before the first."""
        place = self._places.get(entry, len(self.entries))
        return self.entries[place - 1] if place else None

    def ahead_of(self, entry: str) -> Iterator[str]:
        """Give the entries that come after one, to the end."""
        return islice(self.entries, self._places.get(entry, -1) + 1, None)


def walk_of(open_case: OpenCase, panes: Sequence[Pane], order: Order) -> Walk:
    """Give the way through a case by one of the orders."""
    ordered = _by_source(open_case) if order == "source" else _by_pane(open_case, panes)
    return Walk(open_case, ordered)


def _by_source(open_case: OpenCase) -> Iterable[str]:
    """Give the entries by source, place in it, and place in the file; uncited ones last."""
    case_file = open_case.case_file
    sources = {source.id: place for place, source in enumerate(case_file.of(Source))}

    def place(entry: Entry) -> tuple[int, tuple[int, int, int, str]]:
        for cite in cites_of(case_file, entry):
            if source := case_file.source_of(cite):
                return sources.get(source, len(sources)), place_order(cite.at)
        return len(sources) + 1, place_order(None)

    to_check = (one for one in case_file.entries.values() if one.id in open_case.checkable)
    return (entry.id for entry in sorted(to_check, key=place))


def _by_pane(open_case: OpenCase, panes: Sequence[Pane]) -> Iterable[str]:
    rows = (row for pane in panes for row in pane.rows if isinstance(row, EntryRow))
    return (row.entry for row in rows if row.entry in open_case.checkable)


class Verification:
    """A pass under way: where it stands and where it goes on; remembered at each step."""

    def __init__(self, open_case: OpenCase, panes: Sequence[Pane]) -> None:
        """Take up the pass of a case where it was left; it stands nowhere until it resumes."""
        self._open_case = open_case
        self._panes = panes
        self._reached = recall_pass(open_case.places, open_case.case_file.case.id)
        self._trail: list[str] = []
        self.walk = walk_of(open_case, panes, self._reached.order)

    @property
    def entry(self) -> str:
        """The entry that it stands at; none at its end."""
        return self._reached.entry

    @property
    def order(self) -> Order:
        """By what it goes."""
        return self._reached.order

    @property
    def put_off(self) -> tuple[str, ...]:
        """The entries that were put off and are still left, in the order in which that was done."""
        return tuple(one for one in self._reached.later if self._is_to_check(one))

    @property
    def is_begun(self) -> bool:
        """Whether it was left in the middle."""
        return bool(self._reached.entry or self._reached.later)

    def resume(self) -> bool:
        """Go to where it was left, or on from there; say whether anything is left.

        Where only what was put off is left, it starts over with that.
        """
        here = self.entry
        if not self._is_to_check(here):
            following = self.walk.next_after(here, self._reached.later)
            here = following or self._start_over()
        self.stand_at(here)
        return bool(here)

    def stand_at(self, entry: str) -> None:
        """Stand at an entry, or with none at the end."""
        later = self.put_off
        self._reached = replace(self._reached, entry=entry, later=later)
        case_id = self._open_case.case_file.case.id
        if entry or later:
            remember_pass(self._open_case.places, case_id, self._reached)
        else:
            forget_pass(self._open_case.places, case_id)

    def go_on(self) -> None:
        """Go to the next entry that is left and not put off; without one, to the end."""
        if self.entry:
            self._trail.append(self.entry)
        self.stand_at(self.walk.next_after(self.entry, self._reached.later) or "")

    def put_off_here(self) -> bool:
        """Leave this entry for the end, and say so; one with a verdict that counts is not left."""
        here = self.entry
        later = [one for one in self._reached.later if one != here]
        is_left = self._is_to_check(here)
        self._reached = replace(self._reached, later=(*later, *([here] if is_left else [])))
        return is_left

    def go_back(self) -> bool:
        """Go to the entry before this one, whatever its verdict; say whether there is one."""
        while self._trail:
            entry = self._trail.pop()
            if entry in self.walk and entry != self.entry:
                self.stand_at(entry)
                return True
        before = self.walk.before(self.entry)
        if before is not None:
            self.stand_at(before)
        return before is not None

    def return_to(self, entry: str) -> None:
        """Stand again at an entry that was gone on from, as if it had not been."""
        if entry in self._trail:
            del self._trail[self._trail.index(entry) :]
        self.stand_at(entry)

    def turn_order(self) -> None:
        """Go by the other order from here on."""
        order: Order = "pane" if self.order == "source" else "source"
        self._reached = replace(self._reached, order=order)
        self.walk = walk_of(self._open_case, self._panes, order)
        self.stand_at(self.entry)

    def take_again(self, open_case: OpenCase, panes: Sequence[Pane]) -> None:
        """Go on in the case as it was read again; from an entry that has gone, to the next."""
        self._open_case, self._panes = open_case, panes
        before, self.walk = self.walk, walk_of(open_case, panes, self.order)
        here = self.entry
        if here and here not in self.walk:
            later = self._reached.later
            ahead = (one for one in before.ahead_of(here) if one not in later)
            following = next(filter(self._is_to_check, ahead), None)
            self.stand_at(following or self.walk.next_after("", later) or "")

    def _start_over(self) -> str:
        """Give the first entry that is left, nothing being put off any more."""
        self._reached = replace(self._reached, later=())
        return self.walk.next_after("") or ""

    def _is_to_check(self, entry: str) -> bool:
        return entry in self.walk and self.walk.is_left(entry)
