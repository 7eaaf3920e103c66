"""The text of a note: kept as it was typed, drawn inert, repainted only where a key changed it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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

from casefile.text.inert import inert_in_place, stands_in_text
from casefile.tui.terminal.key_queue import KeyQueueApp

_LINE_BREAK = re.compile(r"\r\n?")


class NoteDocument(Document):
    """A text whose lines end at line feeds alone, so that every character of it comes back.

    Textual's own also parts lines at ten other characters, and forgets which. What asks for lines
    gets them as they are drawn, character for character; the text, and parts of it, are as written.
    """

    def __init__(self, text: str, edited: Callable[[], None] = lambda: None) -> None:
        super().__init__("")
        self._edited = edited
        self._lines = text.split("\n")
        self._is_inert = _are_drawn_as_written(self._lines)

    @property
    def lines(self) -> list[str]:
        """The lines as they are drawn."""
        return self._lines if self._is_inert else [_drawn(line) for line in self._lines]

    def get_line(self, index: int) -> str:
        """Give a line as it is drawn."""
        return self[index]

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        """Give a line, or several, as they are drawn."""
        written = self._lines[line_index]
        if self._is_inert:
            return written
        return _drawn(written) if isinstance(written, str) else [_drawn(line) for line in written]

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put a text in place of what stands between two places."""
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
    """A text area that costs a slow line a row a key, and not all its rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "undo", id="editor.undo", show=False,
                tooltip="Undo what was typed"),
        Binding("ctrl+y", "redo", "redo", id="editor.redo", show=False,
                tooltip="Redo what was undone"),
    ]  # fmt: skip

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        self._holds_repaints = False
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def on_key(self, event: Key) -> None:
        """Take a character that has no shape, which Textual would drop."""
        if event.character and not event.is_printable and stands_in_text(event.character):
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard(event.character, *self.selection)

    def on_paste(self, event: Paste) -> None:
        """Take what is pasted as text whose lines end as Enter ends them: terminals send CR."""
        event.prevent_default()
        text = _LINE_BREAK.sub("\n", event.text)
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def text_with(self, waiting: str) -> str:
        """Give the text as it will be once what waits has been typed too."""
        if not waiting:
            return self.text
        start, end = sorted(self.selection)
        before = self.document.get_text_range((0, 0), start)
        after = self.document.get_text_range(end, self.document.end)
        return f"{before}{_LINE_BREAK.sub(chr(10), waiting)}{after}"

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say that Enter and the slash are typed here too; Textual knows no character for them."""
        is_text = character is not None and stands_in_text(character)
        return is_text or key in ("enter", "slash")

    def edit(self, edit: Edit) -> EditResult:
        """Perform an edit, and repaint the rows that look different after it."""
        before = self._rows()
        self._holds_repaints = True
        try:
            return super().edit(edit)
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
        """Leave out the repaints of everything that an edit asks for on its way."""
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
        if isinstance(self.app, KeyQueueApp):
            self.app.text_taken()

    def _rows(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def _repaint_changed(self, before: list[Strip]) -> None:
        for y, row in enumerate(self._rows()):
            if y >= len(before) or row != before[y]:
                self.refresh(Region(0, y, self.size.width, 1))


def _are_drawn_as_written(lines: Iterable[str]) -> bool:
    return all(_drawn(line) == line for line in lines)


def _drawn(line: str) -> str:
    # Tabs are spread by the text area, which knows the column.
    return "\t".join(map(inert_in_place, line.split("\t")))
