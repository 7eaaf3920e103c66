"""Comparing two versions of a row, key by key, independent of how they are written."""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence, Set
from math import isfinite
from typing import Any

import msgspec

from casefile.case.dating.date_error import DateError
from casefile.case.dating.dates import DateSpan, Shape
from casefile.case.dating.edtf import parse
from casefile.case.difference.budget import Budget
from casefile.case.difference.text_changes import TextPiece, compare_texts, words_in
from casefile.case.model import Entry
from casefile.case.normalise import date_keys, normalise_row, without_defaults
from casefile.case.source_names import SourceNames
from casefile.limits import Extent

_MOST_PAIRS = 10_000
"""The most pairs of list elements that are compared to find those that changed in part."""
_STEPS_PER_VALUE = 40
"""What it costs to compare a value of a row, beside its characters."""
_MIN_SIMILARITY: Mapping[type, float] = {dict: 1 / 3, str: 1 / 2}
"""How similar, in items or words, two elements have to be to count as one that changed."""
# In two zones, so that a time with an offset differs from one without.
_ZONES = (dt.UTC, dt.timezone(dt.timedelta(hours=1)))


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of the value of a key, or of an element of a list.

    A value that is missing before or after is None, which a case file can't contain.
    """

    name: str | int
    """The key, or the position of an element, from 1, in the new list or, if gone, in the old."""
    before: Any
    after: Any
    moved_from: int | None = None
    """The old position of an element that changed its order with others."""
    within: tuple[Change, ...] = ()
    """The changes inside it: of a table by key, of a list by element."""
    pieces: tuple[TextPiece, ...] = ()
    """If a text changed in part: what stayed, what is gone and what was added."""


def changes_between(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    entry_type: type[Entry],
    sources: SourceNames,
    budget: Budget,
) -> tuple[Change, ...]:
    """Return what changed in a row, by key, and spend what it costs.

    The rows are as parsed from a file or from the snapshot of a note. A cite that has one of the
    names in `sources` is of that source, any other is a place in the default source.
    """
    old = canonical_row(before, entry_type, sources)
    new = canonical_row(after, entry_type, sources)
    budget.spend(cost_of(old) + cost_of(new))
    return changes_in_canonical(old, new, entry_type, budget)


def cost_of(row: Mapping[str, Any]) -> int:
    """Return the steps that it takes to compare a row of plain values with another, by key."""
    return len(canonical_json(row)) + _STEPS_PER_VALUE * Extent(row).values


def canonical_row(
    row: Mapping[str, Any], entry_type: type[Entry], sources: SourceNames
) -> dict[str, Any]:
    """Return a row in canonical form, which is the same however the row is written.

    Short forms are expanded, defaults are left out, and values that JSON doesn't have are text,
    as in the snapshot of a note.
    """
    shape = without_defaults(normalise_row(row, entry_type, sources), entry_type)
    return {key: _plain(value) for key, value in shape.items()}


def changes_in_canonical(
    before: Mapping[str, Any], after: Mapping[str, Any], entry_type: type[Entry], budget: Budget
) -> tuple[Change, ...]:
    """Compare two rows in canonical form; the changes are in the order of the new row's keys."""
    same_dates = {
        key: before[key]
        for key in date_keys(entry_type) & before.keys() & after.keys()
        if _is_same_date(before[key], after[key])
    }
    return changes_by_key(before, {**after, **same_dates}, budget)


def changes_by_key(
    before: Mapping[str, Any], after: Mapping[str, Any], budget: Budget
) -> tuple[Change, ...]:
    """Compare two tables of plain values; the changes are in the order of the new one's keys.

    The budget is for finding what changed within texts, and which elements of lists changed in
    part. Once it is spent, whole texts have changed, and whole elements are gone or added.
    """
    keys = [*after, *(key for key in before if key not in after)]
    changes = (_change(key, before.get(key), after.get(key), budget) for key in keys)
    return tuple(change for change in changes if change)


def canonical_json(value: Any) -> str:
    """Return a text that is the same for two plain values if and only if they are equal."""
    return json.dumps(value, sort_keys=True)


def longest_ascending(places: Sequence[int]) -> set[int]:
    """Return a longest ascending subsequence of distinct numbers; the others have moved."""
    ends: list[int] = []
    end_at: list[int] = []
    previous: list[int | None] = []
    for at, place in enumerate(places):
        length = bisect_left(ends, place)
        previous.append(end_at[length - 1] if length else None)
        ends[length : length + 1] = [place]
        end_at[length : length + 1] = [at]
    ascending = set()
    step = end_at[-1] if end_at else None
    while step is not None:
        ascending.add(places[step])
        step = previous[step]
    return ascending


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat().replace("+00:00", "Z")
        case float() if not isfinite(value):
            return str(value)
        case float() if value.is_integer():
            return int(value)
    return value


