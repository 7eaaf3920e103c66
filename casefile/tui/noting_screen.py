"""What the reader adds to a case: notes written, edited, deleted, and what was done undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from casefile.folding import folded
from casefile.notes.annotation import NotKept
from casefile.notes.checks import WRONG
from casefile.notes.history import Note
from casefile.reading import noting
from casefile.reading.checking import is_checkable, verdict_in_words
from casefile.tui.writing_screen import WritingScreen

Act = Callable[[Note], Awaitable[None]]


class NotingScreen(WritingScreen):
    """Reading, with notes beside each entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "annotate", "annotate", id="note.new", tooltip="Write a note on this entry"),
        Binding("e", "edit_note", "edit", id="note.edit", show=False,
                tooltip="Edit the selected note"),
        Binding("D", "delete_note", "delete", id="note.delete", show=False,
                tooltip="Delete the selected note; u brings it back"),
        Binding("u", "undo", "undo", id="note.undo", show=False,
                tooltip="Undo the last thing done to a note"),
    ]  # fmt: skip

    async def action_annotate(self) -> None:
        """Open the editor on this entry, with the text that was begun here if there is one."""
        entry_id = self.entry_id
        if entry_id is None or self.open_case.entry(entry_id) is None:
            self.say("There is no entry here to annotate.")
            return
        await self._write(
            lambda draft: draft.entry == entry_id and draft.note is None,
            lambda: self.open_case.drafts.begin(entry_id, self.open_case.title(entry_id)),
        )

    async def action_assess(self, verdict: str) -> None:
        """Keep the reader's verdict on this entry; of a wrong one, ask what would be right."""
        entry_id = self.entry_id or ""
        entry = self.open_case.entry(entry_id)
        if entry is None or not is_checkable(entry):
            self.say("There is nothing here to be checked.")
            return
        target = noting.target(self.open_case, entry_id, self.open_case.title(entry_id))
        try:
            revision = self.open_case.notebook.assess(entry_id, verdict, target)
        except NotKept as error:
            self.say(f"Not saved: {error.reason}", warning=True)
            return
        self.notes_changed()
        self.say(f"{verdict_in_words(verdict).capitalize()}; u takes it back.")
        note = self.open_case.notebook.note(revision.id)
        if verdict == WRONG and note is not None:
            await self._edit(note)

    async def action_edit_note(self) -> None:
        """Open the editor on the selected note, or on one that is chosen."""
        await self._with_note("Edit which note?", self._edit)

    async def action_delete_note(self) -> None:
        """Delete the selected note, or one that is chosen."""
        await self._with_note("Delete which note?", self._delete)

    def action_undo(self) -> None:
        """Undo the last thing done to a note, and say what that was."""
        try:
            undone = self.open_case.notebook.undo()
        except NotKept as error:
            self.say(f"Not undone: {error.reason}", warning=True)
            return
        if undone is None:
            self.say("There is nothing to undo.")
            return
        self.notes_changed()
        self.say(f"Undone: {undone.words}")

    async def _edit(self, note: Note) -> None:
        await self._write(
            lambda draft: draft.note == note.id,
            lambda: self.open_case.drafts.begin(
                note.current.entry,
                note.current.target.label,
                body=noting.joined_text(note),
                note=note.id,
                parents=[head.hash for head in note.heads],
            ),
        )

    async def _delete(self, note: Note) -> None:
        try:
            self.open_case.notebook.delete(note.id)
        except NotKept as error:
            self.say(f"Not deleted: {error.reason}", warning=True)
            return
        self.notes_changed()
        self.say("Deleted; u brings it back.")

    async def _with_note(self, title: str, act: Act) -> None:
        """Do something with the selected note, or else with one that is chosen."""
        row = self.entry_list.row
        selected = self.detail.note if self.detail.has_focus else row and row.note
        note = self.open_case.notebook.note(selected) if selected else None
        notes = (note,) if note else self.open_case.notebook.on(self.entry_id or "")
        if not notes:
            self.say("There is no note here; a writes one.")
        elif len(notes) == 1:
            await act(notes[0])
        else:
            self._choose_note(title, notes, act)

    def _choose_note(self, title: str, notes: Sequence[Note], act: Act) -> None:
        from casefile.tui.choosing import Choice, Chooser

        by_id = {note.id: note for note in notes}
        choices = [
            Choice(noting.first_line(self.open_case, note), noting.when(self.open_case, note), key)
            for key, note in by_id.items()
        ]

        def find(typed: str) -> list[Choice]:
            return [choice for choice in choices if folded(typed) in folded(choice.words)]

        async def chosen(choice: Choice | None) -> None:
            if choice:
                await act(by_id[choice.gives])

        self.app.push_screen(Chooser(title, find), chosen)
