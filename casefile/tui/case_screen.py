"""The main screen: the panes of a case, and the page of the selected entry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.binding import BindingType
from textual.timer import Timer

from casefile.exposure import exposure
from casefile.tui.entry_list import EntryList
from casefile.tui.keys import CASE_KEYS, NEAR_KEYS
from casefile.tui.pane_strip import PaneStrip
from casefile.tui.reading_screen import Departure, ReadingScreen
from casefile.views import entry_notes, visit_changes
from casefile.views.entry_page import page_of_row
from casefile.views.navigation import Place
from casefile.views.open_case import OpenCase
from casefile.views.page import TOP, Destination, Spot
from casefile.views.panes import DraftRow, NoteRow
from casefile.views.session import (
    CaseChanged,
    Event,
    FoundChanged,
    PaneFiltered,
    PaneOpened,
    PanesChanged,
    Session,
)

if TYPE_CHECKING:
    from casefile.case.sources.text_files import TextUnavailable
    from casefile.tui.note_panel import OpenText
    from casefile.views.source_lines import Pin

_PAINT_SECONDS = 0.05
"""How long after a case was opened the screen shows it."""
FOLLOW_SECONDS = 0.06
"""How long the keys must rest before the page follows the list."""


class CaseScreen(ReadingScreen):
    """The list of a pane beside the page of its selected entry."""

    AUTO_FOCUS = "#list"
    KEYS = CASE_KEYS
    BINDINGS: ClassVar[list[BindingType]] = CASE_KEYS.bindings

    def __init__(self, open_case: OpenCase) -> None:
        session = Session(open_case)
        self.entry_list = EntryList(session, id="list")
        self.strip = PaneStrip(session.panes, id="strip")
        super().__init__(session, self.strip, self.entry_list)
        self._follow: Timer | None = None
        session.listener = self.on_session_event

    def on_mount(self) -> None:
        """Show the first entry, and begin to watch the files."""
        # The screen may have been closed before it was mounted.
        if self.is_attached and self.children:
            self.desks.watcher.start(self)
            self._show_case()

    # What is shown

    def on_session_event(self, event: Event) -> None:
        """Draw what has changed in the session."""
        if isinstance(event, CaseChanged):
            self.focus_stop("list")
            self._show_case()
            return
        self.show_marks()
        if isinstance(event, FoundChanged):
            return
        position = self.detail.position
        self.entry_list.rows_changed()
        match event:
            case PaneOpened():
                self.show_page()
            case PaneFiltered():
                self.show_where()
                self._page_follows()
            case PanesChanged(is_same_row=is_same_row):
                self.show_page(*(position if is_same_row else ()))
                self.show_title()
        if self.session.found is not None:
            self.desks.search.rows_changed()
        self.refresh_bindings()

    def _show_case(self) -> None:
        self._show_all()
        # By a timer: what is to be called after a refresh waits while another screen is on top.
        self.set_timer(_PAINT_SECONDS, self.opened)

    def _show_all(self) -> None:
        self.entry_list.rows_changed()
        self.show_marks()
        self.show_page()
        self.show_title()

    async def opened(self) -> None:
        """Report why notes can't be written; go on once all notes are read."""
        if refusal := self.open_case.notebook.write_problem:
            self.desks.watcher.stage.say(f"Notes can’t be kept: {refusal}", warning=True)
        if self.open_case.notebook.is_complete:
            await self._notes_read(self.place)
        else:
            self.desks.watcher.read_all_notes(partial(self._notes_read, self.place))

    async def _notes_read(self, place: Place) -> None:
        """Offer the note that was left unfinished if the reader is still at a place, or report."""
        # The pass may lie over this screen.
        open_case, say = self.open_case, self.desks.watcher.stage.say
        if open_case.notebook.write_problem:
            return
        if waiting := open_case.drafts.unfinished():
            # A key may have led on already: the next one is meant for what is on the screen now.
            is_there = self.app.screen is self and self.key_line.display and self.place == place
            await self.desks.unfinished.offer(waiting, may_open=is_there)
        elif unreadable := entry_notes.unreadable_in_words(open_case):
            say(unreadable, warning=True)
        elif open_case.drafts.read_all().unreadable:
            self.desks.unfinished.say_unreadable()
        elif ahead := entry_notes.dated_ahead_in_words(open_case):
            say(ahead, warning=True)
        elif exposed := next(exposure(open_case.places, [open_case.case_file.case.id]), ""):
            say(exposed, warning=True)
        elif changes := visit_changes.changes_in_words(open_case):
            say(changes)

    async def take_another(self, open_case: OpenCase) -> None:
        """Read another case; what was being typed on this one is a draft."""
        self._take_over()
        self.jobs.cancel_all()
        # What was said last was said of the case before.
        self.say("")
        await self.area.remove_panel()
        self.area.close_source()
        self.session.take_case(open_case)
        self.desks.watcher.watch_file()

    def _take_over(self) -> None:
        """Be the screen that shows the session."""
        self.session.listener = self.on_session_event
        self.desks.watcher.stage = self

    def show_page(self, spot: Spot = TOP, rows_above: int = 0) -> None:
        """Show the page of the selected row now, and where that is."""
        if self._follow:
            self._follow.stop()
            self._follow = None
        row = self.session.row
        if row is not None:
            self.detail.show(page_of_row(self.open_case, row), spot, rows_above)
            if isinstance(row, NoteRow) and spot == TOP:
                self.detail.go_to_note(row.note)
        else:
            self.detail.show(None)
        self.show_where()

    def show_found(self) -> None:
        """Show the page of the row that was found; in a source, who cites the line."""
        if self.area.is_source_open:
            self.show_where()
        else:
            self.show_page()

    def show_where(self) -> None:
        """Show which pane or source is open, and where in it the reader is."""
        self.strip.show(self.session.panes, self.session.pane_number)
        super().show_where()

    def where_in_words(self) -> tuple[str, str, str]:
        """Return where the reader is, an end of it that is never cut, and what was found there."""
        found = self.found_in_words
        if self.area.is_source_open:
            sources = self.desks.sources
            return (*sources.pin_in_words, found or sources.citing_in_words)
        filtered = self.session.filtered
        if filtered is not None:
            found = " · ".join(filter(None, (filtered.query_in_words, filtered.in_words, found)))
        return self.session.place_in_words, "", found

    def show_marks(self) -> None:
        """Mark the words that are looked for, else those that the pane is filtered by."""
        found = self.session.found
        self.area.highlight(found.query if found else None, self.session.filter_query)

    @property
    def is_settled(self) -> bool:
        """Whether the page shows the selected row, and no work that can be stopped runs."""
        return self._follow is None and super().is_settled

    @on(EntryList.EntrySelected)
    def _page_follows(self) -> None:
        if self._follow is None:
            self._follow = self.set_timer(FOLLOW_SECONDS, self.show_page)
        else:
            self._follow.reset()

    # Panes

    def show_pane(self, title: str) -> None:
        """Show the list of a pane."""
        self.session.open_pane(self.session.number_of_pane(title) or 0)
        self.focus_stop("list")

    @on(PaneStrip.PaneChosen)
    def _pane_chosen(self, event: PaneStrip.PaneChosen) -> None:
        self.open_pane(event.title)

    # Going

    def focus_stop(self, stop: str) -> None:
        """Put the focus on one of what Tab goes to; the list takes the place of a source."""
        row = self.session.row
        if stop == "list":
            self._close_source()
        elif stop == "notes" and isinstance(row, NoteRow) and not self.detail.is_at_note:
            self.detail.go_to_note(row.note)
        super().focus_stop(stop)

    @on(EntryList.EntryOpened)
    def action_read(self) -> None:
        """Go from the list to the page; from a note to its entry, from a draft to its text."""
        match self.session.row:
            case DraftRow(draft=draft):
                self.run_worker(self.desks.notes.resume(draft))
            case NoteRow(entry=entry, note=note) if self.open_case.entry(entry) is not None:
                self.go_to(Destination(entry, note=note))
            case None:
                pass
            case _:
                if self._follow:
                    self.show_page()
                self.leave_place()
                self.area.focus_page()

    def arrive(self, destination: Destination, *, in_page: bool) -> None:
        """Show an entry as `go_to` does, after the place before was left."""
        self._close_source()
        self.show_entry(destination.entry)
        if destination.paragraph is not None:
            self.detail.go_to(lambda line: line.paragraph == destination.paragraph)
        if destination.note is not None:
            self.detail.go_to_note(destination.note)
        if in_page:
            self.area.focus_page()

    def show_without_text(self, pin: Pin, missing: TextUnavailable, *, takes_focus: bool) -> None:
        """Show the page of a source without a text, and say why there is none."""
        from casefile.case.sources.citations import paragraphs_of

        self.desks.sources.close()
        paragraphs = paragraphs_of(pin.at)
        if pin.source != self.entry_id:
            paragraph = paragraphs[0] if paragraphs else None
            self.go_to(Destination(pin.source, paragraph), in_page=takes_focus or None)
        what = "" if missing.why == "not-named" else f": {missing.what}"
        is_usual = missing.why in ("not-named", "not-there")
        hint = "; `casefile source add` attaches your copy, R reads it" if is_usual else ""
        self.say(f"No text is at hand{what}{hint}.", warning=missing.why != "not-named")

    @property
    def place(self) -> Place:
        """Where the reader is, to come back to."""
        place, area = self.session.place, self.area
        if area.is_source_open:
            sources = self.desks.sources
            in_page = sources.came_from != "list"
            place = replace(place, pin=sources.pin, source_line=sources.line)
        else:
            in_page = area.is_at_page
        if not in_page:
            return place
        spot, rows_above = self.detail.position
        return replace(place, in_page=True, spot=spot, rows_above=rows_above)

    def return_to(self, place: Place) -> None:
        """Go to a place where the reader was, as far as it is still there."""
        if place.in_pass and self._can_resume_at(place):
            self.run_worker(self._open_pass(place))
            return
        self._close_source()
        self.session.return_to(place)
        if place.in_page:
            self.show_page(place.spot, place.rows_above)
            self.area.focus_page()
        else:
            self.focus_stop("list")
        if place.pin is not None and not place.in_pass:
            self.desks.sources.reopen(place.pin, place.source_line)

    def _close_source(self) -> None:
        if self.area.is_source_open:
            self.desks.sources.close()

    def take_again(self, open_case: OpenCase) -> None:
        """Show the case as it was read again, and an open source at the same cite."""
        place = self.place
        super().take_again(open_case)
        if place.pin is not None and self.entry_id == place.entry:
            is_at_source = self.area.stop == "source"
            self.desks.sources.reopen(place.pin, place.source_line, takes_focus=is_at_source)
        else:
            self.desks.sources.leave()

    # Esc, and what else closes

    def escape_steps(self) -> Iterator[Callable[[], bool]]:
        """Yield what Esc may do: stop work, clear what was found, close, unfilter, go back."""
        yield self.stop_job
        yield self.desks.search.step_back
        yield self.desks.sources.step_back
        yield self._clear_filter
        yield self._leave_page
        yield self._go_back

    def _clear_filter(self) -> bool:
        if self.session.filtered is None or self.area.is_at_page:
            return False
        self.session.clear_filter()
        return True

    def _leave_page(self) -> bool:
        last = self.session.history.last
        if not self.area.is_at_page or (last and last.by_link):
            return False
        self.session.history.forget(self.session.pane.title, self.entry_id)
        self.focus_stop("list")
        return True

    def _go_back(self) -> bool:
        if self.session.history.last is None:
            return False
        self.action_history(-1)
        return True

    def action_close(self) -> None:
        """Close the source or the page that covers the list; else quit."""
        if self.desks.sources.step_back():
            return
        if self.area.is_page_alone:
            self.focus_stop("list")
        else:
            self.quit()

    def on_key(self, event: events.Key) -> None:
        """Name the key that was probably meant by one that does nothing here."""
        near = NEAR_KEYS.get(event.character or "")
        if near and event.key not in self.active_bindings:
            self.say(near)

    # The verification pass

    async def action_verify(self) -> None:
        """Begin the verification pass, or resume it where it was left."""
        if not self.open_case.checkable:
            self.say("There is nothing here to be checked.")
        elif not self.is_nothing_left():
            await self._open_pass()

    def _can_resume_at(self, place: Place) -> bool:
        return self.session.has_verification and place.entry in self.session.verification.walk

    async def _open_pass(self, place: Place | None = None) -> None:
        from casefile.tui.verify_screen import VerifyScreen

        def open_with(text: OpenText | None) -> None:
            if place is None:
                self.leave_place()
            screen = VerifyScreen(self.session, self.desks.watcher, text, place)
            self.app.push_screen(screen, self._pass_left)

        # What is being opened in the editor goes along, or it would stay beneath the pass.
        async with self.desks.writing.opening:
            self.desks.writing.hand_over(open_with)

    async def _pass_left(self, departure: Departure | None) -> None:
        """Go on reading where the pass was left."""
        self._take_over()
        if departure is None:
            return
        self.focus_stop("list")
        await self.desks.writing.take_over(departure.text)
        if self.session.found is not None:
            self.desks.search.look_again()
        self._show_all()
        if departure.then is not None:
            done = departure.then(self)
            if inspect.isawaitable(done):
                await done
        if departure.message:
            self.say(departure.message, warning=departure.is_warning)
