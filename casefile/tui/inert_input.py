"""A one-line input whose value is kept as typed and drawn inert."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.events import Key
from textual.message import Message
from textual.widgets import Input

from casefile.text.inert import inert_in_place, is_text_character
from casefile.tui.line_view import LineView

LONGEST = 2_000
"""The most characters that can be typed: each key folds, draws and looks for all of them."""
TOO_LONG = f"at most {LONGEST:,} characters"


class InertInput(Input):
    """An input that draws any pasted text inert, with the cursor in the right column."""

    class Refused(Message):
        """What was typed or pasted was too long, and was not inserted."""

    LIST_MOVEMENTS: ClassVar[Collection[str]] = ()
    """The actions that move the cursor of the list below the input, if there is one."""

    @property
    def _value(self) -> Text:
        return Text(inert_in_place(self.value), no_wrap=True, overflow="ignore", end="")

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 -- Textual's own
        """Return whether a key types text here, invisible characters such as joiners included."""
        return character is not None and is_text_character(character)

    def is_movement(self, action: str) -> bool:
        """Whether an action moves the cursor and does nothing else."""
        return action.startswith("cursor_") or action in ("home", "end", *self.LIST_MOVEMENTS)

    def moving(self) -> AbstractContextManager[None]:
        """Draw the effect of all movements in the block once, at its end."""
        # The input itself is drawn once in any case.
        lists = self.screen.query(LineView) if self.LIST_MOVEMENTS else ()
        return next((one.moving() for one in lists), nullcontext())

    def on_key(self, event: Key) -> None:
        """Insert a character that is not printable, such as a joiner; Textual would drop it."""
        if event.character and not event.is_printable and is_text_character(event.character):
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(event.character)

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the value, unless the value would become too long."""
        if text and len(self.value) - abs(end - start) + len(text) > LONGEST:
            self.post_message(self.Refused())
        else:
            super().replace(text, start, end)

    def _position_to_cell(self, position: int) -> int:
        return cell_len(inert_in_place(self.value)[:position])
