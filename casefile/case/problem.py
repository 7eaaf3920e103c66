"""What is wrong with a case file, or worth a look in it: where, what, and what would be right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from casefile.case.positions import Position
from casefile.limits import PROBLEMS

# Up to the first semicolon that is not the file's own, between quotation marks.
_WRONG = re.compile(r"(?:“[^”]*+”|`[^`]*+`|(?!; ).)*+", re.DOTALL)
_MOST_SHOWN = 60

TOO_MANY = "too-many"
"""The code of what is told in place of the problems beyond the limit."""


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with a case file, with its place."""

    path: Path
    position: Position | None
    code: str
    """What sort of problem it is, in a word that stays the same from version to version."""
    what: str
    """What is wrong, and after a semicolon what would be right."""
    entry: str | None = None
    """The entry that it is about."""
    is_finding: bool = False
    """Whether the file can be read all the same: a finding can be accepted, an error can't."""

    @property
    def wrong(self) -> str:
        """What is wrong."""
        found = _WRONG.match(self.what)
        return found.group() if found else self.what

    @property
    def right(self) -> str:
        """What would be right; empty where that can't be told."""
        return self.what[len(self.wrong) + 2 :]

    @property
    def place(self) -> str:
        """Where it is, as `file:line:column`, the form that editors and hooks follow."""
        position = self.position
        return f"{self.path}:{position.line}:{position.column}" if position else str(self.path)

    def __str__(self) -> str:
        """Give `file:line:column: what`."""
        return f"{self.place}: {self.what}"


class Tally:
    """Counts problems by their sort, so that of none more are made than anybody reads."""

    def __init__(self) -> None:
        self._most = PROBLEMS.value
        self._counts: Counter[str] = Counter()

    def takes(self, code: str) -> bool:
        """Count one problem of a sort, and say whether it is still to be told."""
        self._counts[code] += 1
        return self._counts[code] <= self._most

    def beyond(self, path: Path, *, is_finding: bool = False) -> Iterator[Problem]:
        """Give, for each sort of which there are too many, how many have not been told."""
        for code, count in self._counts.items():
            if count > self._most:
                what = f"and {count - self._most:,} more of the sort `{code}`; {PROBLEMS.hint}"
                yield Problem(path, None, TOO_MANY, what, is_finding=is_finding)


def in_file_order(problem: Problem) -> tuple[bool, Position]:
    """Give what puts problems in the order of their places.

    Those without a place come first, and what is told in place of too many comes last.
    """
    return problem.code == TOO_MANY, problem.position or Position(0, 0)


def quoted(text: str) -> str:
    """Give words of the file between quotation marks, no more of them than a line holds."""
    return f"“{shortened(text)}”"


def shortened(text: str) -> str:
    """Give words of the file, no more of them than a line holds."""
    return f"{text[:_MOST_SHOWN]}{'…' if len(text) > _MOST_SHOWN else ''}"
