"""What the reader writes on a case: notes and replies, edited, deleted, brought back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from casefile.notes.annotation import NotKept
from casefile.notes.drafts import Draft
from casefile.notes.history import Note, Undone
from casefile.notes.notebook import Notebook
from casefile.text.folding import folded
from casefile.tui.marking_screen import TAKE_BACK, MarkingScreen
from casefile.views import noting, revisions, timestamps
from casefile.views.panes import NoteRow

Act = Callable[[Note], Awaitable[None]]


class NotingScreen(MarkingScreen):
    """Reading and marking, with notes beside each entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "annotate", "annotate", id="note.new",
                tooltip="Write a note on this entry, or on the field or place under the cursor"),
        Binding("A", "annotate_outside", "annotate in $EDITOR", id="note.new-outside", show=False,
                tooltip="Write a note in your own editor"),
        Binding("e", "edit_note", "edit", id="note.edit", show=False,
                tooltip="Edit the selected note"),
        Binding("E", "edit_note_outside", "edit in $EDITOR", id="note.edit-outside", show=False,
                tooltip="Edit the selected note in your own editor"),
        Binding("r", "reply", "reply", id="note.reply", show=False,
                tooltip="Reply to the selected note"),
        Binding("P", "turn_private", "private", id="note.private", show=False,
                tooltip="Keep the selected note at home when notes are shared, or no longer"),
        Binding("H", "note_history", "history", id="note.history", show=False,
                tooltip="See what the note said before, and restore it"),
        Binding("m", "move_note", "move", id="note.move", show=False,
                tooltip="Move the note to another entry"),
        Binding("D", "delete_note", "delete", id="note.delete", show=False,
                tooltip="Delete the selected note; u brings it back"),
        Binding("u", "undo", "undo", id="note.undo", show=False,
                tooltip="Undo the last thing done to a note"),
    ]  # fmt: skip

    async def action_annotate(self) -> None:
        """Open the editor on this entry, with the text that was begun here if there is one."""
        if self._has_entry():
            await self._write(self._is_of_new_note, self._new_note)

    async def action_annotate_outside(self) -> None:
        """Write a note on this entry in the reader's own editor."""
        if self._has_entry():
            await self._write_outside(self._is_of_new_note, self._new_note)

    async def action_edit_note(self) -> None:
        """Open the editor on the selected note, or on one that is chosen."""
        await self._with_note("Edit which note?", self.edit, self.is_ours_to_edit)

    async def action_edit_note_outside(self) -> None:
        """Open the reader's own editor on the selected note, or on one that is chosen."""
        await self._with_note("Edit which note?", self.edit_outside, self.is_ours_to_edit)

    async def action_reply(self) -> None:
        """Open the editor on a reply to the selected note, or to one that is chosen."""
        await self._with_note("Reply to which note?", self._reply, _has_text)

    async def action_turn_private(self) -> None:
        """Let the selected note stay at home, or be shared again."""
        await self._with_note("Which note stays at home?", self._turn_private)

    async def action_delete_note(self) -> None:
        """Delete the selected note, or one that is chosen."""
        await self._with_note("Delete which note?", self._delete)

    async def action_note_history(self) -> None:
        """Show all revisions of the selected note, or of one that is chosen, deleted or not."""
        from casefile.tui.revisions_screen import show_history

        show = partial(show_history, self)
        await self._with_note("History of which note?", show, with_deleted=True)

    async def action_move_note(self) -> None:
        """Move the selected note, or one that is chosen, to another entry, and go there."""
        from casefile.tui.move_note import offer_places

        await self._with_note("Move which note?", partial(offer_places, self))

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
        self.undone(undone)

    def undone(self, undone: Undone) -> None:
        """Say what was undone."""
        self.say(f"Undone: {undone.words}")

    def _has_entry(self) -> bool:
        there = self.open_case.entry(self.entry_id or "") is not None
        if not there:
            self.say("There is no entry here to annotate.")
        return there

    def _is_of_new_note(self, draft: Draft) -> bool:
        begun = (draft.entry, draft.about, draft.note, draft.motivation)
        return begun == (self.entry_id, self.subject, None, "commenting")

    def _new_note(self) -> Draft:
        entry_id = self.entry_id or ""
        label = self.open_case.title(entry_id)
        return self.open_case.drafts.begin(entry_id, label, about=self.subject)

    async def _reply(self, note: Note) -> None:
        entry_id = note.current.entry
        await self._write(
            lambda draft: draft.reply_to == note.id and draft.note is None,
            lambda: self.open_case.drafts.begin(
                entry_id,
                note.current.target.label,
                motivation="replying",
                reply_to=note.id,
                private=note.private,
            ),
        )

    async def _turn_private(self, note: Note) -> None:
        notebook, is_private = self.open_case.notebook, not note.private
        said = "stays at home: it is private" if is_private else "is shared with the others"
        self.change(
            lambda: notebook.make_private(note.id, private=is_private), f"It {said}; {TAKE_BACK}"
        )

    async def _delete(self, note: Note) -> None:
        if note.is_written or note.author == self.open_case.notebook.author:
            self.change(
                lambda: self.open_case.notebook.delete(note.id), "Deleted; u brings it back."
            )
        else:
            self.say(f"{note.author} said so; you can only say otherwise.")

    def change(self, act: Callable[[], object], said: str) -> None:
        """Change a note and say so; else say why not."""
        try:
            act()
        except NotKept as error:
            self.say(f"Not done: {error.reason}", warning=True)
            return
        self.notes_changed()
        self.say(said)

    def may_take_note(self) -> bool:
        """Say whether what is done to a note can be done where the reader is."""
        return True

    async def _with_note(
        self,
        title: str,
        act: Act,
        is_meant: Callable[[Note], bool] = bool,
        *,
        with_deleted: bool = False,
    ) -> None:
        """Do something with the selected note, or else with one that is chosen."""
        if not self.may_take_note():
            return
        notebook = self.open_case.notebook
        row = self.entry_list.row
        in_list = row.note if isinstance(row, NoteRow) else None
        selected = self.detail.note if self.detail.has_focus else in_list
        note = notebook.note(selected) if selected else None
        if note is not None and not is_meant(note):
            is_own = note.author == notebook.author
            of_other = f"{note.author} said so; you can only say otherwise."
            self.say("It has no text; v, * and t change it." if is_own else of_other)
            return
        among = revisions.notes_ever_on if with_deleted else Notebook.on
        notes = [note] if note else [*filter(is_meant, among(notebook, self.entry_id or ""))]
        if not notes:
            self.say("There is no note here; a writes one.")
        elif len(notes) == 1:
            await act(notes[0])
        else:
            self._choose_note(title, notes, act)

    def _choose_note(self, title: str, notes: Sequence[Note], act: Act) -> None:
        from casefile.tui.chooser import Choice, Chooser

        by_id = {note.id: note for note in notes}
        choices = [
            Choice(noting.in_a_line(note), _sort_of(note, self.open_case.notebook.author), key)
            for key, note in by_id.items()
        ]

        def find(typed: str) -> list[Choice]:
            return [choice for choice in choices if folded(typed) in folded(choice.words)]

        async def chosen(choice: Choice | None) -> None:
            if choice:
                await act(by_id[choice.gives])

        self.app.push_screen(Chooser(title, find), chosen)


def _sort_of(note: Note, you: str) -> str:
    when = timestamps.minute(note.current.modified, with_year=False)
    made = when if note.author == you else f"{when}, {note.author}"
    return f"deleted {made}" if note.deleted else made


def _has_text(note: Note) -> bool:
    """Say whether a note is a text, or a verdict that may have a remark."""
    return note.is_written or note.is_check
