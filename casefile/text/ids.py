"""The ids of cases and entries."""

from __future__ import annotations

import re

LONGEST = 64
"""The most characters in an id."""

PATTERN = rf"[a-z0-9][a-z0-9-]{{0,{LONGEST - 1}}}"

RULE = f"an id is a-z, 0-9 and -, at most {LONGEST} characters, and starts with a letter or digit"

_ID = re.compile(PATTERN)


def is_id(text: str) -> bool:
    """Return whether `text` is a valid id."""
    return _ID.fullmatch(text) is not None
