"""What is wrong with a case file, or worth a look in it: where, what, and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from casefile.case.positions import Position

# Up to the first semicolon that is not the file's own, between quotation marks.
_WRONG = re.compile(r"(?:“[^”]*+”|`[^`]*+`|(?!; ).)*+", re.DOTALL)
_MOST_SHOWN = 60


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


def in_file_order(problem: Problem) -> Position:
    """Give what puts problems in the order of their places; those without a place come first."""
    return problem.position or Position(0, 0)


def quoted(text: str) -> str:
    """Give words of the file between quotation marks, no more of them than a line holds."""
    return f"“{text[:_MOST_SHOWN]}{'…' if len(text) > _MOST_SHOWN else ''}”"
