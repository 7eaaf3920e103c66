"""Panes and pages as plain lines, for pipes and screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casefile.text.inert import inert_lines
from casefile.views.entry_page import page_of_row
from casefile.views.open_case import OpenCase
from casefile.views.page import Page
from casefile.views.panes import HeadingRow, Pane

_INDENT = "    "


def panes_in_lines(open_case: OpenCase, panes: Iterable[Pane], *, notes: bool) -> Iterator[str]:
    """Yield the lines of all pages of all panes, under the title and the sums of each pane."""
    yield open_case.title(open_case.case_file.case.id)
    for pane in panes:
        yield ""
        yield f"{pane.title}: {pane.count}"
        if pane.summary:
            yield f"{_INDENT}{' '.join(inert_lines(pane.summary))}"
        for row in pane.rows:
            yield ""
            if isinstance(row, HeadingRow):
                yield f"  {row.heading}:"
            else:
                yield from page_in_lines(page_of_row(open_case, row, notes=notes), "  ")


def page_in_lines(page: Page, margin: str = "") -> Iterator[str]:
    """Yield the lines of a page; nothing is cut or wrapped."""
    for line in inert_lines(page.title):
        yield margin + line
    yield margin + _INDENT + " ".join(inert_lines(page.subtitle))
    for section in page.sections:
        label = f"{section.label}: " if section.label else ""
        for item in section.items:
            first, *rest = inert_lines(item.text) or [""]
            yield f"{margin}{_INDENT}{label}{first}"
            yield from (f"{margin}{_INDENT}{_INDENT}{line}" for line in rest)
