"""A queue that delivers keys, clicks and pastes to the application one at a time.

Textual gives a key at once to whichever widget has the focus when it arrives. On a slow line
several keys arrive together, and `a` followed by the first words of a note would be taken for that
key and a series of commands.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice, takewhile
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from textual import events
from textual.actions import parse
from textual.binding import ActiveBinding
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from casefile.tui.terminal.key_sequences import split_alt_key

_WAITS, _WAIT_SECONDS = 10, 0.05
"""How long to wait for an event; then it counts as handled, whatever became of its widget.

A slow disk may block the loop for long; that counts as one of the waits, since nothing is handled.
"""
_ROUNDS = 3
"""How many generations of messages to wait for: a key sends messages, and these send others."""
_MAX_JOINED = 500
"""How many keys are joined at most; after so many the screen shows where the cursor is."""
_MAX_JOINED_EDITS = 100
"""How many are joined at most if they change a text, so that its draft is saved meanwhile."""
_QUIT = "quit"
_LINE_BREAK = re.compile(r"\r\n?")
_LOOKS = ("find.next", "find.previous", "move.", "pane.")
"""How the ids of bindings begin that only show something else."""

Bindings: TypeAlias = Mapping[str, ActiveBinding]
"""The bindings that work now, by key."""
QueuedEvent = events.Key | events.Paste | events.MouseDown | events.MouseUp
"""An event that waits for its turn; mouse movement alone does not."""


@runtime_checkable
class MovesByKeys(Protocol):
    """A widget or screen with a cursor that several keys can move before it is drawn again."""

    def is_movement(self, action: str) -> bool:
        """Whether an action, without its parameters, moves the cursor and does nothing else."""

    def moving(self) -> AbstractContextManager[None]:
        """Draw the effect of all movements in the block once, at its end."""


@runtime_checkable
class TakesText(MovesByKeys, Protocol):
    """A text at whose cursor several keys can type or delete before it is drawn again."""

    def is_deletion(self, action: str) -> bool:
        """Whether an action, without its parameters, deletes text and does nothing else."""

    def type_text(self, text: str) -> None:
        """Put text in place of what is selected."""


class Typed(NamedTuple):
    """Letters among keys that are joined."""

    text: str


class EventQueued(events.Event):
    """Another thread has put an event into the queue."""


class KeysJoined(events.Event):
    """Several keys, one right after the other, that move one cursor, and type or delete at it."""

    def __init__(self, mover: DOMNode, steps: Sequence[str | Typed]) -> None:
        super().__init__()
        self.mover = mover
        """What has the cursor; a `MovesByKeys`, and a `TakesText` if letters are typed."""
        self.steps = steps
        """Actions and letters."""


class EventHandled(Message):
    """Posted after an event, to arrive once the event has bubbled as far as it goes."""

    def __init__(self, rounds: int = _ROUNDS) -> None:
        super().__init__()
        self.rounds = rounds
        """How many generations of messages are still to be waited for."""


class QueueOwner(Protocol):
    """The application as its key queue needs it."""

    @property
    def screen(self) -> Screen[Any]:
        """The active screen."""

    @property
    def focused(self) -> Widget | None:
        """The widget that has the focus."""

    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Region]:
        """Return the widget at a place on the screen, and its region; raise NoWidget if none."""

    async def deliver(self, event: QueuedEvent | KeysJoined) -> None:
        """Handle an event whose turn has come."""


class KeyQueue:
    """Holds each event back until the one before it has been handled."""

    def __init__(self, app: QueueOwner) -> None:
        self._app = app
        self._waiting: deque[QueuedEvent] = deque()
        self._delivered_text = ""
        """Text that was delivered and has not been inserted yet."""
        self._timer: asyncio.TimerHandle | None = None
        """The end of a wait; None if no event is being handled."""

    def put(self, event: QueuedEvent) -> None:
        """Add an event to the end of the queue; safe to call from any thread.

        Events are not sent as messages, because a signal handler could not find them there.
        """
        self._waiting.append(event)

    def drop(self) -> None:
        """Drop what waits: it was meant for a program that is given the terminal."""
        self._waiting.clear()

    async def deliver_next(self) -> None:
        """Deliver what waits, unless an event is still being handled."""
        if not self._is_handling:
            await self._deliver_waiting()

    async def event_handled(self, event: EventHandled) -> None:
        """Deliver the next event once the screen shows the effect of the last one."""
        target = self._app.focused or self._app.screen
        if not (event.rounds and target.post_message(EventHandled(event.rounds - 1))):
            self._app.screen.call_after_refresh(self._deliver_waiting)

    @property
    def is_idle(self) -> bool:
        """Whether no event waits or is being handled."""
        return not self._waiting and not self._is_handling

    @property
    def _is_handling(self) -> bool:
        """Whether an event is being handled, as far as that is waited for.

        A screen that is left in between may never say that it has handled one.
        """
        return self._timer is not None

    @property
    def text_waiting(self) -> str:
        """The text that is still to be inserted where the focus is, delivered or not.

        Keys in between that move the cursor there or delete are skipped: the text after them is
        better saved in the wrong place than lost.
        """
        target = self._app.focused
        if target is None:
            return self._delivered_text
        # Once: a signal handler has no time to find out for each of thousands of keys.
        bindings = self._app.screen.active_bindings
        stays = partial(self._stays_in, target, bindings)
        staying = takewhile(stays, self._waiting.copy())
        return "".join((self._delivered_text, *(_text_of(event, target) for event in staying)))

    def text_inserted(self, text: str) -> None:
        """Forget delivered text, now that a widget has inserted it."""
        self._delivered_text = self._delivered_text.removeprefix(text)

    async def _deliver_waiting(self) -> None:
        self._wait_for(0)
        while self._waiting:
            self._delivered_text = ""
            target = self._target_of(self._first_waiting())
            await self._app.deliver(self._pop(target))
            if self._waits_for(target):
                return

    def _pop(self, target: Widget) -> QueuedEvent | KeysJoined:
        """Remove and return the next event; join several movements or letters into one.

        Key by key a burst, such as a paste through a program that does not mark it as one, would
        keep the application busy for seconds, during which no draft is saved.
        """
        bindings = self._app.screen.active_bindings
        if first := self._pop_quit(target, bindings) or self._pop_joined(target, bindings):
            return first
        keys = takewhile(lambda event: isinstance(event, events.Key), self._waiting.copy())
        typed = list(takewhile(bool, (_text_of(event, target) for event in keys)))
        if len(typed) < 2:
            self._delivered_text = _text_of(self._waiting[0], target)
            return self._waiting.popleft()
        self._delivered_text = "".join(typed)
        for _ in typed:
            self._waiting.popleft()
        return events.Paste(self._delivered_text)

    def _pop_quit(self, target: Widget, bindings: Bindings) -> QueuedEvent | None:
        """Remove and return a key that quits if all keys before it only look at something else.

        What they would do is neither seen nor remembered, and they are dropped: quitting does not
        wait for them. Before any other key, they may lead to where that types or saves.
        """
        for looks, event in enumerate(self._waiting.copy()):
            bound = self._bound(event, target, bindings)
            if bound is not None and bound.binding.action == _QUIT:
                for _ in range(looks):
                    self._waiting.popleft()
                return self._waiting.popleft()
            if bound is None or not _only_looks(bound):
                return None
        return None

    def _pop_joined(self, target: Widget, bindings: Bindings) -> KeysJoined | None:
        """Remove several keys that move one cursor or edit at it, and return them as one event.

        Letters alone are left; they are pasted, which any widget understands.
        """
        mover: DOMNode | None = None
        steps: list[str | Typed] = []
        keys = edits = 0
        for event in islice(self._waiting.copy(), _MAX_JOINED):
            node, step = self._step(event, target, bindings)
            if node is None or node is not (mover or node) or edits == _MAX_JOINED_EDITS:
                break
            mover = node
            keys += 1
            edits += isinstance(step, Typed) or not _is_movement_of(node, step)
            if isinstance(step, Typed) and steps and isinstance(steps[-1], Typed):
                # One insertion, which is undone as one.
                steps[-1] = Typed(steps[-1].text + step.text)
            else:
                steps.append(step)
        if mover is None or keys < 2 or all(isinstance(step, Typed) for step in steps):
            return None
        for _ in range(keys):
            self._waiting.popleft()
        self._delivered_text = "".join(step.text for step in steps if isinstance(step, Typed))
        return KeysJoined(mover, steps)

    def _step(
        self, event: QueuedEvent, target: Widget, bindings: Bindings
    ) -> tuple[DOMNode | None, str | Typed]:
        """Return what a key does that can be joined, and the node with the cursor, or None."""
        if isinstance(event, events.Key) and (text := _text_of(event, target)):
            return target if isinstance(target, TakesText) else None, Typed(text)
        bound = self._bound(event, target, bindings)
        is_joined = bound is not None and (_is_movement(bound) or _is_deletion(bound))
        return (bound.node, bound.binding.action) if bound and is_joined else (None, "")

    def _bound(
        self, event: QueuedEvent, target: Widget, bindings: Bindings
    ) -> ActiveBinding | None:
        """Return the binding of a key that works now and types no text."""
        if not isinstance(event, events.Key) or _text_of(event, target):
            return None
        bound = bindings.get(event.key)
        return bound if bound is not None and bound.enabled else None

    def _stays_in(self, target: Widget, bindings: Bindings, event: QueuedEvent) -> bool:
        """Whether the focus is still on `target` after an event."""
        if _text_of(event, target):
            return True
        if not isinstance(event, events.Key):
            return False
        bound = bindings.get(event.key)
        return bound is not None and bound.node is target

    def _first_waiting(self) -> QueuedEvent:
        """Return the next event, with alt and a key split into Esc and the key if not bound."""
        event = self._waiting[0]
        if isinstance(event, events.Key) and event.key not in self._app.screen.active_bindings:
            self._waiting.popleft()
            self._waiting.extendleft(reversed(split_alt_key(event)))
        return self._waiting[0]

    def _target_of(self, event: QueuedEvent) -> Widget:
        """Return the widget that will get an event."""
        if isinstance(event, events.MouseEvent):
            try:
                return self._app.get_widget_at(event.x, event.y)[0]
            except NoWidget:
                return self._app.screen
        return self._app.focused or self._app.screen

    def _waits_for(self, target: DOMNode) -> bool:
        """Whether an event that `target` got is waited for; a widget that is closing takes none."""
        if target.post_message(EventHandled()):
            self._wait_for(_WAITS)
            return True
        return False

    def _wait_for(self, waits: int) -> None:
        """Wait this many times for the event that is being handled; 0 ends the waiting."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        if waits:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_WAIT_SECONDS, self._wait_for, waits - 1)


def _is_movement(bound: ActiveBinding) -> bool:
    """Whether a key only moves a cursor that several keys can move before it is drawn again."""
    return _is_movement_of(bound.node, bound.binding.action)


def _is_movement_of(mover: DOMNode, action: str) -> bool:
    return isinstance(mover, MovesByKeys) and mover.is_movement(parse(action)[1])


def _is_deletion(bound: ActiveBinding) -> bool:
    """Whether a key only deletes in a text in which several keys can before it is drawn again."""
    text = bound.node
    return isinstance(text, TakesText) and text.is_deletion(parse(bound.binding.action)[1])


def _only_looks(bound: ActiveBinding) -> bool:
    """Whether a key only shows something else: another line, another pane, what is found."""
    return _is_movement(bound) or (bound.binding.id or "").startswith(_LOOKS)


def _text_of(event: QueuedEvent, target: Widget) -> str:
    """Return the text that an event types into a widget, or "" if it types none."""
    if isinstance(event, events.Paste):
        text = event.text if target.check_consume_key("x", "x") else ""
    elif isinstance(event, events.Key) and event.character:
        text = event.character if target.check_consume_key(event.key, event.character) else ""
    else:
        return ""
    return _LINE_BREAK.sub("\n", text)
