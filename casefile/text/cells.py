"""The width of text in terminal cells (Unicode Standard Annex 11)."""

from __future__ import annotations

import unicodedata

_WIDE = frozenset("WF")
_ZERO_WIDTH = frozenset(("Mn", "Me", "Cf"))
# Hangul vowels and final consonants, without the filler U+1160, which is never drawn.
_SYLLABLE_ENDS = (("\u1161", "\u11ff"), ("\ud7b0", "\ud7fb"))


def text_width(text: str) -> int:
    """Return the number of cells that a line of inert text takes."""
    return len(text) if text.isascii() else sum(map(character_width, text))


def character_width(character: str) -> int:
    """Return the number of cells that a character takes: 0, 1 or 2."""
    if unicodedata.category(character) in _ZERO_WIDTH:
        return 0
    if is_syllable_end(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def is_syllable_end(character: str) -> bool:
    """Whether a character is a Hangul vowel or final, drawn within the syllable before it."""
    return any(first <= character <= last for first, last in _SYLLABLE_ENDS)
