"""A source beside the entry that cites it: in place of the list, at the words that it rests on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from casefile.case.model import Source
from casefile.case.reader import LoadResult
from casefile.query import Query
from casefile.tui.file_screen import FileScreen
from casefile.tui.finding_screen import Searched
from casefile.tui.history import Place
from casefile.views.finding import Found
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination
from casefile.views.panes import Pane

if TYPE_CHECKING:
    from casefile.case.sources.text_files import NoText
    from casefile.tui.source_view import SourceView
    from casefile.views.source_lines import Pin, SourceLines


class SourceScreen(FileScreen):
    """Reading, with the text of a source laid over the list while the entry's page stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "source", "source", id="source.open",
                tooltip="Open the source at what this entry rests on; again, at its next cite"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__(open_case)
        self._source_view: SourceView | None = None
        self._pins: tuple[Pin, ...] = ()
        self._pin = 0
        self._sheets: dict[str, SourceLines] = {}
        self._came_from = "list"
        self.is_source_open = False
        """Whether a source lies over the list."""
        self._reads_source = False
        """Whether, where there is room for one of the two, that is the source."""

    async def action_source(self) -> None:
        """Open the source at the entry's first cite; if it is open, go on to the next."""
        if self.is_source_open:
            await self._show_pin((self._pin + 1) % max(1, len(self._pins)), again=True)
            return
        self._pins = self._pins_here()
        if self._pins:
            await self._show_pin(0)
        else:
            self.say("Nothing is cited here.")

    def _pins_here(self) -> tuple[Pin, ...]:
        """Give the cites of the entry where the reader is; of a source, itself."""
        from casefile.views.source_lines import Pin, pins_of

        entry_id = self.entry_id or ""
        if isinstance(self.open_case.entry(entry_id), Source):
            return (Pin(entry_id, None, None, self.open_case.title(entry_id)),)
        return pins_of(self.open_case, entry_id)

    def follow(self, destination: Destination) -> None:
        """Follow a cite into the text of its source, if that is at hand; else go to the entry."""
        if destination.pin is None or not self._has_text(destination.entry):
            super().follow(destination)
            return
        from casefile.views.source_lines import pins_of

        self._pins = pins_of(self.open_case, self.entry_id or "")
        self.run_worker(self._show_pin(destination.pin))

    async def _show_pin(self, number: int, *, again: bool = False, line: int = 0) -> None:
        """Show one of the entry's cites in its source; without its text, what is known of it."""
        from casefile.case.sources.text_files import NoText

        is_only = again and len(self._pins) == 1
        self._pin = number
        pin = self._pins[number]
        try:
            sheet = self._sheet_of(pin.source)
        except NoText as lacking:
            self._go_to_source_without_text(pin, lacking)
            return
        if not self.is_source_open:
            self._came_from = self.stop
        view = await self._opened_view()
        is_looked_up = pin.quoted is not None and sheet.is_large
        shown = sheet.named(pin) if is_looked_up else sheet.shown(pin)
        self._read_source(view)
        view.show(sheet, shown, line)
        self.look_again()
        self.show_where()
        if is_looked_up:
            self.say("Looking for the quoted words…")
            marking = self._mark_quoted(view, sheet, pin, line or shown.first_line)
            self.run_worker(marking, group="quoted", exclusive=True)
        elif shown.lacking and not line:
            self.say(shown.lacking, warning=True)
        elif is_only:
            self.say("This is its only cite.")
        elif again and number == 0:
            self.say("Round to the first cite.")

    async def _mark_quoted(self, view: SourceView, sheet: SourceLines, pin: Pin, line: int) -> None:
        """Mark the quoted words once they are found, and go there unless the reader has moved."""
        shown = await asyncio.to_thread(sheet.shown, pin)
        if not self.is_source_open or view.sheet is not sheet or self._pins[self._pin] != pin:
            return
        is_there = view.text_line in (0, line)
        view.show(sheet, shown, 0 if is_there else view.text_line)
        self.say(shown.lacking or "", warning=True)
        self.show_where()

    def on_source_view_laid_out(self) -> None:
        """Look for the same words in all of the text."""
        self.look_again()
        self.show_where()

    def _go_to_source_without_text(self, pin: Pin, lacking: NoText) -> None:
        from casefile.case.sources.citations import paragraphs_of

        self._close_source()
        paragraphs = paragraphs_of(pin.at)
        if pin.source != self.entry_id:
            self.go_to(pin.source, paragraph=paragraphs[0] if paragraphs else None)
            self.focus_page()
        what = "" if lacking.why == "not-named" else f": {lacking.what}"
        is_usual = lacking.why in ("not-named", "not-there")
        hint = "; `casefile source add` attaches your copy" if is_usual else ""
        self.say(f"No text is at hand{what}{hint}.", warning=lacking.why != "not-named")

    def _has_text(self, source_id: str) -> bool:
        from casefile.case.sources.text_files import NoText

        try:
            self._sheet_of(source_id)
        except NoText:
            return False
        return True

    def _sheet_of(self, source_id: str) -> SourceLines:
        """Give the text of a source; raises NoText."""
        from casefile.views.source_lines import SourceLines

        if source_id not in self._sheets:
            text = self.open_case.texts.of(source_id).text
            self._sheets[source_id] = SourceLines(self.open_case, source_id, text)
        return self._sheets[source_id]

    async def _opened_view(self) -> SourceView:
        if self._source_view is None:
            from casefile.tui.source_view import SourceView

            self._source_view = SourceView(id="source")
            await self.query_one("#body", Horizontal).mount(self._source_view, before="#side")
        self.is_source_open = True
        return self._source_view

    def _close_source(self) -> None:
        if self.is_source_open:
            self.is_source_open = False
            self._arrange()
            self.look_again()

    # Finding

    @property
    def searched(self) -> Searched:
        """What is looked through: the source where it lies over the list."""
        view = self._source_view
        return view if view is not None and self.is_source_open else super().searched

    @property
    def folded_to_find(self) -> Sequence[Pane]:
        """No pane, where the source is looked through."""
        return [] if self.is_source_open else super().folded_to_find

    def look_for(self, query: Query) -> Found:
        """Give the lines of the source, or the rows of the list, that hold the words."""
        view = self._source_view
        if view is not None and self.is_source_open:
            return Found(query, view.places_of(query))
        return super().look_for(query)

    def show_found(self) -> None:
        """Show who cites the line that was found, or the page of the row."""
        if self._source_view is not None and self.is_source_open:
            self.show_where()
        else:
            super().show_found()

    def say_elsewhere(self, query: Query) -> None:
        """Say that the words are not in the source, or where else in the case they are."""
        if self.is_source_open and self._source_view and not self._source_view.is_whole:
            self.say("The text is still being laid out; n goes on then.")
        elif self.is_source_open:
            self.say(f"{query.told} is not in this source.", warning=True)
        else:
            super().say_elsewhere(query)

    @property
    def source_place(self) -> str | None:
        """The pin cite of the line under the cursor, where a source is open: "wvue, para 9"."""
        view = self._source_view
        if view is None or view.sheet is None or not view.text_line:
            return None
        return f"{view.sheet.source_id}, {view.sheet.pin_cite(view.text_line)}"

    def on_source_view_place_selected(self) -> None:
        """Tell who cites the line under the cursor."""
        self.show_where()

    def on_source_view_entries_wanted(self, event: SourceView.EntriesWanted) -> None:
        """Go to the entry that cites the line, or to one of several that is chosen."""
        if not event.citing:
            self.say("No entry cites this place.")
        elif len(event.citing) == 1:
            self._go_to_citing(event.citing[0])
        else:
            self._choose_entry(event.citing)

    def _choose_entry(self, citing: Sequence[str]) -> None:
        from casefile.query import parse
        from casefile.text.folding import folded
        from casefile.tui.chooser import Choice, Chooser

        choices = [
            Choice(self.open_case.title(one), self.open_case.kind_of(entry).name, one)
            for one in citing
            if (entry := self.open_case.entry(one))
        ]

        def find(typed: str) -> list[Choice]:
            query = parse(typed)
            return [choice for choice in choices if query.matches(folded(choice.words))]

        def chosen(choice: Choice | None) -> None:
            if choice:
                self._go_to_citing(choice.gives)

        self.app.push_screen(Chooser("Cited here by", find), chosen)

    def _go_to_citing(self, entry_id: str) -> None:
        self.go_to(entry_id)
        self.focus_page()

    def where_in_words(self) -> tuple[str, str, str]:
        """Give which cite is open and who cites the line, where a source lies over the list."""
        view = self._source_view
        if view is None or not self.is_source_open:
            return super().where_in_words()
        pin = self._pins[self._pin]
        of = f"Cite {self._pin + 1} of {len(self._pins)} · " if len(self._pins) > 1 else ""
        only = self.open_case.title(view.citing[0]) if len(view.citing) == 1 else ""
        told = f"cited by {only}" if only else _count(view.citing)
        place = f", {pin.at}" if pin.at else ""
        return f"{of}{pin.name}", place, self.found_in_words() or told

    # The source has the place of the list

    def stops(self) -> list[str]:
        """Let Tab go to the source in place of the list."""
        stops = super().stops()
        return ["source", *stops[1:]] if self.is_source_open else stops

    @property
    def stop(self) -> str:
        """Where the focus is."""
        view = self._source_view
        return "source" if view is not None and view.has_focus else super().stop

    def go_to_stop(self, stop: str) -> None:
        """Put the focus into the source, or where reading goes on."""
        if stop == "source" and self._source_view is not None and self.is_source_open:
            self._read_source(self._source_view)
        else:
            super().go_to_stop(stop)

    def leave_place(self, *, by_link: bool = False) -> None:
        """Put the source away when the reader goes elsewhere."""
        super().leave_place(by_link=by_link)
        self._close_source()

    def place(self) -> Place:
        """Give where the reader is, an open source included."""
        place = super().place()
        view = self._source_view
        if view is None or not self.is_source_open:
            return place
        in_page = self._came_from != "list"
        return replace(place, in_page=in_page, pin=self._pin, source_line=view.text_line)

    def return_to(self, place: Place) -> None:
        """Put the source away when the reader goes back, unless back is where one was open."""
        self._close_source()
        super().return_to(place)
        if place.pin is not None:
            self._pins = self._pins_here()
            if place.pin < len(self._pins):
                self.run_worker(self._show_pin(place.pin, line=place.source_line))

    def focus_list(self) -> None:
        """Put the source away where the list is gone to."""
        self._close_source()
        super().focus_list()

    def take_case(self, open_case: OpenCase) -> None:
        """Put the source of the case before away."""
        self._sheets.clear()
        self._close_source()
        super().take_case(open_case)

    def case_read_again(self, reading: LoadResult) -> None:
        """Read the texts again as well."""
        self._sheets.clear()
        super().case_read_again(reading)

    def action_step_back(self) -> None:
        """Put the source away, and go back to where it was opened from; else step back."""
        if not self.is_source_open or self.found_in_words():
            super().action_step_back()
            return
        self.put_source_away()

    def put_source_away(self) -> None:
        """Go back to where the source was opened from."""
        self._close_source()
        self.show_where()
        self.go_to_stop(self._came_from)

    def words_for(self, binding: Binding) -> str:
        """Tell that s goes on to the next cite, once a source is open."""
        if binding.id == "source.open" and self.is_source_open:
            return "next cite" if len(self._pins) > 1 else ""
        return super().words_for(binding)

    def focus_page(self) -> None:
        """Go to the page; on a narrow screen it lies over the source."""
        self._reads_source = False
        super().focus_page()

    def _read_source(self, view: SourceView) -> None:
        self._reads_source = True
        self.read_beside(view)

    def _arrange(self) -> None:
        super()._arrange()
        if self._source_view is None:
            return
        self._source_view.display = self.is_source_open
        if self.is_source_open:
            self.entry_list.display = False
            if self.is_narrow:
                self._source_view.display = self._reads_source
                self.query_one("#side").display = not self._reads_source


def _count(citing: Sequence[str]) -> str:
    return f"cited by {len(citing)} entries" if citing else "cited by no entry"
