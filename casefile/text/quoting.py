"""Quoting text from others so that it can't be mistaken for the words around it."""

from __future__ import annotations

import re

from casefile.text.folding import DOUBLE_MARKS

_DOUBLE_MARK = re.compile(f"[{DOUBLE_MARKS}]")


def in_marks(text: str) -> str:
    """Return a text on one line, in quotation marks that nothing in it closes."""
    words = _DOUBLE_MARK.sub("'", " ".join(text.split()))
    return f"“{words}”"
