"""The verification pass, which goes through the entries that are still to be checked.

An entry is still to be checked if the reader has given no verdict on it, if the verdict is stale,
or if it is “to check again”.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from msgspec.structs import replace

from casefile.case.model import Entry, Source
from casefile.case.relations import cites_of
from casefile.case.sources.pins import pin_sort_key
from casefile.state.passes import Order, Pass, forget_pass, recall_pass, remember_pass
from casefile.views.open_case import OpenCase
from casefile.views.panes import EntryRow, Pane

ORDERS: Mapping[Order, str] = {"source": "by source", "pane": "by pane"}
"""The orders of a pass, in words."""


class Walk:
    """The entries that can be checked, in the order of a pass."""

    def __init__(self, open_case: OpenCase, entries: Iterable[str]) -> None:
        """Walk through `entries`, the ids in their order; repeated ids count once."""
        self._open_case = open_case
        self._places = {entry: place for place, entry in enumerate(dict.fromkeys(entries))}
        self.entries = tuple(self._places)

    def __contains__(self, entry: object) -> bool:
        return entry in self._places

    def is_left(self, entry: str) -> bool:
        """Return whether the reader still has to check an entry."""
        check = self._open_case.checks.own(entry)
        return check is None or check.applying_verdict is None

    @property
    def left(self) -> Iterator[str]:
        """The entries that are still to be checked, in order."""
        return filter(self.is_left, self.entries)

    def next_after(self, entry: str, later: Collection[str] = ()) -> str | None:
        """Return the next entry to check that is not in `later`, from the start after the end.

        Return None if there is none. After an entry that is not in the walk comes the first one.
        """
        after = self._places.get(entry, -1) + 1
        ahead = chain(islice(self.entries, after, None), islice(self.entries, after))
        return next((one for one in ahead if one not in later and self.is_left(one)), None)

    def before(self, entry: str) -> str | None:
        """Return the entry before another, whatever its verdict, or None before the first."""
        place = self._places.get(entry, len(self.entries))
        return self.entries[place - 1] if place else None

    def ahead_of(self, entry: str) -> Iterator[str]:
        """Yield the entries after another, to the end."""
        return islice(self.entries, self._places.get(entry, -1) + 1, None)


def walk_of(open_case: OpenCase, panes: Sequence[Pane], order: Order) -> Walk:
    """Return the walk through a case in one of the orders."""
    if order == "source":
        return Walk(open_case, _by_source(open_case))
    rows = (row for pane in panes for row in pane.rows if isinstance(row, EntryRow))
    return Walk(open_case, (row.entry for row in rows if row.entry in open_case.checkable))


def _by_source(open_case: OpenCase) -> Iterable[str]:
    """Return the entries by source, place in it, and place in the file; without cites last."""
    case_file = open_case.case_file
    sources = {source.id: place for place, source in enumerate(case_file.of(Source))}

    def place(entry: Entry) -> tuple[int, tuple[int, int, int, str]]:
        for cite in cites_of(case_file, entry):
            if source := case_file.source_of(cite):
                return sources.get(source, len(sources)), pin_sort_key(cite.at)
        return len(sources) + 1, pin_sort_key(None)

    to_check = (one for one in case_file.entries.values() if one.id in open_case.checkable)
    return (entry.id for entry in sorted(to_check, key=place))


class Verification:
    """A verification pass; its position is saved at each step, unless cases are not remembered."""

    def __init__(self, open_case: OpenCase, panes: Sequence[Pane]) -> None:
        """Load the saved position of the pass; call `resume` to go there."""
        self._open_case = open_case
        self._panes = panes
        case_id = open_case.case_file.case.id
        is_stored = open_case.is_remembered
        self._position = recall_pass(open_case.places, case_id) if is_stored else Pass()
        self._trail: list[str] = []
        self.walk = walk_of(open_case, panes, self._position.order)

    @property
    def entry(self) -> str:
        """The id of the current entry; empty at the end of the pass."""
        return self._position.entry

    @property
    def order(self) -> Order:
        """The order of the pass."""
        return self._position.order

    @property
    def put_off(self) -> tuple[str, ...]:
        """The entries that were put off and are still to be checked, in that order."""
        return tuple(one for one in self._position.later if self._is_to_check(one))

    @property
    def is_begun(self) -> bool:
        """Whether the pass was paused before its end."""
        return bool(self._position.entry or self._position.later)

    def resume(self) -> bool:
        """Go to the saved entry or the next one to check; return whether there is one.

        If only entries that were put off are left, start over with those.
        """
        here = self.entry
        if not self._is_to_check(here):
            following = self.walk.next_after(here, self._position.later)
            if following is None:
                self._position = replace(self._position, later=())
                following = self.walk.next_after("")
            here = following or ""
        self.go_to(here)
        return bool(here)

    def go_to(self, entry: str) -> None:
        """Make an entry the current one; an empty id is the end of the pass."""
        later = self.put_off
        self._position = replace(self._position, entry=entry, later=later)
        case_id = self._open_case.case_file.case.id
        if not self._open_case.is_remembered:
            return
        if entry or later:
            remember_pass(self._open_case.places, case_id, self._position)
        else:
            forget_pass(self._open_case.places, case_id)

    def go_on(self) -> None:
        """Go to the next entry to check that was not put off; if there is none, to the end."""
        if self.entry:
            self._trail.append(self.entry)
        self.go_to(self.walk.next_after(self.entry, self._position.later) or "")

    def put_off_current(self) -> bool:
        """Put off the current entry; return False if it is checked already, so that it can't be."""
        here = self.entry
        later = [one for one in self._position.later if one != here]
        is_left = self._is_to_check(here)
        self._position = replace(self._position, later=(*later, *([here] if is_left else [])))
        return is_left

    def go_back(self) -> bool:
        """Go back one entry, whatever its verdict; return whether there is one."""
        while self._trail:
            entry = self._trail.pop()
            if entry in self.walk and entry != self.entry:
                self.go_to(entry)
                return True
        before = self.walk.before(self.entry)
        if before is not None:
            self.go_to(before)
        return before is not None

    def return_to(self, entry: str) -> None:
        """Go back to an entry, as if the pass had not gone on from it."""
        if entry in self._trail:
            del self._trail[self._trail.index(entry) :]
        self.go_to(entry)

    def switch_order(self) -> None:
        """Change to the other order."""
        order: Order = "pane" if self.order == "source" else "source"
        self._position = replace(self._position, order=order)
        self.walk = walk_of(self._open_case, self._panes, order)
        self.go_to(self.entry)

    def reload(self, open_case: OpenCase, panes: Sequence[Pane]) -> None:
        """Go on in the case after it was read again; if the current entry has gone, at the next."""
        self._open_case, self._panes = open_case, panes
        before, self.walk = self.walk, walk_of(open_case, panes, self.order)
        here = self.entry
        if here and here not in self.walk:
            later = self._position.later
            ahead = (one for one in before.ahead_of(here) if one not in later)
            following = next(filter(self._is_to_check, ahead), None)
            self.go_to(following or self.walk.next_after("", later) or "")

    def _is_to_check(self, entry: str) -> bool:
        return entry in self.walk and self.walk.is_left(entry)
