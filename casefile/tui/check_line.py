"""The line that shows which verdicts there are, and takes the key of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from casefile.tui.key_line import Key, KeyLine
from casefile.tui.verdict_keys import VERDICT_BINDINGS

WAITING_SECONDS = 8.0
"""After so long without a key there is nothing waiting any more."""


class CheckLine(KeyLine, can_focus=True):
    """Takes one key: a verdict, or any other, which gives none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *VERDICT_BINDINGS,
        Binding("escape", "give('')", "back", id="check.none", tooltip="Give no verdict"),
    ]

    @dataclass
    class VerdictGiven(Message):
        """A verdict was chosen; an empty one if none was."""

        line: CheckLine
        verdict: str

    def __init__(self, focused_before: Widget | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.focused_before = focused_before
        """What had the focus when the line was opened."""
        self._is_left = False

    def on_mount(self) -> None:
        """Take the next key, for some time."""
        self.focus()
        self.set_timer(WAITING_SECONDS, lambda: self.action_give(""))

    def offered(self) -> Iterator[Key]:
        """Yield its own keys alone."""
        return (key for key in super().offered() if key.node is self)

    def on_blur(self) -> None:
        """Give no verdict where the focus goes elsewhere."""
        self.action_give("")

    def on_key(self, event: events.Key) -> None:
        """Take a key that is no verdict as none."""
        bound = self.screen.active_bindings.get(event.key)
        if bound is None or bound.node is not self:
            event.stop()
            self.action_give("")

    def action_give(self, verdict: str) -> None:
        """Post the verdict, once."""
        if not self._is_left:
            self._is_left = True
            self.post_message(self.VerdictGiven(self, verdict))
