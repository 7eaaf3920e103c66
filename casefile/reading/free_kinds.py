"""Kinds made for the tables that the format does not name, as declared or from their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from casefile.case.amounts import plural
from casefile.case.model import CaseFile, FreeEntry, FreeTable
from casefile.reading import phrases
from casefile.reading.kinds import Column, Kind

if TYPE_CHECKING:
    from casefile.reading.open_case import OpenCase

_TITLE_KEYS = ("title", "name")
_MOST_COLUMNS = 5
_ROWS_MEASURED = 100
_NARROWEST, _WIDEST = 6, 24
_TITLE_ROOM = 26
_LONGEST_TITLE = 40


def free_kinds(case_file: CaseFile, taken: Iterable[str]) -> list[Kind]:
    """Give a kind for each table of a case's own; no pane bears a title that is taken."""
    titles = set(taken)
    kinds = []
    for table in case_file.free_tables.values():
        entries = [one for one in case_file.in_table(table.name) if isinstance(one, FreeEntry)]
        title = (table.title or plural(table.name).replace("_", " ").capitalize())[:_LONGEST_TITLE]
        title = title if title not in titles else f"{title} ({table.name})"
        titles.add(title)
        kinds.append(_kind(table, title, entries))
    return kinds


def own_words(entry: FreeEntry, key: str) -> str:
    """Give what a row has under a key of its own, in words."""
    return ", ".join(phrases.in_words(entry.own.get(key), no="no"))


def label_of(key: str) -> str:
    """Give a key of a free table as a label: `hull_no` is “Hull no”."""
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:] if words else key


def _kind(table: FreeTable, title: str, entries: Sequence[FreeEntry]) -> Kind:
    keys = table.columns or _keys_of(entries)
    title_key = next((key for key in _TITLE_KEYS if key in keys), keys[0] if keys else "id")

    def title_of(_open_case: OpenCase, entry: FreeEntry) -> str:
        return own_words(entry, title_key) or entry.id

    wide = Column(label_of(title_key), phrases.title)
    others = [key for key in keys if key != title_key][: _MOST_COLUMNS - 1]
    columns = [wide, *_narrow_columns(table, others, entries)]
    return Kind(table.name, title, title_of, tuple(columns), (), has_headings=True)


def _keys_of(entries: Sequence[FreeEntry]) -> tuple[str, ...]:
    """Give the keys of the first rows, those of most rows first, each where it first came."""
    counts: dict[str, int] = {}
    for entry in entries[:_ROWS_MEASURED]:
        dated = ["date"] if entry.date is not None else []
        for key in [*entry.own, *dated, *(["amounts"] if entry.amounts else [])]:
            counts[key] = counts.get(key, 0) + 1
    half = len(entries[:_ROWS_MEASURED]) / 2
    return tuple(sorted(counts, key=lambda key: counts[key] < half))


def _narrow_columns(
    table: FreeTable, keys: Sequence[str], entries: Sequence[FreeEntry]
) -> Iterable[Column]:
    needed = _TITLE_ROOM
    for key in keys:
        words = _words_for(key, is_reference=key in table.refs)
        longest = max((len(own_words(one, key)) for one in entries[:_ROWS_MEASURED]), default=0)
        width = min(_WIDEST, max(_NARROWEST, len(label_of(key)), longest))
        width = width if key not in ("date", "amounts", *table.refs) else 18
        needed += width + 1
        yield Column(label_of(key), words, width, from_width=needed)


def _words_for(key: str, *, is_reference: bool) -> Callable[[OpenCase, FreeEntry], str]:
    if key == "date":
        return phrases.date_column
    if key == "amounts":
        return phrases.amounts_column
    if is_reference:
        return lambda open_case, entry: ", ".join(
            open_case.title(one) for one in entry.refers.get(key, ())
        )
    return lambda _open_case, entry: own_words(entry, key) or _common_words(entry, key)


def _common_words(entry: FreeEntry, key: str) -> str:
    """Give what a row has under a key that every table may carry."""
    common = key in type(entry).__struct_fields__ and key not in ("own", "refers", "in_table")
    return ", ".join(phrases.in_words(getattr(entry, key))) if common else ""
