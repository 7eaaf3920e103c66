"""What the characters and sequences mean that terminals send: keys, the mouse, a change of focus.

Textual has the tables. What they take for something else is set right here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual import events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, _character_to_key
from textual.message import Message

ESC = "\x1b"

_MOUSE = re.compile(rf"{ESC}\[<\d{{1,9}};-?\d{{1,9}};-?\d{{1,9}}[Mm]")
_SYNCHRONIZES = re.compile(rf"{ESC}\[\?2026;[1-4]\$y")
_NUMBERED = re.compile(rf"{ESC}\[(\d*)[;\d]*~")


class KeySequences:
    """Knows sequences; of the mouse it remembers the last place, from which moves are counted."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def meaning_of(self, sequence: str) -> Sequence[Message] | None:
        """Give what a whole sequence means, which may be nothing; None for an unknown one.

        That the terminal tells of its size itself is not wanted, and so not known.
        """
        if len(sequence) == len(f"{ESC}x"):
            return [_with_alt(sequence)]
        if sequence in (f"{ESC}[I", f"{ESC}[O"):
            return [events.AppFocus() if sequence.endswith("I") else events.AppBlur()]
        if _MOUSE.fullmatch(sequence):
            event = self._parser.parse_mouse_code(sequence)
            return [event] if event else []
        if _SYNCHRONIZES.fullmatch(sequence):
            return [messages.TerminalSupportsSynchronizedOutput()]
        keys = self._keys_of(sequence)
        return [key for key in keys if key.key != Keys.Ignore] if keys else None

    def _keys_of(self, sequence: str) -> Sequence[events.Key]:
        numbered = _NUMBERED.fullmatch(sequence)
        if numbered and f"{numbered[1]}~" not in FUNCTIONAL_KEYS:
            # Textual would take the number of the key for that of a character.
            named = ANSI_SEQUENCES_KEYS.get(sequence)
            return _named(named) if isinstance(named, tuple) else []
        try:
            return [*self._parser._sequence_to_key_events(sequence)]
        except (OverflowError, ValueError):
            # A number that is no character's.
            return []


def key_of(character: str) -> events.Key:
    """Give the key that sends a character; a line feed is what some lines make of Enter."""
    character = "\r" if character == "\n" else character
    named = ANSI_SEQUENCES_KEYS.get(character)
    if isinstance(named, tuple):
        return events.Key(named[0].value, character)
    name = character if character.isalnum() else _character_to_key(character)
    return events.Key(KEY_NAME_REPLACEMENTS.get(name, name), character)


def apart(key: events.Key) -> Sequence[events.Key]:
    """Give Esc and the key after it for what may be both or alt and that key; else the key."""
    came_as = key.character or ""
    is_two = came_as.startswith(ESC) and came_as != ESC
    return [key_of(character) for character in came_as] if is_two else [key]


def _with_alt(sequence: str) -> events.Key:
    named = ANSI_SEQUENCES_KEYS.get(sequence)
    if isinstance(named, tuple):
        return events.Key(named[0].value, sequence)
    name = key_of(sequence[1:]).key
    is_capital = len(name) == 1 and name.isupper()
    return events.Key(f"alt+shift+{name.lower()}" if is_capital else f"alt+{name}", sequence)


def _named(keys: Sequence[Keys]) -> Sequence[events.Key]:
    return [events.Key(key.value, None) for key in keys]
