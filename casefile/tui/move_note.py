"""The entries that a note can be moved to, as choices, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence

from casefile.notes.history import Note
from casefile.text.folding import folded
from casefile.tui.chooser import Choice
from casefile.views import note_moving
from casefile.views.entry_search import MOST_RESULTS, kind_name, search_entries
from casefile.views.open_case import OpenCase


class NewPlaces:
    """Finds entries by id or title; equally good ones in order of their likeness to the note's."""

    def __init__(self, open_case: OpenCase, note: Note) -> None:
        self._open_case = open_case
        self._likeliest = note_moving.likely_entries(open_case, note)
        self._place = {entry_id: place for place, entry_id in enumerate(self._likeliest)}

    def __call__(self, typed: str) -> Sequence[Choice]:
        """Return the entries that match best; if nothing is typed, the likeliest."""
        wanted = folded(typed.strip())
        if not wanted:
            return [self._choice(entry_id) for entry_id in self._likeliest[:MOST_RESULTS]]
        ranked = sorted(
            (nearness, self._place[entry_id], entry_id)
            for nearness, entry_id in search_entries(self._open_case, wanted)
            if entry_id in self._place
        )
        return [self._choice(entry_id) for _, _, entry_id in ranked]

    def _choice(self, entry_id: str) -> Choice:
        return Choice(
            self._open_case.title(entry_id), kind_name(self._open_case, entry_id), entry_id
        )
