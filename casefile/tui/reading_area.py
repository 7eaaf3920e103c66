"""Which of list, source, page and editor stands where and has the focus, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from casefile.query import Query
from casefile.tui.detail_view import DetailView
from casefile.tui.line_view import LineView

if TYPE_CHECKING:
    from casefile.tui.note_panel import NotePanel
    from casefile.tui.source_view import SourceView

NARROW = 80
"""Under so many columns there is no room for two texts beside each other."""


class ReadingArea:
    """The body of a reading screen: at the left the front or a source, at the right the page.

    The front is what the screen is about: the list of entries, or the evidence for one.
    """

    def __init__(
        self,
        screen: Screen[Any],
        front: LineView[Any],
        *,
        stacks: bool = False,
        hides_page: Callable[[], bool] = lambda: False,
    ) -> None:
        """Put a front, whose id is its name among the stops of Tab, beside a page.

        `stacks`: whether on a narrow screen both halves stay, one above the other. `hides_page`:
        whether there is no page now.
        """
        self.front = front
        self.front_stop = str(front.id)
        self.detail = DetailView(id="detail")
        self.side = Vertical(self.detail, id="side")
        self.body = Horizontal(front, self.side, id="body")
        self.source: SourceView | None = None
        """The text of a source, once one was opened."""
        self.panel: NotePanel | None = None
        """The editor, once a note was begun."""
        self.is_source_open = False
        """Whether a source stands in place of the front."""
        self.is_at_page = False
        """Whether the reader has gone to the right half, from the front or by a link."""
        self._screen = screen
        self._stacks = stacks
        self._hides_page = hides_page

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for two texts beside each other."""
        return self._screen.has_class("-narrow")

    @property
    def is_page_alone(self) -> bool:
        """Whether the page covers the front, as there is no room for both."""
        return self.is_narrow and not self._stacks and self.is_at_page

    @property
    def is_writing(self) -> bool:
        """Whether a text stands in the editor."""
        return self.panel is not None and self.panel.draft is not None

    @property
    def left(self) -> LineView[Any]:
        """What stands at the left: an open source, else the front."""
        return self.source if self.source is not None and self.is_source_open else self.front

    def arrange(self) -> None:
        """Show what there is room for; each part is set once, as each change costs a layout."""
        is_left_shown = not self.is_page_alone
        is_right_shown = self._stacks or not self.is_narrow or self.is_at_page
        if self._hides_page() and not self.is_writing:
            is_right_shown = False
        self._screen.set_class(self.is_writing, "-writing")
        self.front.display = is_left_shown and self.left is self.front
        if self.source is not None:
            self.source.display = is_left_shown and self.left is self.source
        self.side.display = is_right_shown

    # The round of Tab

    @property
    def stops(self) -> list[str]:
        """The names of what Tab goes to, in order."""
        left = "source" if self.is_source_open else self.front_stop
        page = [] if self._hides_page() else ["page"]
        notes = ["notes"] if page and self.detail.has_notes else []
        return [left, *page, *notes, *(["editor"] if self.is_writing else [])]

    @property
    def stop(self) -> str:
        """The name of what has the focus; the front's where nothing has."""
        if self.panel is not None and self.panel.has_focus_within:
            return "editor"
        if self.source is not None and self.source.has_focus:
            return "source"
        if self.detail.has_focus:
            return "notes" if self.detail.is_at_note else "page"
        return self.front_stop

    @property
    def has_focus(self) -> bool:
        """Whether the focus is on one of the stops or nowhere, not on a line that is typed in."""
        focused = self._screen.focused
        return focused is None or self.body in focused.ancestors

    def next_stop(self, steps: int) -> str:
        """Return the stop that Tab goes to from here, or with -1 shift+Tab."""
        stops = self.stops
        at = stops.index(self.stop) if self.stop in stops else 0
        return stops[(at + steps) % len(stops)]

    def highlight(self, sought: Query | None, filtered: Query | None = None) -> None:
        """Mark words that are looked for; where none are, outside a source, those filtered by."""
        self.front.highlight(sought or filtered)
        self.detail.highlight(sought or filtered)
        if self.source is not None:
            self.source.highlight(sought)

    def show_left(self, *, takes_focus: bool) -> None:
        """Show the source that is open, else the front, and put the focus on it if so asked.

        Otherwise the focus stays where the reader is, unless that is nowhere, or in the left half.
        A line that is typed in keeps it: what goes on being typed is no command.
        """
        is_left = self._screen.focused in (None, self.front, self.source)
        if is_left or (takes_focus and self.has_focus):
            self.focus_left()
        else:
            self.arrange()

    def focus_left(self) -> None:
        """Put the focus on the source that is open, else on the front."""
        self._go_to_half(self.left, is_page=False)

    def focus_right(self, stop: str) -> None:
        """Put the focus on the page, on the notes of it, or on the editor."""
        if stop == "editor" and self.panel is not None:
            self._go_to_half(self.panel.editor, is_page=True)
            return
        if stop == "notes" and not self.detail.is_at_note:
            self.detail.go_to_note()
        elif stop == "page" and self.detail.is_at_note:
            self.detail.move_cursor(0)
        self.focus_page()

    def focus_page(self) -> None:
        """Put the focus on the page, wherever its cursor stands."""
        self._go_to_half(self.detail, is_page=True)

    def _go_to_half(self, widget: Widget, *, is_page: bool) -> None:
        self.is_at_page = is_page
        self.arrange()
        # At once: `widget.focus()` waits, and what is asked for next could be overtaken by it.
        self._screen.set_focus(widget)

    # What is made only when it is first needed

    async def opened_source(self) -> SourceView:
        """Return the view of sources, made if need be, in place of the front."""
        if self.source is None:
            # Imported here: most runs open no source before the first key.
            from casefile.tui.source_view import SourceView

            self.source = SourceView(id="source")
            await self.body.mount(self.source, before=self.side)
        self.is_source_open = True
        return self.source

    def close_source(self) -> bool:
        """Show the front again, and return whether a source was open."""
        was_open = self.is_source_open
        self.is_source_open = False
        if was_open:
            self.arrange()
        return was_open

    async def add_panel(self, panel: NotePanel) -> None:
        """Put the editor under the page."""
        self.panel = panel
        await self.side.mount(panel)

    async def remove_panel(self) -> None:
        """Remove the editor; its text has to be on disk."""
        if self.panel is not None:
            await self.panel.remove()
            self.panel = None
