"""The pane of notes on the screen: turned from one order to the next, and drafts gone on with."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from casefile.notes.drafts import Draft, Taken
from casefile.tui.entry_list import EntryList
from casefile.tui.noting_screen import NotingScreen
from casefile.views.kinds import NOTES
from casefile.views.panes import NOTES_ORDERS, DraftRow


class NotesPaneScreen(NotingScreen):
    """Reading and noting, with all notes in one pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "turn_order", "order", id="notes.order",
                tooltip="Put the notes in the next order: by time, entry, tag, author"),
    ]  # fmt: skip

    @property
    def is_at_notes(self) -> bool:
        """Whether the pane of notes is open."""
        # Keys are asked after while the screen is still being made.
        made = self.query("#list").results(EntryList)
        return any(one.pane.title == NOTES for one in made)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the order be turned only where the notes are."""
        if action == "turn_order" and not self.is_at_notes:
            return False
        return super().check_action(action, parameters)

    def words_for(self, binding: Binding) -> str:
        """Tell in which order the notes are."""
        if binding.id == "notes.order":
            return f"order: by {self.notes_order}"
        return super().words_for(binding)

    def open_pane(self, place: int, row: int | None = None, top: int = 0) -> None:
        """Show the keys that work in the pane."""
        super().open_pane(place, row, top)
        self.refresh_bindings()

    def action_turn_order(self) -> None:
        """Put the notes in the next order; the cursor stays on its note."""
        at = NOTES_ORDERS.index(self.notes_order)
        self.notes_order = NOTES_ORDERS[(at + 1) % len(NOTES_ORDERS)]
        self.lay_out_anew()

    def action_read(self) -> None:
        """Go from a draft to its entry, and on with its text; else read."""
        row = self.entry_list.row
        if not isinstance(row, DraftRow):
            super().action_read()
        else:
            self.run_worker(self._go_on_with(row.draft))

    async def _go_on_with(self, draft: Draft) -> None:
        self.go_to(draft.entry)
        await self._write(lambda one: one.id == draft.id, _none_is_left)

    def may_take_note(self) -> bool:
        """Do to a draft nothing that is done to a note."""
        row = self.entry_list.row
        is_draft = isinstance(row, DraftRow) and not self.detail.has_focus
        if is_draft:
            self.say("This is not kept as a note yet: Enter goes on with it.")
        return not is_draft


def _none_is_left() -> Draft:
    """Begin nothing in place of a draft that was kept or taken while it stood in the pane."""
    raise Taken("another terminal has it, or has kept it")
