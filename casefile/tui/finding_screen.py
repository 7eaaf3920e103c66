"""Finding plain words while reading: here as they are typed, and named where they are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.worker import Worker

from casefile.query import Query, parse
from casefile.tui.key_line import KeyLine
from casefile.tui.reading_screen import ReadingScreen
from casefile.views.finding import Finder, Found
from casefile.views.open_case import OpenCase
from casefile.views.panes import Pane

if TYPE_CHECKING:
    from casefile.tui.find_line import FindLine


class Searched(Protocol):
    """Lines under a cursor in which words are looked for."""

    cursor: int
    top: int

    def move_cursor(self, number: int) -> None:
        """Put the cursor on a line."""

    def lines_changed(self, cursor: int = 0, top: int = 0) -> None:
        """Go to a cursor and a top line."""

    def cursor_moved(self) -> None:
        """Tell that the cursor stands on another line."""

    def mark(self, query: Query | None) -> None:
        """Mark words, or no longer."""


class FindingScreen(ReadingScreen):
    """Reading, with words looked for and marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "find", id="find.words",
                tooltip="Find words in this pane"),
        Binding("n", "find_next(1)", "next", id="find.next", show=False,
                tooltip="Go to the next row that holds the words"),
        Binding("N", "find_next(-1)", "previous", id="find.previous", show=False,
                tooltip="Go to the previous row that holds the words"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self._finder = Finder(open_case)
        self._found: Found | None = None
        self._find_from = (0, 0)
        self._folding: Worker[None] | None = None

    def take_case(self, open_case: OpenCase) -> None:
        """Look for nothing yet in another case."""
        self.finder_for(open_case)
        self._mark(None)
        super().take_case(open_case)

    @property
    def searched(self) -> Searched:
        """What is looked through: the list of the pane that is open."""
        return self.entry_list

    def look_for(self, query: Query) -> Found:
        """Give the rows of what is looked through that hold the words."""
        return self._finder.find(self.entry_list.pane, query)

    def look_again(self) -> None:
        """Look for the same words in what is looked through now."""
        if self._found:
            self._mark(self._found.query)

    def finder_for(self, open_case: OpenCase) -> None:
        """Look for words in another reading of the case from now on."""
        self.stop_folding()
        self._finder = Finder(open_case)

    # What the rows of a large pane show takes seconds to be folded, and is then kept.

    @property
    def folded_to_find(self) -> Sequence[Pane]:
        """The panes whose rows have to be folded before words are looked for."""
        return [self.entry_list.pane]

    def once_folded(self, panes: Sequence[Pane], then: Callable[[], None]) -> None:
        """Do something as soon as finding in some panes follows each key: mostly at once.

        It takes the place of what was to be done before and still waits.
        """
        self.stop_folding()
        if self._finder.has_folded(panes):
            then()
        else:
            self._folding = self.run_worker(partial(self._fold, panes, then))

    async def _fold(self, panes: Sequence[Pane], then: Callable[[], None]) -> None:
        from casefile.tui.job import run_in_background

        steps = self._finder.fold_in_steps(panes)
        await run_in_background(steps, self.app, self._tell_folded)
        self._folding = None
        self.say("")
        then()

    def _tell_folded(self, done: float) -> None:
        from casefile.tui.find_line import FindLine

        for line in self.query(FindLine):
            line.show_count(f"looking: {done:.0%}")
        if not self.query(FindLine):
            self.say(f"Looking: {done:.0%}; Esc stops.")

    def stop_folding(self) -> bool:
        """Look no further; say whether something was being looked for."""
        if self._folding is None:
            return False
        self._folding.cancel()
        self._folding = None
        return True

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being looked for either."""
        return super().is_settled and self._folding is None

    def open_pane(self, place: int, row: int | None = None, top: int = 0) -> None:
        """Look for the same words in the pane that is opened."""
        query = self._found.query if self._found else None
        is_folded = self._finder.has_folded([self.panes[place]])
        if query is not None:
            pane = self.panes[place]
            self._found = self._finder.find(pane, query) if is_folded else Found(query, ())
        super().open_pane(place, row, top)
        if query is not None and not is_folded:
            self.once_folded(self.folded_to_find, self._found_later)

    def _found_later(self) -> None:
        self.look_again()
        self.show_where()

    def found_in_words(self) -> str:
        """Give how many rows hold the words, and which of them is selected."""
        return self._found.in_words(self.searched.cursor) if self._found else ""

    def action_step_back(self) -> None:
        """Look no further; else clear what was found; else step back."""
        if self.stop_folding():
            self.say("Stopped.")
        elif self._found is None:
            super().action_step_back()
        else:
            self._mark(None)
            self.show_where()

    async def action_find(self) -> None:
        """Type words to be found in this pane."""
        from casefile.tui.find_line import FindLine

        self._find_from = (self.searched.cursor, self.searched.top)
        await self.open_line(FindLine(id="find"))

    async def open_line(self, line: FindLine) -> None:
        """Lay a line to type in over the keys."""
        keys = self.query_one(KeyLine)
        keys.display = False
        await self.mount(line, after=keys)

    async def close_line(self, line: FindLine) -> bool:
        """Show the keys again; say whether the focus was left to nothing by it."""
        was_focused = line.has_focus_within or self.focused is None
        await line.remove()
        self.query_one(KeyLine).display = True
        return was_focused

    def on_find_line_words_typed(self, event: FindLine.WordsTyped) -> None:
        """Go to the first row from where finding began that holds the words so far."""
        self.once_folded(self.folded_to_find, partial(self._go_to_found, event.words, event.line))

    def _go_to_found(self, words: str, line: FindLine | None = None) -> None:
        query = parse(words) if words.strip() else None
        if query != (self._found.query if self._found else None):
            self._mark(query)
        cursor, top = self._find_from
        if self._found and self._found.places:
            self.searched.move_cursor(self._found.at_or_after(cursor))
        else:
            self.searched.lines_changed(cursor, top)
            self.searched.cursor_moved()
        if line is not None:
            line.show_count(self.found_in_words())

    async def on_find_line_left(self, event: FindLine.Left) -> None:
        """Take what was found, or go back to where finding began."""
        was_focused = await self.close_line(event.line)
        is_looking = self.stop_folding()
        if not event.kept:
            self._mark(None)
            self.searched.lines_changed(*self._find_from)
            self.show_found()
        elif is_looking:
            self.once_folded(self.folded_to_find, partial(self._take_found_later, event.words))
        else:
            self._take_found()
        if was_focused:
            self.go_to_stop(self.stops()[0])

    def _take_found_later(self, words: str) -> None:
        self._go_to_found(words)
        self._take_found()

    def _take_found(self) -> None:
        if self._found and not self._found.places:
            self.say_elsewhere(self._found.query)
        self.show_found()

    def show_found(self) -> None:
        """Show what belongs to the row that was found."""
        self.show_page()

    def action_find_next(self, steps: int) -> None:
        """Go to the next row that holds the words, or the one before, round the end."""
        found, here = self._found, self.searched.cursor
        if found is None:
            self.say("Nothing is being looked for: / finds words.")
        elif not found.places:
            self.say_elsewhere(found.query)
        elif steps > 0:
            self.searched.move_cursor(found.at_or_after(here + 1))
            self.say("" if self.searched.cursor > here else "Round to the first one.")
        else:
            self.searched.move_cursor(found.at_or_before(here - 1))
            self.say("" if self.searched.cursor < here else "Round to the last one.")

    def _mark(self, query: Query | None) -> None:
        self._found = self.look_for(query) if query else None
        self.show_marks()

    def show_marks(self) -> None:
        """Mark the words that are looked for."""
        query = self._found.query if self._found else None
        self.searched.mark(query)
        self.detail.mark(query)

    def say_elsewhere(self, query: Query) -> None:
        """Say where else the words are."""
        self.once_folded(self.panes, partial(self._say_elsewhere, query))

    def _say_elsewhere(self, query: Query) -> None:
        words = self._finder.elsewhere_in_words(self.panes, self.entry_list.pane, query)
        self.say(words, warning=True)
