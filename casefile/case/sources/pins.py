"""Parse pin cites, which name a place in a source."""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec


class _Range(msgspec.Struct, frozen=True):
    """A range of numbers, including the last."""

    first: int
    last: int


class Paragraphs(_Range, frozen=True):
    """`para 4` or `para 4-6`, counted from 1."""


class Pages(_Range, frozen=True):
    """`p. 3` or `pp. 3-5`, counted from 1."""


class Line(msgspec.Struct, frozen=True):
    """A line, counted on its page or, without a page, in the whole text."""

    number: int
    page: int | None = None


class Lines(msgspec.Struct, frozen=True):
    """`l. 120`, `l. 120-130` or `p. 45 l. 12 - p. 46 l. 3`, counted from 1."""

    first: Line
    last: Line


class Rows(_Range, frozen=True):
    """`row 14` of a table: the lines of the file, counted from 1 with the heading."""


class Times(_Range, frozen=True):
    """`00:14:05` or `14:05` in a recording, in seconds from its start."""


Place: TypeAlias = Paragraphs | Pages | Lines | Rows | Times
"""The place that a pin cite names; not validated, so it may descend or start at 0."""

_NUMBER = r"([0-9]{1,6})"
_TO = r"\s*[-‐‑–—]\s*"
_PAGE = rf"pp?(?:\.|ages?)?\s*{_NUMBER},?\s*"
_LINE = r"ll?(?:\.|ines?)?\s*"
_TIME = r"((?:[0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9])(?:[.,][0-9]{1,3})?"

_COUNTED = re.compile(
    rf"(paras?\.?|paragraphs?|¶¶?|pp?\.?|pages?|rows?)\s*{_NUMBER}(?:{_TO}{_NUMBER})?",
    re.IGNORECASE,
)
_LINES = re.compile(
    rf"(?:{_PAGE})?{_LINE}{_NUMBER}(?:{_TO}(?:(?:{_PAGE})?{_LINE})?{_NUMBER})?", re.IGNORECASE
)
_TIMES = re.compile(rf"{_TIME}(?:{_TO}{_TIME})?")


def parse_pin(at: str | None) -> Place | None:
    """Parse the place that a pin cite names; return None if it is free text."""
    words = at.strip() if at else ""
    if match := _COUNTED.fullmatch(words):
        return _kind_of(match[1].lower())(int(match[2]), int(match[3] or match[2]))
    if match := _LINES.fullmatch(words):
        first = Line(int(match[2]), _page(match[1]))
        return Lines(first, Line(int(match[4] or match[2]), _page(match[3] or match[1])))
    if match := _TIMES.fullmatch(words):
        return Times(to_seconds(match[1]), to_seconds(match[2] or match[1]))
    return None


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
    match parse_pin(at):
        case Lines(Line(number, page), _):
            return 0, page or 0, number, ""
        case Pages(first, _):
            return 0, first, 0, ""
        case Paragraphs(first, _) | Rows(first, _) | Times(first, _):
            return 0, 0, first, ""
    return 1, 0, 0, at or ""
