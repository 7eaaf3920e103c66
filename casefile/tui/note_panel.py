"""The note editor: saves a draft at every pause and the note on ctrl+s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import TextArea

from casefile.notes.annotation import Revision, SaveError, Target
from casefile.notes.drafts import Draft, DraftFolder
from casefile.notes.notebook import Notebook
from casefile.tui.note_text import NoteText
from casefile.tui.two_ended_line import TwoEndedLine

DRAFT_SECONDS = 0.3
"""How long typed text may be in memory only; the first promise allows half a second."""
RETRY_SECONDS = 5.0
"""How long after a draft could not be saved the next attempt is made."""

_MIN_HEIGHT, _GROWTH = 8, 3
"""The rows of the panel at least, and by how many it grows."""
_EXTRA_ROWS = 3
"""The border, the title and one empty row to type in."""
_PAGE_ROWS = 7
"""The rows of the page that stay visible above the panel."""


class NotePanel(Vertical):
    """An editor for one draft at a time, which closes when the note is saved or left empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "keep the note", id="editor.keep",
                tooltip="Keep the note"),
        Binding("escape", "leave", "back to the entry", id="editor.leave",
                tooltip="Go back to the entry; the text stays here and is saved as a draft"),
    ]  # fmt: skip

    @dataclass
    class NoteKept(Message):
        """A note was saved."""

        revision: Revision
        is_first: bool
        """Whether no note was ever saved before, on any case."""

    @dataclass
    class SaveFailed(Message):
        """A note or draft could not be saved; its text is still in the editor."""

        reason: str

    class DraftSavedAgain(Message):
        """A draft that could not be saved before is saved now."""

    class ClosedWithoutNote(Message):
        """The editor was closed without a note to save."""

    class Left(Message):
        """The editor was left; its text stays there and is saved as a draft."""

    def __init__(self, notebook: Notebook, drafts: DraftFolder, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._notebook = notebook
        self._drafts = drafts
        self.draft: Draft | None = None
        """The draft in the editor, as last saved."""
        self.target: Target | None = None
        """What the draft is about."""
        self._save_timer: Timer | None = None
        self._has_failed = False
        """Whether the last attempt to save the draft failed."""

    def compose(self) -> ComposeResult:
        """Put the title above the text."""
        yield TwoEndedLine(id="note-title")
        yield NoteText(id="note-text")

    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.editor.text

    def open(self, draft: Draft, target: Target, title: str) -> None:
        """Put a draft into the editor, after saving the one that is there.

        Raises:
            NotKept: That one can't be saved; the editor is left as it is.
        """
        self.save_draft()
        # A signal may save the draft at any moment: it must not find this text in another draft.
        self.draft = None
        self.target = target
        self.query_one(TwoEndedLine).show(title)
        editor = self.editor
        editor.load_text(draft.body)
        self.draft = draft
        editor.move_cursor(editor.document.end)
        self.display = True
        self._fit()

    @property
    def editor(self) -> NoteText:
        """The text area."""
        return self.query_one(NoteText)

    def save_draft(self, waiting: str = "") -> None:
        """Save the text as a draft now, with the keys in `waiting` typed too.

        Raises:
            NotKept: The draft can't be saved.
        """
        self._stop_timer()
        text = self.editor.text_with(waiting)
        if self.draft is None:
            return
        if text == self.draft.body and not self._drafts.is_lost(self.draft):
            return
        draft = self.draft.with_body(text)
        self._drafts.write(draft)
        self.draft = draft

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.draft is None:
            return
        self._fit()
        if self._save_timer is None:
            self._save_timer = self.set_timer(DRAFT_SECONDS, self._save_or_retry)

    def _save_or_retry(self) -> None:
        try:
            self.save_draft()
        except SaveError as error:
            self._has_failed = True
            # Disk space may be available again before the next key.
            self._save_timer = self.set_timer(RETRY_SECONDS, self._save_or_retry)
            self.post_message(self.SaveFailed(error.reason))
        else:
            if self._has_failed:
                self.post_message(self.DraftSavedAgain())
            self._has_failed = False

    def action_keep(self) -> None:
        """Save the text as a note and close; an empty or unchanged text only closes the editor."""
        if self.draft is None or self.target is None:
            return
        is_empty = not self.text.strip() and not self._removes_remark(self.draft)
        if is_empty or self._is_unchanged(self.draft):
            self._close_without_note()
            return
        is_first = self._notebook.is_first
        try:
            revision = self._notebook.keep_draft(self.draft, self.text, self.target)
        except SaveError as error:
            self.post_message(self.SaveFailed(error.reason))
            return
        self._drafts.remove(self.draft)
        self._close()
        self.post_message(self.NoteKept(revision, is_first))

    def action_leave(self) -> None:
        """Save the draft and leave the editor; an empty one closes."""
        if not self.text.strip():
            self._close_without_note()
            return
        try:
            self.save_draft()
        except SaveError as error:
            self.post_message(self.SaveFailed(error.reason))
        else:
            self.post_message(self.Left())

    def save_and_close(self) -> None:
        """Save the draft and close the editor.

        Raises:
            NotKept: The draft can't be saved; the editor stays open.
        """
        self.save_draft()
        self._close()

    def _removes_remark(self, draft: Draft) -> bool:
        """Return whether an empty text removes the remark of a check, which is a change."""
        note = self._notebook.note(draft.note) if draft.note else None
        return draft.motivation == "assessing" and bool(note and note.current.body)

    def _is_unchanged(self, draft: Draft) -> bool:
        """Return whether the note has this text already, on the entry as it is now."""
        note = self._notebook.note(draft.note) if draft.note else None
        if note is None or note.conflict or note.deleted:
            return False
        return (note.current.body, note.current.target) == (self.text, self.target)

    def _close_without_note(self) -> None:
        if self.draft:
            self._drafts.remove(self.draft)
        self._close()
        self.post_message(self.ClosedWithoutNote())

    def _fit(self) -> None:
        """Grow with the text as far as the page stays visible; shrink only if that does not."""
        available = self.parent.size.height if isinstance(self.parent, Widget) else 0
        wanted = self.editor.wrapped_document.height + _EXTRA_ROWS
        highest = max(_MIN_HEIGHT, available - _PAGE_ROWS)
        height = min(highest, max(_MIN_HEIGHT, -(-wanted // _GROWTH) * _GROWTH))
        before = self.styles.height
        if before is None or not before.cells or height > before.cells or before.cells > highest:
            self.styles.height = height

    def _close(self) -> None:
        self._stop_timer()
        self.draft = None
        self.editor.load_text("")
        self.display = False
        self.styles.height = None

    def _stop_timer(self) -> None:
        if self._save_timer:
            self._save_timer.stop()
            self._save_timer = None
