"""Words of a command line that can be copied from a screen."""

from __future__ import annotations

import os
import shlex

from casefile.text.inert import inert


def shell_word(text: str) -> str:
    """Return a text as one word of a shell's command line, such that printing changes nothing.

    Where it would, the word has the escapes of `$'…'`, which POSIX has since 2024.
    """
    word = shlex.quote(text)
    if inert(word) == word:
        return word
    # In octal, which ends after three digits in every shell.
    escaped = (
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b"'\\" else f"\\{byte:03o}"
        for byte in os.fsencode(text)
    )
    return f"$'{''.join(escaped)}'"
