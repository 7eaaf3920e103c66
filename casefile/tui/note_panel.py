"""The note editor: saves a draft at every pause and the note on ctrl+s."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from casefile.notes.annotation import SaveError, excess_in_words
from casefile.notes.draft import Draft
from casefile.notes.drafts import DraftFolder
from casefile.notes.external_edit import EDITOR_LIMIT
from casefile.tui.note_text import NoteText
from casefile.tui.two_ended_line import TwoEndedLine

if TYPE_CHECKING:
    from textual.document._history import EditHistory

DRAFT_SECONDS = 0.3
"""How long typed text may be in memory only; the first promise allows half a second."""
_LEAST_SECONDS = 0.1
"""How long keys are waited for at least, however long writing takes."""
RETRY_SECONDS = 5.0
"""How long after a draft could not be saved the next attempt is made."""

_MIN_HEIGHT, _GROWTH = 8, 3
"""The rows of the panel at least, and by how many it grows."""
_EXTRA_ROWS = 3
"""The border, the title and one empty row to type in."""
_PAGE_ROWS = 7
"""The rows of the page that stay visible above the panel."""


@dataclass(frozen=True)
class OpenText:
    """What the editor of one screen hands over to that of another."""

    draft: Draft
    selection: Selection
    """The cursor, and from where on text is selected."""
    history: EditHistory
    """What can be undone."""
    written_from: str
    """The stop from which writing began."""
    on_disk: Draft | None
    """The draft as it was written last."""


class NotePanel(Vertical):
    """An editor for one draft at a time, which closes when the note is saved or left empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "screen.do('note.keep')", "keep the note", id="editor.keep",
                tooltip="Keep the note"),
        Binding("escape", "screen.leave_editor", "back to the entry", id="editor.leave",
                tooltip="Go back to the entry; the text stays here and is saved as a draft"),
    ]  # fmt: skip

    def __init__(self, drafts: DraftFolder, report: Callable[[str], None]) -> None:
        """Save drafts in a folder.

        `report` is called with the reason when that fails, and with "" when it works again.
        """
        super().__init__(id="note")
        self._drafts = drafts
        self._report = report
        self.draft: Draft | None = None
        """The draft in the editor, with the text as last saved."""
        self._on_disk: Draft | None = None
        """It as it was written last; None if it has no file, since nothing was typed."""
        self._title = ""
        self._save_timer: Timer | None = None
        self._write_seconds = 0.0
        """How long writing the draft took last: a quarter second for a text of two megabytes."""
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

    def open(self, draft: Draft, title: str) -> None:
        """Put a draft into the editor, after saving the one that is there.

        Raises:
            SaveError: That one can't be saved; the editor is left as it is.
        """
        self.save_draft()
        # A signal may save the draft at any moment: it must not find this text in another draft.
        self.draft = None
        self._title = title
        editor = self.editor
        editor.load_text(draft.body)
        self._show_title()
        self.draft = draft
        self._on_disk = draft if self._drafts.has_file(draft) else None
        editor.move_cursor(editor.document.end)
        self.display = True
        self._fit()

    @property
    def editor(self) -> NoteText:
        """The text area."""
        return self.query_one(NoteText)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was typed here, so that no draft is on disk."""
        return self._on_disk is None and (self.draft is None or self.draft.body == self.text)

    def save_draft(self) -> None:
        """Save the text as a draft now; if that fails, it is tried again later.

        Raises:
            SaveError: The draft can't be saved.
        """
        try:
            self.save_draft_with("")
        except SaveError:
            self._try_again_later()
            raise
        self._stop_timer()
        self._has_failed = False

    def save_draft_with(self, waiting: str) -> None:
        """Save the text with the keys in `waiting` typed too, also outside of the event loop.

        Raises:
            SaveError: The draft can't be saved.
        """
        text = self.editor.text_with(waiting)
        if self.draft is None:
            return
        draft = self.draft if text == self.draft.body else self.draft.with_body(text)
        if draft is self.draft and not self._must_be_written_again(draft):
            return
        begun = time.monotonic()
        self._drafts.write(draft)
        self._write_seconds = time.monotonic() - begun
        self.draft, self._on_disk = draft, draft if text else None

    def _must_be_written_again(self, draft: Draft) -> bool:
        """Whether the file of a draft was removed, or what it is held back for has changed."""
        before = self._on_disk
        return before is not None and (draft != before or not self._drafts.has_file(draft))

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.draft is None:
            return
        self._show_title()
        self._fit()
        if self._save_timer is None:
            self._save_timer = self.set_timer(
                max(_LEAST_SECONDS, DRAFT_SECONDS - self._write_seconds), self._save_or_retry
            )

    @on(NoteText.TooLong)
    def _refused(self, event: NoteText.TooLong) -> None:
        event.stop()
        self._show_title(f"Not inserted: over {EDITOR_LIMIT >> 20} MiB")

    def _show_title(self, problem: str = "") -> None:
        """Show what is being written, and beside it how much too long the text is, if it is."""
        too_long = problem or excess_in_words(self.editor.size_in_file)
        self.query_one(TwoEndedLine).show(self._title, too_long)

    def _save_or_retry(self) -> None:
        had_failed = self._has_failed
        try:
            self.save_draft()
        except SaveError as error:
            self._report(error.reason)
        else:
            if had_failed:
                self._report("")

    def _try_again_later(self) -> None:
        # Disk space may be available again before the next key.
        self._stop_timer()
        self._has_failed = True
        self._save_timer = self.set_timer(RETRY_SECONDS, self._save_or_retry)

    def save_and_close(self) -> None:
        """Save the draft and close the editor.

        Raises:
            SaveError: The draft can't be saved; the editor stays open.
        """
        self.save_draft()
        self.close()

    def close(self) -> None:
        """Empty and hide the editor."""
        self._stop_timer()
        self._has_failed = False
        self.draft = self._on_disk = None
        self.editor.load_text("")
        self.display = False
        self.styles.height = None

    def take_out(self, written_from: str) -> OpenText | None:
        """Close the editor, and return the text that was open in it, whose draft was saved."""
        if self.draft is None:
            return None
        # Closing the editor clears its history.
        history = deepcopy(self.editor.history)
        text = OpenText(self.draft, self.editor.selection, history, written_from, self._on_disk)
        self.close()
        return text

    def take_up(self, text: OpenText) -> None:
        """Go on where a text was left whose draft is open."""
        self._on_disk = text.on_disk
        self.editor.history = text.history
        self.editor.selection = text.selection

    def _fit(self) -> None:
        """Grow with the text as far as the page stays visible; shrink only if that does not."""
        available = self.parent.size.height if isinstance(self.parent, Widget) else 0
        wanted = self.editor.wrapped_document.height + _EXTRA_ROWS
        highest = max(_MIN_HEIGHT, available - _PAGE_ROWS)
        height = min(highest, max(_MIN_HEIGHT, -(-wanted // _GROWTH) * _GROWTH))
        before = self.styles.height
        if before is None or not before.cells or height > before.cells or before.cells > highest:
            self.styles.height = height

    def _stop_timer(self) -> None:
        if self._save_timer:
            self._save_timer.stop()
            self._save_timer = None
