"""The text area of the note editor: keeps text as typed, draws it inert, repaints little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar, Self, overload

from textual.binding import Binding, BindingType
from textual.document._document import Document, EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.document._wrapped_document import WrappedDocument
from textual.events import Key, Paste
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea

from casefile.text.inert import inert_in_place, is_text_character
from casefile.tui.terminal.crash_safe_app import CrashSafeApp

_LINE_BREAK = re.compile(r"\r\n?")


class NoteDocument(Document):
    """A document that breaks lines only at line feeds, so that no character is lost.

    Textual's own document also breaks at ten other characters and does not remember which. The
    lines are returned as drawn, character for character; the text and its ranges as written.
    """

    def __init__(self, text: str, edited: Callable[[], None] = lambda: None) -> None:
        """Hold a text, and call `edited` after each change of it."""
        super().__init__("")
        self._edited = edited
        self._lines = text.split("\n")
        self._is_inert = _are_drawn_as_written(self._lines)

    @property
    def lines(self) -> list[str]:
        """The lines as drawn."""
        return self._lines if self._is_inert else [_drawn(line) for line in self._lines]

    def get_line(self, index: int) -> str:
        """Return a line as drawn."""
        return self[index]

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        """Return one or several lines as drawn."""
        written = self._lines[line_index]
        if self._is_inert:
            return written
        return _drawn(written) if isinstance(written, str) else [_drawn(line) for line in written]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Replace the text between two locations."""
        (top, left), (bottom, right) = sorted((start, end))
        replaced = self.get_text_range(start, end)
        before = "".join(self._lines[top : top + 1])[:left]
        after = "".join(self._lines[bottom : bottom + 1])[right:]
        *first, last = f"{before}{text}".split("\n")
        lines = [*first, f"{last}{after}"]
        self._lines[top : bottom + 1] = lines
        self._edited()
        self._is_inert = self._is_inert and _are_drawn_as_written(lines)
        return EditResult((top + len(first), len(last)), replaced)


class NoteText(TextArea):
    """A text area that repaints only the rows that a key changed, for slow connections."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "undo", id="editor.undo", show=False,
                tooltip="Undo the last edit"),
        Binding("ctrl+y", "redo", "redo", id="editor.redo", show=False,
                tooltip="Redo the edit that was undone"),
    ]  # fmt: skip

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        self._holds_repaints = False
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def on_key(self, event: Key) -> None:
        """Insert a character that is not printable, such as a joiner; Textual would drop it."""
        if event.character and not event.is_printable and is_text_character(event.character):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(event.character, *self.selection)

    def on_paste(self, event: Paste) -> None:
        """Insert pasted text with line feeds as line breaks; terminals send carriage returns."""
        event.prevent_default()
        text = _LINE_BREAK.sub("\n", event.text)
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def text_with(self, waiting: str) -> str:
        """Return the text as it will be once the keys in `waiting` have been typed too."""
        if not waiting:
            return self.text
        start, end = sorted(self.selection)
        before = self.document.get_text_range((0, 0), start)
        after = self.document.get_text_range(end, self.document.end)
        return f"{before}{_LINE_BREAK.sub(chr(10), waiting)}{after}"

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Return whether a key types text here; Textual passes no character for Enter and slash."""
        is_text = character is not None and is_text_character(character)
        return is_text or key in ("enter", "slash")

    def is_movement(self, action: str) -> bool:
        """Whether an action moves the cursor and does nothing else."""
        return action.startswith("cursor_")

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Draw the effect of all movements in the block once, at its end."""
        with self._repainting_changes():
            yield

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit and repaint the rows that look different after it."""
        with self._repainting_changes():
            return super().edit(edit)

    @contextmanager
    def _repainting_changes(self) -> Iterator[None]:
        before = self._rows()
        self._holds_repaints = True
        try:
            yield
        finally:
            self._holds_repaints = False
            self._repaint_changed(before)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Skip full repaints during an edit, which repaints the changed rows at its end."""
        if self._holds_repaints and not (regions or layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _set_document(self, text: str, language: str | None) -> None:  # noqa: ARG002 (Textual's own)
        self.document = NoteDocument(text, self._edited)
        self.wrapped_document = WrappedDocument(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def _edited(self) -> None:
        if isinstance(self.app, CrashSafeApp):
            self.app.key_queue.text_inserted()

    def _rows(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def _repaint_changed(self, before: list[Strip]) -> None:
        for y, row in enumerate(self._rows()):
            if y >= len(before) or row != before[y]:
                self.refresh(Region(0, y, self.size.width, 1))


def _are_drawn_as_written(lines: Iterable[str]) -> bool:
    return all(_drawn(line) == line for line in lines)


def _drawn(line: str) -> str:
    # The text area expands tabs itself, since it knows the column.
    return "\t".join(map(inert_in_place, line.split("\t")))
