"""The layout of a page: the lines it is drawn as at a given width."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import msgspec
from rich.cells import cell_len

from casefile.tui.drawing import inert_start, wrap_text
from casefile.views.page import TOP, Destination, Item, Manner, Page, Section, Spot

_LABEL_WIDTH, _WIDE_LABEL_WIDTH = 10, 13
_WIDE_PAGE = 44
"""The width from which labels get `_WIDE_LABEL_WIDTH` cells."""
_GAP = 1
_LINK_SIGN = " ▸"
_MAX_ITEMS, _FIRST_ITEMS = 24, 12
"""A section with more than `_MAX_ITEMS` items is folded to its first `_FIRST_ITEMS`."""


class PageLine(msgspec.Struct, frozen=True, gc=False):
    """One drawn line of a page.

    There may be a million, which are in no circle: the garbage collector need not look at them.
    """

    text: str
    manner: Manner | str = "plain"
    label: str = ""
    indent: int = 0
    """The cells for the label, before the text."""
    leads_to: Destination | None = None
    note: str | None = None
    """The id of the note that the line is of."""
    about: str | None = None
    """What of the entry the line tells; see `Item.about`."""
    paragraph: int | None = None
    """On a source's page, the paragraph that the line's section is about."""
    unfolds: str | None = None
    """The label of the folded section that following this line shows in full."""
    spot: Spot = TOP
    """The position on the page where the line begins."""

    @property
    def is_of_note(self) -> bool:
        """Whether the line is of a written note; a check, star or tag is not."""
        return self.note is not None and self.manner in ("note-head", "note")

    @property
    def is_active(self) -> bool:
        """Whether Enter does something on this line."""
        return self.leads_to is not None or self.unfolds is not None


def lay_out_page(page: Page, width: int, unfolded: Container[str] = ()) -> Iterator[PageLine]:
    """Yield the lines of a page, none wider than `width` cells, each made when it is asked for.

    A section with many items is folded to the first ones unless its label is in `unfolded`.
    """
    for spot, line in _with_spots(wrap_text(page.title, width), 0):
        yield PageLine(line, "title", spot=spot)
    for spot, line in _with_spots(wrap_text(page.subtitle, width), 1):
        yield PageLine(line, "faint", spot=spot)
    before: Section | None = None
    number = 2
    for section in page.sections:
        # Consecutive labelled sections form one block; an empty line precedes all others.
        if not (before and before.label and section.label):
            yield PageLine("", spot=Spot(number, -1))
        before = section
        yield from _section_lines(section, width, number, is_unfolded=section.label in unfolded)
        number += len(section.items)


def _section_lines(
    section: Section, width: int, number: int, *, is_unfolded: bool
) -> Iterator[PageLine]:
    """Yield the lines of a section whose first item is item `number` of the page."""
    label = section.label
    label_width = _WIDE_LABEL_WIDTH if width >= _WIDE_PAGE else _LABEL_WIDTH
    indent = label_width + _GAP if label else 0
    if cell_len(inert_start(label, label_width)) > label_width:
        # A label that is too long gets lines of its own above the items.
        above = Spot(number, -1)
        yield from (PageLine(line, "label", spot=above) for line in wrap_text(label, width))
        label = ""
    is_whole = is_unfolded or not section.label or len(section.items) <= _MAX_ITEMS
    shown = section.items if is_whole else section.items[:_FIRST_ITEMS]
    for place, item in enumerate(shown, start=number):
        for spot, line in _with_spots(_item_lines(item, width - indent), place):
            yield PageLine(
                line,
                "link" if item.leads_to else item.manner,
                label,
                indent,
                item.leads_to,
                item.note,
                item.about,
                section.paragraph,
                spot=spot,
            )
            label = ""
    if not is_whole:
        more = f"and {len(section.items) - len(shown):,} more ▾"
        spot = Spot(number + len(shown))
        yield PageLine(more, "link", "", indent, unfolds=section.label, spot=spot)


def _with_spots(lines: Iterable[str], item: int) -> Iterator[tuple[Spot, str]]:
    at = 0
    for line in lines:
        yield Spot(item, at), line
        # Without spaces, as those where a line ends are not drawn.
        at += len(line.replace(" ", ""))


def _item_lines(item: Item, width: int) -> Iterator[str]:
    if not item.leads_to:
        yield from wrap_text(item.text, width)
        return
    # Room is left for the sign, so that it never wraps to a line of its own.
    lines = wrap_text(item.text, width - cell_len(_LINK_SIGN))
    last = next(lines)
    for line in lines:
        yield last
        last = line
    yield last + _LINK_SIGN
