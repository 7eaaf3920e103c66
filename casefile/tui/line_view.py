"""The base of the widgets that show lines under a cursor: lists, pages, help, choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Generic, Protocol, Self, TypeVar, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from casefile.query import Query
from casefile.tui.drawing import fit_to_width, highlight_matches
from casefile.views.session import Viewport

Line = TypeVar("Line")

_WHEEL_LINES = 3
_MOVEMENTS = frozenset(("first", "last", "move", "page", "page_on"))
"""The actions that move the cursor."""
_CURSOR_SIGN = "▌"


@runtime_checkable
class NeedsSpace(Protocol):
    """A screen on which Space does not always turn the page."""

    @property
    def needs_space(self) -> bool:
        """Whether the screen itself handles Space at the moment."""


class LineView(Widget, Generic[Line], can_focus=True):
    """A view that draws only the visible lines and repaints only those that changed.

    A subclass defines what the lines are (`lines`), how to draw one (`draw_line`) and which of them
    the cursor may be on (`is_selectable`). When the cursor leaves the view, the view scrolls by
    half its height: scrolling by one row would repaint all rows at each key, which is slow over a
    slow connection.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "down", id="move.down", tooltip="Go down a line", show=False),
        Binding("k,up", "move(-1)", "up", id="move.up", tooltip="Go up a line", show=False),
        Binding("g,home", "first", "first", id="move.first", tooltip="Go to the first line",
                show=False),
        Binding("G,end", "last", "last", id="move.last", tooltip="Go to the last line",
                show=False),
        Binding("ctrl+d", "page(0.5)", "half down", id="move.half-down",
                tooltip="Go down half a page", show=False),
        Binding("ctrl+u", "page(-0.5)", "half up", id="move.half-up",
                tooltip="Go up half a page", show=False),
        Binding("space", "page_on", "page down", id="move.page-on",
                tooltip="Go down a page", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", id="move.page-down",
                tooltip="Go down a page", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", id="move.page-up",
                tooltip="Go up a page", show=False),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line--cursor",
        "line--faint",
        "line--found",
        "line--heading",
        "line--label",
        "line--link",
        "line--mark",
        "line--note",
        "line--note-head",
        "line--plain",
        "line--quoted",
        "line--title",
        "line--warning",
    }

    CURSOR_NEEDS_FOCUS: ClassVar[bool] = False
    """Whether the cursor is drawn only while the view has the focus."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        viewport: Viewport | None = None,
    ) -> None:
        super().__init__(id=id)
        self._viewport = viewport or Viewport()
        self._lines: Sequence[Line] = ()
        self._fitted_size: Size | None = None
        """The size that the lines were laid out for; None before the first time."""
        self._is_drawing = False
        self._is_moving = False
        """Whether the effect of several movements is drawn once they are all done."""
        self._has_moved = False
        """Whether the cursor was on another line since several movements began."""
        self.highlighted_query: Query | None = None
        """The query whose matches are highlighted."""

    @property
    def cursor(self) -> int:
        """The number of the line under the cursor."""
        return self._viewport.cursor

    @cursor.setter
    def cursor(self, number: int) -> None:
        self._viewport.cursor = number

    @property
    def top(self) -> int:
        """The number of the first visible line."""
        return self._viewport.top

    @top.setter
    def top(self, number: int) -> None:
        self._viewport.top = number

    @property
    def lines(self) -> Sequence[Line]:
        """What is drawn, a row each."""
        return self._lines

    @property
    def line_count(self) -> int:
        """The number of lines."""
        return len(self.lines)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Return the segments of a line: inert text, at most `width` cells."""
        raise NotImplementedError

    @property
    def header(self) -> list[Segment] | None:
        """A header row above the lines, which does not scroll."""
        return None

    @property
    def empty_text(self) -> str:
        """The text shown when there are no lines."""
        return ""

    def is_selectable(self, number: int) -> bool:  # noqa: ARG002 (for subclasses)
        """Return whether the cursor may be on a line."""
        return True

    def fit(self) -> None:
        """Lay the lines out for the current size; called at each resize."""

    def cursor_moved(self) -> None:
        """React to the cursor being on another line."""

    def line_clicked(self, *, was_selected: bool) -> None:
        """React to a click on the line that is now under the cursor."""

    def highlight(self, query: Query | None) -> None:
        """Highlight the matches of a query, or none."""
        if query != self.highlighted_query:
            self.highlighted_query = query
            self.refresh()

    def style_of(self, name: str) -> Style:
        """Return the style of the component class `line--{name}`."""
        return self.get_component_rich_style(f"line--{name}", partial=True)

    def shows_cursor(self, number: int) -> bool:
        """Return whether a line is drawn as the one under the cursor."""
        return number == self.cursor and (self.has_focus or not self.CURSOR_NEEDS_FOCUS)

    def row_start(self, number: int) -> tuple[Segment, Style, Style]:
        """Return the cursor sign of a line, the style of its text and that of minor columns."""
        if self.shows_cursor(number):
            style = self.style_of("cursor")
            return Segment(_CURSOR_SIGN, style), style, style
        return Segment(" ", Style.null()), Style.null(), self.style_of("faint")

    def with_matches(self, text: str, style: Style) -> list[Segment]:
        """Return text as segments, with the matches of the marked query highlighted."""
        return highlight_matches(text, style, self.highlighted_query, self.style_of("found"))

    def render_line(self, y: int) -> Strip:
        """Draw one row of the widget."""
        if self.size != self._fitted_size or not self.line_count:
            # A paint comes before the resize event: without this it would be of no lines.
            self._is_drawing = True
            self.on_resize()
            self._is_drawing = False
        width, base = self.size.width, self.rich_style
        y -= self._head_height
        number = self.top + y
        if y < 0:
            segments = self.header or []
        elif number < self.line_count:
            segments = self.draw_line(number, width)
        elif y == 0:
            segments = [Segment(fit_to_width(f" {self.empty_text}", width), self.style_of("faint"))]
        else:
            return Strip.blank(width, base)
        # Joined, because each segment costs the bytes of its style.
        return Strip(segments).apply_style(base).adjust_cell_length(width, base).simplify()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Leave out repaints before the first layout, which paints all, and while drawing."""
        waits = self._is_drawing or self._is_moving or self._fitted_size is None
        if waits and not (layout or recompose):
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def lines_changed(self, cursor: int = 0, top: int = 0) -> None:
        """Show new lines, with the cursor and the first visible line at these numbers."""
        self.cursor = self._nearest_stop(cursor, 1)
        self.top = self._bounded_top(top)
        self._reveal()
        self.refresh()

    @contextmanager
    def repainting_changes(self) -> Iterator[None]:
        """Repaint the rows that look different after the block; of a hidden view, all."""
        if not self.size.height:
            # Textual keeps the rows of a view that is hidden, and shows them again.
            yield
            self.refresh()
            return
        before = [self.render_line(y) for y in range(self.size.height)]
        yield
        changed = [y for y, strip in enumerate(before) if self.render_line(y) != strip]
        self.refresh_lines(*(self.top + y for y in changed))

    def move_cursor(self, number: int) -> None:
        """Put the cursor on a line, or on the nearest one where it may be."""
        before = self.cursor
        self.cursor = self._nearest_stop(number, 1 if number >= before else -1)
        if not self._reveal():
            self.refresh_lines(before, self.cursor)
        if self.cursor != before:
            self._has_moved = True
            if not self._is_moving:
                self.cursor_moved()

    def is_movement(self, action: str) -> bool:
        """Whether an action moves the cursor and does nothing else."""
        return action in _MOVEMENTS

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Draw the effect of all movements in the block once, at its end."""
        before, top = self.cursor, self.top
        self._is_moving, self._has_moved = True, False
        try:
            yield
        finally:
            self._is_moving = False
        if self.top != top:
            self.refresh()
        else:
            self.refresh_lines(before, self.cursor)
        # There and back is a movement too: the page of the entry begins at its top again.
        if self._has_moved:
            self.cursor_moved()

    def refresh_lines(self, *numbers: int) -> None:
        """Repaint those of some lines that are visible."""
        width = self.size.width
        regions = {
            Region(0, self._head_height + number - self.top, width, 1)
            for number in numbers
            if 0 <= number - self.top < self._height
        }
        if regions:
            self.refresh(*regions)

    def action_move(self, lines: int) -> None:
        """Move the cursor by some lines."""
        self.move_cursor(self.cursor + lines)

    def action_first(self) -> None:
        """Move the cursor to the first line."""
        self.move_cursor(0)

    def action_last(self) -> None:
        """Move the cursor to the last line."""
        self.move_cursor(self.line_count - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable Space here while the screen handles it."""
        if action == "page_on" and isinstance(self.screen, NeedsSpace):
            return not self.screen.needs_space
        return super().check_action(action, parameters)

    def action_page_on(self) -> None:
        """Go down a page."""
        self.action_page(1)

    def action_page(self, pages: float) -> None:
        """Scroll by some pages, or a part of one, and move the cursor as far."""
        # A full page keeps one line of the page before, as in less.
        height = max(2, self._height) - (1 if abs(pages) == 1 else 0)
        lines = round(pages * height) or (1 if pages > 0 else -1)
        self._scroll_view(lines)
        self.move_cursor(self.cursor + lines)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down; the cursor stays on its line."""
        event.stop()
        self._scroll_view(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up; the cursor stays on its line."""
        event.stop()
        self._scroll_view(-_WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked line."""
        y = event.y - self._head_height
        number = self.top + y
        if y >= 0 and number < self.line_count and self.is_selectable(number):
            was_selected = number == self.cursor
            self.move_cursor(number)
            self.line_clicked(was_selected=was_selected)

    def on_resize(self) -> None:
        """Lay the lines out again and keep the cursor visible."""
        self._fitted_size = self.size
        self.fit()
        self.top = self._bounded_top(self.top)
        self._reveal()

    def _scroll_view(self, lines: int) -> None:
        before = self.top
        self.top = self._bounded_top(self.top + lines)
        if self.top != before:
            self.refresh()

    def _nearest_stop(self, number: int, direction: int) -> int:
        """Return the nearest line where the cursor may be, searching first in `direction`."""
        last = self.line_count - 1
        wanted = max(0, min(number, last))
        for step in (direction, -direction):
            at = wanted
            while 0 <= at <= last:
                if self.is_selectable(at):
                    return at
                at += step
        return 0

    def _reveal(self) -> bool:
        """Scroll to the cursor if it is out of sight; return whether the view was repainted."""
        height = self._height
        if height <= 0 or self.top <= self.cursor < self.top + height:
            return False
        self.top = self._bounded_top(self.cursor - height // 2)
        self.refresh()
        return True

    def _bounded_top(self, top: int) -> int:
        return max(0, min(top, self.line_count - max(1, self._height)))

    @property
    def _head_height(self) -> int:
        return 0 if self.header is None else 1

    @property
    def _height(self) -> int:
        """The number of rows for lines."""
        return self.size.height - self._head_height
