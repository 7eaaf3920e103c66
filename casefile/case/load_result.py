"""What is read from a case file: the case, its problems, and where its rows are."""

from __future__ import annotations

from pathlib import Path

import msgspec

from casefile.case.document import TableRow
from casefile.case.model import CaseFile
from casefile.case.positions import Position
from casefile.case.problem import Problem


class LoadResult(msgspec.Struct, frozen=True):
    """The case of a file, or None if it can't be opened, and the problems."""

    path: Path
    case_file: CaseFile | None
    problems: tuple[Problem, ...] = ()
    data: bytes = b""
    rows: dict[str, TableRow] = {}
    """The row of each entry, by id."""
    declarations: dict[str, TableRow] = {}
    """The row that declares each custom table, by the name of the table."""

    def position(self, entry_id: str, *keys: str | int) -> Position | None:
        """Return the position of an entry, of a key of it, or of a value inside a key."""
        row = self.rows.get(entry_id)
        return row.position(*keys) if row else None

    def lines(self) -> list[str]:
        """Return the lines of the file, to show the places of problems."""
        text = self.data.decode("utf-8-sig", errors="replace")
        return text.replace("\r\n", "\n").split("\n")
