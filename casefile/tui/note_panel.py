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
from textual.widget import Widget
from textual.widgets import TextArea

from casefile.notes.annotation import NotKept, Revision, Target
from casefile.notes.drafts import Draft, DraftFolder
from casefile.notes.notebook import Notebook
from casefile.tui.note_text import NoteText
from casefile.tui.two_ended_line import TwoEndedLine

DRAFT_SECONDS = 0.3
"""How long a typed character may be in memory alone; promise 1 allows half a second."""
RETRY_SECONDS = 5.0
"""How long after it could not be put on disk that is tried again."""

_LEAST, _STEP, _AROUND = 8, 3, 3
"""In rows: how high it is at least, by how much it grows, what is not text and one to type in."""
_PAGE_LINES = 7
"""How much of the page stays in sight."""


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

    class Safe(Message):
        """What could not be put on disk before is there now, as a draft."""

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
        self._is_unsafe = False

    def compose(self) -> ComposeResult:
        """Lay the title above the text."""
        yield TwoEndedLine(id="note-title")
        yield NoteText(id="note-text")

    @property
    def text(self) -> str:
        """What is in the editor now."""
        return self.editor.text

    def open(self, draft: Draft, target: Target, title: str) -> None:
        """Put a draft into the editor; one that was there before stays on disk.

        Raises NotKept, and leaves the editor as it is, where that one can't be written.
        """
        self.write_draft()
        # At no moment may a signal find the text of one beside the other.
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
        """Where the text is typed."""
        return self.query_one(NoteText)

    def write_draft(self, waiting: str = "") -> None:
        """Put the text on disk now, as a draft, with what waits to be typed; raises NotKept."""
        self._no_longer_due()
        text = self.editor.text_with(waiting)
        if self.draft is None:
            return
        if text == self.draft.body and not self._drafts.is_lost(self.draft):
            return
        draft = self.draft.typed(text)
        self._drafts.write(draft)
        self.draft = draft

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.draft is None:
            return
        self._fit()
        if self._due is None:
            self._due = self.set_timer(DRAFT_SECONDS, self._write_due_draft)

    def _write_due_draft(self) -> None:
        try:
            self.write_draft()
        except NotKept as error:
            self._is_unsafe = True
            # There may be room again before the next key.
            self._due = self.set_timer(RETRY_SECONDS, self._write_due_draft)
            self.post_message(self.NoteRefused(error.reason))
        else:
            if self._is_unsafe:
                self.post_message(self.Safe())
            self._is_unsafe = False

    def action_keep(self) -> None:
        """Keep what is written as a note; an empty or unchanged text only closes the editor."""
        if self.draft is None or self.target is None:
            return
        if not self.text.strip() and not self._takes_remark_away(self.draft):
            self._end_empty()
            return
        if self._is_unchanged(self.draft):
            self._end_empty()
            return
        is_first = self._notebook.is_first
        try:
            revision = self._notebook.keep_draft(self.draft, self.text, self.target)
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

    def put_away(self) -> None:
        """Close, once the text is on disk as a draft."""
        self.write_draft()
        self._close()

    def _takes_remark_away(self, draft: Draft) -> bool:
        """Say whether an empty text means something: a verdict stands without a remark too."""
        note = self._notebook.note(draft.note) if draft.note else None
        return draft.motivation == "assessing" and bool(note and note.current.body)

    def _is_unchanged(self, draft: Draft) -> bool:
        """Say whether the text stands in the note already, on the entry as it is now."""
        note = self._notebook.note(draft.note) if draft.note else None
        if note is None or note.conflict or note.deleted:
            return False
        return (note.current.body, note.current.target) == (self.text, self.target)

    def _end_empty(self) -> None:
        if self.draft:
            self._drafts.remove(self.draft)
        self._close()
        self.post_message(self.Emptied())

    def _fit(self) -> None:
        """Grow with the text, as long as some of the page stays in sight; never shrink under it."""
        room = self.parent.size.height if isinstance(self.parent, Widget) else 0
        wanted = self.editor.wrapped_document.height + _AROUND
        most = max(_LEAST, room - _PAGE_LINES)
        height = min(most, max(_LEAST, -(-wanted // _STEP) * _STEP))
        before = self.styles.height
        if before is None or not before.cells or height > before.cells or before.cells > most:
            self.styles.height = height

    def _close(self) -> None:
        self._no_longer_due()
        self.draft = None
        self.editor.load_text("")
        self.display = False
        self.styles.height = None

    def _no_longer_due(self) -> None:
        if self._due:
            self._due.stop()
            self._due = None
