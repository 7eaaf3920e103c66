"""The sources of a case: opened at what an entry rests on, cite by cite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from casefile.tui.job import run_in_thread
from casefile.tui.search import Search
from casefile.tui.stage import Stage
from casefile.views.page import Destination

if TYPE_CHECKING:
    from casefile.case.sources.text_files import LoadedText
    from casefile.tui.source_view import SourceView
    from casefile.views.open_case import OpenCase
    from casefile.views.source_lines import Pin, SourceLines

_OPEN = "opening a source"
_DIVIDE = "dividing a source"
_LOOK_UP = "looking up quoted words"
_LONG = 2_000_000
"""The number of characters above which it is said that a source is being opened."""


class SourceDesk:
    """Opens the sources of the case on one screen."""

    def __init__(self, stage: Stage, search: Search) -> None:
        self._stage = stage
        self._search = search
        self.pins: tuple[Pin, ...] = ()
        """The cites that are walked through."""
        self.pin = 0
        """Which of them is shown, from 0."""
        self.came_from = ""
        """The stop from which a source was opened."""
        self._texts: dict[str, SourceLines] = {}
        self._texts_of: OpenCase | None = None

    # Opening

    async def open_or_turn(self) -> None:
        """Open the source at the first cite of this entry; if one is open, go to the next cite."""
        if self._stage.area.is_source_open:
            await self.turn()
            return
        self.pins = self._pins_here
        if self.pins:
            await self.show_pin(0)
        else:
            self._stage.say("No source is cited here.")

    async def turn(self) -> None:
        """Go to the next cite, and from the last one back to the first."""
        if self.pins:
            await self.show_pin((self.pin + 1) % len(self.pins), is_turned=True)
        else:
            self._stage.say("No source is cited here.")

    def follow(self, source_id: str, pin: int) -> bool:
        """Open a source at a cite of this entry, by its number; return whether it has a text."""
        from casefile.case.sources.text_files import TextUnavailable

        try:
            self._stage.session.open_case.texts.of(source_id)
        except TextUnavailable:
            return False
        self.pins = self._pins_here
        self._stage.jobs.start(_OPEN, partial(self.show_pin, pin))
        return True

    def reopen(self, pin: int, line: int, *, takes_focus: bool = True) -> None:
        """Open a source again at a line and a cite of this entry; without that cite, close it."""
        self.pins = self._pins_here
        if pin < len(self.pins):
            showing = partial(self.show_pin, pin, line=line, takes_focus=takes_focus)
            self._stage.jobs.start(_OPEN, showing)
        else:
            self.leave()

    async def show_pin(
        self, number: int, *, line: int = 0, is_turned: bool = False, takes_focus: bool = True
    ) -> None:
        """Show one of the cites in its source, at a line of it if one is given.

        Without the text, show what is known of the source.
        """
        from casefile.case.sources.text_files import TextUnavailable

        self.pin = number
        pin = self.pins[number]
        if takes_focus and not self._stage.area.is_source_open:
            self.came_from = self._stage.area.stop
        try:
            loaded = self._stage.session.open_case.texts.of(pin.source)
        except TextUnavailable as missing:
            self._stage.show_without_text(pin, missing, takes_focus=takes_focus)
            return
        if loaded.is_slow_at(pin.at):
            if len(loaded.content) > _LONG:
                self._stage.say("Opening the source…")
            show = partial(self.show_pin, number, line=line, is_turned=is_turned)
            divide = partial(self._divide, loaded, pin, show, takes_focus=takes_focus)
            self._stage.jobs.start(_DIVIDE, divide)
            return
        text = self._text_of(pin.source)
        view = await self._stage.area.opened_source()
        is_looked_up = pin.quoted is not None and text.is_large
        shown = text.find_place(pin) if is_looked_up else text.find_pin(pin)
        self._stage.area.show_left(takes_focus=takes_focus)
        view.show(text, shown, line)
        self._search.look_again()
        if is_looked_up:
            self._stage.say("Looking for the quoted words…")
            marking = partial(self._mark_quoted, view, text, pin, line or shown.first_line)
            self._stage.jobs.start(_LOOK_UP, marking)
        elif shown.lacking and not line:
            self._stage.say(shown.lacking, warning=True)
        elif is_turned and len(self.pins) == 1:
            self._stage.say("This is the only cite.")
        elif is_turned and number == 0:
            self._stage.say(f"Back at the first cite (1 of {len(self.pins)})")

    async def _divide(
        self,
        loaded: LoadedText,
        pin: Pin,
        show: Callable[..., Awaitable[None]],
        *,
        takes_focus: bool,
    ) -> None:
        """Divide a long text and find a place in it, then show it.

        It is not shown if the reader has gone on meanwhile. It takes the focus only from where that
        was: the reader may be typing elsewhere by now.
        """
        entry, stop = self._stage.entry_id, self._stage.area.stop
        await run_in_thread(lambda: loaded.find(pin.at))
        is_there = self.pin < len(self.pins) and self.pins[self.pin] == pin
        if is_there and self._stage.entry_id == entry:
            self._stage.say("")
            await show(takes_focus=takes_focus and self._stage.area.stop == stop)

    async def _mark_quoted(self, view: SourceView, text: SourceLines, pin: Pin, line: int) -> None:
        """Mark the quoted words once they are found, and go there unless the reader has moved."""
        shown = await run_in_thread(lambda: text.find_pin(pin))
        is_elsewhere = not self._stage.area.is_source_open or view.source_lines is not text
        if is_elsewhere or self.pins[self.pin] != pin:
            return
        is_there = view.line_number in (0, line)
        view.show(text, shown, 0 if is_there else view.line_number)
        self._stage.say(shown.lacking or "", warning=True)
        self._stage.show_where()

    @property
    def _pins_here(self) -> tuple[Pin, ...]:
        from casefile.views.source_lines import pins_of

        return pins_of(self._stage.session.open_case, self._stage.entry_id or "")

    def _text_of(self, source_id: str) -> SourceLines:
        """Return the text of a source; raise TextUnavailable if it is not at hand."""
        from casefile.views.source_lines import SourceLines

        open_case = self._stage.session.open_case
        if open_case is not self._texts_of:
            self._texts, self._texts_of = {}, open_case
        if source_id not in self._texts:
            text = open_case.texts.of(source_id).text
            self._texts[source_id] = SourceLines(open_case, source_id, text)
        return self._texts[source_id]

    # Leaving

    def close(self) -> None:
        """Put the source away."""
        if self._stage.area.close_source():
            self._search.look_again()

    def step_back(self) -> bool:
        """Go back from an open source to where it was opened; return whether one was open."""
        if not self._stage.area.is_source_open:
            return False
        self.close()
        self._stage.focus_stop(self.came_from)
        return True

    def leave(self) -> None:
        """Put the source away; the focus goes back to where it was opened only from there."""
        if self._stage.area.stop == "source":
            self.step_back()
        else:
            self.close()

    # What is said of the line under the cursor

    @property
    def place(self) -> str | None:
        """The line under the cursor as a cite, for example “wvue, para 9”."""
        view = self._stage.area.source
        if view is None or view.source_lines is None or not view.line_number:
            return None
        return f"{view.source_lines.source_id}, {view.source_lines.pin_cite(view.line_number)}"

    @property
    def line(self) -> int:
        """The number of the line under the cursor of the open source; 0 without one."""
        view = self._stage.area.source
        return view.line_number if view is not None and self._stage.area.is_source_open else 0

    @property
    def pin_in_words(self) -> tuple[str, str]:
        """Which cite is shown, and its place in the source."""
        pin, count = self.pins[self.pin], len(self.pins)
        of = f"Cite {self.pin + 1} of {count} · " if count > 1 else ""
        return f"{of}{pin.name}", f", {pin.at}" if pin.at else ""

    @property
    def _citing(self) -> tuple[str, ...]:
        view = self._stage.area.source
        return view.citing if view is not None else ()

    @property
    def citing_in_words(self) -> str:
        """Which entries cite the line under the cursor."""
        citing = self._citing
        if len(citing) == 1:
            return f"cited by {self._stage.session.open_case.title(citing[0])}"
        return f"cited by {len(citing)} entries" if citing else "cited by no entry"

    def choose_citing(self) -> None:
        """Go to the entry that cites the line, or to one of several that is chosen."""
        citing = self._citing
        if not citing:
            self._stage.say("No entry cites this place.")
        elif len(citing) == 1:
            self._go_to_citing(citing[0])
        else:
            from casefile.tui.chooser import Choice, choose

            open_case = self._stage.session.open_case
            choices = [
                Choice(open_case.title(one), open_case.kind_of(entry).name, one)
                for one in citing
                if (entry := open_case.entry(one))
            ]
            choose(self._stage.app, "Cited here by", choices, self._go_to_citing)

    def _go_to_citing(self, entry_id: str) -> None:
        self._stage.go_to(Destination(entry_id), in_page=True)
