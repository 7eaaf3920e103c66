"""The lines at the bottom of the screen to type a search or a filter in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from casefile.tui.drawing import inert_start
from casefile.tui.inert_input import TOO_LONG, InertInput
from casefile.tui.two_ended_line import TwoEndedLine

_COUNT_WIDTH, _COUNT_MARGIN = 30, 4
"""The cells for the count at least, and those around it."""
_MIN_INPUT_WIDTH = 18
"""The cells that are always left to type in, sign included."""


class FindLine(Horizontal):
    """A line to type words in: a sign, an input and a count."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "back", id="find.give-up",
                tooltip="Close this line and go back to where you were"),
    ]  # fmt: skip

    def __init__(
        self,
        sign: str,
        words: str,
        typed: Callable[[FindLine, str], None],
        left: Callable[..., Awaitable[None]],
    ) -> None:
        """Begin with some words.

        `typed` is called with the words at each change, `left` once the line has lost the focus
        or was closed, with the words and `is_kept`, whether the search stays.
        """
        super().__init__(id="find")
        self._sign = sign
        self._words = words
        self._typed = typed
        self._left = left
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Put the sign, the input and the count side by side."""
        sign = TwoEndedLine(id="find-sign")
        sign.show(self._sign)
        yield sign
        yield InertInput(self._words, compact=True, select_on_focus=False, id="find-words")
        yield TwoEndedLine(id="find-count")

    def on_descendant_blur(self) -> None:
        """Keep the search when the focus goes elsewhere, by Tab or the mouse."""
        self._leave(kept=True)

    def _leave(self, *, kept: bool) -> None:
        # Only once: removing the line blurs it again.
        if not self._is_left:
            self._is_left = True
            # By the screen, because the line cannot wait for its own end.
            self.screen.call_later(self._left, self, self.query_one(Input).value, is_kept=kept)

    def on_mount(self) -> None:
        """Take the focus."""
        self.query_one(Input).focus()

    def show_count(self, words: str) -> None:
        """Show how many matches there are, or an error, at the right end of the line."""
        count = self.query_one("#find-count", TwoEndedLine)
        wanted = min(
            cell_len(inert_start(words, self.size.width)) + _COUNT_MARGIN,
            self.size.width - _MIN_INPUT_WIDTH,
        )
        count.styles.width = max(_COUNT_WIDTH, wanted)
        count.show("", words)

    @on(Input.Changed)
    def _words_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._typed(self, event.value)

    @on(InertInput.Refused)
    def _say_limit(self, event: InertInput.Refused) -> None:
        event.stop()
        self.show_count(TOO_LONG)

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave(kept=True)

    def action_give_up(self) -> None:
        """Close the line and drop the search."""
        self._leave(kept=False)
