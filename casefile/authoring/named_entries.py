"""Entries made of the names in a sheet's cells: one for each name, however it is spaced."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from casefile.authoring.new_ids import Ids
from casefile.authoring.toml_text import Value, comment, entry
from casefile.case.model import Entry, Issue, Party, Source


class Made:
    """The entries of one table that are made of names, in the order in which they are met."""

    def __init__(self, entry_type: type[Entry], ids: Ids) -> None:
        """Begin with none; their ids are taken from `ids`."""
        self._type = entry_type
        self._ids = ids
        self._entries: dict[tuple[str, str], dict[str, Value]] = {}
        self._spellings: dict[tuple[str, str], list[str]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def id_of(self, name: str, url: str = "") -> str:
        """Give the id of the entry of a name, which is made if it is new."""
        name = " ".join(name.split())
        known_as = unicodedata.normalize("NFKC", name).casefold(), url
        if known_as not in self._entries:
            self._entries[known_as] = self._made(name, url)
        spellings = self._spellings.setdefault(known_as, [])
        if name not in spellings:
            spellings.append(name)
        return str(self._entries[known_as]["id"])

    def lines(self) -> Iterator[str]:
        """Give them as TOML, each after an empty line."""
        for known_as, keys in self._entries.items():
            yield ""
            yield from entry(self._type.table, keys)
            for spelling in self._spellings[known_as][1:]:
                yield from comment(f"Also written: {spelling}")

    def _made(self, name: str, url: str) -> dict[str, Value]:
        words = re.sub(r"^https?://(?:www\.)?", "", name)
        otherwise = f"{self._type.table}-{len(self) + 1}"
        keys: dict[str, Value] = {"id": self._ids.made_of(words, otherwise)}
        if self._type is Party:
            return keys | {"name": name, "type": "Unknown"}
        return keys | {"title": name} | ({"url": url} if url else {})


class Makings:
    """What the rows of a sheet make beside their own entries: sources, parties and issues."""

    def __init__(self, ids: Ids) -> None:
        """Begin with none."""
        self.sources = Made(Source, ids)
        self.parties = Made(Party, ids)
        self.issues = Made(Issue, ids)

    def of(self, entry_type: type[Entry]) -> Made:
        """Give those that are made for a table."""
        return {Source: self.sources, Party: self.parties, Issue: self.issues}[entry_type]
