"""The meaning of the characters and escape sequences that terminals send.

The tables are Textual's. The sequences that they misread are handled here.
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
_WINDOW_FOCUS = (f"{ESC}[I", f"{ESC}[O")
"""Not asked for, but a program that was killed may have left these reports on."""
_SYNCHRONIZED_OUTPUT = re.compile(rf"{ESC}\[\?2026;[1-4]\$y")
_NUMBERED = re.compile(rf"{ESC}\[(\d*)[;\d]*~")


class KeySequences:
    """Parses sequences; mouse movement is relative, so it remembers the last mouse position."""

    def __init__(self) -> None:
        self._parser = XTermParser()

    def parse(self, sequence: str) -> Sequence[Message] | None:
        """Return the events of a complete sequence, perhaps none; None if it is unknown.

        Reports of the terminal's size count as unknown: the size comes from the kernel.
        """
        if len(sequence) == len(f"{ESC}x"):
            return [_alt_key(sequence)]
        if sequence in _WINDOW_FOCUS:
            return []
        if _MOUSE.fullmatch(sequence):
            event = self._parser.parse_mouse_code(sequence)
            return [event] if event else []
        if _SYNCHRONIZED_OUTPUT.fullmatch(sequence):
            return [messages.TerminalSupportsSynchronizedOutput()]
        keys = self._parse_keys(sequence)
        return [key for key in keys if key.key != Keys.Ignore] if keys else None

    def _parse_keys(self, sequence: str) -> Sequence[events.Key]:
        numbered = _NUMBERED.fullmatch(sequence)
        if numbered and f"{numbered[1]}~" not in FUNCTIONAL_KEYS:
            # Textual would take the number of the key for a character's code point.
            named = ANSI_SEQUENCES_KEYS.get(sequence)
            keys = named if isinstance(named, tuple) else ()
            return [events.Key(key.value, None) for key in keys]
        try:
            return [*self._parser._sequence_to_key_events(sequence)]
        except (OverflowError, ValueError):
            # A number that is no code point.
            return []


def key_for(character: str) -> events.Key:
    """Return the key that types a character; a line feed is Enter, which some lines send so."""
    character = "\r" if character == "\n" else character
    named = ANSI_SEQUENCES_KEYS.get(character)
    if isinstance(named, tuple):
        return events.Key(named[0].value, character)
    name = character if character.isalnum() else _character_to_key(character)
    return events.Key(KEY_NAME_REPLACEMENTS.get(name, name), character)


def split_alt_key(key: events.Key) -> Sequence[events.Key]:
    """Split alt and a key into Esc and that key, which arrive alike; leave any other key."""
    typed = key.character or ""
    is_two = typed.startswith(ESC) and typed != ESC
    return [key_for(character) for character in typed] if is_two else [key]


def _alt_key(sequence: str) -> events.Key:
    named = ANSI_SEQUENCES_KEYS.get(sequence)
    if isinstance(named, tuple):
        return events.Key(named[0].value, sequence)
    name = key_for(sequence[1:]).key
    is_capital = len(name) == 1 and name.isupper()
    return events.Key(f"alt+shift+{name.lower()}" if is_capital else f"alt+{name}", sequence)
