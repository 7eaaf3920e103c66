"""Which cases there are: a path, or the id of a case that is shipped with the program."""

from __future__ import annotations

import os
from pathlib import Path

from casefile.places import is_id, shipped

BUNDLED = "diana-fentanyl-2017"


def find_case(name: str) -> Path:
    """Give the file that a path or the id of a shipped case names; it may not exist."""
    path = Path(name)
    # A link that leads nowhere is still the file that was named.
    if is_id(name) and not os.path.lexists(path):
        return shipped("data") / f"{name}.toml"
    return path
