"""What changed in a row from one version to another, in the shape that the model has."""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence, Set
from math import isfinite
from typing import Any

import msgspec

from casefile.case.dating.dates import Shape, Span
from casefile.case.dating.edtf import DateError, parse
from casefile.case.difference.text_changes import Piece, pieces_between, words_in
from casefile.case.model import Entry
from casefile.case.normalise import date_keys, shaped, without_defaults

_MOST_PAIRS = 10_000
"""How many pairs of elements are looked at to find those that changed in part."""
_ALIKE: Mapping[type, float] = {dict: 1 / 3, str: 1 / 2}
"""How much two elements share, of their items or words, that are one that changed."""
# Under two zones, since an hour with an offset is not the same hour without one.
_ZONES = (dt.UTC, dt.timezone(dt.timedelta(hours=1)))


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a value: that of a key, or an element of a list.

    A value that was not there, or no longer is, is None, which a case file can't hold.
    """

    name: str | int
    """The key; of an element its place, from 1 on, in the new list, or where it stood before."""
    before: Any
    after: Any
    moved_from: int | None = None
    """The place of an element that others have not merely pushed on."""
    within: tuple[Change, ...] = ()
    """What changed inside, of a table by key and of a list by element."""
    pieces: tuple[Piece, ...] = ()
    """What of a text stayed, went and came, where it changed in part."""


def changes_between(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    entry_type: type[Entry],
    source_ids: frozenset[str] = frozenset(),
) -> tuple[Change, ...]:
    """Give what means something different in a row than it did, by key.

    The rows are as parsed, or as a note's snapshot has them; `source_ids` tells a cite that is
    a source from one that is a place.
    """
    old = meaning_of(before, entry_type, source_ids)
    new = meaning_of(after, entry_type, source_ids)
    return changes_of_meaning(old, new, entry_type)


def meaning_of(
    row: Mapping[str, Any], entry_type: type[Entry], source_ids: frozenset[str]
) -> dict[str, Any]:
    """Give what a row says, the same whichever way it is written.

    Short forms are spelled out, what is said by saying nothing is left out, and what JSON lacks
    stands as text, as in a snapshot.
    """
    shape = without_defaults(shaped(row, entry_type, source_ids), entry_type)
    return {key: _plain(value) for key, value in shape.items()}


def changes_of_meaning(
    before: Mapping[str, Any], after: Mapping[str, Any], entry_type: type[Entry]
) -> tuple[Change, ...]:
    """Give what changed between two meanings of rows, in the order of the new one's keys."""
    as_before = {
        key: before[key]
        for key in date_keys(entry_type) & before.keys() & after.keys()
        if _is_same_date(before[key], after[key])
    }
    return changes_by_key(before, {**after, **as_before})


def changes_by_key(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give what changed between two tables of plain values, in the order of the new one's keys."""
    keys = [*after, *(key for key in before if key not in after)]
    changes = (_change(key, before.get(key), after.get(key)) for key in keys)
    return tuple(change for change in changes if change)


def identity(value: Any) -> str:
    """Give a text that is the same for all that a plain value equals, and for nothing else."""
    return json.dumps(value, sort_keys=True)


def in_order(places: Sequence[int]) -> set[int]:
    """Give the most of some places that ascend as they stand; the others have moved."""
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


def _spans(written: str, zone: dt.tzinfo) -> tuple[Shape, tuple[Span, ...]]:
    when = parse(written, zone)
    return when.shape, when.spans


def _change(
    name: str | int, before: Any, after: Any, moved_from: int | None = None
) -> Change | None:
    """Give what became of a value, or None if it is what it was and where it was."""
    within: tuple[Change, ...] = ()
    pieces: tuple[Piece, ...] = ()
    match before, after:
        case dict(), dict():
            within = changes_by_key(before, after)
        case (list(), list()) | (None, list()) | (list(), None):
            within = tuple(_by_element(before or [], after or []))
        case str(), str() if before != after:
            pieces = pieces_between(before, after)
    if not moved_from and identity(before) == identity(after):
        return None
    return Change(name, before, after, moved_from, within, pieces)


def _by_element(before: list[Any], after: list[Any]) -> list[Change]:
    """Give what became of each element, in the order of the new list."""
    old_place = _paired(before, after)
    stayed = in_order([old_place[place] for place in sorted(old_place)])
    gone = set(range(len(before))) - set(old_place.values())
    changes = [Change(place + 1, before[place], None) for place in gone]
    for place, element in enumerate(after):
        old = old_place.get(place)
        if old is None:
            changes.append(Change(place + 1, None, element))
            continue
        moved_from = None if old in stayed else old + 1
        change = _change(place + 1, before[old], element, moved_from)
        changes += [change] if change else []
    return sorted(changes, key=lambda change: (change.name, change.after is not None))


def _paired(before: list[Any], after: list[Any]) -> dict[int, int]:
    """Give the old place of each element, by the new one, that was there before."""
    left: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, element in enumerate(before):
        left[identity(element)].append(place)
    pairs = {}
    for place, element in enumerate(after):
        equals = left[identity(element)]
        if equals:
            pairs[place] = equals.popleft()
    old_rest = sorted(place for places in left.values() for place in places)
    new_rest = [place for place in range(len(after)) if place not in pairs]
    if old_rest == new_rest and len(new_rest) == 1:
        return pairs | {new_rest[0]: old_rest[0]}
    return pairs | _alike(before, after, old_rest, new_rest)


def _alike(
    before: list[Any], after: list[Any], old_rest: list[int], new_rest: list[int]
) -> dict[int, int]:
    """Pair what changed in part, what is most alike first."""
    if len(old_rest) * len(new_rest) > _MOST_PAIRS:
        return {}
    old_items = {place: _items(before[place]) for place in old_rest}
    scored = []
    for new in new_rest:
        items = _items(after[new])
        for old in old_rest:
            if type(before[old]) is type(after[new]):
                share = share_in_common(old_items[old], items)
                if share >= _ALIKE.get(type(after[new]), 1):
                    scored.append((-share, abs(new - old), new, old))
    pairs: dict[int, int] = {}
    for _share, _distance, new, old in sorted(scored):
        if new not in pairs and old not in pairs.values():
            pairs[new] = old
    return pairs


def share_in_common(one: Set[str], other: Set[str]) -> float:
    """Give how much of what two sets hold is in both, from 0 to 1."""
    return len(one & other) / (len(one | other) or 1)


def _items(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {f"{key}={identity(one)}" for key, one in value.items()}
    return set(words_in(value)) if isinstance(value, str) else set()
