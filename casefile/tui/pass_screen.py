"""What the verification pass shows: an entry, and in the list's place what it rests on.

That is the source's text at the entry's cite; where no text is at hand, a page of the cites and of
the words relied on; at the end, what the pass came to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Horizontal

from casefile.query import Query
from casefile.text.inert import inert
from casefile.tui.detail import DetailView
from casefile.tui.drawing import shortened
from casefile.tui.finding_screen import Searched
from casefile.tui.notes_pane_screen import NotesPaneScreen
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.views.finding import Found
from casefile.views.open_case import OpenCase
from casefile.views.panes import Pane

if TYPE_CHECKING:
    from casefile.case.sources.text_files import NoText
    from casefile.views.evidence import Evidence
    from casefile.views.source_lines import Pin
    from casefile.views.verification import Verification

_AROUND = 6
"""The cells of the line that says where one is that are neither place nor title nor verdict."""
_SHORTEST = 8


class PassScreen(NotesPaneScreen):
    """Reading and noting, with a place for the pass."""

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self.is_verifying = False
        """Whether the pass is on the screen."""
        self._verification: Verification | None = None
        self._grounds: Evidence | None = None
        self._rests: DetailView | None = None
        self._said = ("", "")
        """The title of the entry before, and what became of it."""
        self._remarked: str | None = None
        """The verdict of which the reader is writing what would be right."""

    def _taken_up(self) -> Verification:
        """Give the pass of this case, as it was left."""
        if self._verification is None:
            # Not at the start, which has no use for it.
            from casefile.views.evidence import Evidence
            from casefile.views.verification import Verification

            self._verification = Verification(self.open_case, self.panes)
            self._grounds = Evidence(self.open_case)
        return self._verification

    async def _mount_pass(self) -> None:
        if self._rests is None:
            self._rests = DetailView(id="rests")
            await self.query_one("#body", Horizontal).mount(self._rests, before="#side")
            await self.mount(TwoEndedLine(id="pass"), before="#where")

    def _show_pass(self) -> None:
        self.is_verifying = True
        self.add_class("-verifying")
        self.refresh_bindings()

    def _put_pass_away(self) -> None:
        if not self.is_verifying:
            return
        self.is_verifying = False
        self.remove_class("-verifying")
        self._remarked = None
        self._arrange()
        self.look_again()
        if self.focused is self._rests:
            self.focus_list()
        self.refresh_bindings()

    def _progress(self, verification: Verification) -> str:
        from casefile.views.pass_summary import progress_in_words

        return progress_in_words(self.open_case, verification)

    @property
    def _is_at_end(self) -> bool:
        return self._verification is not None and not self._verification.entry

    @property
    def entry_id(self) -> str | None:
        """The id of the entry that the reader is at; at the end of the pass there is none."""
        return None if self.is_verifying and self._is_at_end else super().entry_id

    # What is shown

    def _stand(self, before: str = "", said: str = "") -> None:
        """Show the entry that the pass stands at now; what is beside it comes after."""
        self._said = (before, said)
        self._remarked = None
        self._pins, self._pin = (), 0
        entry = self._taken_up().entry
        if entry:
            self._pins = self._pins_of(entry)
            self.show_entry(entry)
        self._show_progress()

    def _pins_of(self, entry: str) -> tuple[Pin, ...]:
        from casefile.views.source_lines import pins_of

        return pins_of(self.open_case, entry)

    async def _show_beside(self, pin: int = 0, line: int = 0) -> None:
        """Show beside the entry its source at one of its cites, or what it rests on."""
        if self._is_at_end:
            self._show_outcome()
        elif self._pins:
            await self._show_pin(min(pin, len(self._pins) - 1), line=line)
        else:
            self._show_grounds()

    def _go_to_source_without_text(self, pin: Pin, lacking: NoText) -> None:
        """Show what the entry rests on in place of a source that has no text, in the pass."""
        if not self.is_verifying:
            super()._go_to_source_without_text(pin, lacking)
            return
        self._show_grounds()
        if lacking.why not in ("not-named", "not-there"):
            self.say(f"No text is at hand: {lacking.what}.", warning=True)

    def _show_grounds(self) -> None:
        if self._grounds is not None and self._rests is not None:
            self._close_source()
            self._rests.show(self._grounds.page(self._taken_up().entry))
            self._rests.go_to_pin(self._pin)
            self._read_rests(self._rests)

    def _show_outcome(self) -> None:
        from casefile.views.pass_summary import page_of_outcome

        if self._rests is not None:
            self._close_source()
            self._rests.show(page_of_outcome(self.open_case, self._taken_up()))
            self._rests.go_to_link()
            self._read_rests(self._rests)

    def _read_rests(self, rests: DetailView) -> None:
        self.read_beside(rests)
        self.look_again()
        self.show_where()

    def _show_progress(self) -> None:
        if self._rests is None or self._verification is None:
            return
        from casefile.views.verification import ORDERS

        how = f"Verifying {ORDERS[self._verification.order]}"
        self.query_one("#pass", TwoEndedLine).show(how, self._progress(self._verification))

    def where_in_words(self) -> tuple[str, str, str]:
        """Give which cite of the entry is shown, and what became of the one before."""
        if not self.is_verifying:
            return super().where_in_words()
        if self._is_at_end or not self._pins:
            place, at = "End of the pass" if self._is_at_end else "No source is cited", ""
        else:
            pin, count = self._pins[self._pin], len(self._pins)
            of = f"Cite {self._pin + 1} of {count} · " if count > 1 else ""
            place, at = f"{of}{pin.name}", f", {pin.at}" if pin.at else ""
        return place, at, self.found_in_words() or self._said_beside(f"{place}{at}")

    def _said_beside(self, place: str) -> str:
        """Give what became of the entry before, its title cut to the room beside some words."""
        title, said = self._said
        if not said:
            return ""
        width = self.size.width
        room = width - min(cell_len(inert(place)), width * 2 // 5) - len(said) - _AROUND
        return f"{shortened(title, max(_SHORTEST, room))}: {said}"

    def notes_changed(self, note: str | None = None) -> None:
        """Show how far the pass has come now, whoever gave a verdict."""
        super().notes_changed(note)
        self._show_progress()
        if self.is_verifying and self._is_at_end and self._rests is not None:
            self._show_outcome()

    def _arrange(self) -> None:
        if self._rests is not None:
            self._rests.display = self.is_verifying and not self.is_source_open
        if not self.is_verifying:
            super()._arrange()
            return
        # Each is set once: what is shown and hidden again lays the whole screen out anew.
        self.set_class(self.is_writing, "-writing")
        self.entry_list.display = False
        self.query_one("#side").display = not self._is_at_end or self.is_writing
        if self._source_view is not None:
            self._source_view.display = self.is_source_open

    # Finding

    @property
    def searched(self) -> Searched:
        """What is looked through: what the entry rests on, where no source is shown."""
        return self._rests if self._rests is not None and self._shows_rests else super().searched

    @property
    def folded_to_find(self) -> Sequence[Pane]:
        """No pane, where what the entry rests on is looked through."""
        return [] if self._shows_rests else super().folded_to_find

    def look_for(self, query: Query) -> Found:
        """Give the lines of what the entry rests on that hold the words, or what else does."""
        if self._rests is not None and self._shows_rests:
            return Found(query, self._rests.places_of(query))
        return super().look_for(query)

    def action_find_next(self, steps: int) -> None:
        """Go to the next line that holds the words, and show which of them it is."""
        super().action_find_next(steps)
        if self._shows_rests:
            self.show_where()

    def say_elsewhere(self, query: Query) -> None:
        """Say that the words are not here."""
        if self._shows_rests:
            self.say(f"{query} is not among what this rests on.", warning=True)
        else:
            super().say_elsewhere(query)

    @property
    def _shows_rests(self) -> bool:
        return self.is_verifying and not self.is_source_open

    # Focus and keys

    def stops(self) -> list[str]:
        """Let Tab go from what the entry rests on to its page, in the pass."""
        stops = super().stops()
        if not self._shows_rests:
            return stops
        return ["rests"] if self._is_at_end else ["rests", *stops[1:]]

    @property
    def stop(self) -> str:
        """Where the focus is."""
        return "rests" if self._rests is not None and self._rests.has_focus else super().stop

    def go_to_stop(self, stop: str) -> None:
        """Put the focus on what the entry rests on, or where reading goes on."""
        is_away = stop in ("list", "rests", "source")
        if self.is_verifying and is_away and self._source_view and self.is_source_open:
            self._read_source(self._source_view)
        elif self.is_verifying and is_away and self._rests is not None:
            self.read_beside(self._rests)
        else:
            super().go_to_stop(stop)

    def focus_list(self) -> None:
        """Go to the list, which puts the pass away."""
        self._put_pass_away()
        super().focus_list()

    def take_case(self, open_case: OpenCase) -> None:
        """Put the pass of the case before away."""
        self._put_pass_away()
        self._verification = self._grounds = None
        super().take_case(open_case)
