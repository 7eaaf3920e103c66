"""The kinds of a case's own tables, made from their declaration or from the keys in use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from casefile.case import amounts
from casefile.case.model import CaseFile, FreeEntry, FreeTable
from casefile.case.normalise import hints_by_key
from casefile.text.plurals import plural
from casefile.views import entry_dates, phrases
from casefile.views.case_record import CaseRecord
from casefile.views.kinds import Column, EntryKind
from casefile.views.labels import label_of

_TITLE_KEYS = ("title", "name")
_MOST_COLUMNS = 5
_ROWS_MEASURED = 100
_WIDEST = 24
_ENOUGH = 14
"""The width for the widest column, in cells, below which other columns are left out."""
_REFERENCE_WIDTH = 18
_EDGES = 5
_LONGEST_TITLE = 40
_NUMBER = re.compile(r"(?:[A-Z]{3} |[$€£¥])?\d[\d.,]*(?:%| \D+)?|")
"""A number with its unit before or after it, or an empty cell."""
_COMMON_KEYS = frozenset(hints_by_key(FreeEntry))


def free_kinds(case_file: CaseFile, taken: Iterable[str]) -> list[EntryKind]:
    """Return a kind for each of a case's own tables, with pane titles that are not in `taken`."""
    titles = set(taken)
    kinds = []
    for table in case_file.free_tables.values():
        entries = [one for one in case_file.in_table(table.name) if isinstance(one, FreeEntry)]
        title = (table.title or plural(table.name).replace("_", " ").capitalize())[:_LONGEST_TITLE]
        title = title if title not in titles else f"{title} ({table.name})"
        titles.add(title)
        kinds.append(_kind(table, title, entries))
    return kinds


def _kind(table: FreeTable, title: str, entries: Sequence[FreeEntry]) -> EntryKind:
    keys = table.columns or _keys_of(entries)
    title_key = _title_key(table, keys, entries)

    def title_of(case: CaseRecord, entry: FreeEntry) -> str:
        if title_key in entry.refers:
            named = (_name_in_title(case, one) for one in entry.refers[title_key])
            return ", ".join(named) or entry.id
        return (title_key and _words(case, entry, title_key)) or entry.id

    # The column that takes the remaining width: that of the title, else the last.
    wide = title_key if title_key in keys else (keys or ("id",))[-1]
    columns = tuple(_columns(keys or ("id",), wide, entries[:_ROWS_MEASURED]))

    def sums(case: CaseRecord) -> str:
        return phrases.sums(case, entries)

    return EntryKind(table.name, title, title_of, columns, (), summary=sums, has_headings=True)


def _name_in_title(case: CaseRecord, entry_id: str) -> str:
    is_free = isinstance(case.entry(entry_id), FreeEntry)
    return entry_id if is_free else phrases.name_in_title(case, entry_id)


def _title_key(table: FreeTable, keys: Sequence[str], entries: Sequence[FreeEntry]) -> str | None:
    """Return the key of the title: `title` or `name`, else the first key with plain text."""
    measured = entries[:_ROWS_MEASURED]
    named = [key for key in _TITLE_KEYS if any(key in entry.own for entry in measured)]
    texts = [
        key
        for key in keys
        if key not in table.refs and any(isinstance(entry.own.get(key), str) for entry in measured)
    ]
    return next(iter([*named, *texts]), None)


def _keys_of(entries: Sequence[FreeEntry]) -> tuple[str, ...]:
    """Return the keys that most rows have, in their order, as columns if none are declared."""
    measured = entries[:_ROWS_MEASURED]
    counts: dict[str, int] = {}
    for entry in measured:
        dated = ["date"] if entry.date is not None or entry.relative_date else []
        for key in [*dated, *entry.own, *(["amounts"] if entry.amounts else [])]:
            counts[key] = counts.get(key, 0) + 1
    common = [key for key, count in counts.items() if count * 2 > len(measured)]
    return tuple((common or list(counts))[:_MOST_COLUMNS])


def _columns(keys: Sequence[str], wide: str, entries: Sequence[FreeEntry]) -> Iterator[Column]:
    """Yield the columns in their order; a narrow list shows the first of them and `wide`."""
    longest = {key: max((len(_measured(one, key)) for one in entries), default=0) for key in keys}
    needed = _EDGES + min(_ENOUGH, longest[wide])
    for key in keys:
        words = partial(_words, key=key)
        if key == wide:
            yield Column(label_of(key), words)
            continue
        width = min(_WIDEST, max(len(label_of(key)), longest[key]))
        needed += width + 1
        is_number = all(_NUMBER.fullmatch(_measured(one, key)) for one in entries)
        yield Column(label_of(key), words, width, from_width=needed, is_number=is_number)


def _words(case: CaseRecord, entry: FreeEntry, key: str) -> str:
    if key == "date":
        return entry_dates.date_column(case, entry)
    if key == "amounts":
        return phrases.how_much(case, entry)
    if key in entry.refers:
        return ", ".join(case.title(one) for one in entry.refers[key])
    return _measured(entry, key)


def _measured(entry: FreeEntry, key: str) -> str:
    """Return the value of a key in words; for a reference, a text as wide as most titles."""
    if key in entry.refers:
        return "x" * _REFERENCE_WIDTH
    if key == "date" and entry.date is None and entry.relative_date:
        return entry.relative_date.words("x" * _REFERENCE_WIDTH)
    if key == "amounts":
        return amounts.amounts_in_words(entry.amounts)
    if key in _COMMON_KEYS:
        return ", ".join(phrases.value_in_words(getattr(entry, key)))
    return ", ".join(phrases.value_in_words(entry.own.get(key), no="no"))
