"""The line that shows which verdicts there are, and takes the key of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from casefile.tui.key_line import KeyLine, ShownKey
from casefile.tui.verdict_keys import VERDICT_BINDINGS

WAITING_SECONDS = 8.0
"""How long the line waits for a key."""


class CheckLine(KeyLine, can_focus=True):
    """Takes one key: that of a verdict, or any other, which cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *VERDICT_BINDINGS,
        Binding("escape", "give('')", "back", id="check.none", tooltip="Set no verdict"),
    ]

    @dataclass
    class VerdictGiven(Message):
        """A verdict was chosen; empty if the line was cancelled."""

        line: CheckLine
        verdict: str

    def __init__(self, focused_before: Widget | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.focused_before = focused_before
        """What had the focus when the line was opened."""
        self._is_left = False

    def on_mount(self) -> None:
        """Wait for the next key."""
        self.focus()
        self.set_timer(WAITING_SECONDS, lambda: self.action_give(""))

    def offered(self) -> Iterator[ShownKey]:
        """Yield its own keys alone."""
        return (key for key in super().offered() if key.node is self)

    def on_blur(self) -> None:
        """Cancel when the focus goes elsewhere."""
        self.action_give("")

    def on_key(self, event: events.Key) -> None:
        """Cancel at a key that is not one of a verdict."""
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or bound.node is not self:
            event.stop()
            self.action_give("")

    def action_give(self, verdict: str) -> None:
        """Post the verdict, once."""
        if not self._is_left:
            self._is_left = True
            self.post_message(self.VerdictGiven(self, verdict))
