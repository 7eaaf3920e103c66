"""What is wrong with a case file, or worth a look in it: where, what, and what would be right."""

from __future__ import annotations

from pathlib import Path

import msgspec

from casefile.case.positions import Position


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

    def __str__(self) -> str:
        """Give `file:line:column: what`, the form that editors and hooks follow."""
        place = f":{self.position.line}:{self.position.column}" if self.position else ""
        return f"{self.path}{place}: {self.what}"
