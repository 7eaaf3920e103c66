"""What comes in from a terminal, put together again: keys, clicks and pastes, each of them whole.

A key that is no letter comes as several characters, Down as Esc, `[` and `B`. A slow line may tear
them apart, and Textual, which waits for a tenth of a second, then takes the rest for commands.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator

from textual import constants, events
from textual.message import Message

from casefile.tui.terminal.key_sequences import ESC, KeySequences, key_of

_PASTE_BEGINS, _PASTE_ENDS = f"{ESC}[200~", f"{ESC}[201~"

_REMOTE_SECONDS = 0.3
"""How long Esc alone is waited on where keys come over a line; few lines tear wider than that."""
_TAIL_SECONDS = 2.0
"""How long after Esc the rest of what it may have begun can still come."""
_PASTE_SECONDS = 0.15
"""After such a pause in a paste, what has come of it is given: it is to be on disk soon."""
_LONGEST = 1024
"""More characters than any sequence has; what goes on for longer is none."""

_WHOLE = re.compile(
    rf"""{ESC}(?:
        \[(?:M.{{3}}                              # the mouse, as the oldest terminals tell of it
          |\[[A-E]                                # F1 to F5 on the Linux console
          |\d+\$                                  # with shift in rxvt
          |(?![M\[])[-0-?]*[\ -/]*[@-~])          # all else, by ECMA-48, and places below zero
      |O[0-9;]*[A-Za-z]                           # keypad and cursor keys
      |[^\[O{ESC}])                               # Esc and a key; the same as alt and that key""",
    re.VERBOSE | re.DOTALL,
)
_BEGUN = re.compile(rf"{ESC}(?:\[(?:M.{{0,2}}|\[|[-0-?]*[ -/]*)|O[0-9;]*)?", re.DOTALL)
_TYPED = (f"{ESC}[", f"{ESC}[[", f"{ESC}O")
"""Beginnings that a reader may also have typed, as Esc and other keys."""
_END_BEGUN = re.compile(rf"(?:\r|{ESC}(?:\[(?:2(?:01?)?)?)?)\Z")
"""What may be the first half of something at the end of a piece of a paste."""


def seconds_for_escape() -> float:
    """Give how long Esc is held, as it may begin a sequence: longer where keys come over a line."""
    if "ESCDELAY" in os.environ or "SSH_CONNECTION" not in os.environ:
        return constants.ESCAPE_DELAY
    return _REMOTE_SECONDS


class TerminalInput:
    """Takes characters in the pieces in which they come, and gives what they mean.

    What has begun is held until it is whole, and means nothing if it never is. Esc alone is held
    for a moment only; where the rest of a sequence comes after all, that does nothing.
    """

    def __init__(self, escape_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._escape_seconds = escape_seconds
        self._clock = clock
        self._sequences = KeySequences()
        self._held = ""
        self._came_at = 0.0
        self._is_escape_given = False
        """Whether the Esc that what is held begins with was taken for a key of its own."""
        self._escaped_at: float | None = None
        self._is_pasting = False

    def feed(self, characters: str) -> Iterator[Message]:
        """Take what has come; give what is whole now."""
        if not characters:
            return
        self._came_at = self._clock()
        if self._is_tail(characters):
            self._held, self._is_escape_given = ESC, True
        self._escaped_at = None
        self._held += characters
        while self._held and (taken := self._take()) is not None:
            yield from taken

    def tick(self) -> Iterator[Message]:
        """Give what has been waited on for long enough, if anything has."""
        if self.seconds_left == 0:
            self._came_at = self._clock()
            yield from self._pause() if self._is_pasting else self._give_up()

    def finish(self) -> Iterator[Message]:
        """Give what has come of a paste of which no more will be heard."""
        if self._is_pasting:
            yield from self._pause()

    @property
    def seconds_left(self) -> float | None:
        """How long what has come is still waited on; None where nothing is, or without an end."""
        waits = self._seconds_to_wait()
        return None if waits is None else max(0.0, self._came_at + waits - self._clock())

    def _seconds_to_wait(self) -> float | None:
        if not self._held:
            return None
        if self._is_pasting:
            unfinished = _END_BEGUN.match(self._held)
            if unfinished is None:
                return _PASTE_SECONDS
            # No paste has an Esc in it: if it is not the end's, the reader wants out of here.
            return _TAIL_SECONDS if self._held == ESC else None
        if self._held == ESC or (self._is_escape_given and self._held in _TYPED):
            return self._escape_seconds
        return _TAIL_SECONDS if self._is_escape_given or self._held in _TYPED else None

    def _is_tail(self, characters: str) -> bool:
        """Say whether characters may go on with what an Esc began that was taken for the key."""
        escaped_at = self._escaped_at
        is_soon = escaped_at is not None and self._came_at - escaped_at <= _TAIL_SECONDS
        return is_soon and characters.startswith(("[", "O"))

    def _take(self) -> Iterator[Message] | None:
        """Take one thing off what is held; None where that is not whole yet."""
        if self._is_pasting:
            return self._take_paste()
        if not self._held.startswith(ESC):
            plain, begins, rest = self._held.partition(ESC)
            self._held = begins + rest
            return (key_of(character) for character in plain)
        if whole := _WHOLE.match(self._held, 0, _LONGEST):
            return self._mean(self._cut(whole.end()))
        begun = _BEGUN.match(self._held, 0, _LONGEST)
        length = begun.end() if begun else 1
        if length == len(self._held) and length < _LONGEST:
            return None
        is_typed = self._is_escape_given or self._held[:length] in (ESC, *_TYPED)
        return self._as_typed(self._cut(length)) if is_typed else self._nothing(length)

    def _take_paste(self) -> Iterator[Message] | None:
        pasted, end, rest = self._held.partition(_PASTE_ENDS)
        if not end:
            return None
        self._held, self._is_pasting = rest, False
        return _pasted(pasted)

    def _cut(self, length: int) -> str:
        sequence, self._held = self._held[:length], self._held[length:]
        return sequence

    def _nothing(self, length: int) -> Iterator[Message]:
        self._cut(length)
        return iter(())

    def _mean(self, sequence: str) -> Iterator[Message]:
        """Give what a whole sequence means; nothing, if its Esc was taken for the key before."""
        if sequence == _PASTE_BEGINS:
            self._is_pasting, self._is_escape_given = True, False
            return iter(())
        meant = self._sequences.meaning_of(sequence)
        if not self._is_escape_given:
            return iter(meant or ())
        if meant is None and len(sequence) == len(f"{ESC}[x"):
            return self._as_typed(sequence)
        self._is_escape_given = False
        return iter(())

    def _as_typed(self, characters: str) -> Iterator[Message]:
        """Give characters as keys of their own, and Esc among them unless it was given before."""
        typed = characters[1:] if self._is_escape_given else characters
        self._is_escape_given = False
        return (key_of(character) for character in typed)

    def _give_up(self) -> Iterator[Message]:
        """Give as typed what was begun and never went on."""
        if self._held == ESC:
            self._escaped_at = self._clock()
        return self._as_typed(self._cut(len(self._held)))

    def _pause(self) -> Iterator[Message]:
        """Give what has come of a paste; an Esc that nothing follows ends it."""
        if self._held == ESC:
            self._is_pasting = False
            return self._give_up()
        unfinished = _END_BEGUN.search(self._held)
        return _pasted(self._cut(unfinished.start() if unfinished else len(self._held)))


def _pasted(text: str) -> Iterator[Message]:
    """Give pasted text, without what Textual leaves out of it too."""
    text = text.replace("\x00", "")
    return iter([events.Paste(text)] if text else [])