def _is_same_date(one: Any, other: Any) -> bool:
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    try:
        return all(_spans(one, zone) == _spans(other, zone) for zone in _ZONES)
    except DateError:
        return False


def _spans(written: str, zone: dt.tzinfo) -> tuple[Shape, tuple[DateSpan, ...]]:
    when = parse(written, zone)
    return when.shape, when.spans


def _change(
    name: str | int, before: Any, after: Any, budget: Budget, moved_from: int | None = None
) -> Change | None:
    """Return the change of a value, or None if neither the value nor its position changed."""
    within: tuple[Change, ...] = ()
    pieces: tuple[TextPiece, ...] = ()
    match before, after:
        case dict(), dict():
            within = changes_by_key(before, after, budget)
        case (list(), list()) | (None, list()) | (list(), None):
            within = tuple(_by_element(before or [], after or [], budget))
        case str(), str() if before != after:
            pieces = compare_texts(before, after, budget)
    if not moved_from and canonical_json(before) == canonical_json(after):
        return None
    return Change(name, before, after, moved_from, within, pieces)


def _by_element(before: list[Any], after: list[Any], budget: Budget) -> list[Change]:
    """Compare two lists; the changes are in the order of the new one."""
    old_places = _paired(before, after, budget)
    stayed = longest_ascending([old_places[place] for place in sorted(old_places)])
    gone = set(range(len(before))) - set(old_places.values())
    changes = [Change(place + 1, before[place], None) for place in gone]
    for place, element in enumerate(after):
        old = old_places.get(place)
        if old is None:
            changes.append(Change(place + 1, None, element))
            continue
        moved_from = None if old in stayed else old + 1
        change = _change(place + 1, before[old], element, budget, moved_from)
        changes += [change] if change else []
    return sorted(changes, key=lambda change: (change.name, change.after is not None))


def _paired(before: list[Any], after: list[Any], budget: Budget) -> dict[int, int]:
    """Return the old places of the elements that were there before, by their new places."""
    unpaired: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, element in enumerate(before):
        unpaired[canonical_json(element)].append(place)
    pairs = {}
    for place, element in enumerate(after):
        equals = unpaired[canonical_json(element)]
        if equals:
            pairs[place] = equals.popleft()
    old_rest = sorted(place for places in unpaired.values() for place in places)
    new_rest = [place for place in range(len(after)) if place not in pairs]
    if old_rest == new_rest and len(new_rest) == 1:
        return pairs | {new_rest[0]: old_rest[0]}
    return pairs | _similar(before, after, old_rest, new_rest, budget)


def _similar(
    before: list[Any], after: list[Any], old_rest: list[int], new_rest: list[int], budget: Budget
) -> dict[int, int]:
    """Pair elements that changed in part, the most similar first."""
    if len(old_rest) * len(new_rest) > _MOST_PAIRS:
        return {}
    old_items = {place: _items(before[place]) for place in old_rest}
    new_items = {place: _items(after[place]) for place in new_rest}
    if not budget.spend(len(new_items) * _size(old_items) + len(old_items) * _size(new_items)):
        return {}
    scored = []
    for new, items in new_items.items():
        for old in old_rest:
            if type(before[old]) is type(after[new]):
                similarity = jaccard_similarity(old_items[old], items)
                if similarity >= _MIN_SIMILARITY.get(type(after[new]), 1):
                    scored.append((-similarity, abs(new - old), new, old))
    pairs: dict[int, int] = {}
    for _similarity, _distance, new, old in sorted(scored):
        if new not in pairs and old not in pairs.values():
            pairs[new] = old
    return pairs


def _size(items: Mapping[int, Set[str]]) -> int:
    """Return the number of some elements and of the items in them."""
    return sum(1 + len(several) for several in items.values())


def jaccard_similarity(one: Set[str], other: Set[str]) -> float:
    """Return the Jaccard similarity of two sets, from 0 to 1."""
    return len(one & other) / (len(one | other) or 1)


def _items(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {f"{key}={canonical_json(one)}" for key, one in value.items()}
    return set(words_in(value)) if isinstance(value, str) else set()
