"""The line that shows which verdicts there are, and takes the key of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from casefile.notes.checks import CHECKED, NEEDS_ATTENTION, TO_CHECK, WRONG
from casefile.tui.key_line import KeyLine, ShownKey

VERDICT_BINDINGS = (
    Binding("c", f"give('{CHECKED}')", "checked", id="check.checked",
            tooltip="It is as its source has it"),
    Binding("exclamation_mark", f"give('{NEEDS_ATTENTION}')", "needs attention",
            id="check.attention", tooltip="It has to be seen to"),
    Binding("w", f"give('{WRONG}')", "wrong", id="check.wrong",
            tooltip="It is wrong; write what would be right"),
    Binding("minus", f"give('{TO_CHECK}')", "to check again", id="check.again",
            tooltip="It is to be checked, for the first time or again"),
)  # fmt: skip
"""For a widget or screen with an action `give`."""

WAITING_SECONDS = 8.0
"""How long the line waits for a key."""


class CheckLine(KeyLine, can_focus=True):
    """Takes one key: that of a verdict, or any other, which cancels."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *VERDICT_BINDINGS,
        Binding("escape", "give('')", "back", id="check.none", tooltip="Set no verdict"),
    ]

    def __init__(self, given: Callable[[CheckLine, str], Awaitable[None]]) -> None:
        """Call `given` with the verdict that is chosen, or with "" when the line is cancelled."""
        super().__init__(id="check")
        self._given = given
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
        """Pass the verdict on, once."""
        if not self._is_left:
            self._is_left = True
            # By the screen, because the line cannot wait for its own end.
            self.screen.call_later(self._given, self, verdict)
