"""A page laid out in lines of a width: what each says, where it leads, whose note it shows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import msgspec
from rich.cells import cell_len

from casefile.text.inert import inert
from casefile.tui.drawing import wrapped
from casefile.views.page import TOP, Destination, Item, Manner, Page, Section, Spot

_LABEL_WIDTH, _WIDE_LABEL_WIDTH = 10, 13
_WIDE_PAGE = 44
_GAP = 1
_LEADS_ON = " ▸"
_MOST_SHOWN, _FIRST_SHOWN = 24, 12
"""A longer list is folded, to so many of its first items."""


class PageLine(msgspec.Struct, frozen=True):
    """One drawn line of a page."""

    text: str
    manner: Manner | str = "plain"
    label: str = ""
    indent: int = 0
    leads_to: Destination | None = None
    note: str | None = None
    about: str | None = None
    paragraph: int | None = None
    unfolds: str | None = None
    """The label of the section of which this line says how much is not shown."""
    spot: Spot = TOP

    @property
    def is_of_note(self) -> bool:
        """Whether it is of a note that was written, and not of a mark that was set."""
        return self.note is not None and self.manner in ("note-head", "note")

    @property
    def is_active(self) -> bool:
        """Whether something comes of following it."""
        return self.leads_to is not None or self.unfolds is not None


def laid_out(page: Page, width: int, unfolded: Container[str] = ()) -> tuple[PageLine, ...]:
    """Give the lines of a page, none wider than `width` cells.

    Of a section with many items only the first are shown, unless it is among the unfolded ones.
    """
    lines = [
        PageLine(line, "title", spot=spot) for spot, line in _placed(wrapped(page.title, width), 0)
    ]
    lines += [
        PageLine(line, "faint", spot=spot)
        for spot, line in _placed(wrapped(page.subtitle, width), 1)
    ]
    before: Section | None = None
    number = 2
    for section in page.sections:
        # Labelled sections stand as one block; everything else is set apart.
        if not (before and before.label and section.label):
            lines.append(PageLine("", spot=Spot(number, -1)))
        before = section
        lines += _section_lines(section, width, number, is_whole=section.label in unfolded)
        number += len(section.items)
    return tuple(lines)


def _section_lines(
    section: Section, width: int, number: int, *, is_whole: bool
) -> Iterator[PageLine]:
    label = section.label
    label_width = _WIDE_LABEL_WIDTH if width >= _WIDE_PAGE else _LABEL_WIDTH
    indent = label_width + _GAP if label else 0
    if cell_len(inert(label)) > label_width:
        # A label that would be cut stands above what it names.
        above = Spot(number, -1)
        yield from (PageLine(line, "label", spot=above) for line in wrapped(label, width))
        label = ""
    shown = section.items if is_whole or not _is_long(section) else section.items[:_FIRST_SHOWN]
    for place, item in enumerate(shown, start=number):
        for spot, line in _placed(_item_lines(item, width - indent), place):
            yield PageLine(
                line,
                _manner(item),
                label,
                indent,
                item.leads_to,
                item.note,
                item.about,
                section.paragraph,
                spot=spot,
            )
            label = ""
    if len(shown) < len(section.items):
        more = f"and {len(section.items) - len(shown):,} more ▾"
        spot = Spot(number + len(shown))
        yield PageLine(more, "link", "", indent, unfolds=section.label, spot=spot)


def _placed(lines: Iterable[str], item: int) -> Iterator[tuple[Spot, str]]:
    at = 0
    for line in lines:
        yield Spot(item, at), line
        at += len(line)


def _is_long(section: Section) -> bool:
    return bool(section.label) and len(section.items) > _MOST_SHOWN


def _item_lines(item: Item, width: int) -> list[str]:
    if not item.leads_to:
        return wrapped(item.text, width)
    # The sign stands by the last word, never alone.
    *lines, last = wrapped(item.text, width - cell_len(_LEADS_ON))
    return [*lines, last + _LEADS_ON]


def _manner(item: Item) -> str:
    return "link" if item.leads_to else item.manner
