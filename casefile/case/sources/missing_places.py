"""Say why a place is not in a text, or which of several it is."""

from __future__ import annotations

from collections.abc import Sequence

from casefile.case.sources.mark_kinds import BATES, EXHIBIT, bates_number
from casefile.case.sources.pin_spans import (
    context_of,
    in_text,
    pages_in,
    paragraphs_of,
    range_in_words,
    span_of_place,
    span_within,
    spans_of_marked,
)
from casefile.case.sources.pins import (
    Items,
    Line,
    Lines,
    LinesOrTimes,
    Marked,
    Pages,
    Paragraphs,
    Place,
    Rows,
    Times,
    Within,
)
from casefile.case.sources.source_text import SourceText
from casefile.text.folding import Span
from casefile.text.plurals import pluralize
from casefile.text.series import series

_NOT_ASCENDING = "a place must be 1 or more, and a range must ascend"
_MOST_NAMED = 3


def missing_reason(text: SourceText, place: Place) -> str | None:
    """Return the reason why a place is not, or not entirely, in a text; None if it is."""
    match in_text(text, place):
        case Lines(first, last) as lines:
            lacking = _lacks_line(text, first) or _lacks_line(text, last)
            return lacking or _descends(text, lines)
        case Times() as times:
            return _lacks_time(text, times, is_either=isinstance(place, LinesOrTimes))
        case Marked() as marked:
            return _lacks_mark(text, marked)
        case Within(outer, inner):
            return missing_reason(text, outer) or _lacks_within(text, outer, inner)
        case Paragraphs() | Pages() | Rows() as counted:
            return _lacks_range(text, counted)
    return None


def _lacks_range(text: SourceText, place: Paragraphs | Pages | Rows) -> str | None:
    match place:
        case Paragraphs(first, last):
            return _lacks_paragraphs(text, first, last, text.paragraphs)
        case Pages(first, last):
            return _lacks_pages(text, first, last)
        case Rows(first, last):
            return _lacks_counted(first, last, text.line_count, "line")


def outside_declared(place: Place | None, declared: Sequence[Marked]) -> str | None:
    """Return that Bates numbers are not among those of the source, in words, or None."""
    while isinstance(place, Within):
        place = place.outer
    for whole in declared:
        if isinstance(place, Marked) and place.kind is whole.kind is BATES:
            prefix, first = bates_number(whole.first)
            ends = [bates_number(place.first), bates_number(place.last)]
            last = bates_number(whole.last)[1]
            if not all(one == prefix and first <= number <= last for one, number in ends):
                return "it is not among the `bates` of the source"
    return None


def repeated_in(text: SourceText, place: Place) -> str | None:
    """Return where a text has a place several times, and which is used, in words; or None."""
    place = in_text(text, place)
    if isinstance(place, Within):
        span = span_of_place(text, place.outer)
        is_paragraphs = isinstance(place.inner, Paragraphs)
        within = text.paragraphs_in(span) if span and is_paragraphs else range(0)
        return repeated_in(text, place.outer) or _repeated_paragraph(text, place.inner, within)
    if isinstance(place, Marked):
        spans = spans_of_marked(text, place)
        lines = [text.lines_in(span)[0] for span in spans[:_MOST_NAMED]]
        return _several(context_of(text, lines), len(spans), "")
    return _repeated_paragraph(text, place, text.paragraphs)


def _repeated_paragraph(text: SourceText, place: Place | Items, within: range) -> str | None:
    if not isinstance(place, Paragraphs) or not text.bears_numbers:
        return None
    several = text.paragraphs_numbered(place.first, within)
    lines = [text.numbered_line(one) for one in several[:_MOST_NAMED]]
    pin = f"para {range_in_words(place.first, place.last)}"
    return _several(context_of(text, lines), len(several), pin)


def _several(where: Sequence[str], count: int, place: str) -> str | None:
    if count < 2:
        return None
    more = count - len(where)
    what = series([*where, *([f"{more:,} more"] if more else [])])
    forms = " or ".join(f"“{one}, {place}”" for one in where[:2])
    hint = f"; write {forms}" if place and where[1][:2] != "l." else ""
    return f"it is in {what}, of which the first is used{hint}"


