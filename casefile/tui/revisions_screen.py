"""The history of a note: its revisions, the text of each, and the way to restore one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message
from textual.screen import ModalScreen

from casefile.notes.annotation import Revision
from casefile.notes.authors import author_in_words
from casefile.notes.history import Note
from casefile.tui.detail_view import DetailView
from casefile.tui.drawing import as_title, fit_to_width
from casefile.tui.line_view import LineView
from casefile.tui.terminal.crash_safe_app import SUSPEND
from casefile.views import revisions

_GAP = 2
_STANDS = "current"
_WIDEST_AUTHOR, _WIDEST_DONE = 12, 28
_ROOM_FOR_AUTHORS = 66
"""In a narrower list the author is shown only with the text."""
_KEYS = "Enter restores · Tab to the text · Esc closes"


class RevisionList(LineView[revisions.RevisionLine]):
    """The revisions of a note, newest first: when, who, what was done, and the first words."""

    class Selected(Message):
        """The cursor moved to another revision."""

    def __init__(self, note: Note, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._lines = revisions.revision_lines(note)
        self._when_width = max(cell_len(line.when) for line in self._lines)
        self._author_width = _width_of(
            (author_in_words(line.revision.author) for line in self._lines), _WIDEST_AUTHOR
        )
        self._done_width = _width_of((line.done for line in self._lines), _WIDEST_DONE)

    @property
    def line(self) -> revisions.RevisionLine:
        """The line under the cursor."""
        return self._lines[self.cursor]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 (Textual's own)
        """Return the number of revisions."""
        return len(self._lines)

    def cursor_moved(self) -> None:
        """Post the revision that is selected now."""
        self.post_message(self.Selected())

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a revision, marked if it is current."""
        line = self._lines[number]
        sign, style, minor = self.row_start(number)
        columns = [Segment(fit_to_width(line.when, self._when_width), minor)]
        if width >= _ROOM_FOR_AUTHORS:
            author = author_in_words(line.revision.author)
            columns.append(Segment(fit_to_width(author, self._author_width), minor))
        columns.append(Segment(fit_to_width(line.done, self._done_width), style))
        mark = _STANDS if line.is_current else ""
        taken = 1 + sum(column.cell_length + _GAP for column in columns)
        room = max(0, width - taken - (cell_len(mark) + _GAP if mark else 0))
        columns.append(Segment(fit_to_width(line.text, room), style))
        gap = Segment(" " * _GAP, style)
        segments = [sign]
        for column in columns:
            segments += [column, gap]
        return [*segments, Segment(mark, style + self.style_of("mark"))]


class RevisionsScreen(ModalScreen[Revision | None]):
    """The list of revisions above the text of the selected one; returns the one to restore."""

    AUTO_FOCUS = "#revision-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,H", "dismiss", "close", id="revisions.close"),
        Binding("enter", "restore", "restore", id="revisions.restore"),
        Binding("tab,shift+tab,l,h", "turn_focus", "to the text", id="revisions.turn", show=False),
        SUSPEND,
    ]

    def __init__(self, note: Note) -> None:
        super().__init__()
        self._note = note

    def compose(self) -> ComposeResult:
        """Lay out the list above the text."""
        with Vertical(id="revisions", classes="overlay") as box:
            box.border_title = "History of the note"
            box.border_subtitle = as_title(_KEYS)
            yield RevisionList(self._note, id="revision-list")
            yield DetailView(id="revision")

    def on_mount(self) -> None:
        """Show the newest revision."""
        self._show_revision()

    @on(RevisionList.Selected)
    def _show_revision(self) -> None:
        """Show the text of the selected revision, and the keys again."""
        page = revisions.page_of_revision(self._note, self.query_one(RevisionList).line)
        self.query_one(DetailView).show(page)
        self._say(_KEYS)

    # No line of this page leads on, so that Enter means there what it means in the list.
    @on(DetailView.NothingFollowed)
    def action_restore(self) -> None:
        """Return the selected revision, or say why it can't be restored."""
        revision = self.query_one(RevisionList).line.revision
        reason = revisions.reason_not_restorable(self._note, revision)
        if reason is None:
            self.dismiss(revision)
        else:
            self._say(reason)

    def action_turn_focus(self) -> None:
        """Move the focus between list and text."""
        here, there = self.query_one(RevisionList), self.query_one(DetailView)
        (there if here.has_focus else here).focus()

    def _say(self, words: str) -> None:
        self.query_one("#revisions").border_subtitle = as_title(words)


def _width_of(words: Iterable[str], widest: int) -> int:
    return min(widest, max(cell_len(one[:widest]) for one in words))
