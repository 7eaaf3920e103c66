"""Choosing the entry that a note is moved to, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casefile.notes.annotation import NotKept
from casefile.notes.history import Note
from casefile.text.folding import folded
from casefile.tui.chooser import Choice, Chooser
from casefile.views import note_moving, phrases
from casefile.views.entry_search import MOST, entries_for, sort_of
from casefile.views.open_case import OpenCase

if TYPE_CHECKING:
    from casefile.tui.noting_screen import NotingScreen


class NewPlaces:
    """Finds the entries that a note may be moved to: by what is typed, among equals by likeness."""

    def __init__(self, open_case: OpenCase, note: Note) -> None:
        self._open_case = open_case
        self._likeliest = note_moving.likeliest(open_case, note)
        self._place = {entry_id: place for place, entry_id in enumerate(self._likeliest)}

    def __call__(self, typed: str) -> Sequence[Choice]:
        """Give the nearest entries; with nothing typed, the likeliest."""
        wanted = folded(typed.strip())
        if not wanted:
            return [self._choice(entry_id) for entry_id in self._likeliest[:MOST]]
        ranked = sorted(
            (nearness, self._place[entry_id], entry_id)
            for nearness, entry_id in entries_for(self._open_case, wanted)
            if entry_id in self._place
        )
        return [self._choice(entry_id) for _, _, entry_id in ranked]

    def _choice(self, entry_id: str) -> Choice:
        return Choice(self._open_case.title(entry_id), sort_of(self._open_case, entry_id), entry_id)


async def offer_places(screen: NotingScreen, note: Note) -> None:
    """Let the reader choose the entry that a note is moved to, and go there with it."""

    def chosen(choice: Choice | None) -> None:
        if choice:
            _move(screen, note, choice.gives)

    find = NewPlaces(screen.open_case, note)
    hint = "an id or a name; the likeliest entries come first"
    screen.app.push_screen(Chooser("Move the note to", find, placeholder=hint), chosen)


def _move(screen: NotingScreen, note: Note, entry_id: str) -> None:
    try:
        note_moving.move(screen.open_case, note, entry_id)
    except NotKept as error:
        screen.say(f"Not moved: {error.reason}", warning=True)
        return
    screen.go_to(entry_id, note=note.id)
    screen.notes_changed(note.id)
    title = phrases.quoted(screen.open_case.title(entry_id))
    screen.say(f"Moved to {title}; u takes it back.")
