"""What a file may cost: how large, how deep, how much of it is told; each limit can be set."""

from __future__ import annotations

import os
from typing import NamedTuple

_MOST_DIGITS = 9
"""Of a limit: more than any file has, and no more than can be counted with."""


class Limit(NamedTuple):
    """A limit, and the variable of the environment that sets another."""

    variable: str
    usual: int
    most: int = 10**_MOST_DIGITS
    """What it is at most, whatever is set."""

    @property
    def value(self) -> int:
        """The limit as it is set, else the usual one."""
        written = os.environ.get(self.variable, "").lstrip("0")
        is_number = written.isascii() and written.isdecimal()
        return min(int(written[:_MOST_DIGITS]), self.most) if is_number else self.usual

    @property
    def hint(self) -> str:
        """What sets another limit, in words that end a message."""
        larger = min(2 * self.value, self.most)
        return f"{self.variable}={larger} sets another limit"


class SizeLimit(Limit):
    """A limit of how large a file may be, which is set in MiB."""

    __slots__ = ()

    @property
    def in_bytes(self) -> int:
        """How many bytes a file may have."""
        return self.value << 20

    @property
    def told(self) -> str:
        """What is said of a file that is larger, behind what it is called."""
        return f"is larger than {self.value} MiB; {self.hint}"


CASE_SIZE = SizeLimit("CASEFILE_SIZE_LIMIT", 100)
"""How large a case file may be."""

PIECE_SIZE = SizeLimit("CASEFILE_PIECE_LIMIT", 8)
"""How large a stretch of a case file may be that can only be read in one step."""

PIECE_MARKS = Limit("CASEFILE_MARK_LIMIT", 500_000)
"""How many lines and commas such a stretch may have; behind each of them a value may stand."""

ROWS = Limit("CASEFILE_ROW_LIMIT", 250_000)
"""How many rows a case file may have, in all its tables."""

VALUES = Limit("CASEFILE_VALUE_LIMIT", 3_000_000)
"""How many values may stand in all its tables and lists."""

TEXT_SIZE = SizeLimit("CASEFILE_TEXT_LIMIT", 16)
"""How large the text of a source may be."""

TEXT_LINES = Limit("CASEFILE_LINE_LIMIT", 1_000_000)
"""How many lines the text of a source may have."""

DEPTH = Limit("CASEFILE_DEPTH_LIMIT", 32, 100)
"""How deep tables and lists may stand in each other; deeper ones could not be walked."""

FREE_TABLES = Limit("CASEFILE_TABLE_LIMIT", 200)
"""How many tables of its own a case file may have."""

PROBLEMS = Limit("CASEFILE_PROBLEM_LIMIT", 1_000)
"""How many problems of one sort are told of a file."""

LARGEST_BITS = 63
_SMALL = 1 << LARGEST_BITS


class Extent:
    """What one walk through a parsed value finds: how much there is, and what is out of bounds.

    Parsers take tables nested some hundred deep and whole numbers of a million digits; neither
    can be walked, printed or written back.
    """

    def __init__(self, value: object) -> None:
        """Walk through all of a value, or until something is out of bounds."""
        self.values = 0
        """How many values stand in its tables and lists."""
        self.beyond = self._beyond(value, DEPTH.value)
        """What in it is too deep or too large, or None if nothing is."""

    def _beyond(self, value: object, depth: int) -> str | None:
        if isinstance(value, dict | list):
            if not depth:
                return f"its tables stand more than {DEPTH.value} deep in each other; {DEPTH.hint}"
            self.values += len(value)
            inner = value.values() if isinstance(value, dict) else value
            for one in inner:
                # Most of what a file holds is text, and small numbers: nothing is to be said of it.
                is_sound = one.__class__ is str or (one.__class__ is int and -_SMALL < one < _SMALL)
                if not is_sound and (what := self._beyond(one, depth - 1)):
                    return what
        if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
            return f"it holds a whole number of more than {LARGEST_BITS + 1} bits"
        return None
