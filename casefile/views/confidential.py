"""Which notes have to do with a confidential source, and leave only in exports that name them.

A note has the row and the title of its entry in it. So it has to do with a confidential source if
it is on that source, or on an entry that cites or names it, now or when the note was written, or
that takes its title or its cites from one that does, directly or through others. Nobody can say
whether a source is confidential that the case doesn't have any more, or whose case file is not at
hand: it counts as such. What the reader wrote is not searched.

A note tells which sources that were when it was written, and each later revision which they were
before (`NoteStore`). One of an earlier version does not: while a case has a confidential source,
what can't be told from the row in such a note counts as taken from that source, unless the entry
has it now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from casefile.notes.annotation import LABEL_LIMIT, Revision, digest_of, row_of
from casefile.views.open_case import OpenCase
from casefile.views.origins import Origins, is_confidential_row

_Row = Mapping[str, Any]


class Confidential:
    """The confidential sources of a case, and what has to do with them."""

    def __init__(self, open_case: OpenCase | None) -> None:
        """Find the confidential sources of a case; without its file, any source may be one."""
        self._open_case = open_case
        case_file = open_case.case_file if open_case else None
        self._rows: Mapping[str, _Row] = case_file.rows if case_file else {}
        self._origins = open_case.origins if open_case else Origins(None)
        self._may_have_any = case_file is None or bool(self._origins.confidential)

    def concerns(self, revision: Revision) -> bool:
        """Whether a revision has to do with a confidential source, or may have."""
        target = revision.target
        row = row_of(target) or {}
        if target.cited is None and target.confidential:
            return True
        if target.cited is not None and not (target.confidential or self._may_have_any):
            return is_confidential_row(row)
        sources = chain(
            self._origins.of_entry(revision.entry),
            # Only those of the case: what it lacks is among those of the note, below.
            self._origins.confidential.intersection(self._origins.of_row(row, ())),
            self._origins.named_in(target.field),
            target.sources,
            self._former_sources(revision) if target.cited is None else target.cited,
        )
        return is_confidential_row(row) or any(map(self._is_confidential, sources))

    def _former_sources(self, revision: Revision) -> Iterator[str | None]:
        """Yield the sources of an entry as it was when a revision was written that has no list.

        What the entry has still is left out; None stands for what can't be told from the row.
        """
        target, now = revision.target, self._rows.get(revision.entry)
        if revision.parents or revision.reply_to:
            # It may have words of a note on what the entry was before.
            yield None
        row = row_of(target) or None
        snapshot, digest = ("", "") if now is None else digest_of(now)
        if target.label not in self._titles(revision.entry, row or now or {}):
            yield None
        if row is None and digest != target.digest:
            # An entry that has gone may have been a source itself.
            yield None if now else revision.entry
        if row is not None and snapshot != target.snapshot:
            yield from self._origins.of_row(row, (None,))
            # Nobody can say what the quote cited then.
            yield from (None,) if "in_quote" in row else ()

    def _titles(self, entry_id: str, row: _Row) -> set[str]:
        """Return the titles that tell no more than a row, or than the entry is called now."""
        there = self._open_case if entry_id in self._rows else None
        now = [there.title(entry_id)] if there else []
        return {"", *(str(one)[:LABEL_LIMIT] for one in (entry_id, *now, *row.values()))}

    def _is_confidential(self, source: str | None) -> bool:
        if source is None:
            return self._may_have_any
        return source in self._origins.confidential or source not in self._origins.known
