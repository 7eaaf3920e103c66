"""Limits on the size and depth of files, each set by an environment variable."""

from __future__ import annotations

import os
from typing import NamedTuple

_MOST_DIGITS = 9
"""Longer values of a variable are cut to this length."""


class Limit(NamedTuple):
    """A limit that an environment variable can change."""

    variable: str
    usual: int
    most: int = 10**_MOST_DIGITS
    """The largest value that can be set."""

    @property
    def value(self) -> int:
        """The limit from the environment, or else the usual one."""
        written = os.environ.get(self.variable, "").lstrip("0")
        is_number = written.isascii() and written.isdecimal()
        return min(int(written[:_MOST_DIGITS]), self.most) if is_number else self.usual

    @property
    def hint(self) -> str:
        """How to change the limit, for the end of a message."""
        larger = min(2 * self.value, self.most)
        return f"set {self.variable}={larger} to raise it"


class SizeLimit(Limit):
    """A limit on the size of a file, in MiB."""

    __slots__ = ()

    @property
    def in_bytes(self) -> int:
        """The limit in bytes."""
        return self.value << 20

    @property
    def excess_message(self) -> str:
        """The error for a larger file, after the file's name."""
        return f"is larger than {self.value} MiB; {self.hint}"


CASE_SIZE = SizeLimit("CASEFILE_SIZE_LIMIT", 100)
"""The size of a case file."""

PIECE_SIZE = SizeLimit("CASEFILE_PIECE_LIMIT", 4)
"""The size of a part of a case file that has to be parsed in one step."""

PIECE_MARKS = Limit("CASEFILE_MARK_LIMIT", 50_000)
"""The number of line ends and signs outside of text, `= , . [ {`, that are parsed in one step."""

ROWS = Limit("CASEFILE_ROW_LIMIT", 250_000)
"""The number of rows in all tables of a case file."""

VALUES = Limit("CASEFILE_VALUE_LIMIT", 3_000_000)
"""The number of values in all tables and lists of a case file."""

TEXT_SIZE = SizeLimit("CASEFILE_TEXT_LIMIT", 16)
"""The size of the text of a source."""

TEXT_LINES = Limit("CASEFILE_LINE_LIMIT", 250_000)
"""The number of lines in the text of a source."""

DEPTH = Limit("CASEFILE_DEPTH_LIMIT", 32, 100)
"""The depth of nested tables and lists, at most what Python can recurse into."""

FREE_TABLES = Limit("CASEFILE_TABLE_LIMIT", 200)
"""The number of user-defined tables in a case file."""

PROBLEMS = Limit("CASEFILE_PROBLEM_LIMIT", 1_000)
"""The number of problems of one kind that are reported for a file."""

LARGEST_BITS = 63
_SMALL = 1 << LARGEST_BITS


class Extent:
    """The number of values in a parsed TOML value, and whether it exceeds a limit.

    The parser accepts hundreds of nested tables and integers of a million digits, neither of which
    can be processed, printed or written back.
    """

    def __init__(self, value: object) -> None:
        """Walk through `value` until something exceeds a limit."""
        self.values = 0
        """The number of values in tables and lists."""
        self.beyond = self._beyond(value, DEPTH.value)
        """What exceeds a limit, as a clause of a message; None if nothing does."""

    def _beyond(self, value: object, depth: int) -> str | None:
        if isinstance(value, dict | list):
            if not depth:
                return f"its tables are nested more than {DEPTH.value} deep; {DEPTH.hint}"
            self.values += len(value)
            inner = value.values() if isinstance(value, dict) else value
            for one in inner:
                # A shortcut for text and small integers, which most values are.
                is_sound = one.__class__ is str or (one.__class__ is int and -_SMALL < one < _SMALL)
                if not is_sound and (what := self._beyond(one, depth - 1)):
                    return what
        if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
            return f"it has a whole number of more than {LARGEST_BITS + 1} bits"
        return None
