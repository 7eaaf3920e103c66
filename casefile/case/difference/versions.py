"""Comparing two versions of a case file: entry by entry, and by their order on the timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from casefile.case.difference.budget import FILES, Budget
from casefile.case.difference.changes import (
    Change,
    canonical_row,
    changes_in_canonical,
    longest_ascending,
)
from casefile.case.difference.renaming import ids_named, likely_renamed, with_new_ids
from casefile.case.model import ENTRY_TYPES, Case, CaseFile, Entry, FreeEntry, FreeTable
from casefile.case.normalise import unknown_keys
from casefile.case.timeline.chronology import build_timeline
from casefile.case.timeline.entries import TimelineEntry, select_timeline_entries

EntryFate = Literal["added", "gone", "changed", "renamed"]


class EntryDifference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened to one entry, or to the declaration of a table."""

    fate: EntryFate
    table: str
    id: str
    was: str | None = None
    """The likely old id of a renamed entry."""
    changes: tuple[Change, ...] = ()
    named_by: tuple[str, ...] = ()
    """The entries that refer to a renamed entry, by its old id before and its new id after."""


class Reordered(msgspec.Struct, frozen=True):
    """An entry that moved on the timeline only because its place in the file changed."""

    id: str
    after: str | None
    """The id of the entry before it, or None if it is the first."""


class Difference(msgspec.Struct, frozen=True):
    """The differences in content between two versions of a case file."""

    cases: tuple[str, str]
    """The ids of the old and the new case."""
    entries: tuple[EntryDifference, ...] = ()
    """In the order of the new file; entries that are gone come after their old predecessor."""
    reordered: tuple[Reordered, ...] = ()

    def __bool__(self) -> bool:
        old_case, new_case = self.cases
        return old_case != new_case or bool(self.entries or self.reordered)


def compare_versions(old: CaseFile, new: CaseFile) -> Difference:
    """Compare two versions of a case file."""
    budget = Budget(FILES)
    comparison = _Comparison(_Version(old), _Version(new), budget)
    return Difference(
        (old.case.id, new.case.id),
        (*_declaration_differences(old, new, budget), *comparison.entries()),
        tuple(_reordered(comparison, new)),
    )


class _Name(NamedTuple):
    """What identifies an entry in both versions; the `id` is empty for the case itself."""

    table: str
    id: str


class _Version:
    """One of the two files, with its entries by name."""

    def __init__(self, case_file: CaseFile) -> None:
        self.file = case_file
        self.entries = {_name_of(entry): entry for entry in case_file.entries.values()}

    def row(self, entry: Entry) -> dict[str, Any]:
        """Return the row of an entry as parsed; the case's has the keys at the top of the file."""
        row = self.file.rows[entry.id]
        if not isinstance(entry, Case):
            return row
        own = unknown_keys(row, Case)
        unknown = self.file.unknown.get(entry.id, {})
        return {key: value for key, value in unknown.items() if key not in own} | row

    def canonical_row(self, entry: Entry) -> dict[str, Any]:
        """Return the row of an entry in canonical form, without its id."""
        row = canonical_row(self.row(entry), type(entry), self.file.source_names)
        return {key: value for key, value in row.items() if key != "id"}


def _name_of(entry: Entry) -> _Name:
    return _Name(entry.table_name, "" if isinstance(entry, Case) else entry.id)


