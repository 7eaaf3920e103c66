"""Keys in order: each is done before the next is looked at, however fast they come.

Textual hands a key at once to what has the focus when it arrives. On a slow line several arrive
together, and `a` followed by the first words of a note would be that key and a row of commands.
"""

from __future__ import annotations

import time
from collections import deque

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.message import Message
from textual.widget import Widget

from casefile.tui.key_sequences import apart

_LONGEST_SECONDS = 0.5
"""After so long a key counts as done, whatever became of the widget that had it."""


_LAPS = 3
"""A key sends messages, and these send others: so many generations are let go first."""


Input = events.Key | events.Paste | events.MouseDown | events.MouseUp
"""What waits for its turn; where the mouse only moves, nothing comes of it."""


class KeyDone(Message):
    """Follows a key through everything that it bubbles through, and so comes after it."""

    def __init__(self, laps: int = _LAPS) -> None:
        super().__init__()
        self.laps = laps


class TypedAhead(App[None]):
    """An application that keeps keys waiting until the one before them is done."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Input] = deque()
        self._under_way_since: float | None = None
        self._text_is_under_way = False

    async def on_event(self, event: events.Event) -> None:
        """Take keys, clicks and what is pasted one by one, and everything else as it comes."""
        if not isinstance(event, Input) or event.is_forwarded:
            await super().on_event(event)
            return
        self._waiting.append(event)
        since = self._under_way_since
        if since is None or time.monotonic() - since > _LONGEST_SECONDS:
            await self._take_keys()

    async def on_key_done(self, event: KeyDone) -> None:
        """Look at the next key once the screen shows what this one did."""
        target = self.focused or self.screen
        if not (event.laps and target.post_message(KeyDone(event.laps - 1))):
            self.screen.call_after_refresh(self._take_keys)

    async def _take_keys(self) -> None:
        self._under_way_since = None
        while self._waiting:
            event = self._first_waiting()
            target = self._target_of(event)
            is_text = isinstance(event, events.Paste) or (
                isinstance(event, events.Key)
                and target.check_consume_key(event.key, event.character)
            )
            # Typed text moves no focus, so the rest of it need not wait; anything else does, even
            # a key that is the application's and would overtake it.
            if self._text_is_under_way and not is_text:
                self._text_is_under_way = False
                if self._waits_for(self.focused or self.screen):
                    return
            self._waiting.popleft()
            if not isinstance(event, events.MouseEvent):
                self.key_taken()
            await super().on_event(event)
            self._text_is_under_way = is_text
            if not is_text and self._waits_for(target):
                return

    def _first_waiting(self) -> Input:
        """Give what comes next as meant: Esc right before a key comes as alt and that key."""
        event = self._waiting[0]
        if isinstance(event, events.Key) and event.key not in self.screen.active_bindings:
            self._waiting.popleft()
            self._waiting.extendleft(reversed(apart(event)))
        return self._waiting[0]

    def _target_of(self, event: Input) -> Widget:
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
