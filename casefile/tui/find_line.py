"""The line in which plain words are typed to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from casefile.tui.lines import TwoEndedLine


class FindLine(Horizontal):
    """An input behind a slash; it tells each change, and how it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "back", id="find.give-up", tooltip="Go back, find nothing"),
    ]

    @dataclass
    class WordsTyped(Message):
        """What is typed so far."""

        line: FindLine
        words: str

    @dataclass
    class Left(Message):
        """The line was left: with what was found, or as if nothing had been typed."""

        line: FindLine
        kept: bool

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._is_left = False

    def compose(self) -> ComposeResult:
        """Lay a slash, the input and the count beside each other."""
        slash = TwoEndedLine(id="find-slash")
        slash.show("/")
        yield slash
        yield Input(compact=True, id="find-words")
        yield TwoEndedLine(id="find-count")

    def on_descendant_blur(self) -> None:
        """Leave with what was found when the focus goes elsewhere, by Tab or the mouse."""
        self._leave(kept=True)

    def _leave(self, *, kept: bool) -> None:
        # Being removed takes the focus away, too.
        if not self._is_left:
            self._is_left = True
            self.post_message(self.Left(self, kept))

    def on_mount(self) -> None:
        """Take the focus."""
        self.query_one(Input).focus()

    def show_count(self, words: str) -> None:
        """Show how much was found."""
        self.query_one("#find-count", TwoEndedLine).show("", words)

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