class _Comparison:
    """Two versions of a file, with the entry of the new one for each entry of the old one."""

    def __init__(self, old: _Version, new: _Version, budget: Budget) -> None:
        self._old = old
        self._new = new
        self._budget = budget
        self._gone = {name: one for name, one in old.entries.items() if name not in new.entries}
        self._added = {name: one for name, one in new.entries.items() if name not in old.entries}
        self._new_id = likely_renamed(
            {entry.id: (entry, old.canonical_row(entry)) for entry in self._gone.values()},
            {entry.id: (entry, new.canonical_row(entry)) for entry in self._added.values()},
        )
        self._old_id = {now: was for was, now in self._new_id.items()}
        default = old.file.case.source
        default = self._new_id.get(default, default) if default else None
        self._default_source = default if default == new.file.case.source else None
        self._named_by: defaultdict[str, list[str]] = defaultdict(list)

    def entries(self) -> Iterator[EntryDifference]:
        """Yield the differences of all entries, in the order of the new file."""
        # Comparing all entries first also fills self._named_by.
        changes = {now.id: self._changes(was, now) for was, now in self.pairs()}
        for entry, is_gone in self._in_file_order():
            table, entry_id = entry.table_name, entry.id
            was = self._old_id.get(entry_id)
            if is_gone:
                yield EntryDifference("gone", table, entry_id)
            elif was is not None:
                named_by = tuple(self._named_by[entry_id])
                yield EntryDifference("renamed", table, entry_id, was, changes[entry_id], named_by)
            elif entry_id not in changes:
                yield EntryDifference("added", table, entry_id)
            elif changes[entry_id]:
                yield EntryDifference("changed", table, entry_id, changes=changes[entry_id])

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """Yield each entry that is in both files, as (old, new), in the order of the old file."""
        for name, entry in self._old.entries.items():
            now = self._successor(name)
            if now is not None:
                yield entry, now

    def _successor(self, name: _Name) -> Entry | None:
        if name in self._gone:
            return self._new.file.entries.get(self._new_id.get(name.id, ""))
        return self._new.entries.get(name)

    def _in_file_order(self) -> list[tuple[Entry, bool]]:
        """Return all entries and whether each is gone, those right after their old predecessor."""
        place = {entry.id: number for number, entry in enumerate(self._new.entries.values())}
        order = [(place[entry.id], False, entry) for entry in self._new.entries.values()]
        last = -1
        for name, entry in self._old.entries.items():
            now = self._successor(name)
            last = place[now.id] if now else last
            order += [] if now else [(last, True, entry)]
        own = (Case.table, *(entry_type.table for entry_type in ENTRY_TYPES))
        names = (*own, *self._new.file.free_tables, *self._old.file.free_tables)
        tables = {name: number for number, name in enumerate(dict.fromkeys(names))}
        order.sort(key=lambda one: (tables[one[2].table_name], *one[:2]))
        return [(entry, is_gone) for _, is_gone, entry in order]

    def _changes(self, was: Entry, now: Entry) -> tuple[Change, ...]:
        # Equal rows have equal reprs, which are much cheaper than canonical rows.
        if was.id == now.id and repr(self._old.row(was)) == repr(self._new.row(now)):
            return ()
        before, after = self._old.canonical_row(was), self._new.canonical_row(now)
        before = with_new_ids(before, was, self._renamed_references(was, before, now, after))
        if self._default_source is not None:
            before, after = (_without_source(one, self._default_source) for one in (before, after))
        return changes_in_canonical(before, after, type(now), self._budget)

    def _renamed_references(
        self, was: Entry, before: Mapping[str, Any], now: Entry, after: Mapping[str, Any]
    ) -> dict[str, str]:
        """Return the new ids, by the old ones, of renamed entries that both versions refer to."""
        named_before, named_after = ids_named(before, was), ids_named(after, now)
        ids = {}
        for new_id in named_after & self._old_id.keys():
            old_id = self._old_id[new_id]
            if old_id in named_before and old_id not in named_after:
                ids[old_id] = new_id
                self._named_by[new_id].append(now.id)
        return ids


def _without_source(row: Mapping[str, Any], default: str) -> dict[str, Any]:
    if not isinstance(row.get("cites"), list):
        return dict(row)
    cites = [dict(cite) if isinstance(cite, dict) else cite for cite in row["cites"]]
    for cite in cites:
        if isinstance(cite, dict) and cite.get("source") == default:
            del cite["source"]
    return {**row, "cites": cites}


def _declaration_differences(
    old: CaseFile, new: CaseFile, budget: Budget
) -> Iterator[EntryDifference]:
    """Yield the changes in declarations of tables that are not in the format."""
    for name in [*new.free_tables, *(one for one in old.free_tables if one not in new.free_tables)]:
        before, after = (_declared(one, name) for one in (old, new))
        changes = changes_in_canonical(before, after, FreeEntry, budget)
        if changes:
            yield EntryDifference("changed", FreeTable.table, name, changes=changes)


def _declared(case_file: CaseFile, name: str) -> dict[str, Any]:
    table = case_file.free_tables.get(name)
    declared = msgspec.json.decode(msgspec.json.encode(table)) if table else {}
    return {key: value for key, value in declared.items() if key != "name"}


def _reordered(comparison: _Comparison, new: CaseFile) -> Iterator[Reordered]:
    """Yield the entries that moved on the timeline only because of their place in the file."""
    old_places = {now.id: number for number, (_, now) in enumerate(comparison.pairs())}
    in_both = [one for one in select_timeline_entries(new) if one.id in old_places]
    if len(longest_ascending([old_places[one.id] for one in in_both])) == len(in_both):
        return
    now = _order(in_both)
    then = _order([replace(one, place=old_places[one.id]) for one in in_both])
    place_then = {entry_id: number for number, entry_id in enumerate(then)}
    stayed = longest_ascending([place_then[entry_id] for entry_id in now])
    for number, entry_id in enumerate(now):
        if place_then[entry_id] not in stayed:
            yield Reordered(entry_id, now[number - 1] if number else None)


def _order(several: list[TimelineEntry]) -> list[str]:
    timeline = build_timeline(several)
    return [*(one.id for one in timeline.placed), *timeline.unplaced]
