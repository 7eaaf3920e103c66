"""Keys in order: each is done before the next is looked at, however fast they come.

Textual hands a key at once to what has the focus when it arrives. On a slow line several arrive
together, and `a` followed by the first words of a note would be that key and a row of commands.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from itertools import takewhile

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.message import Message
from textual.widget import Widget

from casefile.tui.terminal.key_sequences import apart

_LONGEST_SECONDS = 0.5
"""After so long a key counts as done, whatever became of the widget that had it."""
_LAPS = 3
"""A key sends messages, and these send others: so many generations are let go first."""

Queued = events.Key | events.Paste | events.MouseDown | events.MouseUp
"""What waits for its turn; where the mouse only moves, nothing comes of it."""


class Typed(events.Event):
    """Says that something waits, unless it has been taken by now."""


class KeyDone(Message):
    """Follows a key through everything that it bubbles through, and so comes after it."""

    def __init__(self, laps: int = _LAPS) -> None:
        super().__init__()
        self.laps = laps


class KeyQueueApp(App[None]):
    """An application that keeps keys waiting until the one before them is done."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Queued] = deque()
        self._handed = ""
        self._under_way_since: float | None = None

    def queue(self, event: Queued) -> None:
        """Let something wait for its turn from now on, in whichever thread it was heard.

        As a message on its way here, no signal would find it.
        """
        self._waiting.append(event)

    async def on_event(self, event: events.Event) -> None:
        """Take keys, clicks and what is pasted one by one, and everything else as it comes."""
        if isinstance(event, Queued) and not event.is_forwarded:
            self.queue(event)
        elif not isinstance(event, Typed):
            await super().on_event(event)
            return
        since = self._under_way_since
        if since is None or time.monotonic() - since > _LONGEST_SECONDS:
            await self._take_keys()

    async def on_key_done(self, event: KeyDone) -> None:
        """Look at the next key once the screen shows what this one did."""
        target = self.focused or self.screen
        if not (event.laps and target.post_message(KeyDone(event.laps - 1))):
            self.screen.call_after_refresh(self._take_keys)

    async def _take_keys(self) -> None:
        self._handed, self._under_way_since = "", None
        while self._waiting:
            target = self._target_of(self._first_waiting())
            event = self._next(target)
            if not isinstance(event, events.MouseEvent):
                self.key_taken()
            await super().on_event(event)
            if self._waits_for(target):
                return

    def _next(self, target: Widget) -> Queued:
        """Take what comes next; all the text that waits in one piece.

        Key by key a burst, such as a paste through a program that marks none, would keep the
        application busy for seconds, in which none of it is put on disk.
        """
        keys = takewhile(lambda event: isinstance(event, events.Key), self._waiting.copy())
        typed = _texts(keys, target)
        if len(typed) < 2:
            self._handed = _text_of(self._waiting[0], target)
            return self._waiting.popleft()
        self._handed = "".join(typed)
        for _ in typed:
            self._waiting.popleft()
        return events.Paste(self._handed)

    @property
    def text_waiting(self) -> str:
        """What is to be typed where the focus is: handed over and not taken yet, or still here.

        Keys in between that only move about there or take away are left out; what follows them is
        in any case better kept.
        """
        target = self.focused
        if target is None:
            return self._handed
        staying = takewhile(lambda event: self._stays_in(target, event), self._waiting.copy())
        return "".join((self._handed, *(_text_of(event, target) for event in staying)))

    def _stays_in(self, target: Widget, event: Queued) -> bool:
        """Say whether what comes after an event will have to do with the same widget."""
        if _text_of(event, target):
            return True
        if not isinstance(event, events.Key):
            return False
        bound = self.screen.active_bindings.get(event.key)
        return bound is not None and bound.node is target

    def text_taken(self) -> None:
        """Hear that what was handed over stands where it was to be typed."""
        self._handed = ""

    def _first_waiting(self) -> Queued:
        """Give what comes next as meant: Esc right before a key comes as alt and that key."""
        event = self._waiting[0]
        if isinstance(event, events.Key) and event.key not in self.screen.active_bindings:
            self._waiting.popleft()
            self._waiting.extendleft(reversed(apart(event)))
        return self._waiting[0]

    def _target_of(self, event: Queued) -> Widget:
        """Give what will have to do with something that comes in."""
        if isinstance(event, events.MouseEvent):
            try:
                return self.get_widget_at(event.x, event.y)[0]
            except NoWidget:
                return self.screen
        return self.focused or self.screen

    def _waits_for(self, target: DOMNode) -> bool:
        """Say whether what was handed to a widget is waited for; one that is closing takes none."""
        if target.post_message(KeyDone()):
            self._under_way_since = time.monotonic()
            return True
        return False

    @property
    def is_idle(self) -> bool:
        """Whether no key waits or is under way."""
        return not self._waiting and self._under_way_since is None

    def key_taken(self) -> None:
        """Do what has to be done before each key."""


def _texts(waiting: Iterable[Queued], target: Widget) -> list[str]:
    """Give what waits to be typed into a widget, before anything else that waits."""
    return list(takewhile(bool, (_text_of(event, target) for event in waiting)))


def _text_of(event: Queued, target: Widget) -> str:
    """Give what an event types into a widget; nothing, if it is no text there."""
    if isinstance(event, events.Paste):
        return event.text if target.check_consume_key("x", "x") else ""
    if not isinstance(event, events.Key) or not event.character:
        return ""
    return event.character if target.check_consume_key(event.key, event.character) else ""
