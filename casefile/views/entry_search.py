"""Search for entries by id, name or date, for the palette."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casefile.case.dating.date_error import DateError
from casefile.case.dating.edtf import parse
from casefile.text.folding import folded
from casefile.views.open_case import OpenCase

MOST_RESULTS = 200
"""The greatest number of results."""
_LONGEST_NAME = 1000
"""How much of a name is searched, since all names are folded at each letter."""


def search_entries(open_case: OpenCase, wanted: str) -> Sequence[tuple[int, str]]:
    """Return the rank and id of the entries that match folded text, the best match first.

    First come ids and names equal to the text, then those that begin with it, then those in which
    a word begins with it, then those that contain it.
    """
    ranked = sorted(
        (entry_rank, number, entry_id)
        for number, entry_id in enumerate(open_case.case_file.entries)
        if (entry_rank := rank(wanted, _names(open_case, entry_id))) is not None
    )
    return [(entry_rank, entry_id) for entry_rank, _, entry_id in ranked[:MOST_RESULTS]]


def entries_dated(open_case: OpenCase, typed: str) -> list[str]:
    """Return the entries of the timeline that begin in a typed date, else the first after it."""
    try:
        wanted = parse(typed)
    except DateError:
        return []
    begin, end = wanted.start.earliest, wanted.end.latest
    if begin is None:
        return []
    starts = [
        (start, placement.id)
        for placement in open_case.timeline.placed
        if (entry := open_case.entry(placement.id)) and entry.date
        if (start := entry.date.start.earliest) and start >= begin
    ]
    within = [entry_id for start, entry_id in starts if end is None or start <= end]
    return within or [entry_id for _, entry_id in sorted(starts)[:1]]


def kind_name(open_case: OpenCase, entry_id: str) -> str:
    """Return the word for an entry's kind; empty if there is no such entry."""
    entry = open_case.entry(entry_id)
    return entry.table_name if entry else ""


def _names(open_case: OpenCase, entry_id: str) -> Iterator[str]:
    yield entry_id
    yield folded(open_case.title(entry_id)[:_LONGEST_NAME])
    entry = open_case.entry(entry_id)
    for alias in getattr(entry, "aliases", ()):
        yield folded(alias[:_LONGEST_NAME])
    if abbreviation := getattr(entry, "abbreviation", None):
        yield folded(abbreviation[:_LONGEST_NAME])


def rank(wanted: str, names: Iterable[str]) -> int | None:
    """Return the rank of the best match among names: 0 if equal, None if none contains `wanted`."""
    ranks = (_rank_of(wanted, name) for name in names)
    return min((rank for rank in ranks if rank is not None), default=None)


def _rank_of(wanted: str, name: str) -> int | None:
    if wanted == name:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name or f"-{wanted}" in name or f"“{wanted}" in name:
        return 2
    return 3 if wanted in name else None
