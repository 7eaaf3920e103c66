"""Lines under a cursor: the one widget that lists, pages, help and choices are drawn with."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from casefile.query import Query
from casefile.tui.drawing import fitted
from casefile.views.session import Viewport

_WHEEL_LINES = 3


@runtime_checkable
class NeedsSpace(Protocol):
    """A screen on which Space may do something else than to turn the page."""

    @property
    def needs_space(self) -> bool:
        """Whether that is so now."""


class LineView(Widget, can_focus=True):
    """A view that draws only the lines in sight and repaints only those that changed.

    A subclass says how many lines there are (`line_count`), how one looks (`draw_line`), and
    where the cursor may stand (`can_stand`). When the cursor leaves the view, the view jumps by
    half its height: on a slow line the bytes of a scroll by one row would follow every key.
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

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's own name)
        viewport: Viewport | None = None,
    ) -> None:
        super().__init__(id=id)
        self._viewport = viewport or Viewport()
        self.query_marked: Query | None = None
        """The query whose words are marked."""

    @property
    def cursor(self) -> int:
        """The number of the line under the cursor."""
        return self._viewport.cursor

    @cursor.setter
    def cursor(self, number: int) -> None:
        self._viewport.cursor = number

    @property
    def top(self) -> int:
        """The number of the first line in sight."""
        return self._viewport.top

    @top.setter
    def top(self, number: int) -> None:
        self._viewport.top = number

    def mark(self, query: Query | None) -> None:
        """Mark the words of a query in the lines, or with None no longer."""
        if query != self.query_marked:
            self.query_marked = query
            self.refresh()

    @property
    def line_count(self) -> int:
        """The number of lines there are."""
        raise NotImplementedError

    def draw_line(self, number: int, width: int) -> list[Segment]:
        """Give the segments of a line, inert, at most `width` cells."""
        raise NotImplementedError

    @property
    def head(self) -> list[Segment] | None:
        """What stands above the lines and stays there, if anything does."""
        return None

    @property
    def empty_words(self) -> str:
        """What is said where there are no lines."""
        return ""

    def can_stand(self, number: int) -> bool:  # noqa: ARG002 (for subclasses)
        """Say whether the cursor may stand on a line."""
        return True

    def fit(self) -> None:
        """Fit the lines to a size that may be another one."""

    def cursor_moved(self) -> None:
        """Take note that the cursor stands on another line."""

    def style_of(self, name: str) -> Style:
        """Give the style of a component class, without its `line--`."""
        return self.get_component_rich_style(f"line--{name}", partial=True)

    def render_line(self, y: int) -> Strip:
        """Draw one row of the widget."""
        width = self.size.width
        y -= self._head_height
        number = self.top + y
        if y < 0:
            segments = self.head or []
        elif number < self.line_count:
            segments = self.draw_line(number, width)
        elif y == 0:
            segments = [Segment(fitted(f" {self.empty_words}", width), self.style_of("faint"))]
        else:
            return Strip.blank(width, self.rich_style)
        strip = Strip(segments).apply_style(self.rich_style)
        # Each segment costs its style in bytes, so neighbours of one style become one.
        return strip.adjust_cell_length(width, self.rich_style).simplify()

    def lines_changed(self, cursor: int = 0, top: int = 0) -> None:
        """Start anew after the lines were exchanged, at a cursor and a top line."""
        self.cursor = self._standing(cursor, 1)
        self.top = self._bounded_top(top)
        self._reveal()
        self.refresh()

    def move_cursor(self, number: int) -> None:
        """Put the cursor on a line, or on the nearest one where it can stand."""
        before = self.cursor
        self.cursor = self._standing(number, 1 if number >= before else -1)
        if not self._reveal():
            self.refresh_lines(before, self.cursor)
        if self.cursor != before:
            self.cursor_moved()

    def refresh_lines(self, *numbers: int) -> None:
        """Repaint some lines, where they are in sight."""
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
        """Leave Space to the screen where that needs it."""
        if action == "page_on" and isinstance(self.screen, NeedsSpace):
            return not self.screen.needs_space
        return super().check_action(action, parameters)

    def action_page_on(self) -> None:
        """Move cursor and view on by a page."""
        self.action_page(1)

    def action_page(self, pages: float) -> None:
        """Move cursor and view together by pages, or parts of one."""
        # A page keeps one line of the one before, as readers of `less` expect.
        height = max(2, self._height) - (1 if abs(pages) == 1 else 0)
        lines = round(pages * height) or (1 if pages > 0 else -1)
        self._scroll_view(lines)
        self.move_cursor(self.cursor + lines)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Turn the view down, leaving the cursor where it is."""
        event.stop()
        self._scroll_view(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Turn the view up, leaving the cursor where it is."""
        event.stop()
        self._scroll_view(-_WHEEL_LINES)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.fit()
        self.top = self._bounded_top(self.top)
        self._reveal()

    def _scroll_view(self, lines: int) -> None:
        before = self.top
        self.top = self._bounded_top(self.top + lines)
        if self.top != before:
            self.refresh()

    def _standing(self, number: int, direction: int) -> int:
        """Give the nearest line where the cursor can stand, looking in a direction first."""
        last = self.line_count - 1
        wanted = max(0, min(number, last))
        for step in (direction, -direction):
            at = wanted
            while 0 <= at <= last:
                if self.can_stand(at):
                    return at
                at += step
        return 0

    def _reveal(self) -> bool:
        """Bring the cursor into sight; say whether the whole view has to be repainted."""
        height = self._height
        if height <= 0 or self.top <= self.cursor < self.top + height:
            return False
        self.top = self._bounded_top(self.cursor - height // 2)
        self.refresh()
        return True

    def _bounded_top(self, top: int) -> int:
        return max(0, min(top, self.line_count - max(1, self._height)))

    def line_at(self, event: events.Click) -> int | None:
        """Give the line under the mouse, if there is one."""
        y = event.y - self._head_height
        return self.top + y if y >= 0 and self.top + y < self.line_count else None

    @property
    def _head_height(self) -> int:
        return 0 if self.head is None else 1

    @property
    def _height(self) -> int:
        """How many lines are in sight at most."""
        return self.size.height - self._head_height
