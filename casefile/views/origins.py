"""From which sources a row has its words: those that it, or what it takes its title from, names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from casefile.case.model import CaseFile, Entry, FreeEntry, Source
from casefile.case.normalise import hints_by_key
from casefile.case.source_names import fold_abbreviation, source_names
from casefile.case.sources.pins import parse_pin
from casefile.text.ids import is_id
from casefile.text.suggestions import KnownNames

_TITLED = ("in_quote", "subject", "object", "speaker")
"""The keys of references to entries from which a row takes its cites, or its title; those of custom
tables are others."""
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_MOST_MARKED = 20
"""The most rows that are looked at to mark an entry; links of links may go through all of them."""


class Origins:
    """The sources of a case, and what its rows have from them; without its file, none is known."""

    def __init__(self, case_file: CaseFile | None) -> None:
        self._rows: Mapping[str, Mapping[str, Any]] = case_file.rows if case_file else {}
        self._entries: Mapping[str, Entry] = case_file.entries if case_file else {}
        self._default = case_file.case.source if case_file else None
        self.known = {source.id for source in case_file.of(Source)} if case_file else set()
        """The ids of the sources in the file."""
        # Also what is no entry: of two sources with one id, either may be meant.
        left_out = case_file.left_out if case_file else ()
        marked = filter(is_confidential_row, [*self._rows.values(), *left_out])
        keys = KnownNames(hints_by_key(Source))
        sources = [*map(self._rows.__getitem__, self.known), *left_out]
        mistyped = (row for row in sources if _has_mistyped_mark(row, keys))
        self.confidential = {str(row.get("id")) for row in (*marked, *mistyped)}
        """The ids of the confidential ones, and of what may be one by mistake."""
        self._names = source_names(sources)
        self._by_abbreviation = {
            folded: str(row.get("id"))
            for row in sorted(sources, key=lambda row: str(row.get("id")) in self.confidential)
            if (folded := fold_abbreviation(str(row.get("abbreviation") or "")))
        }
        """The source of each abbreviation; of two with the same, the confidential one."""
        self._ids = self.known | self.confidential
        # Of two ids that differ in case only, the confidential one.
        self._by_word = {one.casefold(): one for one in (*self.known, *self.confidential)}
        self._of_entries: dict[str, frozenset[str | None]] = {}

    def of_entry(self, entry_id: str) -> frozenset[str | None]:
        """Return the sources of the row that an entry has now, as `of_row` does."""
        if entry_id not in self._of_entries:
            sources = self.of_row(self._rows.get(entry_id, {}), (self._default,))
            self._of_entries[entry_id] = frozenset(sources)
        return self._of_entries[entry_id]

    def confidential_of(self, entry_id: str) -> list[str]:
        """Return the ids of the confidential sources among those of an entry, sorted.

        Of the rows that it has its title from, only the nearest are looked at.
        """
        if not self.confidential:
            return []
        sources = self._of_row(self._rows.get(entry_id, {}), (self._default,), _MOST_MARKED)
        return sorted(self.confidential.intersection(sources))

    def of_row(
        self, row: Mapping[str, Any], default: tuple[str | None, ...]
    ) -> Iterator[str | None]:
        """Yield the sources that are named in a row, or one it takes its title or its cites from.

        That may be what the case lacks, as an entry that has gone. `default` is what a cite is of
        that names no source; None stands for one of which nobody can say which it is.
        """
        return self._of_row(row, default)

    def _of_row(
        self, row: Mapping[str, Any], default: tuple[str | None, ...], most: int | None = None
    ) -> Iterator[str | None]:
        """Yield the sources of a row from that row and those it has its title from: `most` rows."""
        seen = set[str]()
        rows = [row]
        for one in islice(rows, most):
            named = set(self._titled(one)) - seen
            yield from self.named_in(one)
            yield from self._cited(one, default if one is row else (self._default,))
            seen |= named
            yield from (entry for entry in named if entry not in self._rows)
            rows += [self._rows[entry] for entry in named if entry in self._rows]

    def named_in(self, value: object) -> Iterator[str]:
        """Yield the sources of the case whose ids are in a value, such as a row.

        Where ids belong, as in a cite, any word may be one: a mistake must not publish a source.
        """
        yield from filter(None, map(self._at_start, _heads(value)))
        for text in _texts_with_ids(value) if isinstance(value, Mapping) else ():
            words = (word.rstrip("-") for word in _WORD.findall(text.casefold()))
            yield from (self._by_word[word] for word in words if word in self._by_word)
            folded = fold_abbreviation(text) if self._by_abbreviation else ""
            yield from (of for one, of in self._by_abbreviation.items() if one in folded)

    def _at_start(self, text: str) -> str | None:
        """Return the source that a text is of, by its id or by abbreviation and place."""
        if text in self._ids:
            return text
        source, at = self._names.split_abbreviation(text) or (None, None)
        return source if at is None or parse_pin(at) is not None else None

    def _titled(self, row: Mapping[str, Any]) -> Iterator[str]:
        """Yield the ids of the entries from which a row takes its title or its cites."""
        entry = self._entries.get(str(row.get("id")))
        for key in entry.refers if isinstance(entry, FreeEntry) else _TITLED:
            # A custom table that the case no longer has may have had other texts there.
            yield from filter(is_id, map(str, _as_list(row.get(key))))

    def _cited(
        self, row: Mapping[str, Any], default: tuple[str | None, ...]
    ) -> Iterator[str | None]:
        for cite in _as_list(row.get("cites")):
            named = self._named_by(cite)
            if named is None:
                yield from default
            else:
                # What is no id may be a mistake for any source.
                yield str(named) if is_id(str(named)) else None

    def _named_by(self, cite: object) -> object:
        """Return what may name a source in a cite, or None if it is a place in that of the case."""
        if not isinstance(cite, dict):
            return self._named_in_string(str(cite))
        if cite.get("source") is not None:
            return cite["source"]
        abbreviated = self._names.split_abbreviation(str(cite.get("at")))
        return abbreviated[0] if abbreviated else None

    def _named_in_string(self, cite: str) -> str | None:
        if abbreviated := self._names.split_abbreviation(cite):
            return abbreviated[0]
        head, comma, at = cite.partition(",")
        named = head.strip()
        if is_id(named) and (comma or named in self.known):
            return named
        if parse_pin(named) is not None:
            return None
        # A source stands before a place, also by an abbreviation that the case had then. Alone, any
        # word may be one.
        before, _, last = cite.rpartition(" ")
        may_be_source = parse_pin(at) is not None if comma else is_id(named)
        return named if may_be_source or (before and parse_pin(last) is not None) else None


def is_confidential_row(row: Mapping[str, Any]) -> bool:
    """Return whether a row is that of a confidential source."""
    # Anything but false, since a mistake must not publish a source.
    return row.get("confidential", False) is not False


def _has_mistyped_mark(row: Mapping[str, Any], keys: KnownNames) -> bool:
    """Return whether `confidential` is mistyped, or in a table, in the row of a source.

    `keys` are those of sources.
    """
    return any(
        value is not False and keys.nearest(key.casefold()) == "confidential"
        for key, value in _keys_in(row)
    )


def _keys_in(value: object) -> Iterator[tuple[str, object]]:
    """Yield the keys of all tables in a value, such as a row, with their values."""
    if isinstance(value, Mapping):
        yield from value.items()
    for one in _values_in(value):
        yield from _keys_in(one)


def _values_in(value: object) -> Iterable[object]:
    """Return the values in a table or a list; none in any other value."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def _texts_with_ids(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a row in which ids of sources belong: of its cites, and of `accept`."""
    for cite in _as_list(row.get("cites")):
        several = (
            map(cite.get, cite.keys() & {"source", "at"}) if isinstance(cite, dict) else [cite]
        )
        yield from map(str, several)
    accepted = row.get("accept")
    yield from map(str, accepted if isinstance(accepted, dict) else ())


def _heads(value: object) -> Iterator[str]:
    """Yield what may be an id at the start of each text in a value, as in “wvue, para 9”."""
    if isinstance(value, str):
        yield value.partition(",")[0].strip()
    else:
        for one in _values_in(value):
            yield from _heads(one)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
