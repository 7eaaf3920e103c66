"""What is said of one entry: a page of labelled items, some of which lead on."""

from __future__ import annotations

from typing import Literal

import msgspec

Manner = Literal["plain", "quoted", "faint", "warning", "heading", "mark", "note-head", "note"]


class Destination(msgspec.Struct, frozen=True):
    """Where an item leads: an entry, and on its page to a paragraph or a note."""

    entry: str
    paragraph: int | None = None
    note: str | None = None
    pin: int | None = None
    """The number of the cite that leads there, among those of the entry whose page this is."""


class Item(msgspec.Struct, frozen=True):
    """One statement; its text stands as written and may have several lines."""

    text: str
    leads_to: Destination | None = None
    manner: Manner = "plain"
    note: str | None = None
    """The id of the note that this item shows."""
    about: str | None = None
    """What of the entry it tells, as a note on it names that: a field, or a source and place."""


class Section(msgspec.Struct, frozen=True):
    """Items under one label; without a label they stand across the whole page."""

    label: str
    items: tuple[Item, ...]
    paragraph: int | None = None
    """In a source's page, the paragraph that the items cite."""


class Page(msgspec.Struct, frozen=True):
    """An entry in words, complete."""

    entry: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]


class Spot(msgspec.Struct, frozen=True, order=True):
    """A position on a page that does not depend on the page's width."""

    item: int = 0
    """The number of the item, the title being 0 and the subtitle 1."""
    at: int = 0
    """How many characters of the item come before it; -1 is the gap above the item."""


TOP = Spot()
