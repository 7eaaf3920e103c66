"""The application around a case: theme, stylesheet, the net under all drawing."""

from __future__ import annotations

import gc
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.filter import LineFilter

from casefile import places
from casefile.notes.drafts import DraftFolder
from casefile.reading.open_case import OpenCase
from casefile.text import is_inert, neutralised
from casefile.tui.case_screen import CaseScreen
from casefile.tui.typed_ahead import TypedAhead

_KEY_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "shift+Tab",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
}


class CasefileApp(TypedAhead):
    """One case on the screen."""

    CSS_PATH = places.shipped("casefile.tcss")
    ENABLE_COMMAND_PALETTE = False
    # The terminal's title would tell a bystander, and a log, what is being read.
    TITLE = "casefile"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", id="app.leave", show=False, priority=True,
                tooltip="Quit from anywhere; what is being typed is kept as a draft"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase, drafts: DraftFolder) -> None:
        super().__init__()
        self._case_screen = CaseScreen(open_case, drafts)
        self.warning = ""
        """What is said at the start, unless something that matters more is."""
        self._net = Net()
        self.animation_level = "none"

    @property
    def open_case(self) -> OpenCase:
        """The case as it was last read."""
        return self._case_screen.open_case

    def get_default_screen(self) -> CaseScreen:
        """Give the case's screen."""
        return self._case_screen

    def get_line_filters(self) -> list[LineFilter]:
        """Put the net under whatever is drawn."""
        return [*super().get_line_filters(), self._net]

    def on_ready(self) -> None:
        """Collect garbage from now on, but not what the start has made to stay."""
        gc.freeze()
        gc.enable()
        if self.warning:
            self.call_after_refresh(self._warn)

    def _warn(self) -> None:
        if not self._case_screen.message:
            self._case_screen.say(self.warning, warning=True)

    def get_key_display(self, binding: Binding) -> str:
        """Name keys as readers of a terminal do, in letters that every font has."""
        return _KEY_NAMES.get(binding.key) or super().get_key_display(binding).replace("^", "ctrl+")

    def key_taken(self) -> None:
        """Let a message stand until the next key."""
        if isinstance(self.screen, CaseScreen):
            self.screen.say("")

    async def action_quit(self) -> None:
        """Quit, once what is being typed is on disk."""
        for screen in self.screen_stack:
            if isinstance(screen, CaseScreen):
                screen.leave()

    def action_theme(self, name: str) -> None:
        """Wear another theme, until the program ends."""
        self.theme = name


class Net(LineFilter):
    """Catches what should have been made inert where it was drawn: an alarm, not the renderer."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Give segments in which nothing can act on the terminal."""
        if all(is_inert(segment.text) for segment in segments):
            return segments
        return [
            segment if is_inert(segment.text) else segment._replace(text=neutralised(segment.text))
            for segment in segments
        ]
