"""The Textual application: its screens, theme, stylesheet, and a filter over all output."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import Worker

from casefile import places
from casefile.case.load_result import LoadResult
from casefile.text.inert import inert_in_place, is_inert
from casefile.tui.case_screen import CaseScreen
from casefile.tui.idle_imports import (
    IDLE_SECONDS,
    NOT_LOADED,
    import_in_steps,
    is_failed_import,
)
from casefile.tui.job import run_in_background
from casefile.tui.key_line import KeyLine
from casefile.tui.reading_screen import ReadingScreen
from casefile.tui.terminal.crash_safe_app import CrashSafeApp
from casefile.tui.terminal.key_queue import KeysJoined, QueuedEvent
from casefile.tui.terminal.terminal_driver import TerminalDriver
from casefile.views.case_opener import CaseOpener
from casefile.views.open_case import OpenCase

if TYPE_CHECKING:
    from casefile.tui.library_screen import LibraryScreen

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


class CasefileApp(CrashSafeApp):
    """The program on the screen: one case, or the library to choose one from."""

    CSS_PATH = places.shipped("casefile.tcss")
    ENABLE_COMMAND_PALETTE = False
    # Not the case's title: it would show bystanders, and logs, what is being read.
    TITLE = "casefile"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", id="app.leave", priority=True,
                tooltip="Quit from anywhere; what is being typed is kept as a draft"),
    ]  # fmt: skip

    def __init__(
        self, opener: CaseOpener, open_case: OpenCase | None, *, to_open: Path | None = None
    ) -> None:
        """Start with a case, with one that is still to be read, or with the library."""
        super().__init__()
        self._opener = opener
        self._to_open = to_open
        self.refused: LoadResult | None = None
        """The result of reading `to_open`, if it could not be opened."""
        self._case_screen = CaseScreen(open_case) if open_case else None
        self.warning = ""
        """A message for the start, shown unless a more important one is."""
        self._net = InertFilter()
        self.animation_level = "none"

    @property
    def open_case(self) -> OpenCase | None:
        """The open case as it was last read."""
        return self._case_screen.open_case if self._case_screen else None

    def get_default_screen(self) -> Screen[Any]:
        """Return the screen of the case, or without a case the library."""
        if self._case_screen is not None:
            return self._case_screen
        from casefile.tui.library_screen import LibraryScreen

        return LibraryScreen(self._opener, is_first=True, to_open=self._to_open)

    @property
    def _reading_screen(self) -> ReadingScreen | None:
        """The screen on which the case is read: its own, or the verification pass above it."""
        screens = (one for one in reversed(self.screen_stack) if isinstance(one, ReadingScreen))
        return next(screens, self._case_screen)

    async def show_case(self, open_case: OpenCase) -> None:
        """Show another case in place of the one on the screen, and of all that lies over it."""
        if self._case_screen is not None:
            self._opener.remember_visit(self._case_screen.open_case)
        self._opener.remember_opening(open_case)
        base = self._case_screen or self.screen_stack[0]
        while self.screen is not base:
            self.pop_screen()
        if self._case_screen is None:
            self._case_screen = CaseScreen(open_case)
            await self.push_screen(self._case_screen)
        else:
            await self._case_screen.take_another(open_case)

    def action_library(self) -> None:
        """Go to the library, and from there to another case, with what is typed here on disk."""
        from casefile.tui.library_screen import LibraryScreen

        screen = self._reading_screen
        if screen is None or not screen.area.is_writing or screen.desks.writing.save_draft():
            self.push_screen(LibraryScreen(self._opener))

    def on_library_screen_case_refused(self, event: LibraryScreen.CaseRefused) -> None:
        """Exit, so that the command line can print all that is wrong with the file."""
        self.refused = event.reading
        self.exit()

    async def on_library_screen_case_opened(self, event: LibraryScreen.CaseOpened) -> None:
        """Show the case that was opened, over the library or in place of another case."""
        await self.show_case(event.open_case)

    def get_line_filters(self) -> list[LineFilter]:
        """Return the filters of all output, the safety net last."""
        return [*super().get_line_filters(), self._net]

    def on_mount(self) -> None:
        """Show the warning with the first paint, so that no key comes before it."""
        if self.warning and self._case_screen is not None:
            self._case_screen.say(self.warning, warning=True)

    def on_ready(self) -> None:
        """Turn garbage collection on again, but exempt the objects made so far."""
        gc.freeze()
        gc.enable()
        if self.warning and self._case_screen is None:
            self._warn(self.warning)
        self.set_timer(IDLE_SECONDS, self._begin_imports)

    def _begin_imports(self) -> Worker[None]:
        return self.run_worker(self._import_when_idle)

    async def _import_when_idle(self) -> None:
        if not await run_in_background(import_in_steps(), self):
            self._warn(NOT_LOADED)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key does; if a part of the program can't be loaded for it, say so."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if not is_failed_import(error):
                raise
            self._warn(NOT_LOADED)
            return True

    def _warn(self, message: str) -> None:
        for line in self.screen.query(KeyLine):
            line.say(message, warning=True)

    def get_key_display(self, binding: Binding) -> str:
        """Return the usual name of a key, in letters that every font has."""
        return _KEY_NAMES.get(binding.key) or super().get_key_display(binding).replace("^", "ctrl+")

    async def deliver(self, event: QueuedEvent | KeysJoined) -> None:
        """Clear the message on the last line at each key, and handle the event."""
        if not isinstance(event, events.MouseEvent):
            for line in self.screen.query(KeyLine):
                line.say("")
        await super().deliver(event)

    def words_for(self, binding: Binding) -> str:
        """Describe the key that quits only where no other does: in a library without a case."""
        return binding.description if self._case_screen is None else ""

    async def action_quit(self) -> None:
        """Quit, once the text being typed has been saved."""
        screen = self._reading_screen
        if screen is not None:
            screen.quit()
        else:
            self.exit()

    def get_driver_class(self) -> type[Driver]:
        """Return a driver for terminals that may be gone at any moment."""
        return TerminalDriver

    def save_draft_with(self, waiting: str) -> str:
        """Save the text being typed, followed by `waiting`; return a sentence on the outcome."""
        screen = self._reading_screen
        # Nothing is imported for it: this may run in a signal handler.
        if screen is None or not screen.area.is_writing:
            return ""
        return screen.desks.writing.save_draft_with(waiting)

    def action_help(self) -> None:
        """Show the keys that work on this screen."""
        from casefile.tui.help_screen import HelpScreen, help_groups

        self.push_screen(HelpScreen(help_groups(self.screen)))

    def action_theme(self, name: str) -> None:
        """Use another theme until the program ends."""
        self.theme = name


class InertFilter(LineFilter):
    """Makes all output inert, in case a widget did not; a safety net, not the renderer."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments with control characters replaced."""
        if all(is_inert(segment.text) for segment in segments):
            return segments
        return [
            segment
            if is_inert(segment.text)
            else segment._replace(text=inert_in_place(segment.text))
            for segment in segments
        ]
