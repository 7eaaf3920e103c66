"""A page laid out in lines of a width: what each says, where it leads, whose note it shows."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from rich.cells import cell_len

from casefile.reading.page import Destination, Item, Manner, Page, Section
from casefile.text import inert
from casefile.tui.drawing import wrapped

_LABEL_WIDTH, _WIDE_LABEL_WIDTH = 10, 13
_WIDE_PAGE = 44
_GAP = 1
_LEADS_ON = " ▸"


class PageLine(msgspec.Struct, frozen=True):
    """One drawn line of a page."""

    text: str
    manner: Manner | str = "plain"
    label: str = ""
    indent: int = 0
    leads_to: Destination | None = None
    note: str | None = None
    paragraph: int | None = None


def laid_out(page: Page, width: int) -> tuple[PageLine, ...]:
    """Give the lines of a page, none wider than `width` cells."""
    lines = [PageLine(line, "title") for line in wrapped(page.title, width)]
    lines += [PageLine(line, "faint") for line in wrapped(page.subtitle, width)]
    before: Section | None = None
    for section in page.sections:
        # Labelled sections stand as one block; everything else is set apart.
        if not (before and before.label and section.label):
            lines.append(PageLine(""))
        before = section
        lines += _section_lines(section, width)
    return tuple(lines)


def _section_lines(section: Section, width: int) -> Iterator[PageLine]:
    label = section.label
    label_width = _WIDE_LABEL_WIDTH if width >= _WIDE_PAGE else _LABEL_WIDTH
    indent = label_width + _GAP if label else 0
    if cell_len(inert(label)) > label_width:
        # A label that would be cut stands above what it names.
        yield from (PageLine(line, "label") for line in wrapped(label, width))
        label = ""
    for item in section.items:
        for line in _item_lines(item, width - indent):
            yield PageLine(
                line, _manner(item), label, indent, item.leads_to, item.note, section.paragraph
            )
            label = ""


def _item_lines(item: Item, width: int) -> list[str]:
    if not item.leads_to:
        return wrapped(item.text, width)
    # The sign stands by the last word, never alone.
    *lines, last = wrapped(item.text, width - cell_len(_LEADS_ON))
    return [*lines, last + _LEADS_ON]


def _manner(item: Item) -> str:
    return "link" if item.leads_to else item.manner
