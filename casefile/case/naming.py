"""Which entries an entry names, cites apart: under which of its keys, and as which of several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from casefile.case.model import Entry, FreeEntry, named, reference_fields
from casefile.case.normalise import key_of


class Naming(NamedTuple):
    """That an entry names another, or itself, under one of its keys."""

    entry: Entry
    field: str
    key: str
    number: int
    """Its place among what the key names, from 0."""
    to: str
    role: str | None = None


def namings_of(entry: Entry) -> Iterator[Naming]:
    """Give every reference that an entry makes, in the order of its fields."""
    for field in reference_fields(type(entry)):
        for number, mention in enumerate(named(entry, field)):
            key = key_of(type(entry), field)
            yield Naming(entry, field, key, number, mention.to, mention.role)
    if isinstance(entry, FreeEntry):
        for key, several in entry.refers.items():
            yield from (Naming(entry, key, key, *one) for one in enumerate(several))
