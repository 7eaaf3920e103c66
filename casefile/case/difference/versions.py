"""What changed between two versions of a case file: entry by entry, and in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from casefile.case.difference.changes import Change, changes_of_meaning, in_order, meaning_of
from casefile.case.difference.renaming import ids_named, likely_renamed, with_new_ids
from casefile.case.model import ENTRY_TYPES, Case, CaseFile, Entry, FreeEntry, Source
from casefile.case.normalise import unknown_keys
from casefile.case.reader import DECLARATIONS
from casefile.case.timeline.chronology import Happening, chronology
from casefile.case.timeline.timeline_entries import happenings

Fate = Literal["added", "gone", "changed", "renamed"]


class EntryDifference(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one entry, or of one declared table."""

    fate: Fate
    table: str
    id: str
    was: str | None = None
    """Of a renamed entry, the id that is likely its old one."""
    changes: tuple[Change, ...] = ()
    named_by: tuple[str, ...] = ()
    """Of a renamed entry, those that name it by its new id where they named it by its old one."""


class Reordered(msgspec.Struct, frozen=True):
    """That an entry stands elsewhere on the timeline for no reason but its place in the file."""

    id: str
    after: str | None
    """What it stands right after now; None where it is the first."""


class Difference(msgspec.Struct, frozen=True):
    """All that means something different in the new file than in the old one."""

    cases: tuple[str, str]
    """The id of the old case, and of the new one."""
    entries: tuple[EntryDifference, ...] = ()
    """In the order of the new file; what is gone stands where it stood."""
    reordered: tuple[Reordered, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything does."""
        old_case, new_case = self.cases
        return old_case != new_case or bool(self.entries or self.reordered)


def difference(old: CaseFile, new: CaseFile) -> Difference:
    """Give what changed from one version of a case file to another."""
    comparison = _Comparison(_Version(old), _Version(new))
    return Difference(
        (old.case.id, new.case.id),
        (*_of_declarations(old, new), *comparison.entries()),
        tuple(_reordered(comparison, new)),
    )


class _Name(NamedTuple):
    """What an entry is compared under: there is one case in a file, whatever its id."""

    table: str
    id: str


class _Version:
    """One of the two files: its entries, and what each of them says."""

    def __init__(self, case_file: CaseFile) -> None:
        self.file = case_file
        self.source_ids = frozenset(source.id for source in case_file.of(Source))
        self.entries = {_name_of(entry): entry for entry in case_file.entries.values()}

    def row(self, entry: Entry) -> dict[str, Any]:
        """Give an entry's row as parsed; the case's with what stands alone at the file's top."""
        row = self.file.rows[entry.id]
        if not isinstance(entry, Case):
            return row
        own = unknown_keys(row, Case)
        unknown = self.file.unknown.get(entry.id, {})
        return {key: value for key, value in unknown.items() if key not in own} | row

    def meaning(self, entry: Entry) -> dict[str, Any]:
        """Give what an entry's row says, but for its id."""
        meaning = meaning_of(self.row(entry), type(entry), self.source_ids)
        return {key: value for key, value in meaning.items() if key != "id"}


def _name_of(entry: Entry) -> _Name:
    return _Name(entry.table_name, "" if isinstance(entry, Case) else entry.id)


class _Comparison:
    """Two versions of a file, and what each entry of the old one has become."""

    def __init__(self, old: _Version, new: _Version) -> None:
        self._old = old
        self._new = new
        self._gone = {name: one for name, one in old.entries.items() if name not in new.entries}
        self._added = {name: one for name, one in new.entries.items() if name not in old.entries}
        self._new_id = likely_renamed(
            {entry.id: (entry, old.meaning(entry)) for entry in self._gone.values()},
            {entry.id: (entry, new.meaning(entry)) for entry in self._added.values()},
        )
        self._old_id = {now: was for was, now in self._new_id.items()}
        default = old.file.case.source
        default = self._new_id.get(default, default) if default else None
        self._default_source = default if default == new.file.case.source else None
        self._named_by: defaultdict[str, list[str]] = defaultdict(list)

    def entries(self) -> Iterator[EntryDifference]:
        """Give what became of each entry, in the order of the new file."""
        # Who names an entry by its new id is known once all have been compared.
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
        """Give each entry that is in both files as it was and as it is, in the old order."""
        for name, entry in self._old.entries.items():
            now = self._successor(name)
            if now is not None:
                yield entry, now

    def _successor(self, name: _Name) -> Entry | None:
        if name in self._gone:
            return self._new.file.entries.get(self._new_id.get(name.id, ""))
        return self._new.entries.get(name)

    def _in_file_order(self) -> list[tuple[Entry, bool]]:
        """Give every entry and whether it is gone; the gone right after what stood before them."""
        place = {entry.id: number for number, entry in enumerate(self._new.entries.values())}
        order = [(place[entry.id], False, entry) for entry in self._new.entries.values()]
        last = -1
        for name, entry in self._old.entries.items():
            now = self._successor(name)
            last = place[now.id] if now else last
            order += [] if now else [(last, True, entry)]
        tables = {name: number for number, name in enumerate(self._tables())}
        order.sort(key=lambda one: (tables[one[2].table_name], *one[:2]))
        return [(entry, is_gone) for _, is_gone, entry in order]

    def _tables(self) -> Iterable[str]:
        own = (Case.table, *(entry_type.table for entry_type in ENTRY_TYPES))
        return dict.fromkeys((*own, *self._new.file.free_tables, *self._old.file.free_tables))

    def _changes(self, was: Entry, now: Entry) -> tuple[Change, ...]:
        # The text of equal rows is equal, and much cheaper to make than their meanings.
        if was.id == now.id and repr(self._old.row(was)) == repr(self._new.row(now)):
            return ()
        before, after = self._old.meaning(was), self._new.meaning(now)
        before = with_new_ids(before, was, self._followed(was, before, now, after))
        if self._default_source is not None:
            before, after = (_without_source(one, self._default_source) for one in (before, after))
        return changes_of_meaning(before, after, type(now))

    def _followed(
        self, was: Entry, before: Mapping[str, Any], now: Entry, after: Mapping[str, Any]
    ) -> dict[str, str]:
        """Give the new ids, by the old ones, that an entry names where it named the old ones."""
        named_before, named_after = ids_named(before, was), ids_named(after, now)
        ids = {}
        for new_id in named_after & self._old_id.keys():
            old_id = self._old_id[new_id]
            if old_id in named_before and old_id not in named_after:
                ids[old_id] = new_id
                self._named_by[new_id].append(now.id)
        return ids


def _without_source(meaning: Mapping[str, Any], default: str) -> dict[str, Any]:
    """Give a meaning whose cites don't name the source that they have by default."""
    cites = meaning.get("cites")
    if not isinstance(cites, list):
        return dict(meaning)
    bare = [
        {key: value for key, value in cite.items() if (key, value) != ("source", default)}
        if isinstance(cite, dict)
        else cite
        for cite in cites
    ]
    return {**meaning, "cites": bare}


def _of_declarations(old: CaseFile, new: CaseFile) -> Iterator[EntryDifference]:
    """Give what is declared otherwise of the tables that the format does not name."""
    for name in [*new.free_tables, *(one for one in old.free_tables if one not in new.free_tables)]:
        before, after = (_declared(one, name) for one in (old, new))
        changes = changes_of_meaning(before, after, FreeEntry)
        if changes:
            yield EntryDifference("changed", DECLARATIONS, name, changes=changes)


def _declared(case_file: CaseFile, name: str) -> dict[str, Any]:
    table = case_file.free_tables.get(name)
    declared: dict[str, Any] = msgspec.to_builtins(table) if table else {}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in declared.items()
        if key != "name"
    }


def _reordered(comparison: _Comparison, new: CaseFile) -> Iterator[Reordered]:
    """Give what stands elsewhere on the timeline only because it stands elsewhere in the file."""
    old_place = {now.id: number for number, (_, now) in enumerate(comparison.pairs())}
    in_both = [one for one in happenings(new) if one.id in old_place]
    if len(in_order([old_place[one.id] for one in in_both])) == len(in_both):
        return
    now = _order(in_both)
    place_then = {
        entry_id: number
        for number, entry_id in enumerate(
            _order([replace(one, place=old_place[one.id]) for one in in_both])
        )
    }
    stayed = in_order([place_then[entry_id] for entry_id in now])
    for number, entry_id in enumerate(now):
        if place_then[entry_id] not in stayed:
            yield Reordered(entry_id, now[number - 1] if number else None)


def _order(several: list[Happening]) -> list[str]:
    timeline = chronology(several)
    return [*(one.id for one in timeline.placed), *timeline.unplaced]
