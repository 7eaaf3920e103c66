"""Parse TOML and JSON that anybody may have written.

A parser written in C holds the interpreter until it is done, and some texts cost it a thousand
times their size. What it would meet is counted first, in time proportional to the length.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

import msgspec
import tomli

from casefile.limits import DEPTH, PIECE_MARKS

MOST_DIGITS = 1_000
"""The most digits of a number."""

# The end is optional: searching again from inside a string without an end would be quadratic.
OPAQUE = r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{0,5}|\'\'\'(?:[^']++|'(?!''))*+'{0,5}
    |"(?:[^"\\\n]++|\\[^\n])*+"?|'[^'\n]*+'?|\#[^\n]*+'''
"""A pattern (`re.DOTALL`, `re.VERBOSE`) for a string or a comment of TOML."""

_OPAQUE = re.compile(OPAQUE.encode(), re.DOTALL | re.VERBOSE)
_BRACKETS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes({*range(256)} - {*_BRACKETS})
_NO_MARKS = bytes({*_NO_BRACKETS} - {*b".=,\n"})
_DIGITS = bytes(ord("0") if chr(byte) in "0123456789ABCDEFabcdef_" else 0 for byte in range(256))
_SMALL = 4_000
# A key of several parts costs the parser some tables for each.
_COST_OF_DEPTH = 6


class BeyondLimits(ValueError):
    """A text is beyond a limit; the message is a sentence without its full stop."""


def parse_toml(text: str, *, most_marks: int | None = None) -> dict[str, Any]:
    """Parse TOML; raise tomli.TOMLDecodeError, or BeyondLimits if it would cost too much."""
    check_cost(text.encode(), most_marks=most_marks)
    return tomli.loads(text)


def parse_json(text: str) -> Any:
    """Parse JSON; raise msgspec.DecodeError, or BeyondLimits if it would cost too much."""
    check_cost(text.encode())
    return msgspec.json.decode(text)


def check_cost(data: bytes, *, most_marks: int | None = None) -> None:
    """Raise BeyondLimits if the TOML or JSON in `data` would cost a parser too much.

    `most_marks` replaces the usual limit on lines, keys and values, and can't be raised.
    """
    depth, most = DEPTH.value, most_marks or PIECE_MARKS.value
    # So few bytes and signs, as in most notes, are beyond no limit.
    if len(data) < min(_SMALL, most) and sum(map(data.count, (b".", b"[", b"{"))) < depth:
        return
    bare, strings = _OPAQUE.subn(b"", data, count=most + 1)
    marks = bare.translate(None, _NO_MARKS)
    if max(strings, len(marks) + _COST_OF_DEPTH * marks.count(b"..")) > most:
        what = f"it has more than {most:,} lines, keys and values outside of text"
        raise BeyondLimits(what if most_marks else f"{what}; {PIECE_MARKS.hint}")
    nesting = map(_BRACKETS.__getitem__, marks.translate(None, b".=,\n"))
    if b"." * depth in marks or max(accumulate(nesting), default=0) > depth:
        raise BeyondLimits(f"its tables are nested more than {depth} deep; {DEPTH.hint}")
    if b"0" * MOST_DIGITS in bare.translate(_DIGITS):
        raise BeyondLimits("a number has too many digits")