def _lacks_paragraphs(text: SourceText, first: int, last: int, within: range) -> str | None:
    is_part = within != text.paragraphs
    if not text.bears_numbers:
        whole = "that part of it" if is_part else "it"
        return _lacks_counted(first, last, len(within), "paragraph", whole)
    if not 1 <= first <= last:
        return _NOT_ASCENDING
    found = paragraphs_of(text, first, last, within)
    if found and text.paragraph_numbers[found[-1] - 1] == last:
        return None
    numbers = [number for one in within if (number := text.paragraph_numbers[one - 1])]
    return f"{_numbers_in_words(numbers, last if found else first)}{' there' if is_part else ''}"


def _numbers_in_words(numbers: Sequence[int], missing: int) -> str:
    """Return which numbers the paragraphs of a text, or of a part of it, bear."""
    if not numbers:
        return "no paragraph bears a number"
    if min(numbers) <= missing <= max(numbers):
        return f"none of its paragraphs bears the number {missing}"
    ends = range_in_words(min(numbers), max(numbers)).replace("-", " to ")
    return f"its paragraphs bear the number{'s' if ' ' in ends else ''} {ends}"


def _lacks_mark(text: SourceText, marked: Marked) -> str | None:
    if spans_of_marked(text, marked):
        return None
    marks = text.printed(marked.kind)
    if not marks.marks:
        if marked.kind is EXHIBIT and any(one.kind is EXHIBIT for one in text.whole):
            return "the `exhibit` of the source is another"
        is_heading = marked.kind.extent == "heading"
        return f"it {'has no headings of' if is_heading else 'bears no'} {marked.kind.plural}"
    if marks.spans(marked.first) and marks.spans(marked.last):
        return _NOT_ASCENDING
    return f"its {marked.kind.plural} are {marks.in_words}"


def _lacks_within(text: SourceText, outer: Place, inner: Paragraphs | Pages | Items) -> str | None:
    span = span_of_place(text, outer)
    if span is None:
        return None
    match inner:
        case Items() as items:
            return _lacks_items(text, outer, span, items)
        case Pages(first, last):
            return _lacks_pages_within(text, outer, span, first, last)
        case Paragraphs(first, last):
            return _lacks_paragraphs(text, first, last, text.paragraphs_in(span))


def _lacks_items(text: SourceText, outer: Place, span: Span, items: Items) -> str | None:
    """Return which item is not there: the first of a path that is lacking, or the last."""
    paths = [items.path[: depth + 1] for depth in range(len(items.path))]
    paths += [(*items.path[:-1], items.last)] if items.last else []
    for path in paths:
        if not span_within(text, outer, span, Items(path)):
            within = f" in {_in_brackets(path[:-1])}" if path[:-1] else ""
            return f"there is no item {_in_brackets(path[-1:])}{within}"
    return None if span_within(text, outer, span, items) else _NOT_ASCENDING


def _in_brackets(path: Sequence[str]) -> str:
    return "".join(f"({item})" for item in path)


def _lacks_pages_within(
    text: SourceText, outer: Place, span: Span, first: int, last: int
) -> str | None:
    if not 1 <= first <= last:
        return _NOT_ASCENDING
    ends = (span_within(text, outer, span, Pages(page, page)) for page in (first, last))
    if all(ends):
        return None
    if text.page_count == 1:
        return "its pages are not separated by form feeds"
    return f"that part of it has {pluralize(len(pages_in(text, span)), 'page')}"


def _lacks_counted(first: int, last: int, count: int, unit: str, whole: str = "it") -> str | None:
    if not 1 <= first <= last:
        return _NOT_ASCENDING
    return f"{whole} has {pluralize(count, unit)}" if last > count else None


def _lacks_pages(text: SourceText, first: int, last: int) -> str | None:
    if text.page_count == 1 < last and text.pages.start == 1:
        return "its pages are not separated by form feeds"
    if text.pages.start > 1 and not text.pages.start <= first <= last < text.pages.stop:
        return f"its pages are {range_in_words(text.pages.start, text.pages.stop - 1)}"
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


def _lacks_time(text: SourceText, place: Times, *, is_either: bool) -> str | None:
    if not text.stamps:
        if is_either:
            return "it has neither pages nor times at the starts of lines"
        hint = "; it is cited by page and line" if text.is_numbered else ""
        return f"none of its lines begins with a time{hint}"
    if place.first < text.stamps[0][0]:
        return "its first time is later"
    return _descends(text, place)
