"""Numbers with a noun in the singular or plural: “1 row”, “1,200 entries”."""

from __future__ import annotations

_IRREGULAR = {
    "aircraft": "aircraft",
    "child": "children",
    "foot": "feet",
    "knife": "knives",
    "man": "men",
    "person": "people",
    "woman": "women",
    "yuan": "yuan",
}


def pluralize(number: int, thing: str) -> str:
    """Return `number` with `thing` in the singular or plural, as in “1 row”, “1,200 entries”."""
    return f"{number:,} {thing if number == 1 else plural(thing)}"


def plural(word: str) -> str:
    """Return the plural of an English noun; symbols such as “kg” are returned unchanged."""
    first, space, last = word.rpartition(" ")
    if space:
        return f"{first} {plural(last)}"
    if len(word) <= 2 or not word.isalpha() or not word.islower():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
