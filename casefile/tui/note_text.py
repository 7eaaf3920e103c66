"""The text of a note, repainted only in the rows that a key changed."""

from __future__ import annotations

from typing import ClassVar, Self

from textual.binding import Binding, BindingType
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


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

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say that Enter and the slash are typed here too; Textual knows no character for them."""
        return key in ("enter", "slash") or super().check_consume_key(key, character)

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

    def _rows(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def _repaint_changed(self, before: list[Strip]) -> None:
        for y, row in enumerate(self._rows()):
            if y >= len(before) or row != before[y]:
                self.refresh(Region(0, y, self.size.width, 1))
