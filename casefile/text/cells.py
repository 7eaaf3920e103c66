"""How many cells of a terminal a text takes: wide characters take two, marks none."""

from __future__ import annotations

import unicodedata

_WIDE = frozenset("WF")
_WITHOUT_WIDTH = frozenset(("Mn", "Me", "Cf"))
# Vowels and finals of Hangul; the filler U+1160 before them is never drawn.
_SYLLABLE_ENDS = (("\u1161", "\u11ff"), ("\ud7b0", "\ud7fb"))


def cells_of(text: str) -> int:
    """Give the cells that one line of inert text takes (Unicode Standard Annex 11)."""
    return len(text) if text.isascii() else sum(map(cells_of_character, text))


def cells_of_character(character: str) -> int:
    """Give the cells that a character takes: 0, 1 or 2."""
    if unicodedata.category(character) in _WITHOUT_WIDTH:
        return 0
    if ends_syllable(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def ends_syllable(character: str) -> bool:
    """Say whether a letter of Hangul is drawn within the syllable that it ends."""
    return any(first <= character <= last for first, last in _SYLLABLE_ENDS)
