"""A dialog to choose one of several things by typing part of its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from casefile.query import parse
from casefile.text.folding import folded
from casefile.tui.drawing import as_title, fit_to_width
from casefile.tui.inert_input import TOO_LONG, InertInput
from casefile.tui.line_view import LineView
from casefile.tui.terminal.crash_safe_app import SUSPEND

_KEYS = "↑ ↓ Enter · Esc closes"
_SORT_WIDTH, _WIDEST_SORT = 12, 22
"""The cells for the sort of a choice, at least and at most."""


class Choice(msgspec.Struct, frozen=True):
    """One of the things to choose from."""

    text: str
    kind: str
    """The kind of thing it is, or its date, shown after the words."""
    value: str
    """What the caller knows it by."""


Find = Callable[[str], Sequence[Choice]]
"""Returns the choices that match the typed text."""


class ChoiceList(LineView[Choice], can_focus=False):
    """The choices that match the typed text."""

    class Chosen(Message):
        """The choice under the cursor was clicked."""

    def __init__(self, empty_text: str) -> None:
        super().__init__(id="choices")
        self._empty_text = empty_text
        self._sort_width = _SORT_WIDTH

    @property
    def empty_text(self) -> str:
        """The text shown when no choice matches."""
        return self._empty_text

    def show(self, choices: Sequence[Choice]) -> None:
        """Show other choices, with the cursor on the first."""
        self._lines = tuple(choices)
        longest = max((cell_len(choice.kind[:_WIDEST_SORT]) for choice in self._lines), default=0)
        self._sort_width = min(_WIDEST_SORT, max(_SORT_WIDTH, longest))
        self.lines_changed()

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Draw a choice and its sort."""
        choice = self._lines[number]
        sign, style, minor = self.row_start(number)
        room = max(0, width - self._sort_width - 3)
        return [
            sign,
            Segment(f"{fit_to_width(choice.text, room)}  ", style),
            Segment(fit_to_width(choice.kind, self._sort_width), minor),
        ]

    def line_clicked(self, *, was_selected: bool) -> None:  # noqa: ARG002 (one click chooses)
        """Post that the choice was clicked."""
        self.post_message(self.Chosen())


class ChooserWords(InertInput):
    """The line to type a search in; up, down and the page keys move among the choices below it."""

    LIST_MOVEMENTS = ("move",)
    # Bound here because the scroll keys of Input would come before those of the screen.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "screen.move(1)", "next", id="chooser.next", show=False),
        Binding("up,ctrl+p", "screen.move(-1)", "previous", id="chooser.previous", show=False),
        Binding("pagedown", "screen.move(8)", "page down", id="chooser.page-down", show=False),
        Binding("pageup", "screen.move(-8)", "page up", id="chooser.page-up", show=False),
    ]


class Chooser(ModalScreen[str]):
    """A search line above the choices that match it; returns the value of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", id="chooser.close"),
        SUSPEND,
    ]

    def __init__(self, title: str, find: Find, placeholder: str, nothing: str) -> None:
        super().__init__()
        self._title = title
        self._find = find
        self._placeholder = placeholder
        self._nothing = nothing

    def compose(self) -> ComposeResult:
        """Put the search line above the choices."""
        with Vertical(id="chooser", classes="overlay") as box:
            box.border_title = as_title(self._title)
            box.border_subtitle = as_title(_KEYS)
            yield ChooserWords(placeholder=self._placeholder, compact=True, id="chooser-line")
            yield ChoiceList(self._nothing)

    def on_mount(self) -> None:
        """Show the choices for an empty search."""
        self.query_one(ChoiceList).show(self._find(""))

    @on(InertInput.Refused)
    def _say_limit(self) -> None:
        self.query_one("#chooser").border_subtitle = as_title(TOO_LONG)

    @on(Input.Changed)
    def _show_matches(self, event: Input.Changed) -> None:
        self.query_one("#chooser").border_subtitle = as_title(_KEYS)
        self.query_one(ChoiceList).show(self._find(event.value))

    @on(Input.Submitted)
    @on(ChoiceList.Chosen)
    def _choose_selected(self) -> None:
        choice = self.query_one(ChoiceList).line
        # A key after Enter may have closed it already; another screen would be closed instead.
        if choice and self.is_active:
            self.dismiss(choice.value)

    def action_move(self, lines: int) -> None:
        """Move the cursor among the choices."""
        choices = self.query_one(ChoiceList)
        choices.move_cursor(choices.cursor + lines)


def choose(
    app: App[Any],
    title: str,
    choices: Find | Sequence[Choice],
    act: Callable[[str], Any],
    *,
    placeholder: str = "",
    nothing: str = "Nothing matches.",
) -> None:
    """Open a dialog, and call `act` with the value of what is chosen in it, if anything is."""

    def chosen(value: str | None) -> Any:
        return act(value) if value is not None else None

    find = choices if callable(choices) else partial(_matching, choices)
    app.push_screen(Chooser(title, find, placeholder, nothing), chosen)


def _matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    query = parse(typed)
    return [choice for choice in choices if query.matches(folded(choice.text))]
