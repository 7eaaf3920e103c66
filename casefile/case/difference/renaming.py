"""Which entries of two versions of a file are likely one under two ids, and what follows them."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Any, TypeAlias

from casefile.case.difference.changes import identity, share_in_common
from casefile.case.difference.text_changes import words_in
from casefile.case.model import Entry, FreeEntry, reference_fields
from casefile.case.normalise import key_of, required_keys
from casefile.text.ids import is_id

Meanings: TypeAlias = Mapping[str, tuple[Entry, Mapping[str, Any]]]
"""Entries by id, each with what it says but for its id."""

_IN_COMMON = 0.7
"""How many of all their words two entries share that are likely one."""
_OF_TITLE_IN_COMMON = 0.5
_COMMON = 30
"""A word that so many entries hold tells none of them from the others."""
_MOST_COMPARED = 5


def likely_renamed(gone: Meanings, added: Meanings) -> dict[str, str]:
    """Give the new id of each entry that is likely there under another one.

    It says the same or nearly: titles may differ by half of their words, all of it by less. What
    a required key names has to be the same, as the two ends of a link.
    """
    renamed = _saying_the_same(gone, added)
    taken = set(renamed.values())
    rest = {entry_id: one for entry_id, one in gone.items() if entry_id not in renamed}
    candidates = {entry_id: one for entry_id, one in added.items() if entry_id not in taken}
    return renamed | _saying_nearly_the_same(rest, candidates)


def ids_named(meaning: Mapping[str, Any], entry: Entry) -> set[str]:
    """Give the ids that an entry names in its references and cites."""
    named: set[str] = set()
    for key in _reference_keys(entry) & meaning.keys():
        value = meaning[key]
        for one in value if isinstance(value, list) else [value]:
            place = _id_key(one)
            reference = one.get(place) if place else one
            named |= {reference} if isinstance(reference, str) else set()
    return named


def with_new_ids(
    meaning: Mapping[str, Any], entry: Entry, ids: Mapping[str, str]
) -> dict[str, Any]:
    """Give what an entry says with other ids in its references and cites."""
    keys = _reference_keys(entry)
    return {
        key: _renamed(value, ids) if ids and key in keys else value
        for key, value in meaning.items()
    }


def words_of(table: str, meaning: Mapping[str, Any]) -> set[str]:
    """Give every word that an entry says, each under its table and key; an id is one word."""
    return {
        f"{table} {key} {word}"
        for key, value in meaning.items()
        for text in _texts(value)
        for word in ([text] if is_id(text) else words_in(text))
    }


def _renamed(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, ids) for one in value]
    if isinstance(value, str):
        return ids.get(value, value)
    key = _id_key(value)
    return {**value, key: _renamed(value[key], ids)} if key else value


def _id_key(value: Any) -> str | None:
    """Give the key under which a table in a list names an entry."""
    if not isinstance(value, dict):
        return None
    return next((key for key in ("party", "source") if key in value), None)


def _reference_keys(entry: Entry) -> Set[str]:
    own = entry.refers.keys() if isinstance(entry, FreeEntry) else frozenset()
    return _reference_keys_of(type(entry)) | own


@cache
def _reference_keys_of(entry_type: type[Entry]) -> frozenset[str]:
    fields = reference_fields(entry_type)
    return frozenset({"cites", *(key_of(entry_type, field) for field in fields)})


def _saying_the_same(gone: Meanings, added: Meanings) -> dict[str, str]:
    waiting: defaultdict[str, deque[str]] = defaultdict(deque)
    for entry_id, (entry, meaning) in gone.items():
        waiting[entry.table_name + identity(meaning)].append(entry_id)
    renamed = {}
    for entry_id, (entry, meaning) in added.items():
        equals = waiting.get(entry.table_name + identity(meaning))
        if equals:
            renamed[equals.popleft()] = entry_id
    return renamed


def _saying_nearly_the_same(gone: Meanings, added: Meanings) -> dict[str, str]:
    """Pair entries of which much is the same, what has most in common first.

    Only those that share words which few others have are compared.
    """
    old_words = {entry_id: words_of(one[0].table_name, one[1]) for entry_id, one in gone.items()}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for entry_id, words in old_words.items():
        for word in words:
            holders[word].append(entry_id)
    scored = []
    for new_id, one in added.items():
        words = words_of(one[0].table_name, one[1])
        telling = (holders[word] for word in words & holders.keys())
        shared = Counter(old for olds in telling if len(olds) <= _COMMON for old in olds)
        for old_id, _count in shared.most_common(_MOST_COMPARED):
            share = share_in_common(old_words[old_id], words)
            if share >= _IN_COMMON and _are_of_one_title(gone[old_id], one):
                scored.append((share, old_id, new_id))
    renamed: dict[str, str] = {}
    taken = set()
    # The ids decide between equals, so that the files can be swapped.
    for _share, old_id, new_id in sorted(scored, key=lambda one: (-one[0], sorted(one[1:]))):
        if old_id not in renamed and new_id not in taken:
            renamed[old_id] = new_id
            taken.add(new_id)
    return renamed


def _are_of_one_title(
    one: tuple[Entry, Mapping[str, Any]], other: tuple[Entry, Mapping[str, Any]]
) -> bool:
    (entry, before), (_, after) = one, other
    required = required_keys(type(entry))
    references = required & _reference_keys(entry)
    if any(before.get(key) != after.get(key) for key in references):
        return False
    title = required - references - {"type"}
    words = [
        words_of(entry.table_name, {key: meaning[key] for key in title & meaning.keys()})
        for meaning in (before, after)
    ]
    return not any(words) or share_in_common(*words) >= _OF_TITLE_IN_COMMON


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    else:
        yield str(value)
