"""Problems of a case file: where each is, what is wrong and how to correct it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from casefile.case.positions import Position
from casefile.limits import PROBLEMS

# Up to the first semicolon outside of text quoted from the file.
_WRONG = re.compile(r"(?:“[^”]*+”|`[^`]*+`|(?!; ).)*+", re.DOTALL)
_LONGEST_EXCERPT = 60

TOO_MANY = "too-many"
"""The code of the problem that stands in for those beyond the limit."""


class Problem(msgspec.Struct, frozen=True):
    """A problem of a case file, with its place."""

    path: Path
    position: Position | None
    code: str
    """The kind of problem, as a word that stays the same from version to version."""
    what: str
    """The message: what is wrong and, after a semicolon, how to correct it."""
    entry: str | None = None
    """The id of the entry concerned."""
    is_finding: bool = False
    """Whether it is a finding, which can be accepted, and not an error, which can't."""

    @property
    def wrong(self) -> str:
        """The part of the message that says what is wrong."""
        match = _WRONG.match(self.what)
        return match.group() if match else self.what

    @property
    def right(self) -> str:
        """The part of the message that says how to correct it; may be empty."""
        return self.what[len(self.wrong) + 2 :]

    @property
    def place(self) -> str:
        """The place as `file:line:column`, the form that editors and hooks understand."""
        position = self.position
        return f"{self.path}:{position.line}:{position.column}" if position else str(self.path)

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class ProblemCounter:
    """Counts the problems of each kind, to report no more than the limit of any."""

    def __init__(self) -> None:
        self._limit = PROBLEMS.value
        self._counts: Counter[str] = Counter()

    def count_within_limit(self, code: str) -> bool:
        """Count a problem of a kind; return whether it is within the limit."""
        self._counts[code] += 1
        return self._counts[code] <= self._limit

    def excess_problems(self, path: Path, *, is_finding: bool = False) -> Iterator[Problem]:
        """Yield a problem for each kind over the limit, with the number not reported."""
        for code, count in self._counts.items():
            if count > self._limit:
                what = f"and {count - self._limit:,} more `{code}` problems; {PROBLEMS.hint}"
                yield Problem(path, None, TOO_MANY, what, is_finding=is_finding)


def file_order_key(problem: Problem) -> tuple[bool, Position]:
    """Return the sort key of a problem: its position, if any, and `too-many` last."""
    return problem.code == TOO_MANY, problem.position or Position(0, 0)


def in_quotes(text: str) -> str:
    """Return the `excerpt` of a text in quotation marks."""
    return f"“{excerpt(text)}”"


def excerpt(text: str) -> str:
    """Return `text` cut to at most 60 characters, so that a message fits on a line."""
    return f"{text[:_LONGEST_EXCERPT]}{'…' if len(text) > _LONGEST_EXCERPT else ''}"
