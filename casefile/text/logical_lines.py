"""Lines that go on in indented lines, as in a table written in a module."""

from __future__ import annotations

import re


def logical_lines(text: str) -> list[str]:
    """Return the lines of a text, each with the indented lines that continue it."""
    return re.sub(r"\n +", " ", text.strip()).splitlines()
