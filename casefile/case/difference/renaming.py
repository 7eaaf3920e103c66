"""Finding entries whose id changed between two versions of a file."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Any, TypeAlias

from casefile.case.cite_fields import parse_field
from casefile.case.dating.date_error import DateError
from casefile.case.dating.relative_dates import (
    RELATIVE_DATE_KEY,
    RelativeDate,
    is_relative,
    parse_relative,
)
from casefile.case.difference.changes import canonical_json, jaccard_similarity
from casefile.case.difference.text_changes import words_in
from casefile.case.model import Entry, FreeEntry, reference_fields
from casefile.case.normalise import key_of, required_keys
from casefile.case.relations import SHARED_WITH
from casefile.text.ids import is_id

EntriesAndRows: TypeAlias = Mapping[str, tuple[Entry, Mapping[str, Any]]]
"""Entries by id, each with its row in canonical form, without the id."""

_MIN_SIMILARITY = 0.7
"""How similar, in words, two entries have to be to count as one."""
_MIN_TITLE_SIMILARITY = 0.5
_MOST_HOLDERS = 30
"""A word that more entries contain is no help in finding similar ones."""
_MOST_COMPARED = 5
"""How many entries are compared with each, those with the most words in common first."""


def likely_renamed(gone: EntriesAndRows, added: EntriesAndRows) -> dict[str, str]:
    """Return the new id of each entry that was likely renamed, by its old id.

    Both rows are equal or similar: titles may differ in half of their words, whole rows in fewer.
    References in required keys, such as the two ends of a link, have to be the same.
    """
    renamed = _with_equal_rows(gone, added)
    taken = set(renamed.values())
    rest = {entry_id: one for entry_id, one in gone.items() if entry_id not in renamed}
    candidates = {entry_id: one for entry_id, one in added.items() if entry_id not in taken}
    return renamed | _with_similar_rows(rest, candidates)


def ids_named(row: Mapping[str, Any], entry: Entry) -> set[str]:
    """Return the ids that an entry refers to, cites included."""
    keys = _reference_keys(entry)
    ids = {one for key in keys & row.keys() for one in _ids_in(row[key], keys)}
    relative = _relative_date(row)
    return ids | {relative.to} if relative else ids


def with_new_ids(row: Mapping[str, Any], entry: Entry, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the row of an entry with ids replaced in its references and cites."""
    if not ids:
        return dict(row)
    keys = _reference_keys(entry)
    renamed = {
        key: _renamed(value, ids, keys) if key in keys else value for key, value in row.items()
    }
    relative = _relative_date(row)
    if relative and relative.to in ids:
        renamed[RELATIVE_DATE_KEY] = relative.with_reference(ids[relative.to])
    return renamed


def _relative_date(row: Mapping[str, Any]) -> RelativeDate | None:
    """Return the date of a row if it is counted from that of another entry."""
    value = row.get(RELATIVE_DATE_KEY)
    if not isinstance(value, str) or not is_relative(value):
        return None
    try:
        return parse_relative(value)
    except DateError:
        return None


def words_by_key(table: str, row: Mapping[str, Any]) -> set[str]:
    """Return the words of an entry, each prefixed with its table and key; an id is one word."""
    return {
        f"{table} {key} {word}"
        for key, value in row.items()
        for text in _texts(value)
        for word in ([text] if is_id(text) else words_in(text))
    }


def _ids_in(value: Any, keys: Set[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for item in value for one in _ids_in(item, keys))
    else:
        yield from (one for key in _id_keys(value, keys) for one in _ids_in(value[key], keys))


def _renamed(value: Any, ids: Mapping[str, str], keys: Set[str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, ids, keys) for one in value]
    if isinstance(value, str):
        return ids.get(value, value)
    id_keys = _id_keys(value, keys)
    return (
        {**value, **{key: _renamed(value[key], ids, keys) for key in id_keys}} if id_keys else value
    )


def _id_keys(value: Any, keys: Set[str]) -> list[str]:
    """Return the keys with which an inline table refers to entries, of which the row has `keys`."""
    if not isinstance(value, dict):
        return []
    field = value.get("field")
    path = parse_field(field) if isinstance(field, str) else ()
    is_reference = bool(path) and path[0] in keys
    known = ("party", "source", SHARED_WITH, *(("value",) if is_reference else ()))
    return [key for key in known if key in value]


def _reference_keys(entry: Entry) -> Set[str]:
    own = entry.refers.keys() if isinstance(entry, FreeEntry) else frozenset()
    return _reference_keys_of(type(entry)) | own


@cache
def _reference_keys_of(entry_type: type[Entry]) -> frozenset[str]:
    fields = reference_fields(entry_type)
    return frozenset({"cites", "amounts", *(key_of(entry_type, field) for field in fields)})


def _with_equal_rows(gone: EntriesAndRows, added: EntriesAndRows) -> dict[str, str]:
    waiting: defaultdict[str, deque[str]] = defaultdict(deque)
    for entry_id, (entry, row) in gone.items():
        waiting[entry.table_name + canonical_json(row)].append(entry_id)
    renamed = {}
    for entry_id, (entry, row) in added.items():
        equals = waiting.get(entry.table_name + canonical_json(row))
        if equals:
            renamed[equals.popleft()] = entry_id
    return renamed


def _with_similar_rows(gone: EntriesAndRows, added: EntriesAndRows) -> dict[str, str]:
    """Pair similar entries that share a rare word, the most similar first."""
    old_words = {
        entry_id: words_by_key(one[0].table_name, one[1]) for entry_id, one in gone.items()
    }
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, words in old_words.items():
        for word in words:
            holders[word].append(entry_id)
    scored = []
    for new_id, one in added.items():
        words = words_by_key(one[0].table_name, one[1])
        by_word = (holders[word] for word in words & holders.keys())
        shared = Counter(old for olds in by_word if len(olds) <= _MOST_HOLDERS for old in olds)
        for old_id, _count in shared.most_common(_MOST_COMPARED):
            similarity = jaccard_similarity(old_words[old_id], words)
            if similarity >= _MIN_SIMILARITY and _have_similar_titles(gone[old_id], one):
                scored.append((similarity, old_id, new_id))
    renamed: dict[str, str] = {}
    taken = set()
    # Ties are decided by the ids, so that swapping the files gives the same pairs.
    for _similarity, old_id, new_id in sorted(scored, key=lambda one: (-one[0], sorted(one[1:]))):
        if old_id not in renamed and new_id not in taken:
            renamed[old_id] = new_id
            taken.add(new_id)
    return renamed


def _have_similar_titles(
    one: tuple[Entry, Mapping[str, Any]], other: tuple[Entry, Mapping[str, Any]]
) -> bool:
    (entry, before), (_, after) = one, other
    required = required_keys(type(entry))
    references = required & _reference_keys(entry)
    if any(before.get(key) != after.get(key) for key in references):
        return False
    title_keys = required - references - {"type"}
    words = [
        words_by_key(entry.table_name, {key: row[key] for key in title_keys & row.keys()})
        for row in (before, after)
    ]
    return not any(words) or jaccard_similarity(*words) >= _MIN_TITLE_SIMILARITY


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    else:
        yield str(value)
