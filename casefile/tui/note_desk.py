"""What is done to notes: begun, answered, edited, deleted, moved, restored, undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from casefile.notes.annotation import Revision, SaveError
from casefile.notes.drafts import Draft, DraftTaken
from casefile.notes.history import Note
from casefile.notes.notebook import Notebook
from casefile.tui.source_desk import SourceDesk
from casefile.tui.stage import Stage
from casefile.tui.writing_desk import WritingDesk
from casefile.views import entry_notes, phrases, revisions, timestamps
from casefile.views.page import Destination
from casefile.views.panes import DraftRow, NoteRow

UNDO_HINT = "u takes it back."

Act: TypeAlias = Callable[[Note], Awaitable[None]]


class NoteDesk:
    """Does to a note what the reader asks: to the selected one, else to one that is chosen."""

    def __init__(self, stage: Stage, writing: WritingDesk, sources: SourceDesk) -> None:
        self._stage = stage
        self._session = stage.session
        self._writing = writing
        self._sources = sources

    @property
    def _notebook(self) -> Notebook:
        return self._session.open_case.notebook

    # Writing

    async def annotate(self) -> None:
        """Open the editor on this entry, with the text that was begun here if there is one."""
        if self._has_entry():
            await self._writing.write(self._is_of_new_note, self._new_note)

    async def annotate_outside(self) -> None:
        """Write a note on this entry in the reader's own editor."""
        if self._has_entry():
            await self._writing.write_outside(self._is_of_new_note, self._new_note)

    async def edit(self) -> None:
        """Open the editor on a note."""
        await self._with_note("Edit which note?", self._writing.edit, self._is_ours_to_edit)

    async def edit_outside(self) -> None:
        """Open the reader's own editor on a note."""
        await self._with_note("Edit which note?", self._writing.edit_outside, self._is_ours_to_edit)

    async def reply(self) -> None:
        """Open the editor on a reply to a note."""
        await self._with_note("Reply to which note?", self._reply, _has_text)

    async def resume(self, draft: Draft) -> None:
        """Go to the entry of a draft, and open it in the editor."""
        self._stage.go_to(Destination(draft.entry))
        await self._writing.write(lambda one: one.id == draft.id, _none_is_left)

    @property
    def subject(self) -> str | None:
        """What a note begun here is about: the field or the place in a source at the cursor."""
        area = self._stage.area
        if area.is_source_open and area.stop == "source":
            return self._sources.place
        line = area.detail.line if area.detail.has_focus else None
        return line.about if line else None

    def _has_entry(self) -> bool:
        is_there = self._session.open_case.entry(self._stage.entry_id or "") is not None
        if not is_there:
            self._stage.say("There is no entry here to annotate.")
        return is_there

    def _is_of_new_note(self, draft: Draft) -> bool:
        begun = (draft.entry, draft.about, draft.note, draft.motivation)
        return begun == (self._stage.entry_id, self.subject, None, "commenting")

    def _new_note(self) -> Draft:
        open_case, entry_id = self._session.open_case, self._stage.entry_id or ""
        return open_case.drafts.begin(entry_id, open_case.title(entry_id), about=self.subject)

    async def _reply(self, note: Note) -> None:
        await self._writing.write(
            lambda draft: draft.reply_to == note.id and draft.note is None,
            lambda: self._session.open_case.drafts.begin(
                note.current.entry,
                note.current.target.label,
                motivation="replying",
                reply_to=note.id,
                private=note.private,
            ),
        )

    def _is_ours_to_edit(self, note: Note) -> bool:
        """Whether it is a text, or a check of the reader's own, which may have a remark."""
        is_own = note.author == self._notebook.author
        return note.is_written or (note.is_check and is_own)

    # Changing

    async def turn_private(self) -> None:
        """Leave a note out when notes are shared, or include it again."""
        await self._with_note("Which note stays at home?", self._turn_private)

    async def delete(self) -> None:
        """Delete a note."""
        await self._with_note("Delete which note?", self._delete)

    async def show_history(self) -> None:
        """Show all revisions of a note, deleted or not, and restore the one that is chosen."""
        await self._with_note("History of which note?", self._show_history, with_deleted=True)

    async def move(self) -> None:
        """Move a note to another entry that is chosen."""
        await self._with_note("Move which note?", self._move)

    def undo(self) -> None:
        """Undo the last thing done to a note, and say what that was."""
        try:
            undone = self._notebook.undo()
        except SaveError as error:
            self._stage.say(f"Not undone: {error.reason}", warning=True)
            return
        if undone is None:
            self._stage.say("There is nothing to undo.")
            return
        self._session.lay_out()
        self._stage.say(f"Undone: {undone.words}")
        self._stage.undone(undone)

    async def _turn_private(self, note: Note) -> None:
        is_private = not note.private
        said = "stays at home: it is private" if is_private else "is shared with the others"
        self._change(
            lambda: self._notebook.make_private(note.id, private=is_private),
            f"It {said}; {UNDO_HINT}",
        )

    async def _delete(self, note: Note) -> None:
        if note.is_written or note.author == self._notebook.author:
            self._change(lambda: self._notebook.delete(note.id), "Deleted; u brings it back.")
        else:
            self._stage.say(_only_answer(note))

    def _change(self, act: Callable[[], object], said: str) -> None:
        try:
            act()
        except SaveError as error:
            self._stage.say(f"Not done: {error.reason}", warning=True)
            return
        self._session.lay_out()
        self._stage.say(said)

    async def _show_history(self, note: Note) -> None:
        from casefile.tui.revisions_screen import RevisionsScreen

        def chosen(revision: Revision | None) -> None:
            if revision:
                self._restore(note, revision)

        self._stage.app.push_screen(RevisionsScreen(note), chosen)

    def _restore(self, note: Note, revision: Revision) -> None:
        try:
            revisions.restore(self._notebook, note, revision)
        except SaveError as error:
            self._stage.say(f"Not restored: {error.reason}", warning=True)
            return
        self._session.lay_out()
        self._stage.area.detail.go_to_note(note.id)
        when = timestamps.minute(revision.modified)
        self._stage.say(f"Restored the text of {when}; {UNDO_HINT}")

    async def _move(self, note: Note) -> None:
        from casefile.tui.chooser import Choice, Chooser
        from casefile.tui.move_note import NewPlaces

        def chosen(choice: Choice | None) -> None:
            if choice:
                self._move_to(note, choice.value)

        find = NewPlaces(self._session.open_case, note)
        hint = "an id or a name; the likeliest entries come first"
        self._stage.app.push_screen(Chooser("Move the note to", find, placeholder=hint), chosen)

    def _move_to(self, note: Note, entry_id: str) -> None:
        from casefile.views import note_moving

        open_case = self._session.open_case
        try:
            note_moving.move_note(open_case, note, entry_id)
        except SaveError as error:
            self._stage.say(f"Not moved: {error.reason}", warning=True)
            return
        self._stage.go_to(Destination(entry_id, note=note.id))
        self._session.lay_out()
        self._stage.area.detail.go_to_note(note.id)
        self._stage.say(f"Moved to {phrases.quoted(open_case.title(entry_id))}; {UNDO_HINT}")

    # Choosing

    async def _with_note(
        self,
        title: str,
        act: Act,
        is_meant: Callable[[Note], bool] = bool,
        *,
        with_deleted: bool = False,
    ) -> None:
        """Do something with the selected note, else with the one on this entry, or one of them."""
        row, detail = self._session.row, self._stage.area.detail
        if isinstance(row, DraftRow) and not detail.has_focus:
            self._stage.say("This is a draft, not a note yet · Enter goes on with it")
            return
        in_list = row.note if isinstance(row, NoteRow) else None
        selected = detail.note if detail.has_focus else in_list
        note = self._notebook.note(selected) if selected else None
        if note is not None and not is_meant(note):
            is_own = note.author == self._notebook.author
            no_text = "This is a check, star or tag; change it with v, * or t"
            self._stage.say(no_text if is_own else _only_answer(note))
            return
        among = revisions.notes_with_deleted_on if with_deleted else Notebook.on
        on_entry = among(self._notebook, self._stage.entry_id or "")
        notes = [note] if note else [*filter(is_meant, on_entry)]
        if not notes:
            self._stage.say("There is no note here · press a to write one")
        elif len(notes) == 1:
            await act(notes[0])
        else:
            self._choose_note(title, notes, act)

    def _choose_note(self, title: str, notes: Sequence[Note], act: Act) -> None:
        from casefile.text.folding import folded
        from casefile.tui.chooser import Choice, Chooser

        by_id = {note.id: note for note in notes}
        choices = [
            Choice(entry_notes.note_in_line(note), _when_and_who(note, self._notebook.author), key)
            for key, note in by_id.items()
        ]

        def find(typed: str) -> list[Choice]:
            return [choice for choice in choices if folded(typed) in folded(choice.text)]

        async def chosen(choice: Choice | None) -> None:
            if choice:
                await act(by_id[choice.value])

        self._stage.app.push_screen(Chooser(title, find), chosen)


def _when_and_who(note: Note, reader: str) -> str:
    when = timestamps.minute(note.current.modified, with_year=False)
    made = when if note.author == reader else f"{when}, {note.author}"
    return f"deleted {made}" if note.deleted else made


def _has_text(note: Note) -> bool:
    """Return whether a note is a text, or a check that may have a remark."""
    return note.is_written or note.is_check


def _only_answer(note: Note) -> str:
    return f"{note.author} said so; you can only say otherwise."


def _none_is_left() -> Draft:
    """Begin nothing in place of a draft that was saved or taken while it stood in the pane."""
    raise DraftTaken("another terminal has it, or has kept it")
