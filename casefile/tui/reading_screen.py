"""Reading a case by keyboard: a pane's list beside the page of its selected entry."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from casefile.notes.drafts import Draft
from casefile.tui.detail import DetailView
from casefile.tui.entry_list import EntryList
from casefile.tui.history import History, Place
from casefile.tui.key_line import KeyLine
from casefile.tui.page_lines import TOP, Spot
from casefile.tui.pane_strip import PaneStrip
from casefile.tui.two_ended_line import TwoEndedLine
from casefile.views import noting, problems
from casefile.views.case_panes import panes_of
from casefile.views.entry_page import page_of_row
from casefile.views.kinds import NOTES
from casefile.views.open_case import OpenCase
from casefile.views.page import Destination
from casefile.views.panes import HeadingRow, NoteRow, NotesOrder, Pane

FOLLOW_SECONDS = 0.06
"""How long the keys must rest before the page follows the list."""

NARROW = 80
"""Under so many columns the list stands alone, and the page lies over it."""

_PANE_KEYS = [
    Binding("1", "pane('1')", "panes", id="pane.1", key_display="1…9",
            tooltip="Open the pane of that number"),
    *(Binding(key, f"pane('{key}')", "pane", id=f"pane.{key}", show=False) for key in "23456789"),
    Binding("0", "pane('0')", "case", id="pane.0", show=False, tooltip="Open the case itself"),
]  # fmt: skip


class ReadingScreen(Screen[None]):
    """The panes of one case, the pages of its entries, and the ways between them."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "read", "read", id="detail.read", tooltip="Read the page of this entry"),
        *_PANE_KEYS,
        Binding("right_square_bracket", "turn_pane(1)", "next pane", id="pane.next",
                show=False, tooltip="Open the next pane"),
        Binding("left_square_bracket", "turn_pane(-1)", "previous pane", id="pane.previous",
                show=False, tooltip="Open the previous pane"),
        Binding("tab,l", "turn_focus(1)", "to the page", id="detail.enter", show=False,
                tooltip="Go from the list to the page, then to its notes"),
        Binding("shift+tab,h", "turn_focus(-1)", "to the list", id="detail.leave", show=False,
                tooltip="Go from the notes to the page, then to the list"),
        Binding("escape", "step_back", "back", id="move.step-back", show=False,
                tooltip="Clear what was found, else go back one step"),
        Binding("ctrl+o,left_parenthesis,alt+left", "history(-1)", "back", id="move.back",
                show=False, tooltip="Go back to where you were"),
        Binding("right_parenthesis,alt+right", "history(1)", "forward", id="move.forward",
                show=False, tooltip="Go forward again"),
    ]  # fmt: skip

    def __init__(self, open_case: OpenCase) -> None:
        super().__init__()
        self.open_case = open_case
        self.notes_order: NotesOrder = "time"
        self.drafts: tuple[Draft, ...] = ()
        """What waited to be gone on with when the panes were laid out."""
        self.panes: tuple[Pane, ...] = self.whole_panes()
        self._left_at: dict[str, tuple[int, int]] = {}
        self._history = History()
        self._follow: Timer | None = None
        self.is_reading = False
        """Whether the page was entered, from the list or by a link."""

    def compose(self) -> ComposeResult:
        """Lay out title, panes, list and page, keys."""
        yield TwoEndedLine(id="title")
        yield PaneStrip(self.panes, id="strip")
        yield TwoEndedLine(id="where")
        with Horizontal(id="body"):
            yield EntryList(self.open_case, self.panes[0], id="list")
            with Vertical(id="side"):
                yield DetailView(id="detail")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Open the first pane at its first entry."""
        # Closed at the very moment it comes, as by ctrl+q, a screen has nothing in it.
        if self.children:
            self._begin()

    def take_case(self, open_case: OpenCase) -> None:
        """Read another case from now on."""
        self.open_case = open_case
        self.panes = self.lay_out_panes()
        self._left_at.clear()
        self._history = History()
        self.focus_list()
        self._begin()

    def _begin(self) -> None:
        self.entry_list.show(self.open_case, self.panes[0])
        self.show_page()
        self.show_title()
        self.call_after_refresh(self.opened)

    def on_resize(self, event: events.Resize) -> None:
        """Let the list stand alone where there is no room for both."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self._arrange()

    async def opened(self) -> None:
        """Do what is left to do once the case is on the screen."""

    @property
    def entry_list(self) -> EntryList:
        """The list of the pane that is open."""
        return self.query_one("#list", EntryList)

    @property
    def detail(self) -> DetailView:
        """The page of the selected entry."""
        return self.query_one("#detail", DetailView)

    @property
    def entry_id(self) -> str | None:
        """The id of the entry that the reader is at."""
        return self.entry_list.row.entry if self.entry_list.row else None

    @property
    def is_settled(self) -> bool:
        """Whether the page shows the selected row, and does not wait for the keys to rest."""
        return self._follow is None

    @property
    def message(self) -> str:
        """What is said in place of the keys, until the next one."""
        return self.query_one(KeyLine).message

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in place of the keys, until the next key."""
        self.query_one(KeyLine).say(message, warning=warning)

    def words_for(self, binding: Binding) -> str:
        """Give in a word what a key does now."""
        return binding.description

    # Panes and pages

    def whole_panes(self) -> tuple[Pane, ...]:
        """Give the panes as they are now, what is being typed among the notes."""
        self.drafts = self.open_case.drafts.unfinished()
        return panes_of(self.open_case, self.notes_order, self.drafts)

    def lay_out_panes(self) -> tuple[Pane, ...]:
        """Give the panes as they are to be shown."""
        return self.whole_panes()

    def open_pane(self, place: int, row: int | None = None, top: int = 0) -> None:
        """Open a pane where it was left, or at a row."""
        pane = self.panes[place]
        self._left_at[self.entry_list.pane.title] = (self.entry_list.cursor, self.entry_list.top)
        if row is None:
            row, top = self._left_at.get(pane.title, (0, 0))
        self.entry_list.show(self.open_case, pane, row, top)
        self.show_page()

    def lay_out_anew(self) -> None:
        """Show panes, page and counts as they are now, at the row and line where the reader is."""
        before, row = self.entry_list.pane, self.entry_list.row
        self.panes = self.lay_out_panes()
        place = next((n for n, pane in enumerate(self.panes) if pane.title == before.title), 0)
        at = self.panes[place].place_of_row(row) if row else None
        spot, rows_above = self.detail.spot, self.detail.rows_above
        self.open_pane(place, self.entry_list.cursor if at is None else at, self.entry_list.top)
        self.show_page(spot, rows_above)
        self.show_title()

    def show_page(self, spot: Spot = TOP, rows_above: int = 0) -> None:
        """Show the page of the selected row now, and where that is."""
        if self._follow:
            self._follow.stop()
            self._follow = None
        row = self.entry_list.row
        if row is not None:
            self.detail.show(page_of_row(self.open_case, row), spot, rows_above)
            if isinstance(row, NoteRow) and spot == TOP:
                self.detail.go_to_note(row.note)
        else:
            self.detail.show(None)
        self.show_where()

    def show_title(self) -> None:
        """Show the case's title and how many notes there are."""
        title = self.open_case.title(self.open_case.case_file.case.id)
        wrong = problems.count_in_words(self.open_case)
        notes = noting.count_in_words(self.open_case)
        self.query_one("#title", TwoEndedLine).show(title, wrong, spare=notes)

    def show_where(self) -> None:
        """Show which pane is open, and where in it the reader is."""
        self.query_one(PaneStrip).show(self.panes, self.panes.index(self.entry_list.pane))
        left, left_end, right = self.where_in_words()
        self.query_one("#where", TwoEndedLine).show(left, right, left_end=left_end)

    def where_in_words(self) -> tuple[str, str, str]:
        """Give at which row of the pane one is, an end that is never cut, how much was found."""
        pane = self.entry_list.pane
        ahead = sum(not isinstance(row, HeadingRow) for row in pane.rows[: self.entry_list.cursor])
        count = f"{ahead + 1} of {pane.count}" if pane.count else "nothing here"
        summary = f" · {pane.summary}" if pane.summary else ""
        return f"{pane.title} · {count}{summary}", "", self.found_in_words()

    def found_in_words(self) -> str:
        """Give how much of what is looked for was found, where something is."""
        return ""

    @on(EntryList.EntrySelected)
    def _page_follows(self) -> None:
        if self._follow is None:
            self._follow = self.set_timer(FOLLOW_SECONDS, self.show_page)
        else:
            self._follow.reset()

    @on(EntryList.EntryOpened)
    def _row_opened(self) -> None:
        self.action_read()

    @on(PaneStrip.PaneChosen)
    def _pane_chosen(self, event: PaneStrip.PaneChosen) -> None:
        self.go_to_pane(event.place)

    def action_pane(self, number: str) -> None:
        """Open the pane that a number key names."""
        place = next((n for n, pane in enumerate(self.panes) if pane.number == number), None)
        if place is None:
            self.say(f"There is no pane {number}.")
        else:
            self.go_to_pane(place)

    def action_turn_pane(self, panes: int) -> None:
        """Open the next pane, or the one before, round the end."""
        self.go_to_pane((self.panes.index(self.entry_list.pane) + panes) % len(self.panes))

    def go_to_pane(self, place: int) -> None:
        """Leave this place for a pane's list."""
        self.leave_place()
        self.open_pane(place)
        self.focus_list()

    # Focus

    def stops(self) -> list[str]:
        """Give what Tab goes round, in order."""
        return ["list", "page", *(["notes"] if self.detail.has_notes else [])]

    @property
    def stop(self) -> str:
        """Where the focus is, of what Tab goes round."""
        if not self.detail.has_focus:
            return "list"
        return "notes" if self.detail.is_at_note else "page"

    def go_to_stop(self, stop: str) -> None:
        """Put the focus on the list, the page, or the notes on it."""
        if stop == "list":
            self.focus_list()
            return
        if stop == "notes" and not self.detail.is_at_note:
            self.detail.go_to_note()
        elif stop == "page" and self.detail.is_at_note:
            self.detail.move_cursor(0)
        self.focus_page()

    def action_turn_focus(self, steps: int) -> None:
        """Go on from the list to the page, to its notes, and round; or the other way."""
        stops = self.stops()
        at = stops.index(self.stop) if self.stop in stops else 0
        self.go_to_stop(stops[(at + steps) % len(stops)])

    def focus_list(self) -> None:
        """Go to the list; on a narrow screen it takes the place of the page."""
        self.is_reading = False
        self._arrange()
        self.entry_list.focus()

    def focus_page(self) -> None:
        """Go to the page; on a narrow screen it lies over the list."""
        self.read_beside(self.detail)

    def read_beside(self, widget: Widget) -> None:
        """Go to the page, or to what stands with it."""
        self.is_reading = True
        self._arrange()
        if widget is not self.focused:
            # What has the focus already would be painted again.
            widget.focus()

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for list and page beside each other."""
        return self.has_class("-narrow")

    def _arrange(self) -> None:
        """Show list and page, or where there is no room for both, the one that is read."""
        self.entry_list.display = not (self.is_narrow and self.is_reading)
        self.query_one("#side").display = self.is_reading or not self.is_narrow

    def action_read(self) -> None:
        """Go from the list to the page; from a note, to the entry it is on."""
        row = self.entry_list.row
        if row is None:
            return
        if isinstance(row, NoteRow) and self.open_case.entry(row.entry) is not None:
            self.go_to(row.entry, note=row.note)
            return
        if self._follow:
            self.show_page()
        self.leave_place()
        self.focus_page()

    # Going, and back

    @on(DetailView.LinkFollowed)
    def _link_followed(self, event: DetailView.LinkFollowed) -> None:
        self.follow(event.destination)

    @on(DetailView.NothingFollowed)
    def _nothing_followed(self) -> None:
        self.say("This line leads nowhere; those with ▸ do.")

    def follow(self, destination: Destination) -> None:
        """Go where a link leads."""
        self.go_to(destination.entry, paragraph=destination.paragraph)

    def go_to(
        self, entry_id: str, *, paragraph: int | None = None, note: str | None = None
    ) -> None:
        """Leave this place for an entry's page, there for a paragraph or a note."""
        in_page = self.detail.has_focus or note is not None
        self.leave_place(by_link=True)
        self.show_entry(entry_id)
        if paragraph is not None:
            self.detail.go_to_paragraph(paragraph)
        if note is not None:
            self.detail.go_to_note(note)
        if in_page:
            self.focus_page()

    def show_entry(self, entry_id: str) -> None:
        """Open an entry where it stands; one that has gone is among the notes, if anywhere."""
        title = self.pane_of(entry_id)
        for number, pane in enumerate(self.panes):
            row = pane.place_of(entry_id) if pane.title == title else None
            if row is not None:
                self.open_pane(number, row)

    def pane_of(self, entry_id: str) -> str:
        """Give the title of the pane where an entry stands."""
        entry = self.open_case.entry(entry_id)
        return self.open_case.kind_of(entry).pane if entry else NOTES

    def place(self) -> Place:
        """Give where the reader is."""
        row = self.entry_list.row
        in_page = self.is_reading
        if not in_page:
            return Place(self.entry_list.pane.title, row)
        spot, rows_above = self.detail.spot, self.detail.rows_above
        return Place(self.entry_list.pane.title, row, in_page, spot, rows_above)

    def leave_place(self, *, by_link: bool = False) -> None:
        """Remember this place, for coming back."""
        self._history.leave(replace(self.place(), by_link=by_link))

    def return_to(self, place: Place) -> None:
        """Go to a place where the reader was, as far as it is still there."""
        number = next((n for n, pane in enumerate(self.panes) if pane.title == place.pane), 0)
        row = self.panes[number].place_of_row(place.row) if place.row else None
        self.open_pane(
            number,
            row or 0,
            self.entry_list.top if self.entry_list.pane == self.panes[number] else 0,
        )
        if place.in_page:
            self.show_page(place.spot, place.rows_above)
            self.focus_page()
        else:
            self.focus_list()

    def action_history(self, steps: int) -> None:
        """Go back to where the reader was, or forward again."""
        here = self.place()
        place = self._history.go_back(here) if steps < 0 else self._history.go_forward(here)
        if place is None:
            self.say("There is nothing further back." if steps < 0 else "There is nothing ahead.")
        else:
            self.return_to(place)

    def action_step_back(self) -> None:
        """Leave the page; else go back one step."""
        last = self._history.last
        if self.is_reading and not (last and last.by_link):
            self._history.forget(self.entry_list.pane.title, self.entry_id)
            self.focus_list()
        elif last is not None:
            self.action_history(-1)
