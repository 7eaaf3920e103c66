"""The lines at the foot in which words are typed to be found, and a query to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from casefile.tui.two_ended_line import TwoEndedLine
from casefile.tui.typed_line import TypedLine

_COUNT_WIDTH, _MARGIN, _FEWEST_TYPED = 30, 4, 18
"""The cells that a count takes, those about it, and the fewest that are left to type in."""


class FindLine(Horizontal):
    """An input behind a sign; it tells each change, and how it was left."""

    SIGN: ClassVar[str] = "/"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "back", id="find.give-up",
                tooltip="Go back to where you were before this line"),
    ]  # fmt: skip

    @dataclass
    class WordsTyped(Message):
        """What is typed so far."""

        line: FindLine
        words: str

    @dataclass
    class Left(Message):
        """The line was left: with what was found, or as if nothing had been typed."""

        line: FindLine
        words: str
        kept: bool

    def __init__(self, words: str = "", *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._words = words
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Lay a sign, the input and the count beside each other."""
        sign = TwoEndedLine(id="find-sign")
        sign.show(self.SIGN)
        yield sign
        yield TypedLine(self._words, compact=True, select_on_focus=False, id="find-words")
        yield TwoEndedLine(id="find-count")

    def on_descendant_blur(self) -> None:
        """Leave with what was found when the focus goes elsewhere, by Tab or the mouse."""
        self._leave(kept=True)

    def _leave(self, *, kept: bool) -> None:
        # Being removed takes the focus away, too.
        if not self._is_left:
            self._is_left = True
            self.post_message(self.Left(self, self.query_one(Input).value, kept))

    def on_mount(self) -> None:
        """Take the focus."""
        self.query_one(Input).focus()

    def show_count(self, words: str) -> None:
        """Show how much was found, or what is wrong, for which the line gives more room."""
        count = self.query_one("#find-count", TwoEndedLine)
        wanted = min(cell_len(words) + _MARGIN, self.size.width - _FEWEST_TYPED)
        count.styles.width = max(_COUNT_WIDTH, wanted)
        count.show("", words)

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.WordsTyped(self, event.value))

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave(kept=True)

    def action_give_up(self) -> None:
        """Leave as if nothing had been typed."""
        self._leave(kept=False)


class FilterLine(FindLine):
    """The same for a query that the open pane is filtered by."""

    SIGN: ClassVar[str] = "f"

    class WordsTyped(FindLine.WordsTyped):
        """What is typed so far."""

    class Left(FindLine.Left):
        """The line was left: with the filter, or as if nothing had been typed."""
