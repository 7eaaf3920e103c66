"""A case file by standard input: what an editor has not saved, or another program made."""

from __future__ import annotations

import sys

from casefile.case.reader import size_limit
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
    limit = size_limit()
    try:
        data = sys.stdin.buffer.read((limit << 20) + 1)
    except OSError as error:
        raise Refused(f"Standard input can't be read: {reason(error)}") from error
    if len(data) > limit << 20:
        raise Refused(f"Standard input is larger than {limit} MiB; see CASEFILE_SIZE_LIMIT.")
    return data
