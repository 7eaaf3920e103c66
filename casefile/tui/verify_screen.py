"""The verification pass: one entry after another beside its evidence, one key for a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from rich.cells import cell_len
from textual.binding import BindingType

from casefile.notes.checks import TO_CHECK, WRONG
from casefile.tui.detail_view import DetailView
from casefile.tui.drawing import inert_start, shorten_to_width
from casefile.tui.note_desk import UNDO_HINT
from casefile.tui.reading_screen import Departure, ReadingScreen
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.tui.verify_keys import PASS_IDS, VERIFY_KEYS
from casefile.tui.watcher import Watcher
from casefile.views.entry_page import page_of_row
from casefile.views.evidence import Evidence
from casefile.views.navigation import Place
from casefile.views.open_case import OpenCase
from casefile.views.page import TOP, Destination, Spot
from casefile.views.pass_summary import page_of_results, progress_in_words
from casefile.views.session import Event, FoundChanged, PaneOpened, PanesChanged, Session
from casefile.views.source_lines import pins_of
from casefile.views.verdicts import verdict_in_words
from casefile.views.verification import ORDERS, Verification

if TYPE_CHECKING:
    from casefile.case.sources.text_files import TextUnavailable
    from casefile.notes.annotation import Revision
    from casefile.notes.undoing import Undone
    from casefile.tui.note_panel import OpenText
    from casefile.views.source_lines import Pin

_AROUND = 6
"""The cells of the place line that are neither place nor title nor verdict."""
_SHORTEST_TITLE = 8


class VerifyScreen(ReadingScreen):
    """The evidence for an entry, in its source where that has a text, beside the entry's page."""

    AUTO_FOCUS = ""
    KEYS = VERIFY_KEYS
    BINDINGS: ClassVar[list[BindingType]] = VERIFY_KEYS.bindings

    def __init__(
        self, session: Session, watcher: Watcher, text: OpenText | None, place: Place | None
    ) -> None:
        """Resume the pass of a session, at a place in it if one is given.

        `text` is what was open in the editor of the case.
        """
        self.evidence = DetailView(id="evidence")
        self.progress_line = TwoEndedLine(id="pass")
        super().__init__(
            session,
            self.progress_line,
            self.evidence,
            watcher,
            stacks=True,
            hides_page=lambda: self._is_at_end,
        )
        self._evidence = Evidence(session.open_case)
        self._text = text
        self._place = place
        self._departure: Departure | None = None
        self._before = ("", "")
        """The title of the entry before, and what became of it."""
        self._remarked: Revision | None = None
        """The verdict to which the reader is writing what would be right."""
        session.listener = self.on_session_event
        watcher.stage = self

    async def on_mount(self) -> None:
        """Show the entry at which the pass was left."""
        self.show_title()
        await self.desks.writing.take_over(self._text)
        if self._place is not None:
            await self._stand_at_place(self._place)
        else:
            await self._resume()

    async def _resume(self) -> None:
        was_begun = self._verification.is_begun
        self._verification.resume()
        tally = self.open_case.checks.counts
        left = tally.entries - tally.assessed
        await self._stand(*(("The pass goes on", f"{left:,} left") if was_begun else ()))

    async def _stand_at_place(self, place: Place) -> None:
        self._verification.go_to(place.entry)
        await self._stand(at=place)

    @property
    def _verification(self) -> Verification:
        return self.session.verification

    @property
    def _is_at_end(self) -> bool:
        return not self._verification.entry

    @property
    def entry_id(self) -> str | None:
        """The id of the entry that is verified; at the end of the pass there is none."""
        return self._verification.entry or None

    # What is shown

    async def _stand(
        self,
        before: str = "",
        what: str = "",
        *,
        at: Place | None = None,
        takes_focus: bool = True,
    ) -> None:
        """Show the entry at which the pass stands, and beside it one of its cites.

        `before` is the title of the entry before, `what` what became of it; `at` is the place on
        the page and in the source, by default the first of both.
        """
        self._before = (before, what)
        sources = self.desks.sources
        sources.pins, sources.pin = (), 0
        if not self._is_at_end:
            sources.pins = pins_of(self.open_case, self._verification.entry)
            self.show_entry(self._verification.entry)
            if at is not None and at.spot != TOP:
                self._show_page(at.spot, at.rows_above)
        self._show_progress()
        if sources.pins:
            pin, line = (at.pin or 0, at.source_line) if at is not None else (0, 0)
            pin = min(pin, len(sources.pins) - 1)
            await sources.show_pin(pin, line=line, takes_focus=takes_focus)
        else:
            self._show_evidence(takes_focus=takes_focus)

    def _show_evidence(self, *, takes_focus: bool = True) -> None:
        """Show the cites of the entry and the words relied on; at the end, the outcome."""
        self.desks.sources.close()
        if self._is_at_end:
            self.evidence.show(page_of_results(self.open_case, self._verification))
            self.evidence.go_to(lambda line: line.leads_to is not None)
        else:
            self.evidence.show(self._evidence.page(self._verification.entry))
            pin = self.desks.sources.pin
            self.evidence.go_to(lambda line: line.leads_to is not None and line.leads_to.pin == pin)
        self.area.show_left(takes_focus=takes_focus)
        self.desks.search.look_again()

    def show_without_text(
        self,
        pin: Pin,  # noqa: ARG002 (Stage’s own)
        missing: TextUnavailable,
        *,
        takes_focus: bool,
    ) -> None:
        """Show the evidence in place of a source that has no text."""
        self._show_evidence(takes_focus=takes_focus)
        if missing.why not in ("not-named", "not-there"):
            self.say(f"No text is at hand: {missing.what}.", warning=True)

    def _show_progress(self) -> None:
        how = f"Verifying {ORDERS[self._verification.order]}"
        self.progress_line.show(how, progress_in_words(self.open_case, self._verification))

    def where_in_words(self) -> tuple[str, str, str]:
        """Return which cite is shown, its place, and what became of the entry before."""
        if self._is_at_end or not self.desks.sources.pins:
            place, at = "End of the pass" if self._is_at_end else "No source is cited", ""
        else:
            place, at = self.desks.sources.pin_in_words
        return place, at, self.found_in_words or self._before_beside(f"{place}{at}")

    def _before_beside(self, place: str) -> str:
        """Return what became of the entry before, its title cut to the room beside a place."""
        title, what = self._before
        if not what:
            return ""
        width = self.app.size.width
        room = (
            width - min(cell_len(inert_start(place, width)), width * 2 // 5) - len(what) - _AROUND
        )
        return f"{shorten_to_width(title, max(_SHORTEST_TITLE, room))}: {what}"

    def on_session_event(self, event: Event) -> None:
        """Draw what has changed in the session."""
        match event:
            case PaneOpened():
                self._show_page()
            case PanesChanged(is_same_row=is_same_row):
                self._show_page(*(self.detail.position if is_same_row else ()))
                self.show_title()
                self._show_progress()
                if self._is_at_end:
                    self._show_evidence(takes_focus=False)
            case FoundChanged():
                self.show_marks()

    def _show_page(self, spot: Spot = TOP, rows_above: int = 0) -> None:
        row = self.session.row
        if row is not None and not self._is_at_end:
            self.detail.show(page_of_row(self.open_case, row), spot, rows_above)

    # Verdicts and steps

    async def action_give(self, verdict: str) -> None:
        """Save a verdict on this entry, and go on; of a wrong one, first ask what is right."""
        is_first, marks = self.open_case.notebook.is_first, self.desks.marks
        given = marks.given_in_words(self.entry_id or "", verdict)
        revision = marks.assess(self.entry_id or "", verdict)
        if revision is None:
            return
        if not is_first:
            # It is said where it does not hide the keys.
            self.say("")
        if verdict == WRONG:
            self._remarked = revision
            self._before = ("", "")
            self.show_where()
            await marks.remark_on(revision)
            return
        if verdict == TO_CHECK:
            self._verification.put_off_current()
        await self._go_on(f"{given}; {UNDO_HINT}")

    async def action_later(self) -> None:
        """Leave this entry for the end; at the end, start over with what was left."""
        if self._is_at_end:
            await self.action_verify()
            return
        was_left = self._verification.put_off_current()
        await self._go_on("put off; b goes back." if was_left else "")

    async def action_go_back(self) -> None:
        """Go back to the entry before this one, whatever its verdict."""
        if self._verification.go_back():
            await self._stand()
        else:
            self.say("This is the first one.")

    def action_turn_order(self) -> None:
        """Go by the other order from here on."""
        self._verification.switch_order()
        self._show_progress()

    async def action_verify(self) -> None:
        """Start over at the end of the pass."""
        if not self._is_at_end:
            self.say("This is the pass · q leaves it, and V comes back to this entry")
        elif not self.is_nothing_left():
            await self._resume()

    async def _go_on(self, what: str) -> None:
        title = self.open_case.title(self.entry_id or "")
        self._verification.go_on()
        await self._stand(title, what)

    def undone(self, undone: Undone) -> None:
        """Come back to the entry of which a verdict was taken back."""
        entry = undone.undid.entry
        if undone.undid.motivation != "assessing":
            return
        if entry in self._verification.walk and entry != self._verification.entry:
            self._verification.return_to(entry)
            self.run_worker(self._stand())
        self._show_progress()

    def writing_ended(self, note: str | None) -> None:
        """Go on once it is said what would be right, or nothing is."""
        remarked = self._remarked
        if remarked and (note, self.entry_id) == (remarked.id, remarked.entry):
            self._remarked = None
            if self.open_case.notebook.note(remarked.id) is None:
                # It was forgotten elsewhere: the entry is no longer checked.
                return
            self.say("")
            self.run_worker(self._go_on(f"{verdict_in_words(WRONG)}; {UNDO_HINT}"))

    def take_again(self, open_case: OpenCase) -> None:
        """Go on in the case as it is now, at the same entry and place, if they are there."""
        place = self.place
        super().take_again(open_case)
        self._evidence = Evidence(self.open_case)
        is_there = self.entry_id == place.entry
        self.run_worker(self._stand(at=place if is_there else None, takes_focus=False))

    # Leaving, and going elsewhere

    def _leave(self, then: Callable[[ReadingScreen], object] | None = None) -> None:
        """Go back to the case, and do something there."""
        if self._departure is not None:
            return

        def leave_with(text: OpenText | None) -> None:
            self._departure = Departure(then, text)
            self.dismiss(self._departure)

        self.desks.writing.hand_over(leave_with)

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message until the next key; once the pass is left, on the case."""
        if self._departure is None:
            super().say(message, warning=warning)
        else:
            self._departure.message, self._departure.is_warning = message, warning

    def action_close(self) -> None:
        """Leave the pass for the list, at the same entry."""
        self._leave()
        if self._departure is None:
            # The text in the editor can't be saved, as was said.
            return
        tally = self.open_case.checks.counts
        so_far = f"{tally.assessed:,} of {tally.entries:,}"
        is_done = tally.assessed == tally.entries
        done, paused = f"Verified: {so_far}", f"Verification paused at {so_far} · V resumes"
        self.say(done if is_done else paused)

    def action_leave_to_filter(self) -> None:
        """Leave the pass, and filter the list."""
        self.leave_place()
        self._leave(lambda screen: screen.desks.search.filter())

    def show_pane(self, title: str) -> None:
        """Leave the pass for the list of a pane."""
        self._leave(lambda screen: screen.show_pane(title))

    def arrive(self, destination: Destination, *, in_page: bool) -> None:
        """Leave the pass for an entry."""
        self._leave(lambda screen: screen.arrive(destination, in_page=in_page))

    def follow(self, destination: Destination) -> None:
        """Follow a link; at the end of the pass, go on with an entry of it."""
        if self._is_at_end and destination.entry in self._verification.walk:
            self._verification.go_to(destination.entry)
            self.run_worker(self._stand())
        else:
            super().follow(destination)

    @property
    def place(self) -> Place:
        """Where the reader is, to come back to."""
        place, sources = self.session.place, self.desks.sources
        if self._is_at_end:
            return place
        spot, rows_above = self.detail.position
        return replace(
            place,
            in_page=True,
            spot=spot,
            rows_above=rows_above,
            pin=sources.pin,
            source_line=sources.line,
            in_pass=True,
        )

    def return_to(self, place: Place) -> None:
        """Go to a place where the reader was, in the pass or on the case."""
        if place.in_pass and place.entry in self._verification.walk:
            self.run_worker(self._stand_at_place(place))
        else:
            self._leave(lambda screen: screen.return_to(place))

    def escape_steps(self) -> Iterator[Callable[[], bool]]:
        """Yield what Esc may do: stop work, clear what was found, leave the pass."""
        yield self.stop_job
        yield self.desks.search.step_back
        yield self._close

    def _close(self) -> bool:
        self.action_close()
        return True

    # Keys

    @property
    def needs_space(self) -> bool:
        """Whether Space has a meaning of the screen's own, and does not turn the page."""
        return True

    @property
    def first_keys(self) -> Sequence[str]:
        """The ids of the keys that stand first in the last line."""
        return PASS_IDS
