"""casefile: a case file read, checked against its sources and annotated in the terminal."""

from typing import Optional, Tuple

__version__ = "0.1.0"

OLDEST_PYTHON = (3, 11)


def too_old(version: Tuple[int, ...]) -> Optional[str]:
    """Say in plain words that a Python is too old, or None if it is not."""
    # Nothing newer than Python 3.6 may stand here, or this would never be said.
    if version[:2] >= OLDEST_PYTHON:
        return None
    return "casefile needs Python %d.%d or newer; this is %d.%d." % (OLDEST_PYTHON + version[:2])
