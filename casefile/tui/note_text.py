"""The text of a note, repainted only where a key changed it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea


class NoteText(TextArea):
    """A text area without highlighting, in which Esc and ctrl+s are the panel's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "undo", id="editor.undo", tooltip="Undo what was typed",
                show=False),
        Binding("ctrl+y", "redo", "redo", id="editor.redo", tooltip="Redo what was undone",
                show=False),
    ]  # fmt: skip

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(
            id=id, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False
        )
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say that Enter and the slash are typed here too; Textual knows no character for them."""
        return key in ("enter", "slash") or super().check_consume_key(key, character)
