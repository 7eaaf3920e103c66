"""Which notes have to do with a confidential source, and leave only in exports that name them.

A note has the row of its entry in it. So it has to do with a confidential source if it is on that
source, or on an entry that cites or names it, now or when the note was written, or that takes its
title or its cites from one that does, directly or through others. Nobody can say whether a source
is confidential that the case doesn't have any more, or whose case file is not at hand: it counts as
such. So does an entry that has changed since a note without its row was written. What the reader
wrote is not searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casefile.case.model import CaseFile, Entry, FreeEntry, Source
from casefile.notes.annotation import Revision, digest_of, row_of
from casefile.text.ids import is_id

_TITLED = ("in_quote", "subject", "object", "speaker")
"""The keys of references to entries from which a row takes its cites, or its title; those of custom
tables are others."""


class Confidential:
    """The confidential sources of a case, and what has to do with them."""

    def __init__(self, case_file: CaseFile | None) -> None:
        """Find the confidential sources of a case; without its file, any source may be one."""
        self._rows: Mapping[str, Mapping[str, Any]] = case_file.rows if case_file else {}
        self._entries: Mapping[str, Entry] = case_file.entries if case_file else {}
        self._default = case_file.case.source if case_file else None
        self._is_at_hand = case_file is not None
        self._known = {source.id for source in case_file.of(Source)} if case_file else set()
        self._sources = {entry for entry, row in self._rows.items() if _is_marked(row)}

    def concerns(self, revision: Revision) -> bool:
        """Whether a revision has to do with a confidential source, or may have."""
        target = revision.target
        row = row_of(target)
        return (
            self._concerns_row(self._rows.get(revision.entry, {}))
            or (row is None and self._has_changed(revision))
            or (revision.entry not in self._rows and not _is_own(target.label, revision.entry, row))
            or self._concerns_row(row or {})
            or not self._sources.isdisjoint(_heads(target.field))
            or any(self._is_confidential(source) for source in target.sources)
        )

    def _has_changed(self, revision: Revision) -> bool:
        """Whether a revision without a row was written on another row than its entry has now."""
        row = self._rows.get(revision.entry)
        return row is None or digest_of(row)[1] != revision.target.digest

    def _concerns_row(self, row: Mapping[str, Any]) -> bool:
        """Whether a row, or one from which it takes its title or cites, names such a source."""
        seen = set[str]()
        rows = [row]
        for one in rows:
            named = set(self._named(one)) - seen
            if self._concerns_itself(one) or not named <= self._rows.keys():
                return True
            seen |= named
            rows += [self._rows[entry] for entry in named]
        return False

    def _concerns_itself(self, row: Mapping[str, Any]) -> bool:
        return (
            _is_marked(row)
            or not self._sources.isdisjoint(_heads(row))
            or any(map(self._is_confidential, self._cited(row)))
        )

    def _named(self, row: Mapping[str, Any]) -> Iterator[str]:
        """Yield the ids of the entries from which a row takes its title or cites."""
        entry = self._entries.get(str(row.get("id")))
        refers = entry.refers if isinstance(entry, FreeEntry) else ()
        for key in (*_TITLED, *refers):
            value = row.get(key, [])
            yield from map(str, value if isinstance(value, list) else [value])

    def _cited(self, row: Mapping[str, Any]) -> Iterator[str | None]:
        """Yield the sources that a row cites; None for the case's, if that is not known."""
        cites = row.get("cites", ())
        for cite in cites if isinstance(cites, list) else [cites] if cites else []:
            named = cite.get("source") if isinstance(cite, dict) else next(_heads(cite), "")
            if isinstance(named, str) and is_id(named):
                yield named
            elif self._default or not self._is_at_hand:
                yield self._default

    def _is_confidential(self, source: str | None) -> bool:
        return source in self._sources or source not in self._known


def _is_marked(row: Mapping[str, Any]) -> bool:
    # Anything but false, since a mistake must not publish a source.
    return row.get("confidential", False) is not False


def _is_own(title: str, entry_id: str, row: Mapping[str, Any] | None) -> bool:
    """Whether a title is made from nothing but a row: of a custom table, keys may name entries."""
    return title in ("", entry_id, *(row or {}).values())


def _heads(value: object) -> Iterator[str]:
    """Yield what may be an id at the start of each text in a value, as in “wvue, para 9”."""
    if isinstance(value, str):
        yield value.partition(",")[0].strip()
    elif isinstance(value, Mapping | list | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _heads(one)
