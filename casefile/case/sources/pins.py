"""Parse pin cites, which name a place in a source."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from casefile.case.model import Source
from casefile.case.sources.mark_kinds import MARK_KINDS, SECTION, TO, MarkKind


class _Range(msgspec.Struct, frozen=True):
    """A range of numbers, including the last."""

    first: int
    last: int


class Paragraphs(_Range, frozen=True):
    """`para 4` or `para 4-6`, as numbered in the source, or else counted from 1."""


class Pages(_Range, frozen=True):
    """`p. 3` or `pp. 3-5`, counted from 1."""


class Line(msgspec.Struct, frozen=True):
    """A line, counted on its page or, without a page, in the whole text."""

    number: int
    page: int | None = None


class Lines(msgspec.Struct, frozen=True):
    """`l. 120`, `l. 120-130`, `p. 45 l. 12 - p. 46 l. 3` or `Tr. 45:12-46:3`, counted from 1."""

    first: Line
    last: Line


class Rows(_Range, frozen=True):
    """`row 14` of a table: the lines of the file, counted from 1 with the heading."""


class Times(_Range, frozen=True):
    """`00:14:05` or `14:05` in a recording, in seconds from its start."""


class LinesOrTimes(msgspec.Struct, frozen=True):
    """`45:12`, which is page and line of a transcript or a time in a recording."""

    lines: Lines
    times: Times


class Marked(msgspec.Struct, frozen=True):
    """`§ 4`, `Count 2`, `Dkt. 45`, `Ex. 12-B` or `ABC-000123`: what has a mark in the text."""

    kind: MarkKind
    first: str
    """The key of the mark, or of the first of a range."""
    last: str


class Items(msgspec.Struct, frozen=True):
    """`(b)`, `(b)(2)` or `(b)(2)-(4)` of a section or paragraph."""

    path: tuple[str, ...]
    last: str = ""
    """The last of several, or nothing."""


Inner: TypeAlias = Paragraphs | Pages | Items


class Within(msgspec.Struct, frozen=True):
    """`§ 4(b)`, `Count 2, para 8`, `Dkt. 45 at 3` or `p. 12, para 8`: a place within another."""

    outer: Paragraphs | Pages | Marked | Within
    inner: Inner


Place: TypeAlias = Paragraphs | Pages | Lines | Rows | Times | LinesOrTimes | Marked | Within
"""The place that a pin cite names; not validated, so it may descend or start at 0."""

_NUMBER = r"([0-9]{1,6})"
_PAGE = rf"pp?(?:\.|ages?)?\s*{_NUMBER},?\s*"
_LINE = r"ll?(?:\.|ines?)?\s*"
_TIME = r"((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]{1,3})?"

_COUNTED = re.compile(
    rf"(paras?\.?|paragraphs?|¶¶?|pp?\.?|pages?|rows?)\s*{_NUMBER}"
    rf"(?:{TO}(?:(?:para\.?|¶|p\.|row)\s*)?{_NUMBER})?",
    re.IGNORECASE,
)
_LINES = re.compile(
    rf"(?:{_PAGE})?{_LINE}{_NUMBER}(?:{TO}(?:(?:{_PAGE})?{_LINE})?{_NUMBER})?", re.IGNORECASE
)
_TIMES = re.compile(rf"{_TIME}(?:{TO}{_TIME})?")
_PAGE_AND_LINE = re.compile(
    rf"(pp?(?:\.|ages?)?\s*)?{_NUMBER}:{_NUMBER}(?:{TO}(?:{_NUMBER}:)?{_NUMBER})?", re.IGNORECASE
)
_TRANSCRIPT = re.compile(
    r"(?:(?:(?:trial|hearing|hr['’]?g\.?|deposition|dep\.)\s+)?"
    r"(?:tr\.?|transcript|dep\.?|deposition)(?:\s*,)?(?:\s+at)?|at)\s+(?=[0-9p])",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_NUMBER}(?:{TO}{_NUMBER})?")
_ITEM = r"\([0-9A-Za-z]{1,5}\)"
_ITEMS = re.compile(rf"(.*?[0-9A-Za-z])\s?((?:{_ITEM}\s?){{0,5}}{_ITEM})(?:{TO}({_ITEM}))?")
_INSIDE = re.compile(r"(.*?[0-9A-Za-z])\s*(?:,\s*(?:at\s+)?|\s+at\s+|\s(?=[¶p]))(\S.{0,60})")

_LONGEST = 200
"""No place is written with more characters."""


def parse_pin(at: str | None) -> Place | None:
    """Parse the place that a pin cite names; return None if it is free text."""
    words = at.strip() if at else ""
    if not words or len(words) > _LONGEST:
        return None
    if place := _parse_simple(words) or _parse_of_transcript(words):
        return place
    return _parse_items(words) or _parse_inside(words)


def _parse_simple(words: str) -> Place | None:
    if match := _COUNTED.fullmatch(words):
        return _kind_of(match[1].lower())(int(match[2]), int(match[3] or match[2]))
    if match := _LINES.fullmatch(words):
        first = Line(int(match[2]), _page(match[1]))
        return Lines(first, Line(int(match[4] or match[2]), _page(match[3] or match[1])))
    return _parse_colons(words) or _parse_mark(words)


def _parse_colons(words: str) -> Lines | Times | LinesOrTimes | None:
    """Parse page and line, or times; two numbers may be either."""
    lines = times = None
    page_and_line = _PAGE_AND_LINE.fullmatch(words)
    if page_and_line:
        _, page, line, last_page, last_line = page_and_line.groups()
        last = Line(int(last_line or line), int(last_page or page))
        lines = Lines(Line(int(line), int(page)), last)
    if match := _TIMES.fullmatch(words):
        times = Times(to_seconds(match[1]), to_seconds(match[2] or match[1]))
    return LinesOrTimes(lines, times) if lines and times else lines or times


def _parse_of_transcript(words: str) -> Lines | Pages | None:
    """Parse `Tr. 45:3`, `Tr. 45` and `at 45`, which are pages and lines."""
    match = _TRANSCRIPT.match(words)
    rest = words[match.end() :] if match else ""
    if bare := _BARE.fullmatch(rest):
        return Pages(int(bare[1]), int(bare[2] or bare[1]))
    place = _parse_simple(rest) if rest else None
    if isinstance(place, LinesOrTimes):
        return place.lines
    return place if isinstance(place, Lines | Pages) else None


def _parse_mark(words: str) -> Marked | None:
    for kind in MARK_KINDS:
        if match := kind.cite.fullmatch(words):
            first = match[1]
            last = kind.last_written(first, match[2] or first)
            return Marked(kind, kind.key(first), kind.key(last))
    return None


def _parse_items(words: str) -> Within | None:
    """Parse a section or paragraph with some of its items, as in `§ 4(b)(2)`."""
    match = _ITEMS.fullmatch(words)
    outer = (_parse_simple(match[1]) or _parse_inside(match[1])) if match else None
    unit = outer.inner if isinstance(outer, Within) else outer
    has_items = isinstance(unit, Paragraphs) or (isinstance(unit, Marked) and unit.kind is SECTION)
    if match and has_items and isinstance(outer, Marked | Paragraphs | Within):
        path = tuple(re.findall(r"\w+", match[2]))
        return Within(outer, Items(path, (match[3] or "").strip("()")))
    return None


def _parse_inside(words: str) -> Within | None:
    """Parse pages or paragraphs of what is marked, and paragraphs on a page."""
    match = _INSIDE.fullmatch(words)
    outer = _parse_simple(match[1]) if match else None
    if match is None or not isinstance(outer, Marked | Pages):
        return None
    bare = _BARE.fullmatch(match[2]) if isinstance(outer, Marked) else None
    inner = Pages(int(bare[1]), int(bare[2] or bare[1])) if bare else _parse_simple(match[2])
    if isinstance(inner, Paragraphs) or (isinstance(inner, Pages) and isinstance(outer, Marked)):
        return Within(outer, inner)
    return None


def mark_kind_of(at: str | None) -> MarkKind | None:
    """Return the kind of mark that a place is looked up by in a text, or None."""
    place = parse_pin(at)
    while isinstance(place, Within):
        place = place.outer
    return place.kind if isinstance(place, Marked) else None


def marks_of_source(source: Source) -> tuple[Marked, ...]:
    """Return the exhibit and Bates numbers that a case gives for a source, if they can be read."""
    places = (parse_pin(source.exhibit), parse_pin(source.bates))
    return tuple(place for place in places if isinstance(place, Marked))


def to_seconds(time: str) -> int:
    """Return a time such as `1:02:03` or `62:03` in seconds."""
    seconds = 0
    for digits in time.split(":"):
        seconds = seconds * 60 + int(digits)
    return seconds


def _kind_of(word: str) -> type[Paragraphs | Pages | Rows]:
    if word.startswith(("para", "¶")):
        return Paragraphs
    return Rows if word.startswith("row") else Pages


def _page(digits: str | None) -> int | None:
    return int(digits) if digits else None


def pin_sort_key(at: str | None) -> tuple[int, int, int, str]:
    """Return the sort key of a pin cite: by page and line, with free text last."""
    return _sort_key(parse_pin(at), at or "")


def _sort_key(place: Place | Items | None, at: str) -> tuple[int, int, int, str]:
    if isinstance(place, Within):
        rank, page, number, key = _sort_key(place.outer, "")
        return rank, page, number, f"{key} {_sort_key(place.inner, '')[2]:9} {at}"
    return _simple_sort_key(place, at)


def _simple_sort_key(place: Place | Items | None, at: str) -> tuple[int, int, int, str]:
    match place:
        case Lines(Line(number, page), _) | LinesOrTimes(Lines(Line(number, page), _), _):
            return 0, page or 0, number, ""
        case Times(first, _):
            # The order of `14:05` and `1:02:03`, of which the first may be a page and line.
            return 0, *divmod(first, 60), ""
        case Pages(first, _):
            return 0, first, 0, ""
        case Paragraphs(first, _) | Rows(first, _):
            return 0, 0, first, ""
        case Marked(_, key, _):
            digits = re.search(r"[0-9]+", key)
            return 0, 0, int(digits[0]) if digits else 0, key
    return 1, 0, 0, at
