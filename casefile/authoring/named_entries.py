"""Entries created for the names in the cells of a spreadsheet: one for each name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from casefile.authoring.new_ids import IdPool
from casefile.authoring.toml_text import Value, comment_lines, entry_lines
from casefile.case.model import Entry, Party
from casefile.case.party_types import UNKNOWN
from casefile.text.normal_forms import normalized

ImportedEntries: TypeAlias = Mapping[type[Entry], "NamedEntries"]
"""The entries that are created for names in a spreadsheet, by type."""


class NamedEntries:
    """The entries of one table that are created for names, in the order of first mention.

    Names that differ only in case or spacing are the same.
    """

    def __init__(self, entry_type: type[Entry], ids: IdPool) -> None:
        self._type = entry_type
        self._ids = ids
        self._entries: dict[tuple[str, str], dict[str, Value]] = {}
        self._spellings: dict[tuple[str, str], list[str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def id_of(self, name: str, url: str = "") -> str:
        """Return the id of the entry for a name, and create the entry if it is new."""
        name = " ".join(name.split())
        identity = normalized("NFKC", name).casefold(), url
        if identity not in self._entries:
            self._entries[identity] = self._create(name, url)
        spellings = self._spellings.setdefault(identity, [])
        if name not in spellings:
            spellings.append(name)
        return str(self._entries[identity]["id"])

    def lines(self) -> Iterator[str]:
        """Yield the entries as lines of TOML, each after an empty line."""
        for identity, keys in self._entries.items():
            yield ""
            yield from entry_lines(self._type.table, keys)
            for spelling in self._spellings[identity][1:]:
                yield from comment_lines(f"Also written: {spelling}")

    def _create(self, name: str, url: str) -> dict[str, Value]:
        words = re.sub(r"^https?://(?:www\.)?", "", name)
        otherwise = f"{self._type.table}-{len(self) + 1}"
        keys: dict[str, Value] = {"id": self._ids.take_for(words, otherwise)}
        if self._type is Party:
            return keys | {"name": name, "type": UNKNOWN}
        return keys | {"title": name} | ({"url": url} if url else {})
