"""A decoder that turns a terminal's characters into whole keys, mouse events and pastes.

A key that is no letter arrives as several characters, Down as Esc, `[` and `B`. A slow line may
deliver them apart from each other; Textual waits a tenth of a second and then takes the rest for
commands.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator

from textual import constants, events
from textual.message import Message

from casefile.tui.terminal.key_sequences import ESC, KeySequences, key_for

_PASTE_START, _PASTE_END = f"{ESC}[200~", f"{ESC}[201~"

_REMOTE_SECONDS = 0.3
"""How long Esc alone is held back over ssh; few lines delay the rest for longer."""
_TAIL_SECONDS = 2.0
"""How long after Esc the rest of a sequence can still arrive."""
_PASTE_SECONDS = 0.15
"""After such a pause in a paste the text so far is passed on, to be saved in a draft soon."""
_MAX_LENGTH = 1024
"""Longer than any sequence: what goes on for more characters is not one."""

_COMPLETE = re.compile(
    rf"""{ESC}(?:
        \[(?:M.{{3}}                              # the mouse, as the oldest terminals report it
          |\[[A-E]                                # F1 to F5 on the Linux console
          |\d+\$                                  # with shift in rxvt
          |(?![M\[])[-0-?]*[\ -/]*[@-~])          # all else, by ECMA-48, and negative positions
      |O[0-9;]*[A-Za-z]                           # keypad and cursor keys
      |[^\[O{ESC}])                               # Esc and a key; the same as alt and that key""",
    re.VERBOSE | re.DOTALL,
)
_PARTIAL = re.compile(rf"{ESC}(?:\[(?:M.{{0,2}}|\[|[-0-?]*[ -/]*)|O[0-9;]*)?", re.DOTALL)
_TYPED_STARTS = (f"{ESC}[", f"{ESC}[[", f"{ESC}O")
"""Starts of a sequence that a reader may also have typed, as Esc and other keys."""
_PARTIAL_END = re.compile(rf"(?:\r|{ESC}(?:\[(?:2(?:01?)?)?)?)\Z")
"""A line break or an end mark of which the second half may still arrive in a paste."""


def seconds_for_escape() -> float:
    """Return how long Esc is held back, as it may start a sequence; longer over ssh."""
    if "ESCDELAY" in os.environ or "SSH_CONNECTION" not in os.environ:
        return constants.ESCAPE_DELAY
    return _REMOTE_SECONDS


class TerminalInput:
    """An incremental parser: takes characters as they arrive, and yields events.

    A sequence is held back until it is complete, and dropped if it never is. Esc alone is held back
    only for a moment; a tail of a sequence that arrives later does nothing.
    """

    def __init__(self, escape_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._escape_seconds = escape_seconds
        self._clock = clock
        self._sequences = KeySequences()
        self._buffer = ""
        self._received_at = 0.0
        self._is_escape_sent = False
        """Whether the Esc at the start of the buffer was already passed on as a key."""
        self._escaped_at: float | None = None
        self._is_pasting = False

    def feed(self, characters: str) -> Iterator[Message]:
        """Add characters, and yield the events that are complete now."""
        if not characters:
            return
        self._received_at = self._clock()
        if self._is_tail(characters):
            self._buffer, self._is_escape_sent = ESC, True
        self._escaped_at = None
        self._buffer += characters
        while self._buffer and (parsed := self._parse_next()) is not None:
            yield from parsed

    def tick(self) -> Iterator[Message]:
        """Yield the events that have been held back for long enough."""
        if self.seconds_left == 0:
            self._received_at = self._clock()
            yield from self._flush_paste() if self._is_pasting else self._flush()

    def finish(self) -> Iterator[Message]:
        """Yield the text of an unfinished paste; no more characters will be fed."""
        if self._is_pasting:
            yield from self._flush_paste()

    @property
    def seconds_left(self) -> float | None:
        """Seconds until `tick` is due; None if nothing is held back, or for as long as it takes."""
        waits = self._seconds_to_wait()
        return None if waits is None else max(0.0, self._received_at + waits - self._clock())

    def _seconds_to_wait(self) -> float | None:
        if not self._buffer:
            return None
        if self._is_pasting:
            if _PARTIAL_END.match(self._buffer) is None:
                return _PASTE_SECONDS
            # Pasted text has no Esc in it: if no end mark follows, the reader has pressed it.
            return _TAIL_SECONDS if self._buffer == ESC else None
        if self._buffer == ESC or (self._is_escape_sent and self._buffer in _TYPED_STARTS):
            return self._escape_seconds
        return _TAIL_SECONDS if self._is_escape_sent or self._buffer in _TYPED_STARTS else None

    def _is_tail(self, characters: str) -> bool:
        """Whether `characters` may continue a sequence whose Esc was passed on as a key."""
        escaped_at = self._escaped_at
        is_soon = escaped_at is not None and self._received_at - escaped_at <= _TAIL_SECONDS
        return is_soon and characters.startswith(("[", "O"))

    def _parse_next(self) -> Iterator[Message] | None:
        """Remove one item from the buffer and return its events; None if it is not complete."""
        if self._is_pasting:
            return self._parse_paste()
        if not self._buffer.startswith(ESC):
            plain, escape, rest = self._buffer.partition(ESC)
            self._buffer = escape + rest
            return (key_for(character) for character in plain)
        if complete := _COMPLETE.match(self._buffer, 0, _MAX_LENGTH):
            return self._parse_sequence(self._cut(complete.end()))
        partial = _PARTIAL.match(self._buffer, 0, _MAX_LENGTH)
        length = partial.end() if partial else 1
        if length == len(self._buffer) and length < _MAX_LENGTH:
            return None
        is_typed = self._is_escape_sent or self._buffer[:length] in (ESC, *_TYPED_STARTS)
        cut = self._cut(length)
        return self._as_typed(cut) if is_typed else iter(())

    def _parse_paste(self) -> Iterator[Message] | None:
        pasted, end, rest = self._buffer.partition(_PASTE_END)
        if not end:
            return None
        self._buffer, self._is_pasting = rest, False
        return _paste_events(pasted)

    def _cut(self, length: int) -> str:
        """Remove characters from the start of the buffer, and return them."""
        cut, self._buffer = self._buffer[:length], self._buffer[length:]
        return cut

    def _parse_sequence(self, sequence: str) -> Iterator[Message]:
        """Return the events of a complete sequence; none if its Esc was passed on as a key."""
        if sequence == _PASTE_START:
            self._is_pasting, self._is_escape_sent = True, False
            return iter(())
        parsed = self._sequences.parse(sequence)
        if not self._is_escape_sent:
            return iter(parsed or ())
        if parsed is None and len(sequence) == len(f"{ESC}[x"):
            return self._as_typed(sequence)
        self._is_escape_sent = False
        return iter(())

    def _as_typed(self, characters: str) -> Iterator[Message]:
        """Return a key for each character, without an Esc that was already passed on."""
        typed = characters[1:] if self._is_escape_sent else characters
        self._is_escape_sent = False
        return (key_for(character) for character in typed)

    def _flush(self) -> Iterator[Message]:
        """Empty the buffer, and return a key for each character of a sequence never completed."""
        if self._buffer == ESC:
            self._escaped_at = self._clock()
        return self._as_typed(self._cut(len(self._buffer)))

    def _flush_paste(self) -> Iterator[Message]:
        """Return the text of a paste so far; an Esc that nothing follows ends the paste."""
        if self._buffer == ESC:
            self._is_pasting = False
            return self._flush()
        partial = _PARTIAL_END.search(self._buffer)
        return _paste_events(self._cut(partial.start() if partial else len(self._buffer)))


def _paste_events(text: str) -> Iterator[Message]:
    """Return a paste of the text, if there is any, without NUL, which Textual drops as well."""
    text = text.replace("\x00", "")
    return iter([events.Paste(text)] if text else [])
