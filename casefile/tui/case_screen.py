"""The main screen: a case read by keyboard, and what the reader adds to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from casefile.case.reader import Reading
from casefile.folding import folded
from casefile.notes.annotation import NotKept
from casefile.notes.drafts import Draft, DraftFolder
from casefile.notes.history import Note
from casefile.reading import changing, noting
from casefile.reading.open_case import OpenCase
from casefile.tui.source_screen import SourceScreen

if TYPE_CHECKING:
    from casefile.tui.note_panel import NotePanel

_NEAR_KEYS = {
    "d": "D deletes the selected note.",
    "E": "e edits the selected note.",
    "U": "u undoes the last thing done to a note.",
    "A": "a writes a note on this entry.",
    "Q": "q quits.",
}

Act = Callable[[Note], Awaitable[None]]


class CaseScreen(SourceScreen):
    """Reading, with notes beside each entry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "annotate", "annotate", id="note.new", tooltip="Write a note on this entry"),
        Binding("ctrl+s", "keep_note", "keep", id="note.keep", show=False,
                tooltip="Keep the note that is open in the editor"),
        Binding("e", "edit_note", "edit", id="note.edit", show=False,
                tooltip="Edit the selected note"),
        Binding("D", "delete_note", "delete", id="note.delete", show=False,
                tooltip="Delete the selected note; u brings it back"),
        Binding("u", "undo", "undo", id="note.undo", show=False,
                tooltip="Undo the last thing done to a note"),
        Binding("colon,ctrl+p", "go", "go", id="app.go",
                tooltip="Go to an entry by id or name, or do anything by its name"),
        Binding("L", "library", "library", id="app.library", show=False,
                tooltip="Go to another case"),
        Binding("question_mark,f1", "help", "help", id="app.help",
                tooltip="Show the keys that work here"),
        Binding("q", "close", "quit", id="app.quit",
                tooltip="Close what lies over the list, else quit"),
    ]  # fmt: skip

    class LibraryWanted(Message):
        """The reader wants to go to another case."""

    def __init__(self, open_case: OpenCase, drafts: DraftFolder) -> None:
        super().__init__(open_case)
        self._drafts = drafts
        self.panel: NotePanel | None = None
        self._written_from = "list"
        self._warned_of: str | None = None

    async def take_another(self, open_case: OpenCase, drafts: DraftFolder) -> None:
        """Read another case from now on; what was being typed on this one stays a draft."""
        if self.panel is not None:
            await self.panel.remove()
            self.panel = None
        self._drafts = drafts
        self._warned_of = None
        self.take_case(open_case)

    async def opened(self) -> None:
        """Say what hinders keeping notes; offer the text that was left unfinished."""
        if refusal := self.open_case.notebook.refuses:
            self.say(f"Notes can’t be kept: {refusal}", warning=True)
        elif waiting := self._drafts.unfinished():
            await self._offer(waiting)
        elif unreadable := self.open_case.notebook.unreadable:
            path, reason = unreadable[0]
            self.say(
                f"A note can’t be read and is left as it is: {path.name}: {reason}", warning=True
            )
        elif changes := changing.in_all_in_words(self.open_case):
            self.say(changes)

    # Notes

    async def action_annotate(self) -> None:
        """Open the editor on this entry, with the text that was begun here if there is one."""
        entry_id = self.entry_id
        if entry_id is None or self.open_case.entry(entry_id) is None:
            self.say("There is no entry here to annotate.")
            return
        await self._write(
            lambda draft: draft.entry == entry_id and draft.note is None,
            lambda: self._drafts.begin(entry_id, self.open_case.title(entry_id)),
        )

    def action_keep_note(self) -> None:
        """Keep what stands in the editor, from wherever the reader is."""
        if self.panel and self.is_writing:
            self.panel.action_keep()
        else:
            self.say("No note is open; a writes one.")

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
            lambda: self._drafts.begin(
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

    def notes_changed(self, note: str | None = None) -> None:
        """Show panes, page and counts as they are now, at a note if one is named."""
        self.lay_out_anew()
        if note is not None:
            self.detail.go_to_note(note)

    # The editor

    @property
    def is_writing(self) -> bool:
        """Whether a text stands in the editor."""
        return self.panel is not None and self.panel.draft is not None

    async def _write(self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]) -> None:
        """Let the reader go on with a text that was begun and not kept, or begin one."""
        in_editor = self.panel.draft if self.panel else None
        try:
            if in_editor is None or not is_wanted(in_editor):
                await self._open_in_panel(self._drafts.resume(is_wanted) or begin())
        except NotKept as error:
            self.say(f"Not opened: a draft can’t be put on disk: {error.reason}", warning=True)
            return
        if self.stop != "editor":
            self._written_from = self.stop
        self.go_to_stop("editor")

    async def _open_in_panel(self, draft: Draft) -> None:
        if self.panel is None:
            # Not at start-up: the text area costs 10 ms to import and 70 ms to open.
            from casefile.tui.note_panel import NotePanel

            self.panel = NotePanel(self.open_case.notebook, self._drafts, id="note")
            await self.query_one("#side", Vertical).mount(self.panel)
        self.panel.open(draft, noting.target(self.open_case, draft.entry, draft.label))

    async def _offer(self, waiting: Sequence[Draft]) -> None:
        """Open what was left unfinished, beside its entry; the reader decides to go on with it."""
        draft, *others = waiting
        self.show_entry(draft.entry)
        try:
            draft = self._drafts.take(draft)
        except NotKept as error:
            self.say(f"An unfinished note waits; it can’t be opened: {error.reason}", warning=True)
            return
        await self._open_in_panel(draft)
        more = f" {len(others)} more wait on their entries, under a." if others else ""
        self.say(
            f"Your unfinished note is open again: shift+Tab goes to it, ctrl+s keeps it.{more}"
        )

    def on_note_panel_note_kept(self, event: NotePanel.NoteKept) -> None:
        """Show the note where it stands now; the first time, say where notes are."""
        self.notes_changed(event.revision.id)
        self.go_to_stop(self._written_from)
        self.say(noting.kept_in_words(self.open_case, is_first=event.is_first))

    def on_note_panel_note_refused(self, event: NotePanel.NoteRefused) -> None:
        """Say why; the text is still in the editor."""
        self.say(f"Not saved: {event.reason}. The text is still here.", warning=True)

    def on_note_panel_left(self) -> None:
        """Go back to where writing began; the text stays."""
        self.go_to_stop(self._written_from)
        self.say("Not kept yet, but on disk as a draft: shift+Tab goes back to it.")

    def on_note_panel_emptied(self) -> None:
        """Go back to where writing began."""
        self.go_to_stop(self._written_from)

    # Focus

    def stops(self) -> list[str]:
        """Let Tab go to an open editor too."""
        return [*super().stops(), *(["editor"] if self.is_writing else [])]

    @property
    def stop(self) -> str:
        """Where the focus is."""
        in_editor = self.panel is not None and self.panel.has_focus_within
        return "editor" if in_editor else super().stop

    def go_to_stop(self, stop: str) -> None:
        """Put the focus into the editor, or where reading goes on."""
        if stop == "editor" and self.panel:
            self.read_beside(self.panel.editor)
        else:
            super().go_to_stop(stop)

    # The program

    def action_help(self) -> None:
        """Show the keys that work here."""
        from casefile.tui.help_screen import HelpScreen, help_groups

        self.app.push_screen(HelpScreen(help_groups(self)))

    def action_go(self) -> None:
        """Go somewhere or do something by its name."""
        from casefile.tui.choosing import Choice, Chooser
        from casefile.tui.going import Going, commands_of, themes_of

        commands = [*commands_of(self), *themes_of(self)]
        going = Going(self.open_case, self.panes, self.entry_list.pane, commands)

        async def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            sort, _, name = choice.gives.partition(":")
            if sort == "entry":
                self.go_to(name)
            elif sort == "pane":
                self.go_to_pane(int(name))
            else:
                command = going.commands[int(name)]
                await self.app.run_action(command.action, command.node)

        hint = "an id, a name, a date, a row’s number, or what to do"
        self.app.push_screen(Chooser("Go", going, placeholder=hint), chosen)

    def action_library(self) -> None:
        """Go to the library, and from there to another case, with what is typed here on disk."""
        if self.before_leaving_screen():
            self.post_message(self.LibraryWanted())

    def action_close(self) -> None:
        """Close the source or the page that lies over the list; else quit."""
        if self.is_source_open:
            self.put_source_away()
        elif self.is_page_over_list:
            self.focus_list()
        else:
            self.leave()

    @property
    def is_page_over_list(self) -> bool:
        """Whether the page stands alone, as there is no room for both."""
        return self.is_narrow and self.is_reading

    def words_for(self, binding: Binding) -> str:
        """Tell whether q closes something or quits."""
        if binding.id == "app.quit" and (self.is_source_open or self.is_page_over_list):
            return "close"
        return super().words_for(binding)

    def before_leaving_screen(self) -> bool:
        """Put what is being typed on disk."""
        try:
            if self.panel:
                self.panel.write_draft()
        except NotKept as error:
            self.say(f"First keep the note; it can’t be put on disk: {error.reason}", warning=True)
            return False
        return True

    def case_read_again(self, reading: Reading) -> None:
        """Let the note that is being written be on the entry as it is now."""
        super().case_read_again(reading)
        if self.panel and self.panel.draft:
            draft = self.panel.draft
            self.panel.target = noting.target(self.open_case, draft.entry, draft.label)

    def leave(self) -> None:
        """Quit, with what is being typed on disk; where it can't be, only when asked twice."""
        try:
            if self.panel:
                self.panel.write_draft()
        except NotKept as error:
            text = self.panel.text if self.panel else None
            if text != self._warned_of:
                self._warned_of = text
                words = f"The note can’t be put on disk: {error.reason}. Again quits without it."
                self.say(words, warning=True)
                return
        self.app.exit()

    def on_key(self, event: events.Key) -> None:
        """Say what a key that does nothing here is near to."""
        near = _NEAR_KEYS.get(event.character or "")
        if near and event.key not in self.active_bindings:
            self.say(near)
