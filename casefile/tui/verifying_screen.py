"""The verification pass: one entry after another beside what it rests on, one key for a verdict.

It is a mode of the screen, so that notes, sources, finding and history work in it as ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from casefile.case.reader import LoadResult
from casefile.notes.checks import TO_CHECK, WRONG
from casefile.notes.history import Undone
from casefile.tui.history import Place
from casefile.tui.marking_screen import TAKE_BACK
from casefile.tui.notes_pane_screen import NotesPaneScreen
from casefile.tui.page_lines import TOP
from casefile.tui.pass_screen import PassScreen
from casefile.tui.verdict_keys import VERDICT_KEYS
from casefile.views.page import Destination
from casefile.views.verdicts import verdict_in_words

_WORDS = {
    "check.checked": "checked",
    "check.attention": "attention",
    "check.wrong": "wrong",
    "check.later": "later",
    "check.back": "back",
    "note.new": "note",
    "source.open": "next cite",
    "check.again": "again",
    "check.order": "order",
}
"""The keys of the pass in the order in which they stand, each with its word on the line."""

_IN_PASS = frozenset(("give", "later", "go_back", "turn_pass_order"))
_AT_END = frozenset(("later", "go_back", "turn_pass_order"))


class VerifyingScreen(PassScreen):
    """Reading and noting, with the pass through all that is to be checked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *VERDICT_KEYS,
        # Of the classes that bind a key only the last one's bindings count; o turns notes, too.
        *NotesPaneScreen.BINDINGS,
        Binding("V", "verify", "verify", id="check.pass", show=False,
                tooltip="Go through what is left to be checked, one by one, beside its source"),
        Binding("space", "later", "later", id="check.later",
                tooltip="Leave this entry for the end of the pass"),
        Binding("b", "go_back", "back", id="check.back",
                tooltip="Go back to the entry before, whatever its verdict"),
        Binding("o", "turn_pass_order", "order", id="check.order",
                tooltip="Go by source and paragraph, or by pane"),
    ]  # fmt: skip

    # Beginning and leaving

    async def action_verify(self) -> None:
        """Begin the pass, or go on where it was left; at its end, start over."""
        if self.is_verifying and not self._is_at_end:
            self.say("This is the pass; q leaves it, and V comes back to this entry.")
            return
        verification = self._taken_up()
        is_begun = verification.is_begun
        if not self.open_case.checkable:
            self.say("There is nothing here to be checked.")
            return
        tally = self.open_case.checks.tally
        left = tally.entries - tally.assessed
        if not left:
            self.say(f"Nothing is left to be checked: {self._progress(verification)}.")
            return
        if not self.is_verifying:
            self.leave_place()
        await self._mount_pass()
        verification.resume()
        self._show_pass()
        self._stand(*(("The pass goes on", f"{left:,} left") if is_begun else ()))
        await self._show_beside()

    def leave_pass(self) -> None:
        """Go from the pass to the list, at the same entry."""
        self.focus_list()
        self.show_where()
        tally = self.open_case.checks.tally
        done = f"{tally.assessed:,} of {tally.entries:,} done"
        more = " V goes on with it." if tally.assessed < tally.entries else ""
        self.say(f"Left the pass: {done}.{more}")

    # Verdicts and steps

    async def action_give(self, verdict: str) -> None:
        """Keep a verdict on this entry, and go on; of a wrong one, first ask what is right."""
        verification = self._taken_up()
        is_first = self.open_case.notebook.is_first
        revision = self.assess(verdict)
        if revision is None:
            return
        if not is_first:
            # It is said where it does not hide the keys.
            self.say("")
        if verdict == WRONG:
            self._remarked = revision.id
            self._said = ("", "")
            self.show_where()
            await self.remark_on(revision)
            return
        if verdict == TO_CHECK:
            verification.put_off_here()
        await self._go_on(f"{verdict_in_words(verdict)}; {TAKE_BACK}")

    async def action_later(self) -> None:
        """Leave this entry for the end; at the end, start over with what was left."""
        if self._is_at_end:
            await self.action_verify()
            return
        was_left = self._taken_up().put_off_here()
        await self._go_on("put off; b goes back." if was_left else "")

    async def action_go_back(self) -> None:
        """Go back to the entry before this one, whatever its verdict."""
        if not self._taken_up().go_back():
            self.say("This is the first one.")
            return
        self._stand()
        await self._show_beside()

    async def action_turn_pass_order(self) -> None:
        """Go by the other order from here on."""
        self._taken_up().turn_order()
        self._show_progress()

    async def _go_on(self, said: str) -> None:
        title = self.open_case.title(self.entry_id or "")
        self._taken_up().go_on()
        self._stand(title, said)
        await self._show_beside()

    def undone(self, undone: Undone) -> None:
        """Come back to the entry of which a verdict was taken back."""
        super().undone(undone)
        entry = undone.undid.entry
        if self.is_verifying and undone.undid.motivation == "assessing":
            verification = self._taken_up()
            if entry in verification.walk and entry != verification.entry:
                verification.return_to(entry)
                self._stand()
                self.run_worker(self._show_beside())
            self._show_progress()

    def writing_ended(self, note: str | None) -> None:
        """Go on once it is said what would be right, or nothing is."""
        super().writing_ended(note)
        if self.is_verifying and self._remarked and note in (None, self._remarked):
            self.say("")
            self.run_worker(self._go_on(f"{verdict_in_words(WRONG)}; {TAKE_BACK}"))

    # Reading on

    def follow(self, destination: Destination) -> None:
        """Follow a link: at the end, to an entry that is to be checked, which is shown so."""
        if not self.is_verifying:
            super().follow(destination)
        elif self._is_at_end and destination.entry in self._taken_up().walk:
            self._taken_up().stand_at(destination.entry)
            self._stand()
            self.run_worker(self._show_beside())
        else:
            super().follow(destination)
            if not self.is_verifying:
                self.focus_page()

    async def action_source(self) -> None:
        """Show the next cite of the entry, in the pass."""
        if not self.is_verifying:
            await super().action_source()
        elif self._pins:
            await self._show_pin((self._pin + 1) % len(self._pins), again=True)
        else:
            self.say("No source is cited here.")

    def leave_place(self, *, by_link: bool = False) -> None:
        """Put the pass away when the reader goes elsewhere."""
        super().leave_place(by_link=by_link)
        self._put_pass_away()

    def place(self) -> Place:
        """Give where the reader is, in the pass or not."""
        place = super().place()
        in_pass = self.is_verifying and not self._is_at_end
        return replace(place, in_pass=True, pin=self._pin) if in_pass else place

    def return_to(self, place: Place) -> None:
        """Go back to where the reader was; into the pass, if that was there."""
        self._put_pass_away()
        verification = self._verification
        entry = place.row.entry if place.row else ""
        if not place.in_pass or verification is None or entry not in verification.walk:
            super().return_to(place)
            return
        super().return_to(replace(place, pin=None))
        verification.stand_at(entry)
        self._show_pass()
        self._stand()
        self.detail.go_to_spot(place.spot, place.rows_above)
        self.run_worker(self._show_beside(place.pin or 0, place.source_line))

    def action_step_back(self) -> None:
        """Clear what was found; else leave the pass; else step back."""
        if self.is_verifying and not self.found_in_words():
            self.leave_pass()
        else:
            super().action_step_back()

    def case_read_again(self, reading: LoadResult) -> None:
        """Go on in the case as it is now, at the same entry and place, if they are there."""
        view, pin = self._source_view, self._pin
        line = view.text_line if view is not None and self.is_source_open else 0
        entry = self._verification.entry if self._verification else ""
        super().case_read_again(reading)
        if self._verification is None:
            return
        from casefile.views.evidence import Evidence

        self._grounds = Evidence(self.open_case)
        self._verification.take_again(self.open_case, self.panes)
        if self.is_verifying:
            stays = self._verification.entry == entry
            spot, rows_above = self.detail.spot, self.detail.rows_above
            self._stand()
            self.detail.go_to_spot(*((spot, rows_above) if stays else (TOP, 0)))
            self.run_worker(self._show_beside(*((pin, line) if stays else ())))

    # Keys

    @property
    def needs_space(self) -> bool:
        """Whether Space puts an entry off, and does not turn the page."""
        return self.is_verifying

    @property
    def first_keys(self) -> Sequence[str]:
        """The ids of the keys of the pass, which stand before those of what has the focus."""
        return tuple(_WORDS) if self.is_verifying else ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the letters of the pass do something in the pass alone."""
        if action in _IN_PASS:
            is_read = self.is_verifying and self.stop != "editor"
            return is_read and (action in _AT_END or not self._is_at_end)
        return super().check_action(action, parameters)

    def words_for(self, binding: Binding) -> str:
        """Give in a word what a key does in the pass, where no others are shown."""
        name = binding.id or ""
        if not self.is_verifying:
            return super().words_for(binding)
        if name == "app.help":
            return binding.description
        if self._is_at_end:
            is_left = any(self._taken_up().walk.left)
            at_end = {"check.later": "start over" if is_left else "", "check.back": "back"}
            return at_end.get(name, "")
        if name == "source.open" and len(self._pins) < 2:
            return ""
        return _WORDS.get(name, "")
