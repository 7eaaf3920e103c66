"""What a pin cite names of a source's text: where it stands, and what of it is not there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from casefile.case.sources.pins import Line, Lines, Pages, Paragraphs, Place, Rows, Times
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span
from casefile.text.plurals import counted


def stretch_of(text: SourceText, place: Place) -> Span | None:
    """Give where a place stands in a text, as far as it is there; None if nothing of it is.

    Of a line it is all of the line; of a time, what stands from the last time stamp up to it to
    the next one.
    """
    match place:
        case Paragraphs(first, last):
            return _joined(first, last, range(1, text.paragraph_count + 1), text.paragraph)
        case Pages(first, last):
            return _joined(first, last, text.pages, text.page)
        case Rows(first, last):
            return _joined(first, last, _lines(text), text.line)
        case Lines():
            start, end = map(text.line_numbered, (place.first, place.last))
            return _joined(start, end or start, _lines(text), text.line) if start else None
        case Times(first, last):
            return _said_at(text, first, last)


def lacks(text: SourceText, place: Place) -> str | None:
    """Say why not all of a place is in a text, or None if it is."""
    match place:
        case Paragraphs(first, last):
            return _lacks_counted(first, last, text.paragraph_count, "paragraph")
        case Pages(first, last):
            return _lacks_pages(text, first, last)
        case Rows(first, last):
            return _lacks_counted(first, last, text.line_count, "line")
        case Lines(first, last):
            return _lacks_line(text, first) or _lacks_line(text, last) or _backwards(text, place)
        case Times():
            return _lacks_time(text, place)


def pin_of(text: SourceText, span: Span) -> str:
    """Give the pin cite of a stretch: its lines where the text numbers them, else paragraphs."""
    lines = text.lines_in(span)
    first, last = text.numbered(lines[0]), text.numbered(lines[-1])
    paragraphs = text.paragraphs_in(span)
    if paragraphs and not text.prints_numbers(first.page or text.pages.start):
        return f"para {_from_to(paragraphs[0], paragraphs[-1])}"
    if first.page == last.page:
        page = f"p. {first.page} " if text.pages.stop > 2 else ""
        return f"{page}l. {_from_to(first.number, last.number)}"
    return f"p. {first.page} l. {first.number} - p. {last.page} l. {last.number}"


def _from_to(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else f"{first}"


def _lines(text: SourceText) -> range:
    return range(1, text.line_count + 1)


def _joined(first: int, last: int, there: range, span: Callable[[int], Span]) -> Span | None:
    last = min(last, there.stop - 1)
    return (span(first)[0], span(last)[1]) if there.start <= first <= last else None


def _said_at(text: SourceText, first: int, last: int) -> Span | None:
    start, end = _stamped(text, first), _stamped(text, last)
    if start is None or end is None or start[0] > end[0]:
        return None
    later = (line for _, line in text.stamps if line > end[1])
    return text.line(start[0])[0], text.line(min(later, default=text.line_count + 1) - 1)[1]


def _stamped(text: SourceText, time: int) -> tuple[int, int] | None:
    """Give the first and the last line that bear the latest time stamp up to a time."""
    end = bisect_right(text.stamps, time, key=lambda stamp: stamp[0])
    if not end:
        return None
    latest, line = text.stamps[end - 1]
    return text.stamps[bisect_left(text.stamps, latest, key=lambda stamp: stamp[0])][1], line


def _lacks_counted(first: int, last: int, count: int, what: str) -> str | None:
    if not 1 <= first <= last:
        return "a place counts up, from 1"
    return f"it has {counted(count, what)}" if last > count else None


def _lacks_pages(text: SourceText, first: int, last: int) -> str | None:
    if text.page_count == 1 < last and text.pages.start == 1:
        return "its pages are not marked, as they are by form feeds"
    if text.pages.start > 1 and not text.pages.start <= first <= last < text.pages.stop:
        return f"its pages are {_from_to(text.pages.start, text.pages.stop - 1)}"
    return _lacks_counted(first, last, text.pages.stop - 1, "page")


def _lacks_line(text: SourceText, line: Line) -> str | None:
    if line.page is not None and (lacking := _lacks_pages(text, line.page, line.page)):
        return lacking
    if text.line_numbered(line) is not None:
        return None
    where = f"its page {line.page}" if line.page else "it"
    return f"there is no line {line.number} {'on' if line.page else 'in'} {where}"


def _backwards(text: SourceText, place: Lines) -> str | None:
    return None if stretch_of(text, place) else "a place counts up, from 1"


def _lacks_time(text: SourceText, place: Times) -> str | None:
    if not text.stamps:
        lines = (
            "; page and line are written p. 45 l. 16"
            if text.prints_numbers(text.pages.start)
            else ""
        )
        return f"no line of it begins with a time{lines}"
    if place.first < text.stamps[0][0]:
        return "its first time is later"
    return None if stretch_of(text, place) else "a place counts up, from 1"
