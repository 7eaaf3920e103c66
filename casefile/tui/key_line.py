"""The last line of a screen: the keys that work now, or a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

import msgspec
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from casefile.tui.drawing import fit_to_width

ALWAYS_LAST = ("app.help", "app.quit", "app.leave")
"""The ids of the keys at the end of the line, which are shown as long as possible."""

FIRST_SHOWN = ("notes.order",)
"""The ids of keys that work in one pane only, shown first there."""

FIRST_DROPPED = ("pane.1", "filter.rows")
"""The ids of keys that are left out first, since the screen shows elsewhere that they exist."""

_UPDATE_SECONDS = 0.02
"""How long bindings must rest before the keys are drawn: one key may change them several times."""


@runtime_checkable
class WordsForKeys(Protocol):
    """A widget or screen whose keys do different things at different times."""

    def words_for(self, binding: Binding) -> str:
        """Return the word for what a key does now; an empty one leaves the key out."""


@runtime_checkable
class PutsKeysFirst(Protocol):
    """A screen with keys that are shown before those of the focused widget."""

    @property
    def first_keys(self) -> Sequence[str]:
        """The ids of these keys, in order."""


class ShownKey(msgspec.Struct, frozen=True):
    """A key in the line."""

    display: str
    words: str
    action: str
    node: DOMNode
    id: str | None = None

    @property
    def width(self) -> int:
        """The width in cells, with the spaces after it."""
        return cell_len(self.display) + cell_len(self.words) + 3


class KeyLine(Widget):
    """Shows the keys that work now; a message replaces them until the next key."""

    COMPONENT_CLASSES = {"keys--key", "keys--message", "keys--warning"}  # noqa: RUF012

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._message = ""
        self._is_warning = False
        self._drawn: tuple[ShownKey, ...] = ()
        self._update: Timer | None = None

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message; an empty one shows the keys again."""
        if (message, warning) != (self._message, self._is_warning):
            self._message, self._is_warning = message, warning
            self.refresh()

    @property
    def message(self) -> str:
        """The message that is shown; empty while the keys are."""
        return self._message

    def on_mount(self) -> None:
        """Follow the bindings as focus and state change."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def render_line(self, y: int) -> Strip:
        """Draw the message, or the keys that fit."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        segments = self._message_segments() if self._message else self._key_segments()
        strip = Strip(segments).apply_style(self.rich_style)
        return strip.adjust_cell_length(width, self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the key under the mouse."""
        at = 1
        for key in () if self._message else self._drawn:
            at += key.width
            if event.x < at:
                await self.app.run_action(key.action, key.node)
                return

    def _bindings_updated(self, _screen: Screen[Any]) -> None:
        if self._update is None:
            self._update = self.set_timer(_UPDATE_SECONDS, self._show_keys)

    def _show_keys(self) -> None:
        self._update = None
        if not self._message and self.keys_now() != self._drawn:
            self.refresh()

    @property
    def is_settled(self) -> bool:
        """Whether the line shows the keys as they are now."""
        return self._update is None

    def _message_segments(self) -> list[Segment]:
        name = "keys--warning" if self._is_warning else "keys--message"
        style = self.get_component_rich_style(name, partial=True)
        return [Segment(fit_to_width(f" {self._message}", self.size.width), style)]

    def _key_segments(self) -> list[Segment]:
        self._drawn = self.keys_now()
        style = self.get_component_rich_style("keys--key", partial=True)
        segments = [Segment(" ")]
        for key in self._drawn:
            segments += [Segment(key.display, style), Segment(f" {key.words}  ")]
        return segments

    def offered(self) -> Iterator[ShownKey]:
        """Yield the keys that work now, in the order of the line."""
        keys = shown_keys(self.screen)
        first = self.screen.first_keys if isinstance(self.screen, PutsKeysFirst) else ()
        places = {name: place for place, name in enumerate(first)}
        return iter(sorted(keys, key=lambda key: places.get(key.id or "", len(places))))

    def keys_now(self) -> tuple[ShownKey, ...]:
        """Return the keys that work now and fit."""
        return keys_in(self.offered(), self.size.width - 1)


def shown_keys(screen: Screen[Any]) -> Iterator[ShownKey]:
    """Yield the keys that work now and are meant to be shown, each action once."""
    seen = set()
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        if not binding.show or not enabled or binding.action in seen:
            continue
        seen.add(binding.action)
        words = node.words_for(binding) if isinstance(node, WordsForKeys) else binding.description
        if words:
            display = screen.app.get_key_display(binding)
            yield ShownKey(display, words, binding.action, node, binding.id)


def keys_in(keys: Iterable[ShownKey], width: int) -> tuple[ShownKey, ...]:
    """Return the keys that fit in a width; help and quit are left out last."""
    several = list(keys)
    last = [key for key in several if key.id in ALWAYS_LAST]
    first = [key for key in several if key.id not in ALWAYS_LAST]
    first.sort(key=lambda key: (key.id not in FIRST_SHOWN, key.id in FIRST_DROPPED))
    while first and sum(key.width for key in (*first, *last)) > width:
        first.pop()
    return (*first, *last)
