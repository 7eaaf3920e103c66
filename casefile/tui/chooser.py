"""Choosing one of several by typing a part of its words: where to go, what to do, which note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from casefile.tui.drawing import fitted, titled
from casefile.tui.line_view import LineView
from casefile.tui.typed_line import TypedLine

_SORT_WIDTH, _WIDEST_SORT = 12, 22
"""The cells for what sort of thing a choice is; a date may take more than a word."""


class Choice(msgspec.Struct, frozen=True):
    """One of several: its words, what sort of thing it is, and what choosing it gives."""

    words: str
    sort: str
    gives: str


Find = Callable[[str], Sequence[Choice]]


class ChoiceList(LineView, can_focus=False):
    """The choices that what was typed leaves."""

    @dataclass
    class Chosen(Message):
        """A choice was clicked on."""

        choice: Choice

    def __init__(self, nothing: str) -> None:
        super().__init__(id="choices")
        self._nothing = nothing
        self._choices: tuple[Choice, ...] = ()
        self._sort_width = _SORT_WIDTH

    @property
    def line_count(self) -> int:
        """The number of choices left."""
        return len(self._choices)

    @property
    def empty_words(self) -> str:
        """What is said where nothing is left."""
        return self._nothing

    @property
    def choice(self) -> Choice | None:
        """The choice under the cursor."""
        return self._choices[self.cursor] if self._choices else None

    def show(self, choices: Sequence[Choice]) -> None:
        """Show other choices, the first one under the cursor."""
        self._choices = tuple(choices)
        longest = max((cell_len(choice.sort) for choice in self._choices), default=0)
        self._sort_width = min(_WIDEST_SORT, max(_SORT_WIDTH, longest))
        self.lines_changed()

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a choice and what sort of thing it is."""
        choice = self._choices[number]
        here = number == self.cursor
        style = self.style_of("cursor") if here else Style.null()
        room = max(0, width - self._sort_width - 3)
        sort = fitted(choice.sort, self._sort_width)
        return [
            Segment("▌" if here else " ", style),
            Segment(f"{fitted(choice.words, room)}  ", style),
            Segment(sort, style if here else self.style_of("faint")),
        ]

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked on."""
        number = self.line_at(event)
        if number is not None:
            self.post_message(self.Chosen(self._choices[number]))


class Chooser(ModalScreen[Choice | None]):
    """A line to type in over the choices that it leaves; gives the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", id="chooser.close"),
        Binding("down,ctrl+n", "move(1)", "next", id="chooser.next", show=False),
        Binding("up,ctrl+p", "move(-1)", "previous", id="chooser.previous", show=False),
        Binding("pagedown", "move(8)", "page down", id="chooser.page-down", show=False),
        Binding("pageup", "move(-8)", "page up", id="chooser.page-up", show=False),
    ]

    def __init__(
        self,
        title: str,
        find: Find,
        *,
        placeholder: str = "",
        nothing: str = "Nothing by that name.",
    ) -> None:
        super().__init__()
        self._nothing = nothing
        self._title = title
        self._find = find
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """Lay the line above its choices."""
        with Vertical(id="chooser", classes="overlay") as box:
            box.border_title = titled(self._title)
            box.border_subtitle = "↑ ↓ Enter · Esc closes"
            yield TypedLine(placeholder=self._placeholder, compact=True, id="chooser-line")
            yield ChoiceList(self._nothing)

    def on_mount(self) -> None:
        """Show what there is before anything is typed."""
        self.query_one(ChoiceList).show(self._find(""))

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        """Show what the words leave."""
        self.query_one(ChoiceList).show(self._find(event.value))

    @on(Input.Submitted)
    def choose(self) -> None:
        """Give what stands under the cursor; with nothing left, stay."""
        choice = self.query_one(ChoiceList).choice
        if choice:
            self.dismiss(choice)

    @on(ChoiceList.Chosen)
    def choose_clicked(self, event: ChoiceList.Chosen) -> None:
        """Give what was clicked on."""
        self.dismiss(event.choice)

    def action_move(self, lines: int) -> None:
        """Move the cursor among the choices."""
        choices = self.query_one(ChoiceList)
        choices.move_cursor(choices.cursor + lines)
