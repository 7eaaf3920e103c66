"""Where a few typed characters may lead: an entry by its id or name, a row by its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casefile.case.dating.edtf import DateError, parse
from casefile.text.folding import folded
from casefile.views.open_case import OpenCase

MOST = 200
"""More choices than this are no choice; the nearest ones come first."""


def entries_for(open_case: OpenCase, wanted: str) -> Sequence[tuple[int, str]]:
    """Give the ids of the entries that folded text may mean, the nearest first, each ranked.

    An id or a name that is typed whole comes first, then those that begin with it, then those in
    which a word begins with it, then those that hold it anywhere.
    """
    ranked = sorted(
        (nearness, place, entry_id)
        for place, entry_id in enumerate(open_case.case_file.entries)
        if (nearness := rank(wanted, _names(open_case, entry_id))) is not None
    )
    return [(nearness, entry_id) for nearness, _, entry_id in ranked[:MOST]]


def dated_from(open_case: OpenCase, typed: str) -> list[str]:
    """Give the entries of the timeline that begin within a typed date, else those next after it."""
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


def sort_of(open_case: OpenCase, entry_id: str) -> str:
    """Give the word for what sort of thing an entry is."""
    entry = open_case.entry(entry_id)
    return open_case.kind_of(entry).name if entry else ""


def _names(open_case: OpenCase, entry_id: str) -> Iterator[str]:
    yield entry_id
    yield folded(open_case.title(entry_id))
    entry = open_case.entry(entry_id)
    for alias in getattr(entry, "aliases", ()):
        yield folded(alias)
    if abbreviation := getattr(entry, "abbreviation", None):
        yield folded(abbreviation)


def rank(wanted: str, names: Iterable[str]) -> int | None:
    """Give how near folded text is to the nearest of some names: 0 is equal, None is not in any."""
    ranks = [nearness for name in names if (nearness := _rank_of(wanted, name)) is not None]
    return min(ranks, default=None)


def _rank_of(wanted: str, name: str) -> int | None:
    if wanted == name:
        return 0
    if name.startswith(wanted):
        return 1
    if f" {wanted}" in name or f"-{wanted}" in name or f"“{wanted}" in name:
        return 2
    return 3 if wanted in name else None
