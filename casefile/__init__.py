"""casefile: read, verify and annotate a case file in the terminal."""

from typing import Optional, Tuple

__version__ = "0.1.0"

OLDEST_PYTHON = (3, 11)


def too_old(version: Tuple[int, ...]) -> Optional[str]:
    """Return a message if this version of Python is too old, or None if it is not."""
    # This file keeps to the syntax of Python 3.6, so that an old Python gets this far.
    if version[:2] >= OLDEST_PYTHON:
        return None
    return "casefile needs Python %d.%d or newer; this is %d.%d." % (OLDEST_PYTHON + version[:2])
