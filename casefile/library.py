"""Which cases there are: a path, or the id of a case that is shipped with the program."""

from __future__ import annotations

from pathlib import Path

from casefile.places import is_id, shipped

BUNDLED = "diana-fentanyl-2017"


def find_case(name: str) -> Path:
    """Give the file that a path or the id of a shipped case names; it may not exist."""
    path = Path(name)
    if is_id(name) and not path.exists():
        return shipped("data") / f"{name}.toml"
    return path
