"""A page: labelled sections of items, some of which are links."""

from __future__ import annotations

from typing import Literal

import msgspec

Manner = Literal["plain", "quoted", "faint", "warning", "heading", "mark", "note-head", "note"]


class Destination(msgspec.Struct, frozen=True):
    """The target of a link: an entry and, in a source, a paragraph."""

    entry: str
    paragraph: int | None = None
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
