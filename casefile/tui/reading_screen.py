"""What the case and the verification pass have in common: page, editor, keys, messages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from casefile.tui.desks import Desks
from casefile.tui.detail_view import DetailView
from casefile.tui.job import Jobs
from casefile.tui.key_line import KeyLine
from casefile.tui.keys import KeyTable
from casefile.tui.reading_area import NARROW, ReadingArea
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.tui.watcher import Watcher
from casefile.views import entry_notes, problems
from casefile.views.navigation import Place
from casefile.views.open_case import OpenCase
from casefile.views.phrases import quoted
from casefile.views.session import Session

if TYPE_CHECKING:
    from casefile.case.sources.text_files import TextUnavailable
    from casefile.notes.undoing import Undone
    from casefile.tui.line_view import LineView
    from casefile.tui.note_panel import OpenText
    from casefile.views.page import Destination
    from casefile.views.source_lines import Pin


class ReadingScreen(Screen["Departure"]):
    """A page with an editor under it, beside a front that each screen has of its own."""

    KEYS: ClassVar[KeyTable]

    def __init__(
        self,
        session: Session,
        header: Widget,
        front: LineView[Any],
        watcher: Watcher | None = None,
        *,
        stacks: bool = False,
        hides_page: Callable[[], bool] = lambda: False,
    ) -> None:
        """Compose the screen of a session: `header` is between the title and the place.

        The rest is as in `ReadingArea`.
        """
        super().__init__()
        self.session = session
        self.jobs = Jobs(self)
        self.area = ReadingArea(self, front, stacks=stacks, hides_page=hides_page)
        self._header = header
        self.desks = Desks(self, watcher or Watcher(session, self))
        self.title_line = TwoEndedLine(id="title")
        self.where_line = TwoEndedLine(id="where")
        self.key_line = KeyLine(id="keys")

    def compose(self) -> ComposeResult:
        """Lay out title, header, place, body and keys."""
        yield self.title_line
        yield self._header
        yield self.where_line
        yield self.area.body
        yield self.key_line

    def on_resize(self, event: events.Resize) -> None:
        """Show what fits."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.area.arrange()

    # What is being read

    @property
    def open_case(self) -> OpenCase:
        """The case as it was last read."""
        return self.session.open_case

    @property
    def detail(self) -> DetailView:
        """The page."""
        return self.area.detail

    @property
    def entry_id(self) -> str | None:
        """The id of the entry that is being read."""
        return self.session.entry_id

    @property
    def is_settled(self) -> bool:
        """Whether the last line is up to date, and nothing runs that the reader could stop."""
        can_stop = self.jobs.can_stop or self.desks.watcher.jobs.can_stop
        return not can_stop and self.key_line.is_settled

    @property
    def place(self) -> Place:
        """Where the reader is, to come back to."""
        raise NotImplementedError

    # What is shown

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in place of the keys, until the next key."""
        self.key_line.say(message, warning=warning)

    def show_title(self) -> None:
        """Show the title of the case and what was noted and checked."""
        open_case = self.open_case
        title = open_case.title(open_case.case_file.case.id)
        wrong = problems.problem_count_in_words(open_case)
        self.title_line.show(title, wrong, spare=entry_notes.note_counts_in_words(open_case))

    def show_where(self) -> None:
        """Show which pane or source is open, and where in it the reader is."""
        left, left_end, right = self.where_in_words()
        self.where_line.show(left, right, left_end=left_end)

    def where_in_words(self) -> tuple[str, str, str]:
        """Return where the reader is, an end of it that is never cut, and what was found there."""
        raise NotImplementedError

    @property
    def found_in_words(self) -> str:
        """How many lines hold the words that are looked for, and which one the cursor is on."""
        found = self.session.found
        return found.in_words(self.area.left.cursor) if found else ""

    def show_marks(self) -> None:
        """Mark the words that are looked for."""
        self.area.highlight(self.session.found.query if self.session.found else None)

    def show_found(self) -> None:
        """Show what belongs to the line to which finding has led."""
        self.show_where()

    # Keys

    async def action_do(self, name: str) -> None:
        """Do what a key of the table does."""
        key = self.KEYS.get(name)
        done = key.run(self.desks) if key is not None and key.run is not None else None
        if inspect.isawaitable(done):
            await done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for a key that does not work now."""
        key = self.KEYS.of_action(action, parameters)
        if key is not None and not key.works(self.desks):
            return False
        return super().check_action(action, parameters)

    def words_for(self, binding: Binding) -> str:
        """Return the word that the last line has for a key now."""
        key = self.KEYS.get(binding.id)
        return key.word_on(self.desks) if key else binding.description

    async def lay_over_keys(self, line: Widget) -> None:
        """Put a line to type in, or to choose by a key, in place of the keys."""
        self.key_line.display = False
        await self.mount(line, after=self.key_line)

    async def take_from_keys(self, line: Widget) -> bool:
        """Remove such a line, and return whether the focus was on it or nowhere."""
        was_focused = line.has_focus or line.has_focus_within or self.focused is None
        await line.remove()
        self.key_line.display = True
        return was_focused

    # Esc, in the order in which it closes one thing after the other

    def escape_steps(self) -> Iterator[Callable[[], bool]]:
        """Yield what Esc may do, first things first; each returns whether there was anything."""
        raise NotImplementedError

    def action_step_back(self) -> None:
        """Do the first thing that Esc has to do here."""
        any(step() for step in self.escape_steps())

    def stop_job(self) -> bool:
        """Stop the work under way, and return whether there was any."""
        words = self.jobs.stop_last() or self.desks.watcher.jobs.stop_last()
        if words is not None:
            self.say(words)
        return words is not None

    # Going

    def focus_stop(self, stop: str) -> None:
        """Put the focus on one of what Tab goes to."""
        if stop in ("page", "notes", "editor"):
            self.area.focus_right(stop)
        else:
            self.area.focus_left()

    def action_turn_focus(self, steps: int) -> None:
        """Go to the next stop of Tab, or to the one before."""
        self.focus_stop(self.area.next_stop(steps))

    def action_history(self, steps: int) -> None:
        """Go back to where the reader was, or forward again."""
        history, here = self.session.history, self.place
        place = history.go_back(here) if steps < 0 else history.go_forward(here)
        if place is None:
            self.say("There is nothing further back." if steps < 0 else "There is nothing ahead.")
        else:
            self.return_to(place)

    def go_to(self, destination: Destination, *, in_page: bool | None = None) -> None:
        """Leave this place for an entry, and on its page for a paragraph or a note.

        `in_page`: whether the focus goes to the page; by default, if it was on one or a note is
        gone to.
        """
        if in_page is None:
            in_page = self.detail.has_focus or destination.note is not None
        self.leave_place(by_link=True)
        self.arrive(destination, in_page=in_page)

    def leave_place(self, *, by_link: bool = False) -> None:
        """Remember this place, for coming back."""
        self.session.history.leave(replace(self.place, by_link=by_link))

    def follow(self, destination: Destination) -> None:
        """Follow a cite into the text of its source, if that is at hand; else go to the entry."""
        pin = destination.pin
        if pin is None or not self.desks.sources.follow(destination.entry, pin):
            self.go_to(destination, in_page=True)

    def arrive(self, destination: Destination, *, in_page: bool) -> None:
        """Show an entry as `go_to` does, after the place before was left."""
        raise NotImplementedError

    def return_to(self, place: Place) -> None:
        """Go to a place where the reader was."""
        raise NotImplementedError

    def show_entry(self, entry_id: str) -> None:
        """Select an entry, and say so if a filter had to be cleared for it."""
        cleared = self.session.show_entry(entry_id)
        if cleared is not None:
            self.say(f"The filter {cleared} hid this row, and is cleared.")
        elif self.session.entry_id != entry_id:
            self.has_entry(entry_id)

    def has_entry(self, entry_id: str) -> bool:
        """Return whether the case still has an entry, and say so if it has not.

        It may be gone once a line or dialog ends that was opened for it.
        """
        has_it = self.open_case.entry(entry_id) is not None
        if not has_it:
            self.say(f"“{entry_id}” is no longer in the case.")
        return has_it

    def show_without_text(self, pin: Pin, missing: TextUnavailable, *, takes_focus: bool) -> None:
        """Show what is known of a cite of which the source's text is not at hand."""
        raise NotImplementedError

    def is_nothing_left(self) -> bool:
        """Return whether there is nothing left to be checked, and say so then."""
        tally = self.open_case.checks.counts
        is_done = tally.entries == tally.assessed
        if is_done:
            from casefile.views.pass_summary import progress_in_words

            progress = progress_in_words(self.open_case, self.session.verification)
            self.say(f"Nothing is left to be checked: {progress}.")
        return is_done

    def action_go(self) -> None:
        """Go somewhere or do something by its name."""
        from casefile.tui.palette import open_palette

        open_palette(self, self.session, self.go_to, self.open_pane)

    def open_pane(self, title: str) -> None:
        """Leave this place for the list of a pane, and say so if that is gone."""
        if self.session.number_of_pane(title) is None:
            self.say(f"There is no pane {quoted(title)} any more.")
        else:
            self.leave_place()
            self.show_pane(title)

    def show_pane(self, title: str) -> None:
        """Show the list of a pane."""
        raise NotImplementedError

    def action_pane(self, key: str) -> None:
        """Open the pane that a number key names."""
        number = self.session.numbered_pane(key)
        if number is None:
            self.say(f"There is no pane {key}.")
        else:
            self.open_pane(self.session.panes[number].title)

    def action_turn_pane(self, steps: int) -> None:
        """Open the next pane, or the one before, in a round."""
        panes, number = self.session.panes, self.session.pane_number
        self.open_pane(panes[(number + steps) % len(panes)].title)

    def action_choose_citing(self) -> None:
        """Go from a line of a source to an entry that cites it."""
        self.desks.sources.choose_citing()

    def action_leave_editor(self) -> None:
        """Go from the editor back to where writing began; the text stays there."""
        self.desks.writing.leave_editor()

    def quit(self) -> None:
        """Quit, with what is being typed on disk; where it can't be, only when asked twice."""
        if not self.area.is_writing or self.desks.writing.may_quit():
            self.app.exit()

    # Changes

    def take_again(self, open_case: OpenCase) -> None:
        """Show the case as it was read again."""
        self.session.take_again(open_case)
        if self.area.is_writing:
            self.desks.writing.take_sources()

    def notes_taken_in(self) -> None:
        """Let go of the text of a note that is no longer there."""
        if self.area.is_writing:
            self.desks.writing.let_go()

    def writing_ended(self, note: str | None) -> None:
        """Go on after the editor was closed."""

    def undone(self, undone: Undone) -> None:
        """Show what was undone."""

    # Messages, handed to the desk that they are for

    @on(DetailView.LinkFollowed)
    def _link_followed(self, event: DetailView.LinkFollowed) -> None:
        self.follow(event.destination)

    @on(DetailView.NothingFollowed)
    def _nothing_followed(self) -> None:
        self.say("This line leads nowhere; those with ▸ do.")

    @on(DetailView.LaidOut)
    def _page_laid_out(self, event: DetailView.LaidOut) -> None:
        if event.control is self.area.front:
            self.desks.search.look_again()

    def on_source_view_laid_out(self) -> None:
        """Find the words in the lines as they are now."""
        self.desks.search.look_again()

    def on_source_view_line_selected(self) -> None:
        """Show who cites the line under the cursor."""
        self.show_where()


@dataclass
class Departure:
    """Why a screen that lies over the case is left."""

    then: Callable[[ReadingScreen], object] | None = None
    """What to do on the screen below."""
    text: OpenText | None = None
    """What was open in the editor."""
    message: str = ""
    """What to say on the screen below."""
    is_warning: bool = False
