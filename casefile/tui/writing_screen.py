"""The editor beside what is read: a text that is begun, gone on with, kept, and never dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from casefile.case.reader import Reading
from casefile.notes.annotation import NotKept
from casefile.notes.drafts import Draft
from casefile.reading import changing, noting
from casefile.reading.open_case import OpenCase
from casefile.tui.source_screen import SourceScreen

if TYPE_CHECKING:
    from casefile.tui.note_panel import NotePanel


class WritingScreen(SourceScreen):
    """Reading, with an editor under the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep_note", "keep", id="note.keep", show=False,
                tooltip="Keep the note that is open in the editor"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self.panel: NotePanel | None = None
        self._written_from = "list"
        self._warned_of: str | None = None

    async def take_another(self, open_case: OpenCase) -> None:
        """Read another case from now on; what was being typed on this one stays a draft."""
        if self.panel is not None:
            await self.panel.remove()
            self.panel = None
        self._warned_of = None
        self.take_case(open_case)

    async def opened(self) -> None:
        """Say what hinders keeping notes; offer the text that was left unfinished."""
        if refusal := self.open_case.notebook.refuses:
            self.say(f"Notes can’t be kept: {refusal}", warning=True)
        elif waiting := self.open_case.drafts.unfinished():
            await self._offer(waiting)
        elif unreadable := self.open_case.notebook.unreadable:
            path, reason = unreadable[0]
            self.say(
                f"A note can’t be read and is left as it is: {path.name}: {reason}", warning=True
            )
        elif changes := changing.in_all_in_words(self.open_case):
            self.say(changes)

    def action_keep_note(self) -> None:
        """Keep what stands in the editor, from wherever the reader is."""
        if self.panel and self.is_writing:
            self.panel.action_keep()
        else:
            self.say("No note is open; a writes one.")

    def notes_changed(self, note: str | None = None) -> None:
        """Show panes, page and counts as they are now, at a note if one is named."""
        self.lay_out_anew()
        if note is not None:
            self.detail.go_to_note(note)

    @property
    def is_writing(self) -> bool:
        """Whether a text stands in the editor."""
        return self.panel is not None and self.panel.draft is not None

    async def _write(self, is_wanted: Callable[[Draft], bool], begin: Callable[[], Draft]) -> None:
        """Let the reader go on with a text that was begun and not kept, or begin one."""
        in_editor = self.panel.draft if self.panel else None
        try:
            if in_editor is None or not is_wanted(in_editor):
                await self._open_in_panel(self.open_case.drafts.resume(is_wanted) or begin())
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

            self.panel = NotePanel(self.open_case.notebook, self.open_case.drafts, id="note")
            await self.query_one("#side", Vertical).mount(self.panel)
        self.panel.open(draft, noting.target(self.open_case, draft.entry, draft.label))

    async def _offer(self, waiting: Sequence[Draft]) -> None:
        """Open what was left unfinished, beside its entry; the reader decides to go on with it."""
        draft, *others = waiting
        self.show_entry(draft.entry)
        try:
            draft = self.open_case.drafts.take(draft)
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
