"""What the record disputes: the entries, and the values that sources give for them instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from casefile.case.cite_fields import as_mentions, parse_field, value_inside
from casefile.case.dating.dates import EdtfDate
from casefile.case.model import CaseFile, Cite, Entry, FreeEntry, Mention
from casefile.case.normalise import field_of
from casefile.case.positions import KeyPath
from casefile.case.relations import actors_of, date_of, locations_of, own_cites


class CompetingValue(NamedTuple):
    """A value that a source gives for a field, other than that of the entry."""

    path: KeyPath
    """The key, and where in its value; indices count from 0."""
    value: Any
    source: str | None

    @property
    def key(self) -> str:
        """The key of the field."""
        return str(self.path[0])


def competing_values(case_file: CaseFile, entry: Entry) -> tuple[CompetingValue, ...]:
    """Return the values that the sources of an entry give for its fields instead, in file order."""
    # Few entries have any, and all entries of a case are asked for them.
    if all(cite.value is None for cite in entry.cites):
        return ()
    return tuple(
        CompetingValue(path, cite.value, case_file.source_of(cite))
        for cite, _places, _quote in own_cites(case_file, entry)
        if cite.value is not None
        and (path := parse_field(cite.field))
        and not is_value_of(case_file, entry, cite)
    )


def is_value_of(case_file: CaseFile, entry: Entry, cite: Cite) -> bool:
    """Return whether the value of a cite is that of the entry, or of the event it is taken from."""
    key, *inside = parse_field(cite.field)
    stated = value_inside(stated_value(case_file, entry, str(key)), tuple(inside))
    if isinstance(stated, tuple) and len(stated) != _length(cite.value):
        # Also because a long list would be converted for each of many cites.
        return False
    if _holds_mention(cite.value):
        stated = as_mentions(stated)
    return bool(_comparable(stated) == _comparable(cite.value))


def stated_value(case_file: CaseFile, entry: Entry, key: str) -> Any:
    """Return what an entry has under a key, or takes from its event or quote; None if nothing."""
    if isinstance(entry, FreeEntry) and key in entry.own:
        return entry.refers.get(key, entry.own[key])
    field = field_of(type(entry), key)
    own = getattr(entry, field) if field else case_file.rows[entry.id].get(key)
    if own in (None, ()):
        match key:
            case "date":
                return date_of(case_file, entry)
            case "by":
                return actors_of(case_file, entry) or None
            case "location":
                return locations_of(case_file, entry) or None
    return own


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, tuple) else None


def _holds_mention(value: Any) -> bool:
    return any(isinstance(one, Mention) for one in (value if isinstance(value, tuple) else [value]))


def _comparable(value: Any) -> Any:
    """Return a value without how it is written."""
    return (value.shape, value.spans) if isinstance(value, EdtfDate) else value


def disputed_entries(case_file: CaseFile) -> frozenset[str]:
    """Return the ids of the entries that the record disputes.

    Those are the entries with the status “disputed”, those that contradict one another, and those
    that a source contradicts or gives another value for.
    """
    return frozenset(_disputed(case_file))


def _disputed(case_file: CaseFile) -> Iterator[str]:
    for entry in case_file.entries.values():
        contradicted = [one for one in entry.contradicts if one in case_file.entries]
        yield from contradicted
        is_contradicted_by_source = any(cite.stance == "contradicts" for cite in entry.cites)
        if (
            entry.status == "disputed"
            or contradicted
            or is_contradicted_by_source
            or competing_values(case_file, entry)
        ):
            yield entry.id
