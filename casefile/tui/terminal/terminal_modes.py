"""The modes of a terminal that a program may leave on, as one that is killed does."""

from __future__ import annotations

_KITTY_KEYS_PLAIN = "\x1b[=0u"
"""Clears the flags of the active screen; each screen has its own."""
_OFF = (
    # Cursor keys, reverse video, origin; the mouse, focus; paste, updates, colours, resizing.
    *(1, 5, 6, 9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2031, 2048),
)
_ON = (7, 25)
"""Line wrapping and a visible cursor."""

ALTERNATE_SCREEN_OFF = "\x1b[?1049l"

PLAIN_MODES = "".join(
    (
        _KITTY_KEYS_PLAIN,
        # Not 1049, which would move the cursor where the alternate screen was left before.
        "\x1b[?1047l",
        _KITTY_KEYS_PLAIN,
        *(f"\x1b[?{mode}l" for mode in _OFF),
        *(f"\x1b[?{mode}h" for mode in _ON),
        # xterm's other keys, the keypad; insertion, line drawing, colours.
        *("\x1b[>4m", "\x1b>", "\x1b[4l", "\x1b(B\x0f", "\x1b[m"),
    )
)
"""What brings a terminal to the modes in which a shell expects it."""
