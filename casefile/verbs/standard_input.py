"""A case file by standard input: what an editor has not saved, or another program made."""

from __future__ import annotations

import sys

from casefile.case.reader import SIZE_LIMIT
from casefile.console import Refused
from casefile.files import reason

STANDARD_INPUT = "-"
"""What stands for it on a command line."""

ITS_NAME = "(standard input)"
"""What it is called in messages, unless it is given another name."""


def read_standard_input() -> bytes:
    """Give all that comes by standard input; raises Refused where that is nothing to read."""
    if sys.stdin is None:
        raise Refused("Standard input is closed.")
    try:
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise Refused(f"Standard input can't be read: {reason(error)}") from error
    if len(data) > SIZE_LIMIT:
        raise Refused(f"Standard input is larger than the limit of {SIZE_LIMIT:,} bytes.")
    return data
