"""Convert between pin cites and spans of a source's text, and say which places are missing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from casefile.case.sources.pins import Line, Lines, Pages, Paragraphs, Place, Rows, Times
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span
from casefile.text.plurals import pluralize

_NOT_ASCENDING = "a place must be 1 or more, and a range must ascend"


def span_of_place(text: SourceText, place: Place) -> Span | None:
    """Return the span of a place as far as the text has it, or None if it has nothing of it.

    A time stands for the lines from the latest time stamp up to it to the next time stamp.
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
            return _span_of_times(text, first, last)


def missing_reason(text: SourceText, place: Place) -> str | None:
    """Return the reason why a place is not, or not entirely, in a text; None if it is."""
    match place:
        case Paragraphs(first, last):
            return _lacks_counted(first, last, text.paragraph_count, "paragraph")
        case Pages(first, last):
            return _lacks_pages(text, first, last)
        case Rows(first, last):
            return _lacks_counted(first, last, text.line_count, "line")
        case Lines(first, last):
            return _lacks_line(text, first) or _lacks_line(text, last) or _descends(text, place)
        case Times():
            return _lacks_time(text, place)


def pin_for_span(text: SourceText, span: Span) -> str:
    """Return the pin cite of a span: by line if the text prints line numbers, else by paragraph."""
    lines = text.lines_in(span)
    first, last = text.numbered(lines[0]), text.numbered(lines[-1])
    paragraphs = text.paragraphs_in(span)
    if paragraphs and not text.prints_numbers(first.page or text.pages.start):
        return f"para {_range(paragraphs[0], paragraphs[-1])}"
    if first.page == last.page:
        page = f"p. {first.page} " if text.pages.stop > 2 else ""
        return f"{page}l. {_range(first.number, last.number)}"
    return f"p. {first.page} l. {first.number} - p. {last.page} l. {last.number}"


def _range(first: int, last: int) -> str:
    return f"{first}-{last}" if last > first else f"{first}"


def _lines(text: SourceText) -> range:
    return range(1, text.line_count + 1)


def _joined(first: int, last: int, existing: range, span: Callable[[int], Span]) -> Span | None:
    last = min(last, existing.stop - 1)
    return (span(first)[0], span(last)[1]) if existing.start <= first <= last else None


def _span_of_times(text: SourceText, first: int, last: int) -> Span | None:
    start, end = _stamped_lines(text, first), _stamped_lines(text, last)
    if start is None or end is None or start[0] > end[0]:
        return None
    later = (line for _, line in text.stamps if line > end[1])
    return text.line(start[0])[0], text.line(min(later, default=text.line_count + 1) - 1)[1]


def _stamped_lines(text: SourceText, time: int) -> tuple[int, int] | None:
    """Return the first and the last line with the latest time stamp up to a time."""
    end = bisect_right(text.stamps, time, key=lambda stamp: stamp[0])
    if not end:
        return None
    latest, line = text.stamps[end - 1]
    return text.stamps[bisect_left(text.stamps, latest, key=lambda stamp: stamp[0])][1], line


def _lacks_counted(first: int, last: int, count: int, unit: str) -> str | None:
    if not 1 <= first <= last:
        return _NOT_ASCENDING
    return f"it has {pluralize(count, unit)}" if last > count else None


def _lacks_pages(text: SourceText, first: int, last: int) -> str | None:
    if text.page_count == 1 < last and text.pages.start == 1:
        return "its pages are not separated by form feeds"
    if text.pages.start > 1 and not text.pages.start <= first <= last < text.pages.stop:
        return f"its pages are {_range(text.pages.start, text.pages.stop - 1)}"
    return _lacks_counted(first, last, text.pages.stop - 1, "page")


def _lacks_line(text: SourceText, line: Line) -> str | None:
    if line.page is not None and (lacking := _lacks_pages(text, line.page, line.page)):
        return lacking
    if text.line_numbered(line) is not None:
        return None
    where = f"its page {line.page}" if line.page else "it"
    return f"there is no line {line.number} {'on' if line.page else 'in'} {where}"


def _descends(text: SourceText, place: Lines | Times) -> str | None:
    return None if span_of_place(text, place) else _NOT_ASCENDING


def _lacks_time(text: SourceText, place: Times) -> str | None:
    if not text.stamps:
        has_numbers = text.prints_numbers(text.pages.start)
        hint = "; write page and line as p. 45 l. 16" if has_numbers else ""
        return f"none of its lines begins with a time{hint}"
    if place.first < text.stamps[0][0]:
        return "its first time is later"
    return _descends(text, place)
