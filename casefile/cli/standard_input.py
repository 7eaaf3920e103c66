"""What comes by standard input: what an editor has not saved, or another program made."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from casefile.console import Refused
from casefile.files import PIECE, why

if TYPE_CHECKING:
    from casefile.case.reader import LoadResult

ITS_NAME = "(standard input)"
"""What it is called in messages, unless it is given another name."""


def read_standard_input(limit: int, too_large: str) -> bytes:
    """Give all that comes by it, if that is at most `limit` bytes; raises Refused."""
    if sys.stdin is None:
        raise Refused("Standard input is closed.")
    data = bytearray()
    try:
        while piece := sys.stdin.buffer.read(min(limit + 1 - len(data), PIECE)):
            data += piece
    except OSError as error:
        raise Refused(f"Standard input can't be read: {why(error)}.") from error
    if len(data) > limit:
        raise Refused(f"Standard input {too_large}.")
    return bytes(data)


def read_case_by_standard_input(name: str | None = None) -> LoadResult:
    """Read the case that comes by it, under a name for messages; raises Refused."""
    # A sheet needs no reader of cases.
    from casefile.case.reader import reading_of
    from casefile.limits import CASE_SIZE

    data = read_standard_input(CASE_SIZE.in_bytes, CASE_SIZE.told)
    return reading_of(Path(name or ITS_NAME), data)
