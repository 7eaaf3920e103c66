"""A page: labelled sections of items, some of which are links."""

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
    """For a link from a cite, the index of the cite among those of the page's entry."""


class Item(msgspec.Struct, frozen=True):
    """One text on a page, which may have several lines."""

    text: str
    leads_to: Destination | None = None
    manner: Manner = "plain"
    note: str | None = None
    """The id of the note that the item shows."""
    about: str | None = None
    """What a note on the item is about: the name of a field, or a source and a place in it."""

    @property
    def is_of_note(self) -> bool:
        """Whether the item is of a written note; a check, star or tag is not."""
        return self.note is not None and self.manner in ("note-head", "note")


class Section(msgspec.Struct, frozen=True):
    """Items beside one label; without a label they take the whole width of the page."""

    label: str
    items: tuple[Item, ...]
    paragraph: int | None = None
    """On the page of a source, the paragraph that the items cite."""


class Page(msgspec.Struct, frozen=True):
    """Everything that is shown of an entry, a problem or a revision."""

    entry: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]


class Spot(msgspec.Struct, frozen=True, order=True, gc=False):
    """A position on a page that does not depend on the page's width."""

    item: int = 0
    """The number of the item, the title being 0 and the subtitle 1."""
    at: int = 0
    """How many characters of the item, without spaces, come before it; -1 is the gap above it."""


TOP = Spot()
