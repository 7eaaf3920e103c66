"""Convert between pin cites and spans of a source's text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter

from casefile.case.sources.items import SEARCHED, span_of_items
from casefile.case.sources.mark_kinds import BATES, COUNT, DOCKET, EXHIBIT, SECTION, bates_number
from casefile.case.sources.pins import (
    Items,
    Lines,
    LinesOrTimes,
    Marked,
    Pages,
    Paragraphs,
    Place,
    Rows,
    Times,
    Within,
    parse_pin,
)
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span


def span_of_place(text: SourceText, place: Place) -> Span | None:
    """Return the span of a place as far as the text has it, or None if it has nothing of it.

    A time stands for the lines from the latest time stamp up to it to the next time stamp.
    """
    match in_text(text, place):
        case Lines(first, last):
            start, end = map(text.line_numbered, (first, last))
            return _joined(start, end or start, _lines(text), text.line) if start else None
        case Times(first, last):
            return _span_of_times(text, first, last)
        case Marked() as marked:
            return next(iter(spans_of_marked(text, marked)), None)
        case Within(outer, inner):
            span = span_of_place(text, outer)
            return span_within(text, outer, span, inner) if span else None
        case Paragraphs() | Pages() | Rows() as counted:
            return _span_of_range(text, counted)
    return None


def _span_of_range(text: SourceText, place: Paragraphs | Pages | Rows) -> Span | None:
    match place:
        case Paragraphs(first, last):
            return _span_of_paragraphs(text, paragraphs_of(text, first, last, text.paragraphs))
        case Pages(first, last):
            return _joined(first, last, text.pages, text.page)
        case Rows(first, last):
            return _joined(first, last, _lines(text), text.line)


def in_text(text: SourceText, place: Place) -> Place:
    """Return what a place means in a text, where it could be either of two.

    `45:12` is page and line if the text prints line numbers, a time if its lines begin with times,
    and otherwise page and line if it has several pages. A section of a text without headings of
    sections is the paragraph with its number.
    """
    match place:
        case LinesOrTimes(lines, times):
            has_pages = text.page_count > 1 or text.pages.start > 1
            return lines if text.is_numbered or (has_pages and not text.stamps) else times
        case Marked(kind, first, last) if kind is SECTION and text.bears_numbers:
            is_number = first.isdecimal() and last.isdecimal()
            if is_number and not text.printed(kind).marks:
                return Paragraphs(int(first), int(last))
    return place


def paragraphs_of(text: SourceText, first: int, last: int, within: range) -> range | None:
    """Return the paragraphs of a range of numbers as far as some paragraphs have them, or None.

    If these bear no numbers, they are counted from 1.
    """
    several = text.paragraphs_numbered(first, within)
    if not several or last < first:
        return None
    if not text.bears_numbers:
        return within[first - 1 : last]
    return range(several[0], min(text.last_paragraph_up_to(several[0], last) + 1, within.stop))


def spans_of_marked(text: SourceText, marked: Marked) -> Sequence[Span]:
    """Return what has a mark, or a range of marks, once for each time that the text has it."""
    if declared := _span_of_declared(text, marked):
        return [declared]
    marks = text.printed(marked.kind)
    if marked.first == marked.last:
        return marks.spans(marked.first)
    span = marks.span_of_range(marked.first, marked.last)
    return [span] if span else []


def _span_of_declared(text: SourceText, marked: Marked) -> Span | None:
    """Return what has a mark that the case gives for the source, if that says where it is.

    Its exhibit number is the whole text. Its Bates numbers are its pages, if there are as many and
    the pages bear none.
    """
    for whole in text.whole:
        if whole == marked and whole.kind is EXHIBIT:
            return 0, len(text.text)
        if whole.kind is marked.kind is BATES and not text.printed(BATES).marks:
            return _pages_of_bates(text, marked, whole)
    return None


def _pages_of_bates(text: SourceText, marked: Marked, whole: Marked) -> Span | None:
    (prefix, first), (_, last) = bates_number(whole.first), bates_number(whole.last)
    (sought, start), (_, end) = bates_number(marked.first), bates_number(marked.last)
    is_of_pages = sought == prefix and last - first + 1 == text.page_count > 1
    if not is_of_pages or not first <= start <= end <= last:
        return None
    pages = text.pages[start - first : end - first + 1]
    return text.page(pages[0])[0], text.page(pages[-1])[1]


def span_within(
    text: SourceText, outer: Place, span: Span, inner: Paragraphs | Pages | Items
) -> Span | None:
    """Return the span of a place within another, of which the span is known, or None."""
    match inner:
        case Paragraphs(first, last):
            within = text.paragraphs_in(span)
            return _span_of_paragraphs(text, paragraphs_of(text, first, last, within))
        case Items(path, last):
            words = text.words((span[0], min(span[1], span[0] + SEARCHED)))
            found = span_of_items(words, path, last)
            return (span[0] + found[0], span[0] + found[1]) if found else None
        case Pages(first, last):
            return _span_of_pages_within(text, outer, span, first, last)


def _span_of_pages_within(
    text: SourceText, outer: Place, span: Span, first: int, last: int
) -> Span | None:
    """Return pages of a document, by the numbers printed beside its mark, or else counted."""
    marks = text.printed(outer.kind) if isinstance(outer, Marked) else None
    if marks is not None and isinstance(outer, Marked):
        start, end = (marks.page_printed(outer.first, page) for page in (first, last))
        if start:
            return (start[0], (end or start)[1]) if first <= last else None
    pages = pages_in(text, span)
    numbers = text.pages if len(pages) == len(text.pages) else range(1, len(pages) + 1)
    chosen = range(numbers.index(first), last - numbers.start + 1) if first in numbers else range(0)
    several = [pages[at] for at in chosen if at < len(pages)]
    return (text.page(several[0])[0], text.page(several[-1])[1]) if several else None


def pages_in(text: SourceText, span: Span) -> range:
    """Return the pages that a span touches, by their numbers."""
    lines = text.lines_in(span)
    first, last = text.numbered(lines[0]).page, text.numbered(lines[-1]).page
    return range(first or 1, (last or 1) + 1)


def pin_for_span(text: SourceText, span: Span) -> str:
    """Return the pin cite of a span as its source is cited.

    That is by the numbers of its paragraphs if they bear any, else by line if the text prints line
    numbers, else by paragraph.
    """
    lines = text.lines_in(span)
    first, last = text.numbered(lines[0]), text.numbered(lines[-1])
    paragraphs = text.paragraphs_in(span)
    if text.bears_numbers:
        if pin := _numbered_pin(text, paragraphs):
            return pin
    elif paragraphs and not text.prints_numbers(first.page or text.pages.start):
        return f"para {range_in_words(paragraphs[0], paragraphs[-1])}"
    if first.page == last.page:
        page = f"p. {first.page} " if text.pages.stop > 2 else ""
        return f"{page}l. {range_in_words(first.number, last.number)}"
    return f"p. {first.page} l. {first.number} - p. {last.page} l. {last.number}"


def pin_like(text: SourceText, span: Span, place: Place | None) -> str:
    """Return the pin cite of a span in the form of another place, if the text has such a form."""
    lines = text.lines_in(span)
    match place:
        case Marked(kind) | Within(Marked(kind), Items()):
            if name := text.printed(kind).name_of(span):
                return name
        case Lines() | LinesOrTimes() if isinstance(in_text(text, place), Lines):
            return page_and_line(text, lines)
        case Pages():
            pages = pages_in(text, span)
            return f"p. {range_in_words(pages[0], pages[-1])}"
    return pin_for_span(text, span)


def page_and_line(text: SourceText, lines: range) -> str:
    """Return the pin cite of lines as in a transcript: `45:12`, `45:12-14` or `45:12-46:3`."""
    first, last = text.numbered(lines[0]), text.numbered(lines[-1])
    start = f"{first.page}:{first.number}"
    if first == last:
        return start
    return f"{start}-{last.number if first.page == last.page else f'{last.page}:{last.number}'}"


def _numbered_pin(text: SourceText, paragraphs: range) -> str | None:
    """Return the pin cite of paragraphs by their numbers, or None if there is none."""
    if not paragraphs:
        return None
    first, last = (text.paragraph_numbers[one - 1] for one in (paragraphs[0], paragraphs[-1]))
    pin = f"para {range_in_words(first, last)}"
    several = dict.fromkeys((*text.paragraphs_numbered(first, text.paragraphs)[:1], paragraphs[0]))
    *_, name = context_of(text, [text.numbered_line(one) for one in several])
    for candidate in (pin, f"{name}, {pin}"):
        place = parse_pin(candidate)
        span = span_of_place(text, place) if place else None
        if first <= last and span and paragraphs == text.paragraphs_in(span):
            return candidate
    return None


def context_of(text: SourceText, lines: Sequence[int]) -> Sequence[str]:
    """Return by what lines with the same number can be told apart: the count, exhibit or page."""
    if len(lines) < 2:
        return [""] * len(lines)
    starts = [text.line(line)[0] for line in lines]
    pages = [f"p. {text.numbered(line).page}" for line in lines]
    ways = [((1, 0), pages), ((-1, 0), [f"l. {line}" for line in lines])]
    for kind in (COUNT, EXHIBIT, DOCKET, SECTION):
        marks = [text.printed(kind).mark_at(start) for start in starts]
        names = [mark.name if mark else page for mark, page in zip(marks, pages, strict=True)]
        latest = max((mark.line for mark in marks if mark), default=-1)
        ways.append(((2 if all(marks) else 0, latest), names))
    # The headings that are closest, if all have one and differ in it; else the pages.
    return max((way for way in ways if len(set(way[1])) == len(lines)), key=itemgetter(0))[1]


def range_in_words(first: int, last: int) -> str:
    """Return a range as a cite has it: `4`, or `4-6`."""
    return f"{first}-{last}" if last > first else f"{first}"


def _lines(text: SourceText) -> range:
    return range(1, text.line_count + 1)


def _span_of_paragraphs(text: SourceText, paragraphs: range | None) -> Span | None:
    if not paragraphs:
        return None
    return text.paragraph(paragraphs[0])[0], text.paragraph(paragraphs[-1])[1]


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
