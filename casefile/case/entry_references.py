"""The references that an entry makes to other entries, its cites excepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from casefile.case.model import Entry, FreeEntry, reference_fields, references_in_field
from casefile.case.normalise import key_of


class OutgoingReference(NamedTuple):
    """A reference from an entry to another entry, or to itself, under one of its keys."""

    entry: Entry
    field: str
    key: str
    number: int
    """The index of the reference among those under the same key, from 0."""
    to: str
    role: str | None = None


def outgoing_references(entry: Entry) -> Iterator[OutgoingReference]:
    """Yield every reference that `entry` makes, in the order of its fields."""
    for field in reference_fields(type(entry)):
        for number, mention in enumerate(references_in_field(entry, field)):
            key = key_of(type(entry), field)
            yield OutgoingReference(entry, field, key, number, mention.to, mention.role)
    if isinstance(entry, FreeEntry):
        for key, ids in entry.refers.items():
            yield from (
                OutgoingReference(entry, key, key, number, to) for number, to in enumerate(ids)
            )
