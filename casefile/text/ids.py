"""What an id is: how it is written, of a case or of an entry in one."""

from __future__ import annotations

import re

LONGEST = 64
"""How many characters an id may have."""

PATTERN = rf"[a-z0-9][a-z0-9-]{{0,{LONGEST - 1}}}"

RULE = f"an id is a-z, 0-9 and -, at most {LONGEST} characters, and starts with a letter or digit"

_ID = re.compile(PATTERN)


def is_id(text: str) -> bool:
    """Say whether the text is an id as a case file may give: lower case, digits, hyphens."""
    return _ID.fullmatch(text) is not None
