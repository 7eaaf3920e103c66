"""The last line: the keys that work here, made from the bindings, or a message."""

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
from textual.widget import Widget

from casefile.tui.drawing import fitted

ALWAYS_LAST = ("app.help", "app.quit", "app.leave")
"""The ids of the bindings that stand at the end and are dropped last."""

FIRST_SHOWN = ("notes.order",)
"""The ids of those that work in one pane alone, where nobody would look for them elsewhere."""

FIRST_DROPPED = ("pane.1", "filter.rows")
"""The ids of those for which there is room last, as the screen tells of them elsewhere."""


@runtime_checkable
class WordsForKeys(Protocol):
    """Something whose keys do not do the same at every moment."""

    def words_for(self, binding: Binding) -> str:
        """Give in a word what a key does now; an empty one where it does nothing."""


@runtime_checkable
class PutsKeysFirst(Protocol):
    """A screen of which some keys matter more than those of what has the focus."""

    @property
    def first_keys(self) -> Sequence[str]:
        """The ids of the bindings that stand first now, in order."""


class Key(msgspec.Struct, frozen=True):
    """A key as the line shows it."""

    display: str
    words: str
    action: str
    node: DOMNode
    id: str | None = None

    @property
    def width(self) -> int:
        """The cells that it takes."""
        return cell_len(self.display) + cell_len(self.words) + 3


class KeyLine(Widget):
    """Keys at rest; a message until the next key."""

    COMPONENT_CLASSES = {"keys--key", "keys--message", "keys--warning"}  # noqa: RUF012

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's own name)
        super().__init__(id=id)
        self._message = ""
        self._is_warning = False
        self._drawn: tuple[Key, ...] = ()

    def say(self, message: str, *, warning: bool = False) -> None:
        """Show a message in place of the keys; an empty one shows the keys again."""
        if (message, warning) != (self._message, self._is_warning):
            self._message, self._is_warning = message, warning
            self.refresh()

    @property
    def message(self) -> str:
        """The message that stands there now."""
        return self._message

    def on_mount(self) -> None:
        """Follow the bindings as the focus moves."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def render_line(self, y: int) -> Strip:
        """Draw the keys that there is room for, or the message."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        segments = self._message_segments() if self._message else self._key_segments()
        strip = Strip(segments).apply_style(self.rich_style)
        return strip.adjust_cell_length(width, self.rich_style)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        at = 1
        for key in () if self._message else self._drawn:
            at += key.width
            if event.x < at:
                await self.app.run_action(key.action, key.node)
                return

    def _bindings_updated(self, _screen: Screen[Any]) -> None:
        if not self._message and self._keys_now() != self._drawn:
            self.refresh()

    def _message_segments(self) -> list[Segment]:
        name = "keys--warning" if self._is_warning else "keys--message"
        style = self.get_component_rich_style(name, partial=True)
        return [Segment(fitted(f" {self._message}", self.size.width), style)]

    def _key_segments(self) -> list[Segment]:
        self._drawn = self._keys_now()
        style = self.get_component_rich_style("keys--key", partial=True)
        segments = [Segment(" ")]
        for key in self._drawn:
            segments += [Segment(key.display, style), Segment(f" {key.words}  ")]
        return segments

    def offered(self) -> Iterator[Key]:
        """Give the keys to be shown, as far as there is room: those that work here."""
        keys = shown_keys(self.screen)
        first = self.screen.first_keys if isinstance(self.screen, PutsKeysFirst) else ()
        places = {name: place for place, name in enumerate(first)}
        return iter(sorted(keys, key=lambda key: places.get(key.id or "", len(places))))

    def _keys_now(self) -> tuple[Key, ...]:
        return keys_in(self.offered(), self.size.width - 1)


def shown_keys(screen: Screen[Any]) -> Iterator[Key]:
    """Give the keys that work where the focus is and are worth showing, each action once."""
    seen = set()
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        if not binding.show or not enabled or binding.action in seen:
            continue
        seen.add(binding.action)
        words = node.words_for(binding) if isinstance(node, WordsForKeys) else binding.description
        if words:
            display = screen.app.get_key_display(binding)
            yield Key(display, words, binding.action, node, binding.id)


def keys_in(keys: Iterable[Key], width: int) -> tuple[Key, ...]:
    """Give the keys that a width has room for; help and quit are kept longest."""
    several = list(keys)
    last = [key for key in several if key.id in ALWAYS_LAST]
    first = [key for key in several if key.id not in ALWAYS_LAST]
    first.sort(key=lambda key: (key.id not in FIRST_SHOWN, key.id in FIRST_DROPPED))
    while first and sum(key.width for key in (*first, *last)) > width:
        first.pop()
    return (*first, *last)
