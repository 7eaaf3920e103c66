"""The editor beside the entry: a draft that is on disk at every pause, and kept on ctrl+s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from casefile.notes.annotation import NotKept, Revision, Target
from casefile.notes.drafts import Draft, DraftFolder
from casefile.notes.notebook import Notebook
from casefile.tui.lines import TwoEndedLine
from casefile.tui.note_text import NoteText

DRAFT_SECONDS = 0.3
"""How long a typed character may be in memory alone; promise 1 allows half a second."""


class NotePanel(Vertical):
    """Holds one text at a time; no key drops it, and only keeping or emptying it ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "keep the note", id="editor.keep",
                tooltip="Keep the note"),
        Binding("escape", "leave", "back to the entry", id="editor.leave",
                tooltip="Go back to the entry; the text stays here, and on disk as a draft"),
    ]  # fmt: skip

    @dataclass
    class NoteKept(Message):
        """A note was written to disk, whole."""

        revision: Revision
        is_first: bool
        """Whether no note had ever been kept before."""

    @dataclass
    class NoteRefused(Message):
        """A note or draft could not be written; its text is still in the editor."""

        reason: str

    class Emptied(Message):
        """The editor was left with nothing in it, and closed."""

    class Left(Message):
        """The focus goes back to the entry; the text stays."""

    def __init__(self, notebook: Notebook, drafts: DraftFolder, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._notebook = notebook
        self._drafts = drafts
        self.target: Target | None = None
        self._due: Timer | None = None
        self.draft: Draft | None = None

    def compose(self) -> ComposeResult:
        """Lay the title above the text."""
        yield TwoEndedLine(id="note-title")
        yield NoteText(id="note-text")

    @property
    def text(self) -> str:
        """What is in the editor now."""
        return self.editor.text

    def open(self, draft: Draft, target: Target) -> None:
        """Put a draft into the editor; one that was there before stays on disk.

        Raises NotKept, and leaves the editor as it is, where that one can't be written.
        """
        self.write_draft()
        self.draft = draft
        self.target = target
        what = "Note on" if draft.note is None else "Editing a note on"
        self.query_one(TwoEndedLine).show(f"{what} {draft.label}", "ctrl+s keeps")
        editor = self.editor
        editor.load_text(draft.body)
        editor.move_cursor(editor.document.end)
        self.display = True

    @property
    def editor(self) -> NoteText:
        """Where the text is typed."""
        return self.query_one(NoteText)

    def write_draft(self) -> None:
        """Put what is typed on disk now, as a draft; raises NotKept."""
        self._no_longer_due()
        if self.draft is None or self.text == self.draft.body:
            return
        draft = self.draft.typed(self.text)
        self._drafts.write(draft)
        self.draft = draft

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.draft is None:
            return
        if self._due is None:
            self._due = self.set_timer(DRAFT_SECONDS, self._write_due_draft)

    def _write_due_draft(self) -> None:
        try:
            self.write_draft()
        except NotKept as error:
            self.post_message(self.NoteRefused(error.reason))

    def action_keep(self) -> None:
        """Keep what is written as a note; an empty text closes the editor."""
        if self.draft is None or self.target is None:
            return
        if not self.text.strip():
            self._end_empty()
            return
        folder = self._notebook.folder
        is_first = folder is not None and not folder.parent.exists()
        try:
            revision = self._keep(self.draft, self.target)
        except NotKept as error:
            self.post_message(self.NoteRefused(error.reason))
            return
        self._drafts.remove(self.draft)
        self._close()
        self.post_message(self.NoteKept(revision, is_first))

    def action_leave(self) -> None:
        """Give the focus back; the text stays, and an empty editor closes."""
        if not self.text.strip():
            self._end_empty()
            return
        try:
            self.write_draft()
        except NotKept as error:
            self.post_message(self.NoteRefused(error.reason))
        else:
            self.post_message(self.Left())

    def _keep(self, draft: Draft, target: Target) -> Revision:
        if draft.note is None:
            return self._notebook.keep_new(draft.entry, self.text, target)
        return self._notebook.keep_edit(draft.note, self.text, target, parents=draft.parents)

    def _end_empty(self) -> None:
        if self.draft:
            self._drafts.remove(self.draft)
        self._close()
        self.post_message(self.Emptied())

    def _close(self) -> None:
        self._no_longer_due()
        self.draft = None
        self.editor.load_text("")
        self.display = False

    def _no_longer_due(self) -> None:
        if self._due:
            self._due.stop()
            self._due = None
